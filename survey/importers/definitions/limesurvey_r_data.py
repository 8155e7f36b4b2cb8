"""R data of old LimeSurvey versions: no header row, and texts in apostrophes.

Their R syntax reads them by place, so the names come from there; without it nobody can
say which column is which.
"""

import csv
import io
import re
from typing import Final

from survey.errors import DataFileError
from survey.importers.definitions.limesurvey_r import read_r_syntax
from survey.importers.text import decode

_READ = re.compile(rb"^[^#\n]*\bread\.table\(([^\n]*)", re.MULTILINE)
_HEADER = re.compile(rb"header\s*=\s*T")
_NAMED_SO = re.compile(r"_R_data_file\b", re.IGNORECASE)
_RECORD = re.compile(rb"(?:\xef\xbb\xbf)?['\"]?\d+['\"]?,")
# What the platform writes where there is no answer.
_BLANK: Final = '""'


def has_no_header(syntax: bytes) -> bool:
    """Tell whether R syntax reads data without a header row.

    Parameters
    ----------
    syntax : bytes
        Content of the R syntax file.

    Returns
    -------
    bool
        Whether it reads them by ``read.table`` and does not say that there is one.

    Examples
    --------
    >>> has_no_header(b'data <- read.table("a.csv", sep=",")')
    True
    >>> has_no_header(b'data <- read.csv("a.csv")')
    False
    """
    found = _READ.search(syntax)
    return found is not None and not _HEADER.search(found[1])


def with_header(data: bytes, syntax: bytes, name: str) -> bytes:
    r"""Give R data without a header row as CSV with one.

    Parameters
    ----------
    data : bytes
        Content of ``survey_123_R_data_file.csv``.
    syntax : bytes
        Content of the R syntax file.
    name : str
        Name of the data file, for messages.

    Returns
    -------
    bytes
        UTF-8; the data as they were where their first row holds the names already.

    Raises
    ------
    DataFileError
        The syntax names another number of columns, or the data cannot be taken apart.

    Examples
    --------
    >>> syntax = b'names(data)[1] <- "id"\nnames(data)[2] <- "why"'
    >>> print(with_header(b"1,'Cost, mostly'\n2,\"\"\n", syntax, "a.csv").decode())
    id,why
    1,"Cost, mostly"
    2,
    <BLANKLINE>
    """
    names = list(read_r_syntax(syntax))
    text, _ = decode(data)
    try:
        rows = [row for row in csv.reader(io.StringIO(text), quotechar="'") if row]
    except csv.Error as error:
        raise DataFileError(
            f"{name}: the R data cannot be taken apart into cells ({error})."
            " Export the responses as CSV."
        ) from error
    if rows and {cell.strip('"') for cell in rows[0]} & set(names):
        return data
    widths = {len(row) for row in rows}
    if widths != {len(names)}:
        found = " or ".join(map(str, sorted(widths)[:2])) or "no"
        raise DataFileError(
            f"{name}: the R data have no header row and {found} columns, and their R"
            f" syntax names {len(names)}. Export both again, or export CSV."
        )
    written = io.StringIO()
    writer = csv.writer(written, lineterminator="\n")
    writer.writerow(names)
    writer.writerows([["" if c == _BLANK else c for c in row] for row in rows])
    return written.getvalue().encode()


def refuse_without_header(data: bytes, name: str) -> None:
    """Refuse R data whose first row is a record, where no syntax names the columns.

    Parameters
    ----------
    data : bytes
        Content of a file.
    name : str
        Its name.

    Raises
    ------
    DataFileError
        The file is named like R data of LimeSurvey and begins with a number.

    Examples
    --------
    >>> refuse_without_header(b"1,'A1'", "survey_123_R_data_file.csv")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: survey_123_R_data_file.csv: these are R data ...
    """
    if _NAMED_SO.search(name) and _RECORD.match(data):
        raise DataFileError(
            f"{name}: these are R data of LimeSurvey without a header row, so nothing"
            " says which column is which. Name their R syntax file as companion, or"
            " export CSV."
        )

"""Decipher (Forsta) exports: ``Q2r1``, ``Q3r1c2``, ``Q4r5oe`` name rows and columns.

The names are all that a text export tells of its options; an ``r`` or ``c`` at the end
of a name is one only where another column shares what stands before it.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel

_ALWAYS: Final = {"record", "uuid"}
_MARKS: Final = {"date", "markers", "status", "vlist", "qtime", "vos", "vbrowser"}
_LEAST_MARKS: Final = 2
_ADDED = re.compile(
    r"record|uuid|date|markers|status|v(?:list|os|browser|dropout|mobile\w*)(?:r\d+oe)?"
    r"|qtime|start_date|userAgent|dcua|ipAddress|url|session|source|decLang|rd_?\w*"
    r"|HTTP_\w+|list|flag|RID|pagetime\w*"
)
_OPTION = re.compile(r"(?P<question>\w+?)(?:r(?P<row>\d+))?(?:c(?P<column>\d+))?")
_TYPED = re.compile(r"(?P<question>\w+?)(?:r(?P<row>\d+))?(?:c\d+)?oe")
_NO_ANSWER = re.compile(r"noanswer(?P<question>\w+?)_?(?P<row>[a-z]+\d+)")
# Words of the report for what Decipher calls terminated, overquota, qualified, partial.
_STATUS: Final[Mapping[str, str]] = {
    "1": "Screened out",
    "2": "Quota full",
    "3": "Complete",
    "4": "Partial",
}


def is_decipher(grid: Grid) -> bool:
    """Tell whether the first row holds what Decipher adds to every record.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether ``record``, ``uuid`` and two of ``date, markers, status, vlist, qtime,
        vos, vbrowser`` are among the headers.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["record", "uuid", "date", "status", "Q1"]])
    >>> is_decipher(Grid(cells, "utf-8"))
    True
    """
    headers = set((header_rows(grid.cells, 1) or [[]])[0])
    return headers >= _ALWAYS and len(headers & _MARKS) >= _LEAST_MARKS


def read_headers(grid: Grid) -> Headed:
    """Read questions, rows and columns from the names.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    Headed
        Names as in the file. The option of ``Q3r1c2`` is ``r1 - c2`` and its code
        ``1_2``; ``Q4r5oe`` is the text beside ``Q4r5``.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["record", "Q1", "Q2r1", "Q2r2", "Q2r2oe"]])
    >>> labels = read_headers(Grid(cells, "utf-8")).labels
    >>> [(label.question, label.option_code) for label in labels]
    [('', ''), ('Q1', ''), ('Q2', '1'), ('Q2', '2'), ('Q2', 'other')]
    """
    (headers,) = header_rows(grid.cells, 1)
    shared = _shared(headers)
    labels = tuple(_label(header, shared, set(headers)) for header in headers)
    return Headed(unique_names(headers), labels, 1)


def _shared(headers: Sequence[str]) -> set[str]:
    """Give the questions that several columns have, or that have a text beside them."""
    found: Counter[str] = Counter()
    for header in headers:
        if _ADDED.fullmatch(header):
            continue
        parts = _TYPED.fullmatch(header) or _OPTION.fullmatch(header)
        found[parts["question"] if parts else header] += 1
    return {question for question, count in found.items() if count > 1}


def _label(header: str, shared: set[str], headers: set[str]) -> ColumnLabel:
    """Take a name such as ``Q3r1c2`` apart; a row with a text is another answer."""
    if header == "status":
        return ColumnLabel(values=_STATUS, measure="nominal")
    if _ADDED.fullmatch(header):
        return ColumnLabel()
    typed, parts = _TYPED.fullmatch(header), _OPTION.fullmatch(header)
    if typed and typed["question"] in shared:
        option = f"r{typed['row']} (text)" if typed["row"] else "Other (text)"
        return ColumnLabel(typed["question"], typed["question"], option, "other")
    none = _NO_ANSWER.fullmatch(header)
    if none and none["question"] in shared:
        option = f"No answer {none['row']}"
        return ColumnLabel(none["question"], none["question"], option, none["row"])
    if not parts or parts["question"] not in shared:
        return ColumnLabel(header, header)
    options = [f"{k}{parts[n]}" for k, n in (("r", "row"), ("c", "column")) if parts[n]]
    code = "_".join(option[1:] for option in options)
    option = " - ".join(options)
    if option and f"{header}oe" in headers:
        option = f"Other ({option})"
    return ColumnLabel(parts["question"], parts["question"], option, code)

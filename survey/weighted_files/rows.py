"""Rows of a delimited file with one more cell each; every other cell stays as typed.

A text gets the cell behind each of its rows, quotes and line ends included. Cells that
came in get no guard against formulas: they are the user's own file, and a guard would
change it.
"""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from itertools import chain

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import OutputError
from survey.importers.grid import BLANKS
from survey.responses.values import shortest

Floats = NDArray[np.float64]

_BREAK = re.compile(r"\r\n?")
_COMMA = re.compile(r"-?\d+,\d+")
_POINT = re.compile(r"-?\d+\.\d+")
# A line with its end, of which some platforms write two.
_LINE = re.compile(r"[^\r\n]*(?:\r{0,2}\n|\r)|[^\r\n]+")


def weight_cells(
    filled: Sequence[bool], weight: Floats, name: str, layout: str
) -> list[str]:
    """Give the cell of the weight for every row of a file.

    Parameters
    ----------
    filled : sequence of bool
        For every row, whether it has any cell; header rows come first.
    weight : float array (n,)
        One weight per record; n is smaller than the number of filled rows.
    name : str
        Name of the weight.
    layout : str
        Layout of the export, which decides in which header row names stand.

    Returns
    -------
    list of str
        Blank for empty rows, and for header rows without names.

    Raises
    ------
    OutputError
        There are more records than rows.

    Examples
    --------
    >>> weight_cells([True, False, True], np.array([0.5]), "weight", "plain")
    ['weight', '', '0.5']
    """
    headers = sum(filled) - weight.size
    if headers < 1:
        raise OutputError(
            f"the file has {sum(filled)} rows and {weight.size} records, so no weight "
            "can stand beside its row. Name an output that ends in .parquet."
        )
    texts = [""] * headers
    # SurveyMonkey names its own columns where the wording of questions stands.
    texts[max(headers - 2, 0) if layout == "surveymonkey" else 0] = name
    cells = iter([*texts, *map(shortest, weight.tolist())])
    return [next(cells) if full else "" for full in filled]


def append_cells(
    text: str, delimiter: str, weight: Floats, name: str, layout: str
) -> str:
    r"""Write the weight behind each row of a delimited text.

    Parameters
    ----------
    text : str
        The file.
    delimiter : str
        Character between its cells.
    weight, name, layout
        As for `weight_cells`.

    Returns
    -------
    str
        The text; rows that are too short for it are filled with blank cells.

    Raises
    ------
    OutputError
        Rows and records do not fit each other.

    Examples
    --------
    >>> append_cells('id;why\r\n1;"a;b"\r\n', ";", np.ones(1), "weight", "plain")
    'id;why;weight\r\n1;"a;b";1\r\n'
    """
    lines = _LINE.findall(text)
    found = list(_rows(lines, delimiter))
    widest = max(len(cells) for _, cells in found)
    filled = [any(cell not in BLANKS for cell in cells) for _, cells in found]
    added = weight_cells(filled, weight, name, layout)
    if delimiter == ";" and _has_decimal_commas(cells for _, cells in found):
        added = [cell.replace(".", ",") if cell != name else cell for cell in added]
    parts = []
    for (row, cells), full, cell in zip(found, filled, added, strict=True):
        body = row.rstrip("\r\n")
        more = delimiter * (widest - len(cells) + 1) + cell
        parts.append(f"{body}{more}{row[len(body) :]}" if full else row)
    return "".join(parts)


def _has_decimal_commas(rows: Iterable[Sequence[str]]) -> bool:
    """Say whether numbers of a file have a comma, and none has a point."""
    commas = False
    for cell in chain.from_iterable(rows):
        if _POINT.fullmatch(cell):
            return False
        commas = commas or _COMMA.fullmatch(cell) is not None
    return commas


def _rows(lines: Sequence[str], delimiter: str) -> Iterator[tuple[str, list[str]]]:
    """Give every row as it stands in the text, and its cells."""
    plain = (line.rstrip("\r\n") + "\n" for line in lines)
    reader = csv.reader(plain, delimiter=delimiter)
    start = 0
    try:
        for cells in reader:
            yield "".join(lines[start : reader.line_num]), cells
            start = reader.line_num
    except csv.Error as problem:
        raise OutputError(
            f"the text cannot be taken apart into rows ({problem}). Name an output "
            "that ends in .parquet."
        ) from None


def sheet_rows(
    cells: pd.DataFrame, delimiter: str, weight: Floats, name: str, layout: str
) -> str:
    r"""Write the cells of a sheet and the weight as a delimited text.

    Parameters
    ----------
    cells : DataFrame
        Texts, header rows included; blank cells are missing.
    delimiter, weight, name, layout
        As for `append_cells`.

    Returns
    -------
    str
        The text.

    Raises
    ------
    OutputError
        Rows and records do not fit each other.

    Examples
    --------
    >>> cells = pd.DataFrame([["id", "why"], ["1", None]])
    >>> sheet_rows(cells, ",", np.array([0.5]), "weight", "plain")
    'id,why,weight\n1,,0.5\n'
    """
    filled = cells.notna().any(axis=1).tolist()
    added = weight_cells(filled, weight, name, layout)
    columns = [_texts(cells[column]) for column in cells]
    return _written(zip(*columns, added, strict=True), delimiter)


def code_rows(frame: pd.DataFrame, delimiter: str, weight: Floats, name: str) -> str:
    r"""Write codes and the weight as a delimited text with one header row.

    Parameters
    ----------
    frame : DataFrame
        One row per record: numbers and texts.
    delimiter, weight, name
        As for `append_cells`.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": [1.0, np.nan]})
    >>> code_rows(frame, ",", np.array([0.5, 1.5]), "weight")
    'size,weight\n1,0.5\n,1.5\n'
    """
    weights = [*map(shortest, weight.tolist())]
    return table_rows(frame.assign(**{name: weights}), delimiter)


def table_rows(frame: pd.DataFrame, delimiter: str) -> str:
    r"""Write a table as a delimited text with one header row.

    Parameters
    ----------
    frame : DataFrame
        Numbers and texts.
    delimiter : str
        Character between its cells.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> table_rows(pd.DataFrame({"size": [1.0, np.nan], "use": ["a,b", "c"]}), ",")
    'size,use\n1,"a,b"\n,c\n'
    """
    columns = [_texts(frame[column]) for column in frame]
    return _written([tuple(frame.columns), *zip(*columns, strict=True)], delimiter)


def _texts(column: pd.Series) -> list[str]:
    """Give the cells of a column; numbers in their shortest form, blanks empty."""
    place, values = pd.factorize(column)
    texts = [shortest(v) if isinstance(v, float) else str(v) for v in values]
    # The writer does not quote a lone carriage return, and readers end the row there.
    plain = np.array([*(_BREAK.sub("\n", text) for text in texts), ""], dtype=object)
    return list(plain[place])


def _written(rows: Iterable[Sequence[str]], delimiter: str) -> str:
    """Write rows, quoted where that is needed."""
    stream = io.StringIO()
    csv.writer(stream, delimiter=delimiter, lineterminator="\n").writerows(rows)
    return stream.getvalue()

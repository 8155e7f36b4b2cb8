"""Qualtrics exports: names, wording and, since 2017, a row of ImportIds."""

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of, squeezed

_MARKS = {"startdate", "enddate", "responseid", "recordeddate", "progress", "finished"}
_LEAST_MARKS = 3
_TOP = 3
_LEGACY = 2


def header_count(grid: Grid) -> int:
    """Count the header rows of a Qualtrics export.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    int
        3 with ImportIds, 2 with wording only, 0 where it is no such export.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["StartDate", "EndDate", "ResponseId"],
    ...         ["Start Date", "End Date", "Response ID"]]
    >>> header_count(Grid(pd.DataFrame(rows), "utf-8"))
    2
    """
    top = header_rows(grid.cells, _TOP)
    if len(top) < _LEGACY or len(_MARKS & set(map(squeezed, top[0]))) < _LEAST_MARKS:
        return 0
    if len(top) == _TOP and any("ImportId" in cell for cell in top[2]):
        return _TOP
    pairs = zip(top[0], top[1], strict=True)
    same = sum(squeezed(a) == squeezed(b) for a, b in pairs if role_of(a))
    return _LEGACY if same >= _LEAST_MARKS else 0


def read_headers(grid: Grid, rows: int) -> Headed:
    """Read names and wording of a Qualtrics export.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.
    rows : int
        How many rows are headers, from `header_count`.

    Returns
    -------
    Headed
        Names as in the file.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["StartDate", "Q1"], ["Start Date", "Do you use AI?"]]
    >>> read_headers(Grid(pd.DataFrame(rows), "utf-8"), 2).labels[1].wording
    'Do you use AI?'
    """
    top = header_rows(grid.cells, max(rows, 1))
    wording = top[1] if rows > 1 else top[0]
    names = unique_names(top[0])
    labels = tuple(
        ColumnLabel("" if role_of(name) else name, text)
        for name, text in zip(names, wording, strict=True)
    )
    return Headed(names, labels, max(rows, 1))

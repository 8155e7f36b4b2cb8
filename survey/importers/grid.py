"""Grid: the cells of a text file or a sheet, before anyone says what the rows are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import pandas as pd

from survey.errors import DataFileError
from survey.importers.labels import tidy

BLANKS = ("", *(" " * count for count in range(1, 13)), "\t", "\u00a0")


@dataclass(frozen=True, slots=True)
class Grid:
    """Cells as typed, header rows included.

    Attributes
    ----------
    cells : DataFrame
        Texts; a blank cell is missing. Columns are numbered from 0.
    encoding : str
        Text encoding; empty for a workbook.
    reasons : tuple of str
        What was recognised, and what was skipped.
    empty_rows : int
        Rows without any value that were left out.
    """

    cells: pd.DataFrame
    encoding: str
    reasons: tuple[str, ...] = ()
    empty_rows: int = 0


def without_empty_rows(grid: Grid) -> Grid:
    """Leave out rows without any value, and say how many there were.

    Parameters
    ----------
    grid : Grid
        Cells as read.

    Returns
    -------
    Grid
        Rows renumbered from 0.

    Examples
    --------
    >>> cells = pd.DataFrame({0: [None, "q1"], 1: [None, "q2"]})
    >>> without_empty_rows(Grid(cells, "utf-8")).reasons
    ('1 empty row left out',)
    """
    filled = grid.cells.notna().any(axis=1)
    empty = int((~filled).sum())
    if not empty:
        return grid
    cells = grid.cells[filled].reset_index(drop=True)
    said = f"{empty} empty {'row' if empty == 1 else 'rows'} left out"
    reasons = (*grid.reasons, said)
    return replace(grid, cells=cells, reasons=reasons, empty_rows=empty)


def header_rows(cells: pd.DataFrame, count: int) -> list[list[str]]:
    """Give the first rows as tidy texts, blank cells as empty texts.

    Parameters
    ----------
    cells : DataFrame
        Cells of a grid.
    count : int
        How many rows.

    Returns
    -------
    list of list of str
        One list per row, at most as many as there are rows.

    Examples
    --------
    >>> header_rows(pd.DataFrame({0: ["q1 ", "1"], 1: [None, "2"]}), 1)
    [['q1', '']]
    """
    top = cells.iloc[:count]
    return [
        ["" if pd.isna(cell) else tidy(str(cell)) for cell in row]
        for row in top.to_numpy(dtype=object)
    ]


def records(grid: Grid, names: Sequence[str], headers: int, name: str) -> pd.DataFrame:
    """Give the rows below the headers as a frame with named columns.

    Parameters
    ----------
    grid : Grid
        Cells, header rows included.
    names : sequence of str
        Unique names of the columns.
    headers : int
        How many rows are headers.
    name : str
        File name, for the message.

    Returns
    -------
    DataFrame
        One row per record.

    Raises
    ------
    DataFileError
        There is no record.

    Examples
    --------
    >>> grid = Grid(pd.DataFrame({0: ["size", "1", "2"]}), "utf-8")
    >>> records(grid, ["size"], 1, "a.csv")["size"].tolist()
    ['1', '2']
    """
    body = grid.cells.iloc[headers:].reset_index(drop=True)
    if body.empty:
        raise DataFileError(
            f"{name}: there are {headers} header rows and {len(names)} columns but no"
            " record below them. Export the responses, not the empty form."
            if headers != 1
            else f"{name}: there is a header row with {len(names)} columns but no"
            " record below it. Export the responses, not the empty form."
        )
    return body.set_axis(list(names), axis=1)

"""Workbooks of Excel and LibreOffice: the one sheet with the responses, as texts.

They are opened in a process of their own: a sheet whose only cell is the last one makes
the parser ask for all cells before it, and end the process.
"""

import datetime as dt
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import BinaryIO

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.binary.isolated import Work, isolated
from survey.importers.grid import BLANKS, Grid

_LARGEST = 1_000_000_000
_LEAST_ROWS = 2
# An .xls is no archive of files.
_OLD = b"\xd0\xcf\x11\xe0"
# A page of notes before the answers: what a column means, and whom to ask.
_NOTES_WIDTH = 3
_MUCH_WIDER = 2


def read_workbook(data: bytes, name: str, sheet: str = "") -> Grid:
    """Read one sheet of a workbook.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        File name, for messages.
    sheet : str, optional
        Its title; the first sheet that holds a table when omitted, or the widest one
        where that is a page of notes beside it.

    Returns
    -------
    Grid
        All rows, header rows included; numbers as short texts, dates as ISO 8601.

    Raises
    ------
    DataFileError
        The workbook is damaged, or holds no such sheet with a table.

    Examples
    --------
    >>> read_workbook(b"PK nonsense", "wave.xlsx")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.xlsx: the workbook cannot be opened (...
    """
    if not data.startswith(_OLD):
        _check_size(data, name)
    book = _parsed(parse_all if sheet else parse_answers, data, name)
    chosen = sheet or next((title for title, rows in book.items() if rows), "")
    if len(book.get(chosen, ())) < _LEAST_ROWS:
        raise DataFileError(
            f"{name}: no sheet{f' {sheet!r}' if sheet else ''} of the workbook holds a"
            " table. Export the responses."
        )
    return _grid(book[chosen], chosen, list(book))


def parse_answers(path: str, result: BinaryIO) -> None:
    """Read the sheet with the responses; of others the titles only.

    Parameters
    ----------
    path : str
        A workbook.
    result : open file
        Where its cells go, as JSON.
    """
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    sheets = {title: book.get_sheet_by_name(title) for title in book.sheet_names}
    chosen = _chosen({t: (s.height, s.width) for t, s in sheets.items()})
    cells = {t: s.to_python() if t == chosen else [] for t, s in sheets.items()}
    _write(cells, result)


def parse_all(path: str, result: BinaryIO) -> None:
    """Read all sheets, as those of a form.

    Parameters
    ----------
    path : str
        A workbook.
    result : open file
        Where their cells go, as JSON.
    """
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(path)
    titles = book.sheet_names
    _write({t: book.get_sheet_by_name(t).to_python() for t in titles}, result)


def _write(sheets: Mapping[str, Sequence[Sequence[object]]], result: BinaryIO) -> None:
    """Write the cells of sheets as texts."""
    texts = {
        t: [list(map(_as_text, row)) for row in rows] for t, rows in sheets.items()
    }
    result.write(json.dumps(texts).encode())


def _parsed(work: Work, data: bytes, name: str) -> dict[str, list[list[str]]]:
    """Read a workbook in a process of its own: rows by title of the sheet."""
    with TemporaryDirectory(prefix="survey-") as folder:
        path = Path(folder) / "workbook"
        path.write_bytes(data)
        with isolated(
            work,
            path,
            subject="workbook",
            advice="Save it again as .xlsx, or export CSV.",
            library="python_calamine",
            named=name,
        ) as result:
            found: dict[str, list[list[str]]] = json.load(result)
    return found


def _chosen(sizes: Mapping[str, tuple[int, int]]) -> str:
    """Choose the sheet with the responses, by rows and columns of every sheet."""
    tables = [title for title, (rows, _) in sizes.items() if rows >= _LEAST_ROWS]
    if not tables:
        return ""
    first, widest = tables[0], max(tables, key=lambda title: sizes[title][1])
    width = sizes[first][1]
    notes = width <= _NOTES_WIDTH and sizes[widest][1] > _MUCH_WIDER * width
    return widest if notes else first


def _check_size(data: bytes, name: str) -> None:
    """Refuse archives that are damaged, or unpack to far more than a survey."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DataFileError(
            f"{name}: the workbook cannot be opened ({error})."
            " Save it again as .xlsx, or export CSV."
        ) from error
    if size > _LARGEST:
        raise DataFileError(
            f"{name}: the workbook unpacks to {size / 1e6:,.0f} MB, more than the"
            f" {_LARGEST / 1e6:,.0f} MB that are read. Export CSV instead."
        )


def _grid(rows: Sequence[Sequence[str]], chosen: str, titles: list[str]) -> Grid:
    """Put the cells of a sheet into a frame."""
    cells = pd.DataFrame(rows, dtype=str)
    reasons = [f"sheet '{chosen}'"]
    if len(titles) > 1:
        rest = [title for title in titles if title != chosen]
        reasons.append(f"sheets not read: {some(rest)}")
    return Grid(cells.mask(cells.isin(BLANKS)), "", tuple(reasons))


def _as_text(cell: object) -> str:
    """Write a cell as text: 3.0 is ``3``, a midnight is a date."""
    if isinstance(cell, float) and cell.is_integer() and abs(cell) < 1e15:  # noqa: PLR2004 - digits of a double
        return str(int(cell))
    if isinstance(cell, dt.datetime):
        midnight = cell.time() == dt.time()
        return cell.date().isoformat() if midnight else cell.isoformat(sep=" ")
    return str(cell)

"""Excel workbooks: the one sheet that holds the responses, as cells of text."""

import datetime as dt
import io
import zipfile
from collections.abc import Sequence

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.grid import BLANKS, Grid

_LARGEST = 1_000_000_000


def read_workbook(data: bytes, name: str, sheet: str = "") -> Grid:
    """Read one sheet of a workbook.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        File name, for messages.
    sheet : str, optional
        Its title; the first sheet that holds a table when omitted.

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
    from python_calamine import CalamineError, CalamineWorkbook

    _check_size(data, name)
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        sheets = {title: book.get_sheet_by_name(title) for title in book.sheet_names}
        chosen = next(
            (t for t, s in sheets.items() if s.height > 1 and sheet in {"", t}), ""
        )
        rows = sheets[chosen].to_python() if chosen else []
    except (CalamineError, OSError, ValueError) as error:
        raise DataFileError(
            f"{name}: the workbook cannot be opened ({error})."
            " Save it again as .xlsx, or export CSV."
        ) from error
    if not rows:
        raise DataFileError(
            f"{name}: no sheet{f' {sheet!r}' if sheet else ''} of the workbook holds a"
            " table. Export the responses."
        )
    return _grid(rows, chosen, list(sheets))


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


def _grid(rows: Sequence[Sequence[object]], chosen: str, titles: list[str]) -> Grid:
    """Turn the cells of a sheet into texts."""
    cells = pd.DataFrame([[_as_text(cell) for cell in row] for row in rows], dtype=str)
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

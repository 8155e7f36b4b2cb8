"""Cells of a target table, from CSV or from a workbook.

Every row keeps its line, so that a mistake is named where it stands.
"""

import csv
import datetime as dt
import io
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.errors import StudyError, some
from survey.importers.labels import comparable
from survey.importers.text import decode, find_delimiter
from survey.weighting.margins import code_text
from survey.yaml_file import Place

WORKBOOK = ".xlsx"
REQUIRED = ("population", "source", "as_of", "unit")

_ABOUT = "about"
_TARGETS = "targets"
_LARGEST = 20_000_000


@dataclass(frozen=True, slots=True)
class Line:
    """Cells of one row, and where it stands."""

    place: Place
    cells: tuple[str, ...]


def read_cells(path: str | Path) -> tuple[list[Line], list[Line]]:
    """Read what is said about the targets, and their table.

    Parameters
    ----------
    path : str or Path
        A workbook where it ends in ``.xlsx``, else delimited text.

    Returns
    -------
    (list of Line, list of Line)
        Pairs of key and value; rows of the table with its header.

    Raises
    ------
    StudyError
        The file cannot be read, or it is not clear which sheet holds the table.
    """
    data = _file_bytes(Path(path))
    workbook = Path(path).suffix.casefold() == WORKBOOK
    return (_of_workbook if workbook else _of_text)(data, str(path))


def _file_bytes(path: Path) -> bytes:
    """Read a file of sensible size."""
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        raise StudyError(f"{path}: no such file. Check the path.") from None
    except OSError as problem:
        raise StudyError(f"{path}: cannot be read ({problem.strerror}).") from None
    if len(data) > _LARGEST:
        raise StudyError(f"{path}: larger than 20 MB, so it is hardly a target file.")
    return data


def _of_text(data: bytes, file: str) -> tuple[list[Line], list[Line]]:
    """Take a text apart into what stands in comment lines, and the table."""
    lines = decode(data)[0].replace("\r\n", "\n").replace("\r", "\n").split("\n")
    # A spreadsheet quotes such a line, and fills it up with delimiters.
    texts = [line.strip().strip('";,\t').replace('""', '"') for line in lines]
    count = next(
        (k for k, text in enumerate(texts) if text and not text.startswith("#")),
        len(lines),
    )
    about = []
    for number, text in enumerate(texts[:count], 1):
        key, colon, value = text.removeprefix("#").partition(":")
        if colon:
            about.append(Line(Place(file, number), (key.strip(), value.strip())))
    return about, _cells("\n".join(lines[count:]), file, count)


def _cells(text: str, file: str, before: int) -> list[Line]:
    """Take the rows of a table apart."""
    reader = csv.reader(io.StringIO(text), delimiter=find_delimiter(text))
    try:
        rows = [
            Line(Place(file, before + reader.line_num), tuple(c.strip() for c in row))
            for row in reader
        ]
    except csv.Error as problem:
        raise StudyError(
            f"{file}: the table cannot be taken apart into cells ({problem}). Export "
            "it again as CSV in UTF-8."
        ) from None
    return [row for row in rows if any(row.cells)]


def _of_workbook(data: bytes, file: str) -> tuple[list[Line], list[Line]]:
    """Give the sheet about the targets, and the one with the table."""
    sheets = {name: rows for name, rows in _sheets(data, file).items() if rows}
    about = next((name for name in sheets if comparable(name) == _ABOUT), None)
    if about is None:
        raise StudyError(
            f"{file}: there is no sheet 'about'. Add one with the keys "
            f"{', '.join(REQUIRED)} in its first column and their values beside them."
        )
    others = [name for name in sheets if name != about]
    named = [name for name in others if comparable(name) == _TARGETS]
    chosen = named or others
    if len(chosen) > 1:
        raise StudyError(
            f"{file}: the table may be on several sheets ({some(chosen)}). Call its "
            "sheet 'targets'."
        )
    pairs = [Line(row.place, (*row.cells, "", "")[:2]) for row in sheets[about]]
    return pairs, sheets[chosen[0]] if chosen else []


def _sheets(data: bytes, file: str) -> dict[str, list[Line]]:
    """Read all sheets of a workbook as texts."""
    from python_calamine import CalamineError, CalamineWorkbook

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            size = sum(entry.file_size for entry in archive.infolist())
        if size > _LARGEST:
            raise StudyError(
                f"{file}: unpacks to {size / 1e6:,.0f} MB, so it is hardly a target "
                "file."
            )
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        tables = {name: book.get_sheet_by_name(name) for name in book.sheet_names}
        rows = {
            name: sheet.to_python(skip_empty_area=False)
            for name, sheet in tables.items()
        }
    except (zipfile.BadZipFile, CalamineError, OSError) as problem:
        raise StudyError(
            f"{file}: the workbook cannot be opened ({problem}). Save it again as "
            ".xlsx, or write the targets in YAML."
        ) from None
    return {name: _filled(rows[name], f"{file}, sheet {name!r}") for name in rows}


def _filled(rows: Sequence[Sequence[object]], where: str) -> list[Line]:
    """Give the rows of a sheet that hold anything, without empty cells at their end."""
    texts = [tuple(_as_text(cell) for cell in row) for row in rows]
    width = max((k + 1 for row in texts for k, t in enumerate(row) if t), default=0)
    return [
        Line(Place(where, number), row[:width])
        for number, row in enumerate(texts, 1)
        if any(row)
    ]


def _as_text(cell: object) -> str:
    """Write a cell as text; a date without its time."""
    if isinstance(cell, dt.datetime):
        return cell.date().isoformat()
    return code_text(cell).strip()

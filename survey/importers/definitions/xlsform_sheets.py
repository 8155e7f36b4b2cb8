"""The sheets of an XLSForm: questions with their groups, and lists of choices.

Questions of a repeated group are left out: their answers stand on a sheet of their own.
"""

import re
import zipfile
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from io import BytesIO
from typing import Final

from survey.errors import DataFileError
from survey.importers.definition import Choice, Kind
from survey.importers.grid import header_rows
from survey.importers.labels import tidy
from survey.importers.workbook import read_workbook

_TITLES = re.compile(rb"<(?:\w+:)?sheet\b[^>]*?\bname=\"([^\"]*)\"")
_LARGEST_BOOK: Final = 2_000_000
_MOST_ROWS: Final = 50_000
KINDS: Final[Mapping[str, Kind]] = {
    "select_one": "single",
    "select_multiple": "multiple",
    "rank": "ranking",
    "rank__level": "single",
    "score__row": "single",
    "integer": "numeric",
    "int": "numeric",
    "decimal": "numeric",
    "range": "numeric",
    "text": "text",
    "string": "text",
    "acknowledge": "single",
    "trigger": "single",
    "date": "",
    "time": "",
    "datetime": "",
}
_SPELLINGS: Final = (
    (re.compile(r"select[ _]?(?:one|1)(?:[ _]from)?(?:_file)?(?=\s)"), "select_one"),
    (
        re.compile(r"select[ _](?:all[ _]that[ _]apply|multiple)(?:[ _]from)?(?=\s)"),
        "select_multiple",
    ),
    (re.compile(r"(begin|end)[ _]"), r"\1_"),
)
_LISTS: Final = ("kobo--matrix_list", "kobo--score-choices", "kobo--rank-items")
_LANGUAGE = re.compile(r".*\(([A-Za-z]{2,3}(?:[-_]\w{2,8})?)\)\s*")
Row = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Group:
    """A group of questions: its kind, and the row where it begins."""

    kind: str
    row: Row


@dataclass(frozen=True, slots=True)
class Asked:
    """A question, and the groups that it stands in, from the outside."""

    kind: str
    list_name: str
    row: Row
    groups: tuple[Group, ...]

    @property
    def name(self) -> str:
        """Name of the question."""
        return self.row.get("name", "")


@dataclass(frozen=True, slots=True)
class Form:
    """A form: questions, lists of choices, and the language of bare labels."""

    asked: tuple[Asked, ...]
    choices: Mapping[str, tuple[Choice, ...]]
    language: str


def is_xlsform(data: bytes) -> bool:
    """Tell an XLSForm from other workbooks.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    bool
        Whether a sheet ``survey`` with the columns ``type`` and ``name`` stands beside
        a sheet ``choices`` or ``settings``.

    Examples
    --------
    >>> is_xlsform(b"PK nonsense")
    False
    """
    titles = _titles(data)
    if "survey" not in titles or not titles & {"choices", "settings"}:
        return False
    try:
        grid = read_workbook(data, "", "survey")
    except DataFileError:
        return False
    return {"type", "name"} <= {cell.lower() for cell in header_rows(grid.cells, 1)[0]}


def _titles(data: bytes) -> set[str]:
    """Read the titles of the sheets, without the sheets."""
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            book = archive.getinfo("xl/workbook.xml")
            small = book.file_size <= _LARGEST_BOOK
            text = archive.read(book) if small else b""
    except (zipfile.BadZipFile, zlib.error, KeyError, OSError, ValueError):
        return set()
    except (EOFError, RuntimeError):  # cut off, or encrypted
        return set()
    return {title.decode("utf-8", "replace") for title in _TITLES.findall(text)}


def read_sheets(data: bytes, name: str) -> Form:
    """Read the sheets of a form.

    Parameters
    ----------
    data : bytes
        Content of the workbook.
    name : str
        File name, for messages.

    Returns
    -------
    Form
        Its questions, in order.

    Raises
    ------
    DataFileError
        The workbook is damaged, or has no sheet ``survey``.

    Examples
    --------
    >>> read_sheets(b"PK nonsense", "form.xlsx")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: form.xlsx: the workbook cannot be opened (...
    """
    rows = _rows(data, name, "survey")
    titles = _titles(data)
    settings = _rows(data, name, "settings") if "settings" in titles else []
    default = settings[0].get("default_language", "") if settings else ""
    language = _language(default)
    lists: dict[str, list[Choice]] = {}
    for row in _rows(data, name, "choices") if "choices" in titles else []:
        code = row.get("name", "") or row.get("value", "")
        named = row.get("list_name", "") or row.get("list name", "")
        if code and named:
            lists.setdefault(named, []).append(Choice(code, texts_of(row, language)))
    unique = {
        each: tuple({choice.code: choice for choice in listed}.values())
        for each, listed in lists.items()
    }
    return Form(_walk(rows), unique, language)


def _rows(data: bytes, name: str, sheet: str) -> list[Row]:
    """Read the rows of a sheet, by the headers of its first row."""
    try:
        grid = read_workbook(data, name, sheet)
    except DataFileError:
        if sheet == "survey":
            raise
        return []
    cells = header_rows(grid.cells, _MOST_ROWS)
    headers = [header if "::" in header else header.lower() for header in cells[0]]
    return [
        {head: cell for head, cell in zip(headers, row, strict=True) if head and cell}
        for row in cells[1:]
    ]


def _walk(rows: Sequence[Row]) -> tuple[Asked, ...]:
    """List the questions with their groups; those of repeated groups are left out."""
    groups: list[Group] = []
    asked = []
    for row in rows:
        kind, _, rest = _spelled(row.get("type", "")).partition(" ")
        if kind.startswith("begin_"):
            groups.append(Group(kind.removeprefix("begin_"), row))
        elif kind.startswith("end_"):
            groups = groups[:-1]
        elif kind in KINDS and row.get("name") and not _repeated(groups):
            own = groups[-1].row if kind in {"rank__level", "score__row"} else {}
            listed = rest.split(" ")[0] or list_of(own)
            asked.append(Asked(kind, listed, row, tuple(groups)))
    return tuple(asked)


def _spelled(kind: str) -> str:
    """Spell a type in the one way that it has today."""
    text = tidy(kind)
    for pattern, spelling in _SPELLINGS:
        match = pattern.match(text)
        if match:
            return match.expand(spelling) + text[match.end() :]
    return text


def _repeated(groups: Sequence[Group]) -> bool:
    """Tell whether a question is answered several times."""
    return any(group.kind == "repeat" for group in groups)


def list_of(row: Row) -> str:
    """Find the list of choices of a group of KoboToolbox.

    Parameters
    ----------
    row : mapping of header to text
        Row where the group begins.

    Returns
    -------
    str
        Empty where it has none.

    Examples
    --------
    >>> list_of({"type": "begin_kobomatrix", "kobo--matrix_list": "tools"})
    'tools'
    """
    return next((row[header] for header in _LISTS if header in row), "")


def texts_of(row: Row, language: str) -> dict[str, str]:
    """Read a label in all its languages.

    Parameters
    ----------
    row : mapping of header to text
        Row of a question, group or choice.
    language : str
        Language of a label without one.

    Returns
    -------
    dict of language to str
        ``English (en)`` is ``en``.

    Examples
    --------
    >>> texts_of({"label::English (en)": "Size", "label::Deutsch (de)": "Größe"}, "")
    {'en': 'Size', 'de': 'Größe'}
    """
    found = {}
    for header, text in row.items():
        column, _, spoken = header.partition("::")
        if column.strip().lower() == "label":
            found[_language(spoken) if spoken else language] = text
    return found


def _language(text: str) -> str:
    """Give the code in ``English (en)``, or the name of the language."""
    coded = _LANGUAGE.fullmatch(text)
    return coded[1] if coded else text.strip()

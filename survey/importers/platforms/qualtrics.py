"""Qualtrics exports: names, wording and, since 2017, a row of ImportIds.

The ImportId says what a column is: ``QID5`` a whole answer, ``QID5_2`` a row, ``QID5``
with a choice an option, ``QID5_2_TEXT`` what was typed beside one. Names alone decide
where it is missing.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from os.path import commonprefix
from typing import Final

import pandas as pd

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel, MissingRange
from survey.importers.system import role_of, squeezed

_MARKS = {"startdate", "enddate", "responseid", "recordeddate", "progress", "finished"}
_LEAST_MARKS = 3
_TOP = 3
_LEGACY = 2

_IMPORT = re.compile(r'"ImportId"\s*:\s*"([^"]*)"')
_CHOICE = re.compile(r'"choiceId"\s*:\s*"([^"]*)"')
_QUESTION = re.compile(r"(?:\d+_)?QID\d+(?:#\d+)?")
_PARTS = re.compile(r"(?:\d+_)?QID\d+(?:#\d+)?((?:_x?\d+)*)(_TEXT)?")
_NAMED = re.compile(r"(.+?)((?:_x?\d+)*)(_TEXT)?")
_PLATFORM = re.compile(
    r".*_(?:FIRST_CLICK|LAST_CLICK|PAGE_SUBMIT|CLICK_COUNT|BROWSER|VERSION|OS"
    r"|RESOLUTION|DO(?:_\d+)?)|.*Topics|.*Sentiment\w*"
)
_SEEN: Final = "-99"
_SELECTED: Final = " - Selected Choice"
_TYPED: Final = " - Text"
_BETWEEN: Final = " - "


@dataclass(frozen=True, slots=True)
class _Column:
    """A column: name, text, and the name of the question that it is a part of.

    ``stem`` is empty for a whole answer; ``typed`` marks a text beside a choice.
    """

    name: str
    text: str
    stem: str = ""
    typed: bool = False
    added: bool = False


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
    """Read names, wording and parts of questions of a Qualtrics export.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.
    rows : int
        How many rows are headers, from `header_count`.

    Returns
    -------
    Headed
        Names as in the file. Columns of one question are put together where the text
        of each says its option.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["StartDate", "Q1_1", "Q1_2"],
    ...         ["Start Date", "Use? - Coding", "Use? - Legal"]]
    >>> [(x.question, x.option) for x in
    ...  read_headers(Grid(pd.DataFrame(rows), "utf-8"), 2).labels]
    [('', ''), ('Q1', 'Coding'), ('Q1', 'Legal')]
    """
    rows = max(rows, 1)
    top = header_rows(grid.cells, rows)
    wording = top[1] if rows > 1 else top[0]
    names = unique_names(top[0])
    ids = top[2] if rows == _TOP else [""] * len(names)
    columns = [_column(*head) for head in zip(names, wording, ids, strict=True)]
    whole = {column.name for column in columns if not column.stem}
    columns = [_beside_whole(column, whole) for column in columns]
    shared = _shared_texts(columns, legacy=rows == _LEGACY)
    return Headed(names, tuple(_label(column, shared) for column in columns), rows)


def seen_only(frame: pd.DataFrame) -> dict[str, tuple[MissingRange, ...]]:
    """Declare the value that Qualtrics can write for "seen, but unanswered" as missing.

    Parameters
    ----------
    frame : DataFrame
        Records as texts.

    Returns
    -------
    dict of column name to tuple of MissingRange
        Columns that hold it. There it is told from blank, which was not displayed.

    Examples
    --------
    >>> seen_only(pd.DataFrame({"Q1": ["1", "-99"], "Q2": ["1", None]}, dtype=str))
    {'Q1': (MissingRange(low=-99.0, high=-99.0),)}
    """
    held = (frame == _SEEN).any()
    return {
        str(n): (MissingRange(float(_SEEN), float(_SEEN)),) for n in held[held].index
    }


def _column(name: str, text: str, id_: str) -> _Column:
    """Say what a column is, by its ImportId or by its name."""
    found = _IMPORT.search(id_)
    import_id = found[1] if found else ""
    if role_of(name) or _PLATFORM.fullmatch(import_id):
        return _Column(name, text, added=True)
    if import_id and not _QUESTION.match(import_id):
        return _Column(name, text)
    choice = _CHOICE.search(id_)
    parts = (_PARTS if import_id else _NAMED).fullmatch(import_id or name)
    if parts is None:
        return _Column(name, text)
    numbers = parts[1] if import_id else parts[2]
    typed = bool(parts[parts.re.groups])
    if not numbers and not choice:
        return _Column(name, text, typed=typed and not import_id)
    base = name.removesuffix("_TEXT") if typed else name
    stem = base.rpartition("_")[0] if re.search(r"_[^_]+$", base) else ""
    return _Column(name, text, stem, typed)


def _beside_whole(column: _Column, whole: set[str]) -> _Column:
    """Put ``Q4_TEXT`` beside ``Q4`` where that is a column too."""
    base = column.name.removesuffix("_TEXT")
    if column.added or column.stem or base == column.name or base not in whole:
        return column
    return replace(column, stem=base, typed=True)


def _shared_texts(columns: Sequence[_Column], *, legacy: bool) -> dict[str, str]:
    """Give the text that the columns of a question share, up to their options."""
    texts: dict[str, list[str]] = {}
    for column in columns:
        if column.stem and not column.typed:
            texts.setdefault(column.stem, []).append(column.text)
    shared = {}
    for stem, found in texts.items():
        start = commonprefix(found)  # noqa: RUF071 - characters are meant, not paths
        mark = "-" if legacy and _BETWEEN not in start else _BETWEEN
        end = start.rfind(mark) + len(mark)
        options = [text[end:].strip() for text in found]
        if end >= len(mark) and len(set(options)) == len(found) > 1 and all(options):
            shared[stem] = start[:end]
    return shared


def _label(column: _Column, shared: dict[str, str]) -> ColumnLabel:
    """Give a column its question, wording and option."""
    if column.added:
        return ColumnLabel("", column.text)
    if column.typed and column.stem:
        wording, _, option = column.text.removesuffix(_TYPED).rpartition(_BETWEEN)
        known = shared.get(column.stem, "").removesuffix(_BETWEEN)
        return ColumnLabel(
            column.stem, _asked(known or wording or option), option, "other"
        )
    start = shared.get(column.stem)
    if start is None:
        return ColumnLabel(column.name, _asked(column.text))
    code = column.name.removeprefix(f"{column.stem}_")
    option = column.text[len(start) :].strip()
    wording = start.removesuffix(_BETWEEN).removesuffix("-")
    return ColumnLabel(column.stem, _asked(wording), option, code)


def _asked(wording: str) -> str:
    """Leave out what Qualtrics adds to the wording of a question with texts beside."""
    return wording.removesuffix(_SELECTED).strip()

"""SurveyMonkey exports: one to three header rows over one column per option.

Three rows are question ids, wording and options; two rows are wording and options.
Ids and wording stand over the first column of a question only, or over each.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.errors import DataFileError
from survey.importers.grid import Grid, header_rows
from survey.importers.labels import comparable, unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of, squeezed

_FILLERS = {
    "response",
    "open-ended response",
    "multiple choice response",
    "antwort",
    "offene antwort",
}
_MARKS = {"respondentid", "collectorid"}
_TOP = 3
ROWS = {2: "wording, options", 3: "ids, wording, options"}
_SPARSE = 0.2
_DENSE = 0.8
_CODED = re.compile(r"([A-Za-z]+\d+)_(\w+)")
_NUMBERED = re.compile(r"([A-Za-z]{1,2}\d+)(?:[ _](\d+))?\s*[\u2014\u2013:.-]\s*(\S.*)")


def header_count(grid: Grid) -> int:
    """Count the header rows of a SurveyMonkey export.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    int
        2 or 3; 0 where the rows do not look like such an export.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["Respondent ID", "Collector ID", "Do you use AI?"],
    ...         ["", "", "Response"], ["11", "7", "Yes"]]
    >>> header_count(Grid(pd.DataFrame(rows), "utf-8"))
    2
    """
    top = header_rows(grid.cells, _TOP)
    if len(top) < 2:  # noqa: PLR2004 - one row cannot be two header rows
        return 0
    if _has_marks(top[1]) and not _has_marks(top[0]):
        return 3 if len(top) == _TOP and _repeats(top[1], top[2]) else 2
    if _has_marks(top[0]):
        return 2 if _repeats(top[0], top[1]) else 0
    return 2 if _options_below(grid, top[0], top[1]) else 0


def has_marks(grid: Grid) -> bool:
    """Tell whether columns that only this platform writes are among the headers.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether Respondent ID or Collector ID stand in the first two rows.

    Examples
    --------
    >>> import pandas as pd
    >>> has_marks(Grid(pd.DataFrame([["size"], ["1"]]), "utf-8"))
    False
    """
    return any(_has_marks(row) for row in header_rows(grid.cells, 2))


def _has_marks(row: Sequence[str]) -> bool:
    """Tell whether a row holds the headers of the platform's own columns."""
    return any(squeezed(cell) in _MARKS for cell in row)


def _repeats(row: Sequence[str], below: Sequence[str]) -> bool:
    """Tell whether the row below the system headers holds no record."""
    pairs = [(a, b) for a, b in zip(row, below, strict=True) if role_of(a)]
    return all(
        not under or under == head or comparable(under) in _FILLERS or "#" in under
        for head, under in pairs
    )


def _options_below(grid: Grid, first: Sequence[str], second: Sequence[str]) -> bool:
    """Tell options under a sparse row of questions from a first record."""
    blank = [k for k, cell in enumerate(first) if not cell]
    if len(blank) < _SPARSE * len(first):
        return False
    filled = sum(bool(second[k]) for k in blank)
    if filled < _DENSE * len(blank):
        return False
    fillers = sum(comparable(cell) in _FILLERS for cell in second)
    return fillers > 0 or _labels_repeat(grid, second)


def _labels_repeat(grid: Grid, options: Sequence[str]) -> bool:
    """Tell whether the cells of a column repeat what stands at its head."""
    same = 0
    for place, option in enumerate(options):
        cells = grid.cells.iloc[2:, place].dropna()
        same += bool(option and len(cells) and (cells == option).all())
    return same > len(options) // 4


def read_headers(grid: Grid, rows: int, name: str) -> Headed:
    """Read ids, wording and options of a SurveyMonkey export.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.
    rows : int
        How many rows are headers; 0 finds out.
    name : str
        File name, for the message.

    Returns
    -------
    Headed
        Names ``q4_1`` by place within the question, or ``q4`` for its only column;
        the platform's own columns keep their header.

    Raises
    ------
    DataFileError
        The first rows are no headers of this platform.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["Respondent ID", "Collector ID", "Size?", ""],
    ...                       ["", "", "Small", "Large"], ["1", "7", "Small", ""]])
    >>> headed = read_headers(Grid(cells, "utf-8"), 2, "wave.csv")
    >>> headed.names, headed.labels[3].wording, headed.labels[3].option
    (('Respondent ID', 'Collector ID', 'q1_1', 'q1_2'), 'Size?', 'Large')
    """
    rows = rows or header_count(grid)
    if not rows:
        raise DataFileError(
            f"{name}: no header rows of SurveyMonkey (wording, options) were found."
            " Leave the layout out, or choose 'plain'."
        )
    top = header_rows(grid.cells, rows)
    ids = top[0] if rows == _TOP else [""] * len(top[0])
    places = _carried(_places(ids, top[-2], top[-1]))
    return Headed(_names(places), tuple(p.label for p in places), rows)


@dataclass(frozen=True, slots=True)
class _Place:
    """One column: what stands at its head, and whether a question begins there."""

    header: str
    label: ColumnLabel
    begins: bool = False
    own_name: str = ""


def _places(
    ids: Sequence[str], wording: Sequence[str], options: Sequence[str]
) -> list[_Place]:
    """Read the head of every column on its own."""
    return [_place(*head) for head in zip(ids, wording, options, strict=True)]


def _place(id_: str, wording: str, option: str) -> _Place:
    """Read the head of one column."""
    filler = comparable(option) in _FILLERS or option == wording
    text = "" if filler else option
    coded, numbered = _CODED.fullmatch(id_), _NUMBERED.fullmatch(wording)
    if not id_ and role_of(wording):
        return _Place(wording, ColumnLabel(wording=wording), begins=True)
    if coded:
        label = ColumnLabel(coded[1], wording, text, option_code=_code(coded[2]))
        return _Place(wording, label, bool(wording), own_name=id_)
    if not id_ and numbered:
        return _Place(wording, ColumnLabel(numbered[1], numbered[3], text), begins=True)
    label = ColumnLabel(id_, wording, text)
    return _Place(wording, label, begins=bool(id_ or wording))


def _code(text: str) -> str:
    """Give the code in a name such as ``Q10_other``."""
    return text.lower() if text.lower() == "other" else text


def _carried(places: list[_Place]) -> list[_Place]:
    """Carry id and wording from the first column of a question to the others."""
    done: list[_Place] = []
    current = ColumnLabel()
    number = 0
    taken = {place.label.question.casefold() for place in places}
    for place in places:
        label = place.label
        if place.begins and not _goes_on(label, current):
            if not (label.question or role_of(label.wording)):
                number = _next_free(number, taken)
                label = replace(label, question=f"q{number}")
            current = label
        else:
            label = replace(label, question=current.question, wording=current.wording)
        done.append(replace(place, label=label))
    return done


def _goes_on(label: ColumnLabel, current: ColumnLabel) -> bool:
    """Tell whether a column repeats the head of the question before it."""
    same_wording = label.wording == current.wording
    if label.question:
        return label.question == current.question and (
            same_wording or not label.wording
        )
    return bool(current.question) and same_wording


def _next_free(number: int, taken: set[str]) -> int:
    """Give the next number whose ``q`` id is not in the file."""
    number += 1
    while f"q{number}" in taken:
        number += 1
    return number


def _names(places: list[_Place]) -> tuple[str, ...]:
    """Name the columns after their question."""
    counts: dict[str, int] = {}
    for place in places:
        counts[place.label.question] = counts.get(place.label.question, 0) + 1
    seen: dict[str, int] = {}
    names = []
    for place in places:
        question = place.label.question
        seen[question] = seen.get(question, 0) + 1
        several = f"{question}_{seen[question]}" if counts[question] > 1 else question
        names.append(place.own_name or (several if question else place.header))
    return unique_names(names)

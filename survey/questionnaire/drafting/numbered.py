"""Tell columns that are one question by numbered names and common values.

Names share a stem and count up (`q4_1`, `q4_2` ...), and no wording tells them apart.
Ticks are 0 and 1, `Selected` and `Not selected`, or one word beside blanks: a multiple
response question. Three and more steps of one scale, or yes and no, are a grid.
"""

import re
from collections.abc import Collection, Sequence
from itertools import pairwise
from typing import Final, Literal

from survey.importers.labels import comparable
from survey.questionnaire.columns import NO, YES, Column, are_integers
from survey.questionnaire.scales import is_dont_know, scale_positions

Shape = Literal["ticks", "scale", ""]
LEAST_ITEMS: Final = 3
_LEAST_POINTS: Final = 3
_MOST_POINTS: Final = 11
_NAME = re.compile(r"(.*[^\W_])_\d{1,4}")
# Who says no in words answers a question about every row.
_SAID: Final = frozenset({"yes", "ja", "no", "nein", "y", "n", "j"})
_UNTICKED: Final = NO - _SAID
_TICKED: Final = YES - _SAID


def numbered_stem(column: Column) -> str:
    """Give the part of a name before its number, where a column may be an item.

    Parameters
    ----------
    column : Column
        Without value labels.

    Returns
    -------
    str
        Empty for names without a number, and for more values than a scale has.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> ones = np.ones(9, bool)
    >>> held = Column("q4_12", ColumnLabel("q4_12"), {"0": 5, "1": 4}, ones, False)
    >>> numbered_stem(held)
    'q4'
    """
    found = _NAME.fullmatch(column.name)
    if found is None or len(_steps(column.values)) > _MOST_POINTS:
        return ""
    return found[1]


def shape_of(columns: Sequence[Column]) -> Shape:
    """Say what neighbours with one stem are together.

    Parameters
    ----------
    columns : sequence of Column
        Columns with the same `numbered_stem`, in the order of the file.

    Returns
    -------
    {"ticks", "scale", ""}
        Empty where they are questions of their own.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> def shape(*values):
    ...     held = dict.fromkeys(values, 3), np.ones(9, bool), False
    ...     names = ("q4_1", "q4_2", "q4_3")
    ...     return shape_of([Column(name, ColumnLabel(), *held) for name in names])
    >>> shape("0", "1"), shape("1", "2", "3"), shape("1", "2"), shape("No", "Yes")
    ('ticks', 'scale', '', 'scale')
    """
    if len(columns) < LEAST_ITEMS or not _count_up(columns):
        return ""
    if are_ticks(columns):
        return "ticks"
    return "scale" if _is_one_scale(columns) else ""


def are_ticks(columns: Sequence[Column]) -> bool:
    """Tell whether columns say that their option was chosen, or was not.

    Parameters
    ----------
    columns : sequence of Column
        Columns of one question; value labels stand for values where there are any.

    Returns
    -------
    bool
        True for one word that means chosen, and one, or blanks, for not chosen.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> label = ColumnLabel(values={"0": "Not selected", "1": "Selected"})
    >>> are_ticks([Column("a", label, {"0": 2, "1": 1}, np.ones(3, bool), True)])
    True
    """
    words = {
        comparable(c.label.values.get(value, value))
        for c in columns
        for value in c.values
    }
    if len(words) == 1:
        blank = all(not column.filled.all() for column in columns)
        return blank and words <= YES
    return len(words & _TICKED) == 1 == len(words & _UNTICKED) and len(words) == len(
        "01"
    )


def _count_up(columns: Sequence[Column]) -> bool:
    """Say whether the numbers of the names grow."""
    numbers = [int(column.name.rpartition("_")[2]) for column in columns]
    return all(left < right for left, right in pairwise(numbers))


def _is_one_scale(columns: Sequence[Column]) -> bool:
    """Tell items of a scale: most columns show its steps."""
    steps = {value for column in columns for value in _steps(column.values)}
    said = {comparable(value) for value in steps if not is_dont_know(value)}
    if said and said <= _SAID:
        return all(len(column.values) > 1 for column in columns)
    shown = [len(_steps(c.values)) >= _LEAST_POINTS for c in columns]
    if (
        2 * sum(shown) <= len(columns)
        or not _LEAST_POINTS <= len(steps) <= _MOST_POINTS
    ):
        return False
    if are_integers(tuple(steps)):
        stored = any(column.numeric for column in columns)
        return not stored and max(map(int, steps)) <= _MOST_POINTS
    return bool(scale_positions([s for s in sorted(steps) if not is_dont_know(s)]))


def _steps(values: Collection[str]) -> list[str]:
    """Give values without codes such as -9, which stand for no answer."""
    return [value for value in values if not re.fullmatch(r"-\d{1,3}", value)]

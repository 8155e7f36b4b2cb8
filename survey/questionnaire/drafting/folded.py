"""Take the columns of a grid apart that are named `item - scale point`.

Every item has every point, in the same order; what is no full product is no grid.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.importers.labels import comparable
from survey.questionnaire.columns import Column

_BETWEEN: Final = " - "
_DEEPEST: Final = 3


@dataclass(frozen=True, slots=True)
class Folded:
    """Columns of the form `item - scale point`, taken apart.

    Attributes
    ----------
    items, points : tuple of str
        Rows and scale points, in order.
    columns : tuple of tuple of Column
        For every item, one column for each point.
    """

    items: tuple[str, ...]
    points: tuple[str, ...]
    columns: tuple[tuple[Column, ...], ...]


def fold(columns: Sequence[Column]) -> Folded | None:
    """Take options of the form `item - scale point` apart.

    Parameters
    ----------
    columns : sequence of Column
        Columns of one question, without the text beside it.

    Returns
    -------
    Folded or None
        None unless every item has every point, in the same order. Items may hold
        the dash themselves, so the last one is tried first.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> texts = ["Code - open - No", "Code - open - Yes", "Law - No", "Law - Yes"]
    >>> nobody = np.zeros(1, bool)
    >>> fold([
    ...     Column(text, ColumnLabel(option=text), {}, nobody, numeric=False)
    ...     for text in texts
    ... ]).items
    ('Code - open', 'Law')
    """
    for depth in range(1, _DEEPEST + 1):
        parts = [column.label.option.split(_BETWEEN) for column in columns]
        if any(len(part) <= depth for part in parts):
            return None
        items = [_BETWEEN.join(part[:-depth]) for part in parts]
        points = [_BETWEEN.join(part[-depth:]) for part in parts]
        folded = _product(columns, items, points)
        if folded:
            return folded
    return None


def _product(
    columns: Sequence[Column], items: Sequence[str], points: Sequence[str]
) -> Folded | None:
    """Check that items and points are a full product, and shape the columns."""
    rows = list(dict.fromkeys(map(comparable, items)))
    scale = list(dict.fromkeys(map(comparable, points)))
    wide = len(scale)
    full = len(rows) > 1 and wide > 1 and len(rows) * wide == len(columns)
    if not full or [comparable(p) for p in points] != scale * len(rows):
        return None
    if [comparable(i) for i in items] != [row for row in rows for _ in scale]:
        return None
    return Folded(
        tuple(items[::wide]),
        tuple(points[:wide]),
        tuple(tuple(columns[k : k + wide]) for k in range(0, len(columns), wide)),
    )

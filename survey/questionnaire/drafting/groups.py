"""Put the columns of each question together, in the order of the file.

Multiple response sets and the platform's own question ids come first. Beyond them,
names decide: `size_other` belongs to `size`, and neighbours that share the start of
their name and their value labels are the items of one grid; so are numbered ones that
share their values.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass, replace
from itertools import groupby
from os.path import commonprefix
from typing import Final

from survey.importers.raw import MultipleSet
from survey.questionnaire.columns import Column
from survey.questionnaire.drafting.numbered import LEAST_ITEMS, numbered_stem, shape_of

_COMPANION: Final = "_other"
_SEPARATORS: Final = (": ", " - ", " \u2013 ", "? ", " [")
_LEAST_WORDING: Final = 10


@dataclass(frozen=True, slots=True)
class Group:
    """Columns of one question.

    Attributes
    ----------
    name : str
        What its id is made from.
    columns : tuple of Column
        In the order of the file.
    stored : MultipleSet or None
        The multiple response set that they are.
    battery : bool
        Whether they are items or options that only their names and values tell.
    """

    name: str
    columns: tuple[Column, ...]
    stored: MultipleSet | None = None
    battery: bool = False


def group_columns(
    columns: Mapping[str, Column],
    sets: Iterable[MultipleSet],
    defined: Mapping[str, str] | None = None,
) -> tuple[Group, ...]:
    """Put the columns of each question together.

    Parameters
    ----------
    columns : mapping of name to Column
        Columns that are questions.
    sets : iterable of MultipleSet
        Multiple response sets of the file.
    defined : mapping of column to question, optional
        What a definition of the survey says; it wins.

    Returns
    -------
    tuple of Group
        Every column stands in one of them.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = {
    ...     name: Column(name, ColumnLabel("q1"), {}, np.zeros(1, bool), numeric=False)
    ...     for name in ("q1_1", "q1_2")
    ... }
    >>> [(group.name, len(group.columns)) for group in group_columns(held, [])]
    [('q1', 2)]
    """
    told = defined or {}
    stored = {found.name: found for found in sets}
    set_of = {name: found.name for found in stored.values() for name in found.columns}
    keys = {
        name: told.get(name) or set_of.get(name) or column.label.question or name
        for name, column in columns.items()
    }
    members: dict[str, list[Column]] = {}
    for name, column in columns.items():
        base = _base(column, keys)
        if base:
            label = replace(column.label, option_code="other")
            members.setdefault(base, []).append(replace(column, label=label))
        else:
            members.setdefault(keys[name], []).append(column)
    groups = [Group(n, tuple(found), stored.get(n)) for n, found in members.items()]
    return _with_batteries(groups, set(told.values()))


def battery_texts(columns: Iterable[Column]) -> tuple[str, tuple[str, ...]]:
    """Take the wording that items share off their labels.

    Parameters
    ----------
    columns : iterable of Column
        Items of a grid.

    Returns
    -------
    (str, tuple of str)
        Shared wording, empty where there is none, and one label for each item.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> texts = ["How concerned are you? Cost", "How concerned are you? Bias"]
    >>> nobody = np.zeros(1, bool)
    >>> battery_texts(
    ...     Column(t, ColumnLabel(wording=t), {}, nobody, numeric=False) for t in texts)
    ('How concerned are you?', ('Cost', 'Bias'))
    """
    texts = [column.label.wording or column.name for column in columns]
    shared = commonprefix(texts)  # noqa: RUF071 - characters are meant, not paths
    ends = [shared.rfind(mark) + len(mark) for mark in _SEPARATORS if mark in shared]
    cut = max(ends, default=0)
    if cut < _LEAST_WORDING or any(not text[cut:].strip(" ]") for text in texts):
        return "", tuple(texts)
    return shared[:cut].strip(" :-\u2013["), tuple(text[cut:].strip() for text in texts)


def _base(column: Column, keys: Mapping[str, str]) -> str:
    """Find the question beside which a text was typed; empty for other columns."""
    name = column.name
    if column.numeric or column.label.option or not name.endswith(_COMPANION):
        return ""
    stem = name.removesuffix(_COMPANION)
    for candidate in (stem, stem.rpartition("_")[0]):
        if candidate in keys:
            return keys[candidate]
    return ""


def _with_batteries(
    groups: Iterable[Group], defined: AbstractSet[str]
) -> tuple[Group, ...]:
    """Join neighbours that are items of one grid, unless a definition tells."""

    def stem_of(group: Group) -> tuple[str, object, object] | None:
        return None if group.name in defined else _stem(group)

    joined: list[Group] = []
    for stem, found in groupby(groups, key=stem_of):
        run = list(found)
        joined += [_joined(stem[0], run)] if stem and _is_one(run) else run
    return tuple(joined)


def _joined(stem: str, run: Iterable[Group]) -> Group:
    """Make one question of items; what was typed beside one stays beside it."""
    columns = tuple(column for group in run for column in group.columns)
    return Group(stem, columns, battery=True)


def _is_one(run: Sequence[Group]) -> bool:
    """Tell whether neighbours with one stem are one question."""
    mains = [group.columns[0] for group in run]
    if mains[0].label.values:
        alone = all(len(group.columns) == 1 for group in run)
        return alone and len(run) >= LEAST_ITEMS
    return shape_of(mains) != "" and not _are_told_apart(mains)


def _are_told_apart(columns: Sequence[Column]) -> bool:
    """Tell columns with wordings of their own, which are different questions."""
    own = [c for c in columns if c.label.wording not in {"", c.name}]
    return bool(own) and not battery_texts(columns)[0]


def _stem(group: Group) -> tuple[str, object, object] | None:
    """Give what the items of a grid have in common; None where it can be none."""
    column = group.columns[0]
    beside = {other.label.option_code for other in group.columns[1:]}
    if group.stored or column.label.option or not beside <= {"other"}:
        return None
    if column.label.values:
        stem = column.name.rpartition("_")[0]
        return (
            (stem, tuple(column.label.values.items()), column.missing) if stem else None
        )
    stem = numbered_stem(column)
    return (stem, "values", ()) if stem else None

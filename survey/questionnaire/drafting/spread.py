"""Draft a question that an export spreads over several columns.

A column per option may hold one answer or many; a column per row, or per row and
point of a scale, is a grid. The wording decides, and what respondents did.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any, Final

import numpy as np

from survey.importers.labels import comparable
from survey.importers.raw import ColumnLabel
from survey.questionnaire.columns import (
    NO,
    YES,
    Column,
    are_integers,
    are_numbers,
    is_mark,
)
from survey.questionnaire.drafting.beside import beside_columns
from survey.questionnaire.drafting.categories import category, is_scale, text_categories
from survey.questionnaire.drafting.folded import Folded, fold
from survey.questionnaire.drafting.ranking import (
    draft_ranks,
    is_ranking,
    rank_columns,
    ranks_by_item,
)
from survey.questionnaire.drafting.single import draft_column
from survey.questionnaire.model import Category, Item
from survey.questionnaire.scales import is_dont_know, is_other
from survey.questionnaire.wording import answer_hint, is_per_row, most_choices

_MOST_POINTS: Final = 24
_TYPED_WORDS = ("specify", "describe", "angeben", "und zwar", "explain")


def is_typed_other(column: Column) -> bool:
    """Tell whether a column holds what was typed beside "other".

    Parameters
    ----------
    column : Column
        A column that stands for an option.

    Returns
    -------
    bool
        False where it only marks that "other" was chosen.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel
    >>> label = ColumnLabel(option="Other (please specify)")
    >>> one = np.ones(1, bool)
    >>> is_typed_other(Column("q1_9", label, {"OSPO": 1}, one, numeric=False))
    True
    """
    option, code = column.label.option, column.label.option_code
    if code != "other" and not is_other(option):
        return False
    marks = {comparable(option), comparable(code)} | YES | NO
    if not column.values:
        return code == "other" or any(w in comparable(option) for w in _TYPED_WORDS)
    if len(column.values) == 1 and are_integers(column.values):
        return False
    return not all(comparable(value) in marks for value in column.values)


def most_at_once(columns: Sequence[Column]) -> int:
    """Count the most columns that one record fills.

    Parameters
    ----------
    columns : sequence of Column
        Columns of one question or item.

    Returns
    -------
    int
        0 where nobody answered.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel
    >>> a = Column("a", ColumnLabel(), {"1": 2}, np.array([True, True]), numeric=False)
    >>> b = Column("b", ColumnLabel(), {"1": 1}, np.array([True, False]), numeric=False)
    >>> most_at_once([a, b])
    2
    """
    filled = np.array([column.filled for column in columns], dtype=np.intp)
    return int(filled.sum(axis=0).max(initial=0)) if len(columns) else 0


def option_codes(
    labels: Sequence[str], cells: Sequence[frozenset[str]], own: Sequence[str]
) -> tuple[str, ...]:
    """Give the options of a question their codes.

    Parameters
    ----------
    labels : sequence of str
        Labels of the options, in order.
    cells : sequence of frozenset of str
        Distinct values under each of them.
    own : sequence of str
        Codes that the names of the columns tell; empty texts otherwise.

    Returns
    -------
    tuple of str
        Codes of the file where it has them; else 1 to k in order, where a first
        option that is "don't know" gets 0 and is not counted.

    Examples
    --------
    >>> option_codes(["Don't know", "Yes", "No"], [frozenset()] * 3, [""] * 3)
    ('0', '1', '2')
    >>> option_codes(["Yes", "No"], [frozenset("5"), frozenset()], [""] * 2)
    ('5', '2')
    """
    if all(own) and len(set(own)) == len(own):
        return tuple(own)
    first = 0 if labels and is_dont_know(labels[0]) else 1
    places = [str(number) for number in range(first, first + len(labels))]
    held = [_held(cell, label) for cell, label in zip(cells, labels, strict=True)]
    codes = [code or place for code, place in zip(held, places, strict=True)]
    return tuple(codes if len(set(codes)) == len(codes) else places)


def _held(values: frozenset[str], label: str) -> str:
    """Give the code that the cells of an option hold; empty where they hold none."""
    if len(values) != 1 or not are_integers(tuple(values)):
        return ""
    (value,) = values
    return "" if comparable(value) == comparable(label) else value


def draft_spread(columns: Sequence[Column], wording: str) -> dict[str, Any]:
    """Draft a question with a column per option, per item, or both.

    Parameters
    ----------
    columns : sequence of Column
        At least two columns with options; a text typed beside "other" may be among
        them.
    wording : str
        The question as it was put.

    Returns
    -------
    dict
        Fields of a `Question`; an empty kind where the columns are questions of
        their own.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel
    >>> yes, no = np.array([True, False]), np.array([False, True])
    >>> a = Column("a", ColumnLabel(option="Small"), {"1": 1}, yes, numeric=False)
    >>> b = Column("b", ColumnLabel(option="Large"), {"2": 1}, no, numeric=False)
    >>> draft_spread([a, b], "Size? (select one)")["kind"]
    'single'
    """
    typed = [column for column in columns if is_typed_other(column)]
    options = [column for column in columns if column not in typed]
    folded = fold(options)
    if folded:
        return _folded_grid(folded, typed)
    used = [column for column in options if column.values]
    marks = sum(is_mark(column) for column in used)
    answers = marks < len(used) and not any(map(_is_tick, used))
    per_row = marks and is_per_row(wording) and _yes_no(used)
    if 2 * marks < len(used) or answers or per_row:
        return _item_grid(options, typed, wording)
    return _spread(columns, typed, wording)


def _is_tick(column: Column) -> bool:
    """Tell a column that marks its option from one that happens to hold one answer."""
    words = {comparable(value) for value in column.values}
    ticks = YES | NO | {comparable(column.label.option)}
    return is_mark(column) and (words <= ticks or are_integers(column.values))


def _yes_no(columns: Sequence[Column]) -> bool:
    """Tell whether columns answer yes and no in words."""
    words = {comparable(value) for column in columns for value in column.values}
    return bool(words & NO - {"0"})


def _folded_grid(folded: Folded, typed: Sequence[Column]) -> dict[str, Any]:
    """Draft a grid with one column per item and scale point."""
    if any(most_at_once(columns) > 1 for columns in folded.columns):
        return {"kind": ""}
    cells = [
        frozenset(value for row in folded.columns for value in row[k].values)
        for k in range(len(folded.points))
    ]
    codes = option_codes(folded.points, cells, [""] * len(folded.points))
    categories = tuple(
        category(code, label) for code, label in zip(codes, folded.points, strict=True)
    )
    items = tuple(
        Item(
            code=str(number),
            label={"": label},
            columns=dict(zip(codes, (column.name for column in row), strict=True)),
        )
        for number, (label, row) in enumerate(
            zip(folded.items, folded.columns, strict=True), 1
        )
    )
    return _grid(categories, items, typed)


def _item_grid(
    options: Sequence[Column], typed: Sequence[Column], wording: str
) -> dict[str, Any]:
    """Draft a grid with one column per item."""
    ranks = rank_columns(options)
    if ranks:
        drafted = draft_ranks(options, ranks)
        return drafted | {"specify": typed[0].name if typed else None}
    counts: dict[str, int] = {}
    for column in options:
        for value, count in column.counts.items():
            counts[value] = counts.get(value, 0) + count
    pooled = replace(options[0], label=ColumnLabel(), counts=counts)
    if (
        draft_column(pooled)["kind"] in {"grid", "multiple", "numeric", "text"}
        or len(counts) > _MOST_POINTS
    ):
        return {"kind": ""}
    values = list(counts)
    categories = (
        tuple(category(v, v) for v in sorted(values, key=float))
        if are_numbers(values)
        else text_categories(values)
    )
    items = tuple(
        Item(
            code=column.label.option_code or str(number),
            label={"": column.label.option},
            column=column.name,
        )
        for number, column in enumerate(options, 1)
    )
    if is_ranking(options, wording):
        ranks = {item.code: item.column or "" for item in items}
        labels = {item.code: item.label for item in items}
        drafted = ranks_by_item(labels, ranks, len(items))
        return drafted | {"specify": typed[0].name if typed else None}
    return _grid(categories, items, typed)


def _grid(
    categories: tuple[Category, ...], items: tuple[Item, ...], typed: Sequence[Column]
) -> dict[str, Any]:
    """Give the fields of a grid."""
    return {
        "kind": "grid",
        "categories": categories,
        "items": items,
        "ordered": is_scale(categories),
        "specify": typed[0].name if typed else None,
    }


def _spread(
    columns: Sequence[Column], typed: Sequence[Column], wording: str
) -> dict[str, Any]:
    """Draft a question with one column per option."""
    texts = beside_columns(typed, [c for c in columns if c not in typed])
    columns = [c for c in columns if c not in texts.values()]
    typed = [c for c in typed if c not in texts.values()]
    beside = _are_beside(columns, typed, wording)
    several = most_at_once([c for c in columns if not (beside and c in typed)])
    counted = counted_value(columns)
    hint = answer_hint(wording)
    multiple = several > 1 or bool(counted) or hint == "many"
    labels = [column.label.option or column.name for column in columns]
    cells = [frozenset(column.values) for column in columns]
    codes = option_codes(labels, cells, [c.label.option_code for c in columns])
    categories = tuple(
        category(
            code,
            "Other" if label == "other" else label,
            multiple=multiple,
            column=None if beside and column in typed else column.name,
            specify=column.name if column in typed else _name(texts.get(column.name)),
        )
        for code, label, column in zip(codes, labels, columns, strict=True)
    )
    if not multiple:
        ordered = is_scale(categories)
        return {"kind": "single", "categories": categories, "ordered": ordered}
    return {
        "kind": "multiple",
        "categories": categories,
        "max_choices": most_choices(wording),
        "counted_value": counted or None,
    }


def _name(column: Column | None) -> str | None:
    """Give the name of a column, where there is one."""
    return column.name if column else None


def _are_beside(
    columns: Sequence[Column], typed: Sequence[Column], wording: str
) -> bool:
    """Tell a comment beside the answer of a single question from an answer."""
    if not typed or answer_hint(wording) == "many":
        return False
    rest = [column for column in columns if column not in typed]
    return most_at_once(rest) <= 1 < most_at_once(columns)


def counted_value(columns: Sequence[Column]) -> str:
    """Find the value that means chosen where others mean not chosen.

    Parameters
    ----------
    columns : sequence of Column
        One column per option.

    Returns
    -------
    str
        Empty where any value means chosen.

    Examples
    --------
    >>> both = np.ones(2, bool)
    >>> held = Column("a", ColumnLabel(), {"No": 1, "Yes": 1}, both, numeric=False)
    >>> counted_value([held])
    'Yes'
    """
    values = {value for column in columns if is_mark(column) for value in column.values}
    if not any(comparable(value) in NO for value in values):
        return ""
    pairs = [c for c in columns if is_mark(c) and len(c.values) > 1]
    yes = [v for c in pairs for v in c.values if comparable(v) in YES]
    return yes[0] if yes else ""

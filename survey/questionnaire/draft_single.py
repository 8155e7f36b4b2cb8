"""Draft a question whose answer stands in one column.

Codes follow the scale where one is recognised; other labels are sorted by letter,
so that the same answers give the same codes whatever the order of the records.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from survey.importers.labels import comparable
from survey.importers.raw import is_user_missing
from survey.questionnaire.columns import (
    Column,
    are_integers,
    are_numbers,
    as_number,
    sort_key,
)
from survey.questionnaire.model import Category
from survey.questionnaire.scales import (
    is_dont_know,
    is_none,
    is_ordered,
    is_other,
    scale_positions,
)
from survey.questionnaire.wording import asks_for_words

_FEW: Final = 12
_LEAST: Final = 3
_MANY: Final = 80
_REPEATED: Final = 2
_MUCH_REPEATED: Final = 10
_LARGEST_CODE: Final = 100
_LONGEST: Final = 200
_JOINED: Final = 0.1
_COMBINED: Final = 2 / 3
_MOSTLY: Final = 0.8
_MOST_PARTS: Final = 60
_CODE = re.compile(r"[A-Z]{1,3}\d{1,3}|-oth-")
_YES_NO = ("yes", "ja", "no", "nein")


def draft_column(column: Column) -> dict[str, Any]:
    """Draft kind and answers of a question from its only column.

    Parameters
    ----------
    column : Column
        What the export holds.

    Returns
    -------
    dict
        Fields of a `Question`: kind, column, and what the kind needs.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"No": 9, "Not sure": 2, "Yes": 7}
    >>> filled = np.ones(18, bool)
    >>> drafted = draft_column(
    ...     Column("use", ColumnLabel("use"), counts, filled, numeric=False))
    >>> drafted["kind"], [(c.code, c.label[""]) for c in drafted["categories"]]
    ('single', [('1', 'Yes'), ('2', 'No'), ('3', 'Not sure')])
    """
    place: dict[str, Any] = {"column": column.name}
    if column.label.values:
        return place | _labelled(column)
    if are_numbers(column.values):
        return place | _numbers(column)
    if _mostly_numbers(column):
        return place | {"kind": "numeric"}
    delimiter = _delimiter(column.counts)
    if delimiter:
        parts = _parts(column.counts, delimiter)
        categories = text_categories(list(parts), multiple=True)
        return place | {
            "kind": "multiple",
            "delimiter": delimiter,
            "categories": categories,
        }
    if not _is_closed(column):
        return place | {"kind": "text"}
    return place | single(text_categories(column.values))


def single(categories: tuple[Category, ...]) -> dict[str, Any]:
    """Give the fields of a single response question.

    Parameters
    ----------
    categories : tuple of Category
        Its answers, in order.

    Returns
    -------
    dict
        Kind, categories, and whether they are a scale.

    Examples
    --------
    >>> never = Category(code="1", label="Never")
    >>> often = Category(code="2", label="Often")
    >>> single((never, often))["ordered"]
    True
    """
    return {
        "kind": "single",
        "categories": categories,
        "ordered": is_scale(categories),
    }


def is_scale(categories: Iterable[Category]) -> bool:
    """Tell whether categories, special ones apart, stand in the order of a scale.

    Parameters
    ----------
    categories : iterable of Category
        Answers of a question.

    Returns
    -------
    bool
        True for a recognised scale, up or down.

    Examples
    --------
    >>> is_scale([Category(code="1", label="Europe"), Category(code="2", label="Asia")])
    False
    """
    steps = [
        category.label.get("", category.code)
        for category in categories
        if not (category.dont_know or category.missing or category.specify)
    ]
    return is_ordered(steps)


def category(code: str, label: str, *, multiple: bool = False, **more: Any) -> Category:
    """Make a category and recognise what it stands for.

    Parameters
    ----------
    code, label : str
        As stored, and as shown.
    multiple : bool, default False
        Whether several answers may be given, so that "none" excludes the others.
    **more
        Further fields of `Category`.

    Returns
    -------
    Category
        "Don't know" and exclusive answers are marked.

    Examples
    --------
    >>> category("6", "Don't know").dont_know
    True
    """
    return Category(
        code=code,
        label={"": label},
        dont_know=is_dont_know(label) and not more.get("missing", False),
        exclusive=multiple and is_none(label),
        **more,
    )


def text_categories(
    values: Sequence[str], *, multiple: bool = False
) -> tuple[Category, ...]:
    """Turn distinct answers into categories.

    Parameters
    ----------
    values : sequence of str
        Distinct answers as typed.
    multiple : bool, default False
        Whether several answers may be given.

    Returns
    -------
    tuple of Category
        Spellings that differ in blanks, case or apostrophes only are one category
        with aliases. Scales come in order; "don't know" and "other" last.

    Examples
    --------
    >>> found = text_categories(["Often", "Don't know", "Never"])
    >>> [(c.code, c.label[""]) for c in found]
    [('1', 'Never'), ('2', 'Often'), ('3', "Don't know")]
    """
    spellings: dict[str, list[str]] = {}
    for value in values:
        spellings.setdefault(comparable(value), []).append(value)
    labels = _in_order([found[0] for found in spellings.values()])
    codes = _codes(labels)
    return tuple(
        category(
            code,
            "Other" if label == "-oth-" else label,
            multiple=multiple,
            aliases=_aliases(code, label, spellings[comparable(label)]),
        )
        for code, label in zip(codes, labels, strict=True)
    )


def _aliases(code: str, label: str, spellings: Sequence[str]) -> tuple[str, ...]:
    """Give further spellings, and the platform's code for "other"."""
    more = [label] if label == "-oth-" and code != label else []
    return tuple(more + list(spellings[1:]))


def _in_order(labels: list[str]) -> list[str]:
    """Put labels in the order of their scale, or by letter; special ones last."""
    last = [label for label in labels if is_dont_know(label)]
    other = [label for label in labels if is_other(label) and label not in last]
    none = [label for label in labels if is_none(label) and label not in last + other]
    steps = [label for label in labels if label not in last + other + none]
    for chosen, rest in (([*steps, *none], []), (steps, none)):
        placed = scale_positions(chosen)
        if placed:
            order = sorted(range(len(chosen)), key=placed.__getitem__)
            return [*(chosen[i] for i in order), *rest, *other, *last]
    return [*_steps(steps), *other, *none, *last]


def _steps(labels: list[str]) -> list[str]:
    """Put labels in the order of a scale that one of them is no step of, or sort."""
    rest = sorted(labels, key=_yes_first)
    if not _LEAST < len(rest) <= _FEW:
        return rest
    for stranger in rest:
        others = [label for label in rest if label != stranger]
        placed = scale_positions(others)
        if placed:
            order = sorted(range(len(others)), key=placed.__getitem__)
            return [*(others[i] for i in order), stranger]
    return rest


def _yes_first(label: str) -> tuple[int, tuple[int, float, str, str]]:
    """Sort by letter, yes before no."""
    first = comparable(label).split(",")[0]
    place = _YES_NO.index(first) if first in _YES_NO else len(_YES_NO)
    return place, sort_key(label)


def _codes(labels: Sequence[str]) -> list[str]:
    """Give numbers to the labels; those that are codes themselves keep them."""
    kept = {
        label for label in labels if are_integers([label]) or _CODE.fullmatch(label)
    }
    if len(kept) == len(labels) or any(are_integers([label]) for label in kept):
        return _around(labels, kept)
    return [
        "other" if label == "-oth-" else str(number)
        for number, label in enumerate(labels, 1)
    ]


def _around(labels: Sequence[str], kept: set[str]) -> list[str]:
    """Give numbers that are free to the labels that are no codes."""
    codes = []
    number = 0
    for label in labels:
        if label in kept:
            codes.append("other" if label == "-oth-" else label)
            continue
        number += 1
        while str(number) in kept:
            number += 1
        codes.append(str(number))
    return codes


def _labelled(column: Column) -> dict[str, Any]:
    """Draft a column with value labels; values without a label join them."""
    labels = dict(column.label.values)
    bare = [value for value in column.values if value not in labels]
    valid = [v for v in bare if not is_user_missing(v, column.missing)]
    steps = [v for v in labels if not is_user_missing(v, column.missing)]
    if column.numeric and len(valid) > max(_FEW, 2 * len(steps)):
        return {"kind": "numeric"}
    if column.numeric and valid and not steps:
        return {"kind": "numeric"}
    if not column.numeric and len(valid) > _FEW:
        return {"kind": "text"}
    labels |= {value: value for value in bare}
    codes = sorted(labels, key=sort_key)
    categories = tuple(
        category(
            code,
            labels[code] or code,
            missing=is_user_missing(code, column.missing),
        )
        for code in codes
    )
    return single(categories)


def _numbers(column: Column) -> dict[str, Any]:
    """Draft a column of numbers: few whole ones in a text file may be codes."""
    values = column.values
    if column.numeric or not are_integers(values) or len(values) > _FEW:
        return {"kind": "numeric"}
    sizes = [float(value) for value in values]
    if min(sizes) < -_LARGEST_CODE or max(sizes) > _LARGEST_CODE:
        return {"kind": "numeric"}
    if column.answers < _REPEATED * len(values):
        return {"kind": "numeric"}
    return single(tuple(category(value, value) for value in values))


def _mostly_numbers(column: Column) -> bool:
    """Tell numbers with a few typed texts among them ("ca. 40") from categories."""
    numbers = {v: n for v, n in column.counts.items() if as_number(v) is not None}
    shared = sum(numbers.values()) >= _MOSTLY * column.answers
    return shared and len(numbers) > _FEW


def _is_closed(column: Column) -> bool:
    """Tell answers that were ticked from answers that were typed."""
    labels = list(column.values)
    steps = [label for label in labels if not is_dont_know(label)]
    if len(steps) > 1 and scale_positions(steps):
        return True
    if steps and all(comparable(label) in _YES_NO for label in steps):
        return True
    if not labels or max(map(len, labels)) > _LONGEST:
        return False
    if asks_for_words(f"{column.label.wording} {column.name}"):
        return False
    few = len(labels) <= _FEW and column.answers >= _REPEATED * len(labels)
    many = len(labels) <= _MANY and column.answers >= _MUCH_REPEATED * len(labels)
    return few or many


def _delimiter(counts: Mapping[str, int]) -> str:
    """Find what separates several answers in one cell; empty where nothing does."""
    total = sum(counts.values())
    for mark in (";", "|"):
        joined = sum(count for text, count in counts.items() if mark in text)
        if joined < max(_JOINED * total, _REPEATED):
            continue
        parts = _parts(counts, mark)
        cells = _parts(dict.fromkeys(counts, 1), mark)
        again = sum(count for part, count in parts.items() if cells[part] > 1)
        if len(parts) <= _MOST_PARTS and again > _COMBINED * sum(parts.values()):
            return mark
    return ""


def _parts(counts: Mapping[str, int], delimiter: str) -> dict[str, int]:
    """Count the answers that stand together in cells."""
    parts: dict[str, int] = {}
    for text, count in counts.items():
        for part in filter(None, map(str.strip, text.split(delimiter))):
            parts[part] = parts.get(part, 0) + count
    return parts

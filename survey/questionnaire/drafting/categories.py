"""Categories of a draft: codes, order, and what each of them stands for.

Codes follow the scale where one is recognised; other labels are sorted by letter,
so that the same answers give the same codes whatever the order of the records.
"""

import re
from collections.abc import Iterable, Sequence
from typing import Any, Final

from survey.importers.labels import comparable
from survey.questionnaire.columns import are_integers, sort_key
from survey.questionnaire.model import Category
from survey.questionnaire.scales import (
    is_dont_know,
    is_none,
    is_ordered,
    is_other,
    scale_positions,
)

YES_NO: Final = ("yes", "ja", "no", "nein")
_FEW: Final = 12
_LEAST: Final = 3
_CODE = re.compile(r"[A-Z]{1,3}\d{1,3}|-oth-")


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
    place = YES_NO.index(first) if first in YES_NO else len(YES_NO)
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

"""Bands of numbers in labels, and the bands that two waves have in common.

A band ends where the next one begins. Bounds that are one apart (2 to 50, and 11 to 49)
are nearly the same: bands between them are joined only by a recode that is accepted.
"""

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import inf
from typing import Final

from survey.questionnaire.model import Category, in_language
from survey.questionnaire.scales import is_ordered

_NUMBER: Final = re.compile(r"\d[\d.,\u00a0 ]*\d|\d")
_MARKS: Final = re.compile(r"[\u00a0 ]|[.,](?=\d{3}(?:\D|$))")
_BELOW: Final = re.compile(
    r"less|fewer|under|below|up to|unter|weniger|bis zu|[<≤]", re.IGNORECASE
)
# "More than 10" begins at 11, "10 or more" and "10 and over" at 10.
_ABOVE: Final = re.compile(
    r"(?:more than|over|above|mehr als|über|>(?!=))\W*\d", re.IGNORECASE
)
_TWO: Final = 2

Bands = Mapping[str, tuple[float, float]]
Codes = tuple[str, ...]


def bands_of(categories: Sequence[Category]) -> Bands:
    """Read the bounds of bands from their labels.

    Parameters
    ----------
    categories : sequence of Category
        Of one question, answers of substance only.

    Returns
    -------
    mapping of str to (float, float)
        Code to the lowest number and to the one at which the next band begins; empty
        where the labels are no bands that follow each other.

    Examples
    --------
    >>> bands_of([Category(code=1, label="Under 10"), Category(code=2, label="10+")])
    {'1': (0.0, 10.0), '2': (10.0, inf)}
    """
    labels = [in_language(category.label, "en") for category in categories]
    if not all(map(_NUMBER.search, labels)) or not is_ordered(labels):
        return {}
    found = {c.code: _bounds(text) for c, text in zip(categories, labels, strict=True)}
    found = dict(sorted(found.items(), key=lambda pair: pair[1]))
    pairs = tuple(pairwise(found.values()))
    if len(found) < _TWO or not all(0 <= b[0] - a[1] <= 1 for a, b in pairs):
        return {}
    ends = [*(after[0] for _, after in pairs), list(found.values())[-1][1]]
    return {c: (b[0], end) for (c, b), end in zip(found.items(), ends, strict=True)}


def _bounds(label: str) -> tuple[float, float]:
    """Read the lowest and the highest number of a band."""
    numbers = [float(_MARKS.sub("", text)) for text in _NUMBER.findall(label)]
    if len(numbers) >= _TWO:
        return numbers[0], numbers[1]
    if _ABOVE.search(label):
        return numbers[0] + 1, inf
    return (0.0, numbers[0]) if _BELOW.search(label) else (numbers[0], inf)


def common_bands(newer: Bands, older: Bands) -> tuple[tuple[Codes, Codes], ...]:
    """Find the finest bands that both waves can give.

    Parameters
    ----------
    newer, older : mapping of str to (float, float)
        Bands of both waves.

    Returns
    -------
    tuple of (tuple of str, tuple of str)
        Codes of the newer wave, and those of the older one that cover the same
        numbers, give or take one at a bound; empty where no two bounds agree.

    Examples
    --------
    >>> older = {"a": (0.0, 11.0), "b": (11.0, 50.0), "c": (50.0, inf)}
    >>> common_bands({"1": (1.0, 51.0), "2": (51.0, inf)}, older)
    ((('1',), ('a', 'b')), (('2',), ('c',)))
    """
    found: list[tuple[Codes, Codes]] = []
    done = done_before = 0
    now, before = tuple(newer), tuple(older)
    for i, (_, end) in enumerate(newer.values(), start=1):
        ends = enumerate(older.values(), start=1)
        j = next((j for j, band in ends if near(band[1], end)), 0)
        if j > done_before:
            found.append((now[done:i], before[done_before:j]))
            done, done_before = i, j
    whole = done == len(now) and done_before == len(before)
    return tuple(found) if len(found) >= _TWO and whole else ()


def near(one: float, other: float) -> bool:
    """Tell whether two bounds are the same or one apart.

    Parameters
    ----------
    one, other : float
        Bounds of bands.

    Returns
    -------
    bool
        True for two open ends as well.

    Examples
    --------
    >>> near(50, 51), near(inf, inf), near(1000, inf)
    (True, True, False)
    """
    return one == other or abs(one - other) <= 1

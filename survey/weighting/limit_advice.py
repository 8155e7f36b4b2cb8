"""Which limits of weights would do, where those given are proved to be too narrow."""

import math

import numpy as np
from numpy.typing import NDArray

from survey.said import Said, said
from survey.weighting.feasible import Room, coarse, largest_lower, smallest_upper
from survey.weighting.rows import Rows

Floats = NDArray[np.float64]
Limits = tuple[float, float]

# Digits of a limit that is named, and the part of the last one that is rounding.
_DIGITS = 4
_ROUNDING = 1e-6
_OF_MULTIPLES = said("limits")
_OF_WEIGHTS = said("weight limits")


def limit_advice(
    rows: Rows, people: Floats, limits: Limits | None, weight_limits: Limits | None
) -> list[Said]:
    """Say which limits would do, where those given are proved to be too narrow.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows, with the limits of both kinds.
    people : float array (q,)
        Share of the respondents in each row.
    limits, weight_limits : tuple of two floats, optional
        Of the multiples of the base weight, and of the weights.

    Returns
    -------
    list of Said
        One sentence for each kind of limits; empty where the margins can be met.

    Examples
    --------
    >>> rows = Rows(np.array([0.75, 0.25]), (np.array([0, 1]),), np.zeros((2, 0)),
    ...     np.full(2, 0.8), np.full(2, 3.0), (np.array([0.5, 0.5]),))
    >>> print(limit_advice(rows, rows.base, (0.8, 3.0), None)[0])
    with limits 0.8 to 3 the margins cannot all be met; the largest lower limit that
    can is 0.6666.
    """
    if limits is None or weight_limits is None:
        given, word, unit = limits, _OF_MULTIPLES, rows.base
        if given is None:
            given, word, unit = weight_limits, _OF_WEIGHTS, people
        return [] if given is None else _advice(word, given, coarse(rows, unit))
    by_weight = _room(rows, rows.base, people, weight_limits)
    by_multiple = _room(rows, people, rows.base, limits)
    first = _advice(_OF_MULTIPLES, limits, by_weight)
    return first and first + _advice(_OF_WEIGHTS, weight_limits, by_multiple)


def _room(rows: Rows, unit: Floats, other: Floats, fixed: Limits) -> Room:
    """Give the room that limits of the other kind leave."""
    return Room(rows, unit, max(fixed[0], 0.0) * other, fixed[1] * other)


def _advice(word: Said, given: Limits, room: Room) -> list[Said]:
    """Say which limits of one kind would do; nothing where these do."""
    low, high = max(given[0], 0.0), given[1]
    upper, lower = smallest_upper(room, low), largest_lower(room, high)
    if upper is not None and upper <= high:
        return []
    sentence = said(
        "with {limits} {low:g} to {high:g} the margins cannot all be met; {ways}.",
        limits=word,
        low=low,
        high=high,
        ways=_ways(word, room, upper, lower),
    )
    return [sentence]


def _ways(word: Said, room: Room, upper: float | None, lower: float | None) -> Said:
    """Say which limits would do instead."""
    if upper is not None and lower is not None:
        return said(
            "the smallest upper limit that can is {upper:g}, or the largest lower "
            "limit that can is {lower:g}",
            upper=_rounded(upper, 1),
            lower=_rounded(lower, -1),
        )
    if upper is not None:
        text = _rounded(upper, 1)
        return said("the smallest upper limit that can is {upper:g}", upper=text)
    if lower is not None:
        text = _rounded(lower, -1)
        return said("the largest lower limit that can is {lower:g}", lower=text)
    free = smallest_upper(room, 0.0)
    if free is None:
        return said("no other {limits} can", limits=word)
    return said(
        "neither limit is wide enough; without a lower limit, the smallest upper limit "
        "that can is {upper:g}",
        upper=_rounded(free, 1),
    )


def _rounded(limit: float, sign: int) -> float:
    """Round a limit up (sign 1) or down (sign -1), so that it still does."""
    if limit <= 0:
        return 0.0
    unit = 10.0 ** (math.floor(math.log10(limit)) + 1 - _DIGITS)
    steps = math.ceil(sign * limit / unit - _ROUNDING)
    return sign * steps * unit

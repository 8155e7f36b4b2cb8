"""Rules that say which number is a weighted quantile.

A rule sees sorted numbers and their weights, never a design.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.estimation.sums import count_by

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
QuantileRule = Literal[
    "math",
    "school",
    "shahvaish",
    "hf1",
    "hf2",
    "hf3",
    "hf4",
    "hf5",
    "hf6",
    "hf7",
    "hf8",
    "hf9",
]

# Sums of weights differ in their last digits; a share this near to p is p.
_TIE = 1e-12


def weighted_quantiles(
    value: Floats, weight: Floats, probabilities: Floats, rule: QuantileRule = "math"
) -> Floats:
    """Give weighted quantiles of numbers.

    Parameters
    ----------
    value, weight : float arrays (m,)
        Numbers and their weights; those with weight 0 do not count.
    probabilities : float array (k,)
        Where to take quantiles.
    rule : {"math", "school", "shahvaish", "hf1" to "hf9"}
        ``math`` and ``hf1``: the smallest number up to which at least that share of
        the weights lies. ``school`` and ``hf2``: the middle of two numbers where the
        share is met exactly. ``hf3`` to ``hf9``: as numbered in [1]_, with weights.
        ``shahvaish``: as in [2]_.

    Returns
    -------
    float array (k,)
        Quantiles; NaN without numbers and for a probability outside 0 to 1.

    Notes
    -----
    The rules are those of R `survey`, with three differences: a share that meets a
    probability up to rounding meets it; below the share of the smallest number the
    quantile is that number, as ``math`` of R has it after version 4.1; weights of
    ``shahvaish`` are scaled to mean 1. Under ``shahvaish`` and ``hf5`` to ``hf9`` the
    order of respondents with the same number counts.

    References
    ----------
    .. [1] Hyndman and Fan (1996), The American Statistician 50(4), 361-365.
    .. [2] Shah and Vaish (2006), Proceedings of the Survey Research Methods Section,
       American Statistical Association, 3642-3649.

    Examples
    --------
    >>> value, weight = np.array([3.0, 1.0, 2.0]), np.array([1.0, 1.0, 2.0])
    >>> weighted_quantiles(value, weight, np.array([0.25, 0.5, 0.9]))
    array([1., 2., 3.])
    """
    order = np.argsort(value, kind="stable")
    order = order[weight[order] > 0]
    if not order.size:
        return np.full(probabilities.shape, np.nan)
    outside = ~((probabilities >= 0) & (probabilities <= 1))
    wanted = np.where(outside, 0.5, probabilities)
    found = _RULES[rule](value[order], weight[order], wanted)
    return np.where(outside, np.nan, found)


@dataclass(frozen=True, slots=True, eq=False)
class _Place:
    """Positions on both sides of each probability, and whether it is met exactly."""

    below: NDArray[np.intp]
    above: NDArray[np.intp]
    met: Bools


def _place(weight: Floats, probabilities: Floats) -> _Place:
    """Find probabilities among the cumulative shares of sorted numbers."""
    share = np.cumsum(weight)
    share = share / share[-1]
    last = np.searchsorted(share, probabilities + _TIE, side="right") - 1
    below, above = np.maximum(last, 0), np.minimum(last + 1, share.size - 1)
    return _Place(below, above, np.abs(probabilities - share[below]) <= _TIE)


def _first(value: Floats, weight: Floats, probabilities: Floats) -> Floats:
    """Take the smallest number that reaches the probability."""
    place = _place(weight, probabilities)
    return np.where(place.met, value[place.below], value[place.above])


def _middle(value: Floats, weight: Floats, probabilities: Floats) -> Floats:
    """Take the middle of two numbers where the probability is met exactly."""
    place = _place(weight, probabilities)
    middle = (value[place.below] + value[place.above]) / 2
    return np.where(place.met, middle, value[place.above])


def _even(value: Floats, weight: Floats, probabilities: Floats) -> Floats:
    """Take the number of even rank where the probability is met exactly."""
    distinct, rank = np.unique(value, return_inverse=True)
    place = _place(count_by(rank, distinct.size, weight), probabilities)
    even = place.met & (place.below % 2 == 1)
    return np.where(even, distinct[place.below], distinct[place.above])


def _shah_vaish(value: Floats, weight: Floats, probabilities: Floats) -> Floats:
    """Take the last number whose rank, from weights of mean 1, is reached."""
    scaled = weight / weight.mean()
    rank = (np.cumsum(scaled) + 0.5 - scaled / 2) / (weight.size + 1)
    last = np.searchsorted(rank, probabilities + _TIE, side="right") - 1
    return value[np.maximum(last, 0)]


def _between(
    value: Floats, weight: Floats, probabilities: Floats, *, own: float, more: float
) -> Floats:
    """Interpolate between numbers placed at ``(W_k - own w_k) / (W + more w_m)``."""
    if value.size == 1:
        return np.full(probabilities.shape, value[0])
    cumulative = np.cumsum(weight)
    place = (cumulative - own * weight) / (cumulative[-1] + more * weight[-1])
    return np.interp(probabilities, place, value)


_RULES: Mapping[str, Callable[[Floats, Floats, Floats], Floats]] = {
    "math": _first,
    "school": _middle,
    "shahvaish": _shah_vaish,
    "hf1": _first,
    "hf2": _middle,
    "hf3": _even,
    "hf4": partial(_between, own=0.0, more=0.0),
    "hf5": partial(_between, own=1 / 2, more=0.0),
    "hf6": partial(_between, own=0.0, more=1.0),
    "hf7": partial(_between, own=1.0, more=-1.0),
    "hf8": partial(_between, own=1 / 3, more=1 / 3),
    "hf9": partial(_between, own=3 / 8, more=1 / 4),
}

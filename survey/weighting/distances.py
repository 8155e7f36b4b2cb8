"""Distances: how far weights may go from base weights, and at what price.

Each is known by its multiple g(u) of the base weight, which rises with u and is 1 at
u = 0, and by the slope of that.
"""

from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy.special import expit

from survey.errors import RakingError, some
from survey.said import said

Floats = NDArray[np.float64]
Distance = Literal["raking", "linear", "logit"]
Limits = tuple[float, float]

# exp of more than this is no number.
_LARGEST = 700.0


def check_distance(distance: str) -> None:
    """Refuse a distance that is not known.

    Parameters
    ----------
    distance : str
        Name.

    Raises
    ------
    RakingError
        It is none of the three.

    Examples
    --------
    >>> check_distance("raking")
    """
    if distance not in get_args(Distance):
        raise RakingError(
            f"distance {distance!r} is not known. Choose one of "
            f"{some(get_args(Distance))}."
        )


def find_bounds(
    base: Floats,
    distance: Distance,
    limits: Limits | None,
    weight_limits: Limits | None,
) -> tuple[Floats, Floats]:
    """Give everyone's limits of the multiple of the base weight.

    Parameters
    ----------
    base : float array (n,)
        Base weights above 0 with mean 1.
    distance : {"raking", "linear", "logit"}
        Distance from the base weights.
    limits, weight_limits : tuple of two floats, optional
        Smallest and largest multiple of the base weight, and weight.

    Returns
    -------
    float array (n,), float array (n,)
        Smallest and largest multiple; infinite where there is no limit.

    Raises
    ------
    RakingError
        Limits do not have 1 between them, or leave somebody no weight, or the logit
        distance has none for somebody.

    Examples
    --------
    >>> base = np.array([0.5, 1.5])
    >>> low, high = find_bounds(base, "raking", (0.2, 4.0), (0.3, 3.0))
    >>> low.tolist(), high.tolist()
    ([0.6, 0.2], [4.0, 2.0])
    """
    _check_pair("limits", "multiples of the base weight", limits)
    _check_pair("weight_limits", "weights", weight_limits)
    low, high = np.full(base.size, -np.inf), np.full(base.size, np.inf)
    if limits is not None:
        low, high = np.full(base.size, limits[0]), np.full(base.size, limits[1])
    if weight_limits is not None:
        low = np.maximum(low, weight_limits[0] / base)
        high = np.minimum(high, weight_limits[1] / base)
    shut = int(np.count_nonzero(low > high))
    if shut:
        raise RakingError(
            f"limits {limits} and weight_limits {weight_limits} leave no weight for "
            f"{shut} of {base.size} respondents, whose base weights are too far from "
            f"1 (from {base.min():.4g} to {base.max():.4g}). Widen one of them.",
            said("some base weights are too far from 1 for both kinds of limits"),
        )
    if distance == "logit":
        _check_curve(low, high)
    return low, high


def _check_pair(name: str, what: str, given: Limits | None) -> None:
    """Refuse limits that the mean weight, which is 1, cannot keep."""
    if given is None:
        return
    try:
        low, high = (float(limit) for limit in given)
    except (TypeError, ValueError):
        raise RakingError(
            f"{name} {given!r} are not two numbers. Give the smallest and the largest "
            f"of the {what}; 0 and inf are no limit."
        ) from None
    if not low < 1 < high:
        raise RakingError(
            f"{name} {given} cannot be kept: the {what} have mean 1, which must lie "
            "between the lower and the upper limit."
        )


def _check_curve(low: Floats, high: Floats) -> None:
    """Refuse limits that are open, or that a base weight does not keep itself."""
    outside = ~((low < 1) & (high > 1) & np.isfinite(low) & np.isfinite(high))
    if outside.any():
        raise RakingError(
            "the logit distance needs limits, a lower one below and an upper one above "
            f"every base weight, and {int(outside.sum())} of {low.size} respondents "
            'have none. Give limits such as (0.3, 3.0), or choose distance="raking", '
            "which is cut off at limits.",
            said("the logit distance needs limits around every base weight"),
        )


def multiples(
    distance: Distance, u: Floats, low: Floats, high: Floats
) -> tuple[Floats, Floats]:
    """Give the multiple of the base weight, and its slope.

    Parameters
    ----------
    distance : {"raking", "linear", "logit"}
        ``exp(u)`` and ``1 + u``, cut off at the limits, or the S-curve between them.
    u : float array (q,)
        Sums of the coefficients of every row.
    low, high : float array (q,)
        Limits of the multiple; for logit ``low < 1 < high``, both finite.

    Returns
    -------
    float array (q,), float array (q,)
        Multiples, and their derivatives by `u`, 0 where a limit cuts off.

    References
    ----------
    .. [1] Deville and Sarndal (1992), Journal of the American Statistical Association
       87(418), 376-382.

    Examples
    --------
    >>> u, low, high = np.array([-0.8, 0.0, 0.3]), np.full(3, 0.5), np.full(3, 2.0)
    >>> multiples("linear", u, low, high)[0].tolist()
    [0.5, 1.0, 1.3]
    >>> multiples("logit", u[1:2], low[1:2], high[1:2])[0].round(12).tolist()
    [1.0]
    """
    if distance == "logit":
        return _logit(u, low, high)
    free = 1 + u if distance == "linear" else np.exp(np.minimum(u, _LARGEST))
    inside = (low < free) & (free < high)
    slope = inside.astype(float) if distance == "linear" else np.where(inside, free, 0)
    return np.clip(free, low, high), slope


def _logit(u: Floats, low: Floats, high: Floats) -> tuple[Floats, Floats]:
    """Give the S-curve between the limits, and its slope."""
    width = high - low
    steep = width / ((high - 1) * (1 - low))
    part = expit(steep * u + np.log((1 - low) / (high - 1)))
    return low + width * part, width * steep * part * (1 - part)

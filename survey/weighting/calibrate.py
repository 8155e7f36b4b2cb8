"""Calibration: weights near the base weights under which margins and totals hold.

Limits are part of the fit, so that weights keep them and the targets at once.
"""

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from types import MappingProxyType

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, RakingError, some
from survey.said import said
from survey.weighting.base import Base, BaseWeight, check_tolerance, find_base, mean_one
from survey.weighting.distances import Distance, Limits, check_distance, find_bounds
from survey.weighting.limit_advice import limit_advice
from survey.weighting.margins import Margins, place_margin
from survey.weighting.misses import gaps_of, why_not
from survey.weighting.recipe import before
from survey.weighting.rows import find_rows
from survey.weighting.solve import newton
from survey.weighting.totals import place_totals, population_size
from survey.weighting.weighting import Margin, Total, Weighting

Floats = NDArray[np.float64]
_Fit = Callable[[Floats], tuple[Floats, int, float]]

# A respondent whose weight is this part of the base weight is as good as left out.
_NOTHING = 1e-8
# Base weights whose mean is this near to 1 are left alone, so that limits hold exactly.
_ROUNDING = 1e-12


def calibrate(  # noqa: PLR0913 - the public face; each is one choice
    respondents: pd.DataFrame,
    margins: Margins = MappingProxyType({}),
    totals: Mapping[str, float] | None = None,
    *,
    population: float | None = None,
    distance: Distance = "raking",
    base_weight: BaseWeight | None = None,
    limits: Limits | None = None,
    weight_limits: Limits | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 200,
) -> Weighting:
    """Weight respondents so that margins and means of numbers match the population.

    The weights are those nearest to the base weights, by the distance that is
    chosen, that meet all targets [1]_.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent; no blanks in the columns used.
    margins : mapping of column, or tuple of columns, to {code: target}
        As for `rake`. One crossed margin is post-stratification.
    totals : mapping of column to number, optional
        Totals of the population of columns of numbers. They need its size.
    population : float, optional
        Size of the population; the sum of margins given as counts when omitted.
    distance : {"raking", "linear", "logit"}
        ``raking`` multiplies base weights by ``exp(u)``, ``linear`` by ``1 + u``,
        ``logit`` by an S-curve between the limits, which it needs.
    base_weight : str, Series or Weighting, optional
        As for `rake`. Respondents with weight 0 stay out.
    limits : tuple of two floats, optional
        Smallest and largest multiple of the base weight, ``low < 1 < high``.
    weight_limits : tuple of two floats, optional
        Smallest and largest weight, where the mean is 1.
    tolerance : float, default 1e-10
        Largest gap allowed between a weighted share and its target; that of a total
        is the gap of its mean, in units of its root mean square.
    max_steps : int, default 200
        Steps of Newton's method before giving up.

    Returns
    -------
    Weighting
        Weights, those above 0 with mean 1, and what they meet.

    Raises
    ------
    MarginError
        As for `rake`; or a column of numbers has other values, or the size of the
        population is not known or not the same everywhere.
    RakingError
        Base weights or limits cannot be used, the targets cannot all be met, or
        only by leaving out respondents.

    See Also
    --------
    rake : Margins only.

    Notes
    -----
    The fit runs on distinct rows, so its cost hardly grows with the respondents
    unless they differ in numbers. `limits` and `weight_limits` are held exactly.

    References
    ----------
    .. [1] Deville and Sarndal (1992), Journal of the American Statistical Association
       87(418), 376-382.

    Examples
    --------
    Three of four firms answering are small; in the population it is half.

    >>> firms = pd.DataFrame({"size": ["s", "s", "s", "l"], "staff": [1, 2, 3, 50]})
    >>> calibrate(firms, {"size": {"s": 50, "l": 50}}).weight.round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]

    The small ones have 1.8 employees on average, the others 50: 2590 in all.

    >>> made = calibrate(firms, {"size": {"s": 50, "l": 50}}, {"staff": 2590})
    >>> round(float((made.weight * firms["staff"]).mean()), 6)
    25.9
    """
    check_distance(distance)
    base = find_base(respondents, base_weight)
    placed = _placed(respondents, margins, base.used)
    size = population_size(margins, population, needed=bool(totals))
    numbers = place_totals(respondents, totals or {}, size, base.used)
    if not placed and not numbers:
        raise MarginError("there is nothing to calibrate to. Name a margin or a total.")
    fit = partial(
        fit_within,
        margins=placed,
        totals=numbers,
        distance=distance,
        limits=limits,
        weight_limits=weight_limits,
        tolerance=tolerance,
        max_steps=max_steps,
    )
    weight, steps, gap = fit(base.weight)
    _check_kept(weight, base.weight, respondents.index)

    # A recipe that is raking and nothing else is known to the replicates.
    plain = (distance, limits, weight_limits, base.made) == ("raking", None, None, None)
    return Weighting(
        pd.Series(weight, index=respondents.index, name="weight"),
        pd.Series(base.weight, index=respondents.index, name="base_weight"),
        placed,
        steps,
        gap,
        totals=numbers,
        population=size,
        again=None if plain and not numbers else partial(_again, fit, base),
        start_weight=pd.Series(base.start, index=respondents.index),
        steps=(
            *(() if base.made is None else base.made.steps),
            _words(distance, limits, weight_limits),
        ),
    )


def _again(fit: _Fit, base: Base, start: Floats) -> Floats:
    """Make the weights again from other start weights."""
    return fit(before(base, start))[0]


def _placed(
    respondents: pd.DataFrame, margins: Margins, used: NDArray[np.bool_]
) -> tuple[Margin, ...]:
    """Place the respondents on every margin."""
    return tuple(place_margin(respondents, *each, used) for each in margins.items())


def fit_within(
    base: Floats,
    margins: tuple[Margin, ...],
    totals: tuple[Total, ...] = (),
    *,
    distance: Distance = "raking",
    limits: Limits | None = None,
    weight_limits: Limits | None = None,
    tolerance: float = 1e-10,
    max_steps: int = 200,
) -> tuple[Floats, int, float]:
    """Fit weights to margins and totals that are placed already.

    Parameters
    ----------
    base : float array (n,)
        Base weights; respondents with 0 stay out.
    margins : tuple of Margin
        Margins of the n respondents.
    totals : tuple of Total, optional
        Numbers of the n respondents.
    distance, limits, weight_limits, tolerance, max_steps
        As for `calibrate`.

    Returns
    -------
    float array (n,), int, float
        Weights, those of respondents who count with mean 1; the steps made; the
        largest gap.

    Raises
    ------
    RakingError
        The limits cannot be used, or the targets cannot all be met.

    Examples
    --------
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 0, 0, 1]))
    >>> fit_within(np.ones(4), (size,))[0].round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    check_tolerance(tolerance)
    everyone = base if abs(base[base > 0].mean() - 1) <= _ROUNDING else mean_one(base)
    used = np.flatnonzero(everyone > 0)
    start = everyone[used]
    low, high = find_bounds(start, distance, limits, weight_limits)
    parts, values, scales = _of_used(margins, totals, start, used)
    rows, row = find_rows(parts, values, start, low, high)
    # A little closer than asked: sums over respondents round differently.
    g, steps = newton(rows, distance, tolerance=tolerance / 2, max_steps=max_steps)
    weight = np.zeros_like(everyone)
    weight[used] = _held(start * g[row], start, (low, high), weight_limits)
    gaps = gaps_of(margins, totals, weight, scales)
    # Not <=, so that a gap that is no number is refused as well.
    if not max(gaps) <= tolerance:
        people = np.bincount(row, minlength=g.size) / used.size
        advice = limit_advice(rows, people, limits, weight_limits)
        why = why_not(
            margins, gaps, weight, steps, totals, unit="step", limited=bool(advice)
        )
        message = "\n".join([*map(str, advice), why])
        raise RakingError(message, next(iter(advice), None))
    return weight, steps, max(gaps)


def _held(
    fitted: Floats,
    start: Floats,
    bounds: tuple[Floats, Floats],
    weight_limits: Limits | None,
) -> Floats:
    """Scale weights to mean 1, and take rounding beyond the limits away."""
    # A fit that failed may have left nothing; the message needs weights.
    fitted = fitted if fitted.sum() > 0 else start
    scaled = fitted * (fitted.size / fitted.sum())
    kept = np.clip(scaled, bounds[0] * start, bounds[1] * start)
    within = kept if weight_limits is None else np.clip(kept, *weight_limits)
    return np.asarray(within, dtype=np.float64)


def _of_used(
    margins: tuple[Margin, ...],
    totals: tuple[Total, ...],
    start: Floats,
    used: NDArray[np.intp],
) -> tuple[list[Margin], Floats, Floats]:
    """Give margins and numbers of those who count, and the units of the numbers."""
    nobody = Margin((), ("",), np.ones(1), np.zeros_like(used))
    parts = [replace(margin, position=margin.position[used]) for margin in margins]
    numbers = np.array([total.value[used] for total in totals])
    numbers = numbers.reshape(len(totals), used.size).T
    # Sums of squares of any size.
    largest = np.abs(numbers).max(axis=0, initial=0.0)
    largest = np.where(largest > 0, largest, 1.0)
    scales = largest * np.sqrt(start @ (numbers / largest) ** 2 / start.sum())
    scales = np.where(scales > 0, scales, 1.0)
    goals = np.array([total.target for total in totals])
    # The size of the population is always met; a margin has it as its sum.
    return parts or [nobody], (numbers - goals) / scales, scales


def _check_kept(weight: Floats, base: Floats, index: pd.Index) -> None:
    """Refuse targets that are met only by weights of 0 or less."""
    lost = (base > 0) & ~(weight > _NOTHING * base)
    if lost.any():
        raise RakingError(
            f"the targets are met, but with weights of 0 or less for {int(lost.sum())} "
            f"of {int((base > 0).sum())} respondents (ids {some(index[lost])}; lowest "
            f"weight {weight[lost].min():.3g}). Give limits with a lower one above 0, "
            'merge categories, or choose distance="raking".',
            said("the targets are met, but with weights of 0 or less"),
        )


def _words(
    distance: Distance, limits: Limits | None, weight_limits: Limits | None
) -> str:
    """Say what was done."""
    kinds = (("multiples of the base weight", limits), ("weights", weight_limits))
    between = [f"{what} {_range(*given)}" for what, given in kinds if given is not None]
    return ", ".join([f"calibrated with the {distance} distance", *between])


def _range(low: float, high: float) -> str:
    """Write limits in words."""
    if low <= 0:
        return "of any size" if high == np.inf else f"of at most {high:g}"
    return f"of at least {low:g}" if high == np.inf else f"between {low:g} and {high:g}"

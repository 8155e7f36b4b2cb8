"""Trimming: weights that are cut to a cap, and meet their margins all the same.

Cap and margins hold on the result, or an error says which cannot.
"""

from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import RakingError, WeightingError, some
from survey.weighting.base import Base, find_base, mean_one
from survey.weighting.calibrate import fit_within
from survey.weighting.diagnostics import effective_base
from survey.weighting.distances import Distance
from survey.weighting.recipe import before
from survey.weighting.trim_input import check_rule, outcome_numbers
from survey.weighting.trim_rules import (
    Limits,
    Rule,
    check_room,
    find_limits,
    said,
    trimmed,
)
from survey.weighting.weighting import Trimming, Weighting

Floats = NDArray[np.float64]
# Weights at a cap leave the S-curve of the logit distance no room.
_CUT_OFF = ("raking", "linear")


@dataclass(frozen=True, slots=True, eq=False)
class _Plan:
    """What is to be done; limits of the rule are in units of weights of mean 1."""

    rule: Rule
    given: tuple[float | None, float | None]
    outcomes: Floats | None
    strict: bool
    fitted: Weighting | None
    distance: Distance
    tolerance: float


@dataclass(frozen=True, slots=True, eq=False)
class _Done:
    """Trimmed weights, what entered the fit, and how the fit ended."""

    weight: Floats
    base_weight: Floats
    limits: Limits
    passes: int = 0
    gap: float = 0.0


def trim_weights(  # noqa: PLR0913 - every choice of a trimming has a name here
    weights: Weighting | pd.Series,
    *,
    upper: float | None = None,
    lower: float | None = None,
    rule: Rule = "absolute",
    outcomes: pd.DataFrame | None = None,
    refit: bool = True,
    strict: bool = True,
    distance: Distance = "raking",
    tolerance: float = 1e-10,
) -> Weighting:
    """Cut extreme weights, and keep the margins that the weights meet.

    Parameters
    ----------
    weights : Weighting or Series (n,)
        Weights of an earlier step, or weights of a file. Those of 0 stay out.
    upper, lower : float, optional
        Largest and smallest weight, read by `rule`; at least one of them, and none
        with ``potter``.
    rule : {"absolute", "median", "quantile", "potter"}, default "absolute"
        ``absolute``: in units of the weights (those of a Weighting have mean 1);
        ``median``: ratio to the median weight; ``quantile``: quantile of the weights,
        0 to 1; ``potter``: a cap found by Potter's procedures [1]_. Medians and
        quantiles are those before trimming.
    outcomes : DataFrame (n, K), optional
        With ``potter``: numbers whose means are of interest. The cap is that under
        which they have the smallest mean squared error. Without outcomes it is the
        weight that one in a hundred exceeds when weights are inverse beta.
    refit : bool, default True
        Fit a Weighting with margins to them again, with the limits inside the fit.
    strict : bool, default True
        Without a fit: share what was cut off until no weight is outside; once when
        False, as ``trimWeights`` of R `survey` does by default.
    distance : {"raking", "linear"}, default "raking"
        Distance that the fit keeps small; ``logit`` is refused.
    tolerance : float, default 1e-10
        Largest gap of the fit between a share and its target.

    Returns
    -------
    Weighting
        Weights, those above 0 with mean 1, with `trimming` and, in words, `steps`.

    Raises
    ------
    WeightingError
        Limits, rule, distance or outcomes cannot be used.
    RakingError
        Every weight would be trimmed, or limits and margins cannot both hold.

    See Also
    --------
    deff_kish : Variance that the weights cost.

    Notes
    -----
    Weights without margins, or with ``refit=False``, are cut to the limits, and all
    others get an equal share of what was cut off. They have no margins afterwards.
    Replicates find their own limits under every rule but ``absolute``.

    References
    ----------
    .. [1] Potter (1990), Proceedings of the Section on Survey Research Methods,
       American Statistical Association, 225-230.

    Examples
    --------
    The largest weight is cut to 14, twice the median, and the others share its 8.

    >>> made = trim_weights(pd.Series([4, 6, 8, 22]), rule="median", upper=2)
    >>> made.weight.round(3).tolist()
    [0.667, 0.867, 1.067, 1.4]
    >>> made.trimming.trimmed_high, round(made.trimming.moved, 3)
    (1, 0.2)
    """
    check_rule(rule, lower, upper, with_outcomes=outcomes is not None)
    _check_distance(distance)
    made = weights if isinstance(weights, Weighting) else None
    index = _index(weights)
    base = find_base(pd.DataFrame(index=index), weights)
    _check_sign(base.weight)
    # Those of a Weighting have mean 1.
    given = base.start[base.used].mean() if made is None else 1.0
    unit = float(given) if rule == "absolute" else 1.0
    plan = _Plan(
        rule,
        (lower and lower / unit, upper and upper / unit),
        None if outcomes is None else outcome_numbers(outcomes, index, base.used),
        strict,
        made if refit and made is not None and (made.margins or made.totals) else None,
        distance,
        tolerance,
    )
    done = _trim(plan, base.weight)
    trimming = _trimming(rule, base.weight, done)
    step = _in_words(plan, (lower, upper), done, trimming)
    made = made or _untouched(base, index)
    made = replace(
        made,
        again=partial(_again, plan, base),
        steps=(*made.steps, step),
        trimming=trimming,
    )
    # Where nothing was cut, the weights still meet what they met.
    return made if done.weight is base.weight else _with(made, plan, done)


def _again(plan: _Plan, base: Base, start: Floats) -> Floats:
    """Make the weights again from other start weights."""
    return _trim(plan, mean_one(before(base, start))).weight


def _with(made: Weighting, plan: _Plan, done: _Done) -> Weighting:
    """Put trimmed weights in the place of those before."""
    index, kept = made.weight.index, plan.fitted is not None
    return replace(
        made,
        weight=pd.Series(done.weight, index=index, name="weight"),
        base_weight=pd.Series(done.base_weight, index=index, name="base_weight"),
        margins=made.margins if kept else (),
        totals=made.totals if kept else (),
        passes=done.passes,
        gap=done.gap,
        start_weight=made.start,
    )


def _untouched(base: Base, index: pd.Index) -> Weighting:
    """Give weights of a file as weights that meet nothing."""
    series = pd.Series(base.weight, index=index, name="weight")
    start = pd.Series(base.start, index=index, name="start_weight")
    return Weighting(
        series, series.rename("base_weight"), (), 0, 0.0, start_weight=start
    )


def _trim(plan: _Plan, weight: Floats) -> _Done:
    """Trim weights (n,) of mean 1, those of 0 apart."""
    used = weight > 0
    outcomes = None if plan.outcomes is None else plan.outcomes[used]
    limits = find_limits(weight[used], plan.rule, plan.given, outcomes)
    if not (limits.below(weight[used]) | limits.above(weight[used])).any():
        return _Done(weight, weight, limits)
    if plan.fitted is None:
        after = np.zeros_like(weight)
        after[used] = trimmed(weight[used], limits, strict=plan.strict)
        return _Done(after, weight, limits)
    check_room(limits)
    clipped = np.clip(weight, limits.lower, limits.upper)
    cut = mean_one(np.where(used, clipped, 0.0))
    fitted, passes, gap = _fitted(plan, plan.fitted, cut, limits)
    return _Done(fitted, cut, limits, passes, gap)


def _fitted(
    plan: _Plan, made: Weighting, cut: Floats, limits: Limits
) -> tuple[Floats, int, float]:
    """Fit weights that were cut to what they met, within the limits."""
    try:
        return fit_within(
            cut,
            made.margins,
            made.totals,
            distance=plan.distance,
            weight_limits=(max(limits.lower, 0.0), limits.upper),
            tolerance=plan.tolerance,
        )
    except RakingError as problem:
        if plan.rule == "absolute":
            raise
        raise RakingError(
            f"rule {plan.rule!r} limits the weights, whose mean is 1, to "
            f"{said(limits)}.\n{problem}"
        ) from None


def _check_sign(weight: Floats) -> None:
    """Refuse weights below 0."""
    negative = int((weight < 0).sum())
    if negative:
        raise WeightingError(
            f"{negative} of {weight.size} weights are negative. Calibrate with limits "
            "or with the raking distance, then trim."
        )


def _check_distance(distance: str) -> None:
    """Refuse a distance that cannot be cut off at a cap."""
    if distance not in _CUT_OFF:
        raise WeightingError(
            f"distance {distance!r} cannot keep a cap that weights are at. Choose one "
            f"of {some(_CUT_OFF)}."
        )


def _index(weights: object) -> pd.Index:
    """Give the ids of weights, and refuse what has none."""
    if isinstance(weights, Weighting):
        return weights.weight.index
    if isinstance(weights, pd.Series):
        return weights.index
    raise WeightingError(
        f"weights are a {type(weights).__name__}. Give a Weighting, or a Series with "
        "the ids of the respondents as its index."
    )


def _trimming(rule: str, weight: Floats, done: _Done) -> Trimming:
    """Say in numbers what was done to weights (n,)."""
    used = weight > 0
    lower, upper = done.limits.lower, done.limits.upper
    return Trimming(
        rule,
        None if np.isinf(lower) else lower,
        None if np.isinf(upper) else upper,
        int(done.limits.below(weight[used]).sum()),
        int(done.limits.above(weight[used]).sum()),
        float(np.abs(done.weight - weight).sum() / (2 * weight.sum())),
        effective_base(weight),
        effective_base(done.weight),
    )


def _in_words(
    plan: _Plan,
    given: tuple[float | None, float | None],
    done: _Done,
    trimming: Trimming,
) -> str:
    """Say in one sentence what was done."""
    low, high = trimming.trimmed_low, trimming.trimmed_high
    read = [
        f"{side} {limit:g}"
        for side, limit in zip(("lower", "upper"), given, strict=True)
        if limit is not None
    ]
    if plan.rule == "potter":
        read = ["inverse beta" if plan.outcomes is None else "smallest error of means"]
    text = f"Trimming ({plan.rule}: {', '.join(read)}), limits {said(done.limits)}: "
    if not low + high:
        return text + "no weight was outside."
    if plan.fitted is not None:
        text += "fitted to the margins again with these limits; "
    return (
        f"{text}{high} weights were above and {low} below; {trimming.moved:.1%} of the "
        f"sum of the weights moved; effective base "
        f"{trimming.base_effective_before:.1f} before, "
        f"{trimming.base_effective_after:.1f} after."
    )

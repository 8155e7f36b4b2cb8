"""Trimming rules: which weights are too large, and who takes what is cut off.

All weights here are above 0 and have mean 1; the sum of the weights is kept.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray
from scipy.special import betaincinv

from survey.errors import RakingError

Floats = NDArray[np.float64]
Rule = Literal["absolute", "median", "quantile", "potter"]

# Weights that differ from a limit by rounding are at the limit.
_SLACK = 1e-12
# Quantiles of the weights that are tried as caps, from no trimming down.
_LEVELS = np.linspace(1.0, 0.8, 41)


@dataclass(frozen=True, slots=True)
class Limits:
    """Smallest and largest weight allowed; infinite where there is none."""

    lower: float = -np.inf
    upper: float = np.inf

    def below(self, weight: Floats) -> NDArray[np.bool_]:
        """Weights that are too small (n,)."""
        return np.asarray(weight < self.lower * (1 - _SLACK))

    def above(self, weight: Floats) -> NDArray[np.bool_]:
        """Weights that are too large (n,)."""
        return np.asarray(weight > self.upper * (1 + _SLACK))


def find_limits(
    weight: Floats,
    rule: Rule,
    given: tuple[float | None, float | None],
    outcomes: Floats | None = None,
) -> Limits:
    """Turn what was given for a rule into the smallest and largest weight.

    Parameters
    ----------
    weight : float array (n,)
        Weights above 0 with mean 1.
    rule : {"absolute", "median", "quantile", "potter"}
        How `given` is read.
    given : tuple of two numbers or None
        Lower and upper: weights, ratios to the median weight or quantiles (0 to 1).
    outcomes : float array (n, K), optional
        Outcomes that Potter's procedure looks at; NaN where missing.

    Returns
    -------
    Limits
        In units of the weights.

    Examples
    --------
    >>> find_limits(np.array([0.5, 0.5, 2.0]), "median", (None, 3.0)).upper
    1.5
    """
    if rule == "potter" and outcomes is not None:
        return Limits(upper=least_error_cap(weight, outcomes))
    if rule == "potter":
        return Limits(upper=inverse_beta_cap(weight))
    lower, upper = (None if g is None else _in_weights(weight, rule, g) for g in given)
    return Limits(
        -np.inf if lower is None else lower, np.inf if upper is None else upper
    )


def _in_weights(weight: Floats, rule: Rule, given: float) -> float:
    """Give a limit in units of the weights."""
    if rule == "median":
        return given * float(np.median(weight))
    return float(np.quantile(weight, given)) if rule == "quantile" else given


def trimmed(weight: Floats, limits: Limits, *, strict: bool = True) -> Floats:
    """Cut weights to their limits and share what was cut off among the others.

    Parameters
    ----------
    weight : float array (n,)
        Weights above 0 with mean 1.
    limits : Limits
        Smallest and largest weight.
    strict : bool, default True
        Share until no weight is outside; once when False, after which weights that
        took a share may be outside.

    Returns
    -------
    float array (n,)
        Weights with the same sum.

    Raises
    ------
    RakingError
        Every weight would be trimmed.

    Notes
    -----
    All weights that were not cut get the same share, as in ``trimWeights`` of R
    `survey` [1]_. Its rounds after the first only ever add (or only ever take), so
    their end is found at once: one amount is added to every weight, up to the limit.

    References
    ----------
    .. [1] Lumley (2010), Complex Surveys, section 7.

    Examples
    --------
    The largest weight gives 0.6 to the three others.

    >>> trimmed(np.array([0.4, 0.6, 0.8, 2.2]), Limits(upper=1.6)).round(3).tolist()
    [0.6, 0.8, 1.0, 1.6]
    """
    outside = limits.below(weight) | limits.above(weight)
    if not outside.any():
        return weight
    if outside.all():
        raise RakingError(
            f"all {weight.size} weights are outside the limits {said(limits)}, so "
            "nobody is left to take what is cut off. Choose wider limits."
        )
    if strict:
        check_room(limits)
    cut = np.clip(weight, limits.lower, limits.upper)
    cut[~outside] += (weight - cut).sum() / np.count_nonzero(~outside)
    if strict and limits.above(cut).any():
        return _levelled(cut, limits.upper)
    if strict and limits.below(cut).any():
        return -_levelled(-cut, -limits.lower)
    return cut


def check_room(limits: Limits) -> None:
    """Refuse limits that weights of mean 1 cannot keep.

    Parameters
    ----------
    limits : Limits
        Smallest and largest weight.

    Raises
    ------
    RakingError
        The mean weight is outside.
    """
    if limits.lower <= 1 <= limits.upper:
        return
    side = "upper" if limits.upper < 1 else "lower"
    raise RakingError(
        f"the mean weight is 1 and outside the limits {said(limits)}, so every weight "
        f"would be trimmed. Move the {side} limit to the other side of 1."
    )


def said(limits: Limits) -> str:
    """Say limits in words.

    Parameters
    ----------
    limits : Limits
        Smallest and largest weight.

    Returns
    -------
    str
        Such as ``"0.3 to 3"``.

    Examples
    --------
    >>> said(Limits(0.25, 3)), said(Limits(upper=2.5))
    ('0.25 to 3', 'up to 2.5')
    """
    if np.isinf(limits.lower) and np.isinf(limits.upper):
        return "none"
    if np.isinf(limits.lower):
        return f"up to {limits.upper:.4g}"
    if np.isinf(limits.upper):
        return f"from {limits.lower:.4g}"
    return f"{limits.lower:.4g} to {limits.upper:.4g}"


def _levelled(weight: Floats, upper: float) -> Floats:
    """Add one amount to all weights, none above the cap, so that the sum is kept."""
    room = np.sort(upper - weight)
    left = np.arange(room.size, 0, -1)
    filled = np.concatenate([[0.0], np.cumsum(room)[:-1]])
    amount = -filled / left
    fits = amount <= room
    # A cap at the mean leaves everyone at the cap, but for rounding.
    fits[-1] = True
    return np.asarray(np.minimum(weight + amount[int(np.argmax(fits))], upper))


def inverse_beta_cap(weight: Floats, tail: float = 0.01) -> float:
    """Give the weight that one in a hundred exceeds when weights are inverse beta.

    Parameters
    ----------
    weight : float array (n,)
        Weights above 0 with mean 1.
    tail : float, default 0.01
        Probability of a larger weight.

    Returns
    -------
    float
        Cap; infinite when all weights are equal.

    Notes
    -----
    ``1 / (n w)`` is taken as beta distributed; its two parameters follow from the mean
    and the variance of the weights [1]_.

    References
    ----------
    .. [1] Potter (1990), Proceedings of the Section on Survey Research Methods,
       American Statistical Association, 225-230.

    Examples
    --------
    Mean 1 and variance 0.5 give the parameters 3 and 2, whose distribution function
    is ``4 x^3 - 3 x^4``.

    >>> x = 1 / (2 * inverse_beta_cap(np.array([0.5, 1.5])))
    >>> round(4 * x**3 - 3 * x**4, 12)
    0.01
    """
    n = weight.size
    variance = float(weight.var(ddof=1)) if n > 1 else 0.0
    if not variance > _SLACK:
        return float("inf")
    mean = float(weight.mean())
    ratio = mean * (n * mean - 1) / (n * variance)
    smallest = betaincinv(ratio + 2, (n * mean - 1) * (ratio + 1), tail)
    return float(1 / (n * smallest))


def least_error_cap(weight: Floats, outcomes: Floats) -> float:
    """Give the cap under which means have the smallest mean squared error.

    Parameters
    ----------
    weight : float array (n,)
        Weights above 0 with mean 1.
    outcomes : float array (n, K)
        Numbers whose means are of interest; NaN where missing.

    Returns
    -------
    float
        One of 41 quantiles of the weights, from 0.8 to 1; infinite when no trimming
        is best.

    Notes
    -----
    The mean squared error of a mean under trimmed weights is estimated by
    ``d^2 - v + 2 sqrt(v t)``: `d` is the change of the mean, `v` and `t` are the
    variances without and with trimming, and the two means are taken as perfectly
    correlated [1]_. It is divided by `v` and averaged over the outcomes.

    References
    ----------
    .. [1] Potter (1990), Proceedings of the Section on Survey Research Methods,
       American Statistical Association, 225-230.

    Examples
    --------
    Where the large weights have another answer than the others, trimming costs more
    than it saves; where the answer has nothing to do with the weights, it saves.

    >>> weight = np.repeat([0.8, 2.8], [90, 10])
    >>> least_error_cap(weight, (weight[:, None] > 1).astype(float))
    inf
    >>> round(least_error_cap(weight, np.tile([[0.0], [1.0]], (50, 1))), 2)
    1.99
    """
    caps = np.unique(np.quantile(weight, _LEVELS))[::-1]
    caps = caps[caps > 1 + _SLACK]
    errors = [1.0, *(_relative_error(weight, cap, outcomes) for cap in caps[1:])]
    best = int(np.argmin(errors))
    return float(caps[best]) if best else float("inf")


def _relative_error(weight: Floats, cap: float, outcomes: Floats) -> float:
    """Estimate the mean squared error under a cap, that without trimming being 1."""
    after = trimmed(weight, Limits(upper=cap))
    errors = []
    for outcome in outcomes.T:
        known = ~np.isnan(outcome)
        mean, variance = _mean_and_variance(outcome[known], weight[known])
        other, trimmed_variance = _mean_and_variance(outcome[known], after[known])
        error = (other - mean) ** 2 - variance
        error += 2 * np.sqrt(variance * trimmed_variance)
        # A replicate may hold one value only, whose mean no weight can change.
        errors.append(error / variance if variance > 0 else 1.0)
    return float(np.mean(errors))


def _mean_and_variance(outcome: Floats, weight: Floats) -> tuple[float, float]:
    """Give a weighted mean and its variance by linearisation."""
    n = outcome.size
    if n < 2:  # noqa: PLR2004 - one respondent has no variance
        return 0.0, 0.0
    share = weight / weight.sum()
    mean = float(share @ outcome)
    return mean, float(share**2 @ (outcome - mean) ** 2) * n / (n - 1)

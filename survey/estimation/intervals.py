"""Confidence intervals of shares, defined at 0 % and 100 % as well.

An interval is missing only where the base has fewer than two respondents or the
design leaves no degrees of freedom.
"""

from dataclasses import dataclass, field
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some

Floats = NDArray[np.float64]
IntervalMethod = Literal[
    "logit", "wilson", "beta", "arcsine", "likelihood", "xlogit", "wald"
]

# Newton's steps double the digits; those from far away take a few steps more.
_MOST_STEPS = 60
_SMALL_STEP = 1e-13


@dataclass(frozen=True, slots=True, eq=False)
class Interval:
    """Ends of intervals, arrays of one shape; NaN where there is none."""

    low: Floats
    high: Floats


@dataclass(frozen=True, slots=True, eq=False)
class Precision:
    """How much is known about a column: arrays that broadcast with the estimates.

    Attributes
    ----------
    base : float array
        Respondents, unweighted.
    base_effective : float array
        Effective base (sum of w)^2 / sum of w^2.
    degrees_of_freedom : float array
        PSUs minus strata.
    lost : float array
        Replicates without a respondent in the column.
    """

    base: Floats
    base_effective: Floats
    degrees_of_freedom: Floats
    lost: Floats = field(default_factory=lambda: np.zeros(()))

    def of(self, place: int | NDArray[np.intp]) -> "Precision":
        """Take lines of the arrays."""
        return Precision(
            self.base[place],
            self.base_effective[place],
            self.degrees_of_freedom[place],
            self.lost[place] if self.lost.ndim else self.lost,
        )

    @property
    def known(self) -> NDArray[np.bool_]:
        """Whether there are two respondents and a degree of freedom."""
        return (self.base >= 2) & (self.degrees_of_freedom >= 1)  # noqa: PLR2004 - two respondents make a variance


def check_interval(method: str, conf_level: float) -> None:
    """Refuse an unknown method or a confidence level outside 0 to 1.

    Parameters
    ----------
    method : str
        Name of the method.
    conf_level : float
        Confidence level.

    Raises
    ------
    EstimationError
        One of the two cannot be used.
    """
    if method not in get_args(IntervalMethod):
        raise EstimationError(
            f"interval {method!r} is not known. "
            f"Use one of {some(get_args(IntervalMethod))}."
        )
    if not 0 < conf_level < 1:
        raise EstimationError(
            f"conf_level is {conf_level}; it must lie between 0 and 1, such as 0.95."
        )


def share_interval(
    share: Floats,
    std_error: Floats,
    precision: Precision,
    *,
    method: str = "logit",
    conf_level: float = 0.95,
) -> Interval:
    """Give confidence intervals of shares.

    Parameters
    ----------
    share, std_error : float arrays
        Shares, 0 to 1, and their standard errors.
    precision : Precision
        Bases and degrees of freedom.
    method : {"logit", "wilson", "beta", "arcsine", "likelihood", "xlogit", "wald"}
        How the interval is made. ``xlogit`` is another name for ``logit``.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    Interval
        Low and high ends, 0 to 1; those of ``wald`` may lie outside.

    Notes
    -----
    ``logit``, ``arcsine`` and ``wald`` use the t distribution. ``likelihood`` holds
    the shares whose deviance, divided by the design effect, is at most the square of
    the t quantile [3]_; ``svyciprop`` of R `survey` reads the same ends off a curve
    through some points of the deviance, which agrees to about 2e-5. ``wilson`` and
    ``beta`` [1]_ use the effective base ``p (1 - p) / variance``, made smaller by
    ``(t(n - 1) / t(df))^2`` as [2]_ propose. At exactly 0 % and 100 % the variance is
    0 and every method gives the Clopper-Pearson interval on the effective base of
    the weights (Kish), made smaller in the same way.

    References
    ----------
    .. [1] Korn and Graubard (1998), Survey Methodology 24(2), 193-201.
    .. [2] Dean and Pagano (2015), Journal of Survey Statistics and Methodology
       3(4), 484-503.
    .. [3] Rao and Scott (1984), Annals of Statistics 12(1), 46-60.

    Examples
    --------
    Nobody of 30: the high end is 1 - 0.025 ** (1 / 30).

    >>> thirty = Precision(np.array(30.0), np.array(30.0), np.array(29.0))
    >>> nobody = share_interval(np.array(0.0), np.array(0.0), thirty)
    >>> float(nobody.low), round(float(nobody.high), 4)
    (0.0, 0.1157)
    """
    tail = (1 - conf_level) / 2
    known = precision.known
    df = np.where(known, precision.degrees_of_freedom, 1.0)
    quantile = _t_quantile(df, 1 - tail)
    shrink = _t_quantile(np.maximum(precision.base - 1, 1.0), 1 - tail) / quantile
    inner = np.where((share > 0) & (share < 1), share, 0.5)
    if method == "likelihood":
        ends = _likelihood(inner, std_error, quantile, precision.base)
    else:
        ends = _ends(method, inner, std_error, quantile, shrink**2, tail)
    # Without a standard error (a census, a margin) the share is known exactly.
    exact = std_error == 0
    low, high = (np.where(exact, share, end) for end in (ends.low, ends.high))
    # Clopper-Pearson at 0 % and 100 % has a closed form.
    effective = precision.base_effective * shrink**2
    reach = tail ** (1 / np.where(effective > 0, effective, np.nan))
    low = np.where(share <= 0, 0.0, np.where(share >= 1, reach, low))
    high = np.where(share >= 1, 1.0, np.where(share <= 0, 1 - reach, high))
    return Interval(np.where(known, low, np.nan), np.where(known, high, np.nan))


def t_interval(
    estimate: Floats, std_error: Floats, precision: Precision, conf_level: float
) -> Interval:
    """Give the interval estimate plus and minus t standard errors.

    Parameters
    ----------
    estimate, std_error : float arrays
        Means or totals, and their standard errors.
    precision : Precision
        Bases and degrees of freedom.
    conf_level : float
        Confidence level.

    Returns
    -------
    Interval
        Low and high ends, in the unit of the estimate.

    Examples
    --------
    >>> many = Precision(np.array(1e9), np.array(1e9), np.array(1e9))
    >>> round(float(t_interval(np.array(10.0), np.array(1.0), many, 0.95).low), 2)
    8.04
    """
    df = np.where(precision.known, precision.degrees_of_freedom, np.nan)
    half = special.stdtrit(df, (1 + conf_level) / 2) * std_error
    return Interval(estimate - half, estimate + half)


def _t_quantile(df: Floats, level: float) -> Floats:
    """Give a quantile of the t distribution."""
    return np.asarray(special.stdtrit(df, level), dtype=np.float64)


def _ends(
    method: str,
    share: Floats,
    std_error: Floats,
    quantile: Floats,
    shrink: Floats,
    tail: float,
) -> Interval:
    """Give the ends for shares strictly between 0 and 1."""
    if method == "wald":
        half = quantile * std_error
        return Interval(share - half, share + half)
    if method == "arcsine":
        return _arcsine(share, std_error, quantile)
    if method in ("logit", "xlogit"):
        half = quantile * std_error / (share * (1 - share))
        centre = special.logit(share)
        return Interval(special.expit(centre - half), special.expit(centre + half))
    variance = np.where(std_error > 0, std_error**2, 1.0)
    effective = share * (1 - share) / variance * shrink
    if method == "beta":
        return _clopper_pearson(share, effective, tail)
    return _wilson(share, effective, float(special.ndtri(1 - tail)))


def _arcsine(share: Floats, std_error: Floats, quantile: Floats) -> Interval:
    """Give the interval on the scale of the arcsine of the root."""
    half = quantile * std_error / (2 * np.sqrt(share * (1 - share)))
    centre = np.arcsin(np.sqrt(share))
    # Beyond the quarter turn the sine comes back down.
    low = np.maximum(centre - half, 0.0)
    high = np.minimum(centre + half, np.pi / 2)
    return Interval(np.sin(low) ** 2, np.sin(high) ** 2)


def _likelihood(
    share: Floats, std_error: Floats, quantile: Floats, base: Floats
) -> Interval:
    """Give the shares whose deviance is small enough.

    R calls the deviance per respondent ``2 (p log(p / x) + (1 - p) log((1 - p) /
    (1 - x)))`` and allows ``t^2 n V / ((n - 1) p (1 - p))``, where n / (n - 1) is its
    dispersion.
    """
    centre = special.logit(share)
    n = np.maximum(base, 2.0)
    error = np.where(np.isnan(std_error), 0.0, std_error)
    allowed = (quantile * error) ** 2 * n / ((n - 1) * share * (1 - share))
    half = np.sqrt(allowed / (share * (1 - share)))
    least = np.logaddexp(0.0, centre) - share * centre + allowed / 2
    low, high = (
        np.where(np.isnan(std_error), np.nan, special.expit(_solve(end, share, least)))
        for end in (centre - half, centre + half)
    )
    return Interval(low, high)


def _solve(logit: Floats, share: Floats, least: Floats) -> Floats:
    """Find where the deviance, convex in the logit, is as allowed (Newton)."""
    for _ in range(_MOST_STEPS):
        excess = np.logaddexp(0.0, logit) - share * logit - least
        slope = special.expit(logit) - share
        flat = slope == 0
        step = np.where(flat, 0.0, excess / np.where(flat, 1.0, slope))
        logit = logit - step
        if np.all(np.abs(step) <= _SMALL_STEP * (1 + np.abs(logit))):
            break
    return logit


def _clopper_pearson(share: Floats, effective: Floats, tail: float) -> Interval:
    """Give the exact binomial interval for an effective base."""
    yes, no = effective * share, effective * (1 - share)
    low = special.betaincinv(np.maximum(yes, 1e-300), no + 1, tail)
    high = special.betaincinv(yes + 1, np.maximum(no, 1e-300), 1 - tail)
    return Interval(np.where(yes > 0, low, 0.0), np.where(no > 0, high, 1.0))


def _wilson(share: Floats, effective: Floats, quantile: float) -> Interval:
    """Give the score interval for an effective base."""
    square = quantile**2 / effective
    centre = (share + square / 2) / (1 + square)
    half = np.sqrt(square * (share * (1 - share) + square / 4)) / (1 + square)
    return Interval(centre - half, centre + half)

"""Which changes have an arrow, and how small a change could have been found."""

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.study.model import ReportPlan

Floats = NDArray[np.float64]
# 0.30 - 0.25 is a little less than 0.05.
_DIGIT = 1e-12


def levels_of(plan: ReportPlan) -> tuple[float, float]:
    """Give the levels of the arrows, the stricter one first."""
    return plan.changes.levels or plan.levels


def smallest_of(plan: ReportPlan) -> float:
    """Give the smallest change of a share that has an arrow."""
    own = plan.changes.min_difference
    return plan.min_difference if own is None else own


def arrow_levels(
    difference: Floats,
    p_adjusted: Floats,
    levels: tuple[float, float],
    smallest: float | Floats,
) -> NDArray[np.intp]:
    """Decide which changes have an arrow.

    Parameters
    ----------
    difference, p_adjusted : float arrays (G,)
        Changes; NaN where nothing was tested.
    levels : (float, float)
        The stricter and the looser level.
    smallest : float or float array (G,)
        Smallest difference worth an arrow.

    Returns
    -------
    int array (G,)
        0 no arrow, 1 at the looser level, 2 at the stricter one.

    Examples
    --------
    >>> p = np.array([0.01, 0.07, 0.2, np.nan, 0.01])
    >>> change = np.array([0.1, -0.1, 0.1, 0.1, 0.02])
    >>> arrow_levels(change, p, (0.05, 0.10), 0.05).tolist()
    [2, 1, 0, 0, 0]
    """
    enough = np.abs(difference) >= np.asarray(smallest) - _DIGIT
    found = (p_adjusted < max(levels)).astype(np.intp) + (p_adjusted < min(levels))
    return np.where(enough, found, 0).astype(np.intp)


def detectable_change(
    std_error: Floats, degrees: Floats, level: float, power: float
) -> Floats:
    """Give the smallest change that a test would find with a stated chance.

    Parameters
    ----------
    std_error : float array
        Standard error of the difference.
    degrees : float array
        Degrees of freedom.
    level : float
        Level of the two-sided test, without adjustment for many tests.
    power : float
        Chance of finding it, 0 to 1.

    Returns
    -------
    float array
        In the unit of the difference; NaN where there is no standard error.

    Notes
    -----
    The standard error times the sum of two t quantiles, that of ``1 - level / 2`` and
    that of the power [1]_. The standard error is that of the difference found, with
    weights, design and units in both waves.

    References
    ----------
    .. [1] Bloom (1995), Minimum detectable effects, Evaluation Review 19(5), 547-556.

    Examples
    --------
    With many degrees of freedom the factor is 1.960 + 0.842.

    >>> float(detectable_change(np.array(0.02), np.array(1e9), 0.05, 0.8).round(4))
    0.056
    """
    factor = special.stdtrit(degrees, 1 - level / 2) + special.stdtrit(degrees, power)
    return np.asarray(std_error * factor, dtype=np.float64)

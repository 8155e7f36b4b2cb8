"""Variances and design effects of estimators that bring one score per respondent.

Where nothing varies the variance is 0, not the last digit of a sum.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.influence import covariance_of

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# A variance that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


def inverse(values: Floats) -> Floats:
    """Give 1 / value, and 0 for 0.

    Parameters
    ----------
    values : float array
        Sums of weights or of numbers.

    Returns
    -------
    float array
        Same shape.

    Examples
    --------
    >>> inverse(np.array([4.0, 0.0])).tolist()
    [0.25, 0.0]
    """
    return np.divide(1.0, values, out=np.zeros_like(values), where=values != 0)


def variances(
    design: ResolvedDesign,
    scores: Floats,
    inside: Bools,
    estimate: Callable[[Floats], Floats],
) -> Floats:
    """Give the design-based variance of T estimates, 0 where it is rounding error.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent.
    inside : bool array (n, T)
        Who is in the base of which estimate.
    estimate : callable
        Gives the T estimates from weights (n,).

    Returns
    -------
    float array (T,)
        Variances.
    """
    variance = np.diagonal(covariance_of(design, scores, estimate, inside))
    gross = np.einsum("nt,nt->t", scores, scores)
    nothing = (gross == 0) | (variance <= _ROUNDING * gross)
    return np.where(nothing, 0.0, variance)


def design_effects(
    design: ResolvedDesign, scores: Floats, inside: Bools, variance: Floats
) -> Floats:
    """Divide variances by those of simple random sampling with replacement.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent.
    inside : bool array (n, T)
        Who is in the base of which estimate.
    variance : float array (T,)
        Design-based variances.

    Returns
    -------
    float array (T,)
        Design effects; that of the weights (Kish) where all influences are the same,
        and NaN for fewer than two respondents.

    Examples
    --------
    Two respondents with influences -1 / 4 and 1 / 4, and weights of 1.

    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(2)))
    >>> both, scores = np.ones((2, 1), bool), np.array([[-0.25], [0.25]])
    >>> design_effects(design, scores, both, np.array([0.25]))
    array([1.])
    """
    influence = scores * inverse(design.weight)[:, None]
    count = inside.sum(axis=0)
    per = inverse(design.weight @ inside)
    square = np.einsum("nt,nt->t", scores, influence) * per
    spread = square - (scores.sum(axis=0) * per) ** 2
    spread = np.where(spread > _ROUNDING * square, spread, 0.0)
    n = np.where(count > 1, count, np.nan)
    simple = spread * inverse(per) ** 2 / (n - 1)
    kish = n * (design.weight2 @ inside) * per**2
    return np.where(simple > 0, variance / np.where(simple > 0, simple, 1.0), kish)

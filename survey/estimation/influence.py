"""Influence: the covariance of any estimator, from one score per respondent.

An estimator that is not a table (a ratio, a quantile, a regression) brings its
scores, and a function of the weights for designs with replicate weights.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.sums import sum_by

Floats = NDArray[np.float64]


def covariance_of(
    design: ResolvedDesign, scores: Floats, estimate: Callable[[Floats], Floats]
) -> Floats:
    """Give the design-based covariance of T estimates.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent on every estimate; 0 for a
        respondent outside the domain.
    estimate : callable
        Gives the T estimates from weights (n,). It is called for every set of
        replicate weights, and not at all in a design without them.

    Returns
    -------
    float array (T, T)
        Covariance.
    """
    return influence_covariance(design, scores)


def influence_covariance(design: ResolvedDesign, scores: Floats) -> Floats:
    """Give the linearised covariance of sums of scores.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent.

    Returns
    -------
    float array (T, T)
        Covariance, as `covariance` gives it for tables.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.

    Examples
    --------
    A mean of four numbers: their variance 5 / 3, divided by 4.

    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(4)))
    >>> influence_covariance(design, (np.arange(4.0)[:, None] - 1.5) / 4).round(6)
    array([[0.416667]])
    """
    cells, strata = design.cells, design.strata
    scores = scores - _explained(design, scores)
    by_cell = sum_by(design.cell, scores, cells.stratum.size)
    psus = cells.psu_stratum.size
    shared = cells.psu < psus
    by_psu = sum_by(cells.psu[shared], by_cell[shared], psus)
    scale = strata.scale[cells.psu_stratum][:, None]
    result = by_psu.T @ (by_psu * scale)
    alone = cells.psu[design.cell] == psus
    own = scores[alone]
    scale = strata.scale[cells.stratum[design.cell[alone]]][:, None]
    result += own.T @ (own * scale)
    by_stratum = sum_by(cells.stratum, by_cell, strata.scale.size)
    result -= by_stratum.T @ (by_stratum * strata.centring[:, None])
    return np.asarray(result)


def _explained(design: ResolvedDesign, scores: Floats) -> Floats:
    """Give the part of the scores that the margins explain (n, T), or 0."""
    cells = design.cells
    if not cells.basis.shape[1]:
        return np.zeros((1, 1))
    group = cells.calibration[design.cell]
    sums = sum_by(group, scores, cells.ratio.size) / cells.ratio[:, None]
    explained = cells.basis @ (cells.basis.T @ sums)
    return np.asarray(explained[group] * design.weight[:, None])


def domain_degrees(design: ResolvedDesign, inside: NDArray[np.bool_]) -> int:
    """Count PSUs minus strata with a respondent in a domain.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    inside : bool array (n,)
        Respondents in the domain; those with weight 0 do not count.

    Returns
    -------
    int
        Degrees of freedom, as ``degf`` of the subset in R `survey`.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(4)))
    >>> domain_degrees(design, np.array([True, True, True, False]))
    2
    """
    cells = design.cells
    cell = design.cell[inside & design.used]
    psus = cells.psu_stratum.size
    alone = int((cells.psu[cell] == psus).sum())
    shared = np.unique(cells.psu[cell[cells.psu[cell] < psus]]).size
    return alone + shared - np.unique(cells.stratum[cell]).size

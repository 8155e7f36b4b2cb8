"""Influence: the covariance of any estimator, from one score per respondent.

An estimator that is not a table (a ratio, a quantile, a regression) brings its
scores, and a function of the weights for designs with replicate weights.
"""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.replicates import domain_replicate_degrees
from survey.estimation.sums import sum_by

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# In a design of several stages the last two nodes, units and strata, are those of
# the first stage, whose variance alone is averaged over strata.
_OF_FIRST_STAGE = 2


def covariance_of(
    design: ResolvedDesign,
    scores: Floats,
    estimate: Callable[[Floats], Floats],
    inside: Bools | None = None,
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
    inside : bool array (n, T), optional
        As for `influence_covariance`.

    Returns
    -------
    float array (T, T)
        Covariance.
    """
    replicates = design.replicates
    if replicates is None:
        return influence_covariance(design, scores, inside)
    # The multiples of a respondent are those of the design cell.
    by_replicate = [
        estimate(design.weight * replicates.factor[design.cell, place])
        for place in range(replicates.factor.shape[1])
    ]
    whole = np.asarray(estimate(design.weight), dtype=np.float64)
    return replicates.covariance(np.array(by_replicate, dtype=np.float64), whole)


def influence_covariance(
    design: ResolvedDesign, scores: Floats, inside: Bools | None = None
) -> Floats:
    """Give the linearised covariance of sums of scores.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent.
    inside : bool array (n, T), optional
        Who is in the base of which estimate, also with a score of 0: their strata
        share in an average. Those with a score when omitted.

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
    cells = design.cells
    factor = _averaging(design, scores != 0 if inside is None else inside)
    scores = unexplained(design, scores)
    by_cell = sum_by(design.cell, scores, cells.stratum.size)
    units = cells.unit_scale.size
    shared = cells.unit < units
    by_unit = sum_by(cells.unit[shared], by_cell[shared], units)
    result = by_unit.T @ (by_unit * cells.unit_scale[:, None])
    alone = cells.unit[design.cell] == units
    own = scores[alone]
    result += own.T @ (own * cells.scale[design.cell[alone]][:, None])
    later = np.zeros_like(result)
    for place, node in enumerate(cells.nodes, start=1):
        sums = sum_by(node.group, by_cell, node.factor.size)
        result += sums.T @ (sums * node.factor[:, None])
        if place == len(cells.nodes) - _OF_FIRST_STAGE:
            later, result = result, later
    return np.asarray(result * factor[:, None] * factor + later)


def unexplained(design: ResolvedDesign, scores: Floats) -> Floats:
    """Give scores less what the margins of the weights explain of them.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents.
    scores : float array (n, T)
        Weight times influence of every respondent.

    Returns
    -------
    float array (n, T)
        Residuals of the regression on the margins; the scores without margins.
    """
    return scores - _explained(design, scores)


def _averaging(design: ResolvedDesign, inside: Bools) -> Floats:
    """Give the root of the factor that strata with an averaged variance bring (T,)."""
    averaged = design.strata.averaged
    if not averaged.any():
        return np.ones(inside.shape[1])
    if design.cells.basis.shape[1]:
        present = np.ones((averaged.size, inside.shape[1]), dtype=bool)
    else:
        stratum = design.cells.stratum[design.cell]
        held = inside.astype(np.float64)
        present = sum_by(stratum, held, averaged.size) > 0
    counted = present[~averaged].sum(axis=0)
    factor = np.full(inside.shape[1], np.nan)
    np.divide(present.sum(axis=0), counted, out=factor, where=counted > 0)
    return np.asarray(np.sqrt(factor))


def _explained(design: ResolvedDesign, scores: Floats) -> Floats:
    """Give the part of the scores that the margins explain (n, T), or 0."""
    cells = design.cells
    if not cells.basis.shape[1]:
        return np.zeros((1, 1))
    group = cells.calibration[design.cell]
    sums = sum_by(group, scores, cells.ratio.size) / cells.ratio[:, None]
    explained = cells.basis @ (cells.basis.T @ sums)
    return np.asarray(explained[group] * design.weight[:, None])


def domain_degrees(design: ResolvedDesign, inside: Bools) -> int:
    """Count PSUs minus strata with a respondent in a domain.

    Parameters
    ----------
    design : ResolvedDesign
        Design of n respondents; with replicates the rank of their weights counts,
        less 1.
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
    if design.replicates is not None:
        held = np.zeros(cells.stratum.size, dtype=bool)
        held[cell] = True
        return domain_replicate_degrees(
            design.replicates, cells.weight, held, design.degrees_of_freedom
        )
    alone = int((cells.psu[cell] == cells.psus).sum())
    shared = np.unique(cells.psu[cell[cells.psu[cell] < cells.psus]]).size
    return alone + shared - np.unique(cells.stratum[cell]).size

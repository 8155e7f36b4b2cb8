"""Covariance of weighted sums of scores, one score for every row and column pattern.

Tests on a whole table need it: their scores are contrasts of the cells.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
from survey.estimation.replicate_tables import replicate_sums
from survey.estimation.replicates import Replicates
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]


def score_covariance(
    totals: CellTotals, layout: ColumnLayout, scores: Floats
) -> Floats:
    """Give the design-based covariance of sums of weight times score.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R exclusive rows.
    layout : ColumnLayout
        Columns over the design, by pattern.
    scores : float array (patterns, R, T)
        T scores of a respondent in the row and pattern; everyone else scores 0.

    Returns
    -------
    float array (T, T)
        Covariance, linearised as in `covariance`.

    Examples
    --------
    Two of four score 1 and the others 0: 4 / 3 times the squares about the mean.

    >>> import pandas as pd
    >>> from survey.estimation.answers import prepare
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import lay_out, total_column
    >>> from survey.estimation.totals import tally
    >>> from survey.responses.variable import Row, Variable
    >>> q = Variable("q", "", ("1", "2"), (Row("1", "", ("1",)),),
    ...              np.array([0, 1, 1, 0]), None, None, np.array([True] * 4))
    >>> layout = lay_out(total_column(4), resolve(None, pd.DataFrame(index=range(4))))
    >>> totals = tally(prepare(q, layout.design.used), layout)
    >>> score_covariance(totals, layout, np.ones((1, 1, 1))).round(6)
    array([[1.333333]])
    """
    cells = layout.design.cells
    size = cells.ratio.size
    flat = scores.reshape(-1, scores.shape[-1])
    if layout.design.replicates is not None:
        return _replicated(layout.design.replicates, totals, layout, flat)
    explained = np.zeros((size, flat.shape[1]))
    if cells.basis.shape[1]:
        sums = _sums(totals.w, layout, cells.calibration[layout.cell], size)
        residual = sums @ flat / cells.ratio[:, None]
        explained = cells.basis @ (cells.basis.T @ residual)
    taken = explained[cells.calibration] * cells.weight[:, None]
    result = _alone(totals, layout, flat, explained)
    result += _clustered(totals, layout, flat, taken)
    for node in cells.nodes:
        groups = node.factor.size
        sums = _sums(totals.w, layout, node.group[layout.cell], groups) @ flat
        sums = sums - sum_by(node.group, taken, groups)
        result += sums.T @ (sums * node.factor[:, None])
    return result * _averaging(totals, layout)


def _replicated(
    replicates: Replicates, totals: CellTotals, layout: ColumnLayout, flat: Floats
) -> Floats:
    """Give the covariance of the sums over the replicates."""
    sums = replicate_sums(replicates, totals.w, layout)
    each = sums.reshape(len(sums), -1) @ flat
    whole = _sums(totals.w, layout, np.zeros_like(layout.cell), 1)[0] @ flat
    return replicates.covariance(each, whole)


def _sums(
    values: Floats, layout: ColumnLayout, group: NDArray[np.intp], groups: int
) -> Floats:
    """Add up by group, pattern and row: (groups, patterns x R)."""
    patterns = len(layout.columns.membership)
    summed = sum_by(group * patterns + layout.pattern, values, groups * patterns)
    return summed.reshape(groups, -1)


def _clustered(
    totals: CellTotals, layout: ColumnLayout, flat: Floats, taken: Floats
) -> Floats:
    """Sum products of the totals of units with several respondents."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    rows, units = totals.w.shape[1], cells.unit_scale.size
    unit = cells.unit[layout.cell]
    by_score = np.zeros((units, flat.shape[1]))
    # One pattern at a time, because units by patterns by rows may not fit.
    for pattern in range(patterns):
        pairs = (unit < units) & (layout.pattern == pattern)
        if not pairs.any():
            continue
        values = totals.w[pairs] @ flat[pattern * rows : (pattern + 1) * rows]
        by_score += sum_by(unit[pairs], values, units)
    shared = cells.unit < units
    by_score -= sum_by(cells.unit[shared], taken[shared], units)
    return np.asarray(by_score.T @ (by_score * cells.unit_scale[:, None]))


def _alone(
    totals: CellTotals, layout: ColumnLayout, flat: Floats, explained: Floats
) -> Floats:
    """Sum products of residuals of respondents who are their own unit."""
    cells = layout.design.cells
    alone = cells.unit[layout.cell] == cells.unit_scale.size
    scale = cells.scale[layout.cell] * alone
    group, groups = cells.calibration[layout.cell], cells.ratio.size
    squares = _sums(totals.w2 * scale[:, None], layout, group, groups)
    result = flat.T @ (flat * squares.sum(axis=0)[:, None])
    if not cells.basis.shape[1]:
        return np.asarray(result)
    everyone = np.bincount(group, weights=layout.weight2 * scale, minlength=groups)
    mixed = (squares @ flat).T @ explained
    inner = explained.T @ (explained * everyone[:, None])
    return np.asarray(result - mixed - mixed.T + inner)


def _averaging(totals: CellTotals, layout: ColumnLayout) -> float:
    """Give the factor that strata with an averaged variance bring."""
    averaged = layout.design.strata.averaged
    if not averaged.any():
        return 1.0
    present = np.ones(averaged.size, dtype=bool)
    if not layout.design.cells.basis.shape[1]:
        stratum = layout.design.cells.stratum[layout.cell]
        n = totals.base_n[:, 0]
        present = np.bincount(stratum, weights=n, minlength=averaged.size) > 0
    counted = int((present & ~averaged).sum())
    return float(present.sum() / counted) if counted else float("nan")

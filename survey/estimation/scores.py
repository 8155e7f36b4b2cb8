"""Covariance of weighted sums of scores, one score for every row and column pattern.

Tests on a whole table need it: their scores are contrasts of the cells.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
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
    cells, strata = layout.design.cells, layout.design.strata
    size = cells.ratio.size
    by_calibration = _sums(totals.w, layout, cells.calibration[layout.cell], size)
    flat = scores.reshape(-1, scores.shape[-1])
    residual = by_calibration @ flat / cells.ratio[:, None]
    explained = cells.basis @ (cells.basis.T @ residual)
    between = _sums(totals.w, layout, cells.stratum[layout.cell], strata.scale.size)
    taken = explained[cells.calibration] * cells.weight[:, None]
    stratum = between @ flat - sum_by(cells.stratum, taken, strata.scale.size)
    result = _alone(totals, layout, flat, explained)
    result += _clustered(totals, layout, flat, taken)
    result -= stratum.T @ (stratum * strata.centring[:, None])
    return result * _averaging(totals, layout)


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
    """Sum products of the totals of PSUs with several respondents."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    rows, psus = totals.w.shape[1], cells.psu_stratum.size
    inside = cells.psu[layout.cell] < psus
    by_score = np.zeros((psus, flat.shape[1]))
    # One pattern at a time, because PSUs by patterns by rows may not fit.
    for pattern in range(patterns):
        pairs = inside & (layout.pattern == pattern)
        if not pairs.any():
            continue
        values = totals.w[pairs] @ flat[pattern * rows : (pattern + 1) * rows]
        by_score += sum_by(cells.psu[layout.cell[pairs]], values, psus)
    shared = cells.psu < psus
    by_score -= sum_by(cells.psu[shared], taken[shared], psus)
    scale = layout.design.strata.scale[cells.psu_stratum]
    return np.asarray(by_score.T @ (by_score * scale[:, None]))


def _alone(
    totals: CellTotals, layout: ColumnLayout, flat: Floats, explained: Floats
) -> Floats:
    """Sum products of residuals of respondents who are their own PSU."""
    cells = layout.design.cells
    alone = cells.psu[layout.cell] == cells.psu_stratum.size
    scale = layout.design.strata.scale[cells.stratum[layout.cell]] * alone
    group, groups = cells.calibration[layout.cell], cells.ratio.size
    squares = _sums(totals.w2 * scale[:, None], layout, group, groups)
    everyone = np.bincount(group, weights=layout.weight2 * scale, minlength=groups)
    result = flat.T @ (flat * squares.sum(axis=0)[:, None])
    if not cells.basis.shape[1]:
        return np.asarray(result)
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
        present = (
            np.bincount(stratum, weights=totals.base_n, minlength=averaged.size) > 0
        )
    counted = int((present & ~averaged).sum())
    return float(present.sum() / counted) if counted else float("nan")

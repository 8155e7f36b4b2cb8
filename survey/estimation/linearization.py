"""Linearisation: variances and covariances from cell totals.

The residual of a respondent is the same inside a design cell, row and column, so
PSU totals and sums of squares follow from the totals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
from survey.estimation.sums import count_by, sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]

# Numbers held at a time while PSU totals are formed.
_BLOCK = 2_000_000
# A variance that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """Linearised residual ``(y - shift) * inverse`` inside a column, 0 outside.

    Attributes
    ----------
    shift : float array (R, C)
        Estimate that is taken off; 0 for a total.
    inverse : float array (C,)
        1 / sum of weights of the column; 1 for a total.
    """

    shift: Floats
    inverse: Floats


def covariance(totals: CellTotals, layout: ColumnLayout, residual: Residual) -> Floats:
    """Give the design-based covariance of the columns, row by row.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        C columns over the design.
    residual : Residual
        What every respondent contributes to each estimate.

    Returns
    -------
    float array (R, C, C)
        Covariances between the columns; the diagonal holds the variances.

    Notes
    -----
    Taylor linearisation [1]_ with PSUs drawn with replacement inside strata, or with
    the finite population correction of the first stage. After raking or calibration
    the residual is first regressed on the margins with base weights [2]_, as
    ``calibrate`` of R `survey` does. ``rake`` of R regresses without weights, in ten
    rounds; it gives the same when base weights are equal.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.
    .. [2] Deville and Sarndal (1992), JASA 87(418), 376-382.

    Examples
    --------
    Two of four chose the row: variance 0.5 * 0.5 / (4 - 1).

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
    >>> covariance(totals, layout, Residual(np.array([[0.5]]), np.array([0.25])))
    array([[[0.08333333]]])
    """
    rows, columns = residual.shift.shape
    if not rows:
        return np.zeros((0, columns, columns))
    explained = _explained(totals, layout, residual)
    gross = _pooled(totals, layout, residual, explained)
    gross += _clustered(totals, layout, residual, explained)
    net = gross - _between(totals, layout, residual, explained)
    diagonal = np.arange(net.shape[1])
    rounding = net[:, diagonal, diagonal] <= _ROUNDING * gross[:, diagonal, diagonal]
    net[rounding[:, :, None] | rounding[:, None, :]] = 0.0
    factor = np.sqrt(_averaging(totals, layout))
    return net * factor[:, None] * factor


def pattern_sums(
    totals: CellTotals, layout: ColumnLayout, group: NDArray[np.intp], groups: int
) -> Floats:
    """Add up ``w y`` and the base by group and pattern (groups, patterns, R + 1)."""
    patterns = len(layout.columns.membership)
    values = np.column_stack([totals.w, totals.base_w])
    summed = sum_by(group * patterns + layout.pattern, values, groups * patterns)
    return summed.reshape(groups, patterns, -1)


def _residual_totals(sums: Floats, layout: ColumnLayout, residual: Residual) -> Floats:
    """Turn sums by pattern (groups, patterns, R + 1) into residuals (groups, R, C)."""
    by_column = np.tensordot(sums, layout.columns.membership, axes=(1, 0))
    return (by_column[:, :-1] - residual.shift * by_column[:, -1:]) * residual.inverse


def _explained(totals: CellTotals, layout: ColumnLayout, residual: Residual) -> Floats:
    """Give the part of the residual that the margins explain (Q, R, C)."""
    cells = layout.design.cells
    group = cells.calibration[layout.cell]
    sums = pattern_sums(totals, layout, group, cells.ratio.size)
    residuals = _residual_totals(sums, layout, residual) / cells.ratio[:, None, None]
    return np.tensordot(
        cells.basis, np.tensordot(cells.basis, residuals, axes=(0, 0)), axes=(1, 0)
    )


def _explained_totals(
    layout: ColumnLayout, explained: Floats, group: NDArray[np.intp], groups: int
) -> Floats:
    """Add up the explained part over design cells by group (groups, R, C)."""
    cells = layout.design.cells
    if not cells.basis.shape[1]:
        return np.zeros((1, *explained.shape[1:]))
    flat = explained.reshape(len(explained), -1)[cells.calibration]
    summed = sum_by(group, flat * cells.weight[:, None], groups)
    return summed.reshape(groups, *explained.shape[1:])


def _between(
    totals: CellTotals, layout: ColumnLayout, residual: Residual, explained: Floats
) -> Floats:
    """Give what the stratum means take off (R, C, C)."""
    cells, strata = layout.design.cells, layout.design.strata
    groups = strata.scale.size
    sums = pattern_sums(totals, layout, cells.stratum[layout.cell], groups)
    total = _residual_totals(sums, layout, residual)
    total = total - _explained_totals(layout, explained, cells.stratum, groups)
    return _products(total * np.sqrt(strata.centring)[:, None, None])


def _products(values: Floats) -> Floats:
    """Sum products over the first axis: (m, R, C) to (R, C, C)."""
    by_row = np.ascontiguousarray(values.transpose(1, 0, 2))
    return np.asarray(by_row.transpose(0, 2, 1) @ by_row)


def _clustered(
    totals: CellTotals, layout: ColumnLayout, residual: Residual, explained: Floats
) -> Floats:
    """Sum products of the totals of PSUs with several respondents (R, C, C)."""
    rows, columns = residual.shift.shape
    psus = layout.design.cells.psu_stratum.size
    result = np.zeros((rows, columns, columns))
    step = max(1, _BLOCK // ((rows + 1) * max(columns, len(layout.columns.membership))))
    for start in range(0, psus, step):
        block = range(start, min(start + step, psus))
        result += _products(_psu_totals(totals, layout, residual, explained, block))
    return result


def _psu_totals(
    totals: CellTotals,
    layout: ColumnLayout,
    residual: Residual,
    explained: Floats,
    block: range,
) -> Floats:
    """Give scaled residual totals of a run of PSUs (PSUs, R, C)."""
    cells, strata = layout.design.cells, layout.design.strata
    pairs = _run(cells.psu[layout.cell], block)
    patterns = len(layout.columns.membership)
    group = (cells.psu[layout.cell[pairs]] - block.start) * patterns
    values = np.column_stack([totals.w[pairs], totals.base_w[pairs]])
    sums = sum_by(group + layout.pattern[pairs], values, len(block) * patterns)
    total = _residual_totals(sums.reshape(len(block), patterns, -1), layout, residual)
    if cells.basis.shape[1]:
        inside = _run(cells.psu, block)
        flat = explained.reshape(len(explained), -1)[cells.calibration[inside]]
        flat = flat * cells.weight[inside][:, None]
        summed = sum_by(cells.psu[inside] - block.start, flat, len(block))
        total = total - summed.reshape(total.shape)
    scale = strata.scale[cells.psu_stratum[block.start : block.stop]]
    return total * np.sqrt(scale)[:, None, None]


def _run(psu: NDArray[np.intp], block: range) -> slice:
    """Find a run of PSUs in a sorted array."""
    ends = np.searchsorted(psu, [block.start, block.stop])
    return slice(int(ends[0]), int(ends[1]))


def _pooled(
    totals: CellTotals, layout: ColumnLayout, residual: Residual, explained: Floats
) -> Floats:
    """Sum products of residuals of respondents who are their own PSU (R, C, C)."""
    rows, columns = residual.shift.shape
    cells = layout.design.cells
    alone = cells.psu[layout.cell] == cells.psu_stratum.size
    if not alone.any():
        return np.zeros((rows, columns, columns))
    moments = _moments(totals, layout, alone)
    patterns = len(layout.columns.membership)
    member = layout.columns.membership[:, None, :] * residual.inverse
    inside = explained[:, None] if cells.basis.shape[1] else np.zeros((1, 1, 1, 1))
    result = np.zeros((rows, columns, columns))
    for value, weight in _atoms(moments):
        by_pattern = weight.reshape(-1, patterns, rows)
        level = value.reshape(-1, patterns, rows)[..., None] - residual.shift
        error = member * level - inside
        error = error * np.sqrt(by_pattern)[..., None]
        result += _products(error.reshape(-1, rows, columns))
    if cells.basis.shape[1]:
        outside = (moments.everyone - moments.base).reshape(-1, patterns).sum(axis=1)
        root = np.sqrt(np.maximum(outside, 0.0))
        result += _products(explained * root[:, None, None])
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Sums of squared weights, scaled, by calibration cell x pattern (m)."""

    everyone: Floats
    base: Floats
    first: Floats
    second: Floats
    indicator: bool


def _moments(
    totals: CellTotals, layout: ColumnLayout, alone: NDArray[np.bool_]
) -> _Moments:
    """Add up squared weights over strata, scaled by the factor of the stratum."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    cell = layout.cell[alone]
    group = cells.calibration[cell] * patterns + layout.pattern[alone]
    scale = layout.design.strata.scale[cells.stratum[cell]][:, None]
    first, second = totals.w2[alone], totals.w2_square[alone]
    ends = np.column_stack([layout.weight2[alone], totals.base_w2[alone]])
    size = cells.ratio.size * patterns
    summed = sum_by(group, np.hstack([ends, first, second]) * scale, size)
    rows = first.shape[1]
    return _Moments(
        summed[:, 0],
        summed[:, 1],
        summed[:, 2 : 2 + rows],
        summed[:, 2 + rows :],
        totals.w2 is totals.w2_square,
    )


def _atoms(moments: _Moments) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Give two values and their weights with the same moments as the answers.

    A sum of squares sees two moments only, so two values stand for all answers: 1
    and 0 for an indicator, mean plus and minus standard deviation for numbers.
    """
    base = moments.base[:, None]
    if moments.indicator:
        rest = np.maximum(base - moments.first, 0.0)
        one = np.ones_like(rest)
        return (one, moments.first), (0.0 * one, rest)
    safe = np.where(base > 0, base, 1.0)
    mean = moments.first / safe
    square = moments.second / safe
    variance = square - mean**2
    spread = np.sqrt(np.where(variance > _ROUNDING * square, variance, 0.0))
    half = base / 2 + 0.0 * mean
    return (mean + spread, half), (mean - spread, half)


def _averaging(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Give the factor that strata with an averaged variance bring (C,)."""
    averaged = layout.design.strata.averaged
    columns = layout.columns.membership.shape[1]
    if not averaged.any():
        return np.ones(columns)
    if layout.design.cells.basis.shape[1]:
        present = np.ones((averaged.size, columns), dtype=bool)
    else:
        present = strata_present(totals, layout)
    counted = present[~averaged].sum(axis=0)
    factor = np.full(columns, np.nan)
    np.divide(present.sum(axis=0), counted, out=factor, where=counted > 0)
    return factor


def strata_present(totals: CellTotals, layout: ColumnLayout) -> NDArray[np.bool_]:
    """Say which strata have a respondent in the base of a column (H, C)."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    groups = layout.design.strata.scale.size
    key = cells.stratum[layout.cell] * patterns + layout.pattern
    n = count_by(key, groups * patterns, totals.base_n)
    in_column = n.reshape(groups, patterns) @ layout.columns.membership
    return np.asarray(in_column > 0)


def degrees_of_freedom(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count PSUs minus strata with a respondent in the base of a column.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        C columns over the design.

    Returns
    -------
    float array (C,)
        Degrees of freedom, as ``degf`` of the subset in R `survey`.
    """
    cells, member = layout.design.cells, layout.columns.membership
    psu, psus = cells.psu[layout.cell], cells.psu_stratum.size
    alone = psu == psus
    own = count_by(layout.pattern[alone], len(member), totals.base_n[alone])
    inside = member[layout.pattern[~alone]] * totals.base_n[~alone, None]
    shared = (sum_by(psu[~alone], inside, psus) > 0).sum(axis=0)
    strata = strata_present(totals, layout).sum(axis=0)
    return np.asarray(own @ member + shared - strata, dtype=np.float64)

"""Linearisation: variances and covariances from cell totals.

The residual of a respondent is the same inside a design cell, row and column, so
PSU totals and sums of squares follow from the totals.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.degrees import strata_present
from survey.estimation.layout import ColumnLayout
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]

# Numbers held at a time while PSU totals are formed.
_BLOCK = 400_000
# A variance that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """Linearised residual ``(y - shift) * inverse`` inside a column, 0 outside.

    Attributes
    ----------
    shift : float array (R, C)
        Estimate that is taken off; 0 for a total.
    inverse : float array (R, C)
        1 / sum of weights of the column in the base of the row; 1 for a total.
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
    >>> covariance(totals, layout, Residual(np.array([[0.5]]), np.array([[0.25]])))
    array([[[0.08333333]]])
    """
    rows, columns = residual.shift.shape
    if not rows:
        return np.zeros((0, columns, columns))
    explained = _explained(totals, layout, residual)
    nodes = [
        np.zeros((node.factor.size, *residual.shift.shape))
        for node in layout.design.cells.nodes
    ]
    gross = _pooled(totals, layout, residual, explained) + _clustered(
        totals, layout, residual, explained, nodes
    )
    net = gross + _between(totals, layout, residual, explained, nodes)
    diagonal = np.arange(net.shape[1])
    rounding = net[:, diagonal, diagonal] <= _ROUNDING * gross[:, diagonal, diagonal]
    net[rounding[:, :, None] | rounding[:, None, :]] = 0.0
    if not layout.design.strata.averaged.any():
        return net
    factor = np.sqrt(_averaging(totals, layout))[totals.base_of]
    return np.asarray(net * factor[:, :, None] * factor[:, None, :])


def _pattern_sums(
    totals: CellTotals,
    layout: ColumnLayout,
    inside: slice,
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up rows and bases by group and pattern (groups, patterns, G + R)."""
    patterns = len(layout.columns.membership)
    key = group[inside] * patterns + layout.pattern[inside]
    summed = sum_by(key, totals.w[inside], groups * patterns)
    return summed.reshape(groups, patterns, -1)


def _residual_totals(
    sums: Floats, totals: CellTotals, layout: ColumnLayout, residual: Residual
) -> Floats:
    """Turn sums by pattern (groups, patterns, G + R) into residuals (groups, R, C)."""
    by_column = np.tensordot(sums, layout.columns.membership, axes=(1, 0))
    base = by_column[:, totals.base_of]
    base *= residual.shift
    result = np.subtract(by_column[:, totals.bases :], base, out=base)
    result *= residual.inverse
    return result


def _explained(totals: CellTotals, layout: ColumnLayout, residual: Residual) -> Floats:
    """Give the part of the residual that the margins explain (Q, R, C)."""
    cells = layout.design.cells
    if not cells.basis.shape[1]:
        return np.zeros((cells.ratio.size, *residual.shift.shape))
    group = cells.calibration[layout.cell]
    sums = _pattern_sums(totals, layout, slice(None), group, cells.ratio.size)
    residuals = _residual_totals(sums, totals, layout, residual)
    residuals = residuals / cells.ratio[:, None, None]
    return np.tensordot(
        cells.basis, np.tensordot(cells.basis, residuals, axes=(0, 0)), axes=(1, 0)
    )


def _explained_totals(
    layout: ColumnLayout,
    explained: Floats,
    inside: NDArray[np.bool_],
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up the explained part over design cells by group (groups, R, C)."""
    cells = layout.design.cells
    if not cells.basis.shape[1]:
        return np.zeros((1, *explained.shape[1:]))
    flat = explained.reshape(len(explained), -1)[cells.calibration[inside]]
    summed = sum_by(group[inside], flat * cells.weight[inside][:, None], groups)
    return summed.reshape(groups, *explained.shape[1:])


def _between(
    totals: CellTotals,
    layout: ColumnLayout,
    residual: Residual,
    explained: Floats,
    nodes: list[Floats],
) -> Floats:
    """Give what strata take off, and what units of earlier stages add (R, C, C).

    `nodes` hold the totals of units with several respondents; the others are added.
    """
    cells = layout.design.cells
    rows, columns = residual.shift.shape
    result = np.zeros((rows, columns, columns))
    alone = slice(layout.shared, None)
    own = cells.unit == cells.unit_scale.size
    for node, total in zip(cells.nodes, nodes, strict=True):
        if layout.shared < layout.cell.size:
            groups = node.factor.size
            sums = _pattern_sums(totals, layout, alone, node.group[layout.cell], groups)
            np.add(total, _residual_totals(sums, totals, layout, residual), out=total)
            total -= _explained_totals(layout, explained, own, node.group, groups)
        result += _products(total, node.factor)
    return result


def _products(values: Floats, factor: Floats) -> Floats:
    """Sum products over the first axis, with factors: (m, R, C) to (R, C, C)."""
    by_row = np.ascontiguousarray(values.transpose(1, 2, 0))
    return np.asarray((by_row * factor) @ by_row.transpose(0, 2, 1))


def _clustered(
    totals: CellTotals,
    layout: ColumnLayout,
    residual: Residual,
    explained: Floats,
    nodes: list[Floats],
) -> Floats:
    """Sum products of the totals of units with several respondents (R, C, C).

    The totals are added to those of the `nodes` that the units belong to.
    """
    rows, columns = residual.shift.shape
    cells, units = layout.design.cells, layout.design.cells.unit_scale.size
    first = np.searchsorted(cells.unit, np.arange(units))
    result = np.zeros((rows, columns, columns))
    step = max(1, _BLOCK // ((rows + 1) * max(columns, len(layout.columns.membership))))
    for start in range(0, units, step):
        block = range(start, min(start + step, units))
        sums = _unit_totals(totals, layout, residual, explained, block)
        inside = slice(block.start, block.stop)
        result += _products(sums, cells.unit_scale[inside])
        flat = sums.reshape(len(sums), -1)
        for node, total in zip(cells.nodes, nodes, strict=True):
            group = node.group[first[inside]]
            total += sum_by(group, flat, node.factor.size).reshape(total.shape)
    return result


def _unit_totals(
    totals: CellTotals,
    layout: ColumnLayout,
    residual: Residual,
    explained: Floats,
    block: range,
) -> Floats:
    """Give residual totals of a run of units (units, R, C)."""
    cells = layout.design.cells
    pairs = _run(cells.unit[layout.cell], block)
    patterns = len(layout.columns.membership)
    group = (cells.unit[layout.cell[pairs]] - block.start) * patterns
    key = group + layout.pattern[pairs]
    sums = sum_by(key, totals.w[pairs], len(block) * patterns)
    sums = sums.reshape(len(block), patterns, -1)
    total = _residual_totals(sums, totals, layout, residual)
    if cells.basis.shape[1]:
        inside = _run(cells.unit, block)
        flat = explained.reshape(len(explained), -1)[cells.calibration[inside]]
        flat = flat * cells.weight[inside][:, None]
        summed = sum_by(cells.unit[inside] - block.start, flat, len(block))
        total = total - summed.reshape(total.shape)
    return total


def _run(unit: NDArray[np.intp], block: range) -> slice:
    """Find a run of units in a sorted array."""
    ends = np.searchsorted(unit, [block.start, block.stop])
    return slice(int(ends[0]), int(ends[1]))


def _pooled(
    totals: CellTotals, layout: ColumnLayout, residual: Residual, explained: Floats
) -> Floats:
    """Sum products of residuals of respondents who are their own unit (R, C, C)."""
    rows, columns = residual.shift.shape
    cells = layout.design.cells
    if layout.shared == layout.cell.size:
        return np.zeros((rows, columns, columns))
    moments = _moments(totals, layout)
    patterns = len(layout.columns.membership)
    member = layout.columns.membership[:, None, :] * residual.inverse
    inside = explained[:, None] if cells.basis.shape[1] else np.zeros((1, 1, 1, 1))
    result = np.zeros((rows, columns, columns))
    for value, weight in _atoms(moments, totals.base_of):
        level = value.reshape(-1, patterns, rows)[..., None] - residual.shift
        error = (member * level - inside).reshape(-1, rows, columns)
        by_row = np.ascontiguousarray(error.transpose(1, 2, 0))
        weighted = by_row * weight.reshape(-1, rows).T[:, None, :]
        result += weighted @ by_row.transpose(0, 2, 1)
    if cells.basis.shape[1]:
        outside = moments.everyone[:, None] - moments.base[:, totals.base_of]
        outside = outside.reshape(-1, patterns, rows).sum(axis=1)
        by_row = np.ascontiguousarray(explained.transpose(1, 2, 0))
        weighted = by_row * np.maximum(outside, 0.0).T[:, None, :]
        result += weighted @ by_row.transpose(0, 2, 1)
    return result


@dataclass(frozen=True, slots=True, eq=False)
class _Moments:
    """Sums of squared weights, scaled, by calibration cell x pattern (m)."""

    everyone: Floats
    base: Floats
    first: Floats
    second: Floats
    indicator: bool


def _moments(totals: CellTotals, layout: ColumnLayout) -> _Moments:
    """Add up squared weights over strata, scaled by the factor of the stratum."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    alone, cell = slice(layout.lumped, None), layout.lump_cell
    group = cells.calibration[cell] * patterns + layout.lump_pattern[alone]
    scale = cells.scale[cell][:, None]
    parts = [layout.lump_weight2[alone, None], totals.w2[alone]]
    if totals.w2_square is not None:
        parts.append(totals.w2_square[alone])
    values = np.hstack(parts) * scale
    summed = sum_by(group, values, cells.ratio.size * patterns)
    ends = 1 + totals.bases, 1 + totals.bases + totals.rows
    base, first = summed[:, 1 : ends[0]], summed[:, ends[0] : ends[1]]
    indicator = totals.w2_square is None
    second = first if indicator else summed[:, ends[1] :]
    return _Moments(summed[:, 0], base, first, second, indicator)


def _atoms(
    moments: _Moments, base_of: NDArray[np.intp]
) -> tuple[tuple[Floats, Floats], tuple[Floats, Floats]]:
    """Give two values and their weights with the same moments as the answers.

    A sum of squares sees two moments only, so two values stand for all answers: 1
    and 0 for an indicator, mean plus and minus standard deviation for numbers.
    """
    base = moments.base[:, base_of]
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
    """Give the factor that strata with an averaged variance bring (G, C)."""
    averaged = layout.design.strata.averaged
    if layout.design.cells.basis.shape[1]:
        columns = layout.columns.membership.shape[1]
        shape = (totals.bases, averaged.size, columns)
        present = np.ones(shape, dtype=bool)
    else:
        present = strata_present(totals, layout)
    counted = present[:, ~averaged].sum(axis=1)
    factor = np.full(counted.shape, np.nan)
    np.divide(present.sum(axis=1), counted, out=factor, where=counted > 0)
    return factor

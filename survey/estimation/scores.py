"""Covariance of the weighted cells of a table, which tests on the whole table need.

Every test statistic is a function of the cells, so their covariance is enough.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers
from survey.estimation.cells import DesignCells
from survey.estimation.layout import ColumnLayout
from survey.estimation.replicate_tables import replicate_sums
from survey.estimation.replicates import Replicates
from survey.estimation.sums import count_by, sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]


def cell_covariance(
    totals: CellTotals, layout: ColumnLayout, overlap: Floats | None = None
) -> Floats:
    """Give the design-based covariance of the weighted cells.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows of one question.
    layout : ColumnLayout
        Columns over the design, by pattern.
    overlap : float array (patterns, R, R), optional
        Squared weights of respondents in two rows at once, from `row_overlap`; not
        needed for rows that are exclusive.

    Returns
    -------
    float array (patterns x R, patterns x R)
        Covariance of the sums of weights, linearised or replicated as in
        `covariance`.

    Examples
    --------
    Two of four are in the cell: 4 / 3 times the squares about the mean.

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
    >>> cell_covariance(totals, layout).round(6)
    array([[1.333333]])
    """
    cells = layout.design.cells
    if layout.design.replicates is not None:
        return _replicated(layout.design.replicates, totals, layout)
    explained = _explained(totals, layout)
    result = _alone(totals, layout, explained, overlap)
    alone = slice(layout.shared, None)
    nodes = [
        _sums(totals, layout, alone, node.group[layout.cell], node.factor.size)
        for node in cells.nodes
    ]
    if layout.shared:
        result += _clustered(totals, layout, explained, nodes)
    own = cells.unit == cells.unit_scale.size
    for node, sums in zip(cells.nodes, nodes, strict=True):
        groups = node.factor.size
        net = sums - _taken(cells, explained, own, node.group, groups)
        result += net.T @ (net * node.factor[:, None])
    return np.asarray(result * _averaging(totals, layout))


def _replicated(
    replicates: Replicates, totals: CellTotals, layout: ColumnLayout
) -> Floats:
    """Give the covariance of the cells over the replicates."""
    each = replicate_sums(replicates, totals.w[:, totals.bases :], layout)
    whole = _sums(totals, layout, slice(None), np.zeros_like(layout.cell), 1)
    return replicates.covariance(each.reshape(len(each), -1), whole[0])


def _sums(
    totals: CellTotals,
    layout: ColumnLayout,
    inside: slice,
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up by group, pattern and row: (groups, patterns x R)."""
    patterns = len(layout.columns.membership)
    key = group[inside] * patterns + layout.pattern[inside]
    summed = sum_by(key, totals.w[inside, totals.bases :], groups * patterns)
    return summed.reshape(groups, -1)


def _explained(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Give the part of the cells that the margins explain (Q, cells), or nothing."""
    cells = layout.design.cells
    if not cells.basis.shape[1]:
        return np.zeros((0, 1))
    group = cells.calibration[layout.cell]
    sums = _sums(totals, layout, slice(None), group, cells.ratio.size)
    return np.asarray(cells.basis @ (cells.basis.T @ (sums / cells.ratio[:, None])))


def _taken(
    cells: DesignCells,
    explained: Floats,
    inside: NDArray[np.bool_],
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up what the margins explain over design cells by group (groups, cells)."""
    if not len(explained):
        return np.zeros((1, 1))
    return weight_table(cells, inside, group, groups) @ explained


def weight_table(
    cells: DesignCells,
    inside: NDArray[np.bool_],
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up weights of design cells by group and calibration cell.

    Parameters
    ----------
    cells : DesignCells
        D design cells in Q calibration cells.
    inside : bool array (D,)
        Cells to count.
    group : int array (D,)
        Group of every cell.
    groups : int
        How many groups there are.

    Returns
    -------
    sparse array (groups, Q)
        Sums of weights.
    """
    from scipy.sparse import coo_array

    place = (group[inside], cells.calibration[inside])
    shape = (groups, cells.ratio.size)
    return coo_array((cells.weight[inside], place), shape=shape).tocsr()


def _clustered(
    totals: CellTotals,
    layout: ColumnLayout,
    explained: Floats,
    nodes: list[Floats],
) -> Floats:
    """Sum products of the totals of units, and add these to their nodes."""
    cells, units = layout.design.cells, layout.design.cells.unit_scale.size
    shared = slice(0, layout.shared)
    sums = _sums(totals, layout, shared, cells.unit[layout.cell], units)
    sums = sums - _taken(cells, explained, cells.unit < units, cells.unit, units)
    first = np.searchsorted(cells.unit, np.arange(units))
    for node, total in zip(cells.nodes, nodes, strict=True):
        np.add(total, sum_by(node.group[first], sums, node.factor.size), out=total)
    return np.asarray(sums.T @ (sums * cells.unit_scale[:, None]))


def row_overlap(
    totals: CellTotals, answers: Answers, layout: ColumnLayout, rows: Sequence[int]
) -> Floats:
    """Add up squared weights of respondents who are in two rows, by pattern.

    Parameters
    ----------
    totals : CellTotals
        Sums of the K rows wanted, with one base.
    answers : Answers
        Multiple response.
    layout : ColumnLayout
        Columns over the design.
    rows : sequence of int
        The rows wanted.

    Returns
    -------
    float array (patterns, K + 1, K + 1)
        Sums over respondents who are units of their own, times the factor of their
        units; the first row is the base.
    """
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    result = np.zeros((patterns, len(rows) + 1, len(rows) + 1))
    if layout.shared == layout.cell.size:
        return result
    scale = np.where(cells.unit == cells.unit_scale.size, cells.scale, 0.0)
    squared = layout.design.weight2 * scale[layout.design.cell]
    distinct = answers.distinct[:, rows]
    size = len(distinct)
    key = layout.columns.pattern * size + answers.answer
    by_answer = count_by(key, patterns * size, squared).reshape(patterns, size)
    for pattern, weight in enumerate(by_answer):
        result[pattern, 1:, 1:] = distinct.T @ (distinct * weight[:, None])
    alone = slice(layout.lumped, None)
    both = totals.w2[alone] * cells.scale[layout.lump_cell][:, None]
    border = sum_by(layout.lump_pattern[alone], both, patterns)
    result[:, 0], result[:, :, 0] = border, border
    return result


def _alone(
    totals: CellTotals,
    layout: ColumnLayout,
    explained: Floats,
    overlap: Floats | None,
) -> Floats:
    """Sum products of residuals of respondents who are their own unit."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    size = patterns * totals.rows
    if layout.shared == layout.cell.size:
        return np.zeros((size, size))
    alone, cell = slice(layout.lumped, None), layout.lump_cell
    scale = cells.scale[cell]
    group, groups = cells.calibration[cell], cells.ratio.size
    key = group * patterns + layout.lump_pattern[alone]
    values = totals.w2[alone, totals.bases :] * scale[:, None]
    squares = sum_by(key, values, groups * patterns).reshape(groups, -1)
    result = np.diag(squares.sum(axis=0))
    for pattern, block in enumerate(() if overlap is None else overlap):
        place = slice(pattern * totals.rows, (pattern + 1) * totals.rows)
        result[place, place] = block
    if not len(explained):
        return result
    everyone = count_by(group, groups, layout.lump_weight2[alone] * scale)
    mixed = squares.T @ explained
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
        present = count_by(stratum, averaged.size, totals.w[:, 0]) > 0
    counted = int((present & ~averaged).sum())
    return float(present.sum() / counted) if counted else float("nan")

"""Covariance of the weighted cells of a question: rows by slots of the columns.

Shares, means, totals, differences of columns and tests of association are all
functions of these cells, so that their covariances follow from this one.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers
from survey.estimation.layout import ColumnLayout
from survey.estimation.stored_tally import stored_overlap
from survey.estimation.sums import count_by, sum_by
from survey.estimation.totals import CellTotals
from survey.estimation.unit_products import (
    alone_nodes,
    centred,
    group_sums,
    shifted,
    unit_products,
)

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellCovariance:
    """Covariance of the sums of weights of K slots by 1 + R rows.

    Row 0 is the base. The sums of the other rows are taken less `centre` times the
    base, which keeps digits: unit totals are large, and their deviations small.

    Attributes
    ----------
    matrix : float array (K, 1 + R, K, 1 + R)
        Covariance.
    gross : float array (K, 1 + R, K, 1 + R)
        The same before strata and margins take anything off.
    first : float array (K, 1 + R, K, 1 + R) or None
        The part of the first stage, where it is to be averaged over strata and there
        are more stages.
    centre : float array (K, R)
        Multiple of the base that was taken off every row.
    """

    matrix: Floats
    gross: Floats
    first: Floats | None
    centre: Floats

    def of_sums(self, factor: float = 1.0) -> Floats:
        """Give the covariance of the sums themselves, nothing taken off.

        Parameters
        ----------
        factor : float, default 1
            Factor of the first stage; see `averaging`.

        Returns
        -------
        float array (K, 1 + R, K, 1 + R)
            Covariance.
        """
        matrix = self.matrix * factor
        if self.first is not None:
            matrix = self.matrix + (factor - 1) * self.first
        return shifted(matrix, self.centre)


def cell_covariance(
    totals: CellTotals,
    layout: ColumnLayout,
    sums: Floats,
    overlap: Floats | None = None,
) -> CellCovariance:
    """Give the linearised covariance of the weighted cells of a question.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        Columns over the design, in P patterns.
    sums : float array (P, 1 + R)
        The sums by pattern, from `pattern_totals`.
    overlap : float array (P, 1 + R, 1 + R), optional
        From `row_overlap`, for covariances between rows that are not exclusive.

    Returns
    -------
    CellCovariance
        PSUs drawn with replacement inside strata, or with the finite population
        correction of every stage.

    Notes
    -----
    Taylor linearisation [1]_. After raking or calibration the sums are first
    regressed on the margins with base weights [2]_, as ``calibrate`` of R `survey`
    does. ``rake`` of R regresses without weights, in ten rounds; it gives the same
    when base weights are equal.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.
    .. [2] Deville and Sarndal (1992), JASA 87(418), 376-382.

    Examples
    --------
    Two of four chose the row: 4 / 3 times the squares about the mean.

    >>> import pandas as pd
    >>> from survey.estimation.answers import prepare
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import lay_out, pattern_totals, total_column
    >>> from survey.estimation.totals import tally
    >>> from survey.responses.variable import Row, Variable
    >>> q = Variable("q", "", ("1", "2"), (Row("1", "", ("1",)),),
    ...              np.array([0, 1, 1, 0]), None, None, np.array([True] * 4))
    >>> layout = lay_out(total_column(4), resolve(None, pd.DataFrame(index=range(4))))
    >>> totals = tally(prepare(q, layout.design.used), layout)
    >>> sums = pattern_totals(layout, totals.w)
    >>> cell_covariance(totals, layout, sums).of_sums()[0, 1, 0, 1].round(6)
    np.float64(1.333333)
    """
    cells = layout.design.cells
    sums = layout.slot_of.T @ sums
    base = sums[:, :1]
    take = np.divide(sums[:, 1:], base, out=np.zeros_like(sums[:, 1:]), where=base > 0)
    explained = _explained(totals, layout, take)
    gross, net = _alone(totals, layout, take, explained, overlap)
    nodes = alone_nodes(totals, layout, take, explained)
    if layout.shared:
        together = unit_products(totals, layout, take, explained, nodes)
        gross, net = gross + together[0], net + together[1]
    parts = [
        total.T @ (total * node.factor[:, None])
        for node, total in zip(cells.nodes, nodes, strict=True)
    ]
    net = net + np.sum(parts, axis=0)
    shape = (len(layout.member), totals.rows + 1) * 2
    first = None
    if len(parts) > 1 and layout.design.strata.averaged.any():
        first = (parts[-2] + parts[-1]).reshape(shape)
    centre = take
    if totals.centre is not None:
        # Numbers are centred by pattern where patterns are slots, or all alike.
        own = totals.centre if layout.columns.single else totals.centre[:1]
        centre = take + own[:, None]
    return CellCovariance(net.reshape(shape), gross.reshape(shape), first, centre)


def row_overlap(answers: Answers, layout: ColumnLayout) -> Floats | None:
    """Add up squared weights of respondents who are in two rows, by pattern.

    Parameters
    ----------
    answers : Answers
        A question of R rows.
    layout : ColumnLayout
        Columns over the design.

    Returns
    -------
    float array (patterns, 1 + R, 1 + R) or None
        Sums over respondents who are units of their own, times the factor of their
        units; the first row is the base. None where there are no such respondents,
        or the question is not multiple response.
    """
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    if layout.design.sums is not None and layout.design.replicates is None:
        return stored_overlap(answers, layout)
    clustered = layout.shared == layout.cell.size
    if clustered or layout.design.replicates is not None or not answers.answer.size:
        return None
    scale = np.where(cells.unit == cells.unit_scale.size, cells.scale, 0.0)
    squared = layout.design.weight2 * scale[layout.design.cell]
    distinct = answers.distinct
    key = layout.columns.pattern * len(distinct) + answers.answer
    by_answer = count_by(key, patterns * len(distinct), squared)
    weights = by_answer.reshape(patterns, len(distinct))
    return np.asarray([distinct.T @ (distinct * w[:, None]) for w in weights])


def _explained(totals: CellTotals, layout: ColumnLayout, take: Floats) -> Floats:
    """Give the part of the cells that the margins explain (Q, cells), or nothing."""
    cells = layout.design.cells
    if not cells.basis.shape[1]:
        return np.zeros((0, 1))
    group = cells.calibration[layout.cell]
    sums = group_sums(totals, layout, slice(None), group, cells.ratio.size)
    sums = centred(sums, take) / cells.ratio[:, None]
    return np.asarray(cells.basis @ (cells.basis.T @ sums))


def _alone(
    totals: CellTotals,
    layout: ColumnLayout,
    take: Floats,
    explained: Floats,
    overlap: Floats | None,
) -> tuple[Floats, Floats]:
    """Sum products over respondents who are units of their own."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    width = totals.rows + 1
    size = len(layout.member) * width
    if layout.shared == layout.cell.size:
        return np.zeros((size, size)), np.zeros((size, size))
    alone, cell = slice(layout.lumped, None), layout.lump_cell
    scale = cells.scale[cell][:, None]
    group, groups = cells.calibration[cell], cells.ratio.size
    key = group * patterns + layout.lump_pattern[alone]
    squares = sum_by(key, totals.w2[alone] * scale, groups * patterns)
    squares = squares.reshape(groups, patterns, width)
    if overlap is None:
        overlap = _own_overlap(totals, layout, squares.sum(axis=0))
    gross = shifted(_in_slots(overlap, layout), -take).reshape(size, size)
    if not len(explained):
        return gross, gross
    everyone = count_by(group, groups, layout.lump_weight2[alone] * scale[:, 0])
    squares = layout.slot_of.T @ squares
    mixed = centred(squares.reshape(groups, size), take).T @ explained
    inner = explained.T @ (explained * everyone[:, None])
    return gross, gross - mixed - mixed.T + inner


def _in_slots(overlap: Floats, layout: ColumnLayout) -> Floats:
    """Turn sums by pattern (P, 1 + R, 1 + R) into sums by slots (K, 1 + R, ...)."""
    slots, width = len(layout.member), overlap.shape[1]
    result = np.zeros((slots, width, slots, width))
    each = np.arange(slots)
    if layout.columns.single:
        result[each, :, each, :] = overlap
        return result
    for one, two in np.argwhere(overlap.any(axis=0)):
        weight = overlap[:, one, two][:, None]
        result[:, one, :, two] = layout.slot_of.T @ (layout.slot_of * weight)
    return result


def _own_overlap(totals: CellTotals, layout: ColumnLayout, squares: Floats) -> Floats:
    """Give squared weights by pattern for rows that are exclusive (P, 1 + R, 1 + R)."""
    patterns, width = squares.shape
    result = np.zeros((patterns, width, width))
    result[:, 0], result[:, :, 0] = squares, squares
    each = np.arange(1, width)
    result[:, each, each] = squares[:, 1:]
    if totals.w2_square is not None:
        scale = layout.design.cells.scale[layout.lump_cell][:, None]
        own = totals.w2_square[layout.lumped :] * scale
        pattern = layout.lump_pattern[layout.lumped :]
        result[:, each, each] = sum_by(pattern, own, patterns)
    return result

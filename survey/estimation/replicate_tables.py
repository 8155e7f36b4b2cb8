"""Replicated tables: every replicate of a table, from the totals of its cells.

A replicate in which nobody is in a column says nothing about that column.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout, pattern_totals
from survey.estimation.replicates import Replicates
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]


def replicate_sums(
    replicates: Replicates, values: Floats, layout: ColumnLayout
) -> Floats:
    """Add up values over the design for every replicate, by pattern.

    Parameters
    ----------
    replicates : Replicates
        L factors of every design cell.
    values : float array (J, K)
        Weighted sums by pair.
    layout : ColumnLayout
        Columns over the design.

    Returns
    -------
    float array (L, patterns, K)
        Sums.
    """
    patterns = len(layout.columns.membership)
    result = np.zeros((replicates.rscales.size, patterns, values.shape[1]))
    for pattern in range(patterns):
        pairs = np.flatnonzero(layout.pattern == pattern)
        factor = replicates.factor[layout.cell[pairs]]
        result[:, pattern] = factor.T @ values[pairs]
    return result


def replicate_estimates(
    replicates: Replicates, totals: CellTotals, layout: ColumnLayout, *, total: bool
) -> Floats:
    """Estimate shares, means or totals in every replicate.

    Parameters
    ----------
    replicates : Replicates
        L factors of every design cell.
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        C columns over the design.
    total : bool
        Whether to estimate totals, and not shares or means.

    Returns
    -------
    float array (L, R, C)
        Estimates; NaN where a replicate has no respondent in the column.
    """
    sums = replicate_sums(replicates, totals.w, layout)
    if totals.centre is not None:
        sums[:, :, 1:] += totals.centre[:, None] * sums[:, :, :1]
    by_column = np.tensordot(sums, layout.columns.membership, axes=(1, 0))
    base, first = by_column[:, :1], by_column[:, 1:]
    if total:
        return np.asarray(first)
    held = np.broadcast_to(base > 0, first.shape)
    share = np.divide(first, base, out=np.full(first.shape, np.nan), where=held)
    return np.asarray(share)


def replicate_cells(
    replicates: Replicates,
    totals: CellTotals,
    layout: ColumnLayout,
    whole: Sequence[int],
) -> Floats:
    """Give the covariance of the weighted cells of a table over the replicates.

    Parameters
    ----------
    replicates : Replicates
        L factors of every design cell.
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        Columns over the design, in P patterns, of which the first is no answer.
    whole : sequence of int
        Rows that add up to the table, from 0 for the base; none where totals are
        tested, and not shares.

    Returns
    -------
    float array (P, 1 + R, P, 1 + R)
        Covariance of the sums of weights, each replicate brought to the size of the
        table where shares are tested.
    """
    each = replicate_sums(replicates, totals.w, layout)
    found = pattern_totals(layout, totals.w)
    if len(whole):
        size = each[:, 1:, list(whole)].sum(axis=(1, 2))
        safe = np.where(size > 0, size, np.nan)
        each = each * (found[1:, list(whole)].sum() / safe)[:, None, None]
    matrix = replicates.covariance(each.reshape(len(each), -1), found.ravel())
    return matrix.reshape(*found.shape, *found.shape)

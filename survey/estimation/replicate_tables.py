"""Replicated tables: every replicate of a table, from the totals of its cells.

A replicate in which nobody is in a column says nothing about that column.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
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
    by_column = np.tensordot(sums, layout.columns.membership, axes=(1, 0))
    base, first = by_column[:, totals.base_of], by_column[:, totals.bases :]
    if total:
        return np.asarray(first + totals.centre[:, None] * base)
    held = base > 0
    share = np.divide(first, base, out=np.full(first.shape, np.nan), where=held)
    return np.asarray(share + totals.centre[:, None])

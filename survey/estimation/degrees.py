"""Degrees of freedom of every column: PSUs minus strata that have a respondent in it.

They are counted in the base of each question, as R `survey` counts in a subset.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
from survey.estimation.replicates import Replicates, domain_replicate_degrees
from survey.estimation.sums import count_by, sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]


def strata_present(totals: CellTotals, layout: ColumnLayout) -> NDArray[np.bool_]:
    """Say which strata have a respondent in the base of a column (H, C)."""
    cells, member = layout.design.cells, layout.columns.membership
    groups, patterns = layout.design.strata.scale.size, len(member)
    key = cells.stratum[layout.cell] * patterns + layout.pattern
    w = count_by(key, groups * patterns, totals.w[:, 0])
    return np.asarray(w.reshape(groups, patterns) @ member > 0)


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
        Degrees of freedom, as ``degf`` of the subset in R `survey`: with replicates
        the rank of their weights, less 1.
    """
    design, member = layout.design, layout.columns.membership
    if design.replicates is not None:
        return _replicated(design.replicates, totals, layout)
    if layout.complete and layout.shared == layout.cell.size:
        return _complete(totals, layout)
    # In a design of several stages every PSU has cells of its own.
    alone = design.cells.psu[layout.lump_cell] == design.cells.psus
    n = totals.n[layout.lumped :, 0][alone]
    pattern = layout.lump_pattern[layout.lumped :][alone]
    own = count_by(pattern, len(member), n) @ member
    strata = strata_present(totals, layout).sum(axis=0)
    return np.asarray(own + _shared(totals, layout) - strata, dtype=np.float64)


def _complete(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count where every design cell has all patterns, which needs no rearranging."""
    cells, member = layout.design.cells, layout.columns.membership
    w = totals.w[:, 0].reshape(cells.psu.size, len(member)) @ member
    psus = sum_by(cells.psu, w, cells.psus) > 0
    strata = sum_by(cells.stratum, w, layout.design.strata.scale.size) > 0
    return np.asarray(psus.sum(axis=0) - strata.sum(axis=0), dtype=np.float64)


def _replicated(
    replicates: Replicates, totals: CellTotals, layout: ColumnLayout
) -> Floats:
    """Give the degrees of freedom that replicates leave the base of a column."""
    design, member = layout.design, layout.columns.membership
    weight = design.cells.weight
    result = np.zeros(member.shape[1])
    held = totals.w[:, 0] > 0
    for column in range(result.size):
        inside = np.zeros(len(weight), dtype=bool)
        inside[layout.cell[held & (member[layout.pattern, column] > 0)]] = True
        result[column] = domain_replicate_degrees(
            replicates, weight, inside, design.degrees_of_freedom
        )
    return result


def _shared(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count PSUs with cells of their own in the base of a column (C,)."""
    cells, slots = layout.design.cells, len(layout.member)
    psu = cells.psu[layout.cell[layout.entry]]
    inside = psu < cells.psus
    key = psu[inside] * slots + layout.slot[inside]
    w = count_by(key, cells.psus * slots, totals.w[layout.entry[inside], 0])
    by_psu = w.reshape(cells.psus, slots) @ layout.member
    return np.asarray((by_psu > 0).sum(axis=0), dtype=np.float64)

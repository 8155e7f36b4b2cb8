"""Degrees of freedom of every column: PSUs minus strata that have a respondent in it.

They are counted in the base of each question, as R `survey` counts in a subset.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
from survey.estimation.replicates import Replicates, replicate_degrees
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]

# Numbers held at a time.
_NUMBERS = 2_000_000


def strata_present(totals: CellTotals, layout: ColumnLayout) -> NDArray[np.bool_]:
    """Say which strata have a respondent in each base of a column (G, H, C)."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    groups = layout.design.strata.scale.size
    key = cells.stratum[layout.cell] * patterns + layout.pattern
    w = totals.w[:, : totals.bases]
    n = sum_by(key, w, groups * patterns).reshape(groups, patterns, -1)
    return np.asarray(n.transpose(2, 0, 1) @ layout.columns.membership > 0)


def degrees_of_freedom(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count PSUs minus strata with a respondent in each base of a column.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs, with G bases.
    layout : ColumnLayout
        C columns over the design.

    Returns
    -------
    float array (G, C)
        Degrees of freedom, as ``degf`` of the subset in R `survey`: with replicates
        the rank of their weights, less 1.
    """
    design, member = layout.design, layout.columns.membership
    if design.replicates is not None:
        return _replicated(design.replicates, totals, layout)
    # In a design of several stages every PSU has cells of its own.
    alone = design.cells.psu[layout.lump_cell] == design.cells.psus
    n = totals.n[layout.lumped :, : totals.bases][alone]
    pattern = layout.lump_pattern[layout.lumped :][alone]
    own = sum_by(pattern, n, len(member)).T @ member
    strata = strata_present(totals, layout).sum(axis=1)
    return np.asarray(own + _shared(totals, layout) - strata, dtype=np.float64)


def _replicated(
    replicates: Replicates, totals: CellTotals, layout: ColumnLayout
) -> Floats:
    """Give the degrees of freedom that replicates leave each base of a column."""
    design, member = layout.design, layout.columns.membership
    weights = design.cells.weight[:, None] * replicates.factor
    result = np.zeros((totals.bases, member.shape[1]))
    held = totals.w[:, : totals.bases] > 0
    known: dict[bytes, int] = {}
    for base, column in np.ndindex(*result.shape):
        inside = np.zeros(len(weights), dtype=bool)
        pairs = held[:, base] & (member[layout.pattern, column] > 0)
        inside[layout.cell[pairs]] = True
        key = inside.tobytes()
        if key not in known:
            known[key] = replicate_degrees(weights[inside], design.degrees_of_freedom)
        result[base, column] = known[key]
    return result


def _shared(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count PSUs with cells of their own in each base of a column (G, C)."""
    cells, member = layout.design.cells, layout.columns.membership
    psu, patterns = cells.psu[layout.cell], len(layout.columns.membership)
    inside = psu < cells.psus
    result = np.zeros((totals.bases, member.shape[1]))
    if not inside.any():
        return result
    key = psu[inside] * patterns + layout.pattern[inside]
    step = max(1, _NUMBERS // (cells.psus * patterns))
    for start in range(0, totals.bases, step):
        some = slice(start, min(start + step, totals.bases))
        w = sum_by(key, totals.w[inside, some], cells.psus * patterns)
        by_psu = w.reshape(cells.psus, patterns, -1).transpose(0, 2, 1) @ member
        result[some] = (by_psu > 0).sum(axis=0)
    return result

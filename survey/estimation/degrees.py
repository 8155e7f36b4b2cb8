"""Degrees of freedom of every column: PSUs minus strata that have a respondent in it.

They are counted in the base of each question, as R `survey` counts in a subset.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.layout import ColumnLayout
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]


def strata_present(totals: CellTotals, layout: ColumnLayout) -> NDArray[np.bool_]:
    """Say which strata have a respondent in each base of a column (G, H, C)."""
    cells, patterns = layout.design.cells, len(layout.columns.membership)
    groups = layout.design.strata.scale.size
    key = cells.stratum[layout.cell] * patterns + layout.pattern
    n = sum_by(key, totals.base_n, groups * patterns).reshape(groups, patterns, -1)
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
        Degrees of freedom, as ``degf`` of the subset in R `survey`. With replicates
        they are those of the whole design.
    """
    design, member = layout.design, layout.columns.membership
    if design.replicates is not None:
        inside = sum_by(layout.pattern, totals.base_n, len(member)).T @ member > 0
        return np.where(inside, float(design.degrees_of_freedom), 0.0)
    psu = design.cells.psu[layout.cell]
    alone = psu == design.cells.psus
    own = sum_by(layout.pattern[alone], totals.base_n[alone], len(member)).T @ member
    strata = strata_present(totals, layout).sum(axis=1)
    return np.asarray(own + _shared(totals, layout) - strata, dtype=np.float64)


def _shared(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Count PSUs with cells of their own in each base of a column (G, C)."""
    cells, member = layout.design.cells, layout.columns.membership
    psu = cells.psu[layout.cell]
    inside = psu < cells.psus
    result = np.zeros((totals.base_n.shape[1], member.shape[1]))
    if not inside.any():
        return result
    psu, by_pair = psu[inside], member[layout.pattern[inside]]
    known: dict[bytes, Floats] = {}
    for place, n in enumerate((totals.base_n[inside] > 0).T):
        # Most questions of a survey have the same base.
        found = known.get(n.tobytes())
        if found is None:
            held = sum_by(psu, by_pair * n[:, None], cells.psus) > 0
            found = held.sum(axis=0).astype(np.float64)
            known[n.tobytes()] = found
        result[place] = found
    return result

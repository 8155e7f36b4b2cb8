"""Joint counting: respondents are counted once for several banner questions.

Counts by all banner questions at once give those of each, as long as the combinations
are few beside the respondents.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers
from survey.estimation.layout import ColumnLayout, Columns, lay_out
from survey.estimation.stored_tally import count_answers
from survey.estimation.sums import renumber, sum_by
from survey.estimation.totals import CellTotals, Keys, by_group, tally

# Combinations may be up to this share of the respondents.
_FEW = 0.05


@dataclass(frozen=True, slots=True, eq=False)
class Joint:
    """Combinations of the patterns of several banner questions.

    Attributes
    ----------
    layout : ColumnLayout
        Combinations over the design; its only column is Total.
    lumps : tuple of int arrays
        For every banner question its lump for each lump of the combinations.
    pooled : bool
        Whether all respondents are units of their own, so that pairs are lumps.
    """

    layout: ColumnLayout
    lumps: tuple[NDArray[np.intp], ...]
    pooled: bool


def join(layouts: Sequence[ColumnLayout]) -> Joint | None:
    """Find the combinations of several banner questions, if they are few.

    Parameters
    ----------
    layouts : sequence of ColumnLayout
        Banner questions over one design.

    Returns
    -------
    Joint or None
        None where counting each of them is as quick.
    """
    design, most = layouts[0].design, layouts[0].pair.size * _FEW
    if design.sums is not None:
        return None
    pooled = all(layout.shared == 0 for layout in layouts)
    shared = all(layout.shared == layout.cell.size for layout in layouts)
    sizes = [float(len(layout.columns.membership)) for layout in layouts]
    cells = design.cells.stratum.size if pooled else 1
    few = np.prod(sizes) * cells <= most
    if len(layouts) == 1 or not few or not (pooled or shared):
        return None
    key = np.zeros(design.used.size, dtype=np.intp)
    for layout in layouts:
        key = key * len(layout.columns.membership) + layout.columns.pattern
    present, pattern = renumber(key, int(np.prod(sizes)))
    columns = Columns((), (), pattern, np.ones((present.size, 1)))
    joint = lay_out(columns, design)
    first = np.zeros(joint.lump_pattern.size, dtype=np.intp)
    first[joint.lump] = np.arange(joint.lump.size)
    return Joint(joint, tuple(layout.lump[first] for layout in layouts), pooled)


def tally_jointly(
    answers: Answers,
    layouts: Sequence[ColumnLayout],
    joint: Joint | None,
    keys: Keys,
) -> list[CellTotals]:
    """Count answers over several banner questions.

    Parameters
    ----------
    answers : Answers
        Answers of n respondents.
    layouts : sequence of ColumnLayout
        Banner questions over the design.
    joint : Joint or None
        Their combinations.
    keys : dict
        See `tally`.

    Returns
    -------
    list of CellTotals
        As `tally` gives them one by one.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.answers import prepare
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import columns_of
    >>> from survey.responses.recode import variables
    >>> frame = pd.DataFrame({"q": [1, 2] * 200, "size": [1, 1, 2, 2] * 100})
    >>> design = resolve(None, frame)
    >>> q, size = (variables(frame, name)[0] for name in frame)
    >>> layouts = [lay_out(columns_of(each), design) for each in (q, size)]
    >>> answers = prepare(q, design.used)
    >>> by_q, by_size = tally_jointly(answers, layouts, join(layouts), {})
    >>> by_q.n.tolist(), by_size.n.tolist()
    ([[200.0, 200.0, 0.0], [200.0, 0.0, 200.0]],
     [[200.0, 100.0, 100.0], [200.0, 100.0, 100.0]])
    """
    if answers.source:
        return [count_answers(answers, layout) for layout in layouts]
    if joint is None or answers.value.size:
        return [tally(answers, layout, keys) for layout in layouts]
    whole, design = joint.layout, joint.layout.design
    lumps = whole.lump_pattern.size
    n, w2 = (
        by_group(answers, whole.lump, lumps, weight, keys)
        for weight in (None, design.weight2)
    )
    w = by_group(answers, whole.lump, lumps, design.weight, keys) if joint.pooled else n
    found = []
    for layout, lump in zip(layouts, joint.lumps, strict=True):
        groups = layout.lump_pattern.size
        if joint.pooled:
            mine = sum_by(lump, w, groups)
        else:
            size = layout.cell.size
            mine = by_group(answers, layout.pair, size, design.weight, keys)
        found.append(
            CellTotals(mine, sum_by(lump, n, groups), sum_by(lump, w2, groups))
        )
    return found

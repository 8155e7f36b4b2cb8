"""CellTotals: the sums that every estimator of a table is made of.

This is the only pass over respondents; after it no respondent is touched again.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers
from survey.estimation.layout import ColumnLayout, pattern_totals
from survey.estimation.sums import count_by

Floats = NDArray[np.float64]
# A table of all answers by group is used up to this many times the respondents.
_ROOMY = 0.25

Keys = dict[tuple[int, int], NDArray[np.intp]]


@dataclass(frozen=True, slots=True, eq=False)
class CellTotals:
    """Sums of one question by pair of design cell and column pattern (J), and by row.

    The first of 1 + R rows is the base. With y the indicator of the row, or the
    number less its centre:

    Attributes
    ----------
    w : float array (J, 1 + R)
        Sums of w y.
    n, w2 : float arrays (L, 1 + R)
        Respondents, and sums of w^2 y, by lump; see `ColumnLayout`.
    w_square, w2_square : float arrays (L, R) or None
        Sums of w y^2 and w^2 y^2; None for indicators, whose square is themselves.
    centre : float array (P,) or None
        What was taken off the numbers: their mean in every pattern of a single
        response banner, so that squares of what is left keep their digits; one mean
        for all patterns of another. None for indicators.
    """

    w: Floats
    n: Floats
    w2: Floats
    w_square: Floats | None = None
    w2_square: Floats | None = None
    centre: Floats | None = None

    @property
    def rows(self) -> int:
        """Number of rows R."""
        return int(self.w.shape[1]) - 1


def tally(
    answers: Answers, layout: ColumnLayout, keys: Keys | None = None
) -> CellTotals:
    """Count answers by design cell, row and column pattern.

    Parameters
    ----------
    answers : Answers
        Answers of n respondents.
    layout : ColumnLayout
        Columns over the design of the same respondents.
    keys : dict, optional
        Filled with what questions of the same number of codes have in common, for
        one layout.

    Returns
    -------
    CellTotals
        Counts, sums of weights and of squared weights.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.answers import prepare
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import lay_out, total_column
    >>> from survey.responses.variable import Row, Variable
    >>> q = Variable("q", "", ("1", "2"), (Row("1", "", ("1",)), Row("2", "", ("2",))),
    ...              np.array([0, 1, 1]), None, None, np.array([True] * 3))
    >>> design = resolve(None, pd.DataFrame({"q": [1, 2, 2]}))
    >>> tally(prepare(q, design.used), lay_out(total_column(3), design)).n
    array([[3., 1., 2.]])
    """
    if answers.value.size:
        return _tally_numbers(answers, layout)
    keys = {} if keys is None else keys
    lumps, weight2 = layout.lump_pattern.size, layout.design.weight2
    return CellTotals(
        by_group(answers, layout.pair, layout.cell.size, layout.design.weight, keys),
        by_group(answers, layout.lump, lumps, None, keys),
        by_group(answers, layout.lump, lumps, weight2, keys),
    )


def by_group(
    answers: Answers,
    group: NDArray[np.intp],
    groups: int,
    weight: Floats | None,
    keys: Keys,
) -> Floats:
    """Add up weights, or count, by group and row.

    Parameters
    ----------
    answers : Answers
        Single or multiple response of n respondents.
    group : int array (n,)
        Group of every respondent.
    groups : int
        How many groups there are.
    weight : float array (n,) or None
        What to add up; None counts.
    keys : dict
        Filled with what questions of the same number of codes have in common, for
        the arrays `group` that it is used with.

    Returns
    -------
    float array (groups, 1 + R)
        Sums of the base and of the rows.
    """
    if not answers.bucket.size:
        return _by_choice(answers, group, groups, weight)
    width = len(answers.rows) + 2
    # The arrays live as long as the layouts, so that their ids are their own.
    kind = id(group), width
    if kind not in keys:
        keys[kind] = group * width
    counted = count_by(keys[kind] + answers.bucket, groups * width, weight)
    table = counted.reshape(groups, width)
    # The place of those without a code becomes that of the base.
    table[:, 1] = table[:, 1:] @ np.ones(width - 1)
    if answers.plain:
        return table[:, 1:]
    return np.hstack([table[:, 1:2], table[:, 2:] @ answers.rows])


def _by_choice(
    answers: Answers, group: NDArray[np.intp], groups: int, weight: Floats | None
) -> Floats:
    """Add up multiple response, each row by its indicator (groups, 1 + R)."""
    distinct = answers.distinct
    size = len(distinct)
    if groups * size <= _ROOMY * group.size:
        key = group * size + answers.answer
        return count_by(key, groups * size, weight).reshape(groups, size) @ distinct
    by_row = np.empty((groups, distinct.shape[1]))
    for row, counts in enumerate(distinct.T):
        chosen = counts[answers.answer]
        by_row[:, row] = count_by(
            group, groups, chosen if weight is None else chosen * weight
        )
    return by_row


def row_slice(totals: CellTotals, rows: Sequence[int]) -> CellTotals:
    """Take the base and some rows of indicators.

    Parameters
    ----------
    totals : CellTotals
        Sums of indicators.
    rows : sequence of int
        Places of the rows, the base not counted.

    Returns
    -------
    CellTotals
        Those rows.
    """
    if list(rows) == list(range(totals.rows)):
        return totals
    place = np.array([0, *(1 + row for row in rows)], dtype=np.intp)
    return CellTotals(totals.w[:, place], totals.n[:, place], totals.w2[:, place])


def _tally_numbers(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Add up numbers and their squares."""
    weight, weight2 = layout.design.weight, layout.design.weight2
    pattern, lumps = layout.columns.pattern, layout.lump_pattern.size
    patterns = len(layout.columns.membership)
    base = [
        _base(answers, layout.pair, layout.cell.size, weight),
        _base(answers, layout.lump, lumps, None),
        _base(answers, layout.lump, lumps, weight2),
    ]
    whole = pattern_totals(layout, base[0][:, None])[:, 0]
    inside = np.where(answers.base, weight, 0.0)
    mean = count_by(pattern, patterns, inside * answers.value)
    mean = np.divide(mean, whole, out=np.zeros(patterns), where=whole > 0)
    if not layout.columns.single:
        mean = np.zeros(patterns)
    value = np.where(answers.base, answers.value - mean[pattern], 0.0)
    w = count_by(layout.pair, layout.cell.size, weight * value)
    w_square, w2, w2_square = (
        count_by(layout.lump, lumps, each)
        for each in (weight * value**2, weight2 * value, weight2 * value**2)
    )
    return CellTotals(
        np.column_stack([base[0], w]),
        np.column_stack([base[1], base[1]]),
        np.column_stack([base[2], w2]),
        w_square[:, None],
        w2_square[:, None],
        answers.centre + mean,
    )


def _base(
    answers: Answers, group: NDArray[np.intp], groups: int, weight: Floats | None
) -> Floats:
    """Add up the base by group (groups,)."""
    inside = answers.base
    if inside.all():
        return count_by(group, groups, weight)
    return count_by(group[inside], groups, None if weight is None else weight[inside])

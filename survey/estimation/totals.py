"""CellTotals: the sums that every estimator of a table is made of.

This is the only pass over respondents; after it no respondent is touched again.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers
from survey.estimation.layout import ColumnLayout
from survey.estimation.sums import count_by

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class CellTotals:
    """Sums by pair of design cell and column pattern (J), and by row (R).

    With y the indicator of the row, or the number less its centre:

    Attributes
    ----------
    n : float array (J, R)
        Respondents.
    w, w_square : float arrays (J, R)
        Sums of w y and of w y^2. For an indicator they are the same array.
    w2, w2_square : float arrays (J, R)
        Sums of w^2 y and of w^2 y^2. For an indicator they are the same array.
    base_n, base_w, base_w2 : float arrays (J,)
        Respondents, sum of weights and of squared weights in the base.
    centre : float
        What was taken off the numbers; 0 for indicators.
    """

    n: Floats
    w: Floats
    w_square: Floats
    w2: Floats
    w2_square: Floats
    base_n: Floats
    base_w: Floats
    base_w2: Floats
    centre: float = 0.0


def tally(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count answers by design cell, row and column pattern.

    Parameters
    ----------
    answers : Answers
        Answers of n respondents.
    layout : ColumnLayout
        Columns over the design of the same respondents.

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
    array([[1., 2.]])
    """
    if answers.bucket.size:
        return _tally_exclusive(answers, layout)
    if answers.value.size:
        return _tally_numbers(answers, layout)
    return _tally_multiple(answers, layout)


def _tally_exclusive(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count exclusive answers; nets are sums of codes."""
    codes, pairs = answers.rows.shape[0], layout.cell.size
    key = layout.pair * (codes + 2) + answers.bucket
    weight, weight2 = layout.design.weight, layout.design.weight2
    tables = [
        count_by(key, pairs * (codes + 2), each).reshape(pairs, codes + 2)[:, 1:]
        for each in (None, weight, weight2)
    ]
    n, w, w2 = (table[:, 1:] @ answers.rows for table in tables)
    return CellTotals(n, w, w, w2, w2, *(table.sum(axis=1) for table in tables))


def _tally_multiple(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count rows that may overlap, each by its indicator."""
    rows, pairs = answers.rows.shape[1], layout.cell.size
    key = layout.pair[answers.who] * rows + answers.row
    weight = layout.design.weight[answers.who]
    weight2 = layout.design.weight2[answers.who]
    n, w, w2 = (
        count_by(key, pairs * rows, each).reshape(pairs, rows)
        for each in (None, weight, weight2)
    )
    return CellTotals(n, w, w, w2, w2, *_base(answers, layout))


def _tally_numbers(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Add up numbers and their squares."""
    weight, weight2 = layout.design.weight, layout.design.weight2
    value, pairs = answers.value, layout.cell.size
    base = _base(answers, layout)
    w, w_square, w2, w2_square = (
        count_by(layout.pair, pairs, each)[:, None]
        for each in (
            weight * value,
            weight * value**2,
            weight2 * value,
            weight2 * value**2,
        )
    )
    return CellTotals(
        base[0][:, None], w, w_square, w2, w2_square, *base, answers.centre
    )


def _base(answers: Answers, layout: ColumnLayout) -> tuple[Floats, Floats, Floats]:
    """Count the base by pair: respondents, weights, squared weights."""
    pair, pairs = layout.pair[answers.base], layout.cell.size
    weight = layout.design.weight[answers.base]
    weight2 = layout.design.weight2[answers.base]
    n, w, w2 = (count_by(pair, pairs, each) for each in (None, weight, weight2))
    return n, w, w2

"""CellTotals: the sums that every estimator of a table is made of.

This is the only pass over respondents; after it no respondent is touched again.
"""

from collections.abc import Sequence
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

    Rows of several questions stand side by side; G bases belong to them. With y the
    indicator of the row, or the number less its centre:

    Attributes
    ----------
    n : float array (J, R)
        Respondents.
    w, w_square : float arrays (J, R)
        Sums of w y and of w y^2. For indicators they are the same array.
    w2, w2_square : float arrays (J, R)
        Sums of w^2 y and of w^2 y^2. For indicators they are the same array.
    base_n, base_w, base_w2 : float arrays (J, G)
        Respondents, sum of weights and of squared weights in each base.
    base_of : int array (R,)
        Base of every row.
    centre : float array (R,)
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
    base_of: NDArray[np.intp]
    centre: Floats


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
        Counts, sums of weights and of squared weights, with one base.

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


def beside(parts: Sequence[CellTotals]) -> CellTotals:
    """Put the rows of several questions side by side.

    Parameters
    ----------
    parts : sequence of CellTotals
        Totals over the same pairs, all of indicators or all of numbers.

    Returns
    -------
    CellTotals
        All rows, and all bases.
    """
    if len(parts) == 1:
        return parts[0]
    plain = all(part.w is part.w_square for part in parts)
    n, w, w2 = (
        np.hstack([getattr(p, name) for p in parts]) for name in ("n", "w", "w2")
    )
    squares = (w, w2)
    if not plain:
        squares = (
            np.hstack([part.w_square for part in parts]),
            np.hstack([part.w2_square for part in parts]),
        )
    start = np.cumsum([0, *(part.base_n.shape[1] for part in parts)])
    shifted = [part.base_of + s for part, s in zip(parts, start[:-1], strict=True)]
    return CellTotals(
        n,
        w,
        squares[0],
        w2,
        squares[1],
        *(
            np.hstack([getattr(part, name) for part in parts])
            for name in ("base_n", "base_w", "base_w2")
        ),
        np.concatenate(shifted),
        np.concatenate([part.centre for part in parts]),
    )


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
    return _of_one_base((n, w, w, w2, w2), [t.sum(axis=1) for t in tables])


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
    return _of_one_base((n, w, w, w2, w2), _base(answers, layout))


def _tally_numbers(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Add up numbers and their squares."""
    weight, weight2 = layout.design.weight, layout.design.weight2
    value, pairs = answers.value, layout.cell.size
    base = _base(answers, layout)
    sums = [
        count_by(layout.pair, pairs, each)[:, None]
        for each in (
            weight * value,
            weight * value**2,
            weight2 * value,
            weight2 * value**2,
        )
    ]
    rows = (base[0][:, None], *sums)
    return _of_one_base(rows, base, answers.centre)


def _of_one_base(
    rows: Sequence[Floats], base: Sequence[Floats], centre: float = 0.0
) -> CellTotals:
    """Put sums of rows and of their base together."""
    count = rows[0].shape[1]
    return CellTotals(
        rows[0],
        rows[1],
        rows[2],
        rows[3],
        rows[4],
        base[0][:, None],
        base[1][:, None],
        base[2][:, None],
        np.zeros(count, dtype=np.intp),
        np.full(count, centre),
    )


def _base(answers: Answers, layout: ColumnLayout) -> list[Floats]:
    """Count the base by pair: respondents, weights, squared weights."""
    pair, pairs = layout.pair[answers.base], layout.cell.size
    weight = layout.design.weight[answers.base]
    weight2 = layout.design.weight2[answers.base]
    return [count_by(pair, pairs, each) for each in (None, weight, weight2)]

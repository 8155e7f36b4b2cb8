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

    Rows of several questions stand side by side, and before them the G bases that
    belong to them. With y the indicator of the row or base, or the number less its
    centre:

    Attributes
    ----------
    w : float array (J, G + R)
        Sums of w y.
    n, w2 : float arrays (L, G + R)
        Respondents, and sums of w^2 y, by lump; see `ColumnLayout`.
    w_square, w2_square : float arrays (L, R) or None
        Sums of w y^2 and w^2 y^2; None for indicators, whose square is themselves.
    base_of : int array (R,)
        Base of every row.
    centre : float array (R,)
        What was taken off the numbers; 0 for indicators.
    """

    w: Floats
    n: Floats
    w2: Floats
    w_square: Floats | None
    w2_square: Floats | None
    base_of: NDArray[np.intp]
    centre: Floats

    @property
    def rows(self) -> int:
        """Number of rows R."""
        return self.base_of.size

    @property
    def bases(self) -> int:
        """Number of bases G."""
        return self.w.shape[1] - self.base_of.size


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
    array([[3., 1., 2.]])
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
    squares = [
        None
        if any(getattr(part, name) is None for part in parts)
        else np.hstack([getattr(part, name) for part in parts])
        for name in ("w_square", "w2_square")
    ]
    start = np.cumsum([0, *(part.bases for part in parts)])
    shifted = [part.base_of + s for part, s in zip(parts, start[:-1], strict=True)]
    return CellTotals(
        _side_by_side(parts, "w"),
        _side_by_side(parts, "n"),
        _side_by_side(parts, "w2"),
        squares[0],
        squares[1],
        np.concatenate(shifted),
        np.concatenate([part.centre for part in parts]),
    )


def _side_by_side(parts: Sequence[CellTotals], name: str) -> Floats:
    """Put all bases before all rows."""
    arrays = [getattr(part, name) for part in parts]
    bases = [array[:, : p.bases] for array, p in zip(arrays, parts, strict=True)]
    rows = [array[:, p.bases :] for array, p in zip(arrays, parts, strict=True)]
    return np.hstack([*bases, *rows])


def row_slice(totals: CellTotals, rows: Sequence[int]) -> CellTotals:
    """Take some rows of indicators, with all bases.

    Parameters
    ----------
    totals : CellTotals
        Sums of indicators.
    rows : sequence of int
        Places of the rows.

    Returns
    -------
    CellTotals
        Those rows.
    """
    if list(rows) == list(range(totals.rows)):
        return totals
    kept = [*range(totals.bases), *(totals.bases + row for row in rows)]
    place = np.array(kept, dtype=np.intp)
    return CellTotals(
        totals.w[:, place],
        totals.n[:, place],
        totals.w2[:, place],
        None,
        None,
        totals.base_of[list(rows)],
        totals.centre[list(rows)],
    )


def _tally_exclusive(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count exclusive answers; nets are sums of codes."""
    weight, weight2 = layout.design.weight, layout.design.weight2
    rows = answers.rows
    plain = rows.shape[0] == rows.shape[1] and np.array_equal(rows, np.eye(len(rows)))
    w = _by_code(answers, layout.pair, layout.cell.size, weight, plain=plain)
    lumps = layout.lump_pattern.size
    n = _by_code(answers, layout.lump, lumps, None, plain=plain)
    w2 = _by_code(answers, layout.lump, lumps, weight2, plain=plain)
    return _of_one_base(w, n, w2)


def _by_code(
    answers: Answers,
    group: NDArray[np.intp],
    groups: int,
    weight: Floats | None,
    *,
    plain: bool,
) -> Floats:
    """Add up by group: the base, and then rows (groups, 1 + R)."""
    codes = answers.rows.shape[0]
    key = group * (codes + 2)
    key += answers.bucket
    table = count_by(key, groups * (codes + 2), weight).reshape(groups, codes + 2)
    # The place of those without a code becomes that of the base.
    table[:, 1] = table[:, 1:] @ np.ones(codes + 1)
    if plain:
        return table[:, 1:]
    return np.hstack([table[:, 1:2], table[:, 2:] @ answers.rows])


def _tally_multiple(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count rows that may overlap, each by its indicator."""
    rows = answers.rows.shape[1]
    weight = layout.design.weight[answers.who]
    weight2 = layout.design.weight2[answers.who]
    pair, lump = layout.pair[answers.who], layout.lump[answers.who]
    pairs, lumps = layout.cell.size, layout.lump_pattern.size
    sums = [
        count_by(group * rows + answers.row, groups * rows, each).reshape(groups, rows)
        for group, groups, each in (
            (pair, pairs, weight),
            (lump, lumps, None),
            (lump, lumps, weight2),
        )
    ]
    base = _base(answers, layout)
    return _of_one_base(
        *(np.column_stack(both) for both in zip(base, sums, strict=True))
    )


def _tally_numbers(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Add up numbers and their squares."""
    weight, weight2 = layout.design.weight, layout.design.weight2
    value, lumps = answers.value, layout.lump_pattern.size
    base = _base(answers, layout)
    w = count_by(layout.pair, layout.cell.size, weight * value)
    w_square, w2, w2_square = (
        count_by(layout.lump, lumps, each)
        for each in (weight * value**2, weight2 * value, weight2 * value**2)
    )
    return _of_one_base(
        np.column_stack([base[0], w]),
        np.column_stack([base[1], base[1]]),
        np.column_stack([base[2], w2]),
        (w_square[:, None], w2_square[:, None]),
        answers.centre,
    )


def _of_one_base(
    w: Floats,
    n: Floats,
    w2: Floats,
    squares: tuple[Floats, Floats] | None = None,
    centre: float = 0.0,
) -> CellTotals:
    """Put sums of rows and of their base together."""
    count = w.shape[1] - 1
    one, two = squares or (None, None)
    base_of = np.zeros(count, dtype=np.intp)
    return CellTotals(w, n, w2, one, two, base_of, np.full(count, centre))


def _base(answers: Answers, layout: ColumnLayout) -> tuple[Floats, Floats, Floats]:
    """Count the base: weights by pair, respondents and squared weights by lump."""
    inside = answers.base
    whole = bool(inside.all())
    pair, lump = (
        each if whole else each[inside] for each in (layout.pair, layout.lump)
    )
    weight, weight2 = (
        each if whole else each[inside]
        for each in (layout.design.weight, layout.design.weight2)
    )
    lumps = layout.lump_pattern.size
    return (
        count_by(pair, layout.cell.size, weight),
        count_by(lump, lumps),
        count_by(lump, lumps, weight2),
    )

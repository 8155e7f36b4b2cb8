"""From cell totals to estimates: shares, means and totals of many questions.

Intervals and design effects are computed for all rows at once.
"""

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.estimation.cell_covariance import CellCovariance, cell_covariance
from survey.estimation.degrees import degrees_of_freedom
from survey.estimation.effects import inverse
from survey.estimation.estimates import Estimates
from survey.estimation.intervals import Precision, share_interval, t_interval
from survey.estimation.layout import ColumnLayout, pattern_totals
from survey.estimation.linearization import Residual, averaging, covariance
from survey.estimation.replicate_tables import replicate_estimates
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals, row_slice

Floats = NDArray[np.float64]
# Share of a number below which differences are rounding.
_DIGITS = 1e-13
Statistic = Literal["share", "mean", "total"]

# Cells whose covariance is held at once; their square is 50 MB.
_MOST_CELLS = 2500


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """What is known of one question over one banner question.

    Attributes
    ----------
    totals : CellTotals
        Sums over J pairs and R rows.
    sums : float array (P, 1 + R)
        The same by pattern; the first row is the base.
    cells : CellCovariance or None
        Covariance of its cells; None in a design with replicates, and where the
        cells are too many to be held at once.
    """

    totals: CellTotals
    sums: Floats
    cells: CellCovariance | None


def question_of(
    totals: CellTotals, layout: ColumnLayout, overlap: Floats | None = None
) -> Question:
    """Put a question together with the covariance of its cells.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        Columns over the design.
    overlap : float array, optional
        See `cell_covariance`.

    Returns
    -------
    Question
        Totals and covariance.
    """
    sums = pattern_totals(layout, totals.w)
    many = len(layout.member) * (totals.rows + 1) > _MOST_CELLS
    if layout.design.replicates is not None or many:
        return Question(totals, sums, None)
    return Question(totals, sums, cell_covariance(totals, layout, sums, overlap))


def estimate_table(
    totals: CellTotals,
    layout: ColumnLayout,
    statistic: Statistic,
    *,
    interval: str = "logit",
    conf_level: float = 0.95,
) -> Estimates:
    """Turn the cell totals of one question into estimates.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        C columns over the design.
    statistic : {"share", "mean", "total"}
        What to estimate.
    interval : str, default "logit"
        Interval of shares; means and totals have t intervals.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    Estimates
        Arrays by row and column; see `estimate_tables`.
    """
    question = question_of(totals, layout)
    return estimate_tables(
        [question], layout, statistic, interval=interval, conf_level=conf_level
    )[0]


def estimate_tables(
    questions: Sequence[Question],
    layout: ColumnLayout,
    statistic: Statistic,
    *,
    interval: str = "logit",
    conf_level: float = 0.95,
) -> list[Estimates]:
    """Turn the cell totals of many questions into estimates, all at once.

    Parameters
    ----------
    questions : sequence of Question
        Questions over the same layout.
    layout : ColumnLayout
        C columns over the design.
    statistic : {"share", "mean", "total"}
        What to estimate.
    interval : str, default "logit"
        Interval of shares; means and totals have t intervals.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    list of Estimates
        Arrays by row and column, one for each question.

    Notes
    -----
    The design effect is the variance over that of a simple random sample drawn with
    replacement of the same size: for a share ``p (1 - p) / (n - 1)``. At 0 % and
    100 %, where both are 0, it is the Kish effect of the weights, which is what the
    interval there uses.
    """
    parts = [_part(question, layout, statistic) for question in questions]
    rows = np.repeat(np.arange(len(parts)), [len(part.estimate) for part in parts])
    estimate, variance, count, spread = (
        np.vstack([getattr(part, name) for part in parts])
        for name in ("estimate", "variance", "count", "spread")
    )
    weighted = np.vstack([part.weighted for part in parts])[rows]
    each = _stacked([part.precision for part in parts]).of(rows)
    error = np.sqrt(variance)
    if statistic == "share":
        ends = share_interval(
            estimate, error, each, method=interval, conf_level=conf_level
        )
    else:
        ends = t_interval(estimate, error, each, conf_level)
    simple = spread / np.maximum(each.base - 1, 1.0)
    if statistic == "total":
        simple = simple * weighted**2
    kish = each.base * inverse(each.base_effective)
    none = ~(simple > 0) | (count == 0)
    deff = np.where(none, kish, variance / np.where(simple > 0, simple, 1.0))
    deff = np.where(each.base > 1, deff, np.nan)
    ends_of = np.searchsorted(rows, np.arange(len(parts) + 1))
    slices = [slice(one, two) for one, two in itertools.pairwise(ends_of)]
    return [
        Estimates(
            estimate[mine],
            error[mine],
            ends.low[mine],
            ends.high[mine],
            deff[mine],
            part.covariance,
            part.count,
            part.weighted,
            part.precision,
        )
        for mine, part in zip(slices, parts, strict=True)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _Part:
    """One question by row and column, before intervals."""

    estimate: Floats
    variance: Floats
    covariance: Floats
    count: Floats
    spread: Floats
    weighted: Floats
    precision: Precision


def _part(question: Question, layout: ColumnLayout, statistic: Statistic) -> _Part:
    """Estimate one question, with the covariance of its columns."""
    totals, member = question.totals, layout.columns.membership

    def by_lump(values: Floats) -> Floats:
        return np.asarray(sum_by(layout.lump_pattern, values, len(member)).T @ member)

    by_pattern = question.sums
    n, w2 = by_lump(totals.n), by_lump(totals.w2)
    sums = by_pattern
    if totals.centre is not None:
        sums = sums + totals.centre[:, None] * np.array([0.0, 1.0]) * sums[:, :1]
    w = sums.T @ member
    residual = _residual(n, w, statistic, number=totals.centre is not None)
    estimate = w[1:] if statistic == "total" else residual.shift
    matrix, lost = _covariance(question, layout, residual, estimate, statistic)
    variance = np.maximum(np.einsum("rcc->rc", matrix), 0.0)
    if statistic == "share":
        # Sums differ in their last digit; a share of all or none has no variance.
        variance = np.where(np.isin(residual.shift, (0.0, 1.0)), 0.0, variance)
    empty = n[0] == 0
    effective = w[0] ** 2 * inverse(w2[0])
    share = _residual(n, w, "share", number=totals.centre is not None).shift
    spread = share * (1 - share)
    if totals.w_square is not None and totals.centre is not None:
        square = sum_by(layout.lump_pattern, totals.w_square, len(member))
        spread = _spread(by_pattern, square, totals.centre, member, share)
    return _Part(
        np.where(empty, np.nan, estimate),
        np.where(empty, np.nan, variance),
        matrix,
        n[1:],
        spread,
        w[0],
        Precision(n[0], effective, degrees_of_freedom(totals, layout), lost),
    )


def _spread(
    w: Floats, square: Floats, centre: Floats, member: Floats, mean: Floats
) -> Floats:
    """Give the weighted variance of numbers in every column (1, C)."""
    off = (centre[:, None] - mean) * member
    inside = square.T @ member + 2 * (w[:, 1] @ off) + w[:, 0] @ off**2
    spread = np.maximum(inside, 0.0) * inverse(w[:, 0] @ member)
    # Numbers that differ by less than their last digits are the same.
    return np.asarray(np.where(spread > (_DIGITS * mean) ** 2, spread, 0.0))


def _covariance(
    question: Question,
    layout: ColumnLayout,
    residual: Residual,
    estimate: Floats,
    statistic: Statistic,
) -> tuple[Floats, Floats]:
    """Give the covariance (R, C, C), and replicates that say nothing (C,)."""
    replicates, columns = layout.design.replicates, residual.shift.shape[1]
    if replicates is None:
        root = np.sqrt(averaging(question.totals, layout))
        if question.cells is not None:
            matrix = covariance(question.cells, layout, residual, root)
        else:
            matrix = _row_by_row(question, layout, residual, root)
        return matrix, np.zeros(columns)
    each = replicate_estimates(
        replicates, question.totals, layout, total=statistic == "total"
    )
    lost = np.isnan(each).any(axis=1).sum(axis=0).astype(np.float64)
    return replicates.covariance(each, estimate), lost


def _row_by_row(
    question: Question, layout: ColumnLayout, residual: Residual, root: Floats
) -> Floats:
    """Give the covariance (R, C, C) a few rows at a time."""
    step = max(1, _MOST_CELLS // len(layout.member) - 1)
    found = []
    for start in range(0, question.totals.rows, step):
        rows = range(start, min(start + step, question.totals.rows))
        totals = row_slice(question.totals, rows)
        cells = cell_covariance(totals, layout, pattern_totals(layout, totals.w))
        part = slice(rows.start, rows.stop)
        few = Residual(residual.shift[part], residual.inverse[part])
        found.append(covariance(cells, layout, few, root))
    return np.concatenate(found)


def _stacked(parts: Sequence[Precision]) -> Precision:
    """Put precisions of several questions on top of each other (G, C)."""
    names = ("base", "base_effective", "degrees_of_freedom", "lost")
    return Precision(*(np.vstack([getattr(p, name) for p in parts]) for name in names))


def _residual(n: Floats, w: Floats, statistic: Statistic, *, number: bool) -> Residual:
    """Give what the linearised residual takes off and divides by."""
    first = w[1:]
    if statistic == "total":
        return Residual(np.zeros_like(first), np.ones_like(first))
    per = np.broadcast_to(inverse(w[0]), first.shape)
    shift = first * per
    if not number:
        # All or none is a matter of counts, not of the last digit of a sum.
        shift = np.where(n[1:] == n[0], 1.0, shift)
        shift = np.where(n[1:] == 0, 0.0, shift)
    return Residual(shift, per)

"""From cell totals to estimates: shares, means and totals of a whole table."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.estimation.degrees import degrees_of_freedom
from survey.estimation.intervals import (
    Precision,
    share_interval,
    t_interval,
)
from survey.estimation.layout import (
    ColumnLayout,
)
from survey.estimation.linearization import Residual, covariance
from survey.estimation.replicate_tables import replicate_estimates
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]
Statistic = Literal["share", "mean", "total"]

# A spread that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14

NO_ONE = "no respondents"
ONE = "no interval: one respondent"
NO_FREEDOM = "no interval: no degrees of freedom"


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of R rows in C columns; column 0 is Total.

    Attributes
    ----------
    estimate, std_error, conf_low, conf_high, deff : float arrays (R, C)
        NaN in a column without respondents.
    covariance : float array (R, C, C)
        Covariance between the columns, row by row.
    count : float array (R, C)
        Unweighted respondents in the cell.
    base_weighted : float array (G, C)
        Sum of weights of every base; (R, C) after `by_row`, and (C,) after
        `of_base`.
    precision : Precision
        Unweighted and effective base and degrees of freedom, arrays like
        `base_weighted`.
    base_of : int array (R,)
        Base of every row.
    """

    estimate: Floats
    std_error: Floats
    conf_low: Floats
    conf_high: Floats
    deff: Floats
    covariance: Floats
    count: Floats
    base_weighted: Floats
    precision: Precision
    base_of: NDArray[np.intp]


def of_base(table: Estimates, base: int) -> Estimates:
    """Give the rows of one base, as a table of its own.

    Parameters
    ----------
    table : Estimates
        Rows of several questions.
    base : int
        Number of the base.

    Returns
    -------
    Estimates
        Its rows; bases are arrays (C,).
    """
    rows = np.flatnonzero(table.base_of == base)
    # The rows of a question stand together, so a slice is enough and copies nothing.
    return _taken(table, slice(rows[0], rows[-1] + 1) if rows.size else rows, base)


def by_row(table: Estimates) -> Estimates:
    """Give every row its own bases.

    Parameters
    ----------
    table : Estimates
        Rows of several questions.

    Returns
    -------
    Estimates
        The same rows; bases are arrays (R, C).
    """
    return _taken(table, slice(None), table.base_of)


def _taken(
    table: Estimates, rows: slice | NDArray[np.intp], base: int | NDArray[np.intp]
) -> Estimates:
    """Take rows and bases of a table."""
    names = ("estimate", "std_error", "conf_low", "conf_high", "deff", "covariance")
    return Estimates(
        *(getattr(table, name)[rows] for name in names),
        table.count[rows],
        table.base_weighted[base],
        table.precision.of(base),
        table.base_of[rows],
    )


def estimate_table(
    totals: CellTotals,
    layout: ColumnLayout,
    statistic: Statistic,
    *,
    interval: str = "logit",
    conf_level: float = 0.95,
) -> Estimates:
    """Turn cell totals into estimates.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows, with G bases.
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
        Arrays by row and column.

    Notes
    -----
    The design effect is the variance over that of a simple random sample drawn with
    replacement of the same size: for a share ``p (1 - p) / (n - 1)``. At 0 % and
    100 %, where both are 0, it is the Kish effect of the weights, which is what the
    interval there uses.
    """
    sums = _column_sums(totals, layout)
    residual = _residual(sums, statistic, totals.centre[:, None])
    estimate = sums.first + totals.centre[:, None] * sums.weighted
    if statistic != "total":
        estimate = residual.shift + totals.centre[:, None]
    matrix, lost = _covariance(totals, layout, residual, estimate, statistic)
    precision = Precision(
        sums.base_n,
        sums.base_w**2 * _inverse(sums.base_w2),
        degrees_of_freedom(totals, layout),
        lost,
    )
    empty = sums.respondents == 0
    variance = np.maximum(np.einsum("rcc->rc", matrix), 0.0)
    if statistic == "share":
        # Sums differ in their last digit; a share of all or none has no variance.
        variance = np.where(np.isin(residual.shift, (0.0, 1.0)), 0.0, variance)
    variance = np.where(empty, np.nan, variance)
    estimate = np.where(empty, np.nan, estimate)
    error = np.sqrt(variance)
    each = precision.of(totals.base_of)
    if statistic == "share":
        ends = share_interval(
            estimate, error, each, method=interval, conf_level=conf_level
        )
    else:
        ends = t_interval(estimate, error, each, conf_level)
    return Estimates(
        estimate,
        error,
        ends.low,
        ends.high,
        _design_effect(sums, variance, each, total=statistic == "total"),
        matrix,
        sums.count,
        sums.base_w,
        precision,
        totals.base_of,
    )


def _covariance(
    totals: CellTotals,
    layout: ColumnLayout,
    residual: Residual,
    estimate: Floats,
    statistic: Statistic,
) -> tuple[Floats, Floats]:
    """Give the covariance (R, C, C), and replicates that say nothing (G, C)."""
    replicates = layout.design.replicates
    shape = (totals.bases, layout.columns.membership.shape[1])
    if replicates is None:
        return covariance(totals, layout, residual), np.zeros(shape)
    each = replicate_estimates(replicates, totals, layout, total=statistic == "total")
    lost = np.zeros(shape)
    lost[totals.base_of] = np.isnan(each).sum(axis=0)
    return replicates.covariance(each, estimate), lost


@dataclass(frozen=True, slots=True, eq=False)
class _ColumnSums:
    """Cell totals added up over the design: by row or base, and column."""

    count: Floats
    first: Floats
    second: Floats
    base_n: Floats
    base_w: Floats
    base_w2: Floats
    weighted: Floats
    respondents: Floats


def _column_sums(totals: CellTotals, layout: ColumnLayout) -> _ColumnSums:
    """Add up cell totals over the design."""
    member, bases = layout.columns.membership, totals.bases

    def by_column(pattern: NDArray[np.intp], values: Floats) -> Floats:
        return np.asarray(sum_by(pattern, values, len(member)).T @ member)

    w = by_column(layout.pattern, totals.w)
    n, w2 = (by_column(layout.lump_pattern, each) for each in (totals.n, totals.w2))
    second = w[bases:]
    if totals.w_square is not None:
        second = by_column(layout.lump_pattern, totals.w_square)
    each = totals.base_of
    ends = n[:bases], w[:bases], w2[:bases]
    return _ColumnSums(
        n[bases:], w[bases:], second, *ends, ends[1][each], ends[0][each]
    )


def _inverse(values: Floats) -> Floats:
    """Give 1 / value, and 0 for 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _residual(sums: _ColumnSums, statistic: Statistic, centre: Floats) -> Residual:
    """Give what the linearised residual takes off and divides by."""
    if statistic == "total":
        shift = np.zeros_like(sums.first) - centre
        return Residual(shift, np.ones_like(sums.first))
    inverse = _inverse(sums.weighted)
    shift = sums.first * inverse
    if statistic == "share":
        # All or none is a matter of counts, not of the last digit of a sum.
        shift = np.where(sums.count == sums.respondents, 1.0, shift)
        shift = np.where(sums.count == 0, 0.0, shift)
    return Residual(shift, inverse)


def _design_effect(
    sums: _ColumnSums, variance: Floats, precision: Precision, *, total: bool
) -> Floats:
    """Divide the variance by that of simple random sampling with replacement."""
    n = np.where(precision.base > 1, precision.base, np.nan)
    inverse = _inverse(sums.weighted)
    square = sums.second * inverse
    spread = square - (sums.first * inverse) ** 2
    simple = np.where(spread > _ROUNDING * square, spread, 0.0) / (n - 1)
    if total:
        simple = simple * sums.weighted**2
    kish = n * _inverse(precision.base_effective)
    none = ~(simple > 0) | (sums.count == 0)
    return np.where(none, kish, variance / np.where(simple > 0, simple, 1.0))


def precision_notes(precision: Precision) -> list[str]:
    """Say for every column why it has no interval, or what limits it; else empty.

    Parameters
    ----------
    precision : Precision
        Bases and degrees of freedom of C columns.

    Returns
    -------
    list of str
        C notes.

    Examples
    --------
    >>> one = Precision(np.array([1.0]), np.array([1.0]), np.array([0.0]))
    >>> precision_notes(one)
    ['no interval: one respondent']
    """
    lost = np.broadcast_to(precision.lost, precision.base.shape)
    return [
        _why(int(n), df, int(gone))
        for n, df, gone in zip(
            precision.base, precision.degrees_of_freedom, lost, strict=True
        )
    ]


def _why(n: int, degrees: float, lost: int) -> str:
    """Say why a column has no interval, or one from fewer replicates."""
    if n <= 1:
        return ONE if n else NO_ONE
    if degrees < 1:
        return NO_FREEDOM
    return f"nobody here in {lost} replicates, which are left out" if lost else ""

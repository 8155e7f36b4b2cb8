"""From cell totals to estimates: shares, means and totals of a whole table."""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.estimation.intervals import (
    Precision,
    share_interval,
    t_interval,
)
from survey.estimation.layout import (
    ColumnLayout,
)
from survey.estimation.linearization import (
    Residual,
    covariance,
    degrees_of_freedom,
)
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
    base_weighted : float array (C,)
        Sum of weights.
    precision : Precision
        Unweighted and effective base and degrees of freedom, arrays (C,).
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
        Arrays by row and column.

    Notes
    -----
    The design effect is the variance over that of a simple random sample drawn with
    replacement of the same size: for a share ``p (1 - p) / (n - 1)``. At 0 % and
    100 %, where both are 0, it is the Kish effect of the weights, which is what the
    interval there uses.
    """
    sums = _column_sums(totals, layout)
    precision = Precision(
        sums.base_n,
        sums.base_w**2 * _inverse(sums.base_w2),
        degrees_of_freedom(totals, layout),
    )
    residual = _residual(sums, statistic, totals.centre)
    matrix = covariance(totals, layout, residual)
    empty = sums.base_n == 0
    variance = np.maximum(np.einsum("rcc->rc", matrix), 0.0)
    if statistic == "share":
        # Sums differ in their last digit; a share of all or none has no variance.
        variance = np.where(np.isin(residual.shift, (0.0, 1.0)), 0.0, variance)
    variance = np.where(empty, np.nan, variance)
    estimate = sums.first + totals.centre * sums.base_w
    if statistic != "total":
        estimate = residual.shift + totals.centre
    estimate = np.where(empty, np.nan, estimate)
    error = np.sqrt(variance)
    if statistic == "share":
        ends = share_interval(
            estimate, error, precision, method=interval, conf_level=conf_level
        )
    else:
        ends = t_interval(estimate, error, precision, conf_level)
    deff = _design_effect(sums, variance, precision, total=statistic == "total")
    return Estimates(
        estimate,
        error,
        ends.low,
        ends.high,
        deff,
        matrix,
        sums.count,
        sums.base_w,
        precision,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _ColumnSums:
    """Cell totals added up over the design: by row and column, or by column."""

    count: Floats
    first: Floats
    second: Floats
    base_n: Floats
    base_w: Floats
    base_w2: Floats


def _column_sums(totals: CellTotals, layout: ColumnLayout) -> _ColumnSums:
    """Add up cell totals over the design."""
    parts = [totals.n, totals.w, totals.w_square]
    base = np.column_stack([totals.base_n, totals.base_w, totals.base_w2])
    member = layout.columns.membership
    summed = sum_by(layout.pattern, np.hstack([*parts, base]), len(member)).T @ member
    rows = totals.n.shape[1]
    count, first, second = (summed[i * rows : (i + 1) * rows] for i in range(3))
    return _ColumnSums(count, first, second, *summed[3 * rows :])


def _inverse(values: Floats) -> Floats:
    """Give 1 / value, and 0 for 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _residual(sums: _ColumnSums, statistic: Statistic, centre: float) -> Residual:
    """Give what the linearised residual takes off and divides by."""
    if statistic == "total":
        return Residual(np.full_like(sums.first, -centre), np.ones_like(sums.base_w))
    inverse = _inverse(sums.base_w)
    shift = sums.first * inverse
    if statistic == "share":
        # All or none is a matter of counts, not of the last digit of a sum.
        shift = np.where(sums.count == sums.base_n, 1.0, shift)
        shift = np.where(sums.count == 0, 0.0, shift)
    return Residual(shift, inverse)


def _design_effect(
    sums: _ColumnSums, variance: Floats, precision: Precision, *, total: bool
) -> Floats:
    """Divide the variance by that of simple random sampling with replacement."""
    n = np.where(precision.base > 1, precision.base, np.nan)
    inverse = _inverse(sums.base_w)
    square = sums.second * inverse
    spread = square - (sums.first * inverse) ** 2
    simple = np.where(spread > _ROUNDING * square, spread, 0.0) / (n - 1)
    if total:
        simple = simple * sums.base_w**2
    kish = n * _inverse(precision.base_effective)
    none = ~(simple > 0) | (sums.count == 0)
    return np.where(none, kish, variance / np.where(simple > 0, simple, 1.0))


def precision_notes(precision: Precision) -> list[str]:
    """Say for every column why it has no interval; empty where it has one.

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
    notes = [NO_ONE, ONE]
    return [
        notes[int(n)] if n < len(notes) else ("" if df >= 1 else NO_FREEDOM)
        for n, df in zip(precision.base, precision.degrees_of_freedom, strict=True)
    ]

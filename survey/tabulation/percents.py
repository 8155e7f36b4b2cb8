"""Percentages of the row and of the total, beside those of the column.

A row percentage stands on the respondents of the row, a total percentage on those of
the whole table.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers, prepare
from survey.estimation.degrees import degrees_of_freedom
from survey.estimation.estimates import Estimates, first_columns
from survey.estimation.intervals import Precision, share_interval
from survey.estimation.layout import ColumnLayout, lay_out, total_column
from survey.estimation.table import Question, estimate_table, estimate_tables
from survey.estimation.totals import CellTotals, tally
from survey.responses.variable import Row, Variable
from survey.tabulation.heads import Head
from survey.tabulation.layout import TableOptions

Floats = NDArray[np.float64]


def shares_of_rows(question: Question, head: Head, options: TableOptions) -> Estimates:
    """Give the share of every column in the respondents of a row.

    Parameters
    ----------
    question : Question
        Sums of R indicators, and their covariance.
    head : Head
        C columns over the design.
    options : TableOptions
        Interval and confidence level.

    Returns
    -------
    Estimates
        Shares (R, C) with the bases of the rows (R, C); that of Total is 1.

    Notes
    -----
    A ratio of two totals, whose covariance gives its variance.
    """
    (whole,) = estimate_tables([question], head.layout, "total")
    whole = first_columns(whole, head.width)
    base = whole.estimate[:, :1]
    share = np.divide(
        whole.estimate, base, out=np.full(whole.estimate.shape, np.nan), where=base > 0
    )
    cov = whole.covariance
    variance = np.einsum("rcc->rc", cov) - 2 * share * cov[:, :, 0]
    variance = variance + share**2 * cov[:, :1, 0]
    inverse = np.divide(1.0, base, out=np.full(base.shape, np.nan), where=base > 0)
    variance = np.maximum(variance, 0.0) * inverse**2
    # All or none of a row is a matter of counts, not of the last digit of a sum.
    n = whole.count[:, :1]
    share = np.where(whole.count == n, 1.0, np.where(whole.count == 0, 0.0, share))
    share = np.where(n > 0, share, np.nan)
    error = np.sqrt(np.where((share <= 0) | (share >= 1), 0.0, variance))
    precision = _row_precision(question.totals, head.layout, whole)
    ends = share_interval(
        share, error, precision, method=options.interval, conf_level=options.conf_level
    )
    simple = share * (1 - share) / np.maximum(precision.base - 1, 1)
    kish = precision.base / np.maximum(precision.base_effective, 1e-300)
    deff = np.divide(
        error**2, simple, out=np.array(kish + 0 * simple), where=simple > 0
    )
    shape = share.shape
    return Estimates(
        share,
        error,
        ends.low,
        ends.high,
        deff,
        np.zeros((*shape, shape[1])),
        whole.count,
        np.broadcast_to(base, shape),
        precision,
    )


def _row_precision(
    totals: CellTotals, layout: ColumnLayout, whole: Estimates
) -> Precision:
    """Give the bases of the rows, in the form of the table."""
    shape = whole.estimate.shape
    weight = whole.estimate[:, :1]
    square = totals.w2[:, 1:].sum(axis=0)[:, None]
    effective = np.divide(
        weight**2, square, out=np.zeros_like(weight), where=square > 0
    )
    degrees = degrees_of_freedom(totals, layout)[:1]
    return Precision(
        np.broadcast_to(whole.count[:, :1], shape),
        np.broadcast_to(effective, shape),
        np.broadcast_to(degrees, shape),
        np.zeros(shape),
    )


def shares_of_total(
    variable: Variable, answers: Answers, head: Head, options: TableOptions
) -> Estimates:
    """Give the share of every cell in the base of Total.

    Parameters
    ----------
    variable : Variable
        The question, with R rows.
    answers : Answers
        Its answers.
    head : Head
        C columns over the design.
    options : TableOptions
        Interval and confidence level.

    Returns
    -------
    Estimates
        Shares (R, C) with the base of Total (C,).
    """
    design = head.layout.design
    member = head.columns.membership[head.columns.pattern] > 0
    counted = _counted(answers, variable)
    rows, columns = counted.shape[1], member.shape[1]
    chosen = (counted[:, :, None] & member[:, None, :]).reshape(len(member), -1)
    codes = tuple(str(place) for place in range(rows * columns))
    joint = Variable(
        variable.name,
        variable.label,
        codes,
        tuple(Row(code, code, (code,)) for code in codes),
        None,
        chosen & variable.base[:, None],
        None,
        variable.base,
    )
    layout = lay_out(total_column(design.used.size), design)
    table = estimate_table(
        tally(prepare(joint, design.used), layout),
        layout,
        "share",
        interval=options.interval,
        conf_level=options.conf_level,
    )
    shape = (rows, columns)
    wide = np.zeros(columns, dtype=np.intp)
    return Estimates(
        table.estimate.reshape(shape),
        table.std_error.reshape(shape),
        table.conf_low.reshape(shape),
        table.conf_high.reshape(shape),
        table.deff.reshape(shape),
        np.zeros((*shape, columns)),
        table.count.reshape(shape),
        table.base_weighted[wide],
        table.precision.of(wide),
    )


def _counted(answers: Answers, variable: Variable) -> NDArray[np.bool_]:
    """Say which rows count each respondent (n, R)."""
    if answers.bucket.size:
        codes = answers.rows.shape[0]
        rows = np.vstack([np.zeros((2, answers.rows.shape[1])), answers.rows]) > 0
        assert len(rows) == codes + _OUTSIDE, "a bucket for each code"
        return np.asarray(rows[answers.bucket])
    counted = np.zeros((variable.base.size, answers.rows.shape[1]), dtype=bool)
    counted[answers.who, answers.row] = True
    return counted


# Buckets before the first code: outside the base, and without a code.
_OUTSIDE = 2

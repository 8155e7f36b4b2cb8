"""Percentages of the row and of the total, beside those of the column.

A row percentage stands on the respondents of the row, a total percentage on those of
the whole table.
"""

from dataclasses import replace

import numpy as np

from survey.estimation.answers import Answers, prepare, rows_of
from survey.estimation.estimates import Estimates
from survey.estimation.layout import Columns, columns_of, lay_out, total_column
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.responses.variable import Row, Variable
from survey.tabulation.heads import Head
from survey.tabulation.layout import TableOptions

# Buckets before the first code: outside the base, and without a code.
_OUTSIDE = 2


def shares_of_rows(
    variable: Variable, answers: Answers, head: Head, options: TableOptions
) -> Estimates:
    """Give the share of every column in the respondents of a row.

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
        Shares (R, C) with the bases of the rows (R, C); that of Total is 1.

    Notes
    -----
    The table turned round: its columns are the rows, which are the domains, so that
    errors and degrees of freedom are those of the respondents of a row.
    """
    columns = columns_of(variable)
    layout = lay_out(columns, head.layout.design)
    table = estimate_table(
        tally(_points(answers, head.columns), layout),
        layout,
        "share",
        interval=options.interval,
        conf_level=options.conf_level,
    )
    place = np.arange(1, len(columns.codes) + 1)
    wide = np.repeat(place[:, None], head.width, axis=1)
    shape = wide.shape
    return Estimates(
        table.estimate[:, place].T,
        table.std_error[:, place].T,
        table.conf_low[:, place].T,
        table.conf_high[:, place].T,
        table.deff[:, place].T,
        np.zeros((*shape, head.width)),
        table.count[:, place].T,
        table.base_weighted[wide],
        table.precision.of(wide),
    )


def _points(answers: Answers, columns: Columns) -> Answers:
    """Take the columns of a banner question as the rows of a question."""
    bucket = np.where(answers.base, columns.pattern + _OUTSIDE, 0)
    none = bucket[:0]
    return replace(
        answers,
        bucket=bucket,
        answer=none,
        rows=columns.membership,
        plain=False,
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
    counted = rows_of(answers)
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

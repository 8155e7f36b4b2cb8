"""Rao-Scott test: is a question associated with a banner question, given the design.

The covariance of the cells comes from the same totals as the table.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.cell_covariance import row_overlap
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import ColumnLayout, columns_of, lay_out
from survey.estimation.linearization import averaging
from survey.estimation.replicate_tables import replicate_cells
from survey.estimation.stored_estimate import stored_source
from survey.estimation.stored_tally import answers_of, count_answers
from survey.estimation.sums import sum_by
from survey.estimation.table import Question, question_of
from survey.importers.stored import StoredData
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.tabulation.association import (
    Cells,
    RaoScott,
    Statistic,
    cells_test,
    check_statistic,
    items_test,
)

Floats = NDArray[np.float64]


def rao_scott(
    data: Responses | pd.DataFrame | StoredData,
    row: str,
    column: str,
    *,
    design: SurveyDesign | None = None,
    statistic: Statistic = "F",
) -> RaoScott:
    """Test whether a question is associated with another.

    Parameters
    ----------
    data : Responses, DataFrame or StoredData
        All respondents. Missing values of plain columns are outside the base.
    row, column : str
        Questions; respondents with an answer to both are tested. The row may be
        multiple response, the column is single response.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Which test: second order (F) or first order Rao-Scott, or Wald. For multiple
        response one of the first two.

    Returns
    -------
    RaoScott
        F with its degrees of freedom.

    Raises
    ------
    QuestionError
        There is no such question.
    EstimationError
        The row has numbers only, or the column is no single response; fewer than
        two categories occur; the design leaves no degrees of freedom.

    Notes
    -----
    Pearson's statistic with the second order correction [1]_, compared with F, whose
    denominator has ``ndf`` times the degrees of freedom of the whole design
    (PSUs minus strata), as ``svychisq(statistic="F")`` of R `survey`; the others are
    its "Chisq", "Wald" and "adjWald", except that PSUs without any weight do not
    count in the degrees of freedom. Categories that nobody chose are left out. All
    items of a multiple response question are tested at once [2]_.

    References
    ----------
    .. [1] Rao and Scott (1984), Annals of Statistics 12(1), 46-60.
    .. [2] Bilder and Loughin (2004), Biometrics 60(1), 241-248.

    Examples
    --------
    Without a design it is Pearson's statistic 4 (1 - 0)^2, times 7 / 8.

    >>> answers = [1, 1, 1, 2, 1, 2, 2, 2]
    >>> firms = pd.DataFrame({"q": answers, "size": [1, 1, 1, 1, 2, 2, 2, 2]})
    >>> round(rao_scott(firms, "q", "size").statistic, 6)
    1.75
    """
    check_statistic(statistic)
    if isinstance(data, StoredData):
        source = stored_source(data, row, column, design, numbers=False)
        resolved, rows = source.design, source.variables[0]
        columns = _one(source.data, column)
    else:
        resolved = resolve(design, data)
        rows, columns = _one(data, row), _one(data, column)
    if columns.position is None:
        raise EstimationError(
            f"{column!r} is multiple response or a number; the columns of a test of "
            "association are single response. Compare columns instead."
        )
    if rows.position is None and rows.chosen is None:
        raise EstimationError(
            f"{row!r} holds numbers, which have no test of association. "
            "Put them in bands, or compare means."
        )
    layout = lay_out(columns_of(columns), resolved)
    answers = answers_of(rows, resolved)
    totals = count_answers(answers, layout)
    question = question_of(totals, layout, row_overlap(answers, layout))
    if rows.position is not None:
        return table_test(rows, question, layout, statistic)
    return item_tests(rows, question, layout, statistic)[0]


def _one(data: Responses | pd.DataFrame, name: str) -> Variable:
    """Give the one variable of a question."""
    found = variables(data, name)
    if len(found) != 1:
        raise EstimationError(
            f"{name!r} is a grid of {len(found)} items. Test one item, such as "
            f"{found[0].name!r}."
        )
    return found[0]


def category_rows(variable: Variable) -> list[int]:
    """Give the places of the rows that are one code each, in the order of the codes.

    Parameters
    ----------
    variable : Variable
        Single or multiple response, with or without nets.

    Returns
    -------
    list of int
        Places among the rows.
    """
    place = {
        row.codes[0]: r
        for r, row in reversed(list(enumerate(variable.rows)))
        if len(row.codes) == 1 and row.role != "net"
    }
    return [place[code] for code in variable.codes if code in place]


def table_test(
    variable: Variable, question: Question, layout: ColumnLayout, statistic: str = "F"
) -> RaoScott:
    """Test a single response question against a banner question.

    Parameters
    ----------
    variable : Variable
        The question.
    question : Question
        Its totals and the covariance of its cells.
    layout : ColumnLayout
        Columns of a single response question: pattern 0 is no answer.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Which test.

    Returns
    -------
    RaoScott
        Statistic with its degrees of freedom.

    Raises
    ------
    EstimationError
        As `cells_test`.
    """
    rows = [1 + row for row in category_rows(variable)]
    weight = question.sums[1:, rows]
    n = _by_lump(question.totals.n, layout)[1:, rows]
    # Wald's test is of totals in excess of those expected, Pearson's is of shares.
    whole = rows if statistic in ("F", "chisq") else []
    covariance = _covariance(question, layout, rows, whole)
    degrees = layout.design.degrees_of_freedom
    cells = Cells(weight, covariance, float(n.sum()), degrees)
    return cells_test(cells, statistic)


def item_tests(
    variable: Variable, question: Question, layout: ColumnLayout, statistic: str = "F"
) -> tuple[RaoScott, list[RaoScott | None]]:
    """Test a multiple response question against a banner question.

    Parameters
    ----------
    variable : Variable
        The question, with K codes.
    question : Question
        Its totals and the covariance of its cells, made with `row_overlap`.
    layout : ColumnLayout
        Columns of a single response question: pattern 0 is no answer.
    statistic : {"F", "chisq"}
        Which test.

    Returns
    -------
    RaoScott, list of RaoScott or None
        All items at once, and every item; None for an item that cannot be tested.

    Raises
    ------
    EstimationError
        As `items_test`.
    """
    rows = [0, *(1 + row for row in category_rows(variable))]
    weight = question.sums[1:, rows]
    n = float(_by_lump(question.totals.n, layout)[1:, 0].sum())
    covariance = _covariance(question, layout, rows, [0])
    maps = _item_maps(len(rows) - 1, *weight.shape)
    degrees = layout.design.degrees_of_freedom
    tables = [
        Cells(
            (one @ weight.ravel()).reshape(-1, 2), one @ covariance @ one.T, n, degrees
        )
        for one in maps
    ]
    every = np.vstack(maps)
    whole = items_test(tables, every @ covariance @ every.T, statistic)
    return whole, [_tested(table, statistic) for table in tables]


def _covariance(
    question: Question, layout: ColumnLayout, rows: list[int], whole: list[int]
) -> Floats:
    """Give the covariance of some rows of the table, column by column and flat."""
    if layout.design.replicates is not None:
        replicates = layout.design.replicates
        found = replicate_cells(replicates, question.totals, layout, whole)
    else:
        if question.cells is None:
            raise EstimationError(
                f"the table has {len(layout.columns.membership) - 1} columns and "
                f"{question.totals.rows} rows, too many for a test of association. "
                "Merge categories."
            )
        # Strata with an averaged variance count as in the column of everyone.
        factor = float(averaging(question.totals, layout)[0])
        found = question.cells.of_sums(factor)
    size = (len(found) - 1) * len(rows)
    return found[1:, rows][..., 1:, :][..., rows].reshape(size, size)


def _tested(table: Cells, statistic: str) -> RaoScott | None:
    """Test one item, where it can be tested."""
    try:
        return cells_test(table, statistic)
    except EstimationError:
        return None


def _by_lump(values: Floats, layout: ColumnLayout) -> Floats:
    """Add up lumps by pattern (patterns, 1 + R)."""
    return sum_by(layout.lump_pattern, values, len(layout.columns.membership))


def _item_maps(items: int, columns: int, rows: int) -> list[Floats]:
    """Turn items and base by column into not chosen and chosen, item by item."""
    maps = []
    for item in range(items):
        one = np.zeros((2, rows))
        one[0, 0], one[0, item + 1], one[1, item + 1] = 1.0, -1.0, 1.0
        maps.append(np.asarray(np.kron(np.eye(columns), one), dtype=np.float64))
    return maps

"""Tabulate: any number of questions against any number of banner questions.

Every number is design-based. Respondents are touched once per question and banner
question; all the rest is arithmetic on cell totals.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd

from survey.errors import EstimationError
from survey.estimation.answers import Answers, prepare
from survey.estimation.design import ResolvedDesign
from survey.estimation.layout import (
    ColumnLayout,
    columns_of,
    lay_out,
    total_column,
)
from survey.estimation.table import estimate_table, of_base
from survey.estimation.totals import CellTotals, tally
from survey.responses.variable import Variable
from survey.tabulation.blocks import (
    MEAN,
    Heading,
    Part,
    base_columns,
    cell_columns,
    stacked,
)
from survey.tabulation.column_tests import compare_columns, letter_of, letters
from survey.tabulation.layout import (
    BASE_COLUMNS,
    CELL_COLUMNS,
    TEST_COLUMNS,
    BannerPoint,
    Crosstab,
    TableOptions,
)
from survey.tabulation.rao_scott import category_totals, table_test
from survey.tabulation.small_bases import HIDDEN, judge_bases


@dataclass(frozen=True, slots=True, eq=False)
class _Head:
    """One banner question, laid over the design."""

    name: str
    layout: ColumnLayout
    exclusive: bool
    testable: bool


@dataclass(frozen=True, slots=True, eq=False)
class _Block:
    """One question against the whole banner, as columns of the cell frame."""

    cells: Mapping[str, object]
    bases: Mapping[str, object]
    tests: tuple[tuple[object, ...], ...]


def tabulate(
    stub: Sequence[Variable],
    banner: Sequence[Variable],
    design: ResolvedDesign,
    options: TableOptions | None = None,
) -> Crosstab:
    """Tabulate variables against banner variables.

    Parameters
    ----------
    stub, banner : sequence of Variable
        Questions down the side and across, over the same n respondents.
    design : ResolvedDesign
        Their design.
    options : TableOptions, optional
        Intervals, small bases, tests.

    Returns
    -------
    Crosstab
        Cells, bases, tests. A question of numbers has one row, its mean.

    Raises
    ------
    QuestionError
        A banner question holds numbers.
    EstimationError
        A variable is about other respondents than the design.

    Notes
    -----
    A respondent with several answers to a banner question is in several columns, and
    the tests know it. Association is tested (Rao-Scott) where stub and banner are
    single response, over all columns, also hidden ones.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> size = Variable("size", "Size", ("s",), (Row("s", "Small", ("s",)),),
    ...                 np.zeros(40, int), None, None, np.ones(40, bool))
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame(index=range(40)))
    >>> tabulate([size], [], design).cells["estimate"].tolist()
    [1.0]
    """
    options = options or TableOptions()
    heads = [_head(variable, design) for variable in banner]
    columns = _points(banner, heads)
    laid = heads or [_total_head(design)]
    heading = Heading(
        ("", *(point.banner for point in columns)),
        ("Total", *(point.label for point in columns)),
    )
    blocks = [_block(variable, laid, heading, options) for variable in stub]
    tests = [test for block in blocks for test in block.tests]
    return Crosstab(
        tuple(variable.name for variable in stub),
        tuple(variable.name for variable in banner),
        columns,
        stacked([block.cells for block in blocks], CELL_COLUMNS),
        stacked([block.bases for block in blocks], BASE_COLUMNS),
        pd.DataFrame(tests, columns=list(TEST_COLUMNS)),
    )


def _head(variable: Variable, design: ResolvedDesign) -> _Head:
    """Lay a banner question over the design."""
    columns = columns_of(variable)
    exclusive = bool((columns.membership[:, 1:].sum(axis=1) <= 1).all())
    return _Head(
        variable.name,
        lay_out(columns, design),
        exclusive and variable.position is not None,
        variable.position is not None,
    )


def _total_head(design: ResolvedDesign) -> _Head:
    """Lay Total alone over the design."""
    columns = total_column(design.used.size)
    return _Head("", lay_out(columns, design), exclusive=False, testable=False)


def _points(
    banner: Sequence[Variable], heads: Sequence[_Head]
) -> tuple[BannerPoint, ...]:
    """List the columns; letters start again with every banner question."""
    points: list[BannerPoint] = []
    for variable, head in zip(banner, heads, strict=True):
        columns = head.layout.columns
        points += [
            BannerPoint(variable.name, variable.label, code, label, letter_of(place))
            for place, (code, label) in enumerate(
                zip(columns.codes, columns.labels, strict=True)
            )
        ]
    return tuple(points)


def _block(
    variable: Variable,
    heads: Sequence[_Head],
    heading: Heading,
    options: TableOptions,
) -> _Block:
    """Tabulate one question against the whole banner."""
    numbers = variable.position is None and variable.chosen is None
    rows = (MEAN,) if numbers else variable.rows
    answers = prepare(variable, heads[0].layout.design.used)
    statistic: Literal["share", "mean"] = "mean" if numbers else "share"
    parts, tests = [], []
    for head in heads:
        totals = tally(answers, head.layout)
        parts.append(_part(totals, head, statistic, options))
        tests += list(_association(variable, totals, answers, head, options))
    return _Block(
        cell_columns(variable, rows, parts, heading, options.min_base),
        base_columns(variable, parts, heading, options.min_base),
        tuple(tests),
    )


def _part(
    totals: CellTotals,
    head: _Head,
    statistic: Literal["share", "mean"],
    options: TableOptions,
) -> Part:
    """Estimate and test one question against one banner question."""
    table = estimate_table(
        totals,
        head.layout,
        statistic,
        interval=options.interval,
        conf_level=options.conf_level,
    )
    table = of_base(table, 0)
    base = table.precision.base
    limits = {"min_base": options.min_base, "small_base": options.small_base}
    points = judge_bases(base[1:], **limits, exclusive=head.exclusive)
    whole = judge_bases(base[:1], **limits, exclusive=False)
    tested = (points < HIDDEN) & table.precision.known[1:]
    tests = compare_columns(
        table, tested, adjust=options.adjust, shares=statistic == "share"
    )
    marks = letters(tests, len(table.estimate), points.size, options.levels)
    return Part(table, np.concatenate([whole, points]), marks)


def _association(
    variable: Variable,
    totals: CellTotals,
    answers: Answers,
    head: _Head,
    options: TableOptions,
) -> Iterator[tuple[object, ...]]:
    """Test a question against a banner question, where the test is defined."""
    enough = int(answers.base.sum()) >= max(options.min_base, 1)
    if variable.position is None or not head.testable or not enough:
        return
    plain = [row.codes for row in variable.rows] == [(c,) for c in variable.codes]
    if not plain:
        totals = category_totals(variable, head.layout)
    try:
        test = table_test(totals, head.layout)
    except EstimationError:
        # A table with one occupied row or column has no association to test.
        return
    yield (
        variable.name,
        head.name,
        test.statistic,
        test.ndf,
        test.ddf,
        test.p_value,
    )

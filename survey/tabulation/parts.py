"""Parts: the estimates of many questions against every banner question.

Questions of one kind are estimated together; tests of association follow from the
same totals.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from survey.errors import EstimationError
from survey.estimation.answers import Answers
from survey.estimation.cell_covariance import row_overlap
from survey.estimation.estimates import Estimates
from survey.estimation.joint import Joint, tally_jointly
from survey.estimation.stored_tally import answers_of, respondents_in
from survey.estimation.table import Question, estimate_tables, question_of
from survey.estimation.totals import CellTotals, Keys
from survey.responses.variable import Variable
from survey.tabulation.association import RaoScott
from survey.tabulation.heads import Head
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import Lines
from survey.tabulation.percents import shares_of_rows, shares_of_total
from survey.tabulation.rao_scott import (
    category_rows,
    item_tests,
    table_test,
)
from survey.tabulation.summaries import estimate_summary


@dataclass(frozen=True, slots=True, eq=False)
class Estimated:
    """The lines of one question, before anything is hidden or lettered.

    Attributes
    ----------
    lines : Lines
        The lines.
    tables : tuple of Estimates
        One for each banner question: R rows in its columns, and in the rest of them
        where columns are tested against the rest.
    others : mapping of statistic to tuple of Estimates
        Shares of rows and of the total, where they are wanted.
    tests : tuple of tuples
        Tests of association.
    """

    lines: Lines
    tables: tuple[Estimates, ...]
    others: dict[str, tuple[Estimates, ...]]
    tests: tuple[tuple[object, ...], ...]


def estimate_lines(
    chunk: Sequence[Lines],
    heads: Sequence[Head],
    joint: Joint | None,
    options: TableOptions,
) -> list[Estimated]:
    """Estimate lines of one kind against every banner question.

    Parameters
    ----------
    chunk : sequence of Lines
        Lines of one kind.
    heads : sequence of Head
        Banner questions over the design.
    joint : Joint or None
        Their combinations; see `join`.
    options : TableOptions
        Intervals, percentages, tests.

    Returns
    -------
    list of Estimated
        In the order of the chunk.
    """
    kind = chunk[0].kind
    if kind in ("median", "sd"):
        return [
            Estimated(
                lines,
                tuple(estimate_summary(lines, head, options) for head in heads),
                {},
                (),
            )
            for lines in chunk
        ]
    layouts = [head.layout for head in heads]
    answers = [
        answers_of(lines.variable, layouts[0].design, numbers=kind == "mean")
        for lines in chunk
    ]
    keys: Keys = {}
    counted = [tally_jointly(each, layouts, joint, keys) for each in answers]
    by_head = [
        _of_head(chunk, answers, [totals[h] for totals in counted], head, options)
        for h, head in enumerate(heads)
    ]
    return [
        _together(lines, [each[p] for each in by_head]) for p, lines in enumerate(chunk)
    ]


@dataclass(frozen=True, slots=True, eq=False)
class _OfHead:
    """One question against one banner question."""

    table: Estimates
    others: dict[str, Estimates]
    tests: list[tuple[object, ...]]


def _together(lines: Lines, found: Sequence[_OfHead]) -> Estimated:
    """Put one question together over all banner questions."""
    others = {
        name: tuple(each.others[name] for each in found) for name in found[0].others
    }
    tests = tuple(test for each in found for test in each.tests)
    return Estimated(lines, tuple(each.table for each in found), others, tests)


def _of_head(
    chunk: Sequence[Lines],
    answers: Sequence[Answers],
    counted: Sequence[CellTotals],
    head: Head,
    options: TableOptions,
) -> list[_OfHead]:
    """Estimate and test questions against one banner question."""
    kind = chunk[0].kind
    questions = [
        question_of(
            totals,
            head.layout,
            row_overlap(each, head.layout) if head.testable else None,
        )
        for each, totals in zip(answers, counted, strict=True)
    ]
    tables = estimate_tables(
        questions,
        head.layout,
        "mean" if kind == "mean" else "share",
        interval=options.interval,
        conf_level=options.conf_level,
    )
    found = []
    for lines, each, question, table in zip(
        chunk, answers, questions, tables, strict=True
    ):
        if kind != "share":
            found.append(_OfHead(table, {}, []))
            continue
        others = dict(_other_shares(lines, each, head, options))
        tests = _association(lines, each, question, head, options)
        found.append(_OfHead(table, others, tests))
    return found


def _other_shares(
    lines: Lines, answers: Answers, head: Head, options: TableOptions
) -> Iterator[tuple[str, Estimates]]:
    """Give shares of rows and of the total, where they are wanted."""
    if "row" in options.percent:
        yield "row_share", shares_of_rows(lines.variable, answers, head, options)
    if "total" in options.percent:
        yield "total_share", shares_of_total(lines.variable, answers, head, options)


def _association(
    lines: Lines,
    answers: Answers,
    question: Question,
    head: Head,
    options: TableOptions,
) -> list[tuple[object, ...]]:
    """Test a question against a banner question, where the test is defined."""
    variable = lines.variable
    if not head.testable:
        return []
    if respondents_in(answers, head.layout.design) < max(options.min_base, 1):
        why = f"not tested: base below {max(options.min_base, 1)}"
        return [_line(variable, head, why, "", options.statistic)]
    try:
        return _tested(variable, question, head, options)
    except EstimationError as problem:
        return [_line(variable, head, f"not tested: {problem}", "", options.statistic)]


def _tested(
    variable: Variable,
    question: Question,
    head: Head,
    options: TableOptions,
) -> list[tuple[object, ...]]:
    """Test a single response question, or all items and every item of a multiple."""
    statistic = options.statistic
    if variable.position is not None:
        found = table_test(variable, question, head.layout, statistic)
        return [_line(variable, head, found, "", statistic)]
    # Wald's test is defined for one item, and not for all at once.
    statistic = "chisq" if statistic == "chisq" else "F"
    whole, items = item_tests(variable, question, head.layout, statistic)
    codes = [variable.rows[r].code for r in category_rows(variable)]
    same = "not tested: the item does not vary over two columns"
    return [
        _line(variable, head, whole, "", statistic),
        *(
            _line(variable, head, item or same, code, statistic)
            for code, item in zip(codes, items, strict=True)
        ),
    ]


def _line(
    variable: Variable, head: Head, found: RaoScott | str, code: str, statistic: str
) -> tuple[object, ...]:
    """Write a test, or why there is none, as a line of the frame of tests."""
    numbers, note = (float("nan"),) * 4, ""
    if isinstance(found, str):
        note = found
    else:
        numbers = (found.statistic, found.ndf, found.ddf, found.p_value)
    return (variable.name, head.name, *numbers, code, statistic, note, "")

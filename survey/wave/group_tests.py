"""Headline rates of every group against all other respondents, tested as one family.

Only what is shown on a base that is not small takes part, so that whoever reads a
difference may know its numbers; which groups these are depends on bases alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.joint import join
from survey.indicators.adoption import IN_PRODUCTION, USING
from survey.indicators.preference import OPEN, PROPRIETARY, side_code
from survey.responses.variable import Variable
from survey.study.model import Study
from survey.tabulation.adjustment import adjusted_family
from survey.tabulation.heads import Head, heads_of
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import lines_of
from survey.tabulation.parts import Estimated, estimate_lines
from survey.tabulation.reference_tests import compare_rest
from survey.wave.result import Cell, GroupTest, Key, QuestionResult

Bools = NDArray[np.bool_]


def headline_rates(
    study: Study, questions: Sequence[QuestionResult]
) -> dict[str, tuple[str, ...]]:
    """Name the shares among the headlines of a wave.

    Parameters
    ----------
    study : Study
        Names the indicators.
    questions : sequence of QuestionResult
        Of the wave.

    Returns
    -------
    dict of question to tuple of str
        Codes of rows: adoption rates, both sides of the preference, nets of the
        barriers, other shares.
    """
    plan = study.indicators
    wanted: dict[str, list[str]] = {}
    if plan.adoption:
        wanted[plan.adoption.question] = [IN_PRODUCTION, USING]
    if plan.preference:
        sides = (plan.preference.open, OPEN), (plan.preference.proprietary, PROPRIETARY)
        codes = [side_code(found, net) for found, net in sides]
        wanted.setdefault(plan.preference.overall, []).extend(codes)
    for barriers in plan.barriers:
        nets = study.nets.get(barriers.question, ())
        wanted.setdefault(barriers.question, []).extend(net.code for net in nets)
    for share in plan.shares:
        wanted.setdefault(share.question, []).append(share.code)
    return {
        result.question.id: tuple(dict.fromkeys(wanted[result.question.id]))
        for result in questions
        if result.question.id in wanted
    }


def group_tests(
    study: Study,
    questions: Sequence[QuestionResult],
    banner: Sequence[Variable],
    design: ResolvedDesign,
    options: TableOptions,
    cells: Mapping[Key, Cell],
) -> tuple[GroupTest, ...]:
    """Test the headline rates of every group against all other respondents.

    Parameters
    ----------
    study : Study
        Names indicators, and the adjustment for many tests.
    questions : sequence of QuestionResult
        Of the wave.
    banner : sequence of Variable
        Banner questions.
    design : ResolvedDesign
        Weights and design of the records used.
    options : TableOptions
        Minimum bases.
    cells : mapping of (question, code, banner, point) to Cell
        What the tables show.

    Returns
    -------
    tuple of GroupTest
        All comparisons of the family, in the order of the tables.

    Notes
    -----
    The adjustment is that of the study, and Holm's where the study adjusts nothing:
    a sentence about a difference is picked from all of them.
    """
    stub = _stub(study, questions)
    if not stub or not banner:
        return ()
    against = replace(options, against=("rest",), summaries={}, percent=("column",))
    # Association is not tested here, and nets alone would not allow it.
    laid = heads_of(banner, design, against)
    heads = [replace(head, testable=False) for head in laid]
    lines = [line for variable in stub for line in lines_of(variable)]
    joint = join([head.layout for head in heads])
    estimated = estimate_lines(lines, heads, joint, against)
    found = [
        test
        for each in estimated
        for place, head in enumerate(heads)
        for test in _compared(each, place, head, options, cells)
    ]
    return _adjusted(found, study.report.adjust)


def _stub(study: Study, questions: Sequence[QuestionResult]) -> list[Variable]:
    """Take the rows that are headline rates."""
    wanted = headline_rates(study, questions)
    kept = [
        replace(
            result.variables[0],
            rows=tuple(
                row
                for row in result.variables[0].rows
                if row.code in wanted[result.question.id]
            ),
        )
        for result in questions
        if result.question.id in wanted and len(result.variables) == 1
    ]
    return [variable for variable in kept if variable.rows]


def _compared(
    each: Estimated,
    place: int,
    head: Head,
    options: TableOptions,
    cells: Mapping[Key, Cell],
) -> Iterator[GroupTest]:
    """Test one question by one banner question, not yet adjusted."""
    variable, table = each.lines.variable, each.tables[place]
    if variable.name == head.name:
        return
    told = _told(each, head, cells)
    rest = np.atleast_2d(table.precision.base)[:, head.width :]
    tests = compare_rest(table, told & (rest >= options.small_base))
    for r, c in np.argwhere(np.isfinite(tests.p_value)).tolist():
        yield GroupTest(
            variable.name,
            each.lines.rows[r].code,
            head.name,
            head.columns.labels[c],
            float(table.estimate[r, c + 1]),
            float(table.estimate[r, c + head.width]),
            float(tests.p_value[r, c]),
        )


def _told(each: Estimated, head: Head, cells: Mapping[Key, Cell]) -> Bools:
    """Say which groups of every row are shown, on a base that is not small."""
    name = each.lines.variable.name
    points = [("", "Total"), *((head.name, label) for label in head.columns.labels)]
    found = [
        [cells.get((name, row.code, *point)) for point in points]
        for row in each.lines.rows
    ]
    shown = np.array(
        [
            [cell is not None and not (cell.hidden or cell.small) for cell in line]
            for line in found
        ]
    )
    return np.asarray(shown[:, 1:] & shown[:, :1])


def _adjusted(found: Sequence[GroupTest], adjust: str) -> tuple[GroupTest, ...]:
    """Adjust all p-values as one family."""
    p_values = np.array([test.p_value for test in found])
    [adjusted] = adjusted_family([p_values], "holm" if adjust == "none" else adjust)
    return tuple(
        replace(test, p_value=float(p_value))
        for test, p_value in zip(found, adjusted.tolist(), strict=True)
    )

"""Decisions: what of a table is hidden, and which cells differ.

Nothing hidden is tested, and nothing hidden follows from what is shown.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import cache, partial

import numpy as np
from numpy.typing import NDArray

from survey.estimation.estimates import Estimates, first_columns
from survey.estimation.stored_tally import stored_answers, stored_counts
from survey.tabulation.adjustment import adjusted_over
from survey.tabulation.blocks import Part
from survey.tabulation.column_tests import ColumnTests, compare_columns, letters
from survey.tabulation.heads import Head
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import Lines
from survey.tabulation.links import routing_links
from survey.tabulation.parts import Estimated
from survey.tabulation.protection import (
    JointSums,
    joint_columns,
    mirrored_rows,
    overlap_of,
    protect,
)
from survey.tabulation.reference_tests import compare_rest, compare_total, marks
from survey.tabulation.small_bases import HIDDEN

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
States = NDArray[np.intp]

_TESTED = ("share", "mean")


def decide(
    estimated: Sequence[Estimated],
    heads: Sequence[Head],
    options: TableOptions,
    stored: Callable[[], JointSums] | None = None,
) -> list[list[Part]]:
    """Decide what is hidden and test what is not.

    Parameters
    ----------
    estimated : sequence of Estimated
        Lines of all questions.
    heads : sequence of Head
        Banner questions.
    options : TableOptions
        Minimum bases, links between questions, tests.
    stored : callable, optional
        Counts stored respondents by all banner questions at once; called only where
        something is hidden.

    Returns
    -------
    list of list of Part
        By question and banner question.
    """
    if not estimated:
        return []
    states = _states(estimated, heads, options, stored)
    mirrored = _mirrored(estimated, heads, states)
    tests = [
        [
            _pairs(each, place, head, state, mirrored[q][place])
            for place, (head, state) in enumerate(zip(heads, mine, strict=True))
        ]
        for q, (each, mine) in enumerate(zip(estimated, states, strict=True))
    ]
    adjusted = adjusted_over(
        [[test.p_value for test in mine] for mine in tests],
        options.adjust,
        options.family,
    )
    return [
        [
            _part(
                each,
                place,
                head,
                (states[q][place], mirrored[q][place]),
                replace(tests[q][place], p_value=adjusted[q][place]),
                options,
            )
            for place, head in enumerate(heads)
        ]
        for q, each in enumerate(estimated)
    ]


def _inside(lines: Lines, used: Bools) -> Bools:
    """Say which respondents are in the base of some lines (n,)."""
    inside = lines.variable.base & used
    if lines.kind == "share":
        return inside
    assert lines.variable.value is not None, "means are of numbers"
    return inside & np.isfinite(lines.variable.value)


def _overlaps(
    estimated: Sequence[Estimated],
    heads: Sequence[Head],
    stored: Callable[[], JointSums] | None,
) -> Callable[[int], Floats]:
    """Count the respondents of a question in every pair of columns, when asked to."""
    if stored is None:
        joint = cache(lambda: joint_columns([head.columns for head in heads]))
    else:
        joint = cache(lambda: joint_columns(stored().columns))

    def overlap(question: int) -> Floats:
        lines = estimated[question].lines
        if stored is None:
            return overlap_of(joint(), _inside(lines, heads[0].layout.design.used))
        answers = stored_answers(
            lines.variable, stored().sums, numbers=lines.kind == "mean"
        )
        return overlap_of(joint(), stored_counts(answers, stored().sums))

    return overlap


def _states(
    estimated: Sequence[Estimated],
    heads: Sequence[Head],
    options: TableOptions,
    stored: Callable[[], JointSums] | None,
) -> list[list[States]]:
    """Say what is decided about every column, by question and banner question."""
    base = np.array(
        [
            np.concatenate(
                [
                    each.tables[0].precision.base[:1],
                    *(
                        t.precision.base[1 : head.width]
                        for t, head in zip(each.tables, heads, strict=True)
                    ),
                ]
            )
            for each in estimated
        ]
    )
    links = options.links or partial(routing_links, None)
    follows = links([each.lines.variable.name for each in estimated])
    state = protect(
        base,
        _overlaps(estimated, heads, stored),
        min_base=options.min_base,
        small_base=options.small_base,
        follows=follows,
    )
    ends = np.cumsum([head.width - 1 for head in heads])[:-1]
    return [
        [np.concatenate([line[:1], part]) for part in np.split(line[1:], ends)]
        for line in state
    ]


def _mirrored(
    estimated: Sequence[Estimated], heads: Sequence[Head], states: list[list[States]]
) -> list[list[Bools]]:
    """Say which rows are hidden because they are hidden columns elsewhere.

    Where a stub question is in the banner as well, and the banner question in the
    stub, one table is the other turned round.
    """
    stub: dict[str, int] = {}
    for q, each in enumerate(estimated):
        stub.setdefault(each.lines.variable.name, q)
    banner = {head.name: place for place, head in enumerate(heads)}
    result = []
    for each in estimated:
        variable, kind = each.lines.variable, each.lines.kind
        rows = len(each.lines.rows)
        place = banner.get(variable.name)
        mine = [np.zeros(rows, dtype=bool) for _ in heads]
        for h, head in enumerate(heads):
            if place is None or head.name not in stub or kind != "share":
                continue
            state = states[stub[head.name]][place][1:]
            codes = heads[place].columns.codes
            hidden = [c for c, s in zip(codes, state, strict=True) if s >= HIDDEN]
            mine[h] = mirrored_rows(variable, hidden, each.tables[h].count[:, 0])
        result.append(mine)
    return result


def _pairs(
    each: Estimated, place: int, head: Head, state: States, mirrored: Bools
) -> ColumnTests:
    """Test the pairs of columns of one question and banner question."""
    table = first_columns(each.tables[place], head.width)
    kind = each.lines.kind
    tested = (state < HIDDEN) & table.precision.known & (kind in _TESTED)
    return compare_columns(
        table, tested[1:] & ~mirrored[:, None], shares=kind == "share"
    )


def _part(
    each: Estimated,
    place: int,
    head: Head,
    decided: tuple[States, Bools],
    tests: ColumnTests,
    options: TableOptions,
) -> Part:
    """Put together what is shown of one question and banner question."""
    whole = each.tables[place]
    table = first_columns(whole, head.width)
    smallest = options.min_difference if each.lines.kind == "share" else 0.0
    marked = letters(
        tests,
        len(table.estimate),
        head.width - 1,
        options.levels,
        min_difference=smallest,
    )
    against = {
        name: _against(name, each, whole, head, decided, options)
        for name in options.against
    }
    others = {name: tables[place] for name, tables in each.others.items()}
    state, mirrored = decided
    return Part(table, state, mirrored, marked, against, others)


def _against(
    name: str,
    each: Estimated,
    whole: Estimates,
    head: Head,
    decided: tuple[States, Bools],
    options: TableOptions,
) -> NDArray[np.object_]:
    """Mark the columns that differ from the rest, or from Total."""
    kind, (state, mirrored) = each.lines.kind, decided
    table = first_columns(whole, head.width)
    tested = (state < HIDDEN) & table.precision.known & (kind in _TESTED)
    tested = tested[1:] & (state[0] < HIDDEN) & ~mirrored[:, None]
    shares = kind == "share"
    if kind not in _TESTED:
        return np.full(tested.shape, "", dtype=object)
    if name == "total":
        found = compare_total(table, tested, shares=shares)
    else:
        rest = whole.precision.base[head.width :]
        found = compare_rest(whole, tested & (rest >= options.min_base), shares=shares)
    smallest = options.min_difference if shares else 0.0
    return marks(found, options.levels, min_difference=smallest)

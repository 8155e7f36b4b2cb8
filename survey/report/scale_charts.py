"""Figures of grids and scales: all answers of an item in one row."""

from collections.abc import Callable, Sequence
from typing import Final, Literal

from survey.questionnaire.model import Question
from survey.report.cells import TOTAL, total_cell
from survey.report.chart_values import (
    colour_roles,
    drawn,
    footer,
    put,
    told_in_words,
)
from survey.report.context import Context
from survey.report.document import ChartBlock, ChartKind, ChartRow, ChartSeries
from survey.report.scale_kind import are_ranks
from survey.report.titles import only_net, question_title
from survey.responses.variable import Row, Variable
from survey.wave.result import Cell, QuestionResult

_Answer = tuple[Row, str]
_LAST: Final = "dont_know"


def answers_across(
    context: Context, result: QuestionResult, kind: ChartKind
) -> ChartBlock:
    """Make a figure with items down and answers across.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A grid, or a single ordered question: then Total and the groups of the first
        banner question stand down the side.
    kind : {"scale", "stacked", "heat"}
        How the answers of an item are drawn.

    Returns
    -------
    ChartBlock
        Answers of a scale from its weak to its strong end, ranks from the first on,
        others by size; "don't know" last. Items by the strong half of the scale, by
        the share of the first rank (of equal ones the second), or by their first
        answer.
    """
    answers = _answers(context, result)
    net = only_net(context, result)
    rows = _rows(context, result, answers, net)
    title = question_title(context, result)
    series = tuple(ChartSeries(row.label, role) for row, role in answers)
    return ChartBlock(
        name=result.question.id,
        kind=kind,
        title=title,
        subtitle=put(context, result.question, title),
        series=series,
        rows=tuple(rows),
        footer=footer(context, result, "stacks_are"),
        alt=told_in_words(context, f"alt_{kind}", title, rows),
        side_head=net.label if net else "",
    )


def _answers(context: Context, result: QuestionResult) -> list[_Answer]:
    """Give the answers in order, each with its colour."""
    rows = [row for row in result.variables[0].rows if row.role != "net"]
    roles = colour_roles(context, result.question, rows)
    pairs = list(zip(rows, roles, strict=True))
    key = _step if result.question.ordered else _by_size(context, result)
    if are_ranks(result.question):
        return sorted(pairs, key=lambda pair: (pair[1] == _LAST, -key(pair)))
    return sorted(pairs, key=lambda pair: (pair[1] == _LAST, key(pair)))


def _step(answer: _Answer) -> float:
    """Give the step of an answer on its scale."""
    number = answer[1].partition(":")[2].partition("/")[0]
    return float(number or 0)


def _by_size(context: Context, result: QuestionResult) -> Callable[[_Answer], float]:
    """Sort answers by their shares over all items, the largest first."""

    def size(answer: _Answer) -> float:
        cells = [_named(context, v.name, answer[0].code) for v in result.variables]
        return -sum(c.estimate for c in cells if c is not None and not c.hidden)

    return size


def _named(context: Context, name: str, code: str) -> Cell | None:
    """Give the Total cell of an item and answer."""
    return context.wave.cells.get((name, code, "", TOTAL))


def _rows(
    context: Context,
    result: QuestionResult,
    answers: Sequence[_Answer],
    net: Row | None,
) -> list[ChartRow]:
    """Make the rows of a figure, in their order."""
    if result.question.kind != "grid":
        return _group_rows(context, result.variables[0], answers, net)
    made = [_item_row(context, v, answers, net) for v in result.variables]
    return sorted(made, key=lambda row: _leading(row, answers, result.question))


def _item_row(
    context: Context, variable: Variable, answers: Sequence[_Answer], net: Row | None
) -> ChartRow:
    """Make the row of an item, with the share of the net at its end."""
    cells = [total_cell(context, variable, row) for row, _ in answers]
    side = total_cell(context, variable, net) if net else None
    values = tuple(drawn(context, cell) for cell in cells)
    return ChartRow(variable.label, values, side_text=_side(context, side))


def _group_rows(
    context: Context, variable: Variable, answers: Sequence[_Answer], net: Row | None
) -> list[ChartRow]:
    """Make the rows of Total and of the groups of the first banner question."""
    others = [p for p in context.wave.points if p.banner != variable.name]
    points = [("", TOTAL, context.say("total"), "")]
    points += [
        (p.banner, p.label, p.label, p.banner_label)
        for p in others
        if p.banner == others[0].banner
    ]
    made = []
    for banner, point, label, group in points:
        keys = [(variable.name, row.code, banner, point) for row, _ in answers]
        cells = [context.wave.cells.get(key) for key in keys]
        if any(cell is None or cell.base_unweighted == 0 for cell in cells):
            continue
        key = variable.name, net.code if net else "", banner, point
        text = _side(context, context.wave.cells.get(key))
        values = tuple(drawn(context, cell) for cell in cells)
        role: Literal["total", "category"] = "category" if banner else "total"
        made.append(ChartRow(label, values, role, group, text))
    shown = any(value.estimate is not None for row in made[1:] for value in row.values)
    return made if shown else made[:1]


def _side(context: Context, cell: Cell | None) -> str:
    """Write the share of the net, where it is shown."""
    return "" if cell is None or cell.hidden else context.percent(cell.estimate)


def _leading(
    row: ChartRow, answers: Sequence[_Answer], question: Question
) -> tuple[float, ...]:
    """Give what items are sorted by: half of a scale, all ranks, or one answer."""
    steps = [n for n, (_, role) in enumerate(answers) if role != _LAST]
    if are_ranks(question):
        return tuple(-(row.values[n].estimate or 0.0) for n in steps)
    kept = steps[(len(steps) + 1) // 2 :] if question.ordered else steps[:1]
    return (-sum(row.values[n].estimate or 0.0 for n in kept),)

"""Figures of a report as values, made from cells. Nothing is estimated here."""

from collections.abc import Sequence

from survey.indicators.adoption import REACHED
from survey.questionnaire.model import Question
from survey.report.cells import net_cell, net_text, shown_rows, total_cell
from survey.report.chart_values import (
    colour_roles,
    drawn,
    footer,
    put,
    told_in_words,
    with_hollow,
)
from survey.report.context import Context
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.scale_charts import answers_across
from survey.report.scale_kind import chart_kind
from survey.report.titles import question_title
from survey.responses.variable import Row, Variable
from survey.wave.result import Cell, QuestionResult

LAST_ROLES = ("exclusive", "dont_know")


def question_chart(context: Context, result: QuestionResult) -> ChartBlock:
    """Make the figure of a question.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        Grids have all answers of an item in one row, and scales with two sides those
        of a group; everything else has bars with intervals.

    Returns
    -------
    ChartBlock
        The figure.
    """
    kind = chart_kind(result.question)
    if kind != "bars":
        figure = answers_across(context, result, kind)
        # One row alone says less than bars with their intervals.
        if result.question.kind == "grid" or len(figure.rows) > 1:
            return figure
    return bars(context, result, title=question_title(context, result))


def bars(
    context: Context, result: QuestionResult, *, title: str, name: str = ""
) -> ChartBlock:
    """Make bars with intervals: nets first, then categories.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A question with one variable.
    title : str
        The finding, or the label of the question.
    name : str
        Stem of the files; the id of the question when empty.

    Returns
    -------
    ChartBlock
        Sorted by size, or in the order of the scale; "don't know" and exclusive
        answers last.
    """
    variable = result.variables[0]
    rows_shown = [r for r in shown_rows(variable) if not r.code.startswith(REACHED)]
    pairs = [(row, total_cell(context, variable, row)) for row in rows_shown]
    in_order = result.question.ordered or result.question.kind == "numeric"
    ordered = sorted(pairs, key=lambda pair: _place(*pair, in_order=in_order))
    rows = tuple(_bar(context, result.question, row, cell) for row, cell in ordered)
    return ChartBlock(
        name=name or result.question.id,
        kind="bars",
        title=title,
        subtitle=put(context, result.question, title),
        series=(ChartSeries(context.say("share")),),
        rows=rows,
        footer=footer(context, result),
        alt=told_in_words(context, "alt_bars", title, rows),
        side_head=context.say("rank_head") if _has_ranks(rows) else "",
    )


def groups(
    context: Context, result: QuestionResult, row: Row, banner: str, *, title: str
) -> ChartBlock:
    """Make dots with intervals of one share by one banner question.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.
    row : Row
        The category or net that is shown.
    banner : str
        The banner question.
    title : str
        The finding.

    Returns
    -------
    ChartBlock
        Total first, then the points of the banner question: in the order of a scale,
        sorted by size otherwise.
    """
    variable = result.variables[0]
    total = drawn(context, total_cell(context, variable, row))
    rows = [
        ChartRow(context.say("total"), (total,), "total"),
        *_points(context, variable, row, banner),
    ]
    return ChartBlock(
        name=f"{row.code}_by_{banner}",
        kind="dots",
        title=title,
        subtitle=put(context, result.question, title),
        series=(ChartSeries(row.label),),
        rows=tuple(rows),
        footer=with_hollow(context, footer(context, result), rows),
        alt=told_in_words(context, "alt_dots", title, rows),
    )


def _points(
    context: Context, variable: Variable, row: Row, banner: str
) -> list[ChartRow]:
    """Make a row for every point of a banner question that somebody is in."""
    made = []
    for point in context.wave.points:
        key = (variable.name, row.code, point.banner, point.label)
        cell = context.wave.cells.get(key)
        if point.banner == banner and cell is not None and cell.base_unweighted != 0:
            shown = drawn(context, cell)
            n = context.respondents(cell)
            made.append(
                ChartRow(point.label, (shown,), group=point.banner_label, side_text=n)
            )
    across = context.wave.question(banner)
    if across is not None and not across.question.ordered:
        made.sort(key=_by_size)
    return made


def _by_size(row: ChartRow) -> float:
    """Give the sort key of a point: the largest first, hidden ones last."""
    estimate = row.values[0].estimate
    return 1.0 if estimate is None else -estimate


def diverging(context: Context, result: QuestionResult, *, title: str) -> ChartBlock:
    """Make diverging bars of open against proprietary, with the net at the end.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The preference question or grid.
    title : str
        The finding.

    Returns
    -------
    ChartBlock
        Sorted by the net.
    """
    first = result.variables[0]
    kept = [row for row in first.rows if row.role != "net"]
    roles = colour_roles(context, result.question, kept)
    order = sorted(range(len(kept)), key=lambda i: _SIDES.index(roles[i]))
    series = tuple(ChartSeries(kept[i].label, roles[i]) for i in order)
    made = []
    for variable in result.variables:
        net = net_cell(context, variable)
        values = tuple(
            drawn(context, total_cell(context, variable, kept[i])) for i in order
        )
        size = net.estimate if net is not None and not net.hidden else -1.0
        text = net_text(context, net)
        made.append((size, ChartRow(variable.label, values, side_text=text)))
    made.sort(key=lambda pair: -pair[0])
    rows = tuple(row for _, row in made)
    return ChartBlock(
        name=result.question.id,
        kind="diverging",
        title=title,
        subtitle=put(context, result.question, title),
        series=series,
        rows=rows,
        footer=footer(context, result, "net_is"),
        alt=told_in_words(context, "alt_diverging", title, rows),
        side_head=context.say("net_preference"),
    )


_SIDES = ("open", "proprietary", "neutral", "dont_know")


def _place(row: Row, cell: Cell | None, *, in_order: bool) -> tuple[int, float]:
    """Give the sort key of a bar: nets, categories, exclusive ones, don't know."""
    kind = 0 if row.role == "net" else 1
    if row.role in LAST_ROLES:
        kind = 2 + LAST_ROLES.index(row.role)
    hidden = cell is None or cell.hidden
    return kind, 0.0 if in_order or hidden or cell is None else -cell.estimate


def _bar(context: Context, question: Question, row: Row, cell: Cell | None) -> ChartRow:
    """Make one bar, with its rank where the question is ranked."""
    value = drawn(context, cell)
    rank = context.wave.ranks.get(question.id, {}).get(row.code)
    side = ""
    if rank is not None and value.estimate is not None:
        side = context.say("rank", low=rank.low, high=rank.high)
        side = str(rank.low) if rank.low == rank.high else side
    if row.role == "net":
        return ChartRow(row.label, (value,), "net")
    if row.role in LAST_ROLES:
        return ChartRow(row.label, (value,), "dont_know")
    return ChartRow(row.label, (value,), side_text=side)


def _has_ranks(rows: Sequence[ChartRow]) -> bool:
    """Say whether ranks stand beside the bars."""
    return any(row.side_text for row in rows)

"""Figures of a report as values, made from cells. Nothing is estimated here."""

from collections.abc import Sequence
from math import isfinite

from survey.questionnaire.model import Net, Question
from survey.report.context import Context, base_line, method_line, source_line
from survey.report.document import (
    ChartBlock,
    ChartRow,
    ChartSeries,
    ChartValue,
    Flag,
)
from survey.report.numbers import interval, percent, points
from survey.report.table_blocks import TOTAL, shown_rows
from survey.responses.variable import Row, Variable
from survey.wave import Cell, QuestionResult

LAST_ROLES = ("exclusive", "dont_know")
MOST_ALT = 40


def question_chart(context: Context, result: QuestionResult) -> ChartBlock:
    """Make the figure of a question.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        Grids become stacked bars, everything else bars with intervals.

    Returns
    -------
    ChartBlock
        The figure.
    """
    if result.question.kind == "grid":
        return stacked(context, result)
    return bars(context, result, title=context.text(result.question.label))


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
    rows_shown = shown_rows(variable)
    drawn = [(row, total_cell(context, variable, row)) for row in rows_shown]
    in_order = result.question.ordered or result.question.kind == "numeric"
    ordered = sorted(drawn, key=lambda pair: _place(*pair, in_order=in_order))
    rows = tuple(_bar(context, result.question, row, cell) for row, cell in ordered)
    return ChartBlock(
        name=name or result.question.id,
        kind="bars",
        title=title,
        subtitle=_wording(context, result.question),
        series=(ChartSeries(context.say("share")),),
        rows=rows,
        footer=footer(context, result),
        alt=_alt(context, "alt_bars", title, rows),
    )


def stacked(context: Context, result: QuestionResult) -> ChartBlock:
    """Make stacked bars of a grid: items down, answers across.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A grid.

    Returns
    -------
    ChartBlock
        Items of an ordered scale sorted by the upper half of the scale.
    """
    first = result.variables[0]
    kept = [row for row in first.rows if row.role != "net"]
    series = tuple(
        ChartSeries(row.label, role)
        for row, role in zip(kept, _roles(context, result.question, kept), strict=True)
    )
    net = _only_net(context, result.question)
    made = [_stack(context, variable, net) for variable in result.variables]
    if result.question.ordered:
        steps = sum(row.role == "category" for row in kept)
        leading = _strong_first(context, result.question)
        made.sort(key=lambda row: -_strong(row, steps, first=leading))
    title = context.text(result.question.label)
    return ChartBlock(
        name=result.question.id,
        kind="stacked",
        title=title,
        subtitle=_wording(context, result.question),
        series=series,
        rows=tuple(made),
        footer=footer(context, result, "stacks_are"),
        alt=_alt(context, "alt_stacked", title, made),
        side_head=context.text(net.label) if net else "",
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
        Total first, then the points of the banner question.
    """
    variable = result.variables[0]
    value = _value(context, total_cell(context, variable, row))
    rows = [ChartRow(context.say("total"), (value,), "total")]
    for point in context.wave.points:
        key = (variable.name, row.code, point.banner, point.label)
        cell = context.wave.cells.get(key)
        if point.banner == banner and cell is not None and cell.base_unweighted > 0:
            shown = _value(context, cell)
            n = f"n = {context.count(cell.base_unweighted)}"
            rows.append(
                ChartRow(point.label, (shown,), group=point.banner_label, side_text=n)
            )
    return ChartBlock(
        name=f"{row.code}_by_{banner}",
        kind="dots",
        title=title,
        subtitle=_wording(context, result.question),
        series=(ChartSeries(row.label),),
        rows=tuple(rows),
        footer=_with_hollow(context, footer(context, result), rows),
        alt=_alt(context, "alt_dots", title, rows),
    )


def diverging(
    context: Context, result: QuestionResult, *, title: str, net_name: str
) -> ChartBlock:
    """Make diverging bars of open against proprietary, with the net at the end.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The preference question or grid.
    title : str
        The finding.
    net_name : str
        What follows the name of a variable in the name of its net.

    Returns
    -------
    ChartBlock
        Sorted by the net.
    """
    first = result.variables[0]
    kept = [row for row in first.rows if row.role != "net"]
    roles = _roles(context, result.question, kept)
    order = sorted(range(len(kept)), key=lambda i: _SIDES.index(roles[i]))
    series = tuple(ChartSeries(kept[i].label, roles[i]) for i in order)
    made = []
    for variable in result.variables:
        net = context.wave.cells.get((f"{variable.name}:{net_name}", "mean", "", TOTAL))
        values = tuple(
            _value(context, total_cell(context, variable, kept[i])) for i in order
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
        subtitle=_wording(context, result.question),
        series=series,
        rows=rows,
        footer=footer(context, result, "net_is"),
        alt=_alt(context, "alt_diverging", title, rows),
        side_head=context.say("net_preference"),
    )


def net_text(context: Context, cell: Cell | None) -> str:
    """Write a net preference with its interval: ``+32 (27 to 37)``.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        The mean of the scores.

    Returns
    -------
    str
        In percentage points; empty where it is hidden.
    """
    if cell is None or cell.hidden:
        return ""
    word = context.say("rank", low=points(cell.conf_low), high=points(cell.conf_high))
    return f"{points(cell.estimate)} ({word})"


def footer(
    context: Context, result: QuestionResult, kind: str = "bars_are"
) -> tuple[str, ...]:
    """Give base, method and source of a figure, one line each.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.
    kind : {"bars_are", "net_is", "stacks_are"}
        Where the intervals stand.

    Returns
    -------
    tuple of str
        Three lines.
    """
    cells = [total_cell(context, v, v.rows[0]) for v in result.variables if v.rows]
    known = [cell for cell in cells if cell is not None]
    return (
        base_line(context, result.question, known),
        method_line(context, kind),
        source_line(context),
    )


def _with_hollow(
    context: Context, lines: tuple[str, ...], rows: Sequence[ChartRow]
) -> tuple[str, ...]:
    """Explain hollow points, where there are any."""
    if not any(value.flag == "small" for row in rows for value in row.values):
        return lines
    said = context.say("hollow", n=context.study.report.small_base)
    return (lines[0], f"{lines[1]} {said}", *lines[2:])


def total_cell(context: Context, variable: Variable, row: Row) -> Cell | None:
    """Give the Total cell of a row.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        The question or item.
    row : Row
        The category or net.

    Returns
    -------
    Cell or None
        None where there is none.
    """
    return context.wave.cells.get((variable.name, row.code, "", TOTAL))


_SIDES = ("open", "proprietary", "neutral", "dont_know")


def _wording(context: Context, question: Question) -> str:
    """Give the question as it was put."""
    return context.text(question.wording) or context.text(question.label)


def _place(row: Row, cell: Cell | None, *, in_order: bool) -> tuple[int, float]:
    """Give the sort key of a bar: nets, categories, exclusive ones, don't know."""
    kind = 0 if row.role == "net" else 1
    if row.role in LAST_ROLES:
        kind = 2 + LAST_ROLES.index(row.role)
    hidden = cell is None or cell.hidden
    return kind, 0.0 if in_order or hidden or cell is None else -cell.estimate


def _bar(context: Context, question: Question, row: Row, cell: Cell | None) -> ChartRow:
    """Make one bar, with its rank where the question is ranked."""
    value = _value(context, cell)
    rank = context.wave.ranks.get(question.id, {}).get(row.code)
    side = ""
    if rank is not None:
        side = context.say("rank", low=rank.low, high=rank.high)
        side = str(rank.low) if rank.low == rank.high else side
    if row.role == "net":
        return ChartRow(row.label, (value,), "net")
    if row.role in LAST_ROLES:
        return ChartRow(row.label, (value,), "dont_know")
    return ChartRow(row.label, (value,), side_text=side)


def _value(context: Context, cell: Cell | None) -> ChartValue:
    """Give a drawn number with its interval."""
    if cell is None or cell.hidden:
        text = context.say("figure_hidden", n=context.study.report.min_base)
        if cell is not None and "protects" in cell.note:
            text = context.say("figure_protects")
        return ChartValue(None, text, flag="hidden")
    text = percent(cell.estimate, context.language)
    flag: Flag = "small" if cell.small else ""
    low = cell.conf_low if isfinite(cell.conf_low) else None
    high = cell.conf_high if isfinite(cell.conf_high) else None
    return ChartValue(cell.estimate, text, low, high, flag)


def _stack(context: Context, variable: Variable, net: Net | None) -> ChartRow:
    """Make one stacked bar, with the share of the net at its end."""
    kept = [row for row in variable.rows if row.role != "net"]
    values = tuple(_value(context, total_cell(context, variable, row)) for row in kept)
    cell = None
    if net is not None:
        cell = context.wave.cells.get((variable.name, net.code, "", TOTAL))
    shown = cell is not None and not cell.hidden
    side = context.percent(cell.estimate) if shown and cell is not None else ""
    return ChartRow(variable.label, values, side_text=side)


def _only_net(context: Context, question: Question) -> Net | None:
    """Give the net of a grid, where it has one."""
    nets = context.study.nets.get(question.id, ())
    return nets[0] if len(nets) == 1 else None


def _strong_first(context: Context, question: Question) -> bool:
    """Say whether a scale begins with its strong end: the end that a net takes in."""
    ends = [c.code for c in question.categories if not (c.dont_know or c.missing)]
    nets = context.study.nets.get(question.id, ())
    return any(ends[0] in net.codes and ends[-1] not in net.codes for net in nets)


def _strong(row: ChartRow, steps: int, *, first: bool) -> float:
    """Add up the strong half of a scale."""
    half = slice(0, steps // 2) if first else slice((steps + 1) // 2, steps)
    return sum(value.estimate or 0.0 for value in row.values[half])


def _roles(context: Context, question: Question, rows: Sequence[Row]) -> list[str]:
    """Say what colour role the answers of a question have."""
    plan = context.study.indicators.preference
    preference = plan is not None and question.id in {plan.overall, plan.dimensions}
    steps = [row for row in rows if row.role == "category"]
    if question.ordered and _strong_first(context, question):
        steps.reverse()
    roles = []
    for row in rows:
        if row.role in {"dont_know", "missing"}:
            roles.append("dont_know")
        elif preference and plan is not None:
            sides = {"open": plan.open, "proprietary": plan.proprietary}
            found = [side for side, codes in sides.items() if row.code in codes]
            roles.append(found[0] if found else "neutral")
        else:
            at = steps.index(row) + 1 if row in steps else len(steps)
            roles.append(f"scale:{at}/{max(len(steps), 1)}")
    return roles


def _alt(context: Context, key: str, title: str, rows: Sequence[ChartRow]) -> str:
    """Put a figure into words."""
    told = [
        f"{row.label}: {', '.join(value.text for value in row.values)}"
        for row in rows[:MOST_ALT]
    ]
    return f"{title}. {context.say(key, values='; '.join(told))}"


def interval_text(context: Context, cell: Cell) -> str:
    """Write the interval of a cell without its level.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        Any cell that is not hidden.

    Returns
    -------
    str
        Such as ``38–44%``.
    """
    return interval(cell.conf_low, cell.conf_high, context.language)

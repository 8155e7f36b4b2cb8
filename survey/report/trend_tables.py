"""Every question over the waves, for the workbook: numbers, changes, columns."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from survey.report.cells import TOTAL, points_cell, share_cell, shown_rows
from survey.report.change_cells import change_cells, detectable_cell, difference_cell
from survey.report.change_notes import change_notes
from survey.report.change_reasons import why_none
from survey.report.change_tables import change_heads
from survey.report.change_words import arrow, change_of, sign_of
from survey.report.context import Context
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.report.table_rows import banner_points, statistic_cell
from survey.report.trails import trail
from survey.responses.variable import Variable
from survey.tabulation.layout import BannerPoint
from survey.wave.result import Cell, QuestionResult
from survey.waves.values import CellChange


@dataclass(frozen=True, slots=True)
class Line:
    """A row of a table of trends: its label, its cell now, and what it is."""

    label: str
    cell: Cell
    kind: Literal["share", "net", "mean"]


def trend_table(contexts: Sequence[Context], result: QuestionResult) -> TableBlock:
    """Put a question of the newest wave beside the same one of all earlier waves.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    result : QuestionResult
        A question of the newest wave.

    Returns
    -------
    TableBlock
        For the workbook: numbers of Total in every wave, the change since the previous
        one, and the changes of all columns, each with the smallest change that could
        be found under it.
    """
    newest = contexts[-1]
    across = banner_points(newest, result.question.id)
    rows: list[TableRow] = []
    for variable in result.variables:
        if len(result.variables) > 1:
            rows.append(TableRow(variable.label, (), "section"))
        for line in lines_of(newest, variable):
            rows += _trend_rows(contexts, variable, line, across)
    return TableBlock(
        f"trend_{result.question.id}",
        newest.say("trend_table_title", label=newest.text(result.question.label)),
        "",
        _trend_columns(contexts, across),
        tuple(rows),
        change_notes(newest, rows),
        paper=False,
    )


def lines_of(context: Context, variable: Variable) -> list[Line]:
    """List the rows of a variable that are compared: answers, nets, and its mean.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        A question or item.

    Returns
    -------
    list of Line
        In the order of its table.
    """
    cells, name = context.wave.cells, variable.name
    found = []
    for row in shown_rows(variable):
        cell = cells.get((name, row.code, "", TOTAL))
        if cell is not None:
            kind: Literal["share", "net"] = "net" if row.role == "net" else "share"
            found.append(Line(row.label, cell, kind))
    mean = cells.get((name, "mean", "", TOTAL))
    if mean is not None:
        found.append(Line(context.say("mean"), mean, "mean"))
    return found


def _trend_columns(
    contexts: Sequence[Context], across: Sequence[BannerPoint]
) -> tuple[TableColumn, ...]:
    """List the columns of a table of trends."""
    newest = contexts[-1]
    older = contexts[-2].wave_label
    total = newest.say("total")
    against = newest.say("change_against_previous", wave=older)
    heads = list(change_heads(newest))
    heads.insert(3, newest.say("change_head_p"))
    return (
        *(TableColumn(context.wave_label, group=total) for context in contexts),
        *(TableColumn(head, group=against) for head in heads),
        *(TableColumn(point.label, group=point.banner_label) for point in across),
    )


def _trend_rows(
    contexts: Sequence[Context],
    variable: Variable,
    line: Line,
    across: Sequence[BannerPoint],
) -> list[TableRow]:
    """Make the row of a line, and one of the smallest changes under it."""
    newest, cell = contexts[-1], line.cell
    change = change_of(newest, cell.question, cell.code)
    levels = _levels(contexts, variable, line)
    columns = [
        change_of(newest, cell.question, cell.code, banner=p.banner, point=p.label)
        for p in across
    ]
    if change is not None and change.hidden and why_none(newest, change):
        columns = []
    cells = (*levels, *change_cells(newest, change, p_value=True))
    by_point = [_in_column(newest, c) for c in columns]
    role: Literal["net", "statistic", "category"] = "category"
    if line.kind != "share":
        role = "net" if line.kind == "net" else "statistic"
    made = [TableRow(line.label, (*cells, *by_point), role)]
    least = [detectable_cell(newest, c) for c in columns]
    if any(cell.value is not None for cell in least):
        blank = (TableCell(""),) * len(cells)
        label = newest.say("trend_detectable")
        made.append(TableRow(label, (*blank, *least), "statistic", 1))
    return made


def _in_column(context: Context, change: CellChange | None) -> TableCell:
    """Write the change of a column, with its arrow, or why there is none."""
    cell = difference_cell(context, change)
    if change is None or (change.hidden and not why_none(context, change)):
        return cell
    if change.hidden:
        return TableCell(why_none(context, change))
    return replace(cell, letters=f"{arrow(change)}{sign_of(change)}")


def _levels(
    contexts: Sequence[Context], variable: Variable, line: Line
) -> tuple[TableCell, ...]:
    """Write the number of a line in every wave, or why it has none."""
    return tuple(
        TableCell(step.reason)
        if step.reason
        else _level(context, variable, line, step.cell)
        for context, step in zip(
            contexts, trail(contexts, line.cell.question, line.cell.code), strict=True
        )
    )


def _level(
    context: Context, variable: Variable, line: Line, cell: Cell | None
) -> TableCell:
    """Write a number of one wave without its letters."""
    if cell is None:
        return TableCell("n/a")
    if ":" in cell.question:
        return replace(points_cell(context, cell), letters="", plain="")
    if line.kind == "mean":
        return replace(statistic_cell(context, variable, cell), letters="")
    return replace(share_cell(context, cell), letters="", plain="")

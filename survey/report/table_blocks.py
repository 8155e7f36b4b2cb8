"""Tables of a report, made from cells. Nothing is estimated here."""

from collections.abc import Sequence
from dataclasses import replace

from survey.report.cells import (
    TOTAL,
    base_cell,
    net_cell,
    net_text,
    points_cell,
    share_cell,
    shown_rows,
)
from survey.report.context import Context
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.report.table_notes import row_notes, small_note, table_notes
from survey.report.table_rows import (
    STATISTICS,
    answer_rows,
    banner_points,
    base_rows,
    other_rows,
    recipe_of,
    statistic_cell,
)
from survey.responses.variable import Variable
from survey.tabulation.layout import BannerPoint
from survey.wave.result import QuestionResult


def question_table(context: Context, result: QuestionResult) -> TableBlock:
    """Make the table of a question: Total with interval, unweighted, banner.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question; a grid gives one section per item.

    Returns
    -------
    TableBlock
        The table. A banner question is not crossed with itself.
    """
    rows: list[TableRow] = []
    for variable in result.variables:
        if len(result.variables) > 1:
            rows.append(TableRow(variable.label, (), "section"))
        rows += base_rows(context, variable)
        rows += answer_rows(context, variable)
        rows += other_rows(context, variable)
    label = context.text(result.question.label)
    return TableBlock(
        name=result.question.id,
        title=label,
        stub_head="",
        columns=_columns(context, banner_points(context, result.question.id)),
        rows=tuple(rows),
        notes=table_notes(context, result),
    )


def items_table(context: Context, result: QuestionResult) -> TableBlock:
    """Make the short table of a grid: items down, answers across, Total only.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A grid.

    Returns
    -------
    TableBlock
        The table.
    """
    first = result.variables[0]
    kinds = _statistics(context, first)
    heads = tuple(TableColumn(row.label) for row in first.rows)
    heads = (*heads, *(TableColumn(context.say(kind)) for kind in kinds))
    base = TableColumn(context.say("respondents"))
    rows = tuple(_item_row(context, variable) for variable in result.variables)
    if net_cell(context, first) is not None:
        heads = (*heads, TableColumn(context.say("net_points")))
    return TableBlock(
        name=f"{result.question.id}_items",
        title=context.text(result.question.label),
        stub_head="",
        columns=(base, *heads),
        rows=rows,
        notes=(
            small_note(context),
            context.say("table_notes_round"),
            *row_notes(context, result),
        ),
    )


def bases_table(context: Context, result: QuestionResult) -> TableBlock:
    """Put the answers to a barrier question on every base side by side.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A barrier question.

    Returns
    -------
    TableBlock
        Rows of the question, one column per base, Total only.
    """
    name, rows = result.question.id, shown_rows(result.variables[0])
    bases = dict.fromkeys(base for n, _, base in context.wave.bases if n == name)
    first = [context.wave.bases[name, rows[0].code, base] for base in bases]
    kind = "base_unweighted"
    counted = tuple(base_cell(context, cell, kind) for cell in first)
    made = [TableRow(context.say(kind), counted, "base")]
    recipe = recipe_of(context, name, base=False)
    for row in rows:
        cells = (context.wave.bases[name, row.code, base] for base in bases)
        shares = tuple(share_cell(context, cell, recipe=recipe) for cell in cells)
        made.append(
            TableRow(row.label, shares, "net" if row.role == "net" else "category")
        )
    return TableBlock(
        name=f"{name}_bases",
        title=context.say("bases_title"),
        stub_head="",
        columns=tuple(TableColumn(context.say(f"base_{base}")) for base in bases),
        rows=tuple(made),
        notes=(small_note(context),),
    )


def toplines(context: Context) -> TableBlock:
    """Make one long table of all questions of a wave, Total only.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    TableBlock
        Share, interval and unweighted share of every row.
    """
    rows: list[TableRow] = []
    columns = _columns(context, ())
    for result in context.wave.questions:
        for variable in result.variables:
            title = context.text(result.question.label)
            if len(result.variables) > 1:
                title = f"{title}: {variable.label}"
            rows.append(TableRow(title, (), "section"))
            made = base_rows(context, variable)[:1] + answer_rows(context, variable)
            rows += [replace(row, cells=row.cells[: len(columns)]) for row in made]
    name = f"toplines_{context.wave.wave.id}"
    return TableBlock(
        name=name,
        title=context.say("page_toplines", wave=context.wave_label).strip(),
        stub_head="",
        columns=columns,
        rows=tuple(rows),
        notes=(small_note(context), context.say("table_notes_round")),
    )


def _columns(
    context: Context, points: Sequence[BannerPoint]
) -> tuple[TableColumn, ...]:
    """List the columns: Total, its interval, unweighted, banner points."""
    heads = [TableColumn(context.say("total")), TableColumn(context.level_interval)]
    if context.weighted:
        heads.append(TableColumn(context.say("unweighted")))
    heads += [
        TableColumn(point.label, point.letter, point.banner_label) for point in points
    ]
    return tuple(heads)


def _statistics(context: Context, variable: Variable) -> list[str]:
    """List mean, median and deviation as far as an item has them."""
    cells = context.wave.cells
    return [k for k in STATISTICS if (variable.name, k, "", TOTAL) in cells]


def _item_row(context: Context, variable: Variable) -> TableRow:
    """Make the row of a grid item in the short table."""
    total = context.wave.cells
    cells = [total.get((variable.name, row.code, "", TOTAL)) for row in variable.rows]
    first = TableCell("")
    if cells and cells[0]:
        first = base_cell(context, cells[0], "base_unweighted")
    first = replace(first, recipe=recipe_of(context, variable.name))
    shares = [share_cell(context, cell) for cell in cells]
    shares += [
        statistic_cell(context, variable, total[variable.name, kind, "", TOTAL])
        for kind in _statistics(context, variable)
    ]
    net = net_cell(context, variable)
    if net is None:
        return TableRow(variable.label, (first, *shares))
    last = points_cell(context, net)
    if last.value is not None:
        last = TableCell(net_text(context, net))
    return TableRow(variable.label, (first, *shares, last))

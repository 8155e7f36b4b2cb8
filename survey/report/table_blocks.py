"""Tables of a report, made from cells. Nothing is estimated here."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Literal

from survey.indicators.preference import NET
from survey.report.cells import (
    TOTAL,
    interval_cell,
    net_cell,
    net_interval,
    net_text,
    points_cell,
    share_cell,
    shown_rows,
)
from survey.report.context import Context
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.report.numbers import ZERO, decimal, p_text, percent
from survey.responses.variable import Row, Variable
from survey.tabulation.layout import BannerPoint
from survey.wave import Cell, QuestionResult


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
        rows += _base_rows(context, variable)
        rows += _answer_rows(context, variable)
    label = context.text(result.question.label)
    return TableBlock(
        name=result.question.id,
        title=label,
        stub_head="",
        columns=_columns(context, _points(context, result.question.id)),
        rows=tuple(rows),
        notes=_notes(context, result),
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
    heads = tuple(TableColumn(row.label) for row in first.rows)
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
        notes=(small_note(context), context.say("table_notes_round")),
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
    counted = tuple(
        TableCell(context.count(c.base_unweighted), c.base_unweighted, "count")
        for c in first
    )
    made = [TableRow(context.say("base_unweighted"), counted, "base")]
    for row in rows:
        cells = (context.wave.bases[name, row.code, base] for base in bases)
        shares = tuple(share_cell(context, cell) for cell in cells)
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
            made = _base_rows(context, variable)[:1] + _answer_rows(context, variable)
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


def _points(context: Context, name: str) -> Sequence[BannerPoint]:
    """Give the banner points for a variable, without those of its own question."""
    return [point for point in context.wave.points if point.banner != name]


def _answer_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of nets and categories, then those of mean and net preference."""
    rows = [_row(context, variable, row) for row in shown_rows(variable)]
    if variable.value is not None:
        rows.append(_mean_row(context, variable))
    if net_cell(context, variable) is not None:
        rows.append(_net_row(context, variable))
    return rows


def _net_row(context: Context, variable: Variable) -> TableRow:
    """Make the row of the net preference, in points."""
    name, total = f"{variable.name}:{NET}", net_cell(context, variable)
    shown = [points_cell(total), TableCell("")]
    if total is not None and not total.hidden:
        shown[1] = TableCell(net_interval(context, total))
    if context.weighted:
        shown.append(points_cell(context.wave.unweighted.get((name, "mean"))))
    shown += [
        points_cell(context.wave.cells.get((name, "mean", p.banner, p.label)))
        for p in _points(context, variable.name)
    ]
    return TableRow(context.say("net_points"), tuple(shown), "net")


def _row(context: Context, variable: Variable, row: Row) -> TableRow:
    """Make the row of a category or net."""
    cells = context.wave.cells
    total = cells.get((variable.name, row.code, "", TOTAL))
    shown = [share_cell(context, total, recipe=_recipe(context, variable))]
    shown.append(interval_cell(context, total))
    if context.weighted:
        plain = context.wave.unweighted.get((variable.name, row.code))
        shown.append(share_cell(context, plain))
    shown += [
        share_cell(context, cells.get((variable.name, row.code, p.banner, p.label)))
        for p in _points(context, variable.name)
    ]
    role: Literal["net", "category"] = "net" if row.role == "net" else "category"
    return TableRow(row.label, tuple(shown), role, row.depth)


def _mean_row(context: Context, variable: Variable) -> TableRow:
    """Make the row of a mean."""

    def written(cell: Cell | None) -> TableCell:
        if cell is None or cell.hidden:
            return TableCell("", flag="hidden" if cell else "")
        text = decimal(cell.estimate, context.language)
        return TableCell(text, cell.estimate, "decimal", cell.letters)

    cells = context.wave.cells
    name = variable.name
    total = cells.get((name, "mean", "", TOTAL))
    shown = [written(total), TableCell("")]
    if total is not None and not total.hidden:
        ends = (decimal(e, context.language) for e in (total.conf_low, total.conf_high))
        shown[1] = TableCell("–".join(ends))
    if context.weighted:
        shown.append(written(context.wave.unweighted.get((name, "mean"))))
    shown += [
        written(cells.get((name, "mean", p.banner, p.label)))
        for p in _points(context, variable.name)
    ]
    return TableRow(context.say("mean"), tuple(shown), "statistic")


def _base_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of the bases: unweighted, and weighted and effective ones."""
    code = variable.rows[0].code if variable.rows else "mean"
    cells = context.wave.cells
    found = [cells.get((variable.name, code, "", TOTAL))]
    found += [
        cells.get((variable.name, code, p.banner, p.label))
        for p in _points(context, variable.name)
    ]
    plain = context.wave.unweighted.get((variable.name, code))
    kinds = ["base_unweighted"]
    if context.weighted:
        kinds += ["base_weighted", "base_effective"]
    return [_base_row(context, kind, found, plain) for kind in kinds]


def _base_row(
    context: Context, kind: str, found: Sequence[Cell | None], plain: Cell | None
) -> TableRow:
    """Make one row of bases."""

    def written(cell: Cell | None) -> TableCell:
        if cell is None:
            return TableCell(ZERO)
        value = float(getattr(cell, kind))
        return TableCell(context.count(value), value, "count")

    shown = [written(found[0]), TableCell("")]
    if context.weighted:
        shown.append(written(plain) if kind == "base_unweighted" else TableCell(""))
    shown += [written(cell) for cell in found[1:]]
    return TableRow(context.say(kind), tuple(shown), "base")


def _item_row(context: Context, variable: Variable) -> TableRow:
    """Make the row of a grid item in the short table."""
    cells = [
        context.wave.cells.get((variable.name, row.code, "", TOTAL))
        for row in variable.rows
    ]
    base = float(cells[0].base_unweighted) if cells and cells[0] else 0.0
    first = TableCell(context.count(base), base, "count")
    shares = (share_cell(context, cell) for cell in cells)
    net = net_cell(context, variable)
    if net is None:
        return TableRow(variable.label, (first, *shares))
    last = points_cell(net)
    if last.value is not None:
        last = TableCell(net_text(context, net))
    return TableRow(variable.label, (first, *shares, last))


def _recipe(context: Context, variable: Variable) -> str:
    """Say how the numbers of a row were made."""
    plan = context.study.weighting
    weight = context.say("not_weighted")
    if context.weighted and plan is not None:
        weight = context.say("weighted_by", margins=", ".join(plan.margins))
    method = context.study.report.interval
    return (
        f"{variable.name}: {context.say('base_unweighted')}: {variable.base_text}. "
        f"{weight} {context.level_interval}: {method}."
    )


def small_note(context: Context) -> str:
    """Explain the marks of small bases.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        For the foot of a table.
    """
    plan = context.study.report
    return context.say("table_notes_small", min=plan.min_base, small=plan.small_base)


def _notes(context: Context, result: QuestionResult) -> tuple[str, ...]:
    """Explain letters, marks, rounding and tests of a table."""
    plan = context.study.report
    notes = []
    crossed = bool(_points(context, result.question.id))
    if crossed:
        strict, loose = (percent(level, context.language) for level in plan.levels)
        adjust = context.say(f"adjust_{plan.adjust}")
        notes.append(
            context.say(
                "table_notes_letters", strict=strict, loose=loose, adjust=adjust
            )
        )
    notes += [small_note(context), context.say("table_notes_round")]
    if len(result.variables) == 1 and crossed:
        notes.append(_association(context, result.variables[0]))
    return tuple(filter(None, notes))


def _association(context: Context, variable: Variable) -> str:
    """Write the Rao-Scott tests of a question against each banner question."""
    tests = context.wave.crosstab.tests
    heads = {p.banner: p.banner_label for p in _points(context, variable.name)}
    mine = tests[(tests["question"] == variable.name) & tests["banner"].isin(heads)]
    numbers = mine[["statistic", "ndf", "ddf", "p_value"]].to_numpy(dtype=float)
    found = [
        context.say(
            "rao_scott",
            banner=heads[banner],
            ndf=decimal(ndf, context.language),
            ddf=decimal(ddf, context.language),
            f=decimal(statistic, context.language, 2),
            p=p_text(p_value, context.language),
        )
        for banner, (statistic, ndf, ddf, p_value) in zip(
            mine["banner"].astype(str), numbers, strict=True
        )
        if isfinite(p_value)
    ]
    return context.say("rao_scott_head", tests="; ".join(found)) if found else ""

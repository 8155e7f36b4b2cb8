"""Rows of the tables of a report, made from cells. Nothing is estimated here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from math import isfinite
from typing import Literal

from survey.indicators.preference import NET
from survey.report.cells import (
    TOTAL,
    base_cell,
    interval_cell,
    letters_of,
    net_cell,
    net_interval,
    points_cell,
    share_cell,
    shown_rows,
)
from survey.report.context import Context, base_line, weight_line
from survey.report.document import Flag, TableCell, TableRow
from survey.report.numbers import ZERO, decimal
from survey.responses.variable import Row, Variable
from survey.tabulation.layout import BannerPoint
from survey.wave.result import OTHER_SHARES, Cell

STATISTICS = ("mean", "median", "sd")
_SCALE_DIGITS = 2


def banner_points(context: Context, name: str) -> Sequence[BannerPoint]:
    """Give the columns of the banner, without those of the own question.

    Parameters
    ----------
    context : Context
        The wave.
    name : str
        A question.

    Returns
    -------
    sequence of BannerPoint
        In the order of the banner.
    """
    return [point for point in context.wave.points if point.banner != name]


def answer_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of nets and categories, then those of numbers.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        A question or item.

    Returns
    -------
    list of TableRow
        Shares; mean, median, deviation; net preference.
    """
    rows = [_share_row(context, variable, row) for row in shown_rows(variable)]
    rows += _statistic_rows(context, variable)
    if net_cell(context, variable) is not None:
        rows.append(_net_row(context, variable))
    return _explained(context, variable, rows)


def other_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of row and total percentages, where the study wants them.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        A question or item.

    Returns
    -------
    list of TableRow
        A head for each kind, then its rows.
    """
    made = []
    for kind in OTHER_SHARES:
        rows = [
            _other_row(context, variable, row, kind)
            for row in shown_rows(variable)
            if (variable.name, row.code, "", TOTAL, kind) in context.wave.other_shares
        ]
        if rows:
            head = TableRow(context.say(kind), (), "section")
            made += [head, *_explained(context, variable, rows)]
    return made


def base_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of the bases: unweighted, and weighted and effective ones.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        A question or item.

    Returns
    -------
    list of TableRow
        One where nothing is weighted, three otherwise.
    """
    code = variable.rows[0].code if variable.rows else STATISTICS[0]
    kinds = ["base_unweighted"]
    if context.weighted:
        kinds += ["base_weighted", "base_effective"]
    return [_base_row(context, variable, code, kind) for kind in kinds]


def statistic_cell(context: Context, variable: Variable, cell: Cell) -> TableCell:
    """Write a mean, median or standard deviation.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        A scale or a numeric question.
    cell : Cell
        The number.

    Returns
    -------
    TableCell
        With one digit, and two for the mean and deviation of a scale.
    """
    if cell.hidden:
        return TableCell("", flag="hidden")
    if not isfinite(cell.estimate):
        # A deviation of one respondent.
        return TableCell("")
    flag: Flag = "small" if cell.small else ""
    text = decimal(cell.estimate, context.language, _digits(variable, cell))
    return TableCell(text, cell.estimate, "decimal", letters_of(context, cell), flag)


def _digits(variable: Variable, cell: Cell) -> int:
    """Say how many digits a number is written with."""
    return 1 if variable.value is not None or cell.code == "median" else _SCALE_DIGITS


def _line(
    context: Context,
    variable: Variable,
    key: tuple[str, str],
    write: Callable[[Cell | None], TableCell],
    ends: Callable[[Cell], TableCell],
) -> tuple[TableCell, ...]:
    """Write Total, its interval, the unweighted number and the banner."""
    cells, wave = context.wave.cells, context.wave
    total = cells.get((*key, "", TOTAL))
    hidden = total is None or total.hidden
    first, plain = write(total), write(wave.unweighted.get(key))
    first = replace(first, plain="" if hidden else plain.text)
    shown = [first, TableCell("") if hidden or total is None else ends(total)]
    if context.weighted:
        shown.append(replace(plain, plain=plain.text))
    points = banner_points(context, variable.name)
    shown += [write(cells.get((*key, p.banner, p.label))) for p in points]
    return tuple(shown)


def _share_row(context: Context, variable: Variable, row: Row) -> TableRow:
    """Make the row of a category or net."""
    line = _line(
        context,
        variable,
        (variable.name, row.code),
        lambda cell: share_cell(context, cell),
        lambda cell: interval_cell(context, cell),
    )
    role: Literal["net", "category"] = "net" if row.role == "net" else "category"
    return TableRow(row.label, line, role, row.depth)


def _net_row(context: Context, variable: Variable) -> TableRow:
    """Make the row of the net preference, in points."""
    line = _line(
        context,
        variable,
        (f"{variable.name}:{NET}", "mean"),
        lambda cell: points_cell(context, cell),
        lambda cell: TableCell(net_interval(context, cell)),
    )
    return TableRow(context.say("net_points"), line, "net")


def _statistic_rows(context: Context, variable: Variable) -> list[TableRow]:
    """Make the rows of mean, median and deviation, with their base if it differs."""

    def write(cell: Cell | None) -> TableCell:
        return (
            TableCell("") if cell is None else statistic_cell(context, variable, cell)
        )

    def ends(cell: Cell) -> TableCell:
        digits = _digits(variable, cell)
        both = (cell.conf_low, cell.conf_high)
        texts = [decimal(end, context.language, digits) for end in both]
        return TableCell("–".join(filter(None, texts)))

    kinds = [
        kind
        for kind in STATISTICS
        if (variable.name, kind, "", TOTAL) in context.wave.cells
    ]
    rows = [
        TableRow(
            context.say(kind),
            _line(context, variable, (variable.name, kind), write, ends),
            "statistic",
        )
        for kind in kinds
    ]
    if kinds and _own_base(context, variable, kinds[0]):
        base = _base_row(context, variable, kinds[0], "base_unweighted")
        label = context.say("base_numbers")
        rows.insert(0, TableRow(label, base.cells, "base"))
    return rows


def _own_base(context: Context, variable: Variable, kind: str) -> bool:
    """Say whether numbers stand on another base than the shares."""
    if not variable.rows:
        return False
    codes = variable.rows[0].code, kind
    cells = (context.wave.cells[variable.name, code, "", TOTAL] for code in codes)
    return len({context.base(cell) for cell in cells}) > 1


def _other_row(context: Context, variable: Variable, row: Row, kind: str) -> TableRow:
    """Make a row of row or total percentages; a row percentage names its base."""
    shares, name = context.wave.other_shares, variable.name
    total = shares[name, row.code, "", TOTAL, kind]
    # All respondents of a row are in Total, which is no estimate.
    ends = TableCell("") if kind == "row_share" else interval_cell(context, total)
    shown = [share_cell(context, total), ends]
    if context.weighted:
        shown.append(TableCell(""))
    shown += [
        share_cell(context, shares.get((name, row.code, p.banner, p.label, kind)))
        for p in banner_points(context, name)
    ]
    label = row.label
    if kind == "row_share":
        label = f"{label} ({context.respondents(total)})"
    role: Literal["net", "category"] = "net" if row.role == "net" else "category"
    return TableRow(label, tuple(shown), role, row.depth)


def _base_row(context: Context, variable: Variable, code: str, kind: str) -> TableRow:
    """Make one row of bases."""
    cells, name = context.wave.cells, variable.name
    total = cells.get((name, code, "", TOTAL))
    found = [total] + [
        cells.get((name, code, p.banner, p.label)) for p in banner_points(context, name)
    ]
    none = TableCell(ZERO, plain=ZERO if kind == "base_unweighted" else "")
    written = [
        none if cell is None else base_cell(context, cell, kind) for cell in found
    ]
    shown = [written[0], TableCell("")]
    if context.weighted:
        plain = context.wave.unweighted.get((name, code))
        told = plain is not None and kind == "base_unweighted"
        shown.append(
            base_cell(context, plain, kind) if told and plain else TableCell("")
        )
    return TableRow(context.say(kind), (*shown, *written[1:]), "base")


def _explained(
    context: Context, variable: Variable, rows: Sequence[TableRow]
) -> list[TableRow]:
    """Say on the first number of every row how the row was made."""
    recipe = recipe_of(context, variable.name)
    return [
        row
        if row.role == "base"
        else replace(row, cells=(replace(row.cells[0], recipe=recipe), *row.cells[1:]))
        for row in rows
    ]


def recipe_of(context: Context, name: str, *, base: bool = True) -> str:
    """Say how the numbers of a variable were made.

    Parameters
    ----------
    context : Context
        The wave.
    name : str
        A variable of one of its questions.
    base : bool, default True
        Whether the base is part of it; a table of several bases names them itself.

    Returns
    -------
    str
        Question, base, weights and interval.
    """
    found, variable = next(
        (result, each)
        for result in context.wave.questions
        for each in result.variables
        if each.name == name
    )
    code = variable.rows[0].code if variable.rows else STATISTICS[0]
    total = context.wave.cells.get((name, code, "", TOTAL))
    label = context.text(found.question.label)
    if len(found.variables) > 1:
        label = f"{label}: {variable.label}"
    line = base_line(context, found.question, [total] if total else [])
    method = f"{context.level_interval}: {context.study.report.interval}."
    parts = [f"{label}.", *([line] if base else []), weight_line(context), method]
    return " ".join(parts)

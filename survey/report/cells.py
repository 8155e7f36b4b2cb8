"""Cells of tables and figures, looked up and written. Nothing is estimated here."""

from math import isfinite
from typing import Final, get_args

from survey.indicators.preference import NET
from survey.report.context import Context
from survey.report.document import Flag, TableCell
from survey.report.numbers import NOT_ASKED, interval, percent, points
from survey.responses.scale_rows import Box
from survey.responses.variable import Row, Variable
from survey.wave.result import OTHER_SHARES, Cell

TOTAL: Final = "Total"


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


def shown_rows(variable: Variable) -> tuple[Row, ...]:
    """Leave out nets of a single code, which would repeat its category.

    A box of one code stays, because the study asks for it.

    Parameters
    ----------
    variable : Variable
        A question.

    Returns
    -------
    tuple of Row
        What a table or figure of the question shows.
    """
    return tuple(
        row
        for row in variable.rows
        if row.role != "net" or len(row.codes) > 1 or row.code in get_args(Box)
    )


def base_cell(context: Context, cell: Cell, kind: str) -> TableCell:
    """Write a base of a cell.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        Any cell of the column.
    kind : {"base_unweighted", "base_weighted", "base_effective"}
        Which base.

    Returns
    -------
    TableCell
        Of a hidden column only how its base compares with the minimum: the base may
        be the count of an answer.
    """
    value = float(getattr(cell, kind))
    if isfinite(value):
        text = context.count(value)
        plain = text if kind == "base_unweighted" else ""
        return TableCell(text, value, "count", plain=plain)
    text = context.base(cell) if kind == "base_unweighted" else ""
    return TableCell(text, flag="hidden")


def letters_of(context: Context, cell: Cell) -> str:
    """Give what stands beside a number: letters, then marks.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        A cell of the weighted table.

    Returns
    -------
    str
        Letters of the columns that it exceeds; plus or minus against the rest; plus
        or minus in brackets against Total. Row and total percentages have none.
    """
    if cell.statistic in OTHER_SHARES:
        return ""
    marks = context.wave.marks.get(cell.key, {})
    signs = {name: mark.replace("-", "−") for name, mark in marks.items()}
    found = [cell.letters, signs.get("rest", "")]
    if "total" in signs:
        found.append(f"({signs['total']})")
    return " ".join(filter(None, found))


def share_cell(context: Context, cell: Cell | None, *, recipe: str = "") -> TableCell:
    """Write the share of a cell.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        None where the wave did not ask.
    recipe : str
        How the number was made.

    Returns
    -------
    TableCell
        Text for paper, value for a spreadsheet.
    """
    if cell is None:
        return TableCell(NOT_ASKED, plain=NOT_ASKED)
    if cell.hidden:
        return TableCell("", flag="hidden", recipe=recipe)
    flag: Flag = "small" if cell.small else ""
    text, plain = percent(cell.estimate, context.language), _plain_share(context, cell)
    letters = letters_of(context, cell)
    return TableCell(text, cell.estimate, "percent", letters, flag, recipe, plain)


def _plain_share(context: Context, cell: Cell) -> str:
    """Write the share of a cell that is shown, without weights."""
    if not (isfinite(cell.count) and cell.base_unweighted > 0):
        return ""
    return percent(cell.count / cell.base_unweighted, context.language)


def interval_cell(context: Context, cell: Cell | None) -> TableCell:
    """Write the interval of a Total cell.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        A share.

    Returns
    -------
    TableCell
        Empty where there is nothing to show.
    """
    if cell is None or cell.hidden:
        return TableCell("")
    return TableCell(interval(cell.conf_low, cell.conf_high, context.language))


def net_cell(context: Context, variable: Variable) -> Cell | None:
    """Give the Total cell of the net preference of a question.

    Parameters
    ----------
    context : Context
        The wave.
    variable : Variable
        The question or item.

    Returns
    -------
    Cell or None
        None where the question has no net preference.
    """
    return context.wave.cells.get((f"{variable.name}:{NET}", "mean", "", TOTAL))


def points_cell(context: Context, cell: Cell | None) -> TableCell:
    """Write a net preference in percentage points.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell or None
        The mean of the scores.

    Returns
    -------
    TableCell
        Text for paper, value for a spreadsheet.
    """
    if cell is None:
        return TableCell("n/a")
    if cell.hidden:
        return TableCell("", flag="hidden")
    flag: Flag = "small" if cell.small else ""
    text, value = points(cell.estimate), 100 * cell.estimate
    return TableCell(text, value, "points", letters_of(context, cell), flag)


def net_interval(context: Context, cell: Cell) -> str:
    """Write the interval of a net preference: ``+27 to +37``.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        The mean of the scores, not hidden.

    Returns
    -------
    str
        In percentage points.
    """
    return context.say("rank", low=points(cell.conf_low), high=points(cell.conf_high))


def net_text(context: Context, cell: Cell | None) -> str:
    """Write a net preference with its interval: ``+32 (+27 to +37)``.

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
    return f"{points(cell.estimate)} ({net_interval(context, cell)})"

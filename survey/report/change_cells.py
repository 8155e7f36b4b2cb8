"""Changes between waves as cells of tables.

Where two waves cannot be compared the reason stands in place of every number.
"""

from dataclasses import replace
from math import isfinite

from survey.report.change_reasons import why_none
from survey.report.change_words import (
    arrow_text,
    in_points,
    interval_text,
    level_text,
    number_text,
    sign_of,
)
from survey.report.context import Context
from survey.report.document import TableCell
from survey.report.numbers import decimal
from survey.waves.values import CellChange


def change_cells(
    context: Context, change: CellChange | None, *, p_value: bool = False
) -> tuple[TableCell, ...]:
    """Write a change as cells of a table.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange or None
        None where nothing was compared.
    p_value : bool, default False
        Whether the adjusted p-value is one of them.

    Returns
    -------
    tuple of TableCell
        Difference, interval, arrow, p-value, smallest change that could be found. The
        reason stands in the place of the difference.
    """
    rest = 4 if p_value else 3
    if change is None:
        return (TableCell("n/a"),) * (rest + 1)
    if change.hidden:
        reason = why_none(context, change)
        first = TableCell(reason) if reason else TableCell("", flag="hidden")
        return (first, *(TableCell("") for _ in range(rest)))
    found = [
        signed(difference_cell(context, change), change),
        TableCell(interval_text(context, change)),
        TableCell(arrow_text(context, change)),
    ]
    if p_value:
        p_adjusted = change.p_adjusted
        text = decimal(p_adjusted, context.language, 3)
        known = p_adjusted if isfinite(p_adjusted) else None
        found.append(TableCell(text, known, "decimal"))
    return (*found, detectable_cell(context, change))


def difference_cell(context: Context, change: CellChange | None) -> TableCell:
    """Write a difference that is shown, else an empty cell.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange or None
        Any change.

    Returns
    -------
    TableCell
        Percentage points, or the unit of a mean.
    """
    if change is None:
        return TableCell("n/a")
    if change.hidden:
        return TableCell("", flag="hidden")
    text = number_text(context, change, change.difference)
    if in_points(change):
        return TableCell(text, 100 * change.difference, "points")
    return TableCell(text, change.difference, "text")


def detectable_cell(context: Context, change: CellChange | None) -> TableCell:
    """Write the smallest change that could be found.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange or None
        Any change.

    Returns
    -------
    TableCell
        Without sign; empty where nothing was compared.
    """
    if change is None or change.hidden or not isfinite(change.detectable):
        return TableCell("")
    text = number_text(context, change, change.detectable).lstrip("+")
    value = change.detectable * (100 if in_points(change) else 1)
    return TableCell(text, value, "count" if in_points(change) else "decimal")


def before_cell(context: Context, change: CellChange | None) -> TableCell:
    """Write the number of the older wave, as it is compared.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange or None
        Any change.

    Returns
    -------
    TableCell
        Empty where nothing can be compared; the reason stands beside it.
    """
    if change is None:
        return TableCell("n/a")
    if change.hidden:
        known = why_none(context, change)
        return TableCell("") if known else TableCell("", flag="hidden")
    text = level_text(context, change, change.before)
    if change.statistic != "mean":
        return signed(TableCell(text, change.before, "percent"), change)
    if in_points(change):
        return signed(TableCell(text, 100 * change.before, "points"), change)
    return signed(TableCell(text, change.before, "decimal"), change)


def after_cell(context: Context, change: CellChange) -> TableCell:
    """Write the number of the newer wave, as it is compared.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        One that is shown.

    Returns
    -------
    TableCell
        On the base of the comparison, which may not be that of the question.
    """
    return before_cell(context, replace(change, before=change.after))


def signed(cell: TableCell, change: CellChange) -> TableCell:
    """Mark a number that is not compared as it was published.

    Parameters
    ----------
    cell : TableCell
        A number of the change.
    change : CellChange
        One that is shown.

    Returns
    -------
    TableCell
        With a dagger, as a text, so that every format shows it.
    """
    sign = sign_of(change)
    return TableCell(f"{cell.text} {sign}") if sign else cell

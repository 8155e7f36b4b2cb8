"""Dots with intervals as native charts."""

from collections.abc import Sequence
from typing import Final

from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.slides.bar_plots import intervals, margins, number_label
from survey.report.slides.plots import PAPER, Plot, Series
from survey.report.slides.room import (
    Room,
    axis_end,
    end,
    shortened,
    side_width,
)
from survey.report.style import clean

_DOT: Final = 5.0
_HOLLOW: Final = 3.0
_BESIDE: Final = 5.0
_POINTS_PER_INCH: Final = 72


def with_groups(rows: Sequence[ChartRow]) -> tuple[ChartRow, ...]:
    """Put a row without numbers above every group.

    Parameters
    ----------
    rows : sequence of ChartRow
        Rows of a figure of dots.

    Returns
    -------
    tuple of ChartRow
        The head of a group is its name.
    """
    made: list[ChartRow] = []
    group = ""
    for row in rows:
        if row.group != group and row.group:
            made.append(ChartRow(row.group, (), group=row.group))
        group = row.group
        made.append(row)
    return tuple(made)


def dots(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a dot with its interval per row.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        The rows that this slide shows; a row without values is the head of a group.
    space : Room
        Room of the chart.

    Returns
    -------
    Plot
        Bars that are not seen end in the dots, so that one number moves both. Labels
        of rows stand on an axis, and labels of numbers follow their value.
    """
    side = side_width(block, space.size)
    low, high = _low(block), axis_end(block, space, side)
    labels = tuple(clean(row.label) for row in rows)
    share = space.plot / space.width / (high - low)
    point = (high - low) / space.plot / _POINTS_PER_INCH
    return Plot(
        "bars",
        labels,
        tuple(shortened(label, space) for label in labels),
        (*_estimates(block, rows, space, share, point), *margins(block, rows, high)),
        overlap=100,
        low=low,
        high=high,
        crosses=low,
        box=space.box,
        key=space.key,
        size=space.size,
    )


def _estimates(
    block: ChartBlock,
    rows: Sequence[ChartRow],
    space: Room,
    share: float,
    point: float,
) -> tuple[Series, ...]:
    """Plan intervals, dots, and the hollows of small bases."""
    nothing = ChartValue(None, "")
    values = [row.values[0] if row.values else nothing for row in rows]
    numbers = tuple(value.estimate for value in values)
    tone = space.look.colour("net")
    labels = tuple(
        number_label(value, shift=max(_reach(value), _BESIDE * point) * share)
        for value in values
    )
    name = clean(block.series[0].label)
    ends = intervals(values)
    whole = Series(name, numbers, "", labels, {}, *ends, tone=tone, legend=False)
    dot = Series(name, numbers, tone=tone, dot=_DOT * point, shared=True, legend=False)
    small = tuple(v.estimate if v.flag == "small" else None for v in values)
    if not any(v is not None for v in small):
        return whole, dot
    hollow = Series(" ", small, tone=PAPER, dot=_HOLLOW * point, legend=False)
    return whole, dot, hollow


def _low(block: ChartBlock) -> float:
    """Give the left end of the axis: 0, or where the lowest interval ends."""
    values = [value for row in block.rows for value in row.values]
    known = [value for value in values if value.estimate is not None]
    lows = [v.estimate if v.low is None else v.low for v in known]
    return min([0.0, *(low for low in lows if low is not None)])


def _reach(value: ChartValue) -> float:
    """Give how far the interval reaches beyond the dot."""
    return end(value) - max(value.estimate or 0.0, 0.0)

"""Dots with intervals, and lines over waves, as native charts."""

from collections.abc import Sequence
from typing import Final

from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.slides.bar_plots import intervals, margins, number_label
from survey.report.slides.plots import PAPER, Plot, Point, Series
from survey.report.slides.room import (
    Room,
    axis_end,
    end,
    row_label,
    shortened,
    side_width,
)
from survey.report.style import clean

_DOT: Final = 5.0
_HOLLOW: Final = 3.0
_BESIDE: Final = 5.0
_POINTS_PER_INCH: Final = 72
LINE_ROLES: Final = ("net", "open", "proprietary", "total", "main", "reference")
_HEADROOM: Final = 1.12
_LINE_SPACE: Final = 1.2


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


def lines(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a line per row over the waves.

    Parameters
    ----------
    block, rows, space
        As for `dots`; the series of the figure are the waves.

    Returns
    -------
    Plot
        A number that cannot be compared with the one before is not joined to it. Where
        lines lie close, the higher of two numbers is printed; all of them stand in the
        data of the chart.
    """
    ends = [end(value) for row in block.rows for value in row.values]
    waves = tuple(clean(series.label) for series in block.series)
    size = space.size
    high = max([block.maximum or 0.0, *ends]) * _HEADROOM or 1.0
    inches = 0.9 * space.height - space.top
    told = _apart(rows, high * _LINE_SPACE * size / _POINTS_PER_INCH / inches)
    return Plot(
        "lines",
        waves,
        waves,
        tuple(_line(row, number, space, told) for number, row in enumerate(rows)),
        high=high,
        box=(0.02, space.top / space.height, 0.9, 1 - space.top / space.height - 0.1),
        key=(0.02, 0.0, 0.96, space.top / space.height),
        size=size,
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


def _apart(rows: Sequence[ChartRow], least: float) -> frozenset[tuple[int, int]]:
    """Choose the numbers of every wave that stand far enough from each other.

    They are given by row and wave, the highest of a wave first.
    """
    kept = set()
    for at in range(max((len(row.values) for row in rows), default=0)):
        column = [row.values[at].estimate for row in rows]
        known = [(v, number) for number, v in enumerate(column) if v is not None]
        last = float("inf")
        for value, number in sorted(known, key=lambda one: (-one[0], one[1])):
            if last - value >= least:
                kept.add((number, at))
                last = value
    return frozenset(kept)


def _line(
    row: ChartRow, number: int, space: Room, told: frozenset[tuple[int, int]]
) -> Series:
    """Plan one line, with the numbers that are told."""
    tone = space.look.colour(LINE_ROLES[number % len(LINE_ROLES)])
    points = {
        at: Point(PAPER if value.flag == "small" else tone, tone, joined=value.linked)
        for at, value in enumerate(row.values)
        if value.flag == "small" or not value.linked
    }
    labels = tuple(
        number_label(value, position="r")
        if value.estimate is None or (number, at) in told
        else None
        for at, value in enumerate(row.values)
    )
    return Series(
        row_label(row),
        tuple(value.estimate for value in row.values),
        tone,
        labels,
        points,
        *intervals(row.values),
    )

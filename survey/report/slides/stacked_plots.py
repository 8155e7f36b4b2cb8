"""Bars that add up, as native charts: stacked, around a middle, and diverging.

A row with a hidden number is not drawn, since the others would give it away.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.report.document import ChartBlock, ChartRow
from survey.report.slides.bar_plots import beside, number_label
from survey.report.slides.plots import Label, Plot, Series
from survey.report.slides.room import (
    GAP,
    Room,
    hidden,
    row_label,
    shortened,
    side_width,
    width_of,
)
from survey.report.style import clean

_BAND: Final = 0.04
_APART: Final = ("dont_know",)
_DIVERGING_APART: Final = ("neutral", "dont_know")


@dataclass(frozen=True, slots=True)
class _Sides:
    """Which series stand left of the middle, right of it, on it, and apart."""

    left: tuple[int, ...]
    middle: tuple[int, ...]
    right: tuple[int, ...]
    apart: tuple[int, ...]


def stacked(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan bars that add up from the left.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        The rows that this slide shows.
    space : Room
        Room of the chart.

    Returns
    -------
    Plot
        Numbers stand where their part is wide enough.
    """
    everything = tuple(range(len(block.series)))
    return _chain(block, rows, space, _Sides((), (), everything, ()))


def around(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan the steps of a scale around its middle.

    Parameters
    ----------
    block, rows, space
        As for `stacked`.

    Returns
    -------
    Plot
        Half of a middle step stands to each side; "don't know" apart.
    """
    roles = [series.role for series in block.series]
    steps = [at for at, role in enumerate(roles) if role not in _APART]
    apart = tuple(at for at, role in enumerate(roles) if role in _APART)
    half = len(steps) // 2
    middle = tuple(steps[half : half + 1]) if len(steps) % 2 else ()
    right = tuple(steps[half + len(middle) :])
    return _chain(block, rows, space, _Sides(tuple(steps[:half]), middle, right, apart))


def diverging(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan the first series to the right, the second to the left, others apart.

    Parameters
    ----------
    block, rows, space
        As for `stacked`.

    Returns
    -------
    Plot
        The net stands at the right end.
    """
    others = tuple(range(2, len(block.series)))
    return _chain(block, rows, space, _Sides((1,), (), (0,), others))


def _chain(
    block: ChartBlock, rows: Sequence[ChartRow], space: Room, sides: _Sides
) -> Plot:
    """Put parts one after the other, with parts that are not seen in between."""
    shown = [row for row in block.rows if not hidden(row)]
    left = max((_before(row, sides) for row in shown), default=0.0)
    right = max((_after(row, sides) for row in shown), default=0.0)
    apart = max((_sum(row, sides.apart) for row in shown), default=0.0)
    band = _BAND * (left + right) if sides.apart and apart else 0.0
    total = (left + right + band + apart) or 1.0
    side = side_width(block, space.size)
    high = total * space.plot / (space.plot - side)
    inches = space.plot / high
    columns = []
    if sides.left or sides.middle:
        columns.append(_unseen(rows, [left - _before(row, sides) for row in rows]))
    drawn = (*sides.left, *sides.middle, *sides.right)
    columns += [_part(block, rows, at, space, inches) for at in drawn]
    if band:
        rest = [right + band - _after(row, sides) for row in rows]
        columns.append(_unseen(rows, rest))
    columns += [_part(block, rows, at, space, inches) for at in sides.apart]
    ends = [_end(row, sides, left, right + band) for row in rows]
    labels = tuple(row_label(row) for row in rows)
    return Plot(
        "bars",
        labels,
        tuple(shortened(label, space) for label in labels),
        (*columns, *beside(block, rows, high, ends)),
        stacked=True,
        overlap=100,
        gap=space.gap(len(rows), 40),
        high=high,
        crosses=left,
        box=space.box,
        key=space.key,
        size=space.size,
    )


def _part(
    block: ChartBlock, rows: Sequence[ChartRow], at: int, space: Room, inches: float
) -> Series:
    """Plan one series; a hidden row has no parts."""
    series = block.series[at]
    fill = space.look.colour(series.role)
    colour = space.look.text_colour(fill)
    labels: list[Label | None] = []
    for row in rows:
        value = row.values[at]
        wide = width_of(value.text, space.size, bold=True) + GAP
        fits = not hidden(row) and wide <= (value.estimate or 0.0) * inches
        labels.append(
            number_label(value, position="ctr", colour=colour) if fits else None
        )
    values = tuple(None if hidden(row) else row.values[at].estimate for row in rows)
    return Series(clean(series.label), values, fill, tuple(labels))


def _unseen(rows: Sequence[ChartRow], lengths: Sequence[float]) -> Series:
    """Plan a part that only keeps a distance."""
    values = tuple(
        None if hidden(row) else max(length, 0.0)
        for row, length in zip(rows, lengths, strict=True)
    )
    return Series(" ", values, legend=False)


def _end(row: ChartRow, sides: _Sides, left: float, right: float) -> float:
    """Give where the parts of a row end, counted from the left of the plot."""
    if hidden(row):
        return 0.0
    if sides.apart:
        return left + right + _sum(row, sides.apart)
    return left + _after(row, sides)


def _before(row: ChartRow, sides: _Sides) -> float:
    """Add up what stands left of the middle."""
    return _sum(row, sides.left) + _sum(row, sides.middle) / 2


def _after(row: ChartRow, sides: _Sides) -> float:
    """Add up what stands right of the middle."""
    return _sum(row, sides.right) + _sum(row, sides.middle) / 2


def _sum(row: ChartRow, numbers: Sequence[int]) -> float:
    """Add up some numbers of a row."""
    return sum(row.values[at].estimate or 0.0 for at in numbers)

"""Lines: one per row, from wave to wave, with its name at its end.

Where a value is hidden, or cannot be compared with the one before, the line has a
gap. Names that would meet are moved apart, and a thin line leads to them.
"""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Final

from survey.report import style
from survey.report.charts_bars import end_of, tone_of
from survey.report.charts_frame import LEADER, NUMBER_MOST, number_width, said_beside
from survey.report.charts_room import GAP, Frame, Placed, column, head_marks
from survey.report.document import ChartBlock, ChartValue
from survey.report.lettering import fit, line_height
from survey.report.marks import Align, Dot, Line, Mark, Words, middle

_WIDEST_DODGE: Final = 0.3
_DODGE: Final = 0.07
_RADIUS: Final = 0.085
_EDGE: Final = 0.12
_NOTHING: Final = 1e-9


def lines(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a line per row.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the lines; numbers stand left of it, numbers and names right of it.

    Returns
    -------
    tuple of Mark
        Waves, intervals, lines, dots, numbers and names.
    """
    places = _places(block, frame)
    ends = [end_of(value) for row in block.rows for value in row.values]
    most = max([block.maximum or 0, *ends, _NOTHING])
    unit = (frame.top - frame.bottom - 2 * _EDGE) / most
    marks: list[Mark] = [*_waves(places, frame)]
    for number, placed in enumerate(frame.rows):
        shift = _dodge(number, len(frame.rows))
        marks.extend(_line(placed, [x + shift for x in places], unit, frame))
    marks.extend(_first_numbers(block, unit, frame))
    marks.extend(_names(block, unit, frame))
    return (*marks, *head_marks(frame, places))


def apart(
    wanted: Sequence[float], heights: Sequence[float], low: float, high: float
) -> tuple[float, ...]:
    """Move things apart that would meet, as little as possible.

    Parameters
    ----------
    wanted : sequence of float
        Where the middle of each should be.
    heights : sequence of float
        How high each is; together no more than from `low` to `high`.
    low, high : float
        Between which all of them stand.

    Returns
    -------
    tuple of float
        Where the middle of each is, in the order given.

    Examples
    --------
    >>> apart([2.0, 2.0], [1.0, 1.0], 0.0, 9.0)
    (2.5, 1.5)
    """
    order = sorted(range(len(wanted)), key=lambda i: (wanted[i], -i))
    blocks: list[tuple[float, list[int]]] = []
    for i in order:
        members = [i]
        start = _start(members, wanted, heights, low, high)
        # Neighbours that meet become one block, which is placed anew.
        while blocks and blocks[-1][0] + _sum(blocks[-1][1], heights) > start:
            members = blocks.pop()[1] + members
            start = _start(members, wanted, heights, low, high)
        blocks.append((start, members))
    found = dict.fromkeys(range(len(wanted)), 0.0)
    for start, members in blocks:
        at = start
        for i in members:
            found[i] = at + heights[i] / 2
            at += heights[i]
    return tuple(found.values())


def _sum(members: Sequence[int], heights: Sequence[float]) -> float:
    """Add up the heights of a block."""
    return sum(heights[i] for i in members)


def _start(
    members: Sequence[int],
    wanted: Sequence[float],
    heights: Sequence[float],
    low: float,
    high: float,
) -> float:
    """Give the lower end of a block whose members are nearest to their places."""
    below, starts = 0.0, []
    for i in members:
        starts.append(wanted[i] - below - heights[i] / 2)
        below += heights[i]
    return max(min(sum(starts) / len(starts), high - below), low)


def _places(block: ChartBlock, frame: Frame) -> tuple[float, ...]:
    """Give the place of every wave."""
    step = (frame.right - frame.left) / max(len(block.series) - 1, 1)
    return tuple(frame.left + n * step for n in range(len(block.series)))


def _dodge(number: int, rows: int) -> float:
    """Give how far a line is moved sideways, so that intervals do not hide others."""
    step = min(_DODGE, _WIDEST_DODGE / max(rows - 1, 1))
    return (number - (rows - 1) / 2) * step


def _waves(places: Sequence[float], frame: Frame) -> Iterator[Mark]:
    """Draw a thin line for every wave, and one at the zero of the axis."""
    tone, zero = frame.look.colour("rule"), frame.bottom + _EDGE
    for x in places:
        yield Line(x, zero, x, frame.top, tone, 1.0)
    yield Line(frame.left - _EDGE, zero, frame.right + _EDGE, zero, tone, 1.0)


def _height(value: ChartValue, unit: float, frame: Frame) -> float:
    """Give the height of a value."""
    return frame.bottom + _EDGE + max(value.estimate or 0.0, 0.0) * unit


def _line(
    placed: Placed, places: Sequence[float], unit: float, frame: Frame
) -> Iterator[Mark]:
    """Draw one line with intervals and dots."""
    tone, zero = tone_of(placed.row, frame), frame.bottom + _EDGE
    points = list(zip(places, placed.row.values, strict=True))
    shown = [(x, value) for x, value in points if value.estimate is not None]
    for x, value in shown:
        if value.low is not None and value.high is not None:
            low, high = (zero + max(end, 0.0) * unit for end in (value.low, value.high))
            yield Line(x, low, x, high, tone, 1.5)
    for (x0, one), (x1, other) in pairwise(points):
        if other.linked and one.estimate is not None and other.estimate is not None:
            y0, y1 = _height(one, unit, frame), _height(other, unit, frame)
            yield Line(x0, y0, x1, y1, tone, 2.5)
    for x, value in shown:
        fill = frame.look.colour("paper") if value.flag == "small" else tone
        yield Dot(x, _height(value, unit, frame), _RADIUS, fill, tone)


def _first_numbers(block: ChartBlock, unit: float, frame: Frame) -> Iterator[Mark]:
    """Set the numbers of the first wave; with one wave they stand at the right."""
    if len(block.series) == 1:
        return
    firsts = [p.row.values[0] for p in frame.rows]
    shown = [value for value in firsts if value.estimate is not None]
    wanted = [_height(value, unit, frame) for value in shown]
    tall = [line_height(frame.size)] * len(shown)
    places = apart(wanted, tall, frame.bottom, frame.top)
    for value, y in zip(shown, places, strict=True):
        yield _number(value, frame.left - GAP * 1.5, y, frame, right=True)


def _number(
    value: ChartValue, x: float, y: float, frame: Frame, *, right: bool = False
) -> Words:
    """Set one number."""
    text = fit(value.text, NUMBER_MOST, frame.size, bold=True, look=frame.look)
    ink, baseline = frame.look.colour("ink"), middle(y, frame.size)
    align: Align = "right" if right else "left"
    return Words(x, baseline, text, frame.size, ink, bold=True, align=align)


def _names(block: ChartBlock, unit: float, frame: Frame) -> Iterator[Mark]:
    """Set the names of the lines at their ends, with the last number before them."""
    beside = [said_beside(block, placed.row) for placed in frame.rows]
    high = line_height(frame.size)
    tall = [
        (max(len(p.lines), 1) + len(more)) * high
        for p, more in zip(frame.rows, beside, strict=True)
    ]
    wanted = [_last_height(placed, unit, frame) for placed in frame.rows]
    middles = apart(wanted, tall, frame.bottom, frame.top)
    for n, placed in enumerate(frame.rows):
        top = middles[n] + tall[n] / 2
        yield from _name(block, placed, beside[n], top, frame)
        last = placed.row.values[-1]
        if last.estimate is not None:
            start = frame.right + _WIDEST_DODGE / 2 + _RADIUS
            end = frame.right + LEADER - 0.04
            tone = frame.look.colour("reference")
            yield Line(start, wanted[n], end, top - high / 2, tone, 0.8)


def _last_height(placed: Placed, unit: float, frame: Frame) -> float:
    """Give the height where a line ends, the foot of the plot where it has no point."""
    shown = [value for value in placed.row.values if value.estimate is not None]
    return _height(shown[-1], unit, frame) if shown else frame.bottom


def _name(
    block: ChartBlock, placed: Placed, more: Sequence[str], top: float, frame: Frame
) -> Iterator[Mark]:
    """Set the number and the name of one line, and what is said under it."""
    look, high, size = frame.look, line_height(frame.size), frame.size
    start = frame.right + LEADER
    x = start + number_width(block, look, -1) + GAP
    last = placed.row.values[-1]
    if last.estimate is not None:
        yield _number(last, start, top - high / 2, frame)
    bold = placed.row.role in ("net", "total")
    yield from column(placed.lines, x, top, size, look.colour("ink"), bold=bold)
    room = style.WIDTH - style.MARGIN - x
    lines = [fit(text, room, style.ROW_FLOOR, look=look) for text in more]
    under = top - max(len(placed.lines), 1) * high
    yield from column(lines, x, under, style.ROW_FLOOR, look.colour("muted"))

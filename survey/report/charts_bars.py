"""Bars and dots: one number per row, with its interval.

The number stands where neither bar nor whisker reaches. A hidden number draws
nothing but its text; a small base is drawn hollow.
"""

from collections.abc import Iterator
from typing import Final

from survey.report import style
from survey.report.charts_frame import GAP, Frame, Placed, baseline
from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.lettering import fit, line_height, measure
from survey.report.marks import Box, Dot, Line, Mark, Words, middle

_VALUE_MOST: Final = 3.4
_CAP: Final = 0.32
_NOTHING: Final = 1e-9


def bars(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a bar per row.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Bars, whiskers and numbers.
    """
    scale = _bar_scale(block, frame)
    marks: list[Mark] = []
    for placed in frame.rows:
        marks.extend(_bar(placed, frame, scale))
    return (*marks, baseline(frame, frame.left))


def dots(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a dot with its interval per row, and the total as a dashed line.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the dots; the numbers stand in a column at its right.

    Returns
    -------
    tuple of Mark
        Reference line, tracks, intervals, dots and numbers.
    """
    shown = [row for row in block.rows if row.values[0].estimate is not None]
    column = max((_text_width(row, frame.size) for row in shown), default=0)
    room = frame.right - frame.left - column - 2 * GAP
    ends = [_end(row.values[0]) for row in block.rows]
    scale = room / max([block.maximum or 0, *ends, _NOTHING])
    marks: list[Mark] = list(_reference(block, frame, scale))
    for placed in frame.rows:
        marks.extend(_dot(placed, frame, scale, frame.left + room))
    return (*marks, baseline(frame, frame.left))


def _bar_scale(block: ChartBlock, frame: Frame) -> float:
    """Give inches per unit, such that every number stands inside the plot."""
    room = frame.right - frame.left
    limits = [
        (room - _text_width(row, frame.size) - GAP) / _end(row.values[0])
        for row in block.rows
        if _end(row.values[0]) > _NOTHING
    ]
    if block.maximum:
        limits.append(room / block.maximum)
    return min(limits, default=0.0)


def _end(value: ChartValue) -> float:
    """Give the right end of a bar and its whisker."""
    if value.estimate is None:
        return 0.0
    return max(value.estimate, value.high or 0.0, 0.0)


def _text_width(row: ChartRow, size: float) -> float:
    """Give the room that the number of a row takes."""
    return measure(_number(row, size), size, bold=True)


def _number(row: ChartRow, size: float) -> str:
    """Give the number of a row, shortened where it is a whole sentence."""
    return fit(row.values[0].text, _VALUE_MOST, size, bold=True)


def _bar(placed: Placed, frame: Frame, scale: float) -> Iterator[Mark]:
    """Draw one bar, its whisker and its number."""
    value = placed.row.values[0]
    fill = style.colour("main" if placed.row.role == "category" else placed.row.role)
    hollow = value.flag == "small"
    if value.estimate is not None:
        yield Box(
            frame.left,
            placed.y - frame.thickness / 2,
            max(value.estimate, 0.0) * scale,
            frame.thickness,
            style.PAPER if hollow else fill,
            fill if hollow else "",
        )
        yield from _whisker(value, placed.y, frame, scale)
    yield _number_mark(placed, frame, frame.left + _end(value) * scale + GAP / 1.5)


def _whisker(value: ChartValue, y: float, frame: Frame, scale: float) -> Iterator[Mark]:
    """Draw an interval with its caps."""
    if value.low is None or value.high is None:
        return
    low, high = (frame.left + max(end, 0) * scale for end in (value.low, value.high))
    cap = frame.thickness * _CAP / 2
    strokes = ((low, y, high, y), *((x, y - cap, x, y + cap) for x in (low, high)))
    # A white edge keeps the whisker visible on a dark bar.
    yield from (Line(*ends, style.PAPER, 3.5) for ends in strokes)
    yield from (Line(*ends) for ends in strokes)


def _number_mark(placed: Placed, frame: Frame, x: float) -> Words:
    """Set the number of a row."""
    hidden = placed.row.values[0].estimate is None
    return Words(
        x,
        middle(placed.y, frame.size),
        _number(placed.row, frame.size),
        frame.size,
        style.MUTED if hidden else style.INK,
        bold=not hidden,
    )


def _reference(block: ChartBlock, frame: Frame, scale: float) -> Iterator[Mark]:
    """Draw the total through all rows."""
    for row in block.rows:
        estimate = row.values[0].estimate
        if row.role == "total" and estimate is not None:
            x = frame.left + estimate * scale
            yield Line(x, frame.bottom, x, frame.top, style.REFERENCE, 1.5, dashed=True)


def _dot(placed: Placed, frame: Frame, scale: float, end: float) -> Iterator[Mark]:
    """Draw one track, interval, dot and number."""
    value = placed.row.values[0]
    tone = style.colour(
        {"category": "net", "total": "total"}.get(placed.row.role, placed.row.role)
    )
    if value.estimate is None:
        yield from _why(placed, frame, end)
        return
    yield Line(frame.left, placed.y, end, placed.y, style.COLOURS["dont_know"], 0.8)
    if value.low is not None and value.high is not None:
        low, high = frame.left + value.low * scale, frame.left + value.high * scale
        yield Line(low, placed.y, high, placed.y, tone, 4)
    fill = style.PAPER if value.flag == "small" else tone
    yield Dot(frame.left + value.estimate * scale, placed.y, 0.1, fill, tone)
    yield _number_mark(placed, frame, end + 1.5 * GAP)


def _why(placed: Placed, frame: Frame, end: float) -> Iterator[Mark]:
    """Say why a row is empty, on white, so that no line runs through the words."""
    room = end - frame.left - 2 * GAP
    text = fit(placed.row.values[0].text, room, frame.size)
    width, height = measure(text, frame.size), line_height(frame.size)
    x = frame.left + GAP
    yield Box(x - 0.05, placed.y - height / 2, width + 0.1, height, style.PAPER)
    yield Words(x, middle(placed.y, frame.size), text, frame.size, style.MUTED)

"""Bars and dots: one number per row, with its interval.

The number stands where neither bar nor whisker reaches. A hidden number draws
nothing but its text; a small base is drawn hollow.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final

from survey.report.charts_room import GAP, Frame, Placed, baseline, on_paper
from survey.report.charts_stacked import toned
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.lettering import fit, measure
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
    scale = bar_scale(block, frame)
    marks: list[Mark] = []
    for placed in frame.rows:
        role = placed.row.role
        fill = frame.look.colour("main" if role == "category" else role)
        marks.extend(_bar(placed.row.values[0], placed.y, fill, frame, scale))
    return (*marks, baseline(frame, frame.left))


def pairs(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw two bars per row, the first series above the second.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value, with two series.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Bars, whiskers and numbers.
    """
    scale = bar_scale(block, frame)
    within = replace(frame, thickness=frame.thickness / 2)
    marks: list[Mark] = []
    for placed in frame.rows:
        series: Sequence[ChartSeries] = toned(block.series)
        for place, (one, value) in enumerate(
            zip(series, placed.row.values, strict=True)
        ):
            y = placed.y + (0.5 - place) * within.thickness
            fill = frame.look.colour(one.role)
            marks.extend(_bar(value, y, fill, within, scale))
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
    firsts = [row.values[0] for row in block.rows]
    shown = [value for value in firsts if value.estimate is not None]
    column = max((_text_width(value, frame) for value in shown), default=0)
    room = frame.right - frame.left - column - 2 * GAP
    ends = [end_of(value) for value in firsts]
    scale = room / max([block.maximum or 0, *ends, _NOTHING])
    marks: list[Mark] = list(_reference(block, frame, scale))
    for placed in frame.rows:
        marks.extend(_dot(placed, frame, scale, frame.left + room))
    return (*marks, baseline(frame, frame.left))


def end_of(value: ChartValue) -> float:
    """Give the right end of a bar and its whisker.

    Parameters
    ----------
    value : ChartValue
        A number, or a hidden one.

    Returns
    -------
    float
        At least 0; 0 where it is hidden.

    Examples
    --------
    >>> end_of(ChartValue(0.4, "40 %", 0.3, 0.5))
    0.5
    """
    if value.estimate is None:
        return 0.0
    return max(value.estimate, value.high or 0.0, 0.0)


def number(value: ChartValue, frame: Frame) -> str:
    """Give the number of a row, shortened where it is a whole sentence.

    Parameters
    ----------
    value : ChartValue
        A number, or a hidden one.
    frame : Frame
        Size and typefaces.

    Returns
    -------
    str
        At most 3.4 inches wide.
    """
    return fit(value.text, _VALUE_MOST, frame.size, bold=True, look=frame.look)


def bar_scale(block: ChartBlock, frame: Frame) -> float:
    """Give inches per unit, such that every number stands inside the plot.

    Parameters
    ----------
    block : ChartBlock
        A figure of bars or pairs.
    frame : Frame
        Room for the bars.

    Returns
    -------
    float
        0 where no bar has a length.
    """
    room = frame.right - frame.left
    limits = [
        (room - _text_width(value, frame) - GAP) / end_of(value)
        for row in block.rows
        for value in row.values
        if end_of(value) > _NOTHING
    ]
    if block.maximum:
        limits.append(room / block.maximum)
    return min(limits, default=0.0)


def _text_width(value: ChartValue, frame: Frame) -> float:
    """Give the room that a number takes."""
    return measure(number(value, frame), frame.size, bold=True, look=frame.look)


def _bar(
    value: ChartValue, y: float, fill: str, frame: Frame, scale: float
) -> Iterator[Mark]:
    """Draw one bar, its whisker and its number."""
    hollow = value.flag == "small"
    if value.estimate is not None:
        yield Box(
            frame.left,
            y - frame.thickness / 2,
            max(value.estimate, 0.0) * scale,
            frame.thickness,
            frame.look.colour("paper") if hollow else fill,
            fill if hollow else "",
        )
        yield from _whisker(value, y, frame, scale)
    yield _number_mark(value, y, frame, frame.left + end_of(value) * scale + GAP / 1.5)


def _whisker(value: ChartValue, y: float, frame: Frame, scale: float) -> Iterator[Mark]:
    """Draw an interval with its caps."""
    if value.low is None or value.high is None:
        return
    low, high = (frame.left + max(end, 0) * scale for end in (value.low, value.high))
    cap = frame.thickness * _CAP / 2
    strokes = ((low, y, high, y), *((x, y - cap, x, y + cap) for x in (low, high)))
    # A white edge keeps the whisker visible on a dark bar.
    yield from (Line(*ends, frame.look.colour("paper"), 3.5) for ends in strokes)
    yield from (Line(*ends, frame.look.colour("ink")) for ends in strokes)


def _number_mark(value: ChartValue, y: float, frame: Frame, x: float) -> Words:
    """Set the number of a row."""
    hidden = value.estimate is None
    return Words(
        x,
        middle(y, frame.size),
        number(value, frame),
        frame.size,
        frame.look.colour("muted" if hidden else "ink"),
        bold=not hidden,
    )


def _reference(block: ChartBlock, frame: Frame, scale: float) -> Iterator[Mark]:
    """Draw the total through all rows."""
    tone = frame.look.colour("reference")
    for row in block.rows:
        estimate = row.values[0].estimate
        if row.role == "total" and estimate is not None:
            x = frame.left + estimate * scale
            yield Line(x, frame.bottom, x, frame.top, tone, 1.5, dashed=True)


def tone_of(row: ChartRow, frame: Frame) -> str:
    """Give the colour of a row of dots or lines.

    Parameters
    ----------
    row : ChartRow
        The row.
    frame : Frame
        Colours.

    Returns
    -------
    str
        ``#RRGGBB``.
    """
    roles = {"category": "net", "dont_know": "reference"}
    return frame.look.colour(roles.get(row.role, row.role))


def _dot(placed: Placed, frame: Frame, scale: float, end: float) -> Iterator[Mark]:
    """Draw one track, interval, dot and number."""
    value = placed.row.values[0]
    tone = tone_of(placed.row, frame)
    if value.estimate is None:
        yield from _why(placed, frame, end)
        return
    track = frame.look.colour("dont_know")
    yield Line(frame.left, placed.y, end, placed.y, track, 0.8)
    if value.low is not None and value.high is not None:
        low, high = frame.left + value.low * scale, frame.left + value.high * scale
        yield Line(low, placed.y, high, placed.y, tone, 4)
    fill = frame.look.colour("paper") if value.flag == "small" else tone
    yield Dot(frame.left + value.estimate * scale, placed.y, 0.1, fill, tone)
    yield _number_mark(value, placed.y, frame, end + 1.5 * GAP)


def _why(placed: Placed, frame: Frame, end: float) -> Iterator[Mark]:
    """Say why a row is empty."""
    room, muted = end - frame.left - 2 * GAP, frame.look.colour("muted")
    text = fit(placed.row.values[0].text, room, frame.size, look=frame.look)
    y = middle(placed.y, frame.size)
    yield from on_paper(Words(frame.left + GAP, y, text, frame.size, muted), frame)

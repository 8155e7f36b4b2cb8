"""Funnels: stages of one road, centred under each other.

A number stands in its bar, or beside it where the bar is too narrow.
"""

from collections.abc import Iterator
from typing import Final

from survey.report.charts_bars import number
from survey.report.charts_room import GAP, Frame, Placed
from survey.report.document import ChartBlock, ChartValue
from survey.report.lettering import fit, measure
from survey.report.marks import Align, Box, Mark, Words, middle

_PAD: Final = 0.12
_NOTHING: Final = 1e-9


def funnel(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a centred bar per stage.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value; rows stand as they come, the widest first.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Bars and numbers.
    """
    values = [placed.row.values[0] for placed in frame.rows]
    most = max([block.maximum or 0, *map(_size, values), _NOTHING])
    room = frame.right - frame.left
    texts = [(_size(v) / most, _wide(v, frame)) for v in values]
    if not all(_fits(share * room, text, room) for share, text in texts):
        room -= max(text for _, text in texts) + _PAD
    marks: list[Mark] = []
    for placed in frame.rows:
        role = placed.row.role
        fill = frame.look.colour("main" if role == "category" else role)
        marks.extend(_stage(placed, fill, frame, room, most))
    return tuple(marks)


def _size(value: ChartValue) -> float:
    """Give the width of a bar in units, 0 where it is hidden."""
    return max(value.estimate or 0.0, 0.0)


def _wide(value: ChartValue, frame: Frame) -> float:
    """Give the width of a number; the reason of a hidden one has the whole row."""
    if value.estimate is None:
        return 0.0
    return measure(_said(value, frame), frame.size, bold=True, look=frame.look)


def _said(value: ChartValue, frame: Frame) -> str:
    """Give the number of a stage, within half of the plot."""
    most = (frame.right - frame.left) / 2
    text = number(value, frame)
    return fit(text, most, frame.size, bold=True, look=frame.look)


def _fits(bar: float, text: float, room: float) -> bool:
    """Say whether a number fits in its bar or beside it."""
    return text + 2 * _PAD <= bar or bar / 2 + _PAD + text <= room / 2


def _stage(
    placed: Placed, fill: str, frame: Frame, room: float, most: float
) -> Iterator[Mark]:
    """Draw one bar and its number, centred in the room at the left of the plot."""
    value, look = placed.row.values[0], frame.look
    centre, y = frame.left + room / 2, middle(placed.y, frame.size)
    if value.estimate is None:
        text = fit(value.text, room - 2 * GAP, frame.size, look=look)
        tone = look.colour("muted")
        yield Words(centre, y, text, frame.size, tone, align="center")
        return
    width, hollow = _size(value) / most * room, value.flag == "small"
    inside = look.colour("paper") if hollow else fill
    yield Box(
        centre - width / 2,
        placed.y - frame.thickness / 2,
        width,
        frame.thickness,
        inside,
        fill if hollow else "",
    )
    text, fits = _said(value, frame), _wide(value, frame) + 2 * _PAD <= width
    tone = look.text_colour(inside) if fits else look.colour("ink")
    x = centre if fits else centre + width / 2 + _PAD
    align: Align = "center" if fits else "left"
    yield Words(x, y, text, frame.size, tone, bold=True, align=align)

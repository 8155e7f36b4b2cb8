"""Figures of states: a coloured field with a mark per row and column.

The mark says the state without the colour; the legend has both.
"""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from survey.report import style
from survey.report.charts_heat import field_width, fields, hidden_entries
from survey.report.charts_room import GAP, HEAD_GAP, Frame, Heads
from survey.report.document import ChartBlock, ChartSeries, ChartValue
from survey.report.lettering import fit, line_height, measure, wrap
from survey.report.look import Look
from survey.report.marks import Box, Line, Mark, Words, middle

HEAD_SIZES: Final = (14.0, 13.2, 12.5)
_HEAD_MOST: Final = 2.6
_HEAD_LINES: Final = 3
_PAD: Final = 0.05
_GROUP_GAP: Final = 0.11


def states(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a field per row and series.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the fields.

    Returns
    -------
    tuple of Mark
        Fields, marks and heads.
    """
    marks = fields(
        block, frame, lambda value, box, size: _field(block, value, box, size, frame)
    )
    return (*marks, *_heads(block, frame, field_width(block, frame)))


def state_entries(block: ChartBlock) -> tuple[ChartSeries, ...]:
    """Give the legend of a figure of states: every state with its mark.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.

    Returns
    -------
    tuple of ChartSeries
        The states in the order of the block, each with its mark as `group`, then why
        fields are hidden.
    """
    marks: dict[int, str] = {}
    for value in (value for row in block.rows for value in row.values):
        if value.estimate is not None:
            marks.setdefault(int(value.estimate), style.clean(value.text))
    shown = (
        ChartSeries(one.label, one.role, marks.get(place, ""))
        for place, one in enumerate(block.legend)
    )
    return (*shown, *hidden_entries(block))


def state_of(block: ChartBlock, value: ChartValue) -> ChartSeries:
    """Give the state of a value.

    Parameters
    ----------
    block : ChartBlock
        A figure of states.
    value : ChartValue
        One of its values, not hidden.

    Returns
    -------
    ChartSeries
        Its entry in the legend.
    """
    return block.legend[int(value.estimate or 0)]


def state_heads(block: ChartBlock, width: float, look: Look) -> Heads:
    """Break the heads of columns, which read upwards.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    width : float
        Of a column, in inches.
    look : Look
        Whose typefaces set them.

    Returns
    -------
    Heads
        In the largest type in which no head is cut, as far as there is one.
    """
    labels = [style.clean(one.label) for one in block.series]
    made = [_turned(labels, width, size, look) for size in HEAD_SIZES]
    whole = (heads for heads in made if not _is_cut(heads))
    heads = next(whole, made[-1])
    grouped = any(style.clean(one.group) for one in block.series)
    over = line_height(heads.size) + 2 * _GROUP_GAP if grouped else 0.0
    return Heads(heads.size, heads.lines, heads.height + over)


def _turned(labels: Sequence[str], width: float, size: float, look: Look) -> Heads:
    """Break heads in one type size."""
    most = max(min(int((width - _PAD) / line_height(size)), _HEAD_LINES), 1)
    lines = tuple(wrap(one, _HEAD_MOST, size, most=most, look=look) for one in labels)
    every = (measure(line, size, look=look) for head in lines for line in head)
    return Heads(size, lines, max(every, default=0.0) + HEAD_GAP)


def _is_cut(heads: Heads) -> bool:
    """Say whether a head ends in an ellipsis."""
    return any(lines and lines[-1].endswith("\u2026") for lines in heads.lines)


def _field(
    block: ChartBlock, value: ChartValue, box: Box, size: float, frame: Frame
) -> Iterator[Mark]:
    """Draw one field and its mark."""
    look = frame.look
    fill = look.colour(state_of(block, value).role)
    yield Box(box.x, box.y, box.width, box.height, fill)
    text = fit(value.text, box.width - 2 * _PAD, size, bold=True, look=look)
    if text:
        x, y = box.x + box.width / 2, middle(box.y + box.height / 2, size)
        ink = look.text_colour(fill)
        yield Words(x, y, text, size, ink, bold=True, align="center")


def _heads(block: ChartBlock, frame: Frame, width: float) -> Iterator[Mark]:
    """Set the heads of columns, and above them the groups."""
    heads, ink = frame.heads, frame.look.colour("ink")
    high = line_height(heads.size)
    for at, lines in enumerate(heads.lines):
        centre = frame.left + (at + 0.5) * width
        for number, line in enumerate(lines):
            # The first line of a head that reads upwards is the left one.
            x = centre + (number - (len(lines) - 1) / 2) * high + 0.33 * heads.size / 72
            yield Words(x, frame.top + HEAD_GAP, line, heads.size, ink, turned=True)
    yield from _groups(block, frame, width)


def _groups(block: ChartBlock, frame: Frame, width: float) -> Iterator[Mark]:
    """Set the name of every group above a rule over its columns."""
    look, size = frame.look, frame.heads.size
    names = [style.clean(one.group) for one in block.series]
    y = frame.top + frame.heads.height - line_height(size) - _GROUP_GAP
    at = 0
    for name, members in groupby(names):
        count = len(list(members))
        left = frame.left + at * width
        at += count
        if not name:
            continue
        room = count * width - GAP / 2
        yield Line(
            left + GAP / 4, y, left + GAP / 4 + room, y, look.colour("muted"), 1.0
        )
        text = fit(name, room, size, look=look)
        centre = left + count * width / 2
        baseline = middle(y + 0.55 * line_height(size), size)
        tone = look.colour("muted")
        yield Words(centre, baseline, text, size, tone, align="center")

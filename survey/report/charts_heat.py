"""Heat tables: a number on every field, whose colour grows with it.

A hidden field is hatched, and the legend says why it is hidden.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from math import ceil
from typing import Final

from survey.report import style
from survey.report.charts_room import Frame, Placed, head_marks
from survey.report.document import ChartBlock, ChartSeries, ChartValue
from survey.report.lettering import fit, measure
from survey.report.marks import Box, Mark, Words, hatched, middle

STEPS: Final = 7
_APART: Final = 0.03
_PAD: Final = 0.05
_FLOOR: Final = 12.5
_NOTHING: Final = 1e-9

Draw = Callable[[ChartValue, Box, float], Iterable[Mark]]


def heat(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
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
        Heads, fields and numbers.
    """
    every = [value.estimate or 0 for row in block.rows for value in row.values]
    most = max([block.maximum or 0, *every, _NOTHING])
    marks = fields(
        block, frame, lambda value, box, size: _field(value, box, most, size, frame)
    )
    width = field_width(block, frame)
    places = [frame.left + (n + 0.5) * width for n in range(len(block.series))]
    return (*marks, *head_marks(frame, places))


def field_width(block: ChartBlock, frame: Frame) -> float:
    """Give the width of a field.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the fields.

    Returns
    -------
    float
        Inches.
    """
    return (frame.right - frame.left) / max(len(block.series), 1)


def fields(block: ChartBlock, frame: Frame, draw: Draw) -> Iterator[Mark]:
    """Draw a field per row and series; hidden ones are hatched.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the fields.
    draw : callable of (value, box, size)
        Gives the marks of a field that is shown, with texts of that size.

    Yields
    ------
    Mark
        Row by row.
    """
    width = field_width(block, frame)
    every = [v.text for r in block.rows for v in r.values if v.estimate is not None]
    size = _field_size(every, width, frame)
    slants = {one.label: place for place, one in enumerate(hidden_entries(block))}
    for placed in frame.rows:
        for place, value in enumerate(placed.row.values):
            box = _field_box(placed, frame, frame.left + place * width, width)
            if value.estimate is None:
                slant = slants[style.clean(value.text)]
                yield from hatched(box, frame.look.colour("reference"), slant)
            else:
                yield from draw(value, box, size)


def hidden_entries(block: ChartBlock) -> tuple[ChartSeries, ...]:
    """Give what the legend of a heat table says: why fields are hidden.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.

    Returns
    -------
    tuple of ChartSeries
        One for every reason, with the role ``hidden:N``.

    Examples
    --------
    >>> from survey.report.document import ChartRow
    >>> row = ChartRow("Cost", (ChartValue(None, "base below 30"),))
    >>> block = ChartBlock("b", "heat", "", "", (), (row,), (), "")
    >>> hidden_entries(block)
    (ChartSeries(label='base below 30', role='hidden:0', group=''),)
    """
    every = (value for row in block.rows for value in row.values)
    texts = (style.clean(value.text) for value in every if value.estimate is None)
    reasons = enumerate(dict.fromkeys(texts))
    return tuple(ChartSeries(text, f"hidden:{place}") for place, text in reasons)


def step_of(share: float, most: float) -> int:
    """Give the step of a field on the scale of colours.

    Parameters
    ----------
    share : float
        The number of the field.
    most : float
        The largest number.

    Returns
    -------
    int
        1 to 7; each step holds a seventh of the way from 0 to the largest.

    Examples
    --------
    >>> [step_of(share, 0.7) for share in (0.0, 0.1, 0.35, 0.7)]
    [1, 1, 4, 7]
    """
    return min(max(ceil(share / most * STEPS - _NOTHING), 1), STEPS)


def _field_size(texts: Sequence[str], width: float, frame: Frame) -> float:
    """Take the largest type with which every text fits; at the floor they are cut."""
    shown = {style.clean(text) for text in texts}
    size = frame.size - 1
    room = width - 2 * (_APART + _PAD)
    while size > _FLOOR and any(
        measure(text, size, bold=True, look=frame.look) > room for text in shown
    ):
        size -= 0.5
    return size


def _field_box(placed: Placed, frame: Frame, x: float, width: float) -> Box:
    """Give the place of a field, with some room to its neighbours."""
    return Box(
        x + _APART,
        placed.y - frame.thickness / 2 + _APART,
        width - 2 * _APART,
        frame.thickness - 2 * _APART,
        frame.look.colour("paper"),
    )


def _field(
    value: ChartValue, box: Box, most: float, size: float, frame: Frame
) -> Iterator[Mark]:
    """Draw one field and its number; a small base is hollow."""
    look, share = frame.look, value.estimate or 0.0
    tone = look.colour(f"scale:{step_of(share, most)}/{STEPS}")
    hollow = value.flag == "small"
    fill = look.colour("paper") if hollow else tone
    yield Box(box.x, box.y, box.width, box.height, fill, tone if hollow else "")
    text = fit(value.text, box.width - 2 * _PAD, size, bold=True, look=look)
    y = middle(box.y + box.height / 2, size)
    x, ink = box.x + box.width / 2, look.text_colour(fill)
    yield Words(x, y, text, size, ink, bold=True, align="center")

"""Stacked and diverging bars: several categories per row.

A number stands inside its segment where it fits. In a stacked bar, and in the light
band of a diverging one, a number that does not fit is left to the table. A row with
a hidden number shows nothing else, because its length would give it away.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from survey.report import style
from survey.report.charts_room import GAP, Frame, Placed, baseline
from survey.report.document import ChartBlock, ChartSeries, ChartValue
from survey.report.lettering import fit, measure
from survey.report.marks import Box, Mark, Words, middle

_PAD: Final = 0.08
BAND_GAP: Final = 0.35
_TEXT_MOST: Final = 0.9


def toned(series: Sequence[ChartSeries]) -> tuple[ChartSeries, ...]:
    """Give every series a colour of its own.

    Several series called ``main`` become the steps of a scale.

    Parameters
    ----------
    series : sequence of ChartSeries
        In the order of the figure.

    Returns
    -------
    tuple of ChartSeries
        With roles that differ.

    Examples
    --------
    >>> [one.role for one in toned([ChartSeries("a"), ChartSeries("b")])]
    ['scale:1/2', 'scale:2/2']
    """
    plain = [one for one in series if one.role == "main"]
    if len(plain) <= 1:
        return tuple(series)
    steps = iter(f"scale:{step + 1}/{len(plain)}" for step in range(len(plain)))
    return tuple(
        ChartSeries(one.label, next(steps)) if one.role == "main" else one
        for one in series
    )


def in_order(block: ChartBlock) -> tuple[ChartSeries, ...]:
    """Give the series in the order in which they stand from left to right.

    Parameters
    ----------
    block : ChartBlock
        A figure of several series.

    Returns
    -------
    tuple of ChartSeries
        What the legend shows.
    """
    series = toned(block.series)
    if block.kind == "diverging":
        return (*series[1:2], *series[:1], *series[2:])
    if block.kind == "scale":
        return tuple(sorted(series, key=lambda one: one.role == "dont_know"))
    return series


def stacked(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a row of segments per item.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value; the shares of a row add up to 1.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Segments and numbers.
    """
    whole = max([1.0, *(total(placed.row.values) for placed in frame.rows)])
    scale = (frame.right - frame.left) / whole
    marks: list[Mark] = []
    for placed in frame.rows:
        if is_hidden(placed):
            marks.append(why(placed, frame))
            continue
        pairs = zip(toned(block.series), placed.row.values, strict=True)
        marks.extend(chain(tuple(pairs), placed, frame, frame.left, scale))
    return tuple(marks)


def diverging(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw the first series to the right, the second to the left, others apart.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value, with two series or more.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Bars, numbers and the band of what takes no side.
    """
    ends = [
        max([share(placed.row.values[side]) for placed in frame.rows], default=0)
        for side in (0, 1)
    ]
    band = max([total(placed.row.values[2:]) for placed in frame.rows], default=0)
    text = 2 * _widest(frame) + 3 * _PAD
    room = frame.right - frame.left - (BAND_GAP if band else 0)
    scale = _scale(ends[0], ends[1], band, text, room)
    axis = frame.left + max(ends[1] * scale, text)
    start = axis + max(ends[0] * scale, text) + BAND_GAP
    series = toned(block.series)
    marks: list[Mark] = []
    for placed in frame.rows:
        values = placed.row.values
        if is_hidden(placed):
            marks.append(why(placed, frame))
            continue
        marks.extend(_side(values[0], series[0], placed, frame, axis, scale))
        marks.extend(_side(values[1], series[1], placed, frame, axis, -scale))
        rest = tuple(zip(series[2:], values[2:], strict=True))
        marks.extend(chain(rest, placed, frame, start, scale))
    return (*marks, baseline(frame, axis))


def share(value: ChartValue) -> float:
    """Give a share, 0 where it is hidden.

    Parameters
    ----------
    value : ChartValue
        A share.

    Returns
    -------
    float
        0 to 1.
    """
    return max(value.estimate or 0.0, 0.0)


def total(values: Sequence[ChartValue]) -> float:
    """Add up the shares that are shown.

    Parameters
    ----------
    values : sequence of ChartValue
        Shares.

    Returns
    -------
    float
        At least 0.
    """
    return sum(share(value) for value in values)


def _widest(frame: Frame) -> float:
    """Give the width of the widest number beside the axis."""
    return max(
        (
            measure(_text(value, frame), frame.size, bold=True, look=frame.look)
            for placed in frame.rows
            for value in placed.row.values[:2]
            if not is_hidden(placed)
        ),
        default=0.0,
    )


def _text(value: ChartValue, frame: Frame) -> str:
    """Give the text of a value, shortened where it is a whole sentence."""
    return fit(value.text, _TEXT_MOST, frame.size, bold=True, look=frame.look)


def _scale(right: float, left: float, band: float, text: float, room: float) -> float:
    """Give inches per unit; either side keeps room for a number beside its bar."""
    low, high = 0.0, room / max(right + left + band, 1e-9)
    for _ in range(40):
        scale = (low + high) / 2
        used = max(right * scale, text) + max(left * scale, text) + band * scale
        low, high = (low, scale) if used > room else (scale, high)
    return low


def chain(
    pairs: Sequence[tuple[ChartSeries, ChartValue]],
    placed: Placed,
    frame: Frame,
    x: float,
    scale: float,
) -> Iterator[Mark]:
    """Draw segments one after the other.

    Parameters
    ----------
    pairs : sequence of (ChartSeries, ChartValue)
        The segments from left to right.
    placed : Placed
        The row.
    frame : Frame
        Room for the bars.
    x : float
        Where the first segment begins, in inches.
    scale : float
        Inches per unit.

    Yields
    ------
    Mark
        Segments, and numbers where they fit.
    """
    for series, value in pairs:
        width = share(value) * scale
        if width <= 0:
            continue
        look, fill = frame.look, frame.look.colour(series.role)
        y = placed.y - frame.thickness / 2
        yield Box(x, y, width, frame.thickness, fill, look.colour("paper"))
        words = style.clean(value.text)
        wide = measure(words, frame.size - 1, bold=True, look=look)
        if wide + 2 * _PAD <= width:
            yield Words(
                x + width / 2,
                middle(placed.y, frame.size - 1),
                words,
                frame.size - 1,
                look.text_colour(fill),
                bold=True,
                align="center",
            )
        x += width


def is_hidden(placed: Placed) -> bool:
    """Say whether any number of a row is hidden.

    Parameters
    ----------
    placed : Placed
        A row.

    Returns
    -------
    bool
        True if one is.
    """
    return any(value.estimate is None for value in placed.row.values)


def why(placed: Placed, frame: Frame) -> Words:
    """Say why a row is empty.

    Parameters
    ----------
    placed : Placed
        A row with a hidden number.
    frame : Frame
        Room for the bars.

    Returns
    -------
    Words
        The text of its first hidden number.
    """
    text = next(v.text for v in placed.row.values if v.estimate is None)
    room = frame.right - frame.left - 2 * GAP
    words = fit(text, room, frame.size, look=frame.look)
    y = middle(placed.y, frame.size)
    muted = frame.look.colour("muted")
    return Words(frame.left + GAP, y, words, frame.size, muted)


def _side(
    value: ChartValue,
    series: ChartSeries,
    placed: Placed,
    frame: Frame,
    axis: float,
    scale: float,
) -> Iterator[Mark]:
    """Draw one bar from the axis, with its number inside or beyond its end."""
    length = share(value) * abs(scale)
    towards = 1 if scale >= 0 else -1
    look, fill = frame.look, frame.look.colour(series.role)
    if length:
        y = placed.y - frame.thickness / 2
        x = axis if towards > 0 else axis - length
        yield Box(x, y, length, frame.thickness, fill)
    words = _text(value, frame)
    wide = measure(words, frame.size, bold=True, look=look)
    inside = wide + 2 * _PAD <= length
    at = length - _PAD if inside else length + _PAD
    colour = look.text_colour(fill) if inside else look.colour("ink")
    yield Words(
        axis + towards * at,
        middle(placed.y, frame.size),
        words,
        frame.size,
        colour,
        bold=True,
        align="right" if inside == (towards > 0) else "left",
    )

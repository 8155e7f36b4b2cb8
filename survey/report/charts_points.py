"""Scatters: a dot per row on two axes, the named ones with their names.

Many dots are small and let others shine through. A name without room is left out.
"""

from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from math import hypot
from typing import Final

from survey.report.charts_axes import SIZE, place, reference_marks
from survey.report.charts_labels import Field, Spot, spots
from survey.report.charts_room import Frame
from survey.report.charts_ticks import Axis, axes, points
from survey.report.document import ChartBlock
from survey.report.lettering import fit, line_height, measure
from survey.report.marks import Dot, Line, Mark, Path, Words, middle

NAME_MOST: Final = 3.0
_SIZES: Final = ((30, 0.09, 0.85), (150, 0.065, 0.6), (400, 0.05, 0.45))
_MANY: Final = (0.04, 0.35)
_NAMED: Final = 0.085
_CLOSE: Final = 0.04


def scatter(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a dot per row.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value, with the series across and up.
    frame : Frame
        The plot.

    Returns
    -------
    tuple of Mark
        Dots, the line behind them, names.
    """
    across, up = axes(block)
    found = points(block)
    named = [one for one in found if block.rows[one[0]].role == "net"]
    plain = [one for one in found if block.rows[one[0]].role != "net"]
    radius, opacity = dot_look(len(found))
    tone = frame.look.colour("main")
    return (
        *(
            _dot(block, one, (across, up), frame, radius, tone, opacity)
            for one in plain
        ),
        *reference_marks(block, frame, across, up),
        *_named(block, named, found, (across, up), frame),
    )


def dot_look(count: int) -> tuple[float, float]:
    """Give how large dots are and how much they cover.

    Parameters
    ----------
    count : int
        How many there are.

    Returns
    -------
    (float, float)
        Radius in inches, and opacity from 0 to 1.

    Examples
    --------
    >>> dot_look(12), dot_look(1000)
    ((0.09, 0.85), (0.04, 0.35))
    """
    fitting = ((radius, cover) for most, radius, cover in _SIZES if count <= most)
    return next(fitting, _MANY)


def _dot(
    block: ChartBlock,
    point: tuple[int, float, float],
    sides: tuple[Axis, Axis],
    frame: Frame,
    radius: float,
    tone: str,
    opacity: float = 1.0,
) -> Dot:
    """Draw one dot; that of a small base is hollow."""
    x, y = place(frame, *sides, *point[1:])
    values = block.rows[point[0]].values
    if any(value.flag == "small" for value in values):
        return Dot(x, y, radius, frame.look.colour("paper"), tone)
    return Dot(x, y, radius, tone, "", opacity)


def _named(
    block: ChartBlock,
    named: Sequence[tuple[int, float, float]],
    every: Sequence[tuple[int, float, float]],
    sides: tuple[Axis, Axis],
    frame: Frame,
) -> Iterator[Mark]:
    """Draw the points that have a name, and the names that have room."""
    look = frame.look
    tone, ink = look.colour("net"), look.colour("ink")
    labels = [fit(block.rows[n].label, NAME_MOST, SIZE, look=look) for n, *_ in named]
    sizes = [(measure(text, SIZE, look=look), line_height(SIZE)) for text in labels]
    at = [place(frame, *sides, x, y) for _, x, y in named]
    around = [
        *(place(frame, *sides, x, y) for _, x, y in every),
        *_along(reference_marks(block, frame, *sides)),
    ]
    bounds = (frame.left, frame.bottom, frame.right, frame.top)
    found = spots(sizes, Field(bounds, at, around, _NAMED))
    for (x, y), spot, size in zip(at, found, sizes, strict=True):
        if spot is not None and not spot.side:
            yield _leader(x, y, spot, size, look.colour("muted"))
    for point in named:
        yield _dot(block, point, sides, frame, _NAMED, tone)
    for text, spot in zip(labels, found, strict=True):
        if text and spot is not None:
            y = middle(spot.y, SIZE)
            yield Words(spot.x, y, text, SIZE, ink, align="center")


def _along(paths: Iterable[Path]) -> Iterator[tuple[float, float]]:
    """Give places along lines, so close that a name over a line covers many."""
    for path in paths:
        for (x0, y0), (x1, y1) in pairwise(path.points):
            steps = int(hypot(x1 - x0, y1 - y0) / _CLOSE) + 1
            for n in range(steps):
                yield x0 + n / steps * (x1 - x0), y0 + n / steps * (y1 - y0)


def _leader(
    x: float, y: float, spot: Spot, size: tuple[float, float], tone: str
) -> Line:
    """Draw a thin line from a point to the nearest edge of its name."""
    wide, high = size[0] / 2, size[1] / 2
    end_x = min(max(x, spot.x - wide), spot.x + wide)
    end_y = min(max(y, spot.y - high * 0.7), spot.y + high * 0.7)
    return Line(x, y, end_x, end_y, tone, 0.8)

"""Curves of shares against shares: one line per group, named at the right.

Lines differ by colour and by pattern, so that a grey print shows which is which.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from survey.report import style
from survey.report.charts_axes import place, reference_marks
from survey.report.charts_room import GAP, Frame, column
from survey.report.charts_ticks import axes
from survey.report.document import ChartBlock, ChartRow
from survey.report.lettering import line_height, wrap
from survey.report.marks import Mark, Path

CURVES: Final = (
    ("net", False, 2.5),
    ("proprietary", True, 3.0),
    ("total", False, 1.2),
    ("open", True, 1.8),
)
"""Colour, whether it is dashed, and points of width of every line."""

_SAMPLE: Final = 0.5
_LINES: Final = 3


def curve(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw a line per group.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value, with the series across and up.
    frame : Frame
        The plot; names stand right of it.

    Returns
    -------
    tuple of Mark
        The diagonal, lines and names.
    """
    across, up = axes(block)
    marks: list[Mark] = [*reference_marks(block, frame, across, up)]
    for number, rows in enumerate(groups(block).values()):
        role, dashed, weight = CURVES[number % len(CURVES)]
        for run in runs(rows):
            ends = tuple(place(frame, across, up, x, y) for x, y in run)
            marks.append(Path(ends, frame.look.colour(role), weight, dashed))
    return (*marks, *_names(block, frame))


def runs(rows: Sequence[ChartRow]) -> Iterator[tuple[tuple[float, float], ...]]:
    """Give the points of a line, in pieces where one of them is hidden.

    Parameters
    ----------
    rows : sequence of ChartRow
        Points of a line.

    Yields
    ------
    tuple of (float, float)
        Values across and up.
    """
    run: list[tuple[float, float]] = []
    for row in rows:
        x, y = (value.estimate for value in row.values[:2])
        if x is not None and y is not None:
            run.append((x, y))
        elif run:
            yield tuple(run)
            run = []
    if run:
        yield tuple(run)


def groups(block: ChartBlock) -> dict[str, list[ChartRow]]:
    """Give the points of every line, in the order in which they are joined.

    Parameters
    ----------
    block : ChartBlock
        A curve.

    Returns
    -------
    dict of str to list of ChartRow
        By group, as they come.
    """
    found: dict[str, list[ChartRow]] = {}
    for row in block.rows:
        found.setdefault(row.group, []).append(row)
    return found


def _names(block: ChartBlock, frame: Frame) -> Iterator[Mark]:
    """Set the names of lines beside the plot, each with a piece of its line."""
    named = [name for name in groups(block) if style.clean(name)]
    size, look = frame.size, frame.look
    x = frame.right + 2 * GAP
    room = style.WIDTH - style.MARGIN - x - _SAMPLE - GAP
    high = line_height(size)
    # A third of the plot each at most: few lines may have long names.
    most = min(_LINES, int((frame.top - frame.bottom) / high / max(len(named), 1)) - 1)
    top = frame.top
    for number, name in enumerate(groups(block)):
        lines = wrap(name, room, size, most=max(most, 1), look=look)
        if not lines:
            continue
        role, dashed, weight = CURVES[number % len(CURVES)]
        ends = ((x, top - high / 2), (x + _SAMPLE, top - high / 2))
        yield Path(ends, look.colour(role), weight, dashed)
        yield from column(lines, x + _SAMPLE + GAP, top, size, look.colour("ink"))
        top -= (len(lines) + 0.5) * high

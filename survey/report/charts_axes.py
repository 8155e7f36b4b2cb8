"""The room of a figure with two axes, and what stands around its plot.

The axis up has its title above it, so that no text has to be turned.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.report import style
from survey.report.charts_around import head_and_foot, heights, legend_marks, texts
from survey.report.charts_room import CONTENT, GAP, Frame, Heads, column
from survey.report.charts_ticks import Axis, axes, reference_runs
from survey.report.document import ChartBlock, ChartSeries
from survey.report.lettering import line_height, measure, wrap
from survey.report.look import Look
from survey.report.marks import Line, Mark, Path, Words, middle
from survey.report.wording import say

SIZE: Final = 14.0
NAMES: Final = 3.6
_LEAST: Final = 3.4
_BARE: Final = 5.4
_TICK: Final = 0.07
_CURVE_SHAPE: Final = 1.3
_REASONS: Final = 3


@dataclass(frozen=True, slots=True)
class _Titles:
    """Titles of the axes and what is not drawn, broken into lines."""

    across: tuple[str, ...]
    up: tuple[str, ...]
    hidden: tuple[str, ...]


def around_axes(
    block: ChartBlock, legend: Sequence[ChartSeries], look: Look, *, bare: bool
) -> tuple[Frame, tuple[Mark, ...]]:
    """Set everything around a plot with two axes, and say where it is.

    Parameters
    ----------
    block : ChartBlock
        A scatter or a curve.
    legend : sequence of ChartSeries
        What the legend above the plot shows; empty for none.
    look : Look
        Colours and typefaces.
    bare : bool
        Leave out title, question and footer.

    Returns
    -------
    Frame
        The plot, without rows.
    tuple of Mark
        Title, question, axes, footer.
    """
    text = texts(block, legend, 0.0, look, bare=bare)
    heads = Heads(SIZE, ())
    above, below = heights(text, heads, bare=bare)
    said = _titles(block, look)
    high = line_height(SIZE)
    over = len(said.up) * high + high / 2 + 0.05
    under = _TICK + (1.15 + len(said.across)) * high
    under += len(said.hidden) * line_height(style.FOOTER_SIZE) + 0.1
    free = _BARE if bare else style.HEIGHT - above - below - over - under
    plot = max(free, _LEAST)
    sheet = above + over + plot + under + below
    left, right = _sides(block, plot, look)
    top = sheet - above - over
    frame = Frame(left, right, top, top - plot, 0.0, SIZE, sheet, (), look, heads)
    # The legend stands above the title of the axis, not above the plot.
    key = legend_marks(text, _raised(frame, over))
    outer = (*head_and_foot(text, sheet, look), *key)
    return frame, (*outer, *_around(block, frame, said))


def place(
    frame: Frame, across: Axis, up: Axis, x: float, y: float
) -> tuple[float, float]:
    """Give the place of a point of the plot.

    Parameters
    ----------
    frame : Frame
        The plot.
    across, up : Axis
        Its axes.
    x, y : float
        Values of the point.

    Returns
    -------
    (float, float)
        Inches.
    """
    return (
        frame.left + across.share(x) * (frame.right - frame.left),
        frame.bottom + up.share(y) * (frame.top - frame.bottom),
    )


def reference_marks(
    block: ChartBlock, frame: Frame, across: Axis, up: Axis
) -> Iterator[Path]:
    """Draw the thin line of a fit or of the diagonal, within the plot.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    frame : Frame
        The plot.
    across, up : Axis
        Its axes.

    Yields
    ------
    Path
        Dashed; a new one where the line comes back into the plot.
    """
    wide, high = frame.right - frame.left, frame.top - frame.bottom
    tone = frame.look.colour("reference")
    for run in reference_runs(block, across, up):
        ends = tuple((frame.left + x * wide, frame.bottom + y * high) for x, y in run)
        yield Path(ends, tone, 1.5, dashed=True)


def hidden_lines(block: ChartBlock) -> tuple[str, ...]:
    """Say what is not drawn, and why.

    Parameters
    ----------
    block : ChartBlock
        A scatter or a curve.

    Returns
    -------
    tuple of str
        One sentence for every reason, the most frequent ones.
    """
    why = (
        next((v.text for v in row.values if v.estimate is None), None)
        for row in block.rows
    )
    counted = Counter(style.clean(text) for text in why if text is not None)
    return tuple(
        say(block.language, "points_hidden", count=count, reason=reason)
        for reason, count in counted.most_common(_REASONS)
    )


def _titles(block: ChartBlock, look: Look) -> _Titles:
    """Break the titles of the axes into lines."""
    across, up = (
        wrap(one.label, CONTENT, SIZE, most=2, look=look) for one in block.series[:2]
    )
    hidden = tuple(
        line
        for text in hidden_lines(block)
        for line in wrap(text, CONTENT, style.FOOTER_SIZE, most=1, look=look)
    )
    return _Titles(across, up, hidden)


def _sides(block: ChartBlock, plot: float, look: Look) -> tuple[float, float]:
    """Give the left and right end of the plot; a curve is nearly square."""
    across, up = axes(block)
    wide = max(measure(text, SIZE, look=look) for _, text in up.ticks)
    last = max(measure(text, SIZE, look=look) for _, text in across.ticks) / 2
    left = style.MARGIN + max(wide + GAP, last)
    right = style.WIDTH - style.MARGIN - last
    if block.kind == "curve":
        right = min(left + plot * _CURVE_SHAPE, right - NAMES)
    return left, right


def _raised(frame: Frame, over: float) -> Frame:
    """Give the frame as the legend sees it."""
    return replace(frame, top=frame.top + over)


def _around(block: ChartBlock, frame: Frame, said: _Titles) -> Iterator[Mark]:
    """Draw the axes: rules, numbers, titles."""
    look, high = frame.look, line_height(SIZE)
    ink, muted, rule = (look.colour(role) for role in ("ink", "muted", "rule"))
    across, up = axes(block)
    for at, text in up.ticks:
        _, y = place(frame, across, up, across.low, at)
        yield Line(frame.left, y, frame.right, y, rule, 0.8)
        x = frame.left - GAP / 2
        yield Words(x, middle(y, SIZE), text, SIZE, muted, align="right")
    shown = _apart(across, frame)
    for at, text in across.ticks:
        x, _ = place(frame, across, up, at, up.low)
        yield Line(x, frame.bottom, x, frame.bottom - _TICK, muted, 1.0)
        if text in shown:
            y = middle(frame.bottom - _TICK - 0.55 * high, SIZE)
            yield Words(x, y, text, SIZE, muted, align="center")
    yield Line(frame.left, frame.bottom, frame.right, frame.bottom, muted, 1.2)
    top = frame.top + high / 2 + len(said.up) * high
    yield from column(said.up, style.MARGIN, top, SIZE, ink)
    top = frame.bottom - _TICK - 1.15 * high
    yield from column(said.across, style.MARGIN, top, SIZE, ink)
    top -= len(said.across) * high + 0.05
    yield from column(said.hidden, style.MARGIN, top, style.FOOTER_SIZE, muted)


def _apart(across: Axis, frame: Frame) -> set[str]:
    """Choose the numbers along the axis that do not meet: all, every second, ..."""
    texts = [text for _, text in across.ticks]
    widest = max(measure(text, SIZE, look=frame.look) for text in texts) + GAP
    step = (frame.right - frame.left) / max(len(texts) - 1, 1)
    fitting = (n for n in range(1, len(texts)) if n * step >= widest)
    return set(texts[:: next(fitting, len(texts))])

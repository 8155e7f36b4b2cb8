"""Room of a chart: how large its letters are, and what fits beside its bars."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.lettering import line_height, measure, wrap
from survey.report.look import Look
from survey.report.style import clean

FLOOR: Final = 12.0
LARGEST: Final = 16.0
GAP: Final = 0.12
_LABELS_MOST: Final = 0.36
_LETTERS: Final = 0.62
_KEY: Final = 0.45
_ROUNDING: Final = 1e-6
_THICKEST: Final = 0.5
HEAD_WIDTH: Final = 2.4
HEAD_HEIGHT: Final = 0.44
# Typefaces of a reader's machine may run wider than the one that is measured.
_SAFETY: Final = 1.05


@dataclass(frozen=True, slots=True)
class Room:
    """What a chart has to be drawn in: inches, type size, look.

    `most` is how many lines the label of a row may have; `left` is the room of the
    labels, `top` that of the legend, `head` the width of the head above the texts at
    the right; `look` has the colours.
    """

    width: float
    height: float
    left: float
    top: float
    size: float
    most: int
    head: float
    look: Look

    @property
    def plot(self) -> float:
        """Width of the plot in inches."""
        return self.width - self.left - GAP

    @property
    def box(self) -> tuple[float, float, float, float]:
        """The plot as shares of the chart."""
        high = self.height - self.top - GAP / 2
        return (
            self.left / self.width,
            self.top / self.height,
            self.plot / self.width,
            high / self.height,
        )

    @property
    def key(self) -> tuple[float, float, float, float]:
        """The legend as shares of the chart."""
        wide = self.plot - self.head
        return (self.left / self.width, 0.0, wide / self.width, self.top / self.height)

    def gap(self, rows: int, least: int) -> int:
        """Distance of bars in percent of their thickness; few rows have no slabs."""
        row = (self.height - self.top) / max(rows, 1)
        return max(least, round((row / _THICKEST - 1) * 100))


def room(
    labels: Sequence[str],
    legend: Sequence[str],
    size: tuple[float, float],
    look: Look,
    *,
    head: str = "",
) -> Room:
    """Share out the room of a chart.

    Parameters
    ----------
    labels : sequence of str
        Labels of all rows.
    legend : sequence of str
        Names in the legend; fewer than two need none.
    size : tuple of float
        Width and height of the chart in inches.
    look : Look
        Colours of the house.
    head : str
        Head above the texts at the right end.

    Returns
    -------
    Room
        With the largest type that leaves every row a line and shows its label whole.
    """
    width, height = size
    beside = HEAD_WIDTH if head else 0.0
    free = width * (1 - _LABELS_MOST) - beside
    top = _legend_height(legend, free) if len(legend) > 1 else GAP / 2
    top = max(top, HEAD_HEIGHT) if head else top
    row = (height - top - GAP / 2) / max(len(labels), 1)
    letters = min(max(row * 72 * _LETTERS, FLOOR), LARGEST)
    while True:
        most = max(1, min(3, int(row / line_height(letters))))
        widest = max((width_of(label, letters) for label in labels), default=0.0)
        left = min(widest + 2 * GAP, width * _LABELS_MOST)
        made = Room(width, height, left, top, letters, most, beside, look)
        if letters <= FLOOR or not any(_is_cut(label, made) for label in labels):
            return made
        letters = max(letters - 1, FLOOR)


def width_of(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width that a text takes at most, in inches.

    Parameters
    ----------
    text : str
        What is set.
    size : float
        Type size in points.
    bold : bool, default False
        Whether it is set bold.

    Returns
    -------
    float
        A little more than in our own typeface.
    """
    return measure(clean(text), size, bold=bold) * _SAFETY


def row_label(row: ChartRow) -> str:
    """Give the label of a row, with the reason where its number is not shown.

    Parameters
    ----------
    row : ChartRow
        A row of a figure.

    Returns
    -------
    str
        Without control characters, on one line.
    """
    why = next((v.text for v in row.values if v.estimate is None), "")
    return clean(f"{row.label} ({why})" if why else row.label)


def shortened(label: str, space: Room) -> str:
    """Shorten a label to the lines that a row has.

    Parameters
    ----------
    label : str
        The whole label.
    space : Room
        Room of the chart.

    Returns
    -------
    str
        Ends in an ellipsis where it had to be cut.
    """
    return " ".join(_label_lines(label, space, space.most))


def _label_lines(label: str, space: Room, most: int) -> Sequence[str]:
    """Break a label into the room beside a chart."""
    width = (space.left - 2 * GAP) / _SAFETY + _ROUNDING
    return wrap(label, width, space.size, most=most)


def _is_cut(label: str, space: Room) -> bool:
    """Say whether a label has more lines than its row."""
    return len(_label_lines(label, space, space.most + 1)) > space.most


def hidden(row: ChartRow) -> bool:
    """Say whether any number of a row is hidden.

    Parameters
    ----------
    row : ChartRow
        A row of a figure.

    Returns
    -------
    bool
        Such a row is not drawn where its numbers add up.
    """
    return any(value.estimate is None for value in row.values)


def end(value: ChartValue) -> float:
    """Give the right end of a number and its interval.

    Parameters
    ----------
    value : ChartValue
        A drawn number.

    Returns
    -------
    float
        0 for a hidden one.
    """
    if value.estimate is None:
        return 0.0
    return max(value.estimate, value.high or 0.0, 0.0)


def side_width(block: ChartBlock, size: float) -> float:
    """Give the room of the column at the right.

    Parameters
    ----------
    block : ChartBlock
        A figure.
    size : float
        Type size in points.

    Returns
    -------
    float
        Inches; 0 where there is no such column.
    """
    texts = [row.side_text for row in block.rows if row.side_text]
    widest = max((width_of(text, size, bold=True) for text in texts), default=0.0)
    return widest + 2 * GAP if texts else 0.0


def axis_end(block: ChartBlock, space: Room, side: float) -> float:
    """Give the end of the axis, such that every number stands inside the plot.

    Parameters
    ----------
    block : ChartBlock
        A figure with intervals.
    space : Room
        Its room.
    side : float
        Inches of the column at the right.

    Returns
    -------
    float
        In the unit of the values.
    """
    ends = [block.maximum or 0.0]
    for value in (value for row in block.rows for value in row.values):
        number = width_of(value.text, space.size, bold=True) + 2 * GAP
        free = max(space.plot - side - number, space.plot / 4)
        ends.append(end(value) * space.plot / free if value.estimate is not None else 0)
    return max(ends) or 1.0


def _legend_height(names: Sequence[str], width: float) -> float:
    """Give the room of a legend whose names may need several lines."""
    total = sum(width_of(name, FLOOR + 1) + _KEY for name in names)
    lines = int(total / (width * 0.9)) + 1
    return lines * line_height(FLOOR + 1) * 1.25 + GAP

"""The room of a figure: where its rows and its plot are, in inches.

Every part of a figure is placed from here, so that parts cannot run into each other.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from survey.report import style
from survey.report.document import ChartRow
from survey.report.lettering import line_height, measure
from survey.report.look import Look
from survey.report.marks import Align, Box, Line, Mark, Words, middle

CONTENT: Final = style.WIDTH - 2 * style.MARGIN
GAP: Final = 0.18
HEAD_GAP: Final = 0.1


@dataclass(frozen=True, slots=True)
class Placed:
    """A row, its label in lines, and the height of its middle in inches."""

    row: ChartRow
    y: float
    lines: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Heads:
    """Heads of columns, broken into lines, and their type size.

    `height` is the room of heads that read upwards, in inches; 0 for others.
    """

    size: float
    lines: tuple[tuple[str, ...], ...]
    height: float = 0.0


@dataclass(frozen=True, slots=True)
class Frame:
    """Room for the bars.

    `left` and `right` bound the plot, `top` and `bottom` the rows; `thickness` is
    the height of a bar; `size` the type size of the rows; `height` that of the sheet.
    """

    left: float
    right: float
    top: float
    bottom: float
    thickness: float
    size: float
    height: float
    rows: tuple[Placed, ...]
    look: Look
    heads: Heads


def baseline(frame: Frame, x: float) -> Line:
    """Draw the thin line that bars grow from.

    Parameters
    ----------
    frame : Frame
        Room for the bars.
    x : float
        Where, in inches.

    Returns
    -------
    Line
        From the first row to the last.
    """
    tone = frame.look.colour("rule")
    return Line(x, frame.bottom, x, frame.top, tone, 1.2)


def column(
    lines: Sequence[str],
    x: float,
    top: float,
    size: float,
    colour: str,
    *,
    bold: bool = False,
    align: Align = "left",
) -> Iterator[Words]:
    """Set lines under each other.

    Parameters
    ----------
    lines : sequence of str
        The lines.
    x, top : float
        Where the lines are aligned, and the upper edge of the first, in inches.
    size : float
        Type size in points.
    colour : str
        ``#RRGGBB``.
    bold : bool, default False
        Whether they are set bold.
    align : {"left", "center", "right"}
        How they are aligned.

    Yields
    ------
    Words
        One mark per line.
    """
    for number, line in enumerate(lines):
        centre = top - (number + 0.5) * line_height(size)
        yield Words(x, middle(centre, size), line, size, colour, bold, align)


def on_paper(words: Words, frame: Frame) -> Iterator[Mark]:
    """Set a text on white, so that no line runs through it.

    Parameters
    ----------
    words : Words
        One line of text in the size of the rows, aligned left.
    frame : Frame
        Colours and typefaces.

    Yields
    ------
    Mark
        A white field and the text.
    """
    width = measure(words.text, words.size, look=frame.look)
    height = line_height(words.size)
    y = words.y - middle(0.0, words.size) - height / 2
    paper = frame.look.colour("paper")
    yield Box(words.x - 0.05, y, width + 0.1, height, paper)
    yield words


def head_marks(frame: Frame, places: Sequence[float]) -> Iterator[Words]:
    """Set the heads of columns above the rows, each on its place.

    Parameters
    ----------
    frame : Frame
        Room for the columns.
    places : sequence of float
        The middle of every column, in inches.

    Yields
    ------
    Words
        The lines of every head, the last line of each at the same height.
    """
    heads = frame.heads
    for x, lines in zip(places, heads.lines, strict=True):
        top = frame.top + HEAD_GAP + len(lines) * line_height(heads.size)
        tone = frame.look.colour("ink")
        yield from column(lines, x, top, heads.size, tone, align="center")


def head_height(heads: Heads) -> float:
    """Give the room that heads take above the rows, in inches.

    Parameters
    ----------
    heads : Heads
        The heads.

    Returns
    -------
    float
        0 where there are none.
    """
    if heads.height:
        return heads.height + HEAD_GAP
    most = max((len(lines) for lines in heads.lines), default=0)
    return most * line_height(heads.size) + HEAD_GAP if most else 0.0

"""A drawing as a list of marks.

Marks are in inches from the lower left corner, so that a layout can be checked
without a picture, and every format shows the same.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Final, Literal

from survey.report import style

_HATCH_APART: Final = 0.14

Align = Literal["left", "center", "right"]


@dataclass(frozen=True, slots=True)
class Box:
    """A filled rectangle; `edge` is the colour of its outline."""

    x: float
    y: float
    width: float
    height: float
    fill: str
    edge: str = ""


@dataclass(frozen=True, slots=True)
class Line:
    """A straight line, `weight` points wide."""

    x0: float
    y0: float
    x1: float
    y1: float
    colour: str = style.INK
    weight: float = 1.5
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Path:
    """A line through points, `weight` points wide."""

    points: tuple[tuple[float, float], ...]
    colour: str = style.INK
    weight: float = 1.5
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A round marker; `fill` is white where the base is small.

    `edge` is empty for none; `opacity` is 0 to 1, so that many show how dense they are.
    """

    x: float
    y: float
    radius: float
    fill: str
    edge: str
    opacity: float = 1.0


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline.

    One that is `turned` reads upwards, and `x` is its baseline.
    """

    x: float
    y: float
    text: str
    size: float
    colour: str = style.INK
    bold: bool = False
    align: Align = "left"
    turned: bool = False


Mark = Box | Line | Path | Dot | Words


@dataclass(frozen=True, slots=True)
class Drawing:
    """Marks on a sheet of a width and height in inches."""

    width: float
    height: float
    marks: tuple[Mark, ...]


def middle(y: float, size: float) -> float:
    """Give the baseline that puts the capitals of a line around a height.

    Parameters
    ----------
    y : float
        Height of the middle in inches.
    size : float
        Type size in points.

    Returns
    -------
    float
        Baseline in inches.

    Examples
    --------
    >>> round(middle(1.0, 72), 2)
    0.67
    """
    return y - 0.33 * size / 72


def shifted(mark: Mark, x: float) -> Mark:
    """Move a mark sideways.

    Parameters
    ----------
    mark : Mark
        What is moved.
    x : float
        How far to the right, in inches.

    Returns
    -------
    Mark
        The moved mark.

    Examples
    --------
    >>> shifted(Box(1, 0, 2, 1, "#000000"), 0.5).x
    1.5
    """
    if isinstance(mark, Line):
        return replace(mark, x0=mark.x0 + x, x1=mark.x1 + x)
    if isinstance(mark, Path):
        return replace(mark, points=tuple((at + x, y) for at, y in mark.points))
    return replace(mark, x=mark.x + x)


def hatched(box: Box, tone: str, slant: int = 0) -> Iterator[Mark]:
    """Draw a field with lines across it, for a number that is hidden.

    Parameters
    ----------
    box : Box
        The field.
    tone : str
        ``#RRGGBB`` of the lines.
    slant : int, default 0
        Lines rise for an even number and fall for an odd one.

    Yields
    ------
    Mark
        The field, and lines that end at its edges.
    """
    yield replace(box, edge="")
    reach = box.width + box.height
    for number in range(1, int(reach / _HATCH_APART) + 1):
        along = number * _HATCH_APART
        x0, y0 = min(along, box.width), max(along - box.width, 0.0)
        x1, y1 = max(along - box.height, 0.0), min(along, box.height)
        if slant % 2 == 0:
            x0, x1 = box.width - x0, box.width - x1
        yield Line(box.x + x0, box.y + y0, box.x + x1, box.y + y1, tone, 0.8)

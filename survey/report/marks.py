"""A drawing as a list of marks, and the painting of it.

Marks are in inches from the lower left corner, so that a layout can be checked
without a picture, and every format shows the same.
"""

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from survey.report import style
from survey.report.lettering import quiet_about_glyphs

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

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
class Dot:
    """A round marker; `fill` is white where the base is small."""

    x: float
    y: float
    radius: float
    fill: str
    edge: str


@dataclass(frozen=True, slots=True)
class Words:
    """One line of text; `y` is its baseline."""

    x: float
    y: float
    text: str
    size: float
    colour: str = style.INK
    bold: bool = False
    align: Align = "left"


Mark = Box | Line | Dot | Words


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
    return replace(mark, x=mark.x + x)


def paint(drawing: Drawing) -> "Figure":
    """Paint a drawing as a matplotlib figure without axes.

    Parameters
    ----------
    drawing : Drawing
        Marks in the order in which they are painted.

    Returns
    -------
    Figure
        With a canvas of its own; pyplot is not involved.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    _know_fonts()
    figure = Figure(figsize=(drawing.width, drawing.height), dpi=style.DPI)
    FigureCanvasAgg(figure)
    figure.set_facecolor(style.PAPER)
    with quiet_about_glyphs():
        for place, mark in enumerate(drawing.marks):
            _paint(figure, mark).set_zorder(place)
    return figure


def _know_fonts() -> None:
    """Tell matplotlib of our typeface, unless it knows."""
    from matplotlib.font_manager import fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in map(str, style.font_files()[:2]):
        if path not in known:
            fontManager.addfont(path)


def _paint(figure: "Figure", mark: Mark) -> "Artist":
    """Paint one mark."""
    match mark:
        case Words():
            return _write(figure, mark)
        case Line():
            return _rule(figure, mark)
        case Box():
            return _fill(figure, mark)
        case _:
            return _dot(figure, mark)


def _write(figure: "Figure", mark: Words) -> "Artist":
    """Set one line of text; mathtext stays off, because labels hold dollars."""
    return figure.text(
        mark.x,
        mark.y,
        mark.text,
        transform=figure.dpi_scale_trans,
        family=list(style.FAMILIES),
        size=mark.size,
        weight="bold" if mark.bold else "normal",
        color=mark.colour,
        ha=mark.align,
        va="baseline",
        parse_math=False,
    )


def _rule(figure: "Figure", mark: Line) -> "Artist":
    """Draw one line."""
    from matplotlib.lines import Line2D

    line = Line2D(
        [mark.x0, mark.x1],
        [mark.y0, mark.y1],
        transform=figure.dpi_scale_trans,
        color=mark.colour,
        linewidth=mark.weight,
        linestyle=(0, (4, 3)) if mark.dashed else "-",
        solid_capstyle="butt",
    )
    return figure.add_artist(line)


def _fill(figure: "Figure", mark: Box) -> "Artist":
    """Draw one rectangle."""
    from matplotlib.patches import Rectangle

    box = Rectangle(
        (mark.x, mark.y),
        mark.width,
        mark.height,
        transform=figure.dpi_scale_trans,
        facecolor=mark.fill,
        edgecolor=mark.edge or "none",
        linewidth=1.5 if mark.edge else 0,
    )
    return figure.add_artist(box)


def _dot(figure: "Figure", mark: Dot) -> "Artist":
    """Draw one round marker."""
    from matplotlib.patches import Circle

    dot = Circle(
        (mark.x, mark.y),
        mark.radius,
        transform=figure.dpi_scale_trans,
        facecolor=mark.fill,
        edgecolor=mark.edge,
        linewidth=2,
    )
    return figure.add_artist(dot)

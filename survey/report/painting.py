"""Drawings as matplotlib figures, and as SVG for a page that sets the rest.

Both show the same marks in the same order; nothing is placed here.
"""

from html import escape
from typing import TYPE_CHECKING, Final

from survey.report import style
from survey.report.lettering import quiet_about_glyphs
from survey.report.look import HOUSE, Look
from survey.report.marks import Box, Dot, Drawing, Line, Mark, Words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure

_POINTS: Final = 72
_ANCHORS: Final = {"left": "start", "center": "middle", "right": "end"}


def svg(drawing: Drawing, look: Look = HOUSE) -> str:
    """Write a drawing as SVG with its letters as text.

    Parameters
    ----------
    drawing : Drawing
        Marks in the order in which they are painted.
    look : Look
        Typefaces.

    Returns
    -------
    str
        One element, in points, without ids, so that many can stand on one page.

    Examples
    --------
    >>> svg(Drawing(1, 1, (Box(0, 0, 1, 0.5, "#000000"),))).splitlines()[1]
    '<rect x="0" y="36" width="72" height="36" fill="#000000"/>'
    """
    names = ", ".join(f"'{name}'" for name in look.families)
    wide, high = _n(drawing.width), _n(drawing.height)
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide}pt" height="{high}pt" '
        f'viewBox="0 0 {wide} {high}" font-family="{escape(names)}">'
    )
    body = (_element(mark, drawing.height) for mark in drawing.marks)
    return "\n".join((head, *body, "</svg>\n"))


def _n(inches: float) -> str:
    """Write a length in points."""
    return f"{inches * _POINTS:.2f}".rstrip("0").rstrip(".")


def _element(mark: Mark, height: float) -> str:
    """Write one mark; SVG counts from the top down."""
    match mark:
        case Words():
            return _text(mark, height)
        case Line():
            dashes = f"{4 * mark.weight:g} {3 * mark.weight:g}"
            dashed = f' stroke-dasharray="{dashes}"' if mark.dashed else ""
            return (
                f'<line x1="{_n(mark.x0)}" y1="{_n(height - mark.y0)}" '
                f'x2="{_n(mark.x1)}" y2="{_n(height - mark.y1)}"'
                + _stroke(mark.colour, mark.weight)
                + f"{dashed}/>"
            )
        case Box():
            return (
                f'<rect x="{_n(mark.x)}" y="{_n(height - mark.y - mark.height)}" '
                f'width="{_n(mark.width)}" height="{_n(mark.height)}" '
                f'fill="{mark.fill}"' + _stroke(mark.edge, 1.5) + "/>"
            )
        case _:
            return (
                f'<circle cx="{_n(mark.x)}" cy="{_n(height - mark.y)}" '
                f'r="{_n(mark.radius)}" fill="{mark.fill}"'
                + _stroke(mark.edge, 2)
                + "/>"
            )


def _stroke(colour: str, weight: float) -> str:
    """Write an outline."""
    return f' stroke="{colour}" stroke-width="{weight:g}"' if colour else ""


def _text(mark: Words, height: float) -> str:
    """Write one line of text."""
    bold = ' font-weight="bold"' if mark.bold else ""
    anchor = "" if mark.align == "left" else f' text-anchor="{_ANCHORS[mark.align]}"'
    return (
        f'<text x="{_n(mark.x)}" y="{_n(height - mark.y)}" '
        f'font-size="{mark.size:g}" fill="{mark.colour}"{bold}{anchor}>'
        f"{escape(mark.text)}</text>"
    )


def paint(drawing: Drawing, look: Look = HOUSE) -> "Figure":
    """Paint a drawing as a matplotlib figure without axes.

    Parameters
    ----------
    drawing : Drawing
        Marks in the order in which they are painted.
    look : Look
        Paper and typefaces.

    Returns
    -------
    Figure
        With a canvas of its own; pyplot is not involved.
    """
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    _know_fonts(look)
    figure = Figure(figsize=(drawing.width, drawing.height), dpi=style.DPI)
    FigureCanvasAgg(figure)
    figure.set_facecolor(look.colour("paper"))
    with quiet_about_glyphs():
        for place, mark in enumerate(drawing.marks):
            _paint(figure, mark, look).set_zorder(place)
    return figure


def _know_fonts(look: Look) -> None:
    """Tell matplotlib of the typefaces, unless it knows."""
    from matplotlib.font_manager import fontManager

    known = {entry.fname for entry in fontManager.ttflist}
    for path in map(str, (*look.fonts, *style.font_files()[:2])):
        if path not in known:
            fontManager.addfont(path)


def _paint(figure: "Figure", mark: Mark, look: Look) -> "Artist":
    """Paint one mark."""
    match mark:
        case Words():
            return _write(figure, mark, look)
        case Line():
            return _rule(figure, mark)
        case Box():
            return _fill(figure, mark)
        case _:
            return _dot(figure, mark)


def _write(figure: "Figure", mark: Words, look: Look) -> "Artist":
    """Set one line of text; mathtext stays off, because labels hold dollars."""
    return figure.text(
        mark.x,
        mark.y,
        mark.text,
        transform=figure.dpi_scale_trans,
        family=list(look.families),
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

"""Drawings as matplotlib figures, and as SVG for a page that sets the rest.

Both show the same marks in the same order; nothing is placed here.
"""

from functools import cache
from html import escape
from typing import TYPE_CHECKING, Any, Final

from survey.report import style
from survey.report.lettering import quiet_about_glyphs
from survey.report.look import HOUSE, Look
from survey.report.marks import Box, Dot, Drawing, Line, Mark, Path, Words

if TYPE_CHECKING:
    from matplotlib.artist import Artist
    from matplotlib.figure import Figure
    from matplotlib.text import Text

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
            return (
                f'<line x1="{_n(mark.x0)}" y1="{_n(height - mark.y0)}" '
                f'x2="{_n(mark.x1)}" y2="{_n(height - mark.y1)}"'
                + _stroke(mark.colour, mark.weight)
                + f"{_dashes(mark)}/>"
            )
        case Path():
            ends = " ".join(f"{_n(x)},{_n(height - y)}" for x, y in mark.points)
            drawn = _stroke(mark.colour, mark.weight) + _dashes(mark)
            return f'<polyline points="{ends}" fill="none"{drawn}/>'
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
                + (f' fill-opacity="{mark.opacity:g}"' if mark.opacity < 1 else "")
                + _stroke(mark.edge, 2)
                + "/>"
            )


def _dashes(mark: Line | Path) -> str:
    """Write the pattern of a line."""
    pattern = f"{4 * mark.weight:g} {3 * mark.weight:g}"
    return f' stroke-dasharray="{pattern}"' if mark.dashed else ""


def _stroke(colour: str, weight: float) -> str:
    """Write an outline."""
    return f' stroke="{colour}" stroke-width="{weight:g}"' if colour else ""


def _text(mark: Words, height: float) -> str:
    """Write one line of text."""
    bold = ' font-weight="bold"' if mark.bold else ""
    anchor = "" if mark.align == "left" else f' text-anchor="{_ANCHORS[mark.align]}"'
    x, y = _n(mark.x), _n(height - mark.y)
    turn = f' transform="rotate(-90 {x} {y})"' if mark.turned else ""
    return (
        f'<text x="{x}" y="{y}" '
        f'font-size="{mark.size:g}" fill="{mark.colour}"{bold}{anchor}{turn}>'
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
            ends = ((mark.x0, mark.y0), (mark.x1, mark.y1))
            return _rule(figure, Path(ends, mark.colour, mark.weight, mark.dashed))
        case Path():
            return _rule(figure, mark)
        case Box():
            return _fill(figure, mark)
        case _:
            return _dot(figure, mark)


def _write(figure: "Figure", mark: Words, look: Look) -> "Artist":
    """Set one line of text; mathtext stays off, because labels hold dollars."""
    label = _label()(
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
        rotation=90 if mark.turned else 0,
        rotation_mode="anchor",
        parse_math=False,
    )
    label.set_figure(figure)
    figure.texts.append(label)
    return label


@cache
def _label() -> "type[Text]":
    """Give a text that SVG need not measure: it stands where its mark says."""
    from matplotlib.text import Text

    class Label(Text):
        """One line of text."""

        def draw(self, renderer: Any) -> None:
            """Draw it; measuring it would take half the time of a figure."""
            # The renderer of SVG stands behind a proxy; it alone has a writer.
            if not hasattr(renderer, "writer"):
                super().draw(renderer)
                return
            x, y = self.get_transform().transform(self.get_unitless_position())
            painter: Any = renderer
            gc = painter.new_gc()
            gc.set_foreground(self.get_color())
            properties = self.get_fontproperties()
            text, down = self.get_text(), painter.height - y
            angle = self.get_rotation()
            painter.draw_text(gc, x, down, text, properties, angle, mtext=self)
            gc.restore()

    return Label


def _rule(figure: "Figure", mark: Path) -> "Artist":
    """Draw one line."""
    from matplotlib.lines import Line2D

    line = Line2D(
        [x for x, _ in mark.points],
        [y for _, y in mark.points],
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
        edgecolor=mark.edge or "none",
        linewidth=2 if mark.edge else 0,
        alpha=mark.opacity if mark.opacity < 1 else None,
    )
    return figure.add_artist(dot)

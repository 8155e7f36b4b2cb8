"""What stands around the rows: title, question, legend, labels, side texts, foot.

Texts are broken into lines first, so that the room they need is known.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.report import style
from survey.report.charts_room import CONTENT, GAP, Frame, Heads, column, head_height
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.lettering import fit, line_height, measure, wrap
from survey.report.look import Look
from survey.report.marks import Box, Line, Mark, Words, hatched, middle

SIDE_MOST: Final = 2.6
INDENT: Final = 0.25
_SIDE_HEAD: Final = 1.9
_SIDE_SIZE: Final = 14.0
_SWATCH: Final = 0.24
_EDGE: Final = style.MARGIN - 0.1
_HATCHED: Final = "hidden:"


@dataclass(frozen=True, slots=True)
class Around:
    """The texts around the rows, broken into lines."""

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    legend: tuple[tuple[tuple[float, ChartSeries], ...], ...]
    side_head: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Slot:
    """A row, or the head of a group, before it has a place."""

    row: ChartRow | None
    lines: tuple[str, ...]
    need: float
    bold: bool


def texts(
    block: ChartBlock,
    legend: Sequence[ChartSeries],
    side: float,
    look: Look,
    *,
    bare: bool,
) -> Around:
    """Break title, question, legend and footer into lines.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    legend : sequence of ChartSeries
        What the legend shows, in order. The role ``hidden:N`` is a hatched field.
    side : float
        Width of the texts at the right, in inches.
    look : Look
        Whose typefaces set them.
    bare : bool
        Leave out title, question and footer.

    Returns
    -------
    Around
        The lines.
    """
    room = CONTENT - (side + 2 * GAP if side else 0)
    rows = tuple(_legend_rows(legend, room, look))
    head = wrap(block.side_head, side, _SIDE_SIZE, bold=True, look=look) if side else ()
    if bare:
        return Around((), (), rows, head, ())
    footer = (
        line
        for text in block.footer
        for line in wrap(text, CONTENT, style.FOOTER_SIZE, most=2, look=look)
    )
    return Around(
        wrap(block.title, CONTENT, style.TITLE_SIZE, bold=True, look=look),
        wrap(block.subtitle, CONTENT, style.SUBTITLE_SIZE, look=look),
        rows,
        head,
        tuple(footer),
    )


def heights(text: Around, heads: Heads, *, bare: bool) -> tuple[float, float]:
    """Give the room above and below the rows.

    Parameters
    ----------
    text : Around
        The texts in lines.
    heads : Heads
        Heads of columns.
    bare : bool
        Without margins.

    Returns
    -------
    (float, float)
        Inches.
    """
    edge = 0.05 if bare else _EDGE
    legend = len(text.legend) * line_height(style.LEGEND_SIZE) * 1.15
    side = len(text.side_head) * line_height(_SIDE_SIZE)
    beside = max(legend, side)
    head = len(text.title) * line_height(style.TITLE_SIZE) + (
        len(text.subtitle) * line_height(style.SUBTITLE_SIZE) + 0.08
        if text.subtitle
        else 0
    )
    above = edge + head + (0.3 if head else 0) + (beside + 0.15 if beside else 0)
    foot = len(text.footer) * line_height(style.FOOTER_SIZE)
    return above + head_height(heads), edge + foot + (0.2 if foot else 0)


def side_width(block: ChartBlock, look: Look) -> float:
    """Give the width of the texts at the right, 0 where there are none.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    look : Look
        Whose typefaces set them.

    Returns
    -------
    float
        Inches.
    """
    every = [
        measure(style.clean(row.side_text), style.ROW_SIZE, bold=True, look=look)
        for row in block.rows
    ]
    head = measure(style.clean(block.side_head), _SIDE_SIZE, bold=True, look=look)
    widest = max([min(head, _SIDE_HEAD), *every])
    return min(widest + 0.02, SIDE_MOST) if widest else 0.0


def head_and_foot(text: Around, sheet: float, look: Look) -> Iterator[Mark]:
    """Set title and question above, base, method and source below.

    Parameters
    ----------
    text : Around
        The texts in lines.
    sheet : float
        Height of the sheet in inches.
    look : Look
        Colours.

    Yields
    ------
    Mark
        Lines of text, and the line above the foot.
    """
    ink, muted = look.colour("ink"), look.colour("muted")
    x, top = style.MARGIN, sheet - _EDGE
    yield from column(text.title, x, top, style.TITLE_SIZE, ink, bold=True)
    top -= len(text.title) * line_height(style.TITLE_SIZE) + 0.08
    yield from column(text.subtitle, x, top, style.SUBTITLE_SIZE, muted)
    top = _EDGE + len(text.footer) * line_height(style.FOOTER_SIZE)
    if text.footer:
        y = top + 0.08
        yield Line(x, y, style.WIDTH - x, y, look.colour("rule"), 0.8)
    yield from column(text.footer, x, top, style.FOOTER_SIZE, muted)


def label_marks(
    slots: Sequence[Slot], centres: Sequence[float], size: float, look: Look
) -> Iterator[Mark]:
    """Set the labels of rows and groups.

    Parameters
    ----------
    slots : sequence of Slot
        Rows and heads of groups.
    centres : sequence of float
        Their heights in inches.
    size : float
        Type size in points.
    look : Look
        Colours.

    Yields
    ------
    Mark
        Lines of text.
    """
    for slot, centre in zip(slots, centres, strict=True):
        indent = INDENT if slot.row is not None and slot.row.group else 0
        muted = slot.row is not None and slot.row.role == "dont_know"
        yield from column(
            slot.lines,
            style.MARGIN + indent,
            centre + len(slot.lines) * line_height(size) / 2,
            size,
            look.colour("muted" if muted else "ink"),
            bold=slot.bold,
        )


def side_marks(text: Around, frame: Frame, *, strong: bool) -> Iterator[Mark]:
    """Set the column at the right and its head.

    Parameters
    ----------
    text : Around
        The texts in lines.
    frame : Frame
        Where the rows are.
    strong : bool
        Whether the texts are as strong as the numbers.

    Yields
    ------
    Mark
        Lines of text.
    """
    look, x = frame.look, style.WIDTH - style.MARGIN
    muted = look.colour("muted")
    top = _above(frame) + len(text.side_head) * line_height(_SIDE_SIZE)
    yield from column(
        text.side_head, x, top, _SIDE_SIZE, muted, bold=True, align="right"
    )
    for placed in frame.rows:
        words = fit(placed.row.side_text, SIDE_MOST, frame.size, bold=True, look=look)
        if words:
            y = middle(placed.y, frame.size)
            tone = look.colour("ink") if strong else muted
            yield Words(x, y, words, frame.size, tone, strong, "right")


def legend_marks(text: Around, frame: Frame) -> Iterator[Mark]:
    """Set the legend above the rows.

    Parameters
    ----------
    text : Around
        The texts in lines.
    frame : Frame
        Where the rows are.

    Yields
    ------
    Mark
        A field of colour and a label for each series.
    """
    height = line_height(style.LEGEND_SIZE) * 1.15
    start = _above(frame) + len(text.legend) * height
    for number, entries in enumerate(text.legend):
        centre = start - (number + 0.5) * height
        x = style.MARGIN
        for width, series in entries:
            yield from _swatch(x, centre, series, frame.look)
            yield Words(
                x + _SWATCH + 0.1,
                middle(centre, style.LEGEND_SIZE),
                series.label,
                style.LEGEND_SIZE,
                frame.look.colour("ink"),
            )
            x += width


def _above(frame: Frame) -> float:
    """Give the height above which legend and side head stand."""
    return frame.top + head_height(frame.heads) + 0.15


def _swatch(x: float, centre: float, series: ChartSeries, look: Look) -> Iterator[Mark]:
    """Draw the field of colour of a series, or the hatching of what is hidden."""
    role = series.role
    if role.startswith(_HATCHED):
        slant = int(role.removeprefix(_HATCHED))
        box = Box(x, centre - 0.09, _SWATCH, 0.18, look.colour("paper"))
        yield from hatched(box, look.colour("reference"), slant)
        return
    fill = look.colour(role)
    yield Box(x, centre - 0.09, _SWATCH, 0.18, fill)
    mark, size = style.clean(series.group), style.FOOTER_SIZE
    if mark and measure(mark, size, bold=True, look=look) <= _SWATCH:
        ink = look.text_colour(fill)
        y = middle(centre, size)
        yield Words(x + _SWATCH / 2, y, mark, size, ink, bold=True, align="center")


def _legend_rows(
    legend: Sequence[ChartSeries], room: float, look: Look
) -> Iterator[tuple[tuple[float, ChartSeries], ...]]:
    """Break the legend into lines of entries with the width of each."""
    line: list[tuple[float, ChartSeries]] = []
    used = 0.0
    for series in legend:
        most = room - _SWATCH - 2 * GAP
        label = fit(series.label, most, style.LEGEND_SIZE, look=look)
        wide = measure(label, style.LEGEND_SIZE, look=look)
        width = _SWATCH + 0.1 + wide + 2 * GAP
        if line and used + width > room:
            yield tuple(line)
            line, used = [], 0.0
        line.append((width, replace(series, label=label)))
        used += width
    if line:
        yield tuple(line)

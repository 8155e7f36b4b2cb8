"""What surrounds the bars: heading, legend, labels, footer, and the room for rows.

A figure is a slide of 13.33 x 7.5 inches. Many rows first shrink the type to a
floor; after that the sheet grows in height, so that nothing is cut or overlaps.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from survey.report import style
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.lettering import fit, line_height, measure, wrap
from survey.report.marks import Align, Box, Line, Mark, Words, middle

CONTENT: Final = style.WIDTH - 2 * style.MARGIN
GAP: Final = 0.18
_LABEL_SHARE: Final = 0.38
_SIDE_MOST: Final = 2.6
_SIDE_HEAD: Final = 1.9
_INDENT: Final = 0.25
_SWATCH: Final = 0.24
_SPREAD: Final = 2.3
_SPREAD_BARE: Final = 1.2
_THICKEST: Final = 1.8
_ROW_SPACE: Final = 0.4
_SIDE_SIZE: Final = 14.0


@dataclass(frozen=True, slots=True)
class Placed:
    """A row and the height of its middle, in inches."""

    row: ChartRow
    y: float


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


@dataclass(frozen=True, slots=True)
class _Text:
    """The texts around the rows, broken into lines."""

    title: tuple[str, ...]
    subtitle: tuple[str, ...]
    legend: tuple[tuple[tuple[float, ChartSeries], ...], ...]
    side_head: tuple[str, ...]
    footer: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class _Slot:
    """A row, or the head of a group, before it has a place."""

    row: ChartRow | None
    lines: tuple[str, ...]
    need: float
    bold: bool


def surround(
    block: ChartBlock, legend: Sequence[ChartSeries], *, bare: bool = False
) -> tuple[Frame, tuple[Mark, ...]]:
    """Set everything but the bars, and say where the bars go.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    legend : sequence of ChartSeries
        What the legend shows, in order; empty for none.
    bare : bool, default False
        Leave out title, question and footer, and be only as high as the rows.

    Returns
    -------
    Frame
        Room for the bars.
    tuple of Mark
        Title, question, legend, labels, side texts and footer.
    """
    side = _side_width(block)
    text = _texts(block, legend, side, bare=bare)
    above, below = _heights(text, bare=bare)
    label = _label_width(block)
    size, slots = _sized(block, label, style.HEIGHT - above - below)
    wanted = sum(slot.need for slot in slots)
    sheet = max(style.HEIGHT, above + wanted + below)
    spread = min((sheet - above - below) / wanted, _SPREAD) if wanted else 1.0
    if bare:
        spread = min(spread, _SPREAD_BARE)
        sheet = above + wanted * spread + below
    centres = tuple(_centres(slots, sheet - above, spread))
    frame = Frame(
        left=style.MARGIN + label + GAP,
        right=style.WIDTH - style.MARGIN - (side + GAP if side else 0),
        top=sheet - above,
        bottom=sheet - above - wanted * spread,
        thickness=_thickness(block, size, spread),
        size=size,
        height=sheet,
        rows=tuple(
            Placed(slot.row, y)
            for slot, y in zip(slots, centres, strict=True)
            if slot.row is not None
        ),
    )
    around = (
        *_head_marks(text, sheet),
        *_legend_marks(text, frame.top),
        *_label_marks(slots, centres, size),
        *_side_marks(text, frame, strong=block.kind == "diverging"),
        *_footer_marks(text),
    )
    return frame, around


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
    return Line(x, frame.bottom, x, frame.top, style.RULE, 1.2)


def _texts(
    block: ChartBlock, legend: Sequence[ChartSeries], side: float, *, bare: bool
) -> _Text:
    """Break title, question, legend and footer into lines."""
    room = CONTENT - (side + 2 * GAP if side else 0)
    footer = [
        line
        for text in block.footer
        for line in wrap(text, CONTENT, style.FOOTER_SIZE, most=2)
    ]
    return _Text(
        title=() if bare else wrap(block.title, CONTENT, style.TITLE_SIZE, bold=True),
        subtitle=() if bare else wrap(block.subtitle, CONTENT, style.SUBTITLE_SIZE),
        legend=tuple(_legend_rows(legend, room)),
        side_head=wrap(block.side_head, side, _SIDE_SIZE, bold=True) if side else (),
        footer=() if bare else tuple(footer),
    )


def _heights(text: _Text, *, bare: bool) -> tuple[float, float]:
    """Give the room above and below the rows."""
    edge = 0.05 if bare else style.MARGIN - 0.1
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
    return above, edge + foot + (0.2 if foot else 0)


def _label_width(block: ChartBlock) -> float:
    """Give the width of the widest label, within its share of the sheet."""
    indent = _INDENT if any(row.group for row in block.rows) else 0
    widest = max(
        (
            measure(style.clean(row.label), style.ROW_SIZE, bold=_bold(row)) + indent
            for row in block.rows
        ),
        default=0,
    )
    return min(widest + 0.05, _LABEL_SHARE * CONTENT)


def _side_width(block: ChartBlock) -> float:
    """Give the width of the texts at the right, 0 where there are none."""
    texts = [
        measure(style.clean(row.side_text), style.ROW_SIZE, bold=True)
        for row in block.rows
    ]
    head = measure(style.clean(block.side_head), _SIDE_SIZE, bold=True)
    widest = max([min(head, _SIDE_HEAD), *texts])
    return min(widest + 0.02, _SIDE_MOST) if widest else 0.0


def _sized(
    block: ChartBlock, label: float, room: float
) -> tuple[float, tuple[_Slot, ...]]:
    """Take the largest type with which all rows fit, or the floor."""
    size = style.ROW_SIZE
    while True:
        slots = tuple(_slots(block, label, size))
        if size <= style.ROW_FLOOR or sum(slot.need for slot in slots) <= room:
            return size, slots
        size -= 1


def _slots(block: ChartBlock, label: float, size: float) -> Iterator[_Slot]:
    """List rows and group heads, with the height each of them needs."""
    space = _ROW_SPACE * line_height(size)
    indent = _INDENT if any(row.group for row in block.rows) else 0
    group = ""
    for row in block.rows:
        if row.group and row.group != group:
            head = fit(row.group, CONTENT, size, bold=True)
            yield _Slot(None, (head,), line_height(size) + 1.5 * space, bold=True)
        group = row.group
        within = label - (indent if row.group else 0)
        lines = wrap(row.label, within, size, bold=_bold(row))
        need = max(len(lines), 1) * line_height(size) + space
        yield _Slot(row, lines, need, bold=_bold(row))


def _bold(row: ChartRow) -> bool:
    """Say whether the label of a row is set bold."""
    return row.role in ("net", "total")


def _centres(slots: Sequence[_Slot], top: float, spread: float) -> Iterator[float]:
    """Give the height of the middle of every slot, from the top down."""
    for slot in slots:
        height = slot.need * spread
        yield top - height / 2
        top -= height


def _thickness(block: ChartBlock, size: float, spread: float) -> float:
    """Give the height of a bar."""
    share = 0.55 if block.kind in ("bars", "dots") else 0.76
    return share * (1 + _ROW_SPACE) * line_height(size) * min(spread, _THICKEST)


def _head_marks(text: _Text, sheet: float) -> Iterator[Mark]:
    """Set title and question."""
    top = sheet - (style.MARGIN - 0.1)
    yield from column(text.title, style.MARGIN, top, style.TITLE_SIZE, bold=True)
    top -= len(text.title) * line_height(style.TITLE_SIZE) + 0.08
    yield from column(
        text.subtitle, style.MARGIN, top, style.SUBTITLE_SIZE, colour=style.MUTED
    )


def _footer_marks(text: _Text) -> Iterator[Mark]:
    """Set base, method and source at the foot of the sheet."""
    top = style.MARGIN - 0.1 + len(text.footer) * line_height(style.FOOTER_SIZE)
    if text.footer:
        yield Line(
            style.MARGIN,
            top + 0.08,
            style.WIDTH - style.MARGIN,
            top + 0.08,
            style.RULE,
            0.8,
        )
    yield from column(
        text.footer, style.MARGIN, top, style.FOOTER_SIZE, colour=style.MUTED
    )


def column(
    lines: Sequence[str],
    x: float,
    top: float,
    size: float,
    *,
    bold: bool = False,
    colour: str = style.INK,
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
    bold : bool, default False
        Whether they are set bold.
    colour : str
        ``#RRGGBB``.
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


def _label_marks(
    slots: Sequence[_Slot], centres: Sequence[float], size: float
) -> Iterator[Mark]:
    """Set the labels of rows and groups."""
    for slot, centre in zip(slots, centres, strict=True):
        indent = _INDENT if slot.row is not None and slot.row.group else 0
        muted = slot.row is not None and slot.row.role == "dont_know"
        yield from column(
            slot.lines,
            style.MARGIN + indent,
            centre + len(slot.lines) * line_height(size) / 2,
            size,
            bold=slot.bold,
            colour=style.MUTED if muted else style.INK,
        )


def _side_marks(text: _Text, frame: Frame, *, strong: bool) -> Iterator[Mark]:
    """Set the column at the right and its head."""
    x = style.WIDTH - style.MARGIN
    top = frame.top + 0.15 + len(text.side_head) * line_height(_SIDE_SIZE)
    yield from column(
        text.side_head, x, top, _SIDE_SIZE, bold=True, colour=style.MUTED, align="right"
    )
    for placed in frame.rows:
        words = fit(placed.row.side_text, _SIDE_MOST, frame.size, bold=True)
        if words:
            y = middle(placed.y, frame.size)
            tone = style.INK if strong else style.MUTED
            yield Words(x, y, words, frame.size, tone, strong, "right")


def _legend_rows(
    legend: Sequence[ChartSeries], room: float
) -> Iterator[tuple[tuple[float, ChartSeries], ...]]:
    """Break the legend into lines of entries with the width of each."""
    line: list[tuple[float, ChartSeries]] = []
    used = 0.0
    for series in legend:
        label = fit(series.label, room - _SWATCH - 2 * GAP, style.LEGEND_SIZE)
        width = _SWATCH + 0.1 + measure(label, style.LEGEND_SIZE) + 2 * GAP
        if line and used + width > room:
            yield tuple(line)
            line, used = [], 0.0
        line.append((width, ChartSeries(label, series.role)))
        used += width
    if line:
        yield tuple(line)


def _legend_marks(text: _Text, top: float) -> Iterator[Mark]:
    """Set the legend above the rows."""
    height = line_height(style.LEGEND_SIZE) * 1.15
    start = top + 0.15 + len(text.legend) * height
    for number, entries in enumerate(text.legend):
        centre = start - (number + 0.5) * height
        x = style.MARGIN
        for width, series in entries:
            yield Box(x, centre - 0.09, _SWATCH, 0.18, style.colour(series.role))
            yield Words(
                x + _SWATCH + 0.1,
                middle(centre, style.LEGEND_SIZE),
                series.label,
                style.LEGEND_SIZE,
            )
            x += width

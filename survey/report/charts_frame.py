"""Everything of a figure but what it plots, and the room that is left for that.

A figure is a slide of 13.33 x 7.5 inches. Many rows first shrink the type to a
floor; after that the sheet grows in height, so that nothing is cut or overlaps. On a
page of the report, labels give up lines before type gets too small to read.
"""

from collections.abc import Iterator, Sequence
from typing import Final

from survey.report import style
from survey.report.charts_around import (
    INDENT,
    Slot,
    head_and_foot,
    heights,
    label_marks,
    legend_marks,
    side_marks,
    side_width,
    texts,
)
from survey.report.charts_axes import around_axes
from survey.report.charts_room import CONTENT, GAP, Frame, Heads, Placed
from survey.report.charts_states import state_heads
from survey.report.charts_ticks import TWO_AXES
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.report.lettering import fit, line_height, measure, wrap
from survey.report.look import HOUSE, Look
from survey.report.marks import Mark

LEADER: Final = 0.45
NUMBER_MOST: Final = 1.5
_TALLEST_BARE: Final = 14.6
_LABEL_SHARE: Final = 0.38
_LABEL_BESIDE_STATES: Final = 0.3
_LABEL_LINES: Final = 3
_HEAD_LINES: Final = 4
_HEAD_SIZES: Final = (14.0, 13.2, 12.5)
_LEAST_LEFT: Final = 0.75
_SPREAD: Final = 2.3
_SPREAD_BARE: Final = 1.2
_SPREAD_LINES: Final = 12.0
_LEAST_LINES: Final = 3.6
_THICKEST: Final = 1.8
_ROW_SPACE: Final = 0.4
_BAR_SHARES: Final = {"bars": 0.55, "dots": 0.55, "heat": 1.0, "states": 1.0}


def surround(
    block: ChartBlock,
    legend: Sequence[ChartSeries],
    look: Look = HOUSE,
    *,
    bare: bool = False,
) -> tuple[Frame, tuple[Mark, ...]]:
    """Set everything but the bars, and say where the bars go.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    legend : sequence of ChartSeries
        What the legend shows, in order; empty for none.
    look : Look
        Colours and typefaces.
    bare : bool, default False
        Leave out title, question and footer, and be only as high as the rows.

    Returns
    -------
    Frame
        Room for the bars.
    tuple of Mark
        Title, question, legend, labels, side texts and footer.
    """
    if block.kind in TWO_AXES:
        return around_axes(block, legend, look, bare=bare)
    lines = block.kind == "lines"
    side = 0.0 if lines else side_width(block, look)
    text = texts(block, legend, side, look, bare=bare)
    label = _label_width(block, look)
    left, right = _plot(block, label, side, look)
    heads = _heads(block, left, right, look)
    above, below = heights(text, heads, bare=bare)
    size, slots = _sized(block, label, look, above + below, bare=bare)
    wanted = sum(slot.need for slot in slots)
    spread = _spread(block, wanted, style.HEIGHT - above - below, bare=bare)
    sheet = above + wanted * spread + below
    if not bare:
        sheet = max(style.HEIGHT, sheet)
    centres = tuple(_centres(slots, sheet - above, spread))
    frame = Frame(
        left=left,
        right=right,
        top=sheet - above,
        bottom=sheet - above - wanted * spread,
        thickness=_thickness(block, size, spread),
        size=size,
        height=sheet,
        rows=tuple(_placed(slots, centres)),
        look=look,
        heads=heads,
    )
    labels = () if lines else label_marks(slots, centres, size, look)
    sides = () if lines else side_marks(text, frame, strong=_strong(block))
    outer = head_and_foot(text, sheet, look)
    return frame, (*outer, *legend_marks(text, frame), *labels, *sides)


def number_width(block: ChartBlock, look: Look, column: int) -> float:
    """Give the width of the widest number of a series of lines.

    Parameters
    ----------
    block : ChartBlock
        A figure of lines.
    look : Look
        Whose typefaces set it.
    column : int
        Which series; -1 is the last.

    Returns
    -------
    float
        Inches; 0 where no number is shown.
    """
    ends = [row.values[column] for row in block.rows]
    shown = [style.clean(one.text) for one in ends if one.estimate is not None]
    wide = (measure(text, style.ROW_SIZE, bold=True, look=look) for text in shown)
    return min(max(wide, default=0.0), NUMBER_MOST)


def said_beside(block: ChartBlock, row: ChartRow) -> tuple[str, ...]:
    """Give what stands under the label of a line: side text, and why it has gaps.

    Parameters
    ----------
    block : ChartBlock
        A figure of lines.
    row : ChartRow
        A line.

    Returns
    -------
    tuple of str
        Texts, such as ``2023: base below 30``.
    """
    pairs = zip(block.series, row.values, strict=True)
    gaps = [f"{one.label}: {v.text}" for one, v in pairs if v.estimate is None]
    return tuple(text for text in (row.side_text, *gaps) if text)


def _strong(block: ChartBlock) -> bool:
    """Say whether the side text is the main number of the figure."""
    return block.kind in ("diverging", "scale")


def _plot(
    block: ChartBlock, label: float, side: float, look: Look
) -> tuple[float, float]:
    """Give the left and right end of the plot."""
    if block.kind != "lines":
        end = style.WIDTH - style.MARGIN
        return style.MARGIN + label + GAP, end - (side + GAP if side else 0)
    left = max(number_width(block, look, 0) + 2 * GAP, _LEAST_LEFT)
    right = label + number_width(block, look, -1) + GAP + LEADER
    return style.MARGIN + left, style.WIDTH - style.MARGIN - right


def _heads(block: ChartBlock, left: float, right: float, look: Look) -> Heads:
    """Break the heads of columns, in the largest type that breaks no word."""
    if block.kind == "states":
        return state_heads(block, (right - left) / max(len(block.series), 1), look)
    if block.kind not in ("heat", "lines"):
        return Heads(_HEAD_SIZES[0], ())
    if block.kind == "heat":
        room = (right - left) / max(len(block.series), 1) - GAP / 2
    else:
        apart = (right - left) / max(len(block.series) - 1, 1) - GAP
        room = min(apart, 2 * (left - style.MARGIN))
    labels = [style.clean(one.label) for one in block.series]
    size = next((s for s in _HEAD_SIZES if _whole(labels, room, s, look)), None)
    size = size or _HEAD_SIZES[-1]
    most = _HEAD_LINES if size > _HEAD_SIZES[-1] else _HEAD_LINES + 2
    lines = (wrap(label, room, size, most=most, look=look) for label in labels)
    return Heads(size, tuple(lines))


def _whole(labels: Sequence[str], room: float, size: float, look: Look) -> bool:
    """Say whether heads fit in a type size without a broken word."""
    words = (word for label in labels for word in label.split(" "))
    return all(measure(word, size, look=look) <= room for word in words) and all(
        len(wrap(label, room, size, most=_HEAD_LINES + 1, look=look)) <= _HEAD_LINES
        for label in labels
    )


def _label_width(block: ChartBlock, look: Look) -> float:
    """Give the width of the widest label, within its share of the sheet."""
    indent = INDENT if any(row.group for row in block.rows) else 0
    said = [
        measure(style.clean(row.label), style.ROW_SIZE, bold=_bold(row), look=look)
        + indent
        for row in block.rows
    ]
    if block.kind == "lines":
        said += [
            measure(style.clean(text), style.ROW_FLOOR, look=look)
            for row in block.rows
            for text in said_beside(block, row)
        ]
    most = _LABEL_BESIDE_STATES if block.kind == "states" else _LABEL_SHARE
    return min(max(said, default=0) + 0.05, most * CONTENT)


def _sized(
    block: ChartBlock, label: float, look: Look, around: float, *, bare: bool
) -> tuple[float, tuple[Slot, ...]]:
    """Take the largest type with which all rows fit, or the floor.

    On a page, labels then get fewer lines until the figure is not too tall.
    """
    size, most = style.ROW_SIZE, _LABEL_LINES
    while True:
        slots = tuple(_slots(block, label, size, most, look))
        wanted = sum(slot.need for slot in slots)
        if wanted <= style.HEIGHT - around:
            return size, slots
        if size > style.ROW_FLOOR:
            size -= 1
        elif bare and most > 1 and wanted > _TALLEST_BARE - around:
            most -= 1
        else:
            return size, slots


def _slots(
    block: ChartBlock, label: float, size: float, most: int, look: Look
) -> Iterator[Slot]:
    """List rows and group heads, with the height each of them needs."""
    space = _ROW_SPACE * line_height(size)
    grouped = block.kind != "lines"
    indent = INDENT if any(row.group for row in block.rows) else 0
    least = 2 if block.kind == "pairs" else 1
    group = ""
    for row in block.rows:
        if grouped and row.group and row.group != group:
            head = fit(row.group, CONTENT, size, bold=True, look=look)
            yield Slot(None, (head,), line_height(size) + 1.5 * space, bold=True)
        group = row.group
        within = label - (indent if row.group else 0)
        lines = wrap(row.label, within, size, most=most, bold=_bold(row), look=look)
        more = 0 if grouped else len(said_beside(block, row))
        need = (max(len(lines), least) + more) * line_height(size) + space
        yield Slot(row, lines, need, bold=_bold(row))


def _bold(row: ChartRow) -> bool:
    """Say whether the label of a row is set bold."""
    return row.role in ("net", "total")


def _spread(block: ChartBlock, wanted: float, room: float, *, bare: bool) -> float:
    """Give how much higher than they need to be rows are, to fill the sheet."""
    if not wanted:
        return 1.0
    if block.kind == "lines":
        # Lines need height to show how steep they are, however few they are.
        least = min(max(_LEAST_LINES / wanted, 1.0), _SPREAD_LINES)
        return least if bare else max(min(room / wanted, _SPREAD_LINES), 1.0)
    spread = min(max(room / wanted, 1.0), _SPREAD)
    return min(spread, _SPREAD_BARE) if bare else spread


def _centres(slots: Sequence[Slot], top: float, spread: float) -> Iterator[float]:
    """Give the height of the middle of every slot, from the top down."""
    for slot in slots:
        height = slot.need * spread
        yield top - height / 2
        top -= height


def _placed(slots: Sequence[Slot], centres: Sequence[float]) -> Iterator[Placed]:
    """Give rows their places."""
    for slot, y in zip(slots, centres, strict=True):
        if slot.row is not None:
            yield Placed(slot.row, y, slot.lines)


def _thickness(block: ChartBlock, size: float, spread: float) -> float:
    """Give the height of a bar."""
    share = _BAR_SHARES.get(block.kind, 0.76)
    lines = 2 if block.kind == "pairs" else 1
    within = (lines + _ROW_SPACE) * line_height(size) * min(spread, _THICKEST)
    return share * within

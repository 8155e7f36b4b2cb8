"""Native tables: small tables of a report, and heat tables.

A hidden cell has no colour and no number.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from survey.report.document import ChartBlock, ChartRow, ChartValue, TableBlock
from survey.report.lettering import line_height
from survey.report.look import Look
from survey.report.pdf import marked
from survey.report.slides.deck import Box
from survey.report.slides.drawing_xml import emu, escaped, fill, letters, line
from survey.report.slides.fitting import line_count
from survey.report.slides.room import FLOOR, width_of
from survey.report.style import clean

_SIZE: Final = 14.0
_FIRST_MOST: Final = 0.4
_PAD: Final = 0.1
_TALL: Final = 0.1
_NEARLY: Final = 1e-6
_STEPS: Final = 100
_URI: Final = "http://schemas.openxmlformats.org/drawingml/2006/table"


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell: its text, its ground, and how it is set.

    A cell that is `turned` reads upwards. `span` is how many columns it takes; 0 for
    the columns that another one takes.
    """

    text: str
    ground: str = ""
    colour: str = "tx1"
    bold: bool = False
    side: str = "r"
    turned: bool = False
    span: int = 1


@dataclass(frozen=True, slots=True)
class Grid:
    """A table as it is drawn: cells by row, widths and heights in inches."""

    cells: tuple[tuple[Cell, ...], ...]
    widths: tuple[float, ...]
    heights: tuple[float, ...]
    size: float
    heads: int = 1
    pad: float = _PAD


def table_grid(table: TableBlock, box: Box) -> Grid | None:
    """Plan a table of a report.

    Parameters
    ----------
    table : TableBlock
        The table.
    box : tuple of float
        Its room.

    Returns
    -------
    Grid or None
        None where it does not fit with letters that can be read.
    """
    head = [_first(clean(table.stub_head), bold=True)]
    for column in table.columns:
        words = [column.group, column.label, column.letter]
        text = " ".join(clean(word) for word in words if word)
        head.append(Cell(text, bold=True))
    rows = [head]
    for row in table.rows:
        strong = row.role in {"net", "section"}
        cells = [_first("\u2003" * row.depth + clean(row.label), bold=strong)]
        for cell in row.cells:
            shown = " ".join(part for part in (marked(cell), cell.letters) if part)
            tone = "muted" if cell.flag or row.role == "base" else "tx1"
            cells.append(Cell(clean(shown), colour=tone, bold=strong))
        blank = len(head) - len(cells)
        rows.append([*cells, *[Cell("")] * blank])
    return _fitted(rows, box)


def heat_grid(
    chart: ChartBlock, rows: Sequence[ChartRow], box: Box, look: Look
) -> Grid | None:
    """Plan a heat table.

    Parameters
    ----------
    chart : ChartBlock
        A figure of the kind ``heat``.
    rows : sequence of ChartRow
        The rows that this slide shows.
    box : tuple of float
        Its room.
    look : Look
        Colours of the house.

    Returns
    -------
    Grid or None
        None where it does not fit.
    """
    known = [v.estimate for r in chart.rows for v in r.values if v.estimate is not None]
    largest = max(known, default=0.0) or 1.0
    sides = any(row.side_text for row in chart.rows)
    heads = [
        Cell(clean(series.label), bold=True, side="ctr") for series in chart.series
    ]
    last = [Cell(clean(chart.side_head), bold=True)] if sides else []
    made = [[_first(""), *heads, *last]]
    for row in rows:
        cells = [_heat(value, largest, look) for value in row.values]
        side = [Cell(clean(row.side_text))] if sides else []
        made.append([_first(clean(row.label)), *cells, *side])
    return _fitted(made, box)


def table_xml(grid: Grid, box: Box, number: int, name: str, alt: str) -> str:
    """Write a table as the XML of a shape.

    Parameters
    ----------
    grid : Grid
        The table.
    box : tuple of float
        Where it stands.
    number : int
        Of the shape on its slide.
    name, alt : str
        Name and alternative text.

    Returns
    -------
    str
        A graphic frame, without namespaces.
    """
    columns = "".join(f'<a:gridCol w="{emu(width)}"/>' for width in grid.widths)
    rows = "".join(
        f'<a:tr h="{emu(height)}">'
        + "".join(_cell_xml(cell, grid, head=at == grid.heads - 1) for cell in cells)
        + "</a:tr>"
        for at, (cells, height) in enumerate(zip(grid.cells, grid.heights, strict=True))
    )
    wide, tall = emu(sum(grid.widths)), emu(sum(grid.heights))
    return (
        f'<p:nvGraphicFramePr><p:cNvPr id="{number}" name="{escaped(name)}" '
        f'descr="{escaped(alt)}"/><p:cNvGraphicFramePr>'
        '<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{emu(box[0])}" y="{emu(box[1])}"/>'
        f'<a:ext cx="{wide}" cy="{tall}"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{_URI}"><a:tbl><a:tblPr firstRow="1"/>'
        f"<a:tblGrid>{columns}</a:tblGrid>{rows}</a:tbl></a:graphicData></a:graphic>"
    )


def _first(text: str, *, bold: bool = False) -> Cell:
    """Set the first cell of a row, at the left."""
    return Cell(text, bold=bold, side="l")


def _heat(value: ChartValue, largest: float, look: Look) -> Cell:
    """Set one field; the larger its number, the darker."""
    if value.estimate is None:
        return Cell(clean(value.text), colour="muted", side="ctr")
    step = 1 + round(max(value.estimate, 0.0) / largest * (_STEPS - 1))
    ground = look.colour(f"scale:{step}/{_STEPS}")
    return Cell(clean(value.text), ground, look.text_colour(ground), side="ctr")


def _fitted(rows: Sequence[Sequence[Cell]], box: Box) -> Grid | None:
    """Find the largest letters with which a table fits its room."""
    size = _SIZE
    while size >= FLOOR:
        grid = _sized(rows, box, size)
        words = _words(rows, size)
        whole = all(a <= b + _NEARLY for a, b in zip(words, grid.widths, strict=True))
        if sum(grid.heights) <= box[3] and (whole or size <= FLOOR):
            return grid
        size -= 1
    return None


def _sized(rows: Sequence[Sequence[Cell]], box: Box, size: float) -> Grid:
    """Share out the room of a table at one type size."""
    words = _words(rows, size)
    first = max(width_of(row[0].text, size, bold=True) for row in rows) + 2 * _PAD
    first = min(first, box[2] * _FIRST_MOST, max(box[2] - sum(words[1:]), words[0]))
    widths = (first, *_shared(words[1:], box[2] - first))
    heights = tuple(
        max(
            line_count(cell.text, width - 2 * _PAD, size)
            for cell, width in zip(row, widths, strict=True)
        )
        * line_height(size)
        + _TALL
        for row in rows
    )
    return Grid(tuple(tuple(row) for row in rows), widths, heights, size)


def _words(rows: Sequence[Sequence[Cell]], size: float) -> list[float]:
    """Give the width that every column needs so that no word is broken."""
    return [
        max(_widest_word(cell, size) for cell in column) + 2 * _PAD
        for column in zip(*rows, strict=True)
    ]


def _shared(least: Sequence[float], room: float) -> list[float]:
    """Share out the room of the numbers: the same for all, but no word is broken."""
    left, even = room, room / max(len(least), 1)
    if sum(least) > room:
        return [even] * len(least)
    for number, width in enumerate(sorted(least, reverse=True)):
        even = left / (len(least) - number)
        if width <= even:
            break
        left -= width
    return [max(width, even) for width in least]


def _widest_word(cell: Cell, size: float) -> float:
    """Give the width of the widest word of a cell."""
    words = cell.text.split()
    return max((width_of(word, size, bold=True) for word in words), default=0.0)


def _cell_xml(cell: Cell, grid: Grid, *, head: bool) -> str:
    """Write one cell."""
    look = letters(grid.size, cell.colour, bold=cell.bold)
    words = f"<a:r>{look}<a:t>{escaped(cell.text)}</a:t></a:r>" if cell.text else ""
    edge = line("tx1", 1.5) if head else line("muted", 0.5)
    edge = edge.replace("<a:ln ", "<a:lnB ").replace("</a:ln>", "</a:lnB>")
    none = "".join(f"<a:ln{at}><a:noFill/></a:ln{at}>" for at in "LRT")
    pad, tall = emu(grid.pad), emu(min(grid.pad, _TALL / 2))
    turn = ' vert="vert270"' if cell.turned else ""
    merged = ' hMerge="1"' if cell.span == 0 else ""
    merged = f' gridSpan="{cell.span}"' if cell.span > 1 else merged
    return (
        f"<a:tc{merged}><a:txBody><a:bodyPr/><a:lstStyle/><a:p>"
        f'<a:pPr algn="{cell.side}"/>'
        f'{words}</a:p></a:txBody><a:tcPr marL="{pad}" marR="{pad}" marT="{tall}" '
        f'marB="{tall}" anchor="ctr"{turn}>{none}{edge}{fill(cell.ground)}'
        "</a:tcPr></a:tc>"
    )

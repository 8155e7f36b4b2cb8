"""Charts of a workbook that Excel draws itself, from cells that stand below them.

The title is a reference to a cell, as labels and numbers are: no text of the data is
ever read as a formula, and a chart changes with its cells.
"""

from typing import TYPE_CHECKING, Any, Final

from survey.report.charts_ticks import TWO_AXES
from survey.report.document import ChartBlock
from survey.report.xlsx_axes import curves, points, two_axes
from survey.report.xlsx_book import Book, plain, styled, write
from survey.report.xlsx_columns import Data, Entry, Formula
from survey.report.xlsx_data import INTERVALS, chart_data, value_format
from survey.report.xlsx_pads import CENTRE, span
from survey.report.xlsx_series import Sketch, draw, one
from survey.report.xlsx_states import colour_states, state_legend

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet

_WIDTH: Final = 900
_LINES_HEIGHT: Final = 420
_POINTS_HEIGHT: Final = 520
_TABLES: Final = ("heat", "states")
_ROW: Final = 20
_HEAD: Final = 60
_BAR: Final = 27
_AROUND: Final = 150
_FEW_ROWS: Final = 3
_AROUND_CENTRE: Final = ("scale", "diverging")
_TEXTS: Final = ("text", "side")
_HELPERS: Final = ("minus", "plus", "at", "pad")
_SHAPES: Final = {
    "bars": {"type": "bar"},
    "dots": {"type": "bar"},
    "pairs": {"type": "bar"},
    "lines": {"type": "line"},
    "scatter": {"type": "scatter"},
    "curve": {"type": "scatter", "subtype": "straight"},
}


def figure(
    book: Book, sheet: "Worksheet", name: str, first: int, block: ChartBlock
) -> int:
    """Put a figure on a sheet: the chart, under it its cells, its foot under these.

    Parameters
    ----------
    book : Book
        The workbook.
    sheet : Worksheet
        The sheet.
    name : str
        Its name.
    first : int
        Row where the figure begins, from 0.
    block : ChartBlock
        The figure. One of the kinds ``heat`` and ``states`` is a table with colours.

    Returns
    -------
    int
        The first row under it.
    """
    data = chart_data(block, book.words)
    drawn = block.kind not in _TABLES and bool(data.rows) and bool(block.series)
    height = _height(block, data) if drawn else 0
    head = first + -(-height // _ROW) + (1 if drawn else 0)
    title = block.title or block.subtitle or block.name
    write(sheet, head, 0, title, styled(book, bold=True, font_size=11))
    _cells(book, sheet, head + 1, block, data)
    under = head + 2 + data.height
    if block.kind == "states":
        colour_states(book, sheet, head + 2, block)
        under = state_legend(book, sheet, under + 1, block) + 1
    small = styled(book, font_color=book.muted, font_size=9)
    lines = [line for line in (block.subtitle, *block.footer) if line]
    for number, line in enumerate(lines):
        write(sheet, under + number, 0, line, small)
    if drawn:
        chart = _chart(Sketch(book, name, head, block, data))
        chart.set_size({"width": _WIDTH, "height": height})
        place = {"description": plain(block.alt or title), "object_position": 2}
        sheet.insert_chart(first, 0, chart, place)
    elif block.kind == "heat" and data.rows and block.series:
        _heat(book, sheet, head + 2, block)
    return under + len(lines)


def _height(block: ChartBlock, data: Data) -> int:
    """Give the height of a chart in pixels: so much for every bar."""
    if block.kind == "lines":
        return _LINES_HEIGHT
    if block.kind in TWO_AXES:
        return _POINTS_HEIGHT
    bars = len(data.rows) * (2 if block.kind == "pairs" else 1)
    return _AROUND + _BAR * max(bars, _FEW_ROWS)


def _cells(
    book: Book, sheet: "Worksheet", head: int, block: ChartBlock, data: Data
) -> None:
    """Write the cells behind a chart."""
    bold = {"bold": True, "text_wrap": True, "valign": "bottom", "bottom": 1}
    line = styled(book, **bold)
    write(sheet, head, 0, "", line)
    sheet.set_row_pixels(head, _HEAD)
    pattern = value_format(block, book.language)
    for number, column in enumerate(data.columns, start=1):
        texts = column.key in _TEXTS
        side = {"align": "left", "indent": 1} if texts else {"align": "right"}
        shape = styled(book, **side, **bold)
        write(sheet, head, number, column.head, shape)
        helper = column.key in _HELPERS
        tone = {"font_color": book.muted} if helper else {}
        form = styled(book, num_format="0.000" if helper else pattern, **tone)
        for row, entry in enumerate(column.cells, start=head + 1):
            _entry(sheet, row, number, entry, styled(book, indent=1) if texts else form)
    for row, label in enumerate(data.labels, start=head + 1):
        write(sheet, row, 0, label, styled(book))


def _entry(
    sheet: "Worksheet", row: int, column: int, entry: Entry, shape: "Format"
) -> None:
    """Write one cell: nothing where a number is hidden."""
    if entry and isinstance(entry, str):
        write(sheet, row, column, entry, shape)
    elif isinstance(entry, Formula):
        text = entry.text.format(row=row + 1)
        sheet.write_formula(row, column, text, shape, entry.value)
    elif entry is not None and not isinstance(entry, str):
        sheet.write_number(row, column, entry, shape)


def _heat(book: Book, sheet: "Worksheet", first: int, block: ChartBlock) -> None:
    """Colour the numbers of a figure by their size."""
    last = first + len(block.rows) - 1
    scale = {
        "type": "2_color_scale",
        "min_type": "num",
        "min_value": 0,
        "min_color": book.look.colours["paper"],
        "max_color": book.look.colours["main"],
    }
    if block.maximum is not None:
        scale |= {"max_type": "num", "max_value": block.maximum}
    sheet.conditional_format(first, 1, last, len(block.series), scale)


def _chart(sketch: Sketch) -> "Chart":
    """Make a chart with its series, axes and title."""
    kind = sketch.block.kind
    shape = _SHAPES.get(kind, {"type": "bar", "subtype": "stacked"})
    chart = sketch.book.workbook.add_chart(shape)
    assert chart is not None
    drawers = {"scatter": points, "curve": curves}
    hidden = drawers.get(kind, draw)(sketch, chart)
    set_axes = two_axes if kind in TWO_AXES else _axes
    set_axes(sketch, chart)
    _title(sketch, chart)
    few = len(sketch.block.series) == 1 and kind != "lines"
    groups = {row.group for row in sketch.data.rows}
    few = few or kind == "scatter" or (kind == "curve" and len(groups) == 1)
    font = {"size": 9, "name": sketch.book.font}
    legend = {"position": "top", "delete_series": hidden, "font": font}
    chart.set_legend({"none": True} if few else legend)
    chart.show_blanks_as("gap")
    chart.set_chartarea({"border": {"none": True}})
    return chart


def _title(sketch: Sketch, chart: "Chart") -> None:
    """Set the title: the finding, from its cell."""
    colour = sketch.book.look.colours["ink"]
    font = {"size": 12, "bold": True, "color": colour, "name": sketch.book.font}
    chart.set_title({"name": one(sketch, sketch.head, 0), "name_font": font})


def _axes(sketch: Sketch, chart: "Chart") -> None:
    """Set the axes: rows from the top down, numbers at the foot."""
    block, look = sketch.block, sketch.book.look
    font = {"size": 9, "color": look.colours["ink"], "name": sketch.book.font}
    line = {"color": look.colours["rule"], "width": 0.75}
    numbers: dict[str, Any] = {"num_font": font, "line": {"none": True}}
    numbers["major_gridlines"] = {"visible": True, "line": line}
    numbers["num_format"] = _axis_format(block)
    largest = 1.0 if block.kind == "stacked" else block.maximum
    if largest is not None:
        numbers["max"] = largest
    if block.kind == "lines":
        chart.set_y_axis(numbers)
        chart.set_x_axis({"num_font": font, "line": line})
        return
    if block.kind in _AROUND_CENTRE:
        low, high = span(block, sketch.data)
        numbers |= {"min": low, "max": high, "crossing": CENTRE}
    if not _has_axis(block):
        numbers |= {"visible": False, "major_gridlines": {"visible": False}}
    chart.set_x_axis(numbers)
    chart.set_y_axis(
        {
            "reverse": True,
            "num_font": font,
            "line": line,
            "label_position": "low",
            "crossing": "max" if _has_axis(block) else None,
            "major_tick_mark": "none",
        }
    )


def _has_axis(block: ChartBlock) -> bool:
    """Say whether numbers stand along the axis; pads have no meaning there."""
    return block.kind in INTERVALS or block.kind == "stacked"


def _axis_format(block: ChartBlock) -> str:
    """Give the number format along the axis."""
    share = any("%" in value.text for row in block.rows for value in row.values)
    return "0%" if share else "General"

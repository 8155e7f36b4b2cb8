"""The series of a chart in a workbook: bars, stacks and lines with their intervals.

A label and a number in a chart are references to cells, so that no text of the data
is ever read as a formula, and a chart changes with its cells.
"""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from survey.report.document import ChartBlock, ChartRow
from survey.report.look import Look
from survey.report.xlsx_book import Book, plain
from survey.report.xlsx_columns import Data, DataColumn, Formula, letters, shown
from survey.report.xlsx_data import value_format
from survey.report.xlsx_pads import sides

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

_GAPS: Final = {"dots": 220, "funnel": 15}
_GAP: Final = 45
_READABLE_SHARE: Final = 0.045
_ROW_COLOURS: Final = {"net": "net", "total": "total", "dont_know": "reference"}
_LINES: Final = ("net", "proprietary", "open", "main", "total", "reference")


@dataclass(frozen=True, slots=True)
class Sketch:
    """A chart to be made: its cells, and where they stand."""

    book: Book
    sheet: str
    head: int
    block: ChartBlock
    data: Data


def draw(sketch: Sketch, chart: "Chart") -> list[int]:
    """Put the series into a chart.

    Parameters
    ----------
    sketch : Sketch
        What is drawn.
    chart : Chart
        Without series so far.

    Returns
    -------
    list of int
        Series that the legend leaves out.
    """
    parts = {"lines": _lines, "pairs": _pairs, "bars": _bars, "dots": _bars}
    return parts.get(sketch.block.kind, _stacks)(sketch, chart)


def cells(sketch: Sketch, first: int, last: int, column: int, end: int = -1) -> str:
    """Write a reference to cells.

    Parameters
    ----------
    sketch : Sketch
        The chart.
    first, last : int
        Rows, from 0.
    column, end : int
        First and last column, from 0; one column where there is no `end`.

    Returns
    -------
    str
        Such as ``='stage'!$B$21:$B$25``.
    """
    name = sketch.sheet.replace("'", "''")
    ends = letters(column), letters(column if end < 0 else end)
    return f"='{name}'!${ends[0]}${first + 1}:${ends[1]}${last + 1}"


def _column(sketch: Sketch, column: int) -> str:
    """Refer to all rows of a column."""
    first = sketch.head + 2
    return cells(sketch, first, first + len(sketch.data.rows) - 1, column)


def one(sketch: Sketch, row: int, column: int) -> str:
    """Refer to one cell.

    Parameters
    ----------
    sketch : Sketch
        The chart.
    row, column : int
        From 0.

    Returns
    -------
    str
        Such as ``='stage'!$A$20``.
    """
    return cells(sketch, row, row, column).partition(":")[0]


def _bars(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw one bar a row with its interval, and its text beyond the interval."""
    data, look = sketch.data, sketch.book.look
    at = 1 + data.place("value")
    fills = [{"fill": {"color": _row_colour(look, row)}} for row in data.rows]
    base = _base(sketch) | {"overlap": 100}
    chart.add_series(
        {
            **base,
            "name": one(sketch, sketch.head + 1, at),
            "values": _column(sketch, at),
            "fill": {"color": look.colour("main")},
            "points": fills,
            "y_error_bars": _error_bars(sketch, 0),
        }
    )
    labels = _labels_beyond(sketch, "at", "outside_end")
    chart.add_series({**labels, "overlap": 100})
    return [1]


def _labels_beyond(sketch: Sketch, key: str, position: str) -> dict[str, Any]:
    """Make a series that nobody sees, which carries the texts of the numbers."""
    texts = sketch.data.columns[sketch.data.place("text")].cells
    # A text with an exclamation mark could be taken for a reference to a sheet.
    custom = [{"value": plain(str(text)).replace("!", "") or " "} for text in texts]
    font = {"size": 9, "name": sketch.book.font}
    labels = {"value": True, "custom": custom, "position": position, "font": font}
    return _unseen(sketch, key, 0) | {"data_labels": labels}


def _unseen(sketch: Sketch, key: str, series: int) -> dict[str, Any]:
    """Make a series that nobody sees, in the legend neither."""
    column = 1 + sketch.data.place(key, series)
    gone = {"fill": {"none": True}, "border": {"none": True}, "name": " "}
    return {**_base(sketch), "values": _column(sketch, column), **gone}


def _error_bars(sketch: Sketch, series: int) -> dict[str, Any]:
    """Draw the intervals of a series, from the way to their ends."""
    data = sketch.data
    made: dict[str, Any] = {"type": "custom", "end_style": 0}
    for key in ("plus", "minus"):
        at = data.place(key, series)
        made[f"{key}_values"] = _column(sketch, 1 + at)
        made[f"{key}_data"] = _numbers(data.columns[at])
    return made | {"line": {"color": sketch.book.look.colours["ink"], "width": 1.25}}


def _numbers(column: DataColumn) -> list[float]:
    """Give the values of a column of formulas."""
    return [cell.value for cell in column.cells if isinstance(cell, Formula)]


def _pairs(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw bars beside each other, a colour for every series."""
    for n, series in enumerate(sketch.block.series):
        at = 1 + sketch.data.place("value", n)
        chart.add_series(
            {
                **_base(sketch),
                "name": one(sketch, sketch.head + 1, at),
                "values": _column(sketch, at),
                "fill": {"color": sketch.book.look.colour(series.role)},
                "y_error_bars": _error_bars(sketch, n),
            }
        )
    return []


def _stacks(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw parts of a row end to end, with pads that nobody sees."""
    order = _order(sketch.block)
    for number, (key, n) in enumerate(order):
        if key == "value":
            chart.add_series(_part(sketch, n))
        elif number < len(order) - 1:
            chart.add_series(_unseen(sketch, key, n))
        else:
            chart.add_series(_labels_beyond(sketch, key, "inside_base"))
    return []


def _order(block: ChartBlock) -> list[tuple[str, int]]:
    """Give the series of stacked bars from left to right."""
    if block.kind == "stacked":
        return [("value", n) for n in range(len(block.series))]
    if block.kind == "funnel":
        return [("pad", 0), ("value", 0), ("pad", 0)]
    left, middle, right, apart = sides(block)
    found = [("pad", 0), *(("value", n) for n in (*left, *middle, *right))]
    return found + ([("pad", 1), *(("value", n) for n in apart)] if apart else [])


def _base(sketch: Sketch) -> dict[str, Any]:
    """Give what all series of bars share: their rows, and the room between them."""
    gap = _GAPS.get(sketch.block.kind, _GAP)
    return {"categories": _column(sketch, 0), "gap": gap}


def _part(sketch: Sketch, n: int) -> dict[str, Any]:
    """Make one series of stacked bars, with numbers where they have room."""
    data, block = sketch.data, sketch.block
    at = 1 + data.place("value", n)
    fill = sketch.book.look.colour(block.series[n].role)
    font = {
        "size": 9,
        "color": sketch.book.look.text_colour(fill),
        "name": sketch.book.font,
    }
    narrow = [(shown(row.values[n]) or 0.0) < _READABLE_SHARE for row in data.rows]
    labels: dict[str, Any] = {"value": True, "position": "center", "font": font}
    labels["num_format"] = value_format(block, sketch.book.language)
    if any(narrow):
        labels["custom"] = [{"delete": True} if small else None for small in narrow]
    made = {
        **_base(sketch),
        "name": one(sketch, sketch.head + 1, at),
        "values": _column(sketch, at),
        "fill": {"color": fill},
        "border": {"color": sketch.book.look.colours["paper"], "width": 0.75},
    }
    return made if block.kind == "funnel" else {**made, "data_labels": labels}


def _lines(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw a line for every row, a point for every series."""
    data, count = sketch.data, len(sketch.block.series)
    heads = sketch.head + 1
    colours = _line_colours(sketch)
    for number, colour in enumerate(colours):
        row = heads + 1 + number
        line = {"color": colour, "width": 2}
        fill = {"color": colour}
        chart.add_series(
            {
                "name": one(sketch, row, 0),
                "categories": cells(sketch, heads, heads, 1, count),
                "values": cells(sketch, row, row, 1, count),
                "line": line,
                "marker": {"type": "circle", "size": 7, "fill": fill, "border": fill},
                "data_labels": _point_labels(sketch, colour),
                "y_error_bars": _bars_of_line(sketch, number, line),
            }
        )
    return list(data.continued)


def _point_labels(sketch: Sketch, colour: str) -> dict[str, Any]:
    """Say how the numbers of a line stand beside their points."""
    font = {"size": 9, "color": colour, "name": sketch.book.font}
    pattern = value_format(sketch.block, sketch.book.language)
    return {"value": True, "position": "right", "font": font, "num_format": pattern}


def _line_colours(sketch: Sketch) -> list[str]:
    """Give every line a colour, one that goes on the colour it had."""
    found: list[str] = []
    number = -1
    for row in range(len(sketch.data.rows)):
        number += row not in sketch.data.continued
        found.append(sketch.book.look.colour(_LINES[number % len(_LINES)]))
    return found


def _bars_of_line(sketch: Sketch, row: int, line: dict[str, Any]) -> dict[str, Any]:
    """Draw the intervals of a line."""
    data, count = sketch.data, len(sketch.block.series)
    made: dict[str, Any] = {"type": "custom", "line": {**line, "width": 1}}
    at = sketch.head + 2 + row
    for key in ("plus", "minus"):
        first = 1 + data.place(key)
        made[f"{key}_values"] = cells(sketch, at, at, first, first + count - 1)
        every = [_numbers(data.columns[first - 1 + n])[row] for n in range(count)]
        made[f"{key}_data"] = every
    return made


def _row_colour(look: Look, row: ChartRow) -> str:
    """Give the colour of a bar by what its row is."""
    return look.colour(_ROW_COLOURS.get(row.role, "main"))

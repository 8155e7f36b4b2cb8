"""Scatters and curves of a workbook, drawn from their cells on two axes."""

from typing import TYPE_CHECKING, Any, Final

from survey.report.axis_formats import axis_format
from survey.report.charts_curve import CURVES
from survey.report.charts_labels import Field, spots
from survey.report.charts_points import dot_look
from survey.report.charts_ticks import Axis, axes
from survey.report.charts_ticks import points as drawn_points
from survey.report.lettering import line_height, measure
from survey.report.xlsx_book import plain
from survey.report.xlsx_points import runs
from survey.report.xlsx_series import Sketch, cells, one

if TYPE_CHECKING:
    from xlsxwriter.chart import Chart

_NAMED: Final = 8
_POINTS: Final = 144
_FULL: Final = 100
_NAME_SIZE: Final = 8.0
_RADIUS: Final = 0.06
# Inches of the plot of a chart, about: programs lay it out themselves.
_PLOT: Final = (8.2, 4.0)


def points(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw a dot per row, and names beside the named ones.

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
    data, look = sketch.data, sketch.book.look
    first, last = sketch.head + 2, sketch.head + 1 + len(data.rows)
    radius, cover = dot_look(len(data.rows))
    tone = {"color": look.colour("main"), "transparency": round(_FULL * (1 - cover))}
    dot = _dot(max(round(_POINTS * radius), 4), tone)
    across = cells(sketch, first, last, 1)
    values = {"categories": across, "line": {"none": True}}
    chart.add_series({**values, "values": cells(sketch, first, last, 2), "marker": dot})
    named = [column.key for column in data.columns].count("named")
    if named:
        at = 1 + data.place("named")
        chart.add_series(
            {
                **values,
                "values": cells(sketch, first, last, at),
                "marker": _dot(_NAMED, {"color": look.colour("net")}),
                "data_labels": _names(sketch, at),
            }
        )
    _behind(sketch, chart)
    return []


def curves(sketch: Sketch, chart: "Chart") -> list[int]:
    """Draw a line per group.

    Parameters
    ----------
    sketch, chart
        As for `points`.

    Returns
    -------
    list of int
        Series that the legend leaves out: the line behind the others.
    """
    found = runs(sketch.data.rows)
    for number, (name, first, last) in enumerate(found):
        role, dashed, weight = CURVES[number % len(CURVES)]
        start, end = sketch.head + 2 + first, sketch.head + 2 + last
        line = {"color": sketch.book.look.colour(role), "width": weight}
        chart.add_series(
            {
                # A name that begins with an equals sign would be read as a reference.
                "name": plain(name).lstrip("=") or " ",
                "categories": cells(sketch, start, end, 1),
                "values": cells(sketch, start, end, 2),
                "line": {**line, "dash_type": "dash"} if dashed else line,
                "marker": {"type": "none"},
            }
        )
    _behind(sketch, chart)
    return [len(found)]


def two_axes(sketch: Sketch, chart: "Chart") -> None:
    """Set the axes of a chart of points.

    Parameters
    ----------
    sketch : Sketch
        What is drawn.
    chart : Chart
        With its series.
    """
    sides = axes(sketch.block)
    setters = (chart.set_x_axis, chart.set_y_axis)
    for n, (side, set_axis) in enumerate(zip(sides, setters, strict=True)):
        set_axis(_axis(sketch, side, n))


def _axis(sketch: Sketch, side: Axis, n: int) -> dict[str, Any]:
    """Describe one axis: its title is that of its column."""
    look, font = sketch.book.look, {"size": 9, "name": sketch.book.font}
    line = {"color": look.colours["rule"], "width": 0.75}
    made: dict[str, Any] = {
        "name": one(sketch, sketch.head + 1, 1 + n),
        "name_font": {**font, "bold": False},
        "num_font": font,
        "min": side.low,
        "max": side.high,
        "num_format": axis_format(side, sketch.block.language),
        "major_gridlines": {"visible": n == 1, "line": line},
        "label_position": "low",
        "crossing": "min",
    }
    if side.logarithmic:
        return made | {"log_base": 10}
    return made | {"major_unit": side.ticks[1][0] - side.ticks[0][0]}


def _dot(size: int, fill: dict[str, Any]) -> dict[str, Any]:
    """Describe a dot without an edge."""
    return {"type": "circle", "size": size, "fill": fill, "border": {"none": True}}


def _names(sketch: Sketch, at: int) -> dict[str, Any]:
    """Put the cell of its label beside every named point."""
    free = _free(sketch, at)
    custom = [
        {"value": one(sketch, sketch.head + 2 + n, 0)}
        if n in free
        else {"delete": True}
        for n in range(len(sketch.data.rows))
    ]
    font = {"size": _NAME_SIZE, "name": sketch.book.font}
    return {"value": True, "custom": custom, "position": "right", "font": font}


def _free(sketch: Sketch, at: int) -> set[int]:
    """Give the rows whose names stand clear of each other, right of their points."""
    across, up = axes(sketch.block)
    places = {n: (x, y) for n, x, y in drawn_points(sketch.block)}
    named = [
        n for n, v in enumerate(sketch.data.columns[at - 1].cells) if v is not None
    ]
    wide, high = _PLOT
    at_points = [
        (across.share(places[n][0]) * wide, up.share(places[n][1]) * high)
        for n in named
    ]
    labels = (sketch.data.labels[n] for n in named)
    sizes = [
        (measure(plain(one), _NAME_SIZE), line_height(_NAME_SIZE)) for one in labels
    ]
    field = Field((0.0, 0.0, wide, high), at_points, (), _RADIUS)
    found = spots(sizes, field, sides="r")
    return {n for n, spot in zip(named, found, strict=True) if spot is not None}


def _behind(sketch: Sketch, chart: "Chart") -> None:
    """Draw the thin line behind points or curves."""
    keys = [column.key for column in sketch.data.columns]
    if "line" not in keys:
        return
    at = 1 + sketch.data.place("line")
    first = sketch.head + 2
    last = first + len(sketch.data.columns[at - 1].cells) - 1
    tone = sketch.book.look.colour("reference")
    chart.add_series(
        {
            "name": " ",
            "categories": cells(sketch, first, last, at),
            "values": cells(sketch, first, last, at + 1),
            "line": {"color": tone, "width": 1.25, "dash_type": "dash"},
            "marker": {"type": "none"},
        }
    )

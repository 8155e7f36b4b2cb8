"""A plot as the XML of a native chart.

Labels print by the number format of their value; a text is written out only where
no number format prints it.
"""

from typing import Final

from survey.report.slides.chart_pieces import (
    labels,
    layout,
    letters_of,
    marker,
    numbered,
    numbers,
    series_name,
)
from survey.report.slides.drawing_xml import NAMESPACES, escaped, fill, line
from survey.report.slides.plots import INK, Plot, Point, Series
from survey.report.slides.points_xml import points_body
from survey.report.slides.room import FLOOR
from survey.report.slides.workbook import Places, reference

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AXES: Final = '<c:axId val="111111111"/><c:axId val="222222222"/>'
_MARKER: Final = 10
_HOLLOW: Final = 6
_THICK: Final = 2.5
_THIN: Final = 1.25
_NO_LINE: Final = "<a:ln><a:noFill/></a:ln>"


def chart_xml(plot: Plot, workbook: str = "rId1") -> bytes:
    """Write a plot as a chart of PowerPoint.

    Parameters
    ----------
    plot : Plot
        The chart.
    workbook : str, default "rId1"
        Relationship to its workbook.

    Returns
    -------
    bytes
        XML of the part of a chart.
    """
    bodies = {"bars": _bars, "lines": _lines, "points": points_body}
    body = bodies[plot.kind](plot)
    text = letters_of(plot.size, INK)
    return (
        f"{_HEAD}<c:chartSpace {NAMESPACES}>"
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{layout(plot.box)}{body}</c:plotArea>{_legend(plot)}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text}"
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    ).encode()


def _bars(plot: Plot) -> str:
    """Write bars."""
    grouping = "stacked" if plot.stacked else "clustered"
    found = "".join(_bar(plot, *one) for one in numbered(plot))
    return (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/>'
        f'<c:varyColors val="0"/>{found}<c:gapWidth val="{plot.gap}"/>'
        f'<c:overlap val="{plot.overlap}"/>{_AXES}</c:barChart>'
        f"{_label_axis(plot, 'l', 'maxMin')}{_value_axis(plot, 't')}"
    )


def _lines(plot: Plot) -> str:
    """Write lines."""
    found = "".join(_line(plot, *one) for one in numbered(plot))
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{found}<c:marker val="1"/>{_AXES}</c:lineChart>'
        f"{_label_axis(plot, 'b', 'minMax')}{_value_axis(plot, 'l')}"
    )


def _bar(plot: Plot, number: int, series: Series, at: Places) -> str:
    """Write one series of bars."""
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{_shape(point)}</c:dPt>"
        for i, point in series.points.items()
    )
    return (
        f"<c:ser>{series_name(number, series, at)}{_shape(Point(series.fill))}"
        f'<c:invertIfNegative val="0"/>{points}{labels(plot, series)}'
        f"{_intervals(series, at)}{_categories(plot)}"
        f"<c:val>{numbers(series.values, at.values)}</c:val></c:ser>"
    )


def _line(plot: Plot, number: int, series: Series, at: Places) -> str:
    """Write one line."""
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/>'
        f"{marker(series, point.fill, point.line or point.fill)}"
        f'<c:bubble3D val="0"/>{_segment(series, point)}</c:dPt>'
        for i, point in series.points.items()
    )
    return (
        f"<c:ser>{series_name(number, series, at)}{_stroke(series)}"
        f"{marker(series, series.fill, series.fill)}{points}{labels(plot, series)}"
        f"{_intervals(series, at, 'y')}{_categories(plot)}"
        f"<c:val>{numbers(series.values, at.values)}</c:val>"
        '<c:smooth val="0"/></c:ser>'
    )


def _stroke(series: Series) -> str:
    """Draw the line of a series, or none where points are not joined."""
    weight = series.weight if series.fill else 0.0
    drawn = line(series.fill, weight, series.dash) if weight else _NO_LINE
    return f"<c:spPr>{drawn}</c:spPr>"


def _segment(series: Series, point: Point) -> str:
    """Draw the line that ends at a point, or none."""
    return _stroke(series) if point.joined else f"<c:spPr>{_NO_LINE}</c:spPr>"


def _categories(plot: Plot) -> str:
    """Write the labels of the rows."""
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{escaped(text)}</c:v></c:pt>'
        for i, text in enumerate(plot.shown)
    )
    rows = len(plot.shown)
    return (
        f"<c:cat><c:strRef><c:f>{reference(0, rows)}</c:f><c:strCache>"
        f'<c:ptCount val="{rows}"/>{points}</c:strCache></c:strRef></c:cat>'
    )


def _intervals(series: Series, at: Places, direction: str = "") -> str:
    """Write the intervals."""
    if series.dot:
        return _dots(series)
    if at.minus < 0:
        return ""
    way = f'<c:errDir val="{direction}"/>' if direction else ""
    drawn = line(series.tone, _THICK) if series.tone else line(INK, _THIN)
    if direction:
        # That of a line has its colour, or nobody could tell whose it is.
        drawn = line(series.fill, _THIN)
    return (
        f'<c:errBars>{way}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="{int(bool(series.tone or direction))}"/>'
        f"<c:plus>{numbers(series.plus, at.plus)}</c:plus>"
        f"<c:minus>{numbers(series.minus, at.minus)}</c:minus>"
        f"<c:spPr>{drawn}</c:spPr></c:errBars>"
    )


def _dots(series: Series) -> str:
    """Draw a dot at the end of every bar: an interval as long as it is thick."""
    size = _MARKER if series.shared else _HOLLOW
    return (
        '<c:errBars><c:errBarType val="both"/><c:errValType val="fixedVal"/>'
        f'<c:noEndCap val="1"/><c:val val="{float(series.dot)!r}"/>'
        f"<c:spPr>{line(series.tone, size)}</c:spPr></c:errBars>"
    )


def _label_axis(plot: Plot, side: str, order: str) -> str:
    """Write the axis of labels."""
    return (
        f'<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="{order}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{side}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line('muted', 1)}</c:spPr>{letters_of(plot.size, INK)}"
        f'<c:crossAx val="222222222"/><c:crossesAt val="{float(plot.crosses)!r}"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="50"/>'
        '<c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(plot: Plot, side: str) -> str:
    """Write the axis of values, which is not seen."""
    return _scale_axis("222222222", side, plot.low, plot.high, between=_between(plot))


def _between(plot: Plot) -> str:
    """Say where points of an axis of labels stand: lines go from edge to edge."""
    edges = plot.kind == "lines" and len(plot.labels) > 1
    return "midCat" if edges else "between"


def _scale_axis(own: str, side: str, low: float, high: float, *, between: str) -> str:
    """Write an axis of numbers that is not seen."""
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{float(high)!r}"/><c:min val="{float(low)!r}"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{side}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        '<c:crossAx val="111111111"/><c:crosses val="autoZero"/>'
        f'<c:crossBetween val="{between}"/></c:valAx>'
    )


def _legend(plot: Plot) -> str:
    """Write the legend. Series that are not seen have no name, so they leave a gap."""
    if not plot.legend:
        return ""
    unnamed = "".join(
        f'<c:legendEntry><c:idx val="{number}"/><c:delete val="1"/></c:legendEntry>'
        for number, series in enumerate(plot.series)
        if plot.kind == "points" and not series.legend
    )
    return (
        f'<c:legend><c:legendPos val="t"/>{unnamed}{layout(plot.key, "")}'
        '<c:overlay val="0"/>'
        f"{letters_of(FLOOR + 1, INK)}</c:legend>"
    )


def _shape(point: Point) -> str:
    """Draw a bar."""
    edge = line(point.line, 1.5) if point.line else "<a:ln><a:noFill/></a:ln>"
    return f"<c:spPr>{fill(point.fill)}{edge}</c:spPr>"

"""A plot as the XML of a native chart.

Labels print by the number format of their value; a text is written out only where
no number format prints it.
"""

from collections.abc import Sequence
from typing import Final

from survey.report.slides.drawing_xml import NAMESPACES, escaped, fill, letters, line
from survey.report.slides.plots import INK, Label, Plot, Point, Series
from survey.report.slides.room import FLOOR
from survey.report.slides.workbook import SHEET, Places, places, reference
from survey.report.slides.workbook import letters as column_letters

_HEAD: Final = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_AXES: Final = '<c:axId val="111111111"/><c:axId val="222222222"/>'
_INNER: Final = '<c:layoutTarget val="inner"/>'
_MARKER: Final = 10
_HOLLOW: Final = 6
_THICK: Final = 2.5
# Without this, LibreOffice draws a line from a bar to a label that was moved.
_NO_LEADERS: Final = (
    '<c:extLst><c:ext uri="{CE6537A1-D6FC-4f65-9D91-7224C49458BB}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="0"/></c:ext></c:extLst>'
)
_SHOWN: Final = (
    '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/>'
    '<c:showSerName val="0"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


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
    body = _bars(plot) if plot.kind == "bars" else _lines(plot)
    text = _text(plot.size, INK)
    return (
        f"{_HEAD}<c:chartSpace {NAMESPACES}>"
        '<c:date1904 val="0"/><c:roundedCorners val="0"/><c:chart>'
        '<c:autoTitleDeleted val="1"/>'
        f"<c:plotArea>{_box(plot.box)}{body}</c:plotArea>{_legend(plot)}"
        '<c:plotVisOnly val="1"/><c:dispBlanksAs val="gap"/></c:chart>'
        f"<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>{text}"
        f'<c:externalData r:id="{workbook}"><c:autoUpdate val="0"/></c:externalData>'
        "</c:chartSpace>"
    ).encode()


def _bars(plot: Plot) -> str:
    """Write bars."""
    grouping = "stacked" if plot.stacked else "clustered"
    found = "".join(_bar(plot, *one) for one in _numbered(plot))
    return (
        f'<c:barChart><c:barDir val="bar"/><c:grouping val="{grouping}"/>'
        f'<c:varyColors val="0"/>{found}<c:gapWidth val="{plot.gap}"/>'
        f'<c:overlap val="{plot.overlap}"/>{_AXES}</c:barChart>'
        f"{_label_axis(plot, 'l', 'maxMin')}{_value_axis(plot, 't')}"
    )


def _lines(plot: Plot) -> str:
    """Write lines."""
    found = "".join(_line(plot, *one) for one in _numbered(plot))
    return (
        '<c:lineChart><c:grouping val="standard"/><c:varyColors val="0"/>'
        f'{found}<c:marker val="1"/>{_AXES}</c:lineChart>'
        f"{_label_axis(plot, 'b', 'minMax')}{_value_axis(plot, 'l')}"
    )


def _numbered(plot: Plot) -> list[tuple[int, Series, Places]]:
    """Give number, series and columns of every series."""
    pairs = zip(plot.series, places(plot), strict=True)
    return [(number, series, at) for number, (series, at) in enumerate(pairs)]


def _bar(plot: Plot, number: int, series: Series, at: Places) -> str:
    """Write one series of bars."""
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/><c:invertIfNegative val="0"/><c:bubble3D val="0"/>'
        f"{_shape(point)}</c:dPt>"
        for i, point in series.points.items()
    )
    return (
        f"<c:ser>{_name(number, series, at)}{_shape(Point(series.fill))}"
        f'<c:invertIfNegative val="0"/>{points}{_labels(plot, series)}'
        f"{_intervals(series, at)}{_categories(plot)}"
        f"<c:val>{_numbers(series.values, at.values)}</c:val></c:ser>"
    )


def _line(plot: Plot, number: int, series: Series, at: Places) -> str:
    """Write one line."""
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/>{_marker(point.fill, point.line or point.fill)}'
        f'<c:bubble3D val="0"/>{_segment(series, point)}</c:dPt>'
        for i, point in series.points.items()
    )
    return (
        f"<c:ser>{_name(number, series, at)}<c:spPr>{line(series.fill, 2.5)}</c:spPr>"
        f"{_marker(series.fill, series.fill)}{points}{_labels(plot, series)}"
        f"{_intervals(series, at, 'y')}{_categories(plot)}"
        f"<c:val>{_numbers(series.values, at.values)}</c:val>"
        '<c:smooth val="0"/></c:ser>'
    )


def _segment(series: Series, point: Point) -> str:
    """Draw the line that ends at a point, or none."""
    drawn = line(series.fill, 2.5) if point.joined else "<a:ln><a:noFill/></a:ln>"
    return f"<c:spPr>{drawn}</c:spPr>"


def _name(number: int, series: Series, at: Places) -> str:
    """Write number and name of a series."""
    cell = f"{SHEET}!${column_letters(at.values)}$1"
    return (
        f'<c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef>'
        f'<c:f>{cell}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{escaped(series.name) or ' '}</c:v></c:pt></c:strCache></c:strRef>"
        "</c:tx>"
    )


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


def _numbers(values: Sequence[float | None], column: int) -> str:
    """Write numbers; there is no point where there is none."""
    points = "".join(
        f'<c:pt idx="{i}"><c:v>{float(value)!r}</c:v></c:pt>'
        for i, value in enumerate(values)
        if value is not None
    )
    return (
        f"<c:numRef><c:f>{reference(column, len(values))}</c:f><c:numCache>"
        f'<c:formatCode>General</c:formatCode><c:ptCount val="{len(values)}"/>'
        f"{points}</c:numCache></c:numRef>"
    )


def _intervals(series: Series, at: Places, direction: str = "") -> str:
    """Write the intervals."""
    if series.dot:
        return _dots(series)
    if at.minus < 0:
        return ""
    way = f'<c:errDir val="{direction}"/>' if direction else ""
    drawn = line(series.tone, _THICK) if series.tone else line(INK, 1.25)
    return (
        f'<c:errBars>{way}<c:errBarType val="both"/><c:errValType val="cust"/>'
        f'<c:noEndCap val="{int(bool(series.tone))}"/>'
        f"<c:plus>{_numbers(series.plus, at.plus)}</c:plus>"
        f"<c:minus>{_numbers(series.minus, at.minus)}</c:minus>"
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


def _labels(plot: Plot, series: Series) -> str:
    """Write the labels of the points that have one."""
    made = "".join(
        _label(plot, number, label)
        for number, label in enumerate(series.labels)
        if label is not None
    )
    return f"<c:dLbls>{made}{_SHOWN.format(0)}{_NO_LEADERS}</c:dLbls>"


def _label(plot: Plot, number: int, label: Label) -> str:
    """Write one label: by number format, or as the text that it is."""
    moved = (
        f'<c:layout><c:manualLayout><c:x val="{label.shift:.5f}"/><c:y val="0"/>'
        "</c:manualLayout></c:layout>"
        if label.shift
        else ""
    )
    style = letters(plot.size, label.colour, bold=label.bold)
    words = (
        f'<c:tx><c:rich><a:bodyPr wrap="none"/><a:lstStyle/><a:p><a:r>{style}'
        f"<a:t>{escaped(label.text)}</a:t></a:r></a:p></c:rich></c:tx>"
        if label.text
        else ""
    )
    code = escaped(label.number_format)
    return (
        f'<c:dLbl><c:idx val="{number}"/>{moved}{words}'
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{_text(plot.size, label.colour, bold=label.bold)}"
        f'<c:dLblPos val="{label.position}"/>{_SHOWN.format(1)}</c:dLbl>'
    )


def _label_axis(plot: Plot, side: str, order: str) -> str:
    """Write the axis of labels."""
    return (
        f'<c:catAx><c:axId val="111111111"/><c:scaling><c:orientation val="{order}"/>'
        f'</c:scaling><c:delete val="0"/><c:axPos val="{side}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="low"/>'
        f"<c:spPr>{line('muted', 1)}</c:spPr>{_text(plot.size, INK)}"
        f'<c:crossAx val="222222222"/><c:crossesAt val="{float(plot.crosses)!r}"/>'
        '<c:auto val="0"/><c:lblAlgn val="ctr"/><c:lblOffset val="50"/>'
        '<c:tickLblSkip val="1"/>'
        '<c:noMultiLvlLbl val="1"/></c:catAx>'
    )


def _value_axis(plot: Plot, side: str) -> str:
    """Write the axis of values, which is not seen."""
    return _scale_axis("222222222", side, plot.low, plot.high, "111111111")


def _scale_axis(
    own: str, side: str, low: float, high: float, other: str, at: float | None = None
) -> str:
    """Write an axis of numbers that is not seen."""
    crosses = '<c:crosses val="autoZero"/>'
    if at is not None:
        crosses = f'<c:crossesAt val="{float(at)!r}"/>'
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling><c:orientation val="minMax"/>'
        f'<c:max val="{float(high)!r}"/><c:min val="{float(low)!r}"/></c:scaling>'
        f'<c:delete val="1"/><c:axPos val="{side}"/>'
        '<c:numFmt formatCode="General" sourceLinked="0"/><c:majorTickMark val="none"/>'
        '<c:minorTickMark val="none"/><c:tickLblPos val="none"/>'
        f'<c:crossAx val="{other}"/>{crosses}<c:crossBetween val="between"/></c:valAx>'
    )


def _legend(plot: Plot) -> str:
    """Write the legend. Series that are not seen have no name, so they leave a gap."""
    if not plot.legend:
        return ""
    return (
        f'<c:legend><c:legendPos val="t"/>{_box(plot.key, "")}<c:overlay val="0"/>'
        f"{_text(FLOOR + 1, INK)}</c:legend>"
    )


def _box(box: tuple[float, float, float, float], target: str = _INNER) -> str:
    """Place the plot or the legend in the chart."""
    values = "".join(
        f'<c:{name} val="{share:.5f}"/>'
        for name, share in zip("xywh", box, strict=True)
    )
    return (
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/>'
        f'<c:yMode val="edge"/>{values}</c:manualLayout></c:layout>'
    )


def _shape(point: Point) -> str:
    """Draw a bar."""
    edge = line(point.line, 1.5) if point.line else "<a:ln><a:noFill/></a:ln>"
    return f"<c:spPr>{fill(point.fill)}{edge}</c:spPr>"


def _marker(inner: str, edge: str) -> str:
    """Draw a dot."""
    return (
        f'<c:marker><c:symbol val="circle"/><c:size val="{_MARKER}"/>'
        f"<c:spPr>{fill(inner)}{line(edge, 1.5)}</c:spPr></c:marker>"
    )


def _text(size: float, colour: str, *, bold: bool = False) -> str:
    """Describe the letters of a part of the chart."""
    look = letters(size, colour, bold=bold, name="defRPr")
    return (
        f"<c:txPr><a:bodyPr/><a:lstStyle/><a:p><a:pPr>{look}</a:pPr>"
        '<a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )

"""Pieces of native charts that every kind has: names, numbers, labels, places, dots.

Every text goes through `escaped`.
"""

from collections.abc import Sequence
from typing import Final

from survey.report.slides.drawing_xml import escaped, fill, letters, line
from survey.report.slides.plots import Label, Plot, Series
from survey.report.slides.workbook import SHEET, Places, places, reference
from survey.report.slides.workbook import letters as column_letters

INNER: Final = '<c:layoutTarget val="inner"/>'
# LibreOffice draws a line from a bar to a label that was moved unless this says no.
_LEADERS: Final = (
    '<c:extLst><c:ext uri="{{CE6537A1-D6FC-4f65-9D91-7224C49458BB}}" '
    'xmlns:c15="http://schemas.microsoft.com/office/drawing/2012/chart">'
    '<c15:showLeaderLines val="{}"/></c:ext></c:extLst>'
)
_SHOWN: Final = (
    '<c:showLegendKey val="0"/><c:showVal val="{}"/><c:showCatName val="0"/>'
    '<c:showSerName val="{}"/><c:showPercent val="0"/><c:showBubbleSize val="0"/>'
)


def numbered(plot: Plot) -> list[tuple[int, Series, Places]]:
    """Give number, series and columns of every series."""
    pairs = zip(plot.series, places(plot), strict=True)
    return [(number, series, at) for number, (series, at) in enumerate(pairs)]


def series_name(number: int, series: Series, at: Places) -> str:
    """Write number and name of a series."""
    cell = f"{SHEET}!${column_letters(at.values)}$1"
    return (
        f'<c:idx val="{number}"/><c:order val="{number}"/><c:tx><c:strRef>'
        f'<c:f>{cell}</c:f><c:strCache><c:ptCount val="1"/><c:pt idx="0">'
        f"<c:v>{escaped(series.name) or ' '}</c:v></c:pt></c:strCache></c:strRef>"
        "</c:tx>"
    )


def numbers(values: Sequence[float | None], column: int) -> str:
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


def labels(plot: Plot, series: Series) -> str:
    """Write the labels of the points that have one."""
    made = "".join(
        _label(plot, number, label)
        for number, label in enumerate(series.labels)
        if label is not None
    )
    leaders = _LEADERS.format(int(plot.kind != "bars"))
    return f"<c:dLbls>{made}{_SHOWN.format(0, 0)}{leaders}</c:dLbls>"


def _label(plot: Plot, number: int, label: Label) -> str:
    """Write one label: by number format, or as the text that it is."""
    moved = (
        f'<c:layout><c:manualLayout><c:x val="{label.shift:.5f}"/>'
        f'<c:y val="{label.drop:.5f}"/></c:manualLayout></c:layout>'
        if label.shift or label.drop
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
    shown = _SHOWN.format(1, int(label.named))
    if label.named:
        shown += "<c:separator>  </c:separator>"
    return (
        f'<c:dLbl><c:idx val="{number}"/>{moved}{words}'
        f'<c:numFmt formatCode="{code}" sourceLinked="0"/>'
        "<c:spPr><a:noFill/><a:ln><a:noFill/></a:ln></c:spPr>"
        f"{letters_of(plot.size, label.colour, bold=label.bold, wrap='none')}"
        f'<c:dLblPos val="{label.position}"/>{shown}</c:dLbl>'
    )


def layout(box: tuple[float, float, float, float], target: str = INNER) -> str:
    """Place the plot or the legend in the chart."""
    values = "".join(
        f'<c:{name} val="{share:.5f}"/>'
        for name, share in zip("xywh", box, strict=True)
    )
    return (
        f'<c:layout><c:manualLayout>{target}<c:xMode val="edge"/>'
        f'<c:yMode val="edge"/>{values}</c:manualLayout></c:layout>'
    )


def marker(series: Series, inner: str, edge: str) -> str:
    """Draw the mark of a point; one that lets others shine through has no edge."""
    if series.symbol == "none":
        return '<c:marker><c:symbol val="none"/></c:marker>'
    ground, around = fill(inner), line(edge, 1.5)
    if series.cover < 1:
        shine = f'<a:alpha val="{round(series.cover * 100_000)}"/>'
        ground = ground.replace(
            "/></a:solidFill>", f">{shine}</a:srgbClr></a:solidFill>"
        )
        around = "<a:ln><a:noFill/></a:ln>"
    return (
        f'<c:marker><c:symbol val="{series.symbol}"/><c:size val="{series.size}"/>'
        f"<c:spPr>{ground}{around}</c:spPr></c:marker>"
    )


def letters_of(
    size: float, colour: str, *, bold: bool = False, wrap: str = "square"
) -> str:
    """Describe the letters of a part of the chart."""
    look = letters(size, colour, bold=bold, name="defRPr")
    return (
        f'<c:txPr><a:bodyPr wrap="{wrap}"/><a:lstStyle/>'
        f"<a:p><a:pPr>{look}</a:pPr>"
        '<a:endParaRPr lang="en-US"/></a:p></c:txPr>'
    )

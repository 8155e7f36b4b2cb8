"""Points and curves on two axes of numbers, as the XML of a native chart."""

from typing import Final

from survey.report.slides.chart_pieces import (
    labels,
    letters_of,
    marker,
    numbered,
    numbers,
    series_name,
)
from survey.report.slides.drawing_xml import escaped, letters, line
from survey.report.slides.plots import INK, PAPER, Plot, Scale, Series
from survey.report.slides.workbook import ACROSS, Places

_X: Final = "111111111"
_Y: Final = "222222222"
_BASE: Final = 10


def points_body(plot: Plot) -> str:
    """Write points with their axes.

    Parameters
    ----------
    plot : Plot
        A chart of points.

    Returns
    -------
    str
        XML of a scatter chart and two axes.
    """
    found = "".join(_series(plot, *one) for one in numbered(plot))
    across, up = plot.scales
    return (
        '<c:scatterChart><c:scatterStyle val="lineMarker"/><c:varyColors val="0"/>'
        f'{found}<c:axId val="{_X}"/><c:axId val="{_Y}"/></c:scatterChart>'
        f"{_axis(plot, across, _X, 'b')}{_axis(plot, up, _Y, 'l')}"
    )


def _series(plot: Plot, number: int, series: Series, at: Places) -> str:
    """Write one series of points."""
    drawn = "<a:ln><a:noFill/></a:ln>"
    if series.weight:
        drawn = line(series.fill, series.weight, series.dash)
    points = "".join(
        f'<c:dPt><c:idx val="{i}"/>{marker(series, point.fill, point.line)}'
        '<c:bubble3D val="0"/></c:dPt>'
        for i, point in series.points.items()
    )
    return (
        f"<c:ser>{series_name(number, series, at)}<c:spPr>{drawn}</c:spPr>"
        f"{marker(series, series.fill, series.tone or PAPER)}{points}"
        f"{labels(plot, series)}<c:xVal>{numbers(plot.across, ACROSS)}</c:xVal>"
        f"<c:yVal>{numbers(series.values, at.values)}</c:yVal>"
        '<c:smooth val="0"/></c:ser>'
    )


def _axis(plot: Plot, scale: Scale, own: str, side: str) -> str:
    """Write an axis of numbers with its title."""
    base = f'<c:logBase val="{_BASE}"/>' if scale.logarithmic else ""
    rules = line(scale.rule, 0.75)
    grid = (
        ""
        if side == "b"
        else f"<c:majorGridlines><c:spPr>{rules}</c:spPr></c:majorGridlines>"
    )
    step = _BASE if scale.logarithmic else scale.step
    other = _Y if own == _X else _X
    return (
        f'<c:valAx><c:axId val="{own}"/><c:scaling>{base}'
        f'<c:orientation val="minMax"/><c:max val="{float(scale.high)!r}"/>'
        f'<c:min val="{float(scale.low)!r}"/></c:scaling><c:delete val="0"/>'
        f'<c:axPos val="{side}"/>{grid}{_title(scale, plot.size, side)}'
        f'<c:numFmt formatCode="{escaped(scale.number_format)}" sourceLinked="0"/>'
        '<c:majorTickMark val="out"/><c:minorTickMark val="none"/>'
        f'<c:tickLblPos val="low"/><c:spPr>{line("muted", 1)}</c:spPr>'
        f'{letters_of(plot.size, INK)}<c:crossAx val="{other}"/>'
        '<c:crosses val="min"/><c:crossBetween val="midCat"/>'
        f'<c:majorUnit val="{float(step)!r}"/></c:valAx>'
    )


def _title(scale: Scale, size: float, side: str) -> str:
    """Write the title of an axis."""
    if not scale.title:
        return ""
    turn = ' rot="-5400000" vert="horz"' if side == "l" else ""
    look = letters(size, INK)
    return (
        f"<c:title><c:tx><c:rich><a:bodyPr{turn}/><a:lstStyle/><a:p><a:pPr>"
        f"{letters(size, INK, name='defRPr')}</a:pPr><a:r>{look}"
        f"<a:t>{escaped(scale.title)}</a:t></a:r></a:p></c:rich></c:tx>"
        '<c:overlay val="0"/></c:title>'
    )

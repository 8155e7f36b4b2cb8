"""The figure of a slide: a chart that can be edited, or a table."""

from typing import Final

from survey.report.charts_ticks import TWO_AXES
from survey.report.document import ChartBlock
from survey.report.look import Look
from survey.report.slides.bar_plots import bars, funnel
from survey.report.slides.deck import Box
from survey.report.slides.line_plots import lines
from survey.report.slides.plan import Slide
from survey.report.slides.plots import Plot
from survey.report.slides.point_plots import dots
from survey.report.slides.room import room, row_label
from survey.report.slides.stacked_plots import around, diverging, stacked
from survey.report.slides.state_grid import state_grid
from survey.report.slides.tables import Grid, heat_grid, table_grid
from survey.report.slides.xy_plots import curve, scatter
from survey.report.style import clean

_PLANS: Final = {
    "bars": bars,
    "pairs": bars,
    "funnel": funnel,
    "stacked": stacked,
    "scale": around,
    "diverging": diverging,
    "dots": dots,
    "lines": lines,
    "scatter": scatter,
    "curve": curve,
}


def figure(slide: Slide, box: Box, look: Look) -> Plot | Grid | None:
    """Plan the figure of a slide.

    Parameters
    ----------
    slide : Slide
        What the slide says.
    box : tuple of float
        Left, top, width and height in inches.
    look : Look
        Colours of the house.

    Returns
    -------
    Plot, Grid or None
        A chart, a table, or nothing: a slide of text, or a table that does not fit.
    """
    if slide.table is not None:
        return table_grid(slide.table, box)
    chart = slide.chart
    if chart is None:
        return None
    if chart.kind == "heat":
        return heat_grid(chart, slide.rows, box, look)
    if chart.kind == "states":
        return state_grid(chart, slide.rows, box, look)
    alone = chart.kind == "dots" or (chart.kind == "bars" and len(chart.series) == 1)
    if chart.kind in TWO_AXES:
        size = box[2], box[3]
        return _PLANS[chart.kind](chart, slide.rows, room([], [], size, look))
    labels = [clean(row.label) if alone else row_label(row) for row in slide.rows]
    size = box[2], box[3]
    space = room(labels, _legend(chart), size, look, head=head(chart))
    return _PLANS[chart.kind](chart, slide.rows, space)


def head(chart: ChartBlock) -> str:
    """Give the head above the texts at the right end of the rows.

    Parameters
    ----------
    chart : ChartBlock
        A figure.

    Returns
    -------
    str
        Empty where there are no such texts.
    """
    beside = chart.kind in {"bars", "stacked", "scale", "diverging", "funnel", "dots"}
    single = chart.kind != "bars" or len(chart.series) == 1
    texts = any(row.side_text for row in chart.rows)
    return clean(chart.side_head) if beside and single and texts else ""


def _legend(chart: ChartBlock) -> list[str]:
    """Give the names in the legend."""
    if chart.kind == "lines":
        return []
    return [series.label for series in chart.series]

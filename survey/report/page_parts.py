"""A figure that is too tall for a page of the report, in parts that can be read.

Every part has the same axis, so that lengths can be compared from page to page.
"""

from dataclasses import replace
from math import ceil
from typing import Final

from survey.report.charts import layout
from survey.report.charts_bars import bar_scale, end_of
from survey.report.charts_frame import surround
from survey.report.charts_ticks import TWO_AXES
from survey.report.document import ChartBlock
from survey.report.look import HOUSE, Look
from survey.report.marks import Words

PAGE: Final = (170 / 25.4, 205 / 25.4)
"""Inches that a page of the report has for a figure."""

SMALLEST: Final = 6.5
"""Points of the smallest letters on a page."""


def page_parts(block: ChartBlock, look: Look = HOUSE) -> tuple[ChartBlock, ...]:
    """Split a figure until its letters can be read on a page of the report.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    look : Look
        Typefaces.

    Returns
    -------
    tuple of ChartBlock
        The figure itself where it fits, else parts with as even a number of rows as
        possible, in their order.

    Examples
    --------
    >>> from survey.report.document import ChartRow, ChartSeries, ChartValue
    >>> row = ChartRow("Cost", (ChartValue(0.5, "50%"),) * 2)
    >>> series = (ChartSeries("A"), ChartSeries("B", "other"))
    >>> whole = ChartBlock("b", "pairs", "", "", series, (row,) * 40, (), "")
    >>> [len(part.rows) for part in page_parts(whole)]
    [20, 20]
    """
    if block.kind in TWO_AXES or _is_legible(block, look):
        return (block,)
    whole = replace(block, maximum=_common_end(block, look))
    for count in range(2, len(block.rows)):
        made = _split(whole, count)
        if all(_is_legible(part, look) for part in made):
            return made
    return _split(whole, max(len(block.rows), 1))


def _is_legible(block: ChartBlock, look: Look) -> bool:
    """Say whether a figure can be read when it is as large as a page allows."""
    drawing = layout(block, look, bare=True)
    scale = min(PAGE[0] / drawing.width, PAGE[1] / drawing.height)
    sizes = [mark.size for mark in drawing.marks if isinstance(mark, Words)]
    return scale * min(sizes, default=SMALLEST / scale) >= SMALLEST


def _split(block: ChartBlock, count: int) -> tuple[ChartBlock, ...]:
    """Split the rows of a figure into parts."""
    most = ceil(len(block.rows) / count)
    starts = range(0, len(block.rows), max(most, 1))
    return tuple(replace(block, rows=block.rows[at : at + most]) for at in starts)


def _common_end(block: ChartBlock, look: Look) -> float | None:
    """Give the end of the axis of the whole figure."""
    if block.kind in ("bars", "pairs"):
        frame, _ = surround(block, (), look, bare=True)
        scale = bar_scale(block, frame)
        return (frame.right - frame.left) / scale if scale else block.maximum
    ends = (end_of(value) for row in block.rows for value in row.values)
    return max([block.maximum or 0.0, *ends]) or None

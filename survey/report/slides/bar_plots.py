"""Bars, pairs and funnels as native charts: one row per answer, intervals as lines."""

from collections.abc import Sequence
from typing import Final

from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.slides.number_formats import number_format
from survey.report.slides.plots import INK, PAPER, Label, Plot, Point, Series
from survey.report.slides.room import (
    Room,
    axis_end,
    end,
    row_label,
    shortened,
    side_width,
)
from survey.report.style import clean

_OWN_ROLES: Final = ("net", "total", "dont_know")
_FULL: Final = 100
_NOTHING: Final = 1e-9


def bars(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a bar per row, or two in a figure of pairs.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        The rows that this slide shows.
    space : Room
        Room of the chart.

    Returns
    -------
    Plot
        Numbers stand beyond the intervals.
    """
    paired = len(block.series) > 1
    side = 0.0 if paired else side_width(block, space.size)
    high = axis_end(block, space, side)
    share = space.plot / space.width / high
    labels = tuple(_with_side(row) if paired else clean(row.label) for row in rows)
    columns = tuple(
        _column(series, number, rows, space, share)
        for number, series in enumerate(block.series)
    )
    return Plot(
        "bars",
        labels,
        tuple(shortened(label, space) for label in labels),
        (*columns, *(() if paired else margins(block, rows, high))),
        overlap=0 if paired else _FULL,
        gap=40 if paired else space.gap(len(rows), 50),
        high=high,
        box=space.box,
        key=space.key,
        size=space.size,
    )


def funnel(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a centred bar per stage.

    Parameters
    ----------
    block, rows, space
        As for `bars`.

    Returns
    -------
    Plot
        A column that is not seen centres the bars.
    """
    values = tuple(row.values[0].estimate for row in rows)
    widest = max((row.values[0].estimate or 0.0 for row in block.rows), default=0.0)
    widest = widest or 1.0
    high = widest * space.plot / (space.plot - side_width(block, space.size))
    before = tuple(None if v is None else (widest - v) / 2 for v in values)
    fill = space.look.colour(block.series[0].role)
    texts = tuple(
        number_label(row.values[0], position="ctr", colour=space.look.text_colour(fill))
        for row in rows
    )
    column = Series(clean(block.series[0].label), values, fill, texts)
    labels = tuple(row_label(row) for row in rows)
    used = [widest if v is None else (widest + v) / 2 for v in values]
    return Plot(
        "bars",
        labels,
        tuple(shortened(label, space) for label in labels),
        (
            Series(" ", before, legend=False),
            column,
            *beside(block, rows, high, used),
        ),
        stacked=True,
        overlap=_FULL,
        gap=15,
        high=high,
        box=space.box,
        key=space.key,
        size=space.size,
    )


def number_label(
    value: ChartValue,
    *,
    position: str = "outEnd",
    colour: str = INK,
    shift: float = 0.0,
) -> Label | None:
    """Plan the number beside a drawn value.

    Parameters
    ----------
    value : ChartValue
        A drawn number.
    position : str
        Where PowerPoint puts it.
    colour : str
        ``#RRGGBB`` or a colour of the theme.
    shift : float, default 0
        How far it moves to the right, as a share of the width of the chart.

    Returns
    -------
    Label or None
        None for a hidden number.
    """
    if value.estimate is None:
        return None
    text = clean(value.text)
    code = number_format(value.estimate, text)
    return Label("" if code else text, position, colour, shift, code or "General")


def margins(
    block: ChartBlock, rows: Sequence[ChartRow], high: float
) -> tuple[Series, ...]:
    """Plan the texts at both ends of rows whose bars do not add up.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        The rows that this slide shows.
    high : float
        End of the axis.

    Returns
    -------
    tuple of Series
        Why a row has no bar, and the column at the right, where there are such texts.
    """
    why = [next((v.text for v in r.values if v.estimate is None), "") for r in rows]
    texts = beside(block, rows, high)
    if not any(why):
        return texts
    labels = tuple(
        Label(clean(text), "inBase", "muted", bold=False) if text else None
        for text in why
    )
    lengths = tuple(high if text else None for text in why)
    return (Series(" ", lengths, "", labels, legend=False), *texts)


def beside(
    block: ChartBlock,
    rows: Sequence[ChartRow],
    high: float,
    used: Sequence[float] = (),
) -> tuple[Series, ...]:
    """Plan the column of texts at the right end of the rows.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        The rows that this slide shows.
    high : float
        End of the axis.
    used : sequence of float
        Where the bars of a stacked row end.

    Returns
    -------
    tuple of Series
        None where no row has such a text. The bars that carry it are not seen.
    """
    if not any(row.side_text for row in block.rows):
        return ()
    ends = used or [0.0] * len(rows)
    texts = tuple(
        Label(clean(row.side_text), "inEnd", bold=False) if row.side_text else None
        for row in rows
    )
    lengths = tuple(high - before for before in ends)
    return (Series(" ", lengths, "", texts, legend=False),)


def _column(
    series: ChartSeries,
    number: int,
    rows: Sequence[ChartRow],
    space: Room,
    share: float,
) -> Series:
    """Plan one series with its intervals."""
    values = [row.values[number] for row in rows]
    fill = space.look.colour(series.role)
    labels = tuple(number_label(value, shift=_reach(value) * share) for value in values)
    return Series(
        clean(series.label),
        tuple(value.estimate for value in values),
        fill,
        labels,
        _points(rows, number, fill, space),
        *intervals(values),
    )


def intervals(
    values: Sequence[ChartValue],
) -> tuple[tuple[float | None, ...], tuple[float | None, ...]]:
    """Give how far intervals reach to the left and to the right.

    Parameters
    ----------
    values : sequence of ChartValue
        Drawn numbers.

    Returns
    -------
    tuple of tuple
        None where there is no interval, or none of any length; both are empty where
        no number has one.
    """
    pairs = [_reaches(value) for value in values]
    if all(pair is None for pair in pairs):
        return (), ()
    return (
        tuple(None if pair is None else pair[0] for pair in pairs),
        tuple(None if pair is None else pair[1] for pair in pairs),
    )


def _reaches(value: ChartValue) -> tuple[float, float] | None:
    """Give how far an interval reaches, if it has a length."""
    if value.estimate is None or value.low is None or value.high is None:
        return None
    if value.high - value.low <= _NOTHING:
        return None
    return max(value.estimate - value.low, 0.0), max(value.high - value.estimate, 0.0)


def _points(
    rows: Sequence[ChartRow], number: int, fill: str, space: Room
) -> dict[int, Point]:
    """Find the bars that look different: nets, don't know, small bases."""
    points = {}
    for at, row in enumerate(rows):
        own = space.look.colour(row.role) if row.role in _OWN_ROLES else fill
        if row.values[number].flag == "small":
            points[at] = Point(PAPER, own)
        elif own != fill and number == 0:
            points[at] = Point(own)
    return points


def _reach(value: ChartValue) -> float:
    """Give how far the interval reaches beyond the end of a bar."""
    return end(value) - max(value.estimate or 0.0, 0.0)


def _with_side(row: ChartRow) -> str:
    """Give the label of a row with its text at the side."""
    label = row_label(row)
    return f"{label} ({clean(row.side_text)})" if row.side_text else label

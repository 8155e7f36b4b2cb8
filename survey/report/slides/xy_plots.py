"""Scatters and curves as native charts of points on two axes."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from survey.report.axis_formats import axis_format
from survey.report.charts_curve import CURVES
from survey.report.charts_labels import Field, spots
from survey.report.charts_points import dot_look
from survey.report.charts_ticks import Axis, axes, points, reference_runs
from survey.report.document import ChartBlock, ChartRow
from survey.report.lettering import fit, line_height
from survey.report.slides.plots import PAPER, Label, Plot, Point, Scale, Series
from survey.report.slides.room import GAP, Room, row_label, width_of
from survey.report.style import clean

_SIZE: Final = 13.0
_NAME_MOST: Final = 3.0
_NAMED: Final = 9
_RADIUS: Final = 0.07
_FOOT: Final = 0.75
_TITLE: Final = 0.35
_KEY: Final = 0.35
_TITLES: Final = 3.2
_POINTS_PER_INCH: Final = 72
_CURVE_SHAPE: Final = 1.5


def scatter(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a point per row; the named ones carry their names.

    Parameters
    ----------
    block : ChartBlock
        The figure.
    rows : sequence of ChartRow
        All of its rows.
    space : Room
        Room of the chart.

    Returns
    -------
    Plot
        A name without room is left out; it stands in the workbook of the chart.
    """
    sides = axes(block)
    box = _box(block, sides, space)
    known = points(block)
    numbers = {n: (x, y) for n, x, y in known}
    named = {n for n, *_ in known if rows[n].role == "net"}
    radius, cover = dot_look(len(known))
    labels = _names(block, sorted(named), numbers, sides, box)
    look = space.look
    plain = _series(
        " ",
        rows,
        set(numbers) - named,
        numbers,
        look.colour("main"),
        cover=cover,
        size=max(round(2 * radius * _POINTS_PER_INCH), 4),
    )
    strong = _series(" ", rows, named, numbers, look.colour("net"), size=_NAMED)
    strong = replace(strong, labels=tuple(labels.get(n) for n in range(len(rows))))
    made = [one for one in (plain, strong) if any(v is not None for v in one.values)]
    return _plot(block, rows, made, sides, box, space)


def curve(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a line per group.

    Parameters
    ----------
    block, rows, space
        As for `scatter`.

    Returns
    -------
    Plot
        The legend names the groups.
    """
    sides = axes(block)
    numbers = {n: (x, y) for n, x, y in points(block)}
    made = []
    for number, group in enumerate(dict.fromkeys(row.group for row in rows)):
        role, dashed, weight = CURVES[number % len(CURVES)]
        members = {n for n in numbers if rows[n].group == group}
        tone = space.look.colour(role)
        line = _series(clean(group) or " ", rows, members, numbers, tone)
        dash = "dash" if dashed else ""
        line = replace(line, symbol="none", weight=weight, dash=dash)
        made.append(replace(line, legend=bool(clean(group))))
    return _plot(block, rows, made, sides, _box(block, sides, space), space)


def _series(
    name: str,
    rows: Sequence[ChartRow],
    members: set[int],
    numbers: dict[int, tuple[float, float]],
    tone: str,
    *,
    size: int = 5,
    cover: float = 1.0,
) -> Series:
    """Plan the points of some rows; those of small bases are hollow."""
    small = {
        n: Point(PAPER, tone)
        for n in sorted(members)
        if any(value.flag == "small" for value in rows[n].values)
    }
    values = tuple(numbers[n][1] if n in members else None for n in range(len(rows)))
    return Series(
        name,
        values,
        tone,
        points=small,
        legend=False,
        size=size,
        weight=0.0,
        cover=cover,
    )


def _plot(
    block: ChartBlock,
    rows: Sequence[ChartRow],
    made: Sequence[Series],
    sides: tuple[Axis, Axis],
    box: tuple[float, float, float, float],
    space: Room,
) -> Plot:
    """Put series, the line behind them and axes together."""
    runs = list(reference_runs(block, *sides))
    line = [(sides[0].value(x), sides[1].value(y)) for run in runs for x, y in run]
    longer = [None] * len(line)
    every = [
        replace(
            one,
            values=(*one.values, *longer),
            labels=one.labels and (*one.labels, *longer),
        )
        for one in made
    ]
    if line:
        before = [None] * len(rows)
        tone = space.look.colour("reference")
        values = (*before, *(y for _, y in line))
        drawn = Series(
            " ", values, tone, legend=False, symbol="none", dash="dash", weight=1.25
        )
        every.insert(0, drawn)
    told = tuple(_told(row) for row in rows) + (" ",) * len(line)
    across = tuple(_both(row) for row in rows) + tuple(x for x, _ in line)
    wide, tall = space.width, space.height
    return Plot(
        "points",
        told,
        told,
        tuple(every),
        box=(box[0] / wide, box[1] / tall, box[2] / wide, box[3] / tall),
        key=(box[0] / wide, 0.0, 1 - box[0] / wide, _KEY / tall),
        size=_SIZE,
        across=across,
        scales=tuple(
            _scale(one.label, side, block.language, space.look.colour("rule"))
            for one, side in zip(block.series, sides, strict=False)
        ),
    )


def _told(row: ChartRow) -> str:
    """Give the label of a point in the workbook, with its group."""
    group, label = clean(row.group), row_label(row)
    return f"{group}: {label}" if group and label and group != label else label or group


def _both(row: ChartRow) -> float | None:
    """Give the value across, None where the point is not drawn."""
    known = all(value.estimate is not None for value in row.values[:2])
    return row.values[0].estimate if known else None


def _scale(title: str, axis: Axis, language: str, rule: str) -> Scale:
    """Describe an axis."""
    step = axis.ticks[1][0] - axis.ticks[0][0]
    code = axis_format(axis, language)
    room = fit(title, _TITLES, _SIZE)
    return Scale(room, axis.low, axis.high, step, axis.logarithmic, code, rule)


def _box(
    block: ChartBlock, sides: tuple[Axis, Axis], space: Room
) -> tuple[float, float, float, float]:
    """Give left, top, width and height of the plot in inches."""
    ticks = max(width_of(text, _SIZE) for _, text in sides[1].ticks)
    left = ticks + 2 * GAP + _TITLE
    named = block.kind == "curve" and len({clean(r.group) for r in block.rows}) > 1
    top = _KEY + GAP if named else GAP
    high = space.height - top - _FOOT
    wide = space.width - left - 4 * GAP
    if block.kind == "curve":
        wide = min(wide, high * _CURVE_SHAPE)
    return left, top, wide, high


def _names(
    block: ChartBlock,
    named: Sequence[int],
    numbers: dict[int, tuple[float, float]],
    sides: tuple[Axis, Axis],
    box: tuple[float, float, float, float],
) -> dict[int, Label]:
    """Place the names beside their points, those that have room."""
    every = [_place(one, sides, box) for one in numbers.values()]
    at = [_place(numbers[n], sides, box) for n in named]
    texts = [fit(block.rows[n].label, _NAME_MOST, _SIZE) for n in named]
    sizes = [(width_of(text, _SIZE), line_height(_SIZE)) for text in texts]
    found = spots(
        sizes, Field((0.0, 0.0, box[2], box[3]), at, every, _RADIUS), sides="rltb"
    )
    return {
        n: Label(text, spot.side, number_format="General", bold=False)
        for n, text, spot in zip(named, texts, found, strict=True)
        if text and spot is not None
    }


def _place(
    point: tuple[float, float],
    sides: tuple[Axis, Axis],
    box: tuple[float, float, float, float],
) -> tuple[float, float]:
    """Give the place of a point in the plot, in inches."""
    return sides[0].share(point[0]) * box[2], sides[1].share(point[1]) * box[3]

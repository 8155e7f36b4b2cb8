"""Lines over waves as native charts, each with its name and last number at its end.

Lines differ by colour, marker and pattern, so that a grey print shows which is which.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.report.charts_lines import apart
from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.lettering import fit
from survey.report.slides.bar_plots import intervals, number_label
from survey.report.slides.plots import INK, PAPER, Label, Plot, Point, Series
from survey.report.slides.room import GAP, Room, end, row_label, width_of
from survey.report.style import clean

MOST_LINES: Final = 8
"""Lines of one slide; more of them go on the next."""

LINE_LOOKS: Final = (
    ("net", "circle", ""),
    ("proprietary", "square", ""),
    ("open", "triangle", ""),
    ("total", "diamond", ""),
    ("main", "circle", "sysDash"),
    ("net", "square", "sysDash"),
    ("proprietary", "triangle", "sysDash"),
    ("open", "diamond", "sysDash"),
)
"""Colour, marker and pattern of every line of a slide."""

_NAMES_MOST: Final = 0.48
_HEADROOM: Final = 1.08
_WAVES: Final = 0.42
_BESIDE: Final = 0.005
_LINE: Final = 1.2
_POINTS_PER_INCH: Final = 72
_SEPARATOR: Final = "  "


@dataclass(frozen=True, slots=True)
class _Ends:
    """Room of a chart of lines in inches, and its axis."""

    left: float
    right: float
    top: float
    bottom: float
    high: float

    def height(self, value: float) -> float:
        """Give how far above the foot of the plot a value stands."""
        return value / self.high * (self.bottom - self.top)


def lines(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> Plot:
    """Plan a line per row over the waves.

    Parameters
    ----------
    block : ChartBlock
        The figure; its series are the waves.
    rows : sequence of ChartRow
        The rows that this slide shows.
    space : Room
        Room of the chart.

    Returns
    -------
    Plot
        A number that cannot be compared with the one before is not joined to it. The
        first number of a line stands left of it, its name and the last number right of
        it, moved apart where they would meet. All numbers stand in its data.
    """
    waves = tuple(clean(series.label) for series in block.series)
    ends = _ends(block, rows, space)
    names = [_shown_name(row, space) for row in rows]
    made = [_line(row, number, space) for number, row in enumerate(rows)]
    drops = _drops(rows, ends, space)
    labelled = (
        _labelled(one, row, name, drop)
        for one, row, name, drop in zip(made, rows, names, drops, strict=True)
    )
    wide, tall = space.width, space.height
    box = (ends.left, ends.top, ends.right - ends.left, ends.bottom - ends.top)
    return Plot(
        "lines",
        waves,
        waves,
        (*labelled, *_nowhere(rows, names, drops, len(waves))),
        high=ends.high,
        box=(box[0] / wide, box[1] / tall, box[2] / wide, box[3] / tall),
        size=space.size,
        cut=tuple(
            clean(row.label)
            for row, name in zip(rows, names, strict=True)
            if name != row_label(row)
        ),
    )


def _ends(block: ChartBlock, rows: Sequence[ChartRow], space: Room) -> _Ends:
    """Share out the room: first numbers, plot, last numbers and names."""
    every = [end(value) for row in block.rows for value in row.values]
    high = max([block.maximum or 0.0, *every]) * _HEADROOM or 1.0
    firsts = [width_of(one.text, space.size) for one in _firsts(rows)]
    lasts = [width_of(_ending(row, space), space.size) for row in rows]
    wave = max((width_of(one.label, space.size) for one in block.series), default=0.0)
    left = max(max(firsts, default=0.0) + 3 * GAP, wave / 2)
    right = max(lasts, default=0.0) + 3 * GAP
    bottom = space.height - _WAVES
    # A line without a next wave is a point in the middle of the plot.
    return _Ends(left, max(space.width - right, left + 1.0), GAP, bottom, high)


def _firsts(rows: Sequence[ChartRow]) -> list[ChartValue]:
    """Give the numbers of the first wave that are shown."""
    values = (row.values[0] for row in rows if row.values)
    return [value for value in values if value.estimate is not None]


def _shown_name(row: ChartRow, space: Room) -> str:
    """Give the name of a line, shortened to its room."""
    last = _last(row)
    number = 0.0 if last is None else width_of(last.text, space.size)
    room = _NAMES_MOST * space.width - number - 4 * GAP
    name = row_label(row)
    return name if width_of(name, space.size) <= room else fit(name, room, space.size)


def _last(row: ChartRow) -> ChartValue | None:
    """Give the number of the last wave, None where it is not shown."""
    value = row.values[-1] if row.values else None
    return value if value is not None and value.estimate is not None else None


def _ending(row: ChartRow, space: Room) -> str:
    """Give what stands at the end of a line."""
    last = _last(row)
    name = _shown_name(row, space)
    return f"{name}{_SEPARATOR}{clean(last.text)}" if last else name


def _drops(
    rows: Sequence[ChartRow], ends: _Ends, space: Room
) -> list[tuple[float, float]]:
    """Give how far the first and the last text of every line move down.

    They are shares of the height of the chart.
    """
    tall = space.size * _LINE / _POINTS_PER_INCH
    moved = []
    for at in (0, -1):
        known = [row.values[at].estimate if row.values else None for row in rows]
        told = [n for n, v in enumerate(known) if v is not None or at == -1]
        wanted = [ends.height(max(known[n] or 0.0, 0.0)) for n in told]
        high = max(ends.bottom - ends.top, tall * len(told))
        places = apart(wanted, [tall] * len(told), 0.0, high)
        drops = dict(zip(told, zip(wanted, places, strict=True), strict=True))
        pairs = (drops.get(n, (0.0, 0.0)) for n in range(len(rows)))
        moved.append([(before - after) / space.height for before, after in pairs])
    return list(zip(*moved, strict=True))


def _line(row: ChartRow, number: int, space: Room) -> Series:
    """Plan one line without its texts."""
    role, symbol, dash = LINE_LOOKS[number % len(LINE_LOOKS)]
    tone = space.look.colour(role)
    points = {
        at: Point(PAPER if value.flag == "small" else tone, tone, joined=value.linked)
        for at, value in enumerate(row.values)
        if value.flag == "small" or not value.linked
    }
    return Series(
        row_label(row),
        tuple(value.estimate for value in row.values),
        tone,
        (),
        points,
        *intervals(row.values),
        legend=False,
        symbol=symbol,
        dash=dash,
    )


def _labelled(
    line: Series, row: ChartRow, name: str, drop: tuple[float, float]
) -> Series:
    """Put the first number, the last number and the name beside a line."""
    labels: list[Label | None] = [None] * len(row.values)
    if len(row.values) > 1:
        labels[0] = _placed(number_label(row.values[0], position="l"), drop[0])
    last = _last(row)
    if last is not None:
        number = number_label(last, position="r")
        assert number is not None
        if number.text or name != line.name:
            # No number format prints it, or the name is not that of the series.
            text = f"{name}{_SEPARATOR}{clean(last.text)}"
            number = Label(text, "r", number_format="General")
        else:
            number = replace(number, named=True)
        labels[-1] = _placed(number, drop[1])
    return replace(line, labels=tuple(labels))


def _placed(label: Label | None, drop: float) -> Label | None:
    """Move a text down; regular letters, because many of them stand close."""
    if label is None:
        return None
    shift = _BESIDE if label.position == "r" else -_BESIDE
    return replace(label, shift=shift, drop=drop, bold=False)


def _nowhere(
    rows: Sequence[ChartRow],
    names: Sequence[str],
    drops: Sequence[tuple[float, float]],
    waves: int,
) -> tuple[Series, ...]:
    """Name the lines that have no last number, by points that are not seen."""
    return tuple(
        Series(
            " ",
            (*[None] * (waves - 1), 0.0),
            labels=(
                *[None] * (waves - 1),
                Label(
                    name, "r", INK, drop=drop[1], number_format="General", bold=False
                ),
            ),
            legend=False,
            symbol="none",
        )
        for row, name, drop in zip(rows, names, drops, strict=True)
        if _last(row) is None
    )

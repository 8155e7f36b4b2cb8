"""Figures of states as native tables: heads that read upwards, a mark per field."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from survey.report.charts_heat import hidden_entries
from survey.report.charts_states import state_entries, state_of
from survey.report.document import ChartBlock, ChartRow, ChartValue
from survey.report.lettering import fit, line_height
from survey.report.look import Look
from survey.report.slides.deck import Box
from survey.report.slides.fitting import line_count
from survey.report.slides.room import FLOOR, width_of
from survey.report.slides.tables import Cell, Grid
from survey.report.style import clean

_PAD: Final = 0.04
_FIRST_MOST: Final = 0.32
_SIDE_MOST: Final = 0.14
_HEAD_MOST: Final = 2.5
_HEAD_LEAST: Final = 0.9


def state_grid(
    chart: ChartBlock, rows: Sequence[ChartRow], box: Box, look: Look
) -> Grid | None:
    """Plan a table of states.

    Parameters
    ----------
    chart : ChartBlock
        A figure of the kind ``states``.
    rows : sequence of ChartRow
        The rows that this slide shows.
    box : tuple of float
        Its room.
    look : Look
        Colours of the house.

    Returns
    -------
    Grid or None
        The first cell says what the marks mean. None where it does not fit.
    """
    size = FLOOR
    widths = _widths(chart, box)
    body = [_row(chart, row, widths, look) for row in rows]
    groups = [_groups(chart)] if any(clean(one.group) for one in chart.series) else []
    line = line_height(size) + 2 * _PAD
    free = box[3] - (len(body) + len(groups)) * line
    head, tall = _heads(chart, widths, free)
    heights = (*[line] * len(groups), tall, *[line] * len(body))
    if free < _HEAD_LEAST or sum(heights) > box[3]:
        return None
    cells = (*groups, head, *body)
    heads = len(groups) + 1
    return Grid(tuple(map(tuple, cells)), widths, heights, size, heads, _PAD)


def _widths(chart: ChartBlock, box: Box) -> tuple[float, ...]:
    """Share out the width: labels, fields, texts at the side."""
    labels = [width_of(row.label, FLOOR) for row in chart.rows]
    first = min(max(labels, default=0.0) + 4 * _PAD, box[2] * _FIRST_MOST)
    first = max(first, box[2] * _FIRST_MOST / 2)
    said = [width_of(row.side_text, FLOOR) for row in chart.rows if row.side_text]
    side = min(max(said, default=0.0) + 4 * _PAD, box[2] * _SIDE_MOST) if said else 0.0
    count = len(chart.series)
    field = (box[2] - first - side) / max(count, 1)
    return (first, *[field] * count, *([side] if side else []))


def _heads(
    chart: ChartBlock, widths: Sequence[float], free: float
) -> tuple[list[Cell], float]:
    """Make the heads of the columns, and say how high they are."""
    labels = [clean(one.label) for one in chart.series]
    wanted = max((width_of(label, FLOOR, bold=True) for label in labels), default=0.0)
    legend = "; ".join(_legend(chart))
    key = line_count(legend, widths[0] - 2 * _PAD, FLOOR) * line_height(FLOOR)
    tall = min(max(min(wanted, _HEAD_MOST), key) + 4 * _PAD, free)
    room = max(tall - 4 * _PAD, 0.1)
    turned = [Cell(fit(one, room, FLOOR), side="l", turned=True) for one in labels]
    sided = len(widths) > len(labels) + 1
    last = [Cell(clean(chart.side_head), bold=True)] if sided else []
    return [Cell(legend, colour="muted", side="l"), *turned, *last], tall


def _legend(chart: ChartBlock) -> Iterator[str]:
    """Say what every mark means."""
    hidden = hidden_entries(chart)
    for entry in state_entries(chart)[: len(chart.legend)]:
        label = clean(entry.label)
        yield f"{entry.group} {label}" if entry.group else label
    for number, entry in enumerate(hidden, start=1):
        yield f"({number}) {entry.label}"


def _groups(chart: ChartBlock) -> list[Cell]:
    """Make the row of groups above the heads."""
    made = [Cell("")]
    for name, members in groupby(clean(one.group) for one in chart.series):
        count = len(list(members))
        made += [Cell(name, bold=True, side="ctr", span=count)]
        made += [Cell("", span=0)] * (count - 1)
    sided = any(row.side_text for row in chart.rows)
    return [*made, *([Cell("")] if sided else [])]


def _row(
    chart: ChartBlock, row: ChartRow, widths: Sequence[float], look: Look
) -> list[Cell]:
    """Make one row: its label, its fields, its text at the side."""
    label = fit(row.label, widths[0] - 4 * _PAD, FLOOR)
    fields = [_field(chart, value, widths[1] - 2 * _PAD, look) for value in row.values]
    sided = len(widths) > len(row.values) + 1
    side = [Cell(fit(row.side_text, widths[-1] - 3 * _PAD, FLOOR))] if sided else []
    return [Cell(label, side="l"), *fields, *side]


def _field(chart: ChartBlock, value: ChartValue, room: float, look: Look) -> Cell:
    """Make one field; a hidden one has the number of its reason."""
    if value.estimate is None:
        reasons = [entry.label for entry in hidden_entries(chart)]
        number = reasons.index(clean(value.text)) + 1
        return Cell(f"({number})", colour="muted", side="ctr")
    ground = look.colour(state_of(chart, value).role)
    text = fit(value.text, room, FLOOR, bold=True)
    return Cell(text, ground, look.text_colour(ground), bold=True, side="ctr")

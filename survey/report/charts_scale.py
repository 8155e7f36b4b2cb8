"""Scales: the steps of a row stand around their middle, don't know apart from them.

Half of a middle step goes to each side, so that agreement and disagreement can be
compared by eye along one line.
"""

from collections.abc import Sequence
from typing import Final

from survey.report.charts_room import Frame, Placed, baseline, on_paper
from survey.report.charts_stacked import (
    BAND_GAP,
    chain,
    is_hidden,
    share,
    toned,
    total,
    why,
)
from survey.report.document import ChartBlock, ChartSeries, ChartValue
from survey.report.marks import Mark

Pair = tuple[ChartSeries, ChartValue]

_NOTHING: Final = 1e-9


def scale(block: ChartBlock, frame: Frame) -> tuple[Mark, ...]:
    """Draw the steps of every row around the middle of the scale.

    Parameters
    ----------
    block : ChartBlock
        The figure as a value.
    frame : Frame
        Room for the bars.

    Returns
    -------
    tuple of Mark
        Segments, numbers, and the line of the middle.
    """
    rows = [(placed, *_parted(block, placed)) for placed in frame.rows]
    shown = [row for row in rows if not is_hidden(row[0])]
    left = max((before_middle([v for _, v in s]) for _, s, _ in shown), default=0)
    right = max((_after(steps) for _, steps, _ in shown), default=0)
    band = max((total([v for _, v in rest]) for _, _, rest in shown), default=0)
    gap = BAND_GAP if band else 0
    unit = (frame.right - frame.left - gap) / max(left + right + band, _NOTHING)
    axis = frame.left + left * unit
    marks: list[Mark] = [baseline(frame, axis)] if shown else []
    for placed, _, _ in rows:
        if is_hidden(placed):
            marks.extend(on_paper(why(placed, frame), frame))
    for placed, steps, rest in shown:
        start = axis - before_middle([value for _, value in steps]) * unit
        marks.extend(chain(steps, placed, frame, start, unit))
        marks.extend(chain(rest, placed, frame, axis + right * unit + gap, unit))
    return tuple(marks)


def before_middle(steps: Sequence[ChartValue]) -> float:
    """Add up the steps before the middle of a scale, and half of a middle step.

    Parameters
    ----------
    steps : sequence of ChartValue
        The steps in order, without don't know.

    Returns
    -------
    float
        A share, 0 to 1.

    Examples
    --------
    >>> before_middle([ChartValue(x, "") for x in (0.25, 0.5, 0.25)])
    0.5
    """
    half = len(steps) // 2
    middle = share(steps[half]) / 2 if len(steps) % 2 else 0.0
    return total(steps[:half]) + middle


def _after(steps: Sequence[Pair]) -> float:
    """Add up the steps after the middle, and half of a middle step."""
    values = [value for _, value in steps]
    return total(values) - before_middle(values)


def _parted(
    block: ChartBlock, placed: Placed
) -> tuple[tuple[Pair, ...], tuple[Pair, ...]]:
    """Part the steps of a row from what stands apart."""
    pairs = tuple(zip(toned(block.series), placed.row.values, strict=True))
    steps = tuple(pair for pair in pairs if pair[0].role != "dont_know")
    return steps, tuple(pair for pair in pairs if pair[0].role == "dont_know")

"""Axes of numbers: where they end, and the numbers along them.

Numbers along an axis are round, so that none of them is an estimate.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import ceil, floor, log10
from typing import Final

from survey.report.document import ChartBlock
from survey.report.numbers import decimal, percent
from survey.report.wording import say

TWO_AXES: Final = ("scatter", "curve")
"""Kinds of figures of points."""

_STEPS: Final = (1.0, 2.0, 2.5, 5.0, 10.0)
_MOST_STEPS: Final = 6
_MOST_DECADES: Final = 8
_MILLION: Final = 1e6
_BILLION: Final = 1e9
_MOST_DIGITS: Final = 12
_NEARLY: Final = 1e-9


@dataclass(frozen=True, slots=True)
class Axis:
    """An axis: its ends, its kind, and numbers along it with their texts."""

    low: float
    high: float
    logarithmic: bool
    ticks: tuple[tuple[float, str], ...]

    def share(self, value: float) -> float:
        """Give the place of a value, 0 at the low end and 1 at the high one."""
        low, high, at = self.low, self.high, value
        if self.logarithmic:
            low, high, at = log10(low), log10(high), log10(value)
        return (at - low) / (high - low)

    def value(self, share: float) -> float:
        """Give the value at a place, as the other way round."""
        if self.logarithmic:
            low, high = log10(self.low), log10(self.high)
            return float(10 ** (low + share * (high - low)))
        return self.low + share * (self.high - self.low)


def axes(block: ChartBlock) -> tuple[Axis, Axis]:
    """Give the axes of a figure of points: across and up.

    Parameters
    ----------
    block : ChartBlock
        A scatter or a curve.

    Returns
    -------
    (Axis, Axis)
        A curve has shares from 0 to 1 on both.
    """
    if block.kind == "curve":
        whole = axis([0.0, 1.0], block.language, share=True)
        return whole, whole
    across, up = (_side(block, side) for side in (0, 1))
    return across, up


def points(block: ChartBlock) -> list[tuple[int, float, float]]:
    """Give the points of a figure that are drawn.

    Parameters
    ----------
    block : ChartBlock
        A scatter or a curve.

    Returns
    -------
    list of (int, float, float)
        Number of the row, value across, value up. A point of which one is hidden is
        not among them.
    """
    pairs = [(row.values[0].estimate, row.values[1].estimate) for row in block.rows]
    return [
        (n, x, y) for n, (x, y) in enumerate(pairs) if x is not None and y is not None
    ]


def reference_runs(
    block: ChartBlock, across: Axis, up: Axis
) -> Iterator[tuple[tuple[float, float], ...]]:
    """Give the parts of the line behind a figure that are inside its plot.

    Parameters
    ----------
    block : ChartBlock
        A scatter or a curve.
    across, up : Axis
        Its axes.

    Yields
    ------
    tuple of (float, float)
        Places as shares of both axes; a new run where the line comes back.
    """
    ends = [(across.share(x), up.share(y)) for x, y in block.reference]
    run: tuple[tuple[float, float], ...] = ()
    for one, other in pairwise(ends):
        kept = _clipped(one, other)
        if run and kept[:1] == run[-1:]:
            run += kept[1:]
            continue
        if run:
            yield run
        run = kept
    if run:
        yield run


def axis(
    values: Sequence[float], language: str, *, share: bool, logarithmic: bool = False
) -> Axis:
    r"""Choose the ends of an axis and the numbers along it.

    Parameters
    ----------
    values : sequence of float
        What is drawn; above 0 on a logarithmic axis.
    language : str
        ``en`` or ``de``.
    share : bool
        Whether numbers are shares, written as percentages.
    logarithmic : bool, default False
        Whether every power of ten takes the same room.

    Returns
    -------
    Axis
        Whole decades where it is logarithmic.

    Examples
    --------
    >>> axis([3, 4200], "en", share=False, logarithmic=True).ticks
    ((1.0, '1'), (10.0, '10'), (100.0, '100'), (1000.0, '1,000'), (10000.0, '10,000'))
    >>> [text for _, text in axis([0, 0.5], "de", share=True).ticks][:3]
    ['0\xa0%', '10\xa0%', '20\xa0%']
    """
    if logarithmic:
        return _decades(values, language, share=share)
    low, high = min(values, default=0.0), max(values, default=1.0)
    # An axis begins at 0 unless the points are far from it.
    low = min(low, 0.0) if low < high / 2 or low == high else low
    high = max(high, 0.0)
    step = _step((high - low) or 1.0)
    first, last = floor(low / step + _NEARLY), ceil(high / step - _NEARLY)
    last = max(last, first + 1)
    places = [number * step for number in range(first, last + 1)]
    ticks = tuple((at, tick_text(at, step, language, share=share)) for at in places)
    return Axis(places[0], places[-1], logarithmic=False, ticks=ticks)


def tick_text(value: float, step: float, language: str, *, share: bool) -> str:
    """Write a number along an axis: short, in the language of the report.

    Parameters
    ----------
    value : float
        The number.
    step : float
        Way to the next one, which says how many digits are needed.
    language : str
        ``en`` or ``de``.
    share : bool
        Whether it is written as a percentage.

    Returns
    -------
    str
        Millions and more are written with a word.

    Examples
    --------
    >>> tick_text(2_500_000, 500_000, "en", share=False)
    '2.5 M'
    >>> tick_text(1000, 1000, "de", share=False), tick_text(0.2, 0.2, "en", share=True)
    ('1.000', '20%')
    """
    if share:
        sign = percent(1.0, language).removeprefix("100")
        return decimal(value * 100, language, digits(step * 100)) + sign
    for unit, word in ((_BILLION, "axis_billion"), (_MILLION, "axis_million")):
        if abs(value) >= unit:
            number = decimal(value / unit, language, digits(step / unit))
            return say(language, word, number=number)
    return decimal(value, language, digits(step))


def _side(block: ChartBlock, side: int) -> Axis:
    """Choose the axis of one of the two values."""
    values = [pair[1 + side] for pair in points(block)]
    ends = (row.values[side] for row in block.rows)
    share = any("%" in one.text for one in ends if one.estimate is not None)
    log = block.logarithmic
    return axis(values, block.language, share=share, logarithmic=log)


def _decades(values: Sequence[float], language: str, *, share: bool) -> Axis:
    """Choose whole decades around the values."""
    assert all(value > 0 for value in values), "a logarithmic axis has no place for 0"
    first = floor(log10(min(values, default=1.0)) + _NEARLY)
    last = max(ceil(log10(max(values, default=1.0)) - _NEARLY), first + 1)
    every = ceil((last - first) / _MOST_DECADES)
    places = [10.0**power for power in range(first, last + 1, every)]
    ticks = tuple((at, tick_text(at, at, language, share=share)) for at in places)
    return Axis(10.0**first, 10.0**last, logarithmic=True, ticks=ticks)


def _step(reach: float) -> float:
    """Choose a round step that needs few numbers."""
    power = 10.0 ** floor(log10(reach / _MOST_STEPS))
    found = (power * one for one in _STEPS if reach / (power * one) <= _MOST_STEPS)
    return next(found, power * _STEPS[-1])


def digits(step: float) -> int:
    """Count the digits after the decimal mark that tell multiples of a step apart.

    Parameters
    ----------
    step : float
        Way from one number to the next.

    Returns
    -------
    int
        0 for whole numbers.

    Examples
    --------
    >>> digits(20.0), digits(2.5), digits(0.02)
    (0, 1, 2)
    """
    scaled = (step * 10**places for places in range(_MOST_DIGITS))
    whole = (n for n, one in enumerate(scaled) if abs(one - round(one)) <= _NEARLY)
    return next(whole, _MOST_DIGITS)


def _clipped(
    one: tuple[float, float], other: tuple[float, float]
) -> tuple[tuple[float, float], ...]:
    """Give the ends of the part of a line between 0 and 1; none where it is outside."""
    (x0, y0), (x1, y1) = one, other
    start, end = 0.0, 1.0
    for way, room in (
        (x0 - x1, x0),
        (x1 - x0, 1 - x0),
        (y0 - y1, y0),
        (y1 - y0, 1 - y0),
    ):
        if way < 0:
            start = max(start, room / way)
        elif way > 0:
            end = min(end, room / way)
        elif room < 0:
            return ()
    if start >= end:
        return ()
    first = one if start == 0 else (x0 + start * (x1 - x0), y0 + start * (y1 - y0))
    last = other if end == 1 else (x0 + end * (x1 - x0), y0 + end * (y1 - y0))
    return first, last

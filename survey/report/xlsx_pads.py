"""Bars that nobody sees, which put the bars of a stack where they belong.

They are formulas of the cells beside them, so that a chart follows when a number is
changed.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

from survey.report.document import ChartBlock
from survey.report.xlsx_columns import Data, DataColumn, Formula, letters, total

CENTRE: Final = 1.0
_GAP: Final = 0.08


def funnel_pads(block: ChartBlock, words: Mapping[str, str]) -> Iterator[DataColumn]:
    """Centre the stages of a funnel.

    Parameters
    ----------
    block : ChartBlock
        A figure of the kind ``funnel``.
    words : mapping of str to str
        Fixed texts of the language.

    Yields
    ------
    DataColumn
        What stands left of a stage: half of what it lacks of the widest.
    """
    widest = max((total(row, [0]) for row in block.rows), default=0.0)
    cells = tuple(
        Formula(f"=({widest!r}-N(B{{row}}))/2", (widest - total(row, [0])) / 2)
        for row in block.rows
    )
    yield DataColumn("pad", 0, words["chart_pad"], cells)


def sides(block: ChartBlock) -> tuple[list[int], list[int], list[int], list[int]]:
    """Say which series of a figure around a centre stand where.

    Parameters
    ----------
    block : ChartBlock
        Of the kind ``scale`` or ``diverging``.

    Returns
    -------
    tuple of four lists of int
        Left of the centre, across it, right of it, and apart.
    """
    every = list(range(len(block.series)))
    if block.kind == "diverging":
        return every[1:2], [], every[:1], every[2:]
    apart = [n for n in every if block.series[n].role == "dont_know"]
    steps = [n for n in every if n not in apart]
    half = len(steps) // 2
    middle = steps[half : half + len(steps) % 2]
    return steps[:half], middle, steps[half + len(middle) :], apart


def scale_pads(block: ChartBlock, words: Mapping[str, str]) -> Iterator[DataColumn]:
    """Put the middle of a scale over the centre, and "don't know" apart.

    Parameters
    ----------
    block : ChartBlock
        A figure of the kind ``scale``.
    words : mapping of str to str
        Fixed texts of the language.

    Yields
    ------
    DataColumn
        What stands left of the scale, and between it and "don't know".
    """
    left, middle, right, apart = sides(block)
    text = f"={CENTRE:g}-({_added(left)}+{_added(middle)}/2)"
    cells = tuple(
        Formula(text, CENTRE - total(row, left) - total(row, middle) / 2)
        for row in block.rows
    )
    yield DataColumn("pad", 0, words["chart_pad"], cells)
    if apart:
        yield _second_pad(block, middle, right, words)


def diverging_pads(block: ChartBlock, words: Mapping[str, str]) -> Iterator[DataColumn]:
    """Put the line between both sides over the centre, and the others apart.

    Parameters
    ----------
    block : ChartBlock
        A figure of the kind ``diverging``.
    words : mapping of str to str
        Fixed texts of the language.

    Yields
    ------
    DataColumn
        What stands left of both sides, and between them and the others.
    """
    left, middle, right, apart = sides(block)
    text = f"={CENTRE:g}-{_added(left)}"
    cells = tuple(Formula(text, CENTRE - total(row, left)) for row in block.rows)
    yield DataColumn("pad", 0, words["chart_pad"], cells)
    if apart:
        yield _second_pad(block, middle, right, words)


def _second_pad(
    block: ChartBlock,
    middle: Sequence[int],
    right: Sequence[int],
    words: Mapping[str, str],
) -> DataColumn:
    """Fill up to where the series apart begin, the same in every row."""
    begin = max(total(row, right) + total(row, middle) / 2 for row in block.rows) + _GAP
    text = f"={begin!r}-({_added(right)}+{_added(middle)}/2)"
    cells = tuple(
        Formula(text, begin - total(row, right) - total(row, middle) / 2)
        for row in block.rows
    )
    return DataColumn("pad", 1, words["chart_pad"], cells)


def _added(positions: Sequence[int]) -> str:
    """Add up cells of a row in a formula; empty ones and texts are 0."""
    if not positions:
        return "0"
    return f"SUM({','.join(f'{letters(1 + n)}{{row}}' for n in positions)})"


def span(block: ChartBlock, data: Data) -> tuple[float, float]:
    """Give the ends of the axis of a figure around a centre.

    Parameters
    ----------
    block : ChartBlock
        Of the kind ``scale`` or ``diverging``.
    data : Data
        Its cells.

    Returns
    -------
    (float, float)
        So that the longest bars of both sides fit.
    """
    pads = data.columns[data.place("pad")].cells
    start = min(cell.value for cell in pads if isinstance(cell, Formula))
    _, middle, right, apart = sides(block)
    ends = [total(row, right) + total(row, middle) / 2 for row in block.rows]
    end = CENTRE + max(ends)
    if apart:
        end += _GAP + max(total(row, apart) for row in block.rows)
    return start, end

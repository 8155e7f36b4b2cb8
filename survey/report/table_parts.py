"""Tables that are too wide for paper, cut into parts that fit on a page."""

from collections.abc import Iterator, Sequence
from itertools import groupby
from typing import Final

from survey.report.document import TableBlock, TableColumn

MOST_COLUMNS: Final = 12


def parts(block: TableBlock) -> tuple[tuple[int, ...], ...]:
    """Split the columns of a table into parts that fit on a page.

    Groups that fit beside each other share a part, whatever their order. Columns
    without a group stand in the first part; of them, later parts repeat only the
    first (the total). A group is split only where no part could hold it.

    Parameters
    ----------
    block : TableBlock
        A table.

    Returns
    -------
    tuple of tuple of int
        Column positions of each part.

    Examples
    --------
    >>> columns = (TableColumn("Total"), *[TableColumn("x", group="g")] * 20)
    >>> [len(part) for part in parts(TableBlock("t", "", "", columns, ()))]
    [12, 10]
    """
    fixed = [n for n, column in enumerate(block.columns) if not column.group]
    if len(block.columns) <= MOST_COLUMNS or len(fixed) >= MOST_COLUMNS:
        return _chunks(range(len(block.columns)), MOST_COLUMNS) or ((),)
    made: list[list[int]] = [fixed]
    repeated = fixed[:1]
    for group in _groups(block.columns):
        for chunk in _chunks(group, MOST_COLUMNS - len(repeated)):
            fits = [part for part in made if len(part) + len(chunk) <= MOST_COLUMNS]
            if fits:
                fits[0].extend(chunk)
            else:
                made.append([*repeated, *chunk])
    return tuple(tuple(part) for part in made if part)


def _chunks(positions: Sequence[int], most: int) -> tuple[tuple[int, ...], ...]:
    """Cut positions into runs of at most so many."""
    return tuple(
        tuple(positions[start : start + most])
        for start in range(0, len(positions), most)
    )


def _groups(columns: Sequence[TableColumn]) -> Iterator[tuple[int, ...]]:
    """Give the positions of the columns of each group."""
    grouped = [(column.group, n) for n, column in enumerate(columns) if column.group]
    for _, pairs in groupby(grouped, key=lambda pair: pair[0]):
        yield tuple(position for _, position in pairs)

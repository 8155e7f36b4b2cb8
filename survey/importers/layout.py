"""Headed: what the header rows of an export say, the same for every platform."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from survey.importers.labels import unique_names
from survey.importers.raw import ColumnLabel


@dataclass(frozen=True, slots=True)
class Headed:
    """Names and labels of the columns of a grid.

    Attributes
    ----------
    names : tuple of str
        Unique names, in the order of the columns.
    labels : tuple of ColumnLabel
        What the platform says about each of them.
    rows : int
        How many rows of the grid are headers.
    """

    names: tuple[str, ...]
    labels: tuple[ColumnLabel, ...]
    rows: int


def with_empty_columns(headed: Headed, filled: Sequence[bool]) -> Headed:
    """Put columns without any header and value back where they stood.

    Parameters
    ----------
    headed : Headed
        Names and labels of the other columns.
    filled : sequence of bool
        For every column of the grid, whether it holds anything.

    Returns
    -------
    Headed
        An empty column is named after its place and belongs to no question.

    Examples
    --------
    >>> headed = Headed(("size",), (ColumnLabel("size"),), 1)
    >>> with_empty_columns(headed, [False, True]).names
    ('column_1', 'size')
    """
    names, labels = iter(headed.names), iter(headed.labels)
    return replace(
        headed,
        names=unique_names(next(names) if full else "" for full in filled),
        labels=tuple(next(labels) if full else ColumnLabel() for full in filled),
    )

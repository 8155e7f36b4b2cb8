"""The columns of the cells behind a chart."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.report.document import ChartRow, ChartValue


@dataclass(frozen=True, slots=True)
class Formula:
    """A formula and its value; ``{row}`` stands for the number of its row."""

    text: str
    value: float


Entry = float | str | Formula | None


@dataclass(frozen=True, slots=True)
class DataColumn:
    """One column: what it is, of which series, its head, and its cells.

    `key` is ``value``, ``low``, ``high``, ``minus``, ``plus``, ``at`` (where a label
    stands), ``pad`` (an invisible bar), ``named`` (values of points with a name),
    ``line`` (points of the line behind others), ``state``, ``text`` or ``side``.
    """

    key: str
    series: int
    head: str
    cells: tuple[Entry, ...]


@dataclass(frozen=True, slots=True)
class Data:
    """What is drawn: labels of the rows, and columns right of them.

    `rows` are those of the figure, but for lines one for every run of values that
    can be compared; `continued` numbers the runs that go on with a line.
    """

    rows: tuple[ChartRow, ...]
    labels: tuple[str, ...]
    columns: tuple[DataColumn, ...]
    continued: tuple[int, ...] = ()

    @property
    def height(self) -> int:
        """How many rows the cells take; the line behind points may be the longest."""
        return max([len(self.rows), *(len(column.cells) for column in self.columns)])

    def place(self, key: str, series: int = 0) -> int:
        """Give the position of a column, from 0, the labels left out."""
        return next(
            number
            for number, column in enumerate(self.columns)
            if (column.key, column.series) == (key, series)
        )


def shown(value: ChartValue) -> float | None:
    """Give the number of a value, None where it is hidden.

    Parameters
    ----------
    value : ChartValue
        A drawn number.

    Returns
    -------
    float or None
        The number.

    Examples
    --------
    >>> shown(ChartValue(0.4, "40%")), shown(ChartValue(0.4, "n/a", flag="hidden"))
    (0.4, None)
    """
    return None if value.flag == "hidden" else value.estimate


def letters(number: int) -> str:
    """Give the letters of a column of a sheet.

    Parameters
    ----------
    number : int
        From 0.

    Returns
    -------
    str
        Such as ``B`` or ``AA``.

    Examples
    --------
    >>> letters(1), letters(26)
    ('B', 'AA')
    """
    before, last = divmod(number, 26)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def total(row: ChartRow, positions: Sequence[int]) -> float:
    """Add up the numbers of a row.

    Parameters
    ----------
    row : ChartRow
        A row of a figure.
    positions : sequence of int
        Which of its values.

    Returns
    -------
    float
        Hidden ones count 0.

    Examples
    --------
    >>> values = (ChartValue(0.25, "25%"), ChartValue(0.5, "50%"))
    >>> total(ChartRow("Cost", values), [0, 1])
    0.75
    """
    return float(sum(shown(row.values[n]) or 0.0 for n in positions))

"""The workbook inside a chart: labels, numbers and lengths of intervals.

Every text is a text, whatever it begins with; the same chart gives the same bytes.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from survey.report.slides.plots import Plot, Series

SHEET: Final = "Sheet1"
ACROSS: Final = 1
"""Column of the values across, where a chart has points on two axes."""

# A fixed date, because the same report has to give the same bytes.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zone
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}
_LETTERS: Final = 26
_TEXT_MOST: Final = 32_000


@dataclass(frozen=True, slots=True)
class Places:
    """Where the columns of one series stand, counted from 0; -1 for none."""

    values: int
    minus: int = -1
    plus: int = -1


def places(plot: Plot) -> tuple[Places, ...]:
    """Give every series its columns.

    Parameters
    ----------
    plot : Plot
        The chart.

    Returns
    -------
    tuple of Places
        One for each series: numbers first, then the lengths of all intervals.
    """
    own = [0 if series.shared else 1 for series in plot.series]
    first = ACROSS + 1 if plot.across else ACROSS
    last = first + sum(own)
    made = []
    for number, series in enumerate(plot.series):
        values = first if series.shared else first + sum(own[:number])
        interval = bool(series.minus and series.plus)
        made.append(Places(values, *((last, last + 1) if interval else ())))
        last += 2 if interval else 0
    return tuple(made)


def reference(column: int, rows: int) -> str:
    """Give the cells of a column below its head.

    Parameters
    ----------
    column : int
        Counted from 0.
    rows : int
        How many values it has.

    Returns
    -------
    str
        A range of cells.

    Examples
    --------
    >>> reference(1, 3), reference(27, 1)
    ('Sheet1!$B$2:$B$4', 'Sheet1!$AB$2:$AB$2')
    """
    return f"{SHEET}!${letters(column)}$2:${letters(column)}${rows + 1}"


def letters(column: int) -> str:
    """Give the letters of a column.

    Parameters
    ----------
    column : int
        Counted from 0.

    Returns
    -------
    str
        ``A``, ``B`` ... ``AA``.
    """
    before, last = divmod(column, _LETTERS)
    return (letters(before - 1) if before else "") + chr(ord("A") + last)


def workbook(plot: Plot) -> bytes:
    """Write the workbook of a chart.

    Parameters
    ----------
    plot : Plot
        The chart.

    Returns
    -------
    bytes
        An XLSX file. A hidden number is an empty cell.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as book:
        book.set_properties({"created": _CREATED})
        sheet = book.add_worksheet(SHEET)
        for row, label in enumerate(plot.labels, start=1):
            sheet.write_string(row, 0, label[:_TEXT_MOST])
        for column, head, values in _every(plot):
            sheet.write_string(0, column, head[:_TEXT_MOST])
            for row, value in enumerate(values, start=1):
                if value is not None:
                    sheet.write_number(row, column, value)
    return stream.getvalue()


def _every(plot: Plot) -> Iterator[tuple[int, str, Sequence[float | None]]]:
    """Give the columns of a chart right of its labels."""
    if plot.across:
        yield ACROSS, plot.scales[0].title, plot.across
    for series, at in zip(plot.series, places(plot), strict=True):
        if not series.shared:
            yield from _columns(series, at)


def _columns(
    series: Series, at: Places
) -> list[tuple[int, str, Sequence[float | None]]]:
    """Give column, head and values of everything that a series has."""
    found = [
        (at.values, series.name, series.values),
        (at.minus, f"{series.name} (\u2212)", series.minus),
        (at.plus, f"{series.name} (+)", series.plus),
    ]
    return [entry for entry in found if entry[0] >= 0]

"""The cells behind a chart of a workbook: numbers, ends of intervals, helpers.

A hidden number is an empty cell, and its text says why. Helpers that place a bar are
formulas of the cells beside them, so that a chart follows when a number is changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.report.charts_ticks import TWO_AXES
from survey.report.document import ChartBlock, ChartRow, ChartValue, TableCell
from survey.report.xlsx_book import number_format
from survey.report.xlsx_columns import Data, DataColumn, Formula, letters, shown
from survey.report.xlsx_pads import diverging_pads, funnel_pads, scale_pads
from survey.report.xlsx_points import by_group, point_columns

INTERVALS: Final = ("bars", "pairs", "dots", "lines")


def chart_data(block: ChartBlock, words: Mapping[str, str]) -> Data:
    """Give the cells behind a chart.

    Parameters
    ----------
    block : ChartBlock
        A figure.
    words : mapping of str to str
        Fixed texts of the language.

    Returns
    -------
    Data
        One row for every row of the figure.
    """
    rows, continued = _rows(block)
    made = list(_states(block) if block.kind == "states" else _numbers(rows, block))
    if block.kind in TWO_AXES:
        made += point_columns(rows, block)
    if block.kind in INTERVALS:
        made += _ends(rows, block, words)
    adders: dict[str, _Adder] = {
        "bars": _label_places,
        "dots": _label_places,
        "funnel": funnel_pads,
        "scale": scale_pads,
        "diverging": diverging_pads,
    }
    if block.kind in adders:
        made += adders[block.kind](block, words)
    made += _texts(rows, block, words)
    return Data(rows, _labels(rows), tuple(made), continued)


_Adder = Callable[[ChartBlock, Mapping[str, str]], Iterator[DataColumn]]


def value_format(block: ChartBlock, language: str) -> str:
    """Give the number format of the numbers of a chart.

    Parameters
    ----------
    block : ChartBlock
        A figure.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        That of shares where a text has a percent sign, of points where one has a
        sign, of other numbers otherwise.
    """
    values = [value for row in block.rows for value in row.values]
    texts = [value.text for value in values if shown(value) is not None]
    percents = [text for text in texts if "%" in text]
    if percents or not texts:
        cell = TableCell((percents or ["0%"])[0], 1.0, "percent")
    elif any(text.startswith(("+", "\u2212")) for text in texts):
        cell = TableCell("+1", 1.0, "points")
    else:
        cell = TableCell(texts[0], 1.0, "decimal")
    return number_format(cell, language)


def _rows(block: ChartBlock) -> tuple[tuple[ChartRow, ...], tuple[int, ...]]:
    """Give the rows of the cells, and which of them go on with a line."""
    if block.kind == "lines":
        return _runs(block)
    return (by_group(block) if block.kind == "curve" else block.rows), ()


def _states(block: ChartBlock) -> Iterator[DataColumn]:
    """Make the columns of a figure of states: its marks, none where one is hidden."""
    for n, series in enumerate(block.series):
        values = (row.values[n] for row in block.rows)
        cells = tuple(None if shown(one) is None else one.text for one in values)
        group = f"{series.group}: " if series.group else ""
        yield DataColumn("state", n, group + series.label, cells)


def _labels(rows: Sequence[ChartRow]) -> tuple[str, ...]:
    """Give the labels of the rows; with their group where there are several."""
    groups = {row.group for row in rows if row.group}
    alone = len(groups) < len(("one", "two"))
    return tuple(
        row.label if alone or not row.group else f"{row.group}: {row.label}"
        for row in rows
    )


def _runs(block: ChartBlock) -> tuple[tuple[ChartRow, ...], tuple[int, ...]]:
    """Cut lines where a value cannot be compared with the one before it."""
    rows: list[ChartRow] = []
    continued: list[int] = []
    for row in block.rows:
        starts = [n for n, value in enumerate(row.values) if n and not value.linked]
        for start, end in zip([0, *starts], [*starts, len(row.values)], strict=True):
            values = tuple(
                value if start <= n < end else ChartValue(None, "")
                for n, value in enumerate(row.values)
            )
            if start:
                continued.append(len(rows))
            rows.append(replace(row, values=values))
    return tuple(rows), tuple(continued)


def _numbers(rows: Sequence[ChartRow], block: ChartBlock) -> Iterator[DataColumn]:
    """Make the columns of the numbers, one for every series."""
    for n, series in enumerate(block.series):
        cells = tuple(shown(row.values[n]) for row in rows)
        yield DataColumn("value", n, series.label, cells)


def _ends(
    rows: Sequence[ChartRow], block: ChartBlock, words: Mapping[str, str]
) -> Iterator[DataColumn]:
    """Make the columns of the intervals: both ends, then the way to them."""
    count = len(block.series)
    for key in ("low", "high"):
        for n, series in enumerate(block.series):
            head = _head(words[f"chart_{key}"], series.label, count)
            yield DataColumn(key, n, head, tuple(_end(r.values[n], key) for r in rows))
    for key, end, after in (("minus", "low", count), ("plus", "high", 2 * count)):
        for n, series in enumerate(block.series):
            value, other = letters(1 + n), letters(1 + n + after)
            way = f"ABS({value}{{row}}-{other}{{row}})"
            text = f"=IF(COUNT({value}{{row}},{other}{{row}})=2,{way},0)"
            cells = tuple(Formula(text, _way(row.values[n], end)) for row in rows)
            head = _head(words[f"chart_{key}"], series.label, count)
            yield DataColumn(key, n, head, cells)


def _head(word: str, label: str, count: int) -> str:
    """Head a column of one of several series."""
    return word if count == 1 else f"{label}: {word}"


def _end(value: ChartValue, end: str) -> float | None:
    """Give an end of an interval, None where the number is hidden or has none."""
    return None if shown(value) is None else {"low": value.low, "high": value.high}[end]


def _way(value: ChartValue, end: str) -> float:
    """Give how far an end of the interval is from the number."""
    number, other = shown(value), _end(value, end)
    return 0.0 if number is None or other is None else abs(other - number)


def _texts(
    rows: Sequence[ChartRow], block: ChartBlock, words: Mapping[str, str]
) -> Iterator[DataColumn]:
    """Make the columns of texts: numbers as printed, and what stands at the side."""
    single = len(block.series) == 1
    told = [
        row.values[0].text + ("*" if row.values[0].flag == "small" else "")
        if single
        else "; ".join(_reasons(row))
        for row in rows
    ]
    if any(row.side_text for row in rows):
        cells = tuple(row.side_text for row in rows)
        yield DataColumn("side", 0, block.side_head, cells)
    if single or any(told):
        head = words["chart_text" if single else "chart_hidden"]
        yield DataColumn("text", 0, head, tuple(told))


def _reasons(row: ChartRow) -> dict[str, None]:
    """Say why numbers of a row are hidden, every reason once."""
    return dict.fromkeys(
        value.text for value in row.values if shown(value) is None and value.text
    )


def _label_places(block: ChartBlock, words: Mapping[str, str]) -> Iterator[DataColumn]:
    """Say where the labels of bars stand: beyond the interval."""
    cells = tuple(
        Formula("=MAX(B{row},D{row})", _most([row.values[0]])) for row in block.rows
    )
    yield DataColumn("at", 0, words["chart_at"], cells)


def _most(values: Sequence[ChartValue]) -> float:
    """Give the largest number or end of an interval."""
    numbers = [n for v in values for n in (shown(v), _end(v, "high")) if n is not None]
    return max([0.0, *numbers])

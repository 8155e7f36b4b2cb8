"""The cells of scatters and curves in a workbook.

Points of a line stand under each other, so that a chart can refer to them.
"""

from collections.abc import Iterator, Sequence

from survey.report.charts_ticks import axes, points, reference_runs
from survey.report.document import ChartBlock, ChartRow
from survey.report.xlsx_columns import DataColumn, shown


def by_group(block: ChartBlock) -> tuple[ChartRow, ...]:
    """Give the rows of a curve, line by line.

    Parameters
    ----------
    block : ChartBlock
        A curve.

    Returns
    -------
    tuple of ChartRow
        Rows of one group in the order of the figure.
    """
    order = list(dict.fromkeys(row.group for row in block.rows))
    return tuple(sorted(block.rows, key=lambda row: order.index(row.group)))


def runs(rows: Sequence[ChartRow]) -> list[tuple[str, int, int]]:
    """Give the lines of a curve.

    Parameters
    ----------
    rows : sequence of ChartRow
        As `by_group` gives them.

    Returns
    -------
    list of (str, int, int)
        Name, first and last row of each.
    """
    names = dict.fromkeys(row.group for row in rows)
    places = {
        name: [n for n, r in enumerate(rows) if r.group == name] for name in names
    }
    return [(name, found[0], found[-1]) for name, found in places.items()]


def point_columns(rows: Sequence[ChartRow], block: ChartBlock) -> Iterator[DataColumn]:
    """Make the columns of named points and of the line behind them.

    Parameters
    ----------
    rows : sequence of ChartRow
        Rows of the cells.
    block : ChartBlock
        A scatter or a curve.

    Yields
    ------
    DataColumn
        None of them where there is no such thing.
    """
    if block.kind == "scatter" and any(row.role == "net" for row in rows):
        named = {n for n, *_ in points(block) if rows[n].role == "net"}
        cells = tuple(
            shown(row.values[1]) if n in named else None for n, row in enumerate(rows)
        )
        yield DataColumn("named", 0, block.series[1].label, cells)
    across, up = axes(block)
    line = [
        (across.value(x), up.value(y))
        for run in reference_runs(block, across, up)
        for x, y in run
    ]
    for n, series in enumerate(block.series[:2]):
        if line:
            yield DataColumn("line", n, series.label, tuple(end[n] for end in line))

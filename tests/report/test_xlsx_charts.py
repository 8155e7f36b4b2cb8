"""Charts of the workbook, opened again: they are drawn from cells that stand there."""

from collections.abc import Sequence
from dataclasses import replace
from io import BytesIO
from typing import Any
from zipfile import ZipFile

import pytest
from defusedxml.ElementTree import fromstring
from openpyxl import Workbook, load_workbook
from openpyxl.worksheet.worksheet import Worksheet

from survey.report import style
from survey.report.document import (
    ChartBlock,
    ChartKind,
    ChartRow,
    ChartSeries,
    ChartValue,
    Page,
    Report,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.look import HOUSE
from survey.report.xlsx import xlsx

WHY = "not shown: base below 30"
KINDS: tuple[ChartKind, ...] = (
    "bars",
    "pairs",
    "stacked",
    "scale",
    "dots",
    "diverging",
    "funnel",
    "lines",
)


def value(share: float, *, linked: bool = True) -> ChartValue:
    text = f"{round(share * 100)}%"
    return ChartValue(share, text, share - 0.05, share + 0.0625, linked=linked)


def block(
    kind: ChartKind,
    rows: Sequence[Sequence[float | None]],
    roles: Sequence[str] = ("main",),
    **more: Any,
) -> ChartBlock:
    """Rows of shares; None is hidden."""
    hidden = ChartValue(None, WHY, flag="hidden")
    return ChartBlock(
        name="figure",
        kind=kind,
        title="What was found",
        subtitle="What was asked?",
        series=tuple(ChartSeries(f"Series {n}", r) for n, r in enumerate(roles)),
        rows=tuple(
            ChartRow(f"Row {n}", tuple(value(v) if v else hidden for v in row))
            for n, row in enumerate(rows)
        ),
        footer=("Base: all.", "Source: us."),
        alt="What it shows.",
        **more,
    )


TABLE = TableBlock(
    "table",
    "Table",
    "",
    (TableColumn("Total"),),
    (TableRow("Row", (TableCell("12%", 0.12, "percent"),)),),
)


def made(report: Report, *blocks: ChartBlock | TableBlock) -> bytes:
    return xlsx(replace(report, pages=(Page("page", "Page", blocks),)))


def opened(content: bytes) -> Workbook:
    return load_workbook(BytesIO(content))


def numbers(book: Workbook, reference: str) -> list[Any]:
    """Values of the cells that a chart refers to; of a formula, its text."""
    name, _, place = reference.rpartition("!")
    cells = book[name.strip("'").replace("''", "'")][place.replace("$", "")]
    rows = cells if isinstance(cells, tuple) else ((cells,),)
    return [cell.value for row in rows for cell in row]


def series(sheet: Worksheet) -> list[Any]:
    (chart,) = sheet._charts
    return list(chart.series)


def heads(sheet: Worksheet) -> dict[str, list[Any]]:
    """Columns of the cells behind the one chart of a sheet, by their heads."""
    first = next(row for row in range(1, 80) if sheet.cell(row, 1).value == "Row 0")
    last = first
    while str(sheet.cell(last + 1, 1).value).startswith("Row"):
        last += 1
    return {
        str(sheet.cell(first - 1, column).value): [
            sheet.cell(row, column).value for row in range(first, last + 1)
        ]
        for column in range(2, 30)
        if sheet.cell(first - 1, column).value
    }


def test_a_bar_is_drawn_from_its_cells_with_its_interval(english: Report) -> None:
    book = opened(made(english, TABLE, block("bars", [[0.6], [0.25]])))
    sheet = book["table"]
    bars, labels = series(sheet)

    assert numbers(book, bars.val.numRef.f) == [0.6, 0.25]
    assert numbers(book, bars.cat.strRef.f) == ["Row 0", "Row 1"]
    found = heads(sheet)
    assert found["Lower end"] == pytest.approx([0.55, 0.2])
    assert found["Upper end"] == pytest.approx([0.6625, 0.3125])
    plus = [float(point.v) for point in bars.errBars.plus.numRef.numCache.pt]
    minus = [float(point.v) for point in bars.errBars.minus.numRef.numCache.pt]
    assert plus == pytest.approx([0.0625, 0.0625])
    assert minus == pytest.approx([0.05, 0.05])
    assert numbers(book, bars.errBars.plus.numRef.f)[0].startswith("=IF(COUNT(B")
    # The labels stand beyond the interval, on bars without any paint.
    assert labels.spPr.noFill
    assert found["As printed"] == ["60%", "25%"]


@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_refers_to_cells_that_stand_there(
    english: Report, kind: ChartKind
) -> None:
    several = kind not in ("bars", "dots", "funnel")
    roles = ("open", "proprietary", "dont_know") if several else ("main",)
    rows = [[0.5, 0.3, 0.2][: len(roles)], [0.2, 0.4, 0.4][: len(roles)]]
    book = opened(made(english, TABLE, block(kind, rows, roles)))
    flat = {number for row in rows for number in row}
    drawn = []
    for one in series(book["table"]):
        found = numbers(book, one.val.numRef.f)
        cached = [float(point.v) for point in one.val.numRef.numCache.pt]
        assert len(cached) == len(found)
        drawn += [number for number in found if not isinstance(number, str)]
        assert set(found) <= flat or all(str(n).startswith("=") for n in found)
    assert set(drawn) == flat


@pytest.mark.parametrize("kind", KINDS)
def test_title_alternative_text_and_size(english: Report, kind: ChartKind) -> None:
    content = made(english, TABLE, block(kind, [[0.5]], ("main",)))
    book = opened(content)
    (chart,) = book["table"]._charts

    assert numbers(book, chart.title.tx.strRef.f) == ["What was found"]
    with ZipFile(BytesIO(content)) as parts:
        root = fromstring(parts.read("xl/drawings/drawing1.xml"))
    told = [node.get("descr") for node in root.iter() if node.tag.endswith("}cNvPr")]
    assert told == ["What it shows."]


def test_a_hidden_number_is_an_empty_cell_that_says_why(english: Report) -> None:
    book = opened(made(english, TABLE, block("bars", [[0.6], [None]])))
    found = heads(book["table"])

    assert found["Series 0"] == [0.6, None]
    assert found["Lower end"][1] is None
    assert found["As printed"] == ["60%", WHY]


def test_reasons_stand_once_in_a_stack(english: Report) -> None:
    rows = [[0.5, 0.5], [None, None]]
    roles = ("scale:1/2", "scale:2/2")
    found = heads(opened(made(english, TABLE, block("scale", rows, roles)))["table"])

    assert found["Not shown"] == [None, WHY]


@pytest.mark.parametrize("kind", [*KINDS, "heat"])
def test_a_hidden_number_is_nowhere_in_the_file(
    english: Report, kind: ChartKind
) -> None:
    secret = ChartValue(0.123456, WHY, 0.111213, 0.141516, "hidden")
    chart = block(kind, [[0.5, 0.25], [0.25, 0.5]], ("open", "proprietary"))
    if kind in ("bars", "dots", "funnel"):
        chart = block(kind, [[0.5], [0.25]])
    last = chart.rows[-1]
    rows = (chart.rows[0], replace(last, values=(secret, *last.values[1:])))
    cell = TableCell(WHY, 0.171819, "percent", flag="hidden")
    table = replace(TABLE, rows=(TableRow("Row", (cell,)),))
    content = made(english, table, replace(chart, rows=rows))

    with ZipFile(BytesIO(content)) as parts:
        every = b"".join(parts.read(name) for name in parts.namelist())
    for number in (b"0.1234", b"0.1112", b"0.1415", b"0.1718"):
        assert number not in every
    assert WHY.encode() in every


def test_the_middle_of_a_scale_stands_over_the_centre(english: Report) -> None:
    roles = (*(f"scale:{n}/3" for n in (1, 2, 3)), "dont_know")
    chart = block("scale", [[0.2, 0.4, 0.3, 0.1], [0.5, 0.2, 0.2, 0.1]], roles)
    book = opened(made(english, TABLE, chart))
    pads = [
        [float(point.v) for point in one.val.numRef.numCache.pt]
        for one in series(book["table"])
        if one.spPr.noFill
    ]

    # Left of the centre: 0.2 + 0.4 / 2 = 0.4, and 0.5 + 0.2 / 2 = 0.6.
    assert pads[0] == pytest.approx([1 - 0.4, 1 - 0.6])
    # Right of it: 0.5 and 0.3; "don't know" begins 0.08 beyond the longer one.
    assert pads[1] == pytest.approx([0.08, 0.28])
    assert [one.spPr.solidFill is not None for one in series(book["table"])] == [
        False,
        True,
        True,
        True,
        False,
        True,
    ]


def test_both_sides_of_a_diverging_bar_meet_in_the_centre(english: Report) -> None:
    roles = ("open", "proprietary", "neutral")
    chart = block("diverging", [[0.6, 0.3, 0.1], [0.2, 0.7, 0.1]], roles)
    book = opened(made(english, TABLE, chart))
    order = [numbers(book, one.val.numRef.f)[0] for one in series(book["table"])]

    # Pad, proprietary to the left of open, pad, neutral apart.
    assert order[1] == 0.3
    assert order[2] == 0.6
    assert order[4] == 0.1
    (pad, *_) = series(book["table"])
    cached = [float(point.v) for point in pad.val.numRef.numCache.pt]
    assert cached == pytest.approx([0.7, 0.3])


def test_a_funnel_is_centred(english: Report) -> None:
    book = opened(made(english, TABLE, block("funnel", [[0.9], [0.5]])))
    pad = series(book["table"])[0]

    # The widest stage has no room beside it, the other half of 0.9 less 0.5.
    assert [float(p.v) for p in pad.val.numRef.numCache.pt] == pytest.approx([0, 0.2])


def test_a_line_breaks_where_waves_cannot_be_compared(english: Report) -> None:
    chart = block("lines", [[0.2, 0.4, 0.5]], ("main", "main", "main"))
    row = chart.rows[0]
    values = (value(0.2), value(0.4, linked=False), value(0.5))
    chart = replace(chart, rows=(replace(row, values=values),))
    book = opened(made(english, TABLE, chart))
    found = [numbers(book, one.val.numRef.f) for one in series(book["table"])]

    assert found == [[0.2, None, None], [None, 0.4, 0.5]]
    colours = {one.graphicalProperties.line.solidFill for one in series(book["table"])}
    assert len(colours) == 1
    (drawn,) = book["table"]._charts
    assert [entry.idx for entry in drawn.legend.legendEntry] == [1]


def test_a_heat_table_is_coloured_cells(english: Report) -> None:
    chart = block("heat", [[0.2, 0.4], [0.6, None]], ("main", "main"))
    sheet = opened(made(english, TABLE, chart))["table"]
    (rules,) = sheet.conditional_formatting

    assert not sheet._charts
    assert rules.rules[0].type == "colorScale"
    (cells,) = sheet[str(rules.sqref)][0:1]
    assert [cell.value for cell in cells] == [0.2, 0.4]


def scattered(kind: ChartKind, *points: tuple[Any, ...], **more: Any) -> ChartBlock:
    """Points of a value across, one up, a role and a group; None is hidden."""
    hidden = ChartValue(None, WHY, flag="hidden")
    rows = tuple(
        ChartRow(
            f"Row {n}",
            (ChartValue(x, f"{x}"), hidden if y is None else ChartValue(y, f"{y}")),
            role,
            group,
        )
        for n, (x, y, role, group) in enumerate(points)
    )
    return replace(block(kind, [], ("main", "main")), rows=rows, **more)


def test_points_are_drawn_from_their_cells(english: Report) -> None:
    figure = scattered(
        "scatter",
        (10.0, 3.0, "net", ""),
        (1000.0, 30.0, "category", ""),
        (500.0, None, "net", ""),
        (100000.0, 300.0, "net", ""),
        logarithmic=True,
        reference=((1.0, 1.0), (1e5, 1e3)),
    )
    content = made(english, TABLE, figure)
    book = opened(content)
    every, named, line = series(book["table"])
    (chart,) = book["table"]._charts
    with ZipFile(BytesIO(content)) as parts:
        root = fromstring(parts.read("xl/charts/chart1.xml"))
    labels = [node for node in root.iter() if node.tag.endswith("}dLbl")]
    told = {
        "".join(n.text or "" for n in one.iter() if n.tag.endswith("}v"))
        for one in labels
    }

    assert numbers(book, every.xVal.numRef.f) == [10, 1000, 500, 100000]
    assert numbers(book, every.yVal.numRef.f) == [3, 30, None, 300]
    assert numbers(book, named.yVal.numRef.f) == [3, None, None, 300]
    # A label is the cell of its row; rows that are not drawn have none.
    assert "Row 0" in told
    assert told <= {"", "Row 0", "Row 3"}
    assert numbers(book, line.xVal.numRef.f) == pytest.approx([10, 1e5])
    assert (chart.x_axis.scaling.logBase, chart.y_axis.scaling.logBase) == (10, 10)


def test_a_curve_is_drawn_group_by_group(english: Report) -> None:
    figure = scattered(
        "curve",
        (0.0, 0.0, "category", "Models"),
        (0.0, 0.0, "category", "=Makers"),
        (1.0, 1.0, "category", "Models"),
        (1.0, 0.9, "category", "=Makers"),
        reference=((0.0, 0.0), (1.0, 1.0)),
    )
    book = opened(made(english, TABLE, figure))
    models, makers, diagonal = series(book["table"])
    (chart,) = book["table"]._charts

    assert numbers(book, models.yVal.numRef.f) == [0, 1]
    assert numbers(book, makers.yVal.numRef.f) == [0, 0.9]
    assert (models.tx.v, makers.tx.v) == ("Models", "Makers")
    assert numbers(book, diagonal.yVal.numRef.f) == [0, 1]
    assert [entry.idx for entry in chart.legend.legendEntry] == [2]


def test_a_figure_of_states_is_coloured_cells_with_a_legend(english: Report) -> None:
    legend = tuple(ChartSeries(role, role) for role in style.STATES)
    values = tuple(ChartValue(float(n), "abcde"[n]) for n in range(4))
    hidden = ChartValue(None, WHY, 4.0, flag="hidden")
    rows = (ChartRow("Row 0", (*values, hidden)),)
    figure = replace(block("states", [], ("main",) * 5), rows=rows, legend=legend)
    sheet = opened(made(english, TABLE, figure))["table"]
    (row,) = [cells for cells in sheet.iter_rows() if cells[0].value == "Row 0"]
    told = {
        cells[0].value: (cells[1].value, cells[1].fill.fgColor.rgb[2:])
        for cells in sheet.iter_rows()
        if cells[0].value in style.STATES
    }

    assert not sheet._charts
    assert [cell.value for cell in row[1:6]] == ["a", "b", "c", "d", None]
    tones = [cell.fill.fgColor.rgb[2:] for cell in row[1:5]]
    assert tones == [code.lstrip("#") for code in style.STATES.values()][:4]
    assert told["state:open"] == ("a", style.STATES["state:open"].lstrip("#"))
    assert WHY in [cell.value for cell in row]


def test_colours_are_those_of_the_house(english: Report) -> None:
    look = replace(HOUSE, colours={**HOUSE.colours, "open": "#112233"})
    rows = [[0.6, 0.4]]
    chart = block("stacked", rows, ("open", "proprietary"))
    book = opened(made(replace(english, look=look), TABLE, chart))
    first, second = series(book["table"])

    assert first.spPr.solidFill.srgbClr == "112233"
    assert second.spPr.solidFill.srgbClr == HOUSE.colours["proprietary"][1:]


def test_a_figure_without_a_table_stands_on_a_sheet_of_figures(
    english: Report,
) -> None:
    book = opened(made(english, block("bars", [[0.6]])))

    assert book.sheetnames == ["Contents", "Figures"]
    assert len(series(book["Figures"])) == 2


def test_a_figure_belongs_to_the_next_table(english: Report) -> None:
    first, last = (replace(TABLE, name=name) for name in ("first", "last"))
    one, two, three = (
        replace(block("bars", [[0.5]]), name=name) for name in ("one", "two", "three")
    )
    book = opened(made(english, one, first, two, last, three))

    counts = [len(book[name]._charts) for name in ("first", "last")]
    assert counts == [1, 2]


@pytest.mark.parametrize(
    "text", ["=1+1", '=HYPERLINK("http://x")', "x!A1", "='Contents'!$A$1", "<b>&"]
)
def test_texts_in_a_chart_stay_texts(english: Report, text: str) -> None:
    hostile = ChartRow(text, (ChartValue(0.5, text, 0.4, 0.6),), side_text=text)
    chart = replace(
        block("bars", [[0.5]]),
        title=text,
        subtitle=text,
        series=(ChartSeries(text),),
        rows=(hostile,),
        footer=(text,),
        alt=text,
        side_head=text,
    )
    content = made(english, TABLE, chart)
    book = opened(content)
    cells = [cell for row in book["table"].iter_rows() for cell in row if cell.value]

    formulas = [cell.value for cell in cells if cell.data_type == "f"]
    assert all(str(formula).startswith(("=IF(", "=MAX(")) for formula in formulas)
    assert [cell.value for cell in cells].count(text) >= 6
    for one in series(book["table"]):
        assert str(one.val.numRef.f).startswith("'table'!$")


def test_groups_stand_before_their_rows_where_there_are_several(
    english: Report,
) -> None:
    chart = block("dots", [[0.5], [0.4], [0.3]])
    groups = ("", "Size", "Region")
    rows = [replace(r, group=g) for r, g in zip(chart.rows, groups, strict=True)]
    book = opened(made(english, TABLE, replace(chart, rows=tuple(rows))))

    labels = numbers(book, series(book["table"])[0].cat.strRef.f)
    assert labels == ["Row 0", "Size: Row 1", "Region: Row 2"]


def test_the_same_charts_give_the_same_bytes(english: Report) -> None:
    blocks = [
        replace(block(kind, [[0.5, 0.5]], ("open", "proprietary")), name=kind)
        for kind in KINDS
        if kind not in ("bars", "dots", "funnel")
    ]

    assert made(english, TABLE, *blocks) == made(english, TABLE, *blocks)

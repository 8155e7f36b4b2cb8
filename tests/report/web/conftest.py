"""A small report with two banner questions, weights and a hidden column."""

from collections.abc import Callable
from dataclasses import replace

import pytest

from survey.report.document import (
    ChartBlock,
    ChartRow,
    ChartSeries,
    ChartValue,
    Note,
    Page,
    Report,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)

PICTURE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 90 20">'
    b'<g id="text_1"><text x="1" y="9" style="font-size: 9px; fill: #1f2a33">41%</text>'
    b"</g></svg>"
)
RECIPE = "Barriers: everyone asked. Weighted by size. 95% interval: logit."


def share(
    percent: int, plain: int, letters: str = "", *, small: bool = False
) -> TableCell:
    return TableCell(
        f"{percent}%",
        percent / 100,
        "percent",
        letters,
        "small" if small else "",
        plain=f"{plain}%",
    )


HIDDEN = TableCell("", flag="hidden")
COLUMNS = (
    TableColumn("Total"),
    TableColumn("95% interval"),
    TableColumn("Small", "A", "Size"),
    TableColumn("Large", "B", "Size"),
    TableColumn("Europe", "A", "Region"),
    TableColumn("Other", "B", "Region"),
)


def row(
    label: str, total: TableCell, *rest: TableCell, role: str = "category"
) -> TableRow:
    first = replace(total, recipe=RECIPE)
    return TableRow(label, (first, TableCell("30–50%"), *rest), role)  # type: ignore[arg-type]


def base(label: str, *numbers: int | None, plain: bool) -> TableRow:
    cells = [
        TableCell(str(n), n, "count", plain=str(n) if plain else "")
        if n is not None
        else TableCell("<30" if plain else "", flag="hidden")
        for n in numbers
    ]
    return TableRow(label, (cells[0], TableCell(""), *cells[1:]), "base")


TABLE = TableBlock(
    name="barriers",
    title="Barriers",
    stub_head="",
    columns=COLUMNS,
    rows=(
        base("Base", 200, 120, 80, 150, None, plain=True),
        base("Weighted base", 200, 140, 60, 160, None, plain=False),
        row(
            "Any (net)",
            share(70, 60),
            share(71, 61),
            share(69, 59),
            share(70, 60),
            HIDDEN,
            role="net",
        ),
        row(
            "Cost",
            share(41, 38),
            share(30, 29),
            share(52, 50, "A"),
            share(4, 5),
            HIDDEN,
        ),
        row(
            "=Skills, and time",
            share(63, 20),
            share(61, 60, small=True),
            share(60, 61),
            share(63, 62),
            HIDDEN,
        ),
        row("Law", share(9, 44), share(8, 9), share(7, 8), share(9, 10), HIDDEN),
    ),
    notes=(
        "Letters: higher than in the column of that letter.",
        "Percentages are rounded.",
    ),
)
FIXED = TableBlock(
    "findings",
    "What was found",
    "Severity",
    (TableColumn("Message"), TableColumn("Count")),
    (
        TableRow("note", (TableCell("b"), TableCell("2", 2.0, "count"))),
        TableRow("warning", (TableCell("a"), TableCell("10", 10.0, "count"))),
    ),
)
FIGURE = ChartBlock(
    name="barriers",
    kind="bars",
    title="Cost is a barrier",
    subtitle="What keeps you?",
    series=(ChartSeries("Share"),),
    rows=(ChartRow("Cost", (ChartValue(0.41, "41%"),)),),
    footer=("Base: everyone asked, n = 200.",),
    alt="Horizontal bars. Cost 41%.",
)


@pytest.fixture
def small(english: Report) -> Report:
    """The small report."""
    pages = (
        Page("barriers", "Barriers", (FIGURE, TABLE), "Results"),
        Page("notes", "Method", (Note("Raked."), Note("", ("One", "Two"))), "Method"),
        Page("found", "Data", (FIXED,), "Method"),
    )
    return replace(english, pages=pages, findings=())


@pytest.fixture
def pictures() -> dict[str, bytes]:
    """The figure of the small report."""
    return {"barriers": PICTURE}


@pytest.fixture
def with_label(small: Report) -> Callable[[str], Report]:
    """Put one text wherever data can stand."""

    def made(label: str) -> Report:
        cell = TableCell(label, letters=label, recipe=label)
        columns = (TableColumn(label, label, label), TableColumn(label, label, label))
        rows = (TableRow(label, (cell, cell)), TableRow(label, (), "section"))
        table = TableBlock(label, label, label, columns, rows, (label,))
        long = replace(table, paper=False)
        figure = replace(
            FIGURE,
            name="barriers",
            title=label,
            subtitle=label,
            footer=(label,),
            alt=label,
        )
        page = Page(label, label, (figure, table, long, Note(label, (label,))), label)
        return replace(
            small,
            title=label,
            subtitle=label,
            cautions=(label,),
            headlines=(label,),
            pages=(page, page),
        )

    return made

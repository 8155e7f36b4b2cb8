"""Slides read back: what they say, what they draw, and what is nowhere in them."""

import shutil
import subprocess
from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from openpyxl import load_workbook
from pypdf import PdfReader

from survey.report import style
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
from survey.report.look import HOUSE
from survey.report.slides.drawing_xml import select
from survey.report.slides.plan import slides
from survey.report.slides.pptx import pptx
from survey.report.slides.room import room, shortened, width_of
from survey.report.slides.tables import table_grid

Make = Callable[[ChartBlock], Report]
HIDDEN = 0.123454321
KINDS = {
    "bars": 1,
    "pairs": 2,
    "stacked": 3,
    "scale": 5,
    "dots": 1,
    "diverging": 4,
    "funnel": 1,
    "lines": 3,
    "scatter": 2,
    "curve": 2,
}


STATES = tuple(ChartSeries(role.partition(":")[2], role) for role in style.STATES)


def as_states(kind: str, block: ChartBlock) -> ChartBlock:
    """Places of states instead of shares, in a figure of states."""
    if kind != "states":
        return block
    rows = tuple(
        replace(
            row,
            values=tuple(ChartValue(float(n % 5), "oui-?"[n % 5]) for n in range(3)),
        )
        for row in block.rows
    )
    return replace(block, rows=rows, legend=STATES)


def texts(deck: object) -> list[str]:
    return [
        shape.text_frame.text
        for slide in deck.slides
        for shape in slide.shapes
        if shape.has_text_frame
    ]


def test_one_slide_per_finding(report: Report, opened: Callable[[bytes], Any]) -> None:
    deck = opened(pptx(report))
    titles = [slide.shapes.title.text_frame.text for slide in deck.slides]
    charts = [s for slide in deck.slides for s in slide.shapes if s.has_chart]
    blocks = [b for p in report.pages for b in p.blocks if isinstance(b, ChartBlock)]

    assert titles[0] == report.title
    assert [b.title for b in blocks] == [
        title for title in titles if title in {b.title for b in blocks}
    ]
    assert len(charts) >= len(blocks)
    assert set(report.cautions) <= {line for t in texts(deck) for line in t.split("\n")}
    assert set(report.headlines) <= {
        line for t in texts(deck) for line in t.split("\n")
    }


def test_a_slide_says_question_base_and_source(
    report: Report, opened: Callable[[bytes], Any], shape: Callable[[Any, str], Any]
) -> None:
    deck = opened(pptx(report))
    block = next(b for b in report.pages[1].blocks if isinstance(b, ChartBlock))

    assert shape(deck, "barriers/question").text_frame.text == block.subtitle
    assert shape(deck, "barriers/footer").text_frame.text.split("\n") == list(
        block.footer
    )
    frame = shape(deck, "barriers/chart")
    assert frame.element.nvGraphicFramePr.cNvPr.get("descr") == block.alt
    slide = next(s for s in deck.slides if frame.name in {x.name for x in s.shapes})
    notes = slide.notes_slide.notes_text_frame.text
    for said in (block.subtitle, *block.footer, block.alt):
        assert said in notes


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    first = pptx(report)

    assert pptx(report) == first
    assert pptx(report, former=first) == first


@pytest.mark.parametrize("kind", KINDS)
def test_charts_hold_the_numbers(
    kind: str,
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    block = chart(kind, KINDS[kind])
    deck = opened(pptx(with_chart(block)))
    native = shape(deck, "figure/chart").chart
    paths = ".//c:val//c:v/text() | .//c:xVal//c:v/text() | .//c:yVal//c:v/text()"
    drawn = {round(float(one), 9) for one in select(native.part._element, paths)}
    wanted = {round(v.estimate, 9) for row in block.rows for v in row.values}
    book = load_workbook(BytesIO(native.part.chart_workbook.xlsx_part.blob))
    cells = {
        round(cell, 9)
        for row in book.worksheets[0].iter_rows(values_only=True)
        for cell in row
        if isinstance(cell, float)
    }

    assert wanted <= drawn
    assert wanted <= cells


@pytest.mark.parametrize("kind", ["bars", "pairs", "dots", "lines"])
def test_intervals_are_drawn_from_the_workbook(
    kind: str,
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    deck = opened(pptx(with_chart(chart(kind, KINDS[kind]))))
    native = shape(deck, "figure/chart").chart
    bars = select(native.part._element, ".//c:errBars[c:errValType/@val='cust']")
    lengths = [
        {round(float(v), 9) for v in select(bar, f"./c:{side}//c:v/text()")}
        for bar in bars
        for side in ("minus", "plus")
    ]

    assert len(bars) == (3 if kind == "lines" else KINDS[kind])
    assert lengths == [{0.03}, {0.05}] * len(bars)


def test_labels_print_by_number_format_or_are_written_out(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    rows = (
        ChartRow("a", (ChartValue(0.4149, "41%"),)),
        ChartRow("b", (ChartValue(0.004, "<0.5%"),)),
        ChartRow("c", (ChartValue(0.0, "-"),)),
    )
    deck = opened(pptx(with_chart(replace(chart("bars"), rows=rows))))
    native = shape(deck, "figure/chart").chart
    labels = select(native.part._element, ".//c:dLbl")

    assert ["".join(select(label, ".//a:t/text()")) for label in labels] == [
        "",
        "<0.5%",
        "-",
    ]
    assert select(labels[0], "./c:numFmt/@formatCode") == ["0%"]


def test_steps_of_a_scale_stand_around_their_middle(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    """Left of the middle: 11 + 12 + 13 / 2 = 29.5 %, then 54.5 % and 79.5 %."""
    deck = opened(pptx(with_chart(chart("scale", 5))))
    native = shape(deck, "figure/chart").chart
    before = list(native.series[0].values)
    middle = select(native.part._element, ".//c:catAx/c:crossesAt/@val")

    assert before == pytest.approx([0.5, 0.25, 0.0])
    assert [float(value) for value in middle] == pytest.approx([0.795])


def test_a_line_is_not_joined_where_waves_cannot_be_compared(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    values = (
        ChartValue(0.2, "20%"),
        ChartValue(0.3, "30%", linked=False),
        ChartValue(0.4, "40%"),
    )
    block = replace(chart("lines", 3, 1), rows=(ChartRow("Rate", values),))
    native = shape(opened(pptx(with_chart(block))), "figure/chart").chart
    broken = select(native.part._element, ".//c:dPt[c:spPr/a:ln/a:noFill]/c:idx/@val")

    assert broken == ["1"]


def test_heat_is_a_table(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    block = chart("heat", 3)
    rows = (*block.rows, ChartRow("Few", (ChartValue(None, "n < 30"),) * 3))
    table = shape(opened(pptx(with_chart(replace(block, rows=rows)))), "figure/table")
    cells = [[c.text for c in row.cells] for row in table.table.rows]

    assert cells[1] == ["Row 1", "11%", "12%", "13%"]
    assert cells[4] == ["Few", "n < 30", "n < 30", "n < 30"]
    assert not select(table.table.cell(4, 1)._tc, "./a:tcPr/a:solidFill")


@pytest.mark.parametrize("kind", [*KINDS, "heat", "states"])
def test_a_hidden_number_is_nowhere(
    kind: str,
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    parts: Callable[[bytes], Any],
) -> None:
    """The other numbers of a row that adds up would give it away."""
    block = as_states(kind, chart(kind, KINDS.get(kind, 3)))
    hidden = ChartValue(None, "not shown: base below 30", HIDDEN, HIDDEN, "hidden")
    values = (hidden, *block.rows[0].values[1:])
    rows = (ChartRow("Few", values), *block.rows[1:])
    made = pptx(with_chart(replace(block, rows=rows)))

    assert not [name for name, part in parts(made) if str(HIDDEN).encode() in part]
    said = b"".join(
        part for name, part in parts(made) if "slides/" in name or "chart" in name
    )
    assert b"not shown" in said
    if kind in {"stacked", "scale", "diverging"}:
        drawn = [s.values[0] for s in shape(opened(made), "figure/chart").chart.series]
        assert drawn == [None] * len(drawn)


def test_texts_from_data_stay_texts(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    bad = [
        '=HYPERLINK("http://x","y")',
        '<script>alert(1)</script> & "quotes"',
        "\u202eright to left \u05d0\u05d1",
        "\U0001f600 emoji",
        "new\nline\x00\x0b",
        "x" * 400,
        "word " * 80,
    ]
    rows = tuple(ChartRow(text, (ChartValue(0.5, "50%"),)) for text in bad)
    block = replace(chart("bars"), rows=rows, title=bad[6], subtitle=bad[5], alt=bad[1])
    made = pptx(replace(with_chart(block), title=bad[1], headlines=tuple(bad)))
    native = shape(opened(made), "figure/chart").chart
    sheet = load_workbook(
        BytesIO(native.part.chart_workbook.xlsx_part.blob)
    ).worksheets[0]

    assert [cell.data_type for cell in sheet["A"][1:]] == ["s"] * len(bad)
    assert sheet["A2"].value == bad[0]
    assert sheet["A6"].value == "new line"
    title = opened(made).slides[0].shapes.title.text_frame.text
    assert title == bad[1]


def test_long_texts_are_cut_on_the_slide_and_whole_in_the_notes(
    with_chart: Make, chart: Callable[..., ChartBlock], opened: Callable[[bytes], Any]
) -> None:
    long = "A very long title that goes on and on " * 30
    deck = opened(pptx(with_chart(chart("bars", title=long))))
    slide = deck.slides[-1]

    assert slide.shapes.title.text_frame.text.endswith("\u2026")
    assert long.strip() in slide.notes_slide.notes_text_frame.text
    sizes = [
        int(size)
        for shape in slide.shapes
        if shape.has_text_frame
        for size in select(shape.element, ".//a:rPr/@sz")
    ]
    assert min(sizes) >= 1200


def test_nothing_runs_over_the_edge(
    report: Report, opened: Callable[[bytes], Any]
) -> None:
    deck = opened(pptx(report))

    for slide in deck.slides:
        for one in slide.shapes:
            assert one.left >= 0
            assert one.top >= 0
            assert one.left + one.width <= deck.slide_width
            assert one.top + one.height <= deck.slide_height


def test_a_long_figure_needs_several_slides(
    with_chart: Make, chart: Callable[..., ChartBlock], opened: Callable[[bytes], Any]
) -> None:
    block = chart("bars", count=8)
    rows = tuple(replace(block.rows[0], label=f"Row {n}") for n in range(45))
    deck = opened(pptx(with_chart(replace(block, rows=rows))))
    titles = [s.shapes.title.text_frame.text for s in deck.slides][-3:]
    shown = [
        label
        for slide in deck.slides
        for one in slide.shapes
        if one.has_chart
        for label in one.chart.plots[0].categories
    ]

    assert titles == [f"A finding ({n}/3)" for n in (1, 2, 3)]
    assert shown == [row.label for row in rows]


def test_sections_name_every_slide(
    english: Report, opened: Callable[[bytes], Any]
) -> None:
    deck = opened(pptx(english))
    named = [
        int(entry.get("id"))
        for entry in deck.element.iter()
        if "powerpoint" in str(entry.tag) and str(entry.tag).endswith("}sldId")
    ]

    assert named == [slide.slide_id for slide in deck.slides]


def test_no_part_has_a_time(english: Report, opened: Callable[[bytes], Any]) -> None:
    properties = opened(pptx(english)).core_properties

    assert properties.created == properties.modified
    assert properties.created.year == 2000


def _converted(office: str, content: bytes, kind: str, folder: Path) -> bytes | None:
    """Let LibreOffice open slides and save them as something else."""
    (folder / "out").mkdir(exist_ok=True)
    (folder / "slides.pptx").write_bytes(content)
    profile = f"-env:UserInstallation=file://{folder}/profile"
    asked = ["--headless", "--convert-to", kind, "--outdir", "out", "slides.pptx"]
    subprocess.run(
        [office, profile, *asked],
        cwd=folder,
        capture_output=True,
        check=False,
        timeout=180,
    )
    made = folder / "out" / f"slides.{kind}"
    return made.read_bytes() if made.exists() else None


def test_libreoffice_opens_the_slides(
    english: Report,
    tmp_path: Path,
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    office = shutil.which("soffice")
    if office is None:
        pytest.skip("LibreOffice is not installed")
    made = pptx(english)
    saved = _converted(office, made, "pptx", tmp_path)
    if saved is None:
        pytest.skip("LibreOffice has no Impress here")
    again = pptx(english, former=saved)
    deck, former = opened(again), opened(made)
    page = _converted(office, again, "pdf", tmp_path)
    assert page is not None
    pages = PdfReader(BytesIO(page)).pages

    assert len(deck.slides) == len(former.slides)
    for name in ("barriers", "preference", "stages", "adoption_rate"):
        new, old = (shape(d, f"{name}/chart").chart for d in (deck, former))
        # Columns without a name only keep a distance, which LibreOffice rounds.
        named = [[s.values for s in c.series if s.name.strip()] for c in (new, old)]
        assert named[0] == named[1]
        assert new.part.chart_workbook.xlsx_part is not None
        told = shape(deck, f"{name}/chart").element.nvGraphicFramePr.cNvPr
        assert told.get("descr")
    assert len(pages) == len(deck.slides)
    assert english.title.split()[0] in pages[0].extract_text()


PIXEL = (
    b"<svg xmlns='http://www.w3.org/2000/svg' width='40' height='10'>"
    b"<rect width='40' height='10' fill='#C01020'/></svg>"
)


def test_a_logo_stands_on_the_master(
    english: Report, opened: Callable[[bytes], Any]
) -> None:
    look = replace(english.look, logo=PIXEL, logo_kind="svg")
    made = pptx(replace(english, look=look))
    pictures = [s for s in opened(made).slide_master.shapes if s.name == "logo"]

    assert [round(p.width / p.height) for p in pictures] == [4]
    assert pptx(replace(english, look=look)) == made


@pytest.mark.parametrize("estimate", [None, 0.0, 1.0, -0.2])
@pytest.mark.parametrize("kind", [*KINDS, "heat"])
def test_figures_without_much_in_them(
    kind: str,
    estimate: float | None,
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
) -> None:
    series = KINDS.get(kind, 3)
    value = ChartValue(estimate, "n/a" if estimate is None else f"{estimate:.0%}")
    rows = (ChartRow("Only", (value,) * series),)
    deck = opened(pptx(with_chart(replace(chart(kind, series), rows=rows))))
    figures = [s for s in deck.slides[-1].shapes if s.has_chart or s.has_table]

    assert len(figures) == 1


def lines_of(chart: Callable[..., ChartBlock], *several: tuple[Any, ...]) -> ChartBlock:
    """A figure of lines through shares; None is hidden."""
    rows = tuple(
        ChartRow(
            f"Rate {number}",
            tuple(
                ChartValue(value, "n < 30" if value is None else f"{value:.0%}")
                for value in values
            ),
        )
        for number, values in enumerate(several)
    )
    return replace(chart("lines", len(several[0]), 1), rows=rows)


def test_ends_of_lines_that_lie_close_are_moved_apart(
    with_chart: Callable[[ChartBlock], Report],
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    values = [
        (0.50, 0.3, 0.20),
        (0.49, 0.3, 0.45),
        (0.21, 0.3, 0.44),
        (None, 0.3, 0.19),
    ]
    frame = shape(opened(pptx(with_chart(lines_of(chart, *values)))), "chart")
    drawn = frame.chart._chartSpace
    high = float(select(drawn, ".//c:valAx/c:scaling/c:max/@val")[0])
    plot = float(select(drawn, ".//c:plotArea/c:layout//c:h/@val")[0])
    size = int(select(drawn, ".//c:dLbl//a:defRPr/@sz")[0]) / 100
    least = 1.2 * size / 72 / (frame.height / 914400)
    for at in (0, 2):
        places = []
        for series, row in zip(select(drawn, ".//c:ser"), values, strict=True):
            found = select(series, f"c:dLbls/c:dLbl[c:idx/@val='{at}']")
            assert len(found) == (row[at] is not None)
            for label in found:
                drop = [float(y) for y in select(label, ".//c:y/@val")]
                places.append(plot * row[at] / high - sum(drop))
        gaps = [one - other for one, other in pairwise(sorted(places, reverse=True))]
        assert min(gaps) >= least - 1e-4
    # Between the ends no number is printed.
    assert not select(drawn, ".//c:dLbl[c:idx/@val='1']")


def test_a_line_has_its_name_at_its_end_and_no_legend(
    with_chart: Callable[[ChartBlock], Report],
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    block = lines_of(chart, (0.5, 0.6), (0.3, None))
    drawn = shape(opened(pptx(with_chart(block))), "chart").chart._chartSpace
    last = ".//c:dLbl[c:idx/@val='1']"

    assert not select(drawn, ".//c:legend")
    first, second, unseen = select(drawn, ".//c:ser")
    assert select(first, f"{last}/c:showSerName/@val") == ["1"]
    assert not select(second, last)
    assert select(unseen, f"{last}//a:t/text()") == ["Rate 1 (n < 30)"]


def test_lines_of_a_slide_look_different_and_more_of_them_go_on_the_next(
    with_chart: Callable[[ChartBlock], Report],
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
) -> None:
    block = lines_of(chart, *[(0.05 * n, 0.05 * n + 0.02) for n in range(1, 12)])
    deck = opened(pptx(with_chart(block)))
    counts = []
    for drawn in (
        s.chart._chartSpace for p in deck.slides for s in p.shapes if s.has_chart
    ):
        looks = [
            (
                *select(series, "./c:spPr//a:srgbClr/@val"),
                *select(series, "./c:spPr//a:prstDash/@val"),
                *select(series, "./c:marker/c:symbol/@val"),
            )
            for series in select(drawn, ".//c:ser")
        ]
        assert len(set(looks)) == len(looks)
        counts.append(len(looks))

    assert counts == [6, 5]


def test_points_stand_in_the_workbook_with_their_labels(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    points = [(10.0, 3.0, "net"), (1000.0, 30.0, "category"), (100000.0, 300.0, "net")]
    rows = tuple(
        ChartRow(f"=Model {n}", (ChartValue(x, ""), ChartValue(y, "")), role)
        for n, (x, y, role) in enumerate(points)
    )
    block = replace(
        chart("scatter", 2),
        rows=rows,
        logarithmic=True,
        reference=((1.0, 1.0), (1e6, 1e3)),
    )
    native = shape(opened(pptx(with_chart(block))), "figure/chart").chart
    sheet = load_workbook(
        BytesIO(native.part.chart_workbook.xlsx_part.blob)
    ).worksheets[0]
    drawn = native.part._element

    assert [cell.value for cell in sheet["A"][1:4]] == [row.label for row in rows]
    assert [cell.value for cell in sheet["B"][1:4]] == [10.0, 1000.0, 100000.0]
    assert select(drawn, ".//c:logBase/@val") == ["10", "10"]
    named = select(drawn, ".//c:ser[c:dLbls/c:dLbl]")
    assert len(named) == 1
    assert select(named[0], ".//c:dLbl//a:t/text()") == ["=Model 0", "=Model 2"]
    # Every series refers to the same cells across.
    assert len(set(select(drawn, ".//c:xVal//c:f/text()"))) == 1


def test_a_curve_has_a_line_per_group(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    rows = tuple(
        ChartRow("", (ChartValue(x, ""), ChartValue(x**power, "")), group=group)
        for group, power in (("Models", 2), ("Makers", 4))
        for x in (0.0, 0.5, 1.0)
    )
    block = replace(chart("curve", 2), rows=rows, reference=((0.0, 0.0), (1.0, 1.0)))
    native = shape(opened(pptx(with_chart(block))), "figure/chart").chart
    drawn = native.part._element
    names = [
        name for name in select(drawn, ".//c:ser/c:tx//c:v/text()") if name.strip()
    ]

    assert names == ["Models", "Makers"]
    assert select(drawn, ".//c:legendEntry[c:delete/@val='1']/c:idx/@val") == ["0"]
    known = select(drawn, ".//c:ser[c:tx//c:v='Makers']/c:yVal//c:pt/c:v/text()")
    assert [float(one) for one in known] == [0.0, 0.0625, 1.0]


def test_states_are_a_table_with_coloured_cells(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    block = as_states("states", chart("states", 3, 10))
    deck = opened(pptx(with_chart(block)))
    tables = [s for slide in deck.slides for s in slide.shapes if s.has_table]
    table = tables[0].table
    fills = select(table.cell(1, 1)._tc, "./a:tcPr/a:solidFill/a:srgbClr/@val")

    assert fills == [style.STATES["state:open"].lstrip("#")]
    assert [table.cell(1, n).text for n in range(4)] == ["Row 1", "o", "u", "i"]
    assert select(table.cell(0, 1)._tc, "./a:tcPr/@vert") == ["vert270"]
    assert table.cell(0, 0).text.startswith("o open; u unlicensed; i invalid")
    # Ten rows do not fit with a head that reads upwards.
    assert [len(one.table.rows) for one in tables] == [6, 6]


def test_no_word_of_a_table_is_broken() -> None:
    long = "Veränderung in Prozentpunkten"
    columns = (*(TableColumn("A") for _ in range(5)), *(TableColumn(long),) * 3)
    rows = (TableRow("A label that is as long as such labels are", ()),)
    box = (0.5, 1.5, 12.3, 4.0)
    grid = table_grid(TableBlock("t", "T", "", columns, rows), box)

    assert grid is not None
    assert sum(grid.widths) == pytest.approx(12.3)
    for word in long.split():
        assert width_of(word, grid.size, bold=True) <= grid.widths[-1] - 2 * grid.pad
    assert grid.widths[1] < grid.widths[-1]


def test_type_gets_smaller_before_a_label_is_cut() -> None:
    long = "Licences of single makers (Llama, Gemma and some others)"
    space = room([long, *["MIT"] * 7], [], (12.3, 4.0), HOUSE)

    assert shortened(long, space) == long
    assert space.size < room(["MIT"] * 8, [], (12.3, 4.0), HOUSE).size


def test_one_sentence_beside_a_figure_stands_in_its_notes(english: Report) -> None:
    figure = next(
        b for p in english.pages for b in p.blocks if isinstance(b, ChartBlock)
    )
    one = Note("The one finding.", kind="finding")
    two = Note("Two findings.", ("Another one.",), kind="finding")
    planned = [
        slides(replace(english, pages=(Page("p", "Page", (note, figure), "S"),)))
        for note in (one, two)
    ]

    assert [[s.kind for s in plan][2:] for plan in planned] == [
        ["chart"],
        ["text", "chart"],
    ]
    assert "The one finding." in planned[0][2].notes


def test_the_head_of_points_does_not_stand_alone_under_a_table(
    english: Report,
) -> None:
    table = TableBlock(
        "t", "T", "", (TableColumn("A"),), (TableRow("R", (TableCell("1"),)),)
    )
    notes = (Note("Not compared:", ("Size.",), "caution"), Note("A line.", ()))
    page = Page("p", "Page", (*notes, table), "S")
    made = slides(replace(english, pages=(page,)))

    assert made[-1].footer == ("A line.",)

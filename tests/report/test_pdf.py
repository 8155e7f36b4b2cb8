"""The PDF says what the report says, in full, tagged, and the same each time."""

import re
from dataclasses import replace
from io import BytesIO

import pytest
from pypdf import PdfReader
from pypdf.generic import DictionaryObject

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
from survey.report.pdf import pdf
from survey.report.table_parts import MOST_COLUMNS, parts
from survey.report.wording import words

HOSTILE = (
    '#read("/etc/passwd")',
    "$x$ and $$",
    "<script>alert(1)</script>",
    "*bold* _it_ `code` @ref <label>",
    "= no heading",
    "\\u{41} // no comment /* none */",
    "Größe, Übermaß, naïve",
    "=HYPERLINK(1)",
)
LONG = "Concerns about the protection of personal data in training sets. " * 7


def read(report: Report) -> PdfReader:
    return PdfReader(BytesIO(pdf(report)))


def squeezed(text: str) -> str:
    """Without blanks and hyphens, which a line break may add or take."""
    return "".join(text.replace("\u200b", "").replace("-", "").split())


def all_text(reader: PdfReader) -> str:
    return squeezed("".join(page.extract_text() for page in reader.pages))


def one_page(*blocks: object, title: str = "Page") -> tuple[Page, ...]:
    return (Page("page", title, blocks, "Section"),)  # type: ignore[arg-type]


def table(count: int, rows: int = 3, label: str = "Row") -> TableBlock:
    cells = tuple(TableCell(f"{n}%", n / 100, "percent") for n in range(count))
    return TableBlock(
        "t",
        "Table",
        "Stub",
        tuple(
            TableColumn(f"C{n}", "", f"G{n // 4}" if n else "") for n in range(count)
        ),
        tuple(TableRow(f"{label} {n}", cells) for n in range(rows)),
        ("A note.",),
    )


def test_cover_contents_and_pages_are_there(report: Report) -> None:
    reader = read(report)
    texts = [squeezed(page.extract_text()) for page in reader.pages]
    fixed = words(report.language)

    for line in (report.title, report.subtitle, *report.cautions, *report.headlines):
        assert squeezed(line) in texts[0]
    for page in report.pages:
        assert squeezed(page.title) in texts[1]
        assert squeezed(page.title) in "".join(texts[2:])
    assert squeezed(fixed["contents"]) in texts[1]
    assert squeezed(f"{fixed['page']} 2 / {len(texts)}") in texts[1]
    for finding in report.findings:
        assert squeezed(finding.message) in texts[-1]


def test_bookmarks_lead_to_sections_and_pages(report: Report) -> None:
    outline = read(report).outline
    flat = [
        entry.title
        for part in outline
        for entry in (part if isinstance(part, list) else [part])
    ]

    assert {page.title for page in report.pages} <= set(flat)
    assert {page.section for page in report.pages} <= set(flat)


def test_contents_link_to_pages(english: Report) -> None:
    links = [
        note.get_object()["/Subtype"] for note in read(english).pages[1]["/Annots"]
    ]

    assert len(links) >= len(english.pages)
    assert set(links) == {"/Link"}


def test_it_is_tagged_titled_and_in_its_language(report: Report) -> None:
    reader = read(report)
    root = reader.trailer["/Root"]

    assert root["/MarkInfo"]["/Marked"]
    assert root["/Lang"] == report.language
    assert reader.metadata is not None
    assert reader.metadata.title == report.title
    assert "/CreationDate" not in reader.metadata
    assert "pdfuaid" in reader.xmp_metadata.stream.get_data().decode()


def kinds(node: DictionaryObject) -> list[DictionaryObject]:
    found = [node] if "/S" in node else []
    children = node.get("/K", [])
    for child in children if isinstance(children, list) else [children]:
        inner = child.get_object()
        if isinstance(inner, DictionaryObject):
            found += kinds(inner)
    return found


def test_figures_have_a_text_for_those_who_cannot_see_them(english: Report) -> None:
    tree = kinds(read(english).trailer["/Root"]["/StructTreeRoot"])
    alts = {node["/Alt"] for node in tree if node["/S"] == "/Figure" and "/Alt" in node}

    assert "Bar chart of barriers, security and privacy first." in alts
    assert "/TH" in {node["/S"] for node in tree}


def test_fonts_are_embedded(english: Report) -> None:
    for page in read(english).pages:
        for font in page["/Resources"]["/Font"].values():
            (inner,) = font.get_object()["/DescendantFonts"]
            described = inner.get_object()["/FontDescriptor"]
            assert {"/FontFile2", "/FontFile3"} & set(described)


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert pdf(report) == pdf(report)


@pytest.mark.parametrize("text", HOSTILE)
def test_text_from_data_prints_as_it_is(english: Report, text: str) -> None:
    row = TableRow(text, (TableCell(text),))
    block = TableBlock("t", text, text, (TableColumn(text, "", text),), (row,), (text,))
    hostile = replace(
        english,
        title=text,
        subtitle=text,
        cautions=(text,),
        headlines=(text,),
        pages=one_page(Note(text, (text,)), block, title=text),
        findings=(),
    )
    reader = read(hostile)
    seen = all_text(reader)

    assert seen.count(squeezed(text)) >= 10
    assert "root:" not in seen
    assert reader.metadata is not None
    assert reader.metadata.title == text


def test_a_line_break_and_control_characters_do_no_harm(english: Report) -> None:
    pages = one_page(Note("two\nlines\x00 and a bell\x07"))

    assert "twolinesandabell" in all_text(read(replace(english, pages=pages)))


def test_long_and_unbreakable_labels_print_in_full(english: Report) -> None:
    word = "Donaudampfschifffahrtsgesellschaft" * 6
    rows = (TableRow(LONG, (TableCell("1%"),)), TableRow(word, (TableCell("2%"),)))
    block = TableBlock("t", LONG, "Stub", (TableColumn(word),), rows)
    seen = all_text(read(replace(english, pages=one_page(block))))

    assert seen.count(squeezed(LONG)) == 2
    assert seen.count(word) == 2


def test_other_scripts_do_not_stop_the_report(english: Report) -> None:
    pages = one_page(Note("אבטחה, Безопасность, 安全, 🙂"))

    assert "Безопасность" in all_text(read(replace(english, pages=pages)))


def test_a_long_table_repeats_its_head_on_every_page(english: Report) -> None:
    reader = read(replace(english, pages=one_page(table(4, rows=120)), findings=()))
    texts = [page.extract_text() for page in reader.pages][2:]

    assert len(texts) > 1
    assert all("Stub" in text and "C2" in text for text in texts)
    assert sum(text.count("Row") for text in texts) == 120


def test_a_long_narrow_table_stands_in_two_columns(english: Report) -> None:
    reader = read(replace(english, pages=one_page(table(3, rows=230)), findings=()))
    texts = [page.extract_text() for page in reader.pages][2:]

    assert [text.count("C2") for text in texts] == [2, 2]
    assert sum(text.count("Row") for text in texts) == 230
    # Notes behind the table could stand alone on a page.
    assert texts[0].index("A note.") < texts[0].index("Row 0")


def test_a_page_with_a_figure_begins_a_sheet(english: Report) -> None:
    figure = next(
        block
        for page in english.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    )
    pages = (
        Page("a", "First", (Note("A line."),), "Section"),
        Page("b", "Second", (figure,), "Section"),
        Page("c", "Third", (Note("A line."),), "Section"),
    )
    reader = read(replace(english, pages=pages, findings=()))
    texts = [page.extract_text() for page in reader.pages][2:]

    assert ["First" in text for text in texts] == [True, False]
    assert ["Third" in text for text in texts] == [False, True]


SQUARE = (
    b'<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9">'
    b'<rect width="9" height="9" fill="#123456"/></svg>'
)


def colours_on(reader: PdfReader, page: int) -> set[str]:
    """Colours that a page and the drawings on it are painted with."""
    drawn = reader.pages[page]["/Resources"].get("/XObject", {})
    parts = [reader.pages[page].get_contents()]
    parts += [part.get_object() for part in drawn.values()]
    text = b"\n".join(part.get_data() for part in parts if part is not None)
    number = rb"(\d[\d.]*) "
    found = re.findall(number * 3 + rb"(?:rg|scn|RG|SCN)\b", text)
    return {
        "#" + "".join(f"{round(float(part) * 255):02X}" for part in one)
        for one in found
    }


def test_the_cover_has_the_logo_and_the_colours_of_the_house(english: Report) -> None:
    colours = {**HOUSE.colours, "accent": "#B00020"}
    look = replace(HOUSE, colours=colours, logo=SQUARE, logo_kind="svg")
    ours, theirs = (
        colours_on(read(one), 0) for one in (english, replace(english, look=look))
    )

    assert theirs - ours == {"#123456", "#B00020"}
    assert HOUSE.colours["accent"] in ours - theirs


def test_a_wide_logo_stays_on_the_paper(english: Report) -> None:
    wide = SQUARE.replace(b'width="9" height', b'width="9000" height')
    logo = replace(HOUSE, logo=wide, logo_kind="svg")
    reader = read(replace(english, look=logo))

    assert squeezed(english.title) in squeezed(reader.pages[0].extract_text())
    assert len(reader.pages) == len(read(english).pages)


def test_a_figure_too_tall_for_a_page_goes_on_on_the_next(english: Report) -> None:
    rows = tuple(
        ChartRow(f"Row number {n}.", (ChartValue(0.5, "50%"), ChartValue(0.4, "40%")))
        for n in range(40)
    )
    series = (ChartSeries("One", "weighted"), ChartSeries("Two", "unweighted"))
    footer = ("Base: everyone.",)
    block = ChartBlock(
        "b", "pairs", "What was found", "Asked", series, rows, footer, "alt"
    )
    reader = read(replace(english, pages=one_page(block), findings=()))
    shown = [page.extract_text() for page in reader.pages]
    told = [n for n, text in enumerate(shown) if "Row number" in text]
    first, second = (shown[n] for n in told)

    assert "Row number 0." in first
    assert "Row number 39." in second
    assert sum(text.count("Row number") for text in shown) == 40
    assert "What was found" in first
    assert "Base: everyone." not in first
    assert "Base: everyone." in second


def test_emoji_without_a_typeface_are_named(english: Report) -> None:
    reader = read(replace(english, title="Lift off \U0001f680"))

    assert "Lift off [rocket]" in reader.pages[0].extract_text()


@pytest.mark.parametrize("count", [7, 14, 15, 21, 40])
def test_a_wide_table_stands_upright_and_loses_no_column(
    english: Report, count: int
) -> None:
    reader = read(replace(english, pages=one_page(table(count)), findings=()))
    text = " ".join("".join(p.extract_text() for p in reader.pages[2:]).split())

    assert all(p.mediabox.width < p.mediabox.height for p in reader.pages)
    assert all(f"C{n}" in text for n in range(count))


@pytest.mark.parametrize("count", [0, 1, 14, 15, 21, 60])
def test_parts_hold_every_column_and_repeat_the_total(count: int) -> None:
    made = parts(table(count))

    assert {column for part in made for column in part} == set(range(count))
    assert all(len(part) <= MOST_COLUMNS for part in made)
    assert all(part[0] == 0 for part in made if count)


def test_groups_that_fit_share_a_part_whatever_their_order() -> None:
    sizes = {"": 3, "Size": 4, "Industry": 10, "Region": 4}
    columns = [
        TableColumn("C", "", g) for g, count in sizes.items() for _ in range(count)
    ]
    block = TableBlock("t", "", "", tuple(columns), ())

    assert parts(block) == (
        (*range(7), *range(17, 21)),
        (0, *range(7, 17)),
    )


def test_pages_of_a_section_follow_one_another(english: Report) -> None:
    pages = tuple(
        Page(
            str(n), f"Question {n}", (Note("One line."),), "First" if n < 9 else "Next"
        )
        for n in range(12)
    )
    reader = read(replace(english, pages=pages, findings=()))

    assert len(reader.pages) == 4
    assert "Question8" in squeezed(reader.pages[2].extract_text())
    assert "Question9" in squeezed(reader.pages[3].extract_text())


def test_a_heading_stands_with_its_figure_and_table(english: Report) -> None:
    figure = next(
        block
        for page in english.pages
        for block in page.blocks
        if isinstance(block, ChartBlock) and len(block.rows) > 3
    )
    pages = tuple(
        Page(str(n), f"Question {n}", (figure, table(3, rows=9)), "Section")
        for n in range(4)
    )
    texts = [
        squeezed(page.extract_text())
        for page in read(replace(english, pages=pages, findings=())).pages[2:]
    ]

    assert [text.count("Question") for text in texts] == [
        text.count("Row8") for text in texts
    ]
    assert sum(text.count("Row8") for text in texts) == len(pages)


def test_a_table_without_columns_still_lists_its_rows(english: Report) -> None:
    block = TableBlock("t", "", "Stub", (), (TableRow("Row", ()),))

    assert "StubRow" in all_text(read(replace(english, pages=one_page(block))))


def test_a_section_row_heads_the_rows_below(english: Report) -> None:
    rows = (TableRow("Costs", (), "section"), TableRow("Low", (TableCell("1%"),)))
    block = TableBlock("t", "", "", (TableColumn("Total"),), rows)

    assert "CostsLow1%" in all_text(read(replace(english, pages=one_page(block))))


def test_no_page_is_empty(report: Report) -> None:
    lengths = [len(page.extract_text()) for page in read(report).pages]

    assert min(lengths) > 80


def test_letters_and_marks_stand_beside_the_percent(english: Report) -> None:
    cells = (
        TableCell("41%", 0.41, "percent", letters="BC"),
        TableCell("7%", 0.07, "percent", flag="small"),
        TableCell("n/a", flag="hidden"),
        TableCell("", flag="hidden"),
    )
    columns = tuple(TableColumn(label, label) for label in "ABCD")
    block = TableBlock("t", "", "", columns, (TableRow("Row", cells),))
    seen = all_text(read(replace(english, pages=one_page(block))))

    assert "41%BC" in seen
    assert "7%*" in seen
    assert "n/a**" in seen


def test_findings_are_not_printed_twice(english: Report) -> None:
    heading = words("en")["data_findings"]
    pages = (*english.pages, Page("data", heading, (Note("See there."),)))
    seen = all_text(read(replace(english, pages=pages)))

    assert squeezed(english.findings[0].message) not in seen


def test_an_empty_report_is_still_a_report(english: Report) -> None:
    empty = replace(
        english, pages=(), findings=(), headlines=(), cautions=(), subtitle=""
    )

    assert squeezed(english.title) in all_text(read(empty))


def test_key_findings_stand_with_the_cautions_on_the_cover(english: Report) -> None:
    longer = replace(english, headlines=("A finding of some words. " * 9,) * 12)
    pages = [squeezed(page.extract_text()) for page in read(longer).pages]

    assert squeezed(english.cautions[-1]) in pages[0]
    assert pages[0].count("Afindingofsomewords.") == 12 * 9


@pytest.mark.parametrize("before", range(6))
def test_a_head_stands_with_its_base_and_a_row(english: Report, before: int) -> None:
    def section(number: int) -> tuple[TableRow, ...]:
        return (
            TableRow(f"Question {number}", (), "section"),
            TableRow("Base", (TableCell("9"),), "base"),
            *(TableRow("Answer", (TableCell("1%"),)) for _ in range(number % 5 + 1)),
        )

    first = (TableRow("Answer", (TableCell("1%"),)),) * before
    rows = (*first, *(row for number in range(80) for row in section(number)))
    block = TableBlock("t", "", "", (TableColumn("Total"),), rows)
    reader = read(replace(english, pages=one_page(block), findings=()))
    ends = [page.extract_text().split("\n") for page in reader.pages]
    lines = [line.strip() for page in ends for line in page]
    after = [lines[n + 1] for n, line in enumerate(lines) if line.startswith("Base")]

    assert len(after) == 80
    assert all(line.startswith("Answer") for line in after)


def test_a_small_page_stands_below_another_one(english: Report) -> None:
    row = ChartRow("Yes", (ChartValue(0.5, "50%"),))
    small = ChartBlock("s", "bars", "", "", (ChartSeries("A"),), (row,) * 2, (), "")
    pages = (
        Page("a", "First", (Note("A line."),), "Section"),
        Page("b", "Second", (small,), "Section"),
    )
    reader = read(replace(english, pages=pages, findings=()))

    assert len(reader.pages) == 3
    assert "Second" in reader.pages[2].extract_text()


def test_a_figure_behind_a_table_keeps_its_title(english: Report) -> None:
    row = ChartRow("Yes", (ChartValue(0.5, "50%"),))
    figure = ChartBlock("s", "bars", "Both", "", (ChartSeries("A"),), (row,), (), "")
    table = TableBlock("t", "", "", (TableColumn("Total"),), (TableRow("Row", ()),))
    pages = (
        Page("a", "Both", (table, figure), "Section"),
        Page("b", "Both", (figure,), "Section"),
    )
    seen = all_text(read(replace(english, pages=pages, findings=())))

    # Twice in the contents, twice as a heading, once above the figure.
    assert seen.count("Both") == 5

"""The workbook, opened again: numbers are numbers, and no text is a formula."""

from dataclasses import replace
from io import BytesIO

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook, load_workbook

from survey.report.document import (
    Page,
    Report,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.wording import words
from survey.report.xlsx import sheet_names, xlsx
from survey.report.xlsx_book import number_format


def opened(report: Report) -> Workbook:
    return load_workbook(BytesIO(xlsx(report)))


def tables(report: Report) -> list[TableBlock]:
    return [
        block
        for page in report.pages
        for block in page.blocks
        if isinstance(block, TableBlock)
    ]


def with_tables(report: Report, *blocks: TableBlock) -> Report:
    return replace(report, pages=(Page("page", "Page", blocks),))


def test_every_table_has_a_sheet_with_its_numbers(report: Report) -> None:
    book = opened(report)

    for block in tables(report):
        sheet = book[block.name]
        for number, row in enumerate(block.rows, start=6):
            assert sheet.cell(number, 1).value == row.label
            for column, cell in enumerate(row.cells, start=2):
                found = sheet.cell(number, column)
                if cell.value is not None:
                    assert found.data_type == "n"
                    assert found.value == pytest.approx(cell.value, rel=1e-15)
                    assert found.number_format == number_format(cell, report.language)
                else:
                    assert found.value == cell.text


def test_a_hidden_cell_has_no_number(report: Report) -> None:
    sheet = opened(report)["barriers_table"]
    texts = [sheet.cell(row, 15).value for row in range(9, 19)]

    assert set(texts) == {"n/a"}


def test_the_contents_link_to_the_sheets(report: Report) -> None:
    book = opened(report)
    contents = book.worksheets[0]
    links = {cell.hyperlink.location for (cell, *_) in contents if cell.hyperlink}

    named = [block.name for block in tables(report)]
    named.append(words(report.language)["sheet_figures"])
    assert links == {f"'{name}'!A1" for name in named}
    for sheet in book.worksheets[1:]:
        assert sheet["A2"].hyperlink.location == f"'{contents.title}'!A1"


def test_sheets_are_frozen_and_ready_to_print(english: Report) -> None:
    figures = words("en")["sheet_figures"]
    for sheet in opened(english).worksheets[1:]:
        assert sheet.freeze_panes == (None if sheet.title == figures else "B6")
        assert sheet.page_setup.orientation == "landscape"
        assert sheet.page_setup.fitToHeight == 0
        assert sheet.sheet_properties.pageSetUpPr.fitToPage
        rows = None if sheet.title == figures else "$3:$5"
        assert sheet.print_title_rows == rows


def test_the_recipe_is_a_comment_on_the_total(english: Report) -> None:
    sheet = opened(english)["barriers_topline"]
    comments = [cell for row in sheet.iter_rows() for cell in row if cell.comment]

    assert {cell.column for cell in comments} == {2}
    assert "Base: organisations" in comments[0].comment.text


def test_groups_span_their_columns(english: Report) -> None:
    merged = {str(one) for one in opened(english)["barriers_table"].merged_cells.ranges}

    assert merged == {"C3:F3", "G3:O3", "P3:S3"}


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", '=HYPERLINK("http://x")', "http://x", "12"]
)
def test_texts_stay_texts(english: Report, text: str) -> None:
    row = TableRow(text, (TableCell(text),))
    block = TableBlock("t", text, text, (TableColumn(text, "", text),), (row,), (text,))
    sheet = opened(with_tables(english, block))["t"]

    for place in ("A1", "A4", "B3", "B4", "A5", "B5", "A7"):
        assert sheet[place].value == text
        assert sheet[place].data_type == "s"
        assert sheet[place].hyperlink is None


def test_the_same_report_gives_the_same_bytes(report: Report) -> None:
    assert xlsx(report) == xlsx(report)


def test_a_table_may_be_called_like_the_contents(english: Report) -> None:
    block = replace(tables(english)[0], name="Contents")

    assert opened(with_tables(english, block)).sheetnames == ["Contents", "Contents 2"]


@given(st.lists(st.text(max_size=50), max_size=30))
def test_names_of_sheets_are_short_and_unique(names: list[str]) -> None:
    given_names = sheet_names(names)

    assert len({name.lower() for name in given_names}) == len(names)
    assert all(1 <= len(name) <= 31 for name in given_names)
    assert not any(set("[]:*?/\\") & set(name) for name in given_names)
    assert not any(name[0] == "'" or name[-1] == "'" for name in given_names)


@pytest.mark.parametrize(
    ("cell", "language", "expected"),
    [
        (
            TableCell("41%", 0.41, "percent"),
            "en",
            '[=0]"-";[<0.005]"<0.5%";0%',
        ),
        (
            TableCell("41\xa0%", 0.41, "percent", "AB"),
            "de",
            '[=0]"- AB";[<0.005]"<0,5\xa0% AB";0"\xa0"%" AB"',
        ),
        (TableCell("41.3%", 0.413, "percent"), "en", "0.0%"),
        (TableCell("3,25", 3.25, "decimal"), "de", "0.00"),
        (TableCell("1,204", 1204.0, "count"), "en", "#,##0"),
        (TableCell("1.27", 1.27, "decimal", flag="small"), "en", '0.00"*"'),
    ],
)
def test_number_formats(cell: TableCell, language: str, expected: str) -> None:
    assert number_format(cell, language) == expected


def test_a_report_without_tables_has_contents_only(english: Report) -> None:
    assert opened(replace(english, pages=())).sheetnames == ["Contents"]


@pytest.mark.parametrize(
    ("text", "side"),
    [("58–66%", "right"), ("58–66\xa0%", "right"), ("2 texts were found", None)],
)
def test_intervals_stand_right_as_numbers_do(
    english: Report, text: str, side: str | None
) -> None:
    row = TableRow("Row", (TableCell(text),))
    block = TableBlock("t", "T", "", (TableColumn("Interval"),), (row,))

    assert opened(with_tables(english, block))["t"]["B5"].alignment.horizontal == side


def test_a_number_with_many_letters_has_room(english: Report) -> None:
    cells = (
        TableCell("56%", 0.56, "percent", "A C D E F g h i", "small"),
        TableCell("1%", 0.01, "percent"),
    )
    columns = (TableColumn("One", "A"), TableColumn("Two", "B"))
    block = TableBlock("t", "T", "", columns, (TableRow("Row", cells),))
    sheet = opened(with_tables(english, block)).worksheets[1]

    assert sheet.column_dimensions["B"].width > len("56%* A C D E F g h i")
    assert sheet.column_dimensions["C"].width < 14

"""The tables as a workbook: numbers stay numbers, texts stay texts.

A cell shows what paper shows, by its number format; its value is unrounded. No
text is ever read as a formula or a link.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from typing import Final

from survey.report import style
from survey.report.document import ChartBlock, Page, Report, TableBlock
from survey.report.wording import words
from survey.report.xlsx_book import Book, link, paper, plain, styled, write
from survey.report.xlsx_charts import figure
from survey.report.xlsx_tables import table_sheet

# A fixed date, because the same report has to give the same bytes.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zone
_NAME_LENGTH: Final = 31
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class _Sheet:
    """A sheet to be written: its name, page and table, and the figures under it."""

    name: str
    page: str
    table: TableBlock
    figures: tuple[ChartBlock, ...]


def xlsx(report: Report) -> bytes:
    """Write the tables of a report as a workbook.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.

    Returns
    -------
    bytes
        An XLSX file: contents with links, then a sheet for every table with the
        figures that belong to it, and one for the figures without a table. The same
        report gives the same bytes.
    """
    import xlsxwriter

    stream = BytesIO()
    fixed = {**words(report.language), **report.words}
    contents = sheet_names([fixed["contents"]])[0]
    with xlsxwriter.Workbook(stream, _OPTIONS) as workbook:
        workbook.set_properties({"title": plain(report.title), "created": _CREATED})
        book = Book(workbook, {}, report.language, report.look, fixed, contents)
        sheets, alone = _sheets(report, contents)
        taken = [contents, *(sheet.name for sheet in sheets)]
        last = sheet_names([fixed["sheet_figures"]], taken)[0] if alone else ""
        _contents(book, report, sheets, last)
        for listed in sheets:
            sheet, under = table_sheet(book, listed.name, listed.table)
            for block in listed.figures:
                under = figure(book, sheet, listed.name, under + 1, block)
        if alone:
            _figures(book, last, alone)
    return stream.getvalue()


def sheet_names(names: Sequence[str], taken: Sequence[str] = ()) -> tuple[str, ...]:
    """Give names that a workbook accepts: short, unique, without odd characters.

    Parameters
    ----------
    names : sequence of str
        Wanted names.
    taken : sequence of str
        Names that are in use already.

    Returns
    -------
    tuple of str
        One name for each, at most 31 characters, different regardless of case.

    Examples
    --------
    >>> sheet_names(["q1/a", "Q1 a", "history"])
    ('q1 a', 'Q1 a 2', 'history 2')
    """
    used = {"history", "", *(name.lower() for name in taken)}
    given: list[str] = []
    for name in names:
        plain = style.clean(_FORBIDDEN.sub(" ", name)).strip("' ") or "table"
        chosen = plain[:_NAME_LENGTH].strip("' ")
        number = 1
        while chosen.lower() in used:
            number += 1
            ending = f" {number}"
            chosen = plain[: _NAME_LENGTH - len(ending)].strip("' ") + ending
        used.add(chosen.lower())
        given.append(chosen)
    return tuple(given)


def _sheets(report: Report, contents: str) -> tuple[list[_Sheet], list[ChartBlock]]:
    """Give the sheets in the order of the report, and the figures without a table."""
    found = [
        (page, block)
        for page in report.pages
        for block in page.blocks
        if isinstance(block, TableBlock)
    ]
    names = sheet_names([block.name for _, block in found], [contents])
    sheets = [
        _Sheet(name, page.title, block, _figures_of(page, block))
        for name, (page, block) in zip(names, found, strict=True)
    ]
    kept = {block.name for sheet in sheets for block in sheet.figures}
    every = {
        block.name: block
        for page in report.pages
        for block in page.blocks
        if isinstance(block, ChartBlock)
    }
    return sheets, [block for name, block in every.items() if name not in kept]


def _figures_of(page: Page, table: TableBlock) -> tuple[ChartBlock, ...]:
    """Give the figures of a table: each belongs to the next one, or the last one."""
    tables = [n for n, block in enumerate(page.blocks) if isinstance(block, TableBlock)]
    return tuple(
        block
        for n, block in enumerate(page.blocks)
        if isinstance(block, ChartBlock)
        and page.blocks[next((t for t in tables if t > n), tables[-1])] is table
    )


def _contents(
    book: Book, report: Report, sheets: Sequence[_Sheet], figures: str
) -> None:
    """Write the first sheet: what the workbook is, and links to its tables."""
    sheet = book.workbook.add_worksheet(book.contents)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 100)
    write(sheet, 0, 0, report.title, styled(book, bold=True, font_size=16))
    write(sheet, 1, 0, report.subtitle, styled(book, font_color=book.muted))
    row = 2
    for caution in report.cautions:
        write(sheet, row, 0, caution, styled(book, italic=True))
        row += 1
    shape = styled(book, font_color=book.accent, underline=1)
    for listed in sheets:
        row += 1
        link(sheet, row, listed.name, listed.page or listed.name, shape)
        write(sheet, row, 1, listed.table.title, styled(book))
    if figures:
        link(sheet, row + 1, figures, book.words["sheet_figures"], shape)
    paper(sheet, report.title)


def _figures(book: Book, name: str, blocks: Sequence[ChartBlock]) -> None:
    """Write the sheet of the figures that have no table."""
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 40, 13)
    title = book.words["sheet_figures"]
    write(sheet, 0, 0, title, styled(book, bold=True, font_size=13))
    shape = styled(book, font_color=book.accent, underline=1)
    link(sheet, 1, book.contents, book.words["contents"], shape)
    under, breaks = 2, []
    for block in blocks:
        breaks.append(under)
        under = figure(book, sheet, name, under + 1, block)
    sheet.set_h_pagebreaks(breaks[1:])
    paper(sheet, title)

"""The tables as a workbook: numbers stay numbers, texts stay texts.

A cell shows what paper shows, by its number format; its value is unrounded. No
text is ever read as a formula or a link.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from io import BytesIO
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final

from survey.report import style
from survey.report.document import Report, TableBlock, TableCell, TableRow
from survey.report.pdf import marked
from survey.report.wording import words

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

# A fixed date, because the same report has to give the same bytes.
_CREATED: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - workbooks know no time zone
_NAME_LENGTH: Final = 31
_TEXT_LENGTH: Final = 32_000
_HEADER_LENGTH: Final = 200
_FORBIDDEN: Final = re.compile(r"[\[\]:*?/\\]")
_TINT: Final = "#EEF3F7"
_OPTIONS: Final = {
    "in_memory": True,
    "strings_to_formulas": False,
    "strings_to_numbers": False,
    "strings_to_urls": False,
}


@dataclass(frozen=True, slots=True)
class _Book:
    """A workbook under way, with the formats it has so far."""

    workbook: "Workbook"
    formats: dict[tuple[tuple[str, Any], ...], "Format"]
    language: str


def xlsx(report: Report) -> bytes:
    """Write the tables of a report as a workbook.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.

    Returns
    -------
    bytes
        An XLSX file: contents with links, then a sheet for every table. The same
        report gives the same bytes.
    """
    import xlsxwriter

    stream = BytesIO()
    with xlsxwriter.Workbook(stream, _OPTIONS) as workbook:
        workbook.set_properties({"title": _text(report.title), "created": _CREATED})
        book = _Book(workbook, {}, report.language)
        fixed = {**words(report.language), **report.words}
        listed = _named(report, fixed["contents"])
        _contents(book, report, fixed["contents"], listed)
        for name, _, block in listed:
            _sheet(book, name, block, fixed["contents"])
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


def _named(report: Report, contents: str) -> list[tuple[str, str, TableBlock]]:
    """Give sheet name, page title and table, in the order of the report."""
    found = [
        (page.title, block)
        for page in report.pages
        for block in page.blocks
        if isinstance(block, TableBlock)
    ]
    names = sheet_names([block.name for _, block in found], [contents])
    return [
        (name, page, block) for name, (page, block) in zip(names, found, strict=True)
    ]


def _contents(
    book: _Book,
    report: Report,
    name: str,
    listed: Sequence[tuple[str, str, TableBlock]],
) -> None:
    """Write the first sheet: what the workbook is, and links to its tables."""
    sheet = book.workbook.add_worksheet(sheet_names([name])[0])
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, 1, 100)
    _write(sheet, 0, 0, report.title, _format(book, bold=True, font_size=16))
    _write(sheet, 1, 0, report.subtitle, _format(book, font_color=style.MUTED))
    row = 2
    for caution in report.cautions:
        _write(sheet, row, 0, caution, _format(book, italic=True))
        row += 1
    link = _format(book, font_color=style.ACCENT, underline=1)
    for target, page, block in listed:
        row += 1
        _link(sheet, row, target, page or target, link)
        _write(sheet, row, 1, block.title, _format(book))
    _print(sheet, report.title)


def _sheet(book: _Book, name: str, block: TableBlock, contents: str) -> None:
    """Write one table."""
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, max(len(block.columns), 1), 13)
    _write(sheet, 0, 0, block.title, _format(book, bold=True, font_size=13))
    link = _format(book, font_color=style.ACCENT, underline=1)
    _link(sheet, 1, sheet_names([contents])[0], contents, link)
    first = _head(book, sheet, block)
    for number, row in enumerate(block.rows):
        _row(book, sheet, first + number, row)
    _notes(book, sheet, block, first + len(block.rows) + 1)
    sheet.freeze_panes(first, 1)
    sheet.repeat_rows(2, first - 1)
    _print(sheet, block.title)


def _head(book: _Book, sheet: "Worksheet", block: TableBlock) -> int:
    """Write the heads of a table, and give the row under them."""
    plain = {"text_wrap": True, "valign": "bottom", "bold": True}
    right = _format(book, align="right", **plain)
    _groups(book, sheet, block)
    for number, column in enumerate(block.columns, start=1):
        _write(sheet, 3, number, column.label, right)
    letters = any(column.letter for column in block.columns)
    last = 4 if letters else 3
    line = {"bottom": 2, "bottom_color": style.ACCENT}
    under = {} if letters else line
    _write(sheet, 3, 0, block.stub_head, _format(book, **plain, **under))
    if letters:
        _write(sheet, 4, 0, "", _format(book, **line))
    for number, column in enumerate(block.columns, start=1):
        text = column.letter if letters else column.label
        tone = {"font_color": style.ACCENT} if letters else plain
        _write(sheet, last, number, text, _format(book, align="right", **line, **tone))
    return last + 1


def _groups(book: _Book, sheet: "Worksheet", block: TableBlock) -> None:
    """Write the banner questions above their points."""
    line = _format(
        book,
        font_color=style.ACCENT,
        align="center",
        bottom=1,
        bottom_color=style.ACCENT,
        text_wrap=True,
    )
    start = 1
    for group, run in groupby(block.columns, key=lambda column: column.group):
        end = start + len(list(run)) - 1
        if group and end > start:
            sheet.merge_range(2, start, 2, end, "", line)
        if group:
            _write(sheet, 2, start, group, line)
        start = end + 1


def _row(book: _Book, sheet: "Worksheet", number: int, row: TableRow) -> None:
    """Write one row; the recipe stands as a comment on its first cell."""
    look = _look(row)
    label = _format(book, indent=row.depth, text_wrap=True, valign="top", **look)
    _write(sheet, number, 0, row.label, label)
    for column, cell in enumerate(row.cells, start=1):
        _cell(book, sheet, number, column, cell, look)
    if row.cells and row.cells[0].recipe:
        note = _text(row.cells[0].recipe)
        sheet.write_comment(number, 1, note, {"x_scale": 3, "y_scale": 1.5})


def _look(row: TableRow) -> dict[str, Any]:
    """Give the look of a row by what it is."""
    if row.role == "base":
        return {"font_color": style.MUTED, "italic": True}
    if row.role == "net":
        return {"bold": True, "bg_color": _TINT}
    return {"bold": True} if row.role == "section" else {}


def _cell(
    book: _Book,
    sheet: "Worksheet",
    row: int,
    column: int,
    cell: TableCell,
    look: Mapping[str, Any],
) -> None:
    """Write one cell as the number it is, or as text."""
    tone = {"font_color": style.MUTED} if cell.flag else {}
    place = {"align": "right", "valign": "top"}
    if cell.value is None or cell.number_format == "text":
        wide = {"text_wrap": True, "valign": "top"} if cell.flag == "" else place
        shown = marked(cell) + (f" {cell.letters}" if cell.letters else "")
        _write(sheet, row, column, shown, _format(book, **wide, **{**look, **tone}))
        return
    pattern = number_format(cell, book.language)
    shape = _format(book, num_format=pattern, **place, **{**look, **tone})
    sheet.write_number(row, column, cell.value, shape)


def number_format(cell: TableCell, language: str) -> str:
    """Give the number format that shows a value as its text does.

    Letters and the mark of a small base are part of the format, so that the value
    stays a number.

    Parameters
    ----------
    cell : TableCell
        A cell with a value.
    language : str
        ``en`` or ``de``; decides how a percent sign is set.

    Returns
    -------
    str
        A number format of a workbook.

    Examples
    --------
    >>> number_format(TableCell("41%", 0.41, "percent", "B", "small"), "en")
    '[=0]"-* B";[<0.005]"<0.5%* B";0%"* B"'
    >>> number_format(TableCell("1,204", 1204.0, "count"), "en")
    '#,##0'
    >>> number_format(TableCell("+32", 32.0, "points", "B"), "en")
    '+0" B";"−"0" B";0" B"'
    """
    star = "*" if cell.flag == "small" else ""
    letters = style.clean(cell.letters).replace('"', "")
    after = f"{star} {letters}" if letters else star
    ending = f'"{after}"' if after else ""
    if cell.number_format == "count":
        return f"#,##0{ending}"
    if cell.number_format == "points":
        return f'+0{ending};"−"0{ending};0{ending}'
    digits = _digits(cell.text, language)
    number = "0." + "0" * digits if digits else "0"
    if cell.number_format == "decimal":
        return number + ending
    percent = f"{number}%" if language == "en" else f'{number}"\xa0"%'
    # Only whole percents print a share near zero in words.
    if digits or (cell.value or 0) < 0:
        return percent + ending
    few = "<0.5%" if language == "en" else "<0,5\xa0%"
    return f'[=0]"-{after}";[<0.005]"{few}{after}";{percent}{ending}'


def _digits(text: str, language: str) -> int:
    """Count the digits after the decimal mark of a text."""
    mark = "," if language == "de" else "."
    found = re.search(re.escape(mark) + r"(\d+)\D*$", text)
    return len(found.group(1)) if found and "<" not in text else 0


def _notes(book: _Book, sheet: "Worksheet", block: TableBlock, row: int) -> None:
    """Write the notes under a table."""
    small = _format(book, font_color=style.MUTED, font_size=9)
    for number, note in enumerate(block.notes):
        _write(sheet, row + number, 0, note, small)


def _print(sheet: "Worksheet", title: str) -> None:
    """Set a sheet up for paper: A4, lying, as wide as the page."""
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    heading = _text(title)[:_HEADER_LENGTH].replace("&", "&&")
    sheet.set_header(f"&L{heading}"[:255])
    sheet.set_footer("&R&P / &N")


def _write(
    sheet: "Worksheet", row: int, column: int, text: str, shape: "Format"
) -> None:
    """Write a text as a text."""
    sheet.write_string(row, column, _text(text), shape)


def _link(
    sheet: "Worksheet", row: int, target: str, text: str, shape: "Format"
) -> None:
    """Write a link to a sheet."""
    place = "internal:'" + target.replace("'", "''") + "'!A1"
    sheet.write_url(row, 0, place, shape, _text(text)[:_HEADER_LENGTH])


def _text(text: str) -> str:
    """Prepare a text for a cell."""
    return style.clean(text)[:_TEXT_LENGTH]


def _format(book: _Book, **look: Any) -> "Format":
    """Give a format of the workbook, the same one for the same look."""
    key = tuple(sorted(look.items()))
    if key not in book.formats:
        book.formats[key] = book.workbook.add_format({"font_name": "Calibri", **look})
    return book.formats[key]

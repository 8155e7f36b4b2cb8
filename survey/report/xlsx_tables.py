"""One table on one sheet: heads, rows, letters, marks, notes.

The recipe of a number is a comment on the first cell of its row: it holds for the
whole row, and a comment on every cell would hide the table.
"""

import re
from collections.abc import Mapping
from itertools import groupby
from textwrap import wrap
from typing import TYPE_CHECKING, Any, Final

from survey.report.document import TableBlock, TableCell, TableRow
from survey.report.pdf import marked
from survey.report.xlsx_book import (
    TINT,
    Book,
    link,
    number_format,
    paper,
    plain,
    styled,
    write,
)

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

_LINE: Final = 15.0
_LETTERS: Final = 12
_COLUMNS: Final = 20
_WIDTH: Final = 13
_BESIDE: Final = 2
_NUMBERS: Final = re.compile(r"\D{0,2}\d[^A-Za-z]{0,18}")


def table_sheet(book: Book, name: str, block: TableBlock) -> tuple["Worksheet", int]:
    """Write one table on a sheet of its own.

    Parameters
    ----------
    book : Book
        The workbook.
    name : str
        Name of the sheet.
    block : TableBlock
        The table.

    Returns
    -------
    (Worksheet, int)
        The sheet, and the first row under the notes.
    """
    sheet = book.workbook.add_worksheet(name)
    sheet.hide_gridlines(2)
    sheet.set_column(0, 0, 46)
    sheet.set_column(1, max(len(block.columns), _COLUMNS), _WIDTH)
    for number in range(len(block.columns)):
        width = _column_width(block, number)
        if width > _WIDTH:
            sheet.set_column(number + 1, number + 1, width)
    write(sheet, 0, 0, block.title, styled(book, bold=True, font_size=13))
    shape = styled(book, font_color=book.accent, underline=1)
    link(sheet, 1, book.contents, book.words["contents"], shape)
    first = _head(book, sheet, block)
    for number, row in enumerate(block.rows):
        _row(book, sheet, first + number, row)
    under = first + len(block.rows) + 1
    _notes(book, sheet, block, under)
    sheet.freeze_panes(first, 1)
    sheet.repeat_rows(2, first - 1)
    paper(sheet, block.title)
    return sheet, under + len(block.notes)


def _column_width(block: TableBlock, number: int) -> int:
    """Give the characters of the longest number of a column with its letters.

    A spreadsheet shows a number that is wider than its column as a row of hashes.
    """
    cells = (row.cells[number] for row in block.rows if number < len(row.cells))
    return max(
        (
            len(f"{marked(cell)} {cell.letters}") + _BESIDE
            for cell in cells
            if cell.value is not None
        ),
        default=0,
    )


def _head(book: Book, sheet: "Worksheet", block: TableBlock) -> int:
    """Write the heads of a table, and give the row under them."""
    bold = {"text_wrap": True, "valign": "bottom", "bold": True}
    right = styled(book, align="right", **bold)
    _groups(book, sheet, block)
    sheet.set_row(3, _LINE * _most_lines(block))
    for number, column in enumerate(block.columns, start=1):
        write(sheet, 3, number, column.label, right)
    letters = any(column.letter for column in block.columns)
    last = 4 if letters else 3
    line = {"bottom": 2, "bottom_color": book.accent}
    under = {} if letters else line
    write(sheet, 3, 0, block.stub_head, styled(book, **bold, **under))
    if letters:
        write(sheet, 4, 0, "", styled(book, **line))
    for number, column in enumerate(block.columns, start=1):
        text = column.letter if letters else column.label
        tone = {"font_color": book.accent} if letters else bold
        write(sheet, last, number, text, styled(book, align="right", **line, **tone))
    return last + 1


def _most_lines(block: TableBlock) -> int:
    """Say how many lines the longest head of a column takes, roughly."""
    heads = (wrap(plain(column.label), _LETTERS) for column in block.columns)
    return max([1, *(len(lines) for lines in heads)])


def _groups(book: Book, sheet: "Worksheet", block: TableBlock) -> None:
    """Write the banner questions above their points."""
    line = styled(
        book,
        font_color=book.accent,
        align="center",
        bottom=1,
        bottom_color=book.accent,
        text_wrap=True,
    )
    start = 1
    for group, run in groupby(block.columns, key=lambda column: column.group):
        end = start + len(list(run)) - 1
        if group and end > start:
            sheet.merge_range(2, start, 2, end, "", line)
        if group:
            write(sheet, 2, start, group, line)
        start = end + 1


def _row(book: Book, sheet: "Worksheet", number: int, row: TableRow) -> None:
    """Write one row; the recipe stands as a comment on its first cell."""
    shape = _shape(book, row)
    label = styled(book, indent=row.depth, text_wrap=True, valign="top", **shape)
    write(sheet, number, 0, row.label, label)
    for column, cell in enumerate(row.cells, start=1):
        _cell(book, sheet, number, column, cell, shape)
    if row.cells and row.cells[0].recipe:
        note = plain(row.cells[0].recipe)
        sheet.write_comment(number, 1, note, {"x_scale": 3, "y_scale": 1.5})


def _shape(book: Book, row: TableRow) -> dict[str, Any]:
    """Give the look of a row by what it is."""
    if row.role == "base":
        return {"font_color": book.muted, "italic": True}
    if row.role == "net":
        return {"bold": True, "bg_color": TINT}
    return {"bold": True} if row.role == "section" else {}


def _cell(
    book: Book,
    sheet: "Worksheet",
    row: int,
    column: int,
    cell: TableCell,
    shape: Mapping[str, Any],
) -> None:
    """Write one cell as the number it is, or as text; a hidden one has no number."""
    tone = {"font_color": book.muted} if cell.flag else {}
    place = {"align": "right", "valign": "top"}
    number = None if cell.flag == "hidden" else cell.value
    if number is None or cell.number_format == "text":
        long = cell.flag == "" and not _NUMBERS.fullmatch(cell.text)
        wide = {"text_wrap": True, "valign": "top"} if long else place
        shown = marked(cell) + (f" {cell.letters}" if cell.letters else "")
        write(sheet, row, column, shown, styled(book, **wide, **{**shape, **tone}))
        return
    pattern = number_format(cell, book.language)
    told = styled(book, num_format=pattern, **place, **{**shape, **tone})
    sheet.write_number(row, column, number, told)


def _notes(book: Book, sheet: "Worksheet", block: TableBlock, row: int) -> None:
    """Write the notes under a table."""
    small = styled(book, font_color=book.muted, font_size=9)
    for number, note in enumerate(block.notes):
        write(sheet, row + number, 0, note, small)

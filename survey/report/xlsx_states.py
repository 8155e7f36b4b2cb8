"""Figures of states in a workbook: cells in the colours of their states."""

from typing import TYPE_CHECKING

from survey.report.charts_states import state_entries, state_of
from survey.report.document import ChartBlock
from survey.report.xlsx_book import Book, styled, write
from survey.report.xlsx_columns import shown

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.worksheet import Worksheet


def colour_states(
    book: Book, sheet: "Worksheet", first: int, block: ChartBlock
) -> None:
    """Colour the cells of a figure of states.

    Parameters
    ----------
    book : Book
        The workbook.
    sheet : Worksheet
        The sheet, with the marks in its cells.
    first : int
        First row of the cells, from 0.
    block : ChartBlock
        The figure.
    """
    for row, drawn in enumerate(block.rows, start=first):
        for column, value in enumerate(drawn.values, start=1):
            if shown(value) is not None:
                role = state_of(block, value).role
                write(sheet, row, column, value.text, _shape(book, role))


def state_legend(book: Book, sheet: "Worksheet", first: int, block: ChartBlock) -> int:
    """Write what the colours and marks of a figure of states mean.

    Parameters
    ----------
    book : Book
        The workbook.
    sheet : Worksheet
        The sheet.
    first : int
        Row of the first entry, from 0.
    block : ChartBlock
        The figure.

    Returns
    -------
    int
        The first row under it.
    """
    entries = state_entries(block)[: len(block.legend)]
    for row, entry in enumerate(entries, start=first):
        write(sheet, row, 0, entry.label, styled(book, align="right"))
        write(sheet, row, 1, entry.group, _shape(book, entry.role))
    return first + len(entries)


def _shape(book: Book, role: str) -> "Format":
    """Give the look of a cell of a state."""
    fill = book.look.colour(role)
    ink = book.look.text_colour(fill)
    return styled(book, bg_color=fill, font_color=ink, align="center", bold=True)

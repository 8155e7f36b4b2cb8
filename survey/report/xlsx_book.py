"""A workbook under way: its formats, texts, links and number formats.

Every text of a cell is written as a text; a number keeps its value, and its format
shows what paper shows.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from survey.report import style
from survey.report.document import TableCell
from survey.report.look import HOUSE, Look

if TYPE_CHECKING:
    from xlsxwriter.format import Format
    from xlsxwriter.workbook import Workbook
    from xlsxwriter.worksheet import Worksheet

TINT: Final = "#EEF3F7"
SHORT_TEXT: Final = 200
_TEXT_LENGTH: Final = 32_000
_BELOW_THOUSANDS: Final = 999
# Our typeface is on few machines; a house has its own.
_FONT: Final = "Calibri"


@dataclass(frozen=True, slots=True)
class Book:
    """A workbook, the formats it has so far, and what every sheet needs to know."""

    workbook: "Workbook"
    formats: dict[tuple[tuple[str, Any], ...], "Format"]
    language: str
    look: Look
    words: Mapping[str, str]
    contents: str

    @property
    def font(self) -> str:
        """Typeface of the house."""
        return _FONT if self.look.families == HOUSE.families else self.look.families[0]

    @property
    def accent(self) -> str:
        """Colour of the house."""
        return self.look.colours["accent"]

    @property
    def muted(self) -> str:
        """Colour of what matters less."""
        return self.look.colours["muted"]


def styled(book: Book, **shape: Any) -> "Format":
    """Give a format of the workbook, the same one for the same look.

    Parameters
    ----------
    book : Book
        The workbook.
    **shape
        Properties of the format.

    Returns
    -------
    Format
        The format.
    """
    key = tuple(sorted(shape.items()))
    if key not in book.formats:
        book.formats[key] = book.workbook.add_format({"font_name": book.font, **shape})
    return book.formats[key]


def write(
    sheet: "Worksheet", row: int, column: int, text: str, shape: "Format"
) -> None:
    """Write a text as a text.

    Parameters
    ----------
    sheet : Worksheet
        Where.
    row, column : int
        From 0.
    text : str
        Any text; never read as a formula or a link.
    shape : Format
        How it looks.
    """
    sheet.write_string(row, column, plain(text), shape)


def link(sheet: "Worksheet", row: int, target: str, text: str, shape: "Format") -> None:
    """Write a link to a sheet into the first column.

    Parameters
    ----------
    sheet : Worksheet
        Where.
    row : int
        From 0.
    target : str
        Name of the other sheet.
    text : str
        What is shown.
    shape : Format
        How it looks.
    """
    place = "internal:'" + target.replace("'", "''") + "'!A1"
    sheet.write_url(row, 0, place, shape, plain(text)[:SHORT_TEXT])


def plain(text: str) -> str:
    r"""Prepare a text for a cell.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        On one line, as long as a cell may be.

    Examples
    --------
    >>> plain("Skills\nand cost")
    'Skills and cost'
    """
    return style.clean(text)[:_TEXT_LENGTH]


def paper(sheet: "Worksheet", title: str) -> None:
    """Set a sheet up for paper: A4, lying, as wide as the page.

    Parameters
    ----------
    sheet : Worksheet
        The sheet.
    title : str
        Stands above every page.
    """
    sheet.set_landscape()
    sheet.set_paper(9)
    sheet.fit_to_pages(1, 0)
    heading = plain(title)[:SHORT_TEXT].replace("&", "&&")
    sheet.set_header(f"&L{heading}"[:255])
    sheet.set_footer("&R&P / &N")


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
        # What rounds to nothing has no sign.
        signs = ("", "") if cell.text == "0" else ("+", '"−"')
        return f"{signs[0]}0{ending};{signs[1]}0{ending};0{ending}"
    digits = _digits(cell.text, language)
    number = "0." + "0" * digits if digits else "0"
    if cell.number_format == "decimal":
        thousands = "#,##" if abs(cell.value or 0) >= _BELOW_THOUSANDS else ""
        return thousands + number + ending
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

"""Text exports: encoding, line ends, delimiter, ragged rows.

Nothing is guessed silently: encoding, delimiter and repairs stand in the reasons.
"""

import codecs
import csv
import io
import re
from collections import Counter

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.grid import BLANKS, Grid

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_NAMES = {
    ",": "comma",
    ";": "semicolon",
    "\t": "tab",
    "|": "bar",
    "^": "caret",
    "~": "tilde",
    "\x1f": "unit separator",
}
_DELIMITERS = tuple(_NAMES)
_TITLE_WIDTH = 2
_SAMPLE = 200_000
_SAMPLE_ROWS = 60
_MOSTLY = 0.4
_MOST_COLUMNS = 50_000

# Quotes, dashes and the non-breaking space among small letters: Mac Roman has them
# where cp1252 has capitals with accents, so either decodes without an error.
_MACINTOSH = re.compile(rb"[a-z ][\xca\xd0-\xd5](?=[a-z ])")
_WINDOWS = re.compile(rb"[a-z ][\x85\x91-\x97\xa0](?=[a-z ])")
# Letters with accents inside words, capitals with them before small letters, quotes:
# what a wrong encoding rarely gives. The last one is the "MS-DOS" CSV of Excel.
_WESTERN = re.compile(
    r"(?<=[A-Za-zäöüß])[äöüßéèêàâçñáíóúëïîôûùæøåœ]|[ÄÖÜÉÀÅØÆ](?=[a-zäöüß])"
    r"|[„“”‘’–—…]"
)
_SINGLE_BYTE = ("cp1252", "mac_roman", "cp850")


def read_text(data: bytes, name: str) -> Grid:
    r"""Read the cells of a delimited text.

    Parameters
    ----------
    data : bytes
        Content of the file.
    name : str
        File name, for messages.

    Returns
    -------
    Grid
        All rows, header rows included.

    Raises
    ------
    DataFileError
        The text cannot be taken apart into cells.

    Examples
    --------
    >>> grid = read_text(b"size;region\r\n1;EU\r\n", "wave.csv")
    >>> grid.cells.iloc[1].tolist(), grid.reasons
    (['1', 'EU'], ('utf-8 text', 'delimiter semicolon'))
    """
    text, encoding = decode(data)
    reasons = [f"{encoding} text"]
    if "\x00" in text:
        reasons.append(f"{text.count(chr(0))} NUL characters left out")
        text = text.replace("\x00", "")
    text = _line_ends(text)
    delimiter = find_delimiter(text)
    reasons.append(f"delimiter {_NAMES[delimiter]}")
    _check_width(text, delimiter, name)
    try:
        cells = _fast(text, delimiter)
    except (pd.errors.ParserError, pd.errors.EmptyDataError):
        rows = _rows(text, delimiter, name)
        titles = _titles(rows[: _lines_above(rows)])
        if titles:
            reasons.append(f"title lines left out: {some(titles)}")
            rows = rows[_lines_above(rows) :]
        if len(set(map(len, rows))) > 1:
            reasons.append("rows of different length")
        cells = _ragged(rows)
    return Grid(cells, encoding, tuple(reasons))


def _check_width(text: str, delimiter: str, name: str) -> None:
    """Refuse a first row so wide that it is no row of a survey."""
    end = text.find("\n")
    width = text.count(delimiter, 0, end if end >= 0 else len(text)) + 1
    if width > _MOST_COLUMNS:
        raise DataFileError(
            f"{name}: the first row has {width} cells, and a survey has at most "
            f"{_MOST_COLUMNS} columns. Export one row per respondent, with line ends."
        )


def decode(data: bytes) -> tuple[str, str]:
    r"""Turn bytes into text, and name the encoding.

    Parameters
    ----------
    data : bytes
        Content of the file.

    Returns
    -------
    (str, str)
        Text without byte order mark, and encoding. Bytes that are neither marked
        nor UTF-8 are read as what they look like, cp1252 in doubt.

    Examples
    --------
    >>> decode(b"\xef\xbb\xbfsize")
    ('size', 'utf-8-sig')
    >>> decode("Gr\u00f6\u00dfe".encode("utf-16-le"))
    ('Größe', 'utf-16-le')
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    wide = _wide(data[:_SAMPLE])
    if wide:
        return data.decode(wide, errors="replace"), wide
    try:
        return data.decode("utf-8"), "utf-8"
    except UnicodeDecodeError:
        encoding = _single_byte(data)
        return data.decode(encoding, errors="replace"), encoding


def _wide(sample: bytes) -> str:
    """Recognise UTF-16 without a mark by its zero bytes."""
    half = max(len(sample) // 2, 1)
    if sample[1::2].count(0) > half * _MOSTLY > sample[::2].count(0):
        return "utf-16-le"
    if sample[::2].count(0) > half * _MOSTLY > sample[1::2].count(0):
        return "utf-16-be"
    return ""


def _single_byte(data: bytes) -> str:
    """Recognise an encoding without a mark; cp1252 in doubt."""
    from charset_normalizer import from_bytes

    lines = [line for line in data.splitlines() if not line.isascii()]
    evidence = b"\n".join(lines)[:_SAMPLE]
    macintosh, windows = _MACINTOSH.findall(evidence), _WINDOWS.findall(evidence)
    if macintosh or windows:
        return "mac_roman" if len(macintosh) > len(windows) else "cp1252"
    marks = {name: _western(evidence, name) for name in _SINGLE_BYTE}
    if any(marks.values()):
        return max(_SINGLE_BYTE, key=marks.__getitem__)
    best = from_bytes(evidence, cp_isolation=["cp1252", "mac_roman"]).best()
    return best.encoding if best is not None else "cp1252"


def _western(sample: bytes, encoding: str) -> int:
    """Count the signs of western languages that bytes give in an encoding."""
    return len(_WESTERN.findall(sample.decode(encoding, errors="replace")))


def _line_ends(text: str) -> str:
    """Give every row the same line end."""
    if "\r" not in text:
        return text
    return text.replace("\r\r\n", "\n").replace("\r\n", "\n").replace("\r", "\n")


def find_delimiter(text: str) -> str:
    r"""Find the character between the cells.

    Parameters
    ----------
    text : str
        The file, line ends already ``\n``.

    Returns
    -------
    str
        The delimiter that gives most rows the same number of cells; one that gives
        all rows the same comes first, since the headers above rankings such as
        ``Cost;Law;Time`` have none of their marks. A comma where none gives more
        than one cell.

    Examples
    --------
    >>> find_delimiter("id;cost\n1;2,5\n2;3,5\n")
    ';'
    """
    sample = text[:_SAMPLE]
    if len(text) > _SAMPLE and "\n" in sample:
        sample = sample[: sample.rindex("\n")]
    scores = {mark: _evenness(sample, mark) for mark in _DELIMITERS}
    return max(_DELIMITERS, key=scores.__getitem__)


def _evenness(sample: str, delimiter: str) -> tuple[bool, float]:
    """Score a delimiter: whether all rows are as wide as the usual one, and how even.

    The second is the width of the usual row times the share of such rows.

    A row that it cuts within quotes, such as ``1,"a;b"`` at the semicolon, has none.
    """
    widths: Counter[int] = Counter()
    try:
        for row in csv.reader(io.StringIO(sample), delimiter=delimiter):
            if any(row):
                cut = any(cell.count('"') % 2 for cell in row)
                widths[0 if cut else len(row)] += 1
            if widths.total() >= _SAMPLE_ROWS:
                break
    except csv.Error:
        return False, 0.0
    if not widths:
        return False, 0.0
    width, count = max(widths.items(), key=lambda pair: (pair[1], pair[0]))
    whole = width > 1 and count == widths.total()
    return whole, float((width - 1) * (count / widths.total()) ** 2)


def _fast(text: str, delimiter: str) -> pd.DataFrame:
    """Read rows of equal length."""
    return pd.read_csv(
        # A buffer of text would hold four bytes for every character.
        io.BytesIO(text.encode()),
        sep=delimiter,
        header=None,
        dtype=str,
        keep_default_na=False,
        na_values=list(BLANKS),
        skip_blank_lines=False,
        engine="c",
    )


def _rows(text: str, delimiter: str, name: str) -> list[list[str]]:
    """Take rows of different length apart."""
    try:
        return list(csv.reader(io.StringIO(text), delimiter=delimiter))
    except csv.Error as error:
        raise DataFileError(
            f"{name}: the text cannot be taken apart into cells ({error})."
            " Export it again as CSV in UTF-8, or save it as .xlsx."
        ) from error


def _lines_above(rows: list[list[str]]) -> int:
    """Count the lines above the headers: short ones above a table that is wide."""
    widths = Counter(map(len, rows[:_SAMPLE_ROWS]))
    usual = max(widths.items(), key=lambda pair: (pair[1], pair[0]))[0] if rows else 0
    if usual <= _TITLE_WIDTH:
        return 0
    wide = [number for number, row in enumerate(rows) if len(row) > _TITLE_WIDTH]
    return wide[0] if wide else 0


def _titles(rows: list[list[str]]) -> list[str]:
    """Give the lines that hold anything."""
    joined = (" ".join(row).strip() for row in rows)
    return [line for line in joined if line]


def _ragged(rows: list[list[str]]) -> pd.DataFrame:
    """Fill short rows with blanks."""
    width = max(map(len, rows), default=0)
    filled = [row + [""] * (width - len(row)) for row in rows]
    cells = pd.DataFrame(filled, dtype=str)
    return cells.mask(cells.isin(BLANKS))

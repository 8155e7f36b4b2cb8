"""How wide a text is, and where it breaks.

All widths are inches and all sizes points, so that a layout holds at any resolution.
A width is added up from pairs of letters, each of which is measured once.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache
from itertools import pairwise
from pathlib import Path
from typing import Final
from unicodedata import category, east_asian_width

from survey.report.look import HOUSE, Look
from survey.report.style import clean

LINE: Final = 1.2
_POINTS_PER_INCH: Final = 72
_MEASURED_AT: Final = 100
_UNITS: Final = 64 * _POINTS_PER_INCH
_LAST_SIMPLE: Final = "\u058f"
_DOTS: Final = "\u2026"
# Letters of unknown typefaces: emoji are the widest, about 1.3 of the type size.
_SQUARE: Final = 1.0
_WIDEST: Final = 1.3


def measure(text: str, size: float, *, bold: bool = False, look: Look = HOUSE) -> float:
    """Give the width of a text on one line.

    Parameters
    ----------
    text : str
        What is set.
    size : float
        Type size in points.
    bold : bool, default False
        Whether it is set bold.
    look : Look
        Whose typefaces set it.

    Returns
    -------
    float
        Width in inches.

    Examples
    --------
    >>> measure("mm", 20) == 2 * measure("mm", 10)
    True
    """
    return _width(text, look.faces(bold=bold)) * size / _MEASURED_AT


def wrap(
    text: str,
    width: float,
    size: float,
    *,
    most: int = 3,
    bold: bool = False,
    look: Look = HOUSE,
) -> tuple[str, ...]:
    """Break a text into lines, the last of which ends in an ellipsis if need be.

    A word that is wider than a line is broken where the line ends.

    Parameters
    ----------
    text : str
        What is set; control characters and line breaks are taken out.
    width : float
        Room in inches.
    size : float
        Type size in points.
    most : int, default 3
        How many lines there may be.
    bold : bool, default False
        Whether it is set bold.
    look : Look
        Whose typefaces set it.

    Returns
    -------
    tuple of str
        The lines; none for an empty text.

    Examples
    --------
    >>> wrap("open source or proprietary", 1.4, 18, most=2)
    ('open source', 'or…')
    """
    lines: list[str] = []
    for word in _words(clean(text), width, size, bold=bold, look=look):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, bold=bold, look=look) <= width:
            lines[-1] = longer
        elif len(lines) == most:
            lines[-1] = _shorten(lines[-1] + _DOTS, width, size, bold=bold, look=look)
            break
        else:
            lines.append(word)
    return tuple(lines)


def fit(
    text: str, width: float, size: float, *, bold: bool = False, look: Look = HOUSE
) -> str:
    """Give a text on one line, shortened to a width if need be.

    Parameters
    ----------
    text, width, size, bold, look
        As for `wrap`.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> fit("41 %", 3, 18)
    '41 %'
    """
    lines = wrap(text, width, size, most=1, bold=bold, look=look)
    return lines[0] if lines else ""


def line_height(size: float) -> float:
    """Give the distance of two lines in inches.

    Parameters
    ----------
    size : float
        Type size in points.

    Returns
    -------
    float
        Inches.

    Examples
    --------
    >>> line_height(60)
    1.0
    """
    return size * LINE / _POINTS_PER_INCH


def covered(text: str, look: Look = HOUSE) -> bool:
    """Say whether the typefaces of a look have every character of a text.

    Parameters
    ----------
    text : str
        Any text.
    look : Look
        Whose typefaces set it.

    Returns
    -------
    bool
        False where another typeface of the machine has to help.

    Examples
    --------
    >>> covered("Größe 41 %"), covered("\u4e2d")
    (True, False)
    """
    known = [_characters(path) for path in look.faces()]
    return all(any(ord(one) in some for some in known) for one in set(text))


@contextmanager
def quiet_about_glyphs() -> Iterator[None]:
    """Keep matplotlib from warning of characters that the typesetter will find."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


@lru_cache(maxsize=65536)
def _width(text: str, faces: tuple[Path, ...]) -> float:
    """Measure a text at 100 points, in inches."""
    steps = (_step(one, following, faces) for one, following in pairwise(text))
    return sum(steps) + (_single(text[-1], faces) if text else 0.0)


@lru_cache(maxsize=65536)
def _step(one: str, following: str, faces: tuple[Path, ...]) -> float:
    """Give the way from one letter to the following at 100 points, in inches."""
    alone = _single(one, faces)
    if not (_known(one, faces) and _known(following, faces)):
        return alone
    near = _drawn(one + following, faces) - _single(following, faces)
    # The letters of Arabic and others change their form with both neighbours.
    return near if max(one, following) <= _LAST_SIMPLE else max(near, alone)


@lru_cache(maxsize=65536)
def _single(character: str, faces: tuple[Path, ...]) -> float:
    """Measure one letter at 100 points, in inches."""
    if _known(character, faces):
        return _drawn(character, faces)
    return _elsewhere(character) * _MEASURED_AT / _POINTS_PER_INCH


def _drawn(text: str, faces: tuple[Path, ...]) -> float:
    """Measure a few letters as they are set, at 100 points, in inches."""
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(faces)
    # matplotlib shares the opened font, so the size may have been changed since.
    font.set_size(_MEASURED_AT, _POINTS_PER_INCH)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / _UNITS


def _known(character: str, faces: tuple[Path, ...]) -> bool:
    """Say whether any of the typefaces has a character."""
    return any(ord(character) in _characters(path) for path in faces)


def _elsewhere(character: str) -> float:
    """Give the most that a letter takes in a typeface that is not ours, in ems."""
    if category(character) in {"Mn", "Cf"}:
        return 0.0
    wide = east_asian_width(character) in {"W", "F"} and category(character) == "Lo"
    return _SQUARE if wide else _WIDEST


@lru_cache(maxsize=16)
def _characters(path: Path) -> frozenset[int]:
    """Collect the characters of a typeface."""
    from matplotlib.ft2font import FT2Font

    return frozenset(FT2Font(str(path)).get_charmap())


def _words(
    text: str, width: float, size: float, *, bold: bool, look: Look
) -> Iterator[str]:
    """Give the words of a text, the too long ones in pieces."""
    for word in filter(None, text.split(" ")):
        rest = word
        while len(rest) > 1 and measure(rest, size, bold=bold, look=look) > width:
            piece = _fitting(rest, width, size, bold=bold, look=look)
            yield rest[:piece]
            rest = rest[piece:]
        yield rest


def _fitting(text: str, width: float, size: float, *, bold: bool, look: Look) -> int:
    """Count the characters that fit in a width, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle], size, bold=bold, look=look) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _shorten(text: str, width: float, size: float, *, bold: bool, look: Look) -> str:
    """Take characters from before the ellipsis until a line fits."""
    body = text.removesuffix(_DOTS)
    while len(body) > 1 and measure(body + _DOTS, size, bold=bold, look=look) > width:
        body = body[:-1]
    return body.rstrip(" ,;:.-\u2013") + _DOTS

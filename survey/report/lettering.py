"""How wide a text is, and where it breaks.

All widths are inches and all sizes points, so that a layout holds at any resolution.
"""

import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from survey.report.style import clean, font_files

LINE: float = 1.2
_POINTS_PER_INCH = 72
_MEASURED_AT = 100
_DOTS = "\u2026"


def measure(text: str, size: float, *, bold: bool = False) -> float:
    """Give the width of a text on one line.

    Parameters
    ----------
    text : str
        What is set.
    size : float
        Type size in points.
    bold : bool, default False
        Whether it is set bold.

    Returns
    -------
    float
        Width in inches.

    Examples
    --------
    >>> measure("mm", 20) == 2 * measure("mm", 10)
    True
    """
    return _width(text, bold) * size / _MEASURED_AT


def wrap(
    text: str, width: float, size: float, *, most: int = 3, bold: bool = False
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
    for word in _words(clean(text), width, size, bold=bold):
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and measure(longer, size, bold=bold) <= width:
            lines[-1] = longer
        elif len(lines) == most:
            lines[-1] = _shorten(lines[-1] + _DOTS, width, size, bold=bold)
            break
        else:
            lines.append(word)
    return tuple(lines)


def fit(text: str, width: float, size: float, *, bold: bool = False) -> str:
    """Give a text on one line, shortened to a width if need be.

    Parameters
    ----------
    text, width, size, bold
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
    lines = wrap(text, width, size, most=1, bold=bold)
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


@lru_cache(maxsize=4096)
def covered(text: str) -> bool:
    """Say whether our own typefaces have every character of a text.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    bool
        False where another typeface of the machine has to help.

    Examples
    --------
    >>> covered("Größe 41 %"), covered("\u4e2d")
    (True, False)
    """
    return all(ord(character) in _characters() for character in set(text))


@contextmanager
def quiet_about_glyphs() -> Iterator[None]:
    """Keep matplotlib from warning of characters that the typesetter will find."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", message="Glyph .* missing from")
        yield


@lru_cache(maxsize=1)
def _characters() -> frozenset[int]:
    """Collect the characters of both typefaces."""
    from matplotlib.ft2font import FT2Font

    regular, _, other, _ = font_files()
    return frozenset(FT2Font(str(regular)).get_charmap()) | frozenset(
        FT2Font(str(other)).get_charmap()
    )


@lru_cache(maxsize=65536)
def _width(text: str, bold: bool) -> float:  # noqa: FBT001 - the cache wants it
    """Measure a text at 100 points, in inches."""
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(font_files()[bold::2])
    # matplotlib shares the opened font, so the size may have been changed since.
    font.set_size(_MEASURED_AT, _POINTS_PER_INCH)
    with quiet_about_glyphs():
        font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    return float(font.get_width_height()[0]) / 64 / _POINTS_PER_INCH


def _words(text: str, width: float, size: float, *, bold: bool) -> Iterator[str]:
    """Give the words of a text, the too long ones in pieces."""
    for word in text.split():
        rest = word
        while len(rest) > 1 and measure(rest, size, bold=bold) > width:
            piece = _fitting(rest, width, size, bold=bold)
            yield rest[:piece]
            rest = rest[piece:]
        yield rest


def _fitting(text: str, width: float, size: float, *, bold: bool) -> int:
    """Count the characters that fit in a width, at least one."""
    low, high = 1, len(text)
    while low < high:
        middle = (low + high + 1) // 2
        if measure(text[:middle], size, bold=bold) <= width:
            low = middle
        else:
            high = middle - 1
    return low


def _shorten(text: str, width: float, size: float, *, bold: bool) -> str:
    """Take characters from before the ellipsis until a line fits."""
    body = text.removesuffix(_DOTS)
    while len(body) > 1 and measure(body + _DOTS, size, bold=bold) > width:
        body = body[:-1]
    return body.rstrip(" ,;:.-\u2013") + _DOTS

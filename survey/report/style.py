"""How everything looks: colours, type sizes and fonts, stated once for all writers.

A role has the same colour on every page and in every wave. Colours come from the
palette of Okabe and Ito [1]_, darkened where two of them would meet in one grey, so
that neighbours differ by hue and by lightness.

.. [1] Okabe and Ito (2008), Color Universal Design.
"""

import re
from collections.abc import Mapping
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Final

INK: Final = "#1F2A33"
MUTED: Final = "#5A6772"
RULE: Final = "#C4CCD3"
REFERENCE: Final = "#93A0AB"
PAPER: Final = "#FFFFFF"
ACCENT: Final = "#0A5083"

COLOURS: Final = {
    "main": "#56A0D3",
    "net": ACCENT,
    "total": INK,
    "open": "#00735A",
    "proprietary": "#E69F00",
    "neutral": "#C3CBD2",
    "dont_know": "#E4E8EC",
    "weighted": ACCENT,
    "unweighted": "#93A0AB",
    "other": "#E69F00",
    "accent": ACCENT,
    "ink": INK,
    "muted": MUTED,
    "rule": RULE,
    "reference": REFERENCE,
    "paper": PAPER,
}
STATES: Final = {
    "state:open": "#00735A",
    "state:unlicensed": "#E69F00",
    "state:invalid": "#6B1D4E",
    "state:absent": "#B7C1CA",
    "state:optional": "#E4E8EC",
}
"""Colours of states: the same in every house, and apart in greys too."""
SCALE_LIGHT: Final = "#BDD8EE"
SCALE_DARK: Final = "#05294A"

FAMILIES: Final = ("Source Sans Pro", "DejaVu Sans")
TITLE_SIZE: Final = 28.0
SUBTITLE_SIZE: Final = 18.0
ROW_SIZE: Final = 18.0
ROW_FLOOR: Final = 14.0
LEGEND_SIZE: Final = 16.0
FOOTER_SIZE: Final = 12.5

WIDTH: Final = 40 / 3
HEIGHT: Final = 7.5
DPI: Final = 144
MARGIN: Final = 0.55

_BLACK: Final = "#000000"
READABLE: Final = 4.5
_SRGB_KNEE: Final = 0.04045
_UNPRINTABLE = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]"
)
_BEFORE_PERCENT = re.compile(r"(?<=\d)\u00a0(?=%)")


def colour(
    role: str,
    colours: Mapping[str, str] = COLOURS,
    scale: tuple[str, str] = (SCALE_LIGHT, SCALE_DARK),
) -> str:
    """Give the colour of a role.

    Parameters
    ----------
    role : str
        A key of `colours`, one of the states, or ``scale:I/K`` for step I of K, from
        light to dark.
    colours : mapping of str to str
        ``#RRGGBB`` by role.
    scale : (str, str)
        Lightest and darkest step.

    Returns
    -------
    str
        ``#RRGGBB``.

    Raises
    ------
    KeyError
        There is no such role.

    Examples
    --------
    >>> colour("scale:1/5"), colour("scale:5/5")
    ('#BDD8EE', '#05294A')
    """
    if role in STATES:
        return STATES[role]
    if not role.startswith("scale:"):
        return colours[role]
    step, steps = (int(part) for part in role.removeprefix("scale:").split("/"))
    return _between(*scale, (step - 1) / max(steps - 1, 1))


def text_colour(background: str, ink: str = INK) -> str:
    """Give a colour of text that can be read on a background.

    The ink where it reaches a contrast of 4.5, else white, else black: one of them
    does on every colour.

    Parameters
    ----------
    background : str
        ``#RRGGBB``.
    ink : str
        ``#RRGGBB``, the colour of text on paper.

    Returns
    -------
    str
        ``#RRGGBB``.

    Examples
    --------
    >>> text_colour("#FFFFFF") == INK, text_colour("#000000") == PAPER
    (True, True)
    """
    tones = (tone for tone in (ink, PAPER) if contrast(tone, background) >= READABLE)
    return next(tones, _BLACK)


def contrast(first: str, second: str) -> float:
    """Give the contrast ratio of two colours, as WCAG 2 defines it.

    Parameters
    ----------
    first, second : str
        ``#RRGGBB``.

    Returns
    -------
    float
        1 (the same) to 21 (black on white).

    Examples
    --------
    >>> contrast("#000000", "#FFFFFF")
    21.0
    """
    low, high = sorted((luminance(first), luminance(second)))
    return (high + 0.05) / (low + 0.05)


def luminance(code: str) -> float:
    """Give the relative luminance of a colour, as WCAG 2 defines it.

    Parameters
    ----------
    code : str
        ``#RRGGBB``.

    Returns
    -------
    float
        0 (black) to 1 (white).

    Examples
    --------
    >>> luminance("#000000")
    0.0
    """
    red, green, blue = (linear(channel / 255) for channel in channels(code))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def clean(text: str) -> str:
    r"""Take out what cannot be printed, and set everything on one line.

    Parameters
    ----------
    text : str
        Any text of a report; labels come from files and may hold anything.

    Returns
    -------
    str
        The text without control characters, with single blanks; one that holds a
        number and its percent sign on one line stays.

    Examples
    --------
    >>> clean("Security\n and\x00 privacy ")
    'Security and privacy'
    """
    printable = _UNPRINTABLE.sub("", text)
    # No zero is left in it, so a zero can hold the place.
    words = _BEFORE_PERCENT.sub("\0", printable).split()
    return " ".join(words).replace("\0", "\u00a0")


@lru_cache(maxsize=1)
def font_files() -> tuple[Path, Path, Path, Path]:
    """Give the files of the typefaces that are drawn with.

    Returns
    -------
    tuple of Path
        Regular and bold of Source Sans Pro, then of DejaVu Sans for the scripts
        that it lacks.
    """
    sans, dejavu = font_folders()
    return (
        sans / "SourceSansPro-Regular.ttf",
        sans / "SourceSansPro-Bold.ttf",
        dejavu / "DejaVuSans.ttf",
        dejavu / "DejaVuSans-Bold.ttf",
    )


def font_folders() -> tuple[Path, Path]:
    """Give the folders of Source Sans Pro and of DejaVu Sans.

    Returns
    -------
    tuple of Path
        Both are parts of installed packages; neither package is imported.
    """
    return (
        _package("font_source_sans_pro") / "files",
        _package("matplotlib") / "mpl-data" / "fonts" / "ttf",
    )


def _package(name: str) -> Path:
    """Find the folder of an installed package without importing it."""
    spec = find_spec(name)
    assert spec is not None
    assert spec.submodule_search_locations
    return Path(spec.submodule_search_locations[0])


def channels(code: str) -> tuple[int, int, int]:
    """Split a colour into red, green and blue.

    Parameters
    ----------
    code : str
        ``#RRGGBB``.

    Returns
    -------
    (int, int, int)
        Each 0 to 255.

    Examples
    --------
    >>> channels("#0A5083")
    (10, 80, 131)
    """
    return int(code[1:3], 16), int(code[3:5], 16), int(code[5:7], 16)


def linear(channel: float) -> float:
    """Undo the gamma of one channel of sRGB.

    Parameters
    ----------
    channel : float
        0 to 1.

    Returns
    -------
    float
        Linear light, 0 to 1.

    Examples
    --------
    >>> linear(0.0), linear(1.0)
    (0.0, 1.0)
    """
    if channel <= _SRGB_KNEE:
        return channel / 12.92
    return float(((channel + 0.055) / 1.055) ** 2.4)


def _between(first: str, second: str, share: float) -> str:
    """Mix two colours."""
    pairs = zip(channels(first), channels(second), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02X}" for a, b in pairs)

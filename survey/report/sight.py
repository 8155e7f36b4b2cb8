"""What colours look like to people who see them differently, and on a grey print.

Two colours can be told apart when their difference by CIEDE2000 [1]_ is large enough
to everyone: with normal sight, to dichromats [2]_, and in greys.

.. [1] Sharma, Wu and Dalal (2005), Color Research and Application 30(1), 21-30.
.. [2] Machado, Oliveira and Fernandes (2009), IEEE Transactions on Visualization and
   Computer Graphics 15(6), 1291-1298; severity 1.0.
"""

from collections.abc import Mapping
from math import atan2, cos, degrees, exp, hypot, radians, sin, sqrt
from typing import Final

from survey.report.style import channels, linear, luminance

Triple = tuple[float, float, float]

LEAST_DIFFERENCE: Final = 4.0
"""Least CIEDE2000 between colours that touch; about 2 is just seen side by side."""

DICHROMATS: Final[Mapping[str, tuple[Triple, Triple, Triple]]] = {
    "protanopia": (
        (0.152286, 1.052583, -0.204868),
        (0.114503, 0.786281, 0.099216),
        (-0.003882, -0.048116, 1.051998),
    ),
    "deuteranopia": (
        (0.367322, 0.860646, -0.227968),
        (0.280085, 0.672501, 0.047413),
        (-0.011820, 0.042940, 0.968881),
    ),
    "tritanopia": (
        (1.255528, -0.076749, -0.178779),
        (-0.078411, 0.930809, 0.147602),
        (0.004733, 0.691367, 0.303900),
    ),
}
_TO_XYZ: Final = (
    (0.4124564, 0.3575761, 0.1804375),
    (0.2126729, 0.7151522, 0.0721750),
    (0.0193339, 0.1191920, 0.9503041),
)
_WHITE: Final = (0.95047, 1.0, 1.08883)
_LAB_KNEE: Final = 216 / 24389
_SEVENTH: Final = 25.0**7
_HALF_TURN: Final = 180.0


def difference(first: str, second: str, sight: str = "") -> float:
    """Give how different two colours look.

    Parameters
    ----------
    first, second : str
        ``#RRGGBB``.
    sight : {"", "protanopia", "deuteranopia", "tritanopia", "greyscale"}
        Who looks; normal sight when empty.

    Returns
    -------
    float
        CIEDE2000; 0 for the same colour, 100 for black and white.

    Examples
    --------
    >>> round(difference("#000000", "#FFFFFF"), 1), difference("#0A5083", "#0A5083")
    (100.0, 0.0)
    """
    return ciede2000(_lab(_seen(first, sight)), _lab(_seen(second, sight)))


def confused(first: str, second: str, least: float = LEAST_DIFFERENCE) -> str:
    """Say who cannot tell two colours apart.

    Parameters
    ----------
    first, second : str
        ``#RRGGBB``.
    least : float, default 4
        Least difference by CIEDE2000.

    Returns
    -------
    str
        ``normal sight``, a kind of dichromacy or ``greyscale``; empty if everyone can.

    Examples
    --------
    >>> confused("#0A5083", "#E69F00"), confused("#0A5083", "#0A5084")
    ('', 'normal sight')
    """
    for sight in ("", *DICHROMATS, "greyscale"):
        if difference(first, second, sight) < least:
            return sight or "normal sight"
    return ""


def ciede2000(first: Triple, second: Triple) -> float:
    """Give the difference of two colours in CIE L*a*b*.

    Parameters
    ----------
    first, second : (float, float, float)
        L* (0 to 100), a* and b*.

    Returns
    -------
    float
        CIEDE2000, all weights 1.

    Examples
    --------
    The first pair of Sharma, Wu and Dalal.

    >>> round(ciede2000((50, 2.6772, -79.7751), (50, 0, -82.7485)), 4)
    2.0425
    """
    light = (first[0] + second[0]) / 2
    chromas = hypot(*first[1:]), hypot(*second[1:])
    stretch = 1.5 - 0.5 * _saturation(sum(chromas) / 2)
    chroma1, hue1 = _polar(first[1] * stretch, first[2])
    chroma2, hue2 = _polar(second[1] * stretch, second[2])
    turn, hue = _hues(hue1, hue2, grey=chroma1 * chroma2 == 0)
    chroma = (chroma1 + chroma2) / 2
    by_light = (second[0] - first[0]) / (
        1 + 0.015 * (light - 50) ** 2 / sqrt(20 + (light - 50) ** 2)
    )
    by_chroma = (chroma2 - chroma1) / (1 + 0.045 * chroma)
    by_hue = 2 * sqrt(chroma1 * chroma2) * sin(radians(turn / 2))
    by_hue /= 1 + 0.015 * chroma * _hue_weight(hue)
    bend = 60 * exp(-(((hue - 275) / 25) ** 2))
    twist = -2 * _saturation(chroma) * sin(radians(bend))
    total = by_light**2 + by_chroma**2 + by_hue**2 + twist * by_chroma * by_hue
    return sqrt(max(total, 0.0))


def _saturation(chroma: float) -> float:
    """Give the factor of high chroma."""
    return sqrt(chroma**7 / (chroma**7 + _SEVENTH))


def _polar(a: float, b: float) -> tuple[float, float]:
    """Give chroma, and hue in degrees."""
    return hypot(a, b), degrees(atan2(b, a)) % 360


def _hues(first: float, second: float, *, grey: bool) -> tuple[float, float]:
    """Give difference and mean of two hues, the short way round."""
    if grey:
        return 0.0, first + second
    turn = (second - first + _HALF_TURN) % 360 - _HALF_TURN
    return turn, (first + turn / 2) % 360


def _hue_weight(hue: float) -> float:
    """Give the weight of a hue."""
    return (
        1
        - 0.17 * cos(radians(hue - 30))
        + 0.24 * cos(radians(2 * hue))
        + 0.32 * cos(radians(3 * hue + 6))
        - 0.20 * cos(radians(4 * hue - 63))
    )


def _seen(code: str, sight: str) -> Triple:
    """Give a colour as it is seen, in linear RGB."""
    if sight == "greyscale":
        grey = luminance(code)
        return grey, grey, grey
    red, green, blue = (linear(channel / 255) for channel in channels(code))
    if not sight:
        return red, green, blue
    return _times(DICHROMATS[sight], (red, green, blue))


def _times(matrix: tuple[Triple, Triple, Triple], colour: Triple) -> Triple:
    """Multiply a colour by a matrix, within 0 and 1."""
    one, two, three = (
        min(max(sum(a * b for a, b in zip(row, colour, strict=True)), 0.0), 1.0)
        for row in matrix
    )
    return one, two, three


def _lab(colour: Triple) -> Triple:
    """Turn linear RGB into CIE L*a*b*, white point D65."""
    x, y, z = (
        _cube_root(sum(a * b for a, b in zip(row, colour, strict=True)) / white)
        for row, white in zip(_TO_XYZ, _WHITE, strict=True)
    )
    return 116 * y - 16, 500 * (x - y), 200 * (y - z)


def _cube_root(part: float) -> float:
    """Give the cube root, with the straight piece near black."""
    if part > _LAB_KNEE:
        return float(part ** (1 / 3))
    return (24389 / 27 * part + 16) / 116

"""The only place that rounds. Half is rounded up, as published tables do.

``-`` is exactly zero, ``<0.5 %`` is less than half a percent but not zero, ``n/a``
is not asked. Three different things. A number counts with 15 digits, as it does in a
spreadsheet: what is beyond them comes from the order in which weights were added up.
"""

from decimal import ROUND_HALF_UP, Decimal
from math import isfinite
from typing import Final

ZERO: Final = "-"
NOT_ASKED: Final = "n/a"
_MARKS: Final = {"en": (".", ",", "%"), "de": (",", ".", "\u00a0%")}
_HALF: Final = Decimal("0.5")


def rounded(number: float, digits: int = 0) -> Decimal:
    """Round half up, on the first 15 digits of the number.

    Parameters
    ----------
    number : float
        Any finite number.
    digits : int, default 0
        Digits after the decimal mark.

    Returns
    -------
    Decimal
        The rounded number.

    Examples
    --------
    >>> rounded(12.5), rounded(14.499999999999998)
    (Decimal('13'), Decimal('15'))
    """
    step = Decimal(1).scaleb(-digits)
    return _exact(number).quantize(step, rounding=ROUND_HALF_UP)


def percent(share: float, language: str = "en", digits: int = 0) -> str:
    r"""Write a share as a percentage.

    Parameters
    ----------
    share : float
        0 to 1.
    language : str
        ``en`` or ``de``.
    digits : int, default 0
        Digits after the decimal mark.

    Returns
    -------
    str
        Such as ``41%``; ``-`` for exactly 0; ``<0.5%`` where it would round to 0.

    Examples
    --------
    >>> percent(12 / 96), percent(0.0), percent(0.004), percent(0.41, "de")
    ('13%', '-', '<0.5%', '41\xa0%')
    """
    hundred = _exact(share) * 100
    if hundred == 0:
        return ZERO
    sign = _MARKS[language][2]
    if digits == 0 and abs(hundred) < _HALF:
        return f"<{_with_marks(_HALF, language)}{sign}"
    step = Decimal(1).scaleb(-digits)
    value = hundred.quantize(step, rounding=ROUND_HALF_UP)
    return f"{_with_marks(value, language)}{sign}"


def interval(low: float, high: float, language: str = "en") -> str:
    """Write an interval of shares: ``38-44%``.

    Parameters
    ----------
    low, high : float
        Ends of the interval, 0 to 1 (or -1 to 1 for a difference).
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        Empty where the interval is not defined.

    Examples
    --------
    >>> interval(0.384, 0.4351), interval(-0.02, 0.05)
    ('38–44%', '−2 to +5')
    """
    if not (isfinite(low) and isfinite(high)):
        return ""
    if low < 0:
        word = {"en": "to", "de": "bis"}[language]
        return f"{points(low)} {word} {points(high)}"
    ends = [_with_marks(rounded_percent(end), language) for end in (low, high)]
    return f"{ends[0]}–{ends[1]}{_MARKS[language][2]}"


def rounded_percent(share: float) -> Decimal:
    """Give a share as a whole percentage, half rounded up.

    Parameters
    ----------
    share : float
        0 to 1.

    Returns
    -------
    Decimal
        Whole number.

    Examples
    --------
    >>> rounded_percent(10 / 16)
    Decimal('63')
    """
    hundred = _exact(share) * 100
    return hundred.quantize(Decimal(1), rounding=ROUND_HALF_UP)


def points(difference: float) -> str:
    """Write a difference of shares in percentage points, with its sign.

    Parameters
    ----------
    difference : float
        -1 to 1.

    Returns
    -------
    str
        Such as ``+32`` or ``−4``.

    Examples
    --------
    >>> points(0.32), points(-0.035), points(0)
    ('+32', '−4', '0')
    """
    value = rounded_percent(abs(difference))
    if value == 0:
        return "0"
    return f"{'+' if difference > 0 else '−'}{value}"


def count(number: float, language: str = "en") -> str:
    """Write a whole number with separators between thousands.

    Parameters
    ----------
    number : float
        A count, or a sum of weights, rounded half up.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        Such as ``1,250`` or ``1.250``.

    Examples
    --------
    >>> count(1250), count(1250, "de")
    ('1,250', '1.250')
    """
    return _with_marks(rounded(number), language)


def decimal(number: float, language: str = "en", digits: int = 1) -> str:
    """Write a number with a fixed number of digits after the decimal mark.

    Parameters
    ----------
    number : float
        Any number.
    language : str
        ``en`` or ``de``.
    digits : int, default 1
        Digits after the decimal mark.

    Returns
    -------
    str
        Such as ``1.24`` or ``1,24``; empty where it is not defined.

    Examples
    --------
    >>> decimal(1.235, digits=2), decimal(1234.5, "de")
    ('1.24', '1.234,5')
    """
    if not isfinite(number):
        return ""
    return _with_marks(rounded(number, digits), language)


def p_text(p_value: float, language: str) -> str:
    """Write a p-value: ``= 0.032`` or ``< 0.001``.

    Parameters
    ----------
    p_value : float
        0 to 1.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        With its sign.

    Examples
    --------
    >>> p_text(0.0321, "en"), p_text(0.00001, "de")
    ('= 0.032', '< 0,001')
    """
    smallest = 0.001
    if p_value < smallest:
        return f"< {decimal(smallest, language, 3)}"
    return f"= {decimal(p_value, language, 3)}"


def _exact(number: float) -> Decimal:
    """Give a number with 15 digits."""
    return Decimal(f"{float(number):.15g}")


def _with_marks(number: Decimal, language: str) -> str:
    """Put the decimal mark and the thousands separator of a language."""
    mark, thousands, _ = _MARKS[language]
    text = f"{number:,f}"
    return text.replace(",", "\0").replace(".", mark).replace("\0", thousands)

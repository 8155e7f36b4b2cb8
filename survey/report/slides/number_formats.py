"""Number formats that print a value as its text; where none does, the text is kept.

PowerPoint rounds 15 digits half away from zero. Thousands and decimals follow the
country of the reader's machine there, so only whole numbers are left to a format.
"""

from decimal import ROUND_HALF_UP, Decimal
from typing import Final

_FORMATS: Final = (
    ("0%", 100, "{}%"),
    ('0"\u00a0"%', 100, "{}\u00a0%"),
    ("0", 1, "{}"),
)


def number_format(value: float, text: str) -> str:
    """Find a number format under which PowerPoint prints a value as its text.

    Parameters
    ----------
    value : float
        The unrounded number.
    text : str
        What has to be printed.

    Returns
    -------
    str
        Empty where no format does, such as for ``<0.5%`` or a dash.

    Examples
    --------
    >>> number_format(0.41, "41%"), number_format(0.004, "<0.5%")
    ('0%', '')
    """
    for code, factor, pattern in _FORMATS:
        number = Decimal(f"{value:.15g}") * factor
        whole = number.quantize(Decimal(1), rounding=ROUND_HALF_UP)
        if pattern.format(whole) == text:
            return code
    return ""

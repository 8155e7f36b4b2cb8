"""Words for shares: "about half", "more than two thirds", where the interval allows.

A word is a claim like any other. Where none holds, the percentage is told.
"""

from typing import Final, Literal

from survey.report.wording import say

Quantity = Literal[
    "",
    "quarter",
    "third",
    "half",
    "two_thirds",
    "three_quarters",
    "more_than_half",
    "more_than_two_thirds",
    "more_than_three_quarters",
]
Number = Literal["one", "many"]
HALF: Final = 0.5
# How far an estimate may be from a fraction that stands for it: 2 points.
NEAR: Final = 0.02
_FRACTIONS: Final[dict[Quantity, float]] = {
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": HALF,
    "two_thirds": 2 / 3,
    "three_quarters": 3 / 4,
}
_ABOVE: Final[tuple[tuple[Quantity, float], ...]] = (
    ("more_than_three_quarters", 3 / 4),
    ("more_than_two_thirds", 2 / 3),
    ("more_than_half", HALF),
)
_MANY: Final = (
    "two_thirds",
    "three_quarters",
    "more_than_two_thirds",
    "more_than_three_quarters",
)
# 0.73 and 0.75 are 2 points apart, whatever their last digits.
_DIGIT: Final = 1e-12


def quantifier(estimate: float, low: float, high: float) -> Quantity:
    """Name the fraction that an interval allows.

    Parameters
    ----------
    estimate, low, high : float
        Share and ends of its interval, 0 to 1; NaN where there is no interval.

    Returns
    -------
    str
        Name of a fraction; empty where none holds, and the percentage is to be told.

    Notes
    -----
    The first rule that holds decides:

    1. A quarter, a third, half, two thirds or three quarters: the interval holds this
       fraction and no other of the five, and the estimate is at most 2 points away.
    2. More than three quarters, two thirds, half: the interval is above it. "Most" is
       more than half.

    Examples
    --------
    >>> quantifier(0.51, 0.46, 0.56), quantifier(0.60, 0.55, 0.65)
    ('half', 'more_than_half')
    >>> quantifier(0.54, 0.49, 0.59)
    ''

    An interval that holds half and two thirds allows neither.

    >>> quantifier(0.66, 0.48, 0.80)
    ''
    """
    inside = [name for name, share in _FRACTIONS.items() if low <= share <= high]
    if len(inside) == 1 and abs(estimate - _FRACTIONS[inside[0]]) <= NEAR + _DIGIT:
        return inside[0]
    return next((name for name, share in _ABOVE if share < low <= estimate), "")


def quantity_text(quantity: Quantity, language: str, *, starts: bool = False) -> str:
    """Write a fraction in words, as the subject of a sentence.

    Parameters
    ----------
    quantity : str
        From `quantifier`, not empty.
    language : str
        ``en`` or ``de``.
    starts : bool, default False
        Whether a sentence starts with it.

    Returns
    -------
    str
        Such as ``about half``.

    Examples
    --------
    >>> quantity_text("half", "en"), quantity_text("more_than_half", "de", starts=True)
    ('about half', 'Mehr als die Hälfte')
    """
    text = say(language, f"quantity_{quantity}")
    return text[:1].upper() + text[1:] if starts else text


def number_of(quantity: Quantity) -> Number:
    """Say which number a verb has after a fraction, or after a percentage.

    Parameters
    ----------
    quantity : str
        From `quantifier`.

    Returns
    -------
    {"one", "many"}
        German has "die Hälfte setzt ein" and "zwei Drittel setzen ein".

    Examples
    --------
    >>> number_of("half"), number_of("two_thirds"), number_of("")
    ('one', 'many', 'many')
    """
    return "many" if quantity in _MANY or not quantity else "one"

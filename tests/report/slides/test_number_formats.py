"""A number format is used only where PowerPoint prints the very text with it."""

import pytest

from survey.report.numbers import percent
from survey.report.slides.number_formats import number_format


@pytest.mark.parametrize(
    ("value", "text", "code"),
    [
        (0.41, "41%", "0%"),
        (0.41, "41\u00a0%", '0"\u00a0"%'),
        (12.0, "12", "0"),
        (0.004, "<0.5%", ""),
        (0.0, "-", ""),
        (0.41, "42%", ""),
        (0.32, "+32", ""),
    ],
)
def test_a_format_prints_the_text(value: float, text: str, code: str) -> None:
    assert number_format(value, text) == code


def test_ties_go_up_in_both() -> None:
    """1/8 is 12.5 %, which is 13 % in print and in PowerPoint."""
    assert percent(0.125) == "13%"
    assert number_format(0.125, "13%") == "0%"


def test_what_is_beyond_15_digits_makes_no_difference() -> None:
    """PowerPoint sees 15 digits, and so does print: both say 13 %."""
    below = 0.12499999999999999
    assert percent(below) == "13%"
    assert number_format(below, "13%") == "0%"

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.report.numbers import (
    count,
    decimal,
    interval,
    percent,
    points,
    rounded,
    rounded_percent,
)


@pytest.mark.parametrize(
    ("share", "text"),
    [
        (12 / 96, "13%"),
        (10 / 16, "63%"),
        (0.145, "15%"),
        (0.285, "29%"),
        (0.0, "-"),
        (-0.0, "-"),
        (0.004999, "<0.5%"),
        (0.005, "1%"),
        (0.995, "100%"),
        (1.0, "100%"),
    ],
)
def test_half_is_rounded_up_and_zero_is_not_almost_zero(
    share: float, text: str
) -> None:
    assert percent(share) == text


def test_digits_and_german_marks() -> None:
    assert percent(0.12345, "de", 1) == "12,3\u00a0%"
    assert percent(0.003, "de") == "<0,5\u00a0%"
    assert percent(0.003, "en", 1) == "0.3%"
    assert count(1234567.5) == "1,234,568"
    assert count(1234567.5, "de") == "1.234.568"
    assert decimal(-1234.55, "de") == "-1.234,6"
    assert decimal(float("nan")) == ""


def test_intervals_of_shares_and_of_differences() -> None:
    assert interval(0.0, 0.034) == "0–3%"
    assert interval(0.384, 0.4351, "de") == "38–44\u00a0%"
    assert interval(-0.054, 0.021, "de") == "−5 bis +2"
    assert interval(float("nan"), 0.5) == ""


def test_points_have_a_sign_unless_they_round_to_zero() -> None:
    assert [points(x) for x in (0.315, -0.315, 0.004, -0.004, 0.005)] == [
        *("+32", "−32", "0", "0", "+1"),
    ]


@given(st.integers(0, 400), st.integers(1, 400))
def test_percentages_of_counts_round_as_on_paper(part: int, whole: int) -> None:
    part = min(part, whole)
    exact = (200 * part + whole) // (2 * whole)
    assert rounded_percent(part / whole) == exact


@given(st.floats(-1e9, 1e9, allow_nan=False), st.integers(0, 4))
def test_rounding_moves_a_number_by_half_a_step_at_most(
    number: float, digits: int
) -> None:
    exact = Decimal(repr(number))
    moved = abs(rounded(number, digits) - exact)
    # A number counts with 15 digits, as in a spreadsheet.
    beyond = Decimal(5).scaleb(exact.adjusted() - 15)
    assert moved <= Decimal(5).scaleb(-digits - 1) + beyond

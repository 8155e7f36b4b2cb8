"""A word for a share is a claim: it holds only where the interval allows it."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.report.quantifiers import (
    NEAR,
    number_of,
    quantifier,
    quantity_text,
)

FRACTIONS = {
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two_thirds": 2 / 3,
    "three_quarters": 3 / 4,
}
BOUNDS = {
    "more_than_half": 1 / 2,
    "more_than_two_thirds": 2 / 3,
    "more_than_three_quarters": 3 / 4,
}
SHARES = st.floats(0, 1)


@pytest.mark.parametrize(
    ("estimate", "low", "high", "word"),
    [
        (0.50, 0.46, 0.54, "half"),
        # 2 points away still stands for it, 2.1 do not.
        (0.52, 0.48, 0.56, "half"),
        (0.521, 0.48, 0.56, ""),
        # The interval holds half at its very end; one digit more, and it is above.
        (0.52, 0.50, 0.54, "half"),
        (0.52, 0.5001, 0.54, "more_than_half"),
        (0.34, 0.30, 0.38, "third"),
        (0.25, 0.21, 0.29, "quarter"),
        # A quarter and a third are both in the interval.
        (0.27, 0.22, 0.34, ""),
        (0.66, 0.61, 0.70, "two_thirds"),
        # Two thirds and three quarters are both in the interval, half is not.
        (0.70, 0.62, 0.76, "more_than_half"),
        (0.75, 0.71, 0.78, "three_quarters"),
        (0.71, 0.67, 0.74, "more_than_two_thirds"),
        (0.80, 0.76, 0.84, "more_than_three_quarters"),
        (0.40, 0.36, 0.44, ""),
        (0.10, 0.05, 0.18, ""),
        (0.60, float("nan"), float("nan"), ""),
    ],
)
def test_words_by_hand(estimate: float, low: float, high: float, word: str) -> None:
    assert quantifier(estimate, low, high) == word


@given(st.tuples(SHARES, SHARES, SHARES).map(sorted))
def test_no_word_claims_more_than_its_interval(ends: list[float]) -> None:
    low, estimate, high = ends
    word = quantifier(estimate, low, high)
    if word in BOUNDS:
        assert low > BOUNDS[word]
    if word in FRACTIONS:
        inside = [name for name, share in FRACTIONS.items() if low <= share <= high]
        assert inside == [word]
        assert abs(estimate - FRACTIONS[word]) <= NEAR + 1e-9


@pytest.mark.parametrize("word", [*FRACTIONS, *BOUNDS])
def test_every_word_can_be_said_in_both_languages(word: str) -> None:
    texts = {language: quantity_text(word, language) for language in ("en", "de")}
    assert texts["en"] != texts["de"]
    # German verbs follow the number: "die Hälfte setzt", "zwei Drittel setzen".
    plural = any(part in texts["de"] for part in ("zwei ", "drei "))
    assert number_of(word) == ("many" if plural else "one")
    for language, text in texts.items():
        start = quantity_text(word, language, starts=True)
        assert start[0].isupper()
        assert start[1:] == text[1:]

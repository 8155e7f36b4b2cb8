"""Emoji that no typeface has are named; everything else stays as it is."""

import pytest

from survey.report import charts
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.lettering import covered
from survey.report.marks import Words
from survey.report.spelled import spelled, spelled_block, spelled_data

ROCKET = "\U0001f680"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (ROCKET, "[rocket]"),
        (ROCKET * 2, "[rocket][rocket]"),
        ("\U0001f469\u200d\U0001f680 up", "[woman, rocket] up"),
        # A picture that asks for colour by an invisible sign.
        ("\U0001f6e9\ufe0f", "[small airplane]"),
        ("\U0001f1e9\U0001f1ea\U0001f1eb\U0001f1f7", "[flag DE][flag FR]"),
        ("\U0001f44d\U0001f3fd", "[thumbs up sign, emoji modifier fitzpatrick type-4]"),
        # No emoji: other scripts, arrows and ticks that the typefaces have.
        ("\u4e2d\u6587", "\u4e2d\u6587"),
        ("\u05d0\u05d1", "\u05d0\u05d1"),
        ("\u2192 \u2713 \U0001f600", "\u2192 \u2713 \U0001f600"),
        ("[rocket] & <b>", "[rocket] & <b>"),
    ],
)
def test_only_what_would_be_an_empty_box_is_named(text: str, said: str) -> None:
    assert spelled(text) == said
    assert spelled(said) == said


def test_a_character_without_a_name_has_its_number() -> None:
    assert spelled("\U0001f2ff") == "[U+1F2FF]"


def test_every_text_of_a_figure_is_set_in_typefaces_of_the_report() -> None:
    row = ChartRow(ROCKET, (ChartValue(0.5, f"50% {ROCKET}"),), side_text=ROCKET)
    block = ChartBlock(
        "b", "bars", ROCKET, ROCKET, (ChartSeries(ROCKET),), (row,), (ROCKET,), ROCKET
    )
    texts = [m.text for m in charts.layout(block).marks if isinstance(m, Words)]

    assert all(covered(text) for text in texts)
    assert "50% [rocket]" in texts
    # People who cannot see it have typefaces of their own.
    assert spelled_block(block).alt == ROCKET


def test_data_of_a_template_keep_their_shape() -> None:
    data = {"a": [ROCKET, 1, None], "b": {"c": (ROCKET, True)}}

    assert spelled_data(data) == {
        "a": ["[rocket]", 1, None],
        "b": {"c": ["[rocket]", True]},
    }

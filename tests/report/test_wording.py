import string

import pytest

from survey.report.wording import ordinal, rank_text, say, words


def test_texts_are_filled_in() -> None:
    assert say("en", "wave") == "Wave"
    assert say("en", "dk_in", label="{n}", n="91") == (
        '"{n}" is in the base; without it n = 91.'
    )
    with pytest.raises(KeyError):
        say("en", "dk_in", label="x")


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_text_can_be_filled(language: str) -> None:
    for key, text in words(language).items():
        fields = {f for _, f, _, _ in string.Formatter().parse(text) if f}
        filled = say(language, key, **dict.fromkeys(fields, "X"))
        assert "{" not in filled
        assert filled.count("X") >= len(fields)


@pytest.mark.parametrize(
    ("number", "text"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (12, "12th"), (22, "22nd")],
)
def test_ranks(number: int, text: str) -> None:
    assert ordinal(number, "en") == text
    assert ordinal(number, "de") == f"{number}."


def test_a_rank_stands_with_its_uncertainty() -> None:
    assert rank_text(1, 3, "en") == "1st to 3rd"
    assert rank_text(2, 2, "de") == "2."
    assert rank_text(1, 3, "de") == "1. bis 3."

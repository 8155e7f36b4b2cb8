"""Lines stay within their width, and nothing is lost but what the ellipsis says."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.report.lettering import covered, fit, measure, wrap
from survey.report.look import HOUSE
from survey.report.style import clean

texts = st.text(st.characters(codec="utf-8", categories=("L", "N", "P", "Zs", "Cc")))


@settings(max_examples=60, deadline=None)
@given(
    text=texts,
    width=st.floats(1, 8),
    size=st.sampled_from([14.0, 18.0, 28.0]),
    bold=st.booleans(),
)
def test_lines_fit_their_width(
    text: str, width: float, size: float, *, bold: bool
) -> None:
    lines = wrap(text, width, size, bold=bold)

    assert len(lines) <= 3
    assert all(measure(line, size, bold=bold) <= width for line in lines)


@settings(max_examples=60, deadline=None)
@given(texts)
def test_a_text_that_fits_is_kept(text: str) -> None:
    lines = wrap(text, 6, 14, most=1000)

    assert "".join(lines).replace(" ", "") == clean(text).replace(" ", "")


def test_a_long_label_ends_in_an_ellipsis_after_three_lines() -> None:
    lines = wrap("Concerns about security and privacy " * 12, 4, 18)

    assert len(lines) == 3
    assert lines[-1].endswith("…")
    assert not any(line.endswith("…") for line in lines[:2])


def test_a_word_wider_than_the_line_is_broken() -> None:
    word = "Datenschutzgrundverordnungsbeauftragter"
    lines = wrap(word, 1.5, 18, most=9)

    assert len(lines) > 1
    assert "".join(lines) == word


@pytest.mark.parametrize("text", ["", "   ", "\n\x00"])
def test_an_empty_text_has_no_line(text: str) -> None:
    assert wrap(text, 4, 18) == ()
    assert fit(text, 4, 18) == ""


def test_other_scripts_are_known_to_be_missing() -> None:
    assert covered("Größe, Ελλάδα, Россия, שלום")
    assert not covered("日本")


@pytest.mark.parametrize(
    ("text", "ems"),
    [("日本", 2.0), ("🚀", 1.3), ("🚀🚀", 2.6), ("日\u0301", 1.0)],
)
def test_letters_of_other_typefaces_get_room(text: str, ems: float) -> None:
    # An em at 72 points is an inch.
    assert measure(text, 72) >= ems - 0.2
    assert measure(text, 72) <= ems + 0.6


@pytest.mark.parametrize(
    "text", ["To AVATAR", "Größe 41 %", "(j(j(j", "Security and privacy", "שלום"]
)
@pytest.mark.parametrize("bold", [False, True])
def test_a_text_is_as_wide_as_matplotlib_sets_it(text: str, *, bold: bool) -> None:
    from matplotlib.font_manager import get_font
    from matplotlib.ft2font import LoadFlags

    font = get_font(HOUSE.faces(bold=bold))
    font.set_size(100, 72)
    font.set_text(text, 0.0, flags=LoadFlags.NO_HINTING)
    drawn = font.get_width_height()[0] / 64 / 72

    assert drawn - 0.001 <= measure(text, 100, bold=bold) <= 1.02 * drawn

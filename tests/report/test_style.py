"""Colours tell categories apart for everyone, in colour and in print."""

import re
from itertools import combinations, pairwise

import pytest

from survey.report import style
from survey.report.lettering import wrap
from survey.report.look_colours import MEETING
from survey.report.sight import DICHROMATS, confused, difference


def steps(count: int) -> list[str]:
    return [f"scale:{step}/{count}" for step in range(1, count + 1)]


@pytest.mark.parametrize("role", [*style.COLOURS, *steps(5), *steps(7), *steps(11)])
def test_text_on_every_colour_can_be_read(role: str) -> None:
    fill = style.colour(role)

    assert re.fullmatch("#[0-9A-F]{6}", fill)
    assert style.contrast(style.text_colour(fill), fill) >= 4.5


@pytest.mark.parametrize("tone", [style.INK, style.MUTED, style.ACCENT])
def test_text_on_paper_can_be_read(tone: str) -> None:
    assert style.contrast(tone, style.PAPER) >= 4.5


@pytest.mark.parametrize("sight", ["", *DICHROMATS, "greyscale"])
@pytest.mark.parametrize("pair", MEETING)
def test_colours_that_meet_differ_for_everyone(
    pair: tuple[str, str], sight: str
) -> None:
    first, second = (style.colour(role) for role in pair)

    assert difference(first, second, sight) >= 4


@pytest.mark.parametrize("sight", ["", *DICHROMATS, "greyscale"])
@pytest.mark.parametrize("count", range(2, 12))
def test_neighbours_on_a_scale_differ_for_everyone(count: int, sight: str) -> None:
    tones = [style.colour(role) for role in steps(count)]
    beside = [style.COLOURS["dont_know"], *tones, style.COLOURS["dont_know"]]

    for one, other in pairwise(beside):
        assert difference(one, other, sight) >= 4
    assert difference(tones[0], style.PAPER, sight) >= 4


def test_every_colour_of_a_figure_is_among_those_that_meet() -> None:
    text = {"ink", "muted", "rule", "reference", "accent", "paper"}

    assert {role for pair in MEETING for role in pair} - text == (
        set(style.COLOURS) - text
    )


@pytest.mark.parametrize("count", [2, 5, 7, 11])
def test_a_scale_gets_darker_with_every_step(count: int) -> None:
    lightness = [style.luminance(style.colour(role)) for role in steps(count)]

    assert lightness == sorted(lightness, reverse=True)
    assert len(set(lightness)) == count


def test_a_scale_of_one_step_has_a_colour() -> None:
    assert style.colour("scale:1/1") == style.SCALE_LIGHT


def test_an_unknown_role_has_no_colour() -> None:
    with pytest.raises(KeyError):
        style.colour("closed")


def test_fonts_are_there() -> None:
    assert all(path.is_file() for path in style.font_files())


def test_a_percent_sign_stays_with_its_number() -> None:
    assert style.clean("von\u00a041 %\nund  7\u00a0%") == "von 41 % und 7\u00a0%"
    assert wrap("41\u00a0% und mehr", 0.65, 18) == ("41\u00a0%", "und", "mehr")


@pytest.mark.parametrize("pair", list(combinations([*style.STATES, "paper"], 2)))
def test_states_can_be_told_apart_by_everyone(pair: tuple[str, str]) -> None:
    first, second = map(style.colour, pair)

    assert confused(first, second) == ""
    assert style.contrast(style.text_colour(first), first) >= style.READABLE

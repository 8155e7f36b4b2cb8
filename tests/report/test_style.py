"""Colours tell categories apart for everyone, in colour and in print."""

import re
from itertools import combinations

import numpy as np
import pytest

from survey.report import style

SIDES = ("open", "proprietary", "neutral", "dont_know")

# Viénot, Brettel and Mollon (1999), on linear RGB: what a dichromat sees.
DICHROMATS = {
    "protan": ((0.11238, 0.88762, 0), (0.11238, 0.88762, 0), (0.00401, -0.00401, 1)),
    "deutan": ((0.29275, 0.70725, 0), (0.29275, 0.70725, 0), (-0.02234, 0.02234, 1)),
}


def linear(code: str) -> np.ndarray:
    channels = np.array([int(code[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    return np.where(
        channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
    )


def lab(rgb: np.ndarray) -> np.ndarray:
    """CIE L*a*b* of linear sRGB, white point D65."""
    to_xyz = np.array(
        [
            [0.4124, 0.3576, 0.1805],
            [0.2126, 0.7152, 0.0722],
            [0.0193, 0.1192, 0.9505],
        ]
    )
    x, y, z = np.cbrt(np.clip(to_xyz @ rgb / (0.9505, 1, 1.089), 1e-9, None))
    return np.array([116 * y - 16, 500 * (x - y), 200 * (y - z)])


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


@pytest.mark.parametrize("pair", [*combinations(SIDES, 2)])
def test_sides_differ_in_greyscale(pair: tuple[str, str]) -> None:
    first, second = (lab(linear(style.colour(role)))[0] for role in pair)

    assert abs(first - second) >= 8


@pytest.mark.parametrize("kind", DICHROMATS)
@pytest.mark.parametrize("pair", [*combinations(SIDES, 2)])
def test_sides_differ_for_dichromats(pair: tuple[str, str], kind: str) -> None:
    matrix = np.array(DICHROMATS[kind])
    first, second = (lab(matrix @ linear(style.colour(role))) for role in pair)

    assert np.linalg.norm(first - second) >= 8


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

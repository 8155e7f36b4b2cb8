"""Differences of colours are those of the papers."""

import pytest

from survey.report.sight import DICHROMATS, ciede2000, confused, difference

# Sharma, Wu and Dalal (2005), table 1: pairs that reach every branch of the formula.
SHARMA = [
    ((50, 2.6772, -79.7751), (50, 0, -82.7485), 2.0425),
    ((50, 3.1571, -77.2803), (50, 0, -82.7485), 2.8615),
    ((50, -1.3802, -84.2814), (50, 0, -82.7485), 1.0000),
    ((50, 0, 0), (50, -1, 2), 2.3669),
    ((50, 2.49, -0.001), (50, -2.49, 0.0009), 7.1792),
    ((50, 2.49, -0.001), (50, -2.49, 0.0011), 7.2195),
    ((50, -0.001, 2.49), (50, 0.0009, -2.49), 4.8045),
    ((50, 2.5, 0), (50, 0, -2.5), 4.3065),
    ((50, 2.5, 0), (73, 25, -18), 27.1492),
    ((50, 2.5, 0), (56, -27, -3), 31.9030),
    ((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387), 1.2644),
    ((22.7233, 20.0904, -46.694), (23.0331, 14.973, -42.5619), 2.0373),
    ((90.8027, -2.0831, 1.441), (91.1528, -1.6435, 0.0447), 1.4441),
    ((2.0776, 0.0795, -1.135), (0.9033, -0.0636, -0.5514), 0.9082),
]


@pytest.mark.parametrize(("first", "second", "expected"), SHARMA)
def test_ciede2000_is_that_of_the_paper(first, second, expected) -> None:
    assert ciede2000(first, second) == pytest.approx(expected, abs=5e-5)
    assert ciede2000(second, first) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize("kind", DICHROMATS)
def test_dichromats_see_greys_as_they_are(kind: str) -> None:
    # Each row of the matrices adds up to 1.
    for row in DICHROMATS[kind]:
        assert sum(row) == pytest.approx(1, abs=2e-6)
    assert difference("#808080", "#C0C0C0", kind) == pytest.approx(
        difference("#808080", "#C0C0C0"), abs=0.01
    )


def test_red_and_olive_are_confused_by_those_who_lack_green() -> None:
    red, olive = "#C04040", "#6E7A3A"

    assert difference(red, olive) > 30
    assert difference(red, olive, "tritanopia") > 30
    assert confused(red, olive) == "deuteranopia"


def test_a_grey_print_confuses_hues_of_one_luminance() -> None:
    # Relative luminance by WCAG: 0.152 and 0.147.
    assert confused("#C04040", "#007A5A") == "greyscale"
    assert confused("#C04040", "#C04040") == "normal sight"
    assert confused("#000000", "#FFFFFF") == ""

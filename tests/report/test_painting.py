"""A drawing is the same in matplotlib and as SVG for a page."""

import xml.etree.ElementTree as ET

import numpy as np
import pytest

from survey.report import style
from survey.report.lettering import measure
from survey.report.marks import Box, Dot, Drawing, Line, Words, hatched, shifted
from survey.report.painting import paint, svg
from survey.report.typesetting import typeset

SPACE = "{http://www.w3.org/2000/svg}"
DRAWING = Drawing(
    4.0,
    2.0,
    (
        Box(0.5, 0.5, 1.0, 0.25, "#0A5083"),
        Box(0.5, 1.0, 1.0, 0.25, "#FFFFFF", "#E69F00"),
        Line(2.0, 0.25, 2.0, 1.75, "#1F2A33", 2.0),
        Line(2.25, 0.25, 2.25, 1.75, "#93A0AB", 1.5, dashed=True),
        Dot(3.0, 1.0, 0.1, "#FFFFFF", "#00735A"),
        Words(3.9, 0.2, "<41 % & $x$>", 14, "#1F2A33", bold=True, align="right"),
        Words(2.0, 1.8, "Größe", 12, "#5A6772", align="center"),
    ),
)


def pixels(drawn: str) -> np.ndarray:
    from io import BytesIO

    from PIL import Image

    sheet = {
        "title": "t",
        "alt": "a",
        "language": "en",
        "svg": drawn,
        "width": DRAWING.width,
        "height": DRAWING.height,
        "paper": "#FFFFFF",
    }
    with Image.open(BytesIO(typeset("figure.typ", sheet, "png"))) as picture:
        return np.asarray(picture.convert("L"), dtype=float)


def test_svg_and_matplotlib_show_the_same() -> None:
    from survey.report.charts import _svg

    ours, theirs = pixels(svg(DRAWING)), pixels(_svg(paint(DRAWING)))

    assert ours.shape == theirs.shape
    # Edges may be smoothed by a shade; a mark that moved by a pixel would show.
    assert np.abs(ours - theirs).max() < 64
    assert np.abs(ours - theirs).mean() < 0.05
    assert ours.min() < 60


def test_svg_is_xml_whose_texts_are_those_of_the_drawing() -> None:
    root = ET.fromstring(svg(DRAWING))  # noqa: S314 - our own file
    texts = root.findall(f"{SPACE}text")

    assert [text.text for text in texts] == ["<41 % & $x$>", "Größe"]
    assert [text.get("text-anchor") for text in texts] == ["end", "middle"]
    assert (root.get("width"), root.get("height")) == ("288pt", "144pt")
    assert not any("id" in element.attrib for element in root.iter())


def test_svg_counts_from_the_top() -> None:
    root = ET.fromstring(svg(DRAWING))  # noqa: S314 - our own file
    first = root.find(f"{SPACE}rect")

    assert first is not None
    # The box ends 0.75 inches above the foot, which is 1.25 inches below the top.
    assert (first.get("x"), first.get("y")) == ("36", "90")
    assert (first.get("width"), first.get("height")) == ("72", "18")


@pytest.mark.parametrize("slant", [0, 1])
def test_hatching_stays_in_its_field(slant: int) -> None:
    box = Box(1.0, 2.0, 0.9, 0.35, "#FFFFFF", "#000000")
    field, *strokes = hatched(box, "#93A0AB", slant)

    assert field == Box(1.0, 2.0, 0.9, 0.35, "#FFFFFF")
    # 0.9 + 0.35 is 8 times 0.14, and a rest.
    assert len(strokes) == 8
    for line in strokes:
        assert isinstance(line, Line)
        rise, run = line.y1 - line.y0, line.x1 - line.x0
        assert abs(rise) == pytest.approx(abs(run))
        assert (rise * run > 0) == (slant == 0)
        assert all(1.0 - 1e-9 <= x <= 1.9 + 1e-9 for x in (line.x0, line.x1))
        assert all(2.0 - 1e-9 <= y <= 2.35 + 1e-9 for y in (line.y0, line.y1))


def test_marks_move_sideways() -> None:
    assert shifted(Line(0, 1, 2, 3), 1) == Line(1, 1, 3, 3)
    assert shifted(Dot(0, 1, 1, "", ""), 1).x == 1


def test_a_text_of_an_svg_is_as_wide_as_it_was_measured() -> None:
    wide = measure("Security and privacy", 40)
    words = Words(0.2, 0.5, "Security and privacy", 40, "#000000")
    dark = pixels(svg(Drawing(DRAWING.width, DRAWING.height, (words,)))) < 128
    columns = np.flatnonzero(dark.any(axis=0)) / style.DPI

    assert columns[0] == pytest.approx(0.2, abs=0.04)
    assert columns[-1] == pytest.approx(min(0.2 + wide, DRAWING.width), abs=0.04)

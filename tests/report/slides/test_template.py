"""The user's own template: what is taken from it, and which files are refused."""

from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile

import pytest
from pptx import Presentation
from pptx.util import Inches

from survey.errors import OutputError
from survey.report.document import ChartBlock, Report
from survey.report.slides.archive import MOST_BYTES
from survey.report.slides.pptx import pptx

Make = Callable[[ChartBlock], Report]


def template(*, wide: int = 1) -> bytes:
    """A deck of three example slides, with a title that is set in 40 points."""
    deck = Presentation()
    if wide:
        deck.slide_width, deck.slide_height = Inches(13.333), Inches(7.5)
    for number in range(3):
        slide = deck.slides.add_slide(deck.slide_layouts[5])
        slide.shapes.title.text = f"EXAMPLE SLIDE {number}"
        slide.notes_slide.notes_text_frame.text = "EXAMPLE NOTES"
    deck.slide_master.name = "House master"
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


def retyped(content: bytes, old: bytes, new: bytes, more: str = "") -> bytes:
    """The same file with another type, and perhaps another part."""
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as target:
        with ZipFile(BytesIO(content)) as source:
            for name in source.namelist():
                target.writestr(name, source.read(name).replace(old, new))
        if more:
            target.writestr(more, b"x")
    return stream.getvalue()


@pytest.mark.parametrize("wide", [1, 0])
def test_its_masters_are_used_and_its_slides_are_not(
    wide: int,
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    parts: Callable[[bytes], Any],
) -> None:
    made = pptx(with_chart(chart("bars")), template=template(wide=wide))
    deck = opened(made)

    assert deck.slide_width == opened(template(wide=wide)).slide_width
    assert not [name for name, part in parts(made) if b"EXAMPLE" in part]
    assert deck.slides[-1].slide_layout.name == "Title Only"
    assert deck.slides[-1].shapes.title.text_frame.text == "A finding"
    for slide in deck.slides:
        for one in slide.shapes:
            assert one.left + one.width <= deck.slide_width
            assert one.top + one.height <= deck.slide_height


def test_a_potx_is_a_template(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    parts: Callable[[bytes], Any],
) -> None:
    potx = retyped(template(), b"presentation.main+xml", b"template.main+xml")
    made = pptx(with_chart(chart("bars")), template=potx)

    assert shape(opened(made), "figure/chart").has_chart
    assert b"template.main+xml" not in dict(parts(made))["[Content_Types].xml"]


def test_a_layout_without_a_title_gets_a_text_box(
    with_chart: Make,
    chart: Callable[..., ChartBlock],
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
) -> None:
    deck = Presentation()
    for layout in list(deck.slide_layouts)[:-5]:
        deck.slide_layouts.remove(layout)
    for layout in deck.slide_layouts:
        for one in list(layout.placeholders):
            one.element.getparent().remove(one.element)
    stream = BytesIO()
    deck.save(stream)
    made = opened(pptx(with_chart(chart("bars")), template=stream.getvalue()))

    title = shape(made, "figure/title")
    assert not title.is_placeholder
    assert title.text_frame.text == "A finding"


def test_the_same_template_gives_the_same_bytes(
    with_chart: Make, chart: Callable[..., ChartBlock]
) -> None:
    report = with_chart(chart("bars"))

    assert pptx(report, template=template()) == pptx(report, template=template())


def bomb() -> bytes:
    stream = BytesIO()
    with ZipFile(stream, "w", ZIP_DEFLATED) as target:
        target.writestr("[Content_Types].xml", b"presentationml.presentation.main+xml")
        for number in range(6):
            target.writestr(f"{number}", b"0" * (100 * 2**20))
    return stream.getvalue()


def without_layouts() -> bytes:
    deck = Presentation()
    for layout in list(deck.slide_layouts):
        deck.slide_layouts.remove(layout)
    stream = BytesIO()
    deck.save(stream)
    return stream.getvalue()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"PK\x03\x04 no archive", "no PowerPoint file"),
        (b"text", "no PowerPoint file"),
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1 protected", "password"),
        (bytes(MOST_BYTES + 1), "at most 50"),
        (bomb(), "unpacks to more"),
        (without_layouts(), "no slide layouts"),
        (
            retyped(template(), b"presentationml.presentation", b"spreadsheetml.sheet"),
            "no PowerPoint file",
        ),
        (
            retyped(
                template(),
                b"application/vnd.openxmlformats-officedocument.presentationml."
                b"presentation.main+xml",
                b"application/vnd.ms-powerpoint.presentation.macroEnabled.main+xml",
            ),
            "macros",
        ),
        (retyped(template(), b"", b"", "ppt/vbaProject.bin"), "macros"),
        (retyped(template(), b"<p:sldMasterIdLst>", b"<p:broken"), "cannot be read"),
    ],
    ids=range(10),
)
def test_what_cannot_be_used_is_refused(
    content: bytes, message: str, with_chart: Make, chart: Callable[..., ChartBlock]
) -> None:
    with pytest.raises(OutputError, match=message):
        pptx(with_chart(chart("bars")), template=content)

"""A second run over a deck that a person has edited."""

from collections.abc import Callable
from dataclasses import replace
from io import BytesIO
from typing import Any

import pytest
from pptx import Presentation
from pptx.dml.color import RGBColor
from pptx.util import Inches

from survey.errors import OutputError
from survey.report.document import ChartBlock, ChartValue, Page, Report
from survey.report.slides.drawing_xml import select
from survey.report.slides.pptx import pptx

Make = Callable[[ChartBlock], Report]
OLD = 0.111111


@pytest.fixture
def two(english: Report, chart: Callable[..., ChartBlock]) -> Report:
    """A report of two figures."""
    first = chart("bars", name="first", title="First finding")
    value = ChartValue(OLD, "11%")
    rows = (replace(first.rows[0], values=(value,)), *first.rows[1:])
    blocks = (replace(first, rows=rows), chart("bars", name="second"))
    return replace(english, pages=(Page("page", "Page", blocks, "Part"),))


@pytest.fixture
def later(two: Report, chart: Callable[..., ChartBlock]) -> Callable[..., Report]:
    """The same report with other numbers and texts, and these figures."""

    def make(*names: str) -> Report:
        value = ChartValue(0.77, "77%", 0.7, 0.8)
        rows = tuple(replace(row, values=(value,)) for row in chart("bars").rows)
        blocks = tuple(
            chart("bars", name=name, title=f"New title of {name}", rows=rows)
            for name in names
        )
        return replace(two, pages=(Page("page", "Page", blocks, "Part"),))

    return make


def titles(deck: Any) -> list[str]:
    return [slide.shapes.title.text_frame.text for slide in deck.slides]


def touch(deck: Any) -> None:
    """Any edit: a slide of the person's own at the end."""
    slide = deck.slides.add_slide(deck.slide_layouts[-1])
    slide.shapes.title.text = "My own slide"


def test_numbers_are_new_and_edited_text_stays(
    two: Report,
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    parts: Callable[[bytes], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    def edit(deck: Any) -> None:
        shape(deck, "first/title").text_frame.text = "My own title"

    former = changed(pptx(two), edit)
    made = pptx(later("first", "second"), former=former)
    deck = opened(made)

    assert "My own title" in titles(deck)
    assert "New title of second" in titles(deck)
    for name in ("first", "second"):
        native = shape(deck, f"{name}/chart").chart
        assert native.series[0].values == (0.77, 0.77, 0.77)
    assert not [name for name, part in parts(made) if str(OLD).encode() in part]


def test_a_third_run_keeps_the_edit_too(
    two: Report,
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    def edit(deck: Any) -> None:
        shape(deck, "first/footer").text_frame.text = "My own foot"

    made = pptx(later("first", "second"), former=changed(pptx(two), edit))

    assert pptx(later("first", "second"), former=made) == made
    again = opened(pptx(two, former=made))
    assert shape(again, "first/footer").text_frame.text == "My own foot"
    assert "First finding" in titles(again)


def test_sizes_places_and_colours_stay(
    two: Report,
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    red = RGBColor(0xC0, 0x10, 0x20)

    def edit(deck: Any) -> None:
        frame = shape(deck, "first/chart")
        frame.left, frame.width = Inches(1), Inches(8)
        series = frame.chart.series[0]
        series.format.fill.solid()
        series.format.fill.fore_color.rgb = red
        point = shape(deck, "second/chart").chart.series[0].points[2]
        point.format.fill.solid()
        point.format.fill.fore_color.rgb = red

    deck = opened(pptx(later("first", "second"), former=changed(pptx(two), edit)))
    frame = shape(deck, "first/chart")

    assert (frame.left, frame.width) == (Inches(1), Inches(8))
    assert frame.chart.series[0].format.fill.fore_color.rgb == red
    second = shape(deck, "second/chart").chart
    points = select(second.part._element, ".//c:dPt[.//a:srgbClr/@val='C01020']")
    assert [select(point, "./c:idx/@val") for point in points] == [["2"]]
    assert frame.chart.series[0].values == (0.77, 0.77, 0.77)


def test_order_own_slides_and_removed_slides_stay(
    two: Report,
    opened: Callable[[bytes], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    def edit(deck: Any) -> None:
        touch(deck)
        entries = deck.slides._sldIdLst
        last = entries[-1]
        entries.remove(last)
        entries.insert(1, last)
        findings = next(
            e
            for e, s in zip(entries, deck.slides, strict=True)
            if s.shapes.title.text_frame.text == "Key findings"
        )
        deck.part.drop_rel(findings.rId)
        entries.remove(findings)

    former = changed(pptx(two), edit)
    deck = opened(pptx(later("first", "between", "second"), former=former))

    assert titles(deck)[1:] == [
        "My own slide",
        "New title of first",
        "New title of between",
        "New title of second",
    ]


def test_a_figure_that_is_gone_leaves(
    two: Report,
    opened: Callable[[bytes], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    former = changed(pptx(two), touch)
    deck = opened(pptx(later("second"), former=former))

    assert "First finding" not in titles(deck)
    assert "New title of second" in titles(deck)


def test_a_figure_that_is_gone_stays_with_a_note_where_a_person_worked(
    two: Report,
    opened: Callable[[bytes], Any],
    shape: Callable[[Any, str], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    def edit(deck: Any) -> None:
        shape(deck, "first/title").text_frame.text = "My own title"

    made = pptx(later("second"), former=changed(pptx(two), edit))
    deck = opened(made)
    slide = deck.slides[titles(deck).index("My own title")]

    assert "no longer updated" in slide.notes_slide.notes_text_frame.text
    assert pptx(later("second"), former=made) == made


def test_sections_follow(
    two: Report,
    opened: Callable[[bytes], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    former = changed(pptx(two), touch)
    deck = opened(pptx(later("second", "third"), former=former))
    listed = [
        int(entry.get("id"))
        for entry in deck.element.iter()
        if "powerpoint" in str(entry.tag) and str(entry.tag).endswith("}sldId")
    ]

    assert sorted(listed) == sorted(slide.slide_id for slide in deck.slides)


def test_notes_edited_by_hand_stay(
    two: Report,
    opened: Callable[[bytes], Any],
    changed: Callable[..., bytes],
    later: Callable[..., Report],
) -> None:
    def edit(deck: Any) -> None:
        for slide in deck.slides:
            if slide.shapes.title.text_frame.text == "First finding":
                slide.notes_slide.notes_text_frame.text = "What I want to say"

    deck = opened(pptx(later("first", "second"), former=changed(pptx(two), edit)))
    slide = deck.slides[titles(deck).index("New title of first")]

    assert slide.notes_slide.notes_text_frame.text == "What I want to say"


def test_a_former_deck_that_cannot_be_used_is_refused(two: Report) -> None:
    with pytest.raises(OutputError, match="Move it away"):
        pptx(two, former=b"no deck")


def test_a_deck_of_somebody_else_is_refused(two: Report) -> None:
    stream = BytesIO()
    Presentation().save(stream)
    with pytest.raises(OutputError, match="not ours"):
        pptx(two, former=stream.getvalue())

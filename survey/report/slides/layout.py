"""Where the parts of a slide stand, in inches, and how large their letters are."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.report.lettering import line_height
from survey.report.look import Look
from survey.report.slides.deck import Box, Deck
from survey.report.slides.figures import figure, head
from survey.report.slides.fitting import Fitted, fitted, line_count, needed
from survey.report.slides.plan import Slide
from survey.report.slides.plots import Plot
from survey.report.slides.room import FLOOR, HEAD_HEIGHT, HEAD_WIDTH
from survey.report.slides.tables import Grid
from survey.report.style import clean
from survey.report.wording import say

_QUESTION: Final = 16.0
_POINTS: Final = 20.0
_METHODS: Final = 16.0
_LONG: Final = 6
_FOOTER_MOST: Final = 1.25
_QUESTION_MOST: Final = 0.62
_GAP: Final = 0.1


@dataclass(frozen=True, slots=True)
class Text:
    """One text of a slide: its role, its room, what is set and how.

    A `holder` is the kind of placeholder that takes it; empty for a text box.
    """

    role: str
    box: Box
    set: Fitted
    holder: str = ""
    colour: str = "tx1"
    bold: bool = False
    bullets: bool = False
    anchor: str = "t"
    side: str = "l"


@dataclass(frozen=True, slots=True)
class Laid:
    """A slide that is laid out: its texts, the figure and its room, the notes."""

    slide: Slide
    texts: tuple[Text, ...]
    frame: Box
    figure: Plot | Grid | None
    notes: tuple[str, ...]

    @property
    def alt(self) -> str:
        """The alternative text of the figure or table."""
        return clean(self.slide.chart.alt if self.slide.chart else self.slide.title)


def laid_out(slide: Slide, deck: Deck, look: Look, language: str) -> Laid:
    """Lay a slide out.

    Parameters
    ----------
    slide : Slide
        What it says.
    deck : Deck
        The deck, with its room.
    look : Look
        Colours of the house.
    language : str
        Language of the notes.

    Returns
    -------
    Laid
        Texts fit their boxes; what was cut stands whole in the notes.
    """
    texts = _opening(slide, deck) if slide.kind == "title" else _texts(slide, deck)
    frame = _frame(texts, deck)
    drawn = figure(slide, frame, look)
    cut = [text for one in texts for text in one.set.cut]
    if isinstance(drawn, Plot):
        cut += [w for w, s in zip(drawn.labels, drawn.shown, strict=True) if w != s]
        cut += drawn.cut
    told = {*slide.notes}
    whole = [say(language, "slides_whole", text=text) for text in cut]
    kept = [line for line, text in zip(whole, cut, strict=True) if text not in told]
    above = _head(slide, frame) if slide.chart is not None else ()
    notes = (*slide.notes, *dict.fromkeys(kept))
    return Laid(slide, (*texts, *above), frame, drawn, notes)


def paged(slides: Sequence[Slide], deck: Deck, language: str) -> tuple[Slide, ...]:
    """Split slides of text that hold more than one slide can.

    Parameters
    ----------
    slides : sequence of Slide
        All slides.
    deck : Deck
        The deck, with its room.
    language : str
        Language of the titles.

    Returns
    -------
    tuple of Slide
        The same, with long texts on several slides.
    """
    made: list[Slide] = []
    for slide in slides:
        if slide.kind != "text":
            made.append(slide)
            continue
        size = _METHODS if len(slide.points) > _LONG else _POINTS
        pages = _pages(slide.points, deck.area, size)
        for number, points in enumerate(pages, start=1):
            key = slide.key if number == 1 else f"{slide.key}~{number}"
            title = slide.title
            if len(pages) > 1:
                values = {"number": number, "parts": len(pages)}
                title = say(language, "slides_part", title=title, **values)
            page = replace(slide, key=key, title=title, points=points, size=size)
            made.append(page)
    return tuple(made)


def _pages(points: Sequence[str], area: Box, size: float) -> list[tuple[str, ...]]:
    """Fill slides with paragraphs."""
    pages: list[list[str]] = [[]]
    for point in points:
        lines = [line_count(one, area[2] - 0.3, size) for one in (*pages[-1], point)]
        if pages[-1] and needed(lines, size, spaced=True) > area[3]:
            pages.append([])
        pages[-1].append(point)
    return [tuple(page) for page in pages]


def _opening(slide: Slide, deck: Deck) -> tuple[Text, ...]:
    """Lay the first slide out."""
    wide = deck.width - 2 * deck.area[0]
    left = deck.area[0]
    title = fitted([slide.title], wide, 1.5, 40, bold=True)
    texts = [Text("title", (left, 2.0, wide, 1.6), title, "title", bold=True)]
    if slide.subtitle:
        box = (left, 3.7, wide, 0.9)
        texts.append(
            Text("subtitle", box, fitted([slide.subtitle], wide, 0.9, 22), "subTitle")
        )
    if slide.points:
        top = deck.height - 1.75
        box = (left, top, wide, 1.2)
        cautions = fitted(slide.points, wide, 1.2, 16)
        texts.append(Text("cautions", box, cautions, colour="muted", anchor="b"))
    return tuple(texts)


def _texts(slide: Slide, deck: Deck) -> tuple[Text, ...]:
    """Lay the texts of a slide out: title, question, points, foot."""
    left, top, wide, high = deck.area
    inner = deck.title_box[2] - (0.2 if deck.titled else 0.0)
    room = deck.title_box[3] - 0.08
    title = fitted([slide.title], inner, room, deck.title_size, bold=True)
    texts = [Text("title", deck.title_box, title, "title", bold=True, anchor="b")]
    if slide.subtitle:
        question = fitted([slide.subtitle], wide, _QUESTION_MOST, _QUESTION)
        lines = line_count(question.paragraphs[0], wide, question.size)
        box = (left, top, wide, lines * line_height(question.size) + 0.02)
        texts.append(Text("question", box, question, colour="muted"))
    if slide.points:
        points = fitted(slide.points, wide - 0.3, high, slide.size, spaced=True)
        texts.append(Text("text", deck.area, points, bullets=True))
    if slide.footer:
        foot = fitted(slide.footer, wide, _FOOTER_MOST, FLOOR)
        lines = sum(line_count(text, wide, FLOOR) for text in foot.paragraphs)
        tall = lines * line_height(FLOOR) + 0.02
        box = (left, top + high - tall, wide, tall)
        texts.append(Text("footer", box, foot, colour="muted", anchor="b"))
    return tuple(texts)


def _head(slide: Slide, frame: Box) -> tuple[Text, ...]:
    """Set the head above the texts at the right end of a chart."""
    words = head(slide.chart) if slide.chart is not None else ""
    if not words or slide.chart is None or slide.chart.kind in ("heat", "states"):
        return ()
    left = frame[0] + frame[2] - HEAD_WIDTH
    box = (left, frame[1], HEAD_WIDTH, HEAD_HEIGHT)
    set_ = fitted([words], HEAD_WIDTH, HEAD_HEIGHT, FLOOR)
    return (Text("head", box, set_, colour="muted", anchor="b", side="r"),)


def _frame(texts: Sequence[Text], deck: Deck) -> Box:
    """Give the room that texts leave for the figure."""
    left, top, wide, high = deck.area
    boxes = {text.role: text.box for text in texts}
    bottom = top + high
    if "question" in boxes:
        top = boxes["question"][1] + boxes["question"][3] + _GAP
    if "footer" in boxes:
        bottom = boxes["footer"][1] - _GAP
    return left, top, wide, bottom - top

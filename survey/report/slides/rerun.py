"""A former deck that a person has edited, with the numbers of this run.

Text that differs from what we wrote was edited, and stays. Numbers are always new.
"""

from collections.abc import Sequence
from copy import deepcopy
from typing import TYPE_CHECKING, Any

from survey.report.look import Look
from survey.report.slides.deck import Deck, placeholders, remove_slide
from survey.report.slides.drawing_xml import select
from survey.report.slides.figures import figure
from survey.report.slides.layout import Laid, Text
from survey.report.slides.marks import MARK, Marks, digest, shape_name
from survey.report.slides.plots import Plot
from survey.report.slides.recast import recast_chart, recast_table
from survey.report.slides.sections import mend_sections
from survey.report.slides.tables import Grid
from survey.report.slides.writing import marks_of, write_figure, write_slide
from survey.report.style import clean
from survey.report.wording import say

if TYPE_CHECKING:
    from pptx.slide import Slide as Written

_EMU = 914_400
_STALE = "stale"
_TEXTS = ("title", "subtitle", "cautions", "question", "text", "footer", "head")


def written_slides(deck: Deck, marks: Marks) -> "dict[str, list[Written]]":
    """Find the slides that we wrote, by the names of their shapes.

    Parameters
    ----------
    deck : Deck
        The former deck.
    marks : dict
        What was written then.

    Returns
    -------
    dict
        Slides by key; a person may have copied one.
    """
    found: dict[str, list[Written]] = {}
    rest = []
    for slide in deck.file.slides:
        key = _key(slide)
        if key:
            found.setdefault(key, []).append(slide)
        else:
            rest.append(slide)
    titles = {roles.get("title", "").partition(":")[0]: k for k, roles in marks.items()}
    for slide in rest:
        title = slide.shapes.title
        key = titles.get(digest(title.text_frame.text), "") if title is not None else ""
        if key and key not in found:
            found[key] = [slide]
    return found


def merge(
    deck: Deck, planned: Sequence[Laid], marks: Marks, look: Look, language: str
) -> Marks:
    """Bring a former deck up to date.

    Parameters
    ----------
    deck : Deck
        The former deck; it is changed.
    planned : sequence of Laid
        The slides of this run.
    marks : dict
        What the former run wrote.
    look : Look
        Colours of the house.
    language : str
        Language of the notes.

    Returns
    -------
    dict
        What is written now: of texts that a person edited, what we wrote before.
    """
    found = written_slides(deck, marks)
    kept: Marks = {}
    before: Any = None
    for laid in planned:
        key = laid.slide.key
        former = marks.get(key, {})
        if key in found:
            for slide in found[key]:
                kept[key] = _updated(slide, laid, former, look, language)
            before = _entry(deck, found[key][0])
        elif key in marks:
            kept[key] = former
        else:
            before = _added(deck, laid, before)
            kept[key] = marks_of(laid)
    keys = {laid.slide.key for laid in planned}
    for key in [key for key in dict.fromkeys((*found, *marks)) if key not in keys]:
        kept |= _gone(deck, key, found.get(key, []), marks.get(key, {}), language)
    mend_sections(deck.file)
    return kept


def _gone(
    deck: Deck, key: str, slides: "Sequence[Written]", marks: dict[str, str], lang: str
) -> Marks:
    """Remove the slides of a figure that is gone, unless a person changed them."""
    still = not slides
    for slide in slides:
        if marks and not _changed(slide, key, marks):
            remove_slide(deck.file, _entry(deck, slide))
            continue
        still = True
        if _STALE not in marks:
            _add_note(slide, say(lang, "slides_stale"))
    return {key: {**marks, _STALE: "1"} if slides else marks} if still else {}


def _changed(slide: "Written", key: str, marks: dict[str, str]) -> bool:
    """Say whether a person changed what stands on a slide."""
    names = {shape.name for shape in slide.shapes if not shape.is_placeholder}
    if any(not name.startswith(f"{MARK}/") for name in names):
        return True
    for role in _TEXTS:
        shape = _text_shape(slide, key, role)
        known = marks.get(role, "").partition(":")[0]
        if known and (shape is None or digest(shape.text_frame.text) != known):
            return True
    notes = digest(_notes(slide))
    return "notes" in marks and marks["notes"] != notes


def _updated(
    slide: "Written", laid: Laid, marks: dict[str, str], look: Look, language: str
) -> dict[str, str]:
    """Bring one slide up to date."""
    key = laid.slide.key
    now = {role: value for role, value in marks_of(laid).items() if role != _STALE}
    made = {text.role: text for text in laid.texts}
    for role in _TEXTS:
        shape = _text_shape(slide, key, role)
        known, _, size = marks.get(role, "").partition(":")
        ours = shape is not None and digest(shape.text_frame.text) == known
        if ours and role in made:
            _set_text(shape, made[role], size)
        elif ours:
            shape.element.getparent().remove(shape.element)
        elif role in marks or role in now:
            now[role] = marks.get(role, "edited")
    _update_notes(slide, laid, marks, now)
    _update_figure(slide, laid, marks, now, look)
    if now.get("table") != marks_of(laid).get("table"):
        _add_note(slide, say(language, "slides_stale_table"))
    return now


def _update_notes(
    slide: "Written", laid: Laid, marks: dict[str, str], now: dict[str, str]
) -> None:
    """Write new notes, unless a person edited them."""
    known = marks.get("notes", digest(""))
    if digest(_notes(slide)) != known:
        now["notes"] = known
    elif laid.notes or _notes(slide):
        frame = slide.notes_slide.notes_text_frame
        if frame is not None:
            frame.text = "\n".join(clean(line) for line in laid.notes)


def _update_figure(
    slide: "Written", laid: Laid, marks: dict[str, str], now: dict[str, str], look: Look
) -> None:
    """Give the chart or table of a slide the numbers of this run."""
    chart = _named(slide, laid.slide.key, "chart")
    table = _named(slide, laid.slide.key, "table")
    old = chart if chart is not None else table
    if old is None:
        return
    plain = old.element.nvGraphicFramePr.cNvPr
    if not plain.get("descr") or digest(plain.get("descr")) == marks.get("alt"):
        plain.set("descr", laid.alt)
    box = tuple(side / _EMU for side in (old.left, old.top, old.width, old.height))
    here = figure(laid.slide, box, look)
    if isinstance(here, Plot) and getattr(chart, "has_chart", False):
        recast_chart(chart.chart.part, here, look)
    elif isinstance(laid.figure, Grid) and getattr(table, "has_table", False):
        words = " ".join(cell.text for cell in table.table.iter_cells())
        if digest(words) != marks.get("table"):
            now["table"] = marks.get("table", "edited")
        elif laid.slide.chart or not recast_table(table.table, laid.figure):
            _replaced(slide, old, laid)
    else:
        _replaced(slide, old, laid)


def _replaced(slide: "Written", old: Any, laid: Laid) -> None:
    """Put a new figure where the old one stood."""
    left, top = old.left, old.top
    old.element.getparent().remove(old.element)
    write_figure(slide, laid)
    for role in ("chart", "table"):
        shape = _named(slide, laid.slide.key, role)
        if shape is not None:
            shape.left, shape.top = left, top


def _set_text(shape: Any, text: Text, size: str) -> None:
    """Set new paragraphs in the look of the old ones."""
    body = shape.text_frame._txBody  # noqa: SLF001 - no other way
    form = select(body, "./a:p/a:pPr")[:1]
    look = select(body, "./a:p/a:r/a:rPr")[:1]
    for paragraph in select(body, "./a:p"):
        body.remove(paragraph)
    for words in text.set.paragraphs:
        paragraph = shape.text_frame._txBody.add_p()  # noqa: SLF001 - no other way
        for one in form:
            paragraph.insert(0, deepcopy(one))
        run = paragraph.add_r(words)
        for one in look:
            run.insert(0, _sized(deepcopy(one), text, size))


def _sized(look: Any, text: Text, size: str) -> Any:
    """Give letters the new size, if they have the one that we gave them."""
    if size and look.get("sz") == str(round(float(size) * 100)):
        look.set("sz", str(round(text.set.size * 100)))
    return look


def _added(deck: Deck, laid: Laid, before: Any) -> Any:
    """Add a slide behind the one that comes before it."""
    entry = _entry(deck, write_slide(deck, laid))
    if before is None:
        entry.getparent().insert(0, entry)
    else:
        before.addnext(entry)
    return entry


def _entry(deck: Deck, slide: "Written") -> Any:
    """Find a slide in the list of slides."""
    entries = deck.file.slides._sldIdLst  # noqa: SLF001 - no other way
    return next(entry for entry in entries if entry.id == slide.slide_id)


def _key(slide: "Written") -> str:
    """Find the key of a slide that we wrote."""
    for shape in slide.shapes:
        mark, _, rest = shape.name.partition("/")
        key = rest.rpartition("/")[0]
        if mark == MARK and key:
            return key
    return ""


def _text_shape(slide: "Written", key: str, role: str) -> Any:
    """Find the shape of a text; LibreOffice forgets the names of placeholders."""
    found = _named(slide, key, role)
    kinds = placeholders(slide)
    if found is None and role == "title":
        found = kinds.get("title", kinds.get("ctrTitle"))
    if found is None and role == "subtitle":
        found = kinds.get("subTitle")
    return found if found is not None and found.has_text_frame else None


def _named(slide: "Written", key: str, role: str) -> Any:
    """Find a shape by its name."""
    name = shape_name(key, role)
    return next((shape for shape in slide.shapes if shape.name == name), None)


def _notes(slide: "Written") -> str:
    """Give the notes of a slide."""
    frame = slide.notes_slide.notes_text_frame if slide.has_notes_slide else None
    return frame.text if frame is not None else ""


def _add_note(slide: "Written", text: str) -> None:
    """Put a sentence at the end of the notes, once."""
    frame = slide.notes_slide.notes_text_frame
    if frame is not None and digest(text) not in map(digest, frame.text.splitlines()):
        frame.text = f"{frame.text}\n{text}" if frame.text else text

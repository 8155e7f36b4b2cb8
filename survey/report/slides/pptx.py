"""A report as slides of PowerPoint: one finding per slide, charts that can be edited.

The same report gives the same bytes, and a hidden number is nowhere in the file.
"""

from datetime import datetime
from io import BytesIO
from typing import TYPE_CHECKING, Final

from survey.errors import OutputError
from survey.report.document import Report
from survey.report.slides.archive import digest, packed
from survey.report.slides.deck import Deck, deck, opened, template_deck
from survey.report.slides.layout import Laid, laid_out, paged
from survey.report.slides.marks import PART, Marks, read_marks, write_marks
from survey.report.slides.own_deck import own_deck
from survey.report.slides.plan import slides
from survey.report.slides.rerun import merge, written_slides
from survey.report.slides.sections import write_sections
from survey.report.slides.writing import marks_of, write_slide
from survey.report.style import clean

if TYPE_CHECKING:
    from pptx.presentation import Presentation

# A fixed date, because the same report has to give the same bytes.
_DATE: Final = datetime(2000, 1, 1)  # noqa: DTZ001 - files of Office know no time zone


def pptx(
    report: Report, *, template: bytes | None = None, former: bytes | None = None
) -> bytes:
    """Write a report as slides that can be edited.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.
    template : bytes, optional
        The user's own .pptx or .potx: its masters, layouts, typefaces and colours of
        texts are used, its slides are not.
    former : bytes, optional
        The deck of an earlier run, which a person may have edited since.

    Returns
    -------
    bytes
        A PPTX file. The same report, template and former deck give the same bytes; a
        former deck that nobody has edited counts as none.

    Raises
    ------
    OutputError
        The template or the former deck cannot be used.

    Notes
    -----
    In a former deck that was edited, numbers are replaced, and text that differs
    from what was written is kept, as are sizes, places, colours of series and the
    order of slides. Slides that the person added stay; slides that the person
    removed stay away. A new figure comes in behind the one before it. The slide of
    a figure that is gone is removed, unless its text was changed or something was
    added: then it stays, and its notes say that it is no longer updated. Such a deck
    keeps its own masters, whatever template is given.
    """
    if former is None:
        return fresh(report, template)
    advice = "Move it away and run again; it was left as it is."
    file = opened(former, "The slides.pptx of the former run", advice)
    marks, whole = read_marks(file)
    if whole and whole == digest(former, PART):
        return fresh(report, template)
    room = deck(file)
    if not marks and not written_slides(room, marks):
        raise OutputError(f"The slides.pptx that stands there is not ours. {advice}")
    kept = merge(room, planned(report, room), marks, report.look, report.language)
    return saved(report, file, kept, whole=False)


def fresh(report: Report, template: bytes | None) -> bytes:
    """Make a deck that knows of no former one."""
    file = template_deck(template) if template else own_deck(report.look)
    room = deck(file)
    marks: Marks = {}
    names: list[str] = []
    for laid in planned(report, room):
        write_slide(room, laid)
        marks[laid.slide.key] = marks_of(laid)
        names.append(laid.slide.section)
    write_sections(file, names)
    return saved(report, file, marks, whole=True)


def planned(report: Report, room: Deck) -> list[Laid]:
    """Lay all slides out; a table that does not fit is left to the workbook."""
    pages = paged(slides(report), room, report.language)
    laid = [laid_out(page, room, report.look, report.language) for page in pages]
    return [one for one in laid if one.slide.kind != "table" or one.figure]


def saved(report: Report, file: "Presentation", marks: Marks, *, whole: bool) -> bytes:
    """Save a deck without times, and mark it as ours."""
    properties = file.core_properties
    properties.title = clean(report.title)[:250]
    properties.author = "genai-survey"
    properties.last_modified_by = "genai-survey"
    properties.comments = ""
    properties.created = properties.modified = _DATE
    properties.revision = 1
    write_marks(file, marks)
    stream = BytesIO()
    file.save(stream)
    if whole:
        write_marks(file, marks, digest(stream.getvalue(), PART))
        stream = BytesIO()
        file.save(stream)
    return packed(stream.getvalue())

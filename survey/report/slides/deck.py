"""The deck that slides are put in: its layouts, and the room that they leave.

Layouts are found by the placeholders that they have, never by their names.
"""

from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from survey.errors import OutputError
from survey.report import style
from survey.report.slides.archive import presentation
from survey.report.slides.drawing_xml import select

if TYPE_CHECKING:
    from pptx.presentation import Presentation
    from pptx.slide import SlideLayout

_EMU: Final = 914_400
_ADVICE: Final = "Give a .pptx or .potx of PowerPoint 2007 or later."
TITLE_BOX: Final = (style.MARGIN, 0.35, style.WIDTH - 2 * style.MARGIN, 0.95)
_LOWEST_TITLE: Final = 0.45
_FEET: Final = ("ftr", "sldNum", "dt")
TITLES: Final = ("title", "ctrTitle")

Box = tuple[float, float, float, float]


@dataclass(frozen=True, slots=True)
class Deck:
    """A deck under way: its file, its layouts, and where things stand.

    Boxes are left, top, width and height in inches. `titled` is False where the
    layout has no title that could be used.
    """

    file: "Presentation"
    first: "SlideLayout"
    body: "SlideLayout"
    title_box: Box
    titled: bool
    title_size: float
    area: Box
    width: float
    height: float


def template_deck(template: bytes) -> "Presentation":
    """Open a template and take its example slides out.

    Parameters
    ----------
    template : bytes
        A .pptx or .potx.

    Returns
    -------
    Presentation
        Masters, layouts and theme, and no slide.

    Raises
    ------
    OutputError
        It cannot be used.
    """
    file = opened(template, "The template", _ADVICE)
    for entry in list(file.slides._sldIdLst):  # noqa: SLF001 - no other way
        remove_slide(file, entry)
    for name in ("p:custShowLst", "p:extLst"):
        for element in select(file.element, name):
            file.element.remove(element)
    return file


def opened(content: bytes, name: str, advice: str) -> "Presentation":
    """Open a file of PowerPoint.

    Parameters
    ----------
    content : bytes
        The file.
    name : str
        What it is to the user.
    advice : str
        What to do where it cannot be opened.

    Returns
    -------
    Presentation
        With at least one layout.

    Raises
    ------
    OutputError
        It cannot be opened, or has no layouts.
    """
    import pptx
    from pptx.opc.constants import RELATIONSHIP_TYPE

    safe = presentation(content, name, advice)
    try:
        file = pptx.Presentation(BytesIO(safe))
        layouts = [layout for m in file.slide_masters for layout in m.slide_layouts]
    except Exception as why:
        reason = f"{name} cannot be read as a PowerPoint file. {advice}"
        raise OutputError(reason) from why
    if not layouts:
        raise OutputError(f"{name} has no slide layouts. {advice}")
    # LibreOffice relates the properties under a name that the library does not know,
    # so that it would write them twice.
    known = RELATIONSHIP_TYPE.CORE_PROPERTIES
    _drop(file, lambda kind: kind.endswith("/core-properties") and kind != known)
    without_thumbnail(file)
    return file


def remove_slide(file: "Presentation", entry: Any) -> None:
    """Take a slide out of a deck, with everything that belongs to it alone.

    Parameters
    ----------
    file : Presentation
        The deck.
    entry : element
        Its entry in the list of slides.
    """
    file.part.drop_rel(entry.rId)
    entry.getparent().remove(entry)


def deck(file: "Presentation") -> Deck:
    """Find layouts and room of a deck.

    Parameters
    ----------
    file : Presentation
        The deck.

    Returns
    -------
    Deck
        Ready for slides.
    """
    layouts = [layout for m in file.slide_masters for layout in m.slide_layouts]
    width, height = (file.slide_width or 0) / _EMU, (file.slide_height or 0) / _EMU
    body = min(layouts, key=_body_rank)
    box = _title_box(body, width, height)
    used = box or (
        style.MARGIN,
        TITLE_BOX[1],
        width - 2 * style.MARGIN,
        TITLE_BOX[3],
    )
    top = used[1] + used[3] + 0.05
    bottom = min([height - 0.3, *_feet(body, height)])
    area = (used[0], top, used[2], bottom - top)
    size = _title_size(body) if box else style.TITLE_SIZE
    first = min(layouts, key=_first_rank)
    return Deck(file, first, body, used, box is not None, size, area, width, height)


def placeholders(holder: Any) -> dict[str, Any]:
    """Give the placeholders of a layout or a slide by kind.

    Parameters
    ----------
    holder : SlideLayout or Slide
        What has placeholders.

    Returns
    -------
    dict
        Kind as in the file (``title``, ``body``, ``sldNum``) to placeholder; of
        several of one kind the first.
    """
    found: dict[str, Any] = {}
    for shape in holder.placeholders:
        found.setdefault(shape.element.ph.get("type", "obj"), shape)
    return found


def _body_rank(layout: "SlideLayout") -> tuple[bool, bool, int]:
    """Rank a layout for slides: one with a title and little else comes first."""
    kinds = placeholders(layout)
    others = len(kinds) - sum(kind in kinds for kind in (*_FEET, "title"))
    named = layout._element.get("type") == "titleOnly"  # noqa: SLF001 - no other way
    return "title" not in kinds, not named, others


def _first_rank(layout: "SlideLayout") -> tuple[bool, bool, bool]:
    """Rank a layout for the first slide: a title with a subtitle comes first."""
    kinds = placeholders(layout)
    no_title = not any(kind in kinds for kind in TITLES)
    return no_title, "subTitle" not in kinds, "ctrTitle" not in kinds


def _title_box(layout: "SlideLayout", width: float, height: float) -> Box | None:
    """Find where a layout has its title, if it stands across the top."""
    shape = placeholders(layout).get("title")
    if shape is None or not shape.width or not shape.height:
        return None
    box = (
        shape.left / _EMU,
        shape.top / _EMU,
        shape.width / _EMU,
        shape.height / _EMU,
    )
    across = box[2] >= width / 2
    return box if across and box[1] + box[3] <= height * _LOWEST_TITLE else None


def _feet(layout: "SlideLayout", height: float) -> list[float]:
    """Find where the foot of a layout begins."""
    kinds = placeholders(layout)
    tops = [kinds[kind].top / _EMU for kind in _FEET if kind in kinds]
    return [top - 0.05 for top in tops if top > height * 0.8]


def _title_size(layout: "SlideLayout") -> float:
    """Find the type size of the titles of a layout, in points."""
    path = "./p:txBody/a:lstStyle/a:lvl1pPr/a:defRPr/@sz"
    master: Any = layout.slide_master
    own = select(placeholders(layout)["title"].element, path)
    above = [select(s.element, path) for s in master.placeholders if _is_title(s)]
    styles = select(master.element, "./p:txStyles/p:titleStyle/a:lvl1pPr/a:defRPr/@sz")
    for found in (own, *above, styles):
        if found:
            return int(found[0]) / 100
    return style.TITLE_SIZE


def _is_title(shape: Any) -> bool:
    """Say whether a placeholder is a title."""
    return shape.element.ph.get("type") in TITLES


def without_thumbnail(file: "Presentation") -> None:
    """Take out the picture of the first slide, which would show another one.

    Parameters
    ----------
    file : Presentation
        Any deck.
    """
    _drop(file, lambda kind: kind.endswith("/thumbnail"))


def _drop(file: "Presentation", unwanted: Callable[[str], bool]) -> None:
    """Take parts out that belong to the whole file."""
    package = file.part.package
    for name, relation in list(package._rels.items()):  # noqa: SLF001 - no other way
        if unwanted(relation.reltype):
            package.drop_rel(name)

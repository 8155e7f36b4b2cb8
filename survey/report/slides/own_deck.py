"""Our own deck: three layouts in the look of a house, 16:9."""

import re
from typing import TYPE_CHECKING, Any, Final

from survey.report import style
from survey.report.look import Look
from survey.report.slides.deck import TITLE_BOX, TITLES, without_thumbnail
from survey.report.slides.drawing_xml import emu, select
from survey.report.slides.logo import put_logo

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_OFFICE_FONT: Final = "Calibri"
_THEME: Final = {
    "dk1": "ink",
    "lt1": "paper",
    "dk2": "muted",
    "lt2": "dont_know",
    "accent1": "main",
    "accent2": "open",
    "accent3": "proprietary",
    "accent4": "net",
    "accent5": "total",
    "accent6": "reference",
    "hlink": "accent",
    "folHlink": "muted",
}


def own_deck(look: Look) -> "Presentation":
    """Make an empty deck in the look of a house, 16:9.

    Parameters
    ----------
    look : Look
        Colours, fonts and logo.

    Returns
    -------
    Presentation
        With three layouts: title, title and content, title only.
    """
    import pptx
    from pptx.util import Emu

    file = pptx.Presentation()
    file.slide_width = Emu(emu(style.WIDTH))
    file.slide_height = Emu(emu(style.HEIGHT))
    kept = ("title", "obj", "titleOnly")
    for layout in list(file.slide_layouts):
        if layout._element.get("type") not in kept:  # noqa: SLF001 - no other way
            file.slide_layouts.remove(layout)
    _themed(file, look)
    _set_out(file)
    put_logo(file, look)
    without_thumbnail(file)
    return file


def _themed(file: "Presentation", look: Look) -> None:
    """Give the theme the colours and the typeface of a house."""
    from pptx.opc.constants import RELATIONSHIP_TYPE

    part = file.slide_master.part.part_related_by(RELATIONSHIP_TYPE.THEME)
    theme = part.blob.decode()
    for name, role in _THEME.items():
        code = look.colour(role)[1:]
        inner = f'<a:{name}><a:srgbClr val="{code}"/></a:{name}>'
        theme = re.sub(rf"<a:{name}>.*?</a:{name}>", inner, theme, flags=re.DOTALL)
    # Our own typeface is on few machines; every PowerPoint has one that is as narrow.
    family = _OFFICE_FONT if look.families == style.FAMILIES else look.families[0]
    plain = re.sub(r"[<>&\"]", "", family)
    theme = re.sub(r'<a:latin typeface="[^"]*"', f'<a:latin typeface="{plain}"', theme)
    part._blob = theme.encode()  # noqa: SLF001 - the library has no themes


def _set_out(file: "Presentation") -> None:
    """Place titles and feet of our own deck on a wide slide."""
    master = file.slide_master
    for holder in (master, *file.slide_layouts):
        for shape in holder.placeholders:
            _set_out_one(shape, holder is master)
    for title in select(master.element, "./p:txStyles/p:titleStyle/a:lvl1pPr"):
        title.set("algn", "l")
        for letters in select(title, "./a:defRPr"):
            letters.set("sz", str(round(style.TITLE_SIZE * 100)))
            letters.set("b", "1")


def _set_out_one(shape: Any, master: bool) -> None:  # noqa: FBT001 - who holds it
    """Place one placeholder."""
    wide = style.WIDTH - 2 * style.MARGIN
    foot = style.HEIGHT - 0.45
    boxes = {
        "title": TITLE_BOX,
        "ctrTitle": (style.MARGIN, 2.0, wide, 1.6),
        "subTitle": (style.MARGIN, 3.7, wide, 1.1),
        "body": (style.MARGIN, 1.4, wide, 5.4),
        "obj": (style.MARGIN, 1.4, wide, 5.4),
        "dt": (style.MARGIN, foot, 2.5, 0.3),
        "ftr": (4.0, foot, 5.3, 0.3),
        "sldNum": (style.WIDTH - style.MARGIN - 1.5, foot, 1.5, 0.3),
    }
    kind = shape.element.ph.get("type", "obj")
    if kind not in boxes or not (master or kind in ("ctrTitle", "subTitle")):
        for own in select(shape.element, "./p:spPr/a:xfrm"):
            own.getparent().remove(own)
        return
    shape.left, shape.top, shape.width, shape.height = map(emu, boxes[kind])
    for body in select(shape.element, "./p:txBody/a:bodyPr"):
        body.set("lIns", "0")
        body.set("rIns", "0")
        if kind in TITLES:
            body.set("anchor", "b")
    if kind == "subTitle":
        for level in select(shape.element, "./p:txBody/a:lstStyle/a:lvl1pPr"):
            level.set("algn", "l")

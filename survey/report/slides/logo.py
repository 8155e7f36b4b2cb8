"""The logo of a house on our own deck: small at the foot, larger on the first slide.

A template brings its own.
"""

from io import BytesIO
from typing import TYPE_CHECKING, Any, Final

from survey.report import style
from survey.report.look import Look
from survey.report.slides.drawing_xml import NAMESPACES, emu

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_FOOT: Final = (style.MARGIN, style.HEIGHT - 0.45, 2.2, 0.3)
_FIRST: Final = (style.MARGIN, 0.6, 3.6, 0.9)
_SVG_PAGE: Final = (
    "#set page(width: auto, height: auto, margin: 0pt, fill: none)\n"
    '#image(bytes(({})), format: "svg", height: 1in)'
)


def put_logo(file: "Presentation", look: Look) -> None:
    """Put a logo on the master and on the layout of the first slide.

    Parameters
    ----------
    file : Presentation
        Our own deck.
    look : Look
        With or without a logo.
    """
    if not look.logo:
        return
    picture = look.logo if look.logo_kind == "png" else _drawn(look.logo)
    _put(file.slide_master, picture, _FOOT)
    for layout in file.slide_layouts:
        if layout._element.get("type") == "title":  # noqa: SLF001 - no other way
            layout._element.set("showMasterSp", "0")  # noqa: SLF001 - no other way
            _put(layout, picture, _FIRST)


def _drawn(svg: bytes) -> bytes:
    """Turn a drawing into a picture that every PowerPoint shows."""
    import typst

    inner = ",".join(str(byte) for byte in svg)
    made = typst.compile(_SVG_PAGE.format(inner).encode(), format="png", ppi=style.DPI)
    assert isinstance(made, bytes)
    return made


def _put(holder: Any, picture: bytes, box: tuple[float, float, float, float]) -> None:
    """Put a picture into a box, at its left, without stretching it."""
    from pptx.oxml import parse_xml

    part, relation = holder.part.get_or_add_image_part(BytesIO(picture))
    wide, high = part.image.size
    scale = min(box[2] / wide, box[3] / high)
    left, top, width, height = map(emu, (*box[:2], wide * scale, high * scale))
    number = max(int(n) for n in holder.element.xpath("//p:cNvPr/@id")) + 1
    holder.shapes._spTree.append(  # noqa: SLF001 - no other way
        parse_xml(
            f'<p:pic {NAMESPACES}><p:nvPicPr><p:cNvPr id="{number}" name="logo"/>'
            '<p:cNvPicPr><a:picLocks noChangeAspect="1"/></p:cNvPicPr><p:nvPr/>'
            f'</p:nvPicPr><p:blipFill><a:blip r:embed="{relation}"/><a:stretch>'
            "<a:fillRect/></a:stretch></p:blipFill><p:spPr><a:xfrm>"
            f'<a:off x="{left}" y="{top}"/><a:ext cx="{width}" cy="{height}"/></a:xfrm>'
            '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom></p:spPr></p:pic>'
        )
    )

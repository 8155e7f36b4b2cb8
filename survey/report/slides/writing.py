"""One slide as shapes: text boxes, a native chart or table, notes.

Every shape has a name under which the next run finds it.
"""

from typing import TYPE_CHECKING, Any

from survey.report.slides.chart_xml import chart_xml
from survey.report.slides.deck import Deck, placeholders
from survey.report.slides.drawing_xml import NAMESPACES, emu, escaped, fill, select
from survey.report.slides.layout import Laid, Text
from survey.report.slides.marks import digest, shape_name
from survey.report.slides.plots import Plot
from survey.report.slides.tables import Grid, table_xml
from survey.report.slides.workbook import workbook
from survey.report.style import clean

if TYPE_CHECKING:
    from pptx.parts.chart import ChartPart
    from pptx.slide import Slide as Written

_CHART = "http://schemas.openxmlformats.org/drawingml/2006/chart"


def write_slide(deck: Deck, laid: Laid) -> "Written":
    """Add a slide to a deck.

    Parameters
    ----------
    deck : Deck
        The deck.
    laid : Laid
        The slide.

    Returns
    -------
    Slide
        The slide as the library has it.
    """
    layout = deck.first if laid.slide.kind == "title" else deck.body
    written: Written = deck.file.slides.add_slide(layout)
    written._element.cSld.set("name", shape_name(laid.slide.key, "slide"))  # noqa: SLF001 - no other way
    for text in laid.texts:
        _write_text(deck, written, laid.slide.key, text)
    _without_empty(written)
    write_figure(written, laid)
    if laid.slide.kind != "title":
        _write_number(written, layout)
    write_notes(written, laid)
    return written


def marks_of(laid: Laid) -> dict[str, str]:
    """Give the digests of all texts of a slide.

    Parameters
    ----------
    laid : Laid
        The slide.

    Returns
    -------
    dict
        Digest by role; a text has its type size behind it.
    """
    marks = {
        text.role: f"{digest(' '.join(text.set.paragraphs))}:{text.set.size:g}"
        for text in laid.texts
    }
    if laid.notes:
        marks["notes"] = digest(" ".join(laid.notes))
    if isinstance(laid.figure, Grid):
        words = (cell.text for row in laid.figure.cells for cell in row)
        marks["table"] = digest(" ".join(words))
    if laid.figure is not None:
        marks["alt"] = digest(laid.alt)
    return marks


def write_figure(written: "Written", laid: Laid) -> None:
    """Put the chart or the table on a slide.

    Parameters
    ----------
    written : Slide
        The slide as the library has it.
    laid : Laid
        What stands on it.
    """
    number = _next(written)
    if isinstance(laid.figure, Grid):
        name = shape_name(laid.slide.key, "table")
        inner = table_xml(laid.figure, laid.frame, number, name, laid.alt)
        _append(written, "graphicFrame", inner)
    elif isinstance(laid.figure, Plot):
        _write_chart(written, laid, laid.figure, number)


def write_notes(written: "Written", laid: Laid) -> None:
    """Write the notes of a slide.

    Parameters
    ----------
    written : Slide
        The slide as the library has it.
    laid : Laid
        What stands on it.
    """
    if laid.notes:
        frame = written.notes_slide.notes_text_frame
        if frame is not None:
            frame.text = "\n".join(clean(line) for line in laid.notes)


def paragraphs_xml(text: Text, *, own: bool) -> str:
    """Write the paragraphs of a text.

    Parameters
    ----------
    text : Text
        What is set.
    own : bool
        Whether its size and colour are ours; a placeholder has its own.

    Returns
    -------
    str
        XML without namespaces.
    """
    form = (
        '<a:pPr marL="228600" indent="-228600"><a:spcAft><a:spcPct val="45000"/>'
        '</a:spcAft><a:buFont typeface="Arial"/><a:buChar char="\u2022"/></a:pPr>'
        if text.bullets
        else f'<a:pPr algn="{text.side}"/>'
        if own
        else ""
    )
    size = f' sz="{round(text.set.size * 100)}"'
    colour = fill(text.colour) if own else ""
    look = f"<a:rPr{size}>{colour}</a:rPr>"
    return "".join(
        f"<a:p>{form}<a:r>{look}<a:t>{escaped(paragraph)}</a:t></a:r></a:p>"
        for paragraph in text.set.paragraphs
    )


def _write_text(deck: Deck, written: "Written", key: str, text: Text) -> None:
    """Set a text in its placeholder, or in a box of its own."""
    holder = _holder(deck, written, text)
    if holder is None:
        _append(
            written, "sp", _box_xml(text, _next(written), shape_name(key, text.role))
        )
        return
    holder.name = shape_name(key, text.role)
    body = holder.element.txBody
    for paragraph in body.p_lst:
        body.remove(paragraph)
    for paragraph in _parsed("holder", paragraphs_xml(text, own=False)):
        body.append(paragraph)


def _holder(deck: Deck, written: "Written", text: Text) -> Any:
    """Find the placeholder of a text."""
    kinds = placeholders(written)
    if text.holder == "title":
        known = deck.titled or "ctrTitle" in kinds
        return kinds.get("title", kinds.get("ctrTitle")) if known else None
    return kinds.get(text.holder)


def _without_empty(written: "Written") -> None:
    """Take out placeholders that nothing was put in."""
    for shape in list(written.placeholders):
        if not shape.has_text_frame or not shape.text_frame.text:
            shape.element.getparent().remove(shape.element)


def _write_number(written: "Written", layout: Any) -> None:
    """Put a number on a slide whose layout has a place for numbers."""
    place = placeholders(layout).get("sldNum")
    if place is None:
        return
    number = _next(written)
    index = place.element.ph.get("idx", "12")
    inner = (
        f'<p:nvSpPr><p:cNvPr id="{number}" name="{shape_name("", "number")}"/>'
        '<p:cNvSpPr><a:spLocks noGrp="1"/></p:cNvSpPr><p:nvPr>'
        f'<p:ph type="sldNum" sz="quarter" idx="{index}"/></p:nvPr></p:nvSpPr><p:spPr/>'
        "<p:txBody><a:bodyPr/><a:lstStyle/><a:p>"
        '<a:fld id="{B6F15528-21DE-4FAA-801E-634DDDAF4B2B}" type="slidenum"><a:rPr/>'
        "<a:t>\u2039#\u203a</a:t></a:fld></a:p></p:txBody>"
    )
    _append(written, "sp", inner)


def _write_chart(written: "Written", laid: Laid, plot: Plot, number: int) -> None:
    """Put a native chart on a slide."""
    relation = written.part.relate_to(
        chart_part(written, plot),
        "http://schemas.openxmlformats.org/officeDocument/2006/relationships/chart",
    )
    left, top, wide, high = map(emu, laid.frame)
    name = shape_name(laid.slide.key, "chart")
    inner = (
        f'<p:nvGraphicFramePr><p:cNvPr id="{number}" name="{escaped(name)}" '
        f'descr="{escaped(laid.alt)}"/><p:cNvGraphicFramePr>'
        '<a:graphicFrameLocks noGrp="1"/></p:cNvGraphicFramePr><p:nvPr/>'
        f'</p:nvGraphicFramePr><p:xfrm><a:off x="{left}" y="{top}"/>'
        f'<a:ext cx="{wide}" cy="{high}"/></p:xfrm><a:graphic>'
        f'<a:graphicData uri="{_CHART}"><c:chart r:id="{relation}"/>'
        "</a:graphicData></a:graphic>"
    )
    _append(written, "graphicFrame", inner)


def chart_part(written: "Written", plot: Plot) -> "ChartPart":
    """Make the part of a chart with its workbook.

    Parameters
    ----------
    written : Slide
        A slide of the deck.
    plot : Plot
        The chart.

    Returns
    -------
    ChartPart
        Not yet related to the slide.
    """
    from pptx.opc.constants import CONTENT_TYPE
    from pptx.parts.chart import ChartPart

    package = written.part.package
    part: ChartPart = ChartPart.load(
        package.next_partname(ChartPart.partname_template),
        CONTENT_TYPE.DML_CHART,
        package,
        chart_xml(plot),
    )
    part._element.remove(select(part._element, "c:externalData")[0])  # noqa: SLF001 - the library makes its own
    part.chart_workbook.update_from_xlsx_blob(workbook(plot))
    return part


def _box_xml(text: Text, number: int, name: str) -> str:
    """Write a text box."""
    left, top, wide, high = map(emu, text.box)
    return (
        f'<p:nvSpPr><p:cNvPr id="{number}" name="{escaped(name)}"/>'
        '<p:cNvSpPr txBox="1"/><p:nvPr/></p:nvSpPr><p:spPr><a:xfrm>'
        f'<a:off x="{left}" y="{top}"/><a:ext cx="{wide}" cy="{high}"/></a:xfrm>'
        '<a:prstGeom prst="rect"><a:avLst/></a:prstGeom><a:noFill/></p:spPr>'
        f'<p:txBody><a:bodyPr wrap="square" lIns="0" tIns="0" rIns="0" bIns="0" '
        f'anchor="{text.anchor}"/><a:lstStyle/>{paragraphs_xml(text, own=True)}'
        "</p:txBody>"
    )


def _append(written: "Written", kind: str, inner: str) -> None:
    """Add a shape to a slide."""
    written.shapes._spTree.append(_parsed(kind, inner))  # noqa: SLF001 - no other way


def _parsed(kind: str, inner: str) -> Any:
    """Parse the XML of a shape."""
    from pptx.oxml import parse_xml

    return parse_xml(f"<p:{kind} {NAMESPACES}>{inner}</p:{kind}>")


def _next(written: "Written") -> int:
    """Give the next number of a shape."""
    numbers = select(written._element, "//@id[parent::p:cNvPr]")  # noqa: SLF001 - no other way
    return max([1, *(int(number) for number in numbers)]) + 1

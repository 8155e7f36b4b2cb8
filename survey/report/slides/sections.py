"""Sections of a deck, as the outline of PowerPoint shows them.

A section names its slides by number: a slide that is gone has to leave its section.
"""

from collections.abc import Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any, Final
from uuid import NAMESPACE_URL, uuid5

from survey.report.slides.drawing_xml import escaped
from survey.report.slides.marks import MARK

if TYPE_CHECKING:
    from pptx.presentation import Presentation

_P14: Final = "http://schemas.microsoft.com/office/powerpoint/2010/main"
_URI: Final = "{521415D9-36F7-43E2-AB2F-B90AF26B5E84}"
_MAIN: Final = "http://schemas.openxmlformats.org/presentationml/2006/main"


def write_sections(file: "Presentation", names: Sequence[str]) -> None:
    """Write the sections of a new deck.

    Parameters
    ----------
    file : Presentation
        The deck.
    names : sequence of str
        Section of every slide, in order; empty for none.
    """
    from pptx.oxml import parse_xml

    if not all(names):
        return
    ids = [entry.id for entry in file.slides._sldIdLst]  # noqa: SLF001 - no other way
    runs = groupby(zip(names, ids, strict=True), key=lambda pair: pair[0])
    inner = "".join(
        _section(number, name, [one for _, one in run])
        for number, (name, run) in enumerate(runs)
    )
    extension = parse_xml(
        f'<p:ext xmlns:p="{_MAIN}" uri="{_URI}"><p14:sectionLst xmlns:p14="{_P14}">'
        f"{inner}</p14:sectionLst></p:ext>"
    )
    found = file.element.find(f"{{{_MAIN}}}extLst")
    if found is None:
        found = parse_xml(f'<p:extLst xmlns:p="{_MAIN}"/>')
        file.element.append(found)
    found.append(extension)


def mend_sections(file: "Presentation") -> None:
    """Let sections name the slides that there are.

    A slide that no section names joins that of the slide before it.

    Parameters
    ----------
    file : Presentation
        A deck whose slides have changed.
    """
    lists = list(file.element.iter(f"{{{_P14}}}sldIdLst"))
    if not lists:
        return
    ids = [entry.id for entry in file.slides._sldIdLst]  # noqa: SLF001 - no other way
    places: dict[int, Any] = {}
    for listed in lists:
        for entry in list(listed):
            if int(entry.get("id")) in ids:
                places[int(entry.get("id"))] = entry
            else:
                listed.remove(entry)
    before = None
    for one in ids:
        if one not in places:
            places[one] = _joined(lists[0], before, one)
        before = places[one]


def _section(number: int, name: str, ids: Sequence[int]) -> str:
    """Write one section."""
    own = str(uuid5(NAMESPACE_URL, f"{MARK}/{number}/{name}")).upper()
    slides = "".join(f'<p14:sldId id="{one}"/>' for one in ids)
    return (
        f'<p14:section name="{escaped(name)}" id="{{{own}}}">'
        f"<p14:sldIdLst>{slides}</p14:sldIdLst></p14:section>"
    )


def _joined(first: Any, before: Any, one: int) -> Any:
    """Put a slide into the section of the slide before it."""
    from pptx.oxml import parse_xml

    entry = parse_xml(f'<p14:sldId xmlns:p14="{_P14}" id="{one}"/>')
    if before is None:
        first.insert(0, entry)
    else:
        before.addnext(entry)
    return entry

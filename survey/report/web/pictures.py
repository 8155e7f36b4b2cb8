"""Figures as part of the page: SVG of known elements and attributes, nothing else.

What is not known is left out, so that no figure can bring a script or a style.
"""

import re
from collections.abc import Iterator
from html import escape
from typing import TYPE_CHECKING, Final

from defusedxml.ElementTree import fromstring

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_ELEMENT: Final = re.compile(
    "svg|g|path|line|polyline|polygon|rect|circle|ellipse|text|tspan"
)
_ATTRIBUTE: Final = re.compile(
    "viewBox|d|points|transform|[xy][12]?|[cdr][xy]|r|width|height|opacity|"
    "(fill|stroke)(-opacity)?|stroke-(width|dasharray|linecap|linejoin)|"
    "font-(size|weight|style)|text-anchor|dominant-baseline"
)


def picture(svg: bytes, key: str, title: str, text: str) -> str:
    """Make a figure part of a page.

    Parameters
    ----------
    svg : bytes
        As `survey.report.charts.image` makes it for a page.
    key : str
        Id of the figure on the page; the ids in it begin with it.
    title, text : str
        What the figure is and what it shows, for people who cannot see it.

    Returns
    -------
    str
        An ``svg`` element with a title and a description; safe as it is.

    Examples
    --------
    >>> picture(b"<svg onload='x'><rect x='1'/></svg>", "f", "a", "b")[-45:]
    '<desc id="f-text">b</desc><rect x="1"/></svg>'
    """
    root = fromstring(svg)
    # The page gives the width, and the height follows.
    for name in ("width", "height"):
        root.attrib.pop(name, None)
    names = f'role="img" aria-labelledby="{key}-title" aria-describedby="{key}-text"'
    words = f'<title id="{key}-title">{escape(title)}</title>'
    words += f'<desc id="{key}-text">{escape(text)}</desc>'
    drawn = "".join(piece for child in root for piece in _write(child))
    return f"<svg{_attributes(root)} {names}>{words}{drawn}</svg>"


def _write(element: "Element") -> Iterator[str]:
    """Write an element and what is in it, as far as it is known."""
    name = _local(element.tag)
    if not _ELEMENT.fullmatch(name):
        return
    is_text = name in ("text", "tspan")
    yield f"<{name}{_attributes(element)}"
    if not is_text and len(element) == 0:
        yield "/>"
        return
    yield ">" + (escape(element.text or "", quote=False) if is_text else "")
    for child in element:
        yield from _write(child)
        yield escape(child.tail or "", quote=False) if is_text else ""
    yield f"</{name}>"


def _attributes(element: "Element") -> str:
    """Write the attributes that are known and point nowhere."""
    return "".join(
        f' {name}="{escape(value)}"'
        for name, value in element.attrib.items()
        if _ATTRIBUTE.fullmatch(name) and "url" not in value
    )


def _local(name: object) -> str:
    """Give the name of an element without its namespace."""
    return str(name).rpartition("}")[2]

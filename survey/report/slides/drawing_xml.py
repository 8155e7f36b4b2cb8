"""Small pieces of DrawingML: colours, lines and letters as XML.

Every text goes through `escaped`.
"""

import re
from functools import cache
from typing import Any, Final
from xml.sax.saxutils import escape

from survey.report.style import clean

NAMESPACES: Final = (
    'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships" '
    'xmlns:p="http://schemas.openxmlformats.org/presentationml/2006/main" '
    'xmlns:c="http://schemas.openxmlformats.org/drawingml/2006/chart"'
)
_EMU: Final = 914_400
_LINE: Final = 12_700


def escaped(text: str) -> str:
    """Escape a text for XML, also between quotes.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        On one line, without control characters.

    Examples
    --------
    >>> escaped('<a "b">')
    '&lt;a &quot;b&quot;&gt;'
    """
    return escape(clean(text), {'"': "&quot;"})


def emu(inches: float) -> int:
    """Give a length in the unit of Office.

    Parameters
    ----------
    inches : float
        A length.

    Returns
    -------
    int
        914,400 for an inch.
    """
    return round(inches * _EMU)


def fill(colour: str) -> str:
    """Fill with a colour.

    Parameters
    ----------
    colour : str
        ``#RRGGBB``, a colour of the theme, or empty for none.

    Returns
    -------
    str
        XML.

    Examples
    --------
    >>> fill("")
    '<a:noFill/>'
    """
    if not colour:
        return "<a:noFill/>"
    if colour.startswith("#"):
        return f'<a:solidFill><a:srgbClr val="{colour[1:]}"/></a:solidFill>'
    if colour == "muted":
        # The usual grey of Office; on a dark ground it stays light.
        tone = '<a:lumMod val="65000"/><a:lumOff val="35000"/>'
        inner = f'<a:schemeClr val="tx1">{tone}</a:schemeClr>'
        return f"<a:solidFill>{inner}</a:solidFill>"
    return f'<a:solidFill><a:schemeClr val="{colour}"/></a:solidFill>'


def line(colour: str, points: float = 1.0, dash: str = "") -> str:
    """Draw a line in a colour.

    Parameters
    ----------
    colour : str
        As for `fill`.
    points : float, default 1
        How thick.
    dash : str
        A pattern of Office; empty for none.

    Returns
    -------
    str
        XML.
    """
    pattern = f'<a:prstDash val="{dash}"/>' if dash else ""
    return f'<a:ln w="{round(points * _LINE)}">{fill(colour)}{pattern}<a:round/></a:ln>'


def letters(size: float, colour: str, *, bold: bool = False, name: str = "rPr") -> str:
    """Describe the letters of a text.

    Parameters
    ----------
    size : float
        Points; 0 leaves it to the layout.
    colour : str
        As for `fill`; empty leaves it to the layout.
    bold : bool, default False
        Whether they are bold.
    name : str, default "rPr"
        Name of the element.

    Returns
    -------
    str
        XML.
    """
    height = f' sz="{round(size * 100)}"' if size else ""
    weight = f' b="{int(bold)}"'
    inner = fill(colour) if colour else ""
    return f"<a:{name}{height}{weight}>{inner}</a:{name}>"


def select(element: Any, path: str) -> list[Any]:
    """Find parts of an element.

    Parameters
    ----------
    element : element
        Of a file of Office.
    path : str
        XPath with the prefixes ``a``, ``c``, ``p`` and ``r``.

    Returns
    -------
    list
        In the order of the file.
    """
    return list(_path(path)(element))


@cache
def _path(path: str) -> Any:
    """Read an XPath once."""
    from lxml import etree

    known = dict(re.findall(r'xmlns:(\w+)="([^"]+)"', NAMESPACES))
    return etree.XPath(path, namespaces=known)

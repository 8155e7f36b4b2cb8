"""What the former run wrote: digests of texts, kept among the properties of a file.

PowerPoint and LibreOffice keep these properties and the names of shapes; LibreOffice
loses the names of placeholders and of slides.
"""

import hashlib
from collections.abc import Mapping
from typing import TYPE_CHECKING, Any, Final

from survey.report.style import clean

if TYPE_CHECKING:
    from pptx.presentation import Presentation

MARK: Final = "genai-survey"
PART: Final = "docProps/custom.xml"
_WHOLE: Final = f"{MARK}-whole"
_TYPE: Final = "application/vnd.openxmlformats-officedocument.custom-properties+xml"
_RELATION: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/relationships/"
    "custom-properties"
)
_FORMAT: Final = "{D5CDD505-2E9C-101B-9397-08002B2CF9AE}"
_PROPERTIES: Final = (
    "http://schemas.openxmlformats.org/officeDocument/2006/custom-properties"
)
_VALUES: Final = "http://schemas.openxmlformats.org/officeDocument/2006/docPropsVTypes"
_EMPTY: Final = (
    f'<Properties xmlns="{_PROPERTIES}" xmlns:vt="{_VALUES}"></Properties>'.encode()
)
_DIGITS: Final = 10

Marks = dict[str, dict[str, str]]


def digest(text: str) -> str:
    r"""Give a short digest of a text, whatever its blanks and line breaks are.

    Parameters
    ----------
    text : str
        Any text.

    Returns
    -------
    str
        10 hexadecimal digits.

    Examples
    --------
    >>> digest("one two") == digest(" one\n two")
    True
    """
    plain = "".join(text.split()).replace("_x000B_", "")
    return hashlib.sha256(plain.encode()).hexdigest()[:_DIGITS]


def shape_name(key: str, role: str) -> str:
    """Give the name under which a shape is found again.

    Parameters
    ----------
    key : str
        Of the slide.
    role : str
        What the shape is on it.

    Returns
    -------
    str
        Such as ``genai-survey/stages/chart``.
    """
    return f"{MARK}/{key}/{role}"


def read_marks(file: "Presentation") -> tuple[Marks, str]:
    """Read what the former run wrote.

    Parameters
    ----------
    file : Presentation
        The former deck.

    Returns
    -------
    tuple
        Digests by slide and role, and the digest of the whole file, empty where
        there is none.
    """
    found = _existing(file)
    marks: Marks = {}
    for name, value in found.items():
        if name.startswith(f"{MARK}/"):
            pairs = (pair.partition("=") for pair in value.split(";") if pair)
            marks[name.removeprefix(f"{MARK}/")] = {role: d for role, _, d in pairs}
    return marks, found.get(_WHOLE, "")


def write_marks(
    file: "Presentation", marks: Mapping[str, Mapping[str, str]], whole: str = ""
) -> None:
    """Write down what this run wrote; properties of others stay.

    Parameters
    ----------
    file : Presentation
        The deck.
    marks : mapping
        Digests by slide and role.
    whole : str
        Digest of the whole file, for a deck that nobody has edited.
    """
    from pptx.opc.package import Part
    from pptx.opc.packuri import PackURI

    own = {
        f"{MARK}/{key}": ";".join(f"{role}={value}" for role, value in roles.items())
        for key, roles in marks.items()
    }
    part = _part(file)
    former = part.blob if part is not None else _EMPTY
    content = _with(former, {**own, **({_WHOLE: whole} if whole else {})})
    if part is not None:
        part._blob = content  # noqa: SLF001 - the library has no such properties
        return
    package = file.part.package
    made = Part(PackURI(f"/{PART}"), _TYPE, package, content)
    package.relate_to(made, _RELATION)


def _with(content: bytes, own: Mapping[str, str]) -> bytes:
    """Put our properties behind those of others."""
    from lxml import etree
    from pptx.oxml import parse_xml

    root = parse_xml(content)
    for entry in list(root):
        if str(entry.get("name")).startswith(MARK):
            root.remove(entry)
    first = max([1, *(int(entry.get("pid")) for entry in root)]) + 1
    for number, (name, value) in enumerate(own.items(), start=first):
        head = {"fmtid": _FORMAT, "pid": str(number), "name": clean(name)}
        entry = etree.SubElement(root, f"{{{_PROPERTIES}}}property", head)
        etree.SubElement(entry, f"{{{_VALUES}}}lpwstr").text = clean(value)
    written: bytes = etree.tostring(
        root, encoding="UTF-8", standalone=True, xml_declaration=True
    )
    return written


def _existing(file: "Presentation") -> dict[str, str]:
    """Read all properties of a file that are texts."""
    from pptx.oxml import parse_xml

    part = _part(file)
    if part is None:
        return {}
    return {
        str(entry.get("name")): "".join(entry.itertext())
        for entry in parse_xml(part.blob)
    }


def _part(file: "Presentation") -> Any:
    """Find the part of the properties."""
    try:
        return file.part.package.part_related_by(_RELATION)
    except KeyError:
        return None

"""Fonts and logo of a house: files beside its YAML, opened before anything is drawn.

A logo goes into pages that are opened in browsers, so an SVG may hold drawings only:
no scripts, and nothing that is fetched from elsewhere.
"""

import re
from collections.abc import Iterator, Sequence
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from survey.errors import StyleError
from survey.report import style
from survey.yaml_file import Key, YamlFile

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

MOST_LOGO_BYTES: Final = 2_000_000
_MOST_FONTS: Final = 2
_MOST_PIXELS: Final = 25_000_000
_PNG: Final = b"\x89PNG\r\n\x1a\n"
_SVG: Final = "{http://www.w3.org/2000/svg}"
_ACTIVE: Final = frozenset(
    {
        *("script", "handler", "foreignobject", "iframe", "object", "embed"),
        *("audio", "video", "set", "animate", "animatemotion", "animatetransform"),
    }
)
_INSIDE: Final = re.compile(r"#|data:image/(png|jpeg);base64,", re.IGNORECASE)
_ELSEWHERE: Final = re.compile(
    r"""@import|javascript:|url\(\s*["']?\s*(?!#|data:image/(?:png|jpeg);)""",
    re.IGNORECASE,
)


def read_fonts(
    source: YamlFile, given: Any, family: Any
) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Find the files of a typeface, and its name.

    Parameters
    ----------
    source : YamlFile
        The file, for its lines; files are relative to it.
    given : list or None
        What stands under ``fonts``: regular, and bold.
    family : str or None
        What stands under ``family``; the name in the font where there is none.

    Returns
    -------
    fonts : tuple of Path
        None, one or two files.
    families : tuple of str
        The typefaces by name, ours last.

    Raises
    ------
    StyleError
        A file is missing or no font, or the name is not that of the font.
    """
    if given is None:
        if family is not None:
            raise StyleError(
                f"{source.place(('family',))}: family {family!r} has no files. Name "
                "them: fonts: [regular.ttf, bold.ttf]."
            )
        return (), style.FAMILIES
    listed = given if isinstance(given, list) else [given]
    if not 1 <= len(listed) <= _MOST_FONTS:
        raise StyleError(
            f"{source.place(('fonts',))}: fonts lists {len(listed)} files. Name the "
            "regular one, and the bold one after it."
        )
    fonts = tuple(_beside(source, ("fonts", n), one) for n, one in enumerate(listed))
    names = {
        _family(source, ("fonts", n), path): path.name for n, path in enumerate(fonts)
    }
    if len(names) > 1 or (family is not None and family not in names):
        said = ", ".join(f"{file} is of {name!r}" for name, file in names.items())
        key: Key = ("fonts",) if family is None else ("family",)
        raise StyleError(
            f"{source.place(key)}: {said}. Name files of one family"
            + (
                "."
                if family is None
                else f", or write that name instead of {family!r}."
            )
        )
    return fonts, (*names, *style.FAMILIES)


def read_logo(source: YamlFile, given: Any) -> tuple[bytes, str]:
    """Read a logo, if there is one.

    Parameters
    ----------
    source : YamlFile
        The file, for its lines; the logo is relative to it.
    given : str or None
        What stands under ``logo``.

    Returns
    -------
    content : bytes
        PNG or SVG; empty for none.
    kind : {"", "png", "svg"}
        What it is.

    Raises
    ------
    StyleError
        It is missing, larger than 2 MB, neither PNG nor SVG, or not just a drawing.
    """
    if given is None:
        return b"", ""
    place = source.place(("logo",))
    path = _beside(source, ("logo",), given)
    size = path.stat().st_size
    if size > MOST_LOGO_BYTES:
        raise StyleError(
            f"{place}: logo {path.name} has {size / 1e6:.1f} MB, and 2 MB is the "
            "limit. Save it smaller, or as SVG."
        )
    content = path.read_bytes()
    if content.startswith(_PNG):
        _check_png(content, f"{place}: logo {path.name}")
        return content, "png"
    _check_svg(content, f"{place}: logo {path.name}")
    return content, "svg"


def _beside(source: YamlFile, key: Key, given: Any) -> Path:
    """Find a file that is named relative to the YAML."""
    name = str(key[0])
    if not isinstance(given, str) or not given.strip():
        raise StyleError(
            f"{source.place(key)}: {name} is {given!r}. Write the name of a file."
        )
    path = (Path(source.file).parent / given).resolve()
    if not path.is_file():
        raise StyleError(
            f"{source.place(key)}: {name} names {given!r}, and there is no such file "
            f"({path}). Paths are relative to the YAML file."
        )
    return path


def _family(source: YamlFile, key: Key, path: Path) -> str:
    """Read the name of a typeface from its file."""
    from matplotlib.ft2font import FT2Font

    wrong = (
        f"{source.place(key)}: {path.name} is no font. Name a TrueType or OpenType "
        "file (.ttf or .otf)."
    )
    if path.suffix.lower() not in (".ttf", ".otf"):
        raise StyleError(wrong)
    try:
        return str(FT2Font(str(path)).family_name)
    except (RuntimeError, OSError):
        raise StyleError(wrong) from None


def _check_png(content: bytes, place: str) -> None:
    """Refuse a PNG that is broken or huge."""
    from PIL import Image

    try:
        with Image.open(BytesIO(content), formats=["PNG"]) as picture:
            wide, high = picture.size
            picture.verify()
    except (OSError, SyntaxError, ValueError, Image.DecompressionBombError):
        raise StyleError(f"{place} is a broken PNG. Save it anew.") from None
    if wide * high > _MOST_PIXELS:
        raise StyleError(
            f"{place} has {wide} x {high} pixels, and 25 million is the limit. Save it "
            "smaller, or as SVG."
        )


def _check_svg(content: bytes, place: str) -> None:
    """Refuse what is no SVG, and an SVG that does more than draw."""
    from defusedxml import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root = fromstring(content, forbid_dtd=True)
    except (ParseError, ValueError, LookupError) as problem:
        if isinstance(problem, DefusedXmlException):
            raise StyleError(
                f"{place} has a DOCTYPE or entities. Save it as plain SVG without them."
            ) from None
        raise StyleError(f"{place} is neither PNG nor SVG. Save it as one.") from None
    if root.tag != f"{_SVG}svg":
        raise StyleError(f"{place} is neither PNG nor SVG. Save it as one.")
    found = list(_more_than_drawing(root))
    if b"<?xml-stylesheet" in content:
        found.append("a style sheet from elsewhere")
    if found:
        raise StyleError(
            f"{place} holds more than a drawing: {', '.join(found[:3])}. Save it "
            "as plain SVG without scripts and without references to other files."
        )


def _more_than_drawing(root: "Element") -> Iterator[str]:
    """Name scripts, and references to what is not in the file."""
    for element in root.iter():
        tag = str(element.tag).rpartition("}")[2]
        if tag.lower() in _ACTIVE:
            yield f"<{tag}>"
        if _ELSEWHERE.search(_plain(element.text or "")) and tag == "style":
            yield "a style that refers to another file"
        yield from _bad_attributes(list(element.attrib.items()))


def _bad_attributes(attributes: Sequence[tuple[str, str]]) -> Iterator[str]:
    """Name attributes that run something or refer to another file."""
    for key, value in attributes:
        name = key.rpartition("}")[2].lower()
        refers = name in ("href", "src") and not _INSIDE.match(value.strip())
        if name.startswith("on") or refers or _ELSEWHERE.search(_plain(value)):
            yield f"{name}={value[:40]!r}"


def _plain(css: str) -> str:
    """Take comments and escapes out of CSS, which can hide a word."""
    without = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    return re.sub(
        r"\\([0-9A-Fa-f]{1,6})\s?", lambda m: chr(int(m[1], 16) % 0x110000), without
    )

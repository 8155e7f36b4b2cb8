"""The typefaces of a page as part of it, with the characters that occur.

The first typeface that has a character sets it, as in the figures.
"""

import logging
import re
from base64 import b64encode
from collections.abc import Iterator
from functools import lru_cache
from io import BytesIO
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from unicodedata import combining

from survey.report.look import Look
from survey.report.style import FAMILIES

if TYPE_CHECKING:
    from fontTools.ttLib import TTFont

_FAMILY_AND_STYLE: Final = (1, 2)
_ALWAYS: Final = frozenset(range(0x20, 0x7F))
_NOT_EMBEDDED: Final = 0x2
_NOT_IN_A_NAME: Final = re.compile(r"[^\w .-]")
_FEATURES: Final = ("kern", "tnum")
_MARKS: Final = ("mark", "mkmk", "ccmp", "locl")
_SCRIPTS: Final = ("init", "medi", "fina", "isol", "rlig")


def font_faces(look: Look, text: str) -> str:
    """Give style rules that hold the typefaces of a page.

    Parameters
    ----------
    look : Look
        Names and files of the typefaces.
    text : str
        Everything that is set.

    Returns
    -------
    str
        ``@font-face`` rules, one for each file that has a character of its own.
    """
    wanted = frozenset(map(ord, set(text))) | _ALWAYS
    rules = []
    for bold in (False, True):
        rest = wanted
        for family, path in _files(look, bold=bold):
            used = rest & _known(path)
            rest -= used
            if used:
                rules.append(_rule(family, path, used, bold=bold))
    return "\n".join(rules)


def family_list(look: Look) -> str:
    """Name the typefaces of a page in a style rule.

    Parameters
    ----------
    look : Look
        Names of the typefaces.

    Returns
    -------
    str
        Names in quotation marks, and what stands in for them.

    Examples
    --------
    >>> family_list(Look(families=("House Sans", "x'} body{")))
    "'House Sans', 'x body', sans-serif"
    """
    names = [f"'{_NOT_IN_A_NAME.sub('', name)}'" for name in look.families]
    return ", ".join([*names, "sans-serif"])


def _files(look: Look, *, bold: bool) -> list[tuple[str, Path]]:
    """Give family and file of the typefaces that may be embedded, in their order."""
    files = look.faces(bold=bold)
    names = (*look.families[: len(files) - len(FAMILIES)], *FAMILIES)
    return [pair for pair in zip(names, files, strict=True) if _is_free(pair[1])]


@lru_cache(maxsize=32)
def _is_free(path: Path) -> bool:
    """Say whether the licence bits of a font file let it be embedded."""
    return not _opened(path)["OS/2"].fsType & _NOT_EMBEDDED


@lru_cache(maxsize=32)
def _known(path: Path) -> frozenset[int]:
    """Give the characters of a font file."""
    return frozenset(_opened(path).getBestCmap())


def _opened(path: Path) -> "TTFont":
    """Open a font file."""
    from fontTools.ttLib import TTFont

    content = BytesIO(path.read_bytes())
    return TTFont(content, lazy=True, recalcTimestamp=False)


def _rule(family: str, path: Path, characters: frozenset[int], *, bold: bool) -> str:
    """Write the style rule of a font file."""
    name = _NOT_IN_A_NAME.sub("", family)
    content = b64encode(_subset(path, characters)).decode()
    return (
        f"@font-face{{font-family:'{name}';font-weight:{700 if bold else 400};"
        f"src:url(data:font/woff;base64,{content})}}"
    )


@lru_cache(maxsize=16)
def _subset(path: Path, characters: frozenset[int]) -> bytes:
    """Cut a font file down to some characters."""
    from fontTools.subset import Options, Subsetter

    # A table of the program that drew the font is dropped, which is no news.
    logging.getLogger("fontTools.subset").setLevel(logging.ERROR)
    options = Options(hinting=False, notdef_outline=True)
    options.layout_features = [*_features(characters)]
    font: Any = _opened(path)
    names = font["name"]
    names.names = [each for each in names.names if each.nameID in _FAMILY_AND_STYLE]
    # With names inside, all tables would be searched for what refers to them.
    del font["name"]
    cutter = Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    font["name"] = names
    font.flavor = "woff"
    stream = BytesIO()
    font.save(stream)
    return stream.getvalue()


def _features(characters: frozenset[int]) -> Iterator[str]:
    """Name the features of type that are needed: marks and joins only where read."""
    yield from _FEATURES
    if any(combining(chr(number)) for number in characters):
        yield from _MARKS
    if any(0x590 <= number <= 0x8FF for number in characters):  # noqa: PLR2004 - Hebrew to Arabic
        yield from _SCRIPTS

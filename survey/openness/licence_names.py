"""What a text means as a licence: its SPDX id, whether it is open, and its family.

Only what is certain is recognised: a text that is neither an id nor a known spelling
stays unknown, and what is unknown is not open.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Final, Literal, TypeAlias

from survey.openness.licence_list import licence_data, licence_list

Family: TypeAlias = Literal[
    "apache",
    "mit",
    "bsd",
    "permissive",
    "gpl",
    "copyleft",
    "cc_open",
    "cc_restricted",
    "rail",
    "community",
    "other",
    "none",
]
NEWEST: Final = "3.29"
# Signs that only stand between words; any other sign makes a different text.
_BETWEEN: Final = re.compile(r"[\s\-_,()'\"’:]+")
_SILENT: Final = frozenset(
    ("the", "license", "licence", "licensed", "version", "agreement", "v")
)
_MOST_LETTERS: Final = 200


@dataclass(frozen=True, slots=True)
class _Names:
    """Ids by spelling, and families of licences that SPDX does not list."""

    ids: Mapping[str, str]
    families: Mapping[str, Family]
    prefixes: tuple[tuple[Family, tuple[str, ...]], ...]


def spdx_id(text: str) -> str | None:
    """Give the SPDX id that a text stands for.

    Parameters
    ----------
    text : str
        An id in any case, a common spelling, or an id of the Hugging Face hub.

    Returns
    -------
    str or None
        An id of the newest list; ``LicenseRef-...`` for a known licence that SPDX
        does not list; empty where the text says that there is no licence; None where
        it is not recognised.

    Examples
    --------
    >>> [spdx_id(t) for t in ("apache-2.0", "MIT license", "BSD-3", "unlicensed")]
    ['Apache-2.0', 'MIT', 'BSD-3-Clause', '']
    >>> spdx_id("llama3"), spdx_id("commercial use restrictions; Apache 2.0")
    ('LicenseRef-Llama-3', None)
    """
    if not text.strip():
        return ""
    if len(text) > _MOST_LETTERS:
        return None
    return _names().ids.get(_key(text))


def is_open(licence: str | None) -> bool:
    """Tell whether an id is open by the newest list.

    Parameters
    ----------
    licence : str or None
        What `spdx_id` gave.

    Returns
    -------
    bool
        True if OSI has approved it, FSF calls it free, or it is an open data licence.

    Examples
    --------
    >>> is_open("CC-BY-4.0"), is_open("CC-BY-NC-4.0"), is_open("LicenseRef-Llama-3")
    (True, False, False)
    """
    return licence in licence_list(NEWEST).open_ids


def family(licence: str | None) -> Family:
    """Give the family of a licence.

    Parameters
    ----------
    licence : str or None
        What `spdx_id` gave.

    Returns
    -------
    str
        ``none`` for an empty text, ``other`` for None and for what has no family.

    Examples
    --------
    >>> family("BSD-3-Clause"), family("LicenseRef-Gemma"), family(None), family("")
    ('bsd', 'community', 'other', 'none')
    """
    if not licence:
        return "other" if licence is None else "none"
    names = _names()
    if licence in names.families:
        return names.families[licence]
    for name, beginnings in names.prefixes:
        if licence.startswith(beginnings):
            return name
    return "permissive" if is_open(licence) else "other"


def _key(text: str) -> str:
    """Give the words of a text that tell licences apart."""
    words = (w.rstrip(".") for w in _BETWEEN.split(text.casefold()))
    plain = [re.sub(r"^v(?=\d)", "", w) for w in words]
    return " ".join(w for w in plain if w and w not in _SILENT)


@cache
def _names() -> _Names:
    """Read the spellings once."""
    data = licence_data("names")
    others: dict[str, Any] = data["others"]
    ids = {_key(i): i for i in sorted(licence_list(NEWEST).ids)}
    for licence, spellings in data["spellings"].items():
        ids |= {_key(s): licence for s in spellings}
    for licence, other in others.items():
        ids |= {_key(s): licence for s in (licence, *other["names"])}
    ids |= {_key(word): "" for word in data["none"]}
    return _Names(
        ids,
        {licence: other["family"] for licence, other in others.items()},
        tuple((name, tuple(b)) for name, b in data["families"].items()),
    )

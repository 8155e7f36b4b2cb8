"""The licence of every model of a listing, as an SPDX id.

What is not recognised is ``other`` and never open. Of licences joined by OR, all of
them known, a user may choose, so the most permissive open one counts; several licences
in a list may all apply, so they are ``other`` unless they are one and the same.
"""

import re
from typing import Final, get_args

import numpy as np
import pandas as pd

from survey.listing.cells import joined, parsed
from survey.listing.texts import by_value, clean, nothing, stated
from survey.openness.licence_names import Family, family, is_open, spdx_id

OTHER: Final = "other"
_FAMILIES: Final = get_args(Family)
_OR: Final = re.compile(r"\s+or\s+", re.IGNORECASE)
_TAG: Final = re.compile(r"""(?:^|[;,|'"\[\s])license:\s*([^;,|'"\]]+)""")
_SEVERAL: Final = re.compile(r"[;|]")


def raw_licences(frame: pd.DataFrame) -> "pd.Series[str]":
    """Find what a file says of the licence of every model.

    Parameters
    ----------
    frame : DataFrame
        Columns by our names; the licence stands in ``licence``, in ``card_data`` or
        in a tag ``license:...``, and the first of them that says something counts.

    Returns
    -------
    Series of object
        Texts, several licences joined by ``;``; None where none is stated.

    Examples
    --------
    >>> raw_licences(pd.DataFrame({"tags": ["en;license:mit", "en", None]})).tolist()
    ['mit', None, None]
    """
    found = nothing(frame.index)
    for column, read in (("licence", _cell), ("card_data", _card)):
        if column in frame:
            found = found.where(found.notna(), by_value(frame[column], read))
    if "tags" in frame:
        found = found.where(found.notna(), _tagged(frame["tags"]))
    return found


def licence_code(raw: str) -> str | None:
    """Give the SPDX id of what a file says.

    Parameters
    ----------
    raw : str
        One text of `raw_licences`.

    Returns
    -------
    str or None
        An id, ``LicenseRef-...`` for a known licence that SPDX does not list,
        ``other`` for anything else; None where the text says that there is none.

    Examples
    --------
    >>> [licence_code(t) for t in ("apache-2.0", "GPL-3.0-only OR MIT", "mit;gpl-3.0")]
    ['Apache-2.0', 'MIT', 'other']
    >>> licence_code("my own terms")
    'other'
    """
    entries = [one.strip() for one in _SEVERAL.split(raw) if one.strip()]
    codes = {_one(entry) for entry in entries} - {""}
    if not codes:
        return None
    return codes.pop() if len(codes) == 1 else OTHER


def family_code(licence: str) -> str:
    """Give the family of a code of `licence_code`.

    Parameters
    ----------
    licence : str
        A code.

    Returns
    -------
    str
        A family of `survey.openness.licence_names`.

    Examples
    --------
    >>> family_code("Apache-2.0"), family_code("other")
    ('apache', 'other')
    """
    return OTHER if licence == OTHER else family(licence)


def _one(text: str) -> str:
    """Give the code of one licence or expression; empty where it says none."""
    whole = spdx_id(text)
    if whole is not None:
        return whole
    choices = [spdx_id(part.strip(" ()")) for part in _OR.split(text)]
    free = [one for one in choices if one and is_open(one)]
    if len(choices) > 1 and free and None not in choices:
        return min(free, key=lambda one: (_FAMILIES.index(family(one)), one))
    return OTHER


def _cell(value: object) -> str | None:
    """Read a cell that holds a licence or a list of them."""
    return clean(joined(parsed(value)))


def _card(value: object) -> str | None:
    """Read the licence in the metadata of a model card, or what was taken from it."""
    found = parsed(value)
    if isinstance(found, dict):
        found = found.get("license", found.get("licence"))
    return None if found is None else clean(joined(found))


def _tagged(tags: pd.Series) -> "pd.Series[str]":
    """Find licences among tags."""
    texts = tags.to_numpy(object)
    found = np.full(len(texts), None, dtype=object)
    for place, cell in enumerate(texts):
        start = cell.find("license:") if isinstance(cell, str) else -1
        if start >= 0:
            # A tag begins after the sign before it.
            found[place] = ";".join(_TAG.findall(cell, max(start - 1, 0)))
    return stated(pd.Series(found, index=tags.index, dtype=object))

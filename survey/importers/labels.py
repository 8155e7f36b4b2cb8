"""Texts of an export: how they are compared, and how columns get their names.

What is shown keeps its spelling; only comparisons look through non-breaking
spaces, curly apostrophes, case and runs of blanks.
"""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

_STRAIGHT = str.maketrans(
    {
        "\u2018": "'",
        "\u2019": "'",
        "\u02bc": "'",
        "\u00b4": "'",
        "`": "'",
        "\u201c": '"',
        "\u201d": '"',
        "\u201e": '"',
        "\u2010": "-",
        "\u2011": "-",
        "\u2013": "-",
        "\u200b": None,
        "\ufeff": None,
    }
)
_TAG = re.compile(r"<[a-zA-Z/][^<>]*>")


def tidy(text: str) -> str:
    """Give a label on one line, without markup and runs of blanks.

    Parameters
    ----------
    text : str
        A label as the export holds it.

    Returns
    -------
    str
        The same words; curly apostrophes stay.

    Examples
    --------
    >>> tidy("Data <b>privacy</b> ")
    'Data privacy'
    """
    return " ".join(_TAG.sub(" ", text).replace("\ufeff", "").split())


@lru_cache(20_000)
def comparable(text: str) -> str:
    """Give the form in which two labels are compared.

    Parameters
    ----------
    text : str
        A label, a header or a typed value.

    Returns
    -------
    str
        Lower case, straight apostrophes and hyphens, single spaces, NFKC.

    Examples
    --------
    >>> comparable("Don\u2019t\u00a0know ") == comparable("don't know")
    True
    """
    if text.isascii():
        # The same, many times faster: drafts compare every distinct answer.
        folded = text.replace("`", "'").lower()
    else:
        folded = unicodedata.normalize("NFKC", text).translate(_STRAIGHT).casefold()
    return " ".join(folded.split())


def unique_names(headers: Iterable[str]) -> tuple[str, ...]:
    """Give every column a name that no other column has.

    Parameters
    ----------
    headers : iterable of str
        Headers in the order of the columns; may be empty or repeated.

    Returns
    -------
    tuple of str
        An empty header becomes ``column_3`` (its place, from 1); a repeated one
        gets ``_2``, ``_3`` and so on.

    Examples
    --------
    >>> unique_names(["size", "", "size"])
    ('size', 'column_2', 'size_2')
    """
    wanted = [tidy(header) or f"column_{k}" for k, header in enumerate(headers, 1)]
    taken = set(wanted)
    seen: set[str] = set()
    names = []
    for header in wanted:
        name = _free(header, taken) if header in seen else header
        seen.add(header)
        taken.add(name)
        names.append(name)
    return tuple(names)


def _free(name: str, taken: set[str]) -> str:
    """Give the first of ``name_2``, ``name_3`` ... that is free."""
    number = 2
    while f"{name}_{number}" in taken:
        number += 1
    return f"{name}_{number}"

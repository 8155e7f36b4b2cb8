"""Names of the columns of a listing, in every spelling that programs write.

A column is known by its name only: what stands in it never makes it another one.
"""

from collections.abc import Iterable
from typing import Final

# Ours, and how others write it: small letters, without "_", "-" and blanks inside.
# The first spelling that a file has is the one that counts.
FIELDS: Final[dict[str, tuple[str, ...]]] = {
    "id": ("id", "modelid", "repoid", "model", "modelname"),
    "author": ("author", "maker", "organization", "organisation", "owner"),
    "author_data": ("authordata",),
    "maker_kind": ("makerkind", "authortype", "makertype"),
    "downloads": ("downloads", "downloadslastmonth", "downloads30d"),
    "downloads_all_time": ("downloadsalltime",),
    "likes": ("likes",),
    "licence": ("license", "licence"),
    "card_data": ("carddata",),
    "tags": ("tags",),
    "task": ("pipelinetag", "task"),
    "library": ("libraryname", "library"),
    "created": ("createdat", "created"),
    "gated": ("gated",),
    "listed_on": ("listedon", "mineddate", "snapshotdate", "listingdate"),
    "selection": ("selection",),
}
_FIELD_OF: Final = {s: field for field, spellings in FIELDS.items() for s in spellings}


def spelled(name: str) -> str:
    """Write a name without what spellings differ in.

    Parameters
    ----------
    name : str
        Name of a column.

    Returns
    -------
    str
        Small letters, without underscores, hyphens and blanks after the first letter.

    Examples
    --------
    >>> spelled("pipeline_tag"), spelled("createdAt"), spelled("_id")
    ('pipelinetag', 'createdat', '_id')
    """
    name = name.strip().lower()
    rest = name[1:].replace("_", "").replace("-", "").replace(" ", "")
    return name[:1] + rest


def field_of(name: str) -> str:
    """Give our name of a column.

    Parameters
    ----------
    name : str
        Name in a file.

    Returns
    -------
    str
        Empty where a listing does not need it.

    Examples
    --------
    >>> field_of("modelId"), field_of("sha")
    ('id', '')
    """
    return _FIELD_OF.get(spelled(name), "")


def known_columns(names: Iterable[str]) -> dict[str, str]:
    """Find the columns that a listing needs.

    Parameters
    ----------
    names : iterable of str
        Columns of a file.

    Returns
    -------
    dict of str to str
        Name in the file by our name, only those that are there.

    Examples
    --------
    >>> known_columns(["_id", "modelId", "id", "downloads", "sha"])
    {'id': 'id', 'downloads': 'downloads'}
    """
    there: dict[str, str] = {}
    for name in names:
        there.setdefault(spelled(name), name)
    found = {}
    for field, spellings in FIELDS.items():
        one = next((there[s] for s in spellings if s in there), None)
        if one is not None:
            found[field] = one
    return found

"""The models of a listing: ids, makers, and models that stand there twice.

No row disappears without a finding that counts it.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.listing.cells import member
from survey.listing.texts import by_value, clean, nothing, stated
from survey.said import counted

_TYPE: Final = re.compile(r"""[{,]\s*["']type["']:\s*["'](\w+)["']\s*[,}]""")
# The hub allows 96 characters.
_LONGEST_ID: Final = 256
_KINDS: Final = {
    "org": "organisation",
    "organization": "organisation",
    "organisation": "organisation",
    "company": "organisation",
    "team": "organisation",
    "user": "individual",
    "individual": "individual",
    "person": "individual",
}


@dataclass(frozen=True, slots=True, eq=False)
class Ids:
    """Ids of all rows, which rows have one that can be used, and findings."""

    ids: pd.Series
    usable: NDArray[np.bool_]
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """A table with every model once, and findings."""

    frame: pd.DataFrame
    findings: tuple[Finding, ...]


def read_ids(column: pd.Series) -> Ids:
    """Read the ids of models.

    Parameters
    ----------
    column : Series
        Cells of the column.

    Returns
    -------
    Ids
        Ids on one line; those missing or longer than 256 characters are not usable.

    Examples
    --------
    >>> found = read_ids(pd.Series(["a/b", None, "x" * 300]))
    >>> found.usable.tolist(), len(found.findings)
    ([True, False, False], 2)
    """
    ids = stated(column)
    missing = ids.isna().to_numpy(bool)
    known = ids.to_numpy(object)[~missing]
    long = np.zeros(len(ids), dtype=bool)
    long[~missing] = [len(name) > _LONGEST_ID for name in known]
    changed = np.zeros(len(ids), dtype=bool)
    as_texts = column.to_numpy(object)[~missing]
    changed[~missing] = [
        str(cell).strip() != name for cell, name in zip(as_texts, known, strict=True)
    ]
    return Ids(
        ids,
        ~missing & ~long,
        (
            *_without_id(int(missing.sum())),
            *_long_ids(int(long.sum())),
            *_changed_ids(int(changed.sum())),
        ),
    )


def makers(ids: pd.Series, author: pd.Series | None) -> "pd.Series[str]":
    """Give the maker of every model.

    Parameters
    ----------
    ids : Series
        Ids of models.
    author : Series or None
        Column that names them, where there is one.

    Returns
    -------
    Series of object
        The column, else what stands before ``/`` in the id; None for a model without
        a namespace, whose maker nothing tells.

    Examples
    --------
    >>> makers(pd.Series(["a/b", "bert-base"]), None).tolist()
    ['a', None]
    """
    given = nothing(ids.index) if author is None else stated(author)
    found = given.to_numpy(object).copy()
    unknown = given.isna().to_numpy(bool)
    found[unknown] = [_namespace(name) for name in ids[unknown]]
    return pd.Series(found, index=ids.index, dtype=object)


def _namespace(name: object) -> str | None:
    """Give what stands before the first ``/`` of an id."""
    before, mark, _ = str(name).partition("/")
    return before if mark and before else None


def maker_kinds(frame: pd.DataFrame) -> "pd.Series[str]":
    """Tell organisations from individuals.

    Parameters
    ----------
    frame : DataFrame
        Columns by our names; ``maker_kind`` counts before ``author_data``.

    Returns
    -------
    Series of object
        ``organisation``, ``individual``, or None where it is not stated.

    Examples
    --------
    >>> maker_kinds(pd.DataFrame({"author_data": ["{'type': 'org'}", None]})).tolist()
    ['organisation', None]
    """
    kinds = nothing(frame.index)
    for column in ("maker_kind", "author_data"):
        if column in frame:
            kinds = kinds.where(kinds.notna(), by_value(frame[column], _kind))
    return kinds


def _kind(cell: object) -> str | None:
    """Read one kind of maker."""
    plain = _TYPE.findall(cell) if isinstance(cell, str) else []
    # Parsing tells the same ten times slower.
    from_data = plain[0] if len(plain) == 1 else member(cell, "type")
    text = clean(cell if from_data is None else from_data)
    return _KINDS.get((text or "").lower())


def without_repeats(frame: pd.DataFrame) -> Single:
    """Keep every model once.

    Parameters
    ----------
    frame : DataFrame
        Rows with ``id``, ``day``, ``downloads`` and ``likes``.

    Returns
    -------
    Single
        Identical rows count once. Of rows that differ, the newest counts, then the
        one with most downloads: a listing that was read page by page while ranks
        moved shows a model twice, and both rows are of that day.

    Examples
    --------
    >>> rows = {"id": ["a", "a"], "day": "", "downloads": [1.0, 5.0], "likes": 0.0}
    >>> without_repeats(pd.DataFrame(rows)).frame["downloads"].tolist()
    [5.0]
    """
    repeated = frame["id"].duplicated(keep=False).to_numpy(bool)
    if not repeated.any():
        return Single(frame, ())
    rows = frame[repeated]
    different = rows[~rows.astype(str).duplicated().to_numpy(bool)]
    # Texts decide the rest, so that the order of rows does not.
    texts = [repr(row) for row in different.itertuples(index=False, name=None)]
    keyed = different.assign(_texts=texts)
    keyed = keyed.sort_values(
        ["day", "downloads", "likes", "_texts"],
        ascending=[False, False, False, True],
        na_position="last",
    )
    kept = keyed[~keyed["id"].duplicated().to_numpy(bool)].drop(columns="_texts")
    frame = pd.concat([frame[~repeated], kept]).sort_index()
    identical, other = len(rows) - len(different), len(different) - len(kept)
    return Single(frame, (*_identical(identical), *_different(other)))


def _without_id(count: int) -> list[Finding]:
    """Say how many rows name no model."""
    sentence = counted(
        count,
        "{count} row names no model, and is left out.",
        "{count} rows name no model, and are left out.",
    )
    found = Finding("warning", "listing_no_id", "id", sentence, count, "left out")
    return [found] if count else []


def _long_ids(count: int) -> list[Finding]:
    """Say how many ids cannot be ids."""
    sentence = counted(
        count,
        "{count} id has more than {most} characters: it is no id of a model, and its"
        " row is left out.",
        "{count} ids have more than {most} characters: they are no ids of models, and"
        " their rows are left out.",
        most=_LONGEST_ID,
    )
    found = Finding("warning", "listing_long_id", "id", sentence, count, "left out")
    return [found] if count else []


def _changed_ids(count: int) -> list[Finding]:
    """Say how many ids held characters that cannot be seen."""
    sentence = counted(
        count,
        "{count} id holds control characters or line breaks, which are replaced by"
        " blanks.",
        "{count} ids hold control characters or line breaks, which are replaced by"
        " blanks.",
    )
    found = Finding("warning", "listing_id_characters", "id", sentence, count)
    return [found] if count else []


def _identical(count: int) -> list[Finding]:
    """Say how many rows repeat another one."""
    sentence = counted(
        count,
        "{count} row repeats another one in every column, and counts once.",
        "{count} rows repeat others in every column, and count once.",
    )
    found = Finding("note", "listing_repeated", "id", sentence, count, "left out")
    return [found] if count else []


def _different(count: int) -> list[Finding]:
    """Say how many models stand there again with other values."""
    sentence = counted(
        count,
        "{count} row is of a model that stands there again with other values: the"
        " newest row counts, of rows of one day the one with most downloads.",
        "{count} rows are of models that stand there again with other values: the"
        " newest row counts, of rows of one day the one with most downloads.",
    )
    found = Finding("warning", "listing_twice", "id", sentence, count, "left out")
    return [found] if count else []

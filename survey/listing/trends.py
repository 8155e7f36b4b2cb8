"""Shares of categories in several listings, of all models and of the same models.

A category that a listing states for no model has a share of 0 there; a listing that
lacks the column has none.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final, TypeAlias

import pandas as pd

from survey.listing.shares import apache_or_mit_share, breakdowns, open_share
from survey.listing.values import (
    BREAKDOWNS,
    Breakdown,
    BreakdownName,
    ListingResult,
    ShareRow,
    ShareTrend,
)

_NAN: Final = float("nan")
_MOST_MAKERS: Final = 20
_Parts: TypeAlias = Mapping[str, Breakdown]


def same_models(results: Sequence[ListingResult]) -> set[str]:
    """Give the ids that stand in every listing.

    Parameters
    ----------
    results : sequence of ListingResult
        At least one.

    Returns
    -------
    set of str
        Ids.
    """
    ids = (set(result.listing.frame["id"]) for result in results)
    return set.intersection(*ids)


def trends(
    results: Sequence[ListingResult], same: set[str]
) -> dict[BreakdownName, tuple[ShareTrend, ...]]:
    """Follow the categories of every breakdown.

    Parameters
    ----------
    results : sequence of ListingResult
        The oldest first.
    same : set of str
        From `same_models`.

    Returns
    -------
    dict of str to tuple of ShareTrend
        Breakdowns that at least two listings have.
    """
    whole = [result.breakdowns for result in results]
    alike = [
        breakdowns(_only(result, same), result.listing.present) for result in results
    ]
    return {
        name: _trend(name, whole, alike)
        for name in BREAKDOWNS
        if sum(name in parts for parts in whole) > 1
    }


def licence_trends(
    results: Sequence[ListingResult], same: set[str]
) -> tuple[ShareTrend | None, ShareTrend | None]:
    """Follow the shares of open licences, and of Apache-2.0 or MIT.

    Parameters
    ----------
    results : sequence of ListingResult
        The oldest first.
    same : set of str
        From `same_models`.

    Returns
    -------
    (ShareTrend or None, ShareTrend or None)
        None where fewer than two listings state licences.
    """
    alike = [_only(result, same) for result in results]
    return (
        _pair([r.open_licences for r in results], [*map(open_share, alike)]),
        _pair([r.apache_or_mit for r in results], [*map(apache_or_mit_share, alike)]),
    )


def _only(result: ListingResult, same: set[str]) -> pd.DataFrame:
    """Keep the models that stand in every listing."""
    frame = result.listing.frame
    return frame[frame["id"].isin(same)].reset_index(drop=True)


def _pair(
    whole: Sequence[ShareRow | None], alike: Sequence[ShareRow | None]
) -> ShareTrend | None:
    """Follow one share that is not of a breakdown."""
    known = [row for row in whole if row is not None]
    if len(known) < 2:  # noqa: PLR2004 - a change is between two
        return None
    return _joined(known[-1], whole, alike)


def _trend(
    name: BreakdownName, whole: Sequence[_Parts], alike: Sequence[_Parts]
) -> tuple[ShareTrend, ...]:
    """Follow the categories of one breakdown, ordered as in the newest listing."""
    rows: dict[str, ShareRow] = {}
    for parts in reversed(whole):
        for row in _shown(parts.get(name)):
            rows.setdefault(row.code, row)
    # What only older listings have stands behind the newest one's last, ``other``.
    ordered = sorted(rows.values(), key=lambda row: row.code == "other")
    all_rows, same_rows = _by_code(name, whole), _by_code(name, alike)
    return tuple(
        _joined(
            row,
            [_row(row, codes) for codes in all_rows],
            [_row(row, codes) for codes in same_rows],
        )
        for row in ordered
    )


def _shown(part: Breakdown | None) -> tuple[ShareRow, ...]:
    """Give the categories that are followed: all, and of makers the largest."""
    if part is None:
        return ()
    if part.name != "maker":
        return part.rows
    most = sorted(part.rows, key=lambda row: (-row.downloads, row.code))
    largest = {row.code for row in (*part.rows[:_MOST_MAKERS], *most[:_MOST_MAKERS])}
    return tuple(row for row in part.rows if row.code in largest)


def _by_code(
    name: BreakdownName, listings: Sequence[_Parts]
) -> list[dict[str, ShareRow] | None]:
    """Give the rows of a breakdown by code; None for a listing without it."""
    return [
        {row.code: row for row in parts[name].rows} if name in parts else None
        for parts in listings
    ]


def _row(row: ShareRow, codes: Mapping[str, ShareRow] | None) -> ShareRow | None:
    """Give a category of one listing, with 0 where no model is in it."""
    if codes is None:
        return None
    nobody = replace(row, models=0, downloads=0.0, share_models=0.0)
    empty = replace(nobody, share_downloads=0.0) if codes else None
    return codes.get(row.code, empty)


def _joined(
    row: ShareRow,
    whole: Sequence[ShareRow | None],
    alike: Sequence[ShareRow | None],
) -> ShareTrend:
    """Put the shares of one category together."""
    return ShareTrend(
        row.code,
        row.label,
        tuple(r.share_models if r else _NAN for r in whole),
        tuple(r.share_downloads if r else _NAN for r in whole),
        tuple(r.share_models if r else _NAN for r in alike),
        tuple(r.share_downloads if r else _NAN for r in alike),
    )

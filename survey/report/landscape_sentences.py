"""What a listing says, in sentences: each is written only where its numbers stand.

Numbers of a listing are exact for the listing. A sentence that sets one above another
is written where the two differ as they are printed.
"""

from collections.abc import Iterator
from math import isfinite
from typing import Final

from survey.listing.values import Breakdown, Correlation, ShareRow
from survey.report.landscape_parts import (
    OTHER,
    REST,
    Landscape,
    Part,
    label_of,
    models_to_half,
    share_of,
)


def sentences(land: Landscape) -> tuple[str, ...]:
    """Write the key findings about the newest listing.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    tuple of str
        Licences, concentration, makers, tasks, likes, and what hangs on the largest
        model.
    """
    return (
        *_licences(land),
        *_half(land),
        *_kinds(land),
        *_leaders(land),
        *_likes(land),
        *_without(land),
    )


def breakdown_title(land: Landscape, breakdown: Breakdown) -> str:
    """Say which category has the most downloads.

    Parameters
    ----------
    land : Landscape
        The listings.
    breakdown : Breakdown
        Its categories.

    Returns
    -------
    str
        A title; plain where none is ahead as printed.
    """
    first = leader(land, breakdown, "downloads")
    if first is None:
        return land.say(f"land_by_{breakdown.name}")
    return land.say(
        "land_title_leads",
        label=label_of(land, breakdown.name, first),
        models=land.written(first.share_models),
        downloads=land.written(first.share_downloads),
    )


def likes_title(land: Landscape, found: Correlation) -> str:
    """Give R squared of likes against downloads as a title.

    Parameters
    ----------
    land : Landscape
        The listings.
    found : Correlation
        Of all models.

    Returns
    -------
    str
        On the counts and on logarithms; a plain title where they are not defined.
    """
    measures = _measures(land, found)
    if not measures:
        return land.say("title_listing_likes")
    return land.say("land_title_likes", **measures)


def lorenz_title(land: Landscape) -> str:
    """Say how many models make half of the downloads.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    str
        A title; plain for a single model.
    """
    result = land.newest
    n, units = models_to_half(result), result.whole.models.units
    if not n or units == 1:
        return land.say("title_listing_concentration")
    key = "land_title_half_one" if n == 1 else "land_title_half"
    return land.say(key, n=land.count(n), all=land.count(units))


def leader(land: Landscape, breakdown: Breakdown, part: Part) -> ShareRow | None:
    """Give the category that is ahead of all others as printed.

    Parameters
    ----------
    land : Landscape
        The listings.
    breakdown : Breakdown
        Its categories.
    part : {"models", "downloads"}
        What the shares are of.

    Returns
    -------
    ShareRow or None
        None where two are the same as printed, where there is one category only,
        where what was not recognised is ahead, or where nothing is downloaded.
    """
    rows = sorted(breakdown.rows, key=lambda row: -share_of(row, part))
    if len(rows) < len(("first", "second")) or rows[0].code in (OTHER, REST):
        return None
    if not isfinite(share_of(rows[0], part)):
        return None
    first, second = (land.written(share_of(row, part)) for row in rows[:2])
    return None if first == second else rows[0]


def _licences(land: Landscape) -> Iterator[str]:
    """Say how much is under Apache 2.0 or MIT, or that nothing can be said."""
    breakdown, row = land.breakdown("licence"), land.newest.apache_or_mit
    if breakdown is None or row is None:
        yield land.say("land_no_licences")
        return
    is_known = isfinite(row.share_downloads)
    yield land.say(
        "land_say_licences" if is_known else "land_say_licences_models",
        models=land.written(row.share_models),
        downloads=land.written(row.share_downloads),
        n=land.count(breakdown.models),
    )


def _half(land: Landscape) -> Iterator[str]:
    """Say how many models make half of the downloads."""
    result = land.newest
    n, models = models_to_half(result), result.whole.models
    if not n or models.units == 1:
        return
    share = land.written(models.top[1])
    values = {"share": share, "model": land.quoted(result.largest)}
    counts = {"n": land.count(n), "all": land.count(models.units)}
    key = "land_say_half_one" if n == 1 else "land_say_half"
    yield land.say(key, **values, **counts)


def _kinds(land: Landscape) -> Iterator[str]:
    """Set organisations against individuals."""
    breakdown = land.breakdown("maker_kind")
    by_code = {row.code: row for row in breakdown.rows} if breakdown else {}
    found = [by_code.get(code) for code in ("organisation", "individual")]
    if breakdown is None or None in found or not breakdown.downloads:
        return
    values = {
        f"{part}_{number}": land.written(share_of(row, part))
        for number, row in enumerate(found, start=1)
        for part in _PARTS
        if row is not None
    }
    yield land.say("land_say_kinds", n=land.count(breakdown.models), **values)


_PARTS: Final[tuple[Part, ...]] = ("models", "downloads")


def _leaders(land: Landscape) -> Iterator[str]:
    """Name the maker and the task with the most downloads, where one is ahead."""
    for name in ("maker", "task"):
        breakdown = land.breakdown(name)
        first = leader(land, breakdown, "downloads") if breakdown else None
        if first is not None:
            yield land.say(
                f"land_say_{name}",
                label=land.quoted(label_of(land, name, first)),
                models=land.written(first.share_models),
                downloads=land.written(first.share_downloads),
            )


def _likes(land: Landscape) -> Iterator[str]:
    """Say how likes go with downloads, and which model moves that most."""
    found = land.newest.whole.correlation
    if found is None or not _measures(land, found):
        return
    yield land.say("land_say_likes", **_measures(land, found))
    yield from leverage_sentence(land, found)


def _measures(land: Landscape, found: Correlation) -> dict[str, str]:
    """Write the three measures; none where they are not defined."""
    if not isfinite(found.r2_raw):
        return {}
    return {
        "raw": land.decimal(found.r2_raw),
        "log": land.decimal(found.r2_log),
        "rank": land.decimal(found.spearman),
    }


def leverage_sentence(land: Landscape, found: Correlation) -> Iterator[str]:
    """Say what R squared is without the model that moves it most, where it moves.

    Parameters
    ----------
    land : Landscape
        The listings.
    found : Correlation
        Of all models.

    Yields
    ------
    str
        One sentence, or none.
    """
    if not found.leverage:
        return
    name, r2 = found.leverage[0]
    before, after = land.decimal(found.r2_raw), land.decimal(r2)
    if before != after:
        yield land.say(
            "land_say_leverage", model=land.quoted(name), before=before, after=after
        )


def _without(land: Landscape) -> Iterator[str]:
    """Say what the share under Apache 2.0 or MIT is without the largest model."""
    row = land.newest.apache_or_mit
    if row is None or not isfinite(row.share_downloads_without):
        return
    before = land.written(row.share_downloads)
    after = land.written(row.share_downloads_without)
    if before != after:
        model = land.quoted(land.newest.largest)
        yield land.say("land_say_without", model=model, before=before, after=after)

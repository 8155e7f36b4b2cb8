"""Listings of models as they are reported: labels, shares, feet, recipes.

A listing is no sample. Nothing here has an interval, and every figure says under it
what a download is.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final, Literal

import numpy as np

from survey.finding import Finding
from survey.listing.values import (
    Breakdown,
    BreakdownName,
    ListingComparison,
    ListingResult,
    ShareRow,
    ShareTrend,
)
from survey.report.document import ChartRow
from survey.report.numbers import count, decimal, percent
from survey.report.wording import date_text, say, words

Part = Literal["models", "downloads"]
REST: Final = "rest"
OTHER: Final = "other"
_MOST_TOLD: Final = 40
# Their codes come from the data, and are no words of ours.
_AS_THEY_ARE: Final = ("maker",)


@dataclass(frozen=True, slots=True, eq=False)
class Landscape:
    """Listings as they are reported, oldest first.

    Attributes
    ----------
    language : str
        Of the report: ``en`` or ``de``.
    results : tuple of ListingResult
        Oldest first; the pages are about the newest one.
    comparison : ListingComparison or None
        What changed between them; None for a single one.
    brief : bool
        Whether this is a section of the report of a survey, with fewer figures.
    """

    language: str
    results: tuple[ListingResult, ...]
    comparison: ListingComparison | None = None
    brief: bool = False

    @property
    def newest(self) -> ListingResult:
        """The listing that the pages are about."""
        return self.results[-1]

    @property
    def findings(self) -> tuple[Finding, ...]:
        """What was found in the listings, each with its day where there are several."""
        return tuple(
            replace(found, wave=result.listing.date)
            if self.brief or self.comparison
            else found
            for result in self.results
            for found in result.listing.findings
        )

    def say(self, key: str, **values: object) -> str:
        """Give a fixed text."""
        return say(self.language, key, **values)

    def percent(self, share: float) -> str:
        """Write a share; words where it is not defined."""
        if not np.isfinite(share):
            return self.say("land_undefined")
        return percent(share, self.language)

    def written(self, share: float) -> str:
        """Write a share inside a sentence, where nothing is 0%."""
        return self.percent(share) if share else self.say("land_zero")

    def count(self, number: float) -> str:
        """Write a count."""
        return count(number, self.language)

    def decimal(self, number: float, digits: int = 2) -> str:
        """Write a number that is no share; words where it is not defined."""
        text = decimal(number, self.language, digits) or self.say("land_undefined")
        if text.startswith("-"):
            # What rounds to zero has no sign.
            text = text[1:] if not text.strip("-0.,") else f"−{text[1:]}"
        return text

    def quoted(self, text: str) -> str:
        """Put a name of the data into quotation marks."""
        return self.say("quoted", text=text)

    def breakdown(self, name: BreakdownName) -> Breakdown | None:
        """Give the categories of a column; None where the file lacks it."""
        found = self.newest.breakdowns.get(name)
        return found if found is not None and found.rows else None


def share_of(row: ShareRow, part: Part) -> float:
    """Give the share of a category.

    Parameters
    ----------
    row : ShareRow
        The category.
    part : {"models", "downloads"}
        What the share is of.

    Returns
    -------
    float
        0 to 1; NaN where it is not defined.
    """
    return row.share_models if part == "models" else row.share_downloads


def label_of(land: Landscape, name: BreakdownName, row: ShareRow | ShareTrend) -> str:
    """Name a category in the language of the report.

    Parameters
    ----------
    land : Landscape
        The listings.
    name : str
        Name of the breakdown.
    row : ShareRow or ShareTrend
        The category.

    Returns
    -------
    str
        Our word for a code of ours; the label of the data otherwise.
    """
    if name in _AS_THEY_ARE or row.code == REST:
        return row.label
    return words(land.language).get(f"land_{name}_{row.code}", row.label)


def largest_rows(
    land: Landscape, breakdown: Breakdown, most: int
) -> tuple[ShareRow, ...]:
    """Keep the largest categories and add up the others.

    Parameters
    ----------
    land : Landscape
        The listings, for the language.
    breakdown : Breakdown
        All categories.
    most : int
        How many are kept: those with the largest share of models or of downloads,
        whichever is larger.

    Returns
    -------
    tuple of ShareRow
        In the order of the breakdown; the others last, in one row.
    """
    rows = breakdown.rows
    if len(rows) <= most + 1:
        return rows
    by_size = sorted(
        range(len(rows)),
        key=lambda i: (-max(rows[i].share_models, rows[i].share_downloads), i),
    )
    kept = set(by_size[:most])
    others = [row for i, row in enumerate(rows) if i not in kept]
    label = land.say("land_rest", n=land.count(len(others)))
    return (*(rows[i] for i in sorted(kept)), _added(others, label))


def _added(rows: Sequence[ShareRow], label: str) -> ShareRow:
    """Add up categories; each model is in one of them."""
    return ShareRow(
        code=REST,
        label=label,
        models=sum(row.models for row in rows),
        downloads=sum(row.downloads for row in rows),
        share_models=sum(row.share_models for row in rows),
        share_downloads=sum(row.share_downloads for row in rows),
        share_models_without=sum(row.share_models_without for row in rows),
        share_downloads_without=sum(row.share_downloads_without for row in rows),
    )


def listing_name(land: Landscape, result: ListingResult) -> str:
    """Name a listing by its day.

    Parameters
    ----------
    land : Landscape
        The listings.
    result : ListingResult
        One of them.

    Returns
    -------
    str
        The name of the file where nothing tells the day.
    """
    listing = result.listing
    return date_text(listing.date, land.language) if listing.date else listing.name


def base_text(land: Landscape, breakdown: Breakdown) -> str:
    """Say how many models state a column, and how many do not.

    Parameters
    ----------
    land : Landscape
        The listings.
    breakdown : Breakdown
        Categories of the column.

    Returns
    -------
    str
        One sentence.
    """
    name = land.say(f"land_of_{breakdown.name}")
    n, unstated = land.count(breakdown.models), breakdown.unstated
    if not unstated:
        return land.say("land_base_all", n=n)
    return land.say("land_base", n=n, what=name, unstated=land.count(unstated))


def footer(
    land: Landscape, *base: str, results: Sequence[ListingResult] = ()
) -> tuple[str, ...]:
    """Give the foot of a figure: base, what a download is, source.

    Parameters
    ----------
    land : Landscape
        The listings.
    *base : str
        What the numbers are of, in one or several sentences.
    results : sequence of ListingResult
        Those that the figure shows, where it is not the newest alone.

    Returns
    -------
    tuple of str
        One line each.
    """
    source = _source_text(land, results or [land.newest])
    return (" ".join(base), land.say("land_downloads_are"), source)


def _source_text(land: Landscape, results: Sequence[ListingResult]) -> str:
    """Name the files of listings, their days, and how they were chosen.

    Parameters
    ----------
    land : Landscape
        The listings.
    results : sequence of ListingResult
        Those that a figure shows.

    Returns
    -------
    str
        For the foot of a figure.
    """
    sources = []
    for listing in (result.listing for result in results):
        day = date_text(listing.date, land.language) if listing.date else ""
        parts = filter(None, [listing.name, day, listing.selection])
        sources.append(", ".join(parts))
    return land.say("source", source="; ".join(sources))


def told(
    land: Landscape, title: str, key: str, rows: Sequence[ChartRow], **values: object
) -> str:
    """Put a figure into words.

    Parameters
    ----------
    land : Landscape
        The listings.
    title : str
        Title of the figure.
    key : str
        Name of the sentence.
    rows : sequence of ChartRow
        What is told, at most 40 of them.
    **values
        What else stands in the braces of the sentence.

    Returns
    -------
    str
        For people who cannot see the figure.
    """
    lines = [
        f"{row.label}: {', '.join(value.text for value in row.values)}"
        for row in rows[:_MOST_TOLD]
    ]
    return f"{title}. {land.say(key, values='; '.join(lines), **values)}"


def models_to_half(result: ListingResult, *, without: bool = False) -> int:
    """Count the models that make half of the downloads, the largest first.

    Parameters
    ----------
    result : ListingResult
        A listing.
    without : bool
        Whether the model with the most downloads is left out.

    Returns
    -------
    int
        0 where there are no downloads.
    """
    downloads = np.sort(result.listing.frame["downloads"].dropna().to_numpy(float))
    falling = downloads[::-1][int(without) :]
    total = falling.sum()
    if not total:
        return 0
    return int(np.searchsorted(np.cumsum(falling), total / 2) + 1)

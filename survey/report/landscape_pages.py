"""Pages of a landscape of models: from the key figures to how they were made.

The same pages stand alone, and as a section in the report of a survey, with fewer
figures there.
"""

from collections.abc import Iterator
from dataclasses import replace
from typing import Final

from survey.listing.values import Breakdown, BreakdownName
from survey.openness.licence_list import licence_list
from survey.openness.licence_names import NEWEST
from survey.report.document import Block, Note, Page
from survey.report.glossary import glossary_page
from survey.report.landscape_changes import change_blocks
from survey.report.landscape_charts import breakdown_chart, likes_chart, lorenz_chart
from survey.report.landscape_parts import Landscape, listing_name
from survey.report.landscape_sentences import leverage_sentence, sentences
from survey.report.landscape_tables import (
    breakdown_table,
    concentration_table,
    key_table,
    likes_table,
    unrecognised_table,
)
from survey.report.wording import date_text

_MOST: Final = 15
# More pairs of bars than these cannot be read on a slide.
_MOST_DRAWN: Final = 10
_PAGES: Final[dict[str, tuple[BreakdownName, ...]]] = {
    "licences": ("licence_family", "licence"),
    "makers": ("maker", "maker_kind"),
    "tasks": ("task_group", "task"),
}
# What the glossary of a report on listings alone explains: a base is no respondents.
_TERMS: Final = (
    "effective_number",
    "gini",
    "listing",
    "lorenz",
    "r_squared",
    "spdx",
    "spearman",
)
# Families and groups leave out the same texts, which are listed once.
_WITH_OTHERS: Final = ("licence", "task")
# What a section has on paper; the workbook has all tables.
_LISTED_BRIEF: Final = ("maker_kind",)
_DRAWN_BRIEF: Final = ("licence_family", "maker", "task_group")


def landscape_pages(land: Landscape) -> tuple[Page, ...]:
    """Make the pages on listings of models.

    Parameters
    ----------
    land : Landscape
        The listings, as a report of their own or as a section of another.

    Returns
    -------
    tuple of Page
        Key findings, licences, makers, tasks, likes, concentration, changes, and how
        the numbers were made; in a report of their own with a glossary.
    """
    section = land.say("section_landscape")
    pages = (
        _overview(land),
        *_breakdown_pages(land),
        *_likes_page(land),
        _concentration_page(land),
        *_changes(land),
        _method_page(land),
    )
    made = [replace(page, section=section) for page in pages]
    if not land.brief:
        method = land.say("section_landscape_method")
        made[-1] = replace(made[-1], section=method)
        glossary = glossary_page(land, made, terms=_TERMS)
        made.append(replace(glossary, section=method))
    return tuple(made)


def _overview(land: Landscape) -> Page:
    """Make the first page: what the listing says, and what must be known of it."""
    day = listing_name(land, land.newest)
    title = land.say("page_landscape", listing=day)
    # A report of its own has its sentences on the cover already.
    found = (Note("", sentences(land), "finding"),) if land.brief else ()
    blocks = (*found, Note("", cautions(land), "caution"), key_table(land))
    return Page("landscape", title, blocks)


def cautions(land: Landscape) -> tuple[str, ...]:
    """Say what a reader must know of the listings.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    tuple of str
        How the models were chosen, what a download is, and which columns are missing.
    """
    listing = land.newest.listing
    key = "land_selection" if listing.selection else "land_no_selection"
    missing = [
        land.say(f"land_missing_{name}")
        for name in ("maker", "task")
        if land.breakdown(name) is None
    ]
    if land.newest.whole.correlation is None:
        missing.append(land.say("land_missing_likes"))
    chosen = land.say(key, selection=land.quoted(listing.selection))
    return (chosen, land.say("land_downloads_are"), *missing)


def _breakdown_pages(land: Landscape) -> Iterator[Page]:
    """Make the pages on licences, makers and tasks, as far as the file has them."""
    for page, names in _PAGES.items():
        blocks: list[Block] = []
        for name in names:
            breakdown = land.breakdown(name)
            if breakdown is not None:
                blocks += _breakdown_blocks(land, breakdown)
        if blocks:
            title = land.say(f"page_listing_{page}")
            yield Page(f"listing_{page}", title, tuple(blocks))


def _breakdown_blocks(land: Landscape, breakdown: Breakdown) -> Iterator[Block]:
    """Draw a breakdown, list it, and list what was not recognised."""
    # A single bar says nothing that the table does not.
    drawn = not land.brief or breakdown.name in _DRAWN_BRIEF
    if drawn and len(breakdown.rows) > 1:
        yield breakdown_chart(land, breakdown, _MOST_DRAWN)
    on_paper = drawn or breakdown.name in _LISTED_BRIEF
    yield replace(breakdown_table(land, breakdown, _MOST), paper=on_paper)
    if breakdown.name in _WITH_OTHERS and breakdown.unrecognised:
        yield unrecognised_table(land, breakdown)


def _likes_page(land: Landscape) -> Iterator[Page]:
    """Make the page on likes against downloads."""
    found = land.newest.whole.correlation
    if found is None:
        return
    blocks: tuple[Block, ...] = (
        *likes_chart(land),
        *(Note(text) for text in leverage_sentence(land, found)),
        Note(land.say("land_likes_are")),
        likes_table(land),
    )
    yield Page("listing_likes", land.say("title_listing_likes"), blocks)


def _concentration_page(land: Landscape) -> Page:
    """Make the page on how downloads gather."""
    title = land.say("title_listing_concentration")
    blocks = (lorenz_chart(land), concentration_table(land))
    return Page("listing_concentration", title, blocks)


def _changes(land: Landscape) -> Iterator[Page]:
    """Make the page on several listings; none for a single one."""
    blocks = change_blocks(land)
    if blocks:
        yield Page("listing_changes", land.say("page_listing_changes"), blocks)


def _method_page(land: Landscape) -> Page:
    """Make the page that says how the numbers of listings were made."""
    # A report of its own has one page of methods, as all reports have.
    name = "listing_methods" if land.brief else "methods"
    title = land.say("page_listing_methods")
    return Page(name, title, (Note("", landscape_methods(land)),))


def landscape_methods(land: Landscape) -> tuple[str, ...]:
    """Say how the numbers of listings were made.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    tuple of str
        A sentence or a few on each: listing, downloads, licences, and so on.
    """
    keys = ["listing", "error", "downloads", "licences", "makers", "tasks", "likes"]
    keys += ["concentration", "without"]
    if len(land.results) > 1:
        keys.append("dates")
    keys.append("rounding")
    spdx = licence_list(NEWEST)
    values = {"edition": spdx.edition, "as_of": date_text(spdx.as_of, land.language)}
    return tuple(land.say(f"land_method_{key}", **values) for key in keys)

"""landscape(listings) -> Report: from listings of models to everything that is said.

A listing is no survey: nobody was sampled, so no number has an interval.
"""

import hashlib
import platform
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from pathlib import Path
from typing import Any, Final, get_args

import pandas as pd

from survey.drafts import safe_name
from survey.errors import ListingError, some
from survey.finding import SEVERITIES, Finding
from survey.listing.analyse import analyse_listing
from survey.listing.compare import compare_listings
from survey.listing.dates import checked_date
from survey.listing.read import read_listing
from survey.listing.values import Listing
from survey.report.document import Page, Report
from survey.report.landscape_pages import cautions, landscape_pages
from survey.report.landscape_parts import Landscape, listing_name
from survey.report.landscape_sentences import sentences
from survey.report.look import HOUSE, Look, read_look
from survey.report.wording import words
from survey.results_landscape import landscape_rows
from survey.study.model import Language
from survey.study.task import Task

Progress = Callable[[str, int, int], None]
PACKAGES: Final = ("genai-survey", "numpy", "pandas", "pingouin", "matplotlib")


def landscape(
    paths: Sequence[str | Path],
    *,
    dates: Mapping[str, str] | None = None,
    selection: str = "",
    language: Language = "en",
    style: str | Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Analyse listings of models.

    Parameters
    ----------
    paths : sequence of str or Path
        Listings: CSV, JSON, JSON lines or Parquet. Several are compared in the order of
        their days.
    dates : mapping of str to str, optional
        Day of a listing by the name of its file (``models.csv``: ``2026-05-07``). The
        empty name stands for the only listing, and of several for those whose files do
        not tell their day.
    selection : str
        How the models were chosen: of the only listing, and of several of those whose
        files do not tell it.
    language : {"en", "de"}, default "en"
        Of the report.
    style : str or Path, optional
        YAML file with colours, fonts and logo of the house.
    progress : callable, optional
        Called with a step, how many are done, and how many there are.

    Returns
    -------
    Report
        Pages, figures, tables, results, findings; nothing is written yet.

    Raises
    ------
    SurveyError
        A file is missing or no listing, a day is wrong or missing, or two listings have
        the same day.
    """
    files = [Path(path) for path in paths]
    _check(files, dates or {}, language)
    listings = []
    for number, file in enumerate(files):
        if progress is not None:
            progress(file.name, number, len(files))
        listings.append(_read(file, dates or {}, selection, is_only=len(files) == 1))
    land = landscape_of(listings, language)
    look = HOUSE if style is None else read_look(Path(style))
    inputs = [] if style is None else [Path(style)]
    return _report(land, look, inputs)


def landscape_of(
    listings: Sequence[Listing], language: Language, *, brief: bool = False
) -> Landscape:
    """Analyse listings that are read already.

    Parameters
    ----------
    listings : sequence of Listing
        In any order.
    language : {"en", "de"}
        Of the report.
    brief : bool
        Whether they are a section of the report of a survey.

    Returns
    -------
    Landscape
        Oldest first, with what changed between them.

    Raises
    ------
    ListingError
        Two of several listings have the same day, or one has none.
    """
    _check_days(listings)
    results = tuple(analyse_listing(each, interval=not brief) for each in listings)
    if len(results) == 1:
        return Landscape(language, results, brief=brief)
    comparison = compare_listings(results)
    return Landscape(language, comparison.results, comparison, brief)


@dataclass(frozen=True, slots=True, eq=False)
class Section:
    """What listings add to the report of a survey; empty where a study names none.

    Attributes
    ----------
    pages : tuple of Page
        With a section of their own.
    rows : tuple of DataFrame
        One table in the columns of ``results.csv``.
    findings : tuple of Finding
        About the listings, each with its day as wave.
    facts : mapping
        What ``run.json`` holds of them, under ``listings``.
    """

    pages: tuple[Page, ...] = ()
    rows: tuple[pd.DataFrame, ...] = ()
    findings: tuple[Finding, ...] = ()
    facts: dict[str, Any] = field(default_factory=dict)


def study_section(task: Task) -> Section:
    """Analyse the listings of a study, and make its section of the report.

    Parameters
    ----------
    task : Task
        The study with its listings.

    Returns
    -------
    Section
        Empty where the study names no listings.

    Raises
    ------
    ListingError
        A file is missing or no listing, or two have the same day.
    """
    if not task.listings:
        return Section()
    listings = [
        read_listing(path, date=plan.date, selection=plan.selection)
        for path, plan in zip(task.listings, task.study.listings, strict=True)
    ]
    land = landscape_of(listings, task.study.language, brief=True)
    facts = {"listings": listing_facts(land)}
    pages, rows = landscape_pages(land), (landscape_rows(land),)
    return Section(pages, rows, land.findings, facts)


def listing_facts(land: Landscape) -> list[dict[str, Any]]:
    """Say which listings were read, for ``run.json``.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    list of dict
        File, hash, day, selection and number of models of each, oldest first.
    """
    return [
        {
            "name": result.listing.name,
            "sha256": result.listing.sha256,
            "date": result.listing.date,
            "selection": result.listing.selection,
            "models": len(result.listing.frame),
        }
        for result in land.results
    ]


def _check(files: Sequence[Path], dates: Mapping[str, str], language: str) -> None:
    """Refuse no listing, a day of a file that is not read, and unknown languages."""
    if not files:
        raise ListingError("There is no listing. Name one or several files.")
    unknown = sorted(set(dates) - {file.name for file in files} - {""})
    if unknown:
        known = some([file.name for file in files])
        raise ListingError(
            f"A day is given for {some(unknown)}, which is not read. Listings: {known}."
        )
    if language not in get_args(Language):
        raise ListingError(
            f"There is no report in language {language!r}. Choose one of "
            f"{some(get_args(Language))}."
        )


def _read(
    file: Path, dates: Mapping[str, str], selection: str, *, is_only: bool
) -> Listing:
    """Read a listing; what is said of all fills in what its file does not tell."""
    day = dates.get("", "")
    if is_only:
        return read_listing(file, date=dates.get(file.name, day), selection=selection)
    listing = read_listing(file, date=dates.get(file.name, ""))
    return replace(
        listing,
        date=listing.date or (checked_date(day) if day else ""),
        selection=listing.selection or selection,
    )


def _check_days(listings: Sequence[Listing]) -> None:
    """Refuse several listings of which one has no day."""
    unknown = [listing.name for listing in listings if not listing.date]
    if unknown and len(listings) > 1:
        raise ListingError(
            f"No day is known of {some(unknown)}, so the listings have no order. Give "
            f"it: --date {unknown[0]}=2026-05-07, or 'date: 2026-05-07' in a study."
        )


def _report(land: Landscape, look: Look, more: Sequence[Path]) -> Report:
    """Put everything together that is said."""
    findings = land.findings
    first, last = (listing_name(land, land.results[place]) for place in (0, -1))
    several = len(land.results) > 1
    key = "subtitle_landscape_several" if several else "subtitle_landscape"
    names = {"name": land.newest.listing.name, "n": len(land.results)}
    return Report(
        name=safe_name(Path(land.newest.listing.name).stem),
        title=land.say("title_landscape"),
        subtitle=land.say(key, first=first, last=last, **names),
        language=land.language,
        cautions=cautions(land)[:2],
        pages=landscape_pages(land),
        findings=findings,
        results=landscape_rows(land),
        headlines=sentences(land),
        provenance=_provenance(land, more, findings),
        words=words(land.language),
        look=look,
    )


def _provenance(
    land: Landscape, more: Sequence[Path], findings: Sequence[Finding]
) -> dict[str, Any]:
    """List inputs with hashes, versions, and what the data warn of."""
    facts = listing_facts(land)
    others = [
        {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
        for path in more
    ]
    inputs = [{key: each[key] for key in ("name", "sha256")} for each in facts]
    return {
        "study": {"language": land.language},
        "listings": facts,
        "inputs": [*inputs, *others],
        "waves": [
            {
                "id": each["date"] or each["name"],
                "layout": "listing",
                "records_read": each["models"],
                "records_used": each["models"],
            }
            for each in facts
        ],
        "findings": {s: sum(f.severity == s for f in findings) for s in SEVERITIES},
        "warnings": [f.message for f in findings if f.severity != "note"],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
    }

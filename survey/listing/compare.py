"""Listings of different days are waves: what changed, without any test.

A listing has no sampling error, so a change is what it is; whether it means something
depends on how the models were chosen, which findings say.
"""

from collections import Counter
from collections.abc import Iterable
from itertools import pairwise

from survey.errors import ListingError, some
from survey.finding import Finding
from survey.listing.trends import licence_trends, same_models, trends
from survey.listing.turnover import turnover
from survey.listing.values import ListingComparison, ListingResult
from survey.said import Said, said


def compare_listings(results: Iterable[ListingResult]) -> ListingComparison:
    r"""Compare listings of different days.

    Parameters
    ----------
    results : iterable of ListingResult
        At least two, in any order.

    Returns
    -------
    ListingComparison
        Shares by day, of all models and of the same ones, and who came and went.

    Raises
    ------
    ListingError
        There is one listing only, one has no day, or two are of the same day.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from survey.listing.analyse import analyse_listing
    >>> from survey.listing.read import read_listing
    >>> path = Path(tempfile.mkdtemp()) / "models.csv"
    >>> def listed(text: str, date: str) -> ListingResult:
    ...     _ = path.write_text("id,downloads\n" + text)
    ...     return analyse_listing(read_listing(path, date=date))
    >>> newer = listed("a/b,3\nc/d,1\n", "2026-05-07")
    >>> found = compare_listings([newer, listed("a/b,2\n", "2025-05-07")])
    >>> found.dates, [row.share_downloads for row in found.trends["maker"]]
    (('2025-05-07', '2026-05-07'), [(1.0, 0.75), (0.0, 0.25)])
    """
    ordered = tuple(sorted(results, key=lambda result: result.listing.date))
    _check_days(ordered)
    same = same_models(ordered)
    open_licences, apache_or_mit = licence_trends(ordered, same)
    return ListingComparison(
        results=ordered,
        dates=tuple(result.listing.date for result in ordered),
        same_models=len(same),
        trends=trends(ordered, same),
        open_licences=open_licences,
        apache_or_mit=apache_or_mit,
        turnovers=tuple(turnover(*pair) for pair in pairwise(ordered)),
        findings=tuple(_differences(ordered, len(same))),
    )


def _check_days(results: tuple[ListingResult, ...]) -> None:
    """Refuse listings that cannot be put in an order."""
    if len(results) < 2:  # noqa: PLR2004 - a change is between two
        raise ListingError(
            f"{len(results)} listing: a comparison needs two of different days. Name"
            " another listing."
        )
    without = [result.listing.name for result in results if not result.listing.date]
    if without:
        raise ListingError(
            f"No day is known of {some(without)}, so the listings have no order. Give"
            " it: read_listing(..., date='2026-05-07'), or a column listed_on."
        )
    days = Counter(result.listing.date for result in results)
    twice = [day for day, count in days.items() if count > 1]
    if twice:
        names = [r.listing.name for r in results if r.listing.date in twice]
        raise ListingError(
            f"{some(names)} are of the same day ({some(twice)}). Keep one listing of a"
            " day, or give the right day with date='2026-05-07'."
        )


def _differences(results: tuple[ListingResult, ...], same: int) -> list[Finding]:
    """Say why the listings may not be comparable."""
    chosen = [result.listing.selection for result in results]
    found = [*_selections(tuple(sorted(set(chosen) - {""})))]
    if "" in chosen:
        sentence = said(
            "Of {count} of {listings} listings nothing says how their models were"
            " chosen. If it was not in the same way, shares differ for that reason,"
            " too.",
            count=chosen.count(""),
            listings=len(results),
        )
        found.append(_finding("selection_unknown", sentence, chosen.count("")))
    sizes = sorted(len(result.listing.frame) for result in results)
    if sizes[0] != sizes[-1]:
        sentence = said(
            "The listings hold between {least} and {most} models. A longer listing has"
            " more small models, and models come and go at its end.",
            least=sizes[0],
            most=sizes[-1],
        )
        found.append(_finding("sizes", sentence))
    if not same:
        sentence = said(
            "No model stands in all listings, so the same models cannot be compared."
        )
        found.append(_finding("no_same", sentence))
    return found


def _selections(stated: tuple[str, ...]) -> list[Finding]:
    """Say that models were chosen in different ways."""
    sentence = said(
        "The models of the listings were not chosen in the same way: {selections}."
        " Shares differ for that reason, too.",
        selections=stated,
    )
    return [_finding("selection", sentence)] if len(stated) > 1 else []


def _finding(check: str, sentence: Said, count: int = 0) -> Finding:
    """Make a finding about the comparison."""
    return Finding("warning", f"listings_{check}", "", sentence, count)

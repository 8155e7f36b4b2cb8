"""Numbers of listings as rows of ``results.csv``.

Every question of a listing begins with ``listing:``, so that no row of a survey is
taken for one of a listing, nor the other way round.
"""

from collections.abc import Iterator, Mapping
from math import nan
from typing import Any, Final

import pandas as pd

from survey.listing.values import Breakdown, Figures, ListingResult, ShareRow
from survey.report.cells import TOTAL
from survey.report.landscape_parts import Landscape, label_of, models_to_half
from survey.tabulation.layout import CELL_COLUMNS

PREFIX: Final = "listing:"
_MOST: Final = 100
_WITHOUT: Final = "without largest"
Row = dict[str, Any]


def landscape_rows(land: Landscape) -> pd.DataFrame:
    """Give the published numbers of listings.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    DataFrame
        In the columns of ``results.csv``; the wave is the day of the listing. Shares of
        models have an empty banner and the point ``Total``, those of downloads the
        banner ``weights`` and the point ``downloads``; both once more without the
        largest model, under the banner ``sensitivity``. ``count`` is the number of
        models, ``base_weighted`` the downloads of the base. Standard errors and
        intervals are empty. The 100 largest categories of a breakdown have rows.
    """
    rows = [row for result in land.results for row in _of_listing(land, result)]
    frame = pd.DataFrame(rows, columns=["wave", *CELL_COLUMNS])
    return frame.astype({"base_unweighted": "Int64"})


def _of_listing(land: Landscape, result: ListingResult) -> Iterator[Row]:
    """Give the rows of one listing."""
    wave = result.listing.date or result.listing.name
    for row in _numbers(land, result):
        yield {"wave": wave, **row}


def _numbers(land: Landscape, result: ListingResult) -> Iterator[Row]:
    """Give breakdowns, open licences, concentration and correlation."""
    yield from _totals(land, result)
    for breakdown in result.breakdowns.values():
        for share in breakdown.rows[:_MOST]:
            label = label_of(land, breakdown.name, share)
            yield from _shares(breakdown.name, label, share, breakdown)
    licences = result.breakdowns.get("licence")
    named = {"apache_or_mit": result.apache_or_mit, "open": result.open_licences}
    for code, one in named.items():
        if one is not None and licences is not None:
            label = land.say(f"land_{code}")
            share = ShareRow(code, label, *_values(one))
            yield from _shares("licence_openness", label, share, licences)
    halves = {"": False, "sensitivity": True}
    for banner, left_out in halves.items():
        figures = result.without if left_out else result.whole
        half = models_to_half(result, without=left_out)
        yield from _figures(figures, half, banner)


def _values(row: ShareRow) -> tuple[int, float, float, float, float, float]:
    """Give the numbers of a category without its names."""
    return (
        row.models,
        row.downloads,
        row.share_models,
        row.share_downloads,
        row.share_models_without,
        row.share_downloads_without,
    )


def _row(question: str, code: str, label: str, **others: Any) -> Row:
    """Make a row without errors; what is not given is missing."""
    blank = dict.fromkeys(CELL_COLUMNS, nan)
    texts = {"banner": "", "point": TOTAL, "letters": "", "note": ""}
    names = {"question": f"{PREFIX}{question}", "code": code, "label": label}
    return {**blank, **texts, "base_unweighted": pd.NA, **names, **others}


def _totals(land: Landscape, result: ListingResult) -> Iterator[Row]:
    """Give the number of models, and of their downloads."""
    downloads = result.listing.frame["downloads"]
    totals = {"models": len(downloads), "downloads": float(downloads.sum())}
    for code, total in totals.items():
        label = land.say(f"land_{code}")
        note = result.listing.selection if code == "models" else ""
        given: Row = {"statistic": "total", "estimate": float(total), "note": note}
        yield _row("total", code, label, count=len(downloads), **given)


def _shares(
    question: str, label: str, share: ShareRow, base: Breakdown
) -> Iterator[Row]:
    """Give a category by models and by downloads, with and without the largest."""
    places = {
        ("", TOTAL): share.share_models,
        ("weights", "downloads"): share.share_downloads,
        ("sensitivity", _WITHOUT): share.share_models_without,
        ("sensitivity", f"downloads {_WITHOUT}"): share.share_downloads_without,
    }
    for (banner, point), estimate in places.items():
        # What is counted without the largest model has another count and base.
        known: Row = {}
        if banner != "sensitivity":
            known = {"count": share.models, "base_unweighted": base.models}
            known["base_weighted"] = base.downloads if banner else float(base.models)
        place = {"banner": banner, "point": point, "statistic": "share"}
        yield _row(question, share.code, label, estimate=estimate, **place, **known)


def _figures(figures: Figures, half: int, banner: str) -> Iterator[Row]:
    """Give concentration and correlation."""
    point = _WITHOUT if banner else TOTAL
    place = {"banner": banner, "point": point}
    numbers: dict[str, Mapping[str, float]] = {}
    for unit, found in {"models": figures.models, "makers": figures.makers}.items():
        if found is not None:
            numbers[f"concentration_{unit}"] = {
                "effective": found.effective,
                "gini": found.gini,
                **({"half": half or nan} if unit == "models" else {}),
                **{f"top_{k}": share for k, share in found.top.items()},
            }
    likes = figures.correlation
    if likes is not None:
        numbers["likes_downloads"] = {
            "r2_raw": likes.r2_raw,
            "r2_log": likes.r2_log,
            "spearman": likes.spearman,
            "slope_log": likes.slope_log,
            "intercept_log": likes.intercept_log,
        }
    for question, values in numbers.items():
        statistic = question.split("_")[0].replace("likes", "correlation")
        for code, estimate in values.items():
            label = code.replace("_", " ")
            given = {"statistic": statistic, "estimate": estimate, **place}
            yield _row(question, code, label, **given)

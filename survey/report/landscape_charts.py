"""Figures of a listing: shares in pairs, likes against downloads, Lorenz curves.

A figure of pairs has shares of models above shares of downloads, without intervals.
"""

from collections.abc import Iterator
from math import ceil
from typing import Final

import numpy as np
import pandas as pd

from survey.listing.values import Breakdown, Concentration, Correlation
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.landscape_parts import (
    Landscape,
    base_text,
    footer,
    label_of,
    largest_rows,
    told,
)
from survey.report.landscape_sentences import breakdown_title, likes_title, lorenz_title

_STEPS: Final = 24
_MOST_BRIEF: Final = 120
_FEWEST: Final = 3


def breakdown_chart(land: Landscape, breakdown: Breakdown, most: int) -> ChartBlock:
    """Draw shares of models and of downloads side by side.

    Parameters
    ----------
    land : Landscape
        The listings.
    breakdown : Breakdown
        Categories of the newest one.
    most : int
        How many categories have a row; the others are one row.

    Returns
    -------
    ChartBlock
        Two bars per category, in the order of the breakdown.
    """
    rows = tuple(
        ChartRow(
            label_of(land, breakdown.name, row),
            tuple(
                ChartValue(share, land.percent(share))
                if np.isfinite(share)
                else ChartValue(None, land.say("land_undefined"), flag="hidden")
                for share in (row.share_models, row.share_downloads)
            ),
        )
        for row in largest_rows(land, breakdown, most)
    )
    title, put = breakdown_title(land, breakdown), land.say(f"land_by_{breakdown.name}")
    return ChartBlock(
        name=f"listing_{breakdown.name}",
        kind="pairs",
        title=title,
        subtitle="" if put == title else put,
        series=(
            ChartSeries(land.say("land_share_models"), "main"),
            ChartSeries(land.say("land_share_downloads"), "other"),
        ),
        rows=rows,
        footer=footer(land, base_text(land, breakdown), land.say("land_no_error")),
        alt=told(land, title, "land_alt_pairs", rows),
    )


def likes_chart(land: Landscape) -> tuple[ChartBlock, ...]:
    """Draw likes against downloads on logarithmic axes, with the fit on logarithms.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    tuple of ChartBlock
        One figure; none without likes, or with fewer than three models to draw.
    """
    result = land.newest
    found, points = result.whole.correlation, result.points
    if found is None or len(points) < _FEWEST:
        return ()
    drawn = _thinned(land, _above_zero(points))
    if len(drawn) < _FEWEST:
        return ()
    return (_scatter(land, found, drawn),)


def _scatter(land: Landscape, found: Correlation, drawn: pd.DataFrame) -> ChartBlock:
    """Make the figure of points that are above 0 on both axes."""
    rows = tuple(_points(land, drawn))
    title, put = likes_title(land, found), land.say("title_listing_likes")
    named = [row for row in rows if row.role == "net"]
    is_all = len(drawn) == len(_above_zero(land.newest.listing.frame))
    base = land.say(
        "land_points_all" if is_all else "land_points",
        drawn=land.count(len(drawn)),
        n=land.count(found.models),
    )
    fit = _fit(found, drawn)
    line = [land.say("land_fit", r2=land.decimal(found.r2_log))] if fit else []
    axes = (land.say("land_downloads_axis"), land.say("land_likes_axis"))
    return ChartBlock(
        name="listing_likes",
        kind="scatter",
        title=title,
        subtitle="" if put == title else put,
        series=tuple(ChartSeries(axis) for axis in axes),
        rows=rows,
        footer=footer(land, base, *line),
        alt=told(land, title, "land_alt_scatter", named, n=land.count(len(rows))),
        logarithmic=True,
        reference=fit,
        language=land.language,
    )


def _above_zero(points: pd.DataFrame) -> pd.DataFrame:
    """Keep what logarithmic axes can show."""
    return points[(points["downloads"] > 0) & (points["likes"] > 0)]


def _thinned(land: Landscape, points: pd.DataFrame) -> pd.DataFrame:
    """Draw fewer of the points without a name, where there is little time for them."""
    if not land.brief:
        return points
    others = np.flatnonzero(~points["named"].to_numpy(bool))
    step = max(1, ceil(len(others) / _MOST_BRIEF))
    left_out = np.delete(others, np.s_[::step])
    return points.drop(index=points.index[left_out])


def _points(land: Landscape, points: pd.DataFrame) -> Iterator[ChartRow]:
    """Make the points; the few extreme ones have their name written."""
    columns = [points[name].tolist() for name in ("id", "named", "downloads", "likes")]
    for name, named, *counts in zip(*columns, strict=True):
        values = tuple(ChartValue(float(n), land.count(n)) for n in counts)
        yield ChartRow(str(name), values, "net" if named else "category")


def _fit(found: Correlation, drawn: pd.DataFrame) -> tuple[tuple[float, float], ...]:
    """Give the line of the fit on log10(1 + count), as far as both are above 0."""
    low, high = (np.log10(drawn["downloads"].agg(end)) for end in ("min", "max"))
    across = np.logspace(low, high, _STEPS)
    up = 10 ** (found.intercept_log + found.slope_log * np.log10(1 + across)) - 1
    pairs = zip(across.tolist(), up.tolist(), strict=True)
    return tuple((x, y) for x, y in pairs if y > 0 and np.isfinite(y))


def lorenz_chart(land: Landscape) -> ChartBlock:
    """Draw how downloads gather on few models and few makers.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    ChartBlock
        One curve of models and, where makers are known, one of makers.
    """
    whole = land.newest.whole
    found = {"models": whole.models, "makers": whole.makers}
    curves = {land.say(f"land_{name}"): curve for name, curve in found.items() if curve}
    rows = tuple(
        row for name, curve in curves.items() for row in _curve(land, name, curve)
    )
    title = lorenz_title(land)
    units = {name: land.count(curve.units) for name, curve in found.items() if curve}
    key = "land_lorenz_base_makers" if whole.makers else "land_lorenz_base"
    base = land.say(key, **units)
    ginis = "; ".join(f"{n}: {land.decimal(c.gini)}" for n, c in curves.items())
    return ChartBlock(
        name="listing_lorenz",
        kind="curve",
        title=title,
        subtitle=land.say("land_lorenz_put"),
        series=(
            ChartSeries(land.say("land_lorenz_across")),
            ChartSeries(land.say("land_lorenz_up")),
        ),
        rows=rows,
        footer=footer(land, base, land.say("land_lorenz_equal")),
        alt=f"{title}. {land.say('land_alt_lorenz', ginis=ginis)}",
        reference=((0.0, 0.0), (1.0, 1.0)),
        language=land.language,
    )


def _curve(land: Landscape, name: str, found: Concentration) -> Iterator[ChartRow]:
    """Make the points of a curve."""
    for across, up in found.lorenz.tolist():
        values = tuple(ChartValue(n, land.percent(n)) for n in (across, up))
        yield ChartRow(name, values, group=name)

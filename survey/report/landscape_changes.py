"""Several listings: what changed in shares, and which models came, went and moved.

A share can change because other models are listed. So every change stands beside the
one of the models that are in all listings.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from math import isfinite
from typing import Final

from survey.listing.values import (
    BreakdownName,
    ListingComparison,
    ModelMove,
    ShareTrend,
    Turnover,
)
from survey.report.document import (
    Block,
    ChartBlock,
    ChartRow,
    ChartSeries,
    ChartValue,
    Note,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.landscape_cells import count_cell, share_cell
from survey.report.landscape_parts import (
    Landscape,
    footer,
    label_of,
    listing_name,
    told,
)
from survey.report.numbers import points
from survey.report.wording import date_text
from survey.said import tell

_DRAWN: Final[tuple[BreakdownName, ...]] = ("licence_family", "maker", "task_group")
_LISTED: Final[tuple[BreakdownName, ...]] = (
    "licence_family",
    "maker_kind",
    "task_group",
    "maker",
)
_MOST_LINES: Final = 8
_MOST_LISTINGS: Final = 8
_MOST_ROWS: Final = 15
_MOST_MODELS: Final = 10
_HUNDRED: Final = 100


def change_blocks(land: Landscape) -> tuple[Block, ...]:
    """Make all that is said of several listings.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    tuple of Block
        Sentences, figures of shares over the listings, tables of changes, and the
        models that came, went and moved; empty for a single listing.
    """
    comparison = land.comparison
    if comparison is None:
        return ()
    cautions = tuple(tell(f.said, land.language) for f in comparison.findings)
    blocks: list[Block] = [Note("", change_sentences(land, comparison), "finding")]
    if cautions:
        blocks.append(Note("", cautions, "caution"))
    for name in () if land.brief else _DRAWN:
        blocks += _lines(land, name, comparison.trends.get(name, ()))
    tables = [t for name in _LISTED for t in _trend_table(land, name, comparison)]
    tables += _models(land, comparison.turnovers[-1])
    # A section has the first table on paper, and the others in the workbook.
    rest = [replace(table, paper=not land.brief) for table in tables[1:]]
    return (*blocks, *tables[:1], *rest)


def change_sentences(land: Landscape, comparison: ListingComparison) -> tuple[str, ...]:
    """Say what changed from the oldest listing to the newest.

    Parameters
    ----------
    land : Landscape
        The listings.
    comparison : ListingComparison
        What changed between them.

    Returns
    -------
    tuple of str
        How many models came and went; the share under Apache 2.0 or MIT, of all models
        and of those in every listing.
    """
    last = comparison.turnovers[-1]
    days = {
        "before": date_text(last.before, land.language),
        "after": date_text(last.after, land.language),
    }
    counts = {name: land.count(getattr(last, name)) for name in _COUNTS}
    texts = [land.say("land_say_turnover", **days, **counts)]
    if last.came:
        share = land.written(last.came_share_downloads)
        texts.append(land.say("land_say_came", share=share))
    return (" ".join(texts), *_open_sentences(land, comparison))


_COUNTS: Final = ("stayed", "came", "went")


def _open_sentences(land: Landscape, comparison: ListingComparison) -> Iterator[str]:
    """Say how the share under Apache 2.0 or MIT moved, where it is known."""
    trend = comparison.apache_or_mit
    if trend is None:
        return
    ends = [trend.share_downloads[place] for place in (0, -1)]
    if not all(map(isfinite, ends)):
        return
    before, after = map(land.written, ends)
    first = date_text(comparison.dates[0], land.language)
    last = date_text(comparison.dates[-1], land.language)
    days = {"first": first, "last": last}
    key = "land_say_open_same" if before == after else "land_say_open_change"
    yield land.say(key, before=before, after=after, **days)
    ends = [trend.same_share_downloads[place] for place in (0, -1)]
    if comparison.same_models and all(map(isfinite, ends)):
        before, after = map(land.written, ends)
        n = land.count(comparison.same_models)
        yield land.say("land_say_same_models", n=n, before=before, after=after)


def _lines(
    land: Landscape, name: BreakdownName, trends: Sequence[ShareTrend]
) -> Iterator[ChartBlock]:
    """Draw shares of downloads over the listings; nothing where none is known."""
    largest = sorted(trends, key=lambda trend: -_last(trend))[:_MOST_LINES]
    shown = _shown(land)
    rows = tuple(
        ChartRow(
            label_of(land, name, trend),
            tuple(_value(land, trend.share_downloads[place]) for place in shown),
        )
        for trend in largest
    )
    # A single line says nothing that the table does not.
    if len(rows) <= 1:
        return
    results = [land.results[place] for place in shown]
    title = land.say("land_lines_title", what=land.say(f"land_by_{name}"))
    bases = [
        land.say(
            "land_lines_base",
            listing=listing_name(land, result),
            n=land.count(len(result.listing.frame)),
        )
        for result in results
    ]
    yield ChartBlock(
        name=f"listing_{name}_lines",
        kind="lines",
        title=title,
        subtitle=land.say("land_lines_put", n=land.count(len(rows))),
        series=tuple(ChartSeries(listing_name(land, result)) for result in results),
        rows=rows,
        footer=footer(
            land, *bases, *_left_out(land), land.say("land_no_error"), results=results
        ),
        alt=told(land, title, "land_alt_lines", rows),
    )


def _shown(land: Landscape) -> list[int]:
    """Choose listings that fit into a figure: the oldest, the newest, some between."""
    number = len(land.results)
    most = min(number, _MOST_LISTINGS)
    return [round(place * (number - 1) / (most - 1)) for place in range(most)]


def _left_out(land: Landscape) -> Iterator[str]:
    """Say that not all listings are shown, where that is so."""
    number, shown = len(land.results), len(_shown(land))
    if shown < number:
        yield land.say("land_shown_note", n=land.count(number), shown=shown)


def _last(trend: ShareTrend) -> float:
    """Give the size of a line in the newest listing; 0 where it is not known."""
    share = trend.share_downloads[-1]
    return share if isfinite(share) else 0.0


def _value(land: Landscape, share: float) -> ChartValue:
    """Give the share of one listing, or why there is none."""
    if isfinite(share):
        return ChartValue(share, land.percent(share))
    return ChartValue(None, land.say("land_not_stated"), flag="hidden", linked=False)


def _trend_table(
    land: Landscape, name: BreakdownName, comparison: ListingComparison
) -> Iterator[TableBlock]:
    """List the shares of every listing, and their changes."""
    found = comparison.trends.get(name, ())
    if not found:
        return
    trends = found[:_MOST_ROWS]
    cut = [land.say("land_cut_note", n=_MOST_ROWS)] if len(found) > _MOST_ROWS else []
    rows = tuple(
        TableRow(label_of(land, name, trend), tuple(_trend_cells(land, name, trend)))
        for trend in trends
    )
    note = land.say("land_same_note", n=land.count(comparison.same_models))
    yield TableBlock(
        f"listing_{name}_changes",
        land.say("land_lines_title", what=land.say(f"land_by_{name}")),
        land.say(f"land_head_{name}"),
        _trend_columns(land),
        rows,
        (
            *cut,
            *_left_out(land),
            note,
            land.say("land_no_error"),
            land.say("land_downloads_are"),
        ),
    )


def _trend_columns(land: Landscape) -> tuple[TableColumn, ...]:
    """Name the columns of a table of changes."""
    days = [listing_name(land, land.results[place]) for place in _shown(land)]
    change = land.say("land_change")
    return (
        *(TableColumn(day, group=land.say("land_share_models")) for day in days),
        *(TableColumn(day, group=land.say("land_share_downloads")) for day in days),
        TableColumn(land.say("land_share_models"), group=change),
        TableColumn(land.say("land_share_downloads"), group=change),
        TableColumn(land.say("land_same"), group=change),
    )


def _trend_cells(
    land: Landscape, name: BreakdownName, trend: ShareTrend
) -> Iterator[TableCell]:
    """Write the shares of a category in every listing, and how they changed."""
    what = land.say(f"land_by_{name}")
    for part in ("models", "downloads"):
        recipe = land.say(f"land_recipe_trend_{part}", what=what)
        shares = trend.share_models if part == "models" else trend.share_downloads
        for place in _shown(land):
            yield share_cell(land, shares[place], recipe)
    yield _points(land, trend.change_models)
    yield _points(land, trend.change_downloads)
    yield _points(land, trend.same_change_downloads)


def _points(land: Landscape, difference: float) -> TableCell:
    """Write a change in percentage points; empty where it is not defined."""
    if not isfinite(difference):
        return TableCell("")
    recipe = land.say("land_recipe_change")
    value = difference * _HUNDRED
    return TableCell(points(difference), value, "points", recipe=recipe)


def _models(land: Landscape, turnover: Turnover) -> Iterator[TableBlock]:
    """List the largest models that came and went, and those that moved most."""
    days = {
        "before": date_text(turnover.before, land.language),
        "after": date_text(turnover.after, land.language),
    }
    found = {
        "came": turnover.largest_came,
        "went": turnover.largest_went,
        "moved": turnover.moved,
    }
    for name, moves in found.items():
        if moves:
            yield TableBlock(
                f"listing_models_{name}",
                land.say(f"land_models_{name}", **days),
                land.say("land_model"),
                _move_columns(land, days),
                tuple(
                    TableRow(move.id, tuple(_move_cells(land, move)))
                    for move in moves[:_MOST_MODELS]
                ),
                (land.say("land_moves_note"), land.say("land_downloads_are")),
            )


def _move_columns(land: Landscape, days: dict[str, str]) -> tuple[TableColumn, ...]:
    """Name the columns of a table of models in two listings."""
    groups = [land.say(name) for name in ("land_downloads", "land_share_downloads")]
    groups.append(land.say("land_rank"))
    return tuple(
        TableColumn(day, group=group) for group in groups for day in days.values()
    )


def _move_cells(land: Landscape, move: ModelMove) -> Iterator[TableCell]:
    """Write downloads, share and rank of a model in two listings."""
    recipe = land.say("land_recipe_move")
    for downloads in (move.downloads_before, move.downloads_after):
        yield count_cell(land, downloads, recipe)
    for share in (move.share_before, move.share_after):
        yield share_cell(land, share, recipe)
    for rank in (move.rank_before, move.rank_after):
        yield count_cell(land, rank, recipe)

"""Tables of a listing: shares side by side, correlation, concentration, what is other.

Every table of shares has them once more without the model with the most downloads.
"""

from collections.abc import Iterator
from math import nan
from typing import Final

from survey.listing.values import Breakdown, Concentration, Figures, ShareRow
from survey.report.document import TableBlock, TableCell, TableColumn, TableRow
from survey.report.landscape_cells import count_cell, decimal_cell, share_cell
from survey.report.landscape_parts import (
    Landscape,
    base_text,
    label_of,
    largest_rows,
    listing_name,
    models_to_half,
)

_TOLD_TOPS: Final = (1, 3, 10, 50, 100)
_MOST_OTHERS: Final = 40
_Line = tuple[str, TableCell, TableCell]


def breakdown_table(land: Landscape, breakdown: Breakdown, most: int) -> TableBlock:
    """Make the table of a breakdown, by models and by downloads.

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
    TableBlock
        Counts, shares, and shares without the largest model.
    """
    rows = [
        TableRow(
            label_of(land, breakdown.name, row),
            _share_cells(land, breakdown, row),
        )
        for row in largest_rows(land, breakdown, most)
    ]
    return TableBlock(
        f"listing_{breakdown.name}",
        land.say(f"land_by_{breakdown.name}"),
        land.say(f"land_head_{breakdown.name}"),
        _columns(land),
        (*rows, _base_row(land, breakdown)),
        (*_notes(land, breakdown),),
    )


def _columns(land: Landscape) -> tuple[TableColumn, ...]:
    """Name the columns: counts and shares of models and downloads, with and without."""
    without = land.say("land_without", model=land.newest.largest)
    names = ("land_models", "land_downloads")
    counts = [
        TableColumn(land.say(name), group=land.say("land_count")) for name in names
    ]
    shares = [TableColumn(land.say(name), group=land.say("share")) for name in names]
    rest = [TableColumn(land.say(name), group=without) for name in names]
    return (*counts, *shares, *rest)


def _share_cells(
    land: Landscape, breakdown: Breakdown, row: ShareRow
) -> tuple[TableCell, ...]:
    """Write the numbers of a category."""
    recipes = _recipes(land, breakdown)
    return (
        count_cell(land, row.models, recipes["models"]),
        count_cell(land, row.downloads, recipes["downloads"]),
        share_cell(land, row.share_models, recipes["models"]),
        share_cell(land, row.share_downloads, recipes["downloads"]),
        share_cell(land, row.share_models_without, recipes["models_without"]),
        share_cell(land, row.share_downloads_without, recipes["downloads_without"]),
    )


def _recipes(land: Landscape, breakdown: Breakdown) -> dict[str, str]:
    """Say how the numbers of a breakdown are made."""
    what = land.say(f"land_by_{breakdown.name}")
    values = {
        "what": what,
        "listing": listing_name(land, land.newest),
        "models": land.count(breakdown.models),
        "downloads": land.count(breakdown.downloads),
    }
    leaving = land.say("land_recipe_without", model=land.newest.largest)
    plain = {
        part: land.say(f"land_recipe_{part}", **values)
        for part in ("models", "downloads")
    }
    rest = {f"{part}_without": f"{text} {leaving}" for part, text in plain.items()}
    return plain | rest


def _base_row(land: Landscape, breakdown: Breakdown) -> TableRow:
    """Write the base of a breakdown."""
    recipes = _recipes(land, breakdown)
    counts = (
        count_cell(land, breakdown.models, recipes["models"]),
        count_cell(land, breakdown.downloads, recipes["downloads"]),
    )
    blank = (TableCell(""),) * 4
    return TableRow(land.say("land_base_row"), (*counts, *blank), "base")


def _notes(land: Landscape, breakdown: Breakdown) -> Iterator[str]:
    """Say what the base is, what stands under other, and that nothing has an error."""
    yield base_text(land, breakdown)
    unknown = sum(models for _, models in breakdown.unrecognised)
    if unknown:
        name = breakdown.name
        key = "land_other_licence" if "licence" in name else "land_other_task"
        yield land.say(key, n=land.count(unknown))
    yield land.say("land_downloads_are")


def unrecognised_table(land: Landscape, breakdown: Breakdown) -> TableBlock:
    """List what the file says and nothing knows.

    Parameters
    ----------
    land : Landscape
        The listings.
    breakdown : Breakdown
        With its raw values, some of which are not recognised.

    Returns
    -------
    TableBlock
        The most frequent first.
    """
    found = breakdown.unrecognised
    recipe = land.say("land_recipe_other", listing=listing_name(land, land.newest))
    rows = [
        TableRow(text, (count_cell(land, models, recipe),))
        for text, models in found[:_MOST_OTHERS]
    ]
    rest = found[_MOST_OTHERS:]
    if rest:
        label = land.say("land_rest", n=land.count(len(rest)))
        models = sum(models for _, models in rest)
        rows.append(TableRow(label, (count_cell(land, models, recipe),)))
    return TableBlock(
        f"listing_{breakdown.name}_other",
        land.say(f"land_unrecognised_{breakdown.name}"),
        land.say("land_as_written"),
        (TableColumn(land.say("land_models")),),
        tuple(rows),
    )


def key_table(land: Landscape) -> TableBlock:
    """Make the table of key figures, of all models and without the largest.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    TableBlock
        Rows for licences and likes only where the file has them.
    """
    result = land.newest
    lines = [*_open_lines(land), *_gathered(land), *_likes(land)]
    return _two_columns(land, "listing_key_figures", lines, result.largest)


def concentration_table(land: Landscape) -> TableBlock:
    """Make the table of concentration, of models and of makers.

    Parameters
    ----------
    land : Landscape
        The listings.

    Returns
    -------
    TableBlock
        Effective number, Gini coefficient, and shares of the largest.
    """
    whole, without = land.newest.whole, land.newest.without
    lines = list(_concentration(land, "models", whole.models, without.models))
    if whole.makers is not None and without.makers is not None:
        lines += _concentration(land, "makers", whole.makers, without.makers)
    largest = land.newest.largest
    return _two_columns(land, "listing_concentration", lines, largest)


def likes_table(land: Landscape) -> TableBlock:
    """Make the table of likes against downloads, with what single models do to it.

    Parameters
    ----------
    land : Landscape
        The listings; the newest one has likes.

    Returns
    -------
    TableBlock
        Three measures whole and without the largest model, then R squared on the
        counts without each of the models that move it most.
    """
    lines = list(_likes(land))
    found = land.newest.whole.correlation
    for name, r2 in found.leverage if found else ():
        recipe = land.say("land_recipe_leverage", model=name)
        label = land.say("land_r2_without", model=name)
        lines.append((label, decimal_cell(land, r2, recipe), TableCell("")))
    return _two_columns(land, "listing_likes", lines, land.newest.largest)


def _two_columns(
    land: Landscape, name: str, lines: list[_Line], largest: str
) -> TableBlock:
    """Put numbers of all models beside those without the largest."""
    columns = (
        TableColumn(land.say("land_all_models")),
        TableColumn(land.say("land_without", model=largest)),
    )
    rows = tuple(TableRow(label, (first, second)) for label, first, second in lines)
    notes = (land.say("land_no_error"), land.say("land_downloads_are"))
    head = land.say("land_measure")
    return TableBlock(name, land.say(f"title_{name}"), head, columns, rows, notes)


def _open_lines(land: Landscape) -> Iterator[_Line]:
    """Give the shares under open licences, where the file has licences."""
    breakdown = land.breakdown("licence")
    if breakdown is None:
        return
    recipes = _recipes(land, breakdown)
    result = land.newest
    found = {"apache_or_mit": result.apache_or_mit, "open": result.open_licences}
    for name, row in found.items():
        if row is None:
            continue
        pairs = {
            "models": (row.share_models, row.share_models_without),
            "downloads": (row.share_downloads, row.share_downloads_without),
        }
        for part, (whole, without) in pairs.items():
            yield (
                land.say(f"land_{name}_{part}"),
                share_cell(land, whole, recipes[part]),
                share_cell(land, without, recipes[f"{part}_without"]),
            )


def _gathered(land: Landscape) -> Iterator[_Line]:
    """Give how far downloads gather on few models."""
    result = land.newest
    halves = [models_to_half(result, without=left_out) for left_out in (False, True)]
    recipe = land.say("land_recipe_half")
    first, second = (count_cell(land, n or nan, recipe) for n in halves)
    yield land.say("land_half"), first, second
    whole, without = result.whole.models, result.without.models
    yield from list(_concentration(land, "models", whole, without))[:1]


def _concentration(
    land: Landscape, unit: str, whole: Concentration, without: Concentration
) -> Iterator[_Line]:
    """Give effective number, Gini coefficient and shares of the largest."""
    units = land.say(f"land_{unit}")
    recipe = land.say("land_recipe_effective", units=units)
    pair = (whole, without)
    first, second = (decimal_cell(land, each.effective, recipe, 1) for each in pair)
    yield land.say(f"land_effective_{unit}"), first, second
    recipe = land.say("land_recipe_gini", units=units)
    first, second = (decimal_cell(land, each.gini, recipe) for each in pair)
    yield land.say(f"land_gini_{unit}"), first, second
    for k in _TOLD_TOPS:
        if k not in whole.top or k >= whole.units:
            continue
        recipe = land.say("land_recipe_top", n=k, units=units)
        cells = [share_cell(land, each.top.get(k, nan), recipe) for each in pair]
        key = f"land_top_{unit}" if k > 1 else f"land_first_{unit}"
        yield land.say(key, n=land.count(k)), cells[0], cells[1]


def _likes(land: Landscape) -> Iterator[_Line]:
    """Give the three measures of likes against downloads, where there are likes."""
    whole, without = (
        _correlations(land.newest.whole),
        _correlations(land.newest.without),
    )
    for name, value in whole.items():
        recipe = land.say(f"land_recipe_{name}")
        cells = [
            decimal_cell(land, number, recipe)
            for number in (value, without.get(name, nan))
        ]
        yield land.say(f"land_{name}"), cells[0], cells[1]


def _correlations(figures: Figures) -> dict[str, float]:
    """Name the measures of likes against downloads; empty without likes."""
    found = figures.correlation
    if found is None:
        return {}
    return {
        "r2_raw": found.r2_raw,
        "r2_log": found.r2_log,
        "spearman": found.spearman,
    }

"""Headlines weighted and unweighted, and what the waves of a study rest on."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Final

from survey.report.by_weights import headlines_by_weights, number_cell
from survey.report.cells import interval_cell, net_interval
from survey.report.context import Context
from survey.report.document import (
    Block,
    Note,
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.headline_charts import pairs_by_weights, weighted_pairs
from survey.report.headlines import Headline, headline_cells
from survey.report.numbers import decimal
from survey.report.table_notes import small_note
from survey.report.table_rows import recipe_of
from survey.report.wording import date_text

_KEYS: Final = ("share_unweighted", "deff_short", "respondents", "base_effective")
_PLAIN: Final = ("respondents",)


def overview(contexts: Sequence[Context]) -> list[Page]:
    """Make the first page of a report.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    list of Page
        The headline numbers of the newest wave with what they rest on; none where the
        study names no headlines.
    """
    newest = contexts[-1]
    section = newest.say("section_overview")
    pages = []
    found = headline_cells(newest)
    if found:
        blocks: tuple[Block, ...] = (
            _headline_table(newest, found),
            Note(newest.say("headline_note")),
            *weighted_pairs(newest, found),
            *headlines_by_weights(newest, found),
            *pairs_by_weights(newest, found),
        )
        title = newest.say("page_findings")
        pages.append(Page("key_findings", title, blocks, section))
    return pages


def _headline_table(context: Context, found: Sequence[Headline]) -> TableBlock:
    """Put the headlines weighted and unweighted side by side, with their bases."""
    first = [context.say("share_weighted" if context.weighted else "share")]
    heads = [*first, context.level_interval]
    heads += [context.say(key) for key in (_KEYS if context.weighted else _PLAIN)]
    title = context.say("headline_title", wave=context.wave_label).rstrip(", ")
    return TableBlock(
        "headlines",
        title,
        context.say("indicator"),
        tuple(TableColumn(head) for head in heads),
        tuple(_headline_row(context, headline) for headline in found),
        (small_note(context),),
    )


def _headline_row(context: Context, headline: Headline) -> TableRow:
    """Write one headline: number, interval, unweighted, design effect, bases."""
    cell = headline.weighted
    ends = interval_cell(context, cell)
    if headline.is_net:
        ends = TableCell(net_interval(context, cell))
    recipe = recipe_of(context, headline.variable)
    number = _number(context, headline, weighted=True)
    shown = [replace(number, recipe=recipe), ends]
    if context.weighted:
        deff = TableCell(decimal(cell.deff, context.language, 2), cell.deff, "decimal")
        shown += [_number(context, headline, weighted=False), deff]
    bases = (cell.base_unweighted, cell.base_effective)
    kept = bases if context.weighted else bases[:1]
    shown += [TableCell(context.count(base), base, "count") for base in kept]
    return TableRow(headline.label, tuple(shown))


def _number(
    context: Context, headline: Headline | None, *, weighted: bool
) -> TableCell:
    """Write a headline number; the wave may not have asked."""
    if headline is None:
        return TableCell("n/a")
    cell = headline.weighted if weighted else headline.unweighted
    return number_cell(context, cell, is_net=headline.is_net)


def waves_table(contexts: Sequence[Context]) -> TableBlock:
    """Put side by side what the numbers of all waves rest on.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    TableBlock
        Records read and used, design effects and effective bases.
    """
    newest = contexts[-1]
    used = [len(context.wave.responses.frame) for context in contexts]
    rows = (
        _count_row(newest, "records_read", [c.wave.records for c in contexts]),
        _count_row(newest, "records_used", used),
        *_weight_rows(contexts),
    )
    columns = tuple(TableColumn(context.wave_label) for context in contexts)
    title = newest.say("page_waves")
    return TableBlock("waves", title, "", columns, rows)


def _count_row(context: Context, key: str, numbers: Sequence[float]) -> TableRow:
    """Make a row of counts."""
    cells = tuple(TableCell(context.count(n), float(n), "count") for n in numbers)
    return TableRow(context.say(key), cells, "base")


def _weight_rows(contexts: Sequence[Context]) -> list[TableRow]:
    """Make the rows on the weights of all tables, where there are any."""
    newest = contexts[-1]
    if newest.waves is None or not all(context.weighted for context in contexts):
        return []
    # The weights of the tables come first in every wave.
    first = {drift.wave: drift for drift in reversed(newest.waves.drift)}
    found = [first[context.wave.wave.id] for context in contexts]
    rows = [
        _number_row(newest, "deff", [drift.deff for drift in found], 2),
        _count_row(newest, "effective", [drift.base_effective for drift in found]),
        _number_row(newest, "weights_largest", [drift.largest for drift in found], 1),
    ]
    shares = [drift.efficiency / 100 for drift in found]
    cells = [TableCell(newest.percent(one), one, "percent") for one in shares]
    rows.append(TableRow(newest.say("efficiency"), tuple(cells), "statistic"))
    dates = [date_text(drift.as_of, newest.language) for drift in found]
    if any(dates):
        cells = [TableCell(date) for date in dates]
        rows.append(TableRow(newest.say("waves_targets"), tuple(cells), "statistic"))
    return rows


def _number_row(
    context: Context, key: str, numbers: Sequence[float], digits: int
) -> TableRow:
    """Make a row of numbers."""
    cells = tuple(
        TableCell(decimal(number, context.language, digits), number, "decimal")
        for number in numbers
    )
    return TableRow(context.say(key), cells, "statistic")

"""The first pages: headlines weighted and unweighted, and the waves side by side."""

from collections.abc import Sequence
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
from survey.weighting.diagnostics import deff_kish, effective_base

_KEYS: Final = ("share_unweighted", "deff_short", "respondents", "base_effective")
_PLAIN: Final = ("respondents",)


def overview(contexts: Sequence[Context]) -> list[Page]:
    """Make the first pages of a report.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    list of Page
        The headline numbers of the newest wave with what they rest on, and the waves
        side by side; none of the two where there is nothing to put in it.
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
    if len(contexts) > 1:
        both = (_waves_table(contexts), Note(newest.say("waves_note"), (), "caution"))
        pages.append(Page("waves", newest.say("page_waves"), both, section))
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
    shown = [_number(context, headline, weighted=True), ends]
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


def _waves_table(contexts: Sequence[Context]) -> TableBlock:
    """Put the headlines of all waves side by side, untested."""
    newest = contexts[-1]
    heads = [{h.label: h for h in headline_cells(context)} for context in contexts]
    labels = dict.fromkeys(label for found in reversed(heads) for label in found)
    rows = [
        _count_row(newest, "records_read", [c.wave.records for c in contexts]),
        _count_row(
            newest, "records_used", [len(c.wave.responses.frame) for c in contexts]
        ),
        *_weight_rows(contexts),
    ]
    for label in labels:
        cells = tuple(
            _number(newest, found.get(label), weighted=True) for found in heads
        )
        rows.append(TableRow(label, cells))
    columns = tuple(TableColumn(context.wave_label) for context in contexts)
    title, head = newest.say("page_waves"), newest.say("indicator")
    return TableBlock("waves", title, head, columns, tuple(rows), (small_note(newest),))


def _count_row(context: Context, key: str, numbers: Sequence[float]) -> TableRow:
    """Make a row of counts."""
    cells = tuple(TableCell(context.count(n), float(n), "count") for n in numbers)
    return TableRow(context.say(key), cells, "base")


def _weight_rows(contexts: Sequence[Context]) -> list[TableRow]:
    """Make the rows of design effect and effective base, where weights exist."""
    newest = contexts[-1]
    if not all(context.weighted for context in contexts):
        return []
    weights = [context.wave.weights for context in contexts]
    deffs = [deff_kish(weight) for weight in weights]
    cells = tuple(
        TableCell(decimal(deff, newest.language, 2), deff, "decimal") for deff in deffs
    )
    bases = [effective_base(weight) for weight in weights]
    return [
        TableRow(newest.say("deff"), cells, "statistic"),
        _count_row(newest, "effective", bases),
    ]

"""Tables of changes: headlines beside those of earlier waves, and what else changed."""

from collections.abc import Sequence

from survey.report.by_weights import number_cell
from survey.report.change_cells import after_cell, before_cell, change_cells
from survey.report.change_notes import change_notes
from survey.report.change_sentences import other_changes, worth_telling
from survey.report.change_words import (
    change_of,
    compared_with,
    in_points,
    sign_of,
    wave_name,
)
from survey.report.context import Context
from survey.report.document import TableBlock, TableColumn, TableRow
from survey.report.headlines import Headline
from survey.waves.values import Against, CellChange

_MOST_MARKED = 25


def changes_table(context: Context, found: Sequence[Headline]) -> TableBlock:
    """Put the headlines of a wave beside those of earlier ones, with the changes.

    Parameters
    ----------
    context : Context
        The newer wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    TableBlock
        This wave and the previous one; then, for every wave that it is compared with,
        the difference with interval and arrow, and once the smallest change that
        could be found.
    """
    waves = compared_with(context)
    rows = [_headline_row(context, headline, waves) for headline in found]
    return TableBlock(
        "changes",
        context.say("change_table_title", wave=context.wave_label),
        context.say("indicator"),
        _headline_columns(context, waves),
        tuple(rows),
        change_notes(context, rows),
    )


def marked_table(context: Context, found: Sequence[Headline]) -> TableBlock | None:
    """List the other numbers on Total that changed since the previous wave.

    Parameters
    ----------
    context : Context
        The newer wave.
    found : sequence of Headline
        Its headlines, which are told elsewhere.

    Returns
    -------
    TableBlock or None
        The largest changes of shares first, then those of means; None where there is
        none.
    """
    told = [each.weighted.key[:2] for each in found]
    marked = [c for c in other_changes(context, told) if worth_telling(c)]
    if not marked:
        return None
    marked.sort(key=lambda c: (not in_points(c), -abs(c.difference)))
    older = wave_name(context, marked[0].older)
    rows = tuple(_marked_row(context, change) for change in marked[:_MOST_MARKED])
    notes = list(change_notes(context, rows))
    if len(marked) > _MOST_MARKED:
        shown, every = context.count(_MOST_MARKED), context.count(len(marked))
        notes.insert(0, context.say("change_marked_more", n=shown, all=every))
    heads = (context.wave_label, older, *change_heads(context))
    return TableBlock(
        "changes_marked",
        context.say("change_marked_title", wave=older),
        "",
        tuple(TableColumn(head) for head in heads),
        rows,
        tuple(notes),
    )


def change_heads(context: Context) -> tuple[str, ...]:
    """Give the heads of a change: difference, interval, arrow, smallest change.

    Parameters
    ----------
    context : Context
        The newer wave.

    Returns
    -------
    tuple of str
        In the order of the cells of a change.
    """
    return (
        context.say("change_head_difference"),
        context.level_interval,
        context.say("change_head_arrow"),
        context.say("change_head_detectable"),
    )


def _headline_columns(
    context: Context, waves: Sequence[tuple[Against, str]]
) -> tuple[TableColumn, ...]:
    """List the columns of the table of headlines."""
    older = [wave_name(context, wave) for _, wave in waves]
    heads = [TableColumn(context.wave_label), *map(TableColumn, older[:1])]
    for number, (against, _) in enumerate(waves):
        group = context.say(f"change_against_{against}", wave=older[number])
        kept = change_heads(context) if number == 0 else change_heads(context)[:-1]
        heads += [TableColumn(head, group=group) for head in kept]
    return tuple(heads)


def _headline_row(
    context: Context, headline: Headline, waves: Sequence[tuple[Against, str]]
) -> TableRow:
    """Make the row of a headline."""
    cell, is_net = headline.weighted, headline.is_net
    changes = [change_of(context, cell.question, cell.code, a) for a, _ in waves]
    first = changes[0] if changes else None
    cells = [number_cell(context, cell, is_net=is_net), before_cell(context, first)]
    if first is not None and not first.hidden and sign_of(first):
        cells[0] = after_cell(context, first)
    for number, change in enumerate(changes):
        made = change_cells(context, change)
        cells += made if number == 0 else made[:-1]
    return TableRow(headline.label, tuple(cells))


def _marked_row(context: Context, change: CellChange) -> TableRow:
    """Make the row of a marked change."""
    cells = (after_cell(context, change), before_cell(context, change))
    shown = (*cells, *change_cells(context, change))
    return TableRow(full_label(context, change), shown)


def full_label(context: Context, change: CellChange) -> str:
    """Name a row with its question.

    Parameters
    ----------
    context : Context
        The newer wave.
    change : CellChange
        A change of the wave.

    Returns
    -------
    str
        Question, item and answer.
    """
    own, _, score = change.question.partition(":")
    for result in context.wave.questions:
        for variable in result.variables:
            if variable.name == own:
                head = context.text(result.question.label)
                if len(result.variables) > 1:
                    head = f"{head}: {variable.label}"
                rows = {row.code: row.label for row in variable.rows}
                mean = "net_preference" if score else "mean"
                label = rows.get(change.code) or context.say(mean)
                return f"{head}: {label}"
    return f"{change.question}: {change.code}"

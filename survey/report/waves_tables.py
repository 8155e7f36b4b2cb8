"""Where changes come from, and who started and stopped, as tables."""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite

from survey.report.cells import interval_cell, share_cell
from survey.report.change_reasons import reason_text
from survey.report.change_words import change_of, number_text, wave_name
from survey.report.context import Context, in_sentence
from survey.report.document import (
    Block,
    Note,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.headlines import Headline
from survey.report.numbers import ZERO, points
from survey.report.table_notes import small_note
from survey.wave.result import Cell
from survey.waves.decomposition_values import Decomposition, Part
from survey.waves.transitions_values import (
    FLOWS,
    Attrition,
    AttritionRow,
    Transition,
    Transitions,
)
from survey.waves.values import CellChange

_NOTHING = 1e-12
_PARTS = ("within", "composition", "targets", "base")


def decomposition_tables(
    context: Context, found: Sequence[Headline]
) -> tuple[TableBlock, ...]:
    """Take the changes of the headlines since the previous wave apart.

    Parameters
    ----------
    context : Context
        The newer wave.
    found : sequence of Headline
        Its headlines.

    Returns
    -------
    tuple of TableBlock
        One table for every question of segments; none where nothing was taken apart.
    """
    if context.waves is None:
        return ()
    each = context.waves.decompositions
    banners = dict.fromkeys(one.banner for one in each)
    return tuple(
        _of_banner(context, found, [d for d in each if d.banner == name], name)
        for name in banners
    )


def transition_blocks(context: Context) -> tuple[Block, ...]:
    """Say who started, stayed and stopped since the previous wave.

    Parameters
    ----------
    context : Context
        The newer wave.

    Returns
    -------
    tuple of Block
        Sentences and tables; nothing where the waves share no units, or too few.
    """
    found = context.waves.transitions if context.waves else None
    if found is None or found.hidden:
        return ()
    blocks: list[Block] = [Note(_base(context, found)), _flows(context, found)]
    if not all(one.of_before.hidden for one in found.stages):
        blocks.append(_stages(context, found))
    if found.attrition is not None:
        blocks.append(Note(_attrition_text(context, found, found.attrition)))
        blocks.append(_attrition_table(context, found, found.attrition))
    return tuple(blocks)


def _of_banner(
    context: Context,
    found: Sequence[Headline],
    each: Sequence[Decomposition],
    banner: str,
) -> TableBlock:
    """Make the table of the segments of one question."""
    by_row = {(one.question, one.code): one for one in each}
    rows = [
        TableRow(h.label, _parts(context, h, by_row[h.weighted.key[:2]]))
        for h in found
        if h.weighted.key[:2] in by_row
    ]
    level = context.percent(context.level)
    notes = [context.say("decomposition_note", level=level)]
    notes += [context.say("decomposition_small"), small_note(context)]
    heads = ("total", *_PARTS)
    names = {
        "wave": wave_name(context, each[0].older),
        "banner": in_sentence(context, banner),
    }
    return TableBlock(
        f"decomposition_{banner}",
        context.say("decomposition_title", **names),
        context.say("indicator"),
        tuple(TableColumn(context.say(f"decomposition_{name}")) for name in heads),
        tuple(rows),
        tuple(notes),
    )


def _parts(
    context: Context, headline: Headline, found: Decomposition
) -> tuple[TableCell, ...]:
    """Write the parts of a change, or why there are none."""
    blank = TableCell("")
    if found.hidden:
        first = TableCell("", flag="hidden")
        if not found.note:
            text = reason_text(context, found.consequence, found.newer, found.older)
            first = TableCell(text)
        return (first, *(blank for _ in _PARTS))
    change = change_of(context, headline.weighted.question, headline.weighted.code)
    if change is None:
        return (TableCell("n/a"),) * (1 + len(_PARTS))
    known = {part.name: part for part in (found.total, *found.parts)}
    return tuple(
        _part(context, change, known[name]) if name in known else TableCell("n/a")
        for name in ("total", *_PARTS)
    )


def _part(context: Context, change: CellChange, part: Part) -> TableCell:
    """Write one part with its interval; nothing at all is a dash."""
    if max(abs(part.estimate), abs(part.conf_low), abs(part.conf_high)) < _NOTHING:
        return TableCell(ZERO)
    size, low, high = (
        number_text(context, change, number)
        for number in (part.estimate, part.conf_low, part.conf_high)
    )
    ends = context.say("rank", low=low, high=high)
    return TableCell(f"{size} ({ends})")


def _names(context: Context, found: Transitions) -> dict[str, str]:
    """Name both waves."""
    return {
        "newer": wave_name(context, found.newer),
        "older": wave_name(context, found.older),
    }


def _base(context: Context, found: Transitions) -> str:
    """Say who is in the tables of transitions."""
    weights = wave_name(
        context, found.newer if found.weights == "newer" else found.older
    )
    known = {"organisation": "unit_organisation_plain"}
    unit = known.get(found.unit, "unit_other")
    text = context.say(
        "transitions_base" if found.mixed else "transitions_plain",
        n=context.count(found.respondents),
        unit=context.say(unit, name=found.unit),
        weights=weights,
        mixed=context.count(found.mixed),
        **_names(context, found),
    )
    return f"{text} {context.say('transitions_weights_base')}"


def _flows(context: Context, found: Transitions) -> TableBlock:
    """Make the table of those who started, stayed and stopped."""
    names = _names(context, found)
    rows = tuple(
        TableRow(
            context.say(f"flow_{name}", **names), _flow(context, found.flows[name])
        )
        for name in FLOWS
        if name in found.flows
    )
    ends = TableColumn(context.level_interval)
    heads = [TableColumn(context.say(f"flow_of_{kind}")) for kind in ("all", "before")]
    return TableBlock(
        "transitions",
        context.say("transitions_title", **names),
        "",
        (heads[0], ends, heads[1], ends),
        rows,
        (small_note(context),),
    )


def _flow(context: Context, one: Transition) -> tuple[TableCell, ...]:
    """Write a flow: of all, and of those who were there before."""
    cells = (one.of_all, one.of_before)
    return tuple(
        made
        for cell in cells
        for made in (_share(context, cell), interval_cell(context, cell))
    )


def _share(context: Context, cell: Cell) -> TableCell:
    """Write a share without letters, which belong to other tables."""
    return replace(share_cell(context, cell), letters="", plain="")


def _stages(context: Context, found: Transitions) -> TableBlock:
    """Put the answers of the newer wave by those of the older one."""
    labels = {one.after: one.of_all.label for one in found.stages}
    order = list(dict.fromkeys(one.before for one in found.stages))
    cells = {(one.before, one.after): one.of_before for one in found.stages}
    rows = tuple(
        TableRow(
            labels.get(before, before),
            tuple(_share(context, cells[before, after]) for after in labels),
        )
        for before in order
    )
    names = _names(context, found)
    return TableBlock(
        "transitions_stages",
        context.say("transitions_stages", **names),
        names["older"],
        tuple(TableColumn(label, group=names["newer"]) for label in labels.values()),
        rows,
        (context.say("transitions_stages_note", **names), small_note(context)),
    )


def _attrition_text(context: Context, found: Transitions, who: Attrition) -> str:
    """Say how many of the older wave answered again."""
    share = "**" if who.share.hidden else context.percent(who.share.estimate)
    return context.say(
        "attrition_text",
        n=context.count(who.respondents),
        again=context.count(who.again),
        share=share,
        **_names(context, found),
    )


def _attrition_table(
    context: Context, found: Transitions, who: Attrition
) -> TableBlock:
    """Put those who answered again beside the others, for the workbook."""
    rows: list[TableRow] = []
    question = ""
    for one in who.rows:
        if one.question != question:
            question = one.question
            label = in_sentence(context, question)
            rows.append(TableRow(f"{label[:1].upper()}{label[1:]}", (), "section"))
        shares = (_share(context, one.again), _share(context, one.gone))
        rows.append(TableRow(one.again.label, (*shares, *_apart(context, one))))
    heads = ("attrition_again", "attrition_gone", "change_head_difference")
    columns = [TableColumn(context.say(head)) for head in heads]
    return TableBlock(
        "attrition",
        context.say("attrition_title", **_names(context, found)),
        "",
        (*columns, TableColumn(context.level_interval)),
        tuple(rows),
        (small_note(context),),
        paper=False,
    )


def _apart(context: Context, one: AttritionRow) -> tuple[TableCell, ...]:
    """Write how the two differ."""
    if not isfinite(one.difference):
        return (TableCell("", flag="hidden"), TableCell(""))
    size = TableCell(points(one.difference), 100 * one.difference, "points")
    ends = context.say("rank", low=points(one.conf_low), high=points(one.conf_high))
    return (size, TableCell(ends))

"""Pages on the models that respondents use: how open, by preference, and by openness.

Tables are those of any other question, with another banner where that is the point.
"""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Final, Literal

from survey.indicators.adoption import IN_PRODUCTION
from survey.model_use.values import BETTER, OPENNESS, USED_TIERS, ModelUse
from survey.report.cells import TOTAL, base_cell, interval_cell, share_cell
from survey.report.chart_blocks import bars, groups
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
from survey.report.model_use_parts import (
    across,
    below_row,
    by_preference,
    openness_of,
)
from survey.report.model_use_texts import (
    catalogue_notes,
    gap_sentences,
    gap_title,
    match_notes,
    reading_notes,
)
from survey.report.table_blocks import question_table
from survey.report.table_notes import small_note
from survey.report.titles import only_net, question_title
from survey.wave.result import QuestionResult

MODEL_QUESTIONS: Final = (OPENNESS, USED_TIERS)
_BASE: Final = "base_unweighted"
_EMPTY: Final = TableCell("")
_TITLES: Final = (
    "page_models_tiers",
    "page_models_openness",
    "page_models_preference",
    "page_models_compare",
)


def model_use_pages(context: Context) -> tuple[Page, ...]:
    """Make the pages on the models in use.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of Page
        None where the study names no catalogue, or the wave did not ask.
    """
    use, openness = context.wave.model_use, openness_of(context)
    tiers = context.wave.question(USED_TIERS)
    if use is None or openness is None or tiers is None:
        return ()
    made = {
        "model_tiers": _tiers(context, use, tiers, openness[0]),
        "model_openness": _openness(context, use, openness[0]),
        "model_preference": _preference(context, use, openness[0]),
        "model_comparison": _comparison(context, use),
    }
    titles = dict(zip(made, _TITLES, strict=True))
    section = context.say("section_models")
    return tuple(
        Page(name, context.say(titles[name]), tuple(blocks), section)
        for name, blocks in made.items()
        if blocks
    )


def _tiers(
    context: Context, use: ModelUse, result: QuestionResult, openness: QuestionResult
) -> list[Block]:
    """Show who uses at least one model of each step, and what other members change."""
    notes = (*catalogue_notes(context, use), *match_notes(context, use))
    blocks: list[Block] = [
        bars(context, result, title=question_title(context, result)),
        _noted(question_table(context, result), notes),
    ]
    if use.by_preference is not None and use.moved:
        blocks.append(_readings(context, use, openness))
    return blocks


def _openness(context: Context, use: ModelUse, result: QuestionResult) -> list[Block]:
    """Show the most open model in use."""
    title = context.text(result.question.label)
    notes = (*catalogue_notes(context, use), *reading_notes(context, use))
    return [
        bars(context, result, title=title),
        _noted(question_table(context, result), notes),
    ]


def _readings(context: Context, use: ModelUse, result: QuestionResult) -> TableBlock:
    """Put the least and the most open member of every family side by side."""
    found = across(context, use.by_preference)
    variable, cells = result.variables[0], found.wave.cells
    rows = []
    for row in variable.rows:
        both = [cells[name, row.code, "", TOTAL] for name in (OPENNESS, BETTER)]
        shown = [(share_cell(found, cell), interval_cell(found, cell)) for cell in both]
        role: Literal["net", "category"] = "net" if row.role == "net" else "category"
        rows.append(TableRow(row.label, (*shown[0], *shown[1]), role))
    base = base_cell(found, cells[OPENNESS, variable.rows[0].code, "", TOTAL], _BASE)
    heads = (context.say("models_reading_lowest"), context.say("models_reading_best"))
    return TableBlock(
        name=f"{OPENNESS}_readings",
        title=context.say("models_readings"),
        stub_head="",
        columns=tuple(
            TableColumn(label, group=head)
            for head in heads
            for label in (context.say("total"), context.level_interval)
        ),
        rows=(
            TableRow(context.say(_BASE), (base, _EMPTY, base, _EMPTY), "base"),
            *rows,
        ),
        notes=(small_note(context), context.say("table_notes_round")),
    )


def _preference(context: Context, use: ModelUse, result: QuestionResult) -> list[Block]:
    """Set the stated preference against the models in use."""
    found, plan = by_preference(context, use), context.study.indicators.preference
    if found is None or plan is None:
        return []
    row = below_row(result.variables[0])
    title = gap_title(context, use)
    chart = groups(found, result, row, plan.overall, title=title)
    table = _crossed(found, result, plan.overall, context.say("models_by_preference"))
    said = gap_sentences(context, use)
    notes = (context.say("models_note_same"), *catalogue_notes(context, use)[1:])
    return [
        chart,
        *(Note(sentence, kind="finding") for sentence in said),
        _noted(table, notes),
    ]


def _comparison(context: Context, use: ModelUse) -> list[Block]:
    """Show adoption, barriers and concerns by the openness of the models in use."""
    # What is missing is said first: behind the tables it may stand alone on a page.
    blocks: list[Block] = [_apart(context, name) for name in use.apart]
    if use.by_openness is not None:
        found = across(context, use.by_openness)
        names = {name for name, *_ in found.wave.cells}
        for result in context.wave.questions:
            if {variable.name for variable in result.variables} & names:
                base = _base_text(context, found, result)
                blocks += _by_openness(found, result, base)
    return blocks


def _apart(context: Context, name: str) -> Note:
    """Say that nobody has both an answer to a question and a model in use."""
    asked = context.wave.question(name)
    label = context.text(asked.question.label) if asked else name
    return Note(context.say("models_note_apart", question=label))


def _by_openness(
    context: Context, result: QuestionResult, base: str
) -> Iterator[Block]:
    """Show one question by the openness of the models in use."""
    label = context.text(result.question.label)
    title = context.say("models_by_openness", question=label)
    if result.question.id == _adoption(context):
        row = next(r for r in result.variables[0].rows if r.code == IN_PRODUCTION)
        shown = context.say("models_by_openness", question=row.label)
        chart = groups(context, result, row, OPENNESS, title=shown)
        yield replace(chart, footer=(base, *chart.footer))
    table = _noted(_crossed(context, result, OPENNESS, title), [base])
    if result.question.kind == "grid" and only_net(context, result) is not None:
        yield _noted(_net_table(context, result, title), [base])
        table = replace(table, paper=False)
    yield table


def _base_text(context: Context, found: Context, result: QuestionResult) -> str:
    """Say who is in the column of Total."""
    key = (result.variables[0].name, result.variables[0].rows[0].code, "", TOTAL)
    own, usual = found.wave.cells[key], context.wave.cells[key]
    fewer = own.base_unweighted < usual.base_unweighted
    return context.say("models_base_users" if fewer else "models_base_all")


def _adoption(context: Context) -> str:
    """Name the question on adoption."""
    plan = context.study.indicators.adoption
    return plan.question if plan else ""


def _net_table(context: Context, result: QuestionResult, title: str) -> TableBlock:
    """Put the items of a grid down and the openness across, one net in the cells."""
    net = only_net(context, result)
    assert net is not None
    points = [p for p in context.wave.points if p.banner == OPENNESS]
    keys = [("", TOTAL), *((p.banner, p.label) for p in points)]
    cells = context.wave.cells
    rows = []
    for variable in result.variables:
        found = [cells[variable.name, net.code, *key] for key in keys]
        base = base_cell(context, found[0], _BASE)
        shares = (share_cell(context, cell) for cell in found)
        rows.append(TableRow(variable.label, (base, *shares)))
    return TableBlock(
        name=f"{result.question.id}_{net.code}_by_{OPENNESS}",
        title=f"{title}: {net.label}",
        stub_head="",
        columns=(
            TableColumn(context.say("respondents")),
            TableColumn(context.say("total")),
            *(TableColumn(p.label, p.letter, p.banner_label) for p in points),
        ),
        rows=tuple(rows),
        notes=question_table(context, result).notes,
    )


def _crossed(
    context: Context, result: QuestionResult, banner: str, title: str
) -> TableBlock:
    """Give the table of a question under a name that tells its banner."""
    table = question_table(context, result)
    return replace(table, name=f"{table.name}_by_{banner}", title=title)


def _noted(table: TableBlock, notes: Sequence[str]) -> TableBlock:
    """Put notes first under a table."""
    return replace(table, notes=(*notes, *table.notes))

"""Pages on several waves: what changed, headlines over the waves, and the contract."""

from collections.abc import Sequence

from survey.report.change_charts import (
    barrier_lines,
    funnel_lines,
    headline_lines,
    preference_bars,
)
from survey.report.change_sentences import change_sentences, reasons_not_compared
from survey.report.change_tables import changes_table, marked_table
from survey.report.change_words import compared_with, wave_name
from survey.report.context import Context
from survey.report.document import Block, Note, Page
from survey.report.headlines import Headline, barrier_results, headline_cells
from survey.report.overview import waves_table
from survey.report.trend_tables import trend_table
from survey.report.waves_contract import contract_table, contract_with
from survey.report.waves_tables import decomposition_tables, transition_blocks
from survey.said import tell


def change_pages(contexts: Sequence[Context]) -> tuple[Page, ...]:
    """Make the pages on what changed since the previous wave.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    tuple of Page
        Sentences with the table of headlines, what else changed, and figures over the
        waves; none where there is one wave.
    """
    newest = contexts[-1]
    waves = compared_with(newest)
    if not waves:
        return ()
    older = wave_name(newest, waves[0][1])
    section = newest.say("section_overview")
    title = newest.say("page_changes", wave=older)
    pages = [Page("changes", title, tuple(_opening(newest, older)), section)]
    marked = marked_table(newest, headline_cells(newest))
    if marked is not None:
        title = newest.say("page_marked", wave=older)
        pages.append(Page("changes_marked", title, (marked,), section))
    trends = _trends(contexts)
    if trends:
        title = newest.say("page_trends")
        pages.append(Page("trends", title, trends, section))
    return tuple(pages)


def wave_pages(contexts: Sequence[Context]) -> tuple[Page, ...]:
    """Make the pages on what the waves rest on, and what can be compared.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    tuple of Page
        The waves side by side, the contract with the previous wave, and all questions
        over the waves; none for a single wave.
    """
    newest = contexts[-1]
    waves = compared_with(newest)
    contract = contract_with(newest, waves[0][1]) if waves else None
    if contract is None:
        return ()
    section = newest.say("section_waves")
    title = newest.say("page_contract", wave=wave_name(newest, contract.older))
    questions = [r for r in newest.wave.questions if r.question.kind != "text"]
    tables = [trend_table(contexts, result) for result in questions]
    note = Note(newest.say("trend_tables_note"))
    return (
        Page("waves", newest.say("page_waves"), tuple(_weights(contexts)), section),
        Page("contract", title, tuple(_contracts(contexts)), section),
        *_sources(newest, section, wave_name(newest, contract.older)),
        Page("trend_tables", newest.say("page_trend_tables"), (note, *tables), section),
    )


def _weights(contexts: Sequence[Context]) -> list[Block]:
    """Put side by side what the waves rest on, with what calls for a second look."""
    newest = contexts[-1]
    found = newest.waves.findings if newest.waves else ()
    told = tuple(
        f"{wave_name(newest, each.wave)}: {tell(each.said, newest.language)}"
        for each in found
    )
    blocks: list[Block] = [waves_table(contexts)]
    return [*blocks, Note("", told, "caution")] if told else blocks


def _contracts(contexts: Sequence[Context]) -> list[Block]:
    """Make a table for every wave with which the newest one is compared."""
    newest, waves = contexts[-1], {each.wave.wave.id: each for each in contexts}
    return [
        contract_table(newest, contract, waves[older])
        for _, older in compared_with(newest)
        if (contract := contract_with(newest, older)) is not None
    ]


def _sources(context: Context, section: str, older: str) -> list[Page]:
    """Make the pages on where changes come from, and who started and stopped."""
    parts = {
        "decomposition": decomposition_tables(context, headline_cells(context)),
        "transitions": transition_blocks(context),
    }
    return [
        Page(name, context.say(f"page_{name}", wave=older), blocks, section)
        for name, blocks in parts.items()
        if blocks
    ]


def _opening(context: Context, older: str) -> list[Block]:
    """Make the first page: sentences, what is not compared, and the headlines."""
    found = headline_cells(context)
    blocks: list[Block] = []
    told = change_sentences(context, found)
    if told:
        blocks.append(Note("", told, "finding"))
    blocks += _not_compared(context, found, older)
    if found:
        blocks.append(changes_table(context, found))
    return blocks


def _not_compared(
    context: Context, found: Sequence[Headline], older: str
) -> list[Block]:
    """List what cannot be compared; a single one needs no list."""
    reasons = tuple(reasons_not_compared(context, found))
    if not reasons:
        return []
    head = context.say("change_not_comparable_head", wave=older)
    if len(reasons) == 1:
        return [Note(f"{head} {reasons[0]}", (), "caution")]
    return [Note(head, reasons, "caution")]


def _trends(contexts: Sequence[Context]) -> tuple[Block, ...]:
    """Draw headlines, stages, barriers and the preference over the waves."""
    newest = contexts[-1]
    plan = newest.study.indicators
    adoption = newest.wave.question(plan.adoption.question) if plan.adoption else None
    preference = (
        newest.wave.question(plan.preference.overall) if plan.preference else None
    )
    return (
        *headline_lines(contexts, headline_cells(newest)),
        *(funnel_lines(contexts, adoption) if adoption else ()),
        *(b for r in barrier_results(newest) for b in barrier_lines(contexts, r)),
        *(preference_bars(contexts, preference) if preference else ()),
    )

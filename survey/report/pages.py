"""Pages of a report: overview, changes, indicators, questions, waves, method."""

from collections.abc import Sequence
from dataclasses import replace

from survey.indicators.adoption import IN_PRODUCTION, USING
from survey.indicators.scales import Reliability
from survey.report.cells import TOTAL, net_cell, net_interval
from survey.report.chart_blocks import bars, diverging, groups, question_chart
from survey.report.context import Context
from survey.report.data_pages import data_page
from survey.report.disclosure import disclosure_page
from survey.report.document import Block, ChartBlock, Note, Page, TableBlock
from survey.report.glossary import glossary_page
from survey.report.group_findings import group_title
from survey.report.headlines import barrier_results
from survey.report.methods import methods
from survey.report.model_use_pages import MODEL_QUESTIONS, model_use_pages
from survey.report.numbers import decimal, percent, points
from survey.report.overview import overview
from survey.report.sensitivity import sensitivity_pages
from survey.report.stage_charts import funnel
from survey.report.table_blocks import (
    bases_table,
    items_table,
    question_table,
    toplines,
)
from survey.report.titles import (
    barrier_title,
    dimension_title,
    preference_title,
    production_title,
)
from survey.report.waves_pages import change_pages, wave_pages
from survey.report.weighting_pages import weighting_pages
from survey.wave.result import QuestionResult


def all_pages(
    contexts: Sequence[Context], listings: Sequence[Page] = ()
) -> tuple[Page, ...]:
    """Make the pages of a report about the newest of several waves.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    listings : sequence of Page
        Section on listings of models, where the study names some.

    Returns
    -------
    tuple of Page
        In reading order.
    """
    newest = contexts[-1]
    indicators = indicator_pages(newest)
    done = _shown_questions(newest)
    others = [r for r in newest.wave.questions if r.question.id not in done]
    pages = (
        *overview(contexts),
        *change_pages(contexts),
        *indicators,
        *model_use_pages(newest),
        *(question_page(newest, result) for result in others),
        _toplines_page(newest),
        *wave_pages(contexts),
        *(_earlier(context) for context in contexts[:-1]),
        *listings,
        *weighting_pages(contexts),
        *sensitivity_pages(newest),
        data_page(contexts),
        _methods_page(newest),
        disclosure_page(contexts),
    )
    return (*pages, glossary_page(newest, pages))


def indicator_pages(context: Context) -> tuple[Page, ...]:
    """Make the pages of the headline indicators.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of Page
        Adoption, barriers, preference, as far as the study names them and the wave
        asked.
    """
    return (
        *_adoption_pages(context),
        *(_barrier_page(context, result) for result in barrier_results(context)),
        *_preference_pages(context),
    )


def question_page(context: Context, result: QuestionResult) -> Page:
    """Make the page of a question: figure and table.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.

    Returns
    -------
    Page
        A grid shows its short table on paper and the long one in the workbook.
    """
    blocks: list[Block] = [question_chart(context, result), *_tables(context, result)]
    scale = context.wave.scales.get(result.question.id)
    if scale is not None:
        blocks.append(_scale_note(context, scale))
    return Page(
        name=result.question.id,
        title=context.text(result.question.label),
        blocks=tuple(blocks),
        section=context.say("section_questions"),
    )


def _scale_note(context: Context, scale: Reliability) -> Note:
    """Say how reliable a grid is as a scale."""
    alpha, low, high = (
        decimal(number, context.language, 2)
        for number in (scale.alpha, scale.low, scale.high)
    )
    text = context.say(
        "reliability",
        items=scale.items,
        alpha=alpha,
        interval=f"{context.level_interval}: {low}–{high}",
        n=context.count(scale.respondents),
    )
    return Note(text)


def _shown_questions(context: Context) -> set[str]:
    """Name the questions that an indicator page shows in full."""
    plan = context.study.indicators
    shown = {barriers.question for barriers in plan.barriers}
    if context.wave.model_use is not None:
        shown |= {*MODEL_QUESTIONS}
    if plan.adoption:
        shown.add(plan.adoption.question)
    if plan.preference:
        shown |= {plan.preference.overall, plan.preference.dimensions or ""}
    return shown


def _tables(context: Context, result: QuestionResult) -> list[TableBlock]:
    """Give the tables of a question."""
    table = question_table(context, result)
    if result.question.kind == "text":
        return [_with_note(table, context.say("text_note"))]
    if context.wave.ranks.get(result.question.id):
        level = percent(context.level, context.language)
        table = _with_note(table, context.say("rank_note", level=level))
    if result.question.kind != "grid":
        return [table]
    short = _with_note(items_table(context, result), context.say("grid_note"))
    return [short, replace(table, paper=False)]


def _with_note(table: TableBlock, note: str) -> TableBlock:
    """Put a note first under a table."""
    return replace(table, notes=(note, *table.notes))


def _adoption_pages(context: Context) -> list[Page]:
    """Make the pages on adoption: stages, and the rates by group."""
    plan = context.study.indicators.adoption
    result = context.wave.question(plan.question) if plan else None
    if result is None:
        return []
    section = context.say("section_indicators")
    cell = context.wave.cells.get((result.question.id, IN_PRODUCTION, "", TOTAL))
    title = context.text(result.question.label)
    if cell is not None and not (cell.hidden or cell.small):
        title = production_title(context, cell)
    stages: tuple[Block, ...] = (
        bars(context, result, title=title),
        *funnel(context, result),
        *_tables(context, result),
    )
    pages = [Page("stages", context.say("page_stages"), stages, section)]
    by_group = _adoption_groups(context, result)
    if by_group:
        pages.append(Page("adoption", context.say("page_adoption"), by_group, section))
    return pages


def _adoption_groups(
    context: Context, result: QuestionResult
) -> tuple[ChartBlock, ...]:
    """Make the figures of both adoption rates, one for each banner question."""
    rates = [
        row for row in result.variables[0].rows if row.code in {IN_PRODUCTION, USING}
    ]
    rates.sort(key=lambda row: row.code != IN_PRODUCTION)
    names = dict.fromkeys(point.banner for point in context.wave.points)
    return tuple(
        groups(
            context,
            result,
            row,
            name,
            title=group_title(context, result.variables[0].name, row, name),
        )
        for row in rates
        for name in names
        if name != result.question.id
    )


def _barrier_page(context: Context, result: QuestionResult) -> Page:
    """Make the page of a ranked question."""
    chart = bars(context, result, title=barrier_title(context, result))
    tables = _tables(context, result)
    if any(name == result.question.id for name, _, _ in context.wave.bases):
        tables.append(bases_table(context, result))
    return Page(
        result.question.id,
        context.text(result.question.label),
        (chart, *tables),
        context.say("section_indicators"),
    )


def _preference_pages(context: Context) -> list[Page]:
    """Make the pages on preference: overall, and by dimension."""
    plan = context.study.indicators.preference
    if plan is None:
        return []
    section = context.say("section_indicators")
    pages = []
    overall = context.wave.question(plan.overall)
    if overall is not None:
        blocks: tuple[Block, ...] = (
            _preference_chart(context, overall),
            *_tables(context, overall),
        )
        title = context.say("page_preference")
        pages.append(Page("preference", title, blocks, section))
    grid = context.wave.question(plan.dimensions) if plan.dimensions else None
    if grid is not None:
        title = dimension_title(context, grid)
        chart = diverging(context, grid, title=title)
        blocks = (chart, *_tables(context, grid))
        title = context.say("page_dimensions")
        pages.append(Page("dimensions", title, blocks, section))
    return pages


def _preference_chart(context: Context, result: QuestionResult) -> ChartBlock:
    """Make the figure of the overall preference, with the net at its foot."""
    title = preference_title(context) or context.text(result.question.label)
    chart = bars(context, result, title=title)
    net = net_cell(context, result.variables[0])
    if net is None or net.hidden:
        return chart
    interval = f"{context.level_interval}: {net_interval(context, net)}"
    line = context.say("net_line", net=points(net.estimate), interval=interval)
    return replace(chart, footer=(line, *chart.footer))


def _toplines_page(context: Context) -> Page:
    """Make the page of all questions of the newest wave, Total only."""
    blocks = (Note(context.say("topline_newest")), toplines(context))
    title = context.say("page_toplines", wave=context.wave_label).strip()
    return Page("toplines", title, blocks, context.say("section_questions"))


def _earlier(context: Context) -> Page:
    """Make the page of an earlier wave: its toplines."""
    blocks = (Note(context.say("topline_note")), toplines(context))
    title = context.say("page_toplines", wave=context.wave_label)
    name = f"wave_{context.wave.wave.id}"
    return Page(name, title, blocks, context.say("section_waves"))


def _methods_page(context: Context) -> Page:
    """Make the page that says how the numbers were made."""
    blocks: list[Block] = []
    if context.study.sample == "opt_in":
        blocks.append(Note(context.say("opt_in"), (), "caution"))
    if context.drafted:
        blocks.append(Note(context.say("draft"), (), "caution"))
    blocks.append(Note("", methods(context)))
    title, section = context.say("page_methods"), context.say("section_method")
    return Page("methods", title, tuple(blocks), section)

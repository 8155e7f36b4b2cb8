"""Pages of a report: overview, indicators, all questions, earlier waves, method."""

from collections.abc import Sequence
from dataclasses import replace

from survey.indicators.adoption import IN_PRODUCTION
from survey.indicators.preference import NET
from survey.indicators.scales import Reliability
from survey.questionnaire.model import Question
from survey.report.chart_blocks import bars, diverging, groups, question_chart
from survey.report.context import Context
from survey.report.document import (
    Block,
    ChartBlock,
    Note,
    Page,
    TableBlock,
    TableCell,
    TableColumn,
    TableRow,
)
from survey.report.headlines import (
    Headline,
    barrier_results,
    barrier_title,
    dimension_title,
    headline_cells,
    preference_title,
    production_title,
    sentences,
)
from survey.report.methods import methods, weighting_texts
from survey.report.numbers import decimal, percent, points
from survey.report.table_blocks import TOTAL, items_table, question_table, toplines
from survey.wave import QuestionResult
from survey.weighting.diagnostics import deff_kish, effective_base, margin_table


def all_pages(contexts: Sequence[Context]) -> tuple[Page, ...]:
    """Make the pages of a report about the newest of several waves.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.

    Returns
    -------
    tuple of Page
        In reading order.
    """
    newest = contexts[-1]
    indicators = indicator_pages(newest)
    done = _shown_questions(newest)
    others = [r for r in newest.wave.questions if r.question.id not in done]
    return (
        *_overview(contexts),
        *indicators,
        *(question_page(newest, result) for result in others),
        *(_earlier(context) for context in contexts[:-1]),
        weighting_page(newest),
        data_page(contexts),
        _methods_page(newest),
    )


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
    if result.question.kind == "text":
        blocks.append(Note(context.say("text_note")))
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


def weighting_page(context: Context) -> Page:
    """Make the page that shows what the weights do.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    Page
        Texts, target and achieved shares, headlines weighted and unweighted.
    """
    blocks: list[Block] = [Note(text) for text in weighting_texts(context)]
    if context.wave.weighting is not None:
        blocks.append(_margins(context))
        blocks += _headline_table(context)
    return Page(
        "weighting",
        context.say("page_weighting"),
        tuple(blocks),
        context.say("section_method"),
    )


def data_page(contexts: Sequence[Context]) -> Page:
    """Make the page of the findings on the data.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave.

    Returns
    -------
    Page
        One table per wave.
    """
    blocks: list[Block] = []
    for context in reversed(contexts):
        used = len(context.wave.responses.frame)
        numbers = {"read": context.wave.records, "used": used}
        texts = {key: context.count(number) for key, number in numbers.items()}
        blocks.append(Note(context.say("data_intro", **texts)))
        blocks.append(_findings_table(context))
    first = contexts[-1]
    title, section = first.say("page_data"), first.say("section_method")
    return Page("findings", title, tuple(blocks), section)


def _overview(contexts: Sequence[Context]) -> list[Page]:
    """Make the first pages: key findings, and the waves side by side."""
    newest = contexts[-1]
    section = newest.say("section_overview")
    pages = []
    found = sentences(newest)
    if found:
        note = Note("", found, "finding")
        title = newest.say("page_findings")
        pages.append(Page("key_findings", title, (note,), section))
    if len(contexts) > 1:
        blocks = (_waves_table(contexts), Note(newest.say("waves_note"), (), "caution"))
        pages.append(Page("waves", newest.say("page_waves"), blocks, section))
    return pages


def _shown_questions(context: Context) -> set[str]:
    """Name the questions that an indicator page shows in full."""
    plan = context.study.indicators
    shown = {barriers.question for barriers in plan.barriers}
    if plan.adoption:
        shown.add(plan.adoption.question)
    if plan.preference:
        shown |= {plan.preference.overall, plan.preference.dimensions or ""}
    return shown


def _tables(context: Context, result: QuestionResult) -> list[Block]:
    """Give the tables of a question."""
    table = question_table(context, result)
    if result.question.kind != "grid":
        return [table]
    note = Note(context.say("grid_note"))
    return [items_table(context, result), note, replace(table, paper=False)]


def _adoption_pages(context: Context) -> list[Page]:
    """Make the pages on adoption: rate by group, and stages."""
    plan = context.study.indicators.adoption
    result = context.wave.question(plan.question) if plan else None
    if result is None:
        return []
    section = context.say("section_indicators")
    by_group = _adoption_groups(context, result)
    stages = bars(context, result, title=context.text(result.question.label))
    tables = _tables(context, result)
    by_stage = Page("stages", context.say("page_stages"), (stages, *tables), section)
    if not by_group:
        return [by_stage]
    return [Page("adoption", context.say("page_adoption"), by_group, section), by_stage]


def _adoption_groups(
    context: Context, result: QuestionResult
) -> tuple[ChartBlock, ...]:
    """Make the figures of the adoption rate, one for each banner question."""
    rows = result.variables[0].rows
    rate = next((row for row in rows if row.code == IN_PRODUCTION), None)
    if rate is None:
        return ()
    cell = context.wave.cells[result.question.id, IN_PRODUCTION, "", TOTAL]
    title = context.say("page_adoption")
    if not cell.hidden:
        title = production_title(context, cell)
    names = dict.fromkeys(point.banner for point in context.wave.points)
    return tuple(groups(context, result, rate, name, title=title) for name in names)


def _barrier_page(context: Context, result: QuestionResult) -> Page:
    """Make the page of a ranked question."""
    chart = bars(context, result, title=barrier_title(context, result))
    chart = replace(chart, side_head=context.say("rank_head"))
    level = percent(context.level, context.language)
    note = Note(context.say("rank_note", level=level))
    return Page(
        result.question.id,
        context.text(result.question.label),
        (chart, *_tables(context, result), note),
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
        label = context.text(overall.question.label)
        chart = bars(context, overall, title=preference_title(context) or label)
        blocks = (chart, *_tables(context, overall))
        pages.append(
            Page("preference", context.say("page_preference"), blocks, section)
        )
    grid = context.wave.question(plan.dimensions) if plan.dimensions else None
    if grid is not None:
        title = dimension_title(context, grid)
        chart = diverging(context, grid, title=title, net_name=NET)
        blocks = (chart, *_tables(context, grid))
        title = context.say("page_dimensions")
        pages.append(Page("dimensions", title, blocks, section))
    return pages


def _earlier(context: Context) -> Page:
    """Make the page of an earlier wave: its toplines."""
    blocks = (Note(context.say("topline_note")), toplines(context))
    title = context.say("page_toplines", wave=context.wave_label)
    name = f"wave_{context.wave.wave.id}"
    return Page(name, title, blocks, context.say("section_waves"))


def _methods_page(context: Context) -> Page:
    """Make the page that says how the numbers were made."""
    blocks: list[Block] = [Note("", methods(context))]
    if context.study.sample == "opt_in":
        blocks.append(Note(context.say("opt_in"), (), "caution"))
    if context.drafted:
        blocks.append(Note(context.say("draft"), (), "caution"))
    title, section = context.say("page_methods"), context.say("section_method")
    return Page("methods", title, tuple(blocks), section)


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
            _headline_cell(newest, found.get(label), weighted=True) for found in heads
        )
        rows.append(TableRow(label, cells))
    columns = tuple(TableColumn(context.wave_label) for context in contexts)
    title, head = newest.say("page_waves"), newest.say("indicator")
    return TableBlock("waves", title, head, columns, tuple(rows))


def _count_row(context: Context, key: str, numbers: Sequence[float]) -> TableRow:
    """Make a row of counts."""
    cells = tuple(TableCell(context.count(n), float(n), "count") for n in numbers)
    return TableRow(context.say(key), cells, "base")


def _weight_rows(contexts: Sequence[Context]) -> list[TableRow]:
    """Make the rows of design effect and effective base, where weights exist."""
    weights = [c.wave.weighting.weight for c in contexts if c.wave.weighting]
    if len(weights) != len(contexts):
        return []
    newest = contexts[-1]
    deffs = [deff_kish(weight) for weight in weights]
    cells = tuple(
        TableCell(decimal(deff, newest.language, 2), deff, "decimal") for deff in deffs
    )
    bases = [effective_base(weight) for weight in weights]
    return [
        TableRow(newest.say("deff"), cells, "statistic"),
        _count_row(newest, "effective", bases),
    ]


def _headline_cell(
    context: Context, headline: Headline | None, *, weighted: bool
) -> TableCell:
    """Write a headline number."""
    cell = None
    if headline is not None:
        cell = headline.weighted if weighted else headline.unweighted
    if headline is None or cell is None:
        return TableCell("n/a")
    if headline.is_net:
        return TableCell(points(cell.estimate), 100 * cell.estimate, "points")
    text = percent(cell.estimate, context.language)
    return TableCell(text, cell.estimate, "percent")


def _headline_table(context: Context) -> list[Block]:
    """Put the headlines weighted and unweighted side by side."""
    found = headline_cells(context)
    if not found:
        return []
    rows = tuple(
        TableRow(
            headline.label,
            (
                _headline_cell(context, headline, weighted=True),
                _headline_cell(context, headline, weighted=False),
            ),
        )
        for headline in found
    )
    keys = ("share_weighted", "share_unweighted")
    columns = tuple(TableColumn(context.say(key)) for key in keys)
    title = context.say("headline_title", wave=context.wave_label)
    head = context.say("indicator")
    return [TableBlock("headlines", title.rstrip(", "), head, columns, rows)]


def _margins(context: Context) -> TableBlock:
    """Put target and achieved shares side by side."""
    assert context.wave.weighting is not None
    rows: list[TableRow] = []
    current = ""
    table = margin_table(context.wave.weighting)
    shares = table[["target", "unweighted", "weighted"]]
    names = zip(table["margin"].astype(str), table["code"].astype(str), strict=True)
    for (name, code), values in zip(names, shares.to_numpy(dtype=float), strict=True):
        result = context.wave.question(name)
        question = result.question if result else None
        if name != current:
            current = name
            label = context.text(question.label) if question else name
            rows.append(TableRow(label, (), "section"))
        written = [
            TableCell(percent(v, context.language, 1), v, "percent") for v in values
        ]
        moved = float(values[2] - values[1])
        written.append(TableCell(points(moved), 100 * moved, "points"))
        label = _category_label(context, question, code)
        rows.append(TableRow(label, tuple(written)))
    keys = ("target", "share_unweighted", "share_weighted", "difference")
    return TableBlock(
        "weighting",
        context.say("weighting_title", wave=context.wave_label).rstrip(", "),
        context.say("category"),
        tuple(TableColumn(context.say(key)) for key in keys),
        tuple(rows),
    )


def _category_label(context: Context, question: Question | None, code: str) -> str:
    """Give the label of a code of a margin."""
    if question is not None:
        for category in question.categories:
            if category.code == code:
                return context.text(category.label)
    return context.say("no_answer") if code == "no answer" else code


def _findings_table(context: Context) -> TableBlock:
    """List the findings of a wave."""
    rows = tuple(
        TableRow(
            context.say(f"severity_{finding.severity}"),
            (
                TableCell(finding.question),
                TableCell(finding.message),
                TableCell(context.count(finding.count), float(finding.count), "count"),
                TableCell(finding.action),
            ),
        )
        for finding in context.wave.findings
    )
    keys = ("question", "message", "count", "action")
    title = f"{context.say('page_data')} {context.wave_label}".strip()
    return TableBlock(
        f"findings_{context.wave.wave.id}".rstrip("_"),
        title,
        context.say("severity"),
        tuple(TableColumn(context.say(key)) for key in keys),
        rows,
        () if rows else (context.say("no_findings"),),
    )

"""Figures over the waves: headlines, stages, barriers, and the preference.

A line joins two numbers only where they were compared as they stand. The order is that
of the newest wave, and colours follow what is shown, so that both stay.
"""

from collections.abc import Sequence
from dataclasses import replace

from survey.report.cells import TOTAL, net_cell, net_text, shown_rows
from survey.report.chart_blocks import diverging
from survey.report.chart_values import drawn, put, told_in_words, with_hollow
from survey.report.context import Context, base_line, method_line, source_line
from survey.report.document import ChartBlock, ChartRow, ChartSeries, ChartValue
from survey.report.headlines import Headline
from survey.report.stage_charts import reached
from survey.report.titles import preference_title
from survey.report.trails import Step, trail
from survey.responses.variable import Row
from survey.wave.result import QuestionResult

_MOST_LINES = 10
_FEWEST = 2


def headline_lines(
    contexts: Sequence[Context], found: Sequence[Headline]
) -> tuple[ChartBlock, ...]:
    """Draw the headline shares over the waves.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    found : sequence of Headline
        Headlines of the newest wave.

    Returns
    -------
    tuple of ChartBlock
        One figure; none where there are no shares.
    """
    newest = contexts[-1]
    rows = [
        _line(contexts, each.label, each.weighted.question, each.weighted.code)
        for each in found
        if not each.is_net
    ]
    texts = newest.say("trend_title_headlines"), newest.say("trend_put_headlines")
    base = newest.say("trend_base")
    return _lines(contexts, "headlines_waves", texts, rows[:_MOST_LINES], base)


def funnel_lines(
    contexts: Sequence[Context], result: QuestionResult
) -> tuple[ChartBlock, ...]:
    """Draw how many reached each stage of adoption, wave by wave.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    result : QuestionResult
        The question on the stage, of the newest wave.

    Returns
    -------
    tuple of ChartBlock
        One figure; none where there is no funnel.
    """
    newest = contexts[-1]
    stages = reached(newest, result)
    if len(stages) < _FEWEST:
        return ()
    texts = newest.say("trend_funnel_title"), put(newest, result.question)
    return _question_lines(
        contexts, result, f"{result.question.id}_waves", texts, stages
    )


def barrier_lines(
    contexts: Sequence[Context], result: QuestionResult
) -> tuple[ChartBlock, ...]:
    """Draw the answers to a barrier question, wave by wave.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    result : QuestionResult
        A barrier question of the newest wave.

    Returns
    -------
    tuple of ChartBlock
        Nets and answers, those named most often first.
    """
    newest = contexts[-1]
    cells, name = newest.wave.cells, result.variables[0].name
    kept = [r for r in shown_rows(result.variables[0]) if r.role in ("net", "category")]
    shares = {row.code: cells.get((name, row.code, "", TOTAL)) for row in kept}

    def place(row: Row) -> tuple[bool, float]:
        cell = shares[row.code]
        known = cell is not None and not cell.hidden
        return row.role != "net", -cell.estimate if cell and known else 0.0

    kept.sort(key=place)
    label = newest.text(result.question.label)
    texts = newest.say("trend_title", label=label), put(newest, result.question)
    name = f"{result.question.id}_waves"
    return _question_lines(contexts, result, name, texts, kept[:_MOST_LINES])


def preference_bars(
    contexts: Sequence[Context], result: QuestionResult
) -> tuple[ChartBlock, ...]:
    """Draw open against proprietary, a row per wave, the newest one first.

    Parameters
    ----------
    contexts : sequence of Context
        One per wave, oldest first.
    result : QuestionResult
        The overall preference, of the newest wave.

    Returns
    -------
    tuple of ChartBlock
        One figure, with the net of every wave that can be compared.
    """
    newest, variable = contexts[-1], result.variables[0]
    net = net_cell(newest, variable)
    if net is None:
        return ()
    title = preference_title(newest) or newest.say("trend_preference_title")
    drawing = diverging(newest, result, title=title)
    by_label = {row.label: row for row in variable.rows if row.role != "net"}
    shares = [
        trail(contexts, variable.name, by_label[one.label].code)
        for one in drawing.series
    ]
    nets = trail(contexts, net.question, net.code)
    rows = [
        _wave_row(context, [each[n] for each in shares], nets[n])
        for n, context in enumerate(contexts)
    ]
    figure = replace(
        drawing,
        name=f"{result.question.id}_waves",
        title=newest.say("trend_preference_title"),
        rows=tuple(reversed(rows)),
        alt="",
    )
    alt = told_in_words(newest, "alt_diverging", figure.title, figure.rows)
    return (replace(figure, alt=alt),)


def _wave_row(context: Context, shares: Sequence[Step], net: Step) -> ChartRow:
    """Make the row of a wave."""
    values = tuple(_value(context, step) for step in shares)
    side = net.reason or net_text(context, net.cell)
    if any(value.estimate is None for value in values):
        # A row of which one part is missing is not drawn at all.
        reasons = [value.text for value in values if value.estimate is None]
        values = tuple(ChartValue(None, reasons[0], flag="hidden") for _ in values)
        side = ""
    return ChartRow(context.wave_label, values, side_text=side)


def _question_lines(
    contexts: Sequence[Context],
    result: QuestionResult,
    name: str,
    texts: tuple[str, str],
    rows: Sequence[Row],
) -> tuple[ChartBlock, ...]:
    """Draw rows of one question over the waves."""
    newest, variable = contexts[-1], result.variables[0]
    lines = []
    for row in rows:
        line = _line(contexts, row.label, variable.name, row.code)
        line = line if row.role != "net" else replace(line, role="net")
        lines.append(replace(line, side_text=_ranks(contexts, variable.name, row)))
    cells = [
        newest.wave.cells.get((variable.name, row.code, "", TOTAL)) for row in rows
    ]
    known = [cell for cell in cells if cell is not None]
    base = base_line(newest, result.question, known)
    return _lines(contexts, name, texts, lines, base)


def _ranks(contexts: Sequence[Context], name: str, row: Row) -> str:
    """Write the ranks of an answer, wave by wave, as far as ranks can be compared."""
    told: list[str] = []
    comparable = True
    steps = trail(contexts, name, row.code)
    for n in range(len(contexts) - 1, -1, -1):
        cell = steps[n].cell
        rank = None
        if cell is not None and not cell.hidden:
            rank = contexts[n].wave.ranks.get(cell.question, {}).get(cell.code)
        if rank is None or (told and not comparable):
            break
        comparable = cell is not None and _ranks_compare(contexts, n, cell.question)
        text = f"{rank.low}"
        if rank.low != rank.high:
            text = contexts[n].say("rank", low=rank.low, high=rank.high)
        told.append(
            contexts[n].say("trend_rank", wave=contexts[n].wave_label, rank=text)
        )
    head = contexts[-1].say("rank_head")
    return f"{head} {'; '.join(reversed(told))}" if told else ""


def _ranks_compare(contexts: Sequence[Context], place: int, question: str) -> bool:
    """Say whether the ranks of a wave can be compared with those of the one before."""
    newest, here = contexts[-1], contexts[place].wave.wave.id
    if newest.waves is None or place == 0:
        return False
    pair = newest.waves.contracts[here, contexts[place - 1].wave.wave.id]
    pact = pair.questions.get(question)
    return pact is not None and pact.consequence("rank").verdict == "comparable"


def _line(contexts: Sequence[Context], label: str, name: str, code: str) -> ChartRow:
    """Make the line of a number."""
    steps = trail(contexts, name, code)
    values = tuple(_value(c, step) for c, step in zip(contexts, steps, strict=True))
    return ChartRow(label, values)


def _value(context: Context, step: Step) -> ChartValue:
    """Give a number in one wave, or why there is none."""
    if step.reason:
        return ChartValue(None, step.reason, flag="hidden", linked=False)
    return replace(drawn(context, step.cell), linked=step.linked)


def _lines(
    contexts: Sequence[Context],
    name: str,
    texts: tuple[str, str],
    rows: Sequence[ChartRow],
    base: str,
) -> tuple[ChartBlock, ...]:
    """Make a figure of lines; none without a line."""
    newest = contexts[-1]
    if not rows:
        return ()
    title, question = texts
    rows, left = _without_gaps(contexts, rows)
    linked = newest.say("trend_linked", wave=newest.wave_label)
    method = f"{method_line(newest, 'trend_is')} {linked}"
    foot = (" ".join((base, *left)), method, source_line(newest))
    alt = told_in_words(newest, "alt_lines", title, rows)
    figure = ChartBlock(
        name=name,
        kind="lines",
        title=title,
        subtitle=question,
        series=tuple(ChartSeries(c.wave_label) for c in contexts[len(left) :]),
        rows=rows,
        footer=with_hollow(newest, foot, rows),
        alt=alt,
    )
    return (figure,)


def _without_gaps(
    contexts: Sequence[Context], rows: Sequence[ChartRow]
) -> tuple[tuple[ChartRow, ...], tuple[str, ...]]:
    """Leave out the first waves while none of their numbers can be compared."""
    newest, left = contexts[-1], []
    for number, context in enumerate(contexts[:-1]):
        column = [row.values[number] for row in rows]
        reasons = dict.fromkeys(value.text for value in column)
        if len(reasons) > 1 or any(value.estimate is not None for value in column):
            break
        texts = {"wave": context.wave_label, "reason": next(iter(reasons))}
        left.append(newest.say("trend_left_out", **texts))
    kept = tuple(replace(row, values=row.values[len(left) :]) for row in rows)
    return kept, tuple(left)

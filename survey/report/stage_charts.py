"""The funnel of adoption: how many have reached each stage, or are further."""

from survey.indicators.adoption import stages_of
from survey.report.cells import interval_cell, total_cell
from survey.report.chart_values import drawn, footer, put, told_in_words
from survey.report.context import Context
from survey.report.document import ChartBlock, ChartRow, ChartSeries
from survey.responses.variable import Row
from survey.wave.result import QuestionResult

_FEWEST = 2


def funnel(context: Context, result: QuestionResult) -> tuple[ChartBlock, ...]:
    """Make the funnel of adoption stages.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question on the stage.

    Returns
    -------
    tuple of ChartBlock
        One figure, from the second stage down; the first is everyone's. None where
        the answers have no order that ends in production, or fewer than two stages
        are left.
    """
    rows = tuple(_stage(context, result, row) for row in reached(context, result))
    if len(rows) < _FEWEST:
        return ()
    title = context.say("funnel_title")
    figure = ChartBlock(
        name=f"{result.question.id}_funnel",
        kind="funnel",
        title=title,
        subtitle=put(context, result.question, title),
        series=(ChartSeries(context.say("funnel_of")),),
        rows=rows,
        footer=footer(context, result, "funnel_is"),
        alt=told_in_words(context, "alt_funnel", title, rows),
        side_head=context.level_interval,
    )
    return (figure,)


def reached(context: Context, result: QuestionResult) -> list[Row]:
    """Find the row of each stage that holds all stages from it on.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question on the stage.

    Returns
    -------
    list of Row
        From the second stage on; empty where the study names no adoption.
    """
    plan = context.study.indicators.adoption
    if plan is None:
        return []
    stages = stages_of(result.question, plan.in_production, plan.using)
    codes = [stage.code for stage in stages]
    rows = {frozenset(row.codes): row for row in result.variables[0].rows}
    found = (rows.get(frozenset(codes[place:])) for place in range(1, len(codes)))
    return [row for row in found if row is not None]


def _stage(context: Context, result: QuestionResult, row: Row) -> ChartRow:
    """Make the row of a stage, with its interval beside it."""
    cell = total_cell(context, result.variables[0], row)
    ends = interval_cell(context, cell).text
    return ChartRow(row.label, (drawn(context, cell),), side_text=ends)

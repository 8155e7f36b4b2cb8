"""What the pages on models in use are made of: tables of their own, looked up.

A table by another question than the banner is a wave whose banner is that question.
"""

from dataclasses import replace
from math import isfinite

from survey.model_use.values import BELOW_3, OPENNESS, ModelUse
from survey.report.cells import TOTAL
from survey.report.context import Context
from survey.responses.variable import Row, Variable
from survey.tabulation.layout import Crosstab
from survey.wave.result import OTHER_SHARES, Cell, QuestionResult, cells_of, marks_of


def across(context: Context, crosstab: Crosstab | None) -> Context:
    """Give a wave with another banner.

    Parameters
    ----------
    context : Context
        The wave.
    crosstab : Crosstab or None
        Its cells by other questions; None leaves the banner of the study.

    Returns
    -------
    Context
        The same wave with the cells, tests and marks of that table.
    """
    if crosstab is None:
        return context
    cells = cells_of(crosstab)
    wave = replace(
        context.wave,
        crosstab=crosstab,
        cells={c.key: c for c in cells if c.statistic not in OTHER_SHARES},
        other_shares={
            (*c.key, c.statistic): c for c in cells if c.statistic in OTHER_SHARES
        },
        marks=marks_of(crosstab),
        unweighted={(c.question, c.code): _plain(c) for c in cells if not c.banner},
    )
    return replace(context, wave=wave)


def _plain(cell: Cell) -> Cell:
    """Give a share without weights."""
    if cell.hidden or not isfinite(cell.count) or cell.base_unweighted == 0:
        return cell
    return replace(cell, estimate=cell.count / cell.base_unweighted)


def by_preference(context: Context, use: ModelUse) -> Context | None:
    """Give the wave with the stated preference as its banner.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    Context or None
        None where the study has no preference, or the wave did not ask for it.
    """
    plan = context.study.indicators.preference
    if plan is None:
        return None
    # In the banner of the study, the tables of the study have it.
    for crosstab in (None, use.by_preference):
        found = across(context, crosstab)
        if any(point.banner == plan.overall for point in found.wave.points):
            return found
    return None


def openness_of(context: Context) -> tuple[QuestionResult, Variable] | None:
    """Give the question on the most open model, with its variable.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    (QuestionResult, Variable) or None
        None where the wave does not say which models are used.
    """
    result = context.wave.question(OPENNESS)
    return None if result is None else (result, result.variables[0])


def below_row(variable: Variable) -> Row:
    """Give the row of those whose models are rated below class III.

    Parameters
    ----------
    variable : Variable
        The most open model in use.

    Returns
    -------
    Row
        The net.
    """
    return next(row for row in variable.rows if row.code == BELOW_3)


def gap_cells(context: Context, use: ModelUse) -> tuple[Cell, ...]:
    """Give, of those who prefer open source, the share below class III.

    Parameters
    ----------
    context : Context
        The wave.
    use : ModelUse
        Its models in use.

    Returns
    -------
    tuple of Cell
        One for each answer that prefers open source, where its base is not small.
    """
    crossed, plan = by_preference(context, use), context.study.indicators.preference
    if crossed is None or plan is None:
        return ()
    points = [p for p in crossed.wave.points if p.banner == plan.overall]
    keys = [
        (OPENNESS, BELOW_3, plan.overall, point.label)
        for point in points
        if point.code in plan.open
    ]
    found = [crossed.wave.cells.get(key) for key in keys]
    return tuple(c for c in found if c is not None and not (c.hidden or c.small))


def total_of(context: Context, name: str, code: str) -> Cell | None:
    """Give a Total cell that is shown.

    Parameters
    ----------
    context : Context
        The wave.
    name, code : str
        Variable and row.

    Returns
    -------
    Cell or None
        None where there is none, or it is hidden.
    """
    cell = context.wave.cells.get((name, code, "", TOTAL))
    return None if cell is None or cell.hidden else cell

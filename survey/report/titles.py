"""Titles of figures: the finding, only where its number supports it."""

from survey.indicators.preference import NET, OPEN, PROPRIETARY, side_code
from survey.report.cells import TOTAL, net_cell
from survey.report.context import Context, in_sentence
from survey.responses.variable import Row
from survey.wave.result import Cell, QuestionResult


def production_title(context: Context, cell: Cell) -> str:
    """Write the finding on the adoption rate; "more than half" needs its interval.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        Share in production.

    Returns
    -------
    str
        Title of a figure.
    """
    half = 0.5
    if cell.conf_low > half:
        return context.say("title_production_above")
    return context.say("title_production_near", share=context.percent(cell.estimate))


def preference_title(context: Context) -> str:
    """Write the finding on the preference; a lead needs a net that is not zero.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        Title of a figure; empty where the net is hidden.
    """
    plan = context.study.indicators.preference
    if plan is None:
        return ""
    net = context.wave.cells.get((f"{plan.overall}:{NET}", "mean", "", TOTAL))
    both = sides(context)
    if net is None or net.hidden or both is None:
        return ""
    shares = {
        "open": context.percent(both[0].estimate),
        "proprietary": context.percent(both[1].estimate),
    }
    if net.conf_low > 0:
        return context.say("title_preference_open", **shares)
    if net.conf_high < 0:
        return context.say("title_preference_other", **shares)
    return context.say("title_preference_even")


def dimension_title(context: Context, result: QuestionResult) -> str:
    """Count the dimensions on which a side leads beyond its interval.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The grid of dimensions.

    Returns
    -------
    str
        Title of a figure.
    """
    nets = [net_cell(context, variable) for variable in result.variables]
    known = [net for net in nets if net is not None and not net.hidden]
    ahead = sum(net.conf_low > 0 for net in known)
    behind = sum(net.conf_high < 0 for net in known)
    return context.say(
        "title_dimension", open=ahead, all=len(known), proprietary=behind
    )


def barrier_title(context: Context, result: QuestionResult) -> str:
    """Name the answer that ranks first, or say that none stands out.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A ranked question.

    Returns
    -------
    str
        Title of a figure.
    """
    variable = result.variables[0]
    ranks = context.wave.ranks.get(result.question.id, {})
    first = [row for row in variable.rows if row.code in ranks]
    first = [row for row in first if ranks[row.code].low == 1]
    if not first:
        return context.text(result.question.label)
    first.sort(key=lambda row: -share_of(context, variable.name, row.code))
    if len(first) == 1:
        return context.say("title_barriers_clear", label=first[0].label)
    if len(first) == len(("first", "second")):
        labels = [row.label for row in first]
        return context.say("title_barriers_tied", first=labels[0], second=labels[1])
    return context.say("title_barriers_open", label=first[0].label, n=len(first))


def group_title(context: Context, result: QuestionResult, row: Row, banner: str) -> str:
    """Say what a figure by group shows, with the range of the groups shown.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        The question.
    row : Row
        The category or net that is shown.
    banner : str
        The banner question.

    Returns
    -------
    str
        Title of a figure. The range describes the groups; it claims no difference.
    """
    name = result.variables[0].name
    found = [
        context.wave.cells.get((name, row.code, point.banner, point.label))
        for point in context.wave.points
        if point.banner == banner
    ]
    shares = [c.estimate for c in found if c is not None and not c.hidden]
    texts = {"label": row.label, "banner": in_sentence(context, banner)}
    if len(shares) < len(("lowest", "highest")):
        return context.say("title_by", **texts)
    ends = {
        "low": context.percent(min(shares)),
        "high": context.percent(max(shares)),
    }
    return context.say("title_by_range", **texts, **ends)


def share_of(context: Context, name: str, code: str) -> float:
    """Give the share of a Total cell, 0 where it is hidden.

    Parameters
    ----------
    context : Context
        The wave.
    name, code : str
        Variable and row.

    Returns
    -------
    float
        0 to 1.
    """
    cell = context.wave.cells.get((name, code, "", TOTAL))
    return cell.estimate if cell is not None and not cell.hidden else 0.0


def sides(context: Context) -> tuple[Cell, Cell] | None:
    """Give the Total cells of open and proprietary.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    (Cell, Cell) or None
        None where the study names no preference, or one of them is hidden.
    """
    plan = context.study.indicators.preference
    if plan is None:
        return None
    found = [
        context.wave.cells.get((plan.overall, side_code(codes, net), "", TOTAL))
        for codes, net in ((plan.open, OPEN), (plan.proprietary, PROPRIETARY))
    ]
    known = [cell for cell in found if cell is not None and not cell.hidden]
    return (known[0], known[1]) if len(known) == len(found) else None

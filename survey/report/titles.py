"""Titles of figures: the finding, only where its number supports it."""

from typing import Final, get_args

from survey.indicators.preference import NET, OPEN, PROPRIETARY, side_code
from survey.report.cells import TOTAL, net_cell, total_cell
from survey.report.context import Context, quoted
from survey.report.quantifiers import HALF, number_of, quantifier, quantity_text
from survey.responses.scale_rows import Box
from survey.responses.variable import Row
from survey.wave.result import Cell, QuestionResult

_ENDS: Final = ("?", "!", "\u2026")


def question_title(context: Context, result: QuestionResult) -> str:
    """Write the finding on a question, or its short label where there is none.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        Any question that no indicator is about.

    Returns
    -------
    str
        Title of a figure: of several answers the one named most often, where its rank
        allows; of a scale with one net, the fraction that its interval allows.
    """
    found = ""
    if result.question.kind == "multiple":
        found = _named_title(context, result)
    elif only_net(context, result) is not None:
        grid = result.question.kind == "grid"
        found = (_items_title if grid else _answer_title)(context, result)
    return found or context.text(result.question.label)


def production_title(context: Context, cell: Cell) -> str:
    """Write the finding on the adoption rate; a fraction needs its interval.

    Parameters
    ----------
    context : Context
        The wave.
    cell : Cell
        Share in production, not hidden.

    Returns
    -------
    str
        Title of a figure; the percentage where no fraction holds.
    """
    quantity = quantifier(cell.estimate, cell.conf_low, cell.conf_high)
    words = context.percent(cell.estimate)
    if quantity:
        words = quantity_text(quantity, context.language, starts=True)
    return context.say(f"title_production_{number_of(quantity)}", quantity=words)


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
    if net is None or net.hidden or net.small or both is None:
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
    known = [net for net in nets if net is not None and not (net.hidden or net.small)]
    if not known:
        return context.text(result.question.label)
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
    first = _may_rank_first(context, result)
    if not first:
        return context.text(result.question.label)
    if len(first) == 1:
        return context.say("title_barriers_clear", label=first[0].label)
    if len(first) == len(("first", "second")):
        labels = [row.label for row in first]
        return context.say("title_barriers_tied", first=labels[0], second=labels[1])
    return context.say("title_barriers_open", label=first[0].label, n=len(first))


def only_net(context: Context, result: QuestionResult) -> Row | None:
    """Give the net that sums up a question: that of the study, or its top box.

    Parameters
    ----------
    context : Context
        The wave.
    result : QuestionResult
        A question or grid.

    Returns
    -------
    Row or None
        None where there is none, or more than one.
    """
    rows = result.variables[0].rows if result.variables else ()
    nets = [row for row in rows if row.role == "net"]
    named = [net.code for net in context.study.nets.get(result.question.id, ())]
    wanted = named or [net.code for net in nets if net.code.startswith("top")]
    found = [net for net in nets if net.code in wanted]
    return found[0] if len(found) == 1 else None


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


def _may_rank_first(context: Context, result: QuestionResult) -> list[Row]:
    """Give the answers that may be named most often, the largest first."""
    variable = result.variables[0]
    ranks = context.wave.ranks.get(result.question.id, {})
    rows = [row for row in variable.rows if row.code in ranks]
    cells = [total_cell(context, variable, row) for row in rows]
    if any(cell is None or cell.hidden or cell.small for cell in cells):
        return []
    first = [row for row in rows if ranks[row.code].low == 1]
    first.sort(key=lambda row: -share_of(context, variable.name, row.code))
    return first


def _named_title(context: Context, result: QuestionResult) -> str:
    """Name the one or two answers that rank first."""
    question = _asked(context, result)
    labels = [row.label for row in _may_rank_first(context, result)]
    if len(labels) == 1:
        return context.say("title_named_clear", question=question, label=labels[0])
    if len(labels) == len(("first", "second")):
        parts = {"first": labels[0], "second": labels[1]}
        return context.say("title_named_tied", question=question, **parts)
    return ""


def _answer_title(context: Context, result: QuestionResult) -> str:
    """Say which fraction gives the answers of the net."""
    net = only_net(context, result)
    cell = total_cell(context, result.variables[0], net) if net else None
    if net is None or cell is None or cell.hidden or cell.small:
        return ""
    quantity = quantifier(cell.estimate, cell.conf_low, cell.conf_high)
    if not quantity:
        return ""
    return context.say(
        "title_answer",
        question=_asked(context, result),
        quantity=quantity_text(quantity, context.language),
        answer=_answers_of(context, result, net),
    )


def _items_title(context: Context, result: QuestionResult) -> str:
    """Count the items on which more than half give the answers of the net."""
    net = only_net(context, result)
    if net is None:
        return ""
    found = [total_cell(context, variable, net) for variable in result.variables]
    cells = [c for c in found if c is not None and not (c.hidden or c.small)]
    most = sum(cell.conf_low > HALF for cell in cells)
    if not most:
        return ""
    return context.say(
        "title_items",
        question=_asked(context, result),
        answer=_answers_of(context, result, net),
        n=most,
        all=len(cells),
    )


def _answers_of(context: Context, result: QuestionResult, net: Row) -> str:
    """Name a net by its label, and a box of a scale by its answers."""
    if net.code not in get_args(Box):
        return quoted(context, [net.label])
    rows = result.variables[0].rows
    return quoted(context, [r.label for r in rows if r.code in net.codes], "or")


def _asked(context: Context, result: QuestionResult) -> str:
    """Give the label of a question as the beginning of a title."""
    label = context.text(result.question.label).rstrip(" :;,.")
    return f"{label} \u2013" if label.endswith(_ENDS) else f"{label}:"

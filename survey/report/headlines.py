"""Headline numbers of a wave, and the sentences that they support."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.indicators.adoption import IN_PRODUCTION, USING
from survey.indicators.preference import NET, OPEN, PROPRIETARY, side_code
from survey.report.cells import TOTAL, net_interval
from survey.report.context import Context, quoted
from survey.report.numbers import points
from survey.report.titles import share_of, sides
from survey.report.wording import rank_text
from survey.responses.variable import Row
from survey.wave.result import Cell, QuestionResult


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its name, weighted and unweighted."""

    label: str
    weighted: Cell
    unweighted: Cell | None
    is_net: bool = False


def headline_cells(context: Context) -> tuple[Headline, ...]:
    """Collect the headline numbers that the study names and the wave asked.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of Headline
        Adoption rates, shares that prefer open and proprietary, net preference,
        nets of the barriers, other shares that the study names.
    """
    found = [
        *_adoption(context),
        *_preference(context),
        *_barrier_nets(context),
        *_shares(context),
    ]
    return tuple(headline for headline in found if headline is not None)


def sentences(context: Context) -> tuple[str, ...]:
    """Write the key findings of a wave.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        One sentence for each headline that is shown; none for a hidden one.
    """
    return (
        *_adoption_sentences(context),
        *_preference_sentence(context),
        *(s for r in barrier_results(context) for s in _barrier_sentences(context, r)),
        *_share_sentences(context),
    )


def barrier_results(context: Context) -> list[QuestionResult]:
    """Give the barrier questions that the wave asked.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    list of QuestionResult
        In the order of the study.
    """
    wanted = [plan.question for plan in context.study.indicators.barriers]
    found = (context.wave.question(name) for name in wanted)
    return [result for result in found if result is not None]


def _headline(
    context: Context, label: str, name: str, code: str, *, is_net: bool = False
) -> Headline | None:
    """Give a headline that the wave has and shows."""
    cell = context.wave.cells.get((name, code, "", TOTAL))
    if cell is None or cell.hidden:
        return None
    plain = context.wave.unweighted.get((name, code))
    return Headline(label, cell, plain, is_net)


def _adoption(context: Context) -> list[Headline | None]:
    """Give the two adoption rates."""
    plan = context.study.indicators.adoption
    if plan is None:
        return []
    return [
        _headline(
            context, context.say("share_production"), plan.question, IN_PRODUCTION
        ),
        _headline(context, context.say("share_using"), plan.question, USING),
    ]


def _preference(context: Context) -> list[Headline | None]:
    """Give both sides of the preference, and the net."""
    plan = context.study.indicators.preference
    if plan is None:
        return []
    name, net = plan.overall, f"{plan.overall}:{NET}"
    sides = side_code(plan.open, OPEN), side_code(plan.proprietary, PROPRIETARY)
    return [
        _headline(context, context.say("share_open"), name, sides[0]),
        _headline(context, context.say("share_proprietary"), name, sides[1]),
        _headline(context, context.say("net"), net, "mean", is_net=True),
    ]


def _barrier_nets(context: Context) -> list[Headline | None]:
    """Give the nets of the barrier questions."""
    return [
        _headline(context, row.label, result.question.id, row.code)
        for result in barrier_results(context)
        for row in result.variables[0].rows
        if row.role == "net"
    ]


def _shares(context: Context) -> list[Headline]:
    """Give the other shares that the study names."""
    found = []
    for plan in context.study.indicators.shares:
        result = context.wave.question(plan.question)
        rows = result.variables[0].rows if result else ()
        label = context.text(plan.label) or _named(rows, plan.code)
        headline = _headline(context, label, plan.question, plan.code)
        if headline is not None:
            found.append(headline)
    return found


def _share_sentences(context: Context) -> list[str]:
    """Write the other shares."""
    return [
        context.say(
            "head_share",
            label=headline.label,
            share=context.percent(headline.weighted.estimate),
            base=context.count(headline.weighted.base_unweighted),
            interval=context.interval(headline.weighted),
        )
        for headline in _shares(context)
    ]


def _adoption_sentences(context: Context) -> list[str]:
    """Write the adoption rates."""
    plan = context.study.indicators.adoption
    if plan is None:
        return []
    keys = {IN_PRODUCTION: "head_production", USING: "head_using"}
    made = []
    for code, key in keys.items():
        cell = context.wave.cells.get((plan.question, code, "", TOTAL))
        if cell is not None and not cell.hidden:
            share = context.percent(cell.estimate)
            made.append(context.say(key, share=share, interval=context.interval(cell)))
    return made


def _preference_sentence(context: Context) -> list[str]:
    """Write the preference with its net."""
    plan, both = context.study.indicators.preference, sides(context)
    if plan is None or both is None:
        return []
    net = context.wave.cells.get((f"{plan.overall}:{NET}", "mean", "", TOTAL))
    if net is None or net.hidden:
        return []
    text = context.say(
        "head_preference",
        open=context.percent(both[0].estimate),
        proprietary=context.percent(both[1].estimate),
        net=points(net.estimate),
        interval=f"{context.level_interval}: {net_interval(context, net)}",
    )
    return [text]


def _barrier_sentences(context: Context, result: QuestionResult) -> list[str]:
    """Write the nets of a barrier question, and the answer named most often."""
    variable = result.variables[0]
    made = []
    for row in variable.rows:
        cell = context.wave.cells.get((variable.name, row.code, "", TOTAL))
        if row.role == "net" and cell is not None and not cell.hidden:
            parts = [_named(variable.rows, code) for code in row.codes]
            base = context.count(cell.base_unweighted)
            text = context.say(
                "head_barriers_net",
                label=row.label,
                share=context.percent(cell.estimate),
                base=base,
                parts=quoted(context, parts, "or"),
                interval=context.interval(cell),
            )
            made.append(text)
    return [*made, *_top_sentence(context, result)]


def _named(rows: Sequence[Row], code: str) -> str:
    """Give the label of a code among rows."""
    return next((row.label for row in rows if row.code == code), code)


def _top_sentence(context: Context, result: QuestionResult) -> list[str]:
    """Write which answer is named most often, with its rank interval."""
    variable = result.variables[0]
    ranks = context.wave.ranks.get(result.question.id, {})
    rows = [row for row in variable.rows if row.code in ranks]
    if not rows:
        return []
    top = max(rows, key=lambda row: share_of(context, variable.name, row.code))
    cell = context.wave.cells[variable.name, top.code, "", TOTAL]
    if cell.hidden:
        return []
    rank = ranks[top.code]
    text = context.say(
        "head_barriers_top",
        question=context.text(result.question.label),
        label=top.label,
        share=context.percent(cell.estimate),
        interval=context.interval(cell),
        rank=rank_text(rank.low, rank.high, context.language),
    )
    return [text]

"""Headline numbers of a wave, and the sentences that they support."""

from collections.abc import Sequence
from dataclasses import dataclass

from survey.indicators.adoption import IN_PRODUCTION, USING
from survey.indicators.preference import NET, OPEN, PROPRIETARY, side_code
from survey.report.cells import TOTAL, net_interval
from survey.report.context import Context
from survey.report.group_findings import group_sentences
from survey.report.model_use_texts import model_sentences
from survey.report.numbers import interval, points
from survey.report.quantifiers import number_of, quantifier, quantity_text
from survey.report.titles import share_of, sides
from survey.report.wording import rank_text
from survey.responses.variable import Row
from survey.wave.result import Cell, QuestionResult


@dataclass(frozen=True, slots=True)
class Headline:
    """One headline number: its name, weighted and unweighted, and its variable."""

    label: str
    weighted: Cell
    unweighted: Cell | None
    variable: str
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
        One sentence for each headline on a base that is not small, and for the largest
        differences between groups that hold among all that were tested.
    """
    return (
        *_adoption_sentences(context),
        *_preference_sentence(context),
        *_dimension_sentence(context),
        *(s for r in barrier_results(context) for s in _barrier_sentences(context, r)),
        *_share_sentences(context),
        *model_sentences(context),
        *group_sentences(context),
    )


def told(context: Context, name: str, code: str) -> Cell | None:
    """Give a Total cell that may be a finding.

    Parameters
    ----------
    context : Context
        The wave.
    name, code : str
        Variable and row.

    Returns
    -------
    Cell or None
        None where there is none, where it is hidden, and where its base is small.
    """
    cell = context.wave.cells.get((name, code, "", TOTAL))
    return None if cell is None or cell.hidden or cell.small else cell


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
    return Headline(label, cell, plain, name.removesuffix(f":{NET}"), is_net)


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
        if not headline.weighted.small
    ]


def _adoption_sentences(context: Context) -> list[str]:
    """Write the adoption rates."""
    plan = context.study.indicators.adoption
    if plan is None:
        return []
    keys = {IN_PRODUCTION: "production", USING: "using"}
    cells = {key: told(context, plan.question, code) for code, key in keys.items()}
    return [
        _rate_sentence(context, key, cell)
        for key, cell in cells.items()
        if cell is not None
    ]


def _rate_sentence(context: Context, key: str, cell: Cell) -> str:
    """Write an adoption rate, with a fraction in words where its interval allows."""
    share, ends = context.percent(cell.estimate), context.interval(cell)
    quantity = quantifier(cell.estimate, cell.conf_low, cell.conf_high)
    if not quantity:
        return context.say(f"head_{key}", share=share, interval=ends)
    words = quantity_text(quantity, context.language, starts=True)
    key = f"said_{key}_{number_of(quantity)}"
    return context.say(key, quantity=words, share=share, interval=ends)


def _preference_sentence(context: Context) -> list[str]:
    """Write the preference with its net."""
    plan, both = context.study.indicators.preference, sides(context)
    if plan is None or both is None:
        return []
    net = told(context, f"{plan.overall}:{NET}", "mean")
    if net is None:
        return []
    text = context.say(
        "head_preference",
        open=context.percent(both[0].estimate),
        proprietary=context.percent(both[1].estimate),
        net=points(net.estimate),
        interval=f"{context.level_interval}: {net_interval(context, net)}",
    )
    return [text]


def _dimension_sentence(context: Context) -> list[str]:
    """Count the dimensions on which a side leads beyond its interval."""
    plan = context.study.indicators.preference
    grid = context.wave.question(plan.dimensions) if plan and plan.dimensions else None
    if grid is None:
        return []
    found = [told(context, f"{v.name}:{NET}", "mean") for v in grid.variables]
    nets = [net for net in found if net is not None]
    if not nets:
        return []
    ahead = sum(net.conf_low > 0 for net in nets)
    behind = sum(net.conf_high < 0 for net in nets)
    text = context.say(
        "said_dimension",
        open=ahead,
        proprietary=behind,
        even=len(nets) - ahead - behind,
        all=len(nets),
        level=context.percent(context.level),
    )
    return [text]


def _barrier_sentences(context: Context, result: QuestionResult) -> list[str]:
    """Write the answer named most often, and the nets of a barrier question."""
    variable = result.variables[0]
    nets = [row for row in variable.rows if row.role == "net"]
    pairs = [(row, told(context, variable.name, row.code)) for row in nets]
    known = [(row, cell) for row, cell in pairs if cell is not None]
    known.sort(key=lambda pair: -pair[1].estimate)
    return [*_top_sentence(context, result), *_nets_sentence(context, result, known)]


def _nets_sentence(
    context: Context, result: QuestionResult, nets: Sequence[tuple[Row, Cell]]
) -> list[str]:
    """Write all nets of a barrier question, the largest first."""
    if not nets:
        return []
    language = context.language
    listed = [
        context.say(
            "said_net",
            label=row.label,
            share=context.percent(cell.estimate),
            interval=interval(cell.conf_low, cell.conf_high, language),
        )
        for row, cell in nets
    ]
    text = context.say(
        "said_nets",
        question=context.text(result.question.label),
        nets=", ".join(listed),
        level=context.percent(context.level),
        base=context.count(nets[0][1].base_unweighted),
    )
    return [text]


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
    cell = told(context, variable.name, top.code)
    if cell is None:
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

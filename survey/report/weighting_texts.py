"""Weights in words: how they were made, and what they meet."""

from collections.abc import Iterator
from math import inf

from survey.report.context import Context, joined, margin_name
from survey.report.numbers import decimal, percent
from survey.report.weighting_costs import cost_text
from survey.report.wording import date_text
from survey.study.weight_plans import WeightingPlan
from survey.study.weights import MadeWeights
from survey.weighting.mapping import BETWEEN

_FACTOR_DIGITS = 2


def weights_label(context: Context, plan: WeightingPlan) -> str:
    """Give the name of a set of weights as a reader sees it.

    Parameters
    ----------
    context : Context
        The wave.
    plan : WeightingPlan
        The recipe.

    Returns
    -------
    str
        Its label, or its name.
    """
    return context.text(plan.label) or plan.name


def fit_text(context: Context, made: MadeWeights) -> str:
    """Say by what method, and in how many passes, the weights met their targets.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.

    Returns
    -------
    str
        Convergence and cost.
    """
    kind = "calibration" if in_steps(made) else "raking"
    passes = made.weighting.passes
    once = "_once" if passes == 1 else ""
    gap = gap_text(made.weighting.gap, context.language)
    unit = "gap_of_mean" if made.weighting.totals else "gap_of_share"
    fit = context.say(
        f"fit_{kind}{once}",
        passes=passes,
        distance=context.say(f"distance_{made.plan.distance}"),
        gap=context.say(unit, gap=gap),
    )
    return f"{fit} {cost_text(context, 'weights_cost', made)}"


def in_steps(made: MadeWeights) -> bool:
    """Say whether the last fit went by steps of Newton's method, not by passes.

    Parameters
    ----------
    made : MadeWeights
        One set of weights.

    Returns
    -------
    bool
        True for calibration, and after a trimming that cut a weight.
    """
    trimming = made.weighting.trimming
    cut = trimming is not None and trimming.trimmed_low + trimming.trimmed_high > 0
    return cut or made.plan.calibrated


def gap_text(gap: float, language: str) -> str:
    """Write the largest gap of a margin in percentage points.

    Parameters
    ----------
    gap : float
        0 to 1.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        With four digits.

    Examples
    --------
    >>> gap_text(0.00123, "en"), gap_text(1e-12, "de")
    ('0.1230', '<0,0001')
    """
    smallest, digits = 0.0001, 4
    if 100 * gap < smallest:
        return f"<{decimal(smallest, language, digits)}"
    return decimal(100 * gap, language, digits)


def recipe_texts(context: Context, made: MadeWeights) -> tuple[str, ...]:
    """Say from what the weights started, and what was done before and after the fit.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.

    Returns
    -------
    tuple of str
        Start, respondents without a category, nonresponse, limits, trimming.
    """
    start = context.say("start_equal")
    if made.plan.base_weight:
        start = context.say("start_column", column=made.plan.base_weight)
    return (start, *_without_category(context, made), *adjustment_texts(context, made))


def adjustment_texts(context: Context, made: MadeWeights) -> tuple[str, ...]:
    """Say what else the weights do than meet margins.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.

    Returns
    -------
    tuple of str
        Nonresponse, limits, trimming, as far as the recipe has them.
    """
    found = (
        _nonresponse(context, made),
        *_limits_of_fit(context, made.plan),
        _trimming(context, made),
    )
    return tuple(filter(None, found))


def _limits_of_fit(context: Context, plan: WeightingPlan) -> Iterator[str]:
    """Say what limits the fit held."""
    kinds = {"limits_multiple": plan.limits, "limits_weight": plan.weight_limits}
    for key, limits in kinds.items():
        if limits is not None:
            yield context.say(key, limits=_limits(context, *limits))


def policy_text(context: Context, plan: WeightingPlan) -> str:
    """Say what happens to respondents without a category of a margin.

    Parameters
    ----------
    context : Context
        The wave.
    plan : WeightingPlan
        The recipe.

    Returns
    -------
    str
        A sentence.
    """
    return context.say(f"policy_{plan.missing}", seed=plan.seed)


def targets_text(context: Context, made: MadeWeights) -> str:
    """Say whom the targets describe, who says so, and how far that was checked.

    Parameters
    ----------
    context : Context
        The wave.
    made : MadeWeights
        One set of weights.

    Returns
    -------
    str
        Several sentences.
    """
    targets = made.targets
    told = [
        context.say(
            "targets_text",
            population=context.text(targets.population),
            source=context.text(targets.source),
            as_of=date_text(targets.as_of, context.language),
        ),
        context.say("targets_unit", unit=context.text(targets.unit)),
    ]
    if targets.population_size is not None:
        size = context.count(targets.population_size)
        told.append(context.say("targets_size", size=size))
    if targets.evidence is not None:
        told.append(context.say(f"evidence_{targets.evidence}"))
        told.append(context.text(targets.evidence_note))
    for key in ("licence", "url"):
        value = getattr(targets, key)
        told.append(context.say(f"targets_{key}", **{key: value}) if value else "")
    return " ".join(filter(None, told))


def _nonresponse(context: Context, made: MadeWeights) -> str:
    """Say how the weights make up for records that did not answer."""
    plan = made.plan.nonresponse
    if plan is None:
        return ""
    key = "nonresponse_classes"
    if plan.method == "propensity":
        key = "nonresponse_propensity" if plan.classes else "nonresponse_inverse"
    rules = [context.say(f"rule_{flag}") for flag in plan.among]
    silent = len(made.weighting.weight) - len(context.wave.responses.frame)
    return context.say(
        key,
        rules=joined(context, rules),
        n=context.count(silent),
        by=margin_name(context, plan.by),
        classes=plan.classes,
    )


def _without_category(context: Context, made: MadeWeights) -> Iterator[str]:
    """Say how many respondents had no category, by margin, and what was done."""
    actions = {"kept with their share of the sample": "own_class", "imputed": "impute"}
    for found in made.findings:
        key = found.check
        if key == "margin_missing":
            key = f"missing_{actions.get(found.action, 'exclude')}"
        elif key not in {"margin_outside", "zero_target"}:
            continue
        yield context.say(
            key,
            margin=margin_name(context, found.question.split(BETWEEN)),
            n=context.count(found.count),
            seed=made.plan.seed,
        )


def _trimming(context: Context, made: MadeWeights) -> str:
    """Say how the weights were trimmed."""
    plan, done = made.plan.trim, made.weighting.trimming
    if plan is None or done is None:
        return ""
    language = context.language
    given = {"low": plan.lower, "high": plan.upper}
    ends = [_factor(context, end) for end in given.values() if end is not None]
    cut = done.trimmed_high + done.trimmed_low > 0
    text = context.say(
        "trimmed" if cut else "trimmed_none",
        rule=context.say(f"trim_{plan.rule}", given=joined(context, ends)),
        limits=_limits(context, done.lower, done.upper),
        high=context.count(done.trimmed_high),
        low=context.count(done.trimmed_low),
        moved=percent(done.moved, language, 1),
        before=context.count(done.base_effective_before),
        after=context.count(done.base_effective_after),
    )
    return f"{text} {context.say('trim_refit')}" if cut else text


def _limits(context: Context, low: float | None, high: float | None) -> str:
    """Write limits: ``0.3 to 3``, ``at most 3``."""
    ends = {
        key: _factor(context, end)
        for key, end in (("low", low), ("high", high))
        if end is not None and 0 < end < inf
    }
    keys = {(): "limits_none", ("low",): "limits_above", ("high",): "limits_below"}
    return context.say(keys.get(tuple(ends), "limits_between"), **ends)


def _factor(context: Context, number: float) -> str:
    """Write a limit with as many digits as it needs, two at most."""
    digits = next(
        (d for d in range(_FACTOR_DIGITS) if round(number, d) == number), _FACTOR_DIGITS
    )
    return decimal(number, context.language, digits)

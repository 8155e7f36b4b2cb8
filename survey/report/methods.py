"""How the numbers were made, in sentences: what AAPOR asks to disclose and we know."""

from importlib.metadata import version
from typing import get_args

from survey.report.context import Context
from survey.report.design_text import variance_text
from survey.report.numbers import decimal, percent
from survey.report.table_notes import adjustment, smallest_difference
from survey.tabulation.lines import Summary
from survey.weighting.diagnostics import (
    deff_kish,
    effective_base,
    weighting_efficiency,
)


def methods(context: Context) -> tuple[str, ...]:
    """Write the methods statement of a report.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        Sample, exclusions, weighting, bases, errors, tests, small bases, rounding,
        software.
    """
    study, plan = context.study, context.study.report
    level = percent(plan.conf_level, context.language)
    interval = context.say("method_interval", interval=plan.interval, level=level)
    return (
        context.say(f"method_sample_{study.sample}"),
        exclusions(context),
        _weighting(context),
        context.say("method_bases"),
        f"{variance_text(context)} {interval}",
        context.say("method_deff"),
        _tests(context),
        *([context.say("method_numbers")] if _has_scale_numbers(context) else []),
        context.say("method_small", min=plan.min_base, small=plan.small_base),
        context.say("method_rounding"),
        context.say("method_software", version=version("genai-survey")),
    )


def _weighting(context: Context) -> str:
    """Say where the weights come from."""
    if not context.weighted:
        return context.say("no_weighting")
    if context.study.weighting:
        return context.say("method_weighting")
    column = context.study.design.weight
    return context.say("method_weighting_file", column=column)


def _tests(context: Context) -> str:
    """Say how columns and association are tested."""
    plan = context.study.report
    kinds = {q.question.kind for q in context.wave.questions}
    keys = [f"method_{name}" for name in (*plan.against, plan.statistic)]
    keys += ["method_items"] if "multiple" in kinds else []
    first = context.say("method_tests", adjust=adjustment(context))
    said = [first, smallest_difference(context), *(context.say(key) for key in keys)]
    return " ".join(filter(None, said))


def _has_scale_numbers(context: Context) -> bool:
    """Say whether the study takes some scale as numbers."""
    wanted = (name for lines in context.study.summaries.values() for name in lines)
    return any(name in get_args(Summary) for name in wanted)


def exclusions(context: Context) -> str:
    """Say which records were left out.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        Rules and numbers.
    """
    used = len(context.wave.responses.frame)
    numbers = {"used": context.count(used), "read": context.count(context.wave.records)}
    rules = {f.check: f.count for f in context.wave.findings if "excluded" in f.action}
    if used == context.wave.records:
        return context.say("no_exclusions", read=numbers["read"])
    listed = ", ".join(
        f"{context.say(f'rule_{rule}')} ({context.count(number)})"
        for rule, number in rules.items()
    )
    return context.say("exclusions", rules=listed, **numbers)


def weighting_texts(context: Context) -> tuple[str, ...]:
    """Say how the weights were made and what they cost.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    tuple of str
        Convergence, range, design effect, effective base, targets with their source.
    """
    made, targets = context.wave.weighting, context.wave.targets
    if not context.weighted:
        return (context.say("no_weighting"),)
    if made is None or targets is None:
        column = context.study.design.weight
        return (context.say("weighting_file_text", column=column, **_cost(context)),)
    text = context.say(
        "weighting_text",
        passes=made.passes,
        gap=_gap(made.gap, context.language),
        **_cost(context),
    )
    source = context.say(
        "targets_text",
        population=targets.population,
        source=targets.source,
        as_of=targets.as_of,
    )
    return (text, source, *targets.notes)


def _cost(context: Context) -> dict[str, str]:
    """Say how far the weights spread, and what that costs."""
    weight, language = context.wave.weights, context.language
    relative = weight / weight.mean()
    return {
        "low": decimal(float(relative.min()), language, 2),
        "high": decimal(float(relative.max()), language, 2),
        "deff": decimal(deff_kish(weight), language, 2),
        "efficiency": percent(weighting_efficiency(weight) / 100, language),
        "effective": context.count(effective_base(weight)),
        "n": context.count(len(weight)),
    }


def _gap(gap: float, language: str) -> str:
    """Write the largest gap of a margin in percentage points."""
    smallest, digits = 0.0001, 4
    if 100 * gap < smallest:
        return f"<{decimal(smallest, language, digits)}"
    return decimal(100 * gap, language, digits)

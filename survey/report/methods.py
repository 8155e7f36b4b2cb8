"""How the numbers were made, in sentences: what AAPOR asks to disclose and we know."""

from importlib.metadata import version
from typing import get_args

from survey.report.context import Context, quoted
from survey.report.design_text import variance_text
from survey.report.group_findings import group_method
from survey.report.model_use_texts import model_methods
from survey.report.numbers import percent
from survey.report.table_notes import adjustment, smallest_difference
from survey.report.weighting_texts import (
    adjustment_texts,
    policy_text,
    weights_label,
)
from survey.tabulation.lines import Summary


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
        *group_method(context),
        *([context.say("method_numbers")] if _has_scale_numbers(context) else []),
        context.say("method_small", min=plan.min_base, small=plan.small_base),
        *model_methods(context),
        context.say("method_rounding"),
        context.say("method_software", version=version("genai-survey")),
    )


def _weighting(context: Context) -> str:
    """Say where the weights come from."""
    if not context.weighted:
        return context.say("no_weighting")
    if not context.wave.made:
        column = context.study.design.weight
        return context.say("method_weighting_file", column=column)
    main = context.wave.made[0]
    distance = context.say(f"distance_{main.plan.distance}")
    kind = "how_calibration" if main.plan.calibrated else "how_raking"
    told = [
        context.say("method_weighting_how", how=context.say(kind, distance=distance)),
        _other_weights(context),
        policy_text(context, main.plan),
        *adjustment_texts(context, main),
        context.say("method_sensitivity") if context.wave.variants else "",
    ]
    return " ".join(filter(None, told))


def _other_weights(context: Context) -> str:
    """Name the weights of all tables, and the others."""
    labels = [weights_label(context, made.plan) for made in context.wave.made]
    if len(labels) < len(("one", "two")):
        return ""
    return context.say(
        "method_named_weights",
        main=quoted(context, labels[:1]),
        others=quoted(context, labels[1:]),
    )


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

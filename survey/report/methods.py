"""How the numbers were made, in sentences: what AAPOR asks to disclose and we know."""

from importlib.metadata import version

from survey.report.context import Context
from survey.report.numbers import decimal, percent
from survey.report.wording import words
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
    interval = {
        "interval": plan.interval,
        "level": percent(plan.conf_level, context.language),
        "psu": _psu(context),
        "calibrated": context.say("method_calibrated") if context.weighted else "",
    }
    return (
        context.say(f"method_sample_{study.sample}"),
        exclusions(context),
        context.say("method_weighting" if context.weighted else "no_weighting"),
        context.say("method_bases"),
        context.say("method_variance", **interval),
        context.say("method_deff"),
        context.say("method_tests"),
        context.say("method_small", min=plan.min_base, small=plan.small_base),
        context.say("method_rounding"),
        context.say("method_software", version=version("genai-survey")),
    )


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
    if made is None or targets is None:
        return (context.say("no_weighting"),)
    weight = made.weight.to_numpy(dtype=float)
    language = context.language
    text = context.say(
        "weighting_text",
        passes=made.passes,
        gap=_gap(made.gap, language),
        low=decimal(float(weight.min()), language, 2),
        high=decimal(float(weight.max()), language, 2),
        deff=decimal(deff_kish(weight), language, 2),
        efficiency=percent(weighting_efficiency(weight) / 100, language),
        effective=context.count(effective_base(weight)),
        n=context.count(len(weight)),
    )
    source = context.say(
        "targets_text",
        population=targets.population,
        source=targets.source,
        as_of=targets.as_of,
    )
    return (text, source, *targets.notes)


def _gap(gap: float, language: str) -> str:
    """Write the largest gap of a margin in percentage points."""
    smallest, digits = 0.0001, 4
    if 100 * gap < smallest:
        return f"<{decimal(smallest, language, digits)}"
    return decimal(100 * gap, language, digits)


def _psu(context: Context) -> str:
    """Name the primary sampling unit."""
    psu = context.study.design.psu
    if not psu:
        return ""
    name = words(context.language).get(f"unit_{psu}", psu)
    return context.say("method_psu", psu=name)

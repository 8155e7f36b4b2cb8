"""The design of a study in words: stages, strata, replicates, calibration."""

from collections.abc import Sequence

from survey.report.context import Context, in_sentence, joined, margin_name
from survey.report.wording import words


def variance_text(context: Context) -> str:
    """Say where standard errors come from.

    Parameters
    ----------
    context : Context
        The wave.

    Returns
    -------
    str
        Linearised or by replicates; strata, units, stages, margins; what happens to
        a stratum with one unit.
    """
    plan = context.study.design
    texts = {"design": _design(context), "calibrated": _calibrated(context)}
    replicates = context.wave.design.replicates
    if replicates is None:
        text = context.say("method_linearised", **texts)
    else:
        key = (
            "method_replicates" if plan.replicate_weights else "method_replicates_made"
        )
        text = context.say(
            key,
            n=context.count(replicates.rscales.size),
            method=_method(context),
            df=context.count(context.wave.design.degrees_of_freedom),
            **texts,
        )
    if plan.lonely_psu == "fail":
        return text
    return f"{text} {context.say(f'lonely_{plan.lonely_psu}')}"


def _design(context: Context) -> str:
    """Name strata, units and stages."""
    plan = context.study.design
    found = []
    if plan.strata:
        strata = joined(context, [_called(context, name) for name in plan.strata])
        found.append(context.say("method_strata", strata=strata))
    if len(plan.psu) == 1:
        found.append(context.say("method_psu", psu=_called(context, plan.psu[0])))
    elif plan.psu:
        units = [_called(context, name) for name in plan.psu]
        found.append(_stages(context, units))
    if plan.fpc:
        found.append(context.say("method_fpc"))
    return "".join(found)


def _stages(context: Context, units: Sequence[str]) -> str:
    """Name the units of several stages."""
    return context.say("method_stages", n=len(units), units=", ".join(units))


def _called(context: Context, name: str) -> str:
    """Give the name of a unit or a question, else that of the column."""
    known = words(context.language).get(f"unit_{name}")
    return known or in_sentence(context, name)


def _calibrated(context: Context) -> str:
    """Say which margins the errors account for."""
    if context.wave.weighting is not None:
        return context.say("method_calibrated")
    margins = context.study.design.calibration
    if not margins:
        return ""
    names = [margin_name(context, margin) for margin in margins]
    return context.say("method_calibrated_file", margins=joined(context, names))


def _method(context: Context) -> str:
    """Name the method of the replicates."""
    plan = context.study.design
    if plan.method == "bootstrap" and not plan.replicate_weights:
        return context.say("method_bootstrap_made", seed=plan.seed)
    return context.say(f"method_{plan.method}", rho=f"{plan.rho:g}")

"""What contradicts itself in the weights of a study, before any data are read."""

from collections.abc import Iterator

from survey.errors import WeightingError, some
from survey.study.model import Study
from survey.study.weight_plans import TrimPlan, WeightingPlan
from survey.weighting.trim_input import check_rule
from survey.yaml_file import Key, YamlFile


def weight_problems(study: Study, source: YamlFile) -> Iterator[str]:
    """Find options of the weights that contradict each other.

    Parameters
    ----------
    study : Study
        The study.
    source : YamlFile
        Its file, for the lines.

    Yields
    ------
    str
        File, line, what is wrong, and what to do.
    """
    names = [plan.name for plan in study.weighting]
    for i, plan in enumerate(study.weighting):
        if plan.name in names[:i]:
            place = source.place(("weighting", i, "name"))
            yield (
                f"{place}: there are two weights {plan.name!r}. Give each a name of "
                "its own."
            )
        for key, problem in _of_plan(plan):
            yield f"{source.place(('weighting', i, *key))}: {problem}"
        yield from _not_excluded(study, source, i)
    for i, wave in enumerate(study.waves):
        given = wave.targets if isinstance(wave.targets, dict) else {}
        unknown = [name for name in given if name not in names]
        if unknown:
            yield (
                f"{source.place(('waves', i, 'targets'))}: there are no weights "
                f"{some(unknown)}. Weights: {some(names) or 'none'}."
            )


def _of_plan(plan: WeightingPlan) -> Iterator[tuple[Key, str]]:
    """Find contradictions in one set of weights."""
    for key in ("limits", "weight_limits"):
        given = getattr(plan, key)
        if given is not None and not 0 <= given[0] < given[1]:
            yield (key,), f"{key} are {list(given)}. Write the smaller one first."
        elif given is not None and not given[0] < 1 < given[1]:
            problem = (
                f"{key} {list(given)} do not have 1, the mean, between them. Write "
                "limits around 1, such as [0.3, 3]."
            )
            yield (key,), problem
    if plan.trim is not None:
        yield from _of_trim(plan, plan.trim)


def _of_trim(plan: WeightingPlan, trim: TrimPlan) -> Iterator[tuple[Key, str]]:
    """Find contradictions in a trimming."""
    key = ("trim",)
    if plan.distance == "logit":
        problem = (
            "the logit distance keeps its limits already, and trimming comes after "
            "the fit. Leave trim out, or use distance: raking."
        )
        yield key, problem
    if plan.limits is not None or plan.weight_limits is not None:
        problem = (
            "limits hold inside the fit, and the fit after a trimming would lose them. "
            "Leave trim out, and write its limit under weight_limits."
        )
        yield key, problem
    try:
        check_rule(trim.rule, trim.lower, trim.upper, with_outcomes=False)
    except WeightingError as problem:
        yield key, str(problem)


def _not_excluded(study: Study, source: YamlFile, i: int) -> Iterator[str]:
    """Find nonrespondents that the study keeps as respondents."""
    plan = study.weighting[i].nonresponse
    kept = [flag for flag in plan.among if flag not in study.exclude] if plan else []
    if kept:
        yield (
            f"{source.place(('weighting', i, 'nonresponse', 'among'))}: records with "
            f"the flag {some(kept)} are respondents here. Add it to 'exclude', or "
            "leave it out."
        )

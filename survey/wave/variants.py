"""What the headlines of a wave would be under other weights.

A margin left out, another cap, no cap, and the other weights of the study.
"""

from collections.abc import Iterator, Sequence

from survey.errors import WeightingError
from survey.indicators.preference import NET
from survey.responses.variable import Variable
from survey.said import said
from survey.study.model import Study
from survey.study.weight_plans import WeightingPlan
from survey.study.weights import (
    MadeWeights,
    Sample,
    make_weights,
    weighted_design,
)
from survey.tabulation.layout import TableOptions
from survey.tabulation.tabulate import tabulate
from survey.wave.result import Variant, VariantKind, cells_of

# Caps that are tried where a study names none, and how many of them.
_ROUND = (1.25, 1.5, 2.0, 3.0, 5.0, 7.0, 10.0, 15.0, 20.0, 30.0, 50.0)
_MOST = 2


def variants_of(
    sample: Sample,
    made: Sequence[MadeWeights],
    stub: Sequence[Variable],
    options: TableOptions,
) -> tuple[Variant, ...]:
    """Tabulate the headlines of a wave under other weights.

    Parameters
    ----------
    sample : Sample
        The records of the wave.
    made : sequence of MadeWeights
        Weights of the wave; the first are those of all tables.
    stub : sequence of Variable
        All questions of the wave.
    options : TableOptions
        Of a table without a banner.

    Returns
    -------
    tuple of Variant
        Empty where the study makes no weights.
    """
    if not made:
        return ()
    wanted = _headline_questions(sample.study)
    headlines = [v for v in stub if v.name in wanted]
    found = [
        _variant(sample, ("weights", each.plan.name), each, stub, options)
        for each in made[1:]
    ]
    for kind, name, plan in _alternatives(made[0]):
        try:
            other = make_weights(sample, plan)
        except WeightingError as problem:
            why = problem.reason or said("no such weights were found")
            found.append(Variant(kind, name, None, {}, why))
        else:
            found.append(_variant(sample, (kind, name), other, headlines, options))
    return tuple(found)


def _headline_questions(study: Study) -> set[str]:
    """Name the questions and scores that headlines are about."""
    plan = study.indicators
    names = {barriers.question for barriers in plan.barriers}
    names |= {share.question for share in plan.shares}
    if plan.adoption:
        names.add(plan.adoption.question)
    if plan.preference:
        names |= {plan.preference.overall, f"{plan.preference.overall}:{NET}"}
    return names


def _caps(made: MadeWeights) -> tuple[float, ...]:
    """Give other largest weights, such that they make a difference."""
    if made.plan.caps is not None:
        return made.plan.caps
    largest = made.weighting.weight.max()
    return tuple(cap for cap in _ROUND if cap < largest)[-_MOST:]


def _alternatives(
    made: MadeWeights,
) -> Iterator[tuple[VariantKind, str, WeightingPlan]]:
    """Change one thing of a plan at a time."""
    plan = made.plan
    if len(plan.margins) + len(plan.totals) > 1:
        for margin in plan.margins:
            fewer = tuple(m for m in plan.margins if m != margin)
            name = " x ".join(margin)
            yield "without", name, plan.model_copy(update={"margins": fewer})
    capped = plan.trim or plan.limits or plan.weight_limits
    if capped and plan.distance != "logit":
        free = {"trim": None, "limits": None, "weight_limits": None}
        yield "uncapped", "", plan.model_copy(update=free)
    low = plan.weight_limits[0] if plan.weight_limits else 0.0
    for cap in _caps(made):
        changed = {"trim": None, "weight_limits": (low, cap)}
        yield "cap", f"{cap:g}", plan.model_copy(update=changed)


def _variant(
    sample: Sample,
    what: tuple[VariantKind, str],
    made: MadeWeights,
    stub: Sequence[Variable],
    options: TableOptions,
) -> Variant:
    """Tabulate the Total column with other weights."""
    if not stub:
        return Variant(*what, made, {})
    table = tabulate(stub, [], weighted_design(sample, made), options)
    return Variant(*what, made, {(c.question, c.code): c for c in cells_of(table)})

"""The weights of a wave: every recipe of the study, run on its records.

Records that did not answer take part where a recipe adjusts for them, with weight 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checks.check import exclude
from survey.errors import MarginError, some
from survey.estimation.design import ResolvedDesign, with_rows
from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Variable
from survey.study.design import design_of, export_columns, study_column
from survey.study.model import Study
from survey.study.weight_plans import WeightingPlan
from survey.weighting.categories import OWN_CLASS
from survey.weighting.fit import Fit, Trim, fit_weights
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.prepare import weighting_input
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting


@dataclass(frozen=True, slots=True, eq=False)
class Sample:
    """The records of a wave from which weights and designs are made.

    Attributes
    ----------
    study : Study
        Names recipes and design.
    responses : Responses
        The records used.
    sampled : Responses
        These, and the records that did not answer where a recipe wants them.
    export : DataFrame
        Columns of the export that the study means, for `sampled`.
    targets : mapping of str to Targets
        Of the wave, by the name of the weights.
    """

    study: Study
    responses: Responses
    sampled: Responses
    export: pd.DataFrame
    targets: Mapping[str, Targets]

    @property
    def rows(self) -> NDArray[np.intp]:
        """Places of the records used among those sampled."""
        return self.sampled.frame.index.get_indexer(self.responses.frame.index)


@dataclass(frozen=True, slots=True, eq=False)
class MadeWeights:
    """One set of weights of a wave.

    Attributes
    ----------
    plan : WeightingPlan
        Its recipe.
    targets : Targets
        What the population looks like.
    weighting : Weighting
        Weights of the records sampled, and how they were made.
    findings : tuple of Finding
        What happened to respondents without a target category.
    labels : mapping of margin to {category: label}
        What the target file and the mapping call their categories.
    """

    plan: WeightingPlan
    targets: Targets
    weighting: Weighting
    findings: tuple[Finding, ...]
    labels: Mapping[str, Mapping[str, str]]


def sample_of(
    study: Study,
    raw: RawTable,
    bound: Responses,
    responses: Responses,
    targets: Mapping[str, Targets],
) -> Sample:
    """Collect what weights and designs of a wave are made from.

    Parameters
    ----------
    study : Study
        Names recipes and design.
    raw : RawTable
        The export.
    bound : Responses
        All its records.
    responses : Responses
        The records used.
    targets : mapping of str to Targets
        By the name of the weights.

    Returns
    -------
    Sample
        With the records that did not answer, where a recipe adjusts for them.
    """
    among = {
        flag
        for plan in study.weighting
        if plan.nonresponse
        for flag in plan.nonresponse.among
    }
    sampled = responses
    if among:
        rules = [flag for flag in study.exclude if flag not in among]
        sampled = exclude(bound, rules)[0]
    export = export_columns(study, raw, bound, sampled)
    return Sample(study, responses, sampled, export, targets)


def make_weights(sample: Sample, plan: WeightingPlan) -> MadeWeights:
    """Make one set of weights.

    Parameters
    ----------
    sample : Sample
        The records of a wave.
    plan : WeightingPlan
        The recipe.

    Returns
    -------
    MadeWeights
        The weights, and what happened on the way.

    Raises
    ------
    WeightingError
        The margins cannot be met.
    StudyError
        The base weight is no column.
    """
    index = sample.sampled.frame.index
    targets = sample.targets[plan.name]
    start = _start(sample, plan)
    given = weighting_input(
        [_margin(sample, plan.columns(margin)) for margin in plan.margins],
        targets,
        index,
        missing=plan.missing,
        zero=plan.zero_targets,
        base_weight=start,
        mapping=plan.mapping,
        seed=plan.seed,
    )
    fit = Fit(plan.distance, plan.limits, plan.weight_limits, _trim(plan))
    numbers = {n: variables(sample.sampled, n)[0].value for n in plan.totals}
    totals = {name: _total(targets, name) for name in plan.totals}
    made = fit_weights(given, fit, pd.DataFrame(numbers, index=index), totals)
    return MadeWeights(plan, targets, made, given.findings, given.labels)


def _margin(sample: Sample, names: tuple[str, ...]) -> Variable | tuple[Variable, ...]:
    """Give the question of a margin, or the questions of a crossed one."""
    found = tuple(variables(sample.sampled, name)[0] for name in names)
    return found[0] if len(found) == 1 else found


def _start(sample: Sample, plan: WeightingPlan) -> pd.Series | Weighting | None:
    """Give the weights before the fit."""
    base = None
    if plan.base_weight:
        base = study_column(sample.sampled, sample.export, plan.base_weight)
    index = sample.sampled.frame.index
    responded = pd.Series(index.isin(sample.responses.frame.index), index=index)
    if plan.nonresponse is None:
        if responded.all():
            return base
        return (pd.Series(1.0, index=index) if base is None else base).where(
            responded, 0.0
        )
    known = {name: _categories(sample, name) for name in plan.nonresponse.by}
    return adjust_nonresponse(
        pd.DataFrame(known, index=index),
        responded,
        plan.nonresponse.by,
        method=plan.nonresponse.method,
        classes=plan.nonresponse.classes,
        base_weight=base,
    )


def _categories(sample: Sample, name: str) -> NDArray[np.object_]:
    """Give the answers to a question; none is an answer of its own."""
    variable = variables(sample.sampled, name)[0]
    assert variable.position is not None, "checked when the study was read"
    codes = np.array([*variable.codes, OWN_CLASS], dtype=object)
    return codes[variable.position]


def _trim(plan: WeightingPlan) -> Trim | None:
    """Give the rule for trimming."""
    if plan.trim is None:
        return None
    return Trim(plan.trim.rule, plan.trim.upper, plan.trim.lower)


def _total(targets: Targets, name: str) -> float:
    """Give the target of a numeric question."""
    if name not in targets.totals:
        raise MarginError(
            f"total {name!r} has no target. The target file has "
            f"{some(targets.totals) or 'no totals'}; add it there, or leave it out."
        )
    return targets.totals[name]


def weighted_design(sample: Sample, made: MadeWeights | None) -> ResolvedDesign:
    """Resolve the design of a wave with weights.

    Parameters
    ----------
    sample : Sample
        The records of a wave.
    made : MadeWeights or None
        Weights that were made here, if any.

    Returns
    -------
    ResolvedDesign
        Arrays over the records used. Those that did not answer have weight 0 and
        remain in the strata.

    Raises
    ------
    StudyError
        There is no such column.
    DesignError
        The columns contradict each other.
    """
    weighting = made.weighting if made else None
    design = design_of(sample.study, sample.sampled, weighting, sample.export)
    if sample.sampled is sample.responses:
        return design
    return with_rows(design, sample.rows)

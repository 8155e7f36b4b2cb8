"""The weights of a wave: every recipe of the study, run on its records.

Records that did not answer take part where a recipe adjusts for them, with weight 0.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checks.check import exclude
from survey.estimation.design import ResolvedDesign, with_rows
from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.study.design import design_of, export_columns, study_column
from survey.study.model import Study
from survey.study.weight_plans import WeightingPlan
from survey.weighting.prepare import weighting_input
from survey.weighting.rake import rake
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
    """

    plan: WeightingPlan
    targets: Targets
    weighting: Weighting
    findings: tuple[Finding, ...]


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
    targets = sample.targets[plan.name]
    responses = sample.sampled
    margins = [variables(responses, margin[0])[0] for margin in plan.margins]
    base_weight = None
    if plan.base_weight:
        base_weight = study_column(responses, sample.export, plan.base_weight)
    given = weighting_input(
        margins,
        targets,
        responses.frame.index,
        missing=plan.missing,  # type: ignore[arg-type]
        base_weight=base_weight,
    )
    made = rake(given.codes, given.margins, base_weight=base_weight)
    return MadeWeights(plan, targets, made, given.findings)


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

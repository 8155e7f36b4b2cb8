"""The weights of a wave: every recipe of the study, run on its records."""

from collections.abc import Mapping
from dataclasses import dataclass

import pandas as pd

from survey.finding import Finding
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.study.design import study_column
from survey.study.model import Study
from survey.study.weight_plans import WeightingPlan
from survey.weighting.prepare import weighting_input
from survey.weighting.rake import rake
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting


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
        Weights, and how they were made.
    findings : tuple of Finding
        What happened to respondents without a target category.
    """

    plan: WeightingPlan
    targets: Targets
    weighting: Weighting
    findings: tuple[Finding, ...]


def make_weights(
    study: Study,
    responses: Responses,
    targets: Mapping[str, Targets],
    export: pd.DataFrame,
) -> tuple[MadeWeights, ...]:
    """Make the weights of a wave.

    Parameters
    ----------
    study : Study
        Names recipes.
    responses : Responses
        The records used.
    targets : mapping of str to Targets
        Of the wave, by the name of the weights.
    export : DataFrame
        From `export_columns`.

    Returns
    -------
    tuple of MadeWeights
        In the order of the study; the first is the weight of all tables.

    Raises
    ------
    WeightingError
        The margins cannot be met.
    StudyError
        The base weight is no column.
    """
    return tuple(
        _made(plan, responses, targets[plan.name], export) for plan in study.weighting
    )


def _made(
    plan: WeightingPlan, responses: Responses, targets: Targets, export: pd.DataFrame
) -> MadeWeights:
    """Run one recipe."""
    margins = [variables(responses, margin[0])[0] for margin in plan.margins]
    base_weight = None
    if plan.base_weight:
        base_weight = study_column(responses, export, plan.base_weight)
    given = weighting_input(
        margins,
        targets,
        responses.frame.index,
        missing=plan.missing,  # type: ignore[arg-type]
        base_weight=base_weight,
    )
    made = rake(given.codes, given.margins, base_weight=base_weight)
    return MadeWeights(plan, targets, made, given.findings)

"""Two waves, and the newer one under the targets of the older: the same respondents.

Their weights go through the recipe of the study again.
"""

from dataclasses import dataclass, replace

from survey.errors import WeightingError
from survey.estimation.design import ResolvedDesign
from survey.said import Said, said
from survey.study.model import Study
from survey.study.weights import make_weights, weighted_design
from survey.wave.result import WaveResult
from survey.waves.stack import Stack, stacked
from survey.waves.stack_units import ids_of


@dataclass(frozen=True, slots=True, eq=False)
class Waves:
    """Two waves with what all decompositions of them share.

    Attributes
    ----------
    study : Study
        How they are analysed.
    newer, older : WaveResult
        The waves.
    again : ResolvedDesign or None
        The newer wave under the targets of the older one; None where the study does
        not make the weights, or they cannot be made.
    stack : Stack
        Both waves in one design, the older one first.
    problem : Said or None
        Why the weights cannot be made.
    """

    study: Study
    newer: WaveResult
    older: WaveResult
    again: ResolvedDesign | None
    stack: Stack
    problem: Said | None = None


def waves_of(study: Study, newer: WaveResult, older: WaveResult) -> Waves:
    """Put two waves together, and weight the newer one with the former targets.

    Parameters
    ----------
    study : Study
        How they are analysed.
    newer, older : WaveResult
        The waves.

    Returns
    -------
    Waves
        With a problem in place of weights that cannot be made.
    """
    ids = ids_of(study, [older, newer]).values
    stack = stacked(older.design, newer.design, ids=ids)
    try:
        again = _with_targets_of(study, newer, older)
    except WeightingError as why:
        problem = why.reason or said("no such weights were found")
        return Waves(study, newer, older, None, stack, problem)
    return Waves(study, newer, older, again, stack)


def _with_targets_of(
    study: Study, newer: WaveResult, older: WaveResult
) -> ResolvedDesign | None:
    """Weight the newer wave to the targets of the older one."""
    if not newer.made or newer.sample is None or older.targets is None:
        # Weights of a file have targets that nobody knows.
        return None if study.design.weight or newer.made else newer.design
    if newer.targets == older.targets:
        return newer.design
    plan = newer.made[0].plan
    targets = {**newer.sample.targets, plan.name: older.targets}
    sample = replace(newer.sample, targets=targets)
    return weighted_design(sample, make_weights(sample, plan))

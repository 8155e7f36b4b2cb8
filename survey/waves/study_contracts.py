"""The contracts of a study: every wave against the one before it.

Questionnaires and targets are enough; exports are not read.
"""

from itertools import pairwise
from pathlib import Path

from survey.errors import StudyError
from survey.study.load import load_study
from survey.study.model import target_file
from survey.waves.compare import contract_between
from survey.waves.contract import WaveContract
from survey.waves.problems import check_acceptance
from survey.weighting.targets import Targets, load_targets


def study_contracts(path: str | Path) -> tuple[WaveContract, ...]:
    """Compare every wave of a study with the one before it.

    Parameters
    ----------
    path : str or Path
        A study file.

    Returns
    -------
    tuple of WaveContract
        In the order of the study.

    Raises
    ------
    StudyError
        The study has one wave, or is wrong; a recode is wrong (file and line).
    QuestionnaireError
        A questionnaire is wrong, or is not there.
    """
    loaded = load_study(path)
    study, folder = loaded.study, loaded.folder
    if len(study.waves) == 1:
        raise StudyError(
            f"{path}: one wave has nothing to be compared with. Add an earlier one "
            "under 'waves'."
        )
    check_acceptance(Path(path), study, loaded.questionnaires)
    targets: list[dict[str, Targets]] = [
        {p.name: load_targets(folder / target_file(p, wave)) for p in study.weighting}
        for wave in study.waves
    ]
    steps = pairwise(zip(study.waves, loaded.questionnaires, targets, strict=True))
    return tuple(
        contract_between(
            newer[1],
            older[1],
            names=(newer[0].id, older[0].id),
            study=study,
            targets=(newer[2], older[2]),
        )
        for older, newer in steps
    )

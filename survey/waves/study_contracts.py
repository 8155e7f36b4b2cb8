"""The contracts of a study: every wave against the one before it.

Answers are not compared; an export is read for the wording alone, where the
questionnaire of its wave has none.
"""

from functools import partial
from itertools import pairwise
from pathlib import Path

from survey.errors import StudyError
from survey.importers.read import read
from survey.questionnaire.model import Questionnaire
from survey.responses.worded import with_wording
from survey.study.load import LoadedStudy, load_study
from survey.study.model import Wave, target_file
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
    DataFileError
        An export that is read for its wording is wrong.
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
    asked = [*map(partial(_worded, loaded), study.waves, loaded.questionnaires)]
    steps = pairwise(zip(study.waves, asked, targets, strict=True))
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


def _worded(
    loaded: LoadedStudy, wave: Wave, questionnaire: Questionnaire
) -> Questionnaire:
    """Take missing wording from the export of a wave."""
    if all(question.wording for question in questionnaire.questions):
        return questionnaire
    file, *companions = (loaded.folder / n for n in (wave.file, *wave.companions))
    raw = read(file, layout=wave.layout, companions=companions)
    return with_wording(questionnaire, raw)

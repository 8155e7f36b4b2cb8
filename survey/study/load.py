"""Study files are read, and checked against the questionnaires that they name.

Every error names file, line and key, and what to write instead.
"""

from collections.abc import Iterator
from pathlib import Path

from pydantic import SkipValidation

from survey.errors import StudyError
from survey.model_use.catalogue import load_catalogue
from survey.model_use.values import Catalogue
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import Part, Questionnaire
from survey.study.design_problems import design_problems
from survey.study.model import Study, Wave
from survey.study.models_plan import models_problems
from survey.study.problems import (
    indicator_problems,
    margin_problems,
    question_problems,
    use_problems,
)
from survey.study.row_problems import row_problems
from survey.study.weight_problems import weight_problems
from survey.yaml_file import Key, YamlFile, read_yaml, validated


class LoadedStudy(Part):
    """A study with the questionnaires of its waves, and the folder of its file."""

    study: Study
    folder: Path
    file: str
    questionnaires: tuple[Questionnaire, ...]
    catalogue: SkipValidation[Catalogue | None] = None


def load_study(path: str | Path) -> LoadedStudy:
    """Read a study file and the questionnaires that it names.

    Parameters
    ----------
    path : str or Path
        A YAML file; paths inside are relative to it.

    Returns
    -------
    LoadedStudy
        The study, and one questionnaire per wave.

    Raises
    ------
    StudyError
        File and line of an unknown key, a question, net or code that no wave has,
        a design that contradicts itself, rows that a question cannot have, a wave
        that stands twice, an export that is not there.
    QuestionnaireError
        A questionnaire is wrong.
    ModelFileError
        The catalogue of models is wrong.
    """
    source = read_yaml(path, StudyError)
    study = validated(Study, source, StudyError)
    folder = Path(path).parent
    questionnaires = tuple(
        load_questionnaire(folder / wave.questionnaire) for wave in study.waves
    )
    catalogue = _catalogue(study, source, folder)
    problems = [*_wave_problems(study, source, folder)]
    problems += design_problems(study, source)
    problems += weight_problems(study, source)
    problems += question_problems(study, source, questionnaires[-1])
    problems += indicator_problems(study.indicators, source)
    if study.models and catalogue:
        problems += models_problems(study.models, source, questionnaires, catalogue)
    if not problems:
        problems += use_problems(study, source, questionnaires[-1])
        problems += row_problems(study, source, questionnaires[-1])
        problems += margin_problems(study, source, questionnaires)
    if problems:
        raise StudyError("\n".join(problems[:8]))
    return LoadedStudy(
        study=study,
        folder=folder,
        file=str(path),
        questionnaires=questionnaires,
        catalogue=catalogue,
    )


def _catalogue(study: Study, source: YamlFile, folder: Path) -> Catalogue | None:
    """Read the catalogue of models that a study names."""
    if study.models is None:
        return None
    file = folder / study.models.catalogue
    if not file.is_file():
        place = source.place(("models", "catalogue"))
        raise StudyError(
            f"{place}: no such catalogue of models {file}. Paths are relative to the "
            "study file."
        )
    return load_catalogue(file)


def _wave_problems(study: Study, source: YamlFile, folder: Path) -> Iterator[str]:
    """Find waves that stand twice and files that are not there."""
    seen: dict[str, str] = {}
    for number, wave in enumerate(study.waves):
        place = source.place(("waves", number, "id"))
        if wave.id in seen:
            yield f"{place}: wave {wave.id!r} stands here twice. Rename one of them."
        seen[wave.id] = wave.file
        for key, name in _wave_files(wave):
            if not (folder / name).exists():
                yield (
                    f"{source.place(('waves', number, *key))}: wave {wave.id!r}: no "
                    f"such file {folder / name}. Paths are relative to the study file."
                )
    for kind, key, name in (*_target_files(study), *_look_files(study)):
        if not (folder / name).is_file():
            yield f"{source.place(key)}: no such {kind} file {folder / name}."


def _wave_files(wave: Wave) -> Iterator[tuple[Key, str]]:
    """List the export of a wave and its companions, with their keys."""
    yield ("file",), wave.file
    for number, name in enumerate(wave.companions):
        yield ("companions", number), name


def _look_files(study: Study) -> Iterator[tuple[str, Key, str]]:
    """List style, template and listings that a study names, with their keys."""
    for kind, name in (
        ("style", study.report.style),
        ("template", study.report.template),
    ):
        if name:
            yield kind, ("report", kind), name
    for number, listing in enumerate(study.listings):
        yield "listing", ("landscape", "listings", number, "file"), listing.file


def _target_files(study: Study) -> Iterator[tuple[str, Key, str]]:
    """List the target files that a study names, with their keys."""
    for i, plan in enumerate(study.weighting):
        yield "target", ("weighting", i, "targets"), plan.targets
    for i, wave in enumerate(study.waves):
        key = ("waves", i, "targets")
        if isinstance(wave.targets, str):
            yield "target", key, wave.targets
        elif wave.targets is not None:
            for name, file in wave.targets.items():
                yield "target", (*key, name), file

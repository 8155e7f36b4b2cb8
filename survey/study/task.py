"""What one run analyses: a study file with its inputs, or a study for a bare export.

Paths of a study are relative to its file; everything that is read is an input.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from survey.checks.check import Flag
from survey.errors import StudyError, some
from survey.model_use.values import Catalogue
from survey.questionnaire.load import questionnaire_files
from survey.questionnaire.model import Questionnaire
from survey.study.load import load_study
from survey.study.model import Study, Wave, target_file
from survey.weighting.targets import Targets, load_targets


@dataclass(frozen=True, slots=True)
class Task:
    """What is to be analysed: a study with one questionnaire and export per wave.

    Attributes
    ----------
    study : Study
        With the waves to analyse only.
    questionnaires : tuple of Questionnaire or None
        One per wave; None is to be drafted.
    files : tuple of tuple of Path
        Per wave: the file with the answers first, then its companions.
    targets : tuple of mapping of weights to Targets
        One per wave.
    inputs : tuple of Path
        All files that are read.
    style, template : Path or None
        Look of the house, and presentation whose master the slides take.
    listings : tuple of Path
        One per listing of models that the study names; none where waves were chosen.
    catalogue : Catalogue or None
        Models that answers are matched to.
    """

    study: Study
    questionnaires: tuple[Questionnaire | None, ...]
    files: tuple[tuple[Path, ...], ...]
    targets: tuple[Mapping[str, Targets], ...]
    inputs: tuple[Path, ...]
    style: Path | None = None
    template: Path | None = None
    listings: tuple[Path, ...] = ()
    catalogue: Catalogue | None = None


def study_task(path: Path, waves: Sequence[str]) -> Task:
    """Read a study with its questionnaires and targets.

    Parameters
    ----------
    path : Path
        Study file.
    waves : sequence of str
        Waves to analyse; all when empty.

    Returns
    -------
    Task
        The study with these waves.

    Raises
    ------
    StudyError
        A wave is unknown, or the study is wrong.
    """
    loaded = load_study(path)
    study, folder = loaded.study, loaded.folder
    unknown = set(waves) - {wave.id for wave in study.waves}
    if unknown:
        known = some([wave.id for wave in study.waves])
        raise StudyError(f"{path}: no wave {some(sorted(unknown))}. Waves: {known}.")
    kept = [i for i, w in enumerate(study.waves) if not waves or w.id in waves]
    chosen = tuple(study.waves[i] for i in kept)
    targets = tuple(_targets(study, wave, folder) for wave in chosen)
    files = tuple(
        tuple(folder / name for name in (wave.file, *wave.companions))
        for wave in chosen
    )
    inputs = [path, *(file for of_wave in files for file in of_wave)]
    inputs += [f for w in chosen for f in questionnaire_files(folder / w.questionnaire)]
    if study.weighting:
        inputs += [
            folder / target_file(plan, wave)
            for wave in chosen
            for plan in study.weighting
        ]
    # Who asks for some waves only asks for no listings of other days.
    named = () if waves else study.listings
    listings = tuple(folder / listing.file for listing in named)
    inputs += listings
    if loaded.catalogue is not None:
        inputs += loaded.catalogue.files
    plan = study.report
    return Task(
        study.model_copy(update={"waves": chosen}),
        tuple(loaded.questionnaires[i] for i in kept),
        files,
        targets,
        tuple(dict.fromkeys(inputs)),
        folder / plan.style if plan.style else None,
        folder / plan.template if plan.template else None,
        listings,
        loaded.catalogue,
    )


def _targets(study: Study, wave: Wave, folder: Path) -> dict[str, Targets]:
    """Read the targets of a wave, by the name of the weights."""
    return {
        plan.name: load_targets(folder / target_file(plan, wave))
        for plan in study.weighting
    }


def export_task(
    path: Path, name: str, layout: str | None, companions: Sequence[Path]
) -> Task:
    """Make a study for a bare export: no weights, no banner, all who were asked.

    Parameters
    ----------
    path : Path
        The export.
    name : str
        Of the study and its only wave.
    layout : str or None
        Layout of the export, where it is not to be detected.
    companions : sequence of Path
        Other files of the same export.

    Returns
    -------
    Task
        Its questionnaire is to be drafted.

    Examples
    --------
    >>> task = export_task(Path("a.csv"), "a", None, [Path("a.qsf")])
    >>> [file.name for file in task.files[0]]
    ['a.csv', 'a.qsf']
    """
    wave = Wave(
        id=name,
        file=path.name,
        companions=tuple(other.name for other in companions),
        questionnaire="",
        layout=layout,
    )
    out: tuple[Flag, ...] = ("screened_out", "empty")
    study = Study(name=name, title={"": path.stem}, waves=(wave,), exclude=out)
    files = (path, *companions)
    return Task(study, (None,), (files,), ({},), files)

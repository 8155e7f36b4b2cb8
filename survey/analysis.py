"""analyze(study) -> Report: from files to everything that will be said.

A study file names waves, instruments, weighting and banner. A bare export is
analysed without any configuration: the questionnaire is drafted from the file and
every question is reported.
"""

import hashlib
import platform
from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from importlib.metadata import version
from pathlib import Path
from typing import Any, get_args

import pandas as pd

from survey.checks.check import check
from survey.drafts import safe_name
from survey.errors import DataFileError, StudyError, some
from survey.finding import SEVERITIES, Finding
from survey.importers.raw import RawTable, Source
from survey.importers.read import read
from survey.landscape_report import study_section
from survey.model_use.catalogue import catalogue_facts
from survey.parallel import side_by_side
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import Questionnaire, in_language
from survey.report.context import Context
from survey.report.document import Report
from survey.report.headlines import sentences
from survey.report.look import HOUSE, read_look
from survey.report.pages import all_pages
from survey.report.slides.template import read_template
from survey.report.wording import say, words
from survey.responses.bind import bind
from survey.responses.worded import with_wording
from survey.results import published_cells
from survey.study.model import Language
from survey.study.task import Task, export_task, study_task
from survey.wave.analyse import analyse_wave
from survey.wave.model_use import model_findings
from survey.wave.result import WaveResult
from survey.waves.problems import check_acceptance, wave_findings
from survey.waves.run import compare_waves

Progress = Callable[[str, int, int], None]
STUDY_ENDINGS = (".yaml", ".yml")
PACKAGES = ("genai-survey", "numpy", "pandas", "scipy", "pyreadstat", "matplotlib")


def analyze(
    target: str | Path,
    *,
    layout: str | None = None,
    companions: Sequence[str | Path] = (),
    language: Language | None = None,
    banner: Sequence[str] = (),
    waves: Sequence[str] = (),
    style: str | Path | None = None,
    progress: Progress | None = None,
) -> Report:
    """Analyse a study, or a bare export.

    Parameters
    ----------
    target : str or Path
        A study file (YAML), or an export of any kind that `read` takes.
    layout : str, optional
        Layout of a bare export, where it is not to be detected.
    companions : sequence of str or Path
        Of a bare export: its text twin, or a definition of the survey.
    language : {"en", "de"}, optional
        Language of the report; what the study says when omitted.
    banner : sequence of str
        Questions across the tables, instead of those of the study.
    waves : sequence of str
        Waves of the study to analyse; all when empty.
    style : str or Path, optional
        YAML file with colours, fonts and logo of the house.
    progress : callable, optional
        Called with a step, how many are done, and how many there are.

    Returns
    -------
    Report
        Pages, figures, tables, results, findings; nothing is written yet.

    Raises
    ------
    SurveyError
        A file is missing or wrong, margins contradict each other, nobody is left;
        the message says what, where, and what to do.
    """
    task = _task(Path(target), layout, language, banner, waves, companions)
    task = _dressed(task, style)
    look = HOUSE if task.style is None else read_look(task.style)
    template = b"" if task.template is None else read_template(task.template)
    results = side_by_side(
        partial(_analyse, task, progress=progress), len(task.study.waves)
    )
    if progress is not None:
        progress("", len(results), len(results))
    return replace(_report(task, results), look=look, template=template)


def _dressed(task: Task, style: str | Path | None) -> Task:
    """Take a style in place of that of the study, and list what is read for looks."""
    chosen = replace(task, style=Path(style) if style else task.style)
    extra = [path for path in (chosen.style, chosen.template) if path is not None]
    return replace(chosen, inputs=(*chosen.inputs, *extra))


def _task(
    target: Path,
    layout: str | None,
    language: Language | None,
    banner: Sequence[str],
    waves: Sequence[str],
    companions: Sequence[str | Path] = (),
) -> Task:
    """Find out what is to be analysed."""
    is_study = target.suffix.lower() in STUDY_ENDINGS
    others = tuple(map(Path, companions))
    _check_options(target, layout, others, waves, is_study=is_study)
    task = (
        study_task(target, waves)
        if is_study
        else export_task(target, safe_name(target.stem), layout, others)
    )
    asked = [each for each in task.questionnaires if each is not None]
    if is_study and not waves:
        check_acceptance(target, task.study, asked)
    changes: dict[str, Any] = {}
    if language is not None:
        changes["language"] = _known_language(language)
    if banner:
        changes["banner"] = tuple(dict.fromkeys(banner))
        newest = task.questionnaires[-1]
        if newest is not None:
            _check_banner(newest, changes["banner"])
    return replace(task, study=task.study.model_copy(update=changes))


def _check_options(
    target: Path,
    layout: str | None,
    companions: Sequence[Path],
    waves: Sequence[str],
    *,
    is_study: bool,
) -> None:
    """Refuse options that the target has no use for."""
    if is_study and layout is not None:
        raise StudyError(
            f"{target}: a study names the layout of each wave itself. Write 'layout: "
            f"{layout}' under the wave, or analyse the export alone."
        )
    if is_study and companions:
        raise StudyError(
            f"{target}: a study names the companions of each wave itself. Write "
            f"'companions: [{companions[0]}]' under the wave, or analyse the "
            "export alone."
        )
    if waves and not is_study:
        raise StudyError(
            f"{target}: a bare export has no waves to choose from. Leave the wave "
            f"{some(waves)} out, or name a study file."
        )


def _known_language(language: str) -> str:
    """Refuse a language that has no words."""
    if language not in get_args(Language):
        raise StudyError(
            f"There is no report in language {language!r}. Choose one of "
            f"{some(get_args(Language))}."
        )
    return language


def _check_banner(questionnaire: Questionnaire, banner: Sequence[str]) -> None:
    """Refuse a banner question that nobody asked."""
    unknown = [name for name in banner if not questionnaire.question(name)]
    if unknown:
        known = some([question.id for question in questionnaire.questions], 60)
        raise StudyError(
            f"banner: there is no question {some(unknown)}. Questions: {known}."
        )


def _analyse(task: Task, number: int, progress: Progress | None = None) -> WaveResult:
    """Read and analyse one wave."""
    wave = task.study.waves[number]
    if progress is not None:
        name = task.files[number][0].name
        progress(f"{wave.id} {name}".strip(), number, len(task.study.waves))
    raw = _read(task, number)
    questionnaire = _questionnaire(task, number, raw)
    return analyse_wave(
        task.study,
        wave,
        raw,
        questionnaire,
        task.targets[number],
        words(task.study.language),
        task.catalogue,
    )


def _read(task: Task, number: int) -> RawTable:
    """Read the export of a wave with its companions."""
    file, *companions = task.files[number]
    layout = task.study.waves[number].layout
    return read(file, layout=layout, companions=companions)


def _questionnaire(task: Task, number: int, raw: RawTable) -> Questionnaire:
    """Give the questionnaire of a wave, with wording of the file where it has none."""
    stated = task.questionnaires[number]
    return with_wording(stated, raw) if stated else _draft(task, raw)


def _draft(task: Task, raw: RawTable) -> Questionnaire:
    """Draft the questionnaire of a bare export, and check the wanted banner."""
    drafted = draft_questionnaire(raw)
    if not drafted.questions:
        raise DataFileError(
            f"{raw.source.name}: none of its {len(raw.frame.columns)} columns is a "
            "question; they describe the records only. Export the answers as well."
        )
    _check_banner(drafted, task.study.banner)
    return drafted


def _report(task: Task, results: Sequence[WaveResult]) -> Report:
    """Put everything together that is said."""
    study = task.study
    drafted = task.questionnaires[-1] is None
    waves = compare_waves(study, results)
    section = study_section(task)
    contexts = [Context(study, result, drafted, waves) for result in results]
    rows = [*map(published_cells, contexts), *section.rows]
    findings = (
        *_by_wave([(r.wave.id, r.findings) for r in results]),
        *(waves.findings if waves else ()),
        *section.findings,
    )
    cautions = [in_language(text, study.language) for text in study.cautions]
    if study.sample == "opt_in":
        cautions.append(say(study.language, "opt_in"))
    if drafted:
        cautions.append(say(study.language, "draft"))
    return Report(
        name=study.name,
        title=in_language(study.title, study.language),
        subtitle=in_language(study.subtitle, study.language),
        language=study.language,
        cautions=tuple(cautions),
        pages=all_pages(contexts, section.pages),
        findings=findings,
        results=pd.concat(rows, ignore_index=True),
        headlines=sentences(contexts[-1]),
        provenance=_provenance(task, results, findings)
        | catalogue_facts(task.catalogue)
        | section.facts,
        words=words(study.language),
    )


def _by_wave(
    found: Sequence[tuple[str, Sequence[Finding]]],
) -> tuple[Finding, ...]:
    """Put the findings of all waves together, each with its wave."""
    if len(found) == 1:
        return tuple(found[0][1])
    return tuple(replace(f, wave=wave) for wave, some_of in found for f in some_of)


def _provenance(
    task: Task, results: Sequence[WaveResult], findings: Sequence[Finding]
) -> dict[str, Any]:
    """List inputs with hashes, options, versions, and what the data warn of."""
    return {
        "study": task.study.model_dump(mode="json", exclude_defaults=True),
        "inputs": [
            {"name": path.name, "sha256": hashlib.sha256(path.read_bytes()).hexdigest()}
            for path in task.inputs
        ],
        "waves": [
            {
                "id": result.wave.id,
                "layout": result.responses.source.layout,
                "encoding": result.responses.source.encoding,
                "read_as": list(result.responses.source.reasons),
                "records_read": result.records,
                "records_used": len(result.responses.frame),
            }
            for result in results
        ],
        "findings": {s: sum(f.severity == s for f in findings) for s in SEVERITIES},
        "warnings": [f.message for f in findings if f.severity != "note"],
        "versions": {
            "python": platform.python_version(),
            **{name: version(name) for name in PACKAGES},
        },
    }


def findings_of(
    target: str | Path,
    *,
    layout: str | None = None,
    companions: Sequence[str | Path] = (),
    heard: Callable[[Source], None] | None = None,
) -> tuple[Finding, ...]:
    """Check the data of a study or of a bare export, without analysing them.

    Parameters
    ----------
    target : str or Path
        A study file, or an export.
    layout : str, optional
        Layout of a bare export, where it is not to be detected.
    companions : sequence of str or Path
        Of a bare export: its text twin, or a definition of the survey.
    heard : callable, optional
        Called with where the answers of each wave came from.

    Returns
    -------
    tuple of Finding
        Of all waves, in their order.

    Raises
    ------
    SurveyError
        A file is missing or wrong.
    """
    task = _task(Path(target), layout, None, (), (), companions)
    found, bound = [], []
    for number, wave in enumerate(task.study.waves):
        raw = _read(task, number)
        if heard is not None:
            heard(raw.source)
        questionnaire = _questionnaire(task, number, raw)
        bound.append(bind(raw, questionnaire))
        models = model_findings(task.study, bound[-1], task.catalogue)
        found.append((wave.id, (*check(bound[-1]), *models)))
    of_all = wave_findings(task.study, bound) if len(bound) > 1 else ()
    return (*_by_wave(found), *of_all)

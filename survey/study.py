"""questionnaires/*.study.yaml -> Study: how the waves of a survey are analysed."""

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema, field_validator
from pydantic.json_schema import JsonSchemaValue

from survey.checks.check import Flag
from survey.errors import QuestionError, StudyError, some
from survey.questionnaire.load import load_questionnaire
from survey.questionnaire.model import (
    CODE_SCHEMA,
    BaseRule,
    Code,
    Net,
    Part,
    Question,
    Questionnaire,
    Text,
)
from survey.questionnaire.problems import base_problem
from survey.responses.recode import check_nets
from survey.yaml_file import YamlFile, read_yaml, validated

Language = Literal["en", "de"]


def _as_list(value: object) -> object:
    """Let a single code stand for a list of one."""
    return [value] if isinstance(value, (str, int)) else value


CODES_SCHEMA: JsonSchemaValue = {
    "anyOf": [CODE_SCHEMA, {"type": "array", "items": CODE_SCHEMA, "minItems": 1}]
}
Codes = Annotated[
    tuple[Code, ...],
    BeforeValidator(_as_list),
    Field(min_length=1),
    WithJsonSchema(CODES_SCHEMA),
]


class Wave(Part):
    """One wave: its export and its instrument, paths relative to the study file."""

    id: Code
    file: str
    questionnaire: str
    layout: str | None = None
    label: Text = Field(default_factory=dict)
    fielded: Text = Field(default_factory=dict)
    targets: str | None = None


class WeightingPlan(Part):
    """How weights are made.

    ``missing`` says what happens to respondents without a target category on a
    margin: ``own_class`` keeps their share of the sample, ``error`` stops.
    """

    targets: str
    margins: tuple[str, ...] = Field(min_length=1)
    base_weight: str | None = None
    missing: Literal["own_class", "error"] = "own_class"


class DesignPlan(Part):
    """Design columns: names of questions or paradata (``organisation``)."""

    strata: str | None = None
    psu: str | None = None
    fpc: str | None = None
    lonely_psu: Literal["fail", "remove", "certainty", "adjust", "average"] = "fail"


class Adoption(Part):
    """The question on the stage of adoption, and what counts as adopted."""

    question: str
    in_production: Codes
    using: Codes


class Barriers(Part):
    """A multiple response question whose categories are ranked."""

    question: str


class Preference(Part):
    """Open versus proprietary, overall and by dimension (a grid)."""

    overall: str
    dimensions: str | None = None
    open: Codes
    proprietary: Codes
    neutral: Annotated[
        tuple[Code, ...], BeforeValidator(_as_list), WithJsonSchema(CODES_SCHEMA)
    ] = ()


class Indicators(Part):
    """Headline indicators; each may be left out.

    ``scales`` are grids whose items are read as one scale: the report gives their
    reliability.
    """

    adoption: Adoption | None = None
    barriers: tuple[Barriers, ...] = ()
    preference: Preference | None = None
    scales: tuple[str, ...] = ()


class ReportPlan(Part):
    """How numbers are shown."""

    min_base: int = Field(default=30, ge=1)
    small_base: int = Field(default=100, ge=1)
    conf_level: float = Field(default=0.95, gt=0, lt=1)
    interval: Literal["logit", "wilson", "beta", "wald"] = "logit"
    levels: tuple[float, float] = (0.05, 0.10)
    adjust: Literal["none", "bonferroni", "holm", "bh"] = "none"

    @field_validator("levels")
    @classmethod
    def _in_order(cls, value: tuple[float, float]) -> tuple[float, float]:
        """Put the stricter level first."""
        return (min(value), max(value))


class Study(Part):
    """How the waves of a survey are analysed.

    ``sample`` is ``opt_in`` when respondents chose themselves: then no margin of
    error is claimed. ``bases`` states the base of a question where it differs from
    the questionnaire.
    """

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    title: Text
    subtitle: Text = Field(default_factory=dict)
    language: Language = "en"
    sample: Literal["opt_in", "probability"] = "opt_in"
    source: Text = Field(default_factory=dict)
    cautions: tuple[Text, ...] = ()
    waves: tuple[Wave, ...] = Field(min_length=1)
    exclude: tuple[Flag, ...] = ("screened_out", "empty", "duplicate")
    weighting: WeightingPlan | None = None
    design: DesignPlan = DesignPlan()
    banner: tuple[str, ...] = ()
    nets: dict[str, tuple[Net, ...]] = Field(default_factory=dict)
    bases: dict[str, BaseRule] = Field(default_factory=dict)
    indicators: Indicators = Indicators()
    report: ReportPlan = ReportPlan()


class LoadedStudy(Part):
    """A study with the questionnaires of its waves, and the folder of its file."""

    study: Study
    folder: Path
    file: str
    questionnaires: tuple[Questionnaire, ...]


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
        a wave that stands twice, an export that is not there.
    QuestionnaireError
        A questionnaire is wrong.
    """
    source = read_yaml(path, StudyError)
    study = validated(Study, source, StudyError)
    folder = Path(path).parent
    questionnaires = tuple(
        load_questionnaire(folder / wave.questionnaire) for wave in study.waves
    )
    problems = [*_wave_problems(study, source, folder)]
    problems += _question_problems(study, source, questionnaires[-1])
    problems += _indicator_problems(study.indicators, source)
    if not problems:
        problems += _use_problems(study, source, questionnaires[-1])
        problems += _margin_problems(study, source, questionnaires)
    if problems:
        raise StudyError("\n".join(problems[:8]))
    return LoadedStudy(
        study=study, folder=folder, file=str(path), questionnaires=questionnaires
    )


def _wave_problems(study: Study, source: YamlFile, folder: Path) -> Iterator[str]:
    """Find waves that stand twice and files that are not there."""
    seen: dict[str, str] = {}
    for number, wave in enumerate(study.waves):
        place = source.place(("waves", number, "id"))
        if wave.id in seen:
            yield f"{place}: wave {wave.id!r} stands here twice. Rename one of them."
        seen[wave.id] = wave.file
        if not (folder / wave.file).exists():
            place = source.place(("waves", number, "file"))
            yield (
                f"{place}: wave {wave.id!r}: no such file {folder / wave.file}. "
                "Paths are relative to the study file."
            )
    targets = [study.weighting.targets] if study.weighting else []
    for name in targets + [w.targets for w in study.waves if w.targets]:
        if not (folder / name).exists():
            place = source.place(("weighting", "targets"))
            yield f"{place}: no such target file {folder / name}."


def _question_problems(
    study: Study, source: YamlFile, questionnaire: Questionnaire
) -> Iterator[str]:
    """Find questions and codes that the newest questionnaire does not have."""
    named: list[tuple[tuple[str | int, ...], str, tuple[str, ...]]] = []
    named += [(("banner", i), name, ()) for i, name in enumerate(study.banner)]
    for name, nets in study.nets.items():
        named += [
            (("nets", name, i, "codes"), name, n.codes) for i, n in enumerate(nets)
        ]
    named += [(("bases", name), name, ()) for name in study.bases]
    named += _indicator_questions(study.indicators)
    if study.weighting:
        margins = enumerate(study.weighting.margins)
        named += [(("weighting", "margins", i), name, ()) for i, name in margins]
    for key, name, codes in named:
        question = questionnaire.question(name)
        if question is None:
            known = some([q.id for q in questionnaire.questions], 60)
            yield (
                f"{source.place(key)}: there is no question {name!r} in "
                f"{questionnaire.id}. Questions: {known}."
            )
        else:
            yield from _code_problems(question, codes, str(source.place(key)))


def _indicator_questions(
    indicators: Indicators,
) -> list[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """List the questions and codes of the indicators, with their keys."""
    named: list[tuple[tuple[str | int, ...], str, tuple[str, ...]]] = []
    if indicators.adoption:
        adoption = indicators.adoption
        codes = (*adoption.in_production, *adoption.using)
        named.append((("indicators", "adoption"), adoption.question, codes))
    for i, barriers in enumerate(indicators.barriers):
        named.append((("indicators", "barriers", i), barriers.question, ()))
    for i, name in enumerate(indicators.scales):
        named.append((("indicators", "scales", i), name, ()))
    if indicators.preference:
        preference = indicators.preference
        codes = (*preference.open, *preference.proprietary, *preference.neutral)
        key = ("indicators", "preference")
        named.append((key, preference.overall, codes))
        if preference.dimensions:
            named.append((key, preference.dimensions, codes))
    return named


def _indicator_problems(indicators: Indicators, source: YamlFile) -> Iterator[str]:
    """Find codes that contradict each other."""
    if indicators.adoption:
        adoption = indicators.adoption
        outside = [c for c in adoption.in_production if c not in adoption.using]
        if outside:
            yield (
                f"{source.place(('indicators', 'adoption', 'using'))}: who is in "
                f"production uses it, too. Add {some(outside)} to 'using'."
            )
    if indicators.preference:
        preference = indicators.preference
        codes = [*preference.open, *preference.proprietary, *preference.neutral]
        twice = sorted({code for code in codes if codes.count(code) > 1})
        if twice:
            yield (
                f"{source.place(('indicators', 'preference'))}: code {some(twice)} "
                "stands for two sides. Leave it with one of them."
            )


def _use_problems(
    study: Study, source: YamlFile, questionnaire: Questionnaire
) -> Iterator[str]:
    """Find questions that are put to a use which their kind does not allow."""
    for key, name, kinds in _uses(study):
        question = questionnaire.question(name)
        if question is not None and question.kind not in kinds:
            yield (
                f"{source.place(key)}: question {name!r} is {question.kind}, and here "
                f"stands a question of kind {' or '.join(kinds)}. Name another one."
            )
    for name, rule in study.bases.items():
        problem = base_problem(_known(questionnaire, name), rule)
        if problem:
            yield f"{source.place(('bases', name))}: {problem}"
    for name, nets in study.nets.items():
        try:
            check_nets(_known(questionnaire, name), nets)
        except QuestionError as problem_found:
            yield f"{source.place(('nets', name))}: {problem_found}"
    if len(set(study.banner)) < len(study.banner):
        twice = sorted({n for n in study.banner if study.banner.count(n) > 1})
        yield f"{source.place(('banner',))}: {some(twice)} stands twice. Remove one."


def _known(questionnaire: Questionnaire, name: str) -> Question:
    """Give a question that is known to be there."""
    question = questionnaire.question(name)
    assert question is not None
    return question


def _uses(study: Study) -> Iterator[tuple[tuple[str | int, ...], str, tuple[str, ...]]]:
    """List the keys that name questions, and the kinds that each allows."""
    indicators = study.indicators
    if indicators.adoption:
        yield ("indicators", "adoption"), indicators.adoption.question, ("single",)
    for i, barriers in enumerate(indicators.barriers):
        yield ("indicators", "barriers", i), barriers.question, ("multiple",)
    if indicators.preference:
        key = ("indicators", "preference")
        yield key, indicators.preference.overall, ("single",)
        yield key, indicators.preference.dimensions or "", ("grid", "single")
    for i, name in enumerate(indicators.scales):
        yield ("indicators", "scales", i), name, ("grid",)
    for i, name in enumerate(study.weighting.margins if study.weighting else ()):
        yield ("weighting", "margins", i), name, ("single",)
    for i, name in enumerate(study.banner):
        yield ("banner", i), name, ("single", "multiple", "grid")


def _margin_problems(
    study: Study, source: YamlFile, questionnaires: Sequence[Questionnaire]
) -> Iterator[str]:
    """Find margins that a wave did not ask."""
    margins = study.weighting.margins if study.weighting else ()
    for wave, questionnaire in zip(study.waves, questionnaires, strict=True):
        for i, name in enumerate(margins):
            if questionnaire.question(name) is None:
                yield (
                    f"{source.place(('weighting', 'margins', i))}: wave {wave.id!r} "
                    f"did not ask {name!r}, so it cannot be weighted by it. Leave the "
                    "margin or the wave out."
                )


def _code_problems(
    question: Question, codes: tuple[str, ...], place: str
) -> Iterator[str]:
    """Find codes that a question does not have."""
    known = [category.code for category in question.categories]
    unknown = [code for code in codes if code not in known]
    if unknown:
        yield (
            f"{place}: question {question.id!r} has no code {some(unknown)}. "
            f"Its codes: {some(known, 40)}."
        )

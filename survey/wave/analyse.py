"""One wave from export to estimates: bind, exclude, weight, tabulate.

All tables of a wave come from one call of the engine.
"""

from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass

from survey.checks.check import exclude
from survey.errors import DesignError, QuestionError, StudyError, WeightingError
from survey.estimation.design import ResolvedDesign
from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.indicators.preference import net_preference
from survey.model_use.values import Catalogue
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind
from survey.responses.table import ANSWERED, Responses
from survey.responses.variable import Variable
from survey.stub import banner_variables, rows_left_out, stub_variables
from survey.study.design import first_units, without_weights
from survey.study.model import Study, Wave
from survey.study.translations import missing_translations
from survey.study.weights import (
    MadeWeights,
    Sample,
    make_weights,
    sample_of,
    weighted_design,
)
from survey.tabulation.tabulate import tabulate
from survey.wave.group_tests import group_tests
from survey.wave.indicators import bases_of, ranks_of, scales_of
from survey.wave.model_tables import model_use
from survey.wave.model_use import ModelsOfWave, models_of_wave
from survey.wave.options import banner_options, topline_options
from survey.wave.result import (
    OTHER_SHARES,
    QuestionResult,
    WaveResult,
    cells_of,
    marks_of,
)
from survey.wave.variants import variants_of
from survey.weighting.targets import Targets


@dataclass(frozen=True, slots=True, eq=False)
class _Ready:
    """A wave that is ready to be tabulated, with weights and without."""

    responses: Responses
    sample: Sample
    questions: tuple[QuestionResult, ...]
    made: tuple[MadeWeights, ...]
    design: ResolvedDesign
    equal: ResolvedDesign
    findings: tuple[Finding, ...]
    units: tuple[object, ...]
    named: ModelsOfWave | None


def analyse_wave(
    study: Study,
    wave: Wave,
    raw: RawTable,
    questionnaire: Questionnaire,
    targets: Mapping[str, Targets],
    words: Mapping[str, str],
    catalogue: Catalogue | None = None,
) -> WaveResult:
    """Analyse one wave.

    Parameters
    ----------
    study : Study
        How it is analysed.
    wave : Wave
        Which wave it is.
    raw : RawTable
        Its export.
    questionnaire : Questionnaire
        Its instrument.
    targets : mapping of str to Targets
        Population margins, by the name of the weights.
    words : mapping of str to str
        Fixed words in the language of the report: ``in_production``, ``using``,
        ``share_open``, ``share_proprietary``, ``answer_given``, ``no_answer``,
        ``outside_bands``, and the names of boxes.
    catalogue : Catalogue, optional
        Models that the answers are matched to, where the study wants that.

    Returns
    -------
    WaveResult
        Every cell of every question by the banner of the study.

    Raises
    ------
    SurveyError
        Nobody is left after the exclusions, the margins cannot be met, the design
        does not fit the data.
    """
    with _about(wave, raw):
        ready = _ready(study, wave, raw, questionnaire, targets, words, catalogue)
    questions, design = ready.questions, ready.design
    stub = [v for q in questions for v in q.variables]
    stub += _scores(study, questions)
    topline = topline_options(study, ready.responses.questionnaire, questions)
    banner = banner_variables(study, ready.responses)
    crosstab = tabulate(stub, banner, design, banner_options(study, topline))
    plain = tabulate(stub, [], ready.equal, topline)
    variants = variants_of(ready.sample, ready.made, stub, topline)
    cells = cells_of(crosstab)
    shown = {c.key: c for c in cells if c.statistic not in OTHER_SHARES}
    return WaveResult(
        wave=wave,
        responses=ready.responses,
        records=len(raw.frame),
        questions=questions,
        crosstab=crosstab,
        cells=shown,
        other_shares={
            (*c.key, c.statistic): c for c in cells if c.statistic in OTHER_SHARES
        },
        marks=marks_of(crosstab),
        unweighted={(c.question, c.code): c for c in cells_of(plain)},
        design=design,
        made=ready.made,
        variants=variants,
        ranks=ranks_of(study, questions, design, shown),
        bases=bases_of(study, ready.responses, questions, design),
        scales=scales_of(study, questions),
        findings=(
            *ready.findings,
            *rows_left_out(study, questionnaire, words),
            *missing_translations(study, wave, questionnaire),
        ),
        group_tests=group_tests(study, questions, banner, design, topline, shown),
        units=ready.units,
        sample=ready.sample,
        model_use=model_use(
            study, ready.named, questions, design, banner_options(study, topline)
        ),
    )


def _ready(
    study: Study,
    wave: Wave,
    raw: RawTable,
    questionnaire: Questionnaire,
    targets: Mapping[str, Targets],
    words: Mapping[str, str],
    catalogue: Catalogue | None,
) -> _Ready:
    """Bind and weight a wave, and make the variables of every question."""
    bound = bind(raw, questionnaire)
    responses, findings = exclude(bound, study.exclude)
    if responses.frame.empty:
        answered = (bound.states == ANSWERED).any()
        raise StudyError(
            f"wave {wave.id!r}: none of {len(raw.frame)} records is left after the "
            f"exclusions ({', '.join(study.exclude)}), and {int(answered.sum())} of "
            f"{answered.size} questions and items have any answer. Where these are "
            "few, the file is that of another wave or study; otherwise check "
            "'complete', 'screened_out' and 'exclude'."
        )
    sample = sample_of(study, raw, bound, responses, targets)
    made = tuple(make_weights(sample, plan) for plan in study.weighting)
    design = weighted_design(sample, made[0] if made else None)
    export = sample.export.loc[responses.frame.index]
    named = models_of_wave(study, responses, catalogue, words)
    responses = named.responses if named else responses
    return _Ready(
        responses=responses,
        questions=tuple(
            QuestionResult(question, stub_variables(study, responses, question, words))
            for question in responses.questionnaire.questions
        ),
        sample=sample,
        made=made,
        design=design,
        equal=without_weights(study, responses, design, export),
        findings=(
            *findings,
            *_of_weights(made),
            *(named.findings if named else ()),
        ),
        units=first_units(study, responses, export),
        named=named,
    )


def _of_weights(made: Sequence[MadeWeights]) -> tuple[Finding, ...]:
    """Collect what happened on the way to the weights, once for all of them."""
    return tuple(dict.fromkeys(found for each in made for found in each.findings))


@contextmanager
def _about(wave: Wave, raw: RawTable) -> Iterator[None]:
    """Let an error say which wave and file it is about."""
    try:
        yield
    except (WeightingError, DesignError, QuestionError) as problem:
        message = f"wave {wave.id!r} ({raw.source.name}): {problem}"
        raise type(problem)(message) from None


def _scores(study: Study, questions: Sequence[QuestionResult]) -> list[Variable]:
    """Score the preference questions, overall and by dimension."""
    plan = study.indicators.preference
    if plan is None:
        return []
    return [
        net_preference(variable, plan.open, plan.proprietary)
        for result in questions
        if result.question.id in {plan.overall, plan.dimensions}
        for variable in result.variables
    ]

"""One wave from export to estimates: bind, exclude, weight, tabulate.

All tables of a wave come from one call of the engine. What reads them afterwards
looks cells up and computes nothing.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.checks.check import exclude
from survey.errors import StudyError, WeightingError, some
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.indicators.barriers import (
    RankInterval,
    on_other_bases,
    pair_differences,
    rank_intervals,
)
from survey.indicators.preference import net_preference
from survey.indicators.scales import Reliability, reliability
from survey.questionnaire.model import BASE_RULES, Question, Questionnaire, in_language
from survey.responses.bands import as_table_variables
from survey.responses.bind import bind
from survey.responses.recode import variables
from survey.responses.table import NOT_ASKED, Responses
from survey.responses.variable import Variable
from survey.stub import banner_variables, nets_left_out, nets_of
from survey.study import Study, Wave
from survey.tabulation.layout import (
    CELL_COLUMNS,
    BannerPoint,
    Crosstab,
    TableOptions,
)
from survey.tabulation.tabulate import tabulate
from survey.weighting.prepare import WeightingInput, weighting_input
from survey.weighting.rake import rake
from survey.weighting.targets import Targets
from survey.weighting.weighting import Weighting


@dataclass(frozen=True, slots=True)
class Cell:
    """One published cell, with the columns of ``results.csv`` but the wave."""

    question: str
    code: str
    label: str
    banner: str
    point: str
    statistic: str
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float
    deff: float
    count: float
    base_unweighted: float
    base_weighted: float
    base_effective: float
    letters: str
    note: str

    @property
    def hidden(self) -> bool:
        """Whether the base is too small to show the cell."""
        return self.note.startswith("hidden")

    @property
    def small(self) -> bool:
        """Whether the base is small, but not too small."""
        return self.note.startswith("small")


@dataclass(frozen=True, slots=True, eq=False)
class QuestionResult:
    """A question with the variables that tabulate it: one, or one per grid item."""

    question: Question
    variables: tuple[Variable, ...]


@dataclass(frozen=True, slots=True, eq=False)
class WaveResult:
    """What is known of one wave.

    Attributes
    ----------
    wave : Wave
        As the study names it.
    responses : Responses
        The records used.
    records : int
        Records in the export.
    questions : tuple of QuestionResult
        In the order of the questionnaire.
    crosstab : Crosstab
        All cells, weighted.
    cells : mapping of (question, code, banner, point) to Cell
        The same cells, to be looked up.
    unweighted : mapping of (question, code) to Cell
        The Total column without weights.
    weighting, targets : Weighting, Targets or None
        None where the study has no weighting.
    ranks : mapping of question to mapping of code to RankInterval
        Of the barrier questions.
    bases : mapping of (question, code, base) to Cell
        Total of the barrier questions on the bases ``asked, answered, named`` and
        ``everyone``.
    scales : mapping of question to Reliability
        Of the grids that the study reads as scales.
    findings : tuple of Finding
        About the data, exclusions and weights included.
    """

    wave: Wave
    responses: Responses
    records: int
    questions: tuple[QuestionResult, ...]
    crosstab: Crosstab
    cells: Mapping[tuple[str, str, str, str], Cell]
    unweighted: Mapping[tuple[str, str], Cell]
    weighting: Weighting | None
    targets: Targets | None
    ranks: Mapping[str, Mapping[str, RankInterval]]
    bases: Mapping[tuple[str, str, str], Cell]
    scales: Mapping[str, Reliability]
    findings: tuple[Finding, ...]

    @property
    def points(self) -> tuple[BannerPoint, ...]:
        """Columns of the banner, without Total."""
        return tuple(point for point in self.crosstab.columns if point.banner)

    def question(self, question_id: str) -> QuestionResult | None:
        """Give the result of a question, None where the wave did not ask it."""
        found = (q for q in self.questions if q.question.id == question_id)
        return next(found, None)


def analyse_wave(
    study: Study,
    wave: Wave,
    raw: RawTable,
    questionnaire: Questionnaire,
    targets: Targets | None,
    words: Mapping[str, str],
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
    targets : Targets or None
        Population margins, where the study weights.
    words : mapping of str to str
        Fixed words in the language of the report: ``in_production``, ``using``,
        ``share_open``, ``share_proprietary``, ``answer_given``, ``no_answer``.

    Returns
    -------
    WaveResult
        Every cell of every question by the banner of the study.

    Raises
    ------
    SurveyError
        Nobody is left after the exclusions, or the margins cannot be met.
    """
    bound = bind(raw, questionnaire)
    responses, findings = exclude(bound, study.exclude)
    if responses.frame.empty:
        raise StudyError(
            f"wave {wave.id!r}: none of {len(raw.frame)} records is left after the "
            f"exclusions ({', '.join(study.exclude)}). Check 'complete', "
            "'screened_out' and 'exclude'."
        )
    try:
        weighting, more = _weight(study, responses, targets)
    except WeightingError as problem:
        message = f"wave {wave.id!r} ({raw.source.name}): {problem}"
        raise type(problem)(message) from None
    design = resolve(_design(study, responses, weighting), responses)
    equal = resolve(_design(study, responses, None), responses)
    questions = _questions(study, responses, words)
    stub = [v for q in questions for v in q.variables]
    stub += [*_numbers(stub), *_scores(study, questions)]
    banner = banner_variables(study, responses)
    crosstab = tabulate(stub, banner, design, _options(study))
    plain = tabulate(stub, [], equal, _options(study))
    rows = _cells(crosstab)
    return WaveResult(
        wave,
        responses,
        len(raw.frame),
        questions,
        crosstab,
        {(c.question, c.code, c.banner, c.point): c for c in rows},
        {(c.question, c.code): c for c in _cells(plain)},
        weighting,
        targets,
        _ranks(study, questions, design),
        _bases(study, responses, questions, design),
        _scales(study, questions),
        (*findings, *more, *nets_left_out(study, questionnaire, words)),
    )


def _cells(crosstab: Crosstab) -> list[Cell]:
    """Give the cells of a crosstab one by one."""
    columns = [crosstab.cells[name].tolist() for name in CELL_COLUMNS]
    return [Cell(*row) for row in zip(*columns, strict=True)]


def _weight(
    study: Study, responses: Responses, targets: Targets | None
) -> tuple[Weighting | None, tuple[Finding, ...]]:
    """Rake the wave to the margins of the study."""
    plan = study.weighting
    if plan is None or targets is None:
        return None, ()
    margins = [variables(responses, name)[0] for name in plan.margins]
    base_weight = _column(responses, plan.base_weight) if plan.base_weight else None
    given: WeightingInput = weighting_input(
        margins,
        targets,
        responses.frame.index,
        missing=plan.missing,
        base_weight=base_weight,
    )
    made = rake(given.codes, given.margins, base_weight=base_weight)
    return made, given.findings


def _design(
    study: Study, responses: Responses, weighting: Weighting | None
) -> SurveyDesign:
    """Give the design of the study; a record without a PSU is its own."""
    plan = study.design
    psu = None
    if plan.psu is not None:
        psu = _column(responses, plan.psu)
        own = pd.Series("record " + responses.frame.index, index=responses.frame.index)
        psu = psu.where(psu.notna(), own)
    strata = None if plan.strata is None else _column(responses, plan.strata)
    fpc = None if plan.fpc is None else _column(responses, plan.fpc)
    # One record has no variance, and nothing of it is shown; that is no reason to stop.
    lonely = "certainty" if len(responses.frame) == 1 else plan.lonely_psu
    return SurveyDesign(
        weight=weighting, strata=strata, psu=psu, fpc=fpc, lonely_psu=lonely
    )


def _column(responses: Responses, name: str) -> pd.Series:
    """Find a design column among paradata and answers."""
    for table in (responses.paradata, responses.frame):
        if name in table:
            return table[name].astype(object)
    known = [*responses.paradata.columns, *responses.frame.columns[:20]]
    raise StudyError(
        f"There is no column {name!r}, which the design or weighting of the study "
        f"names. Paradata and answers: {some(map(str, known), 20)}. Name one of "
        "these, or add the column to 'paradata' of the questionnaire."
    )


def _options(study: Study) -> TableOptions:
    """Give the settings of the engine."""
    plan = study.report
    return TableOptions(
        interval=plan.interval,
        conf_level=plan.conf_level,
        min_base=plan.min_base,
        small_base=plan.small_base,
        levels=plan.levels,
        adjust=plan.adjust,
    )


def _questions(
    study: Study, responses: Responses, words: Mapping[str, str]
) -> tuple[QuestionResult, ...]:
    """Make the variables of every question."""
    results = []
    for question in responses.questionnaire.questions:
        made = variables(
            responses,
            question.id,
            base=study.bases.get(question.id),
            language=study.language,
            nets=nets_of(study, question, words),
        )
        labels = words["answer_given"], words["no_answer"]
        rows = as_table_variables(question, made, labels)
        results.append(QuestionResult(question, rows))
    return tuple(results)


def _numbers(stub: Sequence[Variable]) -> list[Variable]:
    """Give numeric questions once more without bands, for their mean."""
    return [
        replace(variable, codes=(), rows=(), position=None)
        for variable in stub
        if variable.value is not None
    ]


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


def _ranks(
    study: Study, questions: Sequence[QuestionResult], design: ResolvedDesign
) -> dict[str, dict[str, RankInterval]]:
    """Rank the answers of every barrier question that the wave asked."""
    wanted = {plan.question for plan in study.indicators.barriers}
    return {
        result.question.id: _ranked(study, result.variables[0], design)
        for result in questions
        if result.question.id in wanted and result.variables[0].chosen is not None
    }


def _bases(
    study: Study,
    responses: Responses,
    questions: Sequence[QuestionResult],
    design: ResolvedDesign,
) -> dict[tuple[str, str, str], Cell]:
    """Put the barrier questions on every base that people quote."""
    wanted = {plan.question for plan in study.indicators.barriers}
    stub: list[Variable] = []
    for result in questions:
        name = result.question.id
        if name in wanted and result.variables[0].chosen is not None:
            by_rule: dict[str, Variable] = {
                rule: replace(made, rows=result.variables[0].rows)
                for rule in BASE_RULES
                for made in variables(responses, name, base=rule)
            }
            not_asked = responses.states[name].to_numpy() == NOT_ASKED
            stub += on_other_bases(by_rule, not_asked).values()
    cells = _cells(tabulate(stub, [], design, _options(study))) if stub else []
    found = {}
    for cell in cells:
        name, _, base = cell.question.rpartition("@")
        found[name, cell.code, base] = cell
    return found


def _scales(
    study: Study, questions: Sequence[QuestionResult]
) -> dict[str, Reliability]:
    """Give the reliability of the grids that are read as scales."""
    return {
        result.question.id: reliability(result.variables, study.report.conf_level)
        for result in questions
        if result.question.id in study.indicators.scales
    }


def _ranked(
    study: Study, variable: Variable, design: ResolvedDesign
) -> dict[str, RankInterval]:
    """Give the rank interval of every answer."""
    differences = pair_differences(variable)
    if not differences or int(variable.base.sum()) < study.report.min_base:
        return {}
    cells = _cells(tabulate(differences, [], design, _options(study)))
    pairs = [(c.question.split(">")[0], c.question.split(">")[1]) for c in cells]
    estimates = np.array([c.estimate for c in cells])
    errors = np.array([c.std_error for c in cells])
    p_values = _p_values(estimates, errors, design.degrees_of_freedom)
    found = rank_intervals(pairs, estimates, p_values, 1 - study.report.conf_level)
    return {interval.code: interval for interval in found}


def _p_values(
    estimates: NDArray[np.float64], errors: NDArray[np.float64], degrees: int
) -> NDArray[np.float64]:
    """Test differences against zero with the t distribution."""
    from scipy.special import stdtr

    safe = np.where(errors > 0, errors, np.nan)
    return np.asarray(2 * stdtr(degrees, -np.abs(estimates / safe)), dtype=float)


def label_of(wave: Wave, language: str) -> str:
    """Give the name of a wave as a reader sees it."""
    return in_language(wave.label, language) or wave.id

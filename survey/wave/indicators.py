"""Indicators of a wave that are no cells of its tables: ranks, bases, reliability."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.indicators.barriers import (
    RankInterval,
    on_other_bases,
    pair_differences,
    rank_intervals,
    ranked_codes,
)
from survey.indicators.scales import Reliability, reliability
from survey.questionnaire.model import BASE_RULES
from survey.responses.recode import variables
from survey.responses.table import NOT_ASKED, Responses
from survey.responses.variable import Variable
from survey.study.model import Study
from survey.tabulation.tabulate import tabulate
from survey.wave.options import total_options
from survey.wave.result import Cell, Key, QuestionResult, cells_of

# All pairs are tested: twice the answers cost four times as much.
_MOST_RANKED = 15
_FEWEST = 2


def ranks_of(
    study: Study,
    questions: Sequence[QuestionResult],
    design: ResolvedDesign,
    cells: Mapping[Key, Cell],
) -> dict[str, dict[str, RankInterval]]:
    """Rank the answers of the multiple response questions that the wave asked.

    Parameters
    ----------
    study : Study
        Names the barrier questions, which are ranked whatever their number of answers.
    questions : sequence of QuestionResult
        Of the wave.
    design : ResolvedDesign
        Weights and design of the records used.
    cells : mapping of (question, code, banner, point) to Cell
        What the tables show: what is hidden has no rank.

    Returns
    -------
    dict of question to dict of code to RankInterval
        Empty for a question whose base is too small; without those of many answers.
    """
    wanted = {plan.question for plan in study.indicators.barriers}
    found = {}
    for result in questions:
        name, variable = result.question.id, result.variables[0]
        few = len(ranked_codes(variable)) <= _MOST_RANKED
        if variable.chosen is not None and (name in wanted or few):
            shown = not any(
                cell.hidden
                for row in variable.rows
                if (cell := cells.get((variable.name, row.code, "", "Total")))
            )
            found[name] = _ranked(study, variable, design) if shown else {}
    return found


def bases_of(
    study: Study,
    responses: Responses,
    questions: Sequence[QuestionResult],
    design: ResolvedDesign,
) -> dict[tuple[str, str, str], Cell]:
    """Put the barrier questions on every base that people quote.

    Parameters
    ----------
    study : Study
        Names the barrier questions.
    responses : Responses
        The records used.
    questions : sequence of QuestionResult
        Of the wave.
    design : ResolvedDesign
        Weights and design of the records used.

    Returns
    -------
    dict of (question, code, base) to Cell
        Total cells on the bases ``asked, answered, named`` and ``everyone``.
    """
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
    cells = cells_of(tabulate(stub, [], design, total_options(study))) if stub else []
    found = {}
    for cell in cells:
        name, _, base = cell.question.rpartition("@")
        found[name, cell.code, base] = cell
    return found


def scales_of(
    study: Study, questions: Sequence[QuestionResult]
) -> dict[str, Reliability]:
    """Give the reliability of the grids that are read as scales.

    Parameters
    ----------
    study : Study
        Names the grids.
    questions : sequence of QuestionResult
        Of the wave.

    Returns
    -------
    dict of question to Reliability
        Those of the grids that the wave asked.

    Raises
    ------
    EstimationError
        Too few respondents answered every item.
    """
    return {
        result.question.id: reliability(result.variables, study.report.conf_level)
        for result in questions
        if result.question.id in study.indicators.scales
    }


def _ranked(
    study: Study, variable: Variable, design: ResolvedDesign
) -> dict[str, RankInterval]:
    """Give the rank interval of every answer."""
    base = int((variable.base & design.used).sum())
    if len(ranked_codes(variable)) < _FEWEST or base < max(study.report.min_base, 1):
        return {}
    pairs = pair_differences(variable, design)
    degrees = design.degrees_of_freedom
    p_values = _p_values(pairs.estimate, pairs.std_error, degrees)
    level = 1 - study.report.conf_level
    found = rank_intervals(pairs.pairs, pairs.estimate, p_values, level)
    return {interval.code: interval for interval in found}


def _p_values(
    estimates: NDArray[np.float64], errors: NDArray[np.float64], degrees: int
) -> NDArray[np.float64]:
    """Test differences against zero with the t distribution."""
    from scipy.special import stdtr

    safe = np.where(errors > 0, errors, np.nan)
    return np.asarray(2 * stdtr(degrees, -np.abs(estimates / safe)), dtype=float)

"""What a study says about tables, as options of the engine."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial

import numpy as np
from numpy.typing import NDArray

from survey.questionnaire.model import Questionnaire
from survey.stub import summaries_of
from survey.study.model import Study
from survey.tabulation.layout import TableOptions
from survey.tabulation.links import routing_links
from survey.wave.result import QuestionResult


def total_options(study: Study) -> TableOptions:
    """Give the options of a column of Total.

    Parameters
    ----------
    study : Study
        Says how numbers are shown.

    Returns
    -------
    TableOptions
        Without anything that depends on the questions.
    """
    plan = study.report
    return TableOptions(
        interval=plan.interval,
        conf_level=plan.conf_level,
        min_base=plan.min_base,
        small_base=plan.small_base,
        levels=plan.levels,
        adjust=plan.adjust,
        family=plan.family,
        min_difference=plan.min_difference,
        statistic=plan.statistic,
    )


def topline_options(
    study: Study, questionnaire: Questionnaire, questions: Sequence[QuestionResult]
) -> TableOptions:
    """Give the options of all questions without a banner.

    Parameters
    ----------
    study : Study
        Says how numbers are shown.
    questionnaire : Questionnaire
        Says whose base an answer decides.
    questions : sequence of QuestionResult
        What is tabulated.

    Returns
    -------
    TableOptions
        With summaries, and with the links between questions.
    """
    wanted = {q.question.id: summaries_of(study, q.question) for q in questions}
    summaries = {
        variable.name: wanted[result.question.id]
        for result in questions
        for variable in result.variables
        if wanted[result.question.id]
    }
    return replace(
        total_options(study), summaries=summaries, links=partial(_links, questionnaire)
    )


def banner_options(study: Study, topline: TableOptions) -> TableOptions:
    """Give the options of all questions by the banner.

    Parameters
    ----------
    study : Study
        Says how numbers are shown.
    topline : TableOptions
        From `topline_options`.

    Returns
    -------
    TableOptions
        With the tests and percentages of columns.
    """
    plan = study.report
    return replace(topline, against=plan.against, percent=plan.percent)


def _links(questionnaire: Questionnaire, names: Sequence[str]) -> NDArray[np.bool_]:
    """Link questions by routing; a score has the base of its question."""
    return routing_links(questionnaire, [name.partition(":")[0] for name in names])

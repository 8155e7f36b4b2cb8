"""Responses: answers, coded, with one of three states for every item."""

from dataclasses import dataclass
from typing import Final

import pandas as pd

from survey.finding import Finding
from survey.importers.raw import Source
from survey.questionnaire.model import Questionnaire

NOT_ASKED: Final = 0
ASKED: Final = 1
ANSWERED: Final = 2


@dataclass(frozen=True, slots=True)
class Responses:
    """Coded answers of one wave.

    Attributes
    ----------
    questionnaire : Questionnaire
        What was asked.
    frame : DataFrame
        One row per respondent, index ``respondent_id``. A single question is one
        categorical column ``ID`` of codes; a grid is one such column ``ID_ITEM``
        per item; a multiple response question is one bool column ``ID_CODE`` per
        category; numeric questions are ``float64``, text questions ``str``; a text
        typed beside a category is ``ID_CODE_text``.
    states : DataFrame
        Same index, one ``int8`` column per question (per item of a grid):
        0 not asked, 1 asked and not answered, 2 answered.
    paradata : DataFrame
        Same index; columns ``organisation, started, finished, seconds, status,
        language, weight, respondent, address, agent, recaptcha`` as far as the export
        has them.
    source : Source
        The export.
    findings : tuple of Finding
        Everything that did not fit while the answers were bound.
    """

    questionnaire: Questionnaire
    frame: pd.DataFrame
    states: pd.DataFrame
    paradata: pd.DataFrame
    source: Source
    findings: tuple[Finding, ...]

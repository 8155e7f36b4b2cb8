"""What a questionnaire says of single answers: who is screened out, who was trapped."""

from collections.abc import Iterable

import numpy as np
from numpy.typing import NDArray

from survey.questionnaire.model import Question
from survey.responses.table import ANSWERED, Responses

BoolArray = NDArray[np.bool_]


def screened_out(responses: Responses) -> BoolArray:
    """Find records with an answer that does not belong to the survey.

    Parameters
    ----------
    responses : Responses
        Coded answers; categories with ``screen_out: true`` disqualify.

    Returns
    -------
    bool array (n,)
        True where such a category was chosen.
    """
    found = np.zeros(len(responses.frame), dtype=bool)
    for question in responses.questionnaire.questions:
        codes = [c.code for c in question.categories if c.screen_out]
        found |= _chose(responses, question, codes)
    return found


def trapped(responses: Responses) -> BoolArray:
    """Flag records that gave an answer which no attentive person gives.

    Parameters
    ----------
    responses : Responses
        Coded answers. A category with ``trap: true`` is a wrong answer or a product
        that does not exist; a text question with ``trap: true`` is hidden from
        people; an item of a grid with ``expected`` asks for that code.

    Returns
    -------
    bool array (n,)
        True where a trap category was chosen, a hidden text filled, or an item
        answered with another code than the expected one. Who did not answer fell
        into no trap.
    """
    found = np.zeros(len(responses.frame), dtype=bool)
    for question in responses.questionnaire.questions:
        codes = [c.code for c in question.categories if c.trap]
        found |= _chose(responses, question, codes)
        found |= _missed(responses, question)
        if question.trap:
            found |= responses.states[question.id].to_numpy() == ANSWERED
    return found


def _chose(responses: Responses, question: Question, codes: Iterable[str]) -> BoolArray:
    """Say who chose any of some codes of a question."""
    listed = list(codes)
    nobody = np.zeros(len(responses.frame), dtype=bool)
    if not listed:
        return nobody
    if question.kind == "multiple":
        marks = [responses.frame[f"{question.id}_{c}"].to_numpy() for c in listed]
        return np.asarray(np.logical_or.reduce(marks), dtype=bool)
    names = [f"{question.id}_{item.code}" for item in question.items]
    columns = [responses.frame[name] for name in names or [question.id]]
    hits = [column.isin(listed).to_numpy() for column in columns]
    return np.asarray(np.logical_or.reduce([nobody, *hits]), dtype=bool)


def _missed(responses: Responses, question: Question) -> BoolArray:
    """Say who did not do what an item of a grid asked for."""
    missed = np.zeros(len(responses.frame), dtype=bool)
    for item in question.items:
        if item.expected is not None:
            answers = responses.frame[f"{question.id}_{item.code}"]
            missed |= (answers.notna() & (answers != item.expected)).to_numpy()
    return missed

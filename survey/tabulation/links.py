"""Links: which questions of a table tell something of each other by their bases.

A base that an answer decides is a count of that answer.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import parse_routing, questions_of
from survey.responses.recode import find_question

Bools = NDArray[np.bool_]


def routing_links(questionnaire: Questionnaire | None, names: Sequence[str]) -> Bools:
    """Say which questions have a base that answers to another one decide.

    Parameters
    ----------
    questionnaire : Questionnaire or None
        Says who is asked what; None where nothing is known of routing.
    names : sequence of str
        Questions, grid items or columns of a table; a name may stand twice.

    Returns
    -------
    bool array (T, T)
        True where the routing of the first names the second, or both are the same
        question (under two base rules, or as shares and as a mean).

    Examples
    --------
    >>> asked = Questionnaire(id="s", title="", questions=[
    ...     {"id": "stage", "kind": "text", "label": "Stage"},
    ...     {"id": "cost", "kind": "text", "label": "", "asked_if": "stage in (3, 4)"}])
    >>> routing_links(asked, ["stage", "cost"]).tolist()
    [[False, False], [True, False]]
    """
    found = [_question_of(questionnaire, name) for name in names]
    ids = np.array([question.id if question else "" for question in found], dtype=str)
    own = np.array(names, dtype=str)
    result: Bools = np.equal.outer(own, own)
    np.fill_diagonal(result, val=False)
    for place, question in enumerate(found):
        deciding = _deciding(questionnaire, question)
        if deciding:
            result[place] |= np.isin(ids, sorted(deciding))
            result[place, place] = False
    return result


def _question_of(questionnaire: Questionnaire | None, name: str) -> Question | None:
    """Find a question; a variable made from several of them is none."""
    if questionnaire is None:
        return None
    try:
        return find_question(questionnaire, name)[0]
    except QuestionError:
        return None


def _deciding(
    questionnaire: Questionnaire | None, question: Question | None
) -> set[str]:
    """Name the questions that decide who is asked, also by way of others."""
    decided: set[str] = set()
    waiting = [question]
    while waiting:
        asked = waiting.pop()
        if asked is None or asked.asked_if is None:
            continue
        parts = questions_of(parse_routing(asked.asked_if))
        more = [_question_of(questionnaire, part.question) for part in parts]
        waiting += [each for each in more if each and each.id not in decided]
        decided |= {each.id for each in more if each}
    return decided

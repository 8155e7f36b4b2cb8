"""Pair the questions of two waves: by id, then by wording and by answers.

An id proves nothing alone: where wording and answers both say otherwise, it was given
to another question.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from survey.questionnaire.drafting.like import (
    is_same_wording,
    match_questions,
    texts_of,
)
from survey.questionnaire.drafting.options import has_label, match_options
from survey.questionnaire.drafting.similar import any_same, is_reworded, plain_text
from survey.questionnaire.model import Category, Question, Questionnaire
from survey.questionnaire.scales import is_ordered

_CHOICES = ("single", "multiple", "grid")


@dataclass(frozen=True, slots=True)
class Pair:
    """A question of the newer wave and that of the older one with which it is compared.

    ``reused`` says that only the id is the same.
    """

    newer: Question
    older: Question
    reused: bool = False


@dataclass(frozen=True, slots=True)
class Pairs:
    """Questions of two waves side by side.

    Attributes
    ----------
    pairs : tuple of Pair
        In the order of the newer wave.
    new, dropped : tuple of Question
        Questions of one wave only; a question whose id was reused is dropped as well.
    """

    pairs: tuple[Pair, ...]
    new: tuple[Question, ...]
    dropped: tuple[Question, ...]


def pair_questions(
    newer: Questionnaire, older: Questionnaire, vouched: Iterable[str] = ()
) -> Pairs:
    """Pair the questions of two waves.

    Parameters
    ----------
    newer, older : Questionnaire
        The instruments.
    vouched : iterable of str
        Ids that are the same question in both waves, because the study says so.

    Returns
    -------
    Pairs
        No question stands in two pairs.

    Examples
    --------
    >>> use = {"id": "use", "kind": "text", "label": "Which tools do you use?"}
    >>> older = Questionnaire(id="a", title="A", questions=[use])
    >>> newer = Questionnaire(id="b", title="B", questions=[{**use, "id": "q7"}])
    >>> [(p.newer.id, p.older.id) for p in pair_questions(newer, older).pairs]
    [('q7', 'use')]
    """
    found = _by_id(newer, older, frozenset(vouched))
    found |= _by_wording(_left(newer, found), _left_before(older, found))
    # The general search compares every wording with every other: only the rest.
    rest = _left(newer, found), _left_before(older, found)
    if all(rest):
        found |= {
            m.new.id: Pair(m.new, m.old) for m in match_questions(*_parts(older, *rest))
        }
    rest_before = {q.id: q for q in _left_before(older, found)}
    for question in _left(newer, found):
        before = rest_before.get(question.id)
        if before is not None:
            same = _is_same_question(question, before)
            found[question.id] = Pair(question, before, reused=not same)
    kept = {pair.older.id for pair in found.values() if not pair.reused}
    return Pairs(
        tuple(found[q.id] for q in newer.questions if q.id in found),
        tuple(_left(newer, found)),
        tuple(q for q in older.questions if q.id not in kept),
    )


def _parts(
    older: Questionnaire, now: Sequence[Question], before: Sequence[Question]
) -> tuple[Questionnaire, Questionnaire]:
    """Give both waves with the questions that are left."""
    return (
        older.model_copy(update={"questions": tuple(before)}),
        older.model_copy(update={"questions": tuple(now)}),
    )


def _left(newer: Questionnaire, found: dict[str, Pair]) -> list[Question]:
    """List the newer questions without a pair."""
    return [q for q in newer.questions if q.id not in found]


def _left_before(older: Questionnaire, found: dict[str, Pair]) -> list[Question]:
    """List the older questions without a pair."""
    taken = {pair.older.id for pair in found.values()}
    return [q for q in older.questions if q.id not in taken]


def _by_id(
    newer: Questionnaire, older: Questionnaire, vouched: frozenset[str]
) -> dict[str, Pair]:
    """Pair questions of the same id and wording, or for which the study vouches."""
    before = {question.id: question for question in older.questions}
    return {
        q.id: Pair(q, before[q.id])
        for q in newer.questions
        if q.id in before
        and (
            q.id in vouched
            or (is_same_wording(before[q.id], q) and not other_answers(q, before[q.id]))
        )
    }


def _by_wording(
    newer: Sequence[Question], older: Sequence[Question]
) -> dict[str, Pair]:
    """Pair questions whose wording stands once in each wave."""
    now, before = _worded_once(newer), _worded_once(older)
    return {
        now[text].id: Pair(now[text], before[text])
        for text in now
        if text in before and not other_answers(now[text], before[text])
    }


def _worded_once(questions: Sequence[Question]) -> dict[str, Question]:
    """Give the questions by their wording, without those that share it."""
    found: dict[str, list[Question]] = {}
    for question in questions:
        for text in set(map(plain_text, question.wording.values())) - {""}:
            found.setdefault(text, []).append(question)
    return {text: asked[0] for text, asked in found.items() if len(asked) == 1}


def _is_same_question(newer: Question, older: Question) -> bool:
    """Tell whether an id still stands for the same question, if in other words."""
    if other_answers(newer, older):
        return False
    if not texts_of(newer) or not texts_of(older):
        return True
    if is_same_wording(older, newer) or any_same(
        older.label.values(), newer.label.values()
    ):
        return True
    pairs = [(a, b) for a in older.wording.values() for b in newer.wording.values()]
    return any(is_reworded(a, b) for a, b in pairs)


def other_answers(newer: Question, older: Question) -> bool:
    """Tell whether two questions have no answer in common and are no scales.

    Parameters
    ----------
    newer, older : Question
        Of two waves.

    Returns
    -------
    bool
        False where there is nothing to go by: no categories, or no labels. Labels of
        a scale may all change at once; those of a list do not.

    Examples
    --------
    >>> parts = [{"code": 1, "label": "Weights"}, {"code": 2, "label": "Code"}]
    >>> costs = [{"code": 1, "label": "Rent"}, {"code": 2, "label": "Wages"}]
    >>> one = Question(id="q", kind="single", label="Q", categories=parts)
    >>> other_answers(one, Question(id="q", kind="single", label="Q", categories=costs))
    True
    >>> other_answers(one, one)
    False
    """
    if newer.kind not in _CHOICES or older.kind not in _CHOICES:
        return False
    if newer.kind == older.kind == "grid":
        return not match_options(older.items, newer.items).codes
    now, before = substance(newer.categories), substance(older.categories)
    if not now or not before or not all(map(has_label, (*now, *before))):
        return False
    if match_options(before, now).codes:
        return False
    return not (is_scale(newer) and is_scale(older))


def substance(categories: Iterable[Category]) -> list[Category]:
    """List the categories that are answers of substance.

    Parameters
    ----------
    categories : iterable of Category
        Of a question.

    Returns
    -------
    list of Category
        Without those that are missing, say don't know, or end the interview.

    Examples
    --------
    >>> given = [Category(code=1, label="Yes"),
    ...          Category(code=9, label="Don't know", dont_know=True)]
    >>> [category.code for category in substance(given)]
    ['1']
    """
    return [c for c in categories if not (c.missing or c.dont_know or c.screen_out)]


def is_scale(question: Question) -> bool:
    """Tell whether the answers of a question stand in the order of a scale.

    Parameters
    ----------
    question : Question
        Single response or a grid.

    Returns
    -------
    bool
        As the questionnaire says, or as the labels tell.

    Examples
    --------
    >>> is_scale(Question(id="q", kind="single", label="Q", ordered=True))
    True
    """
    if question.kind == "multiple":
        return False
    labels = [next(iter(c.label.values()), "") for c in substance(question.categories)]
    return question.ordered or is_ordered(labels)

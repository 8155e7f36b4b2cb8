"""Find the questions of an earlier wave in the draft of a new one.

A question is the same only if its wording is, or if its column or id agrees and the
wording does not speak against it. Everything else is new: a number like q12 is given
to another question in the next wave all too easily.
"""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal

from survey.importers.labels import comparable
from survey.questionnaire.drafting.options import match_options
from survey.questionnaire.drafting.similar import any_same, is_reworded, likeness
from survey.questionnaire.model import Question, Questionnaire

How = Literal["same wording", "same column", "same id", "similar wording"]

_NUMBERED: Final = re.compile(r"[a-z]{0,3}_?\d+([._]\w*)?", re.IGNORECASE)
_CHOICES: Final = ("single", "multiple", "grid")
_ENOUGH: Final = 0.5
_ALIKE: Final = 0.6


@dataclass(frozen=True, slots=True)
class Match:
    """A question of the old wave and the same one in the draft of the new wave.

    ``reworded`` says that the wording is not quite the same.
    """

    old: Question
    new: Question
    how: How
    reworded: bool = False


def columns_of(question: Question) -> frozenset[str]:
    """List the columns that a question names.

    Parameters
    ----------
    question : Question
        Any question.

    Returns
    -------
    frozenset of str
        Of its answers, items and typed texts.

    Examples
    --------
    >>> asked = Question(id="q1", kind="text", label="Why?", column="q1")
    >>> sorted(columns_of(asked))
    ['q1']
    """
    names = [question.column, question.specify]
    names += [name for c in question.categories for name in (c.column, c.specify)]
    for item in question.items:
        names += [item.column, *item.columns.values()]
    return frozenset(name for name in names if name)


def match_questions(old: Questionnaire, new: Questionnaire) -> tuple[Match, ...]:
    """Pair the questions of two waves.

    Parameters
    ----------
    old : Questionnaire
        The instrument of the earlier wave.
    new : Questionnaire
        The draft of the new one.

    Returns
    -------
    tuple of Match
        In the order of the draft; no question is paired twice.

    Notes
    -----
    Tried in turn: equal wording; an equal column or id, where the wording is missing or
    not in contradiction; reworded wording. An id that is only a number (q12) is no
    evidence against other words. Kinds must agree, and half of the answers.

    Examples
    --------
    >>> use = {"id": "use", "kind": "text", "label": "Which tools do you use?"}
    >>> old = Questionnaire(id="a", title="A", questions=[use])
    >>> new = Questionnaire(id="b", title="B", questions=[{**use, "id": "q7"}])
    >>> [(m.old.id, m.new.id, m.how) for m in match_questions(old, new)]
    [('use', 'q7', 'same wording')]
    """
    found: dict[str, Match] = {}
    ways: tuple[tuple[How, Callable[[Question, Question], bool]], ...] = (
        ("same wording", is_same_wording),
        ("same column", _same_column),
        ("same id", _same_id),
        ("similar wording", _similar_wording),
    )
    for how, agrees in ways:
        free_old = [q for q in old.questions if q.id not in _taken(found.values())]
        free_new = [q for q in new.questions if q.id not in found]
        for match in _unique_pairs(free_old, free_new, how, agrees):
            found[match.new.id] = match
    return tuple(found[q.id] for q in new.questions if q.id in found)


def _taken(matches: Iterable[Match]) -> set[str]:
    """List the old questions that have their pair."""
    return {match.old.id for match in matches}


def _unique_pairs(
    old: Sequence[Question],
    new: Sequence[Question],
    how: How,
    agrees: Callable[[Question, Question], bool],
) -> list[Match]:
    """Pair questions that agree with one other only; several candidates are none."""
    agreeing = [(o, n) for n in new for o in old if agrees(o, n) and _fits(o, n)]
    pairs = []
    for before, now in agreeing:
        rivals = [
            (o, n) for o, n in agreeing if (o.id == before.id) != (n.id == now.id)
        ]
        best = before.id == now.id or bool(columns_of(before) & columns_of(now))
        closer = any(o.id == n.id or columns_of(o) & columns_of(n) for o, n in rivals)
        if not rivals or (best and not closer):
            reworded = is_worded(now) and not is_same_wording(before, now)
            pairs.append(Match(before, now, how, reworded))
    return pairs


def texts_of(question: Question) -> list[str]:
    """Give label and wording of a question, without what only repeats its name.

    Parameters
    ----------
    question : Question
        Of a questionnaire or a draft.

    Returns
    -------
    list of str
        Wordings first; empty where the export had none.

    Examples
    --------
    >>> texts_of(Question(id="size", kind="text", label="size", column="size"))
    []
    """
    names = {comparable(name) for name in (question.id, *columns_of(question))}
    texts = [*question.wording.values(), *question.label.values()]
    return [text for text in dict.fromkeys(texts) if comparable(text) not in names]


def is_worded(question: Question) -> bool:
    """Tell whether a question has any wording.

    Parameters
    ----------
    question : Question
        Of a questionnaire or a draft.

    Returns
    -------
    bool
        False where its texts only repeat its name.

    Examples
    --------
    >>> is_worded(Question(id="size", kind="text", label="size", column="size"))
    False
    """
    return bool(texts_of(question))


def is_same_wording(old: Question, new: Question) -> bool:
    """Tell whether two questions have the same wording in any language.

    Parameters
    ----------
    old, new : Question
        Of two waves.

    Returns
    -------
    bool
        False where either has no wording.

    Examples
    --------
    >>> one = Question(id="a", kind="text", label="Why so?")
    >>> is_same_wording(one, Question(id="b", kind="text", label="Why so ?"))
    True
    """
    return any_same(_wordings(old), _wordings(new))


def _wordings(question: Question) -> list[str]:
    """Give the wordings of a question, or its labels where it has none."""
    texts = texts_of(question)
    return [t for t in texts if t in question.wording.values()] or texts


def _same_column(old: Question, new: Question) -> bool:
    """Tell whether two questions share a column, and the wording allows it."""
    shared = set(map(comparable, columns_of(old))) & set(
        map(comparable, columns_of(new))
    )
    return bool(shared) and _allowed(old, new)


def _same_id(old: Question, new: Question) -> bool:
    """Tell whether two questions have the same id, and the wording allows it."""
    return comparable(old.id) == comparable(new.id) and _allowed(old, new)


def _allowed(old: Question, new: Question) -> bool:
    """Tell whether the wording does not speak against a pair."""
    before, now = texts_of(old), texts_of(new)
    if not before or not now or _similar_wording(old, new):
        return True
    if _NUMBERED.fullmatch(new.id):
        return False
    return max(likeness(one, other) for one in before for other in now) >= _ALIKE


def _similar_wording(old: Question, new: Question) -> bool:
    """Tell whether two questions are worded a little differently."""
    before, now = _wordings(old), _wordings(new)
    return any(is_reworded(one, other) for one in before for other in now)


def _fits(old: Question, new: Question) -> bool:
    """Tell whether kinds agree, and enough of the answers."""
    if "grid" in {old.kind, new.kind} and old.kind != new.kind:
        return False
    if new.kind not in _CHOICES or old.kind not in _CHOICES:
        return old.kind == new.kind or "text" in {old.kind, new.kind}
    # Options of a small wave may look like a single answer; one cell never does.
    if old.kind != new.kind and new.column:
        return False
    parts = [(old.categories, new.categories)]
    shares = [_shared(match_options(*part).codes, part[1]) for part in parts]
    if new.kind == "grid":
        shares.append(_shared(match_options(old.items, new.items).codes, new.items))
    return min(shares) >= _ENOUGH


def _shared(codes: Mapping[str, str], new: Sequence[object]) -> float:
    """Give the share of new options that the old wave had."""
    return len(codes) / len(new) if new else 1.0

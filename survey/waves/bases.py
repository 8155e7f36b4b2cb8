"""Who was asked a question in two waves, and whom both waves asked.

A base also changes where the routing reads the same but goes by a question that
changed, or whose own base did.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import (
    Combination,
    Comparison,
    Condition,
    parse_routing,
    questions_of,
)
from survey.waves.consequences import Effect
from survey.waves.contract import Change, ChangeKind, QuestionContract
from survey.waves.match import Pair
from survey.waves.routes import Renaming, meet, renamed, write_routing

_ALIKE = ("comparable", "common_base")


@dataclass(frozen=True, slots=True)
class Base:
    """What differs in the base of a question.

    ``common`` and ``earlier`` are the routing that both waves can be held to, in the
    names of the newer and of the older wave; empty where the base is the same.
    """

    changes: tuple[Change, ...] = ()
    effects: tuple[Effect, ...] = ()
    common: str = ""
    earlier: str = ""


def compare_bases(
    pair: Pair,
    newer: Questionnaire,
    done: Mapping[str, QuestionContract],
    forward: Mapping[str, Renaming],
    back: Mapping[str, Renaming],
) -> Base:
    """Compare who was asked a question.

    Parameters
    ----------
    pair : Pair
        The question in both waves.
    newer : Questionnaire
        The newer instrument.
    done : mapping of str to QuestionContract
        Questions by which routing may go, compared before.
    forward, back : mapping of str to Renaming
        Names of the older wave in the newer one, and the other way round.

    Returns
    -------
    Base
        Changes of routing and base, and what both waves asked.
    """
    rule = _rule_changes(pair)
    now, before = _route(pair.newer), _route(pair.older)
    texts = pair.older.asked_if or "", pair.newer.asked_if or ""
    # The same text means another base where the question in it is another one.
    kind: ChangeKind = "base_changed" if texts[0] == texts[1] else "routing_changed"
    changed = Change(kind, pair.newer.id, "", *texts)
    moved = None if before is None else renamed(before, forward)
    if before is not None and moved is None:
        return _lost(changed, rule)
    met = meet(now, moved, newer)
    if met.nobody:
        return _lost(changed, rule)
    found = Base() if met.same else _held(changed, met.common, back)
    parents = _parents(pair, now, met.common, done, back)
    return _joined(found, parents, rule, back)


def parents_of(pair: Pair, names: Mapping[str, str]) -> tuple[str, ...]:
    """List the questions by which a question is routed in either wave.

    Parameters
    ----------
    pair : Pair
        The question in both waves.
    names : mapping of str to str
        Ids of the older wave, with those of the newer one.

    Returns
    -------
    tuple of str
        Ids in the newer wave.

    Examples
    --------
    >>> old = Question(id="a", kind="text", label="Why?", asked_if="q7 == 1")
    >>> new = old.model_copy(update={"asked_if": "stage == 1"})
    >>> parents_of(Pair(new, old), {"q7": "use"})
    ('stage', 'use')
    """
    found = [part.question for part in _parts(_route(pair.newer))]
    earlier = [part.question for part in _parts(_route(pair.older))]
    found += [names.get(name, name) for name in earlier]
    return tuple(dict.fromkeys(found))


def _route(question: Question) -> Condition | None:
    """Read the routing of a question."""
    return parse_routing(question.asked_if) if question.asked_if else None


def _parts(condition: Condition | None) -> tuple[Comparison, ...]:
    """List the comparisons of a routing."""
    return questions_of(condition) if condition else ()


def _lost(change: Change, rule: Base) -> Base:
    """Say that no common base can be computed."""
    effect = Effect(change.kind, "not_comparable")
    return Base((change, *rule.changes), (effect, *rule.effects))


def _held(
    change: Change, common: Condition | None, back: Mapping[str, Renaming]
) -> Base:
    """Say which base both waves share, in the names of both."""
    if common is None:
        return Base((change,), (Effect(change.kind, "comparable"),))
    earlier = renamed(common, back)
    if earlier is None:
        return Base((change,), (Effect(change.kind, "not_comparable"),))
    return Base(
        (change,),
        (Effect(change.kind, "common_base"),),
        write_routing(common),
        write_routing(earlier),
    )


def _parents(
    pair: Pair,
    now: Condition | None,
    common: Condition | None,
    done: Mapping[str, QuestionContract],
    back: Mapping[str, Renaming],
) -> Base:
    """Look at the questions by which the routing goes."""
    texts = pair.older.asked_if or "", pair.newer.asked_if or ""
    change = Change("base_changed", pair.newer.id, "", *texts)
    commons: dict[str, None] = {}
    for part in (*_parts(now), *_parts(common)):
        pact = done.get(part.question)
        verdict = pact.consequence("share").verdict if pact else "not_comparable"
        if pact is None or verdict not in _ALIKE or renamed(part, back) is None:
            return Base((change,), (Effect("base_changed", "not_comparable"),))
        if pact.common_base:
            commons[pact.common_base] = None
    if not commons:
        return Base()
    text = " and ".join(f"({text})" for text in commons)
    return Base((change,), (Effect("base_changed", "common_base"),), text, text)


def _joined(own: Base, parents: Base, rule: Base, back: Mapping[str, Renaming]) -> Base:
    """Put own routing, that of its questions and the rule of the base together."""
    changes = (*own.changes, *parents.changes, *rule.changes)
    effects = (*own.effects, *parents.effects, *rule.effects)
    texts = [text for text in (own.common, parents.common) if text]
    if not texts:
        return Base(changes, effects)
    conditions = tuple(map(parse_routing, texts))
    common = conditions[0] if len(texts) == 1 else Combination("and", conditions)
    earlier = renamed(common, back)
    if earlier is None:
        lost = Effect(changes[0].kind, "not_comparable")
        return Base(changes, (*effects, lost))
    return Base(changes, effects, write_routing(common), write_routing(earlier))


def _rule_changes(pair: Pair) -> Base:
    """Compare what the questionnaires say about the base of percentages."""
    asked = (pair.older, pair.newer)
    both = all(any(c.dont_know for c in question.categories) for question in asked)
    before, now = (_rule(question, told=both) for question in asked)
    if now == before:
        return Base()
    change = Change("base_changed", pair.newer.id, "", before, now)
    return Base((change,), (Effect("base_changed", "not_comparable"),))


def _rule(question: Question, *, told: bool) -> str:
    """Say who counts in the base, in words of the questionnaire."""
    if told and not question.dont_know_in_base:
        return f"{question.base}, without don't know"
    return question.base


def renaming(pact: QuestionContract, *, back: bool) -> Renaming:
    """Say how a question is called in the other wave.

    Parameters
    ----------
    pact : QuestionContract
        The question in both waves.
    back : bool
        From the newer to the older wave, not from the older to the newer one.

    Returns
    -------
    Renaming
        Codes without counterpart are missing.

    Examples
    --------
    >>> merged = QuestionContract("q", "p", (), rows={"ai": (("ai",), ("genai", "ml"))})
    >>> renaming(merged, back=False)
    Renaming(question='q', rows=((('genai', 'ml'), ('ai',)),), items={})
    """
    rows = tuple(pact.rows.values())
    if back:
        return Renaming(pact.earlier, rows, dict(pact.items))
    items = {before: now for now, before in pact.items.items()}
    return Renaming(pact.question, tuple((was, now) for now, was in rows), items)

"""The contract between two waves: what happened to every question, and what follows.

Only questionnaires, targets and the study are read here, never answers, so that a
contract can be had before a wave is fielded.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

from survey.errors import StudyError
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.nets import net_codes
from survey.stub import nets_of
from survey.study.model import Study
from survey.waves.accepted import Accepted, accepted_between
from survey.waves.answers import (
    Answers,
    Codes,
    compare_answers,
)
from survey.waves.bases import compare_bases, parents_of, renaming
from survey.waves.consequences import (
    STATISTICS,
    Effect,
    Rows,
    answer_effects,
    settle,
)
from survey.waves.contract import (
    Change,
    Consequence,
    QuestionContract,
    WaveContract,
)
from survey.waves.match import Pair, Pairs, pair_questions
from survey.waves.model_contract import model_contracts
from survey.waves.net_rows import code_rows, net_sides
from survey.waves.order import moved
from survey.waves.own_changes import (
    alien_change,
    item_changes,
    label_of_question,
    own_changes,
    own_effect,
)
from survey.waves.recodes import (
    propose_recode,
    read_recode,
    recode_problems,
    written_recode,
)
from survey.waves.routes import Renaming
from survey.waves.surveys import survey_changes, weighting_changes
from survey.weighting.targets import Targets

# Only the codes of nets matter here.
_NO_WORDS: Final = dict.fromkeys(
    ("in_production", "using", "share_open", "share_proprietary", "or_further"), ""
)
TargetsOf = Mapping[str, Targets]


def contract_between(
    newer: Questionnaire,
    older: Questionnaire,
    *,
    names: tuple[str, str],
    study: Study | None = None,
    targets: tuple[TargetsOf, TargetsOf] = ({}, {}),
    between: Sequence[Questionnaire] = (),
) -> WaveContract:
    """Compare two waves, question by question.

    Parameters
    ----------
    newer, older : Questionnaire
        The instruments.
    names : (str, str)
        Ids of the newer and of the older wave.
    study : Study, optional
        Has nets, bases, and what is accepted under its waves.
    targets : (mapping, mapping)
        Targets of the newer and of the older wave, by the name of the weights.
    between : sequence of Questionnaire
        Instruments of the waves of the study between both, oldest first. A reason
        stands for its own step: words that changed at another one need theirs.

    Returns
    -------
    WaveContract
        What may be compared, statistic by statistic.

    Raises
    ------
    StudyError
        A recode of the study is wrong.

    Examples
    --------
    >>> stage = {"id": "stage", "kind": "single", "label": "Stage", "categories": [
    ...     {"code": 1, "label": "No"}, {"code": 2, "label": "Yes"}]}
    >>> older = Questionnaire(id="a", title="A", questions=[stage])
    >>> newer = Questionnaire(id="b", title="B", questions=[stage])
    >>> found = contract_between(newer, older, names=("2025", "2024"))
    >>> found.questions["stage"].changes
    (Change(kind='same', question='stage', code='', before='', after=''),)
    """
    accepted = accepted_between(study, names, (older, *between, newer))
    pairs = pair_questions(newer, older, accepted.reasons)
    whole = [*survey_changes(newer, older, pairs), *weighting_changes(*targets)]
    places = moved(pairs, newer, older)
    work = _Work(newer, study, names, accepted, tuple(whole), places, {})
    for pair in _parents_first(pairs, newer):
        work.done[pair.newer.id] = _question(pair, work)
    if study is not None and study.models is not None:
        alone = {question.id for question in (*pairs.new, *pairs.dropped)}
        work.done.update(model_contracts(study.models, work.done, alone))
    return WaveContract(
        *names,
        {p.newer.id: work.done[p.newer.id] for p in pairs.pairs},
        (
            *whole,
            *(Change("new", q.id, after=label_of_question(q)) for q in pairs.new),
            *(
                Change("dropped", q.id, before=label_of_question(q))
                for q in pairs.dropped
            ),
        ),
    )


@dataclass(frozen=True, slots=True)
class _Work:
    """What all questions of a contract need; `done` grows."""

    newer: Questionnaire
    study: Study | None
    names: tuple[str, str]
    accepted: Accepted
    whole: tuple[Change, ...]
    moved: Mapping[str, Change]
    done: dict[str, QuestionContract]

    def renamings(self, *, back: bool) -> dict[str, Renaming]:
        """Give the names of the questions that were compared."""
        known = [pact for pact in self.done.values() if not _is_alien(pact)]
        return {
            (pact.question if back else pact.earlier): renaming(pact, back=back)
            for pact in known
        }


def _is_alien(pact: QuestionContract) -> bool:
    """Tell whether a question has no counterpart but the id or the wording."""
    return pact.changes[0].kind in {"reused_id", "kind_changed"}


def _parents_first(pairs: Pairs, newer: Questionnaire) -> list[Pair]:
    """Put questions by which routing goes before those that they route."""
    of = {pair.newer.id: pair for pair in pairs.pairs}
    names = {pair.older.id: pair.newer.id for pair in pairs.pairs if not pair.reused}
    order: dict[str, Pair] = {}

    def visit(name: str, above: frozenset[str]) -> None:
        if name in of and name not in order and name not in above:
            for parent in parents_of(of[name], names):
                visit(parent, above | {name})
            order[name] = of[name]

    for question in newer.questions:
        visit(question.id, frozenset())
    return list(order.values())


def _question(pair: Pair, work: _Work) -> QuestionContract:
    """Compare one question."""
    name, reason = pair.newer.id, work.accepted.reasons.get(pair.newer.id, {})
    alien = alien_change(pair)
    if alien is not None:
        return _incomparable(pair, alien)
    # A recode says what becomes of the answers; the reason is then for the question.
    vouched = bool(reason) and name not in work.accepted.recodes
    answers = compare_answers(pair.newer, pair.older, vouched=vouched)
    items, moved_items = item_changes(pair)
    rows = _rows(pair, answers, work)
    routed = bool(pair.newer.asked_if or pair.older.asked_if)
    forward = work.renamings(back=False) if routed else {}
    back = work.renamings(back=True) if routed else {}
    base = compare_bases(pair, work.newer, work.done, forward, back)
    own = own_changes(pair)
    place = [work.moved[name]] if name in work.moved else []
    changes = (*own, *answers.changes, *moved_items, *base.changes, *place)
    of_answers = answer_effects(pair.newer, pair.older, answers, rows)
    if vouched:
        of_answers = [*map(_accepted_effect, of_answers)]
    of_question = [*map(own_effect, own)]
    others = [
        *(Effect(c.kind, "not_comparable", ("rank",)) for c in moved_items),
        *base.effects,
        *(Effect(c.kind, "comparable") for c in (*moved_items, *place, *work.whole)),
    ]
    if reason:
        of_question = [*map(_accepted_effect, of_question)]
        others = [*map(_accepted_effect, others)]
    return _contract(
        QuestionContract(
            name,
            pair.older.id,
            changes or (Change("same", name),),
            answers.codes,
            items,
            common_base=base.common,
            earlier_base=base.earlier,
            reason=reason,
            proposal=written_recode(
                pair.newer, pair.older, rows.proposed, work.names, answers.codes
            ),
        ),
        answers,
        rows,
        [*of_question, *of_answers, *others],
        _nets(pair.newer, work.study),
    )


def _contract(
    pact: QuestionContract,
    answers: Answers,
    rows: Rows,
    effects: Sequence[Effect],
    nets: Mapping[str, Codes],
) -> QuestionContract:
    """Add the rows of a comparison and what follows for each."""
    compared = code_rows(answers, rows.accepted)
    sides = {code: net_sides(parts, answers, compared) for code, parts in nets.items()}
    kept = {c: side for c, side in sides.items() if not isinstance(side, Effect)}
    against = {c: side for c, side in sides.items() if isinstance(side, Effect)}
    recodes = rows.accepted or rows.proposed
    codes = (*answers.codes, *answers.added, *answers.relabelled, *compared)
    codes = (*codes, *(c for now, _ in answers.joined for c in now))
    return replace(
        pact,
        rows=compared | kept,
        recode={r.code: tuple(dict.fromkeys(r.newer + r.older)) for r in recodes},
        accepted=bool(rows.accepted),
        consequences=settle(
            effects,
            dict.fromkeys(codes),
            {code: (parts, against.get(code)) for code, parts in nets.items()},
            accepted=bool(rows.accepted),
        ),
    )


def _incomparable(pair: Pair, change: Change) -> QuestionContract:
    """Say that nothing of a question can be compared."""
    never = Consequence("not_comparable", change.kind)
    return QuestionContract(
        pair.newer.id,
        pair.older.id,
        (change,),
        consequences={(statistic, ""): never for statistic in STATISTICS},
    )


def _rows(pair: Pair, answers: Answers, work: _Work) -> Rows:
    """Read what the study takes together, and propose what it could."""
    newer, older, names = pair.newer, pair.older, work.names
    stated = work.accepted.recodes.get(newer.id, {})
    problems = recode_problems(stated, names, newer, older, answers.codes)
    if problems and work.accepted.strict:
        text = "; ".join(text for _, text in problems[:8])
        raise StudyError(f"Recode of {newer.id!r} for wave {names[0]}: {text}")
    accepted = (
        () if problems else read_recode(stated, names, newer, older, answers.codes)
    )
    base = newer.base
    if work.study is not None:
        base = work.study.bases.get(newer.id, base)
    # Whoever accepts a recode has chosen: nothing else is taken together.
    proposed = () if accepted else tuple(propose_recode(newer, older, answers))
    return Rows(accepted, proposed, base)


def _nets(question: Question, study: Study | None) -> dict[str, Codes]:
    """List the codes of all nets of a question."""
    if study is None:
        return {}
    nets = nets_of(study, question, _NO_WORDS)
    members = {category.code: (category.code,) for category in question.categories}
    return net_codes(nets, members, question.id)


def _accepted_effect(effect: Effect) -> Effect:
    """Let the study's word stand above a change, where there is a counterpart."""
    if effect.verdict != "not_comparable" or effect.codes is not None:
        return effect
    return replace(effect, verdict="comparable")

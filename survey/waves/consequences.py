"""What a change means for each statistic of a question; the strictest change decides.

- **Wording.** Other words of content ask another question: nothing is compared. Words
  that carry no content (articles, a year) do not move answers: comparable, remarked.
- **Kind, cap.** One answer instead of several, or another number of answers that are
  allowed, moves every share and rank.
- **Several answers, option added or removed.** Each option is a yes or no of its own,
  so shares of the others stay comparable, apart from "other", where the option was
  typed before; ranks do not, nor does a base of those who named at least one, and an
  option such as "none" moves the base of those who answered.
- **One answer, option added or removed.** Whoever takes the new option leaves another
  one: all shares move. Together with "other" both waves may give the same list, which
  is proposed as a recode and compared only once the study accepts it.
- **Don't know added or removed.** Who may not say "don't know" picks an answer: not
  comparable, unless the base holds answers of substance only; then remarked.
- **Merged, split.** The sum is the same in both waves: a recode. In a net that holds
  all parts nothing has to be accepted. Means and ranks of parts are not comparable.
- **Same label, other code.** The codes are mapped; a mean of codes is not comparable.
- **Scale.** Other labels, or another number of steps, are another scale: nothing is
  compared, unless a recode of the study covers all its steps (bands of numbers).
- **Order.** Remarked. A reversed scale keeps its shares, as labels tell the codes.
- **Routing, base.** Compared among those whom both routings ask, where both waves have
  the answers that tell; otherwise not. A share of other people is not the same share.
- **Position; universe, recruitment, weighting.** Remarked, never silently: they may
  move answers and samples, and no recode can undo it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final, get_args

from survey.questionnaire.model import BaseRule, Category, Question
from survey.questionnaire.scales import is_other
from survey.waves.answers import Answers, Codes
from survey.waves.contract import ChangeKind, Consequence, Statistic, Verdict
from survey.waves.joined import joined_kind
from survey.waves.match import substance
from survey.waves.recodes import Recode
from survey.waves.texts import label_of

STATISTICS: Final[tuple[Statistic, ...]] = get_args(Statistic)
_STRICTEST: Final[tuple[Verdict, ...]] = (
    "not_comparable",
    "recode",
    "common_base",
    "comparable",
)
# What was recoded still has to be held to the base of both waves.
_AFTER_RECODE: Final[tuple[Verdict, ...]] = (
    "not_comparable",
    "common_base",
    "recode",
    "comparable",
)
_SHARES: Final[tuple[Statistic, ...]] = ("share", "net")


@dataclass(frozen=True, slots=True)
class Effect:
    """What one change does to some statistics; ``codes`` are None for all codes."""

    kind: ChangeKind
    verdict: Verdict
    statistics: tuple[Statistic, ...] = STATISTICS
    codes: frozenset[str] | None = None


@dataclass(frozen=True, slots=True)
class Rows:
    """Recodes of a question, accepted or only proposed, and the base of its shares."""

    accepted: tuple[Recode, ...] = ()
    proposed: tuple[Recode, ...] = ()
    base: BaseRule = "answered"


def answer_effects(
    newer: Question, older: Question, answers: Answers, rows: Rows
) -> list[Effect]:
    """Say what changes of the answers mean.

    Parameters
    ----------
    newer, older : Question
        The question in both waves.
    answers : Answers
        What stands for what.
    rows : Rows
        Recodes, and the base of the percentages.

    Returns
    -------
    list of Effect
        The rules of this module.

    Examples
    --------
    >>> from survey.waves.answers import compare_answers
    >>> older = Question(id="q", kind="multiple", label="Q", categories=[
    ...     {"code": 1, "label": "Law"}])
    >>> newer = Question(id="q", kind="multiple", label="Q", categories=[
    ...     {"code": 1, "label": "Law"}, {"code": 2, "label": "Cost"}])
    >>> found = answer_effects(
    ...     newer, older, compare_answers(newer, older, vouched=False), Rows())
    >>> [(e.verdict, e.statistics) for e in found if e.codes is None]
    [('not_comparable', ('rank',)), ('comparable', ('share', 'net'))]
    """
    found = [
        *_loose_effects(newer, older, answers, rows),
        *_joined_effects(answers, rows),
        *_swallowed(answers, rows),
    ]
    if answers.scale:
        found += _scale_effects(newer, older, answers, rows)
    kinds = dict.fromkeys(change.kind for change in answers.changes)
    for kind in kinds:
        if kind in {"recoded", "options_reordered", "options_reworded"}:
            found.append(Effect(kind, "comparable"))
    if not _same_scores(newer, older, answers):
        kind = next((k for k in kinds if k in _MOVES_SCORES), "scale_changed")
        found.append(Effect(kind, "not_comparable", ("mean",)))
    return found


_MOVES_SCORES: Final = (
    "recoded",
    "options_reordered",
    "options_merged",
    "options_split",
    "options_added",
    "options_removed",
    "options_reworded",
)


def _loose_effects(
    newer: Question, older: Question, answers: Answers, rows: Rows
) -> list[Effect]:
    """Say what options of one wave mean for the others."""
    loose: tuple[tuple[ChangeKind, Codes, Question, str], ...] = (
        ("options_reworded", answers.relabelled, newer, "newer"),
        ("options_added", answers.added, newer, "newer"),
        ("options_removed", answers.removed, older, "older"),
    )
    found = []
    for kind, codes, question, side in loose:
        left = _without(codes, rows.accepted, side)
        if side == "newer" and left:
            own: Verdict = "not_comparable"
            found.append(Effect(kind, own, _SHARES, frozenset(left)))
        if codes:
            listed = [c for c in question.categories if c.code in codes]
            if any(not c.dont_know for c in listed):
                found.append(Effect(kind, "not_comparable", ("rank",)))
            open_ = [c for c in listed if c.code in left and _counts(c, question)]
            verdict = _others(newer, open_, rows, side)
            found.append(Effect(kind, verdict, _SHARES))
            found += _typed(kind, newer, open_, rows, side)
    return found


def _typed(
    kind: ChangeKind,
    newer: Question,
    left: Sequence[Category],
    rows: Rows,
    side: str,
) -> list[Effect]:
    """Say that "other" of several answers holds what is no option of its own."""
    codes = tuple(c.code for c in left if not (c.exclusive or c.dont_know))
    other = [c.code for c in substance(newer.categories) if is_other(label_of(c))]
    other = [code for code in other if code not in codes]
    if newer.kind != "multiple" or not codes or not other:
        return []
    helped = not _without(codes, rows.proposed, side)
    verdict: Verdict = "recode" if helped else "not_comparable"
    return [Effect(kind, verdict, ("share",), frozenset(other))]


def _counts(category: Category, question: Question) -> bool:
    """Tell whether an answer is in the base of the percentages."""
    apart = category.dont_know and not question.dont_know_in_base
    return not (apart or category.missing)


def _others(
    question: Question, left: Sequence[Category], rows: Rows, side: str
) -> Verdict:
    """Say what is left of the other shares where options were added or removed."""
    if not left:
        return "comparable"
    if question.kind == "multiple":
        # Who finds a "none" to tick has answered; who does not, has not.
        moved = any(c.exclusive for c in left) or rows.base == "named"
        return "not_comparable" if moved else "comparable"
    codes = tuple(c.code for c in left)
    return "not_comparable" if _without(codes, rows.proposed, side) else "recode"


def _without(codes: Codes, recodes: Iterable[Recode], side: str) -> Codes:
    """Leave out the codes that recodes take."""
    taken = {code for recode in recodes for code in getattr(recode, side)}
    return tuple(code for code in codes if code not in taken)


def _joined_effects(answers: Answers, rows: Rows) -> list[Effect]:
    """Say what merged and split answers mean."""
    found = []
    for now, was in answers.joined:
        kind = joined_kind(now, was)
        done = not _without(now, rows.accepted, "newer")
        done = done and not _without(was, rows.accepted, "older")
        if not done:
            verdict: Verdict = "not_comparable" if rows.accepted else "recode"
            found.append(Effect(kind, verdict, ("share",), frozenset(now)))
        # An accepted recode compares the whole, whose rank is one among other wholes.
        found.append(Effect(kind, "not_comparable", ("mean", "rank")))
    return found


def _swallowed(answers: Answers, rows: Rows) -> list[Effect]:
    """Say that a recode compares the whole, and none of its parts."""
    found = []
    for recode in rows.accepted:
        kind = _reason(recode, answers)
        parts = frozenset(recode.newer) - {recode.code}
        if parts:
            found.append(Effect(kind, "not_comparable", ("share",), parts))
        found.append(Effect(kind, "recode", ("share",), frozenset([recode.code])))
    return found


def _reason(recode: Recode, answers: Answers) -> ChangeKind:
    """Name the change for which codes are taken together."""
    for now, was in answers.joined:
        if set(now) & set(recode.newer) or set(was) & set(recode.older):
            return joined_kind(now, was)
    if answers.scale:
        return "scale_changed"
    if set(answers.added) & set(recode.newer):
        return "options_added"
    return "options_removed"


def _scale_effects(
    newer: Question, older: Question, answers: Answers, rows: Rows
) -> list[Effect]:
    """Say what another scale means: nothing is compared that no recode covers."""
    wide: tuple[Statistic, ...] = ("mean", "rank")
    found = [Effect("scale_changed", "not_comparable", wide)]
    now = tuple(c.code for c in substance(newer.categories))
    before = tuple(c.code for c in substance(older.categories))
    kept = {b for codes in answers.codes.values() for b in codes}
    left = [c for c in _without(now, rows.accepted, "newer") if c not in answers.codes]
    left += [c for c in _without(before, rows.accepted, "older") if c not in kept]
    verdict: Verdict = "not_comparable" if left else "comparable"
    return [*found, Effect("scale_changed", verdict, _SHARES)]


def _same_scores(newer: Question, older: Question, answers: Answers) -> bool:
    """Tell whether every step has the number that it had."""
    if newer.kind == "multiple" or not newer.categories:
        return True
    now, before = _scores(newer), _scores(older)
    codes = {c: was[0] for c, was in answers.codes.items() if len(was) == 1}
    paired = {c: codes.get(c) for c in now}
    return len(now) == len(before) and all(
        was is not None and before.get(was) == now[code] for code, was in paired.items()
    )


def _scores(question: Question) -> dict[str, float]:
    """Give the steps of a scale the numbers of which a mean is made."""
    apart = [c.code for c in question.categories if c.exclusive]
    codes = [c.code for c in substance(question.categories) if c.code not in apart]
    try:
        return {code: float(code) for code in codes}
    except ValueError:
        return {code: float(i) for i, code in enumerate(codes, start=1)}


def settle(
    effects: Sequence[Effect],
    codes: Iterable[str],
    nets: Mapping[str, tuple[Codes, Effect | None]],
    *,
    accepted: bool = False,
) -> dict[tuple[Statistic, str], Consequence]:
    """Let the strictest change decide on every statistic.

    Parameters
    ----------
    effects : sequence of Effect
        Of all changes of a question.
    codes : iterable of str
        Codes of the newer wave and rows of recodes.
    nets : mapping of str to (tuple of str, Effect or None)
        Nets with their codes, and what speaks against each.
    accepted : bool
        Whether recodes are those that the study accepts.

    Returns
    -------
    dict of (statistic, code) to Consequence
        The empty code stands for the question as a whole, and for nets without an
        entry all codes have to be comparable.

    Examples
    --------
    >>> moved = Effect("position_changed", "comparable")
    >>> other = Effect("cap_changed", "not_comparable", ("share",))
    >>> found = settle([moved, other], ["1"], {})
    >>> found["share", "1"].because, found["mean", ""].verdict
    ('cap_changed', 'comparable')
    """
    order = _AFTER_RECODE if accepted else _STRICTEST
    found: dict[tuple[Statistic, str], Consequence] = {}
    for statistic in STATISTICS:
        own = [e for e in effects if statistic in e.statistics and e.codes is None]
        if statistic == "net":
            own += [e for e in effects if "share" in e.statistics and e.codes]
        found[statistic, ""] = _decided(own, order)
    for code in codes:
        own = [e for e in effects if "share" in e.statistics]
        own = [e for e in own if e.codes is None or code in e.codes]
        found["share", code] = _decided(own, order)
    for code, (parts, against) in nets.items():
        own = [e for e in effects if "net" in e.statistics]
        own = [e for e in own if e.codes is None or e.codes & set(parts)]
        found["net", code] = _decided([*own, *([against] if against else [])], order)
    return found


def _decided(effects: Sequence[Effect], order: Sequence[Verdict]) -> Consequence:
    """Take the strictest verdict, and the first change that gives it."""
    for verdict in order:
        for effect in effects:
            if effect.verdict == verdict:
                return Consequence(verdict, effect.kind)
    return Consequence("comparable")

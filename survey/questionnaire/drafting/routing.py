"""Infer who was asked a question from who answered it.

A rule is proposed only where the pattern of answers proves it: enough respondents on
both sides, next to no exception, and too much agreement for chance.
"""

import json
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray
from scipy.special import gammaln

from survey.importers.definitions.routing_text import name_of
from survey.questionnaire.dump import written_code
from survey.questionnaire.routing import parse_routing

BoolArray = NDArray[np.bool_]

_LEAST: Final = 10
_LEAST_SHARE: Final = 0.8
_MOST_ASTRAY: Final = 0.005
_RARE: Final = 5
_CHANCE: Final = 0.001
_FARTHEST: Final = 150
_NAMED: Final = 3


@dataclass(frozen=True, slots=True)
class Pattern:
    """What n respondents did at one question.

    Attributes
    ----------
    question : str
        Its id.
    filled : bool array (n,)
        Who answered it, or saw it where the export tells.
    codes : tuple of str
        Its k answers; empty where no rule can go by it (numbers, texts, grids).
    chosen : bool array (n, k)
        Who gave which answer.
    """

    question: str
    filled: BoolArray
    codes: tuple[str, ...] = ()
    chosen: BoolArray | None = None


@dataclass(frozen=True, slots=True)
class Rule:
    """A routing that the answers prove.

    Attributes
    ----------
    condition : str
        In the grammar of questionnaires.
    answered, asked : int
        Respondents who answered the question, of those whom the rule asks.
    astray, others : int
        Respondents who answered it, of those whom the rule does not ask.
    also : tuple of str
        Other conditions that explain the answers equally well.
    """

    condition: str
    answered: int
    asked: int
    astray: int
    others: int
    also: tuple[str, ...] = ()

    @property
    def exceptions(self) -> int:
        """Respondents who do not follow the rule."""
        return self.asked - self.answered + self.astray


def infer_routing(patterns: Sequence[Pattern]) -> dict[str, Rule]:
    """Find the routing of every question that earlier answers explain.

    Parameters
    ----------
    patterns : sequence of Pattern
        One for each question, in the order in which they were put.

    Returns
    -------
    dict of question to Rule
        The rule with the fewest exceptions; the nearest question of several.

    Notes
    -----
    A rule splits the answers to one earlier question. The answers of at least 80 % of
    those it asks are there, those of at most 0.5 % of the others, and both sides have
    10 respondents or more who answered the earlier question. The probability that so
    many answers fall on one side by chance (hypergeometric), times the number of
    splits and pairs that were tried, is below 0.001. Where that fails, respondents
    who broke off before the question are left out, and it is tried again.

    Examples
    --------
    >>> use = np.repeat([True, False], 20)
    >>> stage = Pattern("stage", np.ones(40, bool), ("1", "2"), np.c_[use, ~use])
    >>> infer_routing([stage, Pattern("why", use)])["why"].condition
    'stage == 1'
    """
    if not patterns:
        return {}
    last = _last_answer(patterns)
    known: dict[tuple[int, bytes], Rule | None] = {}
    found = {}
    for number, pattern in enumerate(patterns):
        if not _may_be_routed(pattern.filled):
            continue
        rules = _rules(patterns, number, last >= number, known)
        if rules:
            found[pattern.question] = _best(rules)
    return found


def asked_if_line(rule: Rule) -> str:
    """Write a rule as a line of a questionnaire, with its evidence behind it.

    Parameters
    ----------
    rule : Rule
        From `infer_routing`.

    Returns
    -------
    str
        Valid YAML, without indentation.

    Examples
    --------
    >>> asked_if_line(Rule("q12 in (1, 2)", 100, 100, 0, 122))
    'asked_if: q12 in (1, 2)   # 100 of 100 answered, 0 of 122 others'
    """
    text = rule.condition
    if text.startswith("[") or ": " in text or " #" in text:
        text = json.dumps(text, ensure_ascii=False)
    also = f"; so would {', '.join(rule.also)}" if rule.also else ""
    return (
        f"asked_if: {text}   # {rule.answered} of {rule.asked} answered, "
        f"{rule.astray} of {rule.others} others{also}"
    )


def _last_answer(patterns: Sequence[Pattern]) -> NDArray[np.intp]:
    """Give for every respondent the place of the last question answered, or -1."""
    last = np.full(len(patterns[0].filled), -1, dtype=np.intp)
    for number, pattern in enumerate(patterns):
        last[pattern.filled] = number
    return last


def _may_be_routed(filled: BoolArray) -> bool:
    """Tell whether enough respondents answered, and enough did not."""
    answered = int(filled.sum())
    return min(answered, len(filled) - answered) >= _LEAST


def _rules(
    patterns: Sequence[Pattern],
    number: int,
    reached: BoolArray,
    known: dict[tuple[int, bytes], Rule | None],
) -> list[Rule]:
    """Find all rules for a question, those of the nearest question first."""
    filled = patterns[number].filled
    tries = len(patterns) ** 2 / 2
    key = np.packbits(filled).tobytes()
    found = []
    for other in range(number - 1, max(number - _FARTHEST, 0) - 1, -1):
        before = patterns[other]
        if not before.codes:
            continue
        if (other, key) not in known:
            known[other, key] = _rule(before, filled, tries)
        rule = known[other, key]
        if rule is None and not reached.all():
            rule = _rule(before, filled, tries, reached)
        if rule is not None:
            found.append(rule)
    return found


def _best(rules: Sequence[Rule]) -> Rule:
    """Take the rule with the fewest exceptions, and name others that are as good."""
    best = min(rules, key=lambda rule: rule.exceptions)
    also = [
        rule.condition
        for rule in rules
        if rule is not best and rule.exceptions == best.exceptions
    ]
    counts = (best.answered, best.asked, best.astray, best.others)
    return Rule(best.condition, *counts, tuple(also[:_NAMED]))


def _rule(
    before: Pattern,
    filled: BoolArray,
    tries: float,
    reached: BoolArray | None = None,
) -> Rule | None:
    """Split the answers to an earlier question so that they explain another one."""
    assert before.chosen is not None
    chosen, known = before.chosen, before.filled
    if reached is not None:
        chosen, known, filled = chosen[reached], known[reached], filled[reached]
    split = _split(chosen, filled)
    inside: BoolArray = np.asarray(chosen[:, split].any(axis=1), dtype=np.bool_)
    asked, answered = int(inside.sum()), int((filled & inside).sum())
    others, total = len(inside) - asked, int(filled.sum())
    if asked < _LEAST or int((known & ~inside).sum()) < _LEAST:
        return None
    astray = total - answered
    if answered < _LEAST_SHARE * asked or astray > _MOST_ASTRAY * others:
        return None
    tried = tries * 2.0 ** len(before.codes)
    if _log_chance(asked, answered, len(inside)) + np.log(tried) > np.log(_CHANCE):
        return None
    codes = [before.codes[i] for i in split]
    condition = _condition(before.question, codes)
    return Rule(condition, answered, asked, astray, others) if condition else None


def _split(chosen: BoolArray, filled: BoolArray) -> list[int]:
    """List the answers after which a question was put; empty where none is clear."""
    given = chosen.sum(axis=0)
    went_on = chosen[filled].sum(axis=0)
    shares = went_on / np.maximum(given, 1)
    within = np.flatnonzero((given > 0) & (shares >= _LEAST_SHARE / 2))
    if np.any((given[within] >= _RARE) & (shares[within] < _LEAST_SHARE)):
        within = within[shares[within] >= _LEAST_SHARE]
    rarest_first = [int(i) for i in within[np.argsort(given[within])]]
    return _needed(chosen[filled], rarest_first)


def _needed(chosen: BoolArray, split: list[int]) -> list[int]:
    """Leave out answers that were only given together with others of the split."""
    inside = chosen[:, split].sum(axis=1)
    kept = list(split)
    for code in split:
        without = inside - chosen[:, code]
        if np.array_equal(without > 0, inside > 0):
            kept.remove(code)
            inside = without
    return sorted(kept)


def _log_chance(asked: int, answered: int, respondents: int) -> float:
    """Give the log probability that random answers all fall among those asked."""

    def log_choose(n: int, k: int) -> float:
        return float(gammaln(n + 1) - gammaln(k + 1) - gammaln(n - k + 1))

    return log_choose(asked, answered) - log_choose(respondents, answered)


def _condition(question: str, codes: Sequence[str]) -> str:
    """Write a condition; empty where the grammar cannot say it."""
    texts = [
        str(code) if isinstance(code, int) else repr(code)
        for code in map(written_code, codes)
    ]
    name = name_of(question)
    condition = (
        f"{name} == {texts[0]}"
        if len(texts) == 1
        else f"{name} in ({', '.join(texts)})"
    )
    try:
        parse_routing(condition)
    except ValueError:
        return ""
    return condition

"""Compare routing of two waves by what it means, and find the base that both share.

Conditions are renamed into ids and codes of the newer wave and then tried on every
answer that its questions allow; texts are never compared.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from keyword import iskeyword
from math import prod
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.questionnaire.columns import as_number
from survey.questionnaire.dump import written_code
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import (
    Combination,
    Comparison,
    Condition,
    asked,
    questions_of,
)

MOST_TRIED: Final = 50_000
_SIZES: Final = ("<", "<=", ">", ">=")
_EXACT: Final = ("in", "not in")
_UNANSWERED: Final = None
_PLAIN: Final = re.compile(r"[A-Za-z][A-Za-z0-9_]*(\.[A-Za-z][A-Za-z0-9_]*)*")
_BoolArray = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Renaming:
    """How a question of the one wave is called in the other.

    Attributes
    ----------
    question : str
        Its id there.
    rows : tuple of (tuple of str, tuple of str)
        Codes that say the same as codes there; none for texts and numbers.
    items : mapping of str to str
        Items of a grid.
    """

    question: str
    rows: tuple[tuple[tuple[str, ...], tuple[str, ...]], ...]
    items: Mapping[str, str]


def renamed(condition: Condition, names: Mapping[str, Renaming]) -> Condition | None:
    """Write a condition in the ids and codes of the other wave.

    Parameters
    ----------
    condition : Comparison or Combination
        A routing.
    names : mapping of question id to Renaming
        What the questions are called there.

    Returns
    -------
    Comparison or Combination, or None
        None where a question, item or code has no counterpart.

    Examples
    --------
    >>> names = {"q7": Renaming("stage", ((("1",), ("4", "5")),), {})}
    >>> write_routing(renamed(Comparison("q7", "in", ("1",)), names))
    'stage in (4, 5)'
    """
    if isinstance(condition, Combination):
        parts = [renamed(part, names) for part in condition.parts]
        known = tuple(part for part in parts if part is not None)
        return replace(condition, parts=known) if len(known) == len(parts) else None
    there = names.get(condition.question)
    if there is None or (condition.item and condition.item not in there.items):
        return None
    codes = _renamed_codes(condition.codes, there)
    if not codes or (condition.operator in _SIZES and codes != condition.codes):
        return None
    item = there.items[condition.item] if condition.item else ""
    return Comparison(there.question, condition.operator, codes, item)


def _renamed_codes(codes: tuple[str, ...], there: Renaming) -> tuple[str, ...]:
    """Give the codes that say the same; none where they cannot be said there."""
    if not there.rows:
        return codes
    inside = [row for row in there.rows if set(row[0]) <= set(codes)]
    held = {code for here, _ in inside for code in here}
    if held != set(codes):
        return ()
    return tuple(dict.fromkeys(code for _, other in inside for code in other))


def write_routing(condition: Condition) -> str:
    """Write a condition in the grammar of ``asked_if``.

    Parameters
    ----------
    condition : Comparison or Combination
        A routing.

    Returns
    -------
    str
        What `parse_routing` reads as the same condition.

    Examples
    --------
    >>> some = Comparison("stage", "in", ("1", "x"))
    >>> write_routing(Combination("and", (some, Comparison("Q3.1", "<", ("2",)))))
    "stage in (1, 'x') and [Q3.1] < 2"
    """
    if isinstance(condition, Comparison):
        return _comparison(condition)
    parts = [write_routing(part) for part in condition.parts]
    inner = [
        f"({text})" if isinstance(part, Combination) else text
        for text, part in zip(parts, condition.parts, strict=True)
    ]
    if condition.operator == "not":
        return f"not {inner[0]}"
    return f" {condition.operator} ".join(inner)


def _comparison(part: Comparison) -> str:
    """Write one comparison."""
    plain = _PLAIN.fullmatch(part.question) and not iskeyword(part.question)
    name = f"{part.question}/{part.item}" if part.item else part.question
    name = name if plain and not part.item else f"[{name}]"
    codes = [repr(written_code(code)) for code in part.codes]
    if part.operator in _SIZES:
        return f"{name} {part.operator} {codes[0]}"
    if len(codes) == 1:
        return f"{name} {'==' if part.operator == 'in' else '!='} {codes[0]}"
    return f"{name} {part.operator} ({', '.join(codes)})"


@dataclass(frozen=True, slots=True)
class Meeting:
    """How two routings relate: who is asked by both.

    Attributes
    ----------
    same : bool
        Whether both ask the same respondents.
    common : Comparison, Combination or None
        Who is asked by both; None for everyone.
    nobody : bool
        Whether no answer is asked by both.
    """

    same: bool
    common: Condition | None = None
    nobody: bool = False


def meet(
    newer: Condition | None, older: Condition | None, questionnaire: Questionnaire
) -> Meeting:
    """Compare two routings, both in the names of one wave.

    Parameters
    ----------
    newer, older : Comparison, Combination or None
        Routings; None asks everyone.
    questionnaire : Questionnaire
        Of that wave: which answers there are.

    Returns
    -------
    Meeting
        Whether they mean the same, and the shortest routing for who is asked by both.

    Notes
    -----
    Where more than 50,000 combinations of answers would have to be tried, two
    routings are the same only if they are written in the same way.

    Examples
    --------
    >>> stage = {"id": "stage", "kind": "single", "label": "Stage",
    ...          "categories": [{"code": c, "label": str(c)} for c in (1, 2, 3)]}
    >>> asked_of = Questionnaire(id="a", title="A", questions=[stage])
    >>> meet(Comparison("stage", "not in", ("3",)),
    ...      Comparison("stage", "in", ("1", "2")), asked_of).same
    True
    """
    if newer is None or older is None:
        return Meeting(newer == older, newer or older)
    both = Combination("and", (newer, older))
    tried = _try([newer, older], questionnaire)
    if tried is None:
        return Meeting(newer == older, newer if newer == older else both)
    now, before = tried
    if (now == before).all():
        return Meeting(same=True, common=newer)
    common = both
    if (now <= before).all():
        return Meeting(same=False, common=newer)
    if (before <= now).all():
        return Meeting(same=False, common=older)
    return Meeting(same=False, common=common, nobody=not (now & before).any())


def _try(
    conditions: Sequence[Condition], questionnaire: Questionnaire
) -> list[_BoolArray] | None:
    """Say for all combinations of answers which conditions hold."""
    comparisons = [c for condition in conditions for c in questions_of(condition)]
    known = {question.id: question for question in questionnaire.questions}
    values: dict[str, list[str | None]] = {}
    for comparison in comparisons:
        for name in _columns(comparison, known.get(comparison.question)):
            values[name] = _values(name, comparison, comparisons, known)
    if prod(map(len, values.values())) > MOST_TRIED:
        return None
    grids = np.meshgrid(*(np.arange(len(v)) for v in values.values()), indexing="ij")
    place = {name: grid.ravel() for name, grid in zip(values, grids, strict=True)}

    def holds(comparison: Comparison) -> _BoolArray:
        return _holds(comparison, values, place, known.get(comparison.question))

    return [asked(condition, holds) for condition in conditions]


def _columns(comparison: Comparison, question: Question | None) -> list[str]:
    """Name what is tried of a comparison: a question, or options that can be chosen."""
    if question is not None and question.kind == "multiple":
        return [f"{comparison.question}[{code}]" for code in comparison.codes]
    return [comparison.column]


def _values(
    name: str,
    comparison: Comparison,
    comparisons: Sequence[Comparison],
    known: Mapping[str, Question],
) -> list[str | None]:
    """List the answers that a question can have."""
    question = known.get(comparison.question)
    if name != comparison.column:
        return [_UNANSWERED, "chosen"]
    named = [c for other in comparisons if other.column == name for c in other.codes]
    codes = [category.code for category in question.categories] if question else []
    if not codes:
        numbers = sorted({n for n in map(as_number, named) if n is not None})
        between = [str(n + shift) for n in numbers for shift in (-0.25, 0.0, 0.25)]
        codes = between if len(numbers) == len(set(named)) else ["another answer"]
    return [_UNANSWERED, *dict.fromkeys([*codes, *named])]


def _holds(
    comparison: Comparison,
    values: Mapping[str, list[str | None]],
    place: Mapping[str, NDArray[np.intp]],
    question: Question | None,
) -> _BoolArray:
    """Say for all combinations whether a comparison holds."""
    columns = _columns(comparison, question)
    if columns != [comparison.column]:
        taken = np.array([place[column] == 1 for column in columns])
        chosen: _BoolArray = np.logical_or.reduce(taken)
        return chosen if comparison.operator == "in" else ~chosen
    answers = values[comparison.column]
    true = np.array([_is_true(comparison, answer) for answer in answers])
    held: _BoolArray = true[place[comparison.column]]
    return held


def _is_true(comparison: Comparison, answer: str | None) -> bool:
    """Tell whether a comparison holds for one answer."""
    if answer is _UNANSWERED:
        return False
    if comparison.operator in _EXACT:
        found = any(_equal(answer, code) for code in comparison.codes)
        return found == (comparison.operator == "in")
    number, limit = as_number(answer), as_number(comparison.codes[0])
    if number is None or limit is None:
        return False
    sizes = {
        "<": number < limit,
        "<=": number <= limit,
        ">": number > limit,
        ">=": number >= limit,
    }
    return sizes[comparison.operator]


def _equal(answer: str, code: str) -> bool:
    """Tell whether two codes are the same, ``1`` and ``1.0`` as well."""
    number = as_number(answer)
    return answer == code or (number is not None and number == as_number(code))

"""What is wrong with a questionnaire whose keys all have the right type.

Everything is collected, with file and line, and shown together.
"""

import math
from collections.abc import Iterator, Sequence

from survey.errors import some
from survey.questionnaire.model import (
    BaseRule,
    Category,
    Item,
    Question,
    Questionnaire,
    in_language,
)
from survey.questionnaire.routing import Comparison, parse_routing, questions_of
from survey.yaml_file import Key, YamlFile

CHOICES = ("single", "multiple", "grid")


def problems_of(questionnaire: Questionnaire, source: YamlFile) -> Iterator[str]:
    """Find what is wrong although every key has the right type.

    Parameters
    ----------
    questionnaire : Questionnaire
        What was asked.
    source : YamlFile
        The file, which knows the line of every key.

    Yields
    ------
    str
        File and line, what is wrong, and what to write instead.
    """
    seen: dict[str, int] = {}
    for number, question in enumerate(questionnaire.questions):
        place = source.place(("questions", number, "id"))
        if question.id in seen:
            first = source.place(("questions", seen[question.id], "id")).line
            yield (
                f"{place}: question id {question.id!r} stands in line {first} already. "
                "Give one of the two another id."
            )
        seen.setdefault(question.id, number)
        yield from _parts(question, ("questions", number), source)
        yield from _kind_problems(question, ("questions", number), source)
        yield from _routing(questionnaire, question, ("questions", number), source)
    yield from _column_problems(questionnaire, source)


def _kind_problems(question: Question, key: Key, source: YamlFile) -> Iterator[str]:
    """Find what the kind of a question has no use for."""
    name = f"question {question.id!r}"
    if question.kind not in CHOICES and question.categories:
        yield (
            f"{source.place((*key, 'categories'))}: {name} is {question.kind} and has "
            "no categories. Remove them, or write another kind."
        )
    if question.trap and question.kind != "text":
        yield (
            f"{source.place((*key, 'trap'))}: {name} is {question.kind}, and only "
            "a text question can be hidden from people. Write 'trap: true' at a "
            "category, or 'expected' at an item."
        )
    yield from _unexpected(question, key, source)
    problem = base_problem(question, question.base)
    if problem and question.base == "named":
        yield f"{source.place((*key, 'base'))}: {problem}"


def _unexpected(question: Question, key: Key, source: YamlFile) -> Iterator[str]:
    """Find items that ask for a code which the grid does not have."""
    codes = [category.code for category in question.categories]
    for number, item in enumerate(question.items):
        if item.expected is not None and item.expected not in codes:
            yield (
                f"{source.place((*key, 'items', number, 'expected'))}: item "
                f"{item.code!r} of question {question.id!r} expects {item.expected!r}, "
                f"which is none of its codes. Codes: {some(codes, 20)}."
            )


def base_problem(question: Question, rule: BaseRule) -> str:
    """Say why a question cannot have a base.

    Parameters
    ----------
    question : Question
        What was asked.
    rule : {"asked", "answered", "named"}
        The base.

    Returns
    -------
    str
        What is wrong and what to write instead; empty where nothing is.
    """
    if rule == "named" and question.kind != "multiple":
        return (
            f"question {question.id!r} is {question.kind}, and only multiple response "
            "has the base 'named'. Write 'answered' or 'asked'."
        )
    if rule == "asked" and question.kind == "numeric":
        return (
            f"question {question.id!r} is numeric, and its base is who gave a number. "
            "Write 'answered'."
        )
    if rule == "answered" and question.kind == "text":
        return (
            f"question {question.id!r} is text, and its base is who was asked. "
            "Write 'asked'."
        )
    return ""


def _column_problems(questionnaire: Questionnaire, source: YamlFile) -> Iterator[str]:
    """Find ids that are the same once codes or items are put behind them."""
    seen: dict[str, str] = {}
    for number, question in enumerate(questionnaire.questions):
        for name in dict.fromkeys(_columns(question)):
            if seen.get(name, question.id) != question.id:
                yield (
                    f"{source.place(('questions', number, 'id'))}: answers to "
                    f"{question.id!r} and {seen[name]!r} would both be called "
                    f"{name!r}. Give one of the two another id."
                )
            seen.setdefault(name, question.id)


def _columns(question: Question) -> list[str]:
    """List the names that answers to a question are kept under."""
    codes: list[str] = []
    if question.kind == "multiple":
        codes = [category.code for category in question.categories]
    if question.kind == "grid":
        codes = [item.code for item in question.items]
    return [question.id, *(f"{question.id}_{code}" for code in codes)]


def _parts(question: Question, key: Key, source: YamlFile) -> Iterator[str]:
    """Find missing parts and codes that stand twice in one question."""
    name = f"question {question.id!r}"
    if question.kind in CHOICES and not question.categories:
        yield f"{source.place(key)}: {name} has no categories. List its answers."
    if question.kind == "grid" and not question.items:
        yield f"{source.place(key)}: {name} is a grid without items. List its rows."
    parts: dict[str, Sequence[Category | Item]] = {
        "categories": question.categories,
        "items": question.items,
    }
    for part, entries in parts.items():
        seen: dict[str, dict[str, str]] = {}
        for number, entry in enumerate(entries):
            if entry.code in seen:
                labels = in_language(seen[entry.code], ""), in_language(entry.label, "")
                place = source.place((*key, part, number, "code"))
                yield (
                    f'{place}: {name} has code {entry.code} twice ("{labels[0]}", '
                    f'"{labels[1]}"). Give one of them another code.'
                )
            seen.setdefault(entry.code, entry.label)


def _routing(
    questionnaire: Questionnaire, question: Question, key: Key, source: YamlFile
) -> Iterator[str]:
    """Find routings that cannot be read or name what does not exist."""
    if question.asked_if is None:
        return
    place = source.place((*key, "asked_if"))
    try:
        comparisons = questions_of(parse_routing(question.asked_if))
    except ValueError as problem:
        yield f"{place}: {problem}."
        return
    for comparison in comparisons:
        problem_text = _unknown(questionnaire, question, comparison)
        if problem_text:
            yield f"{place}: routing of question {question.id!r} {problem_text}"


def _unknown(
    questionnaire: Questionnaire, question: Question, comparison: Comparison
) -> str:
    """Say what a comparison names that is not there, or is not known yet."""
    other = questionnaire.question(comparison.question)
    if other is None:
        known = some([q.id for q in questionnaire.questions])
        return f"names unknown question {comparison.question!r}. Questions: {known}."
    items = [item.code for item in other.items]
    if other.kind == "grid" and not comparison.item:
        first = items[0] if items else "ITEM"
        return (
            f"names the grid {other.id!r}, which has no single answer to go by. Name "
            f"one of its items, such as '[{other.id}/{first}] == 1'."
        )
    if comparison.item and comparison.item not in items:
        has = f"Its items: {some(items, 20)}." if items else "It is no grid."
        return f"names item {comparison.item!r} of {other.id!r}, which has none. {has}"
    codes = {category.code for category in other.categories}
    unknown = [code for code in comparison.codes if codes and code not in codes]
    if unknown:
        return (
            f"names code {some(unknown)}, which {other.id!r} does not have. "
            f"Its codes: {some(sorted(codes), 20)}."
        )
    order = [q.id for q in questionnaire.questions]
    if order.index(other.id) >= order.index(question.id):
        return f"names {other.id!r}, which is not asked before it. Put it in front."
    return _unfit(other, comparison)


def _unfit(other: Question, comparison: Comparison) -> str:
    """Say why a comparison does not suit the kind of the question."""
    if other.kind == "numeric" and not _numbers(comparison.codes):
        return (
            f"compares the number {other.id!r} with {some(comparison.codes)}. Compare "
            "it with a number."
        )
    by_size = comparison.operator not in {"in", "not in"}
    if by_size and other.kind in {"multiple", "text"}:
        return (
            f"compares {other.id!r} by size, but its kind is {other.kind}. Use ==, !=, "
            "in or not in."
        )
    return ""


def _numbers(codes: Sequence[str]) -> bool:
    """Say whether all codes are numbers."""
    try:
        return all(math.isfinite(float(code)) for code in codes)
    except ValueError:
        return False

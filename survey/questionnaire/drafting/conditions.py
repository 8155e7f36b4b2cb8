"""Put the routing of a definition into a draft, with the ids of the draft.

A routing is taken over only where the draft can follow it: it names earlier questions
and codes that they have. Any other stays a comment.
"""

import re
from collections.abc import Mapping, Sequence

from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.routing_text import name_of
from survey.questionnaire.dump import written_code
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.problems import problems_of
from survey.questionnaire.routing import (
    Comparison,
    Condition,
    parse_routing,
    questions_of,
)
from survey.yaml_file import YamlFile


def identifier(text: str) -> str:
    """Give the letters and digits of a text as an id.

    Parameters
    ----------
    text : str
        Such as the name of a column.

    Returns
    -------
    str
        Empty where none are left.

    Examples
    --------
    >>> identifier("2. Size?"), identifier("?")
    ('q_2._Size', '')
    """
    cleaned = re.sub(r"[^A-Za-z0-9_.]+", "_", text).strip("_.")
    return cleaned if not cleaned or cleaned[0].isalpha() else f"q_{cleaned}"


def definition_of(
    definitions: Mapping[str, QuestionDefinition], question: Question
) -> QuestionDefinition | None:
    """Find the definition that a drafted question was made from.

    Parameters
    ----------
    definitions : mapping of question to QuestionDefinition
        What the platform says.
    question : Question
        A question of the draft.

    Returns
    -------
    QuestionDefinition or None
        None where it has none.

    Examples
    --------
    >>> asked = QuestionDefinition("1a", "text")
    >>> drafted = Question(id="q_1a", kind="text", label="Why?")
    >>> definition_of({"1a": asked}, drafted).question
    '1a'
    """
    direct = definitions.get(question.id)
    named = (d for name, d in definitions.items() if identifier(name) == question.id)
    return direct or next(named, None)


def condition_text(condition: Condition, names: Mapping[str, str]) -> str:
    """Write a condition in the grammar of questionnaires.

    Parameters
    ----------
    condition : Comparison or Combination
        The routing.
    names : mapping of str to str
        Other ids for the questions that it names.

    Returns
    -------
    str
        Reads back as the same condition.

    Examples
    --------
    >>> condition_text(parse_routing("a == 1 and not b in (2, '03')"), {"a": "q1"})
    "q1 == 1 and not (b in (2, '03'))"
    """
    if isinstance(condition, Comparison):
        return _comparison_text(condition, names)
    parts = [condition_text(part, names) for part in condition.parts]
    if condition.operator == "not":
        return f"not ({parts[0]})"
    bracketed = [
        text if isinstance(part, Comparison) or part.operator == "not" else f"({text})"
        for part, text in zip(condition.parts, parts, strict=True)
    ]
    return f" {condition.operator} ".join(bracketed)


def _comparison_text(comparison: Comparison, names: Mapping[str, str]) -> str:
    """Write one comparison."""
    codes = [repr(written_code(code)) for code in comparison.codes]
    question = names.get(comparison.question, comparison.question)
    name = name_of(question, comparison.item)
    if len(codes) == 1:
        sign = {"in": "==", "not in": "!="}.get(
            comparison.operator, comparison.operator
        )
        return f"{name} {sign} {codes[0]}"
    return f"{name} {comparison.operator} ({', '.join(codes)})"


def with_routing(
    questions: Sequence[Question], definitions: Mapping[str, QuestionDefinition]
) -> tuple[Question, ...]:
    """Give drafted questions the routing of their definitions.

    Parameters
    ----------
    questions : sequence of Question
        The draft.
    definitions : mapping of question to QuestionDefinition
        What the platform says.

    Returns
    -------
    tuple of Question
        With ``asked_if`` where the draft can follow it.

    Examples
    --------
    >>> size = Question(id="size", kind="numeric", label="Size")
    >>> why = Question(id="why", kind="text", label="Why?")
    >>> told = {"why": QuestionDefinition("why", "text", asked_if="size > 9")}
    >>> with_routing([size, why], told)[1].asked_if
    'size > 9'
    """
    if not definitions:
        return tuple(questions)
    of = {q.id: definition_of(definitions, q) for q in questions}
    names = {d.question: name for name, d in of.items() if d is not None}
    routed = []
    for question in questions:
        found = of[question.id]
        said = _followed(question, questions, found.asked_if if found else "", names)
        routed.append(question.model_copy(update={"asked_if": said}))
    return tuple(routed)


def _followed(
    question: Question,
    questions: Sequence[Question],
    asked_if: str,
    names: Mapping[str, str],
) -> str | None:
    """Translate a routing, or give None where the draft cannot follow it."""
    if not asked_if:
        return None
    try:
        condition = parse_routing(asked_if)
    except ValueError:
        return None
    wanted = {names.get(c.question, c.question) for c in questions_of(condition)}
    said = condition_text(condition, names)
    routed = question.model_copy(update={"asked_if": said})
    involved = [q for q in questions if q.id in wanted and q.id != question.id]
    order = [q.id for q in questions]
    involved = [q for q in involved if order.index(q.id) < order.index(question.id)]
    small = Questionnaire(id="routing", title={}, questions=(*involved, routed))
    problems = list(problems_of(small, YamlFile("", {}, {})))
    return None if problems else said


def routing_is_stated(
    questions: Sequence[Question], definitions: Mapping[str, QuestionDefinition]
) -> bool:
    """Tell whether definitions say of every question who was asked.

    Parameters
    ----------
    questions : sequence of Question
        The draft, with routing.
    definitions : mapping of question to QuestionDefinition
        What the platform says.

    Returns
    -------
    bool
        False where a question has no definition, or a routing cannot be followed.

    Examples
    --------
    >>> why = Question(id="why", kind="text", label="Why?")
    >>> routing_is_stated([why], {"why": QuestionDefinition("why", "text")})
    True
    >>> routing_is_stated([why], {})
    False
    """
    for question in questions:
        found = definition_of(definitions, question)
        if found is None:
            return False
        if (found.routing or found.asked_if) and question.asked_if is None:
            return False
    return True

"""Findings about answers that do not fit the questionnaire."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Action, Finding
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.locate import Location
from survey.responses.values import BoolArray, Coded, neither
from survey.said import Said, counted, said

Rows = Sequence[int] | NDArray[np.intp]
MOST_IDS = 20


def misfits(
    name: str, coded: Coded, column: str, *, numbers: bool = False
) -> tuple[Finding, ...]:
    """Report values that are no code, and user-missing ones."""
    return (
        *unknown_codes(name, coded.unknown, column, numbers=numbers),
        *_user_missing(name, coded.missing),
    )


def unknown_codes(
    name: str, values: Mapping[str, int], column: str, *, numbers: bool = False
) -> tuple[Finding, ...]:
    """Report answers that the questionnaire does not know, or that are no numbers."""
    if not values:
        return ()
    count = sum(values.values())
    tell = _no_number if numbers else _unknown
    shown = tuple(f"{value} ({n} x)" for value, n in values.items())
    message = tell(count, column, shown)
    action: Action = "set to not answered"
    return (Finding("warning", "unknown_code", name, message, count, action),)


def _unknown(count: int, column: str, values: tuple[str, ...]) -> Said:
    """Say which answers the questionnaire does not know."""
    return counted(
        count,
        "{count} answer in column {column!r} is not in the questionnaire: {values}. "
        "Add it to its categories, or list it as an alias.",
        "{count} answers in column {column!r} are not in the questionnaire: {values}. "
        "Add them to its categories, or list them as aliases.",
        column=column,
        values=values,
    )


def _no_number(count: int, column: str, values: tuple[str, ...]) -> Said:
    """Say which answers are no numbers."""
    return counted(
        count,
        "{count} answer in column {column!r} is no number: {values}. Correct it in a "
        "copy of the export.",
        "{count} answers in column {column!r} are no numbers: {values}. Correct them "
        "in a copy of the export.",
        column=column,
        values=values,
    )


def _user_missing(name: str, values: Mapping[str, int]) -> tuple[Finding, ...]:
    """Report answers that the file declares as missing."""
    if not values:
        return ()
    count = sum(values.values())
    message = counted(
        count,
        "{count} answer is user-missing in the file: {values}.",
        "{count} answers are user-missing in the file: {values}.",
        values=tuple(values),
    )
    return (
        Finding("note", "user_missing", name, message, count, "set to not answered"),
    )


def strange_cells(
    name: str, place: Location, cells: Sequence[pd.Series]
) -> tuple[Finding, ...]:
    """Report cells between yes and no that are neither."""
    if place.counted_value is not None:
        return ()
    found: tuple[Finding, ...] = ()
    for column, texts in zip(place.options.values(), cells, strict=True):
        found += unknown_codes(name, neither(texts), column)
    return found


def categories_not_in_file(
    question: Question, present: Collection[str], file: str
) -> tuple[Finding, ...]:
    """Report categories that have no column although others of the question do."""
    absent = [c.code for c in question.categories if c.code not in present]
    if not absent:
        return ()
    message = counted(
        len(absent),
        "No column of {file} holds the category {codes} of question {question!r}. Name "
        "its column, or drop the category.",
        "No column of {file} holds the categories {codes} of question {question!r}. "
        "Name their columns, or drop the categories.",
        file=file,
        codes=tuple(absent),
        question=question.id,
    )
    return (
        Finding(
            "warning",
            "category_not_in_file",
            question.id,
            message,
            len(absent),
            "counted as not chosen",
        ),
    )


def exclusive_combined(
    question: Question, marks: Mapping[str, BoolArray]
) -> tuple[Finding, ...]:
    """Report exclusive answers that were combined with others."""
    mentions = np.sum(list(marks.values()), axis=0)
    alone = [marks[c.code] for c in question.categories if c.exclusive]
    if not alone:
        return ()
    rows = np.flatnonzero(np.logical_or.reduce(alone) & (mentions > 1))
    return (combined_answers(question, rows),) if len(rows) else ()


def combined_answers(question: Question, rows: Rows) -> Finding:
    """Report the records that combine an exclusive answer with others."""
    message = counted(
        len(rows),
        "{count} record combines an exclusive answer with others.",
        "{count} records combine an exclusive answer with others.",
    )
    return about_records("exclusive_combined", question.id, message, rows)


def over_cap(question: Question, marks: Mapping[str, BoolArray]) -> tuple[Finding, ...]:
    """Report more answers than were allowed."""
    if question.max_choices is None:
        return ()
    rows = np.flatnonzero(np.sum(list(marks.values()), axis=0) > question.max_choices)
    return (too_many_answers(question, rows),) if len(rows) else ()


def too_many_answers(question: Question, rows: Rows) -> Finding:
    """Report the records that name more answers than were allowed."""
    assert question.max_choices is not None
    message = counted(
        len(rows),
        "{count} record names more than {most} answers.",
        "{count} records name more than {most} answers.",
        most=question.max_choices,
    )
    return about_records("over_cap", question.id, message, rows)


def several_answers(name: str, rows: Rows) -> Finding:
    """Report several answers to a question that takes one."""
    message = counted(
        len(rows),
        "{count} record holds several answers where one was to be given.",
        "{count} records hold several answers where one was to be given.",
    )
    found = about_records("several_answers", name, message, rows)
    return replace(found, action="the first one counts")


def routing_broken(name: str, routing: str, rows: Rows) -> Finding:
    """Report answers of people who were not asked."""
    message = counted(
        len(rows),
        "{count} record answers {question!r} although its routing ({routing}) does "
        "not ask it.",
        "{count} records answer {question!r} although its routing ({routing}) does "
        "not ask them.",
        question=name,
        routing=routing,
    )
    found = about_records("routing_broken", name, message, rows)
    return replace(found, action="set to not asked")


def about_records(check: str, question: str, message: Said, rows: Rows) -> Finding:
    """Make a warning about records, which are named by position for now."""
    listed = tuple(map(str, rows[:MOST_IDS]))
    return Finding("warning", check, question, message, len(rows), "kept", listed)


def unknown_routing(questionnaire: Questionnaire) -> Finding:
    """Say that a draft does not know who was asked."""
    return Finding(
        "note",
        "routing_unknown",
        "",
        said(
            "The file alone does not tell 'not asked' from 'not answered': percentages "
            "are based on those who answered. State asked_if in the questionnaire to "
            "change that."
        ),
        len(questionnaire.questions),
        "base: answered",
    )


def fold_user_missing(findings: Sequence[Finding]) -> list[Finding]:
    """Tell of user-missing answers once instead of once per question.

    Parameters
    ----------
    findings : sequence of Finding
        Of all questions.

    Returns
    -------
    list of Finding
        The others as they are, and one for all user-missing answers.
    """
    folded = [f for f in findings if f.check == "user_missing"]
    others = [f for f in findings if f.check != "user_missing"]
    if len(folded) < len(("one", "two")):
        return list(findings)
    count = sum(f.count for f in folded)
    message = said(
        "{count} answers are user-missing in the file, in questions {questions}.",
        count=count,
        questions=tuple(f.question for f in folded),
    )
    action: Action = "set to not answered"
    return [*others, Finding("note", "user_missing", "", message, count, action)]

"""Routing of stored data: conditions as expressions over coded columns.

A comparison is never missing, as in memory: with no answer it is false.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from functools import reduce
from operator import and_, or_

import narwhals as nw
import numpy as np
import pandas as pd

from survey.errors import QuestionError
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import Comparison, Condition


@dataclass(frozen=True, slots=True)
class Places:
    """Columns of the engine by the names that they have in memory.

    Attributes
    ----------
    questionnaire : Questionnaire
        What was asked.
    columns : mapping of str to str
        Column of `Responses.frame` -> column of the engine. Exclusive answers are
        positions of categories, -1 where there is none.
    states : mapping of str to str
        Column of `Responses.states` -> column of the engine.
    """

    questionnaire: Questionnaire
    columns: Mapping[str, str]
    states: Mapping[str, str]


def any_of(parts: Iterable[nw.Expr]) -> nw.Expr:
    """Join conditions by ``or``; none of them is false."""
    listed = list(parts)
    none: nw.Expr = nw.lit(value=False)
    return reduce(or_, listed) if listed else none


def asked_expression(condition: Condition, places: Places) -> nw.Expr:
    """Say who is asked, by answers that are coded and routed.

    Parameters
    ----------
    condition : Comparison or Combination
        The routing.
    places : Places
        Where the answers stand.

    Returns
    -------
    narwhals.Expr
        True or false, never missing.

    Raises
    ------
    QuestionError
        The texts of an open question are compared by size.
    """
    if isinstance(condition, Comparison):
        return _compared(condition, places)
    parts = [asked_expression(part, places) for part in condition.parts]
    if condition.operator == "not":
        return ~parts[0]
    return reduce(and_ if condition.operator == "and" else or_, parts)


def _compared(comparison: Comparison, places: Places) -> nw.Expr:
    """Compare one question with codes."""
    question = places.questionnaire.question(comparison.question)
    assert question is not None, "the loader has checked the routing"
    if question.kind == "multiple":
        return _compared_marks(question, comparison, places)
    if question.kind == "numeric":
        return _compared_numbers(comparison, places)
    if question.kind == "text":
        return _compared_texts(comparison, places)
    codes = [category.code for category in question.categories]
    column = nw.col(places.columns[comparison.column])
    if comparison.operator in {"in", "not in"}:
        hits = [i for i, code in enumerate(codes) if code in comparison.codes]
        if comparison.operator == "not in":
            hits = [i for i in range(len(codes)) if i not in hits]
    else:
        sizes = pd.to_numeric(pd.Series(codes, dtype=object), errors="coerce")
        hits = np.flatnonzero(np.asarray(_size(comparison)(sizes), bool)).tolist()
    return any_of([column.is_in(hits)] if hits else [])


def _compared_marks(
    question: Question, comparison: Comparison, places: Places
) -> nw.Expr:
    """Compare a multiple response question: any of the codes, or none of them."""
    marks = {
        category.code: nw.col(places.columns[f"{question.id}_{category.code}"])
        for category in question.categories
    }
    hit = any_of(marks[code] for code in comparison.codes)
    if comparison.operator != "not in":
        return hit
    answered = any_of(marks[c.code] for c in question.categories if not c.missing)
    return answered & ~hit


def _compared_numbers(comparison: Comparison, places: Places) -> nw.Expr:
    """Compare numbers."""
    column = nw.col(places.columns[comparison.column])
    there: nw.Expr = ~column.is_null()
    numbers = [float(code) for code in comparison.codes]
    if comparison.operator == "in":
        return there & column.is_in(numbers)
    if comparison.operator == "not in":
        return there & ~column.is_in(numbers)
    return there & _size(comparison)(column)


def _compared_texts(comparison: Comparison, places: Places) -> nw.Expr:
    """Compare texts of an open question."""
    column = nw.col(places.columns[comparison.column])
    there: nw.Expr = ~column.is_null()
    if comparison.operator not in {"in", "not in"}:
        raise QuestionError(
            f"The routing compares texts of {comparison.question!r} by size, which "
            'stored data cannot do. Call the question kind "numeric".'
        )
    hit = column.is_in(list(comparison.codes))
    return there & (hit if comparison.operator == "in" else ~hit)


def _size(comparison: Comparison) -> Callable[..., nw.Expr]:
    """Give the comparison by size as a function of numbers."""
    limit = float(comparison.codes[0])
    return {
        "<": lambda value: value < limit,
        "<=": lambda value: value <= limit,
        ">": lambda value: value > limit,
        ">=": lambda value: value >= limit,
    }[comparison.operator]

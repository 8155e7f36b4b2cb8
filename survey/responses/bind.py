"""RawTable + Questionnaire -> Responses; every value that did not fit is a Finding.

Answers are coded question by question, in the order of the questionnaire. Then the
routing says who was asked: an answer of somebody who was not asked is set aside and
counted.
"""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import (
    Comparison,
    asked,
    parse_routing,
    questions_of,
)
from survey.responses.answers import Answers, answers_to
from survey.responses.locate import index_columns
from survey.responses.misfits import (
    fold_user_missing,
    routing_broken,
    unknown_routing,
)
from survey.responses.paradata import paradata, respondent_ids, status_masks
from survey.responses.table import ANSWERED, ASKED, NOT_ASKED, Responses
from survey.responses.values import BoolArray


@dataclass(frozen=True, slots=True)
class _Bound:
    """What has been bound so far."""

    columns: dict[str, pd.Series] = field(default_factory=dict)
    states: dict[str, NDArray[np.int8]] = field(default_factory=dict)
    findings: list[Finding] = field(default_factory=list)


def bind(raw: RawTable, questionnaire: Questionnaire) -> Responses:
    """Code the answers of an export.

    Parameters
    ----------
    raw : RawTable
        The export as it was read; it is not changed.
    questionnaire : Questionnaire
        What was asked.

    Returns
    -------
    Responses
        Answers, the state of every item, and a finding for whatever did not fit:
        values that are no code, answers of people who were not asked, questions
        that the export does not hold.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> raw = RawTable(
    ...     pd.DataFrame({"q1": ["Yes", "No", None]}, dtype=str),
    ...     {"q1": ColumnLabel("q1", "Use?")}, {}, (), Source("a.csv", "", ""),
    ... )
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "single", "label": "Use", "categories": [
    ...         {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]}])
    >>> bind(raw, asked).frame["q1"].tolist()
    ['1', '2', nan]
    """
    index = index_columns(raw)
    ids = respondent_ids(raw, questionnaire)
    described = paradata(raw, questionnaire)
    complete = status_masks(described, questionnaire).complete
    bound = _Bound()
    answers = {q.id: answers_to(q, raw, index) for q in questionnaire.questions}
    reached = _reached(questionnaire, answers, complete)
    for question in questionnaire.questions:
        for name, answer in answers[question.id].items():
            _route(question, name, answer, reached[question.id], questionnaire, bound)
    if questionnaire.routing == "unknown":
        bound.findings.append(unknown_routing(questionnaire))
    return Responses(
        questionnaire,
        pd.DataFrame(bound.columns, index=raw.frame.index).set_axis(ids, axis=0),
        pd.DataFrame(bound.states, index=raw.frame.index).set_axis(ids, axis=0),
        described.set_axis(ids, axis=0),
        raw.source,
        _with_ids(fold_user_missing(bound.findings), ids),
    )


def _with_ids(findings: Iterable[Finding], ids: pd.Index) -> tuple[Finding, ...]:
    """Name records by their ids instead of their positions."""
    return tuple(
        replace(f, respondents=tuple(str(ids[int(row)]) for row in f.respondents))
        for f in findings
    )


def _reached(
    questionnaire: Questionnaire,
    answers: Mapping[str, Mapping[str, Answers]],
    complete: BoolArray | None,
) -> dict[str, BoolArray]:
    """Say who came as far as each question: partial records end at a last answer."""
    shown = {
        q: np.logical_or.reduce([a.shown for a in parts.values()])
        for q, parts in answers.items()
    }
    rows = len(next(iter(shown.values()))) if shown else 0
    if complete is None:
        return {q: np.ones(rows, dtype=bool) for q in shown}
    later = np.zeros(rows, dtype=bool)
    reached = {}
    for question in reversed(questionnaire.questions):
        later = later | shown[question.id]
        reached[question.id] = later | complete
    return reached


def _route(
    question: Question,
    name: str,
    answer: Answers,
    reached: BoolArray,
    questionnaire: Questionnaire,
    bound: _Bound,
) -> None:
    """Say who was asked, and set aside the answers of those who were not."""
    was_asked = answer.shown if questionnaire.routing == "unknown" else reached
    if question.asked_if is not None:
        compare = _compare(questionnaire, bound)
        was_asked = was_asked & asked(parse_routing(question.asked_if), compare)
    astray = answer.answered & ~was_asked
    state = np.where(was_asked, np.where(answer.answered, ANSWERED, ASKED), NOT_ASKED)
    bound.states[name] = state.astype(np.int8)
    for key, column in answer.columns.items():
        bound.columns[key] = _blank(column, ~was_asked)
    bound.findings.extend(answer.findings)
    if astray.any():
        broken = routing_broken(name, str(question.asked_if), np.flatnonzero(astray))
        bound.findings.append(broken)


def satisfies(responses: Responses, routing: str) -> BoolArray:
    """Say which respondents a routing asks, by their coded answers.

    Parameters
    ----------
    responses : Responses
        Coded answers of n respondents.
    routing : str
        In the grammar of ``asked_if``.

    Returns
    -------
    bool array (n,)
        True where the routing holds.

    Raises
    ------
    QuestionError
        The questionnaire does not have a question that the routing names.
    """
    condition = parse_routing(routing)
    known = responses.questionnaire
    for part in questions_of(condition):
        if known.question(part.question) is None:
            raise QuestionError(
                f"The routing {routing!r} names {part.question!r}, which "
                f"{known.id!r} does not ask. Name a question that it asks."
            )
    columns = {str(name): responses.frame[name] for name in responses.frame}
    states = {str(n): responses.states[n].to_numpy() for n in responses.states}
    return asked(condition, _compare(known, _Bound(columns, states)))


def _blank(column: pd.Series, where: BoolArray) -> pd.Series:
    """Remove the answers of those who were not asked."""
    if column.dtype == bool:
        return column & ~where
    return column.mask(where)


def _compare(
    questionnaire: Questionnaire, bound: _Bound
) -> Callable[[Comparison], BoolArray]:
    """Give the function that evaluates one comparison of a routing."""

    def compare(comparison: Comparison) -> BoolArray:
        question = questionnaire.question(comparison.question)
        if question is not None and question.kind == "multiple":
            return _compare_multiple(question, comparison, bound)
        column = bound.columns[comparison.column]
        if comparison.operator not in {"in", "not in"}:
            return _compare_size(column, comparison)
        if question is not None and question.kind == "numeric":
            hit = column.isin([float(code) for code in comparison.codes])
        else:
            hit = column.astype(object).isin(comparison.codes)
        is_in = comparison.operator == "in"
        return (hit if is_in else column.notna() & ~hit).to_numpy()

    return compare


def _compare_multiple(
    question: Question, comparison: Comparison, bound: _Bound
) -> BoolArray:
    """Compare a multiple response question: any of the codes, or none of them."""
    marks = [bound.columns[f"{question.id}_{c}"].to_numpy() for c in comparison.codes]
    hit = np.asarray(np.logical_or.reduce(marks), dtype=bool)
    answered = bound.states[question.id] == ANSWERED
    return answered & ~hit if comparison.operator == "not in" else hit


def _compare_size(column: pd.Series, comparison: Comparison) -> BoolArray:
    """Compare numbers, or codes that are numbers, by size."""
    values = pd.to_numeric(column.astype(object), errors="coerce").to_numpy(dtype=float)
    limit = float(comparison.codes[0])
    with np.errstate(invalid="ignore"):
        compared = {
            "<": values < limit,
            "<=": values <= limit,
            ">": values > limit,
            ">=": values >= limit,
        }[comparison.operator]
    return np.asarray(compared, dtype=bool)

"""Responses of stored data: coded and routed by the engine that holds them.

The same codes, states and findings as `bind` gives in memory; a finding names no
respondents.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import narwhals as nw

from survey.finding import Finding
from survey.importers.raw import RawTable
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.questionnaire.model import Question, Questionnaire
from survey.questionnaire.routing import Condition, parse_routing, questions_of
from survey.responses.bind import bind
from survey.responses.locate import index_columns
from survey.responses.misfits import fold_user_missing, routing_broken
from survey.responses.stored_codes import Part, RowCheck, check_storable, parts_of
from survey.responses.stored_columns import Columns, columns_of
from survey.responses.stored_matching import Coding
from survey.responses.stored_probe import completed, probe
from survey.responses.stored_routing import Places, any_of, asked_expression
from survey.responses.table import ANSWERED, ASKED, NOT_ASKED, Responses

_LAST = "__last_shown"
_COMPLETE = "__complete"


@dataclass(frozen=True, slots=True)
class StoredResponses:
    """Coded answers of one wave that an engine holds.

    Attributes
    ----------
    data : StoredData
        Its columns, and one for every answer and state.
    places : Places
        Which of the engine's columns are answers and states.
    shape : Responses
        The same answers in memory, of nobody: names and types.
    source_columns : tuple of str
        Columns of the data as they were opened.
    findings : tuple of Finding
        Everything that did not fit, counted.
    """

    data: StoredData
    places: Places
    shape: Responses
    source_columns: tuple[str, ...]
    findings: tuple[Finding, ...]

    @property
    def questionnaire(self) -> Questionnaire:
        """What was asked."""
        return self.places.questionnaire


@dataclass(frozen=True, slots=True, eq=False)
class _Coded:
    """Parts of a questionnaire, with the columns that their states will have."""

    questionnaire: Questionnaire
    parts: dict[str, tuple[Part, ...]]
    places: Places

    def all_parts(self) -> Iterator[tuple[Question, Part]]:
        """Give every part with its question, in order."""
        for question in self.questionnaire.questions:
            for part in self.parts[question.id]:
                yield question, part


def stored_responses(
    data: StoredData, questionnaire: Questionnaire, *, like: RawTable | None = None
) -> StoredResponses:
    """Code the answers of stored data.

    Parameters
    ----------
    data : StoredData
        As `survey.open` gives them.
    questionnaire : Questionnaire
        What was asked.
    like : RawTable, optional
        An export of the same survey, of however few records: its labels, multiple
        response sets and user-missing values hold for the data as well.

    Returns
    -------
    StoredResponses
        Answers and states as columns that the engine computes when it is asked, and
        the findings of `bind`. Distinct values are counted first, in one query for
        each type of column; what does not fit is counted in one more.

    Raises
    ------
    QuestionError
        Several answers stand in one cell, or a grid is a ranking.
    DataFileError
        The engine could not.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.stored import open_data
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "single", "label": "Use", "categories": [
    ...         {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]}])
    >>> given = open_data(pd.DataFrame({"q1": ["Yes", "no", "maybe", None]}))
    >>> [found.count for found in stored_responses(given, asked).findings]
    [1]
    """
    columns = columns_of(data, like)
    index = index_columns(columns.raw)
    for question in questionnaire.questions:
        check_storable(question, index)
    shape = bind(columns.raw, questionnaire)
    coding = probe(columns, index, questionnaire)
    parts = {q.id: parts_of(q, coding) for q in questionnaire.questions}
    states = [part.name for q in questionnaire.questions for part in parts[q.id]]
    places = Places(
        questionnaire,
        {
            name: coding.place(name)
            for each in parts.values()
            for part in each
            for name in (*part.columns, *part.texts)
        },
        {name: f"__state_{i}" for i, name in enumerate(states)},
    )
    coded = _Coded(questionnaire, parts, places)
    frame = _with_states(_routed(_answered(coded, columns, coding), coded), coded)
    here = tuple(columns.kinds)
    stored = StoredResponses(replace(data, frame=frame), places, shape, here, ())
    findings = [*shape.findings, *_findings(coded, stored)]
    return replace(stored, findings=tuple(fold_user_missing(findings)))


def _answered(coded: _Coded, columns: Columns, coding: Coding) -> nw.LazyFrame[Any]:
    """Add the answers before routing, and what is known of every record."""
    places = coded.places.columns
    answers = {
        places[name]: expression
        for _, part in coded.all_parts()
        for name, expression in (*part.columns.items(), *part.texts.items())
    }
    facts: dict[str, nw.Expr] = {}
    for _, part in coded.all_parts():
        facts[_fact("answered", part, coded)] = part.answered
        facts[_fact("shown", part, coded)] = part.shown
        facts |= {
            _fact(f"check{i}", part, coded): check.condition
            for i, check in enumerate(part.checks)
        }
    complete = completed(coding, coded.questionnaire)
    if complete is not None:
        answers[_COMPLETE] = complete
    return columns.data.frame.with_columns(**answers).with_columns(**facts)


def _fact(what: str, part: Part, coded: _Coded) -> str:
    """Name a column about a part."""
    return f"{coded.places.states[part.name]}_{what}"


def _routed(frame: nw.LazyFrame[Any], coded: _Coded) -> nw.LazyFrame[Any]:
    """Remove the answers of who was not asked, in the order of the routing.

    Only routing can do so: who gives an answer came as far as its question.
    """
    for level in _levels(coded.questionnaire):
        routed = [(q, part) for q, part in coded.all_parts() if q.id in level]
        asks = {_fact("asks", part, coded): _asks(q, coded) for q, part in routed}
        frame = frame.with_columns(**asks)
        changed: dict[str, nw.Expr] = {}
        for _, part in routed:
            changed |= _kept(part, coded)
        frame = frame.with_columns(**changed)
    return frame


def _levels(questionnaire: Questionnaire) -> list[set[str]]:
    """Group routed questions so that each group is routed by those before it."""
    depth: dict[str, int] = {}
    for question in questionnaire.questions:
        named = questions_of(_routing(question)) if question.asked_if else ()
        depth[question.id] = max((depth[n.question] + 1 for n in named), default=0)
    return [
        {name for name, d in depth.items() if d == level}
        for level in range(1, max(depth.values(), default=0) + 1)
    ]


def _routing(question: Question) -> Condition:
    """Read the routing of a question that has one."""
    return parse_routing(str(question.asked_if))


def _asks(question: Question, coded: _Coded) -> nw.Expr:
    """Say whom the routing of a question asks."""
    return asked_expression(_routing(question), coded.places)


def _kept(part: Part, coded: _Coded) -> dict[str, nw.Expr]:
    """Give the answers of a part, without those of who was not asked."""
    asks = nw.col(_fact("asks", part, coded))
    changed: dict[str, nw.Expr] = {}
    for name in (*part.columns, *part.texts):
        place = coded.places.columns[name]
        kept = nw.when(asks).then(nw.col(place))
        blank = part.blank if name in part.columns else None
        changed[place] = kept if blank is None else kept.otherwise(nw.lit(blank))
    return changed


def _with_states(frame: nw.LazyFrame[Any], coded: _Coded) -> nw.LazyFrame[Any]:
    """Add the state of every part."""
    is_partial = _COMPLETE in frame.collect_schema()
    if is_partial:
        frame = frame.with_columns(_last_shown(coded).alias(_LAST))
    states = {}
    for i, question in enumerate(coded.questionnaire.questions):
        for part in coded.parts[question.id]:
            asked = _reached(i, part, coded, is_partial=is_partial)
            if question.asked_if is not None:
                asked = asked & nw.col(_fact("asks", part, coded))
            answered = nw.col(_fact("answered", part, coded))
            given = nw.when(answered).then(nw.lit(ANSWERED)).otherwise(nw.lit(ASKED))
            state = nw.when(asked).then(given).otherwise(nw.lit(NOT_ASKED))
            states[coded.places.states[part.name]] = state
    return frame.with_columns(**states)


def _reached(place: int, part: Part, coded: _Coded, *, is_partial: bool) -> nw.Expr:
    """Say who came as far as a question."""
    reached: nw.Expr = nw.lit(value=True)
    if coded.questionnaire.routing == "unknown":
        reached = nw.col(_fact("shown", part, coded))
    elif is_partial:
        reached = nw.col(_COMPLETE) | (nw.col(_LAST) >= place)
    return reached


def _last_shown(coded: _Coded) -> nw.Expr:
    """Give the place of the last question that a record has seen, -1 for none."""
    places = []
    for i, question in enumerate(coded.questionnaire.questions):
        parts = coded.parts[question.id]
        shown = any_of(nw.col(_fact("shown", part, coded)) for part in parts)
        places.append(shown.cast(nw.Int32) * (i + 1))
    last: nw.Expr = nw.max_horizontal(*places) - 1
    return last


def _findings(coded: _Coded, stored: StoredResponses) -> list[Finding]:
    """Count what did not fit, in one query."""
    checks = [
        check for q, part in coded.all_parts() for check in _checks(q, part, coded)
    ]
    rows = {f"c{i}": c.condition.cast(nw.Int64).sum() for i, c in enumerate(checks)}
    found = [f for _, part in coded.all_parts() for f in part.findings]
    if not checks:
        return found
    query = stored.data.frame.select(**rows)
    counts = collected(query, stored.data.name, stored.data.engine).iloc[0]
    for check, count in zip(checks, counts, strict=True):
        if count:
            found.append(replace(check.report(range(int(count))), respondents=()))
    return found


def _checks(question: Question, part: Part, coded: _Coded) -> list[RowCheck]:
    """List the mistakes of records that a part may have, seen before routing."""
    before = [
        replace(check, condition=nw.col(_fact(f"check{i}", part, coded)))
        for i, check in enumerate(part.checks)
    ]
    if question.asked_if is None:
        return before
    answered, asks = (nw.col(_fact(f, part, coded)) for f in ("answered", "asks"))
    report = partial(routing_broken, part.name, question.asked_if)
    return [*before, RowCheck(answered & ~asks, report)]

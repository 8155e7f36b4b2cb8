"""Answers to one question of stored data, as expressions; routing comes later.

Findings count respondents, and name none.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import partial, reduce
from operator import add

import narwhals as nw

from survey.errors import QuestionError
from survey.finding import Finding
from survey.importers.labels import comparable
from survey.questionnaire.model import Question
from survey.responses.joined_answers import typed_code
from survey.responses.locate import ColumnIndex, Location, locate, locate_items
from survey.responses.misfits import (
    Rows,
    combined_answers,
    misfits,
    several_answers,
    too_many_answers,
)
from survey.responses.ranked_answers import is_ranked
from survey.responses.stored_columns import filled
from survey.responses.stored_matching import (
    Coding,
    Matched,
    given_text,
    matched,
    mention_marks,
    option_marks,
    text_of,
    typed_texts,
)
from survey.responses.stored_numbers import number_of
from survey.responses.stored_routing import any_of

_NOT_CHOSEN = False


@dataclass(frozen=True, slots=True, eq=False)
class RowCheck:
    """A mistake of single records: who makes it, and what is said of so many."""

    condition: nw.Expr
    report: Callable[[Rows], Finding]


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """Answers to a question or grid item before routing.

    `columns` and `texts` are made of columns of the data; `answered`, `shown` and
    `checks` of these and of the data. `blank` is what a column holds for who was not
    asked.
    """

    name: str
    columns: Mapping[str, nw.Expr]
    blank: int | bool | None
    answered: nw.Expr
    shown: nw.Expr
    texts: Mapping[str, nw.Expr] = field(default_factory=dict)
    checks: tuple[RowCheck, ...] = ()
    findings: tuple[Finding, ...] = ()


def parts_of(question: Question, coding: Coding) -> tuple[Part, ...]:
    """Code a question: one part, or one per item of a grid.

    Parameters
    ----------
    question : Question
        What was asked.
    coding : Coding
        Columns and their values.

    Returns
    -------
    tuple of Part
        In the order of the questionnaire.
    """
    beside = _typed_beside(question, coding)
    if question.kind == "grid":
        items = locate_items(question, coding.index)
        name = f"{question.id}_"
        grid = [_single(question, name + i.code, place, coding) for i, place in items]
        return (*grid, *beside)
    reader = {"single": _single, "multiple": _multiple}.get(question.kind, _open)
    place = locate(question, coding.index)
    return (reader(question, question.id, place, coding), *beside)


def check_storable(question: Question, index: ColumnIndex) -> None:
    """Refuse what needs a look into every cell.

    Parameters
    ----------
    question : Question
        What was asked.
    index : ColumnIndex
        Columns of the data.

    Raises
    ------
    QuestionError
        Several answers stand in one cell, or a grid is a ranking.
    """
    joined = question.kind == "multiple" and locate(question, index).column is not None
    if joined or is_ranked(question):
        what = "its answers stand together in one cell" if joined else "it is ranked"
        raise QuestionError(
            f"Question {question.id!r} cannot be coded in stored data: {what}. Give "
            "every answer a column of its own, or load the file with survey.read()."
        )


def _typed_beside(question: Question, coding: Coding) -> tuple[Part, ...]:
    """Take the text typed beside a question as a whole."""
    column = coding.index.by_name.get(comparable(question.specify or ""))
    if column is None:
        return ()
    name, given = f"{question.id}_other_text", filled(coding.columns, column)
    coding.place(name)
    return (Part(name, {name: text_of(column, coding)}, None, given, given),)


@dataclass(frozen=True, slots=True, eq=False)
class _Choices:
    """Who chose which position, by the columns of a single question."""

    branches: tuple[tuple[nw.Expr, int], ...] = ()
    texts: Mapping[str, tuple[str, nw.Expr]] = field(default_factory=dict)
    checks: tuple[RowCheck, ...] = ()
    findings: tuple[Finding, ...] = ()


def _single(question: Question, name: str, place: Location, coding: Coding) -> Part:
    """Code exclusive answers, as positions of categories."""
    codes = [category.code for category in question.categories]
    choices = _choices(question, name, place, coding)
    texts = {**typed_texts(name, place, coding), **choices.texts}
    typed = [(~text.is_null(), codes.index(code)) for code, text in texts.values()]
    valid = [i for i, c in enumerate(question.categories) if not c.missing]
    return Part(
        name,
        {name: _chain([*choices.branches, *typed])},
        -1,
        coding.answer(name).is_in(valid),
        any_of([*_any_value(place, coding), *(given for given, _ in typed)]),
        {key: text for key, (_, text) in texts.items()},
        choices.checks,
        choices.findings,
    )


def _choices(
    question: Question, name: str, place: Location, coding: Coding
) -> _Choices:
    """Read one column of codes, or one column per code."""
    codes = [category.code for category in question.categories]
    if place.options:
        marks, _ = option_marks(name, place, coding)
        branches = tuple((mark, codes.index(code)) for code, mark in marks.items())
        check = RowCheck(_number_of(marks) > 1, partial(several_answers, name))
        return _Choices(branches, checks=(check,))
    if place.column is None:
        return _Choices()
    found = matched(question, place.column, coding)
    hits = (found.holds(found.coded.position == i) for i in range(len(codes)))
    words = _typed_in_cell(question, name, found, place.column, coding)
    coded = replace(found.coded, unknown={}) if words else found.coded
    findings = misfits(name, coded, place.column)
    branches = tuple((hit, i) for i, hit in enumerate(hits))
    return _Choices(branches, words, (), findings)


def _typed_in_cell(
    question: Question, name: str, found: Matched, column: str, coding: Coding
) -> dict[str, tuple[str, nw.Expr]]:
    """Take answers that match no category as words typed for "other"."""
    code = typed_code(question)
    if code is None:
        return {}
    texts = coding.values[column].texts
    known = (found.coded.position >= 0) | texts.isin(found.coded.missing).to_numpy()
    words = nw.when(~found.holds(known)).then(text_of(column, coding))
    return {f"{name}_{code}_text": (code, words)}


def _multiple(question: Question, name: str, place: Location, coding: Coding) -> Part:
    """Code a multiple response question, as one truth value per category."""
    texts = typed_texts(name, place, coding)
    if place.options:
        found, findings = option_marks(name, place, coding)
    else:
        found, findings = mention_marks(question, name, place, coding)
    marks = {c.code: found.get(c.code, any_of([])) for c in question.categories}
    for code, text in texts.values():
        marks[code] |= ~text.is_null()
    columns = {f"{name}_{code}": mark for code, mark in marks.items()}
    said = {code: coding.answer(f"{name}_{code}") for code in marks}
    valid = [said[c.code] for c in question.categories if not c.missing]
    return Part(
        name,
        columns,
        _NOT_CHOSEN,
        any_of(valid),
        any_of([*said.values(), *_any_value(place, coding)]),
        {key: text for key, (_, text) in texts.items()},
        tuple(_multiple_checks(question, said)),
        findings,
    )


def _multiple_checks(
    question: Question, marks: Mapping[str, nw.Expr]
) -> list[RowCheck]:
    """Look for exclusive answers beside others, and for too many answers."""
    checks = []
    mentions = _number_of(marks)
    alone = [marks[c.code] for c in question.categories if c.exclusive]
    if alone:
        both = any_of(alone) & (mentions > 1)
        checks.append(RowCheck(both, partial(combined_answers, question)))
    if question.max_choices is not None:
        many = mentions > question.max_choices
        checks.append(RowCheck(many, partial(too_many_answers, question)))
    return checks


def _open(question: Question, name: str, place: Location, coding: Coding) -> Part:
    """Take a number or a text as it is."""
    column = place.column
    if column is None:
        kind = nw.Float64 if question.kind == "numeric" else nw.String
        nothing = {name: nw.lit(None, dtype=kind)}
        return Part(name, nothing, None, any_of([]), any_of([]))
    shown, answered = filled(coding.columns, column), ~coding.answer(name).is_null()
    if question.kind == "text":
        return Part(name, {name: given_text(column, coding)}, None, answered, shown)
    number = number_of(column, coding)
    findings = misfits(name, number.coded, column, numbers=True)
    columns = {name: number.value}
    return Part(name, columns, None, answered, shown, {}, (), findings)


def _number_of(marks: Mapping[str, nw.Expr]) -> nw.Expr:
    """Count the marks of every record."""
    return reduce(add, [mark.cast(nw.Int32) for mark in marks.values()])


def _chain(branches: list[tuple[nw.Expr, int]]) -> nw.Expr:
    """Give the position of the first condition that holds, -1 where none does."""
    chain: nw.Expr = nw.lit(-1)
    for condition, position in reversed(branches):
        chain = nw.when(condition).then(nw.lit(position)).otherwise(chain)
    return chain


def _any_value(place: Location, coding: Coding) -> list[nw.Expr]:
    """Say which records hold anything in the columns of a question."""
    names = [*place.options.values(), *place.mentions, *filter(None, [place.column])]
    return [coding.there(name) for name in names]

"""Answers to one question, coded as the export holds them; routing comes later."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.importers.labels import comparable
from survey.importers.raw import MissingRange, RawTable, is_user_missing
from survey.questionnaire.model import Category, Question
from survey.responses.joined_answers import take_apart, typed_in_cell
from survey.responses.locate import ColumnIndex, Location, locate, locate_items
from survey.responses.misfits import (
    categories_not_in_file,
    exclusive_combined,
    misfits,
    over_cap,
    several_answers,
    strange_cells,
)
from survey.responses.ranked_answers import is_ranked, rank_answers
from survey.responses.values import (
    BoolArray,
    Coded,
    as_text,
    chosen,
    match,
    numbers,
    yes_no,
)
from survey.said import said


@dataclass(frozen=True, slots=True)
class Answers:
    """Answers to one question (or grid item) before routing is applied.

    `answered` is who gave a valid answer, `shown` whom the export shows to have
    seen the question (an answer, or a mark for options not chosen).
    """

    columns: Mapping[str, pd.Series]
    answered: BoolArray
    shown: BoolArray
    findings: tuple[Finding, ...] = ()


def answers_to(
    question: Question, raw: RawTable, index: ColumnIndex
) -> dict[str, Answers]:
    """Code a question: one entry, or one per item of a grid."""
    if is_ranked(question):
        return _ranked(question, raw, index) | _typed_beside(question, raw, index)
    if question.kind == "grid":
        found = {
            f"{question.id}_{item.code}": _single(
                question, f"{question.id}_{item.code}", place, raw
            )
            for item, place in locate_items(question, index)
        }
        return found | _typed_beside(question, raw, index)
    place = locate(question, index)
    reader = {"single": _single, "multiple": _multiple}.get(question.kind, _open)
    found = {question.id: reader(question, question.id, place, raw)}
    return found | _typed_beside(question, raw, index)


def _ranked(
    question: Question, raw: RawTable, index: ColumnIndex
) -> dict[str, Answers]:
    """Code a ranking whose cells name its items; findings stand at the first."""
    names = {item.code: f"{question.id}_{item.code}" for item in question.items}
    ranks = rank_answers(question, raw, index)
    if ranks is None:
        return {name: _absent(question, name, raw) for name in names.values()}
    codes = [category.code for category in question.categories]
    found = {}
    findings = ranks.findings
    for item, name in names.items():
        position = ranks.positions[item]
        column = _categorical(position, codes, raw.frame.index)
        found[name] = Answers({name: column}, position >= 0, ranks.shown, findings)
        findings = ()
    return found


def _typed_beside(
    question: Question, raw: RawTable, index: ColumnIndex
) -> dict[str, Answers]:
    """Take the text typed beside a question as a whole."""
    column = index.by_name.get(comparable(question.specify or ""))
    if column is None:
        return {}
    name = f"{question.id}_other_text"
    texts = as_text(raw.frame[column])
    given = texts.notna().to_numpy()
    typed = texts.astype("str").where(given)
    return {name: Answers({name: typed}, given, given)}


def _single(question: Question, name: str, place: Location, raw: RawTable) -> Answers:
    """Code exclusive answers."""
    if not place.found:
        return _absent(question, name, raw)
    texts = _texts(name, place, raw)
    if place.options:
        coded, findings = _spread(question, name, place, raw)
    elif place.column is None:
        coded, findings = Coded(np.full(len(raw.frame), -1), {}, {}), ()
    else:
        cells = as_text(raw.frame[place.column])
        coded = _matched(question.categories, place.column, raw, cells)
        coded, typed = typed_in_cell(question, name, cells, coded)
        texts |= typed
        findings = misfits(name, coded, place.column)
    position = _with_texts(coded.position, question, texts, name)
    codes = [category.code for category in question.categories]
    column = _categorical(position, codes, raw.frame.index)
    valid = np.array(
        [not category.missing for category in question.categories] + [False]
    )
    shown = (position >= 0) | _any_value(place, raw)
    return Answers({name: column, **texts}, valid[position], shown, findings)


def _multiple(question: Question, name: str, place: Location, raw: RawTable) -> Answers:
    """Code a multiple response question as one bool column per category."""
    if not place.found:
        return _absent(question, name, raw)
    texts = _texts(name, place, raw)
    if place.column is not None:
        apart = take_apart(question, name, place.column, raw)
        marks, findings = dict(apart.marks), apart.findings
        texts |= apart.texts
    else:
        marks, findings = _marks(question, name, place, raw)
    for key, text in texts.items():
        code = key.removeprefix(f"{name}_").removesuffix("_text")
        marks[code] = marks[code] | text.notna().to_numpy()
    columns = {
        f"{name}_{code}": pd.Series(mark, index=raw.frame.index)
        for code, mark in marks.items()
    }
    valid = [marks[c.code] for c in question.categories if not c.missing]
    answered = np.logical_or.reduce(valid) if valid else np.zeros(len(raw.frame), bool)
    shown = np.logical_or.reduce([*marks.values(), _any_value(place, raw)])
    extra = (
        *findings,
        *exclusive_combined(question, marks),
        *over_cap(question, marks),
    )
    return Answers({**columns, **texts}, answered, shown, extra)


def _open(question: Question, name: str, place: Location, raw: RawTable) -> Answers:
    """Take a number or a text as it is."""
    if place.column is None:
        return _absent(question, name, raw)
    texts = as_text(raw.frame[place.column])
    missing = raw.missing.get(place.column, ())
    if question.kind == "text":
        lost = [
            t for t in texts.unique() if missing and is_user_missing(str(t), missing)
        ]
        given = (texts.notna() & ~texts.isin(lost)).to_numpy()
        words = texts.astype("str").where(given)
        return Answers({name: words}, given, texts.notna().to_numpy())
    coded, number = _numeric(texts, missing)
    findings = misfits(name, coded, place.column, numbers=True)
    column = pd.Series(number, index=texts.index)
    return Answers(
        {name: column}, ~np.isnan(number), texts.notna().to_numpy(), findings
    )


def _numeric(
    texts: pd.Series, missing: Sequence[MissingRange]
) -> tuple[Coded, NDArray[np.float64]]:
    """Read numbers, and count what is none and what is user-missing."""
    read = numbers(texts)
    counts = texts.value_counts()
    lost = {
        str(v): int(n) for v, n in counts.items() if is_user_missing(str(v), missing)
    }
    read = np.where(texts.isin(lost).to_numpy(), np.nan, read)
    no_number = texts[texts.notna().to_numpy() & np.isnan(read)]
    bad = no_number[~no_number.isin(lost)].value_counts()
    unknown = {str(text): int(n) for text, n in bad.items()}
    return Coded(np.full(len(texts), -1, dtype=np.intp), unknown, lost), read


def _categorical(
    position: NDArray[np.intp], codes: Sequence[str], index: pd.Index
) -> pd.Series:
    """Give positions as a categorical column of codes."""
    categories = pd.Index(list(codes), dtype="str")
    coded = pd.Categorical.from_codes(position, categories=categories)
    return pd.Series(coded, index=index)


def _matched(
    categories: Sequence[Category], column: str, raw: RawTable, texts: pd.Series
) -> Coded:
    """Match one column of the export, given as texts, with categories."""
    labels = raw.labels[column].values
    return match(texts, categories, labels, raw.missing.get(column, ()))


def _spread(
    question: Question, name: str, place: Location, raw: RawTable
) -> tuple[Coded, tuple[Finding, ...]]:
    """Put together a single answer that the platform spread over columns."""
    codes = [category.code for category in question.categories]
    cells = option_cells(place, raw)
    marks = np.column_stack(chosen(cells, place.counted_value))
    at = np.array([codes.index(code) for code in place.options])
    position = np.where(marks.any(axis=1), at[marks.argmax(axis=1)], -1)
    several = np.flatnonzero(marks.sum(axis=1) > 1)
    if not len(several):
        return Coded(position, {}, {}), ()
    return Coded(position, {}, {}), (several_answers(name, several),)


def _marks(
    question: Question, name: str, place: Location, raw: RawTable
) -> tuple[dict[str, BoolArray], tuple[Finding, ...]]:
    """Say for every category who chose it."""
    none = np.zeros(len(raw.frame), dtype=bool)
    marks = {category.code: none for category in question.categories}
    if place.options:
        cells = option_cells(place, raw)
        marks |= zip(place.options, chosen(cells, place.counted_value), strict=True)
        present = {*place.options, *place.texts}
        absent = categories_not_in_file(question, present, raw.source.name)
        return marks, (*strange_cells(name, place, cells), *absent)
    findings: tuple[Finding, ...] = ()
    for column in place.mentions:
        texts = as_text(raw.frame[column])
        coded = _matched(question.categories, column, raw, texts)
        findings += misfits(name, coded, column)
        for i, code in enumerate(marks):
            marks[code] = marks[code] | (coded.position == i)
    return marks, findings


def option_cells(place: Location, raw: RawTable) -> list[pd.Series]:
    """Give option columns as texts, without what the file declares as missing.

    Where nothing says what a chosen cell holds, value labels such as "Yes" and "No"
    stand for the values that have them.
    """
    cells = []
    for name in place.options.values():
        texts = as_text(raw.frame[name])
        told = {} if place.counted_value else yes_no(raw.labels[name].values)
        ranges = raw.missing.get(name, ())
        values = map(str, texts.dropna().unique())
        lost = {v: is_user_missing(v, ranges) for v in values}
        changes = {
            v: None if lost[v] else told[v] for v in lost if lost[v] or v in told
        }
        if changes:
            texts = texts.map(lambda v, c=changes: c.get(v, v), na_action="ignore")
        cells.append(texts)
    return cells


def _texts(name: str, place: Location, raw: RawTable) -> dict[str, pd.Series]:
    """Take the texts typed beside categories."""
    found = {}
    for code, column in place.texts.items():
        texts = as_text(raw.frame[column])
        given = texts.notna()
        marks_only = set(texts[given]) <= {"1", "0", code}
        if not marks_only:
            found[f"{name}_{code}_text"] = texts.astype("str").where(given)
    return found


def _with_texts(
    position: NDArray[np.intp],
    question: Question,
    texts: Mapping[str, pd.Series],
    name: str,
) -> NDArray[np.intp]:
    """Count a typed text as a choice of its category where nothing else was chosen."""
    codes = [category.code for category in question.categories]
    for key, text in texts.items():
        code = key.removeprefix(f"{name}_").removesuffix("_text")
        given = text.notna().to_numpy() & (position < 0)
        position = np.where(given, codes.index(code), position)
    return position


def _any_value(place: Location, raw: RawTable) -> BoolArray:
    """Say which records hold anything in the columns of a question."""
    names = [*place.options.values(), *place.mentions, *filter(None, [place.column])]
    filled = [raw.frame[name].notna().to_numpy() for name in names]
    nothing = np.zeros(len(raw.frame), dtype=bool)
    return np.asarray(np.logical_or.reduce([nothing, *filled]), dtype=bool)


def _absent(question: Question, name: str, raw: RawTable) -> Answers:
    """Stand in for a question that the export does not hold."""
    nobody = np.zeros(len(raw.frame), dtype=bool)
    index = raw.frame.index
    columns: dict[str, pd.Series] = {}
    if question.kind == "multiple":
        for c in question.categories:
            columns[f"{name}_{c.code}"] = pd.Series(nobody, index=index)
    elif question.kind == "numeric":
        columns[name] = pd.Series(np.nan, index=index)
    elif question.kind == "text":
        columns[name] = pd.Series(None, index=index, dtype="str")
    else:
        codes = [c.code for c in question.categories]
        columns[name] = _categorical(np.full(len(index), -1), codes, index)
    found = Finding(
        "error",
        "question_not_in_file",
        name,
        said(
            "No column of {file} holds question {question!r}. Name its column in the "
            "questionnaire, or drop the question.",
            file=raw.source.name,
            question=name,
        ),
        0,
        "treated as not asked",
    )
    return Answers(columns, nobody, nobody, (found,))

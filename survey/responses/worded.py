"""Wording of questions, taken from the file that holds their answers.

A questionnaire that gives the wording keeps it. A header that is only a code, or the
label of one answer, is no wording.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import Final

from survey.importers.labels import comparable, tidy
from survey.importers.raw import RawTable
from survey.questionnaire.columns import column_of
from survey.questionnaire.drafting.groups import battery_texts
from survey.questionnaire.model import Category, Item, Question, Questionnaire
from survey.responses.locate import (
    ColumnIndex,
    Location,
    index_columns,
    locate,
    locate_items,
)

_CODE: Final = re.compile(r"[\w.:-]*(?:\[[\w.:-]*\])?")


def with_wording(questionnaire: Questionnaire, raw: RawTable) -> Questionnaire:
    """Give questions without a wording that of their columns.

    Parameters
    ----------
    questionnaire : Questionnaire
        What was asked; labels of answers stay as they are.
    raw : RawTable
        The export of its wave.

    Returns
    -------
    Questionnaire
        The same one where no question lacks its wording, or the file tells none.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> raw = RawTable(
    ...     pd.DataFrame({"q1": ["Yes", "No"]}, dtype=str),
    ...     {"q1": ColumnLabel("q1", "Do you <b>use</b> AI?")},
    ...     {}, (), Source("a.csv", "", ""),
    ... )
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "use", "kind": "text", "label": "Use", "column": "q1"}])
    >>> with_wording(asked, raw).questions[0].wording
    {'': 'Do you use AI?'}
    """
    if all(question.wording for question in questionnaire.questions):
        return questionnaire
    index = index_columns(raw)
    questions = tuple(_worded(q, raw, index) for q in questionnaire.questions)
    return questionnaire.model_copy(update={"questions": questions})


def _worded(question: Question, raw: RawTable, index: ColumnIndex) -> Question:
    """Give a question its wording, where it has none and the file tells one."""
    if question.wording:
        return question
    columns = _columns(question, index)
    text = tidy(_set_label(columns, raw) or _shared_text(columns, raw))
    if not text or not _is_question(text, question, columns):
        return question
    return question.model_copy(update={"wording": {"": text}})


def _columns(question: Question, index: ColumnIndex) -> list[str]:
    """List the columns of the answers, without texts typed beside them."""
    places = [locate(question, index)]
    if question.kind == "grid":
        places = [place for _, place in locate_items(question, index)]
    return list(dict.fromkeys(name for place in places for name in _names(place)))


def _names(place: Location) -> Iterator[str]:
    """Give the columns of a location."""
    if place.column:
        yield place.column
    yield from place.options.values()
    yield from place.mentions


def _set_label(columns: Sequence[str], raw: RawTable) -> str:
    """Give the label of the multiple response set that holds the columns."""
    held = (s.label for s in raw.sets if columns and set(columns) <= set(s.columns))
    return next(filter(None, held), "")


def _shared_text(columns: Sequence[str], raw: RawTable) -> str:
    """Give the text that all columns have, or with which the texts of all begin."""
    texts = {raw.labels[name].wording for name in columns}
    if len(texts) > 1:
        return battery_texts(column_of(raw, name) for name in columns)[0]
    return next(iter(texts), "")


def _is_question(text: str, question: Question, columns: Iterable[str]) -> bool:
    """Tell a wording from a code and from the label of an answer."""
    plain = comparable(text)
    names = {comparable(name) for name in (question.id, *columns)}
    if plain in names and _CODE.fullmatch(plain):
        return False
    digits = any(sign.isdigit() for sign in plain)
    if _CODE.fullmatch(plain) and (digits or "_" in plain):
        return False
    parts: tuple[Category | Item, ...] = (*question.categories, *question.items)
    return plain not in set(map(comparable, _answer_texts(parts)))


def _answer_texts(parts: Iterable[Category | Item]) -> Iterator[str]:
    """Give the texts that stand for answers and items."""
    for part in parts:
        yield from (part.code, *part.label.values())
        if isinstance(part, Category):
            yield from part.aliases

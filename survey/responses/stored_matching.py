"""Distinct values of stored columns matched to codes, and the matches as expressions.

Values are matched with the functions that match them in memory, so that both give the
same codes.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd

from survey.finding import Finding
from survey.importers.raw import MissingRange, is_user_missing
from survey.questionnaire.model import Question
from survey.responses.answers import option_cells
from survey.responses.locate import ColumnIndex, Location
from survey.responses.misfits import misfits, unknown_codes
from survey.responses.stored_columns import BLANKS, Columns, Values, cell, filled
from survey.responses.stored_routing import any_of
from survey.responses.values import (
    BoolArray,
    Coded,
    chosen,
    match,
    neither,
)


@dataclass(frozen=True, slots=True, eq=False)
class Coding:
    """What is known of the columns of stored data.

    Attributes
    ----------
    columns : Columns
        Names and types.
    index : ColumnIndex
        The same, to be looked up.
    values : mapping of column to Values
        Distinct values of the columns that hold codes.
    typed : set of str
        Columns of texts typed beside a category that hold more than marks.
    crowded : set of str
        Questions and items of which some record fills several option columns.
    names : dict
        Column of `Responses.frame` -> column of the engine; grows.
    """

    columns: Columns
    index: ColumnIndex
    values: Mapping[str, Values]
    typed: frozenset[str]
    crowded: frozenset[str]
    names: dict[str, str]

    def place(self, name: str) -> str:
        """Give the engine's column of an answer."""
        return self.names.setdefault(name, f"__answer_{len(self.names)}")

    def answer(self, name: str) -> nw.Expr:
        """Give an answer that has been coded."""
        answer: nw.Expr = nw.col(self.place(name))
        return answer

    def there(self, column: str) -> nw.Expr:
        """Say who has anything in a column."""
        values = self.values.get(column)
        if values is None or values.texts.isna().any():
            return filled(self.columns, column)
        # No value is blank, so that nothing must be trimmed.
        return ~nw.col(column).is_null()

    def missing(self, column: str) -> Sequence[MissingRange]:
        """Give the user-missing values of a column."""
        return self.columns.raw.missing.get(column, ())


@dataclass(frozen=True, slots=True, eq=False)
class Matched:
    """The values of one column, matched to categories.

    Attributes
    ----------
    coded : Coded
        Position of every distinct value; counts of respondents where none fits.
    keys : list
        The values as the engine has them.
    column : narwhals.Expr
        The column in the form of its keys.
    """

    coded: Coded
    keys: list[Any]
    column: nw.Expr

    def holds(self, wanted: BoolArray) -> nw.Expr:
        """Say who holds one of the wanted values; never missing."""
        keys = [key for key, hit in zip(self.keys, wanted, strict=True) if hit]
        return any_of([~self.column.is_null() & self.column.is_in(keys)] * bool(keys))


def count_texts(values: Values, wanted: Iterable[str]) -> dict[str, int]:
    """Count respondents by text, where several values are one text.

    Parameters
    ----------
    values : Values
        Distinct values of a column.
    wanted : iterable of str
        Texts to be counted.

    Returns
    -------
    dict of str to int
        The most frequent ones first.
    """
    counts = pd.Series(values.counts).groupby(values.texts.to_numpy()).sum()
    counts = counts[counts.index.isin(list(wanted))]
    ordered = counts.sort_index().sort_values(ascending=False, kind="stable")
    return {str(text): int(n) for text, n in ordered.items()}


def matched(question: Question, column: str, coding: Coding) -> Matched:
    """Match the values of a column with the categories of a question.

    Parameters
    ----------
    question : Question
        What was asked.
    column : str
        Column of the data.
    coding : Coding
        Its values.

    Returns
    -------
    Matched
        As `match` gives them in memory.
    """
    values = coding.values[column]
    labels = coding.columns.raw.labels[column].values
    coded = match(values.texts, question.categories, labels, coding.missing(column))
    unknown = count_texts(values, coded.unknown)
    missing = count_texts(values, coded.missing)
    coded = replace(coded, unknown=unknown, missing=missing)
    return Matched(coded, values.keys, cell(coding.columns, column))


def option_marks(
    name: str, place: Location, coding: Coding
) -> tuple[dict[str, nw.Expr], tuple[Finding, ...]]:
    """Say for every option column who chose it.

    Parameters
    ----------
    name : str
        Question or grid item.
    place : Location
        Option columns.
    coding : Coding
        Their values.

    Returns
    -------
    dict of code to narwhals.Expr, tuple of Finding
        Marks, and cells between yes and no that are neither.
    """
    columns = list(place.options.values())
    table = _stacked(columns, coding, crowded=name in coding.crowded)
    raw = replace(coding.columns.raw, frame=table)
    cells = option_cells(place, raw)
    hits = chosen(cells, place.counted_value)
    marks, start = {}, 0
    for code, column, hit in zip(place.options, columns, hits, strict=True):
        values = coding.values[column]
        end = start + len(values.keys)
        key = Matched(
            Coded(hit.astype(np.intp), {}, {}),
            values.keys,
            cell(coding.columns, column),
        )
        marks[code] = key.holds(hit[start:end])
        start = end
    findings: tuple[Finding, ...] = ()
    if place.counted_value is None:
        for column, texts in zip(columns, cells, strict=True):
            strange = _count_cells(texts, neither(texts), column, columns, coding)
            findings += unknown_codes(name, strange, column)
    return marks, findings


def _stacked(columns: list[str], coding: Coding, *, crowded: bool) -> pd.DataFrame:
    """Make records that fill one option column each, with every value that it has."""
    blocks = []
    for column in columns:
        raw = coding.columns.raw.frame[column]
        texts = coding.values[column].texts
        block = pd.DataFrame(index=range(len(texts)), columns=columns, dtype=object)
        block[column] = pd.to_numeric(texts) if raw.dtype == float else texts
        blocks.append(block)
    table = pd.concat(blocks, ignore_index=True)
    if crowded:
        # One more record fills all columns; `chosen` asks whether there is one.
        table.loc[len(table)] = [
            column.dropna().iloc[0] if column.notna().any() else None
            for _, column in table.items()
        ]
    return table.astype({c: coding.columns.raw.frame[c].dtype for c in columns})


def _count_cells(
    texts: pd.Series,
    strange: Mapping[str, int],
    column: str,
    columns: list[str],
    coding: Coding,
) -> dict[str, int]:
    """Count respondents instead of distinct values."""
    start = sum(len(coding.values[c].keys) for c in columns[: columns.index(column)])
    values = coding.values[column]
    own = texts.iloc[start : start + len(values.keys)].reset_index(drop=True)
    return count_texts(replace(values, texts=own), strange)


def mention_marks(
    question: Question, name: str, place: Location, coding: Coding
) -> tuple[dict[str, nw.Expr], tuple[Finding, ...]]:
    """Say for every category in which column of mentions it stands.

    Parameters
    ----------
    question : Question
        Multiple response.
    name : str
        Its id.
    place : Location
        Columns of mentions.
    coding : Coding
        Their values.

    Returns
    -------
    dict of code to narwhals.Expr, tuple of Finding
        Marks, and values that are no code.
    """
    found = [matched(question, column, coding) for column in place.mentions]
    marks = {
        category.code: any_of(each.holds(each.coded.position == i) for each in found)
        for i, category in enumerate(question.categories)
    }
    findings = [
        misfits(name, each.coded, column)
        for column, each in zip(place.mentions, found, strict=True)
    ]
    return marks, tuple(f for each in findings for f in each)


def typed_texts(
    name: str, place: Location, coding: Coding
) -> dict[str, tuple[str, nw.Expr]]:
    """Take the texts typed beside categories.

    Parameters
    ----------
    name : str
        Question or grid item.
    place : Location
        Its columns.
    coding : Coding
        Which of them hold more than marks.

    Returns
    -------
    dict of str to (str, narwhals.Expr)
        Code and text by name of the answer (``ID_CODE_text``).
    """
    return {
        f"{name}_{code}_text": (code, text_of(column, coding))
        for code, column in place.texts.items()
        if column in coding.typed
    }


def text_of(column: str, coding: Coding) -> nw.Expr:
    """Give a text without blanks around it; missing where nothing is left."""
    words: nw.Expr = cell(coding.columns, column).cast(nw.String)
    text: nw.Expr = nw.when(filled(coding.columns, column)).then(
        words.str.strip_chars(BLANKS)
    )
    return text


def given_text(column: str, coding: Coding) -> nw.Expr:
    """Give the answer to an open question, without what is user-missing."""
    missing, text = coding.missing(column), text_of(column, coding)
    if not missing:
        return text
    values = coding.values[column]
    lost = np.array(
        [t is not None and is_user_missing(str(t), missing) for t in values.texts],
        dtype=bool,
    )
    found = Matched(
        Coded(np.flatnonzero(lost), {}, {}), values.keys, cell(coding.columns, column)
    )
    given: nw.Expr = nw.when(~found.holds(lost)).then(text)
    return given

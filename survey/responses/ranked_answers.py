"""Rankings that say what was put at a rank: all in one cell, or a column per rank.

Both are turned round: every item gets the rank that a record gave it.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.importers.labels import comparable
from survey.importers.raw import RawTable
from survey.questionnaire.model import Category, Question
from survey.responses.joined_answers import pieces_of
from survey.responses.locate import ColumnIndex
from survey.responses.misfits import about_records, misfits
from survey.responses.values import BoolArray, as_text, match
from survey.said import counted


@dataclass(frozen=True, slots=True)
class Ranks:
    """Ranks that records gave.

    Attributes
    ----------
    positions : mapping of item to int array (n,)
        Position of the rank among the categories; -1 where there is none.
    shown : bool array (n,)
        Who ranked anything.
    findings : tuple of Finding
        What is no item, and items that a record ranked twice.
    """

    positions: Mapping[str, NDArray[np.intp]]
    shown: BoolArray
    findings: tuple[Finding, ...]


@dataclass(frozen=True, slots=True)
class _Given:
    """What records put at which rank: record, rank from 0, position of the item."""

    record: NDArray[np.intp]
    rank: NDArray[np.intp]
    item: NDArray[np.intp]


def is_ranked(question: Question) -> bool:
    """Tell a grid whose cells name its items.

    Parameters
    ----------
    question : Question
        What was asked.

    Returns
    -------
    bool
        True where the grid has a column as a whole, or its items share columns.

    Examples
    --------
    >>> columns = {"1": "q[1]", "2": "q[2]"}
    >>> asked = Question(id="q", kind="grid", label="Q", items=[
    ...     {"code": "a", "label": "Cost", "columns": columns},
    ...     {"code": "b", "label": "Law", "columns": columns}])
    >>> is_ranked(asked)
    True
    """
    if question.kind != "grid" or not question.items:
        return False
    shared = question.items[0].columns
    several = len(question.items) > 1
    return bool(question.column) or (
        several and bool(shared) and all(i.columns == shared for i in question.items)
    )


def rank_answers(question: Question, raw: RawTable, index: ColumnIndex) -> Ranks | None:
    """Code a ranking.

    Parameters
    ----------
    question : Question
        A grid for which `is_ranked` holds; its categories are the ranks in order.
    raw : RawTable
        The export.
    index : ColumnIndex
        Its columns.

    Returns
    -------
    Ranks or None
        None where the export does not hold it. An item that was not ranked has no
        answer, although the question was shown.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> from survey.responses.locate import index_columns
    >>> raw = RawTable(pd.DataFrame({"q": ["Law;Cost;", None]}, dtype=str),
    ...     {"q": ColumnLabel("q")}, {}, (), Source("a.csv", "", ""))
    >>> asked = Question(id="q", kind="grid", label="Q", column="q", delimiter=";",
    ...     categories=[{"code": 1, "label": "1st"}, {"code": 2, "label": "2nd"}],
    ...     items=[{"code": "a", "label": "Cost"}, {"code": "b", "label": "Law"}])
    >>> found = rank_answers(asked, raw, index_columns(raw))
    >>> {item: ranks.tolist() for item, ranks in found.positions.items()}
    {'a': [1, -1], 'b': [0, -1]}
    """
    parts = list(_parts(question, raw, index))
    if not parts:
        return None
    records = len(raw.frame)
    items = [Category(code=i.code, label=i.label) for i in question.items]
    given: list[_Given] = []
    findings: list[Finding] = []
    shown = np.zeros(records, dtype=bool)
    for column, rank, texts in parts:
        labels, missing = raw.labels[column].values, raw.missing.get(column, ())
        coded = match(texts, items, labels, missing)
        findings += misfits(question.id, coded, column)
        shown[texts.index.to_numpy()] = True
        given.append(_Given(texts.index.to_numpy(), rank, coded.position))
    whole = _joined(given)
    ranks = len(question.categories)
    first, twice = _first_ranks(whole, len(items), ranks, records)
    codes = [item.code for item in question.items]
    beyond = whole.record[(whole.rank >= ranks) & (whole.item >= 0)]
    findings += [*_beyond(question.id, beyond, ranks), *_twice(question.id, twice)]
    return Ranks(dict(zip(codes, first, strict=True)), shown, tuple(findings))


def _parts(
    question: Question, raw: RawTable, index: ColumnIndex
) -> Iterator[tuple[str, NDArray[np.intp], pd.Series]]:
    """Give column, rank and text of all that was ranked, by position of the record."""
    if question.column:
        column = index.by_name.get(comparable(question.column))
        if column is not None:
            texts = pieces_of(question, column, raw)
            rank = np.asarray(texts.groupby(level=0).cumcount(), dtype=np.intp)
            yield column, rank, texts
        return
    codes = [category.code for category in question.categories]
    for code, name in question.items[0].columns.items():
        column = index.by_name.get(comparable(name))
        if column is not None and code in codes:
            texts = as_text(raw.frame[column]).reset_index(drop=True).dropna()
            yield column, np.full(len(texts), codes.index(code)), texts


def _joined(given: list[_Given]) -> _Given:
    """Put all columns together, the first ranks first."""
    rank = np.concatenate([part.rank for part in given])
    order = np.argsort(rank, kind="stable")
    return _Given(
        np.concatenate([part.record for part in given])[order],
        rank[order],
        np.concatenate([part.item for part in given])[order],
    )


def _first_ranks(
    given: _Given, items: int, ranks: int, records: int
) -> tuple[NDArray[np.intp], BoolArray]:
    """Give the highest rank of every item and record, and who ranked one twice."""
    found = np.full((items, records), -1, dtype=np.intp)
    twice = np.zeros(records, dtype=bool)
    for at in range(ranks):
        here = (given.rank == at) & (given.item >= 0)
        item, record = given.item[here], given.record[here]
        again = found[item, record] >= 0
        twice[record[again]] = True
        found[item[~again], record[~again]] = at
    return found, twice


def _beyond(
    question: str, records: NDArray[np.intp], ranks: int
) -> tuple[Finding, ...]:
    """Report records that gave more ranks than the questionnaire knows."""
    rows = np.unique(records)
    if not len(rows):
        return ()
    message = counted(
        len(rows),
        "{count} record gives more than the {ranks} ranks of the questionnaire.",
        "{count} records give more than the {ranks} ranks of the questionnaire.",
        ranks=ranks,
    )
    return (about_records("beyond_ranks", question, message, rows),)


def _twice(question: str, records: BoolArray) -> tuple[Finding, ...]:
    """Report records that gave one item several ranks."""
    rows = np.flatnonzero(records)
    if not len(rows):
        return ()
    message = counted(
        len(rows),
        "{count} record ranks the same item twice.",
        "{count} records rank the same item twice.",
    )
    found = about_records("several_answers", question, message, rows)
    return (replace(found, action="the first one counts"),)

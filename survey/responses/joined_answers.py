"""Answers that stand in one cell: several options, and words typed instead of one.

A category whose `specify` is the column of the question itself takes what matches no
other category: platforms put a typed "other" where the chosen answers stand.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.importers.joined import Splitter
from survey.importers.labels import comparable
from survey.importers.raw import RawTable
from survey.questionnaire.model import Category, Item, Question
from survey.responses.misfits import about_records, misfits
from survey.responses.values import BoolArray, Coded, as_text, match
from survey.said import counted


@dataclass(frozen=True, slots=True)
class TakenApart:
    """Joined cells as one mark per category.

    Attributes
    ----------
    marks : mapping of code to bool array (n,)
        Who chose a category.
    texts : mapping of column name to Series
        What was typed in place of an option.
    findings : tuple of Finding
        Pieces that match nothing, and cells that several options explain.
    """

    marks: Mapping[str, BoolArray]
    texts: Mapping[str, pd.Series]
    findings: tuple[Finding, ...]


def typed_code(question: Question) -> str | None:
    """Give the category for words typed where the answers stand.

    Parameters
    ----------
    question : Question
        Single or multiple response.

    Returns
    -------
    str or None
        None where there is no such category.

    Examples
    --------
    >>> asked = Question(id="q", kind="multiple", label="Q", column="q", categories=[
    ...     {"code": 1, "label": "Cost"},
    ...     {"code": 2, "label": "Other", "specify": "q"}])
    >>> typed_code(asked)
    '2'
    """
    column = comparable(question.column or "")
    for category in question.categories:
        if column and comparable(category.specify or "") == column:
            return category.code
    return None


def typed_in_cell(
    question: Question, name: str, texts: pd.Series, coded: Coded
) -> tuple[Coded, dict[str, pd.Series]]:
    """Take answers that match no category as words typed for "other".

    Parameters
    ----------
    question : Question
        Single response.
    name : str
        Name of its column of answers.
    texts : Series of str or None
        Cells, as `as_text` gives them.
    coded : Coded
        What they match.

    Returns
    -------
    (Coded, dict of name to Series)
        Nothing unknown is left, and the words under ``NAME_CODE_text``; both as they
        were where the question has no such category.
    """
    code = typed_code(question)
    if code is None:
        return coded, {}
    words = texts.isin(coded.unknown)
    typed = {f"{name}_{code}_text": texts.astype("str").where(words)}
    return replace(coded, unknown={}), typed


def take_apart(question: Question, name: str, column: str, raw: RawTable) -> TakenApart:
    """Take apart several answers that stand in one cell.

    Parameters
    ----------
    question : Question
        Multiple response; its categories say where a cell is cut.
    name : str
        Name of its columns of answers.
    column : str
        Column of the export.
    raw : RawTable
        The export.

    Returns
    -------
    TakenApart
        One mark per category and record.
    """
    texts = as_text(raw.frame[column]).reset_index(drop=True)
    labels = raw.labels[column].values
    splitter = Splitter.of(question.delimiter or ";", _options(question, labels))
    parts, ambiguous = _parts(texts, splitter)
    coded = match(parts, question.categories, labels, ())
    rows = parts.index.to_numpy()
    marks = {}
    for i, category in enumerate(question.categories):
        marks[category.code] = np.zeros(len(texts), dtype=bool)
        marks[category.code][rows[coded.position == i]] = True
    typed: dict[str, pd.Series] = {}
    code = typed_code(question)
    if code is not None:
        words = parts[parts.isin(coded.unknown).to_numpy()].groupby(level=0)
        cells = words.agg("; ".join).reindex(texts.index).astype("str")
        typed = {f"{name}_{code}_text": cells.set_axis(raw.frame.index)}
        coded = replace(coded, unknown={})
    found = (*misfits(name, coded, column), *_ambiguous(name, ambiguous))
    return TakenApart(marks, typed, found)


def pieces_of(question: Question, column: str, raw: RawTable) -> pd.Series:
    """Take the cells of a ranking apart.

    Parameters
    ----------
    question : Question
        A grid in one column; its items say where a cell is cut.
    column : str
        Column of the export.
    raw : RawTable
        The export.

    Returns
    -------
    Series of str
        What was ranked, in the order of the cell, by position of the record.
    """
    texts = as_text(raw.frame[column]).reset_index(drop=True)
    labels = raw.labels[column].values
    splitter = Splitter.of(question.delimiter or ";", _options(question, labels))
    parts, _ = _parts(texts, splitter)
    return parts.dropna()


def _options(question: Question, labels: Mapping[str, str]) -> set[str]:
    """Give everything that stands for an answer: codes, aliases and labels."""
    answers = question.items if question.kind == "grid" else question.categories
    known = {text for answer in answers for text in _names(answer)}
    return known | set(labels) | set(labels.values())


def _names(answer: Category | Item) -> tuple[str, ...]:
    """Give what stands for one answer."""
    aliases = answer.aliases if isinstance(answer, Category) else ()
    return (answer.code, *aliases, *answer.label.values())


def _parts(texts: pd.Series, splitter: Splitter) -> tuple[pd.Series, BoolArray]:
    """Give the pieces of all cells, each with the position of its record.

    Cells are cut blindly where no option holds the delimiter, which is quick.
    """
    index, values = pd.factorize(texts)
    if splitter.longest == 1 and not splitter.keeps_phrases:
        cells = [
            [piece.strip() or None for piece in str(value).split(splitter.mark)]
            for value in values
        ]
        return _exploded(cells, index, texts.index), np.zeros(len(texts), dtype=bool)
    apart = [splitter.parts(str(value)) for value in values]
    cells = [[*part.known, *part.typed] or [None] for part in apart]
    unsure = np.array([part.ambiguous for part in apart] + [False])
    return _exploded(cells, index, texts.index), unsure[index]


def _exploded(
    cells: Sequence[Sequence[str | None]], index: NDArray[np.intp], records: pd.Index
) -> pd.Series:
    """Give the pieces of distinct cells to the records that hold them."""
    listed = pd.Series([*map(list, cells), [None]], dtype=object).iloc[index]
    return listed.set_axis(records, axis=0).explode()


def _ambiguous(name: str, cells: BoolArray) -> tuple[Finding, ...]:
    """Report cells that the options explain in more than one way."""
    rows = np.flatnonzero(cells)
    if not len(rows):
        return ()
    message = counted(
        len(rows),
        "{count} record holds joined answers that can be taken apart in more than one "
        "way, because an option holds the delimiter and its pieces are options, too.",
        "{count} records hold joined answers that can be taken apart in more than one "
        "way, because an option holds the delimiter and its pieces are options, too.",
    )
    found = about_records("joined_ambiguous", name, message, rows)
    return (replace(found, action="the longest options count"),)

"""What must be known of stored data before they can be coded.

Distinct values first, then one query for everything else.
"""

import narwhals as nw
import numpy as np
import pandas as pd

from survey.importers.labels import comparable
from survey.importers.raw import is_user_missing
from survey.importers.stored_queries import collected
from survey.importers.system import squeezed
from survey.questionnaire.model import Question, Questionnaire
from survey.responses.locate import ColumnIndex, Location, locate, locate_items
from survey.responses.paradata import SUBMITTED, status_masks
from survey.responses.stored_columns import Columns, cell, distinct_values, filled
from survey.responses.stored_matching import Coding, Matched, text_of
from survey.responses.values import Coded

Located = list[tuple[str, Location]]


def probe(columns: Columns, index: ColumnIndex, questionnaire: Questionnaire) -> Coding:
    """Ask the data what their columns hold.

    Parameters
    ----------
    columns : Columns
        Names and types.
    index : ColumnIndex
        The same, to be looked up.
    questionnaire : Questionnaire
        What was asked.

    Returns
    -------
    Coding
        All that the coding of single questions needs.
    """
    located = {q.id: located_parts(q, index) for q in questionnaire.questions}
    wanted = [
        name
        for question in questionnaire.questions
        for _, place in located[question.id]
        for name in _coded_columns(question, place, columns)
    ]
    status = index.by_name.get(comparable(questionnaire.paradata.status or ""))
    values = distinct_values(columns, [*wanted, *filter(None, [status])])
    coding = Coding(columns, index, values, frozenset(), frozenset(), {})
    return _looked_at(coding, [each for parts in located.values() for each in parts])


def located_parts(question: Question, index: ColumnIndex) -> Located:
    """Give the columns of a question, or of every item of a grid, by name."""
    if question.kind != "grid":
        return [(question.id, locate(question, index))]
    items = locate_items(question, index)
    return [(f"{question.id}_{item.code}", place) for item, place in items]


def _coded_columns(question: Question, place: Location, columns: Columns) -> list[str]:
    """List the columns whose values must be known."""
    names = [*place.options.values(), *place.mentions, *filter(None, [place.column])]
    if question.kind != "text":
        return names
    return [name for name in names if columns.raw.missing.get(name)]


def _looked_at(coding: Coding, located: Located) -> Coding:
    """Find texts that are more than marks, and option columns filled side by side."""
    asked: dict[str, nw.Expr] = {}
    for name, place in located:
        for code, column in place.texts.items():
            text = text_of(column, coding)
            asked[f"text {column}"] = ~text.is_null() & ~text.is_in(["1", "0", code])
        if place.options and place.counted_value is None:
            there = [_there(c, coding).cast(nw.Int32) for c in place.options.values()]
            asked[f"many {name}"] = nw.sum_horizontal(*there) > 1
    if not asked:
        return coding
    data = coding.columns.data
    numbered = {
        f"c{i}": expr.cast(nw.Int32).sum() for i, expr in enumerate(asked.values())
    }
    row = collected(data.frame.select(**numbered), data.name, data.engine).iloc[0]
    hits = {key for key, n in zip(asked, row, strict=True) if n and n > 0}
    typed, crowded = (
        frozenset(key.removeprefix(what) for key in hits if key.startswith(what))
        for what in ("text ", "many ")
    )
    return Coding(coding.columns, coding.index, coding.values, typed, crowded, {})


def _there(column: str, coding: Coding) -> nw.Expr:
    """Say who has an answer in an option column that is not user-missing."""
    missing, values = coding.missing(column), coding.values[column]
    there = filled(coding.columns, column)
    if not missing:
        return there
    lost = np.array(
        [t is not None and is_user_missing(t, missing) for t in values.texts], bool
    )
    none = Coded(np.array([], dtype=np.intp), {}, {})
    found = Matched(none, values.keys, cell(coding.columns, column))
    return there & ~found.holds(lost)


def completed(coding: Coding, questionnaire: Questionnaire) -> nw.Expr | None:
    """Say who completed the interview.

    Parameters
    ----------
    coding : Coding
        Values of the status.
    questionnaire : Questionnaire
        Which of them mean complete.

    Returns
    -------
    narwhals.Expr or None
        None where the data do not tell, as in `status_masks`.
    """
    columns, said = coding.columns, questionnaire.paradata
    status = coding.index.by_name.get(comparable(said.status or ""))
    if status is not None and questionnaire.complete:
        values = coding.values[status]
        described = pd.DataFrame({"status": values.texts})
        complete = status_masks(described, questionnaire).complete
        assert complete is not None, "there is a status"
        none = Coded(np.array([], dtype=np.intp), {}, {})
        return Matched(none, values.keys, cell(columns, status)).holds(complete)
    finished = coding.index.by_name.get(comparable(said.finished or ""))
    if finished is None or squeezed(said.finished or "") not in SUBMITTED:
        return None
    given = filled(columns, finished)
    return given if _some_but_not_all(given, columns) else None


def _some_but_not_all(condition: nw.Expr, columns: Columns) -> bool:
    """Say whether a condition holds for some respondents only."""
    data = columns.data
    query = data.frame.select(n=nw.len(), hit=condition.cast(nw.Int64).sum())
    row = collected(query, data.name, data.engine).iloc[0]
    return bool(0 < row["hit"] < row["n"])

"""Queries of stored data: one for each banner question gives all sums by its groups.

Sums are conditional aggregates of one grouping, so that the data are read once. DuckDB
reads columns so cheaply that a grouping by every question is several times as fast.
"""

from collections.abc import Sequence
from dataclasses import replace

from survey.estimation.stored_asked import Asked, Coded, Groups, columns_read
from survey.estimation.stored_read import read_sums
from survey.estimation.stored_ready import (
    check_weights,
    everyone,
    groups_of,
    in_order,
    ready,
)
from survey.estimation.stored_sums import StoredSums
from survey.estimation.stored_terms import question_sums
from survey.estimation.stored_values import count_values
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected

_BY_VALUE = ("duckdb",)


def count_groups(
    data: StoredData,
    keys: Sequence[str],
    weight: str | None,
    questions: Sequence[Asked],
) -> Groups:
    """Count questions by groups.

    Parameters
    ----------
    data : StoredData
        All respondents.
    keys : sequence of str
        Columns of the design and of the banner question.
    weight : str or None
        Column of weights; None is 1 for everyone.
    questions : sequence of Coded, Marked or Number
        What is counted.

    Returns
    -------
    Groups
        Groups that occur. One query; in DuckDB a second one for `Marked` and `Number`
        beside `Coded`.

    Raises
    ------
    DesignError
        Weights are negative, missing, infinite or all 0, or there are no respondents.
    QuestionError
        A column of numbers holds an infinite one.
    """
    keys = list(dict.fromkeys(keys))
    coded = [each for each in questions if isinstance(each, Coded)]
    if data.engine not in _BY_VALUE or not coded:
        return _at_once(data, keys, weight, questions)
    found = count_values(data, keys, weight, coded)
    others = [each for each in questions if not isinstance(each, Coded)]
    if not others:
        return found
    sums = _at_once(data, keys, weight, others).sums
    terms = {**found.sums.terms, **sums.terms}
    return replace(found, sums=StoredSums(terms, sums.numbers))


def _at_once(
    data: StoredData, keys: list[str], weight: str | None, questions: Sequence[Asked]
) -> Groups:
    """Count questions by groups, as conditional sums."""
    place = {name: f"c{i}" for i, name in enumerate(columns_read(keys, questions))}
    weighted = weight is not None
    wanted = [question_sums(each, place, weighted=weighted) for each in questions]
    flat = [one for sums in wanted for one in sums]
    names = [f"a{i}" for i in range(len(flat))]
    named = [one.alias(name) for one, name in zip(flat, names, strict=True)]
    by = {key: place[key] for key in keys}
    grouped = ready(data, place, weight).group_by(*(by.values() or ["k"]))
    query = grouped.agg(*everyone(weighted=weighted), *named)
    found = in_order(collected(query, data.name, data.engine), by, data)
    check_weights(found)
    frame = found[list(by.values())].set_axis(keys, axis=1)
    table = found[names].to_numpy(dtype=float)
    widths = [len(each) for each in wanted]
    sums = read_sums(questions, widths, table, frame, weight)
    return groups_of(found, frame, sums)

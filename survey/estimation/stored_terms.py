"""Sums of stored questions as conditional aggregates of one grouping."""

from collections.abc import Iterator, Sequence
from functools import reduce
from operator import and_, or_
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.stored_asked import Asked, Coded, Marked, Number
from survey.importers.stored_session import import_narwhals

if TYPE_CHECKING:
    from narwhals import Expr

Floats = NDArray[np.float64]


def question_sums(
    question: Asked, place: dict[str, str], *, weighted: bool
) -> list["Expr"]:
    """Give the sums of one question, in the order in which they are read.

    Parameters
    ----------
    question : Coded, Marked or Number
        What is counted.
    place : dict
        Names that the columns have in the query.
    weighted : bool
        Whether weights differ from 1.

    Returns
    -------
    list of narwhals.Expr
        For `read_sums`.
    """
    if isinstance(question, Number):
        return list(_number_sums(question, place))
    inside = list(_terms(question, place))
    found = [
        _sum(one, name) for one in inside for name in summed_columns(weighted=weighted)
    ]
    if isinstance(question, Marked):
        name = "w2" if weighted else "w"
        found += [
            _sum(one & other, name)
            for i, one in enumerate(inside)
            for other in inside[i:]
        ]
    return found


def summed_columns(*, weighted: bool) -> tuple[str, ...]:
    """Name the columns that are added up; without weights they are the same."""
    return ("one", "w", "w2") if weighted else ("w",)


def _sum(inside: "Expr", name: str) -> "Expr":
    """Add up a column where a condition holds."""
    nw = import_narwhals()
    found: Expr = nw.when(inside).then(nw.col(name)).otherwise(nw.lit(0.0)).sum()
    return found


def _terms(question: Coded | Marked, place: dict[str, str]) -> Iterator["Expr"]:
    """Give the condition of every term."""
    nw = import_narwhals()
    if isinstance(question, Coded):
        column = nw.col(place[question.column])
        for value in question.values:
            yield column == value
        return
    columns = {name: nw.col(place[name]) for name in question.columns}
    yes = {name: _chosen(column) for name, column in columns.items()}
    given = {name: ~column.is_null() for name, column in columns.items()}
    base = list((yes if question.named else given).values())
    yield _any(base)
    for row in question.rows:
        yield _any([yes[name] for name in row])


def _chosen(column: "Expr") -> "Expr":
    """Say who chose an option; a blank is no."""
    nw = import_narwhals()
    return (column.cast(nw.Float64) == 1.0).fill_null(value=False)


def _any(conditions: Sequence["Expr"]) -> "Expr":
    """Say where one of several conditions holds."""
    return reduce(or_, conditions)


def _number_sums(question: Number, place: dict[str, str]) -> Iterator["Expr"]:
    """Give the sums of numbers, and last how many are infinite."""
    nw = import_narwhals()
    value = nw.col(place[question.column]).cast(nw.Float64)
    inside = ~value.is_null()
    finite = value.is_finite()
    if question.other:
        other = nw.col(place[question.other]).cast(nw.Float64)
        inside = inside & ~other.is_null()
        finite = finite & other.is_finite()
        value = value - by_pattern(question.patterns, question.slope, place) * other
    value = value - by_pattern(question.patterns, question.centre, place)
    w, w2 = nw.col("w"), nw.col("w2")
    nothing = nw.lit(0.0)
    count = nw.when(inside & (w > 0)).then(nw.lit(1.0)).otherwise(nothing)
    yield count.sum()
    for each in (w, w2, w * value, w * value * value, w2 * value, w2 * value * value):
        yield nw.when(inside & (w > 0)).then(each).otherwise(nothing).sum()
    infinite = inside & ~finite
    yield nw.when(infinite).then(nw.lit(1.0)).otherwise(nothing).sum()


def by_pattern(patterns: pd.DataFrame, values: Floats, place: dict[str, str]) -> "Expr":
    """Give a number that depends on the pattern of a banner question.

    Parameters
    ----------
    patterns : DataFrame (P, columns)
        Values of its columns, at least one row.
    values : float array (P,)
        Number of every pattern.
    place : dict
        Names that the columns have in the query.

    Returns
    -------
    narwhals.Expr
        The number.
    """
    nw = import_narwhals()
    found: Expr = nw.lit(float(values[0]))
    columns = [nw.col(place[str(name)]) for name in patterns.columns]
    rows = list(patterns.itertuples(index=False, name=None))
    for row, value in zip(rows[1:], values[1:], strict=True):
        inside = map(_is, columns, row)
        every = reduce(and_, inside)
        found = nw.when(every).then(nw.lit(float(value))).otherwise(found)
    return found


def _is(column: "Expr", value: Any) -> "Expr":
    """Compare a column with a value that may be missing."""
    if pd.isna(value):
        return column.is_null()
    same: Expr = (column == as_plain(value)).fill_null(value=False)
    return same


def as_plain(value: Any) -> Any:
    """Take a value of numpy as one of Python."""
    return value.item() if isinstance(value, np.generic) else value

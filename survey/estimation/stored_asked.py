"""What a query of stored data is asked for, and what comes back."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError, QuestionError, some
from survey.estimation.stored_sums import StoredSums
from survey.importers.stored import StoredData
from survey.importers.stored_session import import_narwhals

if TYPE_CHECKING:
    from narwhals import Expr

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Coded:
    """A column whose T values are the terms."""

    name: str
    column: str
    values: tuple[Any, ...]


@dataclass(frozen=True, slots=True)
class Marked:
    """Columns of 0 and 1 that are one question; each row counts any of its columns."""

    name: str
    columns: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    named: bool


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column of numbers, less a centre and a multiple of another column.

    Attributes
    ----------
    name, column, other : str
        Question, column, and the other column; empty where there is none.
    patterns : DataFrame (P, columns)
        Values of the columns of the banner question.
    centre, slope : float arrays (P,)
        What is taken off in every pattern.
    """

    name: str
    column: str
    other: str
    patterns: pd.DataFrame
    centre: Floats
    slope: Floats


Asked = Coded | Marked | Number


@dataclass(frozen=True, slots=True, eq=False)
class Groups:
    """G groups of stored respondents.

    Attributes
    ----------
    frame : DataFrame (G, keys)
        What respondents of a group have in common, in sorted order.
    n, used, weight, weight2 : float arrays (G,)
        Respondents, those with a weight above 0, sums of weights and their squares.
    sums : StoredSums
        What was counted.
    """

    frame: pd.DataFrame
    n: Floats
    used: Floats
    weight: Floats
    weight2: Floats
    sums: StoredSums


def typed(column: pd.Series, kind: Any) -> pd.Series:
    """Give a column the type that it has in a DataFrame.

    Parameters
    ----------
    column : Series
        Values as they came back.
    kind : narwhals.DType
        What they are where they are stored.

    Returns
    -------
    Series
        Answers with an order as ordered categories, yes and no as nullable booleans.
    """
    nw = import_narwhals()
    if kind == nw.Enum:
        order = pd.CategoricalDtype(list(kind.categories), ordered=True)
        return column.astype(object).astype(order)
    return column.astype("boolean") if kind == nw.Boolean else column


def columns_read(keys: Sequence[str], questions: Sequence[Asked]) -> list[str]:
    """List the columns that a query reads, each once."""
    names = list(keys)
    for question in questions:
        if isinstance(question, Marked):
            names += question.columns
        else:
            names.append(question.column)
        if isinstance(question, Number) and question.other:
            names.append(question.other)
        if isinstance(question, Number):
            names += [str(name) for name in question.patterns.columns]
    return list(dict.fromkeys(names))


def plain_column(data: StoredData, name: str) -> "Expr":
    """Take a column; decimals as numbers."""
    nw = import_narwhals()
    kind = data.frame.collect_schema()[name]
    column: Expr = nw.col(name)
    return column.cast(nw.Float64) if kind == nw.Decimal else column


def pattern_places(patterns: pd.DataFrame, frame: pd.DataFrame) -> NDArray[np.intp]:
    """Give the row of `patterns` that every row of a frame has.

    Parameters
    ----------
    patterns : DataFrame (P, columns)
        Distinct rows.
    frame : DataFrame (G, columns)
        Rows that are among them; missing values are equal to each other.

    Returns
    -------
    int array (G,)
        Places.

    Examples
    --------
    >>> sizes = pd.DataFrame({"size": ["s", None]})
    >>> pattern_places(sizes, pd.DataFrame({"size": [None, "s", "s"]})).tolist()
    [1, 0, 0]
    """
    both = pd.concat([patterns, frame], ignore_index=True)
    key = both.groupby(list(both.columns), dropna=False, sort=False).ngroup()
    found = key.to_numpy()[len(patterns) :]
    order = np.empty(len(patterns), dtype=np.intp)
    order[key.to_numpy()[: len(patterns)]] = np.arange(len(patterns))
    return order[found]


def check_columns(data: StoredData, names: Sequence[str], what: str) -> None:
    """Refuse names of columns that are not there.

    Parameters
    ----------
    data : StoredData
        All respondents.
    names : sequence of str
        Columns.
    what : str
        What they are for, in the message; empty for questions.

    Raises
    ------
    QuestionError, DesignError
        One is not there.
    """
    known = list(data.frame.collect_schema())
    strange = [name for name in names if name not in known]
    if not strange:
        return
    if what:
        raise DesignError(
            f"{what} column {strange[0]!r} is not in the data. Columns are "
            f"{some(known)}."
        )
    raise QuestionError(f"There is no column {strange[0]!r}. Columns: {some(known)}.")

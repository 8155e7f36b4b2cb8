"""Columns of stored data: their types, and their distinct values with counts.

A value is matched to a code once, not once per respondent.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DataFileError
from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.responses.values import as_text

BLANKS = " \t\r\n\xa0"
_MOST_VALUES = 200_000
_TRUTH = {"1": "true", "0": "false"}


@dataclass(frozen=True, slots=True, eq=False)
class Values:
    """Distinct values of one column.

    Attributes
    ----------
    keys : list
        The V values as the engine has them, the most frequent ones first.
    texts : Series of str or None (V,)
        The same as `as_text` gives them; blanks are None.
    counts : int array (V,)
        Respondents.
    """

    keys: list[Any]
    texts: pd.Series
    counts: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """Columns of stored data, as a table without records and as expressions.

    Attributes
    ----------
    data : StoredData
        The data.
    raw : RawTable
        Names and labels of its columns, without records.
    kinds : mapping of column to narwhals.DType
        Types.
    """

    data: StoredData
    raw: RawTable
    kinds: Mapping[str, Any]


def columns_of(data: StoredData, like: RawTable | None) -> Columns:
    """Describe the columns of stored data.

    Parameters
    ----------
    data : StoredData
        The data.
    like : RawTable or None
        An export of the same survey, whose labels hold.

    Returns
    -------
    Columns
        Nothing has been read for it.
    """
    kinds = dict(data.frame.collect_schema())
    frame = pd.DataFrame(
        {
            name: pd.Series(dtype="float64" if _is_number(kind) else "str")
            for name, kind in kinds.items()
        }
    )
    labels = {name: _label(name, kind) for name, kind in kinds.items()}
    if like is None:
        raw = RawTable(frame, labels, {}, (), Source(data.name, "", data.engine))
        return Columns(data, raw, kinds)
    labels |= {name: like.labels[name] for name in labels if name in like.labels}
    sets = tuple(s for s in like.sets if set(s.columns) <= set(kinds))
    source = replace(like.source, name=data.name)
    raw = replace(like, frame=frame, labels=labels, sets=sets, source=source)
    return Columns(data, raw, kinds)


def _is_number(kind: Any) -> bool:
    """Say whether a type is that of numbers or truth values."""
    return bool(kind.is_numeric() or kind.is_boolean())


def _label(name: str, kind: Any) -> ColumnLabel:
    """Label a column by its name, as one of a Parquet file."""
    values = _TRUTH if kind.is_boolean() else {}
    return ColumnLabel(question=name, wording=name, values=values)


def cell(columns: Columns, name: str) -> nw.Expr:
    """Give a column in the form of its distinct values.

    Parameters
    ----------
    columns : Columns
        Where it stands.
    name : str
        The column.

    Returns
    -------
    narwhals.Expr
        Text, Int64 or Float64.
    """
    form, kind = _form(columns.kinds[name]), columns.kinds[name]
    column: nw.Expr = nw.col(name)
    types: dict[str, Any] = {
        "text": nw.String,
        "integer": nw.Int64,
        "float": nw.Float64,
    }
    return column if kind == types[form]() else column.cast(types[form])


def _form(kind: Any) -> str:
    """Say in which form values of a type are compared."""
    if kind.is_integer() or kind.is_boolean():
        return "integer"
    return "float" if kind.is_numeric() else "text"


def filled(columns: Columns, name: str) -> nw.Expr:
    """Say who has anything in a column: a blank text is nothing.

    Parameters
    ----------
    columns : Columns
        Where it stands.
    name : str
        The column.

    Returns
    -------
    narwhals.Expr
        True or false, never missing.
    """
    column = cell(columns, name)
    there = ~column.is_null()
    if _form(columns.kinds[name]) != "text":
        return there
    # Joined by `and`, a missing text is false and not missing.
    return there & (column.str.strip_chars(BLANKS).str.len_chars() > 0)


def distinct_values(columns: Columns, names: Iterable[str]) -> dict[str, Values]:
    """Count the distinct values of columns, in one query for each type.

    Parameters
    ----------
    columns : Columns
        Where they stand.
    names : iterable of str
        The columns.

    Returns
    -------
    dict of column to Values
        Missing values do not count.

    Raises
    ------
    DataFileError
        The engine could not, or a column has more values than codes can be.
    """
    by_form: dict[str, list[str]] = {}
    for name in dict.fromkeys(names):
        by_form.setdefault(_form(columns.kinds[name]), []).append(name)
    return {
        name: values
        for listed in by_form.values()
        for name, values in _counted(columns, listed).items()
    }


def _counted(columns: Columns, names: list[str]) -> dict[str, Values]:
    """Count the values of columns of one form."""
    data = columns.data
    queries = [
        data.frame.select(column=nw.lit(i), value=cell(columns, name))
        .filter(~nw.col("value").is_null())
        .group_by("column", "value")
        .agg(count=nw.len())
        for i, name in enumerate(names)
    ]
    query = nw.concat(queries, how="vertical").head(_MOST_VALUES * len(names) + 1)
    found = collected(query, data.name, data.engine)
    found = found.sort_values(["count", "value"], ascending=[False, True])
    groups = dict(iter(found.groupby("column")))
    nothing = found.iloc[:0]
    return {
        name: _values(columns, name, groups.get(i, nothing))
        for i, name in enumerate(names)
    }


def _values(columns: Columns, name: str, found: pd.DataFrame) -> Values:
    """Give the values of one column."""
    if len(found) > _MOST_VALUES:
        raise DataFileError(
            f"{columns.data.name}: column {name!r} holds more than {_MOST_VALUES:,} "
            "different values, too many for codes. Name another column in the "
            'questionnaire, or call the question kind "text".'
        )
    is_text = _form(columns.kinds[name]) == "text"
    series = found["value"].astype(object if is_text else "float64")
    texts = as_text(series.reset_index(drop=True))
    return Values(found["value"].tolist(), texts, found["count"].to_numpy(np.intp))

"""Answers of stored questions: their distinct values stand where respondents stand.

The values are read once; what is made of a question (nets, bands, boxes, scores) is
made of its values, and counted where the data are.
"""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from survey.errors import EstimationError, some
from survey.estimation.stored_asked import (
    Coded,
    Groups,
    Marked,
    Number,
    check_columns,
    typed,
)
from survey.estimation.stored_query import count_groups
from survey.estimation.stored_values import is_text, number_and_text
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.importers.stored_session import import_narwhals
from survey.responses.variable import Variable

# Questions with more answers than this are numbers, texts or ids.
_MOST_CODES = 1000
# Numbers are centred by pattern up to this many patterns of a banner question.
MOST_PATTERNS = 200


def read_values(
    data: StoredData, coded: Sequence[str], numbers: Sequence[str] = ()
) -> pd.DataFrame:
    """Read the distinct values of columns, in one query.

    Parameters
    ----------
    data : StoredData
        All respondents.
    coded : sequence of str
        Columns of codes.
    numbers : sequence of str
        Columns whose values are not needed; each gets one 0.

    Returns
    -------
    DataFrame
        The sorted values of every column at its top, and missing values below.

    Raises
    ------
    QuestionError
        A column is not there.
    EstimationError
        A column has too many values, or none, or holds no codes.
    """
    names = list(dict.fromkeys(coded))
    check_columns(data, [*names, *numbers], "")
    schema = data.frame.collect_schema()
    columns = {name: pd.Series([0.0]) for name in numbers}
    found = _distinct(data, names) if names else None
    for place, name in enumerate(names):
        assert found is not None, "there are names"
        mine = found[found["place"] == place]
        part = "text" if is_text(data, name) else "number"
        columns[name] = typed(mine[part].reset_index(drop=True), schema[name])
        columns[name] = columns[name].sort_values(ignore_index=True)
    return pd.DataFrame(columns)


def _distinct(data: StoredData, names: Sequence[str]) -> pd.DataFrame:
    """List the distinct values of columns, one below the other."""
    nw = import_narwhals()
    schema = data.frame.collect_schema()
    nested = [name for name in names if schema[name].is_nested()]
    if nested:
        raise EstimationError(
            f"Column {nested[0]!r} holds lists or other values that are no codes. Give "
            "every answer a column of its own, with true and false."
        )
    parts = []
    for place, name in enumerate(names):
        column = nw.col("value")
        grouped = data.frame.select(nw.col(name).alias("value")).group_by("value")
        values = grouped.agg(nw.len().alias("n")).filter(~column.is_null())
        own = number_and_text(column, text=is_text(data, name))
        few = values.select(*own, nw.lit(place).alias("place"))
        parts.append(few.head(_MOST_CODES + 1))
    found = collected(nw.concat(parts), data.name, data.engine)
    counts = np.bincount(found["place"].to_numpy(dtype=int), minlength=len(names))
    many = [name for name, n in zip(names, counts, strict=True) if n > _MOST_CODES]
    if many:
        raise EstimationError(
            f"columns {some(many)} have more than {_MOST_CODES:,} different values "
            "each, so they are no codes. Name them among numbers, ask for their mean, "
            "or put them in bands in the data."
        )
    return found


def coded(
    variable: Variable, column: str, values: pd.DataFrame, data: StoredData
) -> tuple[Variable, Coded]:
    """Ask for a question by its values.

    Parameters
    ----------
    variable : Variable
        Made of the column in `values`.
    column : str
        Its column.
    values : DataFrame
        From `read_values`.
    data : StoredData
        All respondents.

    Returns
    -------
    Variable, Coded
        The variable over its own values, and the question of a query.
    """
    own = values[column].dropna()
    size = len(own)
    kind = data.frame.collect_schema()[column]
    literal = [int(v) if kind.is_integer() else v for v in own.tolist()]
    trimmed = replace(
        variable,
        position=None if variable.position is None else variable.position[:size],
        value=None if variable.value is None else variable.value[:size],
        base=variable.base[:size],
    )
    return trimmed, Coded(variable.name, column, tuple(literal))


def marked(variable: Variable, columns: Sequence[str]) -> Marked:
    """Ask for a multiple response question by its rows.

    Parameters
    ----------
    variable : Variable
        Made of columns of 0 and 1.
    columns : sequence of str
        The columns, which are its codes.

    Returns
    -------
    Marked
        The question of a query.
    """
    name_of = {str(column): column for column in columns}
    rows = tuple(tuple(name_of[code] for code in row.codes) for row in variable.rows)
    named = variable.base_text == "named at least one"
    return Marked(variable.name, tuple(columns), rows, named)


def of_numbers(name: str) -> Variable:
    """Stand for a column of numbers whose values stay where they are."""
    one = np.ones(1, dtype=bool)
    return Variable(name, name, (), (), None, None, np.zeros(1), one)


def means_of(
    data: StoredData, names: Sequence[str], keys: Sequence[str], weight: str | None
) -> list[Number]:
    """Ask for numbers, centred by the patterns of a banner question.

    Parameters
    ----------
    data : StoredData
        All respondents.
    names : sequence of str
        Columns of numbers.
    keys : sequence of str
        Columns of a single response banner question; none where numbers are centred
        alike.
    weight : str or None
        Column of weights.

    Returns
    -------
    list of Number
        Numbers less their mean in the pattern, which one query finds. So their
        squares keep their digits.
    """
    if not names:
        return []
    nothing = pd.DataFrame(index=[0])
    zero = np.zeros(1)
    plain = [Number(name, name, "", nothing, zero, zero) for name in names]
    found = count_groups(data, keys, weight, plain)
    if len(found.frame) > MOST_PATTERNS:
        found = count_groups(data, (), weight, plain)
    patterns = found.frame if len(found.frame.columns) else nothing
    return [
        replace(
            number,
            patterns=patterns,
            centre=mean_of(found, number.name),
            slope=np.zeros(len(patterns)),
        )
        for number in plain
    ]


def mean_of(groups: Groups, name: str) -> Any:
    """Give the mean of a number in every group, 0 where nobody has one."""
    sums = groups.sums.numbers[name]
    return np.divide(sums.wy, sums.w, out=np.zeros(len(sums.w)), where=sums.w > 0)

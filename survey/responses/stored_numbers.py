"""Numbers in stored columns: plain ones are cast, and all others named.

They are read by the function that reads them in memory.
"""

from dataclasses import dataclass

import narwhals as nw
import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.importers.raw import is_user_missing
from survey.responses.stored_columns import Values, cell
from survey.responses.stored_matching import Coding, Matched, count_texts, text_of
from survey.responses.values import BoolArray, Coded, as_text, numbers

# More branches than this would make a query that engines refuse.
_MOST_ODD = 200
_PLAIN = r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?"


@dataclass(frozen=True, slots=True, eq=False)
class Number:
    """A column read as numbers, and what of it is none."""

    value: nw.Expr
    coded: Coded


def number_of(column: str, coding: Coding) -> Number:
    """Read a column as numbers, as `numbers` does in memory.

    Parameters
    ----------
    column : str
        Column of the data.
    coding : Coding
        Its values.

    Returns
    -------
    Number
        Missing where a value is no finite number or is user-missing.

    Raises
    ------
    QuestionError
        Too many different texts are numbers in a notation of their own.
    """
    values = coding.values[column]
    missing = coding.missing(column)
    read = numbers(values.texts)
    texts = values.texts.tolist()
    given = np.array([text is not None for text in texts], dtype=bool)
    lost = np.array([t is not None and is_user_missing(t, missing) for t in texts])
    read = np.where(lost.astype(bool), np.nan, read)
    unknown = {t for t, r in zip(texts, read, strict=True) if t and np.isnan(r)}
    lost_texts = {t for t, is_lost in zip(texts, lost, strict=True) if is_lost}
    coded = Coded(
        np.full(len(texts), -1, dtype=np.intp),
        count_texts(values, unknown - lost_texts),
        count_texts(values, lost_texts),
    )
    return Number(_number(column, values, read, given, coding), coded)


def _number(
    column: str,
    values: Values,
    read: NDArray[np.float64],
    given: BoolArray,
    coding: Coding,
) -> nw.Expr:
    """Cast what is written plainly, and name what every other text stands for."""
    source = cell(coding.columns, column)
    is_text = coding.columns.raw.frame[column].dtype != float
    if is_text:
        plain = values.texts.str.fullmatch(_PLAIN).fillna(value=False).to_numpy(bool)
        said = pd.to_numeric(values.texts.where(plain)).to_numpy(float)
        source = text_of(column, coding)
    else:
        said = as_text(pd.Series(values.keys)).map(float).to_numpy(float)
    odd = given & ~(said == read)
    goals = np.unique(read[odd & ~np.isnan(read)])
    if goals.size > _MOST_ODD:
        raise QuestionError(
            f"Column {column!r} writes {goals.size} different numbers with commas or "
            "separators, too many for stored data. Write them with a decimal point."
        )
    nothing = Coded(np.zeros(read.size, dtype=np.intp), {}, {})
    key = Matched(nothing, values.keys, cell(coding.columns, column))
    value: nw.Expr = nw.when(~key.holds(odd)).then(source).cast(nw.Float64)
    for goal in goals.tolist():
        value = (
            nw.when(key.holds(odd & (read == goal))).then(nw.lit(goal)).otherwise(value)
        )
    return value

"""Multiple response sets of a plain table: columns of 0 and 1 that are one question.

A respondent with a blank in every column is outside the base.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import QuestionError, some
from survey.questionnaire.model import BaseRule
from survey.responses.recode import BASE_TEXTS
from survey.responses.variable import Row, Variable


def multiple_response(
    data: pd.DataFrame,
    name: str,
    columns: Sequence[str],
    *,
    base: BaseRule | None = None,
) -> Variable:
    """Put columns of 0 and 1 together as one multiple response question.

    Parameters
    ----------
    data : DataFrame
        All n respondents.
    name : str
        Name of the question in results.
    columns : sequence of str
        One column for each option: true and false, or 1 and 0. A blank beside other
        answers is an option that was not chosen.
    base : {"asked", "answered", "named"}, optional
        Base of the percentages. ``asked`` and ``answered`` (the default) are who has
        an entry in some column, ``named`` is who chose an option.

    Returns
    -------
    Variable
        With the columns as codes and labels.

    Raises
    ------
    QuestionError
        A column is missing, or holds something else.

    Examples
    --------
    >>> firms = pd.DataFrame({"chat": [1, 0, None], "code": [0, 0, None]})
    >>> tools = multiple_response(firms, "tools", ["chat", "code"])
    >>> tools.base.tolist(), tools.chosen.sum(axis=0).tolist()
    ([True, True, False], [1, 0])
    """
    absent = [column for column in columns if column not in data.columns]
    if absent or not columns:
        known = some(list(data.columns), 40)
        raise QuestionError(
            f"Set {name!r} names columns {some(absent)}, which are not in the data. "
            f"Columns: {known}."
            if absent
            else f"Set {name!r} names no columns. Name one for each option."
        )
    marks = [_mark(data[column], name) for column in columns]
    table = np.column_stack(marks)
    chosen: NDArray[np.bool_] = table == 1
    given: NDArray[np.bool_] = np.asarray((~np.isnan(table)).any(axis=1))
    rule = base or "answered"
    inside = np.asarray(chosen.any(axis=1)) if rule == "named" else given
    codes = tuple(str(column) for column in columns)
    return Variable(
        name,
        name,
        codes,
        tuple(Row(code, code, (code,)) for code in codes),
        None,
        chosen & inside[:, None],
        None,
        inside,
        BASE_TEXTS[rule],
    )


def _mark(column: pd.Series, name: str) -> NDArray[np.float64]:
    """Read a column as 1, 0 and NaN."""
    numbers = pd.to_numeric(column, errors="coerce").to_numpy(float, na_value=np.nan)
    strange = column.notna().to_numpy() & ~np.isin(numbers, (0.0, 1.0))
    if strange.any():
        values = some(column[strange].unique().tolist())
        raise QuestionError(
            f"Column {column.name!r} of set {name!r} holds {values} for "
            f"{int(strange.sum())} respondents. "
            "Give 1 for chosen and 0 for not chosen."
        )
    return numbers

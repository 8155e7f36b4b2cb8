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
    twice = sorted({str(c) for c in columns if list(data.columns).count(c) > 1})
    if twice:
        raise QuestionError(
            f"Set {name!r}: the data have several columns {some(twice)}. Rename all "
            "but one of each."
        )
    marks = [_mark(data[column], name) for column in columns]
    chosen: NDArray[np.bool_] = np.column_stack([yes for yes, _ in marks])
    given = np.zeros(len(data), dtype=bool)
    for _, answered in marks:
        given |= answered
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


def _mark(column: pd.Series, name: str) -> tuple[NDArray[np.bool_], NDArray[np.bool_]]:
    """Say who chose an option, and who has an entry."""
    given = column.notna().to_numpy()
    if isinstance(column.dtype, np.dtype) and column.dtype.kind in "biu":
        numbers = column.to_numpy()
    else:
        read = pd.to_numeric(column, errors="coerce")
        numbers = read.to_numpy(float, na_value=np.nan)
    chosen = np.asarray(numbers == 1)
    strange = given & ~chosen & (numbers != 0)
    if strange.any():
        values = some(column[strange].unique().tolist())
        raise QuestionError(
            f"Column {column.name!r} of set {name!r} holds {values} for "
            f"{int(strange.sum())} respondents. "
            "Give 1 for chosen and 0 for not chosen."
        )
    return chosen, given

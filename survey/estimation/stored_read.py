"""The result of a query of stored data, as arrays by question."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.estimation.stored_asked import Asked, Coded, Marked, Number, pattern_places
from survey.estimation.stored_sums import NumberSums, StoredSums, TermSums
from survey.estimation.stored_terms import summed_columns

Floats = NDArray[np.float64]

# Share of a number below which differences are rounding.
_DIGITS = 1e-13


def read_sums(
    questions: Sequence[Asked],
    widths: Sequence[int],
    table: Floats,
    frame: pd.DataFrame,
    weight: str | None,
) -> StoredSums:
    """Take the columns of a result apart, question by question.

    Parameters
    ----------
    questions : sequence of Coded, Marked or Number
        What was counted.
    widths : sequence of int
        Columns of every question.
    table : float array (G, columns)
        The result.
    frame : DataFrame (G, keys)
        The groups.
    weight : str or None
        Column of weights.

    Returns
    -------
    StoredSums
        By name of the question.

    Raises
    ------
    QuestionError
        A column of numbers holds an infinite one.
    """
    terms: dict[str, TermSums] = {}
    numbers: dict[str, NumberSums] = {}
    ends = np.cumsum(widths)
    for question, end, width in zip(questions, ends, widths, strict=True):
        mine = table[:, end - width : end]
        if isinstance(question, Number):
            numbers[question.name] = _numbers(question, mine, frame)
        else:
            terms[question.name] = _term_sums(
                question, mine, weighted=weight is not None
            )
    return StoredSums(terms, numbers)


def _term_sums(question: Coded | Marked, table: Floats, *, weighted: bool) -> TermSums:
    """Read the sums of terms, and of pairs of them."""
    if isinstance(question, Coded):
        size = len(question.values)
    else:
        size = len(question.rows) + 1
    parts = len(summed_columns(weighted=weighted))
    cube = table[:, : size * parts].reshape(len(table), size, parts)
    n, w, w2 = (cube[:, :, min(i, parts - 1)] for i in range(3))
    if isinstance(question, Coded):
        return TermSums(n, w, w2)
    pairs = np.zeros((len(table), size, size))
    one, two = np.triu_indices(size)
    pairs[:, one, two] = table[:, size * parts :]
    pairs[:, two, one] = table[:, size * parts :]
    return TermSums(n, w, w2, pairs)


def _numbers(question: Number, table: Floats, frame: pd.DataFrame) -> NumberSums:
    """Read the sums of numbers, with the centre of every group."""
    infinite = int(table[:, -1].sum())
    if infinite:
        raise QuestionError(
            f"Column {question.column!r} is infinite for {infinite} respondents. "
            "Correct these numbers, or leave them empty."
        )
    centre = np.full(len(frame), float(question.centre[0]))
    names = list(question.patterns.columns)
    if names:
        place = pattern_places(question.patterns, frame[names])
        centre = question.centre[place]
    n, w, w2 = table[:, :3].T
    # Numbers that differ from their mean by less than its last digits are the mean.
    same = table[:, 4] <= (_DIGITS * centre) ** 2 * w
    wy, wyy, w2y, w2yy = np.where(same[:, None], 0.0, table[:, 3:7]).T
    return NumberSums(n, w, w2, wy, wyy, w2y, w2yy, centre)

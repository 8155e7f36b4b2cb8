"""Answers: one variable as respondents x rows, in the form that is counted fastest.

Prepared once per variable, however many banner questions it is crossed with.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.responses.variable import Row, Variable


@dataclass(frozen=True, slots=True, eq=False)
class Answers:
    """A variable, ready to be counted.

    Exclusive answers fill `bucket`; multiple response fills `answer`;
    numbers fill `value`. The other fields are empty.

    Attributes
    ----------
    base : bool array (n,)
        Respondents in the base, with a weight above 0.
    bucket : int array (n,)
        0 outside the base, 1 in the base without a code, k + 2 for code k.
    answer : int array (n,)
        Multiple response: which line of `distinct` the answers are.
    distinct : float array (A, 1 + R)
        1 where the base and the rows count who gave these answers.
    value : float array (n,)
        Number less `centre`; 0 outside the base.
    centre : float
        What was taken off the numbers, so that squares stay exact.
    rows : float array (K, R)
        1 where code k counts in row r.
    plain : bool
        Whether every row is one code, in order.
    source : str
        Name of the question whose sums an engine has counted; empty where the
        answers are those of respondents.
    """

    base: NDArray[np.bool_]
    bucket: NDArray[np.intp]
    answer: NDArray[np.intp]
    distinct: NDArray[np.float64]
    value: NDArray[np.float64]
    centre: float
    rows: NDArray[np.float64]
    plain: bool = False
    source: str = ""


_NONE = np.zeros(0, dtype=np.intp)
_NO_VALUE = np.zeros(0)
_NO_ROWS = np.zeros((0, 0))
# Up to this many rows, combinations of answers are numbered without sorting.
_FEW_ROWS = 17


def prepare(
    variable: Variable, used: NDArray[np.bool_], *, numbers: bool = False
) -> Answers:
    """Prepare a variable to be counted.

    Parameters
    ----------
    variable : Variable
        Answers of n respondents.
    used : bool array (n,)
        Respondents with a weight above 0.
    numbers : bool, default False
        Whether to take the numbers of a variable that has codes as well.

    Returns
    -------
    Answers
        Base and answers as arrays.

    Raises
    ------
    EstimationError
        The variable is about other respondents than the design.

    Examples
    --------
    >>> size = Variable("size", "", ("1", "2"), (Row("1", "", ("1",)),),
    ...                 np.array([0, 1, -1]), None, None, np.array([True] * 3))
    >>> prepare(size, np.array([True, False, True])).bucket.tolist()
    [2, 0, 1]
    """
    if variable.base.shape != used.shape:
        raise EstimationError(
            f"{variable.name!r} has {variable.base.size} respondents and the design "
            f"{used.size}. Make both from the same data."
        )
    base = variable.base & used
    if variable.value is not None and (numbers or variable.position is None):
        return _numbers(variable.value, base)
    rows = row_matrix(variable.codes, variable.rows)
    if variable.position is not None:
        bucket = np.where(base, variable.position + 2, 0)
        return Answers(
            base, bucket, _NONE, _NO_ROWS, _NO_VALUE, 0.0, rows, _is_plain(rows)
        )
    assert variable.chosen is not None, "a variable has position, chosen or value"
    counted = _counted(variable.chosen, rows) & base[:, None]
    answer, distinct = combinations(np.column_stack([base, counted]))
    return Answers(base, _NONE, answer, distinct, _NO_VALUE, 0.0, rows)


def rows_of(answers: Answers) -> NDArray[np.bool_]:
    """Say which rows count each respondent.

    Parameters
    ----------
    answers : Answers
        Single or multiple response.

    Returns
    -------
    bool array (n, R)
        True where the row counts the respondent.

    Examples
    --------
    >>> codes = (Row("a", "", ("a",)), Row("b", "", ("b",)))
    >>> chosen, two = np.array([[True, False], [True, True]]), np.ones(2, bool)
    >>> tools = Variable("t", "", ("a", "b"), codes, None, chosen, None, two)
    >>> rows_of(prepare(tools, two)).tolist()
    [[True, False], [True, True]]
    """
    if answers.bucket.size:
        none = np.zeros((2, answers.rows.shape[1]))
        return np.asarray(np.vstack([none, answers.rows])[answers.bucket] > 0)
    return np.asarray(answers.distinct[:, 1:][answers.answer] > 0)


def combinations(
    chosen: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Give a number to the distinct rows of answers, and list them.

    Parameters
    ----------
    chosen : bool array (n, K)
        Answers.

    Returns
    -------
    int array (n,), float array (A, K)
        Combination of every respondent, and the A combinations that occur.

    Examples
    --------
    >>> combinations(np.array([[True, False], [True, True], [True, False]]))[0].tolist()
    [0, 1, 0]
    """
    width = chosen.shape[1]
    if width > _FEW_ROWS:
        packed = np.packbits(chosen, axis=1)
        first, answer = np.unique(
            packed, axis=0, return_index=True, return_inverse=True
        )[1:]
        return answer.reshape(-1).astype(np.intp), chosen[first].astype(float)
    bits = np.zeros(len(chosen), dtype=np.intp)
    for place in range(width):
        bits += chosen[:, place].astype(np.intp) << place
    occurs = np.flatnonzero(np.bincount(bits, minlength=1 << width))
    number = np.zeros(1 << width, dtype=np.intp)
    number[occurs] = np.arange(occurs.size)
    distinct = (occurs[:, None] >> np.arange(width)) & 1
    return number[bits], distinct.astype(float)


def _numbers(value: NDArray[np.float64], base: NDArray[np.bool_]) -> Answers:
    """Prepare numbers; who gave none is outside the base."""
    base = base & np.isfinite(value)
    centre = float(value[base].mean()) if base.any() else 0.0
    centred = np.where(base, value, centre) - centre
    nothing = (_NONE, _NONE, _NO_ROWS)
    return Answers(base, *nothing, centred, centre, np.ones((1, 1)))


def row_matrix(codes: tuple[str, ...], rows: tuple[Row, ...]) -> NDArray[np.float64]:
    """Say which codes count in which rows.

    Parameters
    ----------
    codes : tuple of str
        The K codes.
    rows : tuple of Row
        R categories and nets.

    Returns
    -------
    float array (K, R)
        1 where the code counts in the row.

    Raises
    ------
    EstimationError
        A row counts a code that is not there.

    Examples
    --------
    >>> row_matrix(("1", "2"), (Row("1", "", ("1",)), Row("all", "", ("1", "2"))))
    array([[1., 1.],
           [0., 1.]])
    """
    place = {code: k for k, code in enumerate(codes)}
    matrix = np.zeros((len(codes), len(rows)))
    for r, row in enumerate(rows):
        for code in row.codes:
            if code not in place:
                raise EstimationError(
                    f"row {row.code!r} counts code {code!r}, which is not among "
                    f"the {len(codes)} codes of its question. Correct the net."
                )
            matrix[place[code], r] = 1.0
    return matrix


def _is_plain(rows: NDArray[np.float64]) -> bool:
    """Say whether every row is one code, in order."""
    size, width = rows.shape
    return size == width and np.array_equal(rows, np.eye(size))


def _counted(chosen: NDArray[np.bool_], rows: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Give the rows that count each respondent, each once (n, R)."""
    if _is_plain(rows):
        return chosen
    return np.column_stack(
        [chosen[:, column > 0].any(axis=1) for column in rows.T]
    ).reshape(len(chosen), rows.shape[1])

"""ColumnLayout: the columns of a table, laid over the design cells.

Columns may overlap (multiple response, nets, Total). Respondents are therefore
counted by answer pattern, and a pattern belongs to any number of columns.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import QuestionError
from survey.estimation.answers import row_matrix
from survey.estimation.design import ResolvedDesign
from survey.estimation.sums import count_by
from survey.responses.variable import Variable

# A table of all combinations is used up to this many times the respondents.
_DENSE = 4
# Patterns of more codes than this do not fit the bits of one number.
_BITS = 62


@dataclass(frozen=True, slots=True, eq=False)
class Columns:
    """C columns as patterns of answers; column 0 is Total.

    Attributes
    ----------
    codes, labels : tuple of str
        Code and label of the columns after Total.
    pattern : int array (n,)
        Pattern of every respondent.
    membership : float array (patterns, C)
        1 where the pattern belongs to the column.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    pattern: NDArray[np.intp]
    membership: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class ColumnLayout:
    """Columns over a design: J occupied pairs of design cell and pattern.

    Attributes
    ----------
    columns : Columns
        The columns.
    design : ResolvedDesign
        The design.
    pair : int array (n,)
        Pair of every respondent; pairs are sorted by design cell.
    cell, pattern : int arrays (J,)
        Design cell and pattern of every pair.
    weight, weight2 : float arrays (J,)
        Sum of weights, and of their squares, with or without an answer.
    """

    columns: Columns
    design: ResolvedDesign
    pair: NDArray[np.intp]
    cell: NDArray[np.intp]
    pattern: NDArray[np.intp]
    weight: NDArray[np.float64]
    weight2: NDArray[np.float64]


def total_column(n: int) -> Columns:
    """Give the single column Total over `n` respondents."""
    return Columns((), (), np.zeros(n, dtype=np.intp), np.ones((1, 1)))


def columns_of(variable: Variable) -> Columns:
    """Make columns of the rows of a variable.

    Parameters
    ----------
    variable : Variable
        Banner question, single or multiple response.

    Returns
    -------
    Columns
        Total, then one column for each category and net.

    Raises
    ------
    QuestionError
        The question holds numbers.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> size = Variable("size", "", ("1", "2"), (Row("1", "small", ("1",)),),
    ...                 np.array([0, 1, -1]), None, None, np.array([True] * 3))
    >>> columns_of(size).membership
    array([[1., 0.],
           [1., 1.],
           [1., 0.]])
    """
    if variable.value is not None and variable.position is None:
        raise QuestionError(
            f"{variable.name!r} holds numbers and cannot be a banner or a domain. "
            "Put it in bands first."
        )
    rows = row_matrix(variable.codes, variable.rows)
    if variable.position is not None:
        pattern = np.where(variable.base, variable.position + 1, 0)
        member = np.vstack([np.zeros(rows.shape[1]), rows])
    else:
        assert variable.chosen is not None, "a variable has position, chosen or value"
        pattern, distinct = _patterns(variable.chosen & variable.base[:, None])
        member = ((distinct @ rows) > 0).astype(float)
    return Columns(
        tuple(row.code for row in variable.rows),
        tuple(row.label for row in variable.rows),
        pattern.astype(np.intp),
        np.hstack([np.ones((len(member), 1)), member]),
    )


def cross(first: Columns, second: Columns) -> Columns:
    """Cross columns with columns: every combination that somebody has.

    Parameters
    ----------
    first, second : Columns
        Columns over the same respondents.

    Returns
    -------
    Columns
        Total, then the combinations; codes and labels are joined by ``" x "``.

    Examples
    --------
    >>> a = Columns(("1",), ("small",), np.array([0, 1]), np.array([[1, 0], [1, 1.]]))
    >>> b = Columns(("n",), ("north",), np.array([0, 1]), np.array([[1, 0], [1, 1.]]))
    >>> cross(a, b).labels
    ('small x north',)
    """
    key = first.pattern * len(second.membership) + second.pattern
    occurring, pattern = np.unique(key, return_inverse=True)
    one = first.membership[occurring // len(second.membership), 1:]
    two = second.membership[occurring % len(second.membership), 1:]
    member = (one[:, :, None] * two[:, None, :]).reshape(len(occurring), -1)
    kept = np.flatnonzero(member.any(axis=0))
    pairs = [divmod(int(c), two.shape[1]) for c in kept]
    return Columns(
        tuple(f"{first.codes[i]} x {second.codes[j]}" for i, j in pairs),
        tuple(f"{first.labels[i]} x {second.labels[j]}" for i, j in pairs),
        pattern.astype(np.intp),
        np.hstack([np.ones((len(member), 1)), member[:, kept]]),
    )


def lay_out(columns: Columns, design: ResolvedDesign) -> ColumnLayout:
    """Lay columns over a design.

    Parameters
    ----------
    columns : Columns
        Columns over n respondents.
    design : ResolvedDesign
        Design of the same respondents.

    Returns
    -------
    ColumnLayout
        The occupied pairs of design cell and pattern; never the full product.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> design = resolve(None, pd.DataFrame({"q": [1, 2, 2]}))
    >>> lay_out(total_column(3), design).weight.tolist()
    [3.0]
    """
    patterns = len(columns.membership)
    key = design.cell * patterns + columns.pattern
    present, pair = _occupied(key, design.cells.stratum.size * patterns)
    return ColumnLayout(
        columns,
        design,
        pair,
        present // patterns,
        present % patterns,
        count_by(pair, present.size, design.weight),
        count_by(pair, present.size, design.weight2),
    )


def _occupied(
    key: NDArray[np.intp], size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the keys that occur, sorted, and the place of every key among them."""
    if size > _DENSE * key.size:
        present, place = np.unique(key, return_inverse=True)
        return present, place.astype(np.intp)
    occurs = np.bincount(key, minlength=size) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[key]


def _patterns(
    chosen: NDArray[np.bool_],
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    """Give a number to the distinct rows of answers, and list them."""
    if chosen.shape[1] > _BITS:
        distinct, pattern = np.unique(chosen, axis=0, return_inverse=True)
        return pattern.reshape(-1), distinct.astype(float)
    bits = chosen @ (np.int64(1) << np.arange(chosen.shape[1], dtype=np.int64))
    first, pattern = np.unique(bits, return_index=True, return_inverse=True)[1:]
    return pattern, chosen[first].astype(float)

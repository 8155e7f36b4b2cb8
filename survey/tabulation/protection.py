"""Protection: what else is hidden, so that nothing hidden follows from what is shown.

Every share is a sum over its column. A hidden column is known as soon as it is a sum
or difference of columns that are shown: Total less the others, a net less its codes.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import row_matrix
from survey.estimation.layout import Columns
from survey.estimation.stored_sums import StoredSums
from survey.responses.variable import Variable
from survey.tabulation.small_bases import HIDDEN, PROTECTS, judge_bases

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
States = NDArray[np.intp]

# What is left of a column of length 1 when it is a combination of others.
_NOTHING = 1e-9
# Overlaps are exact counts; a smaller singular value is rounding error.
_ROUNDING = 1e-11


@dataclass(frozen=True, slots=True, eq=False)
class JointColumns:
    """All columns of a table side by side, over patterns of answers to the banner.

    Attributes
    ----------
    pattern : int array (n,)
        Pattern of every respondent.
    member : float array (P, C + B)
        1 where the pattern belongs to the column: Total, the points of all B banner
        questions, and then who is in no point of each banner question.
    """

    pattern: NDArray[np.intp]
    member: Floats


@dataclass(frozen=True, slots=True, eq=False)
class JointSums:
    """Stored respondents, counted by all banner questions at once.

    Attributes
    ----------
    columns : tuple of Columns
        Banner questions over the same groups.
    sums : StoredSums
        What was counted in these groups.
    """

    columns: tuple[Columns, ...]
    sums: StoredSums


def protect(
    base: Floats,
    overlap: Callable[[int], Floats],
    *,
    min_base: int,
    small_base: int,
    follows: Bools | None = None,
) -> States:
    """Decide which columns of every question are hidden.

    Parameters
    ----------
    base : float array (T, C)
        Unweighted bases of T questions in all C columns of a table: Total first, then
        the points of all banner questions.
    overlap : callable
        Gives for question t the overlap of its columns, (C + B, C + B), from
        `overlap_of`. It is called only where a column is hidden.
    min_base, small_base : int
        Bases below which a column is hidden, and marked.
    follows : bool array (T, T), optional
        Whether the base of the first question is decided by answers to the second, or
        both show the same answers; see `routing_links`.

    Returns
    -------
    int array (T, C)
        `SHOWN`, `SMALL`, `HIDDEN`, or `PROTECTS` for a column that is hidden because
        another one is.

    Notes
    -----
    Two steps are repeated until nothing changes [1]_.

    1. Within a question: while a hidden column is a linear combination of columns
       that are shown, the smallest column that prevents it is hidden as well. Nets,
       overlapping answers and banner questions that repeat each other are covered,
       because combinations are looked for among all columns of the table. Respondents
       in no column of a banner question are taken as known.
    2. Between questions: a column hidden in one is hidden in every question whose
       base follows from it. There, the base would be a count of the hidden column.

    A column without respondents has nothing to recover and protects nothing. Total
    protects nothing. A row that nobody in the hidden columns chose shows as the row
    that the shown columns add up to; no choice of columns can prevent this. Tables of
    other runs, filters and waves are not looked at.

    References
    ----------
    .. [1] Willenborg and de Waal (2001), Elements of Statistical Disclosure Control,
       chapter 4: secondary suppression.

    Examples
    --------
    Column 1 is small; Total less columns 2 and 3 would tell it, so that column 2, the
    smaller one, is hidden as well.

    >>> base = np.array([[240.0, 12, 78, 150]])
    >>> member = np.column_stack([np.ones(3), np.eye(3)])
    >>> protect(base, lambda _: member.T @ (base[0, 1:, None] * member),
    ...         min_base=30, small_base=100).tolist()
    [[0, 2, 3, 0]]
    """
    state = judge_bases(base, min_base=min_base, small_base=small_base)
    nothing = np.zeros((len(base), len(base)))
    links = (nothing if follows is None else follows).astype(np.float32)
    overlaps: dict[int, Floats] = {}
    waiting = np.flatnonzero(((state == HIDDEN) & (base > 0)).any(axis=1)).tolist()
    while waiting:
        for t in waiting:
            if t not in overlaps:
                overlaps[t] = overlap(t)
            state[t] = _closed(state[t], base[t], overlaps[t])
        concealed = (state >= HIDDEN) & (base > 0)
        told = links @ concealed.astype(np.float32) > 0
        more = told & (state < HIDDEN) & (base > 0)
        state[more] = PROTECTS
        waiting = np.flatnonzero(more.any(axis=1)).tolist()
    return state


def recoverable(overlap: Floats, known: Bools) -> Bools:
    """Say which columns follow from those that are known.

    Parameters
    ----------
    overlap : float array (C, C)
        Respondents in both columns, for every pair of columns.
    known : bool array (C,)
        Columns that are known.

    Returns
    -------
    bool array (C,)
        True for an unknown column that is a linear combination of known ones, over
        the respondents of the overlap.

    Examples
    --------
    Total 5, of which 2 and 3: one of the two follows from the other.

    >>> overlap = np.array([[5.0, 2, 3], [2, 2, 0], [3, 0, 3]])
    >>> recoverable(overlap, np.array([True, True, False])).tolist()
    [False, False, True]
    >>> recoverable(overlap, np.array([True, False, False])).tolist()
    [False, False, False]
    """
    length = np.sqrt(overlap.diagonal())
    occupied = length > 0
    given, wanted = known & occupied, ~known & occupied
    cosine = overlap / np.outer(*(np.where(occupied, length, 1.0),) * 2)
    sides = cosine[np.ix_(given, wanted)]
    inverse = np.linalg.pinv(cosine[np.ix_(given, given)], _ROUNDING, hermitian=True)
    left = 1.0 - np.einsum("vh,vh->h", sides, inverse @ sides)
    result = np.zeros(known.size, dtype=bool)
    result[wanted] = left < _NOTHING
    return result


def _closed(state: States, base: Floats, overlap: Floats) -> States:
    """Hide columns of one question until no hidden one follows from the others."""
    state = state.copy()
    beyond = np.ones(len(overlap) - base.size, dtype=bool)
    left = np.zeros(base.size, dtype=bool)
    while True:
        known = np.concatenate([(state < HIDDEN) | (base == 0), beyond])
        open_ = recoverable(overlap, known)[: base.size] & ~left
        if not open_.any():
            return state
        target = int(np.argmax(open_))
        helper = _protector(overlap, known, target, base)
        if helper is None:
            # Nothing but Total and who is in no column: there is nothing to hide.
            left[target] = True
        else:
            state[helper] = PROTECTS


def _protector(overlap: Floats, known: Bools, target: int, base: Floats) -> int | None:
    """Find the smallest column without which the target does not follow."""
    shown = np.flatnonzero(known[: base.size] & (base > 0))
    by_size = [int(c) for c in shown[np.argsort(base[shown], kind="stable")] if c]
    for column in by_size:
        fewer = known.copy()
        fewer[column] = False
        if not recoverable(overlap, fewer)[target]:
            return column
    return by_size[0] if by_size else None


def joint_columns(banner: Sequence[Columns]) -> JointColumns:
    """Put the columns of all banner questions side by side.

    Parameters
    ----------
    banner : sequence of Columns
        Each with Total first, over the same n respondents.

    Returns
    -------
    JointColumns
        The patterns that occur.

    Examples
    --------
    >>> size = Columns(("s",), ("Small",), np.array([0, 1, 1]),
    ...                np.array([[1.0, 0.0], [1.0, 1.0]]))
    >>> joint_columns([size]).member
    array([[1., 0., 1.],
           [1., 1., 0.]])
    """
    pattern = np.zeros(banner[0].pattern.size, dtype=np.intp)
    first = pattern[:0]
    for columns in banner:
        key = pattern * len(columns.membership) + columns.pattern
        _, first, pattern = np.unique(key, return_index=True, return_inverse=True)
    points = [columns.membership[columns.pattern[first], 1:] for columns in banner]
    none = [~point.any(axis=1, keepdims=True) for point in points]
    member = np.hstack([np.ones((first.size, 1)), *points, *none])
    return JointColumns(pattern.astype(np.intp), member.astype(np.float64))


def overlap_of(columns: JointColumns, base: Bools | Floats) -> Floats:
    """Count the respondents of a base in every pair of columns.

    Parameters
    ----------
    columns : JointColumns
        The columns of the table.
    base : bool or float array (n,)
        Respondents in the base of a question; counts where groups stand for them.

    Returns
    -------
    float array (C + B, C + B)
        Unweighted counts.

    Examples
    --------
    >>> columns = JointColumns(np.array([0, 1, 1]), np.array([[1.0, 0], [1, 1]]))
    >>> overlap_of(columns, np.array([True, True, True]))
    array([[3., 2.],
           [2., 2.]])
    """
    count = np.bincount(columns.pattern, base, len(columns.member))
    return np.asarray(columns.member.T @ (count[:, None] * columns.member))


def mirrored_rows(variable: Variable, hidden: Sequence[str], count: Floats) -> Bools:
    """Say which rows to hide because the same cells are hidden elsewhere as columns.

    Where two questions stand both in the stub and in the banner, the cells of one
    table are those of the other, turned round.

    Parameters
    ----------
    variable : Variable
        Question in the stub, with R rows.
    hidden : sequence of str
        Codes of its columns that are hidden in the table that is turned round.
    count : float array (R,)
        Respondents in each row, in Total.

    Returns
    -------
    bool array (R,)
        True for a row to be hidden in the columns of the other question: its Total
        stays. Further rows are hidden until the base less the others, or a net less
        its codes, tells none of them.

    Notes
    -----
    The rows are to be hidden in every banner question that repeats the other one, such
    as its nets in a question of their own. Bases of questions that are asked because
    of an answer to a banner question are counts of its columns, and stay.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> rows = tuple(Row(c, c, (c,)) for c in "abc")
    >>> size = Variable("size", "", tuple("abc"), rows, np.array([0, 1, 2]), None, None,
    ...                 np.ones(3, dtype=bool))
    >>> mirrored_rows(size, ["a"], np.array([12.0, 90, 60])).tolist()
    [True, False, True]
    """
    first = np.array([row.code in hidden for row in variable.rows], dtype=bool)
    if variable.position is None or not first.any():
        return first
    codes = row_matrix(variable.codes, variable.rows)
    member = np.hstack([np.ones((len(codes), 1)), codes])
    state = np.where(np.concatenate([[False], first]), HIDDEN, 0)
    size = np.concatenate([[count.sum()], np.where(first, np.maximum(count, 1), count)])
    return np.asarray(_closed(state, size, member.T @ member)[1:] >= HIDDEN)

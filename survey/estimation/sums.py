"""Sums by group: what the engine does instead of loops."""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
# From here on a sparse product is faster than counting, in spite of its import.
MANY = 5000
# A table of all keys is used up to this many times the respondents.
_DENSE = 4


def count_by(
    group: NDArray[np.intp], groups: int, weight: Floats | None = None
) -> Floats:
    """Count by group, or add up weights by group.

    Parameters
    ----------
    group : int array (m,)
        Group of every respondent.
    groups : int
        How many groups there are.
    weight : float array (m,), optional
        What to add up; 1 when omitted.

    Returns
    -------
    float array (groups,)
        Sums; 0 for a group without respondents.

    Examples
    --------
    >>> count_by(np.array([0, 1, 0]), 2).tolist()
    [2.0, 1.0]
    """
    return np.bincount(group, weights=weight, minlength=groups).astype(
        np.float64, copy=False
    )


def sum_by(group: NDArray[np.intp], values: Floats, groups: int) -> Floats:
    """Add up the rows of a matrix by group.

    Parameters
    ----------
    group : int array (m,)
        Group of every row.
    values : float array (m, k)
        What to add up.
    groups : int
        How many groups there are.

    Returns
    -------
    float array (groups, k)
        Sums; 0 for a group without rows. The matrix itself where every group has
        one row and they stand in order.

    Examples
    --------
    >>> sum_by(np.array([0, 1, 0]), np.array([[1.0], [2.0], [3.0]]), 2).tolist()
    [[4.0], [2.0]]
    """
    steps = np.diff(group)
    if (steps >= 0).all():
        return _sum_runs(group, values, groups, np.flatnonzero(steps))
    width = values.shape[1]
    if len(group) >= MANY:
        from scipy.sparse import csr_array

        ones, ends = np.ones(len(group)), np.arange(len(group) + 1)
        member = csr_array((ones, group, ends), shape=(len(group), groups))
        return np.asarray(member.T @ values, dtype=np.float64)
    key = (group[:, None] * width + np.arange(width)).ravel()
    flat = np.bincount(key, weights=values.ravel(), minlength=groups * width)
    return flat.reshape(groups, width).astype(np.float64, copy=False)


def _sum_runs(
    group: NDArray[np.intp], values: Floats, groups: int, breaks: NDArray[np.intp]
) -> Floats:
    """Add up rows whose groups stand in order."""
    if group.size == groups and breaks.size == groups - 1:
        return values
    result = np.zeros((groups, values.shape[1]))
    if not group.size:
        return result
    if breaks.size == group.size - 1:
        result[group] = values
        return result
    first = np.concatenate([[0], breaks + 1])
    result[group[first]] = np.add.reduceat(values, first, axis=0)
    return result


def renumber(
    key: NDArray[np.intp], size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the keys that occur, in order, and the place of every key among them.

    Parameters
    ----------
    key : int array (n,)
        Keys from 0 to `size` - 1.
    size : int
        How many keys there may be.

    Returns
    -------
    int array (m,), int array (n,)
        Keys that occur, and places.

    Examples
    --------
    >>> renumber(np.array([7, 3, 7]), 10)
    (array([3, 7]), array([1, 0, 1]))
    """
    if size > _DENSE * key.size:
        present, place = np.unique(key, return_inverse=True)
        return present, place.astype(np.intp)
    occurs = np.bincount(key, minlength=size) > 0
    return np.flatnonzero(occurs), (np.cumsum(occurs) - 1)[key]

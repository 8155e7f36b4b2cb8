"""Newton's method for weights that meet margins and means, on distinct rows.

The dual is convex, so that a step is safe where it still leads downhill at its end.
"""

from collections.abc import Callable
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.weighting.distances import Distance, multiples
from survey.weighting.rows import Rows, add_up, spread, sums_of

Floats = NDArray[np.float64]

# Ridges of the Hessian in units of its diagonal: margins share their sum, and rows
# at a limit have no slope. The second shrinks with the gap.
_RIDGE = 1e-13
_RIDGE_OF_GAP = 1e-3
# A line search ends where the slope is below 0 and is this part of the first one.
_FLATTER = 0.5
_MOST_TRIED = 60
_MOST_DOUBLED = 20
# The sums of coefficients go on for ever where nothing meets the goal.
_FARTHEST = 1e8


def _hessian(rows: Rows, amount: Floats) -> Floats:
    """Give the sums of products of every two columns (p, p), without the columns."""
    ends = np.cumsum([0, *(target.size for target in rows.targets)])
    sums = sums_of(rows, amount)
    matrix = np.diag(sums)
    for i, j in combinations(range(len(rows.targets)), 2):
        sizes = rows.targets[i].size, rows.targets[j].size
        key = rows.positions[i] * sizes[1] + rows.positions[j]
        table = add_up(key, amount, sizes[0] * sizes[1])
        matrix[ends[i] : ends[i + 1], ends[j] : ends[j + 1]] = table.reshape(sizes)
    for v, value in enumerate(rows.values.T):
        matrix[:, ends[-1] + v] = sums_of(rows, amount * value)
    upper = np.triu(matrix)
    return np.asarray(upper + np.triu(upper, 1).T)


def newton(
    rows: Rows, distance: Distance, *, tolerance: float, max_steps: int
) -> tuple[Floats, int]:
    """Find the multiples of base weights that meet the goal of the rows.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows.
    distance : {"raking", "linear", "logit"}
        Distance from the base weights.
    tolerance : float
        Largest difference between a sum and its goal.
    max_steps : int
        Steps before giving up.

    Returns
    -------
    float array (q,), int
        Multiples, as near to the goal as they came, and the steps made.

    Notes
    -----
    Newton's method on the convex dual, with a line search. After the goal is met,
    one more step makes it hold to rounding.

    References
    ----------
    .. [1] Deville, Sarndal and Sautory (1993), Journal of the American Statistical
       Association 88(423), 1013-1020.

    Examples
    --------
    >>> rows = Rows(np.array([0.75, 0.25]), (np.array([0, 1]),), np.zeros((2, 0)),
    ...     np.zeros(2), np.full(2, np.inf), (np.array([0.5, 0.5]),))
    >>> found = newton(rows, "raking", tolerance=1e-10, max_steps=50)[0]
    >>> found.round(6).tolist()
    [0.666667, 2.0]
    """
    at = np.zeros(rows.goal.size)
    best, nearest, met = np.ones(rows.base.size), np.inf, False
    diagonal = _diagonal(rows)
    for done in range(max_steps + 1):
        u = spread(rows, at)
        g, slope = multiples(distance, u, rows.low, rows.high)
        miss = rows.goal - sums_of(rows, rows.base * g)
        gap = float(np.abs(miss).max())
        if gap < nearest:
            best, nearest = g, gap
        if met or not gap > 0 or done == max_steps or np.abs(u).max() > _FARTHEST:
            break
        met = gap <= tolerance
        ridge = diagonal * (_RIDGE + _RIDGE_OF_GAP * min(gap, 1.0))
        step = _direction(_hessian(rows, rows.base * slope), ridge, miss)
        moved = at + _length(rows, distance, at, step, miss) * step
        if not np.isfinite(moved).all() or (moved == at).all():
            break
        at = moved
    return best, done


def _diagonal(rows: Rows) -> Floats:
    """Give the size of every column (p,), above 0."""
    shares = sums_of(rows, rows.base)[: rows.goal.size - rows.values.shape[1]]
    size = np.concatenate([shares, rows.base @ rows.values**2])
    return np.where(size > 0, size, 1.0)


def _direction(hessian: Floats, ridge: Floats, miss: Floats) -> Floats:
    """Solve for the step, with every column scaled to size 1."""
    matrix = hessian + np.diag(ridge)
    scale = 1 / np.sqrt(np.diag(matrix))
    try:
        found = np.linalg.solve(matrix * np.outer(scale, scale), miss * scale)
    except np.linalg.LinAlgError:
        return np.full(miss.size, np.nan)
    return np.asarray(found * scale)


def _length(
    rows: Rows, distance: Distance, at: Floats, step: Floats, miss: Floats
) -> float:
    """Give the part of a step to go, so that the dual falls."""
    along, start = spread(rows, step), spread(rows, at)
    goal = float(rows.goal @ step)

    def slope(part: float) -> float:
        """Give the slope of the dual there."""
        g, _ = multiples(distance, start + part * along, rows.low, rows.high)
        return float((rows.base * g) @ along) - goal

    g, _ = multiples(distance, start + along, rows.low, rows.high)
    after = rows.goal - sums_of(rows, rows.base * g)
    if np.abs(after).max() <= _FLATTER * np.abs(miss).max():
        return 1.0
    return _flat(slope)


def _flat(slope: Callable[[float], float]) -> float:
    """Find a part of a step where a rising slope is flat, and not yet above 0."""
    first = slope(0.0)
    low, high = 0.0, 1.0
    for _ in range(_MOST_DOUBLED):
        at_high = slope(high)
        if at_high > 0:
            break
        low, high = high, 2 * high
        if at_high >= _FLATTER * first:
            return low
    for _ in range(_MOST_TRIED):
        middle = (low + high) / 2
        found = slope(middle)
        if _FLATTER * first <= found <= 0:
            return middle
        low, high = (middle, high) if found < 0 else (low, middle)
    return low

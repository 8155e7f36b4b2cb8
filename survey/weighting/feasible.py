"""Feasibility: whether any weights within limits can meet the margins, and which.

A small linear programme proves it, so that a message never blames what is innocent.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.weighting.rows import Rows, add_up, distinct, number_codes, spread

Floats = NDArray[np.float64]

# Sums that miss their goals together by more than this cannot be met.
_MISS = 1e-8
# A price below this comes from rounding.
_PRICE = 1e-6
_TOLERANCES = ("primal_feasibility_tolerance", "dual_feasibility_tolerance")
_EXACT = 1e-10
_NEARLY = 1e-7
_MOST_MOVES = 40


@dataclass(frozen=True, slots=True, eq=False)
class Room:
    """Shares that rows may take.

    Attributes
    ----------
    rows : Rows
        Of q distinct rows.
    unit : float array (q,)
        What the limits multiply: the share of the base weight of a row, or of the
        respondents where the weights themselves are limited.
    least, most : float array (q,)
        Shares that are allowed whatever these limits are.
    """

    rows: Rows
    unit: Floats
    least: Floats
    most: Floats


def coarse(rows: Rows, unit: Floats) -> Room:
    """Join the rows that differ in their limits only.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows.
    unit : float array (q,)
        What the limits multiply.

    Returns
    -------
    Room
        Rows that differ in margins or numbers, free from 0 on, with one margin more
        in front, which everyone is in.

    Examples
    --------
    >>> place, none = np.zeros(2, int), np.zeros((2, 0))
    >>> rows = Rows(np.array([0.4, 0.6]), (place,), none, np.zeros(2), np.ones(2),
    ...     (np.ones(1),))
    >>> coarse(rows, np.array([0.5, 0.5])).unit.tolist()
    [1.0]
    """
    row, first = distinct([*rows.positions, *number_codes([*rows.values.T])])
    size = first.size
    everyone = np.zeros(size, dtype=np.intp)
    joined = Rows(
        add_up(row, rows.base, size),
        (everyone, *(position[first] for position in rows.positions)),
        rows.values[first],
        rows.low[first],
        rows.high[first],
        (np.ones(1), *rows.targets),
    )
    free = np.zeros(size), np.full(size, np.inf)
    return Room(joined, add_up(row, unit, size), *free)


def opposed(rows: Rows) -> list[int]:
    """Name the targets that no weights of 0 or more can meet together.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows; their limits do not count.

    Returns
    -------
    list of int
        Columns of `Rows.goal` that contradict each other; empty where all can be met.

    Notes
    -----
    The least sum of all misses is above 0 exactly when the targets contradict each
    other, and then its dual prices prove it: targets without a price do not matter.
    Margins and totals that can be left out without making the rest possible are.

    Examples
    --------
    Nobody is in the first category of one margin and in the second of the other, so
    that they cannot hold 70 percent each.

    >>> place, half = np.array([0, 1]), np.array([0.5, 0.5])
    >>> rows = Rows(half, (place, place), np.zeros((2, 0)), np.zeros(2), np.ones(2),
    ...     (np.array([0.7, 0.3]), np.array([0.3, 0.7])))
    >>> opposed(rows)
    [0, 3]
    """
    room = coarse(rows, rows.base)
    sizes = [*(target.size for target in rows.targets), *[1] * rows.values.shape[1]]
    # The size of the population, which comes first, counts without a margin as well.
    block = np.repeat(np.arange(len(sizes) + 1), [1, *sizes])
    kept, price = np.ones(block.size), np.zeros(block.size)
    for left_out in range(len(sizes) + 1):
        without = np.where((block == left_out) & (block > 0), 0.0, kept)
        miss, found = _least_miss(room.rows, room.least, room.most, without)
        if miss > _MISS:
            kept, price = without, found
        elif not left_out:
            return []
    return np.flatnonzero(_own_price(room.rows, price)[1:]).tolist()


def smallest_upper(room: Room, low: float) -> float | None:
    """Give the smallest upper limit under which all targets can be met.

    Parameters
    ----------
    room : Room
        Rows, and what the limits multiply.
    low : float
        Lower limit.

    Returns
    -------
    float or None
        Limit; None where no upper limit is high enough.

    Notes
    -----
    The prices that prove a limit too narrow say how far it has to move at least.
    A few such moves end at the smallest limit, which nothing proves too narrow.

    Examples
    --------
    A category of a quarter of the base weight shall become half.

    >>> rows = Rows(np.array([0.75, 0.25]), (np.array([0, 1]),), np.zeros((2, 0)),
    ...     np.zeros(2), np.ones(2), (np.array([0.5, 0.5]),))
    >>> round(smallest_upper(coarse(rows, rows.base), 0.0), 9)
    2.0
    """
    least = np.maximum(room.least, low * room.unit)
    high = max(1.0, float((least / room.unit).max()))
    for _ in range(_MOST_MOVES):
        most = np.minimum(room.most, high * room.unit)
        miss, price = _least_miss(room.rows, least, np.maximum(least, most))
        wanted = spread(room.rows, price)
        grows = (wanted > 0) & (high * room.unit < room.most)
        gain = float(room.unit[grows] @ wanted[grows])
        if miss <= _EXACT:
            return high
        if gain <= _EXACT:
            return None
        high += miss / gain
    return high


def largest_lower(room: Room, high: float) -> float | None:
    """Give the largest lower limit under which all targets can be met.

    Parameters
    ----------
    room : Room
        Rows, and what the limits multiply.
    high : float
        Upper limit.

    Returns
    -------
    float or None
        Limit; None where not even 0 is low enough.

    Examples
    --------
    >>> rows = Rows(np.array([0.75, 0.25]), (np.array([0, 1]),), np.zeros((2, 0)),
    ...     np.zeros(2), np.ones(2), (np.array([0.5, 0.5]),))
    >>> round(largest_lower(coarse(rows, rows.base), 3.0), 6)
    0.666667
    """
    most = np.minimum(room.most, high * room.unit)
    low = min(1.0, float((most / room.unit).min()))
    for _ in range(_MOST_MOVES):
        least = np.maximum(room.least, low * room.unit)
        miss, price = _least_miss(room.rows, np.minimum(least, most), most)
        wanted = spread(room.rows, price)
        gives = (wanted < 0) & (low * room.unit > room.least)
        gain = float(room.unit[gives] @ -wanted[gives])
        if miss <= _EXACT:
            return low
        if gain <= _EXACT or low <= 0:
            return None
        low = max(low - miss / gain, 0.0)
    return low


def _least_miss(
    rows: Rows, least: Floats, most: Floats, kept: Floats | float = 1.0
) -> tuple[float, Floats]:
    """Give the least sum of the misses of what is kept, and its dual prices (p,)."""
    from scipy.optimize import linprog
    from scipy.sparse import eye_array, hstack

    matrix, scale = _matrix(rows)
    p, q = matrix.shape
    slack = np.tile([0.0, np.inf], (2 * p, 1))
    solve: Any = linprog
    for near in (_EXACT, _NEARLY):
        found = solve(
            np.concatenate([np.zeros(q), np.tile(kept * np.ones(p), 2)]),
            A_eq=hstack([matrix, eye_array(p), -eye_array(p)]),
            b_eq=rows.goal * scale,
            bounds=np.vstack([np.column_stack([least, most]), slack]),
            method="highs",
            options=dict.fromkeys(_TOLERANCES, near),
        )
        if not found.status:
            return float(found.fun), np.asarray(found.eqlin.marginals * scale)
    raise AssertionError(f"a programme that has a solution: {found.message}")


def _matrix(rows: Rows) -> tuple[Any, Floats]:
    """Give the sums as a sparse matrix (p, q) over shares, and how it is scaled."""
    from scipy.sparse import csr_array, vstack

    q = rows.base.size
    ones, each = np.ones(q), np.arange(q)
    pairs = zip(rows.positions, rows.targets, strict=True)
    blocks = [csr_array((ones, (k, each)), shape=(t.size, q)) for k, t in pairs]
    size = np.sqrt(rows.base @ rows.values**2 / rows.base.sum())
    size = np.where(size > 0, size, 1.0)
    matrix = vstack([*blocks, csr_array((rows.values / size).T)])
    scale = np.concatenate([np.ones(matrix.shape[0] - size.size), 1 / size])
    return matrix, scale


def _own_price(rows: Rows, price: Floats) -> Floats:
    """Give prices less the commonest of their margin, as a margin has a known sum."""
    price = np.where(np.abs(price) < _PRICE, 0.0, price)
    start = 0
    for target in rows.targets:
        part = slice(start, start + target.size)
        values, counts = np.unique(price[part].round(6), return_counts=True)
        # Of prices equally common the lowest is left out: what is too high remains.
        usual = values[np.argmax(counts)]
        price[part] = np.where(np.abs(price[part] - usual) < _PRICE, 0, price[part])
        start += target.size
    return price

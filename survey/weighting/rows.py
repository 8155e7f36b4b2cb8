"""Rows: respondents who are alike to a fit, counted as one.

No matrix of respondents by categories is made: sums run over positions.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]
Places = NDArray[np.intp]

# Tables of this many cells for each respondent are counted, larger ones are sorted.
_DENSE = 4


@dataclass(frozen=True, slots=True, eq=False)
class Rows:
    """Distinct rows of a fit.

    Attributes
    ----------
    base : float array (q,)
        Base weight of each row, with sum 1.
    positions : tuple of int arrays (q,)
        Category of each row on every margin.
    values : float array (q, v)
        Numbers of each row, less the mean of the population.
    low, high : float array (q,)
        Limits of the multiple of the base weight.
    targets : tuple of float arrays (K,)
        Shares of the population, by margin; the mean of `values` shall be 0.
    """

    base: Floats
    positions: tuple[Places, ...]
    values: Floats
    low: Floats
    high: Floats
    targets: tuple[Floats, ...]

    @property
    def goal(self) -> Floats:
        """What the sums shall be (p,): shares, then 0 for each number."""
        return np.concatenate([*self.targets, np.zeros(self.values.shape[1])])


def distinct(keys: Sequence[Places]) -> tuple[Places, Places]:
    """Give numbers to the combinations of keys that occur.

    Parameters
    ----------
    keys : sequence of int arrays (n,)
        Numbers of 0 or more.

    Returns
    -------
    int array (n,), int array (q,)
        The combination of everyone, and where each combination is found first.

    Examples
    --------
    >>> [found.tolist() for found in distinct([np.array([1, 0, 1]), np.zeros(3, int)])]
    [[1, 0, 1], [1, 0]]
    """
    cell, size = keys[0], int(keys[0].max()) + 1
    for key in keys[1:]:
        more = int(key.max()) + 1
        if size * more > np.iinfo(np.int64).max:
            cell, first = _numbered(cell, size)
            size = first.size
        cell, size = cell * more + key, size * more
    return _numbered(cell, size)


def number_codes(columns: Sequence[Floats]) -> list[Places]:
    """Give numbers to the values of columns that are not the same everywhere.

    Parameters
    ----------
    columns : sequence of float arrays (n,)
        Numbers.

    Returns
    -------
    list of int arrays (n,)
        Rank of every value among the distinct ones.

    Examples
    --------
    >>> found = number_codes([np.array([5.0, 3.0, 5.0]), np.ones(3)])
    >>> [codes.tolist() for codes in found]
    [[1, 0, 1]]
    """
    vary = [column for column in columns if (column != column[0]).any()]
    return [np.unique(column, return_inverse=True)[1] for column in vary]


def _numbered(cell: Places, size: int) -> tuple[Places, Places]:
    """Give the numbers that occur in a row without gaps."""
    if size > _DENSE * cell.size:
        first, place = np.unique(cell, return_index=True, return_inverse=True)[1:]
        return place.astype(np.intp, copy=False), first
    occurs = np.bincount(cell, minlength=size) > 0
    place = (np.cumsum(occurs) - 1)[cell]
    first = np.empty(int(occurs.sum()), dtype=np.intp)
    first[place[::-1]] = np.arange(cell.size)[::-1]
    return place, first


def add_up(place: Places, amount: Floats, size: int) -> Floats:
    """Add amounts up by place.

    Parameters
    ----------
    place : int array (n,)
        Place of each amount, 0 to `size` - 1.
    amount : float array (n,)
        What to add up.
    size : int
        Number of places.

    Returns
    -------
    float array (size,)
        Sums.

    Examples
    --------
    >>> add_up(np.array([0, 2, 0]), np.array([1.0, 2.0, 4.0]), 3).tolist()
    [5.0, 0.0, 2.0]
    """
    found: NDArray[Any] = np.bincount(place, weights=amount, minlength=size)
    return found


def sums_of(rows: Rows, amount: Floats) -> Floats:
    """Add amounts of rows up by category, and times the numbers.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows.
    amount : float array (q,)
        What to add up.

    Returns
    -------
    float array (p,)
        One sum for each category of each margin, then one for each number.

    Examples
    --------
    >>> rows = Rows(np.array([0.5, 0.5]), (np.array([0, 1]),), np.array([[2.0], [4.0]]),
    ...     np.zeros(2), np.ones(2), (np.array([0.4, 0.6]),))
    >>> sums_of(rows, rows.base).tolist()
    [0.5, 0.5, 3.0]
    """
    pairs = zip(rows.positions, rows.targets, strict=True)
    parts = [add_up(place, amount, target.size) for place, target in pairs]
    return np.concatenate([*parts, amount @ rows.values])


def spread(rows: Rows, coefficient: Floats) -> Floats:
    """Give every row the sum of its coefficients.

    Parameters
    ----------
    rows : Rows
        Of q distinct rows.
    coefficient : float array (p,)
        One for each category of each margin, then one for each number.

    Returns
    -------
    float array (q,)
        Sums.

    Examples
    --------
    >>> rows = Rows(np.array([0.5, 0.5]), (np.array([0, 1]),), np.array([[2.0], [4.0]]),
    ...     np.zeros(2), np.ones(2), (np.array([0.4, 0.6]),))
    >>> spread(rows, np.array([1.0, 10.0, 100.0])).tolist()
    [201.0, 410.0]
    """
    total, start = np.zeros(rows.base.size), 0
    for place, target in zip(rows.positions, rows.targets, strict=True):
        total += coefficient[start : start + target.size][place]
        start += target.size
    return total + rows.values @ coefficient[start:]


def find_rows(
    margins: Sequence[Margin], values: Floats, base: Floats, low: Floats, high: Floats
) -> tuple[Rows, Places]:
    """Put respondents who are alike into one row.

    Parameters
    ----------
    margins : sequence of Margin
        One or more, of n respondents.
    values : float array (n, v)
        Numbers, less the mean of the population.
    base : float array (n,)
        Base weights above 0.
    low, high : float array (n,)
        Limits of the multiple of the base weight.

    Returns
    -------
    Rows, int array (n,)
        Distinct rows, and the row of everyone.

    Examples
    --------
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 0, 1]))
    >>> rows, row = find_rows(
    ...     [size], np.zeros((3, 0)), np.ones(3), np.zeros(3), np.full(3, 9.0)
    ... )
    >>> row.tolist(), rows.base.round(3).tolist()
    ([0, 0, 1], [0.667, 0.333])
    """
    codes = number_codes([*values.T, low, high])
    row, first = distinct([*(margin.position for margin in margins), *codes])
    rows = Rows(
        add_up(row, base, first.size) / base.sum(),
        tuple(margin.position[first] for margin in margins),
        values[first],
        low[first],
        high[first],
        tuple(margin.targets for margin in margins),
    )
    return rows, row

"""Combinations of the categories of several margins, as halves of halves.

A sum over one half of the margins is a product of a table and a vector.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]
Ints = NDArray[np.intp]

# A product of categories up to this size is kept whole, whoever occurs in it.
_SMALL = 1024


@dataclass(frozen=True, slots=True, eq=False)
class Single:
    """The categories of one margin.

    Attributes
    ----------
    margin : int
        Place of the margin among all margins.
    size : int
        Number of categories.
    """

    margin: int
    size: int


@dataclass(frozen=True, slots=True, eq=False)
class Pair:
    """The combinations of two halves of the margins.

    Attributes
    ----------
    left, right : Single or Pair
        Combinations of the first margins, and of the other ones.
    size : int
        Q, the number of combinations.
    parts : tuple of two int arrays (Q,), or None
        Place of every combination on the left and on the right; None where all of
        them are there, the right ones running fastest.
    """

    left: "Single | Pair"
    right: "Single | Pair"
    size: int
    parts: tuple[Ints, Ints] | None


Cells = Single | Pair


def combine(margins: Sequence[Margin]) -> tuple[Cells, Ints]:
    """Give a number to every combination of categories.

    Parameters
    ----------
    margins : sequence of Margin
        Categories of n respondents.

    Returns
    -------
    Single or Pair, int array (n,)
        Q combinations, and that of every respondent.

    Examples
    --------
    >>> half = np.array([0.5, 0.5])
    >>> size = Margin("size", ("s", "l"), half, np.array([0, 0, 1]))
    >>> region = Margin("region", ("n", "s"), half, np.array([0, 1, 1]))
    >>> cells, cell = combine([size, region])
    >>> cells.size, cell.tolist()
    (4, [0, 1, 3])
    """
    return _combine(margins, range(len(margins)))


def _combine(margins: Sequence[Margin], places: range) -> tuple[Cells, Ints]:
    """Give a number to every combination of some of the margins."""
    first, half = places[0], len(places) // 2
    if not half:
        margin = margins[first]
        return Single(first, margin.targets.size), margin.position
    left, cell = _combine(margins, places[:half])
    right, other = _combine(margins, places[half:])
    key = cell * right.size
    key += other
    size = left.size * right.size
    if size <= max(key.size, _SMALL):
        return Pair(left, right, size, None), key
    cell, occurring = pd.factorize(key)
    parts = np.divmod(occurring, right.size)
    return Pair(left, right, occurring.size, parts), cell


def table_of(cells: Cells, cell: Ints, weight: Floats) -> Floats:
    """Add weights up by combination.

    Parameters
    ----------
    cells : Single or Pair
        Q combinations.
    cell : int array (n,)
        Combination of every respondent.
    weight : float array (n,)
        Weights.

    Returns
    -------
    float array (Q,)
        Sums.

    Examples
    --------
    >>> table_of(Single(0, 3), np.array([0, 2, 0]), np.array([1.0, 2.0, 3.0])).tolist()
    [4.0, 0.0, 2.0]
    """
    return _summed(cell, weight, cells.size)


def shares_of(cells: Cells, table: Floats) -> list[Floats]:
    """Give the shares of the categories of every margin.

    Parameters
    ----------
    cells : Single or Pair
        Q combinations.
    table : float array (Q,)
        Their weights.

    Returns
    -------
    list of float arrays
        Shares, one array for each margin.

    Examples
    --------
    >>> two = Pair(Single(0, 2), Single(1, 2), 4, None)
    >>> [each.tolist() for each in shares_of(two, np.array([4.0, 1.0, 2.0, 3.0]))]
    [[0.5, 0.5], [0.6, 0.4]]
    """
    if isinstance(cells, Single):
        return [table / table.sum()]
    lefts = shares_of(cells.left, on_left(cells, table, np.ones(cells.right.size)))
    rights = shares_of(cells.right, on_right(cells, table, np.ones(cells.left.size)))
    return lefts + rights


def product_of(cells: Cells, factors: list[Floats]) -> Floats:
    """Multiply the factors of the categories of every combination.

    Parameters
    ----------
    cells : Single or Pair
        Q combinations, of all margins or of some of them.
    factors : list of float arrays
        One factor for each category, one array for each of all margins.

    Returns
    -------
    float array (Q,)
        Products.

    Examples
    --------
    >>> two = Pair(Single(0, 2), Single(1, 2), 4, None)
    >>> product_of(two, [np.array([1.0, 2.0]), np.array([3.0, 5.0])]).tolist()
    [3.0, 5.0, 6.0, 10.0]
    """
    if isinstance(cells, Single):
        return factors[cells.margin]
    left, right = product_of(cells.left, factors), product_of(cells.right, factors)
    if cells.parts is None:
        return np.multiply.outer(left, right).ravel()
    return left[cells.parts[0]] * right[cells.parts[1]]


def on_left(cells: Pair, table: Floats, factor: Floats) -> Floats:
    """Sum a table over what is on the right, times a factor.

    Parameters
    ----------
    cells : Pair
        Q combinations of R on the right with L on the left.
    table : float array (Q,)
        Their weights.
    factor : float array (R,)
        Factor of what is on the right.

    Returns
    -------
    float array (L,)
        Sums.

    Examples
    --------
    >>> two = Pair(Single(0, 2), Single(1, 2), 4, None)
    >>> on_left(two, np.array([4.0, 1.0, 2.0, 3.0]), np.array([1.0, 0.0])).tolist()
    [4.0, 2.0]
    """
    if cells.parts is None:
        return table.reshape(cells.left.size, -1) @ factor
    left, right = cells.parts
    return _summed(left, table * factor[right], cells.left.size)


def on_right(cells: Pair, table: Floats, factor: Floats) -> Floats:
    """Sum a table over what is on the left, times a factor.

    Parameters
    ----------
    cells : Pair
        Q combinations of L on the left with R on the right.
    table : float array (Q,)
        Their weights.
    factor : float array (L,)
        Factor of what is on the left.

    Returns
    -------
    float array (R,)
        Sums.

    Examples
    --------
    >>> two = Pair(Single(0, 2), Single(1, 2), 4, None)
    >>> on_right(two, np.array([4.0, 1.0, 2.0, 3.0]), np.array([1.0, 0.0])).tolist()
    [4.0, 1.0]
    """
    if cells.parts is None:
        return factor @ table.reshape(cells.left.size, -1)
    left, right = cells.parts
    return _summed(right, table * factor[left], cells.right.size)


def _summed(place: Ints, amount: Floats, size: int) -> Floats:
    """Add amounts up by place (size,)."""
    sums = np.bincount(place, weights=amount, minlength=size)
    return sums.astype(np.float64, copy=False)

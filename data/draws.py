"""Random answers whose weighted shares come out as planned.

An answer is drawn by its probabilities; then a few respondents, of those who were
likely to, change their answer until the planned shares are met.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

FloatArray = NDArray[np.float64]
IntArray = NDArray[np.intp]

SMALLEST_SHARE = 1e-9
# Sum of the gaps between planned and drawn shares that is left alone.
CLOSE_ENOUGH = 0.006
MOST_CHANGES = 200


def normal(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw standard normal numbers from uniform ones (Box and Muller 1958).

    Parameters
    ----------
    rng : Generator
        Source of uniform numbers.
    count : int
        How many to draw.

    Returns
    -------
    float array (count,)
        Independent standard normal numbers.
    """
    radius = np.sqrt(-2 * np.log(1 - rng.random(count)))
    return np.asarray(radius * np.cos(2 * np.pi * rng.random(count)))


def spread(rng: np.random.Generator, count: int) -> FloatArray:
    """Draw uniform numbers that cover 0 to 1 evenly.

    A Latin hypercube (McKay, Beckman and Conover 1979): each of `count` equal steps
    is hit once, so that drawn shares are close to the mean probabilities.

    Parameters
    ----------
    rng : Generator
        Source of uniform numbers.
    count : int
        How many numbers.

    Returns
    -------
    float array (count,)
        Numbers between 0 and 1 in random order.
    """
    return np.asarray((order(rng, count) + rng.random(count)) / max(count, 1))


def order(rng: np.random.Generator, count: int) -> IntArray:
    """Give the numbers from 0 to `count` - 1 in random order.

    Parameters
    ----------
    rng : Generator
        Source of uniform numbers.
    count : int
        How many numbers.

    Returns
    -------
    int array (count,)
        A permutation.
    """
    return np.asarray(np.argsort(rng.random(count), kind="stable"))


def allocate(
    total: int, rows: Sequence[float], columns: Sequence[float]
) -> NDArray[np.int_]:
    """Split a total over the cells of two independent margins.

    Whole numbers by largest remainder, so that they add up to the total.

    Parameters
    ----------
    total : int
        What to split.
    rows, columns : sequence of float
        Shares of the margins, each summing to 1.

    Returns
    -------
    int array (rows, columns)
        Number in every cell.

    Examples
    --------
    >>> allocate(10, [0.5, 0.5], [0.3, 0.7]).tolist()
    [[2, 4], [1, 3]]
    """
    exact = total * np.outer(rows, columns).round(12)
    whole: NDArray[np.int_] = np.floor(exact).astype(int)
    missing = total - int(whole.sum())
    first = np.argsort(-(exact - whole).ravel(), kind="stable")[:missing]
    whole.ravel()[first] += 1
    return whole


def rake(
    first: IntArray, second: IntArray, targets: Sequence[FloatArray]
) -> FloatArray:
    """Weight records so that two margins meet their targets.

    Parameters
    ----------
    first, second : int array (n,)
        Category of each record in the two margins, from 0.
    targets : two float arrays
        Shares of the categories, each summing to 1.

    Returns
    -------
    float array (n,)
        Weights with mean 1.
    """
    weight: FloatArray = np.ones(len(first))
    for _ in range(200):
        for margin, target in zip((first, second), targets, strict=True):
            achieved = np.bincount(margin, weight, len(target)) / weight.sum()
            weight = weight * (target / achieved)[margin]
    return np.asarray(weight / weight.mean())


def lean_to(
    shares: FloatArray, lean: FloatArray, trait: FloatArray, weight: FloatArray
) -> FloatArray:
    """Give every respondent probabilities that depend on a trait.

    A multinomial logit whose constants are set so that the weighted mean
    probability of each category is its planned share.

    Parameters
    ----------
    shares, lean : float array (K,)
        Planned share of each category, and how strongly the trait favours it.
    trait, weight : float array (n,)
        Trait of each respondent, standard normal, and weight.

    Returns
    -------
    float array (n, K)
        Probabilities, each row summing to 1.
    """
    planned = np.maximum(shares, SMALLEST_SHARE)
    constant = np.log(planned)
    for _ in range(60):
        odds = np.exp(constant + np.outer(trait, lean))
        chance = odds / odds.sum(axis=1, keepdims=True)
        constant = constant + np.log(planned / (weight @ chance / weight.sum()))
    return np.asarray(chance)


def settle(
    chance: FloatArray,
    shares: FloatArray,
    weight: FloatArray,
    uniform: FloatArray,
    preset: IntArray | None = None,
) -> IntArray:
    """Turn probabilities into answers that meet the planned shares.

    Parameters
    ----------
    chance : float array (n, K)
        Probabilities.
    shares : float array (K,)
        Planned weighted shares.
    weight : float array (n,)
        Weights; 0 for respondents who do not count.
    uniform : float array (n,)
        Uniform number of each respondent.
    preset : int array (n,), optional
        Category of respondents whose answer is settled already, -1 elsewhere.

    Returns
    -------
    int array (n,)
        Category of each respondent.
    """
    steps = chance.cumsum(axis=1)[:, :-1]
    category: IntArray = (uniform[:, None] > steps).sum(axis=1)
    free = chance >= shares
    if preset is not None:
        category = np.where(preset >= 0, preset, category)
        free &= (preset < 0)[:, None]
    part = weight / weight.sum()
    # In the order of the uniform numbers, so that ties do not hit the first records.
    turn = np.argsort(uniform, kind="stable")
    category[turn] = _repair(category[turn], shares, part[turn], free[turn])
    return category


def _repair(
    category: IntArray, shares: FloatArray, part: FloatArray, free: NDArray[np.bool_]
) -> IntArray:
    """Change one answer after another, each time the one that helps most."""
    changed = category.copy()
    for _ in range(MOST_CHANGES):
        gap = np.bincount(changed, part, len(shares)) - shares
        if np.abs(gap).sum() < CLOSE_ENOUGH:
            break
        out = np.abs(gap[changed] - part) - np.abs(gap[changed])
        into = np.abs(gap + part[:, None]) - np.abs(gap)
        gain = np.where(free, out[:, None] + into, 0.0)
        gain[np.arange(len(changed)), changed] = 0.0
        # Rounded, so that a tie falls to the same record on every processor.
        row, best = divmod(int(np.argmin(gain.round(9))), len(shares))
        if gain[row, best] >= 0:
            break
        changed[row] = best
    return changed

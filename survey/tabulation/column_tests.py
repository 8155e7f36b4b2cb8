"""Column tests: which columns of a banner question differ, and their letters.

A letter stands in the column with the larger value and names the column it exceeds.
"""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some
from survey.estimation.table import Estimates

Floats = NDArray[np.float64]
Adjust = Literal["none", "bonferroni", "holm", "bh"]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_LEVELS = 2


@dataclass(frozen=True, slots=True, eq=False)
class ColumnTests:
    """Pairwise tests of the columns of one banner question, row by row.

    Attributes
    ----------
    first, second : int arrays (pairs,)
        Columns compared, counted from 0 without Total.
    difference : float array (R, pairs)
        First less second.
    p_value : float array (R, pairs)
        Adjusted; NaN where nothing was tested.
    """

    first: NDArray[np.intp]
    second: NDArray[np.intp]
    difference: Floats
    p_value: Floats


def check_tests(levels: tuple[float, ...], adjust: str) -> None:
    """Refuse levels or an adjustment that cannot be used.

    Parameters
    ----------
    levels : tuple of float
        One or two significance levels.
    adjust : str
        Name of the adjustment.

    Raises
    ------
    EstimationError
        One of them cannot be used.
    """
    if adjust not in get_args(Adjust):
        raise EstimationError(
            f"adjust {adjust!r} is not known. Use one of {some(get_args(Adjust))}."
        )
    if not 1 <= len(levels) <= _MOST_LEVELS or not all(0 < p < 1 for p in levels):
        raise EstimationError(
            f"levels are {levels}; give one or two between 0 and 1, such as "
            "(0.05, 0.10)."
        )


def compare_columns(
    table: Estimates, tested: NDArray[np.bool_], *, adjust: str, shares: bool
) -> ColumnTests:
    """Test every pair of columns after Total, row by row.

    Parameters
    ----------
    table : Estimates
        Estimates of R rows in C columns with their covariance.
    tested : bool array (C - 1,)
        Columns that take part.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment over the pairs tested in one row of one banner question.
    shares : bool
        Whether the estimates are shares.

    Returns
    -------
    ColumnTests
        Differences and p-values.

    Notes
    -----
    t test of the difference with the design-based variance
    ``v_ii + v_jj - 2 v_ij``, whose covariance counts respondents who are in both
    columns and PSUs that span both. Degrees of freedom are the smaller of the two
    columns. A share of exactly 0 % or 100 % has an estimated variance of 0, which
    would make any difference significant; it is given the binomial variance of the
    pooled share on its effective base instead.

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B
       57(1), 289-300.
    .. [2] Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.
    """
    first, second = np.triu_indices(tested.size, 1)
    keep = tested[first] & tested[second]
    first, second = first[keep], second[keep]
    one, two = first + 1, second + 1
    difference = table.estimate[:, one] - table.estimate[:, two]
    variance = np.einsum("rcc->rc", table.covariance)
    spread = variance[:, one] + variance[:, two] - 2 * table.covariance[:, one, two]
    if shares:
        spread = spread + _extremes(table, one, two) + _extremes(table, two, one)
    df = table.precision.degrees_of_freedom
    df = np.maximum(np.minimum(df[one], df[two]), 1.0)
    testable = spread > 0
    statistic = np.abs(difference) / np.sqrt(np.where(testable, spread, 1.0))
    p_value = np.where(testable, 2 * special.stdtr(df, -statistic), np.nan)
    return ColumnTests(first, second, difference, adjusted(p_value, adjust))


def _extremes(table: Estimates, one: NDArray[np.intp], two: NDArray[np.intp]) -> Floats:
    """Give the variance of the first column where its share is 0 % or 100 %."""
    share, effective = table.estimate, table.precision.base_effective
    weight = table.base_weighted[one], table.base_weighted[two]
    pooled = (share[:, one] * weight[0] + share[:, two] * weight[1]) / sum(weight)
    extreme = (share[:, one] <= 0) | (share[:, one] >= 1)
    return np.where(extreme, pooled * (1 - pooled) / effective[one], 0.0)


def adjusted(p_value: Floats, adjust: str) -> Floats:
    """Adjust p-values for the number of tests in their row.

    Parameters
    ----------
    p_value : float array (R, pairs)
        P-values; NaN where nothing was tested.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Method.

    Returns
    -------
    float array (R, pairs)
        Adjusted p-values, at most 1.

    Examples
    --------
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "bonferroni").round(2)
    array([[0.03, 0.12, 0.09]])
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "holm").round(2)
    array([[0.03, 0.06, 0.06]])
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "bh").round(2)
    array([[0.03, 0.04, 0.04]])
    """
    if adjust == "none" or not p_value.size:
        return p_value
    tests = np.isfinite(p_value).sum(axis=1, keepdims=True)
    if adjust == "bonferroni":
        return np.asarray(np.minimum(p_value * tests, 1.0))
    order = np.argsort(p_value, axis=1)
    ordered = np.take_along_axis(p_value, order, axis=1)
    rank = np.arange(1, p_value.shape[1] + 1)
    if adjust == "holm":
        steps = np.fmax.accumulate(ordered * (tests - rank + 1), axis=1)
    else:
        falling = (ordered * tests / rank)[:, ::-1]
        steps = np.fmin.accumulate(falling, axis=1)[:, ::-1]
    # The accumulated value runs on into the places that were not tested.
    steps = np.where(np.isnan(ordered), np.nan, np.minimum(steps, 1.0))
    result = np.empty_like(p_value)
    np.put_along_axis(result, order, steps, axis=1)
    return result


def letter_of(place: int) -> str:
    """Give the letter of a column: A to Z, then AA, AB and so on.

    Parameters
    ----------
    place : int
        Column, counted from 0.

    Returns
    -------
    str
        Its letter.

    Examples
    --------
    >>> letter_of(0), letter_of(25), letter_of(26)
    ('A', 'Z', 'AA')
    """
    text = ""
    place += 1
    while place:
        place, rest = divmod(place - 1, len(_ALPHABET))
        text = _ALPHABET[rest] + text
    return text


def letters(
    tests: ColumnTests, rows: int, columns: int, levels: tuple[float, ...]
) -> NDArray[np.object_]:
    """Write the letters of the columns that each cell exceeds.

    Parameters
    ----------
    tests : ColumnTests
        Pairwise tests.
    rows, columns : int
        Size of the table without Total.
    levels : tuple of float
        Significance levels: a capital at the stricter, a small letter at the other.

    Returns
    -------
    object array (rows, columns)
        Texts such as ``"A b"``.

    Examples
    --------
    >>> pair = np.array([0]), np.array([1])
    >>> tests = ColumnTests(*pair, np.array([[0.2]]), np.array([[0.07]]))
    >>> letters(tests, 1, 2, (0.05, 0.10)).tolist()
    [['b', '']]
    """
    found: dict[tuple[int, int], list[tuple[int, str]]] = {}
    strict, loose = min(levels), max(levels)
    for row, pair in np.argwhere(tests.p_value < loose).tolist():
        high, low = int(tests.first[pair]), int(tests.second[pair])
        if tests.difference[row, pair] < 0:
            high, low = low, high
        letter = letter_of(low)
        if tests.p_value[row, pair] >= strict:
            letter = letter.lower()
        found.setdefault((row, high), []).append((low, letter))
    result = np.full((rows, columns), "", dtype=object)
    for cell, exceeded in found.items():
        result[cell] = " ".join(letter for _, letter in sorted(exceeded))
    return result

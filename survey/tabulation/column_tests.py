"""Column tests: which columns of a banner question differ, and their letters.

A letter stands in the column with the larger value and names the column it exceeds.
"""

from dataclasses import dataclass, field
from itertools import pairwise
from typing import get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some
from survey.estimation.estimates import Estimates
from survey.tabulation.adjustment import Adjust, Family, adjusted

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Places = NDArray[np.intp]

_ALPHABET = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
_MOST_LEVELS = 2
# A variance below this share of its terms is rounding error.
_ROUNDING = 1e-12
_DIGIT = 1e-12


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


@dataclass(frozen=True, slots=True, eq=False)
class Differences:
    """Differences of pairs of columns, and their tests without adjustment.

    Attributes
    ----------
    difference : float array (R, pairs)
        First column less second.
    p_value : float array (R, pairs)
        NaN where nothing was tested.
    std_error, degrees_of_freedom : float arrays (R, pairs)
        What the test rests on; NaN where nothing was tested.
    """

    difference: Floats
    p_value: Floats
    std_error: Floats = field(default_factory=lambda: np.zeros(0))
    degrees_of_freedom: Floats = field(default_factory=lambda: np.zeros(0))


def check_tests(
    levels: tuple[float, ...],
    adjust: str,
    family: str = "row",
    min_difference: float = 0.0,
) -> None:
    """Refuse levels or an adjustment that cannot be used.

    Parameters
    ----------
    levels : tuple of float
        One or two significance levels.
    adjust, family : str
        Name of the adjustment, and of the tests that it is over.
    min_difference : float
        Smallest difference that is marked.

    Raises
    ------
    EstimationError
        One of them cannot be used.
    """
    if adjust not in get_args(Adjust):
        raise EstimationError(
            f"adjust {adjust!r} is not known. Use one of {some(get_args(Adjust))}."
        )
    if family not in get_args(Family):
        raise EstimationError(
            f"family {family!r} is not known. Use one of {some(get_args(Family))}."
        )
    if not 0 <= min_difference <= 1:
        raise EstimationError(
            f"min_difference is {min_difference}; it must be 0 to 1, such as 0.05 "
            "for 5 percentage points."
        )
    if not 1 <= len(levels) <= _MOST_LEVELS or not all(0 < p < 1 for p in levels):
        raise EstimationError(
            f"levels are {levels}; give one or two between 0 and 1, such as "
            "(0.05, 0.10)."
        )


def compare_columns(
    table: Estimates,
    tested: Bools,
    *,
    adjust: str = "none",
    shares: bool | Bools = True,
) -> ColumnTests:
    """Test every pair of columns after Total, row by row.

    Parameters
    ----------
    table : Estimates
        Estimates of R rows in C columns with their covariance. Bases may be arrays
        (C,), or (R, C) where the rows are those of several questions.
    tested : bool array (C - 1,) or (R, C - 1)
        Columns that take part.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Adjustment over the pairs tested in one row; see `adjusted_over` for others.
    shares : bool or bool array (R,)
        Whether the estimates of a row are shares.

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
    """
    first, second = np.triu_indices(tested.shape[-1], 1)
    both = tested[..., first] & tested[..., second]
    keep = np.atleast_2d(both).any(axis=0)
    first, second, both = first[keep], second[keep], both[..., keep]
    found = differences(table, first + 1, second + 1, both, shares=shares)
    return ColumnTests(first, second, found.difference, adjusted(found.p_value, adjust))


def differences(
    table: Estimates,
    one: Places,
    two: Places,
    tested: Bools,
    *,
    shares: bool | Bools = True,
) -> Differences:
    """Test pairs of columns, row by row.

    Parameters
    ----------
    table : Estimates
        Estimates of R rows in C columns with their covariance.
    one, two : int arrays (pairs,)
        Columns of the table; 0 is Total, and only ever the second.
    tested : bool array (pairs,) or (R, pairs)
        Which pairs to test.
    shares : bool or bool array (R,)
        Whether the estimates of a row are shares.

    Returns
    -------
    Differences
        First less second, and p-values; see `compare_columns` for the method.
    """
    difference = table.estimate[:, one] - table.estimate[:, two]
    variance = np.einsum("rcc->rc", table.covariance)
    alone = variance[:, one] + variance[:, two]
    spread = alone - 2 * table.covariance[:, one, two]
    # Columns of the same respondents differ by the last digit of their sums.
    spread = np.where(spread > _ROUNDING * alone, spread, 0.0)
    binomial = _extremes(table, one, two) + _extremes(table, two, one)
    spread = spread + np.where(np.asarray(shares)[..., None], binomial, 0.0)
    df = table.precision.degrees_of_freedom
    df = np.maximum(np.minimum(df[..., one], df[..., two]), 1.0)
    testable = (spread > 0) & tested
    statistic = np.abs(difference) / np.sqrt(np.where(testable, spread, 1.0))
    p_value = np.where(testable, 2 * special.stdtr(df, -statistic), np.nan)
    error = np.where(testable, np.sqrt(spread), np.nan)
    return Differences(difference, p_value, error, np.where(testable, df, np.nan))


def _extremes(table: Estimates, one: Places, two: Places) -> Floats:
    """Give the variance of the first column where its share is 0 % or 100 %."""
    share = table.estimate[:, one]
    extreme = ((share <= 0) | (share >= 1)) & (one > 0)
    if not extreme.any():
        return np.zeros((1, 1))
    weight, other = table.base_weighted[..., one], table.base_weighted[..., two]
    # Total holds the column already, and moves with it by the part that it is of it.
    part = np.where(two == 0, weight / np.where(other > 0, other, 1.0), 0.0)
    weight = np.where(two == 0, 0.0, weight)
    both = np.where(weight + other > 0, weight + other, 1.0)
    pooled = (share * weight + table.estimate[:, two] * other) / both
    effective = table.precision.base_effective[..., one]
    effective = np.where(effective > 0, effective, np.inf)
    return np.where(extreme, (1 - part) ** 2 * pooled * (1 - pooled) / effective, 0.0)


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
    tests: ColumnTests,
    rows: int,
    columns: int,
    levels: tuple[float, ...],
    *,
    min_difference: float | Floats = 0.0,
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
    min_difference : float or float array (R, 1), default 0
        Smallest difference that is marked, in the unit of the estimates: 0.05 is 5
        percentage points.

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
    >>> letters(tests, 1, 2, (0.05, 0.10), min_difference=0.25).tolist()
    [['', '']]
    """
    worth = worth_marking(tests.difference, tests.p_value, levels, min_difference)
    row, pair = np.nonzero(worth)
    falls = tests.difference[row, pair] < 0
    first, second = tests.first[pair], tests.second[pair]
    high, low = np.where(falls, second, first), np.where(falls, first, second)
    cell = row * columns + high
    order = np.lexsort((low, cell))
    strict = tests.p_value[row, pair] < min(levels)
    names = [letter_of(place) for place in range(columns)]
    names = [name.lower() for name in names] + names
    found = [names[i] for i in (low + columns * strict)[order].tolist()]
    cells, start = np.unique(cell[order], return_index=True)
    ends = pairwise([*start.tolist(), len(found)])
    result = np.full(rows * columns, "", dtype=object)
    for at, (begin, end) in zip(cells.tolist(), ends, strict=True):
        result[at] = " ".join(found[begin:end])
    return result.reshape(rows, columns)


def worth_marking(
    difference: Floats,
    p_value: Floats,
    levels: tuple[float, ...],
    min_difference: float | Floats,
) -> Bools:
    """Say which differences are significant, and large enough to be marked.

    Parameters
    ----------
    difference, p_value : float arrays (R, pairs)
        Tests; NaN p-values where nothing was tested.
    levels : tuple of float
        Significance levels; the looser one counts.
    min_difference : float or float array (R, 1)
        Smallest difference that is marked.

    Returns
    -------
    bool array (R, pairs)
        True for a mark.

    Examples
    --------
    >>> difference, p_value = np.array([0.30 - 0.25, 0.04]), np.array([0.01, 0.01])
    >>> worth_marking(difference, p_value, (0.05,), 0.05)
    array([ True, False])
    """
    # 0.30 - 0.25 is a little less than 0.05.
    enough = np.abs(difference) >= np.asarray(min_difference) - _DIGIT
    return np.asarray((p_value < max(levels)) & enough)

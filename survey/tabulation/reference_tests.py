"""Tests of every column against the rest of Total, or against Total itself.

A mark says on which side of its reference a cell lies: plus above, minus below.
"""

import numpy as np
from numpy.typing import NDArray

from survey.estimation.estimates import Estimates
from survey.estimation.layout import Columns
from survey.tabulation.column_tests import Differences, differences, worth_marking

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]


def compare_rest(
    table: Estimates, tested: Bools, *, shares: bool | Bools = True
) -> Differences:
    """Test every column against all other respondents of Total.

    Parameters
    ----------
    table : Estimates
        Over the columns of `with_complements`: Total, C - 1 points, and the rest of
        each.
    tested : bool array (C - 1,) or (R, C - 1)
        Columns that take part. A rest whose base is too small is for the caller to
        leave out.
    shares : bool or bool array (R,)
        Whether the estimates of a row are shares.

    Returns
    -------
    Differences
        Column less rest, and p-values that are not adjusted.

    Notes
    -----
    The rest is a domain like any other. Its variance does not follow from those of
    Total and the column: with the sums of weights taken as known, the share of the
    rest is a linear function of both, but the sums are estimates, and the test would
    be the one against Total once more.
    """
    points = tested.shape[-1]
    column = np.arange(1, points + 1)
    return differences(table, column, column + points, tested, shares=shares)


def compare_total(
    table: Estimates, tested: Bools, *, shares: bool | Bools = True
) -> Differences:
    """Test every column against Total, of which it is a part.

    Parameters
    ----------
    table : Estimates
        Estimates of R rows in C columns with their covariance; column 0 is Total.
    tested : bool array (C - 1,) or (R, C - 1)
        Columns that take part.
    shares : bool or bool array (R,)
        Whether the estimates of a row are shares.

    Returns
    -------
    Differences
        Column less Total, and p-values that are not adjusted.

    Notes
    -----
    The covariance counts the respondents of the column, who are in Total as well. A
    column of all respondents is Total, and is not tested.
    """
    column = np.arange(1, tested.shape[-1] + 1)
    return differences(table, column, np.zeros_like(column), tested, shares=shares)


def with_complements(columns: Columns) -> Columns:
    """Add to every column after Total the rest of Total.

    Parameters
    ----------
    columns : Columns
        Total and C - 1 points.

    Returns
    -------
    Columns
        Total, the points, and then what is in Total but not in the point: 2 C - 1
        columns.

    Examples
    --------
    >>> size = Columns(("s",), ("Small",), np.array([0, 1]),
    ...                np.array([[1.0, 0.0], [1.0, 1.0]]))
    >>> with_complements(size).membership
    array([[1., 0., 1.],
           [1., 1., 0.]])
    """
    member = columns.membership
    rest = member[:, :1] - member[:, 1:]
    return Columns(
        (*columns.codes, *(f"not {code}" for code in columns.codes)),
        (*columns.labels, *(f"not {label}" for label in columns.labels)),
        columns.pattern,
        np.hstack([member, rest]),
        columns.single,
    )


def marks(
    tests: Differences,
    levels: tuple[float, ...],
    *,
    min_difference: float | Floats = 0.0,
) -> NDArray[np.object_]:
    """Mark the cells that lie above or below the rest, or Total.

    Parameters
    ----------
    tests : Differences
        From `compare_rest` or `compare_total`.
    levels : tuple of float
        Significance levels: a double mark at the stricter, a single one at the other.
    min_difference : float or float array (R, 1), default 0
        Smallest difference that is marked, in the unit of the estimates.

    Returns
    -------
    object array (R, C - 1)
        ``"++"``, ``"+"``, ``""``, ``"-"`` or ``"--"``.

    Examples
    --------
    >>> tests = Differences(np.array([[0.2, -0.1, 0.0]]),
    ...                        np.array([[0.07, 0.01, 0.9]]))
    >>> marks(tests, (0.05, 0.10)).tolist()
    [['+', '--', '']]
    """
    worth = worth_marking(tests.difference, tests.p_value, levels, min_difference)
    size = worth.astype(np.intp) + (worth & (tests.p_value < min(levels)))
    sign = np.sign(np.where(worth, tests.difference, 0.0)).astype(np.intp)
    texts = np.array(["--", "-", "", "+", "++"], dtype=object)
    return np.asarray(texts[size * sign + 2])

"""Tests of association from the weighted cells of a table and their covariance.

Rows and columns that nobody is in are left out before anything is tested.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some

Floats = NDArray[np.float64]
Statistic = Literal["F", "chisq", "wald", "adjusted_wald"]

_TWO = 2
# Design effects are near 1; below this, their sum is rounding.
_NO_VARIANCE = 1e-9


@dataclass(frozen=True, slots=True)
class RaoScott:
    """Result of a test of association.

    Attributes
    ----------
    statistic : float
        F, or the corrected chi-square.
    ndf, ddf : float
        Degrees of freedom of numerator and denominator; `ddf` is infinite for the
        chi-square.
    p_value : float
        0 to 1.
    deff : float
        Mean generalised design effect.
    """

    statistic: float
    ndf: float
    ddf: float
    p_value: float
    deff: float


@dataclass(frozen=True, slots=True, eq=False)
class Cells:
    """Weighted cells of a table of columns by rows.

    Attributes
    ----------
    weight : float array (columns, rows)
        Sums of weights.
    covariance : float array (columns x rows, columns x rows)
        Their covariance.
    n : float
        Respondents in the table.
    degrees_of_freedom : int
        PSUs minus strata of the whole design.
    """

    weight: Floats
    covariance: Floats
    n: float
    degrees_of_freedom: int


def check_statistic(statistic: str) -> None:
    """Refuse a statistic that is not known.

    Parameters
    ----------
    statistic : str
        Name.

    Raises
    ------
    EstimationError
        It is not known.
    """
    if statistic not in get_args(Statistic):
        raise EstimationError(
            f"statistic {statistic!r} is not known. "
            f"Use one of {some(get_args(Statistic))}."
        )


def cells_test(cells: Cells, statistic: str = "F") -> RaoScott:
    """Test whether the rows of a table depend on its columns.

    Parameters
    ----------
    cells : Cells
        Exclusive rows and columns.
    statistic : {"F", "chisq", "wald", "adjusted_wald"}
        Pearson's statistic with the second order correction of Rao and Scott [1]_
        as F, or with the first order correction as chi-square; Wald's test of the
        residuals as F, or with the adjusted degrees of freedom of [2]_.

    Returns
    -------
    RaoScott
        Statistic, degrees of freedom, p-value.

    Raises
    ------
    EstimationError
        Fewer than two rows or columns, no degrees of freedom, or too few occupied
        cells.

    References
    ----------
    .. [1] Rao and Scott (1984), Annals of Statistics 12(1), 46-60.
    .. [2] Thomas and Rao (1987), JASA 82(398), 630-636.

    Examples
    --------
    Four of four and none of four respondents: Pearson's 8, times 7 / 8.

    >>> weight = np.array([[3.0, 1.0], [1.0, 3.0]])
    >>> spread = np.diag(weight.ravel()) - np.outer(weight, weight) / 8
    >>> found = cells_test(Cells(weight, spread * 8 / 7, 8, 7))
    >>> round(found.statistic, 6)
    1.75
    """
    occupied = _occupied(cells)
    if statistic in ("wald", "adjusted_wald"):
        return _wald(occupied, adjusted=statistic == "adjusted_wald")
    share, scores, simple = _linearised(occupied)
    covariance = scores.T @ occupied.covariance @ scores
    delta = _delta(share, simple, covariance)
    x2 = occupied.n * _pearson(share)
    return _corrected(x2, delta, occupied.degrees_of_freedom, statistic)


def items_test(tables: list[Cells], joint: Floats, statistic: str = "F") -> RaoScott:
    """Test whether any item of a multiple response question depends on the columns.

    Parameters
    ----------
    tables : list of Cells
        K tables of columns by not chosen and chosen.
    joint : float array (K x cells, K x cells)
        Covariance of the cells of all tables, in their order.
    statistic : {"F", "chisq"}
        As for `cells_test`.

    Returns
    -------
    RaoScott
        Statistic, degrees of freedom, p-value.

    Raises
    ------
    EstimationError
        No item varies, the design leaves no degrees of freedom, or the statistic is
        not defined for several items.

    Notes
    -----
    The statistic is the sum of Pearson's statistics of the items. Respondents who
    choose several items are in several tables, so its corrections use the covariance
    of all tables, as [1]_ propose. With one item it is `cells_test`.

    References
    ----------
    .. [1] Bilder and Loughin (2004), Biometrics 60(1), 241-248.
    """
    if statistic not in ("F", "chisq"):
        raise EstimationError(
            f"statistic {statistic!r} is not defined for multiple response. "
            'Use "F" or "chisq".'
        )
    size = tables[0].weight.size
    scores, simples, x2 = [], [], 0.0
    for place, table in enumerate(tables):
        try:
            occupied, kept = _occupied(table), _kept(table.weight)
        except EstimationError:
            continue
        share, score, simple = _linearised(occupied)
        wide = np.zeros((len(joint), score.shape[1]))
        wide[place * size + np.flatnonzero(kept.ravel())] = score
        scores.append(wide)
        simples.append(_checked(share, simple))
        x2 += occupied.n * _pearson(share)
    if not scores:
        raise EstimationError(
            "no item of the question varies over two columns, so there is nothing to "
            "test. Choose other questions."
        )
    every = np.hstack(scores)
    covariance = every.T @ joint @ every
    start = np.cumsum([0, *(len(simple) for simple in simples)])
    delta = np.vstack(
        [
            np.linalg.solve(simple, covariance[one:two])
            for simple, one, two in zip(simples, start, start[1:], strict=False)
        ]
    )
    return _corrected(x2, delta, tables[0].degrees_of_freedom, statistic)


def _kept(weight: Floats) -> NDArray[np.bool_]:
    """Say which cells are in a row and a column that somebody is in."""
    return np.outer(weight.any(axis=1), weight.any(axis=0))


def _occupied(cells: Cells) -> Cells:
    """Leave out rows and columns that nobody is in."""
    if cells.degrees_of_freedom < 1:
        raise EstimationError(
            "the design has as many strata as PSUs, so a test has no degrees of "
            "freedom. Merge strata."
        )
    columns, rows = (cells.weight.any(axis=axis) for axis in (1, 0))
    if min(columns.sum(), rows.sum()) < _TWO:
        raise EstimationError(
            f"a test of association needs two categories on both sides; "
            f"{rows.sum()} x {columns.sum()} occur. Choose other questions."
        )
    if columns.all() and rows.all():
        return cells
    kept = np.flatnonzero(np.outer(columns, rows).ravel())
    return Cells(
        cells.weight[np.ix_(columns, rows)],
        cells.covariance[np.ix_(kept, kept)],
        cells.n,
        cells.degrees_of_freedom,
    )


def _linearised(cells: Cells) -> tuple[Floats, Floats, Floats]:
    """Give cell shares, influences on the contrasts, and their simple variance."""
    weight = cells.weight.sum()
    share = (cells.weight / weight).ravel()
    contrast = _contrasts(*cells.weight.shape)
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0)
    relative = contrast * inverse[:, None]
    held = (share > 0)[:, None]
    scores = (relative - (contrast * held).sum(axis=0)) / weight
    simple = contrast.T @ relative / cells.n
    return share.reshape(cells.weight.shape), scores, simple


@lru_cache(maxsize=64)
def _contrasts(columns: int, rows: int) -> Floats:
    """Give a basis of the interaction (columns x rows, (columns - 1) (rows - 1))."""
    one, two = (
        np.vstack([np.eye(size - 1), -np.ones(size - 1)]) for size in (columns, rows)
    )
    return np.asarray(np.kron(one, two), dtype=np.float64)


def _checked(share: Floats, simple: Floats) -> Floats:
    """Refuse a table with too many empty cells."""
    # Solving would not fail: rounding leaves a singular matrix a tiny eigenvalue.
    empty = int((share == 0).sum())
    if empty and np.linalg.matrix_rank(simple, hermitian=True) < len(simple):
        raise EstimationError(
            f"{empty} of {share.size} cells of the table are empty, too many for a "
            "test of association. Merge categories."
        )
    return simple


def _delta(share: Floats, simple: Floats, covariance: Floats) -> Floats:
    """Give the generalised design effects as a matrix."""
    return np.asarray(np.linalg.solve(_checked(share, simple), covariance))


def _pearson(share: Floats) -> float:
    """Give Pearson's statistic per respondent."""
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    return float(((share - expected) ** 2 / expected).sum())


def _corrected(x2: float, delta: Floats, degrees: int, statistic: str) -> RaoScott:
    """Correct Pearson's statistic by the generalised design effects."""
    trace = float(np.trace(delta))
    if not trace > _NO_VARIANCE:
        raise EstimationError(
            "the table has no sampling variance: one question follows from the other, "
            "or the weights were fitted to the table. Choose other questions."
        )
    size = len(delta)
    deff = trace / size
    if statistic == "chisq":
        value = x2 / deff
        p_value = float(special.chdtrc(size, value))
        return RaoScott(value, float(size), float("inf"), p_value, deff)
    ndf = trace**2 / float(np.einsum("ij,ji->", delta, delta))
    ddf = ndf * degrees
    value = x2 / trace
    return RaoScott(value, ndf, ddf, float(special.fdtrc(ndf, ddf, value)), deff)


def _wald(cells: Cells, *, adjusted: bool) -> RaoScott:
    """Test the residuals from independence by Wald's statistic."""
    share = cells.weight / cells.weight.sum()
    columns, rows = share.sum(axis=1), share.sum(axis=0)
    size = share.size
    by_column = np.repeat(np.eye(columns.size), rows.size, axis=0)
    by_row = np.tile(np.eye(rows.size), (columns.size, 1))
    expected = np.outer(columns, rows).ravel()
    jacobian = (
        np.eye(size)
        - (by_column @ by_column.T) * np.tile(rows, columns.size)[:, None]
        - (by_row @ by_row.T) * np.repeat(columns, rows.size)[:, None]
        + expected[:, None]
    ) / cells.weight.sum()
    inner = np.arange(size).reshape(share.shape)[1:, 1:].ravel()
    residual = (share.ravel() - expected)[inner]
    spread = (jacobian @ cells.covariance @ jacobian.T)[np.ix_(inner, inner)]
    ndf, degrees = inner.size, cells.degrees_of_freedom
    ddf = degrees - ndf + 1 if adjusted else degrees
    if ddf < 1 or np.linalg.matrix_rank(spread, hermitian=True) < ndf:
        raise EstimationError(
            f"Wald's test has {ndf} contrasts and the design {degrees} degrees of "
            'freedom, or cells are empty. Use statistic="F".'
        )
    value = float(residual @ np.linalg.solve(spread, residual)) / ndf
    value *= ddf / degrees
    scale = np.linalg.solve(_linearised(cells)[2], np.eye(ndf))
    scores = _linearised(cells)[1]
    deff = float(np.trace(scale @ (scores.T @ cells.covariance @ scores))) / ndf
    p_value = float(special.fdtrc(ndf, ddf, value))
    return RaoScott(value, float(ndf), float(ddf), p_value, deff)

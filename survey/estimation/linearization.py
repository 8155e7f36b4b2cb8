"""Linearisation: covariances of the columns of a question from those of its cells.

The influence of a respondent on an estimate is the same inside a cell, so every
estimate is a linear function of the cells.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.cell_covariance import CellCovariance
from survey.estimation.degrees import strata_present
from survey.estimation.layout import ColumnLayout
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]

# A variance that is smaller than this share of its terms is rounding error: the root
# of it is a millionth of the standard error that the terms would have.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True, eq=False)
class Residual:
    """Linearised residual ``(y - shift) * inverse`` inside a column, 0 outside.

    Attributes
    ----------
    shift : float array (R, C)
        Estimate that is taken off; 0 for a total. Numbers are as they were given.
    inverse : float array (R, C)
        1 / sum of weights of the column in the base of the row; 1 for a total.
    """

    shift: Floats
    inverse: Floats


def covariance(
    cells: CellCovariance, layout: ColumnLayout, residual: Residual, root: Floats
) -> Floats:
    """Give the design-based covariance of the columns, row by row.

    Parameters
    ----------
    cells : CellCovariance
        Covariance of the cells of R rows.
    layout : ColumnLayout
        C columns over the design.
    residual : Residual
        What every respondent contributes to each estimate.
    root : float array (C,)
        Root of the factor of strata with an averaged variance; see `averaging`.

    Returns
    -------
    float array (R, C, C)
        Covariances between the columns; the diagonal holds the variances.

    Examples
    --------
    Two of four chose the row: variance 0.5 * 0.5 / (4 - 1).

    >>> import pandas as pd
    >>> from survey.estimation.answers import prepare
    >>> from survey.estimation.cell_covariance import cell_covariance
    >>> from survey.estimation.design import resolve
    >>> from survey.estimation.layout import lay_out, pattern_totals, total_column
    >>> from survey.estimation.totals import tally
    >>> from survey.responses.variable import Row, Variable
    >>> q = Variable("q", "", ("1", "2"), (Row("1", "", ("1",)),),
    ...              np.array([0, 1, 1, 0]), None, None, np.array([True] * 4))
    >>> layout = lay_out(total_column(4), resolve(None, pd.DataFrame(index=range(4))))
    >>> totals = tally(prepare(q, layout.design.used), layout)
    >>> sums = pattern_totals(layout, totals.w)
    >>> cells = cell_covariance(totals, layout, sums)
    >>> half = Residual(np.array([[0.5]]), np.array([[0.25]]))
    >>> covariance(cells, layout, half, np.ones(1))
    array([[[0.08333333]]])
    """
    if not len(residual.shift):
        return np.zeros((0, *(layout.columns.membership.shape[1],) * 2))
    more = _multiples(cells.centre, layout, residual)
    net = _of_columns(cells.matrix, more, layout)
    if cells.first is None:
        net *= root[:, None] * root
    else:
        net += (root[:, None] * root - 1) * _of_columns(cells.first, more, layout)
    diagonal = np.arange(net.shape[1])
    rounding = net[:, diagonal, diagonal] <= _ROUNDING * _terms(cells, more, layout)
    net *= residual.inverse[:, :, None] * residual.inverse[:, None, :]
    if rounding.any():
        net[rounding[:, :, None] | rounding[:, None, :]] = 0.0
    return net


def _multiples(centre: Floats, layout: ColumnLayout, residual: Residual) -> Floats:
    """Give the multiples of the base that residuals add to centred rows (R, K, C)."""
    shift = centre.T[:, :, None] - residual.shift[:, None, :]
    return np.asarray(shift * layout.member)


def _of_columns(matrix: Floats, more: Floats, layout: ColumnLayout) -> Floats:
    """Turn the covariance of cells into that of columns, row by row (R, C, C)."""
    rows = np.arange(1, matrix.shape[1])
    # Advanced indices on both sides of a slice put the rows first.
    own, mixed = matrix[:, rows, :, rows], matrix[:, 1:, :, 0].transpose(1, 0, 2)
    member, base = layout.member, matrix[:, 0, :, 0]
    cross = member.T @ (mixed @ more)
    result = member.T @ own @ member
    result += cross
    result += cross.transpose(0, 2, 1)
    result += more.transpose(0, 2, 1) @ (base @ more)
    return np.asarray(result)


def _terms(cells: CellCovariance, more: Floats, layout: ColumnLayout) -> Floats:
    """Give the size of the terms that variances are made of (R, C)."""
    rows = np.arange(1, cells.gross.shape[1])
    member = layout.member
    own = member.T @ cells.gross[:, rows, :, rows]
    base = cells.gross[:, 0, :, 0] @ more
    # The mixed term is no larger than the other two.
    found = (own * member.T).sum(axis=2) + (base * more).sum(axis=1)
    return np.asarray(found)


def averaging(totals: CellTotals, layout: ColumnLayout) -> Floats:
    """Give the factor that strata with an averaged variance bring (C,).

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        C columns over the design.

    Returns
    -------
    float array (C,)
        Strata with a respondent in the column over those of them that have a
        variance; NaN where none has.
    """
    averaged = layout.design.strata.averaged
    columns = layout.columns.membership.shape[1]
    if not averaged.any():
        return np.ones(columns)
    present = np.ones((averaged.size, columns), dtype=bool)
    if not layout.design.cells.basis.shape[1]:
        present = strata_present(totals, layout)
    counted = present[~averaged].sum(axis=0)
    factor = np.full(columns, np.nan)
    np.divide(present.sum(axis=0), counted, out=factor, where=counted > 0)
    return factor

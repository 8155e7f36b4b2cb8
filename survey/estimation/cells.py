"""Design cells: the groups of respondents inside which nothing but answers differs.

A PSU with several respondents has cells of its own; respondents who are PSUs of
their own share the cell of their stratum and calibration cell.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.sums import count_by


@dataclass(frozen=True, slots=True, eq=False)
class DesignCells:
    """D design cells, in P PSUs of several respondents and Q calibration cells.

    Attributes
    ----------
    stratum : int array (D,)
        Stratum of the cell.
    psu : int array (D,)
        PSU of the cell, 0 to P - 1; P where respondents are their own PSU. Cells
        are sorted by it, and PSUs by stratum.
    calibration : int array (D,)
        Calibration cell: the combination of categories over all margins.
    psu_stratum : int array (P,)
        Stratum of every PSU.
    weight : float array (D,)
        Sum of weights.
    basis : float array (Q, M)
        Orthonormal basis of the margins: residuals ``y - basis @ basis.T @ t``
        with ``t`` the totals of ``y`` by calibration cell, at base weights. M is 0
        without margins.
    ratio : float array (Q,)
        Weight divided by base weight.
    """

    stratum: NDArray[np.intp]
    psu: NDArray[np.intp]
    calibration: NDArray[np.intp]
    psu_stratum: NDArray[np.intp]
    weight: NDArray[np.float64]
    basis: NDArray[np.float64]
    ratio: NDArray[np.float64]


def form_cells(
    stratum: NDArray[np.intp],
    psu: NDArray[np.intp],
    weight: NDArray[np.float64],
    margins: NDArray[np.intp] | None,
    base_weight: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.intp], DesignCells]:
    """Put every respondent in a design cell.

    Parameters
    ----------
    stratum, psu : int arrays (n,)
        Stratum and PSU of every respondent; PSUs are numbered stratum by stratum.
    weight : float array (n,)
        Weight of every respondent.
    margins : int array (n, margins) or None
        Position of every respondent on every margin that the weights meet.
    base_weight : float array (n,), optional
        Weight before calibration; needed with `margins`.

    Returns
    -------
    cell : int array (n,)
        Design cell of every respondent.
    cells : DesignCells
        What is known of the cells.

    Examples
    --------
    PSU 0 has two respondents; the other two respondents share a cell.

    >>> cell, cells = form_cells(
    ...     np.zeros(4, int), np.array([0, 0, 1, 2]), np.ones(4), None
    ... )
    >>> cell.tolist(), cells.psu.tolist()
    ([0, 0, 1, 1], [0, 1])
    """
    size = np.bincount(psu)
    several = np.flatnonzero(size > 1)
    rank = np.cumsum(size > 1) - 1
    group = np.where(size[psu] > 1, rank[psu], several.size + stratum)
    calibration, combinations = _combinations(margins, stratum.size)
    key = group * len(combinations) + calibration
    first, cell = np.unique(key, return_index=True, return_inverse=True)[1:]
    psu_stratum = np.zeros(several.size, dtype=np.intp)
    in_psu = group < several.size
    psu_stratum[group[in_psu]] = stratum[in_psu]
    ratio, base = _ratio(calibration, weight, base_weight, len(combinations))
    cells = DesignCells(
        stratum=stratum[first],
        psu=np.minimum(group[first], several.size),
        calibration=calibration[first],
        psu_stratum=psu_stratum,
        weight=count_by(cell, first.size, weight),
        basis=_basis(combinations, base),
        ratio=ratio,
    )
    return cell.astype(np.intp), cells


def _combinations(
    margins: NDArray[np.intp] | None, n: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give a number to the combinations of categories over all margins that occur."""
    if margins is None:
        return np.zeros(n, dtype=np.intp), np.zeros((1, 0), dtype=np.intp)
    cell = np.zeros(n, dtype=np.intp)
    first = np.zeros(1, dtype=np.intp)
    for column in margins.T:
        # Numbered anew after every margin, so that many margins do not overflow.
        key = cell * (int(column.max()) + 1) + column
        first, cell = np.unique(key, return_index=True, return_inverse=True)[1:]
    return cell.astype(np.intp), margins[first]


def _ratio(
    calibration: NDArray[np.intp],
    weight: NDArray[np.float64],
    base_weight: NDArray[np.float64] | None,
    cells: int,
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Give weight over base weight, and the base weight, of every calibration cell."""
    if base_weight is None:
        return np.ones(cells), np.ones(cells)
    base = count_by(calibration, cells, base_weight)
    total = count_by(calibration, cells, weight)
    ratio = np.divide(total, base, out=np.ones(cells), where=base > 0)
    return ratio, base


def _basis(
    combinations: NDArray[np.intp], base: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Give a basis of the margin indicators, orthonormal at base weights."""
    indicators = [
        np.eye(column.max() + 1)[column] for column in combinations.T if column.size
    ]
    if not indicators:
        return np.zeros((len(combinations), 0))
    margins = np.hstack(indicators)
    values, vectors = np.linalg.eigh(margins.T @ (margins * base[:, None]))
    # Margins overlap (each sums to one), so some directions have no length.
    kept = values > values.max() * 1e-12
    return np.asarray(margins @ vectors[:, kept] / np.sqrt(values[kept]))

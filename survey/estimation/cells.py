"""Design cells: the groups of respondents inside which nothing but answers differs.

A unit with several respondents has cells of its own; respondents who are units of
their own share the cell of their stratum and calibration cell.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.stages import Nodes, Stages
from survey.estimation.sums import count_by, renumber


@dataclass(frozen=True, slots=True, eq=False)
class DesignCells:
    """D design cells, in P units of several respondents and Q calibration cells.

    Attributes
    ----------
    stratum : int array (D,)
        Stratum of the cell.
    psu : int array (D,)
        PSU of the cell, 0 to `psus` - 1; `psus` where respondents are their own PSU.
    psus : int
        PSUs that have cells of their own.
    unit : int array (D,)
        Unit of the last stage, 0 to P - 1; P where respondents are their own. Cells
        are sorted by it. In a design of one stage it is the PSU.
    unit_scale : float array (P,)
        Factor of the squared total of every unit.
    scale : float array (D,)
        The same factor, by cell.
    nodes : tuple of Nodes
        Groups of cells whose squared totals enter the variance as well: strata, and
        units of earlier stages.
    calibration : int array (D,)
        Calibration cell: the combination of categories over all margins.
    weight : float array (D,)
        Sum of weights.
    margins : int array (Q, margins)
        Category of every calibration cell on every margin.
    basis : float array (Q, M)
        Orthonormal basis of the margins: residuals ``y - basis @ basis.T @ t``
        with ``t`` the totals of ``y`` by calibration cell, at base weights. M is 0
        without margins.
    ratio : float array (Q,)
        Weight divided by base weight.
    """

    stratum: NDArray[np.intp]
    psu: NDArray[np.intp]
    psus: int
    unit: NDArray[np.intp]
    unit_scale: NDArray[np.float64]
    scale: NDArray[np.float64]
    nodes: tuple[Nodes, ...]
    calibration: NDArray[np.intp]
    weight: NDArray[np.float64]
    margins: NDArray[np.intp]
    basis: NDArray[np.float64]
    ratio: NDArray[np.float64]


def form_cells(
    stages: Stages,
    weight: NDArray[np.float64],
    margins: NDArray[np.intp] | None,
    base_weight: NDArray[np.float64] | None = None,
    *,
    columns: Sequence[NDArray[np.float64]] | None = None,
    pool: bool = True,
    size: NDArray[np.float64] | None = None,
) -> tuple[NDArray[np.intp], DesignCells]:
    """Put every respondent in a design cell.

    Parameters
    ----------
    stages : Stages
        Strata and units of n respondents.
    weight : float array (n,)
        Weight of every respondent.
    margins : int array (n, margins) or None
        Position of every respondent on every margin that the weights meet.
    base_weight : float array (n,), optional
        Weight before calibration; needed with `margins`.
    columns : sequence of float arrays (K, p), optional
        What the K positions of every margin stand for in the regression; indicators
        when omitted.
    pool : bool, default True
        Whether respondents who are units of their own share a cell.
    size : float array (units,), optional
        Respondents of every unit; counted when omitted.

    Returns
    -------
    cell : int array (n,)
        Design cell of every respondent.
    cells : DesignCells
        What is known of the cells.

    Examples
    --------
    PSU 0 has two respondents; the other two respondents share a cell.

    >>> import pandas as pd
    >>> from survey.estimation.stages import form_stages
    >>> firms = pd.DataFrame({"firm": [7, 7, 8, 9]})
    >>> stages = form_stages(firms, [], ["firm"], [], "fail")
    >>> cell, cells = form_cells(stages, np.ones(4), None)
    >>> cell.tolist(), cells.unit.tolist()
    ([0, 0, 1, 1], [0, 1])
    """
    if size is None:
        size = count_by(stages.unit, int(stages.unit.max()) + 1)
    several = size > 1 if pool else size > 0
    units = int(several.sum())
    rank = np.cumsum(several) - 1
    group = np.where(several[stages.unit], rank[stages.unit], units + stages.parent)
    calibration, combinations = _combinations(margins, group.size)
    key = group * len(combinations) + calibration
    first, cell = _first(
        key, len(combinations) * (units + int(stages.parent.max()) + 1)
    )
    unit = np.minimum(group[first], units)
    scale = stages.scale[stages.parent[first]]
    unit_scale = np.zeros(units)
    unit_scale[unit[unit < units]] = scale[unit < units]
    ratio, base = _ratio(calibration, weight, base_weight, len(combinations))
    psu, psus = _psu(stages, unit, units, first)
    cells = DesignCells(
        stratum=stages.stratum[first],
        psu=psu,
        psus=psus,
        unit=unit,
        unit_scale=unit_scale,
        scale=scale,
        nodes=tuple(Nodes(n.group[first], n.factor) for n in stages.nodes),
        calibration=calibration[first],
        weight=count_by(cell, first.size, weight),
        margins=combinations,
        basis=_basis(combinations, base, columns),
        ratio=ratio,
    )
    return cell, cells


def _first(
    key: NDArray[np.intp], size: int
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the first respondent of every cell, in order, and everyone's cell."""
    present, cell = renumber(key, size)
    first = np.zeros(present.size, dtype=np.intp)
    first[cell[::-1]] = np.arange(key.size - 1, -1, -1)
    return first, cell


def _psu(
    stages: Stages, unit: NDArray[np.intp], units: int, first: NDArray[np.intp]
) -> tuple[NDArray[np.intp], int]:
    """Give the PSU of every cell, and how many PSUs have cells of their own."""
    if stages.unit is stages.psu:
        return unit, units
    return stages.psu[first], int(stages.psu.max()) + 1


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
    combinations: NDArray[np.intp],
    base: NDArray[np.float64],
    columns: Sequence[NDArray[np.float64]] | None,
) -> NDArray[np.float64]:
    """Give a basis of the regressors of the margins, orthonormal at base weights."""
    if columns is None:
        columns = [np.eye(place.max() + 1) for place in combinations.T if place.size]
    if not columns:
        return np.zeros((len(combinations), 0))
    parts = [c[place] for c, place in zip(columns, combinations.T, strict=True)]
    margins = np.hstack(parts)
    if not margins.shape[1]:
        return margins
    values, vectors = np.linalg.eigh(margins.T @ (margins * base[:, None]))
    # Margins overlap (each sums to one), so some directions have no length.
    kept = values > values.max() * 1e-12
    return np.asarray(margins @ vectors[:, kept] / np.sqrt(values[kept]))

"""Totals of units and strata over the weighted cells of a question, and their products.

Few large units are summed as a dense table, centred so that digits are kept; many
small ones as a sparse one.
"""

from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray

from survey.estimation.cells import DesignCells
from survey.estimation.layout import ColumnLayout
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals

Floats = NDArray[np.float64]

# From here on units are small, and sums of their products are sparse.
_MANY_UNITS = 4000


def shifted(matrix: Floats, multiple: Floats) -> Floats:
    """Add multiples of the base to the rows of a covariance, on both sides.

    Parameters
    ----------
    matrix : float array (K, 1 + R, K, 1 + R)
        Covariance of sums, the base first.
    multiple : float array (K, R)
        Multiples; negative ones take off.

    Returns
    -------
    float array (K, 1 + R, K, 1 + R)
        Covariance of the sums with the multiples added.

    Examples
    --------
    The base has variance 4, the row 1; row less half of the base has 1 + 1.

    >>> both = np.diag([4.0, 1.0]).reshape(1, 2, 1, 2)
    >>> shifted(both, np.array([[-0.5]])).reshape(2, 2)
    array([[ 4., -2.],
           [-2.,  2.]])
    """
    result = matrix.copy()
    result[:, 1:] += multiple[:, :, None, None] * result[:, :1]
    result[..., 1:] += multiple * result[..., :1]
    return result


def centred(sums: Floats, take: Floats) -> Floats:
    """Take multiples of the base off the rows.

    Parameters
    ----------
    sums : float array (groups, K x (1 + R))
        Sums, flat over slots and rows.
    take : float array (K, R)
        Multiples.

    Returns
    -------
    float array (groups, K x (1 + R))
        Sums less the multiples.

    Examples
    --------
    >>> centred(np.array([[4.0, 3.0]]), np.array([[0.5]]))
    array([[4., 1.]])
    """
    width = take.shape[1] + 1
    with_base = np.hstack([np.zeros((len(take), 1)), take]).ravel()
    base = np.repeat(sums[:, ::width], width, axis=1)
    base *= with_base
    return np.subtract(sums, base, out=base)


def group_sums(
    totals: CellTotals,
    layout: ColumnLayout,
    inside: slice,
    group: NDArray[np.intp],
    groups: int,
) -> Floats:
    """Add up pairs by group, slot and row.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        Columns over the design, in K slots.
    inside : slice
        Pairs to add up.
    group : int array (J,)
        Group of every pair.
    groups : int
        How many groups there are.

    Returns
    -------
    float array (groups, K x (1 + R))
        Sums of weights, flat over slots and rows.
    """
    slots, w = len(layout.member), totals.w
    if layout.columns.single:
        key = group[inside] * slots + layout.pattern[inside]
        found = sum_by(key, w[inside], groups * slots)
    else:
        start, stop, _ = inside.indices(layout.cell.size)
        ends = np.searchsorted(layout.entry, [start, stop])
        entry, slot = layout.entry[ends[0] : ends[1]], layout.slot[ends[0] : ends[1]]
        found = sum_by(group[entry] * slots + slot, w[entry], groups * slots)
    return found.reshape(groups, slots * w.shape[1])


def alone_nodes(
    totals: CellTotals, layout: ColumnLayout, take: Floats, explained: Floats
) -> list[Floats]:
    """Give the totals of strata and stages over respondents who are units.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        Columns over the design.
    take : float array (K, R)
        Multiples of the base to take off.
    explained : float array (Q, cells) or (0, 1)
        What the margins explain.

    Returns
    -------
    list of float arrays (groups, cells)
        One for each of the nodes of the design.
    """
    cells = layout.design.cells
    size = len(layout.member) * (totals.rows + 1)
    if layout.shared == layout.cell.size:
        return [np.zeros((node.factor.size, size)) for node in cells.nodes]
    alone = slice(layout.shared, None)
    found = []
    for place, node in enumerate(cells.nodes):
        groups = node.factor.size
        sums = group_sums(totals, layout, alone, node.group[layout.cell], groups)
        sums = centred(sums, take)
        if len(explained):
            sums = sums - _weight_tables(cells)[place] @ explained
        found.append(sums)
    return found


def unit_products(
    totals: CellTotals,
    layout: ColumnLayout,
    take: Floats,
    explained: Floats,
    nodes: list[Floats],
) -> tuple[Floats, Floats]:
    """Sum products of the totals of units, and add the totals to their nodes.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs.
    layout : ColumnLayout
        Columns over the design.
    take : float array (K, R)
        Multiples of the base to take off.
    explained : float array (Q, cells) or (0, 1)
        What the margins explain.
    nodes : list of float arrays (groups, cells)
        Totals of strata and stages; those of the units are added in place.

    Returns
    -------
    gross, net : float arrays (cells, cells)
        Sums of products before and after the margins take anything off.
    """
    cells, units = layout.design.cells, layout.design.cells.unit_scale.size
    first = np.searchsorted(cells.unit, np.arange(units + 1))
    table = _weight_tables(cells)[-1] if len(explained) else None
    if units >= _MANY_UNITS:
        return _sparse_products(totals, layout, take, explained, table, nodes)
    if layout.complete and layout.columns.single and cells.stratum.size == units:
        # Units are the design cells, in order, and have all patterns.
        sums = totals.w.reshape(units, -1)
    else:
        shared = slice(0, layout.shared)
        sums = group_sums(totals, layout, shared, cells.unit[layout.cell], units)
    sums = centred(sums, take)
    scale = cells.unit_scale[:, None]
    gross = net = sums.T @ (sums * scale)
    if table is not None:
        sums = sums - table @ explained
        net = sums.T @ (sums * scale)
    for node, total in zip(cells.nodes, nodes, strict=True):
        group = node.group[first[:-1]]
        np.add(total, sum_by(group, sums, node.factor.size), out=total)
    return gross, net


def _sparse_products(
    totals: CellTotals,
    layout: ColumnLayout,
    take: Floats,
    explained: Floats,
    table: Any,
    nodes: list[Floats],
) -> tuple[Floats, Floats]:
    """Sum products of the totals of many small units, of which most cells are 0."""
    from scipy.sparse import coo_array, csr_array

    cells, units = layout.design.cells, layout.design.cells.unit_scale.size
    width = totals.rows + 1
    size = len(layout.member) * width
    inside = slice(0, int(np.searchsorted(layout.entry, layout.shared)))
    w = totals.w[layout.entry[inside]]
    entry, row = np.nonzero(w)
    place = layout.slot[inside][entry] * width + row
    unit = cells.unit[layout.cell[layout.entry[inside][entry]]]
    sums = coo_array((w[entry, row], (unit, place)), shape=(units, size)).tocsr()
    scaled = csr_array(sums.multiply(cells.unit_scale[:, None]))
    shape = (len(layout.member), width) * 2
    products = (sums.T @ scaled).toarray().reshape(shape)
    gross = net = shifted(products, -take).reshape(size, size)
    if table is not None:
        by_margin = centred((table.T @ scaled).toarray(), take)
        mixed = by_margin.T @ explained
        inner = (
            table.T @ csr_array(table.multiply(cells.unit_scale[:, None]))
        ).toarray()
        net = net - mixed - mixed.T + explained.T @ inner @ explained
    first = np.searchsorted(cells.unit, np.arange(units))
    for node, total in zip(cells.nodes, nodes, strict=True):
        member = (node.group[first], np.arange(units))
        size_of = (node.factor.size, units)
        joined = coo_array((np.ones(units), member), shape=size_of).tocsr()
        by_node = centred((joined @ sums).toarray(), take)
        if table is not None:
            by_node = by_node - (joined @ table) @ explained
        np.add(total, by_node, out=total)
    return gross, net


# All questions of a table have one design: that of the last call is enough.
@lru_cache(maxsize=1)
def _weight_tables(cells: DesignCells) -> list[Any]:
    """Add up weights for every node over lone respondents, and last for the units."""
    units = cells.unit_scale.size
    first = int(np.searchsorted(cells.unit, units))
    alone = slice(first, None)
    nodes = [_weight_table(cells, alone, n.group, n.factor.size) for n in cells.nodes]
    return [*nodes, _weight_table(cells, slice(0, first), cells.unit, units)]


def _weight_table(
    cells: DesignCells, inside: slice, group: NDArray[np.intp], groups: int
) -> Any:
    """Add up weights by group and calibration cell, as a sparse array (groups, Q)."""
    from scipy.sparse import coo_array

    place = (group[inside], cells.calibration[inside])
    shape = (groups, cells.ratio.size)
    return coo_array((cells.weight[inside], place), shape=shape).tocsr()

"""Iterative proportional fitting of tables of combinations to margins.

A table is fitted when its margins are met, which the caller checks.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

import numpy as np
from numpy.typing import NDArray

from survey.weighting.combinations import (
    Cells,
    Pair,
    Single,
    on_left,
    on_right,
    product_of,
    shares_of,
)
from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]

# Factors grow without end where margins contradict each other. This is the logarithm
# of the largest product of them; that of the largest float is 709.
_FARTHEST = 500.0
# As many moves from pass to pass are asked where they lead.
_CYCLE = 5
# Passes that shrink the moves to this part are fast enough.
_FAST = 0.1
# Keeps the equations of this solvable where passes move in one direction.
_RIDGE = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class _Fit:
    """Factors, and what they make of a table.

    Attributes
    ----------
    factors : list of float arrays
        Factor of every category, by margin.
    lefts, rights : float array
        Table by combination of one half of the margins, summed over the other half
        with its factors.
    """

    factors: list[Floats]
    lefts: Floats
    rights: Floats


def fit_cells(
    cells: Cells,
    start: Floats,
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> tuple[Floats, int]:
    """Find the factors under which the combinations meet every margin.

    Each pass scales the margins in turn [1]_. A half of the margins is fitted on its
    own combinations, so that the large table is summed twice a pass, whatever the
    number of margins. Every few passes the factors jump to where the passes lead
    [2]_, if the gap there is less than half; the fit that is reached is the same.

    Parameters
    ----------
    cells : Single or Pair
        Q combinations.
    start : float array (Q,)
        Their weights.
    margins : sequence of Margin
        Targets, as shares.
    tolerance : float, default 1e-10
        Largest gap between a share and its target.
    max_passes : int, default 2000
        Passes over all margins before giving up.

    Returns
    -------
    float array (Q,), int
        Factor of every combination, and the passes made. Factors are as far as they
        came where the margins cannot be met.

    References
    ----------
    .. [1] Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444.
    .. [2] Smith, Ford and Sidi (1987), SIAM Review 29(2), 199-233: reduced rank
       extrapolation.

    Examples
    --------
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 1]))
    >>> fit_cells(Single(0, 2), np.array([2.0, 1.0]), [size])[0].tolist()
    [0.75, 1.5]
    """
    table = start / start.sum()
    targets = [margin.targets for margin in margins]
    if isinstance(cells, Single):
        empty = not (table > 0).all()
        return (np.ones(cells.size), 0) if empty else (targets[0] / table, 1)
    fit = _fit(cells, table, [np.ones(target.size) for target in targets])
    shares = shares_of(cells.left, fit.lefts) + shares_of(cells.right, fit.rights)
    if not all((share > 0).all() for share in shares):
        return np.ones(cells.size), 0
    points: list[Floats] = []
    passes, gap = 0, np.inf
    # A little closer than asked: sums over respondents round differently.
    while passes < max_passes and gap > tolerance / 2:
        if len(points) > _CYCLE:
            logs, points = np.log(points), []
            if _far(logs[-1], targets):
                break
            fit = _jump(cells, table, targets, fit, logs)
        passes += 1
        fit = _pass(cells, table, targets, fit)
        gap = _gap(cells, fit, targets, tolerance / 2)
        points.append(np.concatenate(fit.factors))
    return product_of(cells, fit.factors), passes


def _fit(
    cells: Pair, table: Floats, factors: list[Floats], rights: Floats | None = None
) -> _Fit:
    """Sum a table over either half of the margins."""
    if rights is None:
        rights = on_right(cells, table, product_of(cells.left, factors))
    lefts = on_left(cells, table, product_of(cells.right, factors))
    return _Fit(factors, lefts, rights)


def _pass(cells: Pair, table: Floats, targets: list[Floats], fit: _Fit) -> _Fit:
    """Bring every margin to its targets in turn."""
    factors = list(fit.factors)
    _scale(cells.left, fit.lefts, targets, factors)
    rights = on_right(cells, table, product_of(cells.left, factors))
    _scale(cells.right, rights, targets, factors)
    return _fit(cells, table, factors, rights)


def _jump(
    cells: Pair, table: Floats, targets: list[Floats], fit: _Fit, points: Floats
) -> _Fit:
    """Go to where slow passes lead, if that is much nearer to the targets."""
    moves = np.diff(points, axis=0)
    lengths = np.abs(moves).max(axis=1)
    # Also where nothing moves any more.
    if lengths[-1] <= _FAST * lengths[-2]:
        return fit
    limit = _limit(points[1:], moves)
    if _far(limit, targets):
        return fit
    there = _fit(cells, table, np.split(np.exp(limit), _starts(targets)[1:]))
    nearer = _gap(cells, there, targets) < _gap(cells, fit, targets) / 2
    return there if nearer else fit


def _limit(points: Floats, moves: Floats) -> Floats:
    """Combine points (passes, p) so that the next move would be the shortest."""
    products = moves @ moves.T
    products = products / np.trace(products) + _RIDGE * np.eye(len(moves))
    part = np.linalg.solve(products, np.ones(len(moves)))
    return np.asarray(part @ points / part.sum())


def _scale(
    cells: Cells, table: Floats, targets: list[Floats], factors: list[Floats]
) -> None:
    """Bring each margin of the combinations to its targets in turn."""
    if isinstance(cells, Single):
        factors[cells.margin] = targets[cells.margin] / table
        return
    lefts = on_left(cells, table, product_of(cells.right, factors))
    _scale(cells.left, lefts, targets, factors)
    rights = on_right(cells, table, product_of(cells.left, factors))
    _scale(cells.right, rights, targets, factors)


def _gap(
    cells: Pair, fit: _Fit, targets: list[Floats], enough: float = np.inf
) -> float:
    """Give the largest gap between a share and its target, or one above `enough`."""
    gap = _gap_in(cells.left, fit.lefts, targets, fit.factors, enough)
    if gap > enough:
        return gap
    return max(gap, _gap_in(cells.right, fit.rights, targets, fit.factors, enough))


def _gap_in(
    cells: Cells,
    table: Floats,
    targets: list[Floats],
    factors: list[Floats],
    enough: float,
) -> float:
    """Give the largest gap in some of the margins, or one above `enough`."""
    if isinstance(cells, Single):
        share = table * factors[cells.margin]
        return float(np.abs(share - targets[cells.margin]).max())
    return _gap(cells, _fit(cells, table, factors), targets, enough)


def _far(logs: Floats, targets: list[Floats]) -> bool:
    """Say whether products of factors come near the end of the range of floats."""
    largest = np.maximum.reduceat(np.abs(logs), _starts(targets))
    return bool(largest.sum() > _FARTHEST)


def _starts(targets: list[Floats]) -> list[int]:
    """Give the place of the first category of every margin among all categories."""
    return list(accumulate((target.size for target in targets[:-1]), initial=0))


def fit_tables(
    start: Floats,
    positions: Sequence[NDArray[np.intp]],
    margins: Sequence[Margin],
    *,
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> tuple[Floats, int]:
    """Scale tables to one margin after the other until all of them are met.

    Parameters
    ----------
    start : float array (Q, T)
        T tables of Q combinations of categories.
    positions : sequence of int arrays (Q,)
        Category of every combination, one array for each margin.
    margins : sequence of Margin
        Targets, as shares.
    tolerance : float, default 1e-10
        Largest gap between a share and its target.
    max_passes : int, default 2000
        Passes over all margins before giving up.

    Returns
    -------
    float array (Q, T), int
        Tables with sum 1, and the passes made. A table with an empty category is
        returned as far as it came.

    References
    ----------
    .. [1] Deming and Stephan (1940), Annals of Mathematical Statistics 11(4), 427-444.

    Examples
    --------
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 1]))
    >>> fit_tables(np.array([[3.0], [1.0]]), [size.position], [size])[0].tolist()
    [[0.5], [0.5]]
    """
    member = [
        (place == np.arange(margin.targets.size)[:, None]).astype(float)
        for place, margin in zip(positions, margins, strict=True)
    ]
    targets = [margin.targets[:, None] for margin in margins]
    table = start / start.sum(axis=0)
    for done in range(1, max_passes + 1):
        for place, indicator, target in zip(positions, member, targets, strict=True):
            share = indicator @ table
            if not (share > 0).all():
                return table, done
            table = table * (target / share)[place]
        gaps = [
            np.abs(indicator @ table - target).max()
            for indicator, target in zip(member, targets, strict=True)
        ]
        # A little closer than asked: sums over respondents round differently.
        if max(gaps) <= tolerance / 2:
            return table, done
    return table, max_passes

"""Iterative proportional fitting of tables to margins, many tables at a time.

A table is fitted when its margins are met, which the caller checks.
"""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]


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

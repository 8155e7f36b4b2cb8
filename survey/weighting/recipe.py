"""Recipes: weights fitted to margins, and weights of several steps made again.

A replicate starts from other weights and goes through every step.
"""

import numpy as np
from numpy.typing import NDArray

from survey.errors import RakingError
from survey.weighting.base import Base, check_tolerance, mean_one
from survey.weighting.combinations import combine, shares_of, table_of
from survey.weighting.fitting import fit_cells
from survey.weighting.misses import why_not
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]


def before(base: Base, start: Floats) -> Floats:
    """Go through the steps that made base weights, from other start weights.

    Parameters
    ----------
    base : Base
        Weights of n respondents, and how they were made.
    start : float array (n,)
        Weights to start from.

    Returns
    -------
    float array (n,)
        Weights before the next step; those given where no step made the base.

    Raises
    ------
    RakingError
        A step cannot be made from these weights.

    Examples
    --------
    >>> before(Base(np.ones(2)), np.array([1.0, 3.0])).tolist()
    [1.0, 3.0]
    """
    made, order = base.made, base.order
    if made is None or order is None:
        return start
    theirs = np.empty_like(start)
    theirs[order] = start
    return remade(made, theirs)[order]


def remade(made: Weighting, start: Floats) -> Floats:
    """Make weights again from other start weights.

    Parameters
    ----------
    made : Weighting
        Weights of n respondents.
    start : float array (n,)
        Weights to start from, in its order.

    Returns
    -------
    float array (n,)
        Weights that went through the same steps.

    Raises
    ------
    RakingError
        A step cannot be made from these weights.
    """
    if made.again is not None:
        return made.again(start)
    return raked(start, made.margins)[0] if made.margins else start


def raked(
    base: Floats,
    margins: tuple[Margin, ...],
    tolerance: float = 1e-10,
    max_passes: int = 2000,
) -> tuple[Floats, int, float]:
    """Rake weights to margins.

    Parameters
    ----------
    base : float array (n,)
        Weights to start from.
    margins : tuple of Margin
        Targets.
    tolerance : float, default 1e-10
        Largest gap between a share and its target.
    max_passes : int, default 2000
        Passes over all margins before giving up.

    Returns
    -------
    float array (n,), int, float
        Weights, those above 0 with mean 1; the passes made; the largest gap.

    Raises
    ------
    RakingError
        The margins cannot all be met.

    Examples
    --------
    >>> size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 0, 0, 1]))
    >>> raked(np.ones(4), (size,))[0].round(3).tolist()
    [0.667, 0.667, 0.667, 2.0]
    """
    check_tolerance(tolerance)
    cells, cell = combine(margins)
    factor, passes = fit_cells(
        cells,
        table_of(cells, cell, base),
        margins,
        tolerance=tolerance,
        max_passes=max_passes,
    )
    weight = mean_one(base * factor[cell])
    shares = shares_of(cells, table_of(cells, cell, weight))
    gaps = [
        float(np.abs(share - margin.targets).max())
        for share, margin in zip(shares, margins, strict=True)
    ]
    # Not <=, so that a gap that is no number is refused as well.
    if not max(gaps) <= tolerance:
        raise RakingError(why_not(margins, gaps, weight, passes))
    return weight, passes, max(gaps)

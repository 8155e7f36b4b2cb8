"""Totals of the population: numbers whose means the weights shall meet.

A total says nothing about a mean unless the size of the population is known.
"""

import math
from collections.abc import Mapping
from numbers import Real

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, some
from survey.weighting.base import one_column, read_numbers
from survey.weighting.margins import Margins
from survey.weighting.weighting import Total

Floats = NDArray[np.float64]

# A sum this far from 1 is one of counts.
_SHARES = 1e-6
# Sizes of the population that differ by more than this part contradict each other.
_SIZE_GAP = 1e-6


def population_size(
    margins: Margins, given: float | None, *, needed: bool = False
) -> float | None:
    """Give the size of the population.

    Parameters
    ----------
    margins : mapping of column, or tuple of columns, to {code: target}
        Targets, each margin as shares or as counts.
    given : float, optional
        Size, where it is stated.
    needed : bool, default False
        Whether totals depend on it.

    Returns
    -------
    float or None
        The size given, or the sum of every margin of counts; None where neither is
        known, or where margins that need no size differ in theirs.

    Raises
    ------
    MarginError
        A size is no number above 0, sizes contradict each other, or none is known
        and one is needed.

    Examples
    --------
    >>> margins = {"size": {"s": 60, "l": 20}, "region": {"n": 0.5, "s": 0.5}}
    >>> population_size(margins, None)
    80.0
    """
    if given is not None and not (_is_number(given) and 0 < given < math.inf):
        raise MarginError(f"population {given!r} is no number above 0.")
    sums = {
        name: math.fsum(map(float, dict(targets).values()))
        for name, targets in margins.items()
    }
    # What is not close to 1 is a sum of counts: `place_margin` has refused the rest.
    counts = {name: each for name, each in sums.items() if abs(each - 1) > _SHARES}
    sizes = counts if given is None else {**counts, "population": float(given)}
    if not sizes:
        if needed:
            raise MarginError(
                "totals need the size of the population, and the margins are shares. "
                "Give population, or a margin as counts."
            )
        return None
    first = next(reversed(sizes.values()))
    if all(abs(each / first - 1) <= _SIZE_GAP for each in sizes.values()):
        return first
    if given is None and not needed:
        return None
    listed = "; ".join(f"{name!r}: {each:.10g}" for name, each in sizes.items())
    raise MarginError(
        f"the population has several sizes ({listed}). Correct them, or give margins "
        "as shares and population."
    )


def place_totals(
    respondents: pd.DataFrame,
    totals: Mapping[str, float],
    size: float | None,
    used: NDArray[np.bool_],
) -> tuple[Total, ...]:
    """Check columns of numbers, and give the means that they shall have.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent.
    totals : mapping of column to number
        Totals of the population.
    size : float or None
        Size of the population.
    used : bool array (n,)
        Respondents who count.

    Returns
    -------
    tuple of Total
        Numbers of the respondents, and means of the population.

    Raises
    ------
    MarginError
        A target is no number, or a column is not there, or has blanks or text.

    Examples
    --------
    >>> firms = pd.DataFrame({"staff": [1, 2, 50]})
    >>> place_totals(firms, {"staff": 400}, 40.0, np.ones(3, dtype=bool))[0].target
    10.0
    """
    found = []
    for name, goal in totals.items():
        if not (_is_number(goal) and math.isfinite(goal)):
            raise MarginError(f"total {name!r} has the target {goal!r}. Give a number.")
        target = float(goal) / (size or 1.0)
        value = _numbers(respondents, name, used)
        # Who stays out may have no number.
        found.append(Total(name, np.where(used, value, target), target))
    return tuple(found)


def _is_number(value: object) -> bool:
    """Say whether a target is a number, and no text or blank."""
    return isinstance(value, Real) and not isinstance(value, (bool, np.bool_))


def _numbers(respondents: pd.DataFrame, name: str, used: NDArray[np.bool_]) -> Floats:
    """Give a column of numbers."""
    if name not in respondents.columns:
        raise MarginError(
            f"column {name!r} of totals is not among the columns "
            f"({some(respondents.columns)})."
        )
    value = read_numbers(one_column(respondents, name))
    bad = used & ~np.isfinite(value)
    if bad.any():
        raise MarginError(
            f"column {name!r} of totals is missing or no number for {int(bad.sum())} "
            f"of {int(used.sum())} respondents (ids {some(respondents.index[bad])}). "
            "Fill it in, or leave them out."
        )
    return value

"""Calibration: the margins that weights meet, and replicates that meet them too.

Weights that meet a margin know it without error, and the variance has to say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError, RakingError
from survey.estimation.cells import DesignCells
from survey.estimation.design_columns import Column, find_column, to_groups
from survey.estimation.replicates import Replicates
from survey.estimation.sums import count_by, sum_by
from survey.responses.table import Responses
from survey.weighting.fitting import fit_tables
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]

# Largest gap between a replicate's share and its target.
_GAP = 1e-10


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """Margins of n respondents; empty where weights meet none.

    Attributes
    ----------
    margins : tuple of Margin
        Targets.
    position : int array (n, margins) or None
        Category of every respondent on every margin.
    base_weight : float array (n,) or None
        Weight before the margins were met.
    """

    margins: tuple[Margin, ...]
    position: NDArray[np.intp] | None
    base_weight: Floats | None


def find_calibration(
    given: Column | Weighting | None,
    columns: Sequence[str | tuple[str, ...]],
    weight: Floats,
    data: Responses | pd.DataFrame,
) -> Calibration:
    """Give the margins that the weights meet.

    Parameters
    ----------
    given : Weighting or column
        Weights as the design states them.
    columns : sequence of str or tuple of str
        Margins of weights that come with the file.
    weight : float array (n,)
        Their values.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    Calibration
        Margins of the weighting, or margins whose targets are the weighted shares.

    Raises
    ------
    DesignError
        Both are given, a column is missing or has blanks, or a category has
        weight 0.

    Examples
    --------
    >>> firms = pd.DataFrame({"size": ["s", "s", "l"]})
    >>> found = find_calibration(None, ["size"], np.array([1.0, 1, 2]), firms)
    >>> found.margins[0].targets.tolist()
    [0.5, 0.5]
    """
    if isinstance(given, Weighting):
        if columns:
            raise DesignError(
                "the weighting carries its margins, so calibration is not needed. "
                "Leave it out."
            )
        return _of_weighting(given, data)
    if not columns:
        return Calibration((), None, None)
    names = (columns,) if isinstance(columns, str) else columns
    margins = tuple(_margin(name, weight, data) for name in names)
    position = np.column_stack([margin.position for margin in margins])
    return Calibration(margins, position, weight)


def _of_weighting(given: Weighting, data: Responses | pd.DataFrame) -> Calibration:
    """Give the margins of a weighting, in the order of the data."""
    if not given.margins:
        return Calibration((), None, None)
    index = (data.frame if isinstance(data, Responses) else data).index
    order = given.order(index)
    position = np.column_stack([margin.position[order] for margin in given.margins])
    base_weight = given.base_weight.to_numpy(dtype=float)[order]
    return Calibration(given.margins, position, base_weight)


def _margin(
    name: str | tuple[str, ...], weight: Floats, data: Responses | pd.DataFrame
) -> Margin:
    """Make a margin of columns, with the weighted shares as targets."""
    what = "calibration"
    group, codes = np.zeros(weight.size, dtype=np.intp), [""]
    for column in (name,) if isinstance(name, str) else name:
        code, values = to_groups(what, find_column(what, column, data))
        present, group = np.unique(group * len(values) + code, return_inverse=True)
        parts = [divmod(int(key), len(values)) for key in present]
        codes = [
            f"{codes[i]} x {values[j]}" if codes[i] else str(values[j])
            for i, j in parts
        ]
    share = count_by(group, len(codes), weight) / weight.sum()
    if not (share > 0).all():
        empty = codes[int(np.argmin(share))]
        raise DesignError(
            f"calibration margin {name!r}: category {empty!r} has weight 0. Merge it "
            "with another, or leave the margin out."
        )
    return Margin(name, tuple(codes), share, group.astype(np.intp))


def recalibrated(
    replicates: Replicates, cells: DesignCells, margins: tuple[Margin, ...]
) -> Replicates:
    """Rake every replicate to the margins, as the weights were.

    Parameters
    ----------
    replicates : Replicates
        Factors of the weights before raking, by design cell.
    cells : DesignCells
        D design cells.
    margins : tuple of Margin
        Margins, with their targets.

    Returns
    -------
    Replicates
        Factors of the final weights.

    Raises
    ------
    RakingError
        A replicate has no respondent in a category, or does not converge.
    """
    base = (cells.weight / cells.ratio[cells.calibration])[:, None] * replicates.factor
    start = sum_by(cells.calibration, base, cells.ratio.size)
    positions = list(cells.margins.T)
    for place, margin in zip(positions, margins, strict=True):
        _check_filled(start, place, margin)
    fitted, _ = fit_tables(start, positions, margins, tolerance=_GAP)
    for place, margin in zip(positions, margins, strict=True):
        _check_fitted(fitted, place, margin)
    change = np.divide(
        fitted * cells.weight.sum(), start, out=np.ones_like(start), where=start > 0
    )
    change = (change / cells.ratio[:, None])[cells.calibration]
    return Replicates(
        replicates.factor * change, replicates.scale, replicates.rscales, replicates.mse
    )


def _check_filled(start: Floats, place: NDArray[np.intp], margin: Margin) -> None:
    """Refuse replicates in which nobody is in a category of a margin."""
    empty = ~(sum_by(place, start, margin.targets.size) > 0)
    if empty.any():
        first = int(np.flatnonzero(empty.any(axis=0))[0])
        lost = margin.codes[int(np.argmax(empty[:, first]))]
        raise RakingError(
            f"{int(empty.any(axis=0).sum())} of {empty.shape[1]} replicates cannot be "
            f"raked to margin {margin.name!r}: in replicate {first + 1} nobody is in "
            f"category {lost!r}. Merge categories, or use linearisation."
        )


def _check_fitted(fitted: Floats, place: NDArray[np.intp], margin: Margin) -> None:
    """Refuse replicates that do not meet a margin."""
    share = sum_by(place, fitted, margin.targets.size)
    gap = np.abs(share - margin.targets[:, None])
    off = ~(gap <= _GAP).all(axis=0)
    if off.any():
        first = int(np.flatnonzero(off)[0])
        worst = margin.codes[int(np.argmax(gap[:, first]))]
        raise RakingError(
            f"{int(off.sum())} of {off.size} replicates cannot be raked to margin "
            f"{margin.name!r}: in replicate {first + 1} category {worst!r} does not "
            "reach its target. Merge categories, or use linearisation."
        )

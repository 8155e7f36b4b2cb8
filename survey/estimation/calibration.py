"""Calibration: the margins that weights meet, and replicates that meet them too.

Weights that meet a margin know it without error, and the variance has to say so.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError, MarginError, RakingError
from survey.estimation.cells import DesignCells
from survey.estimation.design_columns import Column, find_column, to_groups
from survey.estimation.replicates import Replicates
from survey.estimation.sums import count_by, sum_by
from survey.responses.table import Responses
from survey.weighting.fitting import fit_tables
from survey.weighting.recipe import remade
from survey.weighting.weighting import Margin, Weighting

Floats = NDArray[np.float64]

# Largest gap between a replicate's share and its target.
_GAP = 1e-10
# Digits of a ratio of weights that tell one from another.
_DIGITS = 11


@dataclass(frozen=True, slots=True, eq=False)
class Calibration:
    """What the weights of n respondents meet; empty where they meet nothing.

    Attributes
    ----------
    margins : tuple of Margin
        Targets.
    position : int array (n, C) or None
        Place of every respondent in each of `columns`.
    base_weight : float array (n,) or None
        Weight before the margins were met.
    columns : tuple of float arrays (K, p)
        Regressors: indicators of the categories of a margin, values of a total.
    made : Weighting or None
        The weighting, where replicates need all of its steps.
    order : int array (n,) or None
        Place of every respondent in `made`.
    """

    margins: tuple[Margin, ...]
    position: NDArray[np.intp] | None
    base_weight: Floats | None
    columns: tuple[Floats, ...] = ()
    made: Weighting | None = None
    order: NDArray[np.intp] | None = None

    @property
    def start(self) -> Floats | None:
        """Weight before the first step (n,)."""
        if self.made is None or self.order is None:
            return self.base_weight
        return self.made.start.to_numpy(dtype=float)[self.order]


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
    return Calibration(margins, position, weight, _indicators(margins))


def _of_weighting(given: Weighting, data: Responses | pd.DataFrame) -> Calibration:
    """Give what a weighting meets, in the order of the data."""
    index = (data.frame if isinstance(data, Responses) else data).index
    order = given.order(index)
    places = [margin.position[order] for margin in given.margins]
    columns = [*_indicators(given.margins)]
    if given.totals and not given.margins:
        places.append(np.zeros(order.size, dtype=np.intp))
        columns.append(np.ones((1, 1)))
    for total in given.totals:
        values, place = np.unique(total.value[order], return_inverse=True)
        places.append(place)
        columns.append(values[:, None])
    made = None if given.again is None else given
    if not places:
        return Calibration((), None, None, made=made, order=order)
    base = given.base_weight.to_numpy(dtype=float)[order]
    weight = given.weight.to_numpy(dtype=float)[order]
    if made is not None:
        # Cells in which limits or trimming left several ratios would mix them.
        place = _same_ratio(weight, base)
        places.append(place)
        columns.append(np.zeros((int(place.max()) + 1, 0)))
    position = np.column_stack(places)
    return Calibration(given.margins, position, base, tuple(columns), made, order)


def _indicators(margins: Sequence[Margin]) -> tuple[Floats, ...]:
    """Give the indicators of the categories of every margin."""
    return tuple(np.eye(margin.targets.size) for margin in margins)


def _same_ratio(weight: Floats, base: Floats) -> NDArray[np.intp]:
    """Give respondents whose weights changed alike the same number."""
    ratio = np.divide(weight, base, out=np.zeros_like(base), where=base > 0)
    # Ratios that differ by rounding are one.
    mantissa, exponent = np.frexp(ratio)
    rounded = np.ldexp(np.round(mantissa, _DIGITS), exponent)
    return np.unique(rounded, return_inverse=True)[1].astype(np.intp)


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


def remade_replicates(
    replicates: Replicates, weight: Floats, calibration: Calibration
) -> Replicates:
    """Let every replicate go through all the steps that made the weights.

    Parameters
    ----------
    replicates : Replicates
        Factors of the weights before the first step, by respondent (n, L).
    weight : float array (n,)
        Final weights.
    calibration : Calibration
        With the weighting that was made.

    Returns
    -------
    Replicates
        Factors of the final weights.

    Raises
    ------
    RakingError
        A step cannot be made in a replicate.
    """
    made, order, start = calibration.made, calibration.order, calibration.start
    assert made is not None, "there is a recipe"
    assert order is not None, "the recipe is about these respondents"
    assert start is not None, "a recipe starts somewhere"
    back = np.argsort(order)
    fixed = bool(made.margins or made.totals)
    factor = np.zeros_like(replicates.factor)
    for place in range(factor.shape[1]):
        before = start * replicates.factor[:, place]
        try:
            after = remade(made, before[back])[order]
        except (RakingError, MarginError) as problem:
            raise type(problem)(
                f"replicate {place + 1} of {factor.shape[1]}: {problem}\nThe recipe of "
                "the weights is made again in every replicate. Merge categories, or "
                "use linearisation."
            ) from None
        # The margins fix the size; other steps keep that of the replicate.
        size = 1.0 if fixed else before.sum() / start.sum()
        after *= weight.sum() * size / after.sum()
        np.divide(after, weight, out=factor[:, place], where=weight > 0)
    return Replicates(factor, replicates.scale, replicates.rscales, replicates.mse)


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

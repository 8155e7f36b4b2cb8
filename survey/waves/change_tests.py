"""Tests of changes: differences of two columns, their intervals, and their arrows.

All changes of a report against the same wave are one family of tests.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.estimation.estimates import Estimates
from survey.estimation.intervals import Precision
from survey.study.model import ReportPlan
from survey.tabulation.adjustment import adjusted_family
from survey.tabulation.column_tests import differences
from survey.waves.arrows import (
    arrow_levels,
    detectable_change,
    levels_of,
    smallest_of,
)
from survey.waves.change_tables import CellPair

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

# The numbers of a change, in the order in which they are tested.
NUMBERS = (
    "before",
    "after",
    "difference",
    "std_error",
    "conf_low",
    "conf_high",
    "p_value",
    "p_adjusted",
    "detectable",
    "level",
    "base_before",
    "base_after",
)


def side_by_side(pairs: Sequence[CellPair | None]) -> Estimates:
    """Put both waves side by side, as independent samples.

    Parameters
    ----------
    pairs : sequence of CellPair or None
        G cells in both waves.

    Returns
    -------
    Estimates
        G rows in three columns: nothing, the newer wave and the older one.
    """
    found = np.full((6, len(pairs), 3), np.nan)
    for place, pair in enumerate(pairs):
        if pair is not None:
            for column, cell, freedom in (
                (1, pair.after, pair.degrees_after),
                (2, pair.before, pair.degrees_before),
            ):
                found[:, place, column] = (
                    cell.estimate,
                    cell.std_error,
                    cell.count,
                    cell.base_unweighted,
                    cell.base_effective,
                    freedom,
                )
    estimate, error, count, base, effective, degrees = found
    covariance = error[:, :, None] ** 2 * np.eye(3)
    return Estimates(
        estimate,
        error,
        np.full_like(error, np.nan),
        np.full_like(error, np.nan),
        np.full_like(error, np.nan),
        covariance,
        count,
        # Weights of the waves may be on other scales; effective bases are not.
        effective,
        Precision(base, effective, degrees),
    )


def with_spread(table: Estimates, spread: Floats) -> Estimates:
    """Take the variances of the stacked waves, and their covariance.

    Parameters
    ----------
    table : Estimates
        From `side_by_side`.
    spread : float array (5, G)
        Variance of the older wave and of the newer one, covariance, degrees of freedom
        of both; NaN where nothing is compared.

    Returns
    -------
    Estimates
        The same estimates.
    """
    before, after, both, few, more = spread
    covariance = np.zeros((before.size, 3, 3))
    covariance[:, 1, 1], covariance[:, 2, 2] = after, before
    covariance[:, 1, 2] = covariance[:, 2, 1] = both
    precision = table.precision
    degrees = np.column_stack([few, more, few])
    return replace(
        table,
        covariance=covariance,
        precision=Precision(precision.base, precision.base_effective, degrees),
    )


def change_numbers(table: Estimates, shares: Bools, plan: ReportPlan) -> Floats:
    """Test the newer wave against the older one, row by row.

    Parameters
    ----------
    table : Estimates
        G rows in three columns; see `side_by_side`.
    shares : bool array (G,)
        Whether a row is a share.
    plan : ReportPlan
        Levels, adjustment, confidence level.

    Returns
    -------
    float array (12, G)
        The numbers of a `CellChange` in the order of `NUMBERS`; NaN where nothing is
        compared.
    """
    known = np.asarray(table.precision.known, dtype=bool)
    tested: Bools = known[:, 1] & known[:, 2]
    found = differences(
        table,
        np.array([1]),
        np.array([2]),
        tested[:, None],
        shares=shares,
    )
    difference, error = found.difference[:, 0], found.std_error[:, 0]
    degrees, levels = found.degrees_of_freedom[:, 0], levels_of(plan)
    half = error * special.stdtrit(degrees, (1 + plan.conf_level) / 2)
    (p_adjusted,) = adjusted_family([found.p_value[:, 0]], plan.changes.adjust)
    smallest = np.where(shares, smallest_of(plan), 0.0)
    return np.array(
        [
            table.estimate[:, 2],
            table.estimate[:, 1],
            difference,
            error,
            difference - half,
            difference + half,
            found.p_value[:, 0],
            p_adjusted,
            detectable_change(error, degrees, min(levels), plan.changes.power),
            arrow_levels(difference, p_adjusted, levels, smallest),
            table.precision.base[:, 2],
            table.precision.base[:, 1],
        ]
    )

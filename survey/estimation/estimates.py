"""Estimates: what is known of the rows of one question in the columns of a table.

An estimate or interval that is missing has a note that says why.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.estimation.intervals import Precision

Floats = NDArray[np.float64]

NO_ONE = "no respondents"
ONE = "no interval: one respondent"
NO_FREEDOM = "no interval: no degrees of freedom"


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of R rows in C columns; column 0 is Total.

    Attributes
    ----------
    estimate, std_error, conf_low, conf_high, deff : float arrays (R, C)
        NaN in a column without respondents.
    covariance : float array (R, C, C)
        Covariance between the columns, row by row.
    count : float array (R, C)
        Unweighted respondents in the cell.
    base_weighted : float array (C,)
        Sum of weights.
    precision : Precision
        Unweighted and effective base and degrees of freedom, arrays (C,).
    notes : tuple of str or None
        C notes on what is missing; those of the precision where there are no others.
    """

    estimate: Floats
    std_error: Floats
    conf_low: Floats
    conf_high: Floats
    deff: Floats
    covariance: Floats
    count: Floats
    base_weighted: Floats
    precision: Precision
    notes: tuple[str, ...] | None = None


def first_columns(table: Estimates, width: int) -> Estimates:
    """Take the first columns of a table.

    Parameters
    ----------
    table : Estimates
        R rows in C columns.
    width : int
        How many columns to take, Total included.

    Returns
    -------
    Estimates
        The same rows.
    """
    if table.estimate.shape[1] == width:
        return table
    return Estimates(
        table.estimate[:, :width],
        table.std_error[:, :width],
        table.conf_low[:, :width],
        table.conf_high[:, :width],
        table.deff[:, :width],
        table.covariance[:, :width, :width],
        table.count[:, :width],
        table.base_weighted[:width],
        table.precision.of(np.arange(width)),
        None if table.notes is None else table.notes[:width],
    )


def table_notes(table: Estimates) -> list[str]:
    """Say for every column what is missing in it, and why; empty where nothing is.

    Parameters
    ----------
    table : Estimates
        Estimates in C columns.

    Returns
    -------
    list of str
        C notes.
    """
    if table.notes is not None:
        return list(table.notes)
    return precision_notes(table.precision)


def precision_notes(precision: Precision) -> list[str]:
    """Say for every column why it has no interval, or what limits it; else empty.

    Parameters
    ----------
    precision : Precision
        Bases and degrees of freedom of C columns.

    Returns
    -------
    list of str
        C notes.

    Examples
    --------
    >>> one = Precision(np.array([1.0]), np.array([1.0]), np.array([0.0]))
    >>> precision_notes(one)
    ['no interval: one respondent']
    """
    lost = np.broadcast_to(precision.lost, precision.base.shape)
    return [
        _why(int(n), df, int(gone))
        for n, df, gone in zip(
            precision.base, precision.degrees_of_freedom, lost, strict=True
        )
    ]


def _why(n: int, degrees: float, lost: int) -> str:
    """Say why a column has no interval, or one from fewer replicates."""
    if n <= 1:
        return ONE if n else NO_ONE
    if degrees < 1:
        return NO_FREEDOM
    return f"nobody here in {lost} replicates, which are left out" if lost else ""

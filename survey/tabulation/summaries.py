"""Summaries of numbers that are no means: median and standard deviation by column.

Both look at the numbers of respondents, and not at cell totals.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import prepare
from survey.estimation.domains import Bases, bases_of
from survey.estimation.effects import inverse
from survey.estimation.estimates import Estimates
from survey.estimation.influence import covariance_of
from survey.estimation.intervals import t_interval
from survey.estimation.quantile import quantile_estimates
from survey.tabulation.heads import Head
from survey.tabulation.layout import TableOptions
from survey.tabulation.lines import Lines

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

_HALF = np.array([0.5])
_TWO = 2


def estimate_summary(lines: Lines, head: Head, options: TableOptions) -> Estimates:
    """Estimate the median or the standard deviation of numbers by column.

    Parameters
    ----------
    lines : Lines
        Of kind ``median`` or ``sd``.
    head : Head
        Banner question over the design.
    options : TableOptions
        Confidence level.

    Returns
    -------
    Estimates
        One row. Covariances of columns are not estimated, so that no column is
        lettered.

    Notes
    -----
    The median is that of `quantile`. The standard deviation is the root of
    ``svyvar`` of R `survey`, with the factor n / (n - 1) of the column; its error is
    linearised.
    """
    design, value = head.layout.design, lines.variable.value
    assert value is not None, "medians and deviations are of numbers"
    answers = prepare(lines.variable, design.used, numbers=True)
    member = head.columns.membership[head.columns.pattern] > 0
    inside = member & answers.base[:, None]
    bases = bases_of(design, inside)
    if lines.kind == "sd":
        return _deviation(
            np.where(answers.base, value, 0.0), inside, bases, head, options
        )
    found = quantile_estimates(
        value, inside, design, _HALF, conf_level=options.conf_level
    )
    cells = found.cells
    ends = cells.interval.low, cells.interval.high
    made = _estimates(
        (cells.estimate, cells.std_error, *ends, cells.deff), bases, inside
    )
    return replace(made, notes=tuple(cells.note[0]))


def deviations(value: Floats, inside: Bools, weight: Floats) -> Floats:
    """Give the standard deviation of every column.

    Parameters
    ----------
    value : float array (n,)
        Numbers.
    inside : bool array (n, C)
        Who is in which column.
    weight : float array (n,)
        Weights.

    Returns
    -------
    float array (C,)
        Standard deviations; NaN with fewer than two respondents.

    Examples
    --------
    >>> deviations(np.array([1.0, 3.0]), np.ones((2, 1), bool), np.ones(2)).round(4)
    array([1.4142])
    """
    n = inside.sum(axis=0)
    whole = weight @ inside
    whole = np.where((n >= _TWO) & (whole > 0), whole, np.nan)
    mean = (weight * value) @ inside / whole
    square = weight @ (inside * (value[:, None] - mean) ** 2) / whole
    return np.asarray(np.sqrt(square * n / np.maximum(n - 1, 1)))


def _deviation(
    value: Floats, inside: Bools, bases: Bases, head: Head, options: TableOptions
) -> Estimates:
    """Estimate standard deviations with their linearised errors."""
    design = head.layout.design
    found = deviations(value, inside, design.weight)
    n = inside.sum(axis=0)
    whole = np.where(n >= _TWO, design.weight @ inside, np.nan)
    mean = (design.weight * value) @ inside / whole
    factor = n / np.maximum(n - 1, 1)
    positive = np.where(found > 0, found, np.nan)
    moment = (value[:, None] - mean) ** 2 * factor - found**2
    scores = inside * design.weight[:, None] * moment / (2 * positive * whole)
    spread = covariance_of(
        design, np.nan_to_num(scores), lambda w: deviations(value, inside, w), inside
    )
    error = np.sqrt(np.maximum(spread.diagonal(), 0.0))
    error = np.where(np.isnan(found), np.nan, error)
    ends = t_interval(found, error, bases.precision, options.conf_level)
    # The variance of a mean of influences in simple random sampling.
    square = (inside * (moment / (2 * positive)) ** 2 * design.weight[:, None]).sum(0)
    simple = square / whole / np.maximum(n - 1, 1)
    kish = n * inverse(bases.precision.base_effective)
    deff = np.where(simple > 0, error**2 / np.where(simple > 0, simple, 1.0), kish)
    rows = (each[None] for each in (found, error, ends.low, ends.high, deff))
    return _estimates(tuple(rows), bases, inside)


def _estimates(cells: tuple[Floats, ...], bases: Bases, inside: Bools) -> Estimates:
    """Put one row of numbers into the form of a table."""
    columns = inside.shape[1]
    return Estimates(
        cells[0],
        cells[1],
        cells[2],
        cells[3],
        cells[4],
        np.zeros((1, columns, columns)),
        inside.sum(axis=0, dtype=float)[None],
        bases.weighted,
        bases.precision,
    )

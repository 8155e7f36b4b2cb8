"""Distribution: how far the weights spread, and where the largest come from.

Respondents of weight 0 do not count.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from survey.errors import WeightingError
from survey.weighting.diagnostics import (
    deff_kish,
    effective_base,
    margin_name,
    weighting_efficiency,
)
from survey.weighting.weighting import Weighting

Floats = NDArray[np.float64]

QUANTILES = (0, 1, 5, 25, 50, 75, 95, 99, 100)

# Weights that spread over more than this factor are shown on a log scale.
_WIDE = 20.0
# Digits after the first in which equal weights are equal.
_DIGITS = 11


@dataclass(frozen=True, slots=True)
class WeightSummary:
    """What weights look like.

    Attributes
    ----------
    respondents : int
        Respondents whose weight is above 0.
    total, mean, smallest, largest : float
        Of their weights.
    ratio : float
        Largest weight divided by the smallest.
    cv : float
        Standard deviation divided by the mean: the root of ``deff - 1``.
    deff : float
        Factor by which unequal weights raise the variance, after Kish.
    efficiency : float
        Effective base in percent of the respondents.
    base_effective : float
        Effective base.
    below_tenth, below_three_tenths, above_three, above_five : float
        Share of respondents, 0 to 1, whose weight is below 0.1 or 0.3, or above 3 or
        5, times the mean.
    quantiles : tuple of float
        At the percents `QUANTILES`.
    """

    respondents: int
    total: float
    mean: float
    smallest: float
    largest: float
    ratio: float
    cv: float
    deff: float
    efficiency: float
    base_effective: float
    below_tenth: float
    below_three_tenths: float
    above_three: float
    above_five: float
    quantiles: tuple[float, ...]


def weight_summary(weighting: Weighting) -> WeightSummary:
    """Summarise the distribution of weights.

    Parameters
    ----------
    weighting : Weighting
        Weights, none below 0.

    Returns
    -------
    WeightSummary
        Spread, what it costs, and quantiles.

    Raises
    ------
    WeightingError
        A weight is negative or missing, or none is above 0.

    References
    ----------
    .. [1] Kish (1992), Journal of Official Statistics 8(2), 183-200.

    Examples
    --------
    >>> weight = pd.Series([0.5, 0.5, 2.0, 0.0])
    >>> found = weight_summary(Weighting(weight, weight, (), 0, 0.0))
    >>> found.respondents, found.ratio, found.deff, found.base_effective
    (3, 4.0, 1.5, 2.0)
    >>> found.quantiles[4]
    0.5
    """
    weight = _counted(weighting.weight)
    deff, mean = deff_kish(weight), float(weight.mean())
    return WeightSummary(
        respondents=weight.size,
        total=float(weight.sum()),
        mean=mean,
        smallest=float(weight.min()),
        largest=float(weight.max()),
        ratio=float(weight.max() / weight.min()),
        # Rounding may leave equal weights below 1.
        cv=float(np.sqrt(max(deff - 1, 0.0))),
        deff=deff,
        efficiency=weighting_efficiency(weight),
        base_effective=effective_base(weight),
        below_tenth=float((weight < 0.1 * mean).mean()),
        below_three_tenths=float((weight < 0.3 * mean).mean()),
        above_three=float((weight > 3 * mean).mean()),
        above_five=float((weight > 5 * mean).mean()),
        quantiles=tuple(np.percentile(weight, QUANTILES).tolist()),
    )


@dataclass(frozen=True, slots=True, eq=False)
class WeightHistogram:
    """Counts of weights.

    Attributes
    ----------
    edges : float array (bins + 1,)
        Ends of the bins, rising; the last bin contains its upper end.
    counts : int array (bins,)
        Respondents in each.
    log : bool
        Whether the bins are equally wide on a log scale.
    """

    edges: Floats
    counts: NDArray[np.intp]
    log: bool


def weight_histogram(weight: ArrayLike, bins: int = 20) -> WeightHistogram:
    """Count weights in bins.

    Parameters
    ----------
    weight : array or Series (n,)
        Weights; those of 0 do not count.
    bins : int, default 20
        Bins from the smallest to the largest weight: equally wide, or equally wide
        on a log scale where the largest is more than 20 times the smallest.

    Returns
    -------
    WeightHistogram
        Edges and counts.

    Raises
    ------
    WeightingError
        There is no bin or no weight above 0, or a weight is negative or missing.

    Examples
    --------
    >>> found = weight_histogram([0.1, 0.2, 2.0, 10.0, 0.0], bins=2)
    >>> found.edges.round(6).tolist(), found.counts.tolist(), found.log
    ([0.1, 1.0, 10.0], [2, 2], True)
    """
    if bins < 1:
        raise WeightingError(f"a histogram needs a bin, and was given {bins}.")
    values = _counted(weight)
    low, high = float(values.min()), float(values.max())
    wide = high > _WIDE * low
    if wide:
        edges = np.geomspace(low, high, bins + 1)
        # The powers of the logarithms may end a little inside.
        edges[[0, -1]] = low, high
    else:
        edges = np.histogram_bin_edges(values, bins)
    return WeightHistogram(edges, np.histogram(values, edges)[0], wide)


def _counted(weight: ArrayLike) -> Floats:
    """Give the weights above 0, and refuse those that are none."""
    values = np.asarray(weight, dtype=float)
    # Says what is wrong with weights that cannot be summed up.
    effective_base(values)
    return values[values > 0]


def largest_weights(weighting: Weighting, k: int = 10) -> pd.DataFrame:
    """List the largest weights, and the cells of the margins that they come from.

    Parameters
    ----------
    weighting : Weighting
        Weights and margins.
    k : int, default 10
        Rows at most.

    Returns
    -------
    DataFrame
        ``respondent, count, weight, base_weight, factor`` (weight divided by base
        weight), then one column with the code for every margin. Respondents with the
        same weight in the same cell are one row: the first of them, and their count.

    Raises
    ------
    WeightingError
        No row is asked for.

    Examples
    --------
    >>> from survey.weighting.rake import rake
    >>> firms = pd.DataFrame({"size": ["s", "s", "s", "l"]}, index=list("abcd"))
    >>> table = largest_weights(rake(firms, {"size": {"s": 0.25, "l": 0.75}}))
    >>> table[["respondent", "count", "weight", "factor", "size"]].round(3)
      respondent  count  weight  factor size
    0          d      1   3.000   3.000    l
    1          a      3   0.333   0.333    s
    """
    if k < 1:
        raise WeightingError(f"{k} largest weights are no list. Ask for 1 or more.")
    weight = weighting.weight.to_numpy(dtype=float)
    first, count = _distinct(weighting, weight)
    first, count = first[:k], count[:k]
    base = weighting.base_weight.to_numpy(dtype=float)[first]
    columns = [
        pd.Series(weighting.weight.index[first], name="respondent"),
        pd.Series(count, name="count"),
        pd.Series(weight[first], name="weight"),
        pd.Series(base, name="base_weight"),
        pd.Series(weight[first] / base, name="factor"),
    ]
    for margin in weighting.margins:
        codes = [margin.codes[place] for place in margin.position[first]]
        columns.append(pd.Series(codes, name=margin_name(margin)))
    return pd.concat(columns, axis=1)


def _distinct(
    weighting: Weighting, weight: Floats
) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Give the first respondent of each weight in each cell, and their count."""
    used = np.flatnonzero(weight > 0)
    mantissa, exponent = np.frexp(weight[used])
    equal = np.ldexp(mantissa.round(_DIGITS), exponent)
    keys = [equal, *(margin.position[used] for margin in weighting.margins)]
    frame = pd.DataFrame(dict(enumerate(keys)))
    group = frame.groupby(list(frame.columns), sort=False).ngroup().to_numpy()
    _, first, count = np.unique(group, return_index=True, return_counts=True)
    order = np.lexsort((first, -equal[first]))
    return used[first[order]], count[order]

"""Weighting: weights of respondents, and the margins that they meet.

The margins travel with the weights, because the variance needs them.
"""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError


@dataclass(frozen=True, slots=True, eq=False)
class Margin:
    """One margin that the weighted respondents meet.

    Attributes
    ----------
    name : str or tuple of str
        Column, or columns of a crossed margin.
    codes : tuple of str
        The K categories; those of a crossed margin are joined by ``" x "``.
    targets : float array (K,)
        Shares of the population, 0 to 1, with sum 1.
    position : int array (n,)
        Index into `codes` of every respondent.
    """

    name: str | tuple[str, ...]
    codes: tuple[str, ...]
    targets: NDArray[np.float64]
    position: NDArray[np.intp]


@dataclass(frozen=True, slots=True, eq=False)
class Total:
    """A number whose mean the weighted respondents meet.

    Attributes
    ----------
    name : str
        Column.
    value : float array (n,)
        The number of every respondent.
    target : float
        Mean of the population: its total divided by the size of the population.
    """

    name: str
    value: NDArray[np.float64]
    target: float


@dataclass(frozen=True, slots=True)
class Trimming:
    """How weights were trimmed; weights have mean 1.

    Attributes
    ----------
    rule : str
        How the limits were found.
    lower, upper : float or None
        Smallest and largest weight allowed.
    trimmed_low, trimmed_high : int
        Respondents whose weight was below or above.
    moved : float
        Share of the sum of the weights that went from one respondent to another, 0
        to 1.
    base_effective_before, base_effective_after : float
        Effective base.
    """

    rule: str
    lower: float | None
    upper: float | None
    trimmed_low: int
    trimmed_high: int
    moved: float
    base_effective_before: float
    base_effective_after: float


@dataclass(frozen=True, slots=True, eq=False)
class Weighting:
    """Weights, and how they were made.

    Attributes
    ----------
    weight : Series (n,)
        Weight of every respondent, with the index of the respondents. The mean of
        those above 0 is 1.
    base_weight : Series (n,)
        Weight before the margins were met, on the same scale.
    margins : tuple of Margin
        Margins that the weights meet.
    passes : int
        Passes over all margins, or steps of Newton's method.
    gap : float
        Largest difference between a weighted share and its target; that of a total
        counts in units of its root mean square.
    totals : tuple of Total
        Numbers whose means the weights meet.
    population : float, optional
        Size of the population, where it is known: the weights times
        ``population / n`` sum to it.
    start_weight : Series (n,), optional
        Weight before the first step, on the scale that it came in, which is that of
        replicate weights of the same file; `base_weight` when None.
    again : callable, optional
        Makes weights (n,) again from other start weights (n,), as every replicate
        needs; None where raking these to `margins` is all.
    steps : tuple of str
        What was done before and after the margins were met, in words.
    trimming : Trimming, optional
        What the last trimming did, where the weights were trimmed.
    """

    weight: pd.Series
    base_weight: pd.Series
    margins: tuple[Margin, ...]
    passes: int
    gap: float
    totals: tuple[Total, ...] = ()
    population: float | None = None
    start_weight: pd.Series | None = None
    again: Callable[[NDArray[np.float64]], NDArray[np.float64]] | None = None
    steps: tuple[str, ...] = ()
    trimming: Trimming | None = None

    @property
    def start(self) -> pd.Series:
        """Weight before the first step of the recipe."""
        return self.base_weight if self.start_weight is None else self.start_weight

    def order(self, index: pd.Index) -> NDArray[np.intp]:
        """Give the place of every respondent of the data in the weighting.

        Parameters
        ----------
        index : Index (n,)
            Ids of the respondents of the data.

        Returns
        -------
        int array (n,)
            Places.

        Raises
        ------
        DesignError
            The weighting is about other respondents.
        """
        theirs = self.weight.index
        if theirs.equals(index):
            return np.arange(len(index))
        order = theirs.get_indexer(index) if theirs.is_unique else np.array([-1])
        if len(theirs) != len(index) or (order < 0).any():
            raise DesignError(
                f"the weighting was made on {len(theirs)} respondents and the data "
                f"have {len(index)}; they must be the same. Weight these data again, "
                "or give all respondents and name a domain."
            )
        return np.asarray(order, dtype=np.intp)

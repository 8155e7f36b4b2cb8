"""Weighting: weights of respondents, and the margins that they meet.

The margins travel with the weights, because the variance needs them.
"""

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
class Weighting:
    """Weights, and how they were made.

    Attributes
    ----------
    weight : Series (n,)
        Weight of every respondent, mean 1, with the index of the respondents.
    base_weight : Series (n,)
        Weight before the margins were met, mean 1.
    margins : tuple of Margin
        Margins that the weights meet.
    passes : int
        Passes over all margins.
    gap : float
        Largest difference between a weighted share and its target.
    """

    weight: pd.Series
    base_weight: pd.Series
    margins: tuple[Margin, ...]
    passes: int
    gap: float

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

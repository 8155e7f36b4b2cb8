"""Base weights: what a fit starts from, checked and with mean 1.

Weights of any scale are taken, and a respondent of weight 0 stays out of everything.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import MarginError, RakingError, some
from survey.responses.values import numbers
from survey.weighting.weighting import Weighting

Floats = NDArray[np.float64]
BaseWeight = str | pd.Series | Weighting


@dataclass(frozen=True, slots=True, eq=False)
class Base:
    """Weights before a fit.

    Attributes
    ----------
    weight : float array (n,)
        Weights, of which those above 0 have mean 1.
    made : Weighting or None
        The weighting that made them, where one did.
    order : int array (n,) or None
        Place of every respondent in `made`.
    given : float array (n,) or None
        Weights as they were given, on their own scale; `weight` when None.
    """

    weight: Floats
    made: Weighting | None = None
    order: NDArray[np.intp] | None = None
    given: Floats | None = None

    @property
    def used(self) -> NDArray[np.bool_]:
        """Respondents who count (n,)."""
        return self.weight > 0

    @property
    def start(self) -> Floats:
        """Weights before the first step (n,), on the scale that they came in."""
        if self.made is None or self.order is None:
            return self.weight if self.given is None else self.given
        return self.made.start.to_numpy(dtype=float)[self.order]


def find_base(respondents: pd.DataFrame, given: BaseWeight | None) -> Base:
    """Give the weights before a fit, checked.

    Parameters
    ----------
    respondents : DataFrame
        One row per respondent.
    given : str, Series or Weighting, optional
        Column, values with the same index, or weights made in an earlier step.

    Returns
    -------
    Base
        Weights with mean 1 among those above 0.

    Raises
    ------
    RakingError
        There are no respondents, or weights are negative, missing, or all 0.

    Examples
    --------
    >>> find_base(pd.DataFrame({"w": [2.0, 6.0, 0.0]}), "w").weight.tolist()
    [0.5, 1.5, 0.0]
    """
    if not len(respondents):
        raise RakingError("there are no respondents to weight.")
    if given is None:
        return Base(np.ones(len(respondents)))
    if isinstance(given, Weighting):
        order = given.order(respondents.index)
        return Base(mean_one(given.weight.to_numpy(dtype=float)[order]), given, order)
    given = _series(respondents, given)
    base = read_numbers(_in_order(given, respondents.index))
    bad = ~np.isfinite(base) | (base < 0)
    if bad.any():
        raise RakingError(
            f"base weights are negative, missing or infinite for {int(bad.sum())} of "
            f"{base.size} respondents (ids {some(respondents.index[bad])}). "
            "Correct them, or leave the respondents out."
        )
    if not base.any():
        raise RakingError(f"base weights are 0 for all {base.size} respondents.")
    # By a power of two, which is exact, so that weights of any size can be added up.
    return Base(mean_one(np.ldexp(base, -np.frexp(base.max())[1])), given=base)


def read_numbers(column: pd.Series) -> Floats:
    """Give a column as numbers; texts may have a decimal comma.

    Parameters
    ----------
    column : Series (n,)
        Numbers, or texts that hold numbers.

    Returns
    -------
    float array (n,)
        NaN where there is no number.

    Examples
    --------
    >>> read_numbers(pd.Series(["0,85", "2", None])).tolist()
    [0.85, 2.0, nan]
    """
    found = pd.to_numeric(column, errors="coerce")
    read = found.to_numpy(dtype=float, na_value=np.nan)
    if (np.isnan(read) & column.notna().to_numpy()).any():
        return numbers(column.reset_index(drop=True))
    return read


def mean_one(weight: Floats) -> Floats:
    """Scale weights so that those above 0 have mean 1.

    Parameters
    ----------
    weight : float array (n,)
        Weights of 0 or more, one of them above 0.

    Returns
    -------
    float array (n,)
        Weights.

    Examples
    --------
    >>> mean_one(np.array([0.0, 1.0, 3.0])).tolist()
    [0.0, 0.5, 1.5]
    """
    return np.asarray(weight * (np.count_nonzero(weight) / weight.sum()))


def check_tolerance(tolerance: float) -> None:
    """Refuse a gap that no sum of numbers can keep.

    Parameters
    ----------
    tolerance : float
        Largest gap between a share and its target.

    Raises
    ------
    RakingError
        It is not above 0.

    Examples
    --------
    >>> check_tolerance(1e-10)
    """
    # Not <=, so that what is no number is refused as well.
    if not tolerance > 0:
        raise RakingError(
            f"tolerance {tolerance} is no number above 0. Give the largest gap between "
            "a share and its target, such as 1e-10."
        )


def _series(respondents: pd.DataFrame, given: str | pd.Series) -> pd.Series:
    """Give base weights by name or as they are, and refuse anything else."""
    if isinstance(given, pd.Series):
        return given
    if not isinstance(given, str):
        raise RakingError(
            f"base_weight is a {type(given).__name__}. Give the name of a column, a "
            "Series with the index of the respondents, or a Weighting."
        )
    if given not in respondents.columns:
        raise RakingError(
            f"base weight column {given!r} is not among the columns "
            f"({some(respondents.columns)})."
        )
    return one_column(respondents, given)


def _in_order(given: pd.Series, index: pd.Index) -> pd.Series:
    """Bring base weights into the order of the respondents."""
    if given.index.equals(index):
        return given
    if not given.index.is_unique:
        raise RakingError(
            f"base_weight is a Series of {given.size} values whose index has "
            "duplicates and is not that of the respondents. Give it their index."
        )
    return given.reindex(index)


def one_column(respondents: pd.DataFrame, name: str) -> pd.Series:
    """Give a column, and refuse several of one name.

    Parameters
    ----------
    respondents : DataFrame
        With the column.
    name : str
        Its name.

    Returns
    -------
    Series (n,)
        The column.

    Raises
    ------
    MarginError
        There are several of this name.

    Examples
    --------
    >>> one_column(pd.DataFrame({"w": [1, 2]}), "w").tolist()
    [1, 2]
    """
    column = respondents[name]
    if isinstance(column, pd.DataFrame):
        raise MarginError(
            f"there are {column.shape[1]} columns {name!r}. Rename all but one."
        )
    return column

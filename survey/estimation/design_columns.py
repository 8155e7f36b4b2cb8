"""Columns of a design: looked up in the data, checked, and turned into numbers.

A value that is missing or cannot be read is an error that counts it.
"""

from collections.abc import Sequence
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from survey.errors import DesignError, some
from survey.responses.table import Responses

# Squares of weights beyond this, or of their inverse, leave the range of numbers.
_LARGEST = 1e100

Column = str | pd.Series | Sequence[Any] | NDArray[Any]


def find_column(
    what: str, given: ArrayLike, data: Responses | pd.DataFrame
) -> pd.Series:
    """Give a design column, from a name or from values.

    Parameters
    ----------
    what : str
        What the column is for, in messages.
    given : str, Series or array
        Name among the answers or the paradata, or one value for each respondent.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    Series (n,)
        Values with the index of the respondents.

    Raises
    ------
    DesignError
        There is no such column, or the values are about other respondents.

    Examples
    --------
    >>> firms = pd.DataFrame({"region": ["n", "s"]})
    >>> find_column("strata", "region", firms).tolist()
    ['n', 's']
    """
    if isinstance(given, str):
        return _named(what, given, data)
    index = respondents(data)
    if isinstance(given, pd.Series) and not given.index.equals(index):
        absent = ~index.isin(given.index)
        if absent.any() or not given.index.is_unique:
            raise DesignError(
                f"{what} is a Series whose index is not that of the data "
                f"({int(absent.sum())} respondents without a value). "
                "Give it the index of the data, or give a column name."
            )
        return given.reindex(index)
    values = np.asarray(given)
    if values.shape != (len(index),):
        raise DesignError(
            f"{what} has shape {values.shape}, but the data have {len(index)} "
            "respondents. Give one value for each."
        )
    return pd.Series(values, index=index)


def respondents(data: Responses | pd.DataFrame) -> pd.Index:
    """Give the ids of all respondents."""
    return (data.frame if isinstance(data, Responses) else data).index


def _named(what: str, name: str, data: Responses | pd.DataFrame) -> pd.Series:
    """Find a column among the answers, then among the paradata."""
    frames = _frames(data)
    for frame in frames:
        if name in frame.columns:
            column = frame[name]
            if isinstance(column, pd.DataFrame):
                raise DesignError(
                    f"{what}: the data have {column.shape[1]} columns {name!r}. "
                    "Rename all but one."
                )
            return column
    known = [str(column) for frame in frames for column in frame.columns]
    raise DesignError(
        f"{what} column {name!r} is not in the data. Columns are {some(known)}."
    )


def _frames(data: Responses | pd.DataFrame) -> list[pd.DataFrame]:
    """List the tables in which a column may stand."""
    return [data] if isinstance(data, pd.DataFrame) else [data.frame, data.paradata]


def by_stage(given: Column | None, data: Responses | pd.DataFrame) -> list[Column]:
    """Give the column of every sampling stage.

    Parameters
    ----------
    given : str, Series, array, list of column names, or None
        A list of names has one for each stage; anything else is one stage.
    data : Responses or DataFrame
        All respondents.

    Returns
    -------
    list of columns
        First stage first; empty for None.

    Examples
    --------
    >>> schools = pd.DataFrame({"district": [1, 2], "school": [1, 1]})
    >>> by_stage(["district", "school"], schools)
    ['district', 'school']
    """
    if given is None:
        return []
    if not isinstance(given, (list, tuple)) or not given:
        return [given]
    known = {name for frame in _frames(data) for name in frame.columns}
    names = [each for each in given if isinstance(each, str) and each in known]
    strange = len(given) != len(respondents(data)) and all(
        isinstance(each, str) for each in given
    )
    return list(given) if len(names) == len(given) or strange else [given]


def to_numbers(what: str, column: pd.Series) -> NDArray[np.float64]:
    """Read a column as numbers; what cannot be read is an error.

    Parameters
    ----------
    what : str
        What the column is for, in the message.
    column : Series (n,)
        Values.

    Returns
    -------
    float array (n,)
        Numbers, NaN where the column is blank.

    Raises
    ------
    DesignError
        A value is no number.

    Examples
    --------
    >>> to_numbers("weight", pd.Series(["1.5", None])).tolist()
    [1.5, nan]
    """
    numbers = pd.to_numeric(column, errors="coerce")
    words = numbers.isna() & column.notna()
    if words.any():
        raise DesignError(
            f"{what} is no number for {int(words.sum())} respondents "
            f"({some(column[words].unique())}). Check the column."
        )
    return numbers.to_numpy(dtype=float, na_value=np.nan)


def to_groups(what: str, column: pd.Series) -> tuple[NDArray[np.intp], pd.Index]:
    """Give a number to the groups of a column in sorted order.

    Parameters
    ----------
    what : str
        What the column is for, in the message.
    column : Series (n,)
        Values of any kind.

    Returns
    -------
    int array (n,), Index
        Group of every respondent, and the values in order.

    Raises
    ------
    DesignError
        A value is missing.

    Examples
    --------
    >>> to_groups("psu", pd.Series(["b", "a"]))[0].tolist()
    [1, 0]
    """
    blank = column.isna().to_numpy()
    if blank.any():
        raise DesignError(
            f"{what} is missing for {int(blank.sum())} of {len(column)} respondents "
            f"(ids {some(column.index[blank])}). Fill it in, or leave the "
            "respondents out."
        )
    try:
        code, names = pd.factorize(column.to_numpy(), sort=True)
    except TypeError:
        code, names = pd.factorize(column.astype(str).to_numpy(), sort=True)
    return code.astype(np.intp), pd.Index(names)


def weight_numbers(
    given: Column, data: Responses | pd.DataFrame
) -> NDArray[np.float64]:
    """Give the weight of every respondent, checked.

    Parameters
    ----------
    given : str, Series or array
        Weights.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    float array (n,)
        Weights, 0 or more.

    Raises
    ------
    DesignError
        A weight is negative, missing or infinite, or all are 0.

    Examples
    --------
    >>> weight_numbers([1, 2], pd.DataFrame(index=range(2))).tolist()
    [1.0, 2.0]
    """
    weight = to_numbers("weight", find_column("weight", given, data))
    bad = ~np.isfinite(weight) | (weight < 0)
    if bad.any():
        index = respondents(data)
        raise DesignError(
            f"weight is negative, missing or infinite for {int(bad.sum())} of "
            f"{len(index)} respondents (ids {some(index[bad])}). "
            "Correct these weights, or leave the respondents out."
        )
    large = (weight > _LARGEST) | ((weight > 0) & (weight < 1 / _LARGEST))
    if large.any():
        raise DesignError(
            f"weight is {weight[large][0]:g} for {int(large.sum())} respondents, too "
            "large or too small to be squared. Divide all weights by their mean."
        )
    if not weight.any():
        raise DesignError(
            f"weight is 0 for all {len(weight)} respondents. Check the column."
        )
    return weight


def fpc_numbers(given: Column, data: Responses | pd.DataFrame) -> NDArray[np.float64]:
    """Give the finite population correction as a column states it.

    Parameters
    ----------
    given : str, Series or array
        Population counts or sampling fractions.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    float array (n,)
        Numbers above 0.

    Raises
    ------
    DesignError
        One is missing, 0 or negative.

    Examples
    --------
    >>> fpc_numbers([40, 40], pd.DataFrame(index=range(2))).tolist()
    [40.0, 40.0]
    """
    fpc = to_numbers("fpc", find_column("fpc", given, data))
    bad = np.isnan(fpc) | (fpc <= 0)
    if bad.any():
        index = respondents(data)
        raise DesignError(
            f"fpc is missing, 0 or negative for {int(bad.sum())} of {len(index)} "
            f"respondents (ids {some(index[bad])}). Give population counts or "
            "sampling fractions."
        )
    return fpc

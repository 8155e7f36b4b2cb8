"""Replicate weights of a file, looked up and checked."""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DesignError, some
from survey.estimation.design_columns import find_column, respondents, to_numbers
from survey.responses.table import Responses

Floats = NDArray[np.float64]


def replicate_columns(
    given: Sequence[str] | pd.DataFrame | Floats | None, data: Responses | pd.DataFrame
) -> Floats:
    """Give the replicate weights of every respondent.

    Parameters
    ----------
    given : list of str, DataFrame or array (n, L)
        Column names, or the weights themselves.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    float array (n, L)
        Replicate weights, 0 or more.

    Raises
    ------
    DesignError
        A column is missing, a weight is no number or negative, or there are fewer
        than two replicates.

    Examples
    --------
    >>> firms = pd.DataFrame({"w1": [0.0, 2.0], "w2": [2.0, 0.0]})
    >>> replicate_columns(["w1", "w2"], firms).tolist()
    [[0.0, 2.0], [2.0, 0.0]]
    """
    columns = _columns([given] if isinstance(given, str) else given, data)
    if columns.shape[1] < 2:  # noqa: PLR2004 - one replicate has no spread
        raise DesignError(
            f"replicate_weights has {columns.shape[1]} columns; give at least two."
        )
    bad = ~np.isfinite(columns) | (columns < 0)
    if bad.any():
        rows = np.asarray(bad.any(axis=1))
        ids = some(respondents(data)[rows])
        raise DesignError(
            f"replicate weights are negative, missing or infinite for "
            f"{int(rows.sum())} of {len(columns)} respondents (ids {ids}). "
            "Correct them, or leave the respondents out."
        )
    empty = np.flatnonzero(~columns.any(axis=0))
    if empty.size:
        raise DesignError(
            f"{empty.size} of {columns.shape[1]} replicates have weight 0 for everyone "
            f"(number {some((empty + 1).tolist())}). Leave them out."
        )
    return columns


def _columns(
    given: Sequence[str] | pd.DataFrame | Floats | None, data: Responses | pd.DataFrame
) -> Floats:
    """Read the columns as numbers."""
    what, size = "replicate_weights", len(respondents(data))
    if isinstance(given, np.ndarray) and given.dtype.kind != "U":
        if given.ndim != 2 or len(given) != size:  # noqa: PLR2004 - a matrix
            raise DesignError(
                f"{what} has shape {given.shape}, but the data have {size} "
                "respondents. Give one row for each."
            )
        if given.dtype.kind in "bfiu":
            return given.astype(np.float64)
        given = pd.DataFrame(given, index=respondents(data))
    if isinstance(given, pd.DataFrame):
        # By place, because names may repeat.
        each = (given.iloc[:, place] for place in range(given.shape[1]))
        found = [find_column(what, column, data) for column in each]
    else:
        found = [find_column(what, name, data) for name in given or ()]
    numbers = [to_numbers(what, column) for column in found]
    return np.column_stack(numbers) if numbers else np.zeros((size, 0))

"""Places of answers among the distinct ones of their column.

Whole numbers near each other and categories are places as they are; only other values
are looked up.
"""

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Places = NDArray[np.integer]

# Whole numbers at most so far apart are not looked up.
_SPAN = 1000
# Whole numbers below this are themselves as float64.
_EXACT = 2.0**53


def places_of(column: pd.Series) -> tuple[Places, pd.Index]:
    """Give the place of every answer among the values of a column.

    Parameters
    ----------
    column : Series (n,)
        Answers of any type.

    Returns
    -------
    int array (n,), Index (m,)
        Places, -1 for a blank; the values, of which some may be nobody's.

    Examples
    --------
    >>> place, values = places_of(pd.Series(["s", None, "l", "s"]))
    >>> place.tolist(), values.tolist()
    ([0, -1, 1, 0], ['s', 'l'])
    >>> place, values = places_of(pd.Series([2.0, 3.0, 2.0]))
    >>> place.tolist(), values.tolist()
    ([2, 3, 2], [0, 1, 2, 3])
    """
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.to_numpy(), column.cat.categories
    found = _whole_numbers(column)
    if found is not None:
        return found
    place, values = pd.factorize(column)
    return place, pd.Index(values)


def _whole_numbers(column: pd.Series) -> tuple[Places, pd.Index] | None:
    """Place whole numbers near each other; nothing where the values are no such."""
    if not pd.api.types.is_numeric_dtype(column) or column.empty:
        return None
    # A blank makes the limits of numpy's own types NaN, which is out of range below.
    if pd.api.types.is_extension_array_dtype(column) and column.hasnans:
        return None
    values = column.to_numpy()
    if values.dtype.kind not in "iufb":
        return None
    low, high = float(values.min()), float(values.max())
    if not (low > -_EXACT and high < _EXACT and high - low < _SPAN):
        return None
    place = values.astype(np.intp, copy=False)
    if values.dtype.kind == "f" and (place != values).any():
        return None
    # Small codes are taken as they are, with places before them that nobody has.
    start = 0 if low >= 0 and high < _SPAN else int(low)
    return (place - start if start else place), pd.RangeIndex(start, int(high) + 1)

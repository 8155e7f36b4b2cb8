"""Texts of a listing: what is missing, and what no text of a report should hold."""

import re
from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from survey.listing.cells import NOTHING

_CONTROL: Final = re.compile(
    r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]+"
)


def by_value(
    column: pd.Series, change: Callable[[object], str | None]
) -> "pd.Series[str]":
    """Change every distinct value of a column once.

    Parameters
    ----------
    column : Series
        Any values; missing ones stay missing.
    change : callable
        Gives the new text of a value, None for a missing one.

    Returns
    -------
    Series of object
        The new texts, None where missing.

    Examples
    --------
    >>> by_value(pd.Series(["a", "b", "a", None]), str.upper).tolist()
    ['A', 'B', 'A', None]
    """
    codes, values = pd.factorize(column)
    new = np.array([*(change(value) for value in values), None], dtype=object)
    return pd.Series(new[codes], index=column.index, dtype=object, name=column.name)


def nothing(index: pd.Index) -> "pd.Series[str]":
    """Give a column of texts that states nothing.

    Parameters
    ----------
    index : Index
        Its rows.

    Returns
    -------
    Series of object
        None in every row.

    Examples
    --------
    >>> nothing(pd.RangeIndex(2)).tolist()
    [None, None]
    """
    return pd.Series(np.full(len(index), None, dtype=object), index=index, dtype=object)


def stated(column: pd.Series) -> "pd.Series[str]":
    r"""Give the texts of a column without blanks around them and control characters.

    Parameters
    ----------
    column : Series
        Cells as a file has them.

    Returns
    -------
    Series of object
        Texts; None where nothing is stated.

    Examples
    --------
    >>> stated(pd.Series([" a\nb ", "nan", None, 3])).tolist()
    ['a b', None, None, '3']
    """
    if not isinstance(column.dtype, pd.StringDtype):
        return by_value(column, clean)
    return _stated(column)


def _stated(column: pd.Series) -> "pd.Series[str]":
    """Clean a column of texts at once; only those that cannot be printed singly."""
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(column.to_numpy(object), pa.string(), from_pandas=True)
    trimmed = pc.utf8_trim_whitespace(texts)
    blank = pc.is_in(pc.utf8_lower(trimmed), pa.array(sorted(NOTHING)))
    new = pc.if_else(blank, None, trimmed).to_numpy(zero_copy_only=False)
    odd = pc.invert(pc.utf8_is_printable(texts)).to_numpy(zero_copy_only=False) == 1
    if odd.any():
        new = new.copy()
        new[odd] = [clean(text) for text in column.to_numpy(object)[odd]]
    return pd.Series(new, index=column.index, dtype=object, name=column.name)


def clean(value: object) -> str | None:
    r"""Give one cell as a text on one line.

    Parameters
    ----------
    value : object
        A cell.

    Returns
    -------
    str or None
        None where the text is empty, or stands for nothing.

    Examples
    --------
    >>> clean("a\x00b"), clean("None"), clean(False)
    ('a b', None, 'False')
    """
    text = str(value)
    text = (text if text.isprintable() else _CONTROL.sub(" ", text)).strip()
    return None if text.lower() in NOTHING else text

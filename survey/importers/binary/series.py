"""Columns of binary files as those of a RawTable: stripped texts and ISO 8601 dates.

A moment that no calendar of four-digit years holds stays the number that it is.
"""

from typing import Any, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

Floats = NDArray[np.float64]

_FIRST_SECOND = int(np.datetime64("0001-01-01", "s").astype("int64"))
_LAST_SECOND = int(np.datetime64("9999-12-31T23:59:59", "s").astype("int64"))


def stripped(texts: Any) -> pd.Series:
    """Give texts without blanks around them; what is blank is missing.

    Parameters
    ----------
    texts : pyarrow Array of text (n,)
        Cells of a column.

    Returns
    -------
    Series (n,)
        Of dtype ``str``.

    Examples
    --------
    >>> import pyarrow
    >>> stripped(pyarrow.array([" Preis", " ", None])).isna().tolist()
    [False, True, True]
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    plain = pc.utf8_trim_whitespace(texts.cast(pa.large_string()))
    filled = pc.if_else(pc.equal(plain, ""), pa.scalar(None, plain.type), plain)
    column: pd.Series = filled.to_pandas()
    return column


def moments(
    values: Floats, seconds: Floats, shape: Literal["date", "datetime"]
) -> pd.Series:
    """Write moments as ISO 8601 texts.

    Parameters
    ----------
    values : float array (n,)
        Numbers as the file holds them, for moments outside the years 1 to 9999.
    seconds : float array (n,)
        The same moments in seconds since 1970.
    shape : {"date", "datetime"}
        Whether the time of day is written; fractions of a second are not.

    Returns
    -------
    Series (n,)
        Of dtype ``str``; NaN is missing.

    Examples
    --------
    >>> moments(np.array([0.0]), np.array([86_400.0]), "datetime").tolist()
    ['1970-01-02 00:00:00']
    """
    inside = (seconds >= _FIRST_SECOND) & (seconds <= _LAST_SECOND)
    whole = np.floor(seconds[inside]).astype("int64").astype("datetime64[s]")
    iso = np.datetime_as_string(whole, unit="D" if shape == "date" else "s")
    return _filled(values, inside, [text.replace("T", " ") for text in iso.tolist()])


def times(values: Floats) -> pd.Series:
    """Write durations and times of day as hours, minutes and seconds.

    Parameters
    ----------
    values : float array (n,)
        Seconds; negative numbers stay numbers.

    Returns
    -------
    Series (n,)
        Of dtype ``str``; NaN is missing.

    Examples
    --------
    >>> times(np.array([43_870.5, 60.0])).tolist()
    ['12:11:10.50', '00:01:00']
    """
    inside = (values >= 0) & (values <= _LAST_SECOND)
    return _filled(values, inside, [_time(v) for v in values[inside]])


def numerals(values: Floats) -> NDArray[np.object_]:
    """Write numbers in their shortest form.

    Parameters
    ----------
    values : float array (n,)
        Numbers; NaN becomes None.

    Returns
    -------
    object array (n,)
        Texts: 1.0 is ``1``.

    Examples
    --------
    >>> numerals(np.array([1.0, 2.5, np.nan])).tolist()
    ['1', '2.5', None]
    """
    distinct, place = np.unique(values, return_inverse=True)
    texts = [None if np.isnan(v) else numeral(float(v)) for v in distinct]
    return np.array(texts, dtype=object)[place]


def numeral(value: object) -> str:
    """Write a value as a code: 1.0 is ``1``.

    Parameters
    ----------
    value : float, int or str
        A code of a file.

    Returns
    -------
    str
        Shortest form of a number, a text without blanks around it.

    Examples
    --------
    >>> numeral(3.0), numeral(2.5), numeral(" a ")
    ('3', '2.5', 'a')
    """
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _filled(values: Floats, inside: NDArray[np.bool_], texts: list[str]) -> pd.Series:
    """Put texts where a moment can be written, and numbers where not."""
    cells = np.full(len(values), None, dtype=object)
    cells[inside] = texts
    cells[~inside] = numerals(values[~inside])
    return pd.Series(cells, dtype="str")


def _time(seconds: float) -> str:
    """Write seconds as hours, minutes and seconds."""
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}:{rest:05.2f}".removesuffix(".00")

"""Diagnostics: what the weights cost, and how near they come to the targets."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike, NDArray

from survey.errors import WeightingError
from survey.weighting.weighting import Margin, Weighting

_COLUMNS = (
    "margin",
    "code",
    "target",
    "unweighted",
    "weighted",
    "difference",
    "base_unweighted",
    "base_effective",
)


def effective_base(weight: ArrayLike) -> float:
    """Give the effective base: (sum of w)^2 / sum of w^2.

    Parameters
    ----------
    weight : array or Series (n,)
        Weights, at least one above 0.

    Returns
    -------
    float
        Respondents that would know as much with equal weights.

    Raises
    ------
    WeightingError
        No weight is above 0, or one is missing or negative.

    References
    ----------
    .. [1] Kish (1965), Survey Sampling, section 11.7.

    Examples
    --------
    >>> round(effective_base([1.0, 3.0]), 6)
    1.6
    """
    values = np.asarray(weight, dtype=float)
    bad = int((~np.isfinite(values) | (values < 0)).sum())
    if bad or not values.any():
        raise WeightingError(
            f"the effective base needs weights of 0 or more with a positive sum; "
            f"{bad} of {values.size} are negative, missing or infinite."
        )
    # Divided first, so that weights of any size can be squared.
    values = values / values.max()
    return float(values.sum() ** 2 / (values**2).sum())


def deff_kish(weight: ArrayLike) -> float:
    """Give the factor by which unequal weights raise the variance: 1 + CV^2.

    Parameters
    ----------
    weight : array or Series (n,)
        Weights; those of 0 do not count.

    Returns
    -------
    float
        1 or more.

    Raises
    ------
    WeightingError
        As for `effective_base`.

    References
    ----------
    .. [1] Kish (1992), Journal of Official Statistics 8(2), 183-200.

    Examples
    --------
    >>> deff_kish([1.0, 3.0])
    1.25
    """
    return int(np.count_nonzero(np.asarray(weight))) / effective_base(weight)


def weighting_efficiency(weight: ArrayLike) -> float:
    """Give the effective base in percent of the respondents.

    Parameters
    ----------
    weight : array or Series (n,)
        Weights; those of 0 do not count.

    Returns
    -------
    float
        0 to 100.

    Raises
    ------
    WeightingError
        As for `effective_base`.

    Examples
    --------
    >>> weighting_efficiency([1.0, 3.0])
    80.0
    """
    return 100 / deff_kish(weight)


def margin_table(weighting: Weighting) -> pd.DataFrame:
    """Put targets beside unweighted and weighted shares.

    Parameters
    ----------
    weighting : Weighting
        Weights and margins.

    Returns
    -------
    DataFrame
        One row per margin and code: ``margin, code, target, unweighted, weighted``
        (shares, 0 to 1), ``difference`` (weighted less target), ``base_unweighted,
        base_effective``. Respondents whose base weight is 0 do not count.

    See Also
    --------
    total_table : The same for means of numbers.

    Examples
    --------
    >>> from survey.weighting.rake import rake
    >>> firms = pd.DataFrame({"size": ["s", "s", "s", "l"]})
    >>> table = margin_table(rake(firms, {"size": {"s": 0.5, "l": 0.5}}))
    >>> table[["code", "unweighted", "weighted", "base_unweighted"]]
      code  unweighted  weighted  base_unweighted
    0    s        0.75       0.5                3
    1    l        0.25       0.5                1
    """
    used = weighting.base_weight.to_numpy(dtype=float) > 0
    weight = weighting.weight.to_numpy(dtype=float)[used]
    frames = [_rows_of(m, m.position[used], weight) for m in weighting.margins]
    return pd.concat(frames or [pd.DataFrame(columns=_COLUMNS)], ignore_index=True)


def _rows_of(
    margin: Margin, position: NDArray[np.intp], weight: NDArray[np.float64]
) -> pd.DataFrame:
    """Give the rows of one margin, from the respondents who count."""
    size = len(margin.codes)
    w, w2 = (
        np.bincount(position, weights=each, minlength=size).astype(float, copy=False)
        for each in (weight, weight**2)
    )
    return margin_rows(margin, np.bincount(position, minlength=size), w, w2)


def margin_rows(
    margin: Margin,
    n: NDArray[np.intp],
    w: NDArray[np.float64],
    w2: NDArray[np.float64],
) -> pd.DataFrame:
    """Give the rows of one margin, from sums by category.

    Parameters
    ----------
    margin : Margin
        Codes and targets of K categories.
    n : int array (K,)
        Respondents.
    w, w2 : float array (K,)
        Sums of their weights and of the squares of these.

    Returns
    -------
    DataFrame
        K rows, as `margin_table` gives them.
    """
    columns = (
        margin_name(margin),
        list(margin.codes),
        margin.targets,
        n / n.sum(),
        w / w.sum(),
        w / w.sum() - margin.targets,
        n.astype(int),
        w**2 / np.where(w2 > 0, w2, 1.0),
    )
    return pd.DataFrame(dict(zip(_COLUMNS, columns, strict=True)))


def margin_name(margin: Margin) -> str:
    """Give the name of a margin as one text.

    Parameters
    ----------
    margin : Margin
        Of one column or of several.

    Returns
    -------
    str
        Columns, joined by ``" x "``.

    Examples
    --------
    >>> nobody = np.array([], dtype=np.intp)
    >>> margin_name(Margin(("size", "region"), ("s x n",), np.ones(1), nobody))
    'size x region'
    """
    return margin.name if isinstance(margin.name, str) else " x ".join(margin.name)


def total_table(weighting: Weighting) -> pd.DataFrame:
    """Put the population means of numbers beside unweighted and weighted means.

    Parameters
    ----------
    weighting : Weighting
        Weights and totals.

    Returns
    -------
    DataFrame
        One row per number: ``name, target, unweighted, weighted`` (means),
        ``difference`` (weighted less target). Respondents whose base weight is 0 do
        not count.

    See Also
    --------
    margin_table : The same for shares.

    Examples
    --------
    >>> from survey.weighting.weighting import Total
    >>> weight, equal = pd.Series([0.5, 0.5, 2.0]), pd.Series([1.0, 1.0, 1.0])
    >>> staff = Total("staff", np.array([2.0, 4.0, 9.0]), 7.0)
    >>> total_table(Weighting(weight, equal, (), 1, 0.0, (staff,)))
        name  target  unweighted  weighted  difference
    0  staff     7.0         5.0       7.0         0.0
    """
    used = weighting.base_weight.to_numpy(dtype=float) > 0
    weight = weighting.weight.to_numpy(dtype=float)[used]
    values = [total.value[used] for total in weighting.totals]
    targets = np.array([total.target for total in weighting.totals], dtype=float)
    weighted = np.array(
        [value @ weight / weight.sum() for value in values], dtype=float
    )
    return pd.DataFrame(
        {
            "name": [total.name for total in weighting.totals],
            "target": targets,
            "unweighted": np.array([value.mean() for value in values], dtype=float),
            "weighted": weighted,
            "difference": weighted - targets,
        }
    )

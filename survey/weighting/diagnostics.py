"""Diagnostics: what the weights cost, and how near they come to the targets."""

import numpy as np
import pandas as pd
from numpy.typing import ArrayLike

from survey.errors import WeightingError
from survey.weighting.weighting import Weighting


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
        base_effective``.

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
    weight = weighting.weight.to_numpy(dtype=float)
    frames = []
    for margin in weighting.margins:
        size = len(margin.codes)
        n, w, w2 = (
            np.bincount(margin.position, weights=each, minlength=size)
            for each in (None, weight, weight**2)
        )
        name = margin.name if isinstance(margin.name, str) else " x ".join(margin.name)
        frames.append(
            pd.DataFrame(
                {
                    "margin": name,
                    "code": list(margin.codes),
                    "target": margin.targets,
                    "unweighted": n / n.sum(),
                    "weighted": w / w.sum(),
                    "difference": w / w.sum() - margin.targets,
                    "base_unweighted": n.astype(int),
                    "base_effective": w**2 / np.where(w2 > 0, w2, 1.0),
                }
            )
        )
    return pd.concat(frames, ignore_index=True)

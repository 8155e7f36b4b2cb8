"""Likes against downloads, and what single models do to the correlation.

Counts with heavy tails let a few models decide the square of a correlation, so it
stands beside that of the logarithms and the correlation of ranks.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.listing.values import Correlation

_NAN: Final = float("nan")
_LEAST: Final = 5
_LARGEST: Final = 10
_LISTED: Final = 5
_DECIMALS: Final = 15
_PERFECT: Final = 1 - 1e-12


def correlate(frame: pd.DataFrame, *, interval: bool = True) -> Correlation | None:
    """Relate likes to downloads.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame` in a fixed order; models without either count are left out.
    interval : bool, default True
        Whether the interval is wanted. Without it pingouin, which takes a second to
        load, is not needed; the coefficients are the same.

    Returns
    -------
    Correlation or None
        None where no model has likes. Everything is NaN below 5 models, and where one
        of the two counts is the same for all. The line through the logarithms gives
        log10(1 + likes) from log10(1 + downloads).

    Notes
    -----
    The interval of Spearman's correlation is that of Fisher's transformation with 95 %.
    It would hold for a random sample of models; a listing is none, so it only shows how
    few models the number rests on.

    Examples
    --------
    >>> counts = [1.0, 10.0, 100.0, 1000.0, 10000.0]
    >>> columns = {"id": list("abcde"), "downloads": counts, "likes": counts}
    >>> frame = pd.DataFrame(columns)
    >>> round(correlate(frame).r2_raw, 6)
    1.0
    """
    both = frame[frame["downloads"].notna() & frame["likes"].notna()]
    if both.empty:
        return None
    downloads = both["downloads"].to_numpy("float64")
    likes = both["likes"].to_numpy("float64")
    if len(both) < _LEAST or np.ptp(downloads) == 0 or np.ptp(likes) == 0:
        return Correlation(len(both), _NAN, _NAN, _NAN, _NAN, _NAN, _NAN, _NAN)
    log_downloads, log_likes = np.log10(1 + downloads), np.log10(1 + likes)
    slope, intercept = _line(log_downloads, log_likes)
    coefficient = _coefficient if interval else _own_coefficient
    spearman = coefficient(downloads, likes, "spearman")
    low, high = _interval(spearman, len(both)) if interval else (_NAN, _NAN)
    return Correlation(
        models=len(both),
        r2_raw=coefficient(downloads, likes, "pearson") ** 2,
        r2_log=coefficient(log_downloads, log_likes, "pearson") ** 2,
        spearman=spearman,
        spearman_low=low,
        spearman_high=high,
        slope_log=slope,
        intercept_log=intercept,
        leverage=_leverage(both["id"].to_numpy(object), downloads, likes),
    )


def _coefficient(x: NDArray[np.float64], y: NDArray[np.float64], method: str) -> float:
    """Give a coefficient of correlation."""
    import pingouin

    return float(pingouin.corr(x, y, method=method)["r"].iloc[0])


def _own_coefficient(
    x: NDArray[np.float64], y: NDArray[np.float64], method: str
) -> float:
    """Give the same coefficient without pingouin."""
    if method == "spearman":
        x, y = _ranks(x), _ranks(y)
    dx, dy = x - x.mean(), y - y.mean()
    return float((dx @ dy) / np.sqrt((dx @ dx) * (dy @ dy)))


def _ranks(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give ranks; what is equal shares the mean of its ranks."""
    return np.asarray(pd.Series(values).rank(), dtype=np.float64)


def _interval(coefficient: float, models: int) -> tuple[float, float]:
    """Give the interval of a coefficient, which `pingouin.corr` rounds."""
    import pingouin

    if abs(coefficient) > _PERFECT:
        return coefficient, coefficient
    ends = pingouin.compute_esci(
        coefficient, models, models, eftype="r", decimals=_DECIMALS
    )
    return float(ends[0]), float(ends[1])


def _line(x: NDArray[np.float64], y: NDArray[np.float64]) -> tuple[float, float]:
    """Give slope and intercept of the line of least squares."""
    dx = x - x.mean()
    slope = float((dx * (y - y.mean())).sum() / (dx**2).sum())
    return slope, float(y.mean() - slope * x.mean())


def _leverage(
    ids: NDArray[np.object_], x: NDArray[np.float64], y: NDArray[np.float64]
) -> tuple[tuple[str, float], ...]:
    """Give the squared correlation without each of the models that move it most."""
    most = np.union1d(np.argsort(-x, kind="stable")[:_LARGEST], _top(y))
    whole, left = _r2_without(x, y, most)
    moved = sorted(
        (-abs(r2 - whole), str(ids[place]), float(r2))
        for place, r2 in zip(most, left, strict=True)
        if np.isfinite(r2)
    )
    return tuple((name, r2) for _, name, r2 in moved[:_LISTED])


def _top(y: NDArray[np.float64]) -> NDArray[np.intp]:
    """Give the places of the largest values."""
    return np.argsort(-y, kind="stable")[:_LARGEST]


def _r2_without(
    x: NDArray[np.float64], y: NDArray[np.float64], places: NDArray[np.intp]
) -> tuple[float, NDArray[np.float64]]:
    """Give the squared correlation, and what it is without one place each."""
    dx, dy, n = x - x.mean(), y - y.mean(), len(x)
    sxx, syy, sxy = (dx**2).sum(), (dy**2).sum(), (dx * dy).sum()
    # What one point adds to a sum of squares about the mean of all.
    part = n / (n - 1)
    ex, ey = dx[places], dy[places]
    xx, yy = sxx - part * ex**2, syy - part * ey**2
    with np.errstate(divide="ignore", invalid="ignore"):
        return float(sxy**2 / (sxx * syy)), (sxy - part * ex * ey) ** 2 / (xx * yy)

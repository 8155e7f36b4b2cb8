"""How downloads gather on few models, or on few makers.

Units without downloads count: they make the distribution as uneven as it is.
"""

from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.listing.values import Concentration

TOP: Final = (1, 3, 10, 50, 100)
_STEPS: Final = 200


def concentrate(downloads: NDArray[np.float64]) -> Concentration:
    """Measure how downloads are spread over units.

    Parameters
    ----------
    downloads : float array (units,)
        Counts, at least 0; NaN for units without one, which are left out.

    Returns
    -------
    Concentration
        ``top`` has those k that are not above the number of units. All is NaN where
        nothing is downloaded.

    Notes
    -----
    The effective number is the inverse of the Herfindahl-Hirschman index. Gini's
    coefficient is that of the units listed, without a correction for small numbers.

    Examples
    --------
    >>> found = concentrate(np.array([6.0, 2.0, 2.0, 0.0]))
    >>> round(found.effective, 4), round(found.gini, 4), found.top
    (2.2727, 0.45, {1: 0.6, 3: 1.0})
    """
    counts = np.sort(downloads[~np.isnan(downloads)])
    total, units = counts.sum(), len(counts)
    if total <= 0:
        nan = float("nan")
        return Concentration(units, nan, nan, {}, np.array([[0.0, 0.0], [1.0, 1.0]]))
    shares = counts / total
    ranks = np.arange(1, units + 1)
    gini = 2 * float((ranks * shares).sum()) / units - (units + 1) / units
    largest = np.cumsum(counts[::-1]) / total
    top = {k: float(largest[k - 1]) for k in TOP if k <= units}
    effective = 1 / float((shares**2).sum())
    return Concentration(units, effective, gini, top, _lorenz(counts))


def maker_downloads(frame: pd.DataFrame) -> NDArray[np.float64]:
    """Sum the downloads of every maker.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`; models without a maker or without a count are left out.

    Returns
    -------
    float array (makers,)
        Sums, in no order that matters.

    Examples
    --------
    >>> rows = {"author": ["a", "b", "a", None], "downloads": [1.0, 2, 3, 4]}
    >>> maker_downloads(pd.DataFrame(rows)).tolist()
    [4.0, 2.0]
    """
    known = frame[frame["author"].notna() & frame["downloads"].notna()]
    codes, names = pd.factorize(known["author"])
    weights = known["downloads"].to_numpy("float64")
    return np.bincount(codes, weights, len(names)).astype(np.float64)


def _lorenz(counts: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give points of the Lorenz curve of sorted counts."""
    units = len(counts)
    places = np.unique(np.round(np.linspace(0, units, min(units, _STEPS) + 1)))
    sums = np.concatenate([[0.0], np.cumsum(counts)]) / counts.sum()
    curve = np.column_stack([places / units, sums[places.astype(np.intp)]])
    curve[-1] = 1.0
    return curve

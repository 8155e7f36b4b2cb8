"""The points of a scatter of likes against downloads: few enough to draw.

The largest models are all there, and of the others every n-th in order of downloads,
so that the cloud keeps its shape and the same listing gives the same points.
"""

from typing import Final

import numpy as np
import pandas as pd

MOST_POINTS: Final = 1000
_LARGEST: Final = 50
_NAMED: Final = 6


def scatter_points(frame: pd.DataFrame) -> pd.DataFrame:
    """Choose the points of a scatter.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`, the model with most downloads first.

    Returns
    -------
    DataFrame
        Columns ``id, downloads, likes, named``, at most 1,000 rows: the 50 models with
        most downloads, the 50 with most likes, and a systematic sample of the rest.
        ``named`` marks the first 6 of both.

    Examples
    --------
    >>> rows = {"id": ["a", "b"], "downloads": [2.0, 1.0], "likes": [1.0, None]}
    >>> scatter_points(pd.DataFrame(rows)).values.tolist()
    [['a', 2.0, 1.0, True]]
    """
    both = frame[frame["downloads"].notna() & frame["likes"].notna()]
    points = both[["id", "downloads", "likes"]].reset_index(drop=True)
    by_likes = np.argsort(-points["likes"].to_numpy("float64"), kind="stable")
    named = np.zeros(len(points), dtype=bool)
    named[:_NAMED] = True
    named[by_likes[:_NAMED]] = True
    points["named"] = named
    if len(points) <= MOST_POINTS:
        return points
    chosen = np.zeros(len(points), dtype=bool)
    chosen[:_LARGEST] = True
    chosen[by_likes[:_LARGEST]] = True
    rest = np.flatnonzero(~chosen)
    wanted = MOST_POINTS - int(chosen.sum())
    # The middle of each of as many equal parts as points are wanted.
    steps = (np.arange(wanted) + 0.5) * len(rest) / wanted
    chosen[rest[steps.astype(np.intp)]] = True
    return points[chosen].reset_index(drop=True)

"""Which models came, went and moved from one listing to the next.

A listing that shows the first models only cannot tell a model that is gone from one
that fell below its end.
"""

from collections.abc import Callable
from typing import Final

import numpy as np
import pandas as pd

from survey.listing.values import ListingResult, ModelMove, Turnover

_MOST: Final = 20


def turnover(before: ListingResult, after: ListingResult) -> Turnover:
    """Compare the models of two listings.

    Parameters
    ----------
    before, after : ListingResult
        The earlier and the later one.

    Returns
    -------
    Turnover
        Numbers, and the largest of those that came, went and moved.
    """
    earlier = _ranked(before).add_suffix("_before")
    both = earlier.join(_ranked(after).add_suffix("_after"), how="outer")
    is_new, is_gone = both["listed_before"].isna(), both["listed_after"].isna()
    came, went, stayed = both[is_new], both[is_gone], both[~is_new & ~is_gone]
    change = (stayed["share_after"] - stayed["share_before"]).abs()
    moved = stayed.assign(change=change)[change > 0]
    return Turnover(
        before=before.listing.date,
        after=after.listing.date,
        stayed=len(stayed),
        came=len(came),
        went=len(went),
        came_share_downloads=float(came["share_after"].sum()),
        went_share_downloads=float(went["share_before"].sum()),
        largest_came=_largest(came, "downloads_after"),
        largest_went=_largest(went, "downloads_before"),
        moved=_largest(moved, "change"),
    )


def _ranked(result: ListingResult) -> pd.DataFrame:
    """Give downloads, shares and ranks by id."""
    frame = result.listing.frame
    downloads = frame["downloads"].to_numpy("float64", na_value=np.nan)
    ranks = pd.Series(downloads).rank(ascending=False, method="min")
    return pd.DataFrame(
        {
            "downloads": downloads,
            "share": downloads / np.nansum(downloads),
            "rank": ranks.to_numpy("float64"),
            "listed": 1.0,
        },
        index=pd.Index(frame["id"].to_numpy(object), name="id"),
    )


def _largest(rows: pd.DataFrame, by: str) -> tuple[ModelMove, ...]:
    """Give the first models in the order of a column; ids decide between equals."""
    order = np.lexsort((rows.index.to_numpy(str), -rows[by].fillna(-1).to_numpy()))
    names = [
        f"{what}_{when}"
        for what in ("downloads", "share", "rank")
        for when in ("before", "after")
    ]
    chosen = rows.iloc[order[:_MOST]]
    number: Callable[[object], float] = float  # type: ignore[assignment]
    return tuple(
        ModelMove(str(id_), *map(number, values))
        for id_, values in zip(chosen.index, chosen[names].to_numpy(), strict=True)
    )

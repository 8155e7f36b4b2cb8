"""Analyse a listing: everything once whole, and once without its largest model.

The order of the rows of a file changes nothing.
"""

import numpy as np
import pandas as pd

from survey.errors import ListingError
from survey.listing.concentration import concentrate, maker_downloads
from survey.listing.correlation import correlate
from survey.listing.points import scatter_points
from survey.listing.shares import apache_or_mit_share, breakdowns, open_share
from survey.listing.values import Figures, Listing, ListingResult


def analyse_listing(listing: Listing, *, interval: bool = True) -> ListingResult:
    r"""Find out what is listed, what is downloaded, and how uneven that is.

    Parameters
    ----------
    listing : Listing
        From `read_listing`.
    interval : bool, default True
        Whether correlations get an interval; see `correlate`.

    Returns
    -------
    ListingResult
        Shares by licence, maker and task, likes against downloads, concentration.

    Raises
    ------
    ListingError
        No model has downloads above 0.

    Notes
    -----
    No number has an interval for sampling error: a listing is no sample. Shares of
    licences are of the models that state one.

    Examples
    --------
    >>> import tempfile
    >>> from pathlib import Path
    >>> from survey.listing.read import read_listing
    >>> path = Path(tempfile.mkdtemp()) / "models.csv"
    >>> _ = path.write_text("id,downloads,license\na/b,3,mit\nc/d,1,my own\n")
    >>> result = analyse_listing(read_listing(path))
    >>> result.open_licences.share_downloads, result.whole.models.top
    (0.75, {1: 0.75})
    """
    frame = _ordered(listing.frame)
    if not frame["downloads"].sum() > 0:
        raise ListingError(
            f"{listing.name}: not one model has downloads above 0, so there is nothing"
            " to weight by. Fetch the listing again."
        )
    return ListingResult(
        listing=listing,
        breakdowns=breakdowns(frame, listing.present),
        whole=_figures(frame, interval=interval),
        without=_figures(frame.iloc[1:], interval=interval),
        largest=str(frame["id"].iloc[0]),
        open_licences=open_share(frame),
        apache_or_mit=apache_or_mit_share(frame),
        points=scatter_points(frame),
    )


def _ordered(frame: pd.DataFrame) -> pd.DataFrame:
    """Put the model with most downloads first; ids decide between equals."""
    import pyarrow as pa
    import pyarrow.compute as pc

    keys = pa.table(
        {
            "downloads": pa.array(frame["downloads"], from_pandas=True),
            "id": pa.array(frame["id"], pa.string()),
        }
    )
    by = [("downloads", "descending"), ("id", "ascending")]
    places = pc.sort_indices(keys, sort_keys=by)
    return frame.take(places.to_numpy()).reset_index(drop=True)


def _figures(frame: pd.DataFrame, *, interval: bool) -> Figures:
    """Measure correlation and concentration."""
    made_by = maker_downloads(frame)
    return Figures(
        correlate(frame, interval=interval),
        concentrate(frame["downloads"].to_numpy("float64", na_value=np.nan)),
        concentrate(made_by) if len(made_by) else None,
    )

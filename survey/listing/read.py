"""Read a listing of models, whatever program wrote it.

Every value that could not be used is counted in a finding; nothing is guessed open.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from survey.errors import ListingError, some
from survey.finding import Finding
from survey.listing.counts import Counts, read_counts
from survey.listing.dates import ListingDay, checked_date, listing_day, row_days
from survey.listing.licences import family_code, licence_code, raw_licences
from survey.listing.models import maker_kinds, makers, read_ids, without_repeats
from survey.listing.source import RawListing, read_source
from survey.listing.tasks import task_code, task_group
from survey.listing.texts import by_value, nothing, stated
from survey.listing.values import COLUMNS, Listing
from survey.said import Said, counted, said


def read_listing(path: str | Path, *, date: str = "", selection: str = "") -> Listing:
    r"""Read a listing of models.

    Parameters
    ----------
    path : str or Path
        CSV, JSON, JSON lines or Parquet, with the fields of the Hugging Face hub; a
        text may be packed with gzip.
    date : str, optional
        Day of the listing, ``2026-05-07``; by default what the file says.
    selection : str, optional
        How the models were chosen; by default what the file says.

    Returns
    -------
    Listing
        One row per model, and findings about the file.

    Raises
    ------
    ListingError
        The file cannot be read, is no listing, or has no count of downloads.

    Notes
    -----
    A model without a namespace has no maker. Of several licences joined by OR the most
    permissive open one counts; several in a list are ``other``.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "models.csv"
    >>> _ = path.write_text("id,downloads,license\na/b,3,mit\nc,1,my own\n")
    >>> read_listing(path).frame[["author", "licence"]].values.tolist()
    [['a', 'MIT'], [None, 'other']]
    """
    given = checked_date(date) if date else ""
    raw = read_source(Path(path))
    _check_columns(raw, str(path))
    ids = read_ids(raw.frame["id"])
    cells = raw.frame[ids.usable].reset_index(drop=True)
    if cells.empty:
        raise ListingError(f"{path}: no row names a model. Check the column of ids.")
    downloads = _downloads(cells, str(path))
    likes = _likes(cells)
    frame = _frame(cells, ids.ids[ids.usable].reset_index(drop=True))
    frame = frame.assign(downloads=downloads.values, likes=likes.values)
    single = without_repeats(frame)
    day = ListingDay(given) if given else listing_day(cells.get("listed_on"), raw.name)
    frame = single.frame[list(COLUMNS)].reset_index(drop=True)
    return Listing(
        frame,
        day.date,
        raw.name,
        raw.sha256,
        selection or _selection(cells),
        frozenset(name for name in COLUMNS if frame[name].notna().any()),
        (
            *ids.findings,
            *downloads.findings,
            *likes.findings,
            *single.findings,
            *day.findings,
            *_about(frame, cells),
        ),
    )


def _check_columns(raw: RawListing, path: str) -> None:
    """Refuse a file that is no listing, or one without downloads."""
    lacking = [name for name in ("id", "downloads") if name not in raw.frame]
    if "id" in lacking:
        raise ListingError(
            f"{path}: no column names the models ('id', 'modelId'), so this is no"
            " listing of models. The export of a survey is for 'survey analyze'."
        )
    if lacking:
        raise ListingError(
            f"{path}: no column 'downloads', so models cannot be weighted by them; of"
            f" a listing it has {some(raw.frame.columns)}. Fetch the listing again with"
            " downloads; the export of a survey is for 'survey analyze'."
        )
    if raw.frame.empty:
        raise ListingError(f"{path}: the listing holds no model. Fetch it again.")


def _downloads(cells: pd.DataFrame, path: str) -> Counts:
    """Read the downloads, of which some must be left."""
    counts = read_counts(cells["downloads"], "downloads")
    if np.nansum(counts.values) > 0:
        return counts
    what = " ".join(finding.message for finding in counts.findings)
    raise ListingError(
        f"{path}: not one model has downloads above 0, so there is nothing to weight"
        f" by. {what} Fetch the listing again."
    )


def _likes(cells: pd.DataFrame) -> Counts:
    """Read the likes, which may be missing."""
    if "likes" in cells:
        return read_counts(cells["likes"], "likes")
    return Counts(np.full(len(cells), np.nan))


def _frame(cells: pd.DataFrame, ids: pd.Series) -> pd.DataFrame:
    """Put the columns of a listing together, all but the counts."""
    raw = raw_licences(cells)
    licence = by_value(raw, lambda text: licence_code(str(text)))
    task = by_value(_texts(cells, "task"), lambda text: task_code(str(text)))
    days = row_days(cells["listed_on"]) if "listed_on" in cells else ""
    return pd.DataFrame(
        {
            "id": ids,
            "author": makers(ids, cells.get("author")),
            "maker_kind": maker_kinds(cells),
            "licence": licence,
            "licence_raw": raw,
            "licence_family": by_value(licence, lambda code: family_code(str(code))),
            "task": task,
            "task_group": by_value(task, lambda code: task_group(str(code))),
            "library": _texts(cells, "library"),
            "created": by_value(_texts(cells, "created"), lambda day: str(day)[:10]),
            "gated": _texts(cells, "gated"),
            "day": days,
        }
    )


def _texts(cells: pd.DataFrame, name: str) -> "pd.Series[str]":
    """Give a column as texts; all missing where the file lacks it."""
    if name in cells:
        return stated(cells[name])
    return nothing(cells.index)


def _selection(cells: pd.DataFrame) -> str:
    """Say how the models were chosen, where the file tells."""
    return "; ".join(sorted(set(_texts(cells, "selection").dropna()))[:3])


def _about(frame: pd.DataFrame, cells: pd.DataFrame) -> list[Finding]:
    """Say what the columns of the listing can and cannot tell."""
    notes = []
    if "downloads_all_time" in cells:
        notes.append(("downloads_all_time", _ALL_TIME, 0))
    if not frame["licence_raw"].notna().any():
        notes.append(("licence", _NO_LICENCE, len(frame)))
    if not frame["likes"].notna().any():
        notes.append(("likes", _NO_LIKES, len(frame)))
    unknown = int(frame["author"].isna().sum())
    if unknown:
        notes.append(("author", _no_maker(unknown), unknown))
    return [Finding("note", f"listing_{n}", n, text, count) for n, text, count in notes]


_ALL_TIME = said(
    "Downloads of all time are not used: they grow with the age of a model. Downloads"
    " are those of the last 30 days."
)
_NO_LICENCE = said("The listing states no licence, so nothing is said of licences.")
_NO_LIKES = said("The listing has no likes, so they are not compared with downloads.")


def _no_maker(count: int) -> Said:
    """Say how many models have no maker."""
    return counted(
        count,
        "{count} model has an id without a namespace: nothing tells who made it, and it"
        " counts for no maker.",
        "{count} models have ids without a namespace: nothing tells who made them, and"
        " they count for no maker.",
    )

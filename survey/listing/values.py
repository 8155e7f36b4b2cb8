"""What a listing of models is, and what is known of it once it is analysed.

A listing is all models that somebody chose to list, not a sample of them: its shares
have no sampling error, and no interval is printed beside them.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final, Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding

BreakdownName = Literal[
    "licence", "licence_family", "maker", "maker_kind", "task", "task_group"
]
BREAKDOWNS: Final[tuple[BreakdownName, ...]] = (
    "licence_family",
    "licence",
    "maker",
    "maker_kind",
    "task_group",
    "task",
)
# Columns of `Listing.frame`; every one is there, and empty where a file lacks it.
COLUMNS: Final = (
    "id",
    "author",
    "maker_kind",
    "downloads",
    "likes",
    "licence",
    "licence_raw",
    "licence_family",
    "task",
    "task_group",
    "library",
    "created",
    "gated",
)


@dataclass(frozen=True, slots=True, eq=False)
class Listing:
    """A table of models, with its downloads as weights.

    Attributes
    ----------
    frame : DataFrame
        One row per model with the columns `COLUMNS`. ``maker_kind`` is
        ``organisation``, ``individual`` or missing; ``downloads`` and ``likes`` are
        whole numbers as float, missing where not stated; ``licence`` is an SPDX id,
        ``other`` or missing (no licence stated); ``licence_family`` and
        ``task_group`` are codes.
    date : str
        Day of the listing (``2026-05-07``), empty where nothing says it.
    name, sha256 : str
        File and hash.
    selection : str
        How the models were chosen, where it is known (``top 300 by downloads``).
    present : frozenset of str
        Columns that the file had; a breakdown of one that it lacks is not made.
    findings : tuple of Finding
        What was wrong with the file.
    """

    frame: pd.DataFrame
    date: str
    name: str
    sha256: str
    selection: str
    present: frozenset[str]
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class ShareRow:
    """One category: its share of the models and of their downloads, 0 to 1.

    The shares ``without`` leave out the model with the most downloads of the listing.
    """

    code: str
    label: str
    models: int
    downloads: float
    share_models: float
    share_downloads: float
    share_models_without: float
    share_downloads_without: float


@dataclass(frozen=True, slots=True)
class Breakdown:
    """All categories of one column, the largest by models first, ``other`` last.

    `models` and `downloads` are the base: models that state the column; `unstated`
    counts the others, which have no row; a share is of the base. `unrecognised` lists
    raw values that stand under ``other`` because nothing knows them, with their number
    of models.
    """

    name: BreakdownName
    rows: tuple[ShareRow, ...]
    models: int
    downloads: float
    unstated: int
    unrecognised: tuple[tuple[str, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Correlation:
    """Likes against downloads, as the square of a correlation and as ranks.

    ``r2_raw`` is of the counts, ``r2_log`` of log10(1 + count), ``spearman`` of the
    ranks with its interval; NaN where it is not defined. The line gives log10(1 +
    likes) as ``intercept_log + slope_log`` times log10(1 + downloads). ``leverage``
    lists the models that move ``r2_raw`` most when they are left out one at a time,
    with the value without each.
    """

    models: int
    r2_raw: float
    r2_log: float
    spearman: float
    spearman_low: float
    spearman_high: float
    slope_log: float
    intercept_log: float
    leverage: tuple[tuple[str, float], ...] = ()


@dataclass(frozen=True, slots=True, eq=False)
class Concentration:
    """How downloads gather on few models, or on few makers.

    Attributes
    ----------
    units : int
        Models or makers with a download count.
    effective : float
        Effective number: one over the sum of squared shares; NaN without downloads.
    gini : float
        0: all the same; towards 1: one has all.
    top : mapping of int to float
        Share of downloads of the k largest, for 1, 3, 10, 50, 100 up to `units`.
    lorenz : float array (points, 2)
        Share of units from the smallest on, and their share of downloads; starts at
        (0, 0) and ends at (1, 1); at most 201 points.
    """

    units: int
    effective: float
    gini: float
    top: Mapping[int, float]
    lorenz: NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class Figures:
    """Everything that does not need one row per category: once whole, once without."""

    correlation: Correlation | None
    models: Concentration
    makers: Concentration | None


@dataclass(frozen=True, slots=True, eq=False)
class ListingResult:
    """What is known of one listing.

    Attributes
    ----------
    listing : Listing
        The table itself.
    breakdowns : mapping of str to Breakdown
        Those whose column the file has.
    whole, without : Figures
        Of all models, and without the one with the most downloads.
    largest : str
        Id of that model.
    open_licences : ShareRow or None
        Models under a licence that OSI or FSF call open, of those that state one (the
        base of the breakdown by licence); None without licences.
    apache_or_mit : ShareRow or None
        Models under Apache-2.0 or MIT, of the same base.
    points : DataFrame
        Columns ``id, downloads, likes, named``: what a scatter draws, at most 1,000
        rows, most downloads first; ``named`` marks those whose name is written.
    """

    listing: Listing
    breakdowns: Mapping[str, Breakdown]
    whole: Figures
    without: Figures
    largest: str
    open_licences: ShareRow | None
    apache_or_mit: ShareRow | None
    points: pd.DataFrame = field(default_factory=pd.DataFrame)


@dataclass(frozen=True, slots=True)
class ShareTrend:
    """One category in every listing of a comparison, the oldest first.

    The shares ``same`` are of the models that stand in every listing: what changed for
    them is no matter of which models were listed. A share is NaN where a listing does
    not state the column.
    """

    code: str
    label: str
    share_models: tuple[float, ...]
    share_downloads: tuple[float, ...]
    same_share_models: tuple[float, ...]
    same_share_downloads: tuple[float, ...]

    @property
    def change_models(self) -> float:
        """Share of models of the newest listing minus that of the oldest."""
        return self.share_models[-1] - self.share_models[0]

    @property
    def change_downloads(self) -> float:
        """Share of downloads of the newest listing minus that of the oldest."""
        return self.share_downloads[-1] - self.share_downloads[0]

    @property
    def same_change_downloads(self) -> float:
        """The same, of the models that stand in every listing."""
        return self.same_share_downloads[-1] - self.same_share_downloads[0]


@dataclass(frozen=True, slots=True)
class ModelMove:
    """One model in two listings; what a listing without it does not tell is NaN.

    Ranks are by downloads, 1 for the most; shares are of all downloads of a listing.
    """

    id: str
    downloads_before: float
    downloads_after: float
    share_before: float
    share_after: float
    rank_before: float
    rank_after: float


@dataclass(frozen=True, slots=True)
class Turnover:
    """Which models came, went and moved between two listings.

    To come and to go means to enter and to leave the *listing*: a model that is not
    among those listed may well exist.

    Attributes
    ----------
    before, after : str
        Days of the two listings.
    stayed, came, went : int
        Numbers of models.
    came_share_downloads : float
        Share of the downloads of the later listing that models have which came.
    went_share_downloads : float
        Share of the downloads of the earlier listing that models had which went.
    largest_came, largest_went, moved : tuple of ModelMove
        At most 20 each: with most downloads, and, of those that stayed, those whose
        share changed most.
    """

    before: str
    after: str
    stayed: int
    came: int
    went: int
    came_share_downloads: float
    went_share_downloads: float
    largest_came: tuple[ModelMove, ...]
    largest_went: tuple[ModelMove, ...]
    moved: tuple[ModelMove, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ListingComparison:
    """Several listings of different days, the oldest first.

    Attributes
    ----------
    results : tuple of ListingResult
        One per listing, in the order of their days.
    dates : tuple of str
        Their days.
    same_models : int
        Models that stand in every listing.
    trends : mapping of str to tuple of ShareTrend
        Breakdowns that at least two listings have, ordered as in the newest; of makers
        only those who are among the first 20 of a listing by models or by downloads.
    open_licences, apache_or_mit : ShareTrend or None
        As in `ListingResult`.
    turnovers : tuple of Turnover
        From each listing to the next.
    findings : tuple of Finding
        Why listings may not be comparable.
    """

    results: tuple[ListingResult, ...]
    dates: tuple[str, ...]
    same_models: int
    trends: Mapping[BreakdownName, tuple[ShareTrend, ...]]
    open_licences: ShareTrend | None
    apache_or_mit: ShareTrend | None
    turnovers: tuple[Turnover, ...]
    findings: tuple[Finding, ...] = ()

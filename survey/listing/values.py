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
    counts the others, which have no row. `unrecognised` lists raw values that stand
    under ``other`` because nothing knows them, with their number of models.
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
    ranks with its interval; NaN where it is not defined. ``leverage`` lists the models
    that move ``r2_raw`` most when they are left out, with the value without them.
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
        Effective number: one over the sum of squared shares.
    gini : float
        0: all the same; towards 1: one has all.
    top : mapping of int to float
        Share of downloads of the k largest.
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
        Models under a licence that OSI or FSF call open; None without licences.
    apache_or_mit : ShareRow or None
        Models under Apache-2.0 or MIT.
    points : DataFrame
        Columns ``id, downloads, likes, named``: what a scatter draws, at most 1,000
        rows; ``named`` marks those whose name is written.
    """

    listing: Listing
    breakdowns: Mapping[str, Breakdown]
    whole: Figures
    without: Figures
    largest: str
    open_licences: ShareRow | None
    apache_or_mit: ShareRow | None
    points: pd.DataFrame = field(default_factory=pd.DataFrame)

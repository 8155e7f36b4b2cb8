"""Shares of the models and of their downloads, by the columns of a listing.

A listing is everything that was listed, without a design: there is no sampling error to
estimate, and a share is one sum over another. The weighted shares are those that
`survey.proportion` gives with downloads as weights; its intervals would mean nothing.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.listing.tasks import is_known_task
from survey.listing.values import BREAKDOWNS, Breakdown, BreakdownName, ShareRow
from survey.openness.licence_names import is_open

OTHER: Final = "other"
_LABELS: Final[Mapping[str, Mapping[str, str]]] = {
    "licence": {OTHER: "Other or not recognised"},
    "licence_family": {
        "apache": "Apache",
        "mit": "MIT",
        "bsd": "BSD",
        "permissive": "Other permissive",
        "gpl": "GPL family",
        "copyleft": "Other copyleft",
        "cc_open": "Creative Commons, open",
        "cc_restricted": "Creative Commons, restricted",
        "rail": "RAIL (rules of use)",
        "community": "Licences of vendors",
        OTHER: "Other or not recognised",
    },
    "maker_kind": {"organisation": "Organisations", "individual": "Individuals"},
    "task": {OTHER: "Other or not known"},
    "task_group": {
        "training": "Training of other models",
        "application": "End-user application",
        OTHER: "Other or not known",
    },
}
_COLUMNS: Final[Mapping[BreakdownName, str]] = {
    "licence_family": "licence_family",
    "licence": "licence",
    "maker": "author",
    "maker_kind": "maker_kind",
    "task_group": "task_group",
    "task": "task",
}
# Where the text stands that nothing recognised.
_RAW: Final[Mapping[str, str]] = {
    "licence_family": "licence_raw",
    "licence": "licence_raw",
    "task": "task",
    "task_group": "task",
}
_FINER: Final[Mapping[BreakdownName, BreakdownName]] = {
    "licence_family": "licence",
    "task_group": "task",
}


@dataclass(frozen=True, slots=True, eq=False)
class _Sums:
    """Sums of categories, and the shares of a `ShareRow` in its order."""

    models: NDArray[np.float64]
    downloads: NDArray[np.float64]
    shares: tuple[NDArray[np.float64], ...]


def breakdowns(frame: pd.DataFrame, present: frozenset[str]) -> dict[str, Breakdown]:
    """Break a listing down by every column that it has.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`, the model with most downloads first.
    present : frozenset of str
        Columns that state something.

    Returns
    -------
    dict of str to Breakdown
        In the order of `BREAKDOWNS`.

    Examples
    --------
    >>> frame = pd.DataFrame({"author": ["a", "b", "b"], "downloads": [6.0, 3.0, 1.0]})
    >>> rows = breakdowns(frame, frozenset({"author"}))["maker"].rows
    >>> [(row.code, row.share_downloads, row.share_downloads_without) for row in rows]
    [('b', 0.4, 1.0), ('a', 0.6, 0.0)]
    """
    return {
        name: _breakdown(frame, name)
        for name in BREAKDOWNS
        if _COLUMNS[name] in present
    }


def category_codes(frame: pd.DataFrame, name: BreakdownName) -> pd.Series:
    """Give the category of every model in a breakdown.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`.
    name : str
        The breakdown.

    Returns
    -------
    Series
        Codes; missing where the model does not state the column.

    Examples
    --------
    >>> frame = pd.DataFrame({"task": ["fill-mask", "fortune-telling"]})
    >>> category_codes(frame, "task").tolist()
    ['fill-mask', 'other']
    """
    column = frame[_COLUMNS[name]]
    if name != "task":
        return column
    known = {task for task in column.dropna().unique() if is_known_task(str(task))}
    return column.where(column.isin(known) | column.isna(), OTHER)


def category_label(name: BreakdownName, code: str) -> str:
    """Give the English label of a category.

    Parameters
    ----------
    name : str
        The breakdown.
    code : str
        The category.

    Returns
    -------
    str
        The code itself where it is a name, as of makers and SPDX ids.

    Examples
    --------
    >>> category_label("maker_kind", "individual"), category_label("licence", "MIT")
    ('Individuals', 'MIT')
    """
    return _LABELS.get(name, {}).get(code, code)


def open_share(frame: pd.DataFrame) -> ShareRow | None:
    """Give the share of models under an open licence, of those that state one.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`, the model with most downloads first.

    Returns
    -------
    ShareRow or None
        None where no model states a licence.
    """
    return _licence_share(frame, "open", "Open licence (OSI or FSF)", is_open)


def apache_or_mit_share(frame: pd.DataFrame) -> ShareRow | None:
    """Give the share of models under Apache-2.0 or MIT, of those that state a licence.

    Parameters
    ----------
    frame : DataFrame
        `Listing.frame`, the model with most downloads first.

    Returns
    -------
    ShareRow or None
        None where no model states a licence.
    """
    ids = {"Apache-2.0", "MIT"}
    return _licence_share(frame, "apache_or_mit", "Apache-2.0 or MIT", ids.__contains__)


def _licence_share(
    frame: pd.DataFrame, code: str, label: str, is_in: Callable[[str], bool]
) -> ShareRow | None:
    """Give the share of the licences for which a rule holds."""
    licences = frame["licence"]
    if not licences.notna().any():
        return None
    chosen = {one for one in licences.dropna().unique() if is_in(str(one))}
    states = licences.notna().to_numpy(bool)
    groups = np.where(states, licences.isin(chosen).to_numpy(bool), -1)
    sums = _sums(groups, frame["downloads"], 2)
    return _row(sums, 1, code, label)


def _breakdown(frame: pd.DataFrame, name: BreakdownName) -> Breakdown:
    """Break a listing down by one column."""
    codes = category_codes(frame, name)
    groups, names = pd.factorize(codes)
    sums = _sums(groups, frame["downloads"], len(names))
    rows = [
        _row(sums, i, str(code), category_label(name, str(code)))
        for i, code in enumerate(names)
    ]
    rows.sort(key=lambda r: (r.code == OTHER, -r.models, -r.downloads, r.code))
    return Breakdown(
        name,
        tuple(rows),
        int(sums.models.sum()),
        float(sums.downloads.sum()),
        int((groups < 0).sum()),
        _unrecognised(frame, name, codes),
    )


def _sums(groups: NDArray[np.integer], downloads: pd.Series, size: int) -> _Sums:
    """Count models and downloads of groups; -1 stands for no group."""
    counts = downloads.fillna(0).to_numpy("float64")
    stated = groups >= 0
    rest = stated & (np.arange(len(groups)) > 0)
    sums = [
        np.bincount(groups[mask], weights, size).astype(np.float64)
        for mask, weights in (
            (stated, None),
            (stated, counts[stated]),
            (rest, None),
            (rest, counts[rest]),
        )
    ]
    return _Sums(sums[0], sums[1], tuple(map(_of_base, sums)))


def _row(sums: _Sums, place: int, code: str, label: str) -> ShareRow:
    """Put the shares of one category together."""
    return ShareRow(
        code,
        label,
        int(sums.models[place]),
        float(sums.downloads[place]),
        *(float(share[place]) for share in sums.shares),
    )


def _of_base(sums: NDArray[np.float64]) -> NDArray[np.float64]:
    """Divide by the base; NaN where that is 0."""
    base = sums.sum()
    return sums / base if base > 0 else np.full(len(sums), np.nan)


def _unrecognised(
    frame: pd.DataFrame, name: BreakdownName, codes: pd.Series
) -> tuple[tuple[str, int], ...]:
    """List the texts of a file that stand under ``other``, the most frequent first."""
    if name not in _RAW:
        return ()
    # A known licence without a family, or a task of neither group, is recognised.
    finer = _FINER.get(name)
    codes = codes if finer is None else category_codes(frame, finer)
    raw = frame.loc[(codes == OTHER).to_numpy(bool), _RAW[name]]
    counts = raw.value_counts()
    pairs = ((str(text), int(count)) for text, count in counts.items())
    return tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0])))

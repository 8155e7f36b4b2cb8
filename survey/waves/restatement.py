"""Restatement: published cells that a later run gives another number.

A number stands here only where the present run shows the cell: what it hides, and what
it has no longer, is named and not told again.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import OutputError, some
from survey.said import tell
from survey.waves.restatement_reasons import reasons

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Record = Mapping[str, Any]

# A number moved where it differs by more than this, relative to numbers above 1.
TOLERANCE: Final = 1e-9
KEYS: Final = ("wave", "question", "code", "banner", "point", "statistic")
NUMBERS: Final = {
    "estimate": "",
    "conf_low": "_low",
    "conf_high": "_high",
    "base_unweighted": "_base",
}
STATUSES: Final = ("moved", "new", "gone", "hidden now", "hidden before")
COLUMNS: Final = (
    *("wave", "question", "code", "label", "banner", "point", "statistic", "status"),
    *("published", "restated", "difference"),
    *("published_low", "published_high", "restated_low", "restated_high"),
    *("published_base", "restated_base", "why"),
)
_BEFORE: Final = "_before"
_NEEDED: Final = (*KEYS, "label", "note", *NUMBERS)


def restatement(
    former: pd.DataFrame,
    now: pd.DataFrame,
    provenance_former: Record,
    provenance_now: Record,
    *,
    language: str = "en",
    shown: Callable[[float], object] | None = None,
) -> pd.DataFrame:
    """List the cells that a run publishes anew, with why.

    Parameters
    ----------
    former, now : DataFrame
        Results of the former and of this run, in the columns of ``results.csv``.
    provenance_former, provenance_now : mapping
        What ``run.json`` records of both.
    language : str, default "en"
        Of the reasons: ``en`` or ``de``.
    shown : callable, optional
        What a reader sees of an estimate. Cells whose texts differ are listed, however
        near the estimates are.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, in the order of the results; cells that are gone come last.
        ``difference`` is restated less published, in the unit of the statistic. A cell
        moved where its estimate, its interval or its unweighted base did by more than
        `TOLERANCE`. Empty where nothing moved.

    Raises
    ------
    OutputError
        Results of another version lack a column that is needed.

    Notes
    -----
    Waves that only one of the runs has are left out: a new wave restates nothing. A
    report in another language has other labels; then points are matched by their order.

    Examples
    --------
    >>> cell = dict.fromkeys(("code", "banner", "label", "note", "wave"), "")
    >>> cell |= {"question": "q", "point": "Total", "statistic": "mean"}
    >>> cell |= {"conf_low": 0.0, "conf_high": 1.0, "base_unweighted": 50}
    >>> runs = [pd.DataFrame([cell | {"estimate": value}]) for value in (0.41, 0.43)]
    >>> restatement(*runs, {}, {})[["published", "restated", "why"]]
       published  restated                         why
    0       0.41      0.43  no recorded input changed
    """
    for frame in (former, now):
        check_columns(frame, _NEEDED)
    if former.equals(now):
        return pd.DataFrame(columns=list(COLUMNS))
    same = language_of(provenance_former) == language_of(provenance_now)
    pairs = matched(former, now, same_labels=same)
    status = _status(pairs, shown)
    kept = pairs.loc[status != ""].reset_index(drop=True)
    told = _told(kept, status[status != ""])
    # Differences and changes rest on the data of more than the wave they stand in.
    whole = told["statistic"].astype(str).str.match("difference|change")
    known = {
        wave: _why(provenance_former, provenance_now, wave, language)
        for wave in ("", *told["wave"].unique())
    }
    told["why"] = [
        known["" if across else wave]
        for wave, across in zip(told["wave"], whole, strict=True)
    ]
    return told[list(COLUMNS)]


def check_columns(frame: pd.DataFrame, needed: Sequence[str]) -> None:
    """Refuse results without columns that are needed.

    Parameters
    ----------
    frame : DataFrame
        Results of a run.
    needed : sequence of str
        Columns.

    Raises
    ------
    OutputError
        A column is missing.

    Examples
    --------
    >>> check_columns(pd.DataFrame({"wave": []}), ["wave"])
    """
    missing = [name for name in needed if name not in frame]
    if missing:
        raise OutputError(
            f"The results lack {len(missing)} columns ({some(missing)}), because "
            "another version of genai-survey wrote them. Make them again with this one."
        )


def language_of(provenance: Record) -> str:
    """Give the language of a report.

    Parameters
    ----------
    provenance : mapping
        What ``run.json`` records.

    Returns
    -------
    str
        What the study says; ``en`` where it says nothing.

    Examples
    --------
    >>> language_of({"study": {"language": "de"}}), language_of({})
    ('de', 'en')
    """
    return str(provenance.get("study", {}).get("language", "en"))


def matched(
    former: pd.DataFrame, now: pd.DataFrame, *, same_labels: bool = True
) -> pd.DataFrame:
    """Put the cells of two runs side by side.

    Parameters
    ----------
    former, now : DataFrame
        Results, of waves that may differ.
    same_labels : bool, default True
        Whether both name the points of the banner alike; otherwise their order counts.

    Returns
    -------
    DataFrame
        A row per cell of the waves that both have: columns of `now`, those of `former`
        with the ending ``_before``, and ``found``: ``both``, ``left_only`` (new) or
        ``right_only`` (gone). Gone cells come last.
    """
    waves = set(now["wave"].astype(str)) & set(former["wave"].astype(str))
    sides = [_keyed(frame, waves, same_labels=same_labels) for frame in (now, former)]
    keys = [f"key_{name}" for name in (*KEYS, "turn")]
    pairs = sides[0].merge(
        sides[1], how="outer", on=keys, suffixes=("", _BEFORE), indicator="found"
    )
    ordered = pairs.sort_values(["place", f"place{_BEFORE}"], kind="stable")
    return ordered.reset_index(drop=True)


def _keyed(frame: pd.DataFrame, waves: set[str], *, same_labels: bool) -> pd.DataFrame:
    """Give every cell its key; cells of one key are told apart by their order."""
    kept = frame[frame["wave"].astype(str).isin(waves)].reset_index(drop=True)
    keys = {f"key_{name}": kept[name].astype(str) for name in KEYS}
    keyed = kept.assign(**keys, place=np.arange(len(kept), dtype=float))
    if not same_labels:
        # Where a point is gone, the order of the others tells nothing.
        others = keyed.groupby([name for name in keys if name != "key_point"])
        keyed["key_point"] = others["place"].transform("size").astype(str)
    return keyed.assign(key_turn=keyed.groupby(list(keys)).cumcount())


def differs(before: Floats, after: Floats) -> Bools:
    """Say where numbers differ by more than rounding.

    Parameters
    ----------
    before, after : float arrays of one shape
        Numbers; NaN where there is none.

    Returns
    -------
    bool array
        True where they differ by more than `TOLERANCE`, relative to numbers above 1,
        or where only one of them is there.

    Examples
    --------
    >>> differs(np.array([0.4, np.nan, 1e6]), np.array([0.41, np.nan, 1e6 + 1e-6]))
    array([ True, False, False])
    """
    size = np.fmax(np.fmax(np.abs(before), np.abs(after)), 1.0)
    # Infinite numbers have no difference; they are equal or not.
    with np.errstate(invalid="ignore"):
        apart = np.abs(after - before) > TOLERANCE * size
    infinite = np.isinf(before) & (before != after)
    return np.asarray(apart | infinite | (np.isnan(before) != np.isnan(after)))


def numbers_in(pairs: pd.DataFrame, name: str) -> Floats:
    """Give a column of paired results as numbers.

    Parameters
    ----------
    pairs : DataFrame
        As from `matched`.
    name : str
        Column.

    Returns
    -------
    float array
        NaN where there is none.
    """
    numbers: Floats = pairs[name].to_numpy(dtype=float, na_value=np.nan)
    return numbers


def _status(
    pairs: pd.DataFrame, shown: Callable[[float], object] | None
) -> NDArray[np.object_]:
    """Say what happened to every cell; empty where nothing did."""
    moved = np.zeros(len(pairs), dtype=bool)
    for name in NUMBERS:
        moved |= differs(numbers_in(pairs, f"{name}{_BEFORE}"), numbers_in(pairs, name))
    if shown is not None:
        moved |= _told_apart(pairs, shown)
    was, is_now = (_hidden(pairs, f"note{end}") for end in (_BEFORE, ""))
    found = pairs["found"].astype(str).to_numpy()
    conditions = [found == "left_only", found == "right_only", is_now & ~was]
    conditions += [was & ~is_now, moved & ~is_now]
    names = ("new", "gone", "hidden now", "hidden before", "moved")
    status = np.full(len(pairs), "", dtype=object)
    for condition, name in zip(conditions[::-1], names[::-1], strict=True):
        status[condition] = name
    return status


def _told_apart(pairs: pd.DataFrame, shown: Callable[[float], object]) -> Bools:
    """Say which estimates are printed with another text."""
    before, after = (numbers_in(pairs, f"estimate{end}") for end in (_BEFORE, ""))
    apart = np.isfinite(before) & np.isfinite(after) & (before != after)
    for place in np.flatnonzero(apart).tolist():
        apart[place] = shown(float(before[place])) != shown(float(after[place]))
    return np.asarray(apart)


def _hidden(pairs: pd.DataFrame, note: str) -> Bools:
    """Say which cells are hidden."""
    return np.asarray([str(text).startswith("hidden") for text in pairs[note]], bool)


def _told(pairs: pd.DataFrame, status: NDArray[np.object_]) -> pd.DataFrame:
    """Write the cells that moved, without numbers that are not shown now."""
    there = (pairs["found"] != "right_only").to_numpy()
    texts = {
        name: pairs[name].where(there, pairs[f"{name}{_BEFORE}"])
        for name in (*KEYS, "label")
    }
    told = pd.DataFrame(texts).assign(status=status)
    for name, end in NUMBERS.items():
        after = numbers_in(pairs, name)
        before = numbers_in(pairs, f"{name}{_BEFORE}")
        told[f"restated{end}"] = after
        told[f"published{end}"] = np.where(np.isnan(after), np.nan, before)
    told["difference"] = told["restated"] - told["published"]
    return told


def _why(former: Record, now: Record, wave: str, language: str) -> str:
    """Say why cells of a wave moved."""
    return "; ".join(tell(reason, language) for reason in reasons(former, now, wave))

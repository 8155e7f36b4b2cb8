"""Verify: a former report made again from its raw files, cell by cell.

Every number that was published has to come out again; new numbers do not count.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import nan
from pathlib import Path
from typing import Any, Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import OutputError, some
from survey.said import tell
from survey.waves.restatement import (
    KEYS,
    check_columns,
    differs,
    language_of,
    matched,
    numbers_in,
)
from survey.waves.restatement_log import FormerRun, former_run, study_name
from survey.waves.restatement_reasons import reasons

_NOTES: Final = ("letters", "note")
_HIDDEN: Final = "hidden"


@dataclass(frozen=True, slots=True)
class Moved:
    """One number or mark of a former report that does not come out again.

    Attributes
    ----------
    wave, question, code, banner, point, statistic : str
        The cell, as in ``results.csv``.
    column : str
        What of it: ``estimate``, ``std_error``, ``letters`` ...; ``cell`` where it is
        gone, ``hidden`` where it is hidden now and its former numbers are not told.
    published, again : float or str
        How it was, and how it comes out; NaN where there is no number.
    """

    wave: str
    question: str
    code: str
    banner: str
    point: str
    statistic: str
    column: str
    published: float | str
    again: float | str

    def __str__(self) -> str:
        """Say it in one line."""
        place = " ".join(
            filter(None, (self.wave, self.question, self.code, self.statistic))
        )
        where = ": ".join(filter(None, (self.banner, self.point)))
        if self.column == "cell":
            return f"{place} ({where}): the cell is gone"
        if self.column == "hidden":
            return f"{place} ({where}): the cell is hidden now"
        values = " to ".join(_text(value) for value in (self.published, self.again))
        return f"{place} ({where}): {self.column} {values}"


def _text(value: float | str) -> str:
    """Write a number so that a difference shows; a text in quotes."""
    if isinstance(value, str):
        return repr(value)
    return "nothing" if np.isnan(value) else f"{value:.12g}"


def verify(
    folder: str | Path, results: pd.DataFrame, provenance: Mapping[str, Any]
) -> tuple[Moved, ...]:
    """Compare a report made again with the one that stands in a folder.

    Parameters
    ----------
    folder : str or Path
        Folder of the former report.
    results : DataFrame
        Cells that were made again, in the columns of ``results.csv``.
    provenance : mapping
        What the run records of itself.

    Returns
    -------
    tuple of Moved
        Every number of every former cell that differs by more than 1e-9 (relative to
        numbers above 1), letters and notes that differ, and cells that are gone.
        Empty where the report comes out as it was.

    Raises
    ------
    OutputError
        The folder has no results, or they were edited; they are those of another study,
        in another language, of waves that this run lacks, or of another version with
        other columns.

    Notes
    -----
    Waves and cells that only the new run has are no deviation: nothing was published
    of them.
    """
    former = former_run(Path(folder))
    _check_same(Path(folder), former, results, provenance)
    pairs = matched(former.results, results)
    hidden = _hidden_now(pairs)
    found = [*_gone(pairs), *_listed(pairs, hidden, "hidden", ("", ""))]
    found += _moved(pairs, former.results.columns, hidden)
    return tuple(moved for _, moved in sorted(found, key=lambda one: one[0]))


def verdict(
    folder: str | Path, moved: Sequence[Moved], provenance: Mapping[str, Any]
) -> str:
    """Say in one message which cells of a former report moved, and why.

    Parameters
    ----------
    folder : str or Path
        Folder of the former report.
    moved : sequence of Moved
        From `verify`, at least one.
    provenance : mapping
        What the new run records of itself.

    Returns
    -------
    str
        How many cells, the first of them, and which inputs differ.
    """
    most = 20
    cells = dict.fromkeys(
        (m.wave, m.question, m.code, m.banner, m.point) for m in moved
    )
    why = reasons(former_run(Path(folder)).provenance, provenance, "")
    lines = [f"  {one}" for one in moved[:most]]
    if len(moved) > most:
        lines.append(f"  and {len(moved) - most} more numbers and marks of them")
    head = f"{len(cells)} cells of {folder} do not come out again"
    return "\n".join([f"{head} ({'; '.join(map(tell, why))}):", *lines])


def _check_same(
    folder: Path,
    former: FormerRun,
    results: pd.DataFrame,
    provenance: Mapping[str, Any],
) -> None:
    """Refuse a report that cannot be the one that was made again."""
    names = study_name(former.provenance), study_name(provenance)
    if names[0] != names[1]:
        raise OutputError(
            f"{folder} is a report of the study {names[0]!r}, and this run is one of "
            f"{names[1]!r}. Name the folder of the same study."
        )
    languages = language_of(former.provenance), language_of(provenance)
    if languages[0] != languages[1]:
        raise OutputError(
            f"{folder} is a report in {languages[0]!r}, and this run is one in "
            f"{languages[1]!r}, with other labels. Add --language {languages[0]}."
        )
    _check_untouched(folder, former)
    check_columns(former.results, (*KEYS, *_NOTES, "estimate"))
    check_columns(results, tuple(former.results.columns))
    lost = set(former.results["wave"].astype(str)) - set(results["wave"].astype(str))
    if lost:
        raise OutputError(
            f"{folder} has the waves {some(sorted(lost))}, which this run does not "
            "have. Analyse them as well."
        )


def _check_untouched(folder: Path, former: FormerRun) -> None:
    """Refuse results that somebody changed since they were published."""
    files = former.provenance.get("files", ())
    hashes = {entry["name"]: entry["sha256"] for entry in files}
    name = "results.parquet"
    if hashes.get(name) != former.sha256:
        raise OutputError(
            f"{folder / name} is not the file that the run wrote (run.json has another "
            "hash). Put that file back, or name another folder."
        )


def _gone(pairs: pd.DataFrame) -> Iterator[tuple[float, Moved]]:
    """List the former cells that are no more, by their place."""
    gone = (pairs["found"] == "right_only").to_numpy()
    yield from _listed(pairs, gone, "cell", ("", ""))


def _hidden_now(pairs: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which cells were shown and are hidden now."""
    after, before = (
        pairs[name].astype(str).str.startswith(_HIDDEN).to_numpy(dtype=bool)
        for name in ("note", "note_before")
    )
    return (pairs["found"] == "both").to_numpy() & after & ~before


def _moved(
    pairs: pd.DataFrame, columns: pd.Index, hidden: NDArray[np.bool_]
) -> Iterator[tuple[float, Moved]]:
    """List the numbers and marks that differ, by the place of their cell."""
    both = (pairs["found"] == "both").to_numpy() & ~hidden
    for name in columns:
        if name in (*KEYS, "label"):
            continue
        names = f"{name}_before", str(name)
        if name in _NOTES:
            before, after = (pairs[one].astype(str) for one in names)
            yield from _listed(pairs, both & (before != after).to_numpy(), name, names)
        else:
            apart = differs(*(numbers_in(pairs, one) for one in names))
            yield from _listed(pairs, both & apart, name, names)


def _listed(
    pairs: pd.DataFrame,
    chosen: NDArray[np.bool_],
    column: str,
    names: tuple[str, str],
) -> Iterator[tuple[float, Moved]]:
    """Write the chosen cells down, with their places."""
    rows = pairs[chosen]
    cells = zip(*(rows[f"{name}_before"].astype(str) for name in KEYS), strict=True)
    before, after = _values(rows, names[0], column), _values(rows, names[1], column)
    places = rows["place_before"].tolist()
    for place, cell, old, new in zip(places, cells, before, after, strict=True):
        named = dict(zip(KEYS, cell, strict=True))
        yield place, Moved(**named, column=column, published=old, again=new)


def _values(rows: pd.DataFrame, name: str, column: str) -> list[float | str]:
    """Give the values of a column, NaN where there are none."""
    if not name:
        return [nan] * len(rows)
    if column in _NOTES:
        return list(map(str, rows[name]))
    return [float(value) for value in numbers_in(rows, name)]

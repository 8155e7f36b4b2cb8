"""The log of restatements: ``restatement.csv`` of a folder, run after run.

A run that moves a published cell adds its rows. No run takes rows away, but the numbers
of a cell that is hidden now are taken out of rows that stand there already.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from math import nan
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.errors import OutputError
from survey.said import Said, said, tell
from survey.waves.restatement import COLUMNS, KEYS, language_of, restatement

RESTATEMENT: Final = "restatement.csv"
LOG_COLUMNS: Final = ("restatement", *COLUMNS)
_RUN: Final = "run.json"
_RESULTS: Final = "results.parquet"
_TEXTS: Final = (*COLUMNS[:8], "why")


@dataclass(frozen=True, slots=True, eq=False)
class FormerRun:
    """What a run left in its folder.

    Attributes
    ----------
    results : DataFrame
        Its cells, in the columns of ``results.csv``.
    provenance : mapping
        What ``run.json`` records.
    sha256 : str
        Hash of the file with the cells, as it stands.
    """

    results: pd.DataFrame
    provenance: Mapping[str, Any]
    sha256: str


def former_run(folder: Path) -> FormerRun:
    """Read what a run left in its folder.

    Parameters
    ----------
    folder : Path
        Folder of a report.

    Returns
    -------
    FormerRun
        Its cells and its record.

    Raises
    ------
    OutputError
        The folder has no ``run.json`` or no ``results.parquet``, or they cannot be
        read.
    """
    record = _record(folder)
    try:
        content = (folder / _RESULTS).read_bytes()
        results = pd.read_parquet(BytesIO(content), engine="pyarrow")
    except FileNotFoundError:
        raise OutputError(
            f"{folder} has no {_RESULTS}, which holds the published cells. Name the "
            "folder of a report that 'survey analyze' wrote."
        ) from None
    except (OSError, ValueError) as problem:
        raise OutputError(
            f"{folder / _RESULTS} cannot be read: {problem}. Put back the file that "
            "'survey analyze' wrote."
        ) from problem
    return FormerRun(results, record, hashlib.sha256(content).hexdigest())


def _record(folder: Path) -> Mapping[str, Any]:
    """Read what a run recorded of itself."""
    try:
        record = json.loads((folder / _RUN).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise OutputError(
            f"{folder} has no {_RUN}, so no run of 'survey analyze' wrote it. Name the "
            "folder of a report."
        ) from None
    except (OSError, ValueError) as problem:
        raise OutputError(f"{folder / _RUN} cannot be read: {problem}.") from problem
    if not isinstance(record, dict) or "study" not in record:
        raise OutputError(
            f"{folder / _RUN} is not the record of a report: it names no study. Name "
            "the folder of a report that 'survey analyze' wrote."
        )
    return record


def study_name(provenance: Mapping[str, Any]) -> str:
    """Give the name of the study of a run.

    Parameters
    ----------
    provenance : mapping
        What ``run.json`` records.

    Returns
    -------
    str
        Its name.

    Examples
    --------
    >>> study_name({"study": {"name": "genai"}})
    'genai'
    """
    return str(provenance.get("study", {}).get("name", ""))


def restatement_log(
    folder: Path,
    results: pd.DataFrame,
    provenance: Mapping[str, Any],
    *,
    shown: Callable[[float], object] | None = None,
) -> pd.DataFrame | None:
    """Give the log of a folder after a run, before its files are replaced.

    Parameters
    ----------
    folder : Path
        Where the former run stands, and this one will.
    results : DataFrame
        Cells of this run.
    provenance : mapping
        Its record.
    shown : callable, optional
        As for `restatement`.

    Returns
    -------
    DataFrame or None
        Columns `LOG_COLUMNS`: all rows of the former log, and those of this run under
        the next number in ``restatement``. None where the folder has no log and
        nothing moved, holds no former run, or that of another study.

    Notes
    -----
    A run that moves nothing gives the former log again, so that the same run twice
    leaves the same files. Whoever has two reports of nearly the same respondents can
    tell what the others answered: no file that compares them keeps that from happening.
    Former cells that cannot be read do not stop the run: a row
    of the status ``not compared`` says why.
    """
    if not (folder / _RUN).is_file():
        return None
    language = language_of(provenance)
    try:
        former = former_run(folder)
        if study_name(former.provenance) != study_name(provenance):
            return None
        moved = restatement(
            *(former.results, results, former.provenance, provenance),
            language=language,
            shown=shown,
        )
    except OutputError as problem:
        # Where the folder stands is nothing that a file of it may depend on.
        text = str(problem).replace(f"{folder}/", "").replace(str(folder), "the folder")
        moved = _not_compared(said("{problem}", problem=text), language)
    log = _without_hidden(_log(folder), results)
    number = int(log["restatement"].max()) + 1 if len(log) else 1
    added = moved.assign(restatement=number)[list(LOG_COLUMNS)]
    kept = [part for part in (log, added) if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else None


def _log(folder: Path) -> pd.DataFrame:
    """Read the log of former runs; one that is no log any more begins anew."""
    try:
        log = pd.read_csv(folder / RESTATEMENT, dtype="str", keep_default_na=False)
        if list(log.columns) == list(LOG_COLUMNS):
            return _with_numbers(log)
    except (OSError, ValueError):
        pass
    return pd.DataFrame(columns=list(LOG_COLUMNS))


def _with_numbers(log: pd.DataFrame) -> pd.DataFrame:
    """Read the numbers of a log, with all their digits."""
    numbers = {
        name: [float(text) if text else nan for text in log[name]]
        for name in COLUMNS
        if name not in _TEXTS
    }
    return log.assign(restatement=log["restatement"].astype(int), **numbers)


def _without_hidden(log: pd.DataFrame, results: pd.DataFrame) -> pd.DataFrame:
    """Take the numbers of cells out that the present run does not show."""
    if log.empty:
        return log
    hidden = results["note"].astype(str).str.startswith("hidden")
    now = results[list(KEYS)].astype(str).assign(hidden=hidden.astype(float))
    others = [name for name in KEYS if name != "point"]
    of_cell, of_others = (
        log[names]
        .merge(now.groupby(names, as_index=False)["hidden"].max(), "left", names)
        .set_axis(log.index)["hidden"]
        for names in (list(KEYS), others)
    )
    # A point of another name may be any of its row.
    lost = of_cell.fillna(of_others).fillna(1.0) > 0
    lost &= log["wave"].isin(now["wave"].unique())
    numbers = [name for name in COLUMNS if name not in _TEXTS]
    return log.assign(**{name: log[name].mask(lost) for name in numbers})


def _not_compared(why: Said, language: str) -> pd.DataFrame:
    """Say in one row that the former cells could not be compared."""
    row = {**dict.fromkeys(COLUMNS, nan), **dict.fromkeys(_TEXTS, "")}
    row |= {"status": "not compared", "why": tell(why, language)}
    return pd.DataFrame([row], columns=list(COLUMNS))

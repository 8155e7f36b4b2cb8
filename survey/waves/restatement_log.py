"""The log of restatements: ``restatement.csv`` of a folder, run after run.

A run that moves a published cell adds its rows; no run takes rows away.
"""

import hashlib
import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.errors import OutputError
from survey.said import Said, said, tell
from survey.waves.restatement import COLUMNS, language_of, restatement

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
    leaves the same files. Former cells that cannot be read do not stop the run: a row
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
        moved = _not_compared(said("{problem}", problem=str(problem)), language)
    log = _log(folder)
    number = int(log["restatement"].max()) + 1 if len(log) else 1
    added = moved.assign(restatement=number)[list(LOG_COLUMNS)]
    kept = [part for part in (log, added) if len(part)]
    return pd.concat(kept, ignore_index=True) if kept else None


def _log(folder: Path) -> pd.DataFrame:
    """Read the log of former runs; one that is no log any more begins anew."""
    numbers = dict.fromkeys(set(COLUMNS) - set(_TEXTS), "float64")
    kinds: dict[str, Any] = {
        **dict.fromkeys(_TEXTS, "str"),
        **numbers,
        "restatement": "int64",
    }
    try:
        log = pd.read_csv(
            folder / RESTATEMENT,
            dtype=kinds,
            keep_default_na=False,
            na_values=dict.fromkeys(numbers, ""),
            float_precision="round_trip",
        )
    except (OSError, ValueError):
        return pd.DataFrame(columns=list(LOG_COLUMNS))
    if list(log.columns) != list(LOG_COLUMNS):
        return pd.DataFrame(columns=list(LOG_COLUMNS))
    return log


def _not_compared(why: Said, language: str) -> pd.DataFrame:
    """Say in one row that the former cells could not be compared."""
    row = {**dict.fromkeys(COLUMNS, float("nan")), **dict.fromkeys(_TEXTS, "")}
    row |= {"status": "not compared", "why": tell(why, language)}
    return pd.DataFrame([row], columns=list(COLUMNS))

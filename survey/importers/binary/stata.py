"""Stata files: values, labels and extended missing values.

``.`` is no answer; ``.a`` to ``.z`` were asked and not answered, so they stay codes,
declared as user-missing. Dates become ISO 8601 texts.
"""

from dataclasses import replace
from pathlib import Path
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DataFileError, some
from survey.importers.binary.isolated import isolated
from survey.importers.binary.series import moments, numerals, stripped
from survey.importers.binary.stat_labels import described
from survey.importers.binary.statfile import StatColumn, StatFile, load, parse_dta
from survey.importers.raw import MissingRange, RawTable, Source

Floats = NDArray[np.float64]

# Files since Stata 13 say where they end.
_START, _END = b"<stata_dta>", b"</stata_dta>"
_LONG_TEXT = b"<strls>GSO"
_EPOCH = float(np.datetime64("1960-01-01", "s").astype("int64"))
_DAY, _WEEKS = 86_400.0, 52
_MONTHS: Final = {"m": 1, "q": 3, "h": 6}
_MOST_MONTHS = 1_000_000
# %tC counts the leap seconds that were added at the end of these days.
_LEAP_DAYS = """
1972-06-30 1972-12-31 1973-12-31 1974-12-31 1975-12-31 1976-12-31 1977-12-31
1978-12-31 1979-12-31 1981-06-30 1982-06-30 1983-06-30 1985-06-30 1987-12-31
1989-12-31 1990-12-31 1992-06-30 1993-06-30 1994-06-30 1995-12-31 1997-06-30
1998-12-31 2005-12-31 2008-12-31 2012-06-30 2015-06-30 2016-12-31
"""
_LEAPS: Final = np.array(_LEAP_DAYS.split(), dtype="datetime64[s]").astype("float64")


def read_stata(path: Path, data: bytes, source: Source) -> RawTable:
    """Read a ``.dta`` file.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        Its content.
    source : Source
        Name and hash of the file; encoding and reasons are filled in.

    Returns
    -------
    RawTable
        Numeric columns are ``float64``; one with extended missing values is text.

    Raises
    ------
    DataFileError
        The file is damaged, cut off, or holds no variable or no record.

    Examples
    --------
    >>> read_stata(Path("wave.dta"), b"", Source("wave.dta", "", "stata"))
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.dta: the Stata file cannot be read (...
    """
    file = _parsed(path)
    if data.startswith(_START) and not data.rstrip().endswith(_END):
        raise DataFileError(f"{path}: the Stata file is cut off: fetch it again.")
    if not file.columns or file.rows == 0:
        raise DataFileError(
            f"{path}: the Stata file holds {len(file.columns)} variables and"
            f" {file.rows} records. Save it with the responses."
        )
    columns = {column.name: _cells(column) for column in file.columns}
    tagged = {c.name: _tags(c) for c in file.columns if c.tags is not None}
    return RawTable(
        pd.DataFrame(columns, copy=False),
        {column.name: described(column) for column in file.columns},
        {n: tuple(MissingRange(t, t) for t in tags) for n, tags in tagged.items()},
        (),
        replace(
            source,
            encoding=file.encoding,
            reasons=(
                f"Stata file with {len(file.columns)} variables",
                *_lost_texts(file, data),
            ),
        ),
    )


def _lost_texts(file: StatFile, data: bytes) -> tuple[str, ...]:
    """Name columns of long texts (strL) whose texts the parser does not find.

    R writes their places in a way of its own into files of Stata 15.
    """
    if _LONG_TEXT not in data:
        return ()
    texts = [c for c in file.columns if not isinstance(c.cells, np.ndarray)]
    empty = [c.name for c in texts if stripped(c.cells).isna().all()]
    if not empty:
        return ()
    return (f"long texts that cannot be found, so save it for Stata 14: {some(empty)}",)


def _parsed(path: Path) -> StatFile:
    """Parse a file in a process of its own."""
    with isolated(
        parse_dta,
        path,
        subject="Stata file",
        advice="It is probably cut off or damaged: fetch it again, or save it as .dta"
        " in Stata.",
        library="pyreadstat",
    ) as result:
        return load(result)


def _tags(column: StatColumn) -> list[str]:
    """Give the extended missing values of a column that are used or have a label."""
    used = set() if column.tags is None else set(column.tags.tolist()) - {0}
    labelled = {value for value, _ in column.values if isinstance(value, str)}
    return sorted(f".{letter}" for letter in {*map(chr, used), *labelled})


def _cells(column: StatColumn) -> pd.Series:
    """Give a column as numbers, as stripped texts, or as ISO dates."""
    if not isinstance(column.cells, np.ndarray):
        return stripped(column.cells)
    cells = _moments(column.cells, column.spelling)
    if column.tags is None:
        return cells
    texts = cells.astype(object).to_numpy()
    if cells.dtype == np.float64:
        texts = numerals(column.cells)
    tagged = column.tags > 0
    texts[tagged] = [f".{chr(letter)}" for letter in column.tags[tagged]]
    return pd.Series(texts, dtype="str")


def _moments(values: Floats, spelling: str) -> pd.Series:
    """Write dates as texts; years and dates of business calendars stay numbers."""
    unit = _unit(spelling)
    if unit in {"c", "C"}:
        seconds = values / 1000 + _EPOCH
        if unit == "C":
            seconds = _without_leaps(seconds)
        return moments(values, seconds, "datetime")
    if unit == "d":
        return moments(values, values * _DAY + _EPOCH, "date")
    if unit == "w":
        years, weeks = np.divmod(values, _WEEKS)
        return moments(values, _month_start(years * 12) + weeks * 7 * _DAY, "date")
    if unit in _MONTHS:
        return moments(values, _month_start(values * _MONTHS[unit]), "date")
    return pd.Series(values)


def _unit(spelling: str) -> str:
    """Tell the unit of a date by its format: ``%td``, ``%-tc``, ``%d`` of Stata 7."""
    plain = spelling.removeprefix("%").removeprefix("-")
    return plain[1:2] if plain.startswith("t") else "d" * plain.startswith("d")


def _month_start(months: Floats) -> Floats:
    """Give the first second of months that are counted from January 1960."""
    inside = np.abs(months) < _MOST_MONTHS
    whole = np.floor(np.where(inside, months, 0)).astype("int64")
    starts = np.datetime64("1960-01", "M") + whole.astype("timedelta64[M]")
    seconds = starts.astype("datetime64[s]").astype("float64")
    return np.where(inside, seconds, np.nan)


def _without_leaps(seconds: Floats) -> Floats:
    """Take out the leap seconds that had been added by then."""
    # The n-th leap second follows the n - 1 before it and a whole day.
    before = _LEAPS + _DAY + np.arange(len(_LEAPS))
    return seconds - np.searchsorted(before, seconds, side="left")

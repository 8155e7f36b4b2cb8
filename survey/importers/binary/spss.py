"""SPSS files: values, labels, user-missing values and multiple response sets.

Numbers stay numbers; dates become ISO 8601 texts, also where pandas cannot hold
them. The parser is written in C and runs in a process of its own.
"""

from dataclasses import replace
from pathlib import Path

import numpy as np
import pandas as pd

from survey.errors import DataFileError
from survey.importers.binary.isolated import Work, isolated
from survey.importers.binary.por_dictionary import End, read_por_extras
from survey.importers.binary.sav_dictionary import declared_records
from survey.importers.binary.sav_sets import read_extras
from survey.importers.binary.series import moments, stripped, times
from survey.importers.binary.stat_labels import described
from survey.importers.binary.statfile import (
    StatColumn,
    StatFile,
    load,
    parse_por,
    parse_sav,
)
from survey.importers.raw import MissingRange, RawTable, Source

_EPOCH = float(np.datetime64("1582-10-14T00:00:00", "s").astype("int64"))
_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
_MOMENTS = ("DATETIME", "YMDHMS")
_TIMES = ("TIME", "DTIME", "MTIME")


def read_spss(path: Path, data: bytes, source: Source) -> RawTable:
    """Read a ``.sav`` or ``.zsav`` file.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        Its content.
    source : Source
        Name and hash of the file; layout and encoding are filled in.

    Returns
    -------
    RawTable
        Numeric columns are ``float64``, user-missing values included.

    Raises
    ------
    DataFileError
        The file is damaged, cut off, or holds no variable or no record.

    Examples
    --------
    >>> read_spss(Path("wave.sav"), b"$FL2", Source("wave.sav", "", "spss"))
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.sav: the SPSS file cannot be read (...
    """
    file = _parsed(path, parse_sav)
    _check_complete(file, declared_records(data), str(path))
    names = {column.name.upper(): column.name for column in file.columns}
    extras = read_extras(data, names, file.encoding)
    return replace(_table(file, source), sets=extras.sets, weight=extras.weight)


def read_por(path: Path, data: bytes, source: Source) -> RawTable:
    """Read a ``.por`` file, the portable format of SPSS.

    Parameters
    ----------
    path, data, source
        As for `read_spss`.

    Returns
    -------
    RawTable
        Numeric columns are ``float64``, user-missing values included.

    Raises
    ------
    DataFileError
        The file is damaged, cut off, or holds no variable or no record.

    Examples
    --------
    >>> read_por(Path("wave.por"), b"", Source("wave.por", "", "spss"))
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.por: the SPSS file cannot be read (...
    """
    file = _parsed(path, parse_por)
    _check_complete(file, -1, str(path))
    extras = read_por_extras(data)
    names = [column.name for column in file.columns]
    missing = {n: _ranges(found) for n, found in extras.missing.items() if n in names}
    weight = extras.weight if extras.weight in names else ""
    return replace(_table(file, source), missing=missing, weight=weight)


def _parsed(path: Path, parse: Work) -> StatFile:
    """Parse a file in a process of its own."""
    with isolated(
        parse,
        path,
        subject="SPSS file",
        advice="It is probably cut off or damaged: fetch it again, or save it as .sav"
        " in SPSS or PSPP.",
        library="pyreadstat",
    ) as result:
        return load(result)


def _check_complete(file: StatFile, declared: int, name: str) -> None:
    """Refuse a file without variables or records, or with fewer than it declares."""
    if not file.columns or file.rows == 0:
        raise DataFileError(
            f"{name}: the SPSS file holds {len(file.columns)} variables and"
            f" {file.rows} records. Export it with the responses."
        )
    if declared > file.rows:
        raise DataFileError(
            f"{name}: the SPSS file declares {declared} records and holds {file.rows}."
            " It is cut off: fetch it again."
        )


def _table(file: StatFile, source: Source) -> RawTable:
    """Give what the parser found as a table."""
    columns = {column.name: _cells(column) for column in file.columns}
    return RawTable(
        pd.DataFrame(columns, copy=False),
        {column.name: described(column) for column in file.columns},
        {c.name: _ranges(c.missing) for c in file.columns if c.missing},
        (),
        replace(
            source,
            encoding=file.encoding,
            reasons=(f"SPSS file with {len(file.columns)} variables",),
        ),
    )


def _cells(column: StatColumn) -> pd.Series:
    """Give a column as numbers, as stripped texts, or as ISO dates."""
    if not isinstance(column.cells, np.ndarray):
        return stripped(column.cells)
    values = column.cells
    kind = column.spelling.rstrip("0123456789.")
    if kind in _DATES or kind in _MOMENTS:
        # Before the calendar of SPSS begins there are no dates.
        seconds = np.where(values >= 0, values + _EPOCH, np.nan)
        return moments(values, seconds, "date" if kind in _DATES else "datetime")
    return times(values) if kind in _TIMES else pd.Series(values)


def _ranges(found: tuple[tuple[End, End], ...]) -> tuple[MissingRange, ...]:
    """Take over user-missing values and ranges."""
    return tuple(MissingRange(_end(low), _end(high)) for low, high in found)


def _end(value: End) -> float | str:
    """Give the end of a range as a number or a stripped text."""
    return value.strip() if isinstance(value, str) else float(value)

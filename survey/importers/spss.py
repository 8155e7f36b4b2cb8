"""SPSS files: values, labels, user-missing values and multiple response sets.

Numbers stay numbers; dates become ISO 8601 texts, also where pandas cannot hold
them. The reader underneath is a C parser: whatever it raises becomes one message.
"""

import math
import struct
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.errors import DataFileError
from survey.importers.labels import tidy
from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    Source,
)

_EPOCH = np.datetime64("1582-10-14T00:00:00", "s")
_LAST_SECOND = 265_600_000_000.0
_DAY = 86_400
_DATES = ("DATE", "ADATE", "EDATE", "SDATE", "JDATE", "QYR", "MOYR", "WKYR")
_MEASURES = ("nominal", "ordinal", "scale")


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
    frame, meta = _parsed(path)
    _check_complete(frame, data, str(path))
    formats: Mapping[str, str] = meta.original_variable_types
    names = [str(name) for name in frame.columns]
    frame = pd.DataFrame(
        {name: _column(frame[name], formats.get(name, "")) for name in names},
        index=pd.RangeIndex(len(frame)),
    )
    labels = {name: _label(name, meta) for name in names}
    return RawTable(
        frame,
        labels,
        {name: _ranges(found) for name, found in meta.missing_ranges.items()},
        tuple(_set(name, found) for name, found in (meta.mr_sets or {}).items()),
        replace(
            source,
            encoding=str(meta.file_encoding or ""),
            reasons=(f"SPSS file with {frame.shape[1]} variables",),
        ),
    )


def _parsed(path: Path) -> tuple[pd.DataFrame, Any]:
    """Parse the bytes, first as they are declared, then as cp1252."""
    try:
        return _pyreadstat(path, None)
    except Exception as error:  # noqa: BLE001 - the C parser raises whatever it likes
        first = error
    try:
        return _pyreadstat(path, "cp1252")
    except Exception:  # noqa: BLE001 - as above; the first error says more
        reason = tidy(str(first)) or type(first).__name__
    raise DataFileError(
        f"{path}: the SPSS file cannot be read ({reason}). It is probably cut off or"
        " damaged: fetch it again, or save it as .sav in SPSS or PSPP."
    )


def _pyreadstat(path: Path, encoding: str | None) -> tuple[pd.DataFrame, Any]:
    """Parse with dates as numbers: pandas cannot hold every SPSS date."""
    import pyreadstat

    parsed: tuple[pd.DataFrame, Any] = pyreadstat.read_sav(
        str(path),
        user_missing=True,
        disable_datetime_conversion=True,
        encoding=encoding,
    )
    return parsed


def _check_complete(frame: pd.DataFrame, data: bytes, name: str) -> None:
    """Refuse a file without variables or records, or with fewer than it declares."""
    if frame.shape[1] == 0 or len(frame) == 0:
        raise DataFileError(
            f"{name}: the SPSS file holds {frame.shape[1]} variables and {len(frame)}"
            " records. Export it with the responses."
        )
    declared = _declared_records(data)
    if declared > len(frame):
        raise DataFileError(
            f"{name}: the SPSS file declares {declared} records and holds {len(frame)}."
            " It is cut off: fetch it again."
        )


def _declared_records(data: bytes) -> int:
    """Read the number of records from the header; -1 where it is not given."""
    header = data[:84]
    if len(header) < 84:  # noqa: PLR2004 - bytes up to the end of the count
        return -1
    order = "<" if struct.unpack("<i", header[64:68])[0] in {2, 3} else ">"
    return int(struct.unpack(f"{order}i", header[80:84])[0])


def _column(values: pd.Series, spss_format: str) -> pd.Series:
    """Give a column as numbers, as stripped texts, or as ISO dates."""
    if not pd.api.types.is_numeric_dtype(values.dtype):
        texts = values.astype(str).str.strip()
        return texts.mask(values.isna() | (texts == ""))
    numbers = values.astype("float64")
    kind = spss_format.rstrip("0123456789.")
    if kind in _DATES:
        return _texts(numbers, _date)
    if kind in {"DATETIME", "YMDHMS"}:
        return _texts(numbers, _datetime)
    return _texts(numbers, _time) if kind in {"TIME", "DTIME", "MTIME"} else numbers


def _texts(numbers: pd.Series, write: Any) -> pd.Series:
    """Write every number that is there as text."""
    texts = [None if math.isnan(x) else write(x) for x in numbers]
    return pd.Series(texts, index=numbers.index, dtype=str)


def _date(seconds: float) -> str:
    """Write seconds since 1582-10-14 as a date."""
    return _datetime(seconds)[:10] if 0 <= seconds < _LAST_SECOND else _number(seconds)


def _datetime(seconds: float) -> str:
    """Write seconds since 1582-10-14 as date and time; a number after the year 9999."""
    if not 0 <= seconds < _LAST_SECOND:
        return _number(seconds)
    moment = _EPOCH + np.timedelta64(int(seconds), "s")
    return str(np.datetime_as_string(moment)).replace("T", " ")


def _time(seconds: float) -> str:
    """Write seconds as hours, minutes and seconds."""
    if not 0 <= seconds < _LAST_SECOND:
        return _number(seconds)
    minutes, rest = divmod(seconds, 60)
    hours, minutes = divmod(int(minutes), 60)
    return f"{hours:02d}:{minutes:02d}:{rest:05.2f}".removesuffix(".00")


def _number(value: object) -> str:
    """Write a value as a code: 1.0 is ``1``."""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value).strip()


def _label(name: str, meta: Any) -> ColumnLabel:
    """Collect what the dictionary says about one variable."""
    values = meta.variable_value_labels.get(name, {})
    measure = str(meta.variable_measure.get(name, ""))
    return ColumnLabel(
        question=name,
        wording=tidy(meta.column_names_to_labels.get(name) or ""),
        values={_number(value): tidy(str(text)) for value, text in values.items()},
        measure=measure if measure in _MEASURES else "",
    )


def _ranges(found: list[Mapping[str, Any]]) -> tuple[MissingRange, ...]:
    """Take over user-missing values and ranges."""
    return tuple(MissingRange(_end(one["lo"]), _end(one["hi"])) for one in found)


def _end(value: Any) -> float | str:
    """Give the end of a range as a number or a stripped text."""
    return value.strip() if isinstance(value, str) else float(value)


def _set(name: str, found: Mapping[str, Any]) -> MultipleSet:
    """Take over a multiple response set."""
    counted = found.get("counted_value")
    return MultipleSet(
        name.lstrip("$"),
        tidy(found.get("label") or ""),
        tuple(found["variable_list"]),
        None if counted is None or not found["is_dichotomy"] else _number(counted),
    )

"""Parquet files: numbers, texts, ISO 8601 dates, and the order of categoricals.

No column stays an object: what is neither number, text nor date is written as text.
"""

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from dataclasses import replace
from pathlib import Path
from typing import Any, BinaryIO

import numpy as np
import pandas as pd

from survey.errors import DataFileError
from survey.importers.binary.isolated import isolated
from survey.importers.binary.series import moments, stripped, times
from survey.importers.labels import tidy, unique_names
from survey.importers.raw import ColumnLabel, RawTable, Source

_Test = Callable[[Any], bool]
_Reader = Callable[[Any], pd.Series]

_LARGEST = 4_000_000_000
_MOST_CELLS = 500_000_000
_MOST_EXACT = 2**53
_DAY = 86_400
_UNITS = {"s": 1, "ms": 10**3, "us": 10**6, "ns": 10**9}
_UNNAMED_INDEX = "__index_level_"


def read_parquet(path: Path, data: bytes, source: Source) -> RawTable:  # noqa: ARG001 - all readers of binary files take the same
    """Read a ``.parquet`` file.

    Parameters
    ----------
    path : Path
        The file.
    data : bytes
        Its content.
    source : Source
        Name and hash of the file; reasons are filled in.

    Returns
    -------
    RawTable
        Numeric columns are ``float64``. A column of categories lists them in their
        order, as its value labels.

    Raises
    ------
    DataFileError
        The file is damaged, larger than 4 GB in memory, or holds no column or record.

    Examples
    --------
    >>> read_parquet(Path("w.parquet"), b"", Source("w.parquet", "", "parquet"))
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: w.parquet: the Parquet file cannot be read (...
    """
    import pyarrow as pa

    with isolated(
        parse_parquet,
        path,
        subject="Parquet file",
        advice="It is probably cut off or damaged: fetch it again, or export CSV.",
        library="pyarrow.parquet",
    ) as result:
        table = pa.ipc.open_stream(result.read()).read_all()
    table, notes = _without_unnamed_index(table)
    if table.num_columns == 0 or table.num_rows == 0:
        raise DataFileError(
            f"{path}: the Parquet file holds {table.num_columns} columns and"
            f" {table.num_rows} records. Export it with the responses."
        )
    names = unique_names(table.column_names)
    arrays = [column.combine_chunks() for column in table.columns]
    try:
        columns = dict(zip(names, map(_cells, arrays), strict=True))
    except (pa.ArrowException, ValueError, OverflowError, RecursionError) as error:
        raise DataFileError(
            f"{path}: a column of the Parquet file cannot be read ({error})."
            " Export CSV instead."
        ) from None
    labels = {n: _label(n, a) for n, a in zip(names, arrays, strict=True)}
    reasons = (f"Parquet file with {len(names)} columns", *notes)
    frame = pd.DataFrame(columns, copy=False)
    return RawTable(frame, labels, {}, (), replace(source, reasons=reasons))


def parse_parquet(path: str, result: BinaryIO) -> None:
    """Parse a Parquet file, in the child of `isolated`.

    Parameters
    ----------
    path : str
        File to read.
    result : open file
        Where the table goes, as a stream of Arrow.

    Raises
    ------
    ValueError
        The file would need too much memory.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, pre_buffer=False) as file:
        groups = map(file.metadata.row_group, range(file.metadata.num_row_groups))
        size = sum(group.total_byte_size for group in groups)
        cells = file.metadata.num_rows * file.metadata.num_columns
        if size > _LARGEST or cells > _MOST_CELLS:
            raise ValueError(f"it holds {cells:,} cells in {size / 1e6:,.0f} MB")
        table = file.read(use_threads=False)
        # Nobody has checked yet that texts are UTF-8 and offsets lie inside.
        table.validate(full=True)
        with pa.ipc.new_stream(result, table.schema) as stream:
            stream.write_table(table)


def _without_unnamed_index(table: Any) -> tuple[Any, tuple[str, ...]]:
    """Leave out the row numbers that pandas stores when rows were left out before."""
    unnamed = [n for n in table.column_names if n.startswith(_UNNAMED_INDEX)]
    if not unnamed:
        return table, ()
    return table.drop_columns(unnamed), ("the index of pandas has no name: not read",)


def _label(name: str, array: Any) -> ColumnLabel:
    """Name a column; list the categories of one that has them."""
    import pyarrow as pa

    if pa.types.is_boolean(array.type):
        values = {"1": "true", "0": "false"}
        return ColumnLabel(name, name, values=values, measure="nominal")
    if not pa.types.is_dictionary(array.type) or not _is_text(array.type.value_type):
        return ColumnLabel(question=name, wording=name)
    known = [tidy(text) for text in array.dictionary.to_pylist() if text]
    return ColumnLabel(
        question=name,
        wording=name,
        values={text: text for text in known if text},
        measure="ordinal" if array.type.ordered else "nominal",
    )


def _is_text(kind: Any) -> bool:
    """Tell whether a type of Arrow holds texts."""
    import pyarrow as pa

    return bool(
        pa.types.is_string(kind)
        or pa.types.is_large_string(kind)
        or pa.types.is_string_view(kind)
    )


def _cells(array: Any) -> pd.Series:
    """Give a column as numbers, as stripped texts, or as ISO dates."""
    import pyarrow as pa

    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    kind = array.type
    if _is_text(kind):
        return stripped(array)
    for holds, give in _readers():
        if holds(kind):
            return give(array)
    if pa.types.is_null(kind):
        return stripped(array.cast(pa.string()))
    return stripped(pa.array(map(_written, array.to_pylist()), pa.string()))


def _readers() -> Iterable[tuple[_Test, _Reader]]:
    """Give the types of Arrow with a reader of their own."""
    import pyarrow as pa

    return (
        (pa.types.is_boolean, _numbers),
        (pa.types.is_integer, _integers),
        (pa.types.is_floating, _numbers),
        (pa.types.is_decimal, _numbers),
        (pa.types.is_date, _dates),
        (pa.types.is_timestamp, _timestamps),
        (pa.types.is_time, _times),
        (pa.types.is_duration, _durations),
    )


def _numbers(array: Any) -> pd.Series:
    """Give numbers; true is 1, false is 0."""
    import pyarrow as pa

    if pa.types.is_boolean(array.type):
        array = array.cast(pa.int8())
    doubles = array.cast(pa.float64(), safe=False)
    return pd.Series(doubles.to_numpy(zero_copy_only=False).astype("float64"))


def _integers(array: Any) -> pd.Series:
    """Give whole numbers; as texts where a float would lose digits of an id."""
    import pyarrow as pa
    import pyarrow.compute as pc

    ends = pc.min_max(array).as_py()
    if max(abs(ends["min"] or 0), abs(ends["max"] or 0)) > _MOST_EXACT:
        return stripped(array.cast(pa.string()))
    return _numbers(array)


def _seconds(array: Any, unit: str) -> Any:
    """Give counts of a unit as seconds, NaN where there is none."""
    import pyarrow as pa

    counts = array.cast(pa.int64()).to_numpy(zero_copy_only=False)
    known = ~array.is_null().to_numpy(zero_copy_only=False)
    seconds = np.full(len(known), np.nan)
    # Whole seconds first: nanoseconds since 1970 are more than a float holds.
    whole, part = np.divmod(counts[known].astype("int64"), _UNITS[unit])
    seconds[known] = whole + part / _UNITS[unit]
    return seconds


def _dates(array: Any) -> pd.Series:
    """Write dates."""
    import pyarrow as pa

    seconds = _seconds(array.cast(pa.timestamp("s"), safe=False), "s")
    return moments(seconds, seconds, "date")


def _timestamps(array: Any) -> pd.Series:
    """Write moments in their own time zone; as dates where all are midnight."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if array.type.tz:
        # Without a database of time zones it stays in UTC.
        with suppress(pa.ArrowInvalid):
            array = pc.local_timestamp(array)
    seconds = _seconds(array, array.type.unit)
    is_midnight = bool((seconds[~np.isnan(seconds)] % _DAY == 0).all())
    return moments(seconds, seconds, "date" if is_midnight else "datetime")


def _times(array: Any) -> pd.Series:
    """Write times of day."""
    import pyarrow as pa

    whole = pa.int32() if pa.types.is_time32(array.type) else pa.int64()
    return times(_seconds(array.cast(whole), array.type.unit))


def _durations(array: Any) -> pd.Series:
    """Give durations in seconds."""
    return pd.Series(_seconds(array, array.type.unit))


def _written(value: object) -> str | None:
    """Write a value of any other type as text: lists as answers joined in a cell."""
    if value is None:
        return None
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    if isinstance(value, list) and all(isinstance(one, str) for one in value):
        free = (sign for sign in ";|" if not any(sign in one for one in value))
        if sign := next(free, ""):
            return sign.join(value)
    return json.dumps(value, default=str, ensure_ascii=False)

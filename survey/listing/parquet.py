"""Listings as Parquet: only the columns that a listing needs are read.

The parser runs in a process of its own, as for every binary file.
"""

from pathlib import Path
from typing import Any, BinaryIO, Final

import pandas as pd

from survey.errors import DataFileError, ListingError
from survey.importers.binary.isolated import isolated
from survey.listing.fields import known_columns

_MOST_ROWS: Final = 20_000_000
# The part of a nested column that is wanted.
_PARTS: Final = {"author_data": "type", "card_data": "license"}


def read_parquet(path: Path) -> pd.DataFrame:
    """Read the models of a Parquet file.

    Parameters
    ----------
    path : Path
        The file.

    Returns
    -------
    DataFrame
        One row per record, columns by our names, lists joined by ``;``.

    Raises
    ------
    ListingError
        The file is damaged, or too large.

    Examples
    --------
    >>> read_parquet(Path("no-such.parquet"))
    Traceback (most recent call last):
    ...
    survey.errors.ListingError: no-such.parquet: the Parquet file cannot be read (...
    """
    import pyarrow as pa

    try:
        with isolated(
            parse_listing,
            path,
            subject="Parquet file",
            advice="It is probably cut off or damaged: fetch it again.",
            library="pyarrow.parquet",
        ) as result:
            table = pa.ipc.open_stream(result.read()).read_all()
    except DataFileError as problem:
        raise ListingError(str(problem)) from None
    return pd.DataFrame(table.to_pandas())


def parse_listing(path: str, result: BinaryIO) -> None:
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
        The file holds more rows than any listing has.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    with pq.ParquetFile(path, pre_buffer=False) as file:
        if file.metadata.num_rows > _MOST_ROWS:
            raise ValueError(f"it holds {file.metadata.num_rows:,} rows")
        columns = known_columns(file.schema_arrow.names)
        table = file.read(columns=list(columns.values()), use_threads=False)
    arrays = {f: _plain(f, table.column(name)) for f, name in columns.items()}
    # An empty table keeps the number of columns only with their names.
    plain = pa.table(arrays)
    with pa.ipc.new_stream(result, plain.schema) as stream:
        stream.write_table(plain)


def _plain(field: str, column: Any) -> Any:
    """Make a column of texts or numbers of a nested one."""
    import pyarrow as pa
    import pyarrow.compute as pc

    column = column.combine_chunks()
    if pa.types.is_dictionary(column.type):
        column = column.dictionary_decode()
    if pa.types.is_struct(column.type):
        names = [one.name for one in column.type]
        if _PARTS.get(field) not in names:
            return pa.nulls(len(column), pa.string())
        column = pc.struct_field(column, _PARTS[field])
    if pa.types.is_list(column.type) or pa.types.is_large_list(column.type):
        return _joined(column.cast(pa.list_(pa.string())))
    if pa.types.is_binary(column.type) or pa.types.is_large_binary(column.type):
        return column.cast(pa.string())
    if pa.types.is_temporal(column.type) or pa.types.is_decimal(column.type):
        return column.cast(pa.string())
    return column


def _joined(lists: Any) -> Any:
    """Join the texts of every list; one that is missing hides none of the others."""
    import pyarrow.compute as pc

    values = lists.flatten()
    if not values.null_count:
        return pc.binary_join(lists, ";")
    filled = pc.fill_null(values, "")
    return pc.binary_join(type(lists).from_arrays(_offsets(lists), filled), ";")


def _offsets(lists: Any) -> Any:
    """Give where every list begins, in the values without those of missing lists."""
    import pyarrow as pa
    import pyarrow.compute as pc

    lengths = pc.fill_null(pc.list_value_length(lists), 0)
    ends = pc.cumulative_sum(lengths)
    # A missing place stands for a missing list.
    begins = pa.concat_arrays([pa.array([0], ends.type), ends[:-1]])
    gone = pc.if_else(lists.is_null(), None, begins)
    return pa.concat_arrays([gone, ends[-1:]])

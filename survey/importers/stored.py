"""Stored data: respondents that stay where they are, in files, a database, a cluster.

Nothing is loaded: an engine that reads in pieces answers queries, and only the groups
that a query gives come back.
"""

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from survey.importers.stored_files import open_path
from survey.importers.stored_session import (
    Relation,
    import_narwhals,
    relation_of_arrow,
)

if TYPE_CHECKING:
    import narwhals as nw


@dataclass(frozen=True, slots=True)
class StoredData:
    """Data of n respondents that an engine holds.

    Attributes
    ----------
    frame : narwhals.LazyFrame
        One row per respondent; a query runs when its result is collected. NaN is
        missing.
    name : str
        What messages call the data: name of the file, folder or table.
    engine : str
        ``duckdb``, ``polars``, ``pyspark``, ``ibis`` ...
    rows : int or None
        Number of respondents; None where nobody has counted them.
    spill : object
        Keeps the folder into which DuckDB spills, which goes when nothing needs it.
    """

    # Its text would run the query.
    frame: "nw.LazyFrame[Any]" = field(repr=False)
    name: str
    engine: str
    rows: int | None
    spill: object = field(default=None, repr=False)


def open_data(
    source: Any,
    table: str | None = None,
    *,
    memory_limit: str | None = None,
    spill_limit: str | None = None,
) -> StoredData:
    """Open data that are too many to be loaded.

    Parameters
    ----------
    source : path, DuckDB relation, or frame
        A Parquet file, a folder of Parquet files with the same columns (also
        partitioned as ``year=2025/``), a DuckDB file, or a frame of Polars, PySpark,
        Ibis, pandas or narwhals.
    table : str, optional
        Table or view of a DuckDB file; needed where it holds several.
    memory_limit : str, optional
        Memory that DuckDB may take for files, such as ``2GiB``; a quarter of the
        memory of the machine when omitted.
    spill_limit : str, optional
        Room on the disk that it may take beside, such as ``50GB``; what is free when
        omitted.

    Returns
    -------
    StoredData
        The data, of which no respondent has been loaded.

    Raises
    ------
    DataFileError
        The file is damaged or of another kind, files of a folder have different
        columns, the table is not there, or an engine is not installed.
    TypeError
        The source is no path and no data.

    Examples
    --------
    >>> import pandas as pd
    >>> open_data(pd.DataFrame({"q1": [1, 2, None]})).rows
    3
    """
    if isinstance(source, (str, Path)):
        limits = {"memory_limit": memory_limit, "max_temp_directory_size": spill_limit}
        return _stored(open_path(Path(source), table, limits))
    if isinstance(source, StoredData):
        return source
    return _of_data(source)


open = open_data  # noqa: A001 - the public name is survey.open


def _stored(relation: Relation) -> StoredData:
    """Take a relation of DuckDB."""
    frame = import_narwhals().from_native(relation.relation)
    rows = relation.rows
    return StoredData(without_nan(frame), relation.name, "duckdb", rows, relation.spill)


def _of_data(source: Any) -> StoredData:
    """Take data of an engine; those in memory are handed to an engine."""
    nw = import_narwhals()
    try:
        frame = nw.from_native(source)
    except TypeError:
        raise TypeError(
            f"survey.open() cannot open a {type(source).__name__}. Give the path of a "
            "Parquet or DuckDB file, a DuckDB relation, or a frame of Polars, PySpark, "
            "Ibis, pandas or narwhals."
        ) from None
    engine = str(frame.implementation).lower()
    name = f"the {engine} frame"
    if isinstance(frame, nw.LazyFrame):
        if frame.implementation.is_pandas_like():
            frame = frame.collect()
        else:
            return StoredData(without_nan(frame), name, engine, None)
    if frame.implementation.is_polars():
        return StoredData(without_nan(frame.lazy()), name, engine, len(frame))
    # Groups of pandas have no conditional sums in narwhals.
    return _stored(relation_of_arrow(frame.to_arrow(), name))


def without_nan(frame: "nw.LazyFrame[Any]") -> "nw.LazyFrame[Any]":
    """Make NaN missing, as pandas has it.

    Parameters
    ----------
    frame : narwhals.LazyFrame
        Data of any engine.

    Returns
    -------
    narwhals.LazyFrame
        The same columns.
    """
    nw = import_narwhals()
    floats = [n for n, kind in frame.collect_schema().items() if kind.is_float()]
    if not floats:
        return frame
    return frame.with_columns(
        nw.when(~nw.col(name).is_nan()).then(nw.col(name)).alias(name)
        for name in floats
    )

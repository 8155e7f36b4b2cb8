"""Queries of stored data; what can go wrong in an engine is told as one error.

Only errors of engines are translated. A mistake of ours stays what it is.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

import pandas as pd

from survey.errors import DataFileError

if TYPE_CHECKING:
    import narwhals as nw

_ENGINES = {"duckdb", "_duckdb", "polars", "pyspark", "py4j", "ibis", "pyarrow"}
_SHOWN = 300
_ADVICE = (
    (("interrupt",), "was interrupted", "Start it again."),
    (
        ("max_temp_directory_size", "no space left", "disk full"),
        "stopped because what does not fit into memory does not fit on the disk",
        "Free some room, or set TMPDIR to a folder of a larger disk.",
    ),
    (
        ("out of memory", "outofmemory", "could not allocate"),
        "stopped because memory is full",
        "Give more with memory_limit, or ask for fewer questions at a time.",
    ),
    (
        ("executor", "job aborted", "sparkcontext was shut down", "connection refused"),
        "stopped because the cluster lost a part of its work",
        "Look into the log of the cluster, then start it again.",
    ),
    (
        ("could not set lock", "conflicting lock"),
        "cannot start because another program writes to the file",
        "Close that program, or copy the file.",
    ),
    (
        (
            "magic bytes",
            "too small to be",
            "failed to read file",
            "decompress",
            "corrupt",
            "out of specification",
            "parquet",
            "thrift",
        ),
        "found a file that is cut off or damaged",
        "Fetch the file again.",
    ),
)


def collected(query: "nw.LazyFrame[Any]", name: str, engine: str = "") -> pd.DataFrame:
    """Run a query whose result is small.

    Parameters
    ----------
    query : narwhals.LazyFrame
        What to compute.
    name : str
        Name of the data (`StoredData.name`).
    engine : str
        Who computes it.

    Returns
    -------
    DataFrame
        The result; decimals are whole numbers or floats.

    Raises
    ------
    DataFileError
        The engine could not: a damaged file, no room, an interrupt, a lost executor.
    """
    with told(name, engine):
        table = query.collect("pyarrow").to_native()
        frame: pd.DataFrame = _without_decimals(table).to_pandas()
    return frame


def _without_decimals(table: Any) -> Any:
    """Make plain numbers of decimals: a sum of whole numbers is one in DuckDB."""
    import pyarrow as pa

    kinds = [
        field.with_type(pa.float64() if field.type.scale else pa.int64())
        if pa.types.is_decimal(field.type)
        else field
        for field in table.schema
    ]
    return table.cast(pa.schema(kinds))


@contextmanager
def told(name: str, engine: str) -> Iterator[None]:
    """Tell errors of an engine as one of ours.

    Parameters
    ----------
    name : str
        Name of the data.
    engine : str
        Who is asked.

    Raises
    ------
    DataFileError
        What is wrong with the data, where, and what to do.
    """
    try:
        yield
    except Exception as error:
        if not _is_of_engine(error):
            raise
        raise DataFileError(_message(error, name, engine)) from None


def _is_of_engine(error: Exception) -> bool:
    """Tell errors of engines and of the disk from mistakes of ours."""
    homes = {kind.__module__.partition(".")[0] for kind in type(error).__mro__}
    return bool(homes & _ENGINES) or isinstance(error, OSError)


def _message(error: Exception, name: str, engine: str) -> str:
    """Say what happened, and what to do."""
    said = " ".join(str(error).split())
    lower = f"{type(error).__name__} {said}".lower()
    happened, advice = "failed", "Correct what it says, then start it again."
    for words, what, todo in _ADVICE:
        if any(word in lower for word in words):
            happened, advice = what, todo
            break
    short = said if len(said) <= _SHOWN else f"{said[:_SHOWN]} ..."
    return (
        f"{name}: the query of {engine or 'the engine'} {happened} ({short}). {advice}"
    )

"""Sessions of DuckDB, and the libraries that stored data need.

A session takes a quarter of the memory, and spills into a folder of its own.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from shutil import rmtree
from tempfile import mkdtemp
from types import ModuleType
from typing import Any
from weakref import finalize

from survey.errors import DataFileError

_MEMORY = "25%"


@dataclass(frozen=True, slots=True, weakref_slot=True, eq=False)
class SpillFolder:
    """A folder that is removed when nothing refers to it, and at exit."""

    name: str


@dataclass(frozen=True, slots=True)
class Session:
    """A connection to DuckDB, and the folder into which it spills."""

    connection: Any
    spill: SpillFolder


@dataclass(frozen=True, slots=True)
class Relation:
    """A relation of DuckDB with its name, number of rows, and folder to spill into."""

    relation: Any
    name: str
    rows: int | None
    spill: SpillFolder


@contextmanager
def session(
    limits: dict[str, str | None], database: str = ":memory:"
) -> Iterator[Session]:
    """Connect to DuckDB; the session outlives the block unless that fails.

    Parameters
    ----------
    limits : dict
        Settings of DuckDB; None where its own or ours hold.
    database : str
        Path of a DuckDB file, which is opened for reading.

    Yields
    ------
    Session
        With a folder of its own to spill into.

    Raises
    ------
    DataFileError
        DuckDB is not installed.
    """
    duckdb = _needed("duckdb")
    spill = SpillFolder(mkdtemp(prefix="survey-spill-"))
    finalize(spill, rmtree, spill.name, ignore_errors=True)
    config = {"memory_limit": _MEMORY, "temp_directory": spill.name}
    read_only = database != ":memory:"
    try:
        connection = duckdb.connect(database, read_only=read_only, config=config)
        for name, value in limits.items():
            # DuckDB 2.0 keeps a limit of the disk that is set, not one of its config.
            if value is not None:
                quoted = value.replace("'", "''")
                connection.execute(f"SET {name} = '{quoted}'")
        yield Session(connection, spill)
    except BaseException:
        # The error that is on its way keeps hold of the folder.
        rmtree(spill.name, ignore_errors=True)
        raise


def relation_of_arrow(table: Any, name: str) -> Relation:
    """Give a table of Arrow to DuckDB.

    Parameters
    ----------
    table : pyarrow.Table
        Data in memory.
    name : str
        What messages call them.

    Returns
    -------
    Relation
        The same rows.
    """
    with session({}) as opened:
        relation = opened.connection.from_arrow(table)
    return Relation(relation, name, table.num_rows, opened.spill)


def import_narwhals() -> ModuleType:
    """Import narwhals.

    Returns
    -------
    module
        Through which every engine is asked.

    Raises
    ------
    DataFileError
        It is not installed.
    """
    return _needed("narwhals")


def _needed(library: str) -> ModuleType:
    """Import a library of the extra `scale`."""
    from importlib import import_module

    try:
        return import_module(library)
    except ModuleNotFoundError:
        raise DataFileError(
            f"Stored data need {library}, which is not installed. Install it with: "
            "pip install genai-survey[scale]"
        ) from None

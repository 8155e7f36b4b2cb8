"""Files that DuckDB reads where they are: Parquet, folders of Parquet, its own.

Columns of all files of a folder are compared before the first query.
"""

from pathlib import Path
from typing import Any

from survey.errors import DataFileError, some
from survey.importers.stored_queries import told
from survey.importers.stored_session import Relation, Session, session

_MOST_TOLD = 8
_Limits = dict[str, str | None]
_Schema = dict[str, str]


def open_path(path: Path, table: str | None, limits: _Limits) -> Relation:
    """Open a Parquet file, a folder of them, or a DuckDB file.

    Parameters
    ----------
    path : Path
        What to open.
    table : str or None
        Table of a DuckDB file.
    limits : dict
        Settings of DuckDB.

    Returns
    -------
    Relation
        Of which nothing has been read but its columns and number of rows.

    Raises
    ------
    DataFileError
        See `survey.open`.
    """
    if path.is_dir():
        return _open_parquet(_files_of(path), path, limits)
    kind = _kind(path)
    if kind == "duckdb":
        return _open_table(path, table, limits)
    return _open_parquet([path], path, limits)


def _kind(path: Path) -> str:
    """Tell a Parquet file from a DuckDB file by its first bytes."""
    try:
        with path.open("rb") as file:
            start = file.read(12)
    except FileNotFoundError:
        raise DataFileError(
            f"{path}: there is no such file or folder. Correct the path."
        ) from None
    except OSError as error:
        raise DataFileError(
            f"{path}: the file cannot be opened ({error.strerror}). "
            "Ask for the right to read it."
        ) from None
    if start[8:] == b"DUCK":
        return "duckdb"
    if start.startswith(b"PAR1"):
        return "parquet"
    raise DataFileError(
        f"{path}: this is no Parquet and no DuckDB file (it starts with "
        f"{start[:4]!r}). survey.open() reads these two where they are; "
        "survey.read() loads CSV, Excel, SPSS and Stata."
    )


def _files_of(folder: Path) -> list[Path]:
    """List the Parquet files of a folder; what Spark hides is left out."""
    found = sorted(
        path
        for path in folder.rglob("*.parquet")
        if path.is_file()
        and not any(p[0] in "._" for p in path.relative_to(folder).parts)
    )
    if not found:
        raise DataFileError(
            f"{folder}: the folder holds no file *.parquet. Name the folder that "
            "holds the Parquet files, or the file itself."
        )
    return found


def _open_parquet(files: list[Path], path: Path, limits: _Limits) -> Relation:
    """Open Parquet files as one table."""
    is_hive = any("=" in part for f in files for part in f.relative_to(path).parts[:-1])
    names = [str(file) for file in files]
    with told(path.name, "duckdb"), session(limits) as opened:
        _check_schemas([(file, _schema(file, opened)) for file in files], path)
        relation = opened.connection.read_parquet(names, hive_partitioning=is_hive)
        rows = _rows(relation, path)
    return Relation(relation, path.name, rows, opened.spill)


def _rows(relation: Any, path: Path) -> int:
    """Count the records, and refuse data without any."""
    rows = int(relation.aggregate("count(*)").fetchall()[0][0])
    if rows:
        return rows
    raise DataFileError(f"{path}: holds no record. Export it with the responses.")


def _schema(file: Path, opened: Session) -> _Schema:
    """Give names and types of the columns of a file."""
    if _kind(file) != "parquet":
        raise DataFileError(
            f"{file}: a DuckDB file among Parquet files. Move it elsewhere."
        )
    with told(str(file), "duckdb"):
        relation = opened.connection.read_parquet(str(file), hive_partitioning=False)
    return dict(zip(relation.columns, map(str, relation.types), strict=True))


def _check_schemas(schemas: list[tuple[Path, _Schema]], path: Path) -> None:
    """Refuse files whose columns are not those of the first."""
    first, expected = schemas[0]
    told_of = [
        f"{file.relative_to(path)}: {text}"
        for file, schema in schemas[1:]
        if (text := _difference(schema, expected))
    ]
    if not told_of:
        return
    listed = "\n".join(f"- {text}" for text in told_of[:_MOST_TOLD])
    more = len(told_of) - _MOST_TOLD
    rest = f"\n- and {more} more files" if more > 0 else ""
    raise DataFileError(
        f"{path}: {len(told_of)} of {len(schemas)} Parquet files have other columns "
        f"than {first.relative_to(path)}:\n{listed}{rest}\nWrite all files with the "
        "same names and types, or open one folder for each kind."
    )


def _difference(schema: _Schema, expected: _Schema) -> str:
    """Say how the columns of a file differ; empty where they do not."""
    missing = [name for name in expected if name not in schema]
    more = [name for name in schema if name not in expected]
    others = [
        f"{name!r} is {schema[name]}, not {kind}"
        for name, kind in expected.items()
        if schema.get(name, kind) != kind
    ]
    parts = [
        f"without {some(missing)}" if missing else "",
        f"with {some(more)} besides" if more else "",
        *others[:_MOST_TOLD],
    ]
    return "; ".join(part for part in parts if part)


def _open_table(path: Path, table: str | None, limits: _Limits) -> Relation:
    """Open a table of a DuckDB file."""
    with told(path.name, "duckdb"), session(limits, str(path)) as opened:
        schema, name = _table(opened.connection, path, table)
        relation = opened.connection.sql(
            f"SELECT * FROM {_quoted(schema)}.{_quoted(name)}"  # noqa: S608 - quoted names that the file listed itself
        )
        rows = _rows(relation, path)
    return Relation(relation, f"{path.name}, table {name!r}", rows, opened.spill)


def _table(connection: Any, path: Path, table: str | None) -> tuple[str, str]:
    """Find a table or view by its name, with or without its schema."""
    known = connection.execute(
        "SELECT table_schema, table_name FROM information_schema.tables"
        " WHERE table_catalog = current_database() ORDER BY ALL"
    ).fetchall()
    hits = [(s, n) for s, n in known if table in {None, n, f"{s}.{n}"}]
    if len(hits) == 1:
        return str(hits[0][0]), str(hits[0][1])
    listed = some([n if s == "main" else f"{s}.{n}" for s, n in known], 40)
    if not known:
        raise DataFileError(f"{path}: the DuckDB file holds no table.")
    if table is None or hits:
        raise DataFileError(
            f"{path}: the DuckDB file holds {len(known)} tables ({listed}). "
            "Say which with table=."
        )
    raise DataFileError(
        f"{path}: the DuckDB file has no table {table!r}. Tables: {listed}."
    )


def _quoted(name: str) -> str:
    """Quote a name for SQL."""
    return '"' + name.replace('"', '""') + '"'

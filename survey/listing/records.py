"""Listings as JSON: a list of records, lines of them, or columns, as pandas writes.

Only the fields that a listing needs are kept, each as a plain value.
"""

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any, Final

import pandas as pd

from survey.errors import ListingError, some
from survey.listing.cells import joined, member
from survey.listing.fields import field_of, known_columns

_PLAIN: Final[dict[str, Callable[[object], object]]] = {
    "author_data": lambda cell: member(cell, "type"),
    "card_data": lambda cell: joined(member(cell, "license")),
    "tags": joined,
    "licence": joined,
}
_NESTED: Final = (dict, list)


def read_json(data: bytes, name: str) -> pd.DataFrame:
    """Read the records of a JSON file.

    Parameters
    ----------
    data : bytes
        Content of the file: JSON, or one record per line.
    name : str
        File name, for messages.

    Returns
    -------
    DataFrame
        One row per record; columns by our names, ``author_data`` as its type and
        ``card_data`` as its licence.

    Raises
    ------
    ListingError
        The text is not JSON, or holds no list of models.

    Examples
    --------
    >>> read_json(b'[{"modelId": "a/b", "downloads": 3}]', "x.json").to_dict("list")
    {'id': ['a/b'], 'downloads': [3]}
    """
    data = data.removeprefix(b"\xef\xbb\xbf")
    if _is_lines(data):
        return _frame(_lines(data, name), name)
    return _table(_loaded(data, name), name)


def _is_lines(data: bytes) -> bool:
    """Tell whether the first line is a record of its own."""
    first, _, rest = data.lstrip().partition(b"\n")
    if not first.startswith(b"{") or not rest.strip():
        return False
    try:
        return isinstance(json.loads(first), dict)
    except (ValueError, RecursionError):
        return False


def _loaded(data: bytes, name: str) -> Any:
    """Parse a text as a whole."""
    try:
        return json.loads(data)
    except (ValueError, RecursionError) as problem:
        raise ListingError(
            f"{name}: not valid JSON ({problem}). The file is probably cut off:"
            " fetch it again."
        ) from None


def _lines(data: bytes, name: str) -> Iterator[Any]:
    """Parse every line."""
    for number, line in enumerate(data.splitlines(), 1):
        if not line or line.isspace():
            continue
        try:
            yield json.loads(line)
        except (ValueError, RecursionError) as problem:
            raise ListingError(
                f"{name}, line {number}: not a record in JSON ({problem}). The file is"
                " probably cut off: fetch it again."
            ) from None


def _table(content: Any, name: str) -> pd.DataFrame:
    """Find the records in a JSON value."""
    if isinstance(content, list):
        return _frame(content, name)
    if not isinstance(content, dict):
        raise ListingError(f"{name}: the JSON holds no list of models. {_TODO}")
    if isinstance(content.get("columns"), list) and "data" in content:
        names = [str(one) for one in content["columns"]]
        rows = (dict(zip(names, row, strict=False)) for row in content["data"])
        return _frame(rows, name)
    columns = known_columns(content)
    if "id" in columns and isinstance(content[columns["id"]], dict | list):
        return _by_column(content, columns, name)
    if "id" in columns:
        return _frame([content], name)
    return _frame(_inside(content, name), name)


_TODO: Final = (
    "Give a list of records with 'id' and 'downloads', as the hub's interface sends it."
)


def _inside(content: Mapping[str, Any], name: str) -> list[Any]:
    """Find the list in an object, or its records by key."""
    lists = {key: v for key, v in content.items() if _holds_records(v)}
    if len(lists) == 1:
        return list(next(iter(lists.values())))
    if not lists and content and _holds_records(list(content.values())):
        return list(content.values())
    raise ListingError(
        f"{name}: the JSON object has the keys {some(content)}, and"
        f" {len(lists)} of them hold a list of records. {_TODO}"
    )


def _holds_records(value: object) -> bool:
    """Tell a list of objects."""
    return isinstance(value, list) and bool(value) and isinstance(value[0], dict)


def _by_column(
    content: Mapping[str, Any], columns: Mapping[str, str], name: str
) -> pd.DataFrame:
    """Put columns together, each a list or an object by row."""
    made = {}
    for field, column in columns.items():
        cells = content[column]
        if not isinstance(cells, dict | list):
            raise ListingError(f"{name}: column {column!r} is no column. {_TODO}")
        keys = (
            list(cells) if isinstance(cells, dict) else [*map(str, range(len(cells)))]
        )
        values = cells.values() if isinstance(cells, dict) else cells
        plain = [_plain(field, value) for value in values]
        made[field] = pd.Series(plain, index=keys, dtype=object)
    return pd.DataFrame(made).loc[made["id"].index].reset_index(drop=True)


def _frame(records: Iterable[Any], name: str) -> pd.DataFrame:
    """Keep the fields of a listing of every record."""
    seen: set[str] = set()
    cells: dict[str, list[Any]] = {}
    # What is done a million times is looked up once.
    fields: list[tuple[str, Callable[[Any], None], Callable[[Any], object]]] = []
    for number, record in enumerate(records):
        if not isinstance(record, dict):
            kind = type(record).__name__
            raise ListingError(
                f"{name}: record {number + 1} is {kind}, not an object. {_TODO}"
            )
        if not seen.issuperset(record):
            # A record leaves out what is empty, so a field may come late.
            new = [key for key in record if key not in seen]
            seen.update(new)
            cells |= {key: [None] * number for key in new if field_of(key)}
            fields = [
                (key, column.append, _PLAIN.get(field_of(key), str))
                for key, column in cells.items()
            ]
        for key, append, plain in fields:
            value = record.get(key)
            append(plain(value) if value.__class__ in _NESTED else value)
    columns = known_columns(cells)
    return pd.DataFrame(
        {field: pd.Series(cells[key], dtype=object) for field, key in columns.items()}
    )


def _plain(field: str, value: Any) -> Any:
    """Make one plain value of a cell."""
    return _PLAIN.get(field, str)(value) if value.__class__ in _NESTED else value

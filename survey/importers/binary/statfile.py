"""What pyreadstat finds in a file of SPSS or Stata, as arrays and plain texts.

The functions `parse_...` run in the child of `isolated`; they load nothing but numpy
and pyreadstat, so that a new interpreter is ready soon.
"""

import json
import struct
import zlib
from collections.abc import Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import Any, BinaryIO, Final

import numpy as np
from numpy.typing import NDArray

from survey.importers.binary.por_dictionary import End, without_missing
from survey.importers.binary.sav_cases import read_cases
from survey.importers.binary.sav_dictionary import VARIABLE, parse_dictionary

Floats = NDArray[np.float64]


@dataclass(frozen=True, slots=True, eq=False)
class StatColumn:
    """One variable.

    Attributes
    ----------
    name, wording, spelling, measure : str
        Name, label, format (``F8.2``, ``%td``) and measurement level.
    values : tuple of (value, label)
        Value labels; the value of an extended missing value is its letter.
    missing : tuple of (low, high)
        User-missing values and ranges.
    cells : float array (n,) or pyarrow Array (n,)
        Numbers, NaN where there is none; or texts.
    tags : int8 array (n,) or None
        Codes of the letters of extended missing values, 0 elsewhere.
    """

    name: str
    wording: str
    spelling: str
    measure: str
    values: tuple[tuple[End, str], ...]
    missing: tuple[tuple[End, End], ...]
    cells: Any
    tags: NDArray[np.int8] | None


@dataclass(frozen=True, slots=True, eq=False)
class StatFile:
    """A file of SPSS or Stata: its variables, its records, its encoding."""

    columns: tuple[StatColumn, ...]
    rows: int
    encoding: str


def parse_sav(path: str, result: BinaryIO) -> None:
    """Parse a ``.sav`` or ``.zsav`` file, first as it is declared, then as cp1252.

    A byte that has no letter in cp1252 either makes it Latin-1, in which all have one.

    Parameters
    ----------
    path : str
        File to read.
    result : open file
        Where the arrays go, for `load`.
    """
    _parse_either(_read_sav, path, result, user_missing=True)


def parse_por(path: str, result: BinaryIO) -> None:
    """Parse a ``.por`` file; which values are user-missing is not among what is found.

    Parameters
    ----------
    path, result
        As for `parse_sav`; a second file is written beside the result.
    """
    import pyreadstat

    plain = Path(result.name).with_name("plain.por")
    plain.write_bytes(without_missing(Path(path).read_bytes()))
    cells, meta = pyreadstat.read_por(str(plain), **_PLAIN)
    _dump(cells, meta, result)


def parse_dta(path: str, result: BinaryIO) -> None:
    """Parse a ``.dta`` file, first as it is declared, then as cp1252.

    Parameters
    ----------
    path, result
        As for `parse_sav`.

    Notes
    -----
    Files before Stata 14 name no encoding. R writes UTF-8 into them, Stata itself the
    code page of its computer, which is hardly ever valid UTF-8.
    """
    _parse_either(_read_dta, path, result, user_missing=True)


def load(result: BinaryIO) -> StatFile:
    """Take over what a parser left.

    Parameters
    ----------
    result : open file
        At its start.

    Returns
    -------
    StatFile
        Variables in the order of the file.
    """
    found = json.loads(_array(result).tobytes())
    rows: int = found["rows"]
    columns = tuple(_column(one, rows, result) for one in found["columns"])
    return StatFile(columns, rows, found["encoding"])


_CODE_PAGES: Final = ("cp1252", "ISO-8859-1")
# Dates as numbers: neither pandas nor Python holds every date of SPSS.
_PLAIN: Mapping[str, Any] = {
    "disable_datetime_conversion": True,
    "output_format": "dict",
}


def _parse_either(read: Any, path: str, result: BinaryIO, **asked: bool) -> None:
    """Parse as declared, or else in the usual code pages; the first error says more."""
    try:
        cells, meta = read(path, **_PLAIN, **asked)
    except Exception:
        found = _in_code_pages(read, path, **asked)
        if found is None:
            raise
        cells, meta = found
    _dump(cells, meta, result)


def _in_code_pages(
    read: Any, path: str, **asked: bool
) -> tuple[Mapping[str, Any], Any] | None:
    """Parse in the first code page that has a letter for every byte."""
    for encoding in _CODE_PAGES:
        # The C parser raises whatever it likes.
        with suppress(Exception):
            found: tuple[Mapping[str, Any], Any]
            found = read(path, **_PLAIN, **asked, encoding=encoding)
            return found
    return None


def _read_dta(path: str, **asked: Any) -> tuple[Mapping[str, Any], Any]:
    """Read a Stata file as declared, or as UTF-8 where its texts show that they are."""
    import pyreadstat

    found: tuple[Mapping[str, Any], Any]
    try:
        found = pyreadstat.read_dta(path, **asked)
    except pyreadstat.ReadstatError:
        return pyreadstat.read_dta(path, **{"encoding": "UTF-8", **asked})
    if _is_misread(found):
        return pyreadstat.read_dta(path, **{**asked, "encoding": "UTF-8"})
    return found


def _is_misread(found: tuple[Mapping[str, Any], Any]) -> bool:
    """Tell UTF-8 that was read as cp1252: all that is not ASCII shows it."""
    cells, meta = found
    texts = [text for text in meta.column_names_to_labels.values() if text]
    texts += [t for one in meta.variable_value_labels.values() for t in one.values()]
    for name, kind in meta.readstat_variable_types.items():
        texts += cells[name] if kind == "string" else []
    strange = {str(text) for text in texts if text and not str(text).isascii()}
    try:
        for text in strange:
            text.encode("cp1252").decode("utf-8")
    except UnicodeError:
        return False
    return bool(strange)


def _read_sav(path: str, **asked: Any) -> tuple[Mapping[str, Any], Any]:
    """Take texts and labels from pyreadstat, and numbers from the file itself."""
    import pyreadstat

    meta = pyreadstat.read_sav(path, metadataonly=True, **asked)[1]
    kinds = meta.readstat_variable_types
    names = list(meta.column_names)
    texts = [name for name in names if kinds[name] == "string"]
    rest = [name for name in names if kinds[name] != "string"]
    some = {**asked, "usecols": texts or names[:1]}
    cells = dict(pyreadstat.read_sav(path, **some)[0]) if names else {}
    rows = len(next(iter(cells.values()), ()))
    try:
        numbers = _numbers(path, rest, rows)
    except (ValueError, IndexError, struct.error, zlib.error):
        return pyreadstat.read_sav(path, **asked)
    found = {**cells, **numbers}
    return {name: found[name] for name in names}, meta


def _numbers(path: str, names: Sequence[str], rows: int) -> dict[str, Floats]:
    """Read the columns of numbers, which stand in the order of their names."""
    file = parse_dictionary(Path(path).read_bytes())
    variables = [record for record in file.records if record.kind == VARIABLE]
    places = [k for k, record in enumerate(variables) if record.subtype == 0]
    columns = read_cases(file, rows).T
    pairs = zip(names, places, strict=True)
    return {name: np.ascontiguousarray(columns[place]) for name, place in pairs}


def _dump(cells: Mapping[str, Any], meta: Any, result: BinaryIO) -> None:
    """Write a description as JSON, then the arrays of every variable."""
    columns = [_described(str(name), meta) for name in cells]
    rows = max((len(column) for column in cells.values()), default=0)
    found = {"columns": columns, "rows": rows, "encoding": meta.file_encoding or ""}
    text = json.dumps(found).encode()
    np.save(result, np.frombuffer(text, np.uint8))
    for one, column in zip(columns, cells.values(), strict=True):
        for array in _arrays(one, column):
            np.save(result, array)


def _described(name: str, meta: Any) -> dict[str, Any]:
    """Collect what the dictionary says about one variable."""
    labels = meta.variable_value_labels.get(name, {})
    return {
        "name": name,
        "wording": str(meta.column_names_to_labels.get(name) or ""),
        "spelling": str(meta.original_variable_types.get(name) or ""),
        "measure": str(meta.variable_measure.get(name) or ""),
        "values": [(value, str(label)) for value, label in labels.items()],
        "missing": [(m["lo"], m["hi"]) for m in meta.missing_ranges.get(name, ())],
        "text": meta.readstat_variable_types.get(name) == "string",
        "tagged": bool(meta.missing_user_values.get(name)),
    }


def _arrays(one: Mapping[str, Any], cells: Sequence[Any]) -> list[NDArray[Any]]:
    """Give a column as bytes and ends of texts, or as numbers and letters."""
    if one["text"]:
        texts = [(text or "").encode("utf-8", "replace") for text in cells]
        ends = np.zeros(len(texts) + 1, dtype=np.int64)
        np.cumsum(np.fromiter(map(len, texts), np.int64, len(texts)), out=ends[1:])
        return [ends, np.frombuffer(b"".join(texts), np.uint8)]
    if not one["tagged"]:
        return [np.asarray(cells, dtype=np.float64)]
    letters = [ord(cell) if isinstance(cell, str) else 0 for cell in cells]
    tags = np.array(letters, dtype=np.int8)
    numbers = [None if tag else cell for tag, cell in zip(letters, cells, strict=True)]
    return [np.array(numbers, dtype=np.float64), tags]


def _column(one: Mapping[str, Any], rows: int, result: BinaryIO) -> StatColumn:
    """Take over one variable."""
    return StatColumn(
        one["name"],
        one["wording"],
        one["spelling"],
        one["measure"],
        tuple((value, label) for value, label in one["values"]),
        tuple((low, high) for low, high in one["missing"]),
        _texts(rows, result) if one["text"] else _floats(result),
        _array(result) if one["tagged"] and not one["text"] else None,
    )


def _texts(rows: int, result: BinaryIO) -> Any:
    """Take over texts without making a Python object of each."""
    import pyarrow as pa

    ends, content = _array(result), _array(result)
    buffers = (pa.py_buffer(ends), pa.py_buffer(content))
    return pa.LargeStringArray.from_buffers(rows, *buffers)


def _floats(result: BinaryIO) -> Floats:
    """Take over numbers, and one NaN for all: arithmetic objects to signalling ones."""
    numbers = _array(result)
    np.copyto(numbers, np.nan, where=np.isnan(numbers))
    return numbers


def _array(result: BinaryIO) -> NDArray[Any]:
    """Read the next array, which holds no objects."""
    array: NDArray[Any] = np.load(result, allow_pickle=False)
    return array

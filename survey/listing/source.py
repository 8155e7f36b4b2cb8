"""A file with a listing, as a table of the columns that are known.

What a file is, its first bytes decide; nothing is read twice.
"""

import gzip
import hashlib
import io
import zlib
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any, Final

import pandas as pd

from survey.errors import DataFileError, ListingError
from survey.importers.signature import kind_of, read_bytes
from survey.importers.text import decode, find_delimiter
from survey.listing.fields import known_columns
from survey.listing.parquet import read_parquet
from survey.listing.records import read_json

_LARGEST: Final = 3_000_000_000
_GZIP: Final = b"\x1f\x8b"
_PARQUET: Final = b"PAR1"
_SAMPLE: Final = 200_000
_BLOCK: Final = 16_000_000
_LONGEST_REASON: Final = 200
_BLANK: Final = b"\xef\xbb\xbf \t\r\n"


@dataclass(frozen=True, slots=True, eq=False)
class RawListing:
    """Cells of a listing as they stand in a file, columns by our names."""

    frame: pd.DataFrame
    name: str
    sha256: str


def read_source(path: Path) -> RawListing:
    """Read a file that may be a listing.

    Parameters
    ----------
    path : Path
        CSV, JSON, JSON lines or Parquet; texts may be packed with gzip.

    Returns
    -------
    RawListing
        The known columns, of any type.

    Raises
    ------
    ListingError
        There is no such file, it is empty, damaged, too large, or of another kind.
    """
    data = _content(path)
    sha256 = hashlib.sha256(data).hexdigest()
    if data.startswith(_PARQUET):
        return RawListing(read_parquet(path), path.name, sha256)
    data = _unpacked(data, path)
    if data.lstrip(_BLANK)[:1] in {b"{", b"["}:
        return RawListing(read_json(data, str(path)), path.name, sha256)
    return RawListing(_read_csv(data, path), path.name, sha256)


def _content(path: Path) -> bytes:
    """Read the bytes of a file of sensible size."""
    try:
        if path.is_file() and path.stat().st_size > _LARGEST:
            _refuse_size(path)
        return read_bytes(path)
    except DataFileError as problem:
        raise ListingError(str(problem)) from None


def _unpacked(data: bytes, path: Path) -> bytes:
    """Unpack a gzip file, as far as memory should go."""
    if not data.startswith(_GZIP):
        return data
    try:
        with gzip.open(io.BytesIO(data)) as file:
            text = file.read(_LARGEST + 1)
    except (EOFError, OSError, zlib.error) as problem:
        raise ListingError(
            f"{path}: the gzip file cannot be unpacked ({problem}). It is probably cut"
            " off: fetch it again."
        ) from None
    if len(text) > _LARGEST:
        _refuse_size(path)
    if text.startswith(_PARQUET):
        raise ListingError(
            f"{path}: a Parquet file inside a gzip file. Unpack it first: Parquet is"
            " packed already."
        )
    return text


def _refuse_size(path: Path) -> None:
    """Refuse a file that memory could not hold."""
    raise ListingError(
        f"{path}: larger than {_LARGEST / 1e9:g} GB. Keep the columns id, author,"
        " downloads, likes, tags and pipeline_tag only, or save it as Parquet."
    )


def _read_csv(data: bytes, path: Path) -> pd.DataFrame:
    """Read a delimited text."""
    try:
        kind_of(Path("listing.csv"), data)
    except DataFileError as problem:
        reason = str(problem).partition("the content is ")[2].partition(".")[0]
        raise ListingError(
            f"{path}: the content is {reason or 'no text'}. A listing is CSV, JSON,"
            " JSON lines or Parquet."
        ) from None
    text, encoding = decode(data)
    delimiter = find_delimiter(text[:_SAMPLE].replace("\r\n", "\n"))
    if "\x00" in text or encoding != "utf-8":
        data = text.replace("\x00", "").encode("utf-8", "replace")
    del text
    return _known(data, delimiter, path)


def _known(data: bytes, delimiter: str, path: Path) -> pd.DataFrame:
    """Read the known columns of a delimited text, all of whose rows are as long."""
    # The type of what a partial of so many overloads gives is lost.
    read: Any = partial(
        pd.read_csv, sep=delimiter, dtype=str, keep_default_na=False, index_col=False
    )
    try:
        header = [*map(str, read(io.BytesIO(data), nrows=0).columns)]
        columns = known_columns(header)
        if "id" not in columns:
            return pd.DataFrame(columns=list(columns))
        # Only the slower reader sees that a quoted cell never ends.
        if data.count(b'"') % 2:
            frame: pd.DataFrame = read(io.BytesIO(data))
        else:
            frame = _fast(data, delimiter, header, list(columns.values()))
    except (ValueError, pd.errors.ParserError, pd.errors.EmptyDataError) as problem:
        raise ListingError(
            f"{path}: rows and columns cannot be told apart ({_short(problem)}). Save"
            " it as CSV with quotes around cells that hold commas; if it is cut off,"
            " fetch it again."
        ) from None
    names = {name: field for field, name in columns.items()}
    return frame.rename(columns=names)[list(columns)]


def _short(problem: Exception) -> str:
    """Give the beginning of an error, which may quote a whole row."""
    return " ".join(str(problem).split())[:_LONGEST_REASON]


def _fast(
    data: bytes, delimiter: str, header: list[str], wanted: list[str]
) -> pd.DataFrame:
    """Read columns of a delimited text as texts; every row must have all cells."""
    import pyarrow as pa
    from pyarrow import csv

    table = csv.read_csv(
        pa.BufferReader(data),
        # One thread tells the number of a row that is too long or too short.
        read_options=csv.ReadOptions(
            use_threads=False,
            block_size=_BLOCK,
            column_names=header,
            skip_rows_after_names=1,
        ),
        parse_options=csv.ParseOptions(delimiter=delimiter, newlines_in_values=True),
        convert_options=csv.ConvertOptions(
            include_columns=wanted,
            column_types=dict.fromkeys(wanted, pa.string()),
        ),
    )
    return pd.DataFrame(table.to_pandas())

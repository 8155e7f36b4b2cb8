"""A .sav file with one more variable, which is its weight; all else stays byte by byte.

Written from the description of the system file format in the PSPP developers' guide.
Labels, missing codes, sets, attributes and documents are never taken apart, so none
of them can get lost.
"""

import codecs
import struct
import zlib
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import OutputError
from survey.weighted_files.sav_cases import packed_cases, raw_cases, unzipped

Floats = NDArray[np.float64]

HEADER_LENGTH = 176
VARIABLE, VALUE_LABELS, VALUE_VARIABLES, DOCUMENT, EXTENSION, END = 2, 3, 4, 6, 7, 999
DISPLAY, LONG_NAMES = 11, 13
_LAYOUT_AT, _WIDTH_AT, _COMPRESSION_AT, _WEIGHT_AT = 64, 68, 72, 76
_STAMP_AT = slice(92, 109)
_RAW, _ZLIB = 0, 2
# F12.6, as the format of print and of writing.
_FORMAT = (5 << 16) | (12 << 8) | 6
_SCALE, _COLUMNS, _RIGHT = 3, 10, 1
_MOST_LABEL = 252
_SHORT = 8


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the dictionary: type, subtype, first byte, the byte after it."""

    kind: int
    subtype: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class _File:
    """Bytes of a file, order of the bytes of a number, records of the dictionary."""

    data: bytes
    order: str
    records: tuple[Record, ...]

    @property
    def width(self) -> int:
        """Eight-byte elements of every case."""
        return sum(record.kind == VARIABLE for record in self.records)

    def number(self, at: int) -> int:
        """Read a whole number of four bytes."""
        return int(struct.unpack_from(f"{self.order}i", self.data, at)[0])

    def pack(self, *numbers: int) -> bytes:
        """Write whole numbers of four bytes."""
        return struct.pack(f"{self.order}{len(numbers)}i", *numbers)


def add_weight(
    data: bytes, weight: Floats, *, name: str, label: str, encoding: str
) -> bytes:
    """Add a variable behind all others, and declare it the weight of the file.

    Parameters
    ----------
    data : bytes
        A ``.sav`` or ``.zsav`` file.
    weight : float array (n,)
        One weight per case.
    name : str
        Name that no variable has, in letters of ASCII.
    label : str
        Label of the variable; cut after 252 bytes.
    encoding : str
        Encoding of the texts of the file.

    Returns
    -------
    bytes
        A ``.sav`` file; one compressed by zlib is compressed by bytecode afterwards.

    Raises
    ------
    OutputError
        The file does not follow the format, or has another number of cases.

    Examples
    --------
    >>> add_weight(b"$FL2", np.ones(1), name="w", label="", encoding="utf-8")
    Traceback (most recent call last):
    ...
    survey.errors.OutputError: no variable can be added to this SPSS file ...
    """
    try:
        file = _parse(data)
        cases = _with_values(file, weight)
        head = _header(file)
        short = _short_name(file, name)
        dictionary = _dictionary(file, name, short, _encoded(label, encoding))
    except (struct.error, IndexError, ValueError, zlib.error) as problem:
        raise OutputError(
            f"no variable can be added to this SPSS file ({problem}). Name an output "
            "that ends in .csv or .parquet."
        ) from None
    return head + dictionary + cases


def without_clock(data: bytes) -> bytes:
    """Give a file the same time of creation whenever it is written.

    Parameters
    ----------
    data : bytes
        A ``.sav`` file.

    Returns
    -------
    bytes
        The same with midnight of 1 January 1970.

    Examples
    --------
    >>> without_clock(bytes(176))[92:109]
    b'01 Jan 7000:00:00'
    """
    head = data[: _STAMP_AT.start] + b"01 Jan 7000:00:00"
    return head + data[_STAMP_AT.stop :]


def weighted_by(data: bytes) -> str:
    """Say by which variable an SPSS file is weighted.

    Parameters
    ----------
    data : bytes
        A ``.sav`` or ``.zsav`` file.

    Returns
    -------
    str
        Short name of the variable, in capitals; empty where there is none.

    Examples
    --------
    >>> weighted_by(b"$FL2")
    ''
    """
    try:
        file = _parse(data)
        place = file.number(_WEIGHT_AT)
        variables = [r for r in file.records if r.kind == VARIABLE]
        return _own_name(file, variables[place - 1]) if place > 0 else ""
    except (struct.error, IndexError, ValueError):
        return ""


def _parse(data: bytes) -> _File:
    """Find order of bytes and records."""
    (layout,) = struct.unpack_from("<i", data, _LAYOUT_AT)
    file = _File(data, "<" if layout in {2, 3} else ">", ())
    return _File(data, file.order, tuple(_records(file)))


def _records(file: _File) -> Iterator[Record]:
    """Go through the records of the dictionary."""
    start, kind = HEADER_LENGTH, 0
    while kind != END:
        kind = file.number(start)
        subtype = file.number(start + 4)
        end = start + _length(file, start, kind)
        yield Record(kind, subtype, start, end)
        start = end


def _length(file: _File, start: int, kind: int) -> int:
    """Give the length of a record in bytes."""
    first = file.number(start + 4)
    if kind == VARIABLE:
        labelled, missing = file.number(start + 8), file.number(start + 12)
        label = 4 + -(-file.number(start + 32) // 4) * 4 if labelled else 0
        return 32 + label + 8 * abs(missing)
    if kind == VALUE_LABELS:
        return 8 + _labels_length(file.data, start + 8, first)
    if kind == EXTENSION:
        return 16 + file.number(start + 8) * file.number(start + 12)
    sizes = {VALUE_VARIABLES: 4, DOCUMENT: 80, END: 0}
    if kind not in sizes or first < 0:
        raise ValueError(f"there is a record of type {kind} at byte {start}")
    return 8 + first * sizes[kind]


def _labels_length(data: bytes, start: int, count: int) -> int:
    """Give the length of value labels: 8 bytes of value, then padded text each."""
    at = start
    for _ in range(count):
        at += 8 + -(-(data[at + 8] + 1) // 8) * 8
    return at - start


def _own_name(file: _File, record: Record) -> str:
    """Read the short name of a variable."""
    name = file.data[record.start + 24 : record.start + 32]
    return name.decode("ascii", "replace").strip()


def _short_name(file: _File, name: str) -> str:
    """Find a name of eight letters that no variable has."""
    taken = {_own_name(file, r).upper() for r in file.records if r.kind == VARIABLE}
    wanted = [name.upper()[:_SHORT], *(f"WEIGHT{k}" for k in range(1, 100))]
    return next(short for short in wanted if short not in taken)


def _encoded(label: str, encoding: str) -> bytes:
    """Write a label in the encoding of the file, cut between characters."""
    try:
        known = codecs.lookup(encoding).name
    except LookupError:
        known = "ascii"
    text = label.encode(known, "replace")[:_MOST_LABEL].decode(known, "ignore")
    return text.encode(known, "replace")


def _header(file: _File) -> bytes:
    """Count the new variable, and name it as the weight of the file."""
    head = bytearray(file.data[:HEADER_LENGTH])
    more = file.width + 1
    packed = file.number(_COMPRESSION_AT) != _RAW
    # zlib needs another signature than the two other ways.
    head[:4] = b"$FL2"
    head[_WIDTH_AT : _WEIGHT_AT + 4] = file.pack(more, int(packed), more)
    return bytes(head)


def _dictionary(file: _File, name: str, short: str, label: bytes) -> bytes:
    """Write all records, and what is to be known about the new variable."""
    last = max(k for k, r in enumerate(file.records) if r.kind == VARIABLE)
    pair = f"{short}={name}".encode()
    named = any(_is(r, LONG_NAMES) for r in file.records)
    parts: list[bytes] = []
    for k, record in enumerate(file.records):
        content = file.data[record.start : record.end]
        if _is(record, DISPLAY):
            content = _with_display(file, content)
        elif _is(record, LONG_NAMES):
            content = _extension(file, LONG_NAMES, content[16:] + b"\t" + pair)
        elif record.kind == END and not named:
            parts.append(_extension(file, LONG_NAMES, pair))
        parts.append(content)
        if k == last:
            parts.append(_variable(file, short, label))
    return b"".join(parts)


def _is(record: Record, subtype: int) -> bool:
    """Tell whether a record is an extension of this kind."""
    return (record.kind, record.subtype) == (EXTENSION, subtype)


def _extension(file: _File, subtype: int, text: bytes) -> bytes:
    """Write an extension that holds a text."""
    return file.pack(EXTENSION, subtype, 1, len(text)) + text


def _with_display(file: _File, content: bytes) -> bytes:
    """Add measure, columns and alignment, in the shape that the others have."""
    # Strings longer than eight bytes go on in records of width -1, without a name.
    own = [r for r in file.records if r.kind == VARIABLE and r.subtype >= 0]
    shapes = {3: (_SCALE, _COLUMNS, _RIGHT), 2: (_SCALE, _RIGHT)}
    (count,) = struct.unpack_from(f"{file.order}i", content, 12)
    shape = shapes.get(count // len(own), ()) if count % len(own) == 0 else ()
    if not shape:
        return content
    head = file.pack(EXTENSION, DISPLAY, 4, count + len(shape))
    return head + content[16:] + file.pack(*shape)


def _variable(file: _File, short: str, label: bytes) -> bytes:
    """Write the record of a number with a label."""
    padded = label.ljust(-(-len(label) // 4) * 4)
    head = file.pack(VARIABLE, 0, 1, 0, _FORMAT, _FORMAT)
    return head + short.encode().ljust(_SHORT) + file.pack(len(label)) + padded


def _with_values(file: _File, weight: Floats) -> bytes:
    """Write all cases, each with its weight behind it."""
    added = weight.astype(f"{file.order}f8").view(np.uint8).reshape(-1, 8)
    way, end = file.number(_COMPRESSION_AT), file.records[-1].end
    if way == _RAW:
        return raw_cases(file.data[end:], file.width, added)
    packed = unzipped(file.data, end, file.order) if way == _ZLIB else file.data[end:]
    return packed_cases(packed, file.width, added)

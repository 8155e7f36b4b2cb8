"""A .sav file with one more variable, which is its weight; all else stays byte by byte.

Written from the description of the system file format in the PSPP developers' guide.
Labels, missing codes, sets, attributes and documents are never taken apart, so none
of them can get lost.
"""

import codecs
import struct
import zlib

import numpy as np
from numpy.typing import NDArray

from survey.errors import OutputError
from survey.importers.binary.sav_cases import unzipped
from survey.importers.binary.sav_dictionary import (
    COMPRESSION_AT,
    DISPLAY,
    END,
    EXTENSION,
    HEADER_LENGTH,
    LONG_NAMES,
    VARIABLE,
    WEIGHT_AT,
    WIDTH_AT,
    Record,
    SavFile,
    parse_dictionary,
    short_name,
)
from survey.weighted_files.sav_cases import packed_cases, raw_cases

Floats = NDArray[np.float64]

_STAMP_AT = slice(92, 109)
_RAW, _ZLIB = 0, 2
# F12.6, as the format of print and of writing.
_FORMAT = (5 << 16) | (12 << 8) | 6
_SCALE, _COLUMNS, _RIGHT = 3, 10, 1
_MOST_LABEL = 252
_SHORT = 8


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
        file = parse_dictionary(data)
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


def _short_name(file: SavFile, name: str) -> str:
    """Find a name of eight letters that no variable has."""
    taken = {short_name(file, r).upper() for r in file.records if r.kind == VARIABLE}
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


def _header(file: SavFile) -> bytes:
    """Count the new variable, and name it as the weight of the file."""
    head = bytearray(file.data[:HEADER_LENGTH])
    more = file.width + 1
    packed = file.number(COMPRESSION_AT) != _RAW
    # zlib needs another signature than the two other ways.
    head[:4] = b"$FL2"
    head[WIDTH_AT : WEIGHT_AT + 4] = file.pack(more, int(packed), more)
    return bytes(head)


def _dictionary(file: SavFile, name: str, short: str, label: bytes) -> bytes:
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


def _extension(file: SavFile, subtype: int, text: bytes) -> bytes:
    """Write an extension that holds a text."""
    return file.pack(EXTENSION, subtype, 1, len(text)) + text


def _with_display(file: SavFile, content: bytes) -> bytes:
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


def _variable(file: SavFile, short: str, label: bytes) -> bytes:
    """Write the record of a number with a label."""
    padded = label.ljust(-(-len(label) // 4) * 4)
    head = file.pack(VARIABLE, 0, 1, 0, _FORMAT, _FORMAT)
    return head + short.encode().ljust(_SHORT) + file.pack(len(label)) + padded


def _with_values(file: SavFile, weight: Floats) -> bytes:
    """Write all cases, each with its weight behind it."""
    added = weight.astype(f"{file.order}f8").view(np.uint8).reshape(-1, 8)
    way, end = file.number(COMPRESSION_AT), file.records[-1].end
    if way == _RAW:
        return raw_cases(file.data[end:], file.width, added)
    packed = unzipped(file.data, end, file.order) if way == _ZLIB else file.data[end:]
    return packed_cases(packed, file.width, added)

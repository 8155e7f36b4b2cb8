"""Finish a .sav file: multiple response sets, and a header without a clock.

Written from the description of the system file format in the PSPP developers'
guide: header of 176 bytes, then records that begin with their type; 999 ends them.
"""

import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

VARIABLE, VALUE_LABELS, VALUE_VARIABLES, DOCUMENT, EXTENSION, END = 2, 3, 4, 6, 7, 999
SETS, LONG_NAMES = 7, 13
HEADER_LENGTH = 176
DATE_AT, TIME_AT = slice(92, 101), slice(101, 109)


@dataclass(frozen=True, slots=True)
class DichotomySet:
    """A multiple response set of 0/1 variables: its label and its variables."""

    label: str
    variables: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the dictionary: type, first byte, and the byte after it."""

    kind: int
    start: int
    end: int


def finish_sav(path: Path, sets: Mapping[str, DichotomySet], stamp: bytes) -> None:
    """Add multiple response sets to a .sav file and fix the time in its header.

    Parameters
    ----------
    path : Path
        A little-endian file as pyreadstat writes it; changed in place.
    sets : mapping of name to DichotomySet
        Sets by name without ``$``; the counted value is 1.
    stamp : bytes of length 17
        Creation date and time, such as ``b"05 Aug 2412:00:00"``.
    """
    data = bytearray(path.read_bytes())
    data[DATE_AT], data[TIME_AT] = stamp[:9], stamp[9:]
    records = list(_records(data))
    short = _short_names(data, records)
    text = "".join(_set_line(name, one, short) for name, one in sets.items()).encode()
    record = struct.pack("<iiii", EXTENSION, SETS, 1, len(text)) + text
    end = next(r.start for r in records if r.kind == END)
    path.write_bytes(data[:end] + record + data[end:])


def _set_line(name: str, one: DichotomySet, short: Mapping[str, str]) -> str:
    """Write one set: ``$name=D1 1 LENGTH LABEL variables``."""
    variables = " ".join(short[variable].lower() for variable in one.variables)
    # The length counts bytes, not characters.
    return f"${name}=D1 1 {len(one.label.encode())} {one.label} {variables}\n"


def _records(data: bytearray) -> Iterator[Record]:
    """Go through the records of the dictionary."""
    start, kind = HEADER_LENGTH, 0
    while kind != END:
        kind = _number(data, start)
        end = start + _length(data, start, kind)
        yield Record(kind, start, end)
        start = end


def _number(data: bytearray, at: int) -> int:
    """Read a whole number of four bytes."""
    return int.from_bytes(data[at : at + 4], "little", signed=True)


def _length(data: bytearray, start: int, kind: int) -> int:
    """Give the length of a record in bytes."""
    first, second, third = (_number(data, start + at) for at in (4, 8, 12))
    if kind == VARIABLE:
        label = 4 + -(-_number(data, start + 32) // 4) * 4 if second else 0
        return 32 + label + 8 * abs(third)
    if kind == VALUE_LABELS:
        return 8 + _labels_length(data, start + 8, first)
    if kind == EXTENSION:
        return 16 + second * third
    return 8 + first * {VALUE_VARIABLES: 4, DOCUMENT: 80}.get(kind, 0)


def _labels_length(data: bytearray, start: int, count: int) -> int:
    """Give the length of value labels: 8 bytes of value, then padded text each."""
    at = start
    for _ in range(count):
        at += 8 + -(-(data[at + 8] + 1) // 8) * 8
    return at - start


def _short_names(data: bytearray, records: Sequence[Record]) -> dict[str, str]:
    """Map the names of variables to the eight-letter names the sets need."""
    for record in records:
        subtype = _number(data, record.start + 4)
        if (record.kind, subtype) == (EXTENSION, LONG_NAMES):
            text = data[record.start + 16 : record.end].decode()
            pairs = (pair.split("=") for pair in text.split("\t"))
            return {long: short for short, long in pairs}
    raise AssertionError("pyreadstat writes the long names of all variables")

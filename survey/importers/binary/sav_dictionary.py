"""The dictionary of a .sav file as a list of records.

Written from the description of the system file format in the PSPP developers' guide:
a header of 176 bytes, then records that begin with their type; 999 ends them.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

HEADER_LENGTH = 176
VARIABLE, VALUE_LABELS, VALUE_VARIABLES, DOCUMENT, EXTENSION, END = 2, 3, 4, 6, 7, 999
SETS, DISPLAY, LONG_NAMES, SETS_OF_14, ENCODING = 7, 11, 13, 19, 20
LAYOUT_AT, WIDTH_AT, COMPRESSION_AT, WEIGHT_AT, CASES_AT = 64, 68, 72, 76, 80
_SIZES: Mapping[int, int] = {VALUE_VARIABLES: 4, DOCUMENT: 80, END: 0}


@dataclass(frozen=True, slots=True)
class Record:
    """One record of the dictionary: type, subtype, first byte, the byte after it."""

    kind: int
    subtype: int
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class SavFile:
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

    def extension(self, subtype: int) -> bytes:
        """Give the content of the first extension of a kind; empty where none is."""
        for record in self.records:
            if (record.kind, record.subtype) == (EXTENSION, subtype):
                return self.data[record.start + 16 : record.end]
        return b""


def parse_dictionary(data: bytes) -> SavFile:
    """Find the order of bytes and the records of a file.

    Parameters
    ----------
    data : bytes
        A ``.sav`` or ``.zsav`` file.

    Returns
    -------
    SavFile
        With the records up to the one that ends the dictionary.

    Raises
    ------
    struct.error, IndexError, ValueError
        The file does not follow the format.

    Examples
    --------
    A header, and the record of eight bytes that ends the dictionary.

    >>> parse_dictionary(bytes(64) + struct.pack("<i", 2) + bytes(108)
    ...     + struct.pack("<ii", 999, 0)).records
    (Record(kind=999, subtype=0, start=176, end=184),)
    """
    (layout,) = struct.unpack_from("<i", data, LAYOUT_AT)
    file = SavFile(data, "<" if layout in {2, 3} else ">", ())
    return SavFile(data, file.order, tuple(_records(file)))


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
        file = parse_dictionary(data)
        place = file.number(WEIGHT_AT)
        variables = [record for record in file.records if record.kind == VARIABLE]
        return short_name(file, variables[place - 1]) if place > 0 else ""
    except (struct.error, IndexError, ValueError):
        return ""


def declared_records(data: bytes) -> int:
    """Read the number of records from the header.

    Parameters
    ----------
    data : bytes
        A ``.sav`` or ``.zsav`` file.

    Returns
    -------
    int
        -1 where it is not given.

    Examples
    --------
    >>> declared_records(b"$FL2")
    -1
    """
    header = data[: CASES_AT + 4]
    if len(header) < CASES_AT + 4:
        return -1
    order = "<" if struct.unpack_from("<i", header, LAYOUT_AT)[0] in {2, 3} else ">"
    return int(struct.unpack_from(f"{order}i", header, CASES_AT)[0])


def short_name(file: SavFile, record: Record) -> str:
    """Read the short name of a variable.

    Parameters
    ----------
    file : SavFile
        A file.
    record : Record
        Record of a variable.

    Returns
    -------
    str
        In capitals, as files hold it.

    Examples
    --------
    >>> data = bytes(24) + b"SIZE    "
    >>> short_name(SavFile(data, "<", ()), Record(VARIABLE, 0, 0, 32))
    'SIZE'
    """
    name = file.data[record.start + 24 : record.start + 32]
    return name.decode("ascii", "replace").strip()


def read_short_names(file: SavFile, encoding: str) -> dict[str, str]:
    r"""Read the short names of variables, which sets are written with.

    Parameters
    ----------
    file : SavFile
        A file.
    encoding : str
        Encoding of its texts.

    Returns
    -------
    dict of name to short name
        Empty where the file has short names only.

    Examples
    --------
    >>> record = Record(EXTENSION, LONG_NAMES, 0, 30)
    >>> file = SavFile(bytes(16) + b"V1=size\tV2=age", "<", (record,))
    >>> read_short_names(file, "utf-8")
    {'size': 'V1', 'age': 'V2'}
    """
    content = file.extension(LONG_NAMES).decode(encoding, "replace").strip("\0")
    pairs = (pair.partition("=") for pair in content.split("\t"))
    return {long: short for short, _, long in pairs}


def _records(file: SavFile) -> Iterator[Record]:
    """Go through the records of the dictionary, which only lead forward."""
    start, kind = HEADER_LENGTH, 0
    while kind != END:
        kind = file.number(start)
        subtype = file.number(start + 4)
        end = start + _length(file, start, kind)
        if not start < end <= len(file.data):
            raise ValueError(f"the record at byte {start} ends at byte {end}")
        yield Record(kind, subtype, start, end)
        start = end


def _length(file: SavFile, start: int, kind: int) -> int:
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
    if kind not in _SIZES or first < 0:
        raise ValueError(f"there is a record of type {kind} at byte {start}")
    return 8 + first * _SIZES[kind]


def _labels_length(data: bytes, start: int, count: int) -> int:
    """Give the length of value labels: 8 bytes of value, then padded text each."""
    at = start
    for _ in range(count):
        at += 8 + -(-(data[at + 8] + 1) // 8) * 8
    return at - start

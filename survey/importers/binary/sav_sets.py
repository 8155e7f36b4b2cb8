"""What pyreadstat loses of a .sav file: all kinds of sets, and the declared weight.

Read from records of the dictionary; a file that does not follow the format has none.
"""

import codecs
import re
import struct
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass

from survey.importers.binary.sav_dictionary import (
    ENCODING,
    SETS,
    SETS_OF_14,
    SavFile,
    parse_dictionary,
    read_short_names,
    weighted_by,
)
from survey.importers.labels import tidy
from survey.importers.raw import MultipleSet

_SET = re.compile(rb"\s*\$?([^=\s]+)=(C|D|E(?: 11?)?)")
_COUNTED = re.compile(rb" *(\d{1,5}) ")


@dataclass(frozen=True, slots=True)
class SavExtras:
    """Multiple response sets, and the variable that weights the file (or empty)."""

    sets: tuple[MultipleSet, ...]
    weight: str


def read_extras(data: bytes, names: Mapping[str, str], encoding: str) -> SavExtras:
    """Read multiple response sets and the weight from the dictionary.

    Parameters
    ----------
    data : bytes
        A ``.sav`` or ``.zsav`` file.
    names : mapping of str to str
        Names of the variables that were read, by their form in capitals.
    encoding : str
        Encoding of the texts of the file, where the file does not declare it.

    Returns
    -------
    SavExtras
        Empty where the file does not follow the format. A set names only variables
        that were read.

    Examples
    --------
    >>> read_extras(b"$FL2", {}, "utf-8")
    SavExtras(sets=(), weight='')
    """
    try:
        file = parse_dictionary(data)
    except (struct.error, IndexError, ValueError):
        return SavExtras((), "")
    codec = _codec(file, encoding)
    known = {**names, **_long_names(file, names, codec)}
    found: dict[str, MultipleSet] = {}
    for subtype in (SETS, SETS_OF_14):
        content = file.extension(subtype)
        found |= {one.name: one for one in parse_sets(content, known, codec)}
    return SavExtras(tuple(found.values()), known.get(weighted_by(data).upper(), ""))


def parse_sets(
    content: bytes, names: Mapping[str, str], encoding: str
) -> tuple[MultipleSet, ...]:
    r"""Take a record of multiple response sets apart.

    Parameters
    ----------
    content : bytes
        One set per line: name, kind (``C`` categories, ``D`` dichotomies, ``E``
        dichotomies labelled by their counted values), counted value, label, variables.
    names : mapping of str to str
        Names of variables, by their short names in capitals.
    encoding : str
        Encoding of the texts.

    Returns
    -------
    tuple of MultipleSet
        Lines that do not follow the format, and sets without a variable, are left out.

    Examples
    --------
    >>> names = {"A": "q1_a", "B": "q1_b"}
    >>> one, two = parse_sets(b"$m=D1 1 4 Uses a b\n$n=C 0  a b\n", names, "utf-8")
    >>> one
    MultipleSet(name='m', label='Uses', columns=('q1_a', 'q1_b'), counted_value='1')
    >>> two.counted_value is None
    True
    """
    found = []
    at = 0
    while start := _SET.match(content, at):
        counted, label = None, start.end()
        if start[2] != b"C":
            counted, label = _counted(content, start.end())
        text, listed = _counted(content, label)
        at = _end_of_line(content, listed)
        shorts = content[listed:at].decode(encoding, "replace").upper().split()
        if columns := tuple(names[short] for short in shorts if short in names):
            name = start[1].decode(encoding, "replace")
            value = None if counted is None else _text(counted, encoding)
            found.append(MultipleSet(name, _text(text, encoding), columns, value))
    return tuple(found)


def _counted(content: bytes, at: int) -> tuple[bytes, int]:
    """Read a text that its length precedes; give it, and the byte after it."""
    length = _COUNTED.match(content, at)
    if not length:
        return b"", at
    end = length.end() + int(length[1])
    return content[length.end() : end], end


def _end_of_line(content: bytes, at: int) -> int:
    """Find the line feed that ends a set, or the end of all."""
    end = content.find(b"\n", at)
    return len(content) if end < 0 else end


def _text(content: bytes, encoding: str) -> str:
    """Give a text of the file on one line."""
    return tidy(content.decode(encoding, "replace"))


def _codec(file: SavFile, encoding: str) -> str:
    """Find the encoding of texts: as declared, as told, or cp1252."""
    declared = file.extension(ENCODING).decode("ascii", "replace").strip("\0 ")
    for name in (declared, encoding):
        with suppress(LookupError, ValueError):
            return codecs.lookup(name).name
    return "cp1252"


def _long_names(
    file: SavFile, names: Mapping[str, str], encoding: str
) -> dict[str, str]:
    """Map short names in capitals to the names of variables that were read."""
    pairs = read_short_names(file, encoding).items()
    found = {short.upper(): names.get(long.upper(), "") for long, short in pairs}
    return {short: name for short, name in found.items() if name}

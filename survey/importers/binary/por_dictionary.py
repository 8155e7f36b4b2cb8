"""The dictionary of a .por file: user-missing values and the weight.

Written from the description of the portable file format in the PSPP developers'
guide: lines of 80 characters, numbers to the base 30, records that begin with a letter.
"""

import math
import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Final

End = float | str
Range = tuple[End, End]

_SPLASH, _TABLE_END, _LINE = 200, 456, 80
_TAG = "SPSSPORT"
_ZERO_AT = 64
_SIGNS: Final = (
    "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz "
    ".<(+|&[]!$*);^-/|,%_>?`:#@'=\""
)
_BASE = 30
_MOST_DIGITS = 60
_MOST_TEXT = 40_000
_NUMBER = re.compile(r" *(-?)([0-9A-T]*)(?:\.([0-9A-T]*))?(?:([+-])([0-9A-T]+))?/")
_SYSTEM_MISSING = re.compile(r" *\*.")


@dataclass(frozen=True, slots=True)
class PorExtras:
    """User-missing values (low and high) by variable, and the weight of the file."""

    missing: Mapping[str, tuple[Range, ...]] = field(default_factory=dict)
    weight: str = ""


@dataclass(slots=True)
class _Reader:
    """Characters of a file, how far it is read, where missing values are declared."""

    text: str
    at: int = 0
    declared: list[tuple[int, int]] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class _Variable:
    """A variable: its name, whether it holds texts, its user-missing values."""

    name: str
    is_text: bool
    missing: list[Range]


def read_por_extras(data: bytes) -> PorExtras:
    """Read user-missing values and the weight of a portable file.

    Parameters
    ----------
    data : bytes
        A ``.por`` file.

    Returns
    -------
    PorExtras
        Empty where the file does not follow the format.

    Examples
    --------
    >>> read_por_extras(b"ASCII SPSS PORT FILE")
    PorExtras(missing={}, weight='')
    """
    try:
        return _extras(_Reader(_characters(_flowing(data))))
    except (ValueError, IndexError, OverflowError):
        return PorExtras()


def without_missing(data: bytes) -> bytes:
    """Write a portable file without its declarations of user-missing values.

    Parameters
    ----------
    data : bytes
        A ``.por`` file.

    Returns
    -------
    bytes
        The same file, in lines of 80 characters.

    Raises
    ------
    ValueError, IndexError, OverflowError
        The file does not follow the format.

    Notes
    -----
    pyreadstat leaves cells empty that hold a declared value, and does not say so.
    """
    text = _flowing(data)
    reader = _Reader(_characters(text))
    _extras(reader)
    start = _TABLE_END + len(_TAG)
    ends = [(start + first, start + last) for first, last in reader.declared]
    kept = zip(
        [0, *(last for _, last in ends)],
        [*(f for f, _ in ends), len(text)],
        strict=True,
    )
    flowing = "".join(text[first:last] for first, last in kept)
    lines = (flowing[at : at + _LINE] for at in range(0, len(flowing), _LINE))
    return "\r\n".join(lines).encode("latin-1")


def _flowing(data: bytes) -> str:
    """Give the file without ends of lines, one character for each byte."""
    lines = re.split(r"\r\n|\r|\n", data.decode("latin-1").rstrip("\r\n"))
    return "".join(line.ljust(_LINE) for line in lines)


def _characters(text: str) -> str:
    """Give what follows the tables, in ASCII."""
    table = text[_SPLASH:_TABLE_END]
    # A sign that the file does not know is written as zero, which comes first here.
    signs = {ord(table[_ZERO_AT]): "0"}
    for sign, held in zip(_SIGNS, table[_ZERO_AT:], strict=False):
        signs.setdefault(ord(held), sign)
    plain = text[_TABLE_END:].translate(signs)
    if not plain.startswith(_TAG):
        raise ValueError("the file has no tag of a portable file")
    return plain[len(_TAG) :]


def _extras(reader: _Reader) -> PorExtras:
    """Go through the records up to the data."""
    variables: list[_Variable] = []
    weight = ""
    # Version, then day and time of creation.
    reader.at += 1
    _text(reader)
    _text(reader)
    while (record := _next(reader)) != "F":
        if record == "6":
            weight = _text(reader)
        elif record == "7":
            variables.append(_variable(reader))
        elif record in "89AB":
            start = reader.at - 1
            variables[-1].missing.append(_missing(reader, record, variables[-1]))
            reader.declared.append((start, reader.at))
        elif record == "D":
            _skip_labels(reader, {v.name for v in variables if v.is_text})
        else:
            _skip(reader, record)
    found = {v.name: tuple(v.missing) for v in variables if v.missing}
    return PorExtras(found, weight)


def _next(reader: _Reader) -> str:
    """Read one character."""
    sign = reader.text[reader.at]
    reader.at += 1
    return sign


def _number(reader: _Reader) -> float:
    """Read a number to the base 30."""
    found = _NUMBER.match(reader.text, reader.at)
    if not found:
        missing = _SYSTEM_MISSING.match(reader.text, reader.at)
        if not missing:
            raise ValueError(f"there is no number at character {reader.at}")
        reader.at = missing.end()
        return float("nan")
    reader.at = found.end()
    sign, whole, part, direction, power = found.groups(default="")
    digits = whole + part
    if not digits or max(len(digits), len(power)) > _MOST_DIGITS:
        raise ValueError(f"there is no number at character {found.start()}")
    exponent = int(f"{direction}{power}" or "0", _BASE) - len(part)
    if abs(exponent) > _MOST_DIGITS**2:
        raise ValueError(f"the number at character {found.start()} is too large")
    value = _scaled(int(digits, _BASE), exponent)
    return -value if sign else value


def _scaled(digits: int, exponent: int) -> float:
    """Move the point of a number; HIGHEST, rounded up, is more than a float holds."""
    shift = _BASE ** abs(exponent)
    try:
        return float(digits * shift if exponent >= 0 else digits / shift)
    except OverflowError:
        return math.inf


def _whole(reader: _Reader, most: int) -> int:
    """Read a whole number from 0 to a limit."""
    number = _number(reader)
    if not 0 <= number <= most:
        raise ValueError(f"a count of {number} is outside 0 to {most}")
    return int(number)


def _text(reader: _Reader) -> str:
    """Read a text that its length precedes."""
    length = _whole(reader, _MOST_TEXT)
    text = reader.text[reader.at : reader.at + length]
    reader.at += length
    return text


def _variable(reader: _Reader) -> _Variable:
    """Read width and name, and pass over the two formats."""
    width = _whole(reader, _MOST_TEXT)
    name = _text(reader).strip()
    for _ in range(6):
        _number(reader)
    return _Variable(name, width > 0, [])


def _missing(reader: _Reader, record: str, variable: _Variable) -> Range:
    """Read a value, a range, or a range without an end."""
    low = _value(reader, is_text=variable.is_text)
    if record == "8":
        return (low, low)
    if record == "B":
        return (low, _value(reader, is_text=variable.is_text))
    # As pyreadstat gives LOWEST and HIGHEST of a .sav file.
    if record == "9":
        return (-math.inf, low)
    return (low, math.inf)


def _value(reader: _Reader, *, is_text: bool) -> End:
    """Read a value of a variable."""
    return _text(reader).strip() if is_text else _number(reader)


def _skip_labels(reader: _Reader, texts: set[str]) -> None:
    """Pass over the value labels of variables, which pyreadstat knows."""
    names = [_text(reader).strip() for _ in range(_whole(reader, _MOST_TEXT))]
    is_text = bool(texts.intersection(names))
    for _ in range(_whole(reader, _MOST_TEXT)):
        _value(reader, is_text=is_text)
        _text(reader)


def _skip(reader: _Reader, record: str) -> None:
    """Pass over a record of no interest."""
    if record in "123C":
        _text(reader)
    elif record in "45":
        _number(reader)
    elif record == "E":
        for _ in range(_whole(reader, _MOST_TEXT)):
            _text(reader)
    else:
        raise ValueError(f"there is a record {record!r} at character {reader.at}")

"""The data of a Triple-S survey: the field of every variable for every record.

A field is given as it stands, so that a blank beside an answer keeps its place.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from survey.errors import DataFileError
from survey.importers.grid import without_empty_rows
from survey.importers.text import decode, read_text
from survey.importers.triple_s.definition import Definition, Variable

_LINE_END = re.compile(r"\r\n|\n|\r")


@dataclass(frozen=True, slots=True)
class Fields:
    """Fields of all records.

    Attributes
    ----------
    texts : tuple of sequence of str
        For every variable of the definition, its field in each of the n records.
    records : int
        How many there are.
    encoding : str
        Text encoding.
    reasons : tuple of str
        What was recognised, and what was left out.
    """

    texts: tuple[Sequence[str], ...]
    records: int
    encoding: str
    reasons: tuple[str, ...]


def read_fields(data: bytes, definition: Definition, name: str) -> Fields:
    r"""Read the data of a Triple-S survey.

    Parameters
    ----------
    data : bytes
        Content of the data file.
    definition : Definition
        Its variables.
    name : str
        File name, for messages.

    Returns
    -------
    Fields
        One entry for each variable and record.

    Raises
    ------
    DataFileError
        There is no record, or a variable lies beyond the end of all of them.

    Examples
    --------
    >>> use = Variable("use", "single", {}, 3, 3)
    >>> wave = Definition("2.0", "", False, 0, (use,))
    >>> read_fields(b"01Y\n02N\n", wave, "wave.asc").texts
    (['Y', 'N'],)
    """
    reader = _csv if definition.csv else _fixed
    found = reader(data, definition, name)
    if not found.records:
        raise DataFileError(
            f"{name}: the Triple-S data hold no record after the first"
            f" {definition.skip}. Export the responses."
        )
    return found


def _csv(data: bytes, definition: Definition, name: str) -> Fields:
    """Read comma-separated fields."""
    grid = without_empty_rows(read_text(data, name))
    last = max(definition.variables, key=lambda variable: variable.start)
    if grid.cells.shape[1] < last.start:
        raise _another(name, last, f"{grid.cells.shape[1]} fields", "field")
    skip = max(
        definition.skip, int(_is_header(grid.cells.iloc[0].tolist(), definition))
    )
    cells = grid.cells.iloc[skip:].fillna("")
    texts = tuple(cells.iloc[:, v.start - 1].tolist() for v in definition.variables)
    return Fields(texts, len(cells), grid.encoding, (*grid.reasons, *_skipped(skip)))


def _is_header(row: Sequence[object], definition: Definition) -> bool:
    """Tell a row of names, which a definition may forget to skip, from answers."""
    same = [row[v.start - 1] == v.name for v in definition.variables]
    return sum(same) * 2 > len(same)


def _fixed(data: bytes, definition: Definition, name: str) -> Fields:
    """Read fields of fixed columns."""
    text, encoding = decode(data.rstrip(b"\x1a"))
    found = _LINE_END.split(text)[definition.skip :]
    lines = [line for line in found if line.strip()]
    empty = len(found) - len(lines) - (1 if found and not found[-1] else 0)
    reasons = [f"{encoding} text", *_skipped(definition.skip)]
    if empty:
        reasons.append(f"{empty} empty {'line' if empty == 1 else 'lines'} left out")
    in_bytes = encoding.startswith("utf-8") and _counts_bytes(lines)
    if in_bytes:
        reasons.append("positions count bytes")
        lines = [line.encode().decode("latin-1") for line in lines]
    reasons += _check_ends(list(map(len, lines)), definition, name)
    texts = tuple(_cut(lines, v, in_bytes=in_bytes) for v in definition.variables)
    return Fields(texts, len(lines), encoding, tuple(reasons))


def _check_ends(widths: list[int], definition: Definition, name: str) -> list[str]:
    """Refuse records that end before most variables begin; say how many end early."""
    longest = max(widths, default=0)
    beyond = [v for v in definition.variables if v.start > longest]
    if widths and len(beyond) * 2 > len(definition.variables):
        found = f"{longest} columns in the longest record"
        raise _another(name, beyond[-1], found, "column")
    last = max(definition.variables, key=lambda variable: variable.start)
    short = sum(width < last.start for width in widths)
    return [f"{short} records end before variable '{last.name}'"] if short else []


def _counts_bytes(lines: Sequence[str]) -> bool:
    """Tell by records of equal length whether columns are bytes or characters."""
    if all(line.isascii() for line in lines):
        return False
    in_bytes = {len(line.encode()) for line in lines}
    return len(in_bytes) < len({len(line) for line in lines})


def _cut(lines: Sequence[str], variable: Variable, *, in_bytes: bool) -> list[str]:
    """Cut the field of a variable out of every record."""
    texts = [line[variable.start - 1 : variable.finish] for line in lines]
    if not in_bytes:
        return texts
    return [text.encode("latin-1").decode("utf-8", "replace") for text in texts]


def _skipped(count: int) -> tuple[str, ...]:
    """Say how many records were skipped before the first respondent."""
    return (f"{count} header {'record' if count == 1 else 'records'}",) if count else ()


def _another(name: str, last: Variable, found: str, unit: str) -> DataFileError:
    """Say that data and definition do not belong together."""
    return DataFileError(
        f"{name}: the data have {found}, but the definition puts variable"
        f" '{last.name}' into {unit} {last.start}. They belong to different surveys:"
        " name the definition that was exported with these data."
    )

"""Variables of Triple-S as columns of a table.

A multiple becomes a column for every code (bits) or for every mention (spread); all
others keep their one column. What is no code of its variable stays as it was typed.
"""

import datetime as dt
import re
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import repeat
from typing import Final

from survey.errors import DataFileError
from survey.importers.raw import ColumnLabel, MissingRange, number_or_nan
from survey.importers.triple_s.definition import Value, Variable

_YES_NO: Final = (Value("1", {"": "Yes"}), Value("0", {"": "No"}))
_NUMBER = re.compile(r"([+-]?)0*(\d+(?:\.\d*)?)")
_MEASURES: Final = {"quantity": "scale", "single": "nominal", "logical": "nominal"}


@dataclass(frozen=True, slots=True)
class Columns:
    """Columns of one variable.

    Attributes
    ----------
    names, labels : tuple of str, tuple of ColumnLabel
        One for each column.
    texts : tuple of sequence
        Values of the n records, None where there is none.
    counted : str or None
        ``1`` where every column says whether its code was chosen.
    notes : tuple of str
        What the data hold that the definition does not allow.
    """

    names: tuple[str, ...]
    labels: tuple[ColumnLabel, ...]
    texts: tuple[Sequence[str | None], ...]
    counted: str | None = None
    notes: tuple[str, ...] = ()


def choices_of(variable: Variable) -> tuple[Value, ...]:
    """Give the answers of a variable; a logical one has yes and no.

    Parameters
    ----------
    variable : Variable
        Any variable.

    Returns
    -------
    tuple of Value
        In the order of the definition.

    Examples
    --------
    >>> [value.code for value in choices_of(Variable("again", "logical", {}, 1, 1))]
    ['1', '0']
    """
    if variable.kind == "logical":
        return variable.values or _YES_NO
    return variable.choices


def missing_of(variable: Variable) -> tuple[MissingRange, ...]:
    """Give the values of a variable that are declared missing.

    Parameters
    ----------
    variable : Variable
        Any variable.

    Returns
    -------
    tuple of MissingRange
        Numbers where both ends are numbers.

    Examples
    --------
    >>> dont_know = Value("99", {"": "DK"}, missing=True)
    >>> missing_of(Variable("staff", "quantity", {}, 1, 2, (dont_know,)))
    (MissingRange(low=99.0, high=99.0),)
    """
    ends = [(v.code, v.code) for v in variable.values if v.missing]
    ends += [(span.low, span.high) for span in variable.spans if span.missing]
    found = []
    for low, high in ends:
        numbers = number_or_nan(low), number_or_nan(high)
        whole = numbers[0] <= numbers[1]
        found.append(MissingRange(*numbers) if whole else MissingRange(low, high))
    return tuple(found)


def width_of(variable: Variable) -> int:
    """Count the columns that a variable has at least.

    Parameters
    ----------
    variable : Variable
        Any variable.

    Returns
    -------
    int
        1 unless it is a multiple.

    Examples
    --------
    >>> width_of(Variable("use", "multiple", {}, 1, 2, subfields=2))
    2
    """
    if variable.kind != "multiple":
        return 1
    return variable.subfields or len(variable.choices)


def read_columns(variable: Variable, fields: Sequence[str], *, csv: bool) -> Columns:
    """Make the columns of a variable.

    Parameters
    ----------
    variable : Variable
        What the definition says.
    fields : sequence of str
        Its field in each of the n records.
    csv : bool
        Whether zeros at the start of a field may have got lost, as in spreadsheets.

    Returns
    -------
    Columns
        One for each code, mention, or answer.

    Raises
    ------
    DataFileError
        The codes of a multiple have no place in its field.

    Examples
    --------
    >>> codes = (Value("1", {"": "Text"}), Value("3", {"": "Code"}))
    >>> use = Variable("use", "multiple", {"": "Use?"}, 1, 3, codes)
    >>> made = read_columns(use, ["101", "   "], csv=False)
    >>> made.names, made.texts
    (('use_1', 'use_3'), (['1', None], ['1', None]))
    """
    if variable.kind != "multiple":
        return _one(variable, fields)
    if variable.subfields:
        return _mentions(variable, fields, csv=csv)
    return _bits(variable, fields, csv=csv)


def _label(variable: Variable) -> ColumnLabel:
    """Say what is known of a column that holds whole answers."""
    wording = next(iter(variable.wording.values()), "")
    scored = any(value.score for value in variable.values)
    return ColumnLabel(
        "" if variable.use else variable.name,
        wording,
        values={value.code: _text(value) for value in choices_of(variable)},
        measure="ordinal" if scored else _MEASURES.get(variable.kind, ""),
    )


def _text(value: Value) -> str:
    """Give the text of a code in the first language, or the code."""
    return next(iter(value.label.values()), value.code)


def _one(variable: Variable, fields: Sequence[str]) -> Columns:
    """Make the column of a variable that is no multiple."""
    write = _writer(variable)
    made = {field: write(field.strip()) or None for field in set(fields)}
    texts = [made[field] for field in fields]
    notes = _outside(variable, texts)
    return Columns((variable.name,), (_label(variable),), (texts,), notes=notes)


def _writer(variable: Variable) -> Callable[[str], str]:
    """Choose how a field is written."""
    if variable.kind == "quantity":
        return _number
    if variable.kind in {"date", "time"}:
        return _date if variable.kind == "date" else _time
    return _coder(variable) if variable.kind == "single" else str


def _coder(variable: Variable) -> Callable[[str], str]:
    """Write codes as the definition does, also where the data pad them: 01 is 1."""
    known = {value.code for value in variable.choices}
    same = {_number(code): code for code in known}

    def write(field: str) -> str:
        return field if field in known else same.get(_number(field), field)

    return write


def _number(field: str) -> str:
    """Write a number without the zeros that pad it."""
    parts = _NUMBER.fullmatch(f"0{field}" if field.startswith(".") else field)
    return f"{parts[1].replace('+', '')}{parts[2]}" if parts else field


def _date(field: str) -> str:
    """Write YYYYMMDD as ISO 8601."""
    try:
        return dt.datetime.strptime(field, "%Y%m%d").date().isoformat()  # noqa: DTZ007 - a date has no zone
    except ValueError:
        return field


def _time(field: str) -> str:
    """Write HHMMSS as ISO 8601."""
    try:
        return dt.datetime.strptime(field, "%H%M%S").time().isoformat()  # noqa: DTZ007 - a time of day has no zone
    except ValueError:
        return field


def _outside(variable: Variable, texts: Sequence[str | None]) -> tuple[str, ...]:
    """Count values that are outside the ranges of a quantity."""
    if variable.kind != "quantity" or not variable.spans:
        return ()
    spans = [(number_or_nan(s.low), number_or_nan(s.high)) for s in variable.spans]
    codes = {_number(value.code) for value in variable.values}
    counts = Counter(text for text in texts if text and text not in codes)
    beyond = {
        text: count
        for text, count in counts.items()
        if not any(low <= number_or_nan(text) <= high for low, high in spans)
    }
    if not beyond:
        return ()
    ranges = ", ".join(f"{span.low} to {span.high}" for span in variable.spans)
    return (f"{variable.name}: {sum(beyond.values())} values outside {ranges}",)


def _bits(variable: Variable, fields: Sequence[str], *, csv: bool) -> Columns:
    """Make a column for every code: the character at its place says 1 or 0."""
    places = _places(variable)
    top = max(places, default=0)
    if not csv and top > variable.finish - variable.start + 1:
        raise DataFileError(
            f"Triple-S variable '{variable.name}' has code {top}, and its field has"
            f" {variable.finish - variable.start + 1} columns, one for each code."
            " Export the definition again."
        )
    lost = {f for f in set(fields) if csv and f.strip() and len(f.strip()) < top}
    made: dict[str, Sequence[str | None]] = {}
    for field in set(fields):
        text = field.strip().zfill(top) if field in lost else field.ljust(top)
        bits = [text[place - 1].replace(" ", "0") for place in places]
        made[field] = bits if field.strip() else list(repeat(None, len(places)))
    texts = tuple([made[field][k] for field in fields] for k in range(len(places)))
    short = sum(field in lost for field in fields)
    said = f"{variable.name}: zeros put back at the start of {short} values"
    wording = next(iter(variable.wording.values()), "")
    return Columns(
        tuple(f"{variable.name}_{value.code}" for value in variable.choices),
        tuple(
            ColumnLabel(variable.name, wording, _text(value), value.code)
            for value in variable.choices
        ),
        texts,
        "1",
        (said,) if short else (),
    )


def _places(variable: Variable) -> list[int]:
    """Give the place of every code in a string of bits, from 1."""
    codes = [value.code for value in variable.choices]
    wrong = [code for code in codes if not re.fullmatch(r"0*[1-9]\d{0,6}", code)]
    if wrong or not codes:
        what = f"code {wrong[0]!r}" if wrong else "no code"
        raise DataFileError(
            f"Triple-S variable '{variable.name}' is a string of bits and has {what}."
            " Its codes must be whole numbers from 1; export it spread instead."
        )
    return [int(code) for code in codes]


def _mentions(variable: Variable, fields: Sequence[str], *, csv: bool) -> Columns:
    """Make a column for every mention; 0 and blank stand for none."""
    write = _coder(variable)
    width = _mention_width(variable, csv=csv)
    made = {
        field: [
            "" if not piece.strip(" 0") else write(piece.strip())
            for piece in _pieces(field, width, csv=csv)
        ]
        for field in set(fields)
    }
    deepest = max(
        (k for given in made.values() for k, code in enumerate(given, 1) if code),
        default=0,
    )
    count = max(variable.subfields, deepest)
    texts = tuple(
        [made[field][k] or None if k < len(made[field]) else None for field in fields]
        for k in range(count)
    )
    label = _label(variable)
    none = sum(bool(field.strip()) and not any(made[field]) for field in fields)
    said = f"{variable.name}: {none} records name none of the codes"
    return Columns(
        tuple(f"{variable.name}_mention_{k + 1}" for k in range(count)),
        (label,) * count,
        texts,
        notes=(said,) if none else (),
    )


def _mention_width(variable: Variable, *, csv: bool) -> int:
    """Find the width of a mention: as said, an equal part of the field, or a code's."""
    if variable.width:
        return variable.width
    whole = variable.finish - variable.start + 1
    if not csv and whole % variable.subfields == 0:
        return whole // variable.subfields
    return max((len(value.code) for value in variable.choices), default=1)


def _pieces(field: str, width: int, *, csv: bool) -> list[str]:
    """Cut a field into mentions."""
    if csv and len(field) % width and field.strip().isdigit():
        field = field.strip().zfill(-(-len(field.strip()) // width) * width)
    return [field[k : k + width] for k in range(0, len(field), width)]

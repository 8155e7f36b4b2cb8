"""A table as an SPSS file: labels, missing codes, measure, sets and weight.

What the format cannot hold is said in a note, never left out without one.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from survey.drafts import safe_name
from survey.errors import OutputError, some
from survey.importers.binary.sav_dictionary import (
    END,
    EXTENSION,
    SETS,
    VARIABLE,
    WEIGHT_AT,
    SavFile,
    parse_dictionary,
    read_short_names,
    short_name,
)
from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    number_or_nan,
)
from survey.weighted_files.sav_variable import without_clock

# What SPSS takes as a name; the other formats take more.
_NAME = re.compile(r"[A-Za-z](?:[A-Za-z0-9_.]{0,62}[A-Za-z0-9_])?")
_RESERVED = frozenset(
    {"ALL", "AND", "BY", "EQ", "GE", "GT", "LE", "LT", "NE", "NOT", "OR", "TO", "WITH"}
)
_MOST_NAME = 58
_MOST_LABEL = 250
_MOST_VALUE_LABEL, _MOST_VALUE = 120, 120
_MOST_MISSING, _MOST_MISSING_TEXT = 3, 8
# Leading zeros belong to a text, and a float holds 15 digits.
_NUMBER = re.compile(r"-?(?:0|[1-9]\d*)(?:\.\d+)?")
_MOST_DIGITS = 15
_LEAST_WIDTH = 8
_EPOCH = np.datetime64("1582-10-14T00:00:00", "s")
_DATE = re.compile(r"(?:1[6-9]|[2-9]\d)\d\d-[01]\d-[0-3]\d")
_MOMENT = re.compile(_DATE.pattern + r" [0-2]\d:[0-5]\d:[0-5]\d")


@dataclass(frozen=True, slots=True, eq=False)
class _Columns:
    """Columns as the writer takes them: cells, names by old name, formats, notes."""

    frame: pd.DataFrame
    names: Mapping[str, str]
    formats: Mapping[str, str]
    notes: tuple[str, ...] = ()


def write_sav(
    raw: RawTable, path: Path, *, taken: Iterable[str] = ()
) -> tuple[str, ...]:
    """Write a table as a ``.sav`` file.

    Parameters
    ----------
    raw : RawTable
        An export as it was read; it is not changed.
    path : Path
        File to write; its folder is there.
    taken : iterable of str
        Names that no column may get.

    Returns
    -------
    tuple of str
        What the format cannot hold, and which columns got another name.

    Raises
    ------
    OutputError
        The writer refuses the table.

    Notes
    -----
    Columns of which every text is a number become numbers, and those of ISO dates
    become dates. SPSS keeps at most three missing values, or a range and one value.

    Examples
    --------
    >>> import tempfile
    >>> from survey.importers.raw import Source
    >>> frame = pd.DataFrame({"size": [1.0, 2.0]})
    >>> labels = {"size": ColumnLabel("size", "Size", values={"1": "small"})}
    >>> file = Path(tempfile.mkdtemp()) / "wave.sav"
    >>> write_sav(RawTable(frame, labels, {}, (), Source("", "", "")), file)
    ()
    """
    columns = _columns(raw, taken)
    missing = {columns.names[n]: _missing(raw, n, columns) for n in raw.missing}
    try:
        _write(raw, columns, {n: m for n, m in missing.items() if m}, path)
        data = _finished(path.read_bytes(), raw, columns.names)
    except Exception as problem:  # noqa: BLE001 - the C writer raises whatever it likes
        raise OutputError(
            f"{raw.source.name}: cannot be written as .sav ({problem}). Name an output "
            "that ends in .csv or .parquet."
        ) from None
    path.write_bytes(without_clock(data))
    lost = [n for n, found in raw.missing.items() if found]
    lost = [n for n in lost if not missing[columns.names[n]]]
    return (*columns.notes, *_about_missing(lost))


def _write(
    raw: RawTable, columns: _Columns, missing: Mapping[str, list[Any]], path: Path
) -> None:
    """Write everything but sets and weight."""
    import pyreadstat

    values = {name: _values(raw, old, columns) for old, name in columns.names.items()}
    measures = {name: raw.labels[old].measure for old, name in columns.names.items()}
    pyreadstat.write_sav(
        columns.frame,
        str(path),
        column_labels=[_wording(label) for label in raw.labels.values()],
        variable_value_labels={name: found for name, found in values.items() if found},
        missing_ranges=dict(missing),
        variable_measure={name: found for name, found in measures.items() if found},
        variable_format=dict(columns.formats),
        row_compress=True,
    )


def is_spss_name(name: str) -> bool:
    """Tell whether SPSS takes a name of a variable.

    Parameters
    ----------
    name : str
        A name.

    Returns
    -------
    bool
        Letters without accents, digits, ``_`` and ``.``, at most 64.

    Examples
    --------
    >>> is_spss_name("weight"), is_spss_name("ALL"), is_spss_name("2nd")
    (True, False, False)
    """
    return bool(_NAME.fullmatch(name)) and name.upper() not in _RESERVED


def _columns(raw: RawTable, taken: Iterable[str]) -> _Columns:
    """Give numbers, dates as seconds, and texts; with names that SPSS takes."""
    numbers = with_numbers(raw.frame)
    names = dict(
        zip(raw.frame.columns, _spss_names(raw.frame.columns, taken), strict=True)
    )
    cells, formats = {}, {}
    for old, name in names.items():
        column = numbers[old]
        if spelling := _date_format(column):
            cells[name], formats[name] = _as_seconds(column), spelling
        elif column.dtype == "float64":
            cells[name], formats[name] = column, _format(raw.frame[old])
        else:
            # The writer goes through Python objects far faster than through others.
            cells[name] = column.fillna("").astype(object)
    changed = [f"{old} is {new}" for old, new in names.items() if old != new]
    notes = (f"Columns with another name: {some(changed)}.",) if changed else ()
    return _Columns(pd.DataFrame(cells), names, formats, notes)


def _date_format(column: pd.Series) -> str:
    """Give the format of a column of which every text is a date; empty for others."""
    if column.dtype == "float64" or column.dropna().empty:
        return ""
    texts = column.dropna().astype("str")
    if texts.str.fullmatch(_DATE).all():
        return "SDATE10"
    return "DATETIME20" if texts.str.fullmatch(_MOMENT).all() else ""


def _as_seconds(column: pd.Series) -> pd.Series:
    """Give dates as seconds of the calendar of SPSS."""
    known = column.notna().to_numpy()
    moments = column[known].to_numpy(dtype=str).astype("datetime64[s]")
    seconds = np.full(len(column), np.nan)
    seconds[known] = (moments - _EPOCH).astype("float64")
    return pd.Series(seconds, index=column.index)


def _values(raw: RawTable, name: str, columns: _Columns) -> dict[Any, str]:
    """Give value labels; where a text stands for itself, it needs none."""
    given = raw.labels[name].values
    cut = {code: _cut(label, _MOST_VALUE_LABEL) for code, label in given.items()}
    if columns.frame[columns.names[name]].dtype == "float64":
        coded = {number_or_nan(code): label for code, label in cut.items()}
        return {code: label for code, label in coded.items() if not np.isnan(code)}
    if all(code == label for code, label in given.items()):
        return {}
    return {code: text for code, text in cut.items() if len(code) <= _MOST_VALUE}


def _missing(raw: RawTable, name: str, columns: _Columns) -> list[Any]:
    """Give missing values as the format holds them; empty where it cannot."""
    found = raw.missing[name]
    is_text = columns.frame[columns.names[name]].dtype != "float64"
    if not _fits(found, is_text=is_text):
        return []
    if is_text:
        return [str(one.low) for one in found]
    ends = [(number_or_nan(str(m.low)), number_or_nan(str(m.high))) for m in found]
    return [{"lo": low, "hi": high} for low, high in ends]


def _fits(found: Iterable[MissingRange], *, is_text: bool) -> bool:
    """Tell whether SPSS can hold missing values: three, or a range and one."""
    ranges = [one for one in found if one.low != one.high]
    single = [one for one in found if one.low == one.high]
    if is_text:
        short = all(len(str(m.low).encode()) <= _MOST_MISSING_TEXT for m in single)
        return short and not ranges and len(single) <= _MOST_MISSING
    return len(single) <= (_MOST_MISSING if not ranges else 1) and len(ranges) <= 1


def _about_missing(lost: list[str]) -> tuple[str, ...]:
    """Say whose missing values are not declared in the file."""
    if not lost:
        return ()
    return (
        f"SPSS cannot hold the missing codes of {some(lost)}: they are plain codes.",
    )


def _finished(data: bytes, raw: RawTable, names: Mapping[str, str]) -> bytes:
    """Add multiple response sets and the weight to a file."""
    file = parse_dictionary(data)
    short = read_short_names(file, "utf-8")
    lines = b"".join(_set_line(one, names, short) for one in raw.sets)
    record = file.pack(EXTENSION, SETS, 1, len(lines)) + lines if lines else b""
    end = next(r.start for r in file.records if r.kind == END)
    head = bytearray(data[:end])
    if raw.weight:
        place = _element(file, short[names[raw.weight]])
        head[WEIGHT_AT : WEIGHT_AT + 4] = file.pack(place)
    return bytes(head) + record + data[end:]


def _set_line(
    one: MultipleSet, names: Mapping[str, str], short: Mapping[str, str]
) -> bytes:
    """Write one set: ``$name=D1 1 LENGTH LABEL variables``; lengths count bytes."""
    label = one.label.encode()
    kind = b"C"
    if one.counted_value is not None:
        counted = one.counted_value.encode()
        kind = b"D%d %s" % (len(counted), counted)
    variables = " ".join(short[names[column]].lower() for column in one.columns)
    head = f"${one.name}=".encode() + kind
    return head + b" %d %s " % (len(label), label) + variables.encode() + b"\n"


def _element(file: SavFile, short: str) -> int:
    """Give the place of a variable, counted in elements of eight bytes from 1."""
    variables = [record for record in file.records if record.kind == VARIABLE]
    return 1 + [short_name(file, record) for record in variables].index(short)


def _cut(text: str, most: int) -> str:
    """Cut a text after some bytes, between characters."""
    return text.encode()[:most].decode("utf-8", "ignore")


def _spss_names(columns: Iterable[str], taken_names: Iterable[str]) -> list[str]:
    """Give columns names that SPSS takes, unique whatever their case."""
    taken = {name.casefold() for name in taken_names}
    names = []
    for column in columns:
        plain = safe_name(column).replace("-", "_")[:_MOST_NAME].rstrip("._")
        first = plain if _NAME.fullmatch(plain) else f"v_{plain}"
        first = f"{first}_" if first.upper() in _RESERVED else first
        name = first
        number = 2
        while name.casefold() in taken:
            name = f"{first}_{number}"
            number += 1
        taken.add(name.casefold())
        names.append(name)
    return names


def _wording(label: ColumnLabel) -> str:
    """Give the label of a variable: the option first, as the wording may be cut."""
    return _cut(" - ".join(filter(None, (label.option, label.wording))), _MOST_LABEL)


def with_numbers(frame: pd.DataFrame) -> pd.DataFrame:
    """Turn columns of which every text is a number into numbers.

    Parameters
    ----------
    frame : DataFrame
        Columns of text or numbers; it is not changed.

    Returns
    -------
    DataFrame
        Texts with leading zeros or more than 15 digits stay texts.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": ["1", None], "zip": ["01", "2"]}, dtype="str")
    >>> with_numbers(frame).dtypes.astype(str).tolist()[0]
    'float64'
    """
    columns = {name: _number_column(frame[name]) for name in frame.columns}
    return pd.DataFrame(columns, index=frame.index)


def _number_column(column: pd.Series) -> pd.Series:
    """Turn a column into numbers where nothing gets lost."""
    texts = column.dropna()
    if pd.api.types.is_numeric_dtype(column) or texts.empty:
        return column
    digits = int(texts.str.count(r"\d").max())
    if digits > _MOST_DIGITS or not texts.str.fullmatch(_NUMBER).all():
        return column
    return pd.to_numeric(column).astype("float64")


def _format(texts: pd.Series) -> str:
    """Give the format in which SPSS shows all digits of a column of numbers."""
    known = texts.dropna().astype(str)
    decimals = int(known.str.partition(".")[2].str.len().max())
    return f"F{max(_LEAST_WIDTH, int(known.str.len().max()))}.{decimals}"

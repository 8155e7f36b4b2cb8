"""What a column of an export holds, as evidence for the kind of its question."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.importers.labels import comparable
from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    RawTable,
    is_user_missing,
)

YES: Final = frozenset(
    {"1", "y", "yes", "ja", "j", "true", "selected", "checked", "x"}
    | {"gewählt", "ausgewählt", "wahr"}
)
NO: Final = frozenset(
    {"0", "n", "no", "nein", "false", "not selected", "unchecked"}
    | {"nicht gewählt", "nicht ausgewählt", "falsch"}
)
_INTEGER = re.compile(r"-?\d{1,9}")
_NUMBER = re.compile(r"-?\d+(?:[.,]\d+)?(?:[eE][-+]?\d+)?")
_DATE = re.compile(
    r"\d{4}-\d{2}-\d{2}(?:[ T].*)?|\d{1,2}[./]\d{1,2}[./]\d{2,4}(?: .*)?"
    r"|\d{1,2}:\d{2}(?::\d{2}(?:\.\d+)?)?"
)


@dataclass(frozen=True, slots=True)
class Column:
    """One column of an export.

    Attributes
    ----------
    name : str
        Its name.
    label : ColumnLabel
        What the platform says about it.
    counts : mapping of str to int
        Every distinct value, stripped, and how often it stands there; sorted. Texts
        without a label that the file declares as missing are left out.
    filled : bool array (n,)
        Whether a record has any value.
    numeric : bool
        Whether the file stores numbers.
    missing : tuple of MissingRange
        User-missing values.
    """

    name: str
    label: ColumnLabel
    counts: Mapping[str, int]
    filled: NDArray[np.bool_]
    numeric: bool
    missing: tuple[MissingRange, ...] = ()

    @property
    def values(self) -> tuple[str, ...]:
        """Distinct values, sorted."""
        return tuple(self.counts)

    @property
    def answers(self) -> int:
        """How many records have a value."""
        return sum(self.counts.values())


def column_of(raw: RawTable, name: str) -> Column:
    """Collect what a column holds.

    Parameters
    ----------
    raw : RawTable
        The export.
    name : str
        Name of the column.

    Returns
    -------
    Column
        Its distinct values with their counts.

    Examples
    --------
    >>> from survey.importers.raw import Source
    >>> frame = pd.DataFrame({"size": [2.0, 1.0, 2.0]})
    >>> raw = RawTable(frame, {"size": ColumnLabel()}, {}, (), Source("a.sav", "", ""))
    >>> dict(column_of(raw, "size").counts)
    {'1': 1, '2': 2}
    """
    cells = raw.frame[name]
    numeric = bool(pd.api.types.is_numeric_dtype(cells.dtype))
    counts: dict[str, int] = {}
    for value, count in cells.value_counts(sort=False).items():
        text = _number(value) if numeric else str(value).strip(" \t\r\n\u00a0")
        counts[text] = counts.get(text, 0) + int(count)
    missing = raw.missing.get(name, ())
    if not numeric and not raw.labels[name].values:
        counts = {t: n for t, n in counts.items() if not is_user_missing(t, missing)}
    counts.pop("", None)
    return Column(
        name,
        raw.labels[name],
        {text: counts[text] for text in sorted(counts, key=sort_key)},
        cells.notna().to_numpy(),
        numeric,
        missing,
    )


def _number(value: object) -> str:
    """Write a number as a code."""
    number = float(str(value))
    return str(int(number)) if number.is_integer() else repr(number)


def sort_key(text: str) -> tuple[int, float, str, str]:
    """Sort numbers by size before texts by letter.

    Parameters
    ----------
    text : str
        A value or label.

    Returns
    -------
    tuple
        Key for `sorted`.

    Examples
    --------
    >>> sorted(["10", "9", "b", "A"], key=sort_key)
    ['9', '10', 'A', 'b']
    """
    number = as_number(text)
    if number is not None:
        return (0, number, "", text)
    return (1, 0.0, comparable(text), text)


def as_number(text: str) -> float | None:
    """Read a number; a comma may separate the decimals.

    Parameters
    ----------
    text : str
        A value.

    Returns
    -------
    float or None
        None where the text is no number.

    Examples
    --------
    >>> as_number("2,5"), as_number("1 to 5") is None
    (2.5, True)
    """
    return float(text.replace(",", ".")) if _NUMBER.fullmatch(text) else None


def are_integers(values: Sequence[str]) -> bool:
    """Tell whether there are values and all are whole numbers.

    Parameters
    ----------
    values : sequence of str
        Distinct values.

    Returns
    -------
    bool
        False for no values.

    Examples
    --------
    >>> are_integers(["1", "12"]), are_integers(["1", "1.5"])
    (True, False)
    """
    return bool(values) and all(_INTEGER.fullmatch(value) for value in values)


def are_numbers(values: Sequence[str]) -> bool:
    """Tell whether there are values and all are numbers.

    Parameters
    ----------
    values : sequence of str
        Distinct values.

    Returns
    -------
    bool
        False for no values.

    Examples
    --------
    >>> are_numbers(["1.5", "2"]), are_numbers(["1.5", "two"])
    (True, False)
    """
    return bool(values) and all(as_number(value) is not None for value in values)


def are_dates(values: Sequence[str]) -> bool:
    """Tell whether there are values and all are dates or times.

    Parameters
    ----------
    values : sequence of str
        Distinct values.

    Returns
    -------
    bool
        False for no values.

    Examples
    --------
    >>> are_dates(["2024-06-17 22:26:16"]), are_dates(["11-49"])
    (True, False)
    """
    return bool(values) and all(_DATE.fullmatch(value) for value in values)


def is_mark(column: Column) -> bool:
    """Tell whether a column can only say that its option was chosen, or was not.

    Parameters
    ----------
    column : Column
        A column that stands for an option.

    Returns
    -------
    bool
        True for at most one value, or yes and no.

    Examples
    --------
    >>> cells = np.array([True])
    >>> is_mark(Column("a", ColumnLabel(), {"Yes": 3, "No": 4}, cells, numeric=False))
    True
    """
    words = {comparable(value) for value in column.values}
    return len(words) <= 1 or words <= YES | NO

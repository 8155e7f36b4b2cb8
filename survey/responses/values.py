"""Match what an export holds to the codes of a questionnaire.

A value matches a category by code, then by alias, then by label in any language;
case, white space and the shape of apostrophes do not count.
"""

from collections.abc import Iterable, Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.importers.labels import comparable
from survey.importers.raw import MissingRange, is_user_missing, number_or_nan
from survey.questionnaire.columns import NO, YES
from survey.questionnaire.model import Category

BoolArray = NDArray[np.bool_]
# A comma with three digits behind it separates thousands, unless another number of
# the column shows that it is a decimal comma.
_THOUSANDS = r"[+-]?[1-9]\d{0,2}(?:,\d{3})+(?:\.\d+)?"
_DECIMAL_COMMA = r"[+-]?(?:\d{1,3}(?:\.\d{3})+|\d+),\d+"
_GROUPED_POINT = r"[+-]?[1-9]\d{0,2}(?:\.\d{3})+(?:,\d+)?"


@dataclass(frozen=True, slots=True)
class Coded:
    """Answers of one column as positions of categories.

    Attributes
    ----------
    position : int array (n,)
        Index of the category, -1 where there is none.
    unknown : mapping of value to count
        Values that match no category and are not user-missing.
    missing : mapping of value to count
        User-missing values that match no category.
    """

    position: NDArray[np.intp]
    unknown: Mapping[str, int]
    missing: Mapping[str, int]


def as_text(column: pd.Series) -> pd.Series:
    """Give a column as text: numbers in their shortest form, blanks as missing.

    Parameters
    ----------
    column : Series
        Text or float64.

    Returns
    -------
    Series
        Of dtype object: str, or None where there is no answer.
    """
    index, values = pd.factorize(column)
    if pd.api.types.is_numeric_dtype(column):
        given: list[str | None] = [shortest(value) for value in values.tolist()]
    else:
        given = [_strip(value) for value in values.tolist()]
    # Blank cells have the index -1, which is the None at the end.
    distinct = np.array([*given, None], dtype=object)
    return pd.Series(distinct[index], index=column.index, dtype=object)


def shortest(number: float) -> str:
    """Write a number as a code: 1.0 is ``1``.

    Parameters
    ----------
    number : float
        Any finite number.

    Returns
    -------
    str
        Shortest form that reads back as the number.

    Examples
    --------
    >>> shortest(3.0), shortest(2.5)
    ('3', '2.5')
    """
    return str(int(number)) if float(number).is_integer() else repr(float(number))


def match(
    texts: pd.Series,
    categories: Sequence[Category],
    labels: Mapping[str, str],
    missing: Sequence[MissingRange],
) -> Coded:
    """Find the category of every answer of a column.

    Parameters
    ----------
    texts : Series of str or None
        As `as_text` gives it.
    categories : sequence of Category
        Answers of the question.
    labels : mapping of value to label
        Value labels of the file, which help where a value is no code.
    missing : sequence of MissingRange
        User-missing values of the file.

    Returns
    -------
    Coded
        Positions, and what did not match.
    """
    index, values = pd.factorize(texts)
    lookup = _lookup(categories)
    found = np.full(len(values) + 1, -1, dtype=np.intp)
    unknown: dict[str, int] = {}
    lost: dict[str, int] = {}
    counts = np.bincount(index[index >= 0], minlength=len(values))
    for i, value in enumerate(values):
        found[i] = _position(str(value), lookup, labels)
        if found[i] < 0:
            bucket = lost if is_user_missing(str(value), missing) else unknown
            bucket[str(value)] = int(counts[i])
    return Coded(found[index], unknown, lost)


def numbers(texts: pd.Series) -> NDArray[np.float64]:
    """Read numbers with a decimal point or comma, and separators of thousands.

    Parameters
    ----------
    texts : Series of str or None
        As `as_text` gives it.

    Returns
    -------
    float array (n,)
        NaN where a text is missing or no finite number.

    Notes
    -----
    ``1,250`` is 1250, unless the column holds a number such as ``12,5`` or
    ``1.250,00``: then commas are decimal in the whole column, and ``1.250`` is 1250.

    Examples
    --------
    >>> numbers(pd.Series(["1,250", "0.5", None])).tolist()
    [1250.0, 0.5, nan]
    >>> numbers(pd.Series(["1.250", "0,5", "ca. 40"])).tolist()
    [1250.0, 0.5, nan]
    """
    index, values = pd.factorize(texts)
    given = pd.Series(values, dtype="str").str.strip()
    grouped = given.str.fullmatch(_THOUSANDS)
    if (given.str.fullmatch(_DECIMAL_COMMA) & ~grouped).any():
        points = given.str.fullmatch(_GROUPED_POINT)
        plain = given.where(~points, given.str.replace(".", "", regex=False))
        plain = plain.str.replace(",", ".", regex=False)
    else:
        plain = given.where(~grouped, given.str.replace(",", "", regex=False))
    read = pd.to_numeric(plain, errors="coerce").to_numpy(dtype=float, na_value=np.nan)
    found = np.append(np.where(np.isfinite(read), read, np.nan), np.nan)
    return found[index]


def _strip(value: object) -> str | None:
    """Give a text without blanks around it, None when nothing is left."""
    text = "" if value is None else str(value).strip(" \t\r\n\xa0")
    return text or None


def _lookup(categories: Sequence[Category]) -> dict[str, int]:
    """Map everything that stands for a category to its position; codes win."""
    found: dict[str, int] = {}
    for i, category in enumerate(categories):
        found.setdefault(comparable(category.code), i)
    for i, category in enumerate(categories):
        for alias in category.aliases:
            found.setdefault(comparable(alias), i)
    for i, category in enumerate(categories):
        for label in category.label.values():
            found.setdefault(comparable(label), i)
    return found


def _position(value: str, lookup: Mapping[str, int], labels: Mapping[str, str]) -> int:
    """Find one value; numbers match in any notation (``1`` and ``1.0``)."""
    position = lookup.get(comparable(value), -1)
    if position < 0:
        number = number_or_nan(value)
        if np.isfinite(number):
            position = lookup.get(comparable(shortest(number)), -1)
    if position < 0 and value in labels:
        position = lookup.get(comparable(labels[value]), -1)
    return position


def chosen(columns: Sequence[pd.Series], counted_value: str | None) -> list[BoolArray]:
    """Say in which cells of option columns the option was chosen.

    Parameters
    ----------
    columns : sequence of Series of str or None
        One column per option, as `as_text` gives them.
    counted_value : str or None
        What a chosen cell holds; None lets the cells tell: where they hold nothing
        but yes and no words in full rows, or most columns hold both, yes is chosen;
        else any answer is.

    Returns
    -------
    list of bool array (n,)
        One for each column.
    """
    if counted_value is not None:
        wanted = {comparable(counted_value), _shortest_text(counted_value)}
        return [_isin(column, wanted) for column in columns]
    if _is_yes_no(columns):
        return [_isin(column, YES) for column in columns]
    return [column.notna().to_numpy() for column in columns]


def neither(column: pd.Series) -> dict[str, int]:
    """Count the cells of a column of yes and no that are neither.

    Parameters
    ----------
    column : Series of str or None
        One column per option, as `as_text` gives it.

    Returns
    -------
    dict of value to count
        Empty where the column does not hold both yes and no words.

    Examples
    --------
    >>> neither(pd.Series(["0", "1", "99", None]))
    {'99': 1}
    """
    counts = column.value_counts()
    if not _holds_both(set(map(comparable, map(str, counts.index)))):
        return {}
    known = YES | NO
    return {
        str(v): int(n) for v, n in counts.items() if comparable(str(v)) not in known
    }


def yes_no(labels: Mapping[str, str]) -> dict[str, str]:
    """Give the value labels of a column that say yes or no.

    Parameters
    ----------
    labels : mapping of value to label
        Value labels of the file.

    Returns
    -------
    dict of value to label
        Empty unless both a yes and a no are among them.

    Examples
    --------
    >>> yes_no({"1": "Yes", "2": "No", "9": "Refused"})
    {'1': 'Yes', '2': 'No'}
    >>> yes_no({"1": "Yes"})
    {}
    """
    words = {v: t for v, t in labels.items() if comparable(t) in YES | NO}
    return words if _holds_both(set(map(comparable, words.values()))) else {}


def _holds_both(words: AbstractSet[str]) -> bool:
    """Say whether both yes and no words occur."""
    return bool(words & YES) and bool(words & NO)


def _shortest_text(text: str) -> str:
    """Give the shortest form of a number, or the text itself."""
    number = number_or_nan(text)
    return shortest(number) if np.isfinite(number) else text


def _isin(column: pd.Series, words: Iterable[str]) -> BoolArray:
    """Compare cells with words, without case and blanks."""
    wanted = set(words)
    index, values = pd.factorize(column)
    hit = np.array([comparable(str(v)) in wanted for v in values] + [False])
    return np.asarray(hit[index], dtype=bool)


def _is_yes_no(columns: Sequence[pd.Series]) -> bool:
    """Say whether option columns hold yes and no rather than marks."""
    distinct = [set(map(comparable, map(str, c.dropna().unique()))) for c in columns]
    both = sum(map(_holds_both, distinct))
    if both and 2 * both >= sum(map(bool, distinct)):
        return True
    marks = [values for values in distinct if len(values) <= len(("yes", "no"))]
    words = set().union(*marks)
    if not words or not words <= (YES | NO) or not words & NO:
        return False
    if words <= NO - {"0"}:
        return True
    filled = np.column_stack([c.notna().to_numpy() for c in columns])
    return len(columns) > 1 and bool((filled.sum(axis=1) > 1).any())

"""Counts of downloads and likes: whole numbers from 0, or missing.

A count that is no such number is left out and counted in a finding, never guessed; a
count that was rounded for display is read and said to be rounded.
"""

import re
from dataclasses import dataclass
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.finding import Finding
from survey.listing.texts import stated
from survey.said import counted

_ROUNDED: Final = re.compile(r"(\d{1,4}(?:\.\d{1,3})?) ?([kKmMbB])\+?")
_TIMES: Final = {"k": 3, "m": 6, "b": 9}
_THOUSANDS: Final = re.compile(r"\d{1,3}(?:,\d{3})+")
_POINTS: Final = re.compile(r"\d{1,3}(?:\.\d{3})+")
# No model of any hub comes near it: larger numbers are mistakes.
_MOST: Final = 1e13


@dataclass(frozen=True, slots=True, eq=False)
class Counts:
    """A column of counts, missing where there is none, and what was wrong."""

    values: NDArray[np.float64]
    findings: tuple[Finding, ...] = ()


def read_counts(column: pd.Series, name: str) -> Counts:
    """Read a column of counts.

    Parameters
    ----------
    column : Series
        Numbers or texts.
    name : {"downloads", "likes"}
        Which, for findings.

    Returns
    -------
    Counts
        Whole numbers from 0 as float; NaN where there is none.

    Examples
    --------
    >>> column = pd.Series(["7", "1,234", "1.2M", "-1", ""])
    >>> read_counts(column, "likes").values.tolist()
    [7.0, 1234.0, 1200000.0, nan, nan]
    """
    if pd.api.types.is_bool_dtype(column):
        column = column.astype(object)
    values = _numbers(column).copy()
    is_truth = np.zeros(len(values), dtype=bool)
    if column.dtype == object:
        is_truth = column.map(lambda v: isinstance(v, bool)).to_numpy(bool)
    texts = stated(column)
    open_places = np.flatnonzero(np.isnan(values) & texts.notna().to_numpy())
    read = {text: _worded(text) for text in set(texts.iloc[open_places])}
    values[open_places] = [read[text] for text in texts.iloc[open_places]]
    rounded = [t for t in texts.iloc[open_places] if _ROUNDED.fullmatch(t)]
    negative = values < 0
    odd = texts.notna().to_numpy() & ~negative & ~_is_count(values) | is_truth
    odd |= _with_points(texts, odd)
    missing = texts.isna().to_numpy()
    values[negative | odd] = np.nan
    return Counts(
        values,
        (
            *_missing(int(missing.sum()), name),
            *_negative(int(negative.sum()), name),
            *_odd(list(texts[odd]), name),
            *_rounded(rounded, name),
        ),
    )


def _numbers(column: pd.Series) -> NDArray[np.float64]:
    """Read the cells that are numbers."""
    try:
        numbers = pd.to_numeric(column, errors="coerce")
    except OverflowError:
        # JSON has whole numbers without an end.
        numbers = pd.to_numeric(column.astype(str), errors="coerce")
    return np.asarray(numbers.to_numpy("float64", na_value=np.nan))


def _with_points(
    texts: pd.Series, odd: NDArray[np.bool_]
) -> NDArray[np.bool_] | np.bool_:
    """Tell cells such as ``1.000``, where others show points between thousands."""
    if not any(_POINTS.fullmatch(text) for text in set(texts[odd])):
        return np.False_
    return np.array([bool(_POINTS.fullmatch(str(text))) for text in texts])


def _is_count(values: NDArray[np.float64]) -> NDArray[np.bool_]:
    """Tell whole numbers of a sensible size."""
    with np.errstate(invalid="ignore"):
        whole: NDArray[np.bool_] = values == np.floor(values)
        return whole & (values <= _MOST)


def _worded(text: str) -> float:
    """Read a count with marks between thousands, or one rounded for display."""
    if _THOUSANDS.fullmatch(text):
        return float(text.replace(",", ""))
    found = _ROUNDED.fullmatch(text)
    if found is None:
        return float("nan")
    return float(round(float(found[1]) * 10.0 ** _TIMES[found[2].lower()]))


def _missing(count: int, name: str) -> list[Finding]:
    """Say how many models have no count."""
    sentence = counted(
        count,
        "{count} model has no number of {name}. It counts as a model, and in no sum of"
        " {name}.",
        "{count} models have no number of {name}. They count as models, and in no sum"
        " of {name}.",
        name=name,
    )
    found = Finding("warning", "listing_missing_count", name, sentence, count)
    return [found] if count else []


def _negative(count: int, name: str) -> list[Finding]:
    """Say how many counts are below zero."""
    sentence = counted(
        count,
        "{count} number of {name} is below zero, and is treated as missing.",
        "{count} numbers of {name} are below zero, and are treated as missing.",
        name=name,
    )
    found = Finding("error", "listing_negative", name, sentence, count, "left out")
    return [found] if count else []


def _odd(texts: list[str], name: str) -> list[Finding]:
    """Say which cells are no counts."""
    sentence = counted(
        len(texts),
        "{count} cell of {name} is no whole number up to {most}, and is treated as"
        " missing: {examples}.",
        "{count} cells of {name} are no whole numbers up to {most}, and are treated as"
        " missing: {examples}.",
        name=name,
        most=int(_MOST),
        examples=_examples(texts),
    )
    found = Finding("error", "listing_no_count", name, sentence, len(texts), "left out")
    return [found] if texts else []


def _rounded(texts: list[str], name: str) -> list[Finding]:
    """Say which counts were rounded for display."""
    sentence = counted(
        len(texts),
        "{count} number of {name} was rounded for display: {examples}. Shares are as"
        " rough as that.",
        "{count} numbers of {name} were rounded for display: {examples}. Shares are as"
        " rough as that.",
        name=name,
        examples=_examples(texts),
    )
    found = Finding("warning", "listing_rounded", name, sentence, len(texts))
    return [found] if texts else []


def _examples(texts: list[str]) -> tuple[str, ...]:
    """Give the first different texts, in an order that rows do not change."""
    return tuple(text[:40] for text in sorted(set(texts)))

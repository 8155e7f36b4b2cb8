"""Cells that a program wrote in its own way: dates as numbers, NA for no answer."""

import datetime as dt
import re
from typing import Final

import pandas as pd

from survey.importers.system import role_of

_SERIAL = re.compile(r"\d{5}(?:[.,]\d+)?")
# Days that Excel counts from the end of 1899: the years 1990 to 2079.
_FIRST: Final = 32874.0
_LAST: Final = 65745.0
_EPOCH: Final = dt.datetime(1899, 12, 30, tzinfo=dt.UTC)
_NO_ANSWER: Final = "NA"
_LEAST_COLUMNS: Final = 3
_RARELY: Final = 0.02


def serial_dates(frame: pd.DataFrame) -> tuple[pd.DataFrame, tuple[str, ...]]:
    """Turn dates that Excel stored as numbers into dates.

    Parameters
    ----------
    frame : DataFrame
        Records as texts.

    Returns
    -------
    (DataFrame, tuple of str)
        Times of start and end as ISO 8601 to the second, and the names of the columns
        that were changed. Only columns of the platform are touched: in an answer,
        45000 is a number.

    Examples
    --------
    >>> frame = pd.DataFrame({"Start Date": ["44321.5", None]}, dtype=str)
    >>> serial_dates(frame)[0]["Start Date"].iloc[0]
    '2021-05-05 12:00:00'
    """
    changed = {}
    for name in frame.columns:
        if role_of(str(name)) not in {"started", "finished"}:
            continue
        given = frame[name].dropna().astype(str).str.strip()
        if len(given) and all(map(_is_serial, given.unique())):
            changed[str(name)] = given.map(_as_date).reindex(frame.index)
    return (frame.assign(**changed), tuple(changed)) if changed else (frame, ())


def _is_serial(text: str) -> bool:
    """Tell a day of this time in the numbers of Excel."""
    fits = bool(_SERIAL.fullmatch(text))
    return fits and _FIRST <= float(text.replace(",", ".")) <= _LAST


def _as_date(text: str) -> str:
    """Write a number of days as a date, to the nearest second."""
    seconds = round(float(text.replace(",", ".")) * 86400)
    moment = _EPOCH + dt.timedelta(seconds=seconds)
    midnight = moment.time() == dt.time()
    return moment.strftime("%Y-%m-%d" if midnight else "%Y-%m-%d %H:%M:%S")


def without_na(frame: pd.DataFrame) -> tuple[pd.DataFrame, int]:
    """Take a literal NA as no answer, where the file writes no answer so.

    Parameters
    ----------
    frame : DataFrame
        Records as texts.

    Returns
    -------
    (DataFrame, int)
        The frame, and how many cells were NA; 0 where NA may be an answer: blank
        cells stand in the file as well, or few columns hold it, or none of them holds
        numbers.

    Examples
    --------
    >>> held = {"a": ["1", "NA"], "b": ["NA", "Yes"], "c": ["No", "NA"]}
    >>> without_na(pd.DataFrame(held, dtype=str))[1]
    3
    """
    marks = frame == _NO_ANSWER
    counts = marks.sum()
    found = int(counts.sum())
    columns = list(counts[counts > 0].index)
    if len(columns) < _LEAST_COLUMNS or int(frame.isna().sum().sum()) > _RARELY * found:
        return frame, 0
    numeric = any(_is_numeric(frame.loc[~marks[name], name]) for name in columns)
    if not numeric and 2 * len(columns) < frame.shape[1]:
        return frame, 0
    return frame.mask(marks), found


def _is_numeric(cells: pd.Series) -> bool:
    """Tell whether there are cells and all are numbers."""
    given = cells.dropna()
    return bool(len(given)) and bool(
        pd.to_numeric(given, errors="coerce").notna().all()
    )

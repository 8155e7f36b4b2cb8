"""The day of a listing: an argument, a column, or the name of the file, in this order.

Counts of downloads are of the 30 days before it, so listings without a day cannot be
put in an order.
"""

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Final

import pandas as pd

from survey.errors import ListingError
from survey.finding import Finding
from survey.said import Said, said

_ISO: Final = re.compile(r"(?<!\d)(\d{4})-(\d\d)-(\d\d)(?!\d)")
_OTHER: Final = re.compile(r"(\d{1,2})[-./](\d{1,2})[-./](\d{4})")
_LAST_MONTH: Final = 12


@dataclass(frozen=True, slots=True)
class ListingDay:
    """The day of a listing as ``2026-05-07``, empty if unknown, and what was found."""

    date: str
    findings: tuple[Finding, ...] = ()


def checked_date(text: str) -> str:
    """Check a day that a person gave.

    Parameters
    ----------
    text : str
        ``2026-05-07``.

    Returns
    -------
    str
        The same.

    Raises
    ------
    ListingError
        It is no such day.

    Examples
    --------
    >>> checked_date("2026-02-30")
    Traceback (most recent call last):
    ...
    survey.errors.ListingError: '2026-02-30' is no day. Write it as 2026-05-07.
    """
    found = _ISO.fullmatch(text.strip())
    day = _day(*map(int, found.groups())) if found else ""
    if not day:
        raise ListingError(f"{text[:40]!r} is no day. Write it as 2026-05-07.")
    return day


def listing_day(cells: pd.Series | None, name: str) -> ListingDay:
    """Find the day of a listing.

    Parameters
    ----------
    cells : Series or None
        The column that tells the day of every row.
    name : str
        Name of the file.

    Returns
    -------
    ListingDay
        The newest day of the column, else the day in the name of the file.

    Examples
    --------
    >>> listing_day(pd.Series(["24-12-2025", "07-05-2026"]), "x.csv").date
    '2026-05-07'
    >>> listing_day(None, "models-2026-05-07.jsonl").date
    '2026-05-07'
    """
    days = _days(cells) if cells is not None else []
    if not days:
        return _from_name(name)
    findings = []
    if len(days) > 1:
        findings.append(
            _note(
                "listing_days",
                "warning",
                said(
                    "The rows are of {count} days, from {first} to {last}. The newest"
                    " counts as the day of the listing; older rows hold older counts.",
                    count=len(days),
                    first=days[0],
                    last=days[-1],
                ),
                len(days),
            )
        )
    if cells is not None and _is_ambiguous(cells):
        findings.append(
            _note(
                "listing_day_order",
                "warning",
                said(
                    "The day of the listing is written with the year last, and is read"
                    " as day, month, year: {day}. If it is not, give the date.",
                    day=days[-1],
                ),
            )
        )
    return ListingDay(days[-1], tuple(findings))


def row_days(cells: pd.Series) -> "pd.Series[str]":
    """Give the day of every row as ``2026-05-07``.

    Parameters
    ----------
    cells : Series
        The column that tells it.

    Returns
    -------
    Series of object
        Days; empty where there is none.

    Examples
    --------
    >>> row_days(pd.Series(["07-05-2026", None])).tolist()
    ['2026-05-07', '']
    """
    texts = cells.astype(object).where(cells.notna(), "").astype(str)
    month_first = _is_month_first(texts)
    read = {t: _read(t, month_first=month_first) for t in texts.unique()}
    return texts.map(read)


def _days(cells: pd.Series) -> list[str]:
    """List the different days of a column, the oldest first."""
    return sorted(set(row_days(cells)) - {""})


def _read(text: str, *, month_first: bool) -> str:
    """Read one day; empty where it is none."""
    found = _ISO.match(text)
    if found:
        return _day(*map(int, found.groups()))
    found = _OTHER.match(text)
    if not found:
        return ""
    first, second, year = map(int, found.groups())
    return _day(year, first, second) if month_first else _day(year, second, first)


def _pairs(texts: pd.Series) -> Iterator[tuple[int, int]]:
    """Give the first two numbers of all days with the year last."""
    for text in texts.dropna().astype(str).unique():
        found = _OTHER.match(text)
        if found:
            yield int(found[1]), int(found[2])


def _is_month_first(texts: pd.Series) -> bool:
    """Tell months before days: only where no other reading is possible."""
    pairs = list(_pairs(texts))
    seconds = any(second > _LAST_MONTH for _, second in pairs)
    return seconds and not any(first > _LAST_MONTH for first, _ in pairs)


def _is_ambiguous(cells: pd.Series) -> bool:
    """Tell whether days could be months."""
    pairs = list(_pairs(cells))
    return bool(pairs) and not any(max(p) > _LAST_MONTH for p in pairs)


def _day(year: int, month: int, day: int) -> str:
    """Write a day; empty where the calendar has none such."""
    try:
        return dt.date(year, month, day).isoformat()
    except ValueError:
        return ""


def _from_name(name: str) -> ListingDay:
    """Take the day from the name of a file."""
    found = _ISO.search(name)
    day = _day(*map(int, found.groups())) if found else ""
    if not day:
        return ListingDay("")
    sentence = said(
        "The day of the listing, {day}, is from the name of the file.", day=day
    )
    return ListingDay(day, (_note("listing_day_from_name", "note", sentence),))


def _note(check: str, severity: str, sentence: Said, count: int = 0) -> Finding:
    """Make a finding about the day."""
    return Finding(
        "warning" if severity == "warning" else "note",
        check,
        "listed_on",
        sentence,
        count,
    )

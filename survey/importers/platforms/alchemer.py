"""Alchemer (SurveyGizmo) exports: ``option:question`` headers, typed "other" beside.

What stands before the colon is an option, a row or a text box of the question behind
it, where other columns have the same question.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from typing import Final

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import comparable, unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of, squeezed

_MARKS: Final = frozenset({"timestarted", "datesubmitted"})
# What the platform adds; "Country" and the like it reads from the IP address.
_SYSTEM: Final = frozenset(
    {
        "contactid",
        "legacycomments",
        "referer",
        "sessionid",
        "useragent",
        "extendedreferer",
        "longitude",
        "latitude",
        "country",
        "city",
        "stateregion",
        "postal",
        "comments",
        "datatrustscore",
    }
)
_WRITE_IN: Final = ("write in", "other word(s)")


def is_alchemer(grid: Grid) -> bool:
    """Tell whether the columns of Alchemer are among the first headers.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether Time Started, Date Submitted and Status are there.

    Examples
    --------
    >>> import pandas as pd
    >>> row = ["Response ID", "Time Started", "Date Submitted", "Status", "Use?"]
    >>> is_alchemer(Grid(pd.DataFrame([row]), "utf-8"))
    True
    """
    top = header_rows(grid.cells, 1)
    return bool(top) and {*_MARKS, "status"} <= set(map(squeezed, top[0]))


def read_headers(grid: Grid) -> Headed:
    """Take headers such as ``Other - Write In:Which tools?`` apart.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    Headed
        Names as in the file; questions are ``q1``, ``q2`` ... in order.

    Examples
    --------
    >>> import pandas as pd
    >>> row = ["Status", "Cost:Barriers?", "Law:Barriers?", "Other - Write In:Size?",
    ...        "Size?", "Note: why?"]
    >>> headed = read_headers(Grid(pd.DataFrame([row]), "utf-8"))
    >>> [(label.question, label.option) for label in headed.labels]
    [('', ''), ('q1', 'Cost'), ('q1', 'Law'), ('q2', 'Other - Write In'), ('q2', ''), \
('q3', '')]
    """
    (headers,) = header_rows(grid.cells, 1)
    shared = _questions(headers)
    added = _system_columns(headers)
    ids: dict[str, str] = {}
    labels = []
    for place, header in enumerate(headers):
        if place in added:
            labels.append(ColumnLabel("", header if role_of(header) else ""))
            continue
        option, wording = _apart(header, shared)
        id_ = ids.setdefault(comparable(wording) or str(place), f"q{len(ids) + 1}")
        typed = any(mark in comparable(option) for mark in _WRITE_IN)
        labels.append(ColumnLabel(id_, wording, option, "other" if typed else ""))
    return Headed(unique_names(headers), tuple(labels), 1)


def _system_columns(headers: Sequence[str]) -> set[int]:
    """Find the platform's own columns, which stand before the first question."""
    added = {k for k, header in enumerate(headers) if role_of(header)}
    for place, header in enumerate(headers):
        if place not in added and squeezed(header) not in _SYSTEM:
            break
        added.add(place)
    return added


def _questions(headers: Sequence[str]) -> Mapping[str, int]:
    """Count how often a text stands as a whole header, or behind a colon."""
    counts: Counter[str] = Counter()
    for header in headers:
        counts[comparable(header)] += 1
        counts.update({comparable(wording) for _, wording in _splits(header)})
    return counts


def _splits(header: str) -> list[tuple[str, str]]:
    """Cut a header at each of its colons."""
    places = [place for place, sign in enumerate(header) if sign == ":"]
    pairs = [(header[:p].strip(), header[p + 1 :].strip()) for p in places]
    return [(option, wording) for option, wording in pairs if option and wording]


def _apart(header: str, shared: Mapping[str, int]) -> tuple[str, str]:
    """Give option and question; the question must stand in another header as well."""
    for option, wording in _splits(header):
        if shared[comparable(wording)] > 1 and not wording.startswith(":"):
            return option, wording
    return "", header

"""Which platform wrote a grid, and why we think so.

The first rule that holds decides; `plain` is what is left.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Final, Literal

import pandas as pd

from survey.errors import DataFileError
from survey.importers.grid import Grid, header_rows
from survey.importers.layout import Headed
from survey.importers.platforms import (
    alchemer,
    decipher,
    google_forms,
    kobo,
    limesurvey,
    microsoft_forms,
    plain,
    qualtrics,
    surveymonkey,
)

Confidence = Literal["certain", "likely", "guess"]
_SUMMARY_ROWS = 60
_SUMMARY = ({"answered", "skipped"}, {"answer choices", "responses"})


@dataclass(frozen=True, slots=True)
class _Rule:
    """A platform with one header row: how it is known, and how the row is read."""

    layout: str
    holds: Callable[[Grid], bool]
    headers: Callable[[Grid], Headed]
    reason: str
    confidence: Confidence = "certain"


_FLAT: Final = (
    _Rule(
        "limesurvey",
        limesurvey.is_limesurvey,
        limesurvey.read_headers,
        "headers submitdate, lastpage, startlanguage",
    ),
    _Rule(
        "alchemer",
        alchemer.is_alchemer,
        alchemer.read_headers,
        "headers Time Started, Date Submitted, Status",
    ),
    _Rule(
        "microsoft_forms",
        microsoft_forms.is_microsoft_forms,
        microsoft_forms.read_headers,
        "headers ID, Start time, Completion time",
    ),
    _Rule(
        "kobo",
        kobo.is_kobo,
        kobo.read_headers,
        "headers that KoboToolbox or ODK add",
    ),
    _Rule(
        "decipher",
        decipher.is_decipher,
        decipher.read_headers,
        "headers record, uuid, markers, status",
    ),
    _Rule(
        "google_forms",
        google_forms.is_google_forms,
        plain.read_headers,
        "dates below Timestamp come first",
        "likely",
    ),
)
LAYOUTS: Final = (
    "surveymonkey",
    "qualtrics",
    *(rule.layout for rule in _FLAT),
    "plain",
)


@dataclass(frozen=True, slots=True)
class Detected:
    """A layout, the reason for it, and how sure it is.

    ``certain``: headers that only this platform writes. ``likely``: the rows look like
    it. ``guess``: nothing speaks for another one.
    """

    layout: str
    reason: str
    confidence: Confidence

    @property
    def sentence(self) -> str:
        """Layout, confidence and reason in words."""
        return f"{self.layout} ({self.confidence}): {self.reason}"


def detect(grid: Grid, layout: str | None = None) -> Detected:
    """Say which platform wrote a grid.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows and columns.
    layout : str, optional
        One of `LAYOUTS`, which is taken as it is.

    Returns
    -------
    Detected
        Name of the layout, and the reason in words.

    Examples
    --------
    >>> import pandas as pd
    >>> found = detect(Grid(pd.DataFrame([["size", "region"], ["1", "EU"]]), "utf-8"))
    >>> found.layout, found.reason, found.confidence
    ('plain', 'one header row', 'guess')
    """
    if layout:
        return Detected(layout, "as asked", "certain")
    top = _top(grid)
    for rule in _FLAT:
        if rule.holds(top):
            return Detected(rule.layout, rule.reason, rule.confidence)
    if rows := qualtrics.header_count(top):
        return Detected("qualtrics", f"headers of Qualtrics in {rows} rows", "certain")
    if rows := surveymonkey.header_count(grid):
        return Detected(
            "surveymonkey",
            f"{rows} header rows: {surveymonkey.ROWS[rows]}",
            "certain" if surveymonkey.has_marks(top) else "likely",
        )
    return Detected("plain", "one header row", "guess")


def _top(grid: Grid) -> Grid:
    """Give the first rows in one piece: every rule looks at them."""
    cells = grid.cells.iloc[:_SUMMARY_ROWS].to_numpy(dtype=object)
    return replace(grid, cells=pd.DataFrame(cells, dtype=object))


def read_headers(grid: Grid, layout: str, name: str) -> Headed:
    """Read the header rows of a grid in the way of its platform.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows and columns.
    layout : str
        One of `LAYOUTS`.
    name : str
        File name, for messages.

    Returns
    -------
    Headed
        Names and labels of the columns.

    Raises
    ------
    DataFileError
        The layout is unknown, or the rows do not follow it.

    Examples
    --------
    >>> import pandas as pd
    >>> grid = Grid(pd.DataFrame([["size"], ["1"]]), "utf-8")
    >>> read_headers(grid, "plain", "wave.csv").names
    ('size',)
    """
    if layout == "surveymonkey":
        return surveymonkey.read_headers(grid, 0, name)
    if layout == "qualtrics":
        return qualtrics.read_headers(grid, qualtrics.header_count(grid))
    for rule in _FLAT:
        if rule.layout == layout:
            return rule.headers(grid)
    if layout == "plain":
        return plain.read_headers(grid)
    raise DataFileError(
        f"{name}: there is no layout '{layout}'. Choose one of {', '.join(LAYOUTS)}."
    )


def refuse_summary(grid: Grid, name: str) -> None:
    """Refuse a summary export, which holds percentages and no respondents.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.
    name : str
        File name, for the message.

    Raises
    ------
    DataFileError
        The cells ``Answered`` and ``Skipped`` stand among the first rows.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["Q1. Size", None], ["Answered", "9"], ["Skipped", "0"]])
    >>> refuse_summary(Grid(cells, "utf-8"), "wave.csv")
    Traceback (most recent call last):
    ...
    survey.errors.DataFileError: wave.csv: this is a SurveyMonkey summary export ...
    """
    rows = header_rows(grid.cells, _SUMMARY_ROWS)
    found = {cell.lower() for row in rows for cell in row if cell}
    if any(marks <= found for marks in _SUMMARY):
        raise DataFileError(
            f"{name}: this is a SurveyMonkey summary export (percentages per question,"
            " no respondents). In SurveyMonkey choose Save as, Export file,"
            " All individual responses (or All responses data)."
        )

"""Which platform wrote a grid, and why we think so.

The first rule that holds decides; `plain` is what is left.
"""

from dataclasses import dataclass
from typing import Final

from survey.errors import DataFileError
from survey.importers.grid import Grid, header_rows
from survey.importers.layout import Headed
from survey.importers.platforms import limesurvey, plain, qualtrics, surveymonkey

LAYOUTS: Final = ("surveymonkey", "limesurvey", "qualtrics", "plain")
_SUMMARY_ROWS = 60
_SUMMARY = ({"answered", "skipped"}, {"answer choices", "responses"})


@dataclass(frozen=True, slots=True)
class Detected:
    """A layout, and the reason for it."""

    layout: str
    reason: str


def detect(grid: Grid) -> Detected:
    """Say which platform wrote a grid.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows and columns.

    Returns
    -------
    Detected
        Name of the layout, and the reason in words.

    Examples
    --------
    >>> import pandas as pd
    >>> detect(Grid(pd.DataFrame([["size", "region"], ["1", "EU"]]), "utf-8"))
    Detected(layout='plain', reason='one header row')
    """
    if limesurvey.is_limesurvey(grid):
        return Detected("limesurvey", "headers submitdate, lastpage, startlanguage")
    if rows := qualtrics.header_count(grid):
        return Detected("qualtrics", f"headers of Qualtrics in {rows} rows")
    if rows := surveymonkey.header_count(grid):
        kinds = "ids, wording, options" if rows == 3 else "wording, options"  # noqa: PLR2004
        return Detected("surveymonkey", f"{rows} header rows: {kinds}")
    return Detected("plain", "one header row")


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
    if layout == "limesurvey":
        return limesurvey.read_headers(grid)
    if layout == "qualtrics":
        return qualtrics.read_headers(grid, qualtrics.header_count(grid))
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

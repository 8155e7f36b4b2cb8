"""Microsoft Forms exports: ID, times, e-mail and name, then one column per question.

Several answers stand in one cell, each with a semicolon behind it. Points and feedback
of a quiz are no questions.
"""

from dataclasses import replace
from typing import Final

from survey.importers.grid import Grid, header_rows
from survey.importers.layout import Headed
from survey.importers.platforms import plain
from survey.importers.raw import ColumnLabel
from survey.importers.system import squeezed

_MARKS: Final = (
    frozenset({"starttime", "completiontime"}),
    frozenset({"startzeit", "fertigstellungszeit"}),
    frozenset({"heurededébut", "heuredefin"}),
    frozenset({"horadeinicio", "horadefinalización"}),
)
_FIRST: Final = 5
_QUIZ: Final = ("Points - ", "Feedback - ", "Punkte - ", "Feedback \u2013 ")
_QUIZ_TOTALS: Final = {"totalpoints", "quizfeedback", "gradepostedtime"}


def is_microsoft_forms(grid: Grid) -> bool:
    """Tell whether the first headers are those of Microsoft Forms.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether ID comes first, and times of start and completion soon after.

    Examples
    --------
    >>> import pandas as pd
    >>> row = ["ID", "Start time", "Completion time", "Email", "Name", "Do you use AI?"]
    >>> is_microsoft_forms(Grid(pd.DataFrame([row]), ""))
    True
    """
    top = header_rows(grid.cells, 1)
    if not top or squeezed(top[0][0]) != "id":
        return False
    first = set(map(squeezed, top[0][:_FIRST]))
    return any(marks <= first for marks in _MARKS)


def read_headers(grid: Grid) -> Headed:
    """Read the header row; columns of a quiz are left to the platform.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    Headed
        Names as in the file.

    Examples
    --------
    >>> import pandas as pd
    >>> row = ["ID", "Total points", "Use?", "Points - Use?"]
    >>> headed = read_headers(Grid(pd.DataFrame([row]), ""))
    >>> [label.question for label in headed.labels]
    ['', '', 'q3', '']
    """
    headed = plain.read_headers(grid)
    quiz = any(squeezed(name) in _QUIZ_TOTALS for name in headed.names)
    if not quiz:
        return headed
    pairs = zip(headed.names, headed.labels, strict=True)
    labels = tuple(ColumnLabel() if _is_quiz(name) else label for name, label in pairs)
    return replace(headed, labels=labels)


def _is_quiz(name: str) -> bool:
    """Tell what the platform adds for a quiz."""
    return name.startswith(_QUIZ) or squeezed(name) in _QUIZ_TOTALS

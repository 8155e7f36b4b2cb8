"""LimeSurvey exports with question codes (``barriers[SQ001]``), texts, or both.

Headers are codes, ``code. text``, or texts alone; what follows in brackets is the
option or row. A comment beside an answer is a question of its own.
"""

import re
from typing import Final

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.platforms import plain
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of, squeezed

_MARKS = {"submitdate", "lastpage", "startlanguage", "seed", "datestamp"}
_TEXTS = {
    "datesubmitted",
    "lastpage",
    "startlanguage",
    "datumabgeschickt",
    "letzteseite",
    "startsprache",
}
_LEAST_MARKS = 2
_CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\[([^\[\]]+)\](?:\[([^\[\]]+)\])?")
_CODED = re.compile(
    r"([A-Za-z][A-Za-z0-9_]*(?:\[[^\[\]]+\]){0,2})\s?\.\s(\S.*)", re.DOTALL
)
_TAIL = re.compile(r"(.*?)\s*((?:\[[^\[\]]*\])+)", re.DOTALL)
_COMMENT: Final = "comment"


def is_limesurvey(grid: Grid) -> bool:
    """Tell whether the first row holds LimeSurvey's own columns.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether two of ``submitdate, lastpage, startlanguage, seed, datestamp`` are
        among the headers, or two of their texts in English or German.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["id", "submitdate", "lastpage", "use"]])
    >>> is_limesurvey(Grid(cells, "utf-8"))
    True
    """
    top = header_rows(grid.cells, 1)
    if not top:
        return False
    codes = {_parted(cell)[0].lower() for cell in top[0]}
    texts = {squeezed(cell) for cell in top[0]}
    return max(len(_MARKS & codes), len(_TEXTS & texts)) >= _LEAST_MARKS


def read_headers(grid: Grid) -> Headed:
    """Read question and option codes from the names of the columns.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    Headed
        Codes where the headers hold them, else the headers.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["id", "submitdate", "lastpage", "why[3]", "why[other]"]])
    >>> [label.option_code for label in read_headers(Grid(cells, "utf-8")).labels]
    ['', '', '', '3', 'other']
    """
    (headers,) = header_rows(grid.cells, 1)
    parts = [_parted(header) for header in headers]
    codes = [code for code, _ in parts]
    if len(_MARKS & {code.lower() for code in codes}) < _LEAST_MARKS:
        return plain.read_headers(grid)
    labels = tuple(_label(code, text) for code, text in parts)
    return Headed(unique_names(codes), labels, 1)


def _parted(header: str) -> tuple[str, str]:
    """Take ``code. text`` apart; the text is empty where the header is a code."""
    found = _CODED.fullmatch(header)
    return (found[1], found[2]) if found else (header, "")


def _label(code: str, text: str) -> ColumnLabel:
    """Take a name such as ``barriers[3]`` apart."""
    if role_of(code):
        return ColumnLabel("", text or code)
    parts = _CODE.fullmatch(code)
    if not parts:
        return ColumnLabel(code, text or code)
    question, first, second = parts[1], parts[2], parts[3]
    tail = _TAIL.fullmatch(text)
    wording = (tail[1] if tail else "") or (text if tail else "") or question
    texts = tail[2].strip("[]").replace("][", " - ") if tail else text
    if first.endswith(_COMMENT):
        return _comment(question, first, wording, texts)
    if second:
        return ColumnLabel(f"{question}_{second}", wording, texts or first, first)
    return ColumnLabel(question, wording, texts or first, first)


def _comment(question: str, code: str, wording: str, text: str) -> ColumnLabel:
    """Make a comment beside an answer a question of its own."""
    beside = code.removesuffix(_COMMENT)
    if not beside:
        return ColumnLabel(f"{question}_{_COMMENT}", wording)
    return ColumnLabel(f"{question}_{_COMMENT}", wording, text or beside, beside)

"""LimeSurvey exports with question codes: ``barriers[SQ001]``, ``region[other]``."""

import re

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of

_MARKS = {"submitdate", "lastpage", "startlanguage", "seed", "datestamp"}
_LEAST_MARKS = 2
_CODE = re.compile(r"([A-Za-z][A-Za-z0-9_]*)\[([^\[\]]+)\](?:\[([^\[\]]+)\])?")


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
        among the headers.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["id", "submitdate", "lastpage", "use"]])
    >>> is_limesurvey(Grid(cells, "utf-8"))
    True
    """
    top = header_rows(grid.cells, 1)
    return bool(top) and len(_MARKS & {cell.lower() for cell in top[0]}) >= _LEAST_MARKS


def read_headers(grid: Grid) -> Headed:
    """Read question and option codes from the names of the columns.

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
    >>> cells = pd.DataFrame([["id", "submitdate", "lastpage", "why[3]", "why[other]"]])
    >>> [label.option_code for label in read_headers(Grid(cells, "utf-8")).labels]
    ['', '', '', '3', 'other']
    """
    (headers,) = header_rows(grid.cells, 1)
    return Headed(unique_names(headers), tuple(map(_label, headers)), 1)


def _label(header: str) -> ColumnLabel:
    """Take a name such as ``barriers[3]`` apart."""
    parts = _CODE.fullmatch(header)
    if parts and parts[3]:
        code = f"{parts[2]}_{parts[3]}"
        return ColumnLabel(parts[1], parts[1], code, option_code=code)
    if parts:
        return ColumnLabel(parts[1], parts[1], parts[2], option_code=parts[2])
    return ColumnLabel("" if role_of(header) else header, header)

"""Numbers of listings as cells: rounded for paper, whole for a spreadsheet.

Every cell has its recipe; what is not defined has no number.
"""

import numpy as np

from survey.report.document import TableCell
from survey.report.landscape_parts import Landscape


def share_cell(land: Landscape, share: float, recipe: str) -> TableCell:
    """Write a share as a cell.

    Parameters
    ----------
    land : Landscape
        The listings.
    share : float
        0 to 1; NaN leaves the cell empty.
    recipe : str
        How the number is made.

    Returns
    -------
    TableCell
        Rounded text, and the number as it is.
    """
    if not np.isfinite(share):
        return TableCell("")
    return TableCell(land.percent(share), share, "percent", recipe=recipe)


def count_cell(land: Landscape, number: float, recipe: str) -> TableCell:
    """Write a count as a cell.

    Parameters
    ----------
    land : Landscape
        The listings.
    number : float
        NaN leaves the cell empty.
    recipe : str
        How the number is made.

    Returns
    -------
    TableCell
        Rounded text, and the number as it is.
    """
    if not np.isfinite(number):
        return TableCell("")
    return TableCell(land.count(number), float(number), "count", recipe=recipe)


def decimal_cell(
    land: Landscape, number: float, recipe: str, digits: int = 2
) -> TableCell:
    """Write a number that is no share as a cell.

    Parameters
    ----------
    land : Landscape
        The listings.
    number : float
        NaN is told in words.
    recipe : str
        How the number is made.
    digits : int, default 2
        After the decimal mark.

    Returns
    -------
    TableCell
        Rounded text, and the number as it is.
    """
    if not np.isfinite(number):
        return TableCell(land.say("land_undefined"))
    text = land.decimal(number, digits)
    return TableCell(text, float(number), "decimal", recipe=recipe)

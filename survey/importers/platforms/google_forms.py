"""Google Forms exports: a timestamp first, then one column per question or grid row.

Several answers stand in one cell, joined with a comma and a blank; what was typed for
"other" stands among them.
"""

import re
from typing import Final

from survey.importers.grid import Grid, header_rows
from survey.importers.system import squeezed

_TIMESTAMP: Final = frozenset(
    {
        "timestamp",
        "zeitstempel",
        "horodateur",
        "marcatemporal",
        "marcadetiempo",
        "informazionicronologiche",
        "carimbodedatahora",
        "tijdstempel",
        "タイムスタンプ",
    }
)
_DATE = re.compile(r"\d{1,4}[-/.]\d{1,2}[-/.]\d{1,4}\D+\d{1,2}[:.]\d{2}.*")
_SAMPLE: Final = 50


def is_google_forms(grid: Grid) -> bool:
    """Tell whether the first column is the timestamp of Google Forms.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether its header is "Timestamp" in one of several languages, and dates with
        times stand below.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["Timestamp", "Do you use AI?"], ["9/18/2025 18:00:16", "Yes"]]
    >>> is_google_forms(Grid(pd.DataFrame(rows), "utf-8"))
    True
    """
    top = header_rows(grid.cells, 1)
    if not top or squeezed(top[0][0]) not in _TIMESTAMP:
        return False
    below = grid.cells.iloc[1 : _SAMPLE + 1, 0].dropna().astype(str)
    return bool(len(below)) and all(_DATE.fullmatch(cell.strip()) for cell in below)

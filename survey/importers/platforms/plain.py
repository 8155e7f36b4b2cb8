"""Plain tables: one header row, one column per answer."""

import re

from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel
from survey.importers.system import role_of

_ROW = re.compile(r"(\S.*?)\s*\[([^\[\]]+)\]")
_NAME = re.compile(r"[A-Za-z][A-Za-z0-9_.]{0,31}")


def read_headers(grid: Grid) -> Headed:
    """Read the header row of a plain table.

    A header in brackets after a text that another column has too, as Google Forms
    writes the rows of a grid, is an item of that question.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    Headed
        Names as in the file; short names are question ids, texts get ``q1, q2 ...``.

    Examples
    --------
    >>> import pandas as pd
    >>> cells = pd.DataFrame([["size", "Use of AI [coding]", "Use of AI [legal]"]])
    >>> [(x.question, x.option) for x in read_headers(Grid(cells, "utf-8")).labels]
    [('size', ''), ('q2', 'coding'), ('q2', 'legal')]
    """
    (headers,) = header_rows(grid.cells, 1)
    names = unique_names(headers)
    parts = [_ROW.fullmatch(header) for header in headers]
    stems = [part[1] if part else "" for part in parts]
    ids: dict[str, str] = {}
    labels = []
    for place, (name, part, stem) in enumerate(zip(names, parts, stems, strict=True)):
        wording = stem if part and stems.count(stem) > 1 else headers[place]
        option = part[2] if part and wording == stem else ""
        id_ = ids.setdefault(wording or name, _id(name if not option else "", place))
        labels.append(ColumnLabel("" if role_of(name) else id_, wording, option))
    return Headed(names, tuple(labels), 1)


def _id(name: str, place: int) -> str:
    """Give the id of a question: its short name, or its place."""
    return name if _NAME.fullmatch(name) else f"q{place + 1}"

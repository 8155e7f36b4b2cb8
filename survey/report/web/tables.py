"""Tables as the page shows them, and what its script needs of them.

A hidden cell gives the script its mark and no number.
"""

import re
from collections.abc import Iterator, Sequence
from itertools import groupby, zip_longest
from math import isfinite
from typing import Any, Final

from survey.report.document import TableBlock, TableCell, TableRow
from survey.report.pdf import marked
from survey.report.style import clean

_DEEPEST: Final = 3
_ESTIMATES: Final = ("percent", "points", "decimal")
_WORD: Final = re.compile(r"[^\W\d_]{4}")


def table(block: TableBlock, key: str, heading: str) -> dict[str, Any]:
    """Turn a table into what its template reads.

    Parameters
    ----------
    block : TableBlock
        A table.
    key : str
        Its id on the page.
    heading : str
        What stands above; a title that repeats it is left out.

    Returns
    -------
    dict
        Title, heads, rows and notes, as texts that are not escaped.
    """
    title = clean(block.title)
    texts = _texts(block)
    return {
        "key": key,
        "title": "" if title == heading else title,
        "name": title or heading or block.name,
        "long": not block.paper,
        "switches": _switches(block),
        "stub_head": clean(block.stub_head),
        "groups": list(_groups(block)),
        "columns": [
            {
                "label": clean(column.label),
                "letter": clean(column.letter),
                "is_text": number in texts,
            }
            for number, column in enumerate(block.columns)
        ],
        "rows": [_row(row, texts) for row in block.rows],
        "notes": [clean(note) for note in block.notes],
    }


def numbers(block: TableBlock, tests: Sequence[str] = ()) -> dict[str, Any]:
    """Give what the script needs to sort, to switch and to explain a table.

    Parameters
    ----------
    block : TableBlock
        A table.
    tests : sequence of str
        How the notes begin that tell of tests.

    Returns
    -------
    dict
        ``values`` (None where there is no number or it is hidden) and ``plain``
        texts by row and column, ``groups`` by column, ``recipes`` and the number of
        the recipe of each row (-1 for none), ``tests``: notes on them. ``plain`` is
        empty where no cell has one.
    """
    found = [_recipe(row) for row in block.rows]
    begin = tuple(tests)
    recipes = list(dict.fromkeys(filter(None, found)))
    return {
        "stub": clean(block.stub_head),
        "values": [[_value(cell) for cell in row.cells] for row in block.rows],
        "plain": [_plain(row) for row in block.rows] if _switches(block) else [],
        "groups": [clean(column.group) for column in block.columns],
        "tests": [note for note in map(clean, block.notes) if note.startswith(begin)],
        "recipes": recipes,
        "recipe": [recipes.index(text) if text else -1 for text in found],
    }


def _switches(block: TableBlock) -> bool:
    """Say whether a table can be shown without weights: bases alone are none."""
    return any(
        cell.plain and cell.number_format in _ESTIMATES
        for row in block.rows
        for cell in row.cells
    )


def differs(block: TableBlock) -> bool:
    """Say whether weights make a difference in a table.

    Parameters
    ----------
    block : TableBlock
        A table.

    Returns
    -------
    bool
        True where a cell has another text without weights.
    """
    cells = (cell for row in block.rows for cell in row.cells)
    return any(cell.plain not in ("", cell.text) for cell in cells)


def _groups(block: TableBlock) -> Iterator[dict[str, Any]]:
    """Give the banner questions with the number of their columns."""
    if any(column.group for column in block.columns):
        for group, run in groupby(block.columns, key=lambda column: column.group):
            yield {"label": clean(group), "span": len(list(run))}


def _texts(block: TableBlock) -> frozenset[int]:
    """Find the columns of words: no number, and a word that is no ``to`` or ``n/a``."""
    lines = [row.cells for row in block.rows if row.cells]
    columns = zip_longest(*lines, fillvalue=TableCell(""))
    return frozenset(
        number
        for number, cells in enumerate(columns)
        if all(cell.value is None and not cell.plain for cell in cells)
        and any(_WORD.search(cell.text) for cell in cells if not cell.flag)
    )


def _row(row: TableRow, texts: frozenset[int]) -> dict[str, Any]:
    """Turn a row into data; a cell is its text, its letters and its look."""
    return {
        "label": clean(row.label),
        "role": row.role,
        "depth": min(row.depth, _DEEPEST),
        "cells": [
            (marked(cell), clean(cell.letters), _look(cell, is_text=n in texts))
            for n, cell in enumerate(row.cells)
        ],
    }


def _look(cell: TableCell, *, is_text: bool) -> str:
    """Name the look of a cell: hidden, on a small base, or words."""
    return cell.flag or ("text" if is_text else "")


def _value(cell: TableCell) -> float | None:
    """Give the number that a cell is sorted by."""
    if cell.value is None or cell.flag == "hidden" or not isfinite(cell.value):
        return None
    return cell.value


def _plain(row: TableRow) -> list[str]:
    """Give the texts of a row without weights; hidden cells keep their mark."""
    return [_without_weights(cell) for cell in row.cells]


def _without_weights(cell: TableCell) -> str:
    """Give the text of a cell without weights, with the mark of its base."""
    if cell.flag == "hidden":
        return marked(cell)
    return marked(TableCell(cell.plain, flag=cell.flag)) if cell.plain else ""


def _recipe(row: TableRow) -> str:
    """Give how the numbers of a row were made."""
    return next((clean(cell.recipe) for cell in row.cells if cell.recipe), "")

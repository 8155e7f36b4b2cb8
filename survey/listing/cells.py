"""Cells that hold a list or a mapping: as such, as JSON text, or as Python text.

Text is parsed and never run.
"""

import ast
import json
from collections.abc import Mapping
from typing import Any, Final

_LONGEST: Final = 20_000
_WORDS: Final = {": True": ": true", ": False": ": false", ": None": ": null"}
# What programs write for a value that is not there.
NOTHING: Final = frozenset({"", "nan", "none", "null", "<na>", "nat"})


def parsed(cell: object) -> Any:
    """Read a cell that may hold a list or a mapping.

    Parameters
    ----------
    cell : object
        A value of a file.

    Returns
    -------
    object
        The list or mapping; the cell itself where it is neither.

    Examples
    --------
    >>> parsed("{'type': 'org', 'isHf': False}"), parsed('["mit"]'), parsed("mit")
    ({'type': 'org', 'isHf': False}, ['mit'], 'mit')
    """
    if not isinstance(cell, str) or len(cell) > _LONGEST or cell[:1] not in "{[":
        return cell
    for read in (_as_json, json.loads, ast.literal_eval):
        try:
            return read(cell)
        except (ValueError, SyntaxError, MemoryError, RecursionError, TypeError):
            continue
    return cell


def _as_json(cell: str) -> Any:
    """Read Python text as JSON, ten times faster, where the quotes allow it."""
    if '"' in cell or "\\" in cell:
        raise ValueError(cell[:1])
    for python, word in _WORDS.items():
        cell = cell.replace(python, word)
    return json.loads(cell.replace("'", '"'))


def member(cell: object, key: str) -> Any:
    """Give one value of a cell that holds a mapping.

    Parameters
    ----------
    cell : object
        A mapping, or a text that holds one.
    key : str
        Which value.

    Returns
    -------
    object
        The value; None where the cell is no mapping or lacks it.

    Examples
    --------
    >>> member("{'type': 'org'}", "type"), member("org", "type")
    ('org', None)
    """
    found = parsed(cell)
    return found.get(key) if isinstance(found, Mapping) else None


def joined(cell: object) -> object:
    """Write a cell that may hold a list as text, its entries separated by ``;``.

    Parameters
    ----------
    cell : object
        A list, a text, or nothing.

    Returns
    -------
    object
        The joined entries; anything but a list as it is.

    Examples
    --------
    >>> joined(["mit", "apache-2.0"]), joined("mit")
    ('mit;apache-2.0', 'mit')
    """
    if not isinstance(cell, list | tuple):
        return cell
    try:
        return ";".join(cell) or None
    except TypeError:
        return ";".join(str(one) for one in cell if one is not None) or None

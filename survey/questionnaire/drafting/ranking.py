"""Recognise rankings, and draft them as grids.

A ranking is a grid: its items are what was ranked and its categories the ranks, so
that a table shows who put what first. Where the export has a column per rank instead,
the items are the ranks and the categories what was put there.
"""

import re
from collections.abc import Mapping, Sequence
from typing import Any, Final

from survey.questionnaire.columns import Column, are_integers
from survey.questionnaire.model import Category, Item

_WORDS: Final = re.compile(
    r"\brank(s|ed|ing)?\b|order of (importance|preference|priority)|drag and drop"
    r"|\b(rang\w*|reihenfolge|ordnen sie)\b",
    re.IGNORECASE,
)
_LEAST: Final = 3


def is_ranking(columns: Sequence[Column], wording: str) -> bool:
    """Tell whether columns of items hold ranks.

    Parameters
    ----------
    columns : sequence of Column
        One column per item.
    wording : str
        The question as it was put.

    Returns
    -------
    bool
        True where no value is beyond the number of items and every rank was given
        equally often; where lower ranks were given less often, the wording has to
        say that items are ranked.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> one = np.ones(3, bool)
    >>> held = [Column(name, ColumnLabel(option=name), {str(k): 1 for k in (1, 2, 3)},
    ...     one, numeric=False) for name in "abc"]
    >>> is_ranking(held, "What matters?")
    True
    """
    counts: dict[str, int] = {}
    for column in columns:
        for value, count in column.counts.items():
            counts[value] = counts.get(value, 0) + count
    ranks = [str(rank) for rank in range(1, len(columns) + 1)]
    if len(columns) < _LEAST or not are_integers(tuple(counts)):
        return False
    if set(counts) - set(ranks) or "1" not in counts:
        return False
    given = [counts.get(rank, 0) for rank in ranks]
    if len(set(given)) == 1:
        return True
    return given == sorted(given, reverse=True) and bool(_WORDS.search(wording))


def ranks_by_item(
    labels: Mapping[str, Mapping[str, str]], columns: Mapping[str, str], ranks: int
) -> dict[str, Any]:
    """Draft a ranking with a column per item.

    Parameters
    ----------
    labels : mapping of code to label
        What was ranked.
    columns : mapping of code to str
        The column of each.
    ranks : int
        How many ranks there are.

    Returns
    -------
    dict
        Fields of a `Question` of kind grid, with the ranks as an ordered scale.

    Examples
    --------
    >>> fields = ranks_by_item({"a": {"": "Cost"}}, {"a": "q1_a"}, 2)
    >>> [c.label[""] for c in fields["categories"]]
    ['Rank 1', 'Rank 2']
    """
    return {
        "kind": "grid",
        "categories": tuple(
            Category(code=str(rank), label={"": f"Rank {rank}"})
            for rank in range(1, ranks + 1)
        ),
        "items": tuple(
            Item(code=code, label=dict(label), column=columns[code])
            for code, label in labels.items()
        ),
        "ordered": True,
    }

"""Recognise rankings, and draft them as grids.

A ranking is a grid: its items are what was ranked and its categories the ranks, so
that a table shows who put what first, whichever way the export holds it.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

from survey.questionnaire.columns import Column, are_integers, sort_key
from survey.questionnaire.model import Category, Item

RANKED: Final = re.compile(
    r"\brank(s|ed|ing)?\b|order of (importance|preference|priority)|drag and drop"
    r"|\b(rang\w*|reihenfolge|ordnen sie)\b",
    re.IGNORECASE,
)
# How platforms name the column of a rank: "Rank 2", "[Rang 2]", "_2nd_choice".
_RANK: Final = re.compile(
    r"\W*(?:rank(?:ing)?|rang(?:folge)?|platz)\W*(\d{1,3})\W*"
    r"|\W*_?(\d{1,3})(?:st|nd|rd|th)[_ ](?:choice|rank)\W*",
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
    return given == sorted(given, reverse=True) and bool(RANKED.search(wording))


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
    items = (
        Item(code=code, label=dict(label), column=columns[code])
        for code, label in labels.items()
    )
    return _grid(items, _ranks(ranks))


def ranks_by_column(
    labels: Mapping[str, Mapping[str, str]], columns: Mapping[str, str]
) -> dict[str, Any]:
    """Draft a ranking with a column per rank, whose cells say what was put there.

    Parameters
    ----------
    labels : mapping of code to label
        What was ranked.
    columns : mapping of rank to str
        The column of each rank, the first rank first.

    Returns
    -------
    dict
        Fields of a `Question` of kind grid. All items name the same columns.

    Examples
    --------
    >>> labels = {"a": {"": "Cost"}, "b": {"": "Law"}}
    >>> fields = ranks_by_column(labels, {"1": "q[1]", "2": "q[2]"})
    >>> fields["items"][1].columns
    {'1': 'q[1]', '2': 'q[2]'}
    """
    items = (
        Item(code=code, label=dict(label), columns=dict(columns))
        for code, label in labels.items()
    )
    return _grid(items, columns)


def ranks_in_cell(
    labels: Mapping[str, Mapping[str, str]], delimiter: str, ranks: int
) -> dict[str, Any]:
    """Draft a ranking that stands in one cell, the first rank first.

    Parameters
    ----------
    labels : mapping of code to label
        What was ranked.
    delimiter : str
        What separates the ranks.
    ranks : int
        How many ranks there are.

    Returns
    -------
    dict
        Fields of a `Question` of kind grid, without its column.

    Examples
    --------
    >>> ranks_in_cell({"1": {"": "Cost"}, "2": {"": "Law"}}, ";", 2)["delimiter"]
    ';'
    """
    items = (Item(code=code, label=dict(label)) for code, label in labels.items())
    return _grid(items, _ranks(ranks)) | {"delimiter": delimiter}


def rank_columns(columns: Sequence[Column]) -> dict[str, str]:
    """Find the rank that each column stands for by what the platform calls it.

    Parameters
    ----------
    columns : sequence of Column
        Columns of one question.

    Returns
    -------
    dict of rank to str
        The column of each rank, in their order; empty unless every column is one and
        the ranks run from 1.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = [Column(f"q[{n}]", ColumnLabel("q", option=f"Rank {n}"), {},
    ...     np.zeros(1, bool), numeric=False) for n in (1, 2)]
    >>> rank_columns(held)
    {'1': 'q[1]', '2': 'q[2]'}
    """
    named = [(_RANK.fullmatch(c.label.option), c.name) for c in columns]
    found = {int(m[1] or m[2]): name for m, name in named if m}
    if len(found) < len(columns) or set(found) != set(range(1, len(columns) + 1)):
        return {}
    return {str(rank): found[rank] for rank in sorted(found)}


def draft_ranks(columns: Sequence[Column], ranks: Mapping[str, str]) -> dict[str, Any]:
    """Draft a ranking with a column per rank from what its cells hold.

    Parameters
    ----------
    columns : sequence of Column
        Columns of the question.
    ranks : mapping of rank to str
        From `rank_columns`.

    Returns
    -------
    dict
        Fields of a `Question`; an empty kind where all cells are blank.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> held = [Column(f"q[{n}]", ColumnLabel("q"), {"Law": 1, "Cost": 1},
    ...     np.ones(2, bool), numeric=False) for n in (1, 2)]
    >>> fields = draft_ranks(held, {"1": "q[1]", "2": "q[2]"})
    >>> [(item.code, item.label[""]) for item in fields["items"]]
    [('1', 'Cost'), ('2', 'Law')]
    """
    told = {k: text for column in columns for k, text in column.label.values.items()}
    values = dict.fromkeys(value for column in columns for value in column.values)
    if told:
        labels = {code: told.get(code) or code for code in {**told, **values}}
    else:
        labels = {str(n): v for n, v in enumerate(sorted(values, key=sort_key), 1)}
    if not labels:
        return {"kind": ""}
    return ranks_by_column({code: {"": v} for code, v in labels.items()}, ranks)


def _ranks(count: int) -> list[str]:
    """List the codes of ranks."""
    return [str(rank) for rank in range(1, count + 1)]


def _grid(items: Iterable[Item], ranks: Iterable[str]) -> dict[str, Any]:
    """Give the fields of a ranking, with the ranks as an ordered scale."""
    return {
        "kind": "grid",
        "categories": tuple(
            Category(code=rank, label={"": f"Rank {rank}"}) for rank in ranks
        ),
        "items": tuple(items),
        "ordered": True,
    }

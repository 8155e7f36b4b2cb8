"""Recognise rankings that stand in one cell, such as ``Cost;Law;Time``.

Respondents choose in any number and see options in one order; a ranking names the same
number each time, and in many orders. Everybody choosing everything in the order of the
form is no ranking.
"""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any, Final, Literal

from survey.importers.joined import DELIMITERS, Splitter, mark_of
from survey.importers.joined_options import find_joined
from survey.importers.labels import comparable
from survey.questionnaire.columns import Column, sort_key
from survey.questionnaire.drafting.ranking import RANKED, ranks_in_cell
from survey.questionnaire.wording import answer_hint

_LEAST_OPTIONS: Final = 3
_LEAST_CELLS: Final = 5
_LEAST_ORDERS: Final = 3
_LEAST_TOGETHER: Final = 4
_LEAST_RANKS: Final = 2
_MOST_CELLS: Final = 3000

Why = Literal["said", "all", "same number"]


@dataclass(frozen=True, slots=True)
class Ranked:
    """A ranking in one cell, and what tells that it is one.

    Attributes
    ----------
    options : tuple of str
        What was ranked.
    delimiter : str
        What separates the ranks.
    ranks : int
        The most that one record gave.
    complete : bool
        Whether every record ranked every option.
    why : {"said", "all", "same number"}
        The question says so; every cell holds all options, in several orders; every
        cell holds the same number of them, and pairs stand in both orders.
    orders : int
        Different cells.
    """

    options: tuple[str, ...]
    delimiter: str
    ranks: int
    complete: bool
    why: Why
    orders: int


def find_ranked(column: Column, known: Sequence[str] = ()) -> Ranked | None:
    """Find a ranking in the cells of a column.

    Parameters
    ----------
    column : Column
        What the export holds.
    known : sequence of str
        Options that value labels or a definition tell.

    Returns
    -------
    Ranked or None
        None where a cell holds one answer, or several in no order.

    Notes
    -----
    A question that says so is a ranking where its cells hold several options and begin
    with different ones. Without its word, five records and three orders are needed,
    and every cell must hold all of at least three options. Where cells hold the same
    number of more options, all pairs that stand together in four cells must occur in
    both orders, and the question must not ask for several answers: that is likely,
    not sure.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Cost;Law;Time;": 2, "Law;Cost;Time;": 2, "Time;Law;Cost;": 1}
    >>> filled = np.ones(5, bool)
    >>> column = Column("q5", ColumnLabel("q5"), counts, filled, numeric=False)
    >>> found = find_ranked(column)
    >>> found.options, found.ranks, found.why
    (('Cost', 'Law', 'Time'), 3, 'all')
    """
    said = bool(RANKED.search(f"{column.label.wording} {column.name}"))
    if column.numeric or not _may_rank(column.counts, said=said):
        return None
    joined = find_joined(column.counts, known, several=True)
    if joined is None or joined.typed or joined.ambiguous:
        return None
    cells = _cells(column.counts, joined.delimiter, joined.options)
    options = tuple(sorted(joined.options, key=sort_key))
    if not cells or len(options) < (_LEAST_RANKS if said else _LEAST_OPTIONS):
        return None
    why = "said" if said and _begin_differently(cells) else _reason(cells, column)
    if why is None:
        return None
    sizes = {len(cell) for cell in cells}
    complete = sizes == {len(options)}
    return Ranked(options, joined.delimiter, max(sizes), complete, why, len(cells))


def draft_ranked(column: Column) -> dict[str, Any] | None:
    """Draft a ranking that stands in one cell.

    Parameters
    ----------
    column : Column
        Texts, or codes with value labels.

    Returns
    -------
    dict or None
        Fields of a `Question` of kind grid; None where the column is no ranking.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Cost;Law;Time;": 2, "Law;Cost;Time;": 2, "Time;Law;Cost;": 1}
    >>> filled = np.ones(5, bool)
    >>> column = Column("q5", ColumnLabel("q5"), counts, filled, numeric=False)
    >>> fields = draft_ranked(column)
    >>> [item.label[""] for item in fields["items"]], len(fields["categories"])
    (['Cost', 'Law', 'Time'], 3)
    """
    values = column.label.values
    found = find_ranked(column, [*values, *values.values()])
    if found is None:
        return None
    labels = _labels(found.options, values)
    base = {} if found.complete else {"base": "asked"}
    return ranks_in_cell(labels, found.delimiter, found.ranks) | base


def ranked_line(column: Column) -> str:
    """Say why a column is read as a ranking.

    Parameters
    ----------
    column : Column
        What the export holds.

    Returns
    -------
    str
        The rule that was met, with its numbers and how sure it is; empty where the
        column is no ranking.

    Examples
    --------
    >>> import numpy as np
    >>> from survey.importers.raw import ColumnLabel
    >>> counts = {"Cost;Law;Time;": 2, "Law;Cost;Time;": 2, "Time;Law;Cost;": 1}
    >>> filled = np.ones(5, bool)
    >>> column = Column("q5", ColumnLabel("q5"), counts, filled, numeric=False)
    >>> ranked_line(column)
    'a ranking: all 5 cells hold all 3 options, in 3 orders (sure)'
    """
    values = column.label.values
    found = find_ranked(column, [*values, *values.values()])
    if found is None:
        return ""
    if found.why == "said":
        return "a ranking: the question says so (sure)"
    if found.why == "all":
        return (
            f"a ranking: all {column.answers} cells hold all {found.ranks} options,"
            f" in {found.orders} orders (sure)"
        )
    return (
        f"a ranking: all {column.answers} cells hold {found.ranks} of"
        f" {len(found.options)} options, in both orders of every frequent pair (likely)"
    )


def _may_rank(counts: Mapping[str, int], *, said: bool) -> bool:
    """Tell quickly that cells hold no ranking: one of them holds one answer."""
    marks = {mark_of(delimiter) for delimiter in DELIMITERS}
    if said:
        return any(mark in text for mark in marks for text in counts)
    return any(all(mark in text for text in counts) for mark in marks) and bool(counts)


def _cells(
    counts: Mapping[str, int], delimiter: str, options: Sequence[str]
) -> dict[tuple[str, ...], int]:
    """Take the most frequent cells apart; none where a cell names an option twice."""
    splitter = Splitter.of(delimiter, options)
    cells: Counter[tuple[str, ...]] = Counter()
    for text, count in Counter(counts).most_common(_MOST_CELLS):
        cell = tuple(map(comparable, splitter.parts(text).known))
        if not cell or len(set(cell)) < len(cell):
            return {}
        cells[cell] += count
    return dict(cells)


def _begin_differently(cells: Mapping[tuple[str, ...], int]) -> bool:
    """Tell whether orders differ, and not only which options were named."""
    rising = {frozenset(cell): cell for cell in cells}
    return len(rising) < len(cells) or not _have_one_order(cells)


def _have_one_order(cells: Mapping[tuple[str, ...], int]) -> bool:
    """Tell whether every two options always stand in the same order."""
    pairs = {pair for cell in cells for pair in combinations(cell, 2)}
    return not any((second, first) in pairs for first, second in pairs)


def _reason(cells: Mapping[tuple[str, ...], int], column: Column) -> Why | None:
    """Tell a ranking by its cells alone; None where they could be several answers."""
    sizes = {len(cell) for cell in cells}
    options = {option for cell in cells for option in cell}
    if sum(cells.values()) < _LEAST_CELLS or len(cells) < _LEAST_ORDERS:
        return None
    if len(sizes) > 1 or sizes == {1}:
        return None
    if sizes == {len(options)}:
        return "all"
    asked = answer_hint(f"{column.label.wording} {column.name}")
    return "same number" if asked != "many" and _both_orders(cells) else None


def _both_orders(cells: Mapping[tuple[str, ...], int]) -> bool:
    """Tell whether all pairs that often stand together do so in both orders."""
    pairs: Counter[tuple[str, str]] = Counter()
    for cell, count in cells.items():
        for pair in combinations(cell, 2):
            pairs[pair] += count
    often = [(a, b) for a, b in pairs if pairs[a, b] + pairs[b, a] >= _LEAST_TOGETHER]
    return bool(often) and all(pairs[b, a] for a, b in often)


def _labels(
    options: Sequence[str], values: Mapping[str, str]
) -> dict[str, dict[str, str]]:
    """Give every option a code: that of the file, else its place."""
    codes = {comparable(text): code for code, text in values.items()}
    codes |= {comparable(code): code for code in values}
    if values:
        own = [codes.get(comparable(option), option) for option in options]
        return {code: {"": values.get(code) or code} for code in dict.fromkeys(own)}
    return {str(number): {"": option} for number, option in enumerate(options, 1)}

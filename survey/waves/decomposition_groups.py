"""Segments of two waves side by side, the small ones taken together.

What a table hides is in no segment of its own, and no remainder tells it.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.responses.variable import Variable
from survey.wave.result import WaveResult
from survey.waves.contract import Consequence, QuestionContract, WaveContract

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, eq=False)
class Segments:
    """Segments of the respondents of two waves.

    Attributes
    ----------
    codes : tuple of str
        Categories in the newer wave, G of them; the last one is empty: who is in none.
    labels : tuple of str
        What tables call them.
    newer, older : int array (n,)
        Segment of every respondent, 0 to G - 1.
    earlier_name : str
        Question in the older wave.
    earlier : tuple of tuple of str
        Labels that the tables of the older wave have for each of them.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    newer: Ints
    older: Ints
    earlier_name: str
    earlier: tuple[tuple[str, ...], ...]


def segments_of(
    newer: WaveResult, older: WaveResult, contract: WaveContract, name: str
) -> Segments | Consequence:
    """Put the categories of a question of two waves side by side.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves.
    contract : WaveContract
        What can be compared.
    name : str
        Question with one answer, in the newer wave.

    Returns
    -------
    Segments or Consequence
        Why there are none, where the contract does not let a category be compared.

    Raises
    ------
    EstimationError
        The question is not in the newer wave, or has several answers or numbers.
    """
    variable = _variable(newer, name)
    pact = contract.questions.get(name)
    before = None if pact is None else older.question(pact.earlier)
    if pact is None or before is None or before.variables[0].position is None:
        return Consequence("not_comparable", "new")
    partner = before.variables[0]
    known = {code: _earlier(pact, code) for code in variable.codes}
    refused = [pact.consequence("share", code) for code in _used(variable)]
    lost = [each for each in refused if each.verdict != "comparable"]
    taken = {code for codes in known.values() for code in codes}
    if lost or not set(_used(partner)) <= taken:
        return lost[0] if lost else Consequence("not_comparable", "options_removed")
    order = list(variable.codes)
    group = {old: order.index(new) for new, codes in known.items() for old in codes}
    none = len(order)
    of_older = np.array([*(group.get(c, none) for c in partner.codes), none])
    of_newer = np.array([*range(none), none])
    labels = {row.code: row.label for row in partner.rows}
    return Segments(
        (*order, ""),
        (*_labels(variable), ""),
        of_newer[variable.position].astype(np.intp),
        of_older[partner.position].astype(np.intp),
        pact.earlier,
        (*(tuple(labels.get(c, "") for c in known[code]) for code in order), ()),
    )


def _variable(newer: WaveResult, name: str) -> Variable:
    """Find the question of the segments."""
    found = newer.question(name)
    if found is None or found.variables[0].position is None or len(found.variables) > 1:
        raise EstimationError(
            f"{name!r} cannot be the segments of a change: it is no question of wave "
            f"{newer.wave.id!r} with one answer. Name one, such as a banner question."
        )
    return found.variables[0]


def _earlier(pact: QuestionContract, code: str) -> tuple[str, ...]:
    """Name the codes of the older wave that a code stands for."""
    return pact.codes.get(code, ()) if pact.codes else (code,)


def _used(variable: Variable) -> list[str]:
    """List the codes that somebody gave."""
    assert variable.position is not None, "segments have one answer"
    places = np.unique(variable.position[variable.position >= 0])
    return [variable.codes[place] for place in places.tolist()]


def _labels(variable: Variable) -> list[str]:
    """Give the labels of the codes."""
    labels = {row.code: row.label for row in variable.rows}
    return [labels.get(code, code) for code in variable.codes]


def pooled(counts: Ints, hidden: Bools, min_base: int) -> Ints:
    """Take small segments together.

    Parameters
    ----------
    counts : int array (2, G)
        Respondents of every segment in both waves.
    hidden : bool array (G,)
        Segments that a table hides.
    min_base : int
        Respondents that a segment has at least in both waves.

    Returns
    -------
    int array (G,)
        Number of the segment that each one becomes; -1 for those that nobody is in.
        Those that were taken together come last. The next smallest are added until
        they are enough.

    Examples
    --------
    >>> counts = np.array([[50, 10, 40, 0], [60, 30, 45, 0]])
    >>> pooled(counts, np.zeros(4, bool), 30).tolist()
    [0, 1, 1, -1]
    """
    there = counts.sum(axis=0) > 0
    least = counts.min(axis=0)
    pool = there & ((least < min_base) | hidden)
    while pool.any() and (there & ~pool).any():
        if counts[:, pool].sum(axis=1).min() >= min_base:
            break
        pool[np.flatnonzero(there & ~pool)[np.argmin(least[there & ~pool])]] = True
    number = np.full(there.size, -1, dtype=np.intp)
    alone = there & ~pool
    number[alone] = np.arange(int(alone.sum()))
    number[pool] = int(alone.sum())
    return number


def together(codes: Sequence[str], number: Ints) -> tuple[tuple[str, ...], ...]:
    """List what belongs to every segment.

    Parameters
    ----------
    codes : sequence of str
        Codes, or labels, of G categories.
    number : int array (G,)
        From `pooled`.

    Returns
    -------
    tuple of tuple of str
        For each of the new segments.

    Examples
    --------
    >>> together(["1", "2", "3"], np.array([0, 1, 1]))
    (('1',), ('2', '3'))
    """
    return tuple(
        tuple(code for code, n in zip(codes, number.tolist(), strict=True) if n == new)
        for new in range(int(number.max(initial=-1)) + 1)
    )

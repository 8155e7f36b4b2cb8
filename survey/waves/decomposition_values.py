"""A change between two waves, taken apart, as values.

Whoever reads this computes nothing: the parts add up to the whole exactly.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Final, TypeAlias

import pandas as pd

from survey.said import Said
from survey.waves.contract import Consequence
from survey.waves.decomposition_terms import Term

PartName: TypeAlias = Term
COLUMNS: Final = (
    *("newer", "older", "question", "code", "statistic", "banner", "segment", "part"),
    *("estimate", "std_error", "conf_low", "conf_high", "note"),
)


@dataclass(frozen=True, slots=True)
class Part:
    """One part of a change, in the unit of the statistic (shares: 0.05 is 5 points).

    Attributes
    ----------
    name : {"total", "within", "composition", "targets", "base"}
        What it is.
    estimate, std_error, conf_low, conf_high : float
        Its size, and how sure that is.
    """

    name: PartName
    estimate: float
    std_error: float
    conf_low: float
    conf_high: float


@dataclass(frozen=True, slots=True)
class Segment:
    """What one segment has to do with a change, on the common base.

    Attributes
    ----------
    codes, labels : tuple of str
        Categories in the newer wave; several that are small were taken together. An
        empty one is who is in none.
    share_before, share_after : float
        Its share of the respondents, 0 to 1; after: under the
        targets of the older wave.
    before, after : float
        The statistic inside it.
    base_before, base_after : int
        Respondents.
    within, composition : Part
        Its part of the change inside segments, and of that of the composition.
    """

    codes: tuple[str, ...]
    labels: tuple[str, ...]
    share_before: float
    share_after: float
    before: float
    after: float
    base_before: int
    base_after: int
    within: Part
    composition: Part


@dataclass(frozen=True, slots=True)
class Decomposition:
    """A change between two waves, taken apart.

    Attributes
    ----------
    question, code, statistic : str
        As in ``results.csv`` of the newer wave.
    banner : str
        Question of the segments.
    newer, older : str
        Ids of the waves.
    before, after : float
        Both estimates, each on its own base; NaN where nothing is told.
    total : Part
        After less before.
    parts : tuple of Part
        ``within``, ``composition``, ``targets`` and ``base``, with the sum `total`.
        ``targets`` is missing where the study does not make the weights, and where
        `problem` says why they could not be made with the former targets; it is then
        within the first two.
    segments : tuple of Segment
        Parts of ``within`` and ``composition``.
    consequence : Consequence
        Why the row, or the segments, may be compared, or not.
    note : str
        ``hidden: ...`` where a base is too small; empty otherwise.
    problem : Said or None
        Why there are no weights with the former targets.
    """

    question: str
    code: str
    statistic: str
    banner: str
    newer: str
    older: str
    before: float
    after: float
    total: Part
    parts: tuple[Part, ...]
    segments: tuple[Segment, ...]
    consequence: Consequence
    note: str = ""
    problem: Said | None = None

    @property
    def hidden(self) -> bool:
        """Whether there is nothing to show."""
        return not self.parts


def decomposition_rows(found: Sequence[Decomposition]) -> pd.DataFrame:
    """Give decompositions as a table.

    Parameters
    ----------
    found : sequence of Decomposition
        Changes that were taken apart.

    Returns
    -------
    DataFrame
        Columns `COLUMNS`, a row for the total, every part, and the parts of every
        segment, whose codes stand in ``segment``, joined by ``+``. A change of which
        nothing is told has a row for the total, and ``note`` says why.

    Examples
    --------
    >>> list(decomposition_rows(()).columns)[-6:-4]
    ['part', 'estimate']
    """
    rows = [row for each in found for row in _rows(each)]
    return pd.DataFrame(rows, columns=list(COLUMNS))


def _rows(found: Decomposition) -> Iterator[tuple[Any, ...]]:
    """Write one change down."""
    names = (found.newer, found.older, found.question, found.code, found.statistic)
    note = found.note
    if found.hidden and not note:
        note = f"not comparable: {found.consequence.because}"
    for part in (found.total, *found.parts):
        yield (*names, found.banner, "", *_numbers(part), note)
    for segment in found.segments:
        for part in (segment.within, segment.composition):
            yield (*names, found.banner, "+".join(segment.codes), *_numbers(part), note)


def _numbers(part: Part) -> tuple[Any, ...]:
    """Give name and numbers of a part."""
    ends = part.conf_low, part.conf_high
    return (part.name, part.estimate, part.std_error, *ends)

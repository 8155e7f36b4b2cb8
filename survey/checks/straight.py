"""Straight lines down the grids: one and the same answer to every item."""

from dataclasses import dataclass
from typing import Final

import numpy as np
from numpy.typing import NDArray

from survey.questionnaire.model import Question
from survey.responses.table import Responses

BoolArray = NDArray[np.bool_]
Codes = NDArray[np.int64]
STRAIGHT_ITEMS: Final = 4
STRAIGHT_GRIDS: Final = 2
STRAIGHT_CHANCE: Final = 1e-3
COMMON_SHARE: Final = 0.1
COMMON_RECORDS: Final = 5


@dataclass(frozen=True, slots=True, eq=False)
class GridLines:
    """What every record did with one grid.

    Attributes
    ----------
    question : str
        Id of the grid.
    answered : bool array (n,)
        Four items or more were answered.
    straight : bool array (n,)
        They were, all with one code.
    contradiction : bool array (n,)
        They were, items and reversed items alike, off the middle of the scale.
    common : bool array (n,)
        They were, and a tenth of those who answered the grid (five at least) drew the
        same line: an opinion that many hold.
    surprise : array (n,)
        Minus the logarithm of the chance of these answers, were every item answered
        apart from the others as the whole sample answers it.
    """

    question: str
    answered: BoolArray
    straight: BoolArray
    contradiction: BoolArray
    common: BoolArray
    surprise: NDArray[np.float64]


def straightliners(responses: Responses) -> BoolArray:
    """Flag records that gave one and the same answer down every grid.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    bool array (n,)
        True where at least two grids with four or more answered items were
        answered, each with a single code. Lines that a tenth of the sample drew are
        an opinion and do not count, and by chance fewer than 1 in 1,000 would draw
        the others. One grid is enough where it has reversed items
        (``reverse: true``), because agreeing with a statement and its contrary is no
        opinion; the middle of the scale contradicts nothing.
        "Don't know" counts as an answer: it is the quickest one to tick.

    Notes
    -----
    Non-differentiation over a single grid is frequent among attentive people
    ([1]_), so it is noted per question and flags nobody.

    References
    ----------
    .. [1] Y. Kim, J. Dykema, J. Stevenson, P. Black and D. P. Moberg,
       "Straightlining: overview of measurement, comparison of indicators, and
       effects in mail-web mixed-mode surveys", Social Science Computer Review 37,
       2019.
    """
    n = len(responses.frame)
    grids, lines = np.zeros(n, dtype=int), np.zeros(n, dtype=int)
    surprise, contradiction = np.zeros(n), np.zeros(n, dtype=bool)
    for each in grid_lines(responses):
        rare = each.straight & ~each.common
        grids += each.answered & ~each.common
        lines += rare
        surprise += np.where(rare, each.surprise, 0.0)
        contradiction |= each.contradiction
    everywhere = (grids >= STRAIGHT_GRIDS) & (lines == grids)
    by_chance = surprise <= -np.log(STRAIGHT_CHANCE)
    return np.asarray((everywhere & ~by_chance) | contradiction, dtype=bool)


def grid_lines(responses: Responses) -> list[GridLines]:
    """Say for every grid of four and more items who answered it in a straight line.

    Parameters
    ----------
    responses : Responses
        Coded answers.

    Returns
    -------
    list of GridLines
        In the order of the questionnaire.
    """
    return [
        _lines(question, _grid_codes(responses, question))
        for question in responses.questionnaire.questions
        if len(question.items) >= STRAIGHT_ITEMS
    ]


def _lines(question: Question, codes: Codes) -> GridLines:
    """Look at the answers to one grid."""
    given = codes >= 0
    answered = given.sum(axis=1) >= STRAIGHT_ITEMS
    low = np.where(given, codes, np.iinfo(codes.dtype).max).min(axis=1)
    straight = answered & (low == codes.max(axis=1))
    reverse = [i for i, item in enumerate(question.items) if item.reverse]
    straightforward = [i for i, item in enumerate(question.items) if not item.reverse]
    both = given[:, reverse].any(axis=1) & given[:, straightforward].any(axis=1)
    sided = np.isin(low, _sides(question))
    surprise = np.sum([_surprise(column) for column in codes.T], axis=0)
    return GridLines(
        question.id,
        answered,
        straight,
        contradiction=straight & both & sided,
        common=_common(straight, low, int(answered.sum())),
        surprise=surprise,
    )


def _common(straight: BoolArray, low: Codes, answered: int) -> BoolArray:
    """Say who drew a line that many drew."""
    counts = np.bincount(low[straight], minlength=1)
    many = counts >= max(COMMON_RECORDS, COMMON_SHARE * answered)
    return np.asarray(straight & many[np.where(straight, low, 0)], dtype=bool)


def _sides(question: Question) -> list[int]:
    """Give the positions of the codes on either side of the middle of a scale."""
    scale = [
        place
        for place, category in enumerate(question.categories)
        if not category.missing and not category.dont_know
    ]
    middle = scale[len(scale) // 2] if len(scale) % 2 else None
    return [place for place in scale if place != middle]


def _surprise(codes: Codes) -> NDArray[np.float64]:
    """Give minus the logarithm of the share of every answer to an item."""
    counts = np.bincount(codes[codes >= 0], minlength=1)
    shares = counts / max(int(counts.sum()), 1)
    chance = np.append(np.where(shares > 0, shares, 1.0), 1.0)
    return np.asarray(-np.log(chance[codes]), dtype=float)


def _grid_codes(responses: Responses, question: Question) -> Codes:
    """Give the positions of the answers to a grid, one column per item."""
    columns = [
        responses.frame[f"{question.id}_{item.code}"].cat.codes.to_numpy(dtype=np.int64)
        for item in question.items
    ]
    return np.column_stack(columns)

"""Terms of a change between two waves, and their scores, as arrays.

Every term is a smooth function of the levels of both waves, so that its score is the
gradient times the scores of the levels.
"""

from dataclasses import dataclass
from typing import Final, Literal, get_args

import numpy as np
from numpy.typing import NDArray

from survey.estimation.sums import count_by

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
Ints = NDArray[np.intp]

# The order of the terms; those of the segments follow, inside first.
Term = Literal["total", "within", "composition", "targets", "base"]
TERMS: tuple[Term, ...] = get_args(Term)
# Levels: of the published base, of the common base; then shares and rates.
_PUBLISHED: Final = 0
_COMMON: Final = 1
_FIRST: Final = 2


@dataclass(frozen=True, slots=True, eq=False)
class Side:
    """One wave of a comparison.

    Attributes
    ----------
    value : float array (n,)
        Indicator or number of every respondent; 0 outside the published base.
    base, common : bool array (n,)
        Respondents of the published base, and those of it who are in the common one.
    group : int array (n,)
        Segment, 0 to G - 1.
    groups : int
        Number of segments G.
    """

    value: Floats
    base: Bools
    common: Bools
    group: Ints
    groups: int


def levels(side: Side, weight: Floats) -> Floats:
    """Estimate what a wave is decomposed into.

    Parameters
    ----------
    side : Side
        Answers of n respondents.
    weight : float array (n,)
        Weights.

    Returns
    -------
    float array (2 + 2 G,)
        Level on the published and on the common base, share of every segment on the
        common base, and level inside it.

    Examples
    --------
    Two of three small firms and the one large firm use it.

    >>> yes, all_of = np.array([1.0, 1, 0, 1]), np.ones(4, bool)
    >>> firms = Side(yes, all_of, all_of, np.array([0, 0, 0, 1]), 2)
    >>> levels(firms, np.ones(4)).round(3).tolist()
    [0.75, 0.75, 0.75, 0.25, 0.667, 1.0]
    """
    whole, common = weight * side.base, weight * side.common
    size = count_by(side.group, side.groups, common)
    sums = count_by(side.group, side.groups, common * side.value)
    alone = [_divided(w @ side.value, w.sum()) for w in (whole, common)]
    return np.concatenate([alone, _divided(size, size.sum()), _divided(sums, size)])


def _divided(above: Floats, below: Floats) -> Floats:
    """Divide; NaN where there is nothing."""
    full = np.full(np.shape(above), np.nan)
    found: Floats = np.divide(above, below, out=full, where=np.asarray(below) > 0)
    return found


def level_scores(side: Side, weight: Floats, level: Floats) -> Floats:
    """Give weight times influence of every respondent on the levels.

    Parameters
    ----------
    side : Side
        Answers of n respondents.
    weight : float array (n,)
        Weights.
    level : float array (2 + 2 G,)
        From `levels`.

    Returns
    -------
    float array (n, 2 + 2 G)
        Scores, with sum 0 in every column.
    """
    member = np.eye(side.groups)[side.group]
    share, rate = np.split(level[_FIRST:], 2)
    whole, common = weight * side.base, weight * side.common
    total = common.sum()
    alone = (
        whole * (side.value - level[_PUBLISHED]) / whole.sum(),
        common * (side.value - level[_COMMON]) / total,
    )
    of_share = common[:, None] * (member - share) / total
    inside = side.value[:, None] - rate
    of_rate = common[:, None] * member * inside / (total * share)
    return np.column_stack([*alone, of_share, of_rate])


def terms(own: Floats, again: Floats, before: Floats) -> Floats:
    """Take a change apart.

    Parameters
    ----------
    own, again : float array (2 + 2 G,)
        Levels of the newer wave under its own targets and under those of the older
        wave.
    before : float array (2 + 2 G,)
        Levels of the older wave.

    Returns
    -------
    float array (5 + 2 G,)
        `TERMS`, of which the first is the sum of the others; then the parts of every
        segment in the change inside segments and in that of the composition.

    Examples
    --------
    Both rates rise by 0.1, and the small firms lose a quarter to the large ones.

    >>> before = np.array([0.3, 0.3, 0.75, 0.25, 0.2, 0.6])
    >>> after = np.array([0.5, 0.5, 0.5, 0.5, 0.3, 0.7])
    >>> terms(after, after, before)[:5].round(6).tolist()
    [0.2, 0.1, 0.1, 0.0, 0.0]
    """
    (s2, r2), (s1, r1) = (np.split(level[_FIRST:], 2) for level in (again, before))
    within = (s1 + s2) / 2 * (r2 - r1)
    composition = (r1 + r2) / 2 * (s2 - s1)
    targets = own[_COMMON] - again[_COMMON]
    base = (own[_PUBLISHED] - own[_COMMON]) - (before[_PUBLISHED] - before[_COMMON])
    total = own[_PUBLISHED] - before[_PUBLISHED]
    sums = [total, within.sum(), composition.sum(), targets, base]
    return np.concatenate([sums, within, composition])


def gradients(again: Floats, before: Floats) -> tuple[Floats, Floats, Floats]:
    """Give the derivatives of the terms by the levels.

    Parameters
    ----------
    again, before : float array (2 + 2 G,)
        As for `terms`.

    Returns
    -------
    three float arrays (5 + 2 G, 2 + 2 G)
        By the levels of the newer wave under its own targets, under the other
        targets, and by those of the older wave.
    """
    (s2, r2), (s1, r1) = (np.split(level[_FIRST:], 2) for level in (again, before))
    size = len(TERMS) + 2 * s2.size, _FIRST + 2 * s2.size
    of_own, of_again, of_before = np.zeros(size), np.zeros(size), np.zeros(size)
    total, _, _, targets, base = range(len(TERMS))
    of_own[total, _PUBLISHED], of_before[total, _PUBLISHED] = 1.0, -1.0
    of_own[targets, _COMMON], of_again[targets, _COMMON] = 1.0, -1.0
    of_own[base, :_FIRST] = 1.0, -1.0
    of_before[base, :_FIRST] = -1.0, 1.0
    # Shares change by half the difference of rates inside, and so on.
    _of_segments(of_again, (r2 - r1) / 2, (s1 + s2) / 2, (r1 + r2) / 2, (s2 - s1) / 2)
    _of_segments(
        of_before, (r2 - r1) / 2, -(s1 + s2) / 2, -(r1 + r2) / 2, (s2 - s1) / 2
    )
    return of_own, of_again, of_before


def _of_segments(
    found: Floats,
    within_share: Floats,
    within_rate: Floats,
    composition_share: Floats,
    composition_rate: Floats,
) -> None:
    """Fill in the derivatives of the parts of the segments, and of their sums."""
    size = within_share.size
    shares = _FIRST + np.arange(size)
    rates = shares + size
    parts = len(TERMS) + np.arange(size)
    found[parts, shares], found[parts, rates] = within_share, within_rate
    found[parts + size, shares] = composition_share
    found[parts + size, rates] = composition_rate
    _, within, composition, _, _ = range(len(TERMS))
    found[within] = found[parts].sum(axis=0)
    found[composition] = found[parts + size].sum(axis=0)

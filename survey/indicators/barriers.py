"""Barriers ranked, with the uncertainty of the ranks.

The rank of an answer lies between 1 plus the number of answers named significantly
more often and K minus the number named significantly less often. All pairwise
differences are tested together, adjusted by Holm's method, so that all rank
intervals hold at once with the confidence level.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from survey.responses.variable import Variable
from survey.tabulation.adjustment import adjusted


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Ranks that the data allow for one answer; 1 is named most often."""

    code: str
    low: int
    high: int


def on_other_bases(
    by_rule: Mapping[str, Variable], not_asked: NDArray[np.bool_]
) -> dict[str, Variable]:
    """Put the answers to a multiple response question on every base that is quoted.

    A share of those who were asked and a share of all organisations are different
    claims; published barriers mix them up more often than anything else.

    Parameters
    ----------
    by_rule : mapping of base rule to Variable
        The question on the bases ``asked``, ``answered`` and ``named``.
    not_asked : bool array (n,)
        Respondents whom the routing did not ask.

    Returns
    -------
    dict of base to Variable
        The three, and ``everyone``: those who answered and those not asked, who
        count as not naming anything. Each is called ``ID@BASE``.

    Examples
    --------
    One of two asked names a barrier, two were not asked: 1 of 2, and 1 of 4.

    >>> chosen = np.array([[True], [False], [False], [False]])
    >>> asked = Variable("b", "B", ("1",), (), None, chosen, None,
    ...                  np.array([True, True, False, False]))
    >>> made = on_other_bases({"answered": asked}, np.array([False, False, True, True]))
    >>> {base: int(v.base.sum()) for base, v in made.items()}
    {'answered': 2, 'everyone': 4}
    """
    answered = by_rule["answered"]
    everyone = replace(answered, base=answered.base | not_asked)
    made = {**by_rule, "everyone": everyone}
    return {base: replace(v, name=f"{v.name}@{base}") for base, v in made.items()}


def ranked_codes(variable: Variable) -> tuple[str, ...]:
    """Give the codes that take part in a ranking.

    Parameters
    ----------
    variable : Variable
        A multiple response question.

    Returns
    -------
    tuple of str
        Categories that are neither exclusive nor "don't know".
    """
    return tuple(row.code for row in variable.rows if row.role == "category")


def pair_differences(variable: Variable) -> tuple[Variable, ...]:
    """Give the difference of every pair of answers as a number per respondent.

    Parameters
    ----------
    variable : Variable
        A multiple response question with K ranked categories.

    Returns
    -------
    tuple of Variable
        K (K - 1) / 2 numeric variables named ``CODE>CODE``, with values 1 where
        only the first was chosen, -1 where only the second was, 0 otherwise.
    """
    assert variable.chosen is not None
    marks = variable.chosen.astype(float)
    place = {code: i for i, code in enumerate(variable.codes)}
    return tuple(
        _difference(
            variable, first, second, marks[:, place[first]], marks[:, place[second]]
        )
        for first, second in combinations(ranked_codes(variable), 2)
    )


def rank_intervals(
    pairs: Sequence[tuple[str, str]],
    differences: NDArray[np.float64],
    p_values: NDArray[np.float64],
    level: float,
) -> tuple[RankInterval, ...]:
    """Give the ranks that all pairwise tests together allow.

    Parameters
    ----------
    pairs : sequence of (str, str)
        Codes compared.
    differences : float array (P,)
        Share of the first minus share of the second.
    p_values : float array (P,)
        Of the test that a difference is zero; NaN counts as not significant.
    level : float
        Probability that any rank interval is wrong, such as 0.05.

    Returns
    -------
    tuple of RankInterval
        One per code, in order of first appearance.

    References
    ----------
    .. [1] Mohamad, Goeman and van Zwet (2019), "Simultaneous confidence intervals
       for ranks with application to ranking institutions", arXiv:1812.05507.
    .. [2] Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    A beats C for certain; B cannot be told from either.

    >>> pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    >>> found = rank_intervals(pairs, np.array([.1, .4, .1]),
    ...                        np.array([.2, .001, .2]), 0.05)
    >>> [(r.code, r.low, r.high) for r in found]
    [('A', 1, 2), ('B', 1, 3), ('C', 2, 3)]
    """
    codes = list(dict.fromkeys(code for pair in pairs for code in pair))
    above = dict.fromkeys(codes, 0)
    below = dict.fromkeys(codes, 0)
    # A difference that cannot be tested is one of the tests all the same.
    tested = np.nan_to_num(p_values, nan=1.0)[None, :]
    clear = adjusted(tested, "holm")[0] <= level
    for (first, second), difference, is_clear in zip(
        pairs, differences, clear, strict=True
    ):
        if is_clear:
            better, worse = (first, second) if difference > 0 else (second, first)
            above[worse] += 1
            below[better] += 1
    return tuple(RankInterval(c, 1 + above[c], len(codes) - below[c]) for c in codes)


def _difference(
    variable: Variable,
    first: str,
    second: str,
    chose_first: NDArray[np.float64],
    chose_second: NDArray[np.float64],
) -> Variable:
    """Give one difference as a numeric variable."""
    value = np.where(variable.base, chose_first - chose_second, np.nan)
    name = f"{first}>{second}"
    return Variable(name, name, (), (), None, None, value, variable.base)

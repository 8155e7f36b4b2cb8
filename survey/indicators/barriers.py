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

from survey.estimation.design import ResolvedDesign
from survey.estimation.influence import covariance_of
from survey.responses.variable import Variable
from survey.tabulation.adjustment import adjusted

Floats = NDArray[np.float64]

# A variance that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-12


@dataclass(frozen=True, slots=True)
class RankInterval:
    """Ranks that the data allow for one answer; 1 is named most often."""

    code: str
    low: int
    high: int


@dataclass(frozen=True, slots=True, eq=False)
class PairDifferences:
    """Differences of the shares of P pairs of answers.

    Attributes
    ----------
    pairs : tuple of (str, str)
        Codes, in the order of the question.
    estimate, std_error : float arrays (P,)
        Share of the first minus share of the second, and its standard error.
    """

    pairs: tuple[tuple[str, str], ...]
    estimate: Floats
    std_error: Floats


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


def pair_differences(variable: Variable, design: ResolvedDesign) -> PairDifferences:
    """Give the difference of the shares of every pair of answers.

    Parameters
    ----------
    variable : Variable
        A multiple response question with K ranked categories.
    design : ResolvedDesign
        Design of its respondents; somebody with a weight is in the base.

    Returns
    -------
    PairDifferences
        All K (K - 1) / 2 pairs.

    Examples
    --------
    Of four, two chose A only: the mean of 1, 1, 0, 0 has variance 0.25 / 3.

    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> from survey.responses.variable import Row
    >>> rows = (Row("A", "A", ("A",)), Row("B", "B", ("B",)))
    >>> chosen = np.array([[True, False], [True, False], [True, True], [False, False]])
    >>> variable = Variable("b", "B", ("A", "B"), rows, None, chosen, None,
    ...                     np.ones(4, bool))
    >>> found = pair_differences(variable, resolve(None, pd.DataFrame(index=range(4))))
    >>> found.pairs, found.estimate.tolist(), (found.std_error**2).round(6).tolist()
    ((('A', 'B'),), [0.5], [0.083333])
    """
    assert variable.chosen is not None
    codes = ranked_codes(variable)
    inside = variable.base & design.used
    places = [variable.codes.index(code) for code in codes]
    marks = (variable.chosen[:, places] & inside[:, None]).astype(np.float64)

    def shares(weight: Floats) -> Floats:
        base = weight @ inside
        # A replicate in which nobody is in the base says nothing.
        return weight @ marks / (base if base > 0 else np.nan)

    share = shares(design.weight)
    part = design.weight * inside / (design.weight @ inside)
    scores = (marks - share) * part[:, None]
    everyone = np.repeat(inside[:, None], len(codes), axis=1)
    matrix = covariance_of(design, scores, shares, everyone)
    one, two = np.triu_indices(len(codes), 1)
    variance = matrix[one, one] + matrix[two, two] - 2 * matrix[one, two]
    terms = (scores**2).sum(axis=0)
    # Answers that the same people gave differ by nothing, whatever the last digits.
    variance[variance <= _ROUNDING * (terms[one] + terms[two])] = 0.0
    pairs = tuple(combinations(codes, 2))
    return PairDifferences(pairs, share[one] - share[two], np.sqrt(variance))


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

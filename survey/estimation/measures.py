"""Measures: shares, means and totals of domains, and their scores by respondent.

Where all answers in a domain are the same, the estimate is that answer exactly.
"""

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.answers import prepare, rows_of
from survey.estimation.design import ResolvedDesign
from survey.estimation.domains import numbers_of
from survey.estimation.effects import inverse
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
DomainStatistic = Literal["proportion", "mean", "total"]

# A sum that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Measure:
    """What is estimated in every domain.

    Attributes
    ----------
    rows : list of (code, label)
        The R rows; numbers have one with an empty code.
    value : float array (n, R)
        Indicators or numbers; 0 outside the base.
    base : bool array (n,)
        Respondents in the base, with a weight above 0.
    statistic : {"proportion", "mean", "total"}
        What is estimated of them.
    """

    rows: list[tuple[str, str]]
    value: Floats
    base: Bools
    statistic: DomainStatistic


def measure_of(
    variable: Variable, statistic: DomainStatistic, design: ResolvedDesign
) -> Measure:
    """Give a question as numbers by row.

    Parameters
    ----------
    variable : Variable
        Answers of n respondents.
    statistic : {"proportion", "mean", "total"}
        What will be estimated; a total of numbers is that of the numbers, any other
        total counts respondents by category.
    design : ResolvedDesign
        Design of the same respondents.

    Returns
    -------
    Measure
        Indicators of categories, or numbers.

    Raises
    ------
    EstimationError
        Nobody is in the base, or a mean is asked of answers that are no numbers.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.estimation.design import resolve
    >>> from survey.responses.recode import variables
    >>> firms = pd.DataFrame({"uses": ["yes", "no", None]})
    >>> uses = variables(firms, "uses")[0]
    >>> measure_of(uses, "proportion", resolve(None, firms)).value
    array([[0., 1.],
           [1., 0.],
           [0., 0.]])
    """
    if statistic == "mean" or (statistic == "total" and variable.value is not None):
        numbers = numbers_of(variable)
        assert numbers.value is not None, "numbers_of gives numbers"
        rows = [("", variable.label)]
        value, base = numbers.value[:, None], numbers.base & design.used
    else:
        rows = [(row.code, row.label) for row in variable.rows]
        value, base = _indicators(variable, design)
    if not base.any():
        raise EstimationError(
            f"{variable.name!r} has no respondent in its base "
            f"({variable.base_text}, weight above 0). Ask for another question."
        )
    return Measure(rows, np.where(base[:, None], value, 0.0), base, statistic)


def _indicators(variable: Variable, design: ResolvedDesign) -> tuple[Floats, Bools]:
    """Give 1 where a respondent counts in a row (n, R), and the base (n,)."""
    answers = prepare(variable, design.used)
    return rows_of(answers).astype(np.float64), answers.base


def levels(measure: Measure, inside: Bools, weight: Floats, constant: Floats) -> Floats:
    """Estimate every row in every domain.

    Parameters
    ----------
    measure : Measure
        R rows of numbers of n respondents.
    inside : bool array (n, C)
        Who is in the base of which domain.
    weight : float array (n,)
        Weights.
    constant : float array (R, C)
        What `constants` gives.

    Returns
    -------
    float array (R, C)
        Shares, means or totals; a share or mean of nobody is NaN.
    """
    sums = measure.value.T @ (weight[:, None] * inside)
    if measure.statistic == "total":
        return np.asarray(sums)
    whole = weight @ inside
    per = np.divide(1.0, whole, out=np.full_like(whole, np.nan), where=whole > 0)
    return np.where(np.isnan(constant), sums * per, constant)


def constants(value: Floats, inside: Bools) -> Floats:
    """Give the answer that everybody in a domain gave.

    Parameters
    ----------
    value : float array (n, R)
        Answers.
    inside : bool array (n, C)
        Who is in the base of which domain.

    Returns
    -------
    float array (R, C)
        The answer; NaN where answers differ, and for nobody.

    Examples
    --------
    >>> inside = np.array([[True, True], [True, False], [False, True]])
    >>> constants(np.array([[5.0], [5.0], [6.0]]), inside)
    array([[ 5., nan]])
    """
    found = np.full((value.shape[1], inside.shape[1]), np.nan)
    for c, member in enumerate(inside.T):
        if member.any():
            answers = value[member]
            same = (answers == answers[0]).all(axis=0)
            found[same, c] = answers[0, same]
    return found


def combined_scores(
    measure: Measure,
    inside: Bools,
    design: ResolvedDesign,
    level: Floats,
    load: Floats,
) -> Floats:
    """Give the scores of linear combinations of estimates.

    Parameters
    ----------
    measure : Measure
        R rows of numbers of n respondents.
    inside : bool array (n, C)
        Who is in the base of which domain.
    design : ResolvedDesign
        Design of the n respondents.
    level : float array (R, C)
        Estimates of the full sample.
    load : float array (T, R, C)
        Coefficients of T combinations.

    Returns
    -------
    float array (n, T)
        Weight times influence of every respondent.
    """
    scores = np.zeros((design.weight.size, len(load)))
    terms = np.zeros_like(scores)
    total = measure.statistic == "total"
    per = inverse(design.weight @ inside)
    for c in np.flatnonzero(load.any(axis=(0, 1))):
        who = np.flatnonzero(inside[:, c])
        weight = design.weight[who, None] * (1.0 if total else per[c])
        centre = 0.0 if total else level[:, c]
        residual = (measure.value[who] - centre) * weight
        scores[who] += residual @ load[:, :, c].T
        terms[who] += np.abs(residual) @ np.abs(load[:, :, c].T)
    # Terms that cancel leave their last digit.
    return np.where(np.abs(scores) <= _ROUNDING * terms, 0.0, scores)

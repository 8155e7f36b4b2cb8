"""Contrasts: differences and other linear combinations of estimates, tested.

Domains may share respondents and PSUs; what they share is in the variance.
"""

from collections.abc import Sequence
from typing import get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some
from survey.estimation.contrast_plans import (
    Coefficients,
    Plan,
    check_coefficients,
    pairs_of,
    plan_of,
    plan_of_pairs,
)
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.domains import (
    Bases,
    Cells,
    Domains,
    bases_of,
    domains_of,
    notes_of,
    tidy,
)
from survey.estimation.effects import design_effects, variances
from survey.estimation.intervals import (
    Interval,
    Precision,
    check_interval,
    t_interval,
)
from survey.estimation.measures import (
    DomainStatistic,
    Measure,
    combined_scores,
    constants,
    levels,
    measure_of,
)
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_VARIANCE = "no test: the variance is 0"
EXTREMES = "no interval and no test: the shares are 0 % or 100 %"
EXTREME = "interval too narrow: a share of 0 % or 100 % adds no variance"


def contrast(
    data: Responses | pd.DataFrame,
    name: str,
    coefficients: Coefficients,
    *,
    by: str | Sequence[str] | None = None,
    statistic: DomainStatistic = "proportion",
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate and test a linear combination of estimates.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    name : str
        Question, grid (every item), or column.
    coefficients : mapping of domain, or (domain, category), to number
        Codes or labels. Plain keys are domains, and every category of the question
        gets a row; without `by` they are categories. Pairs give a single row.
    by : str or sequence of str, optional
        Questions whose categories are the domains; several are crossed, with keys
        such as ``"small x north"``.
    statistic : {"proportion", "mean", "total"}
        What is estimated in each domain, as by the functions of that name.
    design, conf_level
        As for `proportion`.

    Returns
    -------
    DataFrame
        As from `proportion`, in the unit of the statistic; ``domain`` says what is
        combined, such as ``"small - large"``. Bases and degrees of freedom are the
        smallest of the domains involved. Further columns are ``statistic`` (estimate
        over standard error) and ``p_value`` (two-sided, t distribution).

    Raises
    ------
    QuestionError
        There is no such question, domain or category.
    DesignError
        As for `proportion`.
    EstimationError
        Nobody is in the base, or the coefficients cannot be used.

    See Also
    --------
    difference : Domains in pairs.

    Notes
    -----
    The scores of a respondent in every domain are combined before the variance is
    taken, so respondents in several domains and PSUs across domains count as they
    should [1]_. A share of exactly 0 % or 100 % has no variance of its own: a note
    says that the interval is then too narrow. The design effect compares with a
    simple random sample of everybody in the domains involved.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.

    Examples
    --------
    Means are 1, 3 and 8; the last is 6 above the middle of the others.

    >>> firms = pd.DataFrame({"size": list("aabbcc"), "cost": [0, 2, 3, 3, 7, 9.0]})
    >>> found = contrast(
    ...     firms, "cost", {"c": 1, "a": -0.5, "b": -0.5}, by="size", statistic="mean"
    ... )
    >>> found[["domain", "estimate"]]
                domain  estimate
    0  c - 0.5 a - 0.5 b       6.0
    """
    _check(statistic, conf_level)
    check_coefficients(coefficients)
    resolved = resolve(design, data)
    domains = domains_of(data, by, resolved)
    frames = []
    for variable in variables(data, name):
        measure = measure_of(variable, statistic, resolved)
        plan = plan_of(coefficients, measure, domains, crossed=by is not None)
        frames.append(_frame(variable, measure, plan, domains, resolved, conf_level))
    return pd.concat(frames, ignore_index=True)


def difference(
    data: Responses | pd.DataFrame,
    name: str,
    *,
    by: str | Sequence[str],
    of: tuple[str, str] | None = None,
    statistic: DomainStatistic = "proportion",
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate and test differences between domains.

    Parameters
    ----------
    data, name, statistic, design, conf_level
        As for `contrast`.
    by : str or sequence of str
        Questions whose categories are the domains.
    of : (str, str), optional
        Codes or labels of two domains: the first less the second. When omitted,
        every domain less the first one.

    Returns
    -------
    DataFrame
        As from `contrast`, one row per pair and category.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `contrast`; also when there are fewer than two domains.

    Examples
    --------
    >>> firms = pd.DataFrame({"size": list("aabb"), "cost": [0.0, 2, 3, 5]})
    >>> found = difference(firms, "cost", by="size", of=("b", "a"), statistic="mean")
    >>> found[["domain", "estimate"]]
      domain  estimate
    0  b - a       3.0
    """
    _check(statistic, conf_level)
    resolved = resolve(design, data)
    domains = domains_of(data, by, resolved)
    pairs = pairs_of(of, domains)
    frames = []
    for variable in variables(data, name):
        measure = measure_of(variable, statistic, resolved)
        plan = plan_of_pairs(pairs, measure, domains)
        frames.append(_frame(variable, measure, plan, domains, resolved, conf_level))
    return pd.concat(frames, ignore_index=True)


def _check(statistic: str, conf_level: float) -> None:
    """Refuse a statistic or a confidence level that cannot be used."""
    check_interval("wald", conf_level)
    if statistic not in get_args(DomainStatistic):
        raise EstimationError(
            f"statistic {statistic!r} is not known. "
            f"Use one of {some(get_args(DomainStatistic))}."
        )


def _frame(
    variable: Variable,
    measure: Measure,
    plan: Plan,
    domains: Domains,
    design: ResolvedDesign,
    conf_level: float,
) -> pd.DataFrame:
    """Estimate the contrasts of a plan and write the tidy frame."""
    inside = domains.inside & measure.base[:, None]
    per_head = measure.statistic != "total"
    bases = _smallest(bases_of(design, inside, per_head=per_head), plan.named)
    shape = plan.load.shape
    load = plan.load.reshape(-1, *shape[2:])
    constant = constants(measure.value, inside)
    level = levels(measure, inside, design.weight, constant)

    def estimate(weight: Floats) -> Floats:
        return _combine(load, levels(measure, inside, weight, constant))

    scores = combined_scores(measure, inside, design, level, load)
    involved = np.repeat(inside @ plan.named.T, shape[1], axis=1)
    variance = variances(design, scores, involved, estimate)
    deff = design_effects(design, scores, involved, variance)
    value, error, deff = (
        np.where(bases.precision.base > 0, each.reshape(shape[:2]).T, np.nan)
        for each in (_combine(load, level), np.sqrt(variance), deff)
    )
    extreme = _extreme(measure, load, level).reshape(shape[:2]).T
    cells = _cells(value, error, deff, bases, extreme, conf_level)
    more = _tests(cells, bases.precision)
    rows = [(code, label or variable.label) for code, label in plan.rows]
    return tidy(variable.name, rows, plan.texts, cells, bases, more)


def _combine(load: Floats, level: Floats) -> Floats:
    """Combine estimates; those without a coefficient may be NaN."""
    return np.asarray(np.where(load == 0, 0.0, load * level).sum(axis=(1, 2)))


def _extreme(measure: Measure, load: Floats, level: Floats) -> Bools:
    """Say which combinations hold a share of exactly 0 % or 100 % (T,)."""
    if measure.statistic != "proportion":
        return np.zeros(len(load), dtype=bool)
    return np.asarray(((load != 0) & np.isin(level, (0.0, 1.0))).any(axis=(1, 2)))


def _smallest(bases: Bases, named: Bools) -> Bases:
    """Give the smallest bases of the domains named in each contrast (K,)."""
    precision = bases.precision

    def smallest(values: Floats) -> Floats:
        return np.asarray(np.where(named, values, np.inf).min(axis=1))

    return Bases(
        smallest(bases.weighted),
        Precision(
            smallest(precision.base),
            smallest(precision.base_effective),
            smallest(precision.degrees_of_freedom),
            np.where(named, precision.lost, 0.0).max(axis=1),
        ),
    )


def _cells(
    value: Floats,
    error: Floats,
    deff: Floats,
    bases: Bases,
    extreme: Bools,
    conf_level: float,
) -> Cells:
    """Add intervals and notes to K contrasts of S rows (S, K)."""
    interval = t_interval(value, error, bases.precision, conf_level)
    unknown = extreme & (error == 0)
    low, high = (
        np.where(unknown, np.nan, end) for end in (interval.low, interval.high)
    )
    note = np.full(value.shape, "", dtype=object)
    note[extreme] = EXTREME
    note[error == 0] = NO_VARIANCE
    note[unknown] = EXTREMES
    return Cells(value, error, Interval(low, high), deff, notes_of(bases, note))


def _tests(cells: Cells, precision: Precision) -> dict[str, Floats]:
    """Test each contrast against 0, where it has a variance."""
    testable = precision.known & (cells.std_error > 0)
    error = np.where(testable, cells.std_error, 1.0)
    statistic = np.where(testable, cells.estimate / error, np.nan)
    df = np.where(precision.known, precision.degrees_of_freedom, np.nan)
    return {
        "statistic": statistic,
        "p_value": 2 * special.stdtr(df, -np.abs(statistic)),
    }

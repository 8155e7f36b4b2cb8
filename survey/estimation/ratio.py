"""Ratios of two totals, such as GenAI spending per employee.

The base is whoever gave both numbers.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.domains import (
    Bases,
    Cells,
    bases_of,
    domains_of,
    notes_of,
    numbers_of,
    one_variable,
    tidy,
)
from survey.estimation.effects import design_effects, inverse, variances
from survey.estimation.intervals import Interval, check_interval, t_interval
from survey.estimation.stored_estimate import stored_ratios
from survey.importers.stored import StoredData
from survey.responses.table import Responses
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]

NO_DENOMINATOR = "no ratio: the denominator adds up to 0"

# A total that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


def ratio(
    data: Responses | pd.DataFrame | StoredData,
    numerator: str,
    denominator: str,
    *,
    by: str | Sequence[str] | None = None,
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the ratio of the totals of two questions with numbers.

    Parameters
    ----------
    data : Responses, DataFrame or StoredData
        All respondents.
    numerator, denominator : str
        Questions or columns with numbers, or with codes that are numbers.
    by, design, conf_level
        As for `proportion`.

    Returns
    -------
    DataFrame
        As from `proportion`, one row per domain with an empty code; ``question`` is
        ``"numerator / denominator"``, and the unit is that of their quotient.

    Raises
    ------
    QuestionError, DesignError
        As for `proportion`.
    EstimationError
        Nobody gave both numbers, or the answers are no numbers.

    See Also
    --------
    mean : Mean of one question.

    Notes
    -----
    The residual of a respondent is ``(y - ratio x) / total of x`` [1]_, as in
    ``svyratio`` of R `survey`; the interval is that of the t distribution. The design
    effect compares with the variance of the same residuals in a simple random sample.

    References
    ----------
    .. [1] Woodruff (1971), Journal of the American Statistical Association 66(334),
       411-414.

    Examples
    --------
    Three firms spend 12 on 6 employees: 2 each.

    >>> firms = pd.DataFrame({"spent": [1.0, 3.0, 8.0], "staff": [1.0, 2.0, 3.0]})
    >>> ratio(firms, "spent", "staff")["estimate"].tolist()
    [2.0]
    """
    check_interval("wald", conf_level)
    if isinstance(data, StoredData):
        return _of_stored(data, (numerator, denominator), by, design, conf_level)
    resolved = resolve(design, data)
    above, below = (
        numbers_of(one_variable(data, name)) for name in (numerator, denominator)
    )
    base = above.base & below.base
    if not (base & resolved.used).any():
        raise EstimationError(
            f"no respondent with a weight above 0 has both {above.name!r} "
            f"({int(above.base.sum())} have it) and {below.name!r} "
            f"({int(below.base.sum())} have it). Ask for another pair."
        )
    domains = domains_of(data, by, resolved)
    inside = domains.inside & base[:, None]
    bases = bases_of(resolved, inside)
    cells = _cells(
        _numbers(above, base),
        _numbers(below, base),
        inside,
        resolved,
        bases,
        conf_level,
    )
    rows = [("", f"{above.label} / {below.label}")]
    return tidy(f"{above.name} / {below.name}", rows, domains.labels, cells, bases)


def _of_stored(
    data: StoredData,
    names: tuple[str, str],
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
    conf_level: float,
) -> pd.DataFrame:
    """Estimate a ratio where the data are."""
    found = stored_ratios(data, *names, by, design)
    shown = np.arange(1 if found.columns.codes else 0, 1 + len(found.columns.codes))
    if not found.table.precision.base.any():
        raise EstimationError(
            f"no respondent with a weight above 0 has both {names[0]!r} and "
            f"{names[1]!r}. Ask for another pair."
        )
    bases = Bases(found.table.base_weighted[shown], found.table.precision.of(shown))
    ratios, error = found.ratio[shown], found.std_error[shown]
    interval = t_interval(ratios, error, bases.precision, conf_level)
    note = np.where(np.isfinite(ratios), "", NO_DENOMINATOR).astype(object)[None]
    cells = Cells(
        ratios[None],
        error[None],
        Interval(interval.low[None], interval.high[None]),
        found.deff[shown][None],
        notes_of(bases, note),
    )
    domains = [("Total", *found.columns.labels)[place] for place in shown]
    title = " / ".join(names)
    return tidy(title, [("", title)], domains, cells, bases)


def _numbers(variable: Variable, base: Bools) -> Floats:
    """Give numbers, 0 outside the base."""
    assert variable.value is not None, "numbers_of gives numbers"
    return np.where(base, variable.value, 0.0)


def _cells(
    above: Floats,
    below: Floats,
    inside: Bools,
    design: ResolvedDesign,
    bases: Bases,
    conf_level: float,
) -> Cells:
    """Estimate ratios of n numbers in the C columns of `inside` (n, C)."""
    member = inside.astype(np.float64)

    def estimate(weight: Floats) -> Floats:
        return _ratios(above, below, weight, member)

    ratios = estimate(design.weight)
    per = inverse((design.weight * below) @ member)
    residual = (above[:, None] - ratios * below[:, None]) * per
    scores = np.where(inside, design.weight[:, None] * residual, 0.0)
    defined = np.isfinite(ratios)
    scores = np.where(defined, scores, 0.0)
    variance = np.where(defined, variances(design, scores, inside, estimate), np.nan)
    error = np.sqrt(variance)
    deff = design_effects(design, scores, inside, variance)
    interval = t_interval(ratios, error, bases.precision, conf_level)
    note = np.where(defined, "", NO_DENOMINATOR).astype(object)[None]
    return Cells(
        ratios[None],
        error[None],
        Interval(interval.low[None], interval.high[None]),
        deff[None],
        notes_of(bases, note),
    )


def _ratios(above: Floats, below: Floats, weight: Floats, member: Floats) -> Floats:
    """Give the ratio of weighted totals in every column; NaN where there is none."""
    top, bottom = (weight * above) @ member, (weight * below) @ member
    gross = (weight * np.abs(below)) @ member
    there = np.abs(bottom) > _ROUNDING * gross
    return np.divide(top, bottom, out=np.full_like(top, np.nan), where=there)

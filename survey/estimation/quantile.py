"""Quantiles: medians, quartiles and any other, with intervals by inversion.

An interval is found on the scale of shares, where the design-based variance is
known, and read back on the scale of the answers.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.domains import (
    Bases,
    Cells,
    bases_of,
    domains_of,
    notes_of,
    numbers_of,
    tidy,
)
from survey.estimation.effects import design_effects, inverse, variances
from survey.estimation.intervals import Interval, check_interval, share_interval
from survey.estimation.quantile_rules import QuantileRule, weighted_quantiles
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.values import shortest

Floats = NDArray[np.float64]
Bools = NDArray[np.bool_]
QuantileInterval = Literal["mean", "beta", "xlogit", "asin"]

OPEN = "interval open: too few respondents beyond the quantile"

_METHODS = {"mean": "wald", "beta": "beta", "xlogit": "xlogit", "asin": "arcsine"}


@dataclass(frozen=True, slots=True, eq=False)
class Quantiles:
    """Estimates of P quantiles in C columns, and the bases of the columns."""

    cells: Cells
    bases: Bases


def quantile(
    data: Responses | pd.DataFrame,
    name: str,
    probabilities: float | Sequence[float] = 0.5,
    *,
    by: str | Sequence[str] | None = None,
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
    interval: QuantileInterval = "mean",
    rule: QuantileRule = "math",
) -> pd.DataFrame:
    """Estimate quantiles of numbers; 0.5 is the median.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    name : str
        Question or column with numbers, or with codes that are numbers; of a grid
        every item.
    probabilities : float or sequence of float, default 0.5
        Between 0 and 1.
    by, design, conf_level
        As for `proportion`.
    interval : {"mean", "beta", "xlogit", "asin"}
        Interval of the share of answers up to the quantile, which is then inverted.
    rule : {"math", "school", "shahvaish", "hf1" to "hf9"}
        Which number is the quantile; see `weighted_quantiles`.

    Returns
    -------
    DataFrame
        As from `proportion`, one row per domain and probability, which is the
        ``code`` (``"0.5"``); estimates are in the unit of the answers.

    Raises
    ------
    QuestionError, DesignError
        As for `proportion`.
    EstimationError
        Nobody answered, the answers are no numbers, a probability is not between 0
        and 1, or `interval` or `rule` is not known.

    Notes
    -----
    As ``svyquantile`` of R `survey` since 4.1 [1]_: the ends of the interval are the
    quantiles at the ends of the interval of the share of answers up to the estimate,
    and the standard error is its length over two t quantiles. Where nobody lies
    above the estimate that share is 100 %, and its interval is the one of
    `share_interval`, while that of R has no length. An end that would need answers
    beyond the smallest or largest is missing. The design effect is that of the share.

    References
    ----------
    .. [1] Woodruff (1952), Journal of the American Statistical Association 47(260),
       635-646.

    Examples
    --------
    >>> firms = pd.DataFrame({"staff": [1.0, 2.0, 3.0, 40.0, 50.0]})
    >>> quantile(firms, "staff")[["code", "estimate"]]
      code  estimate
    0  0.5       3.0
    """
    wanted = _checked(probabilities, interval, rule, conf_level)
    resolved = resolve(design, data)
    domains = domains_of(data, by, resolved)
    frames = []
    for answered in variables(data, name):
        variable = numbers_of(answered)
        assert variable.value is not None, "numbers_of gives numbers"
        if not (variable.base & resolved.used).any():
            raise EstimationError(
                f"{variable.name!r} has no respondent with a number "
                f"({variable.base_text}, weight above 0). Ask for another question."
            )
        found = quantile_estimates(
            variable.value,
            domains.inside & variable.base[:, None],
            resolved,
            wanted,
            interval=interval,
            rule=rule,
            conf_level=conf_level,
        )
        rows = [(shortest(float(p)), variable.label) for p in wanted]
        frames.append(
            tidy(variable.name, rows, domains.labels, found.cells, found.bases)
        )
    return pd.concat(frames, ignore_index=True)


def _checked(
    probabilities: float | Sequence[float], interval: str, rule: str, conf_level: float
) -> Floats:
    """Give the probabilities as an array, and refuse what cannot be used."""
    check_interval("wald", conf_level)
    if interval not in _METHODS:
        raise EstimationError(
            f"interval {interval!r} is not known for quantiles. "
            f"Use one of {some(_METHODS)}."
        )
    if rule not in get_args(QuantileRule):
        raise EstimationError(
            f"rule {rule!r} is not known. "
            f"Use one of {some(get_args(QuantileRule), 12)}."
        )
    wanted = np.atleast_1d(np.asarray(probabilities, dtype=np.float64))
    bad = ~((wanted > 0) & (wanted < 1))
    if bad.any() or not wanted.size:
        raise EstimationError(
            f"{int(bad.sum())} of {wanted.size} probabilities are not between 0 and 1 "
            f"({some(wanted[bad].tolist())}). Give some like 0.5, or [0.25, 0.75]."
        )
    return wanted


def quantile_estimates(
    value: Floats,
    inside: Bools,
    design: ResolvedDesign,
    probabilities: Floats,
    *,
    interval: QuantileInterval = "mean",
    rule: QuantileRule = "math",
    conf_level: float = 0.95,
) -> Quantiles:
    """Estimate P quantiles in C columns that may overlap.

    Parameters
    ----------
    value : float array (n,)
        Numbers; those outside every column are not looked at.
    inside : bool array (n, C)
        Respondents with a number and a weight above 0, by column.
    design : ResolvedDesign
        Design of the n respondents.
    probabilities : float array (P,)
        Between 0 and 1.
    interval, rule, conf_level
        As for `quantile`.

    Returns
    -------
    Quantiles
        Arrays (P, C), in the unit of the numbers.

    Examples
    --------
    >>> design = resolve(None, pd.DataFrame(index=range(3)))
    >>> all_three = np.ones((3, 1), dtype=bool)
    >>> found = quantile_estimates(
    ...     np.array([1.0, 2.0, 9.0]), all_three, design, np.array([0.5])
    ... )
    >>> found.cells.estimate
    array([[2.]])
    """
    bases = bases_of(design, inside)
    everywhere = np.tile(probabilities[:, None], inside.shape[1])
    estimate = _by_column(value, inside, design, everywhere, rule)
    share, error, deff = _shares(value, inside, design, estimate)
    ends = share_interval(
        share,
        error,
        bases.precision,
        method=_METHODS[interval],
        conf_level=conf_level,
    )
    low = _by_column(value, inside, design, ends.low, rule)
    high = _by_column(value, inside, design, ends.high, rule)
    df = np.where(bases.precision.known, bases.precision.degrees_of_freedom, np.nan)
    std_error = (high - low) / (2 * special.stdtrit(df, (1 + conf_level) / 2))
    note = np.full(estimate.shape, "", dtype=object)
    note[np.isnan(low) | np.isnan(high)] = OPEN
    note = notes_of(bases, note)
    return Quantiles(Cells(estimate, std_error, Interval(low, high), deff, note), bases)


def _by_column(
    value: Floats,
    inside: Bools,
    design: ResolvedDesign,
    probabilities: Floats,
    rule: QuantileRule,
) -> Floats:
    """Give the quantiles of every column at its own probabilities (P, C)."""
    found = [
        weighted_quantiles(value[member], design.weight[member], wanted, rule)
        for member, wanted in zip(inside.T, probabilities.T, strict=True)
    ]
    return np.column_stack(found)


def _shares(
    value: Floats, inside: Bools, design: ResolvedDesign, estimate: Floats
) -> tuple[Floats, Floats, Floats]:
    """Give the share up to each estimate, its error and design effect (P, C)."""
    shape = estimate.shape
    member = np.tile(inside, shape[0])
    below = member & (value[:, None] <= estimate.ravel())

    def shares(weight: Floats) -> Floats:
        whole = weight @ member
        nobody = np.full_like(whole, np.nan)
        return np.divide(weight @ below, whole, out=nobody, where=whole > 0)

    # All of them is a matter of counts, not of the last digit of a sum.
    every = below.sum(axis=0) == member.sum(axis=0)
    share = np.where(every, 1.0, shares(design.weight))
    residual = np.where(member, below - share, 0.0) * inverse(design.weight @ member)
    scores = design.weight[:, None] * residual
    variance = variances(design, scores, member, shares)
    deff = design_effects(design, scores, member, variance)
    return share.reshape(shape), np.sqrt(variance).reshape(shape), deff.reshape(shape)

"""Estimates: shares, means and totals with standard errors, intervals and bases.

Every number comes from cell totals; nothing here touches a respondent.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.answers import prepare
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.intervals import (
    IntervalMethod,
    Precision,
    check_interval,
    share_interval,
    t_interval,
)
from survey.estimation.layout import (
    ColumnLayout,
    Columns,
    columns_of,
    cross,
    lay_out,
    total_column,
)
from survey.estimation.linearization import (
    Residual,
    covariance,
    degrees_of_freedom,
)
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals, tally
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable

Floats = NDArray[np.float64]
Statistic = Literal["share", "mean", "total"]

# A spread that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14

NO_ONE = "no respondents"
ONE = "no interval: one respondent"
NO_FREEDOM = "no interval: no degrees of freedom"


@dataclass(frozen=True, slots=True, eq=False)
class Estimates:
    """Estimates of R rows in C columns; column 0 is Total.

    Attributes
    ----------
    estimate, std_error, conf_low, conf_high, deff : float arrays (R, C)
        NaN in a column without respondents.
    covariance : float array (R, C, C)
        Covariance between the columns, row by row.
    count : float array (R, C)
        Unweighted respondents in the cell.
    base_weighted : float array (C,)
        Sum of weights.
    precision : Precision
        Unweighted and effective base and degrees of freedom, arrays (C,).
    """

    estimate: Floats
    std_error: Floats
    conf_low: Floats
    conf_high: Floats
    deff: Floats
    covariance: Floats
    count: Floats
    base_weighted: Floats
    precision: Precision


def estimate_table(
    totals: CellTotals,
    layout: ColumnLayout,
    statistic: Statistic,
    *,
    interval: str = "logit",
    conf_level: float = 0.95,
) -> Estimates:
    """Turn cell totals into estimates.

    Parameters
    ----------
    totals : CellTotals
        Sums over J pairs and R rows.
    layout : ColumnLayout
        C columns over the design.
    statistic : {"share", "mean", "total"}
        What to estimate.
    interval : str, default "logit"
        Interval of shares; means and totals have t intervals.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    Estimates
        Arrays by row and column.

    Notes
    -----
    The design effect is the variance over that of a simple random sample drawn with
    replacement of the same size: for a share ``p (1 - p) / (n - 1)``. At 0 % and
    100 %, where both are 0, it is the Kish effect of the weights, which is what the
    interval there uses.
    """
    sums = _column_sums(totals, layout)
    precision = Precision(
        sums.base_n,
        sums.base_w**2 * _inverse(sums.base_w2),
        degrees_of_freedom(totals, layout),
    )
    residual = _residual(sums, statistic, totals.centre)
    matrix = covariance(totals, layout, residual)
    empty = sums.base_n == 0
    variance = np.maximum(np.einsum("rcc->rc", matrix), 0.0)
    if statistic == "share":
        # Sums differ in their last digit; a share of all or none has no variance.
        variance = np.where(np.isin(residual.shift, (0.0, 1.0)), 0.0, variance)
    variance = np.where(empty, np.nan, variance)
    estimate = sums.first + totals.centre * sums.base_w
    if statistic != "total":
        estimate = residual.shift + totals.centre
    estimate = np.where(empty, np.nan, estimate)
    error = np.sqrt(variance)
    if statistic == "share":
        ends = share_interval(
            estimate, error, precision, method=interval, conf_level=conf_level
        )
    else:
        ends = t_interval(estimate, error, precision, conf_level)
    deff = _design_effect(sums, variance, precision, total=statistic == "total")
    return Estimates(
        estimate,
        error,
        ends.low,
        ends.high,
        deff,
        matrix,
        sums.count,
        sums.base_w,
        precision,
    )


@dataclass(frozen=True, slots=True, eq=False)
class _ColumnSums:
    """Cell totals added up over the design: by row and column, or by column."""

    count: Floats
    first: Floats
    second: Floats
    base_n: Floats
    base_w: Floats
    base_w2: Floats


def _column_sums(totals: CellTotals, layout: ColumnLayout) -> _ColumnSums:
    """Add up cell totals over the design."""
    parts = [totals.n, totals.w, totals.w_square]
    base = np.column_stack([totals.base_n, totals.base_w, totals.base_w2])
    member = layout.columns.membership
    summed = sum_by(layout.pattern, np.hstack([*parts, base]), len(member)).T @ member
    rows = totals.n.shape[1]
    count, first, second = (summed[i * rows : (i + 1) * rows] for i in range(3))
    return _ColumnSums(count, first, second, *summed[3 * rows :])


def _inverse(values: Floats) -> Floats:
    """Give 1 / value, and 0 for 0."""
    return np.divide(1.0, values, out=np.zeros_like(values), where=values > 0)


def _residual(sums: _ColumnSums, statistic: Statistic, centre: float) -> Residual:
    """Give what the linearised residual takes off and divides by."""
    if statistic == "total":
        return Residual(np.full_like(sums.first, -centre), np.ones_like(sums.base_w))
    inverse = _inverse(sums.base_w)
    shift = sums.first * inverse
    if statistic == "share":
        # All or none is a matter of counts, not of the last digit of a sum.
        shift = np.where(sums.count == sums.base_n, 1.0, shift)
        shift = np.where(sums.count == 0, 0.0, shift)
    return Residual(shift, inverse)


def _design_effect(
    sums: _ColumnSums, variance: Floats, precision: Precision, *, total: bool
) -> Floats:
    """Divide the variance by that of simple random sampling with replacement."""
    n = np.where(precision.base > 1, precision.base, np.nan)
    inverse = _inverse(sums.base_w)
    square = sums.second * inverse
    spread = square - (sums.first * inverse) ** 2
    simple = np.where(spread > _ROUNDING * square, spread, 0.0) / (n - 1)
    if total:
        simple = simple * sums.base_w**2
    kish = n * _inverse(precision.base_effective)
    none = ~(simple > 0) | (sums.count == 0)
    return np.where(none, kish, variance / np.where(simple > 0, simple, 1.0))


def precision_notes(precision: Precision) -> list[str]:
    """Say for every column why it has no interval; empty where it has one.

    Parameters
    ----------
    precision : Precision
        Bases and degrees of freedom of C columns.

    Returns
    -------
    list of str
        C notes.

    Examples
    --------
    >>> one = Precision(np.array([1.0]), np.array([1.0]), np.array([0.0]))
    >>> precision_notes(one)
    ['no interval: one respondent']
    """
    notes = [NO_ONE, ONE]
    return [
        notes[int(n)] if n < len(notes) else ("" if df >= 1 else NO_FREEDOM)
        for n, df in zip(precision.base, precision.degrees_of_freedom, strict=True)
    ]


def proportion(
    data: Responses | pd.DataFrame,
    name: str,
    *,
    by: str | Sequence[str] | None = None,
    design: SurveyDesign | None = None,
    interval: IntervalMethod = "logit",
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the share of every category of a question.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents. Missing values of a DataFrame are outside the base.
    name : str
        Question, grid (every item), or column.
    by : str or sequence of str, optional
        Questions whose categories are the domains; several are crossed.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.
    interval : {"logit", "wilson", "beta", "arcsine", "xlogit", "wald"}
        Confidence interval; see `share_interval`.
    conf_level : float, default 0.95
        Confidence level.

    Returns
    -------
    DataFrame
        One row per question, domain and category, also for one that nobody chose:
        ``question, code, label, domain, estimate`` (0 to 1), ``std_error, conf_low,
        conf_high, deff, base_unweighted, base_weighted, base_effective,
        degrees_of_freedom, note``.

    Raises
    ------
    QuestionError
        There is no such question.
    DesignError
        The design contradicts itself or the data.
    EstimationError
        Nobody is in the base.

    See Also
    --------
    mean : Mean of numbers.
    total : Weighted totals.

    Notes
    -----
    Standard errors are linearised (see `covariance`). Domains subset the estimate:
    all respondents stay in the strata of the design. Bases count respondents with a
    weight above 0.

    Examples
    --------
    >>> firms = pd.DataFrame({"uses": ["yes", "no", "yes", "yes"]})
    >>> proportion(firms, "uses")[["code", "estimate", "std_error"]]
      code  estimate  std_error
    0   no      0.25       0.25
    1  yes      0.75       0.25
    """
    check_interval(interval, conf_level)
    return _estimates(data, name, by, design, "share", interval, conf_level)


def mean(
    data: Responses | pd.DataFrame,
    name: str,
    *,
    by: str | Sequence[str] | None = None,
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate the mean of numbers, or of codes that are numbers.

    Parameters
    ----------
    data, name, by, design, conf_level
        As for `proportion`.

    Returns
    -------
    DataFrame
        As from `proportion`, one row per question and domain, with an empty code
        and a t interval.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `proportion`; also when the answers are no numbers.

    Examples
    --------
    >>> firms = pd.DataFrame({"staff": [1.0, 3.0, 5.0]})
    >>> float(mean(firms, "staff").loc[0, "std_error"]) ** 2 * 3
    4.0
    """
    check_interval("logit", conf_level)
    return _estimates(data, name, by, design, "mean", "logit", conf_level)


def total(
    data: Responses | pd.DataFrame,
    name: str,
    *,
    by: str | Sequence[str] | None = None,
    design: SurveyDesign | None = None,
    conf_level: float = 0.95,
) -> pd.DataFrame:
    """Estimate a total: of numbers, or of respondents in every category.

    Parameters
    ----------
    data, name, by, design, conf_level
        As for `proportion`.

    Returns
    -------
    DataFrame
        As from `proportion`, in units of the weights: a question or column of
        numbers has one row with an empty code, any other question one per category.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `proportion`.

    Examples
    --------
    >>> firms = pd.DataFrame({"staff": [1.0, 3.0, 5.0], "w": [10.0, 10.0, 10.0]})
    >>> total(firms, "staff", design=SurveyDesign(weight="w"))["estimate"].tolist()
    [90.0]
    """
    check_interval("logit", conf_level)
    return _estimates(data, name, by, design, "total", "logit", conf_level)


def _estimates(
    data: Responses | pd.DataFrame,
    name: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
    statistic: Statistic,
    interval: str,
    conf_level: float,
) -> pd.DataFrame:
    """Estimate a question in its domains and write the tidy frame."""
    resolved = resolve(design, data)
    layout = lay_out(_domains(data, by, resolved), resolved)
    frames = []
    for variable in variables(data, name):
        numbers = statistic != "share" and variable.value is not None
        if statistic == "mean" and not numbers:
            variable, numbers = _scored(variable), True  # noqa: PLW2901 - the codes become its numbers
        answers = prepare(variable, resolved.used, numbers=numbers)
        if not answers.base.any():
            raise EstimationError(
                f"{variable.name!r} has no respondent in its base "
                f"({variable.base_text}, weight above 0). Ask for another question."
            )
        table = estimate_table(
            tally(answers, layout),
            layout,
            statistic,
            interval=interval,
            conf_level=conf_level,
        )
        rows = (Row("", variable.label, ()),) if numbers else variable.rows
        frames.append(_tidy(variable.name, rows, layout.columns, table))
    return pd.concat(frames, ignore_index=True)


def _domains(
    data: Responses | pd.DataFrame,
    by: str | Sequence[str] | None,
    design: ResolvedDesign,
) -> Columns:
    """Give the domains as columns after Total."""
    names = [by] if isinstance(by, str) else list(by or ())
    columns = total_column(design.used.size)
    for place, name in enumerate(names):
        found = variables(data, name)
        if len(found) != 1:
            raise EstimationError(
                f"{name!r} is a grid of {len(found)} items and cannot be a domain. "
                f"Name one item, such as {found[0].name!r}."
            )
        one = columns_of(found[0])
        columns = cross(columns, one) if place else one
    return columns


def _scored(variable: Variable) -> Variable:
    """Take the codes of a single response question as numbers."""
    try:
        scores = np.array([float(code) for code in variable.codes] + [np.nan])
    except ValueError:
        raise EstimationError(
            f"{variable.name!r} has codes that are no numbers "
            f"({', '.join(variable.codes[:3])} ...), so it has no mean. "
            "Ask for its proportions."
        ) from None
    if variable.position is None:
        raise EstimationError(
            f"{variable.name!r} is multiple response and has no mean. "
            "Ask for its proportions."
        )
    return Variable(
        variable.name,
        variable.label,
        (),
        (),
        None,
        None,
        scores[variable.position],
        variable.base,
        variable.base_text,
    )


def _tidy(
    question: str, rows: tuple[Row, ...], columns: Columns, table: Estimates
) -> pd.DataFrame:
    """Write estimates as one tidy frame, domain by domain."""
    # Total stands alone; with domains it is left out, as every row is a domain.
    first = 1 if columns.codes else 0
    domains = ("Total", *columns.labels)[first:]
    cells = {
        name: getattr(table, name)[:, first:].T.ravel()
        for name in ("estimate", "std_error", "conf_low", "conf_high", "deff")
    }
    precision, height = table.precision, len(rows)
    ends = {
        "base_unweighted": precision.base.astype(int),
        "base_weighted": table.base_weighted,
        "base_effective": precision.base_effective,
        "degrees_of_freedom": precision.degrees_of_freedom.astype(int),
        "note": np.array(precision_notes(precision), dtype=object),
    }
    return pd.DataFrame(
        {
            "question": question,
            "code": [row.code for row in rows] * len(domains),
            "label": [row.label for row in rows] * len(domains),
            "domain": np.repeat(np.array(domains, dtype=object), height),
            **cells,
            **{name: np.repeat(v[first:], height) for name, v in ends.items()},
        }
    )

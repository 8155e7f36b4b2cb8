"""Estimates: shares, means and totals with standard errors, intervals and bases.

Every number comes from cell totals; nothing here touches a respondent.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.errors import EstimationError
from survey.estimation.answers import prepare
from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.estimation.intervals import (
    IntervalMethod,
    check_interval,
)
from survey.estimation.layout import (
    Columns,
    columns_of,
    cross,
    lay_out,
    total_column,
)
from survey.estimation.table import (
    Estimates,
    Statistic,
    estimate_table,
    precision_notes,
)
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable


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

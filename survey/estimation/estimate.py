"""Estimates: shares, means and totals with standard errors, intervals and bases.

Every number comes from cell totals; nothing here touches a respondent.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd

from survey.errors import EstimationError
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.domains import (
    Bases,
    Cells,
    domain_columns,
    notes_of,
    numbers_of,
    tidy,
)
from survey.estimation.estimates import Estimates
from survey.estimation.intervals import Interval, IntervalMethod, check_interval
from survey.estimation.layout import Columns, lay_out
from survey.estimation.stored_estimate import Source, stored_source
from survey.estimation.stored_tally import answers_of, count_answers, respondents_in
from survey.estimation.table import Statistic, estimate_table
from survey.importers.stored import StoredData
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row


def proportion(
    data: Responses | pd.DataFrame | StoredData,
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
    data : Responses, DataFrame or StoredData
        All respondents. Missing values of plain columns are outside the base.
    name : str
        Question, grid (every item), or column.
    by : str or sequence of str, optional
        Questions whose categories are the domains; several are crossed.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.
    interval : {"logit", "wilson", "beta", "arcsine", "likelihood", "xlogit", "wald"}
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
    data: Responses | pd.DataFrame | StoredData,
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
    data: Responses | pd.DataFrame | StoredData,
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
    data: Responses | pd.DataFrame | StoredData,
    name: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
    statistic: Statistic,
    interval: str,
    conf_level: float,
) -> pd.DataFrame:
    """Estimate a question in its domains and write the tidy frame."""
    source = _source(data, name, by, design, statistic)
    resolved = source.design
    layout = lay_out(domain_columns(source.data, by, resolved), resolved)
    frames = []
    for variable in source.variables:
        numbers = statistic != "share" and variable.value is not None
        if statistic == "mean" and not numbers:
            variable, numbers = numbers_of(variable), True  # noqa: PLW2901 - the codes become its numbers
        answers = answers_of(variable, resolved, numbers=numbers)
        if not respondents_in(answers, resolved):
            raise EstimationError(
                f"{variable.name!r} has no respondent in its base "
                f"({variable.base_text}, weight above 0). Ask for another question."
            )
        table = estimate_table(
            count_answers(answers, layout),
            layout,
            statistic,
            interval=interval,
            conf_level=conf_level,
        )
        rows = (Row("", variable.label, ()),) if numbers else variable.rows
        frames.append(_tidy(variable.name, rows, layout.columns, table))
    return pd.concat(frames, ignore_index=True)


def _source(
    data: Responses | pd.DataFrame | StoredData,
    name: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
    statistic: Statistic,
) -> Source:
    """Look a question up, or have it counted where the data are."""
    if isinstance(data, StoredData):
        return stored_source(data, name, by, design, numbers=statistic != "share")
    return Source(data, variables(data, name), resolve(design, data))


def _tidy(
    question: str, rows: tuple[Row, ...], columns: Columns, table: Estimates
) -> pd.DataFrame:
    """Write estimates as one tidy frame, domain by domain."""
    # Total stands alone; with domains it is left out, as every row is a domain.
    shown = np.arange(1 if columns.codes else 0, 1 + len(columns.codes))
    domains = [("Total", *columns.labels)[place] for place in shown]
    bases = Bases(table.base_weighted[shown], table.precision.of(shown))
    cells = Cells(
        table.estimate[:, shown],
        table.std_error[:, shown],
        Interval(table.conf_low[:, shown], table.conf_high[:, shown]),
        table.deff[:, shown],
        notes_of(bases, np.full((len(rows), len(shown)), "", dtype=object)),
    )
    names = [(row.code, row.label) for row in rows]
    return tidy(question, names, domains, cells, bases)

"""Estimates of stored data: one question in its domains, counted where the data are."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.design import ResolvedDesign, SurveyDesign
from survey.estimation.domains import domain_columns
from survey.estimation.effects import inverse
from survey.estimation.estimates import Estimates
from survey.estimation.layout import Columns, lay_out, total_column
from survey.estimation.stored_answers import (
    MOST_PATTERNS,
    coded,
    means_of,
    of_numbers,
    read_values,
)
from survey.estimation.stored_asked import Asked, Groups, Number, check_columns
from survey.estimation.stored_design import design_columns, resolve_groups
from survey.estimation.stored_query import count_groups
from survey.estimation.stored_tally import answers_of, count_answers
from survey.estimation.sums import sum_by
from survey.estimation.table import estimate_table
from survey.importers.stored import StoredData
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Variable

Floats = NDArray[np.float64]

# A total that is smaller than this share of its terms is rounding error.
_ROUNDING = 1e-14


@dataclass(frozen=True, slots=True, eq=False)
class Source:
    """What one question is estimated from.

    Attributes
    ----------
    data : Responses or DataFrame
        Domains of n respondents, or of groups that stand for them.
    variables : tuple of Variable
        The question.
    design : ResolvedDesign
        Design of the respondents or groups.
    """

    data: Responses | pd.DataFrame
    variables: tuple[Variable, ...]
    design: ResolvedDesign


def stored_source(
    data: StoredData,
    name: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
    *,
    numbers: bool,
) -> Source:
    """Count one question by domains and design.

    Parameters
    ----------
    data : StoredData
        All respondents.
    name : str
        Column.
    by : str, sequence of str or None
        Columns of the domains.
    design : SurveyDesign or None
        How respondents were drawn, by names of columns.
    numbers : bool
        Whether the values of a column of numbers are added up, and not counted.

    Returns
    -------
    Source
        Groups.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `proportion`; also where a column has too many values to be codes.

    Notes
    -----
    Codes take one query for the values and one for the sums. Numbers take one for
    the means by domain, and one for sums of what is left when they are taken off.
    """
    design = SurveyDesign() if design is None else design
    keys, weight = design_columns(design, data), weight_name(design)
    domains = domain_names(data, by)
    check_columns(data, [name], "")
    asked: Asked
    if numbers and data.frame.collect_schema()[name].is_numeric():
        asked = means_of(data, [name], domains, weight)[0]
        variable = of_numbers(name)
    else:
        values = read_values(data, [name])
        variable, asked = coded(variables(values, name)[0], name, values, data)
    groups = count_groups(data, [*domains, *keys], weight, [asked])
    return Source(groups.frame, (variable,), resolve_groups(design, groups))


def weight_name(design: SurveyDesign) -> str | None:
    """Give the column of weights of a design that `design_columns` has checked."""
    return design.weight if isinstance(design.weight, str) else None


def domain_names(data: StoredData, by: str | Sequence[str] | None) -> list[str]:
    """Give the columns of domains, checked."""
    names = [by] if isinstance(by, (str, int)) else list(by or ())
    check_columns(data, names, "")
    return names


def stored_ratio(
    data: StoredData,
    numerator: str,
    denominator: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
) -> tuple[Source, Groups]:
    """Count the residuals of a ratio by domains and design.

    Parameters
    ----------
    data : StoredData
        All respondents.
    numerator, denominator : str
        Columns of numbers.
    by : str, sequence of str or None
        Columns of the domains.
    design : SurveyDesign or None
        How respondents were drawn.

    Returns
    -------
    Source, Groups
        Numerator less ratio times denominator as the number ``residual``; and both
        numbers by domain, where both are there, as ``above`` and ``below``.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `ratio`.
    """
    design = SurveyDesign() if design is None else design
    keys, weight = design_columns(design, data), weight_name(design)
    if design.method is not None:
        raise EstimationError(
            f"ratios of stored data have no replicates (method {design.method!r}). "
            "Leave method out for linearisation, or load the columns as a DataFrame."
        )
    domains = domain_names(data, by)
    check_columns(data, [numerator, denominator], "")
    for name in (numerator, denominator):
        if not data.frame.collect_schema()[name].is_numeric():
            raise EstimationError(
                f"{name!r} holds {data.frame.collect_schema()[name]} and no numbers. "
                "Ask for its proportions, or store it as numbers."
            )
    first = _pair(data, numerator, denominator, domains, weight)
    above, below = (first.sums.numbers[one].wy for one in ("above", "below"))
    ratios = np.divide(above, below, out=np.zeros(len(above)), where=below != 0)
    patterns = first.frame if domains else pd.DataFrame(index=[0])
    zero = np.zeros(len(patterns))
    asked = Number("residual", numerator, denominator, patterns, zero, ratios)
    groups = count_groups(data, [*domains, *keys], weight, [asked])
    residual = of_numbers("residual")
    source = Source(groups.frame, (residual,), resolve_groups(design, groups))
    return source, first


def _pair(
    data: StoredData,
    numerator: str,
    denominator: str,
    domains: Sequence[str],
    weight: str | None,
) -> Groups:
    """Add up two numbers by domain, where both are there."""
    nothing, zero = pd.DataFrame(index=[0]), np.zeros(1)
    pair = [
        Number("above", numerator, denominator, nothing, zero, zero),
        Number("below", denominator, numerator, nothing, zero, zero),
    ]
    found = count_groups(data, domains, weight, pair)
    if len(found.frame) > MOST_PATTERNS:
        raise EstimationError(
            f"the domains are {len(found.frame)} combinations, and ratios of stored "
            f"data have at most {MOST_PATTERNS}. Name fewer questions in by."
        )
    return found


@dataclass(frozen=True, slots=True, eq=False)
class Ratios:
    """Ratios in C columns, arrays (C,).

    Attributes
    ----------
    ratio, std_error, deff : float arrays (C,)
        NaN where the denominator adds up to 0.
    table : Estimates
        Totals of the residuals, with the bases.
    columns : Columns
        Total, and the domains.
    """

    ratio: Floats
    std_error: Floats
    deff: Floats
    table: Estimates
    columns: Columns


def stored_ratios(
    data: StoredData,
    numerator: str,
    denominator: str,
    by: str | Sequence[str] | None,
    design: SurveyDesign | None,
) -> Ratios:
    """Estimate the ratio of two numbers by domain.

    Parameters
    ----------
    data, numerator, denominator, by, design
        As for `ratio`.

    Returns
    -------
    Ratios
        By column.

    Raises
    ------
    QuestionError, DesignError, EstimationError
        As for `ratio`.
    """
    source, first = stored_ratio(data, numerator, denominator, by, design)
    layout = lay_out(domain_columns(source.data, by, source.design), source.design)
    totals = count_answers(answers_of(source.variables[0], source.design), layout)
    table = estimate_table(totals, layout, "total")
    simple = total_column(len(first.frame))
    columns = domain_columns(first.frame, by, source.design) if by else simple
    member = columns.membership[columns.pattern]
    above, below = (first.sums.numbers[one] for one in ("above", "below"))
    top, bottom = above.wy @ member, below.wy @ member
    size = np.sqrt((below.w @ member) * (below.wyy @ member))
    there = np.abs(bottom) > _ROUNDING * size
    per = np.divide(1.0, bottom, out=np.full_like(bottom, np.nan), where=there)
    assert totals.w_square is not None, "residuals are numbers"
    square = sum_by(
        layout.lump_pattern, totals.w_square, len(layout.columns.membership)
    )
    error = table.std_error[0] * np.abs(per)
    deff = _deff(table, (square.T @ layout.columns.membership)[0] * per**2, error)
    return Ratios(top * per, error, deff, table, columns)


def _deff(table: Estimates, square: Floats, error: Floats) -> Floats:
    """Divide variances by those of simple random sampling with replacement (C,)."""
    n, weighted = table.precision.base, table.base_weighted
    spread = square * inverse(weighted)
    count = np.where(n > 1, n, np.nan)
    simple = spread * weighted**2 / (count - 1)
    kish = count * inverse(table.precision.base_effective)
    return np.where(simple > 0, error**2 / np.where(simple > 0, simple, 1.0), kish)

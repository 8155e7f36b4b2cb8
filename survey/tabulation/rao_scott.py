"""Rao-Scott test: is a question associated with a banner question, given the design.

The covariance of the cells comes from the same totals as the table.
"""

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError
from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import ColumnLayout, columns_of, lay_out
from survey.estimation.scores import score_covariance
from survey.estimation.sums import sum_by
from survey.estimation.totals import CellTotals, tally
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable

Floats = NDArray[np.float64]

_TWO = 2
# Design effects are near 1; below this, their sum is rounding.
_NO_VARIANCE = 1e-9


@dataclass(frozen=True, slots=True)
class RaoScott:
    """Result of a second order Rao-Scott test.

    Attributes
    ----------
    statistic : float
        F.
    ndf, ddf : float
        Degrees of freedom of numerator and denominator.
    p_value : float
        0 to 1.
    deff : float
        Mean generalised design effect.
    """

    statistic: float
    ndf: float
    ddf: float
    p_value: float
    deff: float


def rao_scott(
    data: Responses | pd.DataFrame,
    row: str,
    column: str,
    *,
    design: SurveyDesign | None = None,
) -> RaoScott:
    """Test whether two single response questions are associated.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents. Missing values of a DataFrame are outside the base.
    row, column : str
        Questions; respondents with an answer to both are tested.
    design : SurveyDesign, optional
        Weights, strata, PSUs; equal weights when omitted.

    Returns
    -------
    RaoScott
        F with its degrees of freedom.

    Raises
    ------
    QuestionError
        There is no such question.
    EstimationError
        A question is multiple response or has numbers only; fewer than two
        categories occur; the design leaves no degrees of freedom.

    Notes
    -----
    Pearson's statistic with the second order correction [1]_, compared with F, whose
    denominator has ``ndf`` times the degrees of freedom of the whole design
    (PSUs minus strata), as ``svychisq(statistic="F")`` of R `survey`. Categories that
    nobody chose are left out.

    References
    ----------
    .. [1] Rao and Scott (1984), Annals of Statistics 12(1), 46-60.

    Examples
    --------
    Without a design it is Pearson's statistic 4 (1 - 0)^2, times 7 / 8.

    >>> answers = [1, 1, 1, 2, 1, 2, 2, 2]
    >>> firms = pd.DataFrame({"q": answers, "size": [1, 1, 1, 1, 2, 2, 2, 2]})
    >>> round(rao_scott(firms, "q", "size").statistic, 6)
    1.75
    """
    resolved = resolve(design, data)
    rows, columns = _single(data, row), _single(data, column)
    layout = lay_out(columns_of(columns), resolved)
    return table_test(category_totals(rows, layout), layout)


def category_totals(variable: Variable, layout: ColumnLayout) -> CellTotals:
    """Count every code of a single response question, without its nets.

    Parameters
    ----------
    variable : Variable
        Single response.
    layout : ColumnLayout
        Columns over the design.

    Returns
    -------
    CellTotals
        One row per code.
    """
    plain = Variable(
        variable.name,
        variable.label,
        variable.codes,
        tuple(Row(code, code, (code,)) for code in variable.codes),
        variable.position,
        None,
        None,
        variable.base,
    )
    return tally(prepare(plain, layout.design.used), layout)


def table_test(totals: CellTotals, layout: ColumnLayout) -> RaoScott:
    """Test a table whose rows and columns are exclusive.

    Parameters
    ----------
    totals : CellTotals
        Sums by code of the row question.
    layout : ColumnLayout
        Columns of a single response question: pattern 0 is no answer.

    Returns
    -------
    RaoScott
        F with its degrees of freedom.

    Raises
    ------
    EstimationError
        Fewer than two rows or columns, no degrees of freedom, or too few occupied
        cells.
    """
    table, n = _occupied(totals, layout)
    degrees = layout.design.degrees_of_freedom
    if degrees < 1:
        raise EstimationError(
            "the design has as many strata as PSUs, so a test has no degrees of "
            "freedom. Merge strata."
        )
    kept = np.ix_(*(np.flatnonzero(table.any(axis=axis)) for axis in (1, 0)))
    inner = table[kept]
    if min(inner.shape) < _TWO:
        raise EstimationError(
            f"a test of association needs two categories on both sides; "
            f"{inner.shape[0]} x {inner.shape[1]} occur. Choose other questions."
        )
    weight = inner.sum()
    share = inner / weight
    contrast = _contrasts(*inner.shape)
    scores = np.zeros((*table.shape, contrast.shape[-1]))
    scores[kept] = _scores(share, contrast) / weight
    padded = np.zeros((len(layout.columns.membership), *scores.shape[1:]))
    padded[1:] = scores
    delta = _delta(share, contrast, score_covariance(totals, layout, padded), n)
    trace = float(np.trace(delta))
    if trace < _NO_VARIANCE:
        raise EstimationError(
            "one question follows from the other, so there is nothing to test. "
            "Choose other questions."
        )
    ndf = trace**2 / float(np.trace(delta @ delta))
    statistic = n * _pearson(share) / trace
    ddf = ndf * degrees
    p_value = float(special.fdtrc(ndf, ddf, statistic))
    return RaoScott(statistic, ndf, ddf, p_value, trace / len(delta))


def _single(data: Responses | pd.DataFrame, name: str) -> Variable:
    """Give a single response question."""
    found = variables(data, name)
    if len(found) != 1 or found[0].position is None:
        what = "a grid" if len(found) != 1 else "multiple response or a number"
        raise EstimationError(
            f"{name!r} is {what}; the Rao-Scott test is defined for single response. "
            "Test one item, or compare columns."
        )
    return found[0]


def _occupied(totals: CellTotals, layout: ColumnLayout) -> tuple[Floats, float]:
    """Give weights by column and row (columns, R), and respondents in the table."""
    patterns = len(layout.columns.membership)
    weights = sum_by(layout.pattern, totals.w, patterns)[1:]
    counts = sum_by(layout.pattern, totals.n, patterns)[1:]
    return weights, float(counts.sum())


def _contrasts(columns: int, rows: int) -> Floats:
    """Give a basis of the interaction (columns, rows, (columns - 1) (rows - 1))."""
    one, two = (
        np.vstack([np.eye(size - 1), -np.ones(size - 1)]) for size in (columns, rows)
    )
    crossed = np.einsum("ci,rj->crij", one, two)
    return np.asarray(crossed.reshape(columns, rows, -1))


def _scores(share: Floats, contrast: Floats) -> Floats:
    """Give the influence of a respondent on the contrasts of the relative cells."""
    held = (share > 0)[..., None]
    safe = np.where(share > 0, share, 1.0)[..., None]
    relative = np.where(held, contrast / safe, 0.0)
    return np.asarray(relative - (contrast * held).sum(axis=(0, 1)))


def _delta(share: Floats, contrast: Floats, covariance: Floats, n: float) -> Floats:
    """Give the generalised design effects as a matrix."""
    flat = contrast.reshape(-1, contrast.shape[-1])
    inverse = np.divide(1.0, share, out=np.zeros_like(share), where=share > 0).ravel()
    simple = flat.T @ (flat * inverse[:, None]) / n
    # Solving would not fail: rounding leaves a singular matrix a tiny eigenvalue.
    if np.linalg.matrix_rank(simple, hermitian=True) < len(simple):
        raise EstimationError(
            f"{int((share == 0).sum())} of {share.size} cells of the table are empty, "
            "too many for a test of association. Merge categories."
        )
    return np.asarray(np.linalg.solve(simple, covariance))


def _pearson(share: Floats) -> float:
    """Give Pearson's statistic per respondent."""
    expected = np.outer(share.sum(axis=1), share.sum(axis=0))
    return float(((share - expected) ** 2 / expected).sum())

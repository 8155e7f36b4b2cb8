"""Fit of a linear or logistic model to weighted respondents, and its influence.

A fit has converged when its linear predictor stands still; anything else raises.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import special

from survey.errors import EstimationError, some
from survey.estimation.model_questions import Family

Floats = NDArray[np.float64]

# Newton squares the distance, so the next step after this one is rounding.
_STILL = 1e-9
# A fit that exists needs about eight steps; a separated one moves on for ever.
_STEPS = 40
_HALVINGS = 30
# Distance of a column to those before it, as a share of its length.
_COLLINEAR = 1e-10
_CERTAIN = 1e-6


@dataclass(frozen=True, slots=True, eq=False)
class Curve:
    """The mean of an outcome, and its first two derivatives, at linear predictors."""

    mean: Floats
    slope: Floats
    bend: Floats


def curve(family: Family, predictor: Floats) -> Curve:
    """Give the mean of the outcome and how it changes with the linear predictor.

    Parameters
    ----------
    family : {"linear", "logistic"}
        Identity, or logistic function.
    predictor : float array (m,)
        Linear predictors.

    Returns
    -------
    Curve
        Three arrays (m,).

    Examples
    --------
    >>> curve("logistic", np.array([0.0])).slope.tolist()
    [0.25]
    """
    if family == "linear":
        return Curve(predictor, np.ones_like(predictor), np.zeros_like(predictor))
    mean = special.expit(predictor)
    slope = mean * special.expit(-predictor)
    return Curve(mean, slope, slope * (1 - 2 * mean))


def check_columns(columns: Floats, weight: Floats, names: Sequence[str]) -> None:
    """Refuse columns that others determine.

    Parameters
    ----------
    columns : float array (m, p)
        Model matrix, with m at least p.
    weight : float array (m,)
        Weights above 0.
    names : sequence of str
        What the columns are called.

    Raises
    ------
    EstimationError
        Naming the columns that those before them determine.

    Examples
    --------
    >>> twice = np.array([[1.0, 2.0], [2.0, 4.0], [3.0, 6.0]])
    >>> check_columns(twice, np.ones(3), ["x", "double"])
    Traceback (most recent call last):
        ...
    survey.errors.EstimationError: 1 of 2 columns of the model follow from those
    before them: 'double'. Leave out a term, merge categories, or take a wider domain.
    """
    scaled = columns * np.sqrt(weight)[:, None]
    length = np.sqrt((scaled**2).sum(axis=0))
    scaled = scaled / np.where(length > 0, length, 1.0)
    distance = np.abs(np.diag(np.linalg.qr(scaled, mode="r")))
    bad = np.flatnonzero(distance < _COLLINEAR)
    if bad.size:
        raise EstimationError(
            f"{bad.size} of {len(names)} columns of the model follow from those before "
            f"them: {some(names[int(j)] for j in bad)}. Leave out a term, merge "
            "categories, or take a wider domain."
        )


def fit(
    columns: Floats,
    outcome: Floats,
    weight: Floats,
    family: Family,
    names: Sequence[str],
) -> Floats:
    """Fit a model to weighted respondents.

    Parameters
    ----------
    columns : float array (m, p)
        Model matrix, with m at least p.
    outcome : float array (m,)
        Numbers; 0 and 1 in a logistic model.
    weight : float array (m,)
        Weights, on any scale.
    family : {"linear", "logistic"}
        Least squares, or Newton's method on the likelihood.
    names : sequence of str
        What the columns are called.

    Returns
    -------
    float array (p,)
        Coefficients.

    Raises
    ------
    EstimationError
        Nobody has a weight, or columns determine each other; both can happen in one
        set of replicate weights. The outcome is separated: a logistic model has no
        finite fit.

    Examples
    --------
    Half of those with 0 and three quarters of those with 1: log odds 0 and log 3.

    >>> columns = np.column_stack([np.ones(6), [0, 0, 1, 1, 1, 1]])
    >>> outcome = np.array([0.0, 1, 0, 1, 1, 1])
    >>> found = fit(columns, outcome, np.ones(6), "logistic", ["Intercept", "x"])
    >>> np.exp(found).round(6).tolist()
    [1.0, 3.0]
    """
    if not weight.any():
        raise EstimationError(
            f"none of the {len(weight)} respondents of the model has a weight above 0. "
            "Take a wider domain."
        )
    weight = weight / weight.mean()
    check_columns(columns, weight, names)
    if family == "linear":
        return _solve(columns, outcome, weight)
    beta = np.zeros(columns.shape[1])
    for _ in range(_STEPS):
        at = curve(family, columns @ beta)
        step = _solve(columns, _over(outcome - at.mean, at.slope), weight * at.slope)
        step = _uphill(columns, outcome, weight, beta, step)
        beta = beta + step
        moved = float(np.abs(columns @ step).max())
        if moved < _STILL:
            return beta
        if not np.isfinite(moved):
            break
    raise EstimationError(_separated(columns, beta, step, names))


def _solve(columns: Floats, target: Floats, weight: Floats) -> Floats:
    """Give weighted least squares coefficients."""
    root = np.sqrt(weight)
    q, r = np.linalg.qr(columns * root[:, None])
    try:
        return np.asarray(np.linalg.solve(r, q.T @ (target * root)), dtype=np.float64)
    except np.linalg.LinAlgError:
        return np.full(columns.shape[1], np.nan)


def _over(top: Floats, bottom: Floats) -> Floats:
    """Divide; nothing by nothing is nothing."""
    return np.divide(top, bottom, out=np.zeros_like(top), where=bottom > 0)


def _uphill(
    columns: Floats, outcome: Floats, weight: Floats, beta: Floats, step: Floats
) -> Floats:
    """Halve a step until the likelihood does not fall."""
    sign = 1 - 2 * outcome

    def loss(at: Floats) -> float:
        return float(weight @ np.logaddexp(0.0, sign * (columns @ at)))

    now = loss(beta)
    for _ in range(_HALVINGS):
        # Near the top two sums of the same size differ by rounding only.
        if not loss(beta + step) > now * (1 + 1e-12):
            break
        step = step / 2
    return step


def _separated(
    columns: Floats, beta: Floats, step: Floats, names: Sequence[str]
) -> str:
    """Name the coefficients that grow without end."""
    moves = np.abs(step) * np.abs(columns).max(axis=0)
    growing = [n for n, m in zip(names, moves, strict=True) if not m < _CERTAIN]
    slope = curve("logistic", columns @ beta).slope
    certain = int((~(slope > _CERTAIN)).sum())
    return (
        f"the logistic model has no finite fit: {len(growing)} of {len(names)} "
        f"coefficients grow without end ({some(growing)}), because the terms say "
        f"exactly how {certain} of {len(columns)} respondents answered. Merge "
        "categories or leave out a term."
    )


def influence(
    columns: Floats, outcome: Floats, weight: Floats, family: Family, beta: Floats
) -> Floats:
    """Give weight times influence of every respondent on the coefficients.

    Parameters
    ----------
    columns, outcome, weight, family
        As for `fit`.
    beta : float array (p,)
        Coefficients.

    Returns
    -------
    float array (m, p)
        Scores; they sum to 0.

    References
    ----------
    .. [1] Binder (1983), International Statistical Review 51(3), 279-292.

    Examples
    --------
    A mean: what each differs from it, divided by how many there are.

    >>> one, y = np.ones((4, 1)), np.array([1.0, 2.0, 3.0, 6.0])
    >>> influence(one, y, np.ones(4), "linear", np.array([3.0])).ravel().tolist()
    [-0.5, -0.25, 0.0, 0.75]
    """
    weight = weight / weight.mean()
    at = curve(family, columns @ beta)
    root = np.sqrt(weight * at.slope)
    inverse = np.linalg.inv(np.linalg.qr(columns * root[:, None], mode="r"))
    scores = columns * (weight * (outcome - at.mean))[:, None]
    return np.asarray(scores @ inverse @ inverse.T)

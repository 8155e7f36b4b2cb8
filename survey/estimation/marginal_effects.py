"""Average marginal effects: what a predictor changes, in the unit of the outcome.

The effect of a category is the difference to its reference, that of a number its
slope, each with everything else as it is, averaged with the weights.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.estimation.model_fit import curve
from survey.estimation.model_questions import Family
from survey.estimation.model_terms import ModelTerms, Predictor, changed_columns

Floats = NDArray[np.float64]

# Small enough for five digits squared, large enough to keep ten after subtraction.
_STEP = 2.0**-10


@dataclass(frozen=True, slots=True, eq=False)
class Effects:
    """K average marginal effects: values (K,), and weight times influence (m, K)."""

    value: Floats
    scores: Floats


@dataclass(frozen=True, slots=True, eq=False)
class _Change:
    """Change of the mean (m,), and its derivatives by the coefficients (m, p)."""

    mean: Floats
    gradient: Floats


def marginal_effects(
    terms: ModelTerms, family: Family, beta: Floats, weight: Floats, influence: Floats
) -> Effects:
    """Average what every predictor changes.

    Parameters
    ----------
    terms : ModelTerms
        Columns of m respondents.
    family : {"linear", "logistic"}
        Family of the model.
    beta : float array (p,)
        Coefficients.
    weight : float array (m,)
        Weights.
    influence : float array (m, p)
        Weight times influence on the coefficients.

    Returns
    -------
    Effects
        In the order of `effect_names`.

    Notes
    -----
    The influence on an average has two parts: that of the respondent's own change,
    and that of the coefficients. So the variance covers both the coefficients and the
    respondents over whom the average is taken (unconditional; Stata calls it
    ``vce(unconditional)``), not that of the coefficients alone.

    References
    ----------
    .. [1] Graubard and Korn (1999), Biometrics 55(2), 652-659.
    """
    share = weight / weight.sum()
    values, scores = [], []
    for change in _changes(terms, family, beta):
        value = share @ change.mean
        values.append(value)
        own = share * (change.mean - value)
        scores.append(own + influence @ (share @ change.gradient))
    matrix = np.column_stack(scores) if scores else np.zeros((len(share), 0))
    return Effects(np.array(values, dtype=np.float64), matrix)


def effect_names(terms: ModelTerms) -> pd.DataFrame:
    """List the effects of a model.

    Parameters
    ----------
    terms : ModelTerms
        Columns of m respondents.

    Returns
    -------
    DataFrame
        ``term, code, label, reference``, one row per effect; of a number the last
        three are empty.
    """
    rows = [
        (predictor.name, code, label, predictor.codes[0] if code else "")
        for predictor in terms.predictors
        for code, label in _contrasts(predictor)
    ]
    return pd.DataFrame(rows, columns=["term", "code", "label", "reference"])


def _contrasts(predictor: Predictor) -> list[tuple[str, str]]:
    """List the categories that are compared with the reference, or one number."""
    pairs = zip(predictor.codes[1:], predictor.labels[1:], strict=True)
    return list(pairs) if predictor.codes else [("", "")]


def _changes(terms: ModelTerms, family: Family, beta: Floats) -> Iterator[_Change]:
    """Give the change that every effect averages."""
    for predictor in terms.predictors:
        if predictor.codes:
            yield from _differences(terms, predictor, family, beta)
        else:
            yield _slope(terms, predictor, family, beta)


def _differences(
    terms: ModelTerms, predictor: Predictor, family: Family, beta: Floats
) -> Iterator[_Change]:
    """Give everyone each category in turn, and compare with the reference."""
    first = _everyone(terms, predictor, predictor.codes[0])
    before = curve(family, first @ beta)
    for code in predictor.codes[1:]:
        columns = _everyone(terms, predictor, code)
        after = curve(family, columns @ beta)
        gradient = columns * after.slope[:, None] - first * before.slope[:, None]
        yield _Change(after.mean - before.mean, gradient)


def _slope(
    terms: ModelTerms, predictor: Predictor, family: Family, beta: Floats
) -> _Change:
    """Differentiate by a number."""
    at = curve(family, terms.columns @ beta)
    slopes = _column_slopes(terms, predictor.name)
    inner = slopes @ beta
    gradient = terms.columns * (at.bend * inner)[:, None] + slopes * at.slope[:, None]
    return _Change(at.slope * inner, gradient)


def _column_slopes(terms: ModelTerms, name: str) -> Floats:
    """Differentiate the model matrix by a number, to fourth order."""
    value = terms.frame[name].to_numpy(dtype=float)
    size = np.abs(value)
    step = _STEP * np.where(size > 0, size, size[size > 0].min(initial=np.inf))
    near, far = (
        changed_columns(terms, {name: value + k * step})
        - changed_columns(terms, {name: value - k * step})
        for k in (1, 2)
    )
    return np.asarray((8 * near - far) / (12 * step[:, None]))


def _everyone(terms: ModelTerms, predictor: Predictor, code: str) -> Floats:
    """Give the model matrix if everyone were in one category."""
    column = terms.frame[predictor.name]
    if not isinstance(column.dtype, pd.CategoricalDtype):
        return changed_columns(
            terms, {predictor.name: np.full(len(column), float(code))}
        )
    same = pd.Categorical([code] * len(column), categories=column.cat.categories)
    return changed_columns(terms, {predictor.name: same})

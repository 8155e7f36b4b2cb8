"""Propensity: the probability to respond, by weighted logistic regression.

A category in which everyone or nobody responded has no finite coefficient, and is
refused by name.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.special import expit, log_expit

from survey.errors import MarginError, RakingError, some
from survey.weighting.margins import code_text, place_margin
from survey.weighting.weighting import Margin

Floats = NDArray[np.float64]
Truths = NDArray[np.bool_]

_MOST_STEPS = 50
# The last step of Newton's method doubles the correct digits of the one before.
_SMALL_STEP = 1e-9
# Likelihoods that differ by less, relatively, differ by rounding.
_LEVEL = 1e-12
# A propensity nearer to 0 or 1 than this is that of a perfect prediction.
_CERTAIN = 1e-9


@dataclass(frozen=True, slots=True, eq=False)
class Regressors:
    """What response is regressed on.

    Attributes
    ----------
    values : float array (n, p)
        A column of ones, indicators of the categories after the first of each
        factor, and numbers with mean 0 and standard deviation 1.
    names : tuple of str
        What the p columns are.
    factors : tuple of Margin
        Categories of the columns that are no numbers.
    """

    values: Floats
    names: tuple[str, ...]
    factors: tuple[Margin, ...]


def categories(sampled: pd.DataFrame, columns: Sequence[str], used: Truths) -> Margin:
    """Place everyone sampled on the categories that occur.

    Parameters
    ----------
    sampled : DataFrame
        One row for each unit.
    columns : sequence of str
        Columns; several are crossed.
    used : bool array (n,)
        Units that count.

    Returns
    -------
    Margin
        Categories; the targets say nothing.

    Raises
    ------
    MarginError
        A column is not there or has blanks.

    Examples
    --------
    >>> firms = pd.DataFrame({"size": [1, 2, 1], "region": ["n", "n", "s"]})
    >>> categories(firms, ["size", "region"], np.full(3, True)).codes
    ('1 x n', '1 x s', '2 x n')
    """
    absent = [name for name in columns if name not in sampled.columns]
    if absent:
        raise MarginError(
            f"there is no column {some(absent)} among {some(sampled.columns)}."
        )
    occurring = sampled.loc[used, list(columns)].drop_duplicates()
    rows = {tuple(map(code_text, row)) for row in occurring.itertuples(index=False)}
    if len(columns) == 1:
        codes: dict[object, float] = {row[0]: 1.0 for row in sorted(rows)}
        return place_margin(sampled, columns[0], codes, used)
    return place_margin(sampled, tuple(columns), dict.fromkeys(sorted(rows), 1.0), used)


def regressors(
    sampled: pd.DataFrame, columns: Sequence[str], used: Truths
) -> Regressors:
    """Make the columns that response is regressed on.

    Parameters
    ----------
    sampled : DataFrame
        One row for each unit.
    columns : sequence of str
        Columns: numbers as they are, all others as factors.
    used : bool array (n,)
        Units that count.

    Returns
    -------
    Regressors
        Columns of numbers.

    Raises
    ------
    MarginError
        A column is not there, or has blanks.

    Examples
    --------
    >>> firms = pd.DataFrame({"size": ["l", "s", "s"], "age": [1.0, 3.0, 5.0]})
    >>> made = regressors(firms, ["size", "age"], np.full(3, True))
    >>> made.names, made.values[:, 1].tolist()
    (('intercept', 'size = s', 'age'), [0.0, 1.0, 1.0])
    """
    values, names = [np.ones(len(sampled))], ["intercept"]
    factors = []
    for name in columns:
        if name in sampled.columns and _is_number(sampled[name]):
            values.append(_standard(sampled[name], used))
            names.append(name)
            continue
        factor = categories(sampled, [name], used)
        factors.append(factor)
        for k, code in enumerate(factor.codes[1:], start=1):
            values.append((factor.position == k).astype(float))
            names.append(f"{name} = {code}")
    return Regressors(np.column_stack(values), tuple(names), tuple(factors))


def _is_number(column: pd.Series) -> bool:
    """Say whether a column holds numbers, truth values apart."""
    kinds = pd.api.types
    return kinds.is_numeric_dtype(column) and not kinds.is_bool_dtype(column)


def _standard(column: pd.Series, used: Truths) -> Floats:
    """Give numbers with mean 0 and standard deviation 1, and refuse blanks."""
    numbers = column.to_numpy(dtype=float, na_value=np.nan)
    bad = used & ~np.isfinite(numbers)
    if bad.any():
        raise MarginError(
            f"column {column.name!r} is missing or infinite for {int(bad.sum())} of "
            f"{int(used.sum())} sampled units (ids {some(column.index[bad])}). Fill "
            "them in, or leave the column out."
        )
    spread = numbers[used].std()
    centred = (numbers - numbers[used].mean()) / (spread if spread > 0 else 1.0)
    return np.where(used, centred, 0.0)


def fitted_propensity(made: Regressors, answered: Truths, weight: Floats) -> Floats:
    """Fit a weighted logistic regression of response.

    Parameters
    ----------
    made : Regressors
        Of n sampled units.
    answered : bool array (n,)
        Who responded.
    weight : float array (n,)
        Base weights; units of 0 do not count.

    Returns
    -------
    float array (n,)
        Fitted probabilities to respond.

    Raises
    ------
    MarginError
        In a category nobody or everybody responded.
    RakingError
        Response is predicted perfectly.

    References
    ----------
    .. [1] Little (1986), International Statistical Review 54(2), 139-157.

    Examples
    --------
    One of two small firms and two of three large ones responded.

    >>> firms = pd.DataFrame({"size": ["s", "s", "l", "l", "l"]})
    >>> made = regressors(firms, ["size"], np.full(5, True))
    >>> answered = np.array([True, False, True, True, False])
    >>> fitted_propensity(made, answered, np.ones(5)).round(6).tolist()
    [0.5, 0.5, 0.666667, 0.666667, 0.666667]
    """
    used = weight > 0
    if answered[used].all():
        return np.ones(weight.size)
    for factor in made.factors:
        _check_categories(factor, answered, weight)
    coefficient, settled = _maximum(made.values[used], answered[used], weight[used])
    fitted = expit(made.values @ coefficient)
    known = fitted[used]
    if settled and (np.minimum(known, 1 - known) > _CERTAIN).all():
        return np.asarray(fitted)
    worst = made.names[1 + int(np.argmax(np.abs(coefficient[1:])))]
    raise RakingError(
        f"response is predicted perfectly, most of all by {worst!r}, so that "
        "propensities of 0 or 1 would follow. Merge categories, band the numbers, or "
        "leave the column out."
    )


def _check_categories(factor: Margin, answered: Truths, weight: Floats) -> None:
    """Refuse categories in which nobody or everybody responded."""
    size = len(factor.codes)
    everyone = np.bincount(factor.position, weights=weight, minlength=size)
    of_those = np.bincount(factor.position, weights=weight * answered, minlength=size)
    others = np.bincount(factor.position, weights=weight * ~answered, minlength=size)
    counts = np.bincount(factor.position[weight > 0], minlength=size)
    for who, part in (("nobody", of_those), ("everybody", others)):
        bad = np.flatnonzero((everyone > 0) & (part == 0))
        if bad.size:
            found = ", ".join(f"{factor.codes[k]!r} ({counts[k]})" for k in bad[:8])
            raise MarginError(
                f"column {factor.name!r}: {who} responded in {bad.size} of {size} "
                f"categories (sampled units): {found}. Merge with another category, "
                "or leave the column out."
            )


def _maximum(values: Floats, answered: Truths, weight: Floats) -> tuple[Floats, bool]:
    """Maximise the weighted likelihood by Newton's method; say whether it settled."""
    coefficient = np.zeros(values.shape[1])
    height = _log_likelihood(values @ coefficient, answered, weight)
    for _ in range(_MOST_STEPS):
        fitted = expit(values @ coefficient)
        gradient = values.T @ (weight * (answered - fitted))
        spread = weight * fitted * (1 - fitted)
        # Columns that say the same get the shortest of the equal solutions.
        step = np.linalg.lstsq(values.T @ (values * spread[:, None]), gradient)[0]
        change = float(np.abs(values @ step).max())
        for _ in range(_MOST_STEPS):
            reached = _log_likelihood(values @ (coefficient + step), answered, weight)
            if reached >= height - _LEVEL * abs(height):
                break
            step = step / 2
        coefficient, height = coefficient + step, reached
        if change <= _SMALL_STEP:
            return coefficient, True
    return coefficient, False


def _log_likelihood(linear: Floats, answered: Truths, weight: Floats) -> float:
    """Give the weighted log likelihood."""
    return float(weight @ log_expit(np.where(answered, linear, -linear)))

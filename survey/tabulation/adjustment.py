"""Adjustment of p-values for the number of tests in their family.

The family is what the user names: a row, one question by one banner question, one
question by the whole banner, or the whole table.
"""

from collections.abc import Sequence
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Adjust = Literal["none", "bonferroni", "holm", "bh"]
Family = Literal["row", "banner", "question", "table"]


def adjusted(p_value: Floats, adjust: str) -> Floats:
    """Adjust p-values for the number of tests in their row.

    Parameters
    ----------
    p_value : float array (R, tests)
        P-values; NaN where nothing was tested.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Method.

    Returns
    -------
    float array (R, tests)
        Adjusted p-values, at most 1.

    Notes
    -----
    ``bh`` controls the expected share of false marks among all marks [1]_, ``holm``
    and ``bonferroni`` the chance of a single one [2]_.

    References
    ----------
    .. [1] Benjamini and Hochberg (1995), Journal of the Royal Statistical Society B
       57(1), 289-300.
    .. [2] Holm (1979), Scandinavian Journal of Statistics 6(2), 65-70.

    Examples
    --------
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "bonferroni").round(2)
    array([[0.03, 0.12, 0.09]])
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "holm").round(2)
    array([[0.03, 0.06, 0.06]])
    >>> adjusted(np.array([[0.01, 0.04, 0.03]]), "bh").round(2)
    array([[0.03, 0.04, 0.04]])
    """
    if adjust == "none" or not p_value.size:
        return p_value
    tests = np.isfinite(p_value).sum(axis=1, keepdims=True)
    if adjust == "bonferroni":
        return np.asarray(np.minimum(p_value * tests, 1.0))
    order = np.argsort(p_value, axis=1)
    ordered = np.take_along_axis(p_value, order, axis=1)
    rank = np.arange(1, p_value.shape[1] + 1)
    if adjust == "holm":
        steps = np.fmax.accumulate(ordered * (tests - rank + 1), axis=1)
    else:
        falling = (ordered * tests / rank)[:, ::-1]
        steps = np.fmin.accumulate(falling, axis=1)[:, ::-1]
    # The accumulated value runs on into the places that were not tested.
    steps = np.where(np.isnan(ordered), np.nan, np.minimum(steps, 1.0))
    result = np.empty_like(p_value)
    np.put_along_axis(result, order, steps, axis=1)
    return result


def adjusted_family(p_values: Sequence[Floats], adjust: str) -> list[Floats]:
    """Adjust arrays of p-values as one family.

    Parameters
    ----------
    p_values : sequence of float arrays
        Of any shapes; NaN where nothing was tested.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Method.

    Returns
    -------
    list of float arrays
        Adjusted p-values in the same shapes.

    Examples
    --------
    >>> first, second = adjusted_family(
    ...     [np.array([[0.01, np.nan]]), np.array([[0.04], [0.03]])], "bonferroni")
    >>> first.round(2), second.round(2)
    (array([[0.03, nan]]), array([[0.12], [0.09]]))
    """
    if not p_values:
        return []
    together = np.concatenate([np.ravel(part) for part in p_values])
    result = adjusted(together[None], adjust)[0]
    ends = np.cumsum([np.size(part) for part in p_values])[:-1]
    return [
        piece.reshape(np.shape(part))
        for piece, part in zip(np.split(result, ends), p_values, strict=True)
    ]


def adjusted_over(
    p_values: Sequence[Sequence[Floats]], adjust: str, family: str
) -> list[list[Floats]]:
    """Adjust the p-values of a whole table over the families that the user named.

    Parameters
    ----------
    p_values : sequence of sequences of float arrays (R, tests)
        By question, and within it by banner question; NaN where nothing was tested.
    adjust : {"none", "bonferroni", "holm", "bh"}
        Method.
    family : {"row", "banner", "question", "table"}
        One row by one banner question; all rows of a question by one banner question;
        a question by the whole banner; all questions.

    Returns
    -------
    list of lists of float arrays
        Adjusted p-values in the same order and shapes.

    Examples
    --------
    >>> table = [[np.array([[0.01], [0.02]])], [np.array([[0.03]])]]
    >>> [float(p.max()) for [p] in adjusted_over(table, "bonferroni", "row")]
    [0.02, 0.03]
    >>> [float(p.max()) for [p] in adjusted_over(table, "bonferroni", "question")]
    [0.04, 0.03]
    >>> [float(p.max()) for [p] in adjusted_over(table, "bonferroni", "table")]
    [0.06, 0.09]
    """
    if family == "row":
        return [[adjusted(p, adjust) for p in question] for question in p_values]
    if family == "banner":
        return [[adjusted_family([p], adjust)[0] for p in q] for q in p_values]
    if family == "question":
        return [adjusted_family(question, adjust) for question in p_values]
    result = iter(adjusted_family([p for q in p_values for p in q], adjust))
    return [[next(result) for _ in question] for question in p_values]

"""Domain of a model: who is in it, and what keeps the others out.

A respondent without an answer to any of its questions is outside, and is counted.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError
from survey.estimation.model_questions import positions_of
from survey.responses.table import Responses
from survey.responses.variable import Variable


@dataclass(frozen=True, slots=True, eq=False)
class ModelDomain:
    """Who a model is about.

    Attributes
    ----------
    asked_for, inside : bool arrays (n,)
        Respondents of the domain, and those of them who are in the model.
    notes : tuple of str
        How many are not, and why.
    """

    asked_for: NDArray[np.bool_]
    inside: NDArray[np.bool_]
    notes: tuple[str, ...]


def mask_of(
    where: pd.Series | NDArray[np.bool_] | None, data: Responses | pd.DataFrame
) -> NDArray[np.bool_]:
    """Say who is in a domain.

    Parameters
    ----------
    where : bool Series or array (n,), or None
        Domain; a Series is matched by index, and None is everyone.
    data : Responses or DataFrame
        All n respondents.

    Returns
    -------
    bool array (n,)
        True inside.

    Raises
    ------
    EstimationError
        The values are not true or false for each respondent.

    Examples
    --------
    >>> mask_of(None, pd.DataFrame(index=range(2))).tolist()
    [True, True]
    """
    index = (data.frame if isinstance(data, Responses) else data).index
    if where is None:
        return np.ones(len(index), dtype=bool)
    if isinstance(where, pd.Series) and not where.index.equals(index):
        if not where.index.is_unique:
            raise EstimationError(
                f"where is a Series of {len(where)} values whose index has duplicates "
                "and is not that of the data. Give it the index of the data."
            )
        where = where.reindex(index)
    values = np.asarray(where)
    if values.shape != (len(index),) or values.dtype != bool:
        raise EstimationError(
            f"where has shape {values.shape} and type {values.dtype}, but the data "
            f"have {len(index)} respondents. Give true or false for each."
        )
    return values


def model_domain(
    found: Mapping[str, Variable],
    asked_for: NDArray[np.bool_],
    used: NDArray[np.bool_],
) -> ModelDomain:
    """Take the respondents with a weight and an answer to every question.

    Parameters
    ----------
    found : mapping of name to Variable
        Questions of the formula, over n respondents.
    asked_for : bool array (n,)
        Domain that is asked for.
    used : bool array (n,)
        Respondents with a weight above 0.

    Returns
    -------
    ModelDomain
        Who is in the model, and why others are not.

    Raises
    ------
    EstimationError
        Nobody is.

    Examples
    --------
    >>> from survey.estimation.model_questions import model_variables
    >>> found = model_variables(pd.DataFrame({"cost": [1.0, np.nan]}), ["cost"])
    >>> everyone = np.ones(2, dtype=bool)
    >>> model_domain(found, everyone, everyone).notes
    ("1 respondents left out: no 'cost'",)
    """
    inside = asked_for & used
    notes = []
    if no_weight := int((asked_for & ~used).sum()):
        notes.append(f"{no_weight} respondents left out: weight 0")
    for name, variable in found.items():
        missing = asked_for & used & ~answered(variable)
        if missing.any():
            notes.append(f"{int(missing.sum())} respondents left out: no {name!r}")
        inside &= ~missing
    if not inside.any():
        raise EstimationError(
            f"none of the {int(asked_for.sum())} respondents of the domain has an "
            f"answer to all {len(found)} questions of the formula"
            f"{': ' if notes else ''}{'; '.join(notes)}. Leave out a question or take "
            "a wider domain."
        )
    return ModelDomain(asked_for, inside, tuple(notes))


def answered(variable: Variable) -> NDArray[np.bool_]:
    """Say who has an answer that a model can use.

    Parameters
    ----------
    variable : Variable
        Answers of n respondents.

    Returns
    -------
    bool array (n,)
        True in the base, with a code or a finite number.

    Examples
    --------
    >>> from survey.estimation.model_questions import model_variables
    >>> cost = model_variables(pd.DataFrame({"cost": [1.0, np.nan]}), ["cost"])["cost"]
    >>> answered(cost).tolist()
    [True, False]
    """
    if variable.value is not None:
        return variable.base & np.isfinite(variable.value)
    return variable.base & (positions_of(variable) >= 0)

"""Terms of a model: from the questions of a formula to the columns of a fit.

A category that nobody in the domain chose has no column.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError, QuestionError, some
from survey.estimation.formula import ModelFormula
from survey.estimation.model_questions import as_codes
from survey.responses.variable import Variable

Floats = NDArray[np.float64]

# What the formula grammar allows and its library lacks.
_FUNCTIONS = {"sqrt": np.sqrt}
# Numbers that say whether something is chosen.
_MARKS = ("0", "1")
_OPTIONS: dict[str, Any] = {"na_action": "ignore", "output": "numpy"}


@dataclass(frozen=True, slots=True, eq=False)
class Predictor:
    """A question or column on the right of a formula.

    Attributes
    ----------
    name : str
        Id of the question.
    codes, labels : tuple of str
        Categories that respondents of the domain chose, the reference first. Two,
        "0" and "1", for what is chosen or not; none for numbers.
    """

    name: str
    codes: tuple[str, ...]
    labels: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class ModelTerms:
    """The right side of a formula over m respondents.

    Attributes
    ----------
    columns : float array (m, p)
        Model matrix.
    names : tuple of str
        What the p columns are called.
    terms : dict of str to slice
        Columns of every term.
    predictors : tuple of Predictor
        Questions on the right.
    frame : DataFrame
        m rows, one column for every name of the formula.
    spec : ModelSpec
        How `formulaic` makes the model matrix of other respondents.
    notes : tuple of str
        Categories that nobody chose.
    """

    columns: Floats
    names: tuple[str, ...]
    terms: dict[str, slice]
    predictors: tuple[Predictor, ...]
    frame: pd.DataFrame
    spec: Any
    notes: tuple[str, ...]


def model_terms(
    formula: ModelFormula,
    found: Mapping[str, Variable],
    inside: NDArray[np.bool_],
) -> ModelTerms:
    """Make the columns of a model.

    Parameters
    ----------
    formula : ModelFormula
        What stands on the right.
    found : mapping of name to Variable
        Its questions, over n respondents.
    inside : bool array (n,)
        The m respondents of the domain.

    Returns
    -------
    ModelTerms
        p columns over m respondents. Categories that nobody chose have none.

    Raises
    ------
    QuestionError
        The reference of a question is not among its categories.
    EstimationError
        Arithmetic with categories, or a column that is not finite everywhere.

    Examples
    --------
    >>> from survey.estimation.formula import read_formula
    >>> from survey.estimation.model_questions import model_variables
    >>> data = pd.DataFrame({"y": [1, 2, 3], "size": ["l", "s", "m"]})
    >>> formula = read_formula("y ~ size")
    >>> found = model_variables(data, ["y", "size"])
    >>> model_terms(formula, found, np.ones(3, dtype=bool)).names
    ('Intercept', 'size[T.m]', 'size[T.s]')
    """
    words = [n for n in formula.numbers if found[n].value is None]
    if words:
        raise EstimationError(
            f"formula {formula.text!r} does arithmetic with categories "
            f"({some(words)}). Let them stand alone."
        )
    frame, predictors, notes = {}, [], []
    for name in formula.predictors:
        reference = formula.categorical.get(name)
        frame[name], predictor = _column(found[name], inside, reference)
        predictors.append(predictor)
        notes += _unchosen(found[name], predictor)
    table = pd.DataFrame(frame, index=pd.RangeIndex(int(inside.sum())))
    with np.errstate(all="ignore"):
        matrix = formula.right.get_model_matrix(table, context=_FUNCTIONS, **_OPTIONS)
    columns = np.asarray(matrix, dtype=np.float64)
    spec = matrix.model_spec
    names = tuple(str(name) for name in spec.column_names)
    check_finite(columns, names)
    slices = {str(term): place for term, place in spec.term_slices.items()}
    return ModelTerms(
        columns, names, slices, tuple(predictors), table, spec, tuple(notes)
    )


def _column(
    variable: Variable, inside: NDArray[np.bool_], reference: str | None
) -> tuple[pd.Series | Floats, Predictor]:
    """Give a question as a column of the domain, and its categories."""
    labels = {row.code: row.label for row in variable.rows}
    if reference is None and variable.value is not None:
        value = variable.value[inside]
        if set(np.unique(value)) != {0.0, 1.0}:
            return value, Predictor(variable.name, (), ())
        names = tuple(labels.get(mark, mark) for mark in _MARKS)
        return value, Predictor(variable.name, _MARKS, names)
    coded = as_codes(variable)
    position = np.asarray(coded.position)[inside]
    categories = pd.Index(list(coded.codes), dtype="str")
    whole = pd.Categorical.from_codes(position, categories=categories)
    used = whole.remove_unused_categories()
    codes = [str(code) for code in used.categories]
    if reference:
        if reference not in codes:
            raise QuestionError(
                f"reference {reference!r} is not among the {len(codes)} categories of "
                f"{variable.name!r} in this domain ({some(codes)})."
            )
        codes = [reference, *(code for code in codes if code != reference)]
    predictor = Predictor(
        variable.name, tuple(codes), tuple(labels.get(code, code) for code in codes)
    )
    return pd.Series(used), predictor


def _unchosen(variable: Variable, predictor: Predictor) -> list[str]:
    """Note the categories that have no column because nobody chose them."""
    if variable.value is not None:
        return []
    absent = [code for code in variable.codes if code not in predictor.codes]
    if not absent:
        return []
    return [f"no coefficient of {some(absent)} of {variable.name!r}: nobody chose it"]


def check_finite(columns: Floats, names: Sequence[str]) -> None:
    """Refuse numbers that arithmetic made infinite or missing.

    Parameters
    ----------
    columns : float array (m, p)
        Numbers.
    names : sequence of str
        What the columns are called.

    Raises
    ------
    EstimationError
        Naming the columns and how many respondents have such a number.
    """
    bad = ~np.isfinite(columns)
    if bad.any():
        which = [names[int(j)] for j in np.flatnonzero(bad.any(axis=0))]
        raise EstimationError(
            f"{some(which)} is infinite or undefined for {int(bad.any(axis=1).sum())} "
            f"of {len(columns)} respondents, as the logarithm of 0 is. Choose another "
            "transformation or a narrower domain."
        )


def left_column(
    formula: ModelFormula, variable: Variable, inside: NDArray[np.bool_]
) -> Floats:
    """Work out an outcome that is an expression, such as ``log(cost)``.

    Parameters
    ----------
    formula : ModelFormula
        What stands on the left.
    variable : Variable
        Its question, a number, over n respondents.
    inside : bool array (n,)
        The m respondents of the domain.

    Returns
    -------
    float array (m,)
        Numbers.

    Raises
    ------
    EstimationError
        The question is no number, or the result is not finite everywhere.
    """
    if variable.value is None:
        raise EstimationError(
            f"outcome {formula.outcome!r} does arithmetic with the categories of "
            f"{variable.name!r}. Let it stand alone."
        )
    table = pd.DataFrame({variable.name: variable.value[inside]})
    with np.errstate(all="ignore"):
        matrix = formula.left.get_model_matrix(table, context=_FUNCTIONS, **_OPTIONS)
    column = np.asarray(matrix, dtype=np.float64)
    check_finite(column, [formula.outcome])
    return column[:, 0]


def changed_columns(terms: ModelTerms, changed: Mapping[str, Any]) -> Floats:
    """Make the columns of a model again, with other answers to some questions.

    Parameters
    ----------
    terms : ModelTerms
        Columns of m respondents.
    changed : mapping of name to values (m,)
        What they answer instead.

    Returns
    -------
    float array (m, p)
        Columns; transformations that learn from the data keep what they learnt.
    """
    table = terms.frame.assign(**dict(changed))
    with np.errstate(all="ignore"):
        matrix = terms.spec.get_model_matrix(table, context=_FUNCTIONS)
    return np.asarray(matrix, dtype=np.float64)

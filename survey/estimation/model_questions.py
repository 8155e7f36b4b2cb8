"""Questions of a model: what a formula names, and what it explains.

Codes are categories and numbers are numbers; which of them an outcome is, is asked.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import EstimationError, QuestionError, some
from survey.estimation.domains import numbers_of
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.responses.variable import Row, Variable

Floats = NDArray[np.float64]
Family = Literal["linear", "logistic"]

_TWO = 2


@dataclass(frozen=True, slots=True, eq=False)
class Outcome:
    """What a model explains: m numbers, or 1 for the event and 0 for none."""

    value: Floats
    family: Family
    event: str


def model_variables(
    data: Responses | pd.DataFrame, names: Sequence[str]
) -> dict[str, Variable]:
    """Look up the questions or columns that a formula names.

    Parameters
    ----------
    data : Responses or DataFrame
        All n respondents.
    names : sequence of str
        Ids of questions, of items of grids (``concerns_privacy``), or of categories
        of multiple response questions (``tools_3``, chosen or not); or columns.

    Returns
    -------
    dict of name to Variable
        Each with a position or a value.

    Raises
    ------
    QuestionError
        Names that are not there.
    EstimationError
        A whole grid or multiple response question.

    Examples
    --------
    >>> model_variables(pd.DataFrame({"size": ["s", "l"]}), ["size"])["size"].codes
    ('l', 's')
    """
    found, absent, reasons = {}, [], []
    for name in names:
        try:
            found[name] = _mark(data, name) or _one(variables(data, name), name)
        except QuestionError as error:
            absent.append(name)
            reasons.append(str(error))
    if absent:
        raise QuestionError(
            f"the formula names {len(absent)} questions that cannot be used "
            f"({some(absent)}). {reasons[0]}"
        )
    return found


def _one(found: tuple[Variable, ...], name: str) -> Variable:
    """Refuse what is several variables."""
    if len(found) > 1:
        raise EstimationError(
            f"{name!r} is a grid of {len(found)} items and cannot stand in a formula. "
            f"Name one item, such as {found[0].name!r}."
        )
    if found[0].chosen is not None:
        raise EstimationError(
            f"{name!r} is multiple response and cannot stand in a formula. Name one "
            f"of its {len(found[0].codes)} categories, such as "
            f"'{name}_{found[0].codes[0]}'."
        )
    return found[0]


def _mark(data: Responses | pd.DataFrame, name: str) -> Variable | None:
    """Give one category of a multiple response question, 1 where it is chosen."""
    if isinstance(data, pd.DataFrame):
        return None
    for question in data.questionnaire.questions:
        code = name.removeprefix(f"{question.id}_")
        if question.kind != "multiple" or code == name:
            continue
        whole = variables(data, question.id)[0]
        if code in whole.codes and whole.chosen is not None:
            marks = whole.chosen[:, whole.codes.index(code)]
            label = {row.code: row.label for row in whole.rows}[code]
            rows = (Row("0", "not chosen", ("0",)), Row("1", label, ("1",)))
            position, value = marks.astype(np.intp), marks.astype(np.float64)
            codes, base = ("0", "1"), whole.base
            return Variable(name, label, codes, rows, position, None, value, base)
    return None


def outcome_of(
    variable: Variable,
    inside: NDArray[np.bool_],
    family: Family | None,
    event: Sequence[str],
) -> Outcome:
    """Take a question as an outcome.

    Parameters
    ----------
    variable : Variable
        Answers of n respondents.
    inside : bool array (n,)
        The m respondents of the domain.
    family : {"linear", "logistic"} or None
        None: logistic with an event or two distinct values, linear otherwise.
    event : sequence of str
        Codes that are the event; the second of two values when empty.

    Returns
    -------
    Outcome
        Numbers, or 1 for the event and 0 for none.

    Raises
    ------
    QuestionError
        An event is not among the codes.
    EstimationError
        The outcome has one value, or more than two and no event.
    """
    coded = as_codes(variable)
    codes = tuple(coded.codes[k] for k in np.unique(positions_of(coded)[inside]))
    if len(codes) < _TWO:
        raise EstimationError(
            f"outcome {variable.name!r} has {len(codes)} value ({some(codes)}) among "
            f"the {int(inside.sum())} respondents of the model. Choose another outcome "
            "or a wider domain."
        )
    two = len(codes) == _TWO
    if event or (two and (family != "linear" or variable.value is None)):
        return _event(coded, inside, family or "logistic", event or codes[1:])
    if family == "logistic" or (family is None and variable.value is None):
        raise EstimationError(
            f"outcome {variable.name!r} has {len(codes)} values ({some(codes)}). Name "
            'those that are the event, such as event="'
            f'{codes[-1]}", or ask for family="linear".'
        )
    return Outcome(_numbers(variable, inside), "linear", "")


def _event(
    coded: Variable, inside: NDArray[np.bool_], family: Family, event: Sequence[str]
) -> Outcome:
    """Give 1 where one of the events happened."""
    unknown = [code for code in event if code not in coded.codes]
    if unknown:
        raise QuestionError(
            f"event {some(unknown)} is not among the {len(coded.codes)} codes of "
            f"{coded.name!r} ({some(coded.codes)})."
        )
    wanted = [coded.codes.index(code) for code in event]
    happened = np.isin(positions_of(coded), wanted)[inside]
    if happened.all() or not happened.any():
        raise EstimationError(
            f"outcome {coded.name!r} is {some(event)} for {int(happened.sum())} of "
            f"{happened.size} respondents of the model. Choose another event."
        )
    return Outcome(happened.astype(np.float64), family, " or ".join(event))


def _numbers(variable: Variable, inside: NDArray[np.bool_]) -> Floats:
    """Take numbers, or codes that are numbers."""
    value = numbers_of(variable, "Name an event.").value
    assert value is not None, "numbers_of gives numbers"
    apart = int(np.isnan(value[inside]).sum())
    if apart:
        raise EstimationError(
            f"outcome {variable.name!r} has no number for {apart} of "
            f"{int(inside.sum())} respondents of the model, whose answer is apart from "
            'the scale, as "don\'t know" is. Leave them out with where.'
        )
    return value[inside]


def as_codes(variable: Variable) -> Variable:
    """Take the distinct values of a number as codes.

    Parameters
    ----------
    variable : Variable
        Codes, which come back as they are, or numbers.

    Returns
    -------
    Variable
        With a position for every respondent.

    Examples
    --------
    >>> cost = model_variables(pd.DataFrame({"cost": [2.0, 1.0]}), ["cost"])["cost"]
    >>> as_codes(cost).codes
    ('1', '2')
    """
    if variable.position is not None:
        return variable
    frame = pd.DataFrame({variable.name: variable.value})
    return variables(frame, variable.name)[0]


def positions_of(variable: Variable) -> NDArray[np.intp]:
    """Give the positions of a variable that has codes.

    Parameters
    ----------
    variable : Variable
        Exclusive codes of n respondents.

    Returns
    -------
    int array (n,)
        Index into its codes, -1 for no answer.
    """
    assert variable.position is not None, "multiple response was refused before"
    return variable.position

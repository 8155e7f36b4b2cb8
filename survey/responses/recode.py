"""Variables to tabulate: questions with their nets, grid items, or plain columns.

Whether "don't know" is in the base is the questionnaire's word; categories marked
as missing never are.
"""

from collections.abc import Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import QuestionError, some
from survey.questionnaire.model import (
    BaseRule,
    Category,
    Net,
    Question,
    Questionnaire,
    in_language,
)
from survey.responses.nets import net_codes, with_nets
from survey.responses.table import ANSWERED, ASKED, Responses
from survey.responses.values import shortest
from survey.responses.variable import Role, Row, Variable

BoolArray = NDArray[np.bool_]
BASE_TEXTS = {
    "asked": "asked",
    "answered": "answered",
    "named": "named at least one",
}


def variables(
    data: Responses | pd.DataFrame,
    name: str,
    *,
    base: BaseRule | None = None,
    language: str = "",
    nets: Sequence[Net] = (),
    outline: bool = False,
) -> tuple[Variable, ...]:
    """Give a question as arrays that can be tabulated.

    Parameters
    ----------
    data : Responses or DataFrame
        Coded answers, or a plain table whose missing values are outside the base.
    name : str
        Question id, id of a grid item (``concerns_privacy``), or column.
    base : {"asked", "answered", "named"}, optional
        Base of the percentages; what the questionnaire says when omitted.
    language : str
        Language of the labels.
    nets : sequence of Net
        Codes taken together; see `with_nets`.
    outline : bool, default False
        Whether categories stand beneath their net, or all nets above all categories.

    Returns
    -------
    tuple of Variable
        One; for a grid one per item.

    Raises
    ------
    QuestionError
        There is no such question, or a net names a code that it does not have.

    Examples
    --------
    >>> frame = pd.DataFrame({"size": ["small", "large", None]})
    >>> variables(frame, "size")[0].codes
    ('large', 'small')
    """
    if isinstance(data, pd.DataFrame):
        found: tuple[Variable, ...] = (_from_column(data, name),)
    else:
        question, items = find_question(data.questionnaire, name)
        check_nets(question, nets)
        found = _of_question(data, question, items, base or question.base, language)
    return tuple(
        with_nets(variable, nets, outline=outline, language=language)
        for variable in found
    )


def _of_question(
    data: Responses,
    question: Question,
    items: Sequence[str],
    rule: BaseRule,
    language: str,
) -> tuple[Variable, ...]:
    """Give a question of a questionnaire, without nets."""
    if question.kind == "multiple":
        return (_multiple(data, question, rule, language),)
    if question.kind in {"numeric", "text"}:
        return (_number(data, question, language),)
    if question.kind == "single":
        label = in_language(question.label, language)
        return (_exclusive(data, question, question.id, label, rule, language),)
    return tuple(
        _exclusive(data, question, item_name, label, rule, language)
        for item_name, label in _item_names(question, items, language)
    )


def find_question(
    questionnaire: Questionnaire, name: str
) -> tuple[Question, tuple[str, ...]]:
    """Find a question by its id, or a grid by the id of one of its items.

    Parameters
    ----------
    questionnaire : Questionnaire
        What was asked.
    name : str
        ``concerns`` or ``concerns_privacy``.

    Returns
    -------
    (Question, tuple of str)
        The question, and the codes of the items that are meant.

    Raises
    ------
    QuestionError
        There is no such question.
    """
    question = questionnaire.question(name)
    if question is not None:
        return question, tuple(item.code for item in question.items)
    for grid in questionnaire.questions:
        for item in grid.items:
            if name == f"{grid.id}_{item.code}":
                return grid, (item.code,)
    known = some([q.id for q in questionnaire.questions], 60)
    raise QuestionError(f"There is no question {name!r}. Questions: {known}.")


def _item_names(
    question: Question, items: Sequence[str], language: str
) -> list[tuple[str, str]]:
    """Pair the id of every wanted item with its label."""
    return [
        (f"{question.id}_{item.code}", in_language(item.label, language))
        for item in question.items
        if item.code in items
    ]


def check_nets(question: Question, nets: Sequence[Net]) -> None:
    """Refuse nets that cannot be made of the codes in the base of a question.

    Parameters
    ----------
    question : Question
        What was asked.
    nets : sequence of Net
        Codes taken together.

    Raises
    ------
    QuestionError
        As for `with_nets`; also where a net has the code of a category that is not in
        the base.
    """
    members = {category.code: (category.code,) for category in _in_base(question)}
    taken = [category.code for category in question.categories]
    net_codes(nets, members, question.id, taken=taken)


def _rows(categories: Sequence[Category], language: str) -> tuple[Row, ...]:
    """List the categories that a table shows."""
    return tuple(
        Row(c.code, in_language(c.label, language), (c.code,), _role(c))
        for c in categories
    )


def _role(category: Category) -> Role:
    """Say what kind of answer a category is."""
    if category.missing:
        return "missing"
    if category.dont_know:
        return "dont_know"
    return "exclusive" if category.exclusive else "category"


def _in_base(question: Question) -> list[Category]:
    """Categories that count in the base of those who answered."""
    return [
        c
        for c in question.categories
        if not c.missing and (question.dont_know_in_base or not c.dont_know)
    ]


def _exclusive(
    data: Responses,
    question: Question,
    name: str,
    label: str,
    rule: BaseRule,
    language: str,
) -> Variable:
    """Give a single question or grid item."""
    shown = _in_base(question)
    codes = tuple(category.code for category in shown)
    all_codes = [category.code for category in question.categories]
    place = np.array([_index(codes, code) for code in all_codes] + [-1], dtype=np.intp)
    column = data.frame[name].cat.codes.to_numpy()
    position = place[column]
    state = data.states[name].to_numpy()
    unsure = _without_base(question)[column]
    base = (state >= ASKED) & ~unsure if rule == "asked" else position >= 0
    rows = _rows(shown, language)
    text = BASE_TEXTS["asked" if rule == "asked" else "answered"]
    return Variable(name, label, codes, rows, position, None, None, base, text)


def _multiple(
    data: Responses,
    question: Question,
    rule: BaseRule,
    language: str,
) -> Variable:
    """Give a multiple response question."""
    shown = _in_base(question)
    codes = tuple(category.code for category in shown)
    marks = data.frame[[f"{question.id}_{code}" for code in codes]]
    chosen = marks.to_numpy(dtype=bool)
    named = [not (c.exclusive or c.dont_know) for c in shown]
    state = data.states[question.id].to_numpy()
    unsure = (state == ANSWERED) & ~chosen.any(axis=1)
    bases = {
        "asked": (state >= ASKED) & ~unsure,
        "answered": (state == ANSWERED) & chosen.any(axis=1),
        "named": chosen[:, named].any(axis=1),
    }
    label = in_language(question.label, language)
    rows = _rows(shown, language)
    return Variable(
        question.id,
        label,
        codes,
        rows,
        None,
        chosen & bases[rule][:, None],
        None,
        bases[rule],
        BASE_TEXTS[rule],
    )


def _number(data: Responses, question: Question, language: str) -> Variable:
    """Give a numeric question, or of a text question who answered it (1 or 0)."""
    label = in_language(question.label, language)
    state = data.states[question.id].to_numpy()
    answered = state == ANSWERED
    if question.kind == "numeric":
        value = data.frame[question.id].to_numpy(dtype=float)
        return Variable(question.id, label, (), (), None, None, value, answered)
    everyone = np.ones(len(state), dtype=bool)
    base = everyone if data.questionnaire.routing == "unknown" else state >= ASKED
    given = np.where(answered, 1.0, 0.0)
    text = BASE_TEXTS["asked"]
    return Variable(question.id, label, (), (), None, None, given, base, text)


def _from_column(data: pd.DataFrame, name: str) -> Variable:
    """Give a column of a plain table; its distinct values are the codes, sorted."""
    if name not in data.columns:
        known = some(list(data.columns), 40)
        raise QuestionError(f"There is no column {name!r}. Columns: {known}.")
    column = data[name]
    if isinstance(column, pd.DataFrame):
        raise QuestionError(
            f"The data have {column.shape[1]} columns {name!r}. Rename all but one."
        )
    position, codes = _coded(column, name)
    rows = tuple(Row(code, code, (code,)) for code in codes)
    number = None
    if pd.api.types.is_numeric_dtype(column):
        number = column.to_numpy(dtype=float, na_value=np.nan)
        _check_finite(column, number)
    return Variable(name, name, codes, rows, position, None, number, position >= 0)


def _check_finite(column: pd.Series, number: NDArray[np.float64]) -> None:
    """Refuse infinite numbers, which would leave the base of a mean unseen."""
    infinite = np.isinf(number)
    if infinite.any():
        raise QuestionError(
            f"Column {column.name!r} is infinite for {int(infinite.sum())} of "
            f"{infinite.size} respondents (ids {some(column.index[infinite])}). "
            "Correct these numbers, or leave them empty."
        )


def _coded(column: pd.Series, name: str) -> tuple[NDArray[np.intp], tuple[str, ...]]:
    """Give the positions and codes of a column; 1 and "1" are one code."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        place, values = column.cat.codes.to_numpy(), column.cat.categories
    else:
        try:
            place, values = pd.factorize(column, sort=True)
        except TypeError:
            raise QuestionError(
                f"Column {name!r} holds lists or other values that are no codes. Give "
                "every answer a column of its own, with true and false."
            ) from None
    texts = [_code(value) for value in values]
    codes = tuple(dict.fromkeys(texts))
    if len(codes) == len(texts):
        return place.astype(np.intp), codes
    index = {code: i for i, code in enumerate(codes)}
    merged = np.array([*(index[text] for text in texts), -1], dtype=np.intp)
    return merged[place], codes


def _code(value: object) -> str:
    """Write a value as a code: 1.0 is ``1``."""
    if isinstance(value, (float, np.floating)):
        return shortest(float(value))
    return str(value)


def _without_base(question: Question) -> BoolArray:
    """Say which codes are answers outside the base; the last entry is no answer."""
    out = [c.dont_know and not question.dont_know_in_base for c in question.categories]
    return np.array([*out, False])


def _index(codes: Sequence[str], code: str) -> int:
    """Give the position of a code, -1 where it is not in the base."""
    return codes.index(code) if code in codes else -1

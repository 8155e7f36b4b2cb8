"""Variables of stored data: the arrays of `Variable` as expressions.

Rows, codes and labels are those that `variables` gives in memory; only the arrays are
left to the engine.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import narwhals as nw

from survey.importers.stored import StoredData
from survey.questionnaire.model import BaseRule, Net, Question
from survey.responses.recode import find_question, variables
from survey.responses.stored import StoredResponses
from survey.responses.stored_routing import any_of
from survey.responses.table import ANSWERED, ASKED
from survey.responses.variable import Variable


@dataclass(frozen=True, slots=True, eq=False)
class StoredVariable:
    """Answers of all respondents to one question, as expressions.

    Attributes
    ----------
    shape : Variable
        Name, labels, codes, rows and base text; its arrays are those of nobody.
    position : narwhals.Expr or None
        Index into the codes for exclusive answers, -1 where there is none.
    chosen : tuple of narwhals.Expr or None
        Multiple response: who chose each code, among the base.
    value : narwhals.Expr or None
        Numeric answer, missing where there is none.
    base : narwhals.Expr
        Respondents in the base.
    """

    shape: Variable
    position: nw.Expr | None
    chosen: tuple[nw.Expr, ...] | None
    value: nw.Expr | None
    base: nw.Expr


def stored_variables(
    stored: StoredResponses,
    name: str,
    *,
    base: BaseRule | None = None,
    language: str = "",
    nets: Sequence[Net] = (),
    outline: bool = False,
) -> tuple[StoredVariable, ...]:
    """Give a question as expressions that can be tabulated.

    Parameters
    ----------
    stored : StoredResponses
        Coded answers.
    name, base, language, nets, outline
        As for `variables`.

    Returns
    -------
    tuple of StoredVariable
        One; for a grid one per item. Expressions are about `stored.data.frame`.

    Raises
    ------
    QuestionError
        There is no such question, or a net names a code that it does not have.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.stored import open_data
    >>> from survey.questionnaire.model import Questionnaire
    >>> from survey.responses.stored import stored_responses
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "single", "label": "Use", "categories": [
    ...         {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]}])
    >>> stored = stored_responses(open_data(pd.DataFrame({"q1": [2, 1]})), asked)
    >>> stored_variables(stored, "q1")[0].shape.codes
    ('1', '2')
    """
    shapes = variables(
        stored.shape, name, base=base, language=language, nets=nets, outline=outline
    )
    question, _ = find_question(stored.questionnaire, name)
    rule = base or question.base
    make = {"multiple": _multiple, "numeric": _number, "text": _given}.get(
        question.kind, _exclusive
    )
    return tuple(make(stored, question, shape, rule) for shape in shapes)


def _column(stored: StoredResponses, name: str) -> nw.Expr:
    """Give the column of an answer."""
    column: nw.Expr = nw.col(stored.places.columns[name])
    return column


def _state(stored: StoredResponses, name: str) -> nw.Expr:
    """Give the column of a state."""
    state: nw.Expr = nw.col(stored.places.states[name])
    return state


def _exclusive(
    stored: StoredResponses, question: Question, shape: Variable, rule: BaseRule
) -> StoredVariable:
    """Give a single question or grid item."""
    column = _column(stored, shape.name)
    codes = [category.code for category in question.categories]
    position: nw.Expr = nw.lit(-1)
    for place, code in enumerate(shape.codes):
        hit = column == codes.index(code)
        position = nw.when(hit).then(nw.lit(place)).otherwise(position)
    base = column.is_in([codes.index(code) for code in shape.codes])
    if rule == "asked":
        unsure = [i for i, c in enumerate(question.categories) if c.dont_know]
        left_out = unsure if not question.dont_know_in_base else []
        is_unsure = any_of([column.is_in(left_out)] if left_out else [])
        base = (_state(stored, shape.name) >= ASKED) & ~is_unsure
    return StoredVariable(shape, position, None, None, base)


def _multiple(
    stored: StoredResponses, question: Question, shape: Variable, rule: BaseRule
) -> StoredVariable:
    """Give a multiple response question."""
    marks = {code: _column(stored, f"{question.id}_{code}") for code in shape.codes}
    state, some = _state(stored, question.id), any_of(marks.values())
    named = [
        marks[c.code]
        for c in question.categories
        if c.code in marks and not (c.exclusive or c.dont_know)
    ]
    base = {
        "asked": (state >= ASKED) & ~((state == ANSWERED) & ~some),
        "answered": some,
        "named": any_of(named),
    }[rule]
    chosen = tuple(mark & base for mark in marks.values())
    return StoredVariable(shape, None, chosen, None, base)


def _number(
    stored: StoredResponses,
    question: Question,
    shape: Variable,
    rule: BaseRule,  # noqa: ARG001 - all kinds of questions take the same
) -> StoredVariable:
    """Give a numeric question."""
    value = _column(stored, question.id)
    return StoredVariable(shape, None, None, value, ~value.is_null())


def _given(
    stored: StoredResponses,
    question: Question,
    shape: Variable,
    rule: BaseRule,  # noqa: ARG001 - all kinds of questions take the same
) -> StoredVariable:
    """Give who answered an open question (1 or 0)."""
    state = _state(stored, question.id)
    value = nw.when(state == ANSWERED).then(nw.lit(1.0)).otherwise(nw.lit(0.0))
    unknown = stored.questionnaire.routing == "unknown"
    base = nw.lit(value=True) if unknown else state >= ASKED
    return StoredVariable(shape, None, None, value, base)


def plain_columns(stored: StoredResponses) -> StoredData:
    """Give coded answers as columns of a plain table, as estimates take them.

    Parameters
    ----------
    stored : StoredResponses
        Coded answers.

    Returns
    -------
    StoredData
        The columns of the data that no answer hides, and one for every column of
        `Responses.frame`. Exclusive answers are codes: numbers where all codes of the
        question are whole numbers, texts elsewhere. A multiple response question has
        true and false for each category. Who is outside the base is missing; the base
        is that of those who answered.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.stored import open_data
    >>> from survey.questionnaire.model import Questionnaire
    >>> from survey.responses.stored import stored_responses
    >>> asked = Questionnaire(id="a", title="A", questions=[
    ...     {"id": "q1", "kind": "single", "label": "Use", "categories": [
    ...         {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]}])
    >>> given = open_data(pd.DataFrame({"q1": ["No", None], "w": [1.0, 2.0]}))
    >>> plain = plain_columns(stored_responses(given, asked)).frame
    >>> plain.collect("pyarrow").to_native().to_pylist()
    [{'w': 1.0, 'q1': 2}, {'w': 2.0, 'q1': None}]
    """
    answers: dict[str, nw.Expr] = {}
    for question in stored.questionnaire.questions:
        for variable in stored_variables(stored, question.id, base="answered"):
            answers |= _plain(variable, question, stored)
    # Engines of SQL do not tell upper from lower case in names.
    hidden = {name.lower() for name in answers}
    kept = [name for name in stored.source_columns if name.lower() not in hidden]
    frame = stored.data.frame.select(*kept, **answers)
    return replace(stored.data, frame=frame)


def _plain(
    variable: StoredVariable, question: Question, stored: StoredResponses
) -> dict[str, nw.Expr]:
    """Give the columns of one question or grid item."""
    name = variable.shape.name
    if variable.chosen is not None:
        return {
            f"{name}_{code}": nw.when(variable.base).then(mark)
            for code, mark in zip(variable.shape.codes, variable.chosen, strict=True)
        }
    column = _column(stored, name)
    if variable.position is None:
        return {name: column}
    places = [category.code for category in question.categories]
    codes = _typed_codes(variable.shape.codes)
    coded: nw.Expr = nw.lit(None, dtype=nw.Int64 if _whole(codes) else nw.String)
    for code in codes:
        hit = column == places.index(str(code))
        coded = nw.when(hit).then(nw.lit(code)).otherwise(coded)
    return {name: coded}


def _typed_codes(codes: Sequence[str]) -> Sequence[int] | Sequence[str]:
    """Give codes as whole numbers where all of them are."""
    numbers = [int(code) for code in codes if code.removeprefix("-").isdecimal()]
    same = [str(number) for number in numbers] == list(codes)
    return numbers if same else codes


def _whole(codes: Sequence[int] | Sequence[str]) -> bool:
    """Say whether codes are numbers."""
    return bool(codes) and isinstance(codes[0], int)

"""Questions of a table: looked up by name, with their nets, boxes and bands.

What is asked of a question that it cannot give is an error that names it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

import numpy as np
import pandas as pd

from survey.errors import QuestionError, some
from survey.questionnaire.model import BASE_RULES, BaseRule, Net
from survey.responses.bands import band
from survey.responses.nets import with_nets
from survey.responses.recode import find_question, variables
from survey.responses.scale_rows import Box, code_numbers, scale_points, scale_rows
from survey.responses.sets import multiple_response
from survey.responses.table import Responses
from survey.responses.variable import Variable

Wanted = Sequence[str] | Mapping[str, Sequence[str]]


@dataclass(frozen=True, slots=True)
class Recodes:
    """What is made of the questions of a table before they are counted.

    Attributes
    ----------
    base : {"asked", "answered", "named"} or None
        Base of the stub questions.
    language : str
        Language of the labels.
    nets : mapping of question to sequence of Net
        Codes taken together.
    outline : bool
        Whether categories stand beneath their net.
    sets : mapping of name to sequence of str
        Multiple response sets of a plain table: columns of 0 and 1.
    bands : mapping of question to sequence of float
        Limits of bands of numbers.
    numbers : sequence of str
        Columns of a plain table whose values are numbers, and no categories.
    boxes : sequence of str, or mapping of question to sequence of str
        Top and bottom boxes: of every ordered question, or of those named.
    """

    base: BaseRule | None = None
    language: str = ""
    nets: Mapping[str, Sequence[Net]] = field(default_factory=dict)
    outline: bool = False
    sets: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bands: Mapping[str, Sequence[float]] = field(default_factory=dict)
    numbers: Sequence[str] = ()
    boxes: Wanted = ()


def check_recodes(data: Responses | pd.DataFrame, recodes: Recodes) -> None:
    """Refuse a base that is not known, and recodes of questions that are not there.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    recodes : Recodes
        What is to be made of the questions.

    Raises
    ------
    QuestionError
        A name is not known, or sets are given beside a questionnaire.
    """
    if recodes.base is not None and recodes.base not in BASE_RULES:
        raise QuestionError(
            f"base {recodes.base!r} is not known. Use one of {some(BASE_RULES)}."
        )
    if recodes.sets and not isinstance(data, pd.DataFrame):
        raise QuestionError(
            "sets are for a plain table; a questionnaire says itself which questions "
            "are multiple response. Leave sets out."
        )
    boxes = recodes.boxes if isinstance(recodes.boxes, Mapping) else ()
    for name in (*recodes.nets, *recodes.bands, *recodes.numbers, *boxes):
        if not isinstance(data, pd.DataFrame):
            find_question(data.questionnaire, name)
        elif name not in data.columns and name not in recodes.sets:
            raise QuestionError(
                f"Nets, bands, boxes or numbers name {name!r}, which is neither a "
                f"column nor a set. Columns: {some(list(data.columns), 40)}."
            )


def look_up(
    data: Responses | pd.DataFrame,
    names: str | Sequence[str | Variable],
    recodes: Recodes,
    *,
    stub: bool = True,
) -> list[Variable]:
    """Give the variables of questions; a `Variable` stands for itself.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    names : str or sequence of str or Variable
        Questions, grids, items, columns or sets.
    recodes : Recodes
        Nets, boxes, bands, base.
    stub : bool, default True
        Whether they stand down the side; boxes and the base are for these alone.

    Returns
    -------
    list of Variable
        One for each question, and for each item of a grid.

    Raises
    ------
    QuestionError
        There is no such question, or it cannot give what is asked of it.
    """
    return [one for _, one in named_variables(data, names, recodes, stub=stub)]


def named_variables(
    data: Responses | pd.DataFrame,
    names: str | Sequence[str | Variable],
    recodes: Recodes,
    *,
    stub: bool = True,
) -> list[tuple[str, Variable]]:
    """Give the variables of questions, each with the name that it was asked for by.

    Parameters
    ----------
    data, names, recodes, stub
        As for `look_up`.

    Returns
    -------
    list of (str, Variable)
        The name is empty for a `Variable` that stands for itself.

    Raises
    ------
    QuestionError
        As `look_up`.
    """
    found: list[tuple[str, Variable]] = []
    for each in [names] if isinstance(names, (str, Variable)) else names:
        if isinstance(each, Variable):
            found.append(("", each))
        elif not isinstance(each, str):
            raise QuestionError(
                f"{each!r} is no name of a question. Give names as text."
            )
        else:
            found += [(each, one) for one in _one(data, each, recodes, stub=stub)]
    return found


def _one(
    data: Responses | pd.DataFrame, name: str, recodes: Recodes, *, stub: bool
) -> list[Variable]:
    """Give the variables of one question."""
    rule = recodes.base if stub else None
    nets, language = recodes.nets.get(name, ()), recodes.language
    if isinstance(data, pd.DataFrame) and name in recodes.sets:
        one = multiple_response(data, name, recodes.sets[name], base=rule)
        return [with_nets(one, nets, outline=recodes.outline, language=language)]
    made = variables(
        data, name, base=rule, language=language, nets=nets, outline=recodes.outline
    )
    if name in recodes.bands:
        made = tuple(band(variable, recodes.bands[name]) for variable in made)
    if name in recodes.numbers:
        made = tuple(_as_number(variable) for variable in made)
    ordered = _is_ordered(data, name)
    boxes = _of(recodes.boxes, name, ordered=ordered)
    if stub and boxes:
        _check_order(made, ordered=ordered)
        made = tuple(scale_rows(variable, _boxes(boxes)) for variable in made)
    return list(made)


def _check_order(made: Sequence[Variable], *, ordered: bool) -> None:
    """Refuse words without an order, whose first and last are those of the alphabet."""
    for variable in made:
        if ordered or variable.position is None:
            continue
        if not np.isfinite(code_numbers(variable)[scale_points(variable)]).all():
            raise QuestionError(
                f"{variable.name!r} is no scale: its {len(variable.codes)} codes are "
                "words without an order. Mark the question as ordered, or give an "
                "ordered categorical column."
            )


def _as_number(variable: Variable) -> Variable:
    """Leave the numbers of a column, and no categories."""
    if variable.value is None:
        raise QuestionError(
            f"{variable.name!r} is named among the numbers and holds none. Leave it "
            "out, or correct the column."
        )
    return replace(variable, codes=(), rows=(), position=None)


def _boxes(boxes: Sequence[str]) -> tuple[Box, ...]:
    """Take names as boxes; `scale_rows` refuses those that are none."""
    return tuple(boxes)  # type: ignore[arg-type]


def _of(wanted: Wanted, name: str, *, ordered: bool) -> Sequence[str]:
    """Say what is wanted of a question."""
    if isinstance(wanted, Mapping):
        return wanted.get(name, ())
    if isinstance(wanted, str):
        wanted = (wanted,)
    return wanted if ordered else ()


def _is_ordered(data: Responses | pd.DataFrame, name: str) -> bool:
    """Say whether the answers of a question are points of a scale."""
    if isinstance(data, pd.DataFrame):
        kind = data[name].dtype if name in data.columns else None
        return isinstance(kind, pd.CategoricalDtype) and bool(kind.ordered)
    return find_question(data.questionnaire, name)[0].ordered


def summaries_of(
    data: Responses | pd.DataFrame,
    found: Sequence[tuple[str, Variable]],
    wanted: Wanted,
    recodes: Recodes,
) -> dict[str, tuple[str, ...]]:
    """Say which summaries stand beneath which question.

    Parameters
    ----------
    data : Responses or DataFrame
        All respondents.
    found : sequence of (str, Variable)
        Questions of the stub, from `named_variables`.
    wanted : sequence of str, or mapping of question to sequence of str
        ``mean``, ``median``, ``sd``: of every ordered question and of numbers, or of
        the questions that are named.
    recodes : Recodes
        What was made of the questions.

    Returns
    -------
    dict of str to tuple of str
        By name of the variable.

    Raises
    ------
    QuestionError
        A summary is asked of a question that is not in the stub.
    """
    if not wanted:
        return {}
    _check_summaries(wanted, found)
    result: dict[str, tuple[str, ...]] = {}
    for name, variable in found:
        ordered = not name or _is_ordered(data, name)
        numbers = variable.value is not None and variable.position is None
        scale = ordered or numbers or name in (*recodes.bands, *recodes.numbers)
        mine = _of(wanted, name or variable.name, ordered=scale)
        if isinstance(wanted, Mapping):
            mine = wanted.get(variable.name, mine)
        if mine and name:
            _check_order([variable], ordered=scale)
        result[variable.name] = tuple(mine)
    return {name: lines for name, lines in result.items() if lines}


def _check_summaries(wanted: Wanted, found: Sequence[tuple[str, Variable]]) -> None:
    """Refuse summaries of a question that is not in the stub."""
    if not isinstance(wanted, Mapping):
        return
    names = list(dict.fromkeys(name for name, _ in found if name))
    known = {*names, *(variable.name for _, variable in found)}
    strange = [name for name in wanted if name not in known]
    if strange:
        raise QuestionError(
            f"summaries name {some(strange)}, which are not in the stub. "
            f"Questions: {some(names, 40)}."
        )

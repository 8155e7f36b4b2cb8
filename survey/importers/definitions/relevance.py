"""Relevance of LimeSurvey: its expressions, said in the grammar of questionnaires.

Only comparisons of one question with one value are said, and ``is_empty``; a function,
a sum or a text that is shown leaves the whole expression to its own words.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final, Literal, get_args

from survey.importers.definitions.condition import EVERYONE, Routed
from survey.importers.definitions.routing_text import Operator, compare, join, negate

_TOKEN = re.compile(
    r"""\s*(?:"(?P<double>[^"]*)"|'(?P<single>[^']*)'
    |(?P<name>\d+X\d+X\d+\w*(?:\.\w+)?|[A-Za-z_]\w*(?:\.\w+)?)
    |(?P<number>-?\d+(?:\.\d+)?)|(?P<sign>==|!=|<=|>=|&&|\|\||[<>!(),]))""",
    re.VERBOSE,
)
_NUMBER = re.compile(r"-?\d{1,9}(?:\.\d{1,6})?")
_OPERATORS: Final[dict[str, Operator]] = {sign: sign for sign in get_args(Operator)}
_WORDS: Final[dict[str, Operator]] = {
    "eq": "==",
    "ne": "!=",
    "lt": "<",
    "le": "<=",
    "gt": ">",
    "ge": ">=",
}
_LONGEST: Final = 5000
_DEEPEST: Final = 40
_CODES: Final = {"", "NAOK", "code", "value", "valueNAOK"}
_LENIENT: Final = {"NAOK", "valueNAOK"}


@dataclass(frozen=True, slots=True)
class Variable:
    """What an expression can name.

    Attributes
    ----------
    name : str
        Question.
    role : {"code", "chosen", "number"}
        A code, one answer of a multiple response, or a number.
    codes : tuple of str
        All codes; for `chosen` the one that it stands for.
    mandatory, always : bool
        Whether whoever is asked must answer, and whether everyone is asked.
    item : str
        Code of the item, where the question is a grid.
    """

    name: str
    role: Literal["code", "chosen", "number"]
    codes: tuple[str, ...] = ()
    mandatory: bool = False
    always: bool = True
    item: str = ""


class _NotSaidError(ValueError):
    """The grammar cannot say it."""


@dataclass(frozen=True, slots=True)
class _Token:
    """A word, a sign or a value of an expression."""

    kind: str
    text: str


def read_relevance(text: str, variables: Mapping[str, Variable]) -> Routed:
    """Read a relevance equation.

    Parameters
    ----------
    text : str
        Such as ``((q1.NAOK == "A1"))``.
    variables : mapping of name to Variable
        What it can name.

    Returns
    -------
    Routed
        Everyone for an empty text and for ``1``.

    Notes
    -----
    ``q1.NAOK != "A1"`` holds without an answer too, so it becomes a negation. Without
    ``NAOK`` it fails where `q1` was not asked, which is said as ``!=`` where `q1` is
    mandatory, as a negation where it is asked of everyone, and else not at all.

    Examples
    --------
    >>> variables = {"q1": Variable("q1", "code", ("A1", "A2"))}
    >>> read_relevance('((q1.NAOK == "A1"))', variables).said
    "q1 == 'A1'"
    """
    bare = text.strip().removeprefix("{").removesuffix("}").strip()
    if bare in {"", "1", "true"}:
        return EVERYONE
    if len(bare) > _LONGEST:
        return Routed("", bare)
    try:
        tokens = _tokens(bare)
        said, end = _either(tokens, 0, variables, 0)
    except _NotSaidError:
        return Routed("", bare)
    return Routed(said if end == len(tokens) else "", bare)


def _tokens(text: str) -> list[_Token]:
    """Take an expression apart."""
    found, place = [], 0
    while place < len(text):
        match = _TOKEN.match(text, place)
        if not match or match.lastgroup is None:
            raise _NotSaidError
        word = match[match.lastgroup]
        kind = match.lastgroup.replace("double", "text").replace("single", "text")
        found.append(_Token(*_as_sign(kind, word)))
        place = match.end()
    return found


def _as_sign(kind: str, word: str) -> tuple[str, str]:
    """Give operators that are words their sign."""
    lower = word.lower()
    if kind == "sign":
        return kind, {"&&": "and", "||": "or", "!": "not"}.get(word, word)
    if kind == "name" and lower in {"and", "or", "not"}:
        return "sign", lower
    if kind == "name" and lower in _WORDS:
        return "sign", _WORDS[lower]
    return kind, word


def _sign(tokens: Sequence[_Token], place: int) -> str:
    """Give the sign at a place; empty where there is none."""
    here = tokens[place : place + 1]
    return here[0].text if here and here[0].kind == "sign" else ""


def _either(
    tokens: Sequence[_Token], place: int, variables: Mapping[str, Variable], depth: int
) -> tuple[str, int]:
    """Read conditions joined by or; give what is said, and the place behind it."""
    said, place = _both(tokens, place, variables, depth)
    parts = [said]
    while _sign(tokens, place) == "or":
        said, place = _both(tokens, place + 1, variables, depth)
        parts.append(said)
    return join("or", parts), place


def _both(
    tokens: Sequence[_Token], place: int, variables: Mapping[str, Variable], depth: int
) -> tuple[str, int]:
    """Read conditions joined by and."""
    said, place = _one(tokens, place, variables, depth)
    parts = [said]
    while _sign(tokens, place) == "and":
        said, place = _one(tokens, place + 1, variables, depth)
        parts.append(said)
    return join("and", parts), place


def _one(
    tokens: Sequence[_Token], place: int, variables: Mapping[str, Variable], depth: int
) -> tuple[str, int]:
    """Read one condition: turned round, in brackets, or a comparison."""
    if depth > _DEEPEST:
        raise _NotSaidError
    if _sign(tokens, place) == "not":
        said, place = _one(tokens, place + 1, variables, depth + 1)
        return negate(said), place
    if _sign(tokens, place) == "(":
        said, place = _either(tokens, place + 1, variables, depth + 1)
        if _sign(tokens, place) != ")":
            raise _NotSaidError
        return said, place + 1
    if _is_call(tokens, place):
        return _is_empty(tokens, place, variables), place + 4
    return _comparison(tokens[place : place + 3], variables), place + 3


def _is_call(tokens: Sequence[_Token], place: int) -> bool:
    """Tell ``is_empty(...)`` of one name."""
    here = [token.text for token in tokens[place : place + 4]]
    return here[:2] == ["is_empty", "("] and here[3:] == [")"]


def _is_empty(
    tokens: Sequence[_Token], place: int, variables: Mapping[str, Variable]
) -> str:
    """Say that a question has no answer."""
    variable, _ = _variable(tokens[place + 2], variables)
    return negate(_answered(variable))


def _variable(token: _Token, variables: Mapping[str, Variable]) -> tuple[Variable, str]:
    """Find what a name stands for, and what is asked of it."""
    name, _, suffix = token.text.partition(".")
    if token.kind != "name" or name not in variables or suffix not in _CODES:
        raise _NotSaidError
    return variables[name], suffix


def _comparison(three: Sequence[_Token], variables: Mapping[str, Variable]) -> str:
    """Say a comparison of a question with a value."""
    if len(three) < 3 or three[1].text not in _OPERATORS:  # noqa: PLR2004 - a, sign, b
        raise _NotSaidError
    left, sign, right = three
    if left.kind != "name" or right.kind not in {"text", "number"}:
        raise _NotSaidError
    variable, suffix = _variable(left, variables)
    operator = _OPERATORS[sign.text]
    if right.text == "" and operator in {"==", "!="}:
        given = _answered(variable)
        return given if operator == "!=" else negate(given)
    if variable.role == "chosen":
        return _chosen(variable, operator, right.text)
    if variable.role == "number" and not _NUMBER.fullmatch(right.text):
        raise _NotSaidError
    if operator == "!=":
        return _other_than(variable, right.text, lenient=suffix in _LENIENT)
    return _said(variable, operator, [right.text])


def _said(variable: Variable, operator: Operator, codes: Sequence[str]) -> str:
    """Compare a variable with codes."""
    return compare(variable.name, operator, codes, item=variable.item)


def _answered(variable: Variable) -> str:
    """Say that a question has any of its codes."""
    if variable.role == "number":
        raise _NotSaidError
    return _said(variable, "==", variable.codes)


def _chosen(variable: Variable, operator: Operator, value: str) -> str:
    """Say that an answer of a multiple response was chosen, or not."""
    said = _said(variable, "==", variable.codes)
    if value != "Y" or operator not in {"==", "!="}:
        raise _NotSaidError
    return said if operator == "==" else negate(said)


def _other_than(variable: Variable, value: str, *, lenient: bool) -> str:
    """Say that a question has not a value."""
    if variable.mandatory and not lenient:
        return _said(variable, "!=", [value])
    if lenient or variable.always:
        return negate(_said(variable, "==", [value]))
    raise _NotSaidError

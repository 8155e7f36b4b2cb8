"""Routing: who is asked a question, in a small safe grammar.

``stage in (3, 4) and size != 9``: names of questions compared with codes, joined by
``and``, ``or``, ``not`` and brackets. The text is parsed, never executed. A
comparison with a question that was not answered is false, and so is its opposite:
``size != 9`` asks for an answer other than 9.
"""

import ast
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Operator = Literal["in", "not in", "<", "<=", ">", ">="]
BoolArray = NDArray[np.bool_]
LONGEST = 2000

_OPERATORS: dict[type[ast.cmpop], Operator] = {
    ast.Eq: "in",
    ast.In: "in",
    ast.NotEq: "not in",
    ast.NotIn: "not in",
    ast.Lt: "<",
    ast.LtE: "<=",
    ast.Gt: ">",
    ast.GtE: ">=",
}


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question compared with codes."""

    question: str
    operator: Operator
    codes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Combination:
    """Conditions joined by ``and``, ``or``, or turned round by ``not``."""

    operator: Literal["and", "or", "not"]
    parts: tuple["Condition", ...]


Condition = Comparison | Combination


def parse_routing(text: str) -> Condition:
    """Read a routing condition.

    Parameters
    ----------
    text : str
        Such as ``stage in (3, 4) and size != 9``.

    Returns
    -------
    Comparison or Combination
        The condition as a tree.

    Raises
    ------
    ValueError
        The text is not of this grammar; the message says what is allowed.

    Examples
    --------
    >>> parse_routing("stage == 5")
    Comparison(question='stage', operator='in', codes=('5',))
    """
    if len(text) > LONGEST:
        raise ValueError(_not_understood(text))
    try:
        tree = ast.parse(text.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(_not_understood(text)) from None
    return _condition(tree.body, text)


def questions_of(condition: Condition) -> tuple[Comparison, ...]:
    """List every comparison of a condition, from left to right."""
    if isinstance(condition, Comparison):
        return (condition,)
    return tuple(c for part in condition.parts for c in questions_of(part))


def asked(
    condition: Condition, compare: Callable[[Comparison], BoolArray]
) -> BoolArray:
    """Say for every respondent whether the condition holds.

    Parameters
    ----------
    condition : Comparison or Combination
        The routing.
    compare : callable
        Gives a bool array (n,) for one comparison.

    Returns
    -------
    bool array (n,)
        True where the question is asked.
    """
    if isinstance(condition, Comparison):
        return compare(condition)
    parts = [asked(part, compare) for part in condition.parts]
    if condition.operator == "not":
        return ~parts[0]
    joined = np.logical_and if condition.operator == "and" else np.logical_or
    return np.asarray(joined.reduce(parts), dtype=bool)


def _not_understood(text: str) -> str:
    """Say what a routing looks like."""
    return (
        f"routing {text[:80]!r} is not understood. Write it like "
        "'stage in (3, 4) and size != 9', with and, or, not and brackets"
    )


def _condition(node: ast.expr, text: str) -> Condition:
    """Translate a syntax tree, refusing everything outside the grammar."""
    if isinstance(node, ast.BoolOp):
        word: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
        return Combination(word, tuple(_condition(v, text) for v in node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Combination("not", (_condition(node.operand, text),))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        operator = _OPERATORS.get(type(node.ops[0]))
        if operator is not None:
            codes = _codes(node.comparators[0], text)
            return Comparison(_name(node.left, text), operator, codes)
    raise ValueError(_not_understood(text))


def _name(node: ast.expr, text: str) -> str:
    """Give the name of a question, such as ``stage`` or ``use.marketing``."""
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute):
        return f"{_name(node.value, text)}.{node.attr}"
    raise ValueError(_not_understood(text))


def _codes(node: ast.expr, text: str) -> tuple[str, ...]:
    """Give the codes on the right of a comparison."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(code for part in node.elts for code in _codes(part, text))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return tuple(f"-{code}" for code in _codes(node.operand, text))
    if isinstance(node, ast.Constant) and type(node.value) in {str, int, float}:
        return (str(node.value),)
    raise ValueError(_not_understood(text))

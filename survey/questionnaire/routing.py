"""Routing: who is asked a question, in a small safe grammar.

``stage in (3, 4) and size != 9``: names of questions compared with codes, joined by
``and``, ``or``, ``not`` and brackets. The text is parsed, never executed. A
comparison with a question that was not answered is false, and so is its opposite:
``size != 9`` asks for an answer other than 9.

A name that Python would not take, and an item of a grid, stand in brackets:
``[Q3.1] == 2``, ``[trust/SQ001] in (4, 5)``.
"""

import ast
import re
from collections.abc import Callable
from dataclasses import dataclass
from typing import Final, Literal

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
# A quoted text, which may hold brackets; or a name in brackets before an operator.
_BRACKETED: Final = re.compile(
    r"""'(?:[^'\\\n]|\\.)*'|"(?:[^"\\\n]|\\.)*"|"""
    r"""\[([^][(),'"\n]+)\](?=\s*(?:[=!<>]=|[<>]|in\b|not\s+in\b))"""
)
_STAND_IN: Final = "_bracketed_"


@dataclass(frozen=True, slots=True)
class Comparison:
    """One question, or one item of a grid, compared with codes."""

    question: str
    operator: Operator
    codes: tuple[str, ...]
    item: str = ""

    @property
    def column(self) -> str:
        """Name of the answers that are compared."""
        return f"{self.question}_{self.item}" if self.item else self.question


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
    Comparison(question='stage', operator='in', codes=('5',), item='')
    >>> parse_routing("[Q5.1/2] != 1")
    Comparison(question='Q5.1', operator='not in', codes=('1',), item='2')
    """
    if len(text) > LONGEST or _STAND_IN in text:
        raise ValueError(_not_understood(text))
    names: list[str] = []
    plain = _BRACKETED.sub(lambda found: _stand_in(found, names), text).strip()
    try:
        tree = ast.parse(plain, mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise ValueError(_not_understood(text)) from None
    return _condition(tree.body, _Source(text, tuple(names)))


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


@dataclass(frozen=True, slots=True)
class _Source:
    """The text of a routing, and the names that stood in brackets."""

    text: str
    names: tuple[str, ...]


def _stand_in(found: re.Match[str], names: list[str]) -> str:
    """Put a name that Python takes in place of one in brackets; `names` grows."""
    if found[1] is None:
        return found[0]
    names.append(found[1].strip())
    return f" {_STAND_IN}{len(names) - 1} "


def _not_understood(text: str) -> str:
    """Say what a routing looks like."""
    return (
        f"routing {text[:80]!r} is not understood. Write it like "
        "'stage in (3, 4) and [Q3.1] != 9', with and, or, not and brackets; "
        "'[trust/1] == 5' is an item of a grid"
    )


def _condition(node: ast.expr, source: _Source) -> Condition:
    """Translate a syntax tree, refusing everything outside the grammar."""
    if isinstance(node, ast.BoolOp):
        word: Literal["and", "or"] = "and" if isinstance(node.op, ast.And) else "or"
        return Combination(word, tuple(_condition(v, source) for v in node.values))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return Combination("not", (_condition(node.operand, source),))
    if isinstance(node, ast.Compare) and len(node.ops) == 1:
        operator = _OPERATORS.get(type(node.ops[0]))
        if operator is not None:
            codes = _codes(node.comparators[0], source.text)
            question, _, item = _name(node.left, source).partition("/")
            return Comparison(question.strip(), operator, codes, item.strip())
    raise ValueError(_not_understood(source.text))


def _name(node: ast.expr, source: _Source) -> str:
    """Give the name of a question, such as ``stage`` or ``use.marketing``."""
    if isinstance(node, ast.Name) and node.id.startswith(_STAND_IN):
        return source.names[int(node.id.removeprefix(_STAND_IN))]
    if isinstance(node, ast.Name):
        return node.id
    if isinstance(node, ast.Attribute) and not node.attr.startswith(_STAND_IN):
        return f"{_name(node.value, source)}.{node.attr}"
    raise ValueError(_not_understood(source.text))


def _codes(node: ast.expr, text: str) -> tuple[str, ...]:
    """Give the codes on the right of a comparison."""
    if isinstance(node, (ast.Tuple, ast.List, ast.Set)):
        return tuple(code for part in node.elts for code in _codes(part, text))
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.USub):
        return tuple(f"-{code}" for code in _codes(node.operand, text))
    if isinstance(node, ast.Constant) and type(node.value) in {str, int, float}:
        return (str(node.value),)
    raise ValueError(_not_understood(text))

"""Formulas of models: what stands on both sides, and which questions it names.

A formula is read, never run: calls of other functions than those listed are refused.
"""

import ast
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from survey.errors import EstimationError, some

if TYPE_CHECKING:
    from formulaic import SimpleFormula, StructuredFormula

FUNCTIONS: Final = ("C", "I", "log", "log2", "log10", "sqrt", "poly")

_QUOTED = re.compile(r"`([^`]+)`")
_ARITHMETIC = (
    *(ast.Expression, ast.Load, ast.Call, ast.Name, ast.Constant, ast.BinOp),
    *(ast.UnaryOp, ast.Add, ast.Sub, ast.Mult, ast.Div, ast.Pow, ast.USub, ast.UAdd),
)


@dataclass(frozen=True, slots=True, eq=False)
class ModelFormula:
    """A formula, taken apart.

    Attributes
    ----------
    text : str
        The formula as it was written.
    outcome : str
        Question or column on the left, or an expression of one.
    outcome_names, predictors : tuple of str
        Questions or columns that stand on the left, and on the right, in order.
    categorical : dict of name to str
        What stands in ``C()``, with the reference that is asked for, "" for none.
    numbers : tuple of str
        What stands in arithmetic, and so must be a number.
    left, right : SimpleFormula
        The sides as `formulaic` reads them.
    """

    text: str
    outcome: str
    outcome_names: tuple[str, ...]
    predictors: tuple[str, ...]
    categorical: dict[str, str]
    numbers: tuple[str, ...]
    left: "SimpleFormula"
    right: "SimpleFormula"


@dataclass(frozen=True, slots=True)
class _Part:
    """One factor of a term: the names in it, and what they have to be."""

    names: tuple[str, ...]
    kind: str = "name"
    reference: str = ""


def read_formula(text: str) -> ModelFormula:
    """Read a formula.

    Parameters
    ----------
    text : str
        Such as ``adopted ~ size * log(staff)``. Names with dots or blanks inside a
        function stand in backquotes.

    Returns
    -------
    ModelFormula
        Names and sides.

    Raises
    ------
    EstimationError
        The formula cannot be read, or calls a function that is not among
        `FUNCTIONS`.

    Notes
    -----
    The grammar is that of `formulaic`, near that of R. ``C(size)`` takes numbers as
    categories, and ``C(size, contr.treatment("large"))`` names the reference.

    Examples
    --------
    >>> formula = read_formula("adopted ~ size * log(staff)")
    >>> formula.predictors, formula.numbers
    (('size', 'staff'), ('staff',))
    """
    sides = _parsed(text)
    left = [_part(factor, text) for term in sides.lhs for factor in term.factors]
    right = [_part(factor, text) for term in sides.rhs for factor in term.factors]
    outcome = _names(left)
    if len(left) != 1 or not outcome or left[0].kind == "category":
        raise EstimationError(
            f"formula {text!r} needs one outcome on the left and has {len(left)} "
            f"({some(outcome)}). Write it like 'adopted ~ size + staff'."
        )
    both = [name for name in _names(right) if name in outcome]
    if both:
        raise EstimationError(
            f"formula {text!r} has {some(both)} on both sides. Take it off the right."
        )
    alone = _names([part for part in right if part.kind == "category"])
    mixed = [name for name in alone if name in _names(_others(right))]
    if mixed:
        raise EstimationError(
            f"formula {text!r} has {some(mixed)} both inside C() and as it is. Write "
            "the same everywhere."
        )
    if not len(sides.rhs):
        raise EstimationError(f"formula {text!r} has nothing on the right. Add a term.")
    return ModelFormula(
        text,
        str(next(iter(sides.lhs)).factors[0].expr),
        outcome,
        _names(right),
        {part.names[0]: part.reference for part in right if part.kind == "category"},
        _names([part for part in (*left, *right) if part.kind == "arithmetic"]),
        sides.lhs,
        sides.rhs,
    )


def _others(parts: list[_Part]) -> list[_Part]:
    """List the factors that are not ``C()``."""
    return [part for part in parts if part.kind != "category"]


def _names(parts: list[_Part]) -> tuple[str, ...]:
    """List the names of several factors, each once, in order."""
    return tuple(dict.fromkeys(name for part in parts for name in part.names))


def _parsed(text: str) -> "StructuredFormula[Any]":
    """Parse a formula with one left and one right side."""
    from formulaic import Formula, SimpleFormula
    from formulaic.errors import FormulaicError

    try:
        parsed = Formula(text)
    except (FormulaicError, SyntaxError, ValueError, RecursionError) as error:
        raise EstimationError(_not_read(text, str(error))) from None
    sides = [getattr(parsed, side, None) for side in ("lhs", "rhs")]
    whole = all(isinstance(side, SimpleFormula) for side in sides)
    if not whole or text.rstrip().endswith("~"):
        raise EstimationError(_not_read(text, "It needs one outcome, ~ and terms."))
    return parsed


def _not_read(text: str, why: str) -> str:
    """Say why a formula cannot be read."""
    first = why.strip().splitlines()[0] if why.strip() else ""
    return (
        f"formula {text[:80]!r} cannot be read: {first.rstrip('.')}. "
        "Write it like 'adopted ~ size + staff', with + : * and brackets."
    )


def _part(factor: Any, text: str) -> _Part:
    """Say what one factor of a term names."""
    method, expression = factor.eval_method.value, str(factor.expr)
    if method == "literal":
        return _Part(())
    if method == "lookup":
        return _Part((expression,))
    quoted: list[str] = _QUOTED.findall(expression)
    for i, name in enumerate(quoted):
        expression = expression.replace(f"`{name}`", f"quoted_{i}_")
    try:
        tree = ast.parse(expression.strip(), mode="eval")
    except (SyntaxError, ValueError, MemoryError, RecursionError):
        raise EstimationError(_not_read(text, f"{factor.expr!r} is unclear")) from None
    part = _category(tree.body) or _arithmetic(tree, str(factor.expr), text)
    real = {f"quoted_{i}_": name for i, name in enumerate(quoted)}
    return _Part(
        tuple(real.get(name, name) for name in part.names), part.kind, part.reference
    )


def _category(node: ast.expr) -> _Part | None:
    """Read ``C(name)`` or ``C(name, contr.treatment("reference"))``."""
    match node:
        case ast.Call(func=ast.Name(id="C"), args=[ast.Name(id=name)], keywords=[]):
            return _Part((name,), "category")
        case ast.Call(
            func=ast.Name(id="C"),
            args=[
                ast.Name(id=name),
                ast.Call(
                    func=ast.Attribute(value=ast.Name(id="contr"), attr="treatment"),
                    args=[ast.Constant(value=str(reference))],
                    keywords=[],
                ),
            ],
            keywords=[],
        ):
            return _Part((name,), "category", reference)
    return None


def _arithmetic(tree: ast.Expression, expression: str, text: str) -> _Part:
    """Read arithmetic of names, numbers and the functions that are allowed."""
    nodes = list(ast.walk(tree))
    calls = [node for node in nodes if isinstance(node, ast.Call)]
    functions = [call.func for call in calls]
    known = all(
        isinstance(f, ast.Name) and f.id in FUNCTIONS and f.id != "C" for f in functions
    )
    plain = all(isinstance(node, _ARITHMETIC) for node in nodes)
    if not (known and plain and all(_bounded(node) for node in nodes)):
        raise EstimationError(
            f"formula {text!r} has {expression!r}, which is not allowed. Use names, "
            f"numbers, + - * / **, {some(FUNCTIONS)}, "
            """C(name) or C(name, contr.treatment("code"))."""
        )
    names = [n.id for n in nodes if isinstance(n, ast.Name) and n not in functions]
    return _Part(tuple(dict.fromkeys(names)), "arithmetic")


def _bounded(node: ast.AST) -> bool:
    """Allow numbers only as constants, and powers only of names."""
    if isinstance(node, ast.Constant):
        return type(node.value) in {int, float}
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Pow):
        # A power of constants could take for ever to work out.
        has_name = any(isinstance(part, ast.Name) for part in ast.walk(node.left))
        return has_name and isinstance(node.right, ast.Constant)
    return True

"""Conditions of an XLSForm, said in the grammar of questionnaires where that can be.

An unanswered question differs from everything in a form, so ``!=`` becomes ``not``: it
holds without an answer too.
"""

import re
from collections import deque
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from survey.importers.definitions.condition import EVERYONE, Routed
from survey.importers.definitions.routing_text import Operator, compare, join, negate

_LONGEST: Final = 4000
_DEEPEST: Final = 40
_TOKEN = re.compile(
    r"""\s*(?:\$\{\s*(?P<question>[^{}]{1,200})\s*\}"""
    r"""|'(?P<single>[^']*)'|"(?P<double>[^"]*)\""""
    r"""|(?P<number>-?\d+(?:\.\d+)?)|(?P<operator>!=|<=|>=|=|<|>)"""
    r"""|(?P<mark>[(),])|(?P<word>[A-Za-z][A-Za-z0-9:._-]*))"""
)
_TURNED: Final[Mapping[str, str]] = {"<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SIGNS: Final[Mapping[str, Operator]] = {
    "=": "==",
    "!=": "!=",
    "<": "<",
    "<=": "<=",
    ">": ">",
    ">=": ">=",
}
_MOST = re.compile(r"count-selected\(\s*\.\s*\)\s*(<=|<|=)\s*(\d{1,4})")


@dataclass(frozen=True, slots=True)
class _Token:
    """A piece of a condition: its kind and its text."""

    kind: str
    text: str


@dataclass(frozen=True, slots=True)
class _Known:
    """Codes of every question, and which of them take several answers."""

    codes: Mapping[str, tuple[str, ...]]
    several: Collection[str]


class _NotSaidError(Exception):
    """The condition is outside what the grammar can say."""


def translate(
    text: str, codes: Mapping[str, tuple[str, ...]], several: Collection[str] = ()
) -> Routed:
    """Say a condition of an XLSForm in the grammar of questionnaires.

    Parameters
    ----------
    text : str
        Cell of the column ``relevant``.
    codes : mapping of question to tuple of str
        Codes of every question of the form; none for a number or a text.
    several : collection of str
        Questions that take several answers.

    Returns
    -------
    Routed
        In words only where the condition calculates, or names what is no question.

    Examples
    --------
    >>> form = {"use": ("yes", "no"), "why": ("cost", "law")}
    >>> translate("${use} = 'yes' and not(selected(${why}, 'law'))", form).said
    "use == 'yes' and not (why == 'law')"
    >>> translate("${why} != ''", form).said
    "why in ('cost', 'law')"
    """
    words = " ".join(text.split())
    if not words:
        return EVERYONE
    try:
        tokens = _tokens(words)
        said = _either(tokens, _Known(codes, several))
    except _NotSaidError:
        return Routed("", words)
    return Routed("" if tokens else said, words)


def most_choices(constraint: str) -> int | None:
    """Read the largest number of answers from a constraint.

    Parameters
    ----------
    constraint : str
        Cell of the column ``constraint``.

    Returns
    -------
    int or None
        None unless the constraint counts what was selected, and nothing else may hold.

    Examples
    --------
    >>> most_choices("count-selected(.) <= 3"), most_choices(". > 0")
    (3, None)
    """
    found = _MOST.search(constraint)
    if not found or re.search(r"\b(?:or|not)\b", constraint):
        return None
    return int(found[2]) - (found[1] == "<") or None


def _tokens(text: str) -> deque[_Token]:
    """Cut a condition into pieces."""
    found: deque[_Token] = deque()
    place = depth = deepest = 0
    if len(text) > _LONGEST:
        raise _NotSaidError
    while place < len(text.rstrip()):
        match = _TOKEN.match(text, place)
        if not match or not match.lastgroup:
            raise _NotSaidError
        kind = "text" if match.lastgroup in {"single", "double"} else match.lastgroup
        found.append(_Token(kind, match[match.lastgroup].strip()))
        place = match.end()
        depth += {"(": 1, ")": -1}.get(found[-1].text, 0)
        deepest = max(deepest, depth)
    if depth or deepest > _DEEPEST:
        raise _NotSaidError
    return found


def _either(tokens: deque[_Token], known: _Known) -> str:
    """Read conditions joined by ``or``."""
    parts = [_both(tokens, known)]
    while _next_is(tokens, "or"):
        tokens.popleft()
        parts.append(_both(tokens, known))
    return _said(join("or", parts))


def _both(tokens: deque[_Token], known: _Known) -> str:
    """Read conditions joined by ``and``."""
    parts = [_term(tokens, known)]
    while _next_is(tokens, "and"):
        tokens.popleft()
        parts.append(_term(tokens, known))
    return _said(join("and", parts))


def _term(tokens: deque[_Token], known: _Known) -> str:
    """Read a condition in brackets, a function, or a comparison."""
    if _next_is(tokens, "("):
        return _in_brackets(tokens, known)
    if _next_is(tokens, "not"):
        tokens.popleft()
        return negate(_in_brackets(tokens, known))
    if _next_is(tokens, "selected"):
        tokens.popleft()
        _expect(tokens, "(")
        question = _take(tokens, "question")
        _expect(tokens, ",")
        code = _take(tokens, "text", "number")
        _expect(tokens, ")")
        return _chosen(question, code, known)
    return _comparison(tokens, known)


def _in_brackets(tokens: deque[_Token], known: _Known) -> str:
    """Read a condition in brackets."""
    _expect(tokens, "(")
    said = _either(tokens, known)
    _expect(tokens, ")")
    return said


def _comparison(tokens: deque[_Token], known: _Known) -> str:
    """Read a question compared with a value, in either order."""
    if _next_is(tokens, "count-selected"):
        return _count(tokens, known)
    first = _token(tokens, "question", "text", "number")
    sign = _take(tokens, "operator")
    second = _token(tokens, "question", "text", "number")
    if first.kind != "question":
        first, second, sign = second, first, _TURNED.get(sign, sign)
    if first.kind != "question" or second.kind == "question":
        raise _NotSaidError
    if sign in {"=", "!="}:
        said = _equal(first.text, second, known)
        return said if (sign == "=") == bool(second.text) else negate(said)
    if first.text not in known.codes or first.text in known.several:
        raise _NotSaidError
    return _compared(first.text, _SIGNS[sign], [second.text])


def _count(tokens: deque[_Token], known: _Known) -> str:
    """Read whether anything was selected; no other count can be said."""
    tokens.popleft()
    _expect(tokens, "(")
    question = _take(tokens, "question")
    _expect(tokens, ")")
    compared = _take(tokens, "operator") + _take(tokens, "number")
    if compared in {">0", ">=1", "!=0"}:
        return _answered(question, known)
    if compared in {"=0", "<1"}:
        return negate(_answered(question, known))
    raise _NotSaidError


def _equal(question: str, value: _Token, known: _Known) -> str:
    """Compare a question with one value; with no value, say that it has any."""
    if not value.text:
        return _answered(question, known)
    if question in known.several:
        raise _NotSaidError
    if known.codes.get(question) == () and value.kind == "number":
        return _compared(question, "==", [value.text])
    return _chosen(question, value.text, known)


def _chosen(question: str, code: str, known: _Known) -> str:
    """Say that a code was chosen."""
    if code not in known.codes.get(question, ()):
        raise _NotSaidError
    return _compared(question, "==", [code])


def _answered(question: str, known: _Known) -> str:
    """Say that any code was chosen."""
    return _compared(question, "==", known.codes.get(question, ()))


def _compared(name: str, operator: Operator, codes: Sequence[str]) -> str:
    """Compare a question, or an item as ``grid/item``."""
    question, _, item = name.partition("/")
    return _said(compare(question, operator, codes, item=item))


def _said(text: str) -> str:
    """Give a condition that the grammar can say."""
    if not text:
        raise _NotSaidError
    return text


def _next_is(tokens: deque[_Token], text: str) -> bool:
    """Tell whether a word or sign comes next."""
    found = tokens[0] if tokens else _Token("", "")
    return found.kind in {"word", "mark"} and found.text == text


def _expect(tokens: deque[_Token], text: str) -> None:
    """Take a sign that must come next."""
    if not _next_is(tokens, text):
        raise _NotSaidError
    tokens.popleft()


def _token(tokens: deque[_Token], *kinds: str) -> _Token:
    """Take a piece that must be of some kind."""
    if not tokens or tokens[0].kind not in kinds:
        raise _NotSaidError
    return tokens.popleft()


def _take(tokens: deque[_Token], *kinds: str) -> str:
    """Take the text of a piece that must be of some kind."""
    return _token(tokens, *kinds).text

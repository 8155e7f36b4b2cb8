"""Routing in the grammar of questionnaires, written by importers of definitions.

A condition that the grammar cannot say is an empty text: who was asked is then left
to the words of the platform, never said in part.
"""

import re
from collections.abc import Iterable, Sequence
from keyword import iskeyword
from typing import Final, Literal

LONGEST: Final = 2000
_NAME = re.compile(r"[A-Za-z_][A-Za-z0-9_]*(?:\.[A-Za-z_][A-Za-z0-9_]*)*")
_BRACKETED = re.compile(r"[^][(),'\"\n/]+")
_NUMBER = re.compile(r"-?(?:0|[1-9]\d{0,14})(?:\.\d{1,9})?")

Operator = Literal["==", "!=", "<", "<=", ">", ">="]


def name_of(question: str, item: str = "") -> str:
    """Write the name of a question, or of an item of a grid, as routing names it.

    Parameters
    ----------
    question : str
        Its id.
    item : str, optional
        Code of the item.

    Returns
    -------
    str
        In brackets where it has to be; empty where it cannot be written at all.

    Examples
    --------
    >>> name_of("stage"), name_of("Q3.1"), name_of("trust", "SQ001")
    ('stage', '[Q3.1]', '[trust/SQ001]')
    """
    parts = [question, item] if item else [question]
    if any(not _BRACKETED.fullmatch(part) for part in parts):
        return ""
    plain = _NAME.fullmatch(question) and not any(map(iskeyword, question.split(".")))
    return question if plain and not item else f"[{'/'.join(parts)}]"


def compare(
    question: str, operator: Operator, codes: Sequence[str], *, item: str = ""
) -> str:
    """Compare a question with codes.

    Parameters
    ----------
    question : str
        Its id.
    operator : {"==", "!=", "<", "<=", ">", ">="}
        With several codes, ``==`` is any of them and ``!=`` is none of them.
    codes : sequence of str
        Codes, as exports hold them.
    item : str, optional
        Code of an item, where the question is a grid.

    Returns
    -------
    str
        Empty where the id cannot be written, or texts would be compared by size.

    Examples
    --------
    >>> compare("stage", "==", ["3", "4"]), compare("use", "!=", ["no"])
    ('stage in (3, 4)', "use != 'no'")
    >>> compare("a-b", "==", ["1"]), compare("a/b", "==", ["1"])
    ('[a-b] == 1', '')
    """
    name = name_of(question, item)
    if not codes or not name:
        return ""
    if operator not in {"==", "!="} and not _NUMBER.fullmatch(codes[0]):
        return ""
    said = [code if _NUMBER.fullmatch(code) else repr(code) for code in codes]
    if len(said) == 1:
        return f"{name} {operator} {said[0]}"
    return f"{name} {'in' if operator == '==' else 'not in'} ({', '.join(said)})"


def join(word: Literal["and", "or"], parts: Iterable[str]) -> str:
    """Join conditions.

    Parameters
    ----------
    word : {"and", "or"}
        What joins them.
    parts : iterable of str
        Conditions.

    Returns
    -------
    str
        Empty where one of them is: a part is no whole.

    Examples
    --------
    >>> join("and", ["a == 1", "b == 2 or b == 3"]), join("or", ["a == 1", ""])
    ('a == 1 and (b == 2 or b == 3)', '')
    """
    listed = list(dict.fromkeys(parts))
    if len(listed) == 1:
        return listed[0]
    if not all(listed):
        return ""
    other = " or " if word == "and" else " and "
    said = [f"({part})" if other in part else part for part in listed]
    text = f" {word} ".join(said)
    return text if len(text) <= LONGEST else ""


def negate(part: str) -> str:
    """Turn a condition round.

    Parameters
    ----------
    part : str
        A condition.

    Returns
    -------
    str
        Empty where it is.

    Examples
    --------
    >>> negate("a == 1")
    'not (a == 1)'
    """
    return f"not ({part})" if part else ""

"""Conditions of a definition, with the words in which the platform states them.

A condition is said as a whole or not at all: half of it would name other respondents.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from survey.importers.definitions.routing_text import Operator, compare, join, negate


@dataclass(frozen=True, slots=True)
class Routed:
    """Who is asked.

    Attributes
    ----------
    said : str
        In the grammar of questionnaires; empty where it cannot be said.
    words : str
        As the platform words it; empty where everyone is asked.
    """

    said: str = ""
    words: str = ""


EVERYONE: Final = Routed()


def compared(
    question: str,
    operator: Operator,
    codes: Sequence[str],
    words: str,
    *,
    item: str = "",
) -> Routed:
    """Compare a question with codes.

    Parameters
    ----------
    question : str
        Id of a question.
    operator : {"==", "!=", "<", "<=", ">", ">="}
        As in `compare`.
    codes : sequence of str
        At least one.
    words : str
        The same condition as the platform words it; made where empty.
    item : str, optional
        Code of an item, where the question is a grid.

    Returns
    -------
    Routed
        In words only where the grammar cannot name the question.

    Examples
    --------
    >>> compared("size", "==", ["1", "A2"], "Size: small").said
    "size in (1, 'A2')"
    """
    made = f"{question} {item}".strip() + f" {operator} {', '.join(codes)}"
    return Routed(compare(question, operator, codes, item=item), words or made)


def all_of(conditions: Iterable[Routed]) -> Routed:
    """Join conditions that must all hold.

    Parameters
    ----------
    conditions : iterable of Routed
        `EVERYONE` adds nothing.

    Returns
    -------
    Routed
        In words only where one of them is.

    Examples
    --------
    >>> all_of([Routed("a == 1", "A"), EVERYONE, Routed("b == 2", "B")])
    Routed(said='a == 1 and b == 2', words='A and B')
    """
    kept = tuple(dict.fromkeys(part for part in conditions if part.words))
    if not kept:
        return EVERYONE
    said = join("and", [part.said for part in kept])
    return Routed(said, _in_words("and", kept))


def any_of(conditions: Iterable[Routed]) -> Routed:
    """Join conditions of which one must hold.

    Parameters
    ----------
    conditions : iterable of Routed
        Conditions.

    Returns
    -------
    Routed
        `EVERYONE` where one of the conditions is, or there is none.

    Examples
    --------
    >>> any_of([Routed("a == 1", "A"), Routed("b == 2 and c == 3", "B, C")]).said
    'a == 1 or (b == 2 and c == 3)'
    """
    kept = tuple(dict.fromkeys(conditions))
    if not kept or any(not part.words for part in kept):
        return EVERYONE
    said = join("or", [part.said for part in kept])
    return Routed(said, _in_words("or", kept))


def negated(condition: Routed) -> Routed:
    """Turn a condition round; unlike ``!=`` it holds without an answer too.

    Parameters
    ----------
    condition : Routed
        What must not hold.

    Returns
    -------
    Routed
        In words only where the condition is.

    Examples
    --------
    >>> negated(Routed("consent == 2", "Consent: No"))
    Routed(said='not (consent == 2)', words='not (Consent: No)')
    """
    if not condition.words:
        return Routed("", "never")
    return Routed(negate(condition.said), f"not ({condition.words})")


def _in_words(word: str, conditions: Sequence[Routed]) -> str:
    """Join the words of conditions, however long they are."""
    other = " or " if word == "and" else " and "
    texts = dict.fromkeys(part.words for part in conditions)
    several = len(texts) > 1
    return f" {word} ".join(
        f"({text})" if several and other in text.lower() else text for text in texts
    )

"""Compare wordings and labels of two waves: the same, reworded, or something else.

Two texts are reworded versions of each other only if no word of content was exchanged:
"Importance of cost" and "Importance of speed" are two questions however alike they
look.
"""

import re
from collections.abc import Iterable
from difflib import SequenceMatcher
from functools import lru_cache
from typing import Final

from survey.importers.labels import comparable

_WORD: Final = re.compile(r"[^\W_]+(?:'[^\W_]+)?")
_LONGEST: Final = 600
_KEPT: Final = 20_000
_SAME_WORD: Final = 0.8
_ADDED: Final = 0.2
_STOP_WORDS: Final = """
a an the of in on at to for from by with and or is are was were do does did has have
had be been your you our we their its it this that these those please which what how
following select all apply one

der die das des dem den ein eine einer einem einen von in im an am zu zum zur für mit
und oder ist sind hat haben ihre ihr ihrer ihren sie wir bitte welche welcher welches
was wie alle wählen
"""
_STOP: Final = frozenset(_STOP_WORDS.split())


@lru_cache(_KEPT)
def plain_text(text: str) -> str:
    """Give a text in the form in which waves are compared.

    Parameters
    ----------
    text : str
        A wording or label.

    Returns
    -------
    str
        Words and numbers only, in lower case.

    Examples
    --------
    >>> plain_text("Don\u2019t  know.")
    "don't know"
    """
    return " ".join(_WORD.findall(comparable(text)[:_LONGEST]))


def is_reworded(one: str, other: str) -> bool:
    """Tell whether two texts say the same in slightly different words.

    Parameters
    ----------
    one, other : str
        Wordings or labels.

    Returns
    -------
    bool
        True where every word of content of the one has a counterpart in the other,
        and few words were added; numbers have to be the same, years apart.

    Examples
    --------
    >>> is_reworded("Which barriers do you see in 2023?", "Which barriers do you see?")
    True
    >>> is_reworded("How important is cost?", "How important is speed?")
    False
    """
    first, second = _content(one), _content(other)
    if not first or not second or _numbers(one) != _numbers(other):
        return plain_text(one) == plain_text(other)
    if _begin_otherwise(first, second) and _begin_otherwise(second, first):
        return False
    lost = [word for word in first if not _has(word, second)]
    added = [word for word in second if not _has(word, first)]
    if lost and added:
        return False
    extra, most = len(lost) + len(added), max(len(first), len(second))
    return extra <= _ADDED * most and bool(_negated(one)) == bool(_negated(other))


def likeness(one: str, other: str) -> float:
    """Measure how alike two texts are.

    Parameters
    ----------
    one, other : str
        Wordings or labels.

    Returns
    -------
    float
        0 for nothing in common, 1 for the same words in the same order.

    Examples
    --------
    >>> likeness("Size?", "size")
    1.0
    """
    first, second = plain_text(one), plain_text(other)
    return SequenceMatcher(None, first, second, autojunk=False).ratio()


def any_same(texts: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether any two texts of two groups are the same.

    Parameters
    ----------
    texts, others : iterable of str
        The same text in several languages.

    Returns
    -------
    bool
        Empty texts are no evidence.

    Examples
    --------
    >>> any_same(["Size", "Größe"], ["größe "])
    True
    """
    known = set(map(plain_text, texts)) - {""}
    return bool(known & set(map(plain_text, others)))


@lru_cache(_KEPT)
def _content(text: str) -> tuple[str, ...]:
    """List the words that carry meaning."""
    words = plain_text(text).split()
    return tuple(w for w in words if w not in _STOP and not w.isdigit())


def _begin_otherwise(words: Iterable[str], others: Iterable[str]) -> bool:
    """Tell whether a word begins like none of the others: it is none of them."""
    begins = {other[:2] for other in others}
    return any(word[:2] not in begins for word in words)


@lru_cache(_KEPT)
def _numbers(text: str) -> tuple[str, ...]:
    """List the numbers that are no years."""
    found = re.findall(r"\d+", comparable(text).replace(",", ""))
    return tuple(sorted(n for n in found if not re.fullmatch(r"20[0-4]\d", n)))


def _negated(text: str) -> list[str]:
    """List the words that turn a text into its opposite."""
    return re.findall(
        r"\b(?:not|no|never|non|nicht|kein\w*|nie|un(?=important|likely))\b|n't\b",
        comparable(text),
    )


def _has(word: str, words: Iterable[str]) -> bool:
    """Tell whether a word, or another form or spelling of it, is among words."""
    return any(
        word == other
        or (
            word[:2] == other[:2]
            and SequenceMatcher(None, word, other).ratio() >= _SAME_WORD
        )
        for other in words
    )

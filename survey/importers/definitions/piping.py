"""Wording without markup: tags, entities, and marks that a platform replaces.

What is piped in differs from respondent to respondent, so a mark becomes an ellipsis.
"""

import html
import re
from collections.abc import Mapping
from typing import Final

from survey.importers.labels import tidy

_HIDDEN: Final = (("<script", "</script"), ("<style", "</style"), ("<!--", "-->"))
_QUALTRICS = re.compile(r"\$\{[^{}]{1,300}\}")
_LIMESURVEY = re.compile(r"\{[A-Za-z!(][^{}]{0,300}\}")
_LOOSE = re.compile(r" ([?!.,;:])(?=\s|$)")
_LONGEST: Final = 100_000


def plain(text: object) -> str:
    """Give a wording as a respondent reads it, on one line.

    Parameters
    ----------
    text : object
        What a definition holds: HTML, a number, or nothing.

    Returns
    -------
    str
        Words only; what is piped in is an ellipsis.

    Examples
    --------
    >>> plain("<p>Do you&nbsp;use <b>${q://QID1/ChoiceGroup}</b>?</p>")
    'Do you use …?'
    """
    if isinstance(text, bool) or not isinstance(text, (str, int, float)):
        return ""
    raw = str(text)[:_LONGEST]
    for opening, closing in _HIDDEN:
        raw = _without(raw, opening, closing)
    words = tidy(html.unescape(tidy(raw)))
    if "{" in words:
        words = _LIMESURVEY.sub("\u2026", _QUALTRICS.sub("\u2026", words))
    return _LOOSE.sub(r"\1", words)


def beside(first: Mapping[str, str], second: Mapping[str, str]) -> dict[str, str]:
    """Put one text behind another in every language.

    Parameters
    ----------
    first, second : mapping of language to str
        Wording of a question and of its row, for example.

    Returns
    -------
    dict of language to str
        Languages of the first; of the second where the first has none.

    Examples
    --------
    >>> beside({"en": "Use", "de": "Nutzung"}, {"en": "Legal"})
    {'en': 'Use - Legal', 'de': 'Nutzung'}
    """
    return {
        language: " - ".join(filter(None, (text, second.get(language, ""))))
        for language, text in first.items()
    } or dict(second)


def _without(text: str, opening: str, closing: str) -> str:
    """Leave out what stands between two marks, to the end where the second is missing.

    A tag that closes stays: it is left out with all other tags.
    """
    lower = text.lower()
    if opening not in lower or len(lower) != len(text):
        return text
    kept, place = [], 0
    while (start := lower.find(opening, place)) >= 0:
        kept.append(text[place:start])
        end = lower.find(closing, start)
        if end < 0:
            return "".join(kept)
        place = end + (len(closing) if closing == "-->" else 0)
    return "".join([*kept, text[place:]])

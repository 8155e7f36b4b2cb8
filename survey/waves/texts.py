"""Texts of two waves: how they differ, and how answers are listed.

A text is compared in every language that both waves have.
"""

from collections.abc import Mapping
from typing import Final

from survey.questionnaire.drafting.similar import is_reworded, plain_text
from survey.questionnaire.model import Category, Item, Question, in_language
from survey.waves.match import substance

_SHOWN: Final = "en"
# Words without content of their own that turn a question into another one.
_JOINING: Final = frozenset({"and", "or", "und", "oder"})
_PAST: Final = frozenset(
    {"did", "was", "were", "had"}
    | {"hatte", "hatten", "war", "waren", "wurde", "wurden"}
)


def differing_texts(
    now: Mapping[str, str], before: Mapping[str, str]
) -> tuple[str, str] | None:
    """Give a text of both waves in the first language in which it differs.

    Parameters
    ----------
    now, before : mapping of language to str
        Wordings or labels of the newer and of the older wave.

    Returns
    -------
    (str, str) or None
        Before and after; None where all languages that both have agree. Where a text
        is not merely reworded in one language, that one is given.

    Examples
    --------
    >>> differing_texts({"en": "All costs"}, {"en": "Costs", "de": "Kosten"})
    ('Costs', 'All costs')
    """
    shared = [language for language in before if language in now]
    pairs = [(before[language], now[language]) for language in shared]
    if not shared and now and before:
        pairs = [(in_language(before, "en"), in_language(now, "en"))]
    differ = [p for p in pairs if plain_text(p[0]) != plain_text(p[1])]
    if not shared and any(
        plain_text(a) == plain_text(b) for a in before.values() for b in now.values()
    ):
        return None
    hard = [pair for pair in differ if not is_trivial(*pair)]
    return next(iter([*hard, *differ]), None)


def is_trivial(one: str, other: str) -> bool:
    """Tell whether a wording changed without asking anything else.

    Parameters
    ----------
    one, other : str
        Wordings of two waves.

    Returns
    -------
    bool
        False where a word of content was exchanged, where the same words stand in
        another order ("A before B"), "and" became "or", or the present the past.

    Examples
    --------
    >>> is_trivial("Which tools do you use?", "Which tool do you use?")
    True
    >>> is_trivial("Which tools do you use?", "Which tools did you use?")
    False
    """
    if not is_reworded(one, other):
        return False
    first, second = plain_text(one).split(), plain_text(other).split()
    if first != second and sorted(first) == sorted(second):
        return False
    return all(
        bool(words & set(first)) == bool(words & set(second))
        for words in (*(frozenset([word]) for word in _JOINING), _PAST)
    )


def label_of(entry: Category | Item) -> str:
    """Give the label of an answer or item, in English where it has one.

    Parameters
    ----------
    entry : Category or Item
        Of a questionnaire.

    Returns
    -------
    str
        The code where there is no label.

    Examples
    --------
    >>> label_of(Category(code=1, label={"de": "Ja", "en": "Yes"}))
    'Yes'
    """
    return in_language(entry.label, _SHOWN) or entry.code


def steps_of(question: Question) -> str:
    """List the steps of a scale.

    Parameters
    ----------
    question : Question
        With categories.

    Returns
    -------
    str
        Labels in their order.

    Examples
    --------
    >>> steps = [{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}]
    >>> steps_of(Question(id="q", kind="single", label="Q", categories=steps))
    'Low | High'
    """
    return " | ".join(label_of(c) for c in substance(question.categories))

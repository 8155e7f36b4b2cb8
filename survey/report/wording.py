"""Fixed words and sentences of a report, in English and German.

A sentence is written only where its number supports it: "most" and "more than half"
need an interval above 50 %.
"""

import re
from collections.abc import Mapping
from datetime import datetime
from functools import cache
from importlib.resources import files

import yaml

from survey.finding import Action


@cache
def words(language: str) -> Mapping[str, str]:
    """Give all fixed texts of a language.

    Parameters
    ----------
    language : str
        ``en`` or ``de``.

    Returns
    -------
    mapping of str to str
        Texts by name, from the files in ``words/LANGUAGE``.
    """
    folder = files("survey.report") / "words" / language
    read: dict[str, str] = {}
    for file in sorted(folder.iterdir(), key=lambda file: file.name):
        found = yaml.load(file.read_text(encoding="utf-8"), yaml.CSafeLoader)
        read |= {str(key): str(value) for key, value in found.items()}
    return read


def say(language: str, key: str, **values: object) -> str:
    r"""Give a fixed text with its values filled in.

    Parameters
    ----------
    language : str
        ``en`` or ``de``.
    key : str
        Name of the text.
    **values
        What stands in its braces, as finished text.

    Returns
    -------
    str
        The text.

    Examples
    --------
    >>> say("de", "source", source="eigene Erhebung")
    'Quelle: eigene Erhebung'
    """
    return words(language)[key].format(**values)


def action_text(action: Action, language: str) -> str:
    """Say what was done about a finding.

    Parameters
    ----------
    action : str
        As the finding has it.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        The fixed text.

    Examples
    --------
    >>> action_text("left out (weight 0)", "de")
    'nicht gezählt (Gewicht 0)'
    """
    key = re.sub(r"\W+", "_", f"action {action}").strip("_")
    return say(language, key)


def date_text(date: str, language: str) -> str:
    """Write a day or a month as a language does.

    Parameters
    ----------
    date : str
        ``2024-11``, ``2024-11-30``, or something else, which stays as it is.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        The date.

    Examples
    --------
    >>> date_text("2024-11", "de"), date_text("2024-11-30", "de"), date_text("24", "de")
    ('November 2024', '30. November 2024', '24')
    """
    from babel.dates import format_date, format_skeleton

    for pattern in ("%Y-%m-%d", "%Y-%m"):
        try:
            day = datetime.strptime(date, pattern).date()  # noqa: DTZ007 - a day
        except ValueError:
            continue
        if pattern.endswith("d"):
            return format_date(day, "long", language)
        return format_skeleton("yMMMM", day, locale=language)
    return date


def ordinal(number: int, language: str) -> str:
    """Write a rank: ``2nd``, ``2.``.

    Parameters
    ----------
    number : int
        1 or more.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        The rank.

    Examples
    --------
    >>> ordinal(2, "en"), ordinal(11, "en"), ordinal(2, "de")
    ('2nd', '11th', '2.')
    """
    if language == "de":
        return f"{number}."
    teens = range(11, 14)
    last = 0 if number % 100 in teens else number % 10
    return f"{number}{ {1: 'st', 2: 'nd', 3: 'rd'}.get(last, 'th') }"


def rank_text(low: int, high: int, language: str) -> str:
    """Write a rank with its uncertainty: ``2nd to 4th``.

    Parameters
    ----------
    low, high : int
        Best and worst rank that the data allow.
    language : str
        ``en`` or ``de``.

    Returns
    -------
    str
        One rank where both are the same.

    Examples
    --------
    >>> rank_text(2, 4, "en"), rank_text(1, 1, "en")
    ('2nd to 4th', '1st')
    """
    if low == high:
        return ordinal(low, language)
    ends = ordinal(low, language), ordinal(high, language)
    return say(language, "rank", low=ends[0], high=ends[1])

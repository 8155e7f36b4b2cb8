"""What an ordered question is: amounts, ranks, or a scale with two poles or a middle.

Only the words of the answers are judged; what no list knows is a row of amounts.
"""

import re
from collections.abc import Iterator
from typing import Final, Literal

from survey.importers.labels import comparable
from survey.questionnaire.model import Question
from survey.questionnaire.scale_words import NEUTRAL, OPPOSITE
from survey.report.document import ChartKind

Direction = Literal["", "rising", "falling"]
_PAIRS: Final = (
    *OPPOSITE.items(),
    ("decrease", "increase"),
    ("worse", "better"),
    ("sinken", "steigen"),
    ("abnehmen", "zunehmen"),
    ("schlechter", "besser"),
)
_DENIED = re.compile(r"(stimme|trifft)\b.*\bnicht zu")
_AFFIRMED = re.compile(r"(stimme|trifft)\b(?!.*\bnicht\b).*\bzu")
_RANK = re.compile(
    r"(?:rank|rang|platz)\W*(\d+)|(\d+)(?:st|nd|rd|th|\.)(?: ?(?:rank|choice|rang|platz"
    r"|wahl))?"
)
_MOST_STEPS: Final = 7
_FEW_ITEMS: Final = 4


def chart_kind(question: Question) -> ChartKind:
    """Choose the figure of a question.

    Parameters
    ----------
    question : Question
        What was asked.

    Returns
    -------
    str
        ``scale`` for ordered grids and for scales with two poles or a middle;
        ``heat`` for grids of more than four items whose answers have no order, or
        more than seven steps; ``stacked`` for rankings and other grids; otherwise
        ``bars``, which have intervals.
    """
    steps = _steps(question)
    if question.kind == "grid":
        if are_ranks(question) and len(steps) <= _MOST_STEPS:
            return "stacked"
        if question.ordered and len(steps) <= _MOST_STEPS:
            return "scale"
        return "heat" if len(question.items) > _FEW_ITEMS else "stacked"
    has_sides = question.ordered and question.kind == "single" and is_bipolar(question)
    return "scale" if has_sides and len(steps) <= _MOST_STEPS else "bars"


def are_ranks(question: Question) -> bool:
    """Say whether the answers are ranks, the first of them the best.

    Parameters
    ----------
    question : Question
        What was asked.

    Returns
    -------
    bool
        True where the labels count up from 1 in one of the languages.

    Examples
    --------
    >>> ranks = [{"code": n, "label": f"Rank {n}"} for n in (1, 2)]
    >>> are_ranks(Question(id="q", kind="grid", label="Q", ordered=True,
    ...                    categories=ranks, items=[{"code": "a", "label": "Cost"}]))
    True
    """
    steps = _steps(question)
    languages = steps[0] if question.ordered and len(steps) > 1 else ()
    return any(
        all(_rank(step.get(name, "")) == at for at, step in enumerate(steps, 1))
        for name in languages
    )


def is_bipolar(question: Question) -> bool:
    """Say whether a scale has two poles, or a neutral answer in its middle.

    Parameters
    ----------
    question : Question
        With ordered answers.

    Returns
    -------
    bool
        True for "disagree" to "agree", False for sizes and stages.

    Examples
    --------
    >>> size = Question(id="q", kind="single", label="Q", ordered=True,
    ...                 categories=[{"code": 1, "label": "Small"},
    ...                             {"code": 2, "label": "Large"}])
    >>> is_bipolar(size)
    False
    """
    steps = _steps(question)
    half, odd = divmod(len(steps), 2)
    middle = steps[half].values() if odd and half else ()
    if any(NEUTRAL.fullmatch(comparable(text)) for text in middle):
        return True
    return bool(direction(question))


def direction(question: Question) -> Direction:
    """Say where the affirmative pole of a scale is.

    Parameters
    ----------
    question : Question
        With ordered answers.

    Returns
    -------
    {"rising", "falling", ""}
        ``falling`` where the first answer affirms; empty where the words do not tell.

    Examples
    --------
    >>> ends = ["Strongly agree", "Strongly disagree"]
    >>> asked = Question(id="q", kind="single", label="Q", ordered=True, categories=[
    ...     {"code": i, "label": text} for i, text in enumerate(ends)])
    >>> direction(asked)
    'falling'
    """
    for first, last in _ends(question):
        if _opposite(first, last):
            return "rising"
        if _opposite(last, first):
            return "falling"
    return ""


def _rank(label: str) -> int:
    """Give the rank that a label names; 0 where it is none."""
    found = _RANK.fullmatch(comparable(label))
    return int(found[1] or found[2]) if found else 0


def _steps(question: Question) -> list[dict[str, str]]:
    """Give the labels of the steps, in all languages."""
    return [c.label for c in question.categories if not (c.dont_know or c.missing)]


def _ends(question: Question) -> Iterator[tuple[str, str]]:
    """Give the labels of the first and the last step in every language."""
    steps = _steps(question)
    if len(steps) > 1:
        for language, text in steps[0].items():
            yield comparable(text), comparable(steps[-1].get(language, ""))


def _opposite(negative: str, positive: str) -> bool:
    """Say whether one label denies what the other affirms."""
    if _DENIED.fullmatch(negative) and _AFFIRMED.fullmatch(positive):
        return True
    low, high = (set(re.findall(r"\w+", text)) for text in (negative, positive))
    return any(no in low and yes in high and yes not in low for no, yes in _PAIRS)

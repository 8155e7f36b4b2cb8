"""Which questions moved to another place in the questionnaire.

A question that is put in front pushes all others down, and none of them moved: as few
questions as possible are said to have moved.
"""

from bisect import bisect_left
from collections.abc import Sequence

from survey.questionnaire.model import Questionnaire
from survey.waves.contract import Change
from survey.waves.match import Pairs


def moved(
    pairs: Pairs, newer: Questionnaire, older: Questionnaire
) -> dict[str, Change]:
    """Find the questions that moved.

    Parameters
    ----------
    pairs : Pairs
        Questions of both waves side by side.
    newer, older : Questionnaire
        The instruments.

    Returns
    -------
    dict of str to Change
        By id in the newer wave, with the place in both questionnaires, counted from 1.

    Examples
    --------
    >>> from survey.waves.match import pair_questions
    >>> asked = [{"id": c, "kind": "text", "label": f"Question {c}"} for c in "abc"]
    >>> older = Questionnaire(id="a", title="A", questions=asked)
    >>> newer = Questionnaire(id="b", title="B", questions=[asked[2], *asked[:2]])
    >>> list(moved(pair_questions(newer, older), newer, older))
    ['c']
    """
    place = {question.id: i for i, question in enumerate(newer.questions, start=1)}
    place_before = {q.id: i for i, q in enumerate(older.questions, start=1)}
    kept = [pair for pair in pairs.pairs if not pair.reused]
    stay = set(longest_rising([place_before[pair.older.id] for pair in kept]))
    return {
        pair.newer.id: Change(
            "position_changed",
            pair.newer.id,
            "",
            str(place_before[pair.older.id]),
            str(place[pair.newer.id]),
        )
        for i, pair in enumerate(kept)
        if i not in stay
    }


def longest_rising(numbers: Sequence[int]) -> list[int]:
    """Find a longest part of a sequence that rises.

    Parameters
    ----------
    numbers : sequence of int
        All different.

    Returns
    -------
    list of int
        Indices of the part, from the left.

    Examples
    --------
    >>> longest_rising([3, 1, 2])
    [1, 2]
    """
    ends: list[int] = []
    last: list[int] = []
    before: list[int] = []
    for i, number in enumerate(numbers):
        length = bisect_left(ends, number)
        before.append(last[length - 1] if length else -1)
        ends[length : length + 1] = [number]
        last[length : length + 1] = [i]
    found = []
    at = last[-1] if last else -1
    while at >= 0:
        found.append(at)
        at = before[at]
    return found[::-1]

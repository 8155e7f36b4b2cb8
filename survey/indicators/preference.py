"""Open versus proprietary: the net preference, open minus proprietary.

Every respondent in the base scores 1 for open, -1 for proprietary and 0 otherwise
("no preference" and "don't know" included), so the net is a mean, and its error is
that of a mean. The base is that of the question, the same in every wave.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from survey.errors import QuestionError
from survey.questionnaire.model import Net
from survey.responses.variable import Variable

NET = "net_preference"
OPEN = "prefer_open"
PROPRIETARY = "prefer_proprietary"


def side_code(codes: Sequence[str], net: str) -> str:
    """Give the row that holds one side: its code, or a net where it has several.

    Parameters
    ----------
    codes : sequence of str
        Codes that prefer this side.
    net : {"prefer_open", "prefer_proprietary"}
        Name of the net over several codes.

    Returns
    -------
    str
        Code of a row.

    Examples
    --------
    >>> side_code(["1"], OPEN), side_code(["1", "2"], OPEN)
    ('1', 'prefer_open')
    """
    return codes[0] if len(codes) == 1 else net


def preference_nets(
    open_codes: Sequence[str],
    proprietary_codes: Sequence[str],
    labels: tuple[str, str],
) -> tuple[Net, ...]:
    """Give a net for every side that several codes stand for.

    Parameters
    ----------
    open_codes, proprietary_codes : sequence of str
        Codes that prefer the one and the other.
    labels : (str, str)
        What the two sides are called.

    Returns
    -------
    tuple of Net
        None for a side with one code: its category says it all.

    Examples
    --------
    >>> [net.codes for net in preference_nets(["1", "2"], ["3"], ("Open", "Other"))]
    [('1', '2')]
    """
    sides = ((OPEN, open_codes), (PROPRIETARY, proprietary_codes))
    return tuple(
        Net(code=name, label={"": label}, codes=tuple(codes))
        for (name, codes), label in zip(sides, labels, strict=True)
        if len(codes) > 1
    )


def net_preference(
    variable: Variable, open_codes: Sequence[str], proprietary_codes: Sequence[str]
) -> Variable:
    """Score a preference question.

    Parameters
    ----------
    variable : Variable
        Exclusive answers.
    open_codes, proprietary_codes : sequence of str
        Codes that prefer the one and the other.

    Returns
    -------
    Variable
        Numeric, named ``ID:net_preference``, with values 1, 0 and -1.

    Raises
    ------
    QuestionError
        The question allows several answers.

    Examples
    --------
    Two of four prefer open, one proprietary: the net is (2 - 1) / 4.

    >>> position = np.array([0, 0, 1, 2])
    >>> answers = Variable("pref", "Preference", ("1", "2", "3"), (), position, None,
    ...                    None, np.ones(4, dtype=bool))
    >>> float(net_preference(answers, ["1"], ["2"]).value.mean())
    0.25
    """
    if variable.position is None:
        raise QuestionError(
            f"Question {variable.name!r} allows several answers, so it has no net "
            "preference. Name a question with one answer."
        )
    score = [
        float(code in open_codes) - float(code in proprietary_codes)
        for code in variable.codes
    ]
    value = np.array([*score, 0.0])[variable.position]
    return replace(
        variable,
        name=f"{variable.name}:{NET}",
        codes=(),
        rows=(),
        position=None,
        value=np.where(variable.base, value, np.nan),
    )

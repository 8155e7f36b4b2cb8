"""Open versus proprietary: the net preference, open minus proprietary.

Every respondent in the base scores 1 for open, -1 for proprietary and 0 otherwise
("no preference" and "don't know" included), so the net is a mean, and its error is
that of a mean. The base is that of the question, the same in every wave.
"""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from survey.errors import QuestionError
from survey.responses.variable import Variable

NET = "net_preference"


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

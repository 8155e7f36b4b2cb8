"""Lines: what a question shows in a table, and how each kind of line is estimated.

Shares of a question stand on one base; its mean may stand on a smaller one, because
"don't know" has no number.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal, get_args

from survey.errors import EstimationError, some
from survey.responses.scale_rows import scored
from survey.responses.variable import Row, Variable

Kind = Literal["share", "mean", "median", "sd"]
Summary = Literal["mean", "median", "sd"]

_LABELS: Mapping[str, str] = {
    "mean": "Mean",
    "median": "Median",
    "sd": "Standard deviation",
}


@dataclass(frozen=True, slots=True, eq=False)
class Lines:
    """Rows of one question that are estimated in one way.

    Attributes
    ----------
    variable : Variable
        The question.
    rows : tuple of Row
        Its rows; one for a mean, a median or a standard deviation.
    kind : {"share", "mean", "median", "sd"}
        What is estimated.
    """

    variable: Variable
    rows: tuple[Row, ...]
    kind: Kind


def check_summaries(wanted: Sequence[str]) -> None:
    """Refuse summaries that are not known.

    Parameters
    ----------
    wanted : sequence of str
        Names of summaries.

    Raises
    ------
    EstimationError
        One is not known.
    """
    unknown = [name for name in wanted if name not in get_args(Summary)]
    if unknown:
        raise EstimationError(
            f"summary {some(unknown)} is not known. Use {some(get_args(Summary))}."
        )


def lines_of(variable: Variable, summaries: Sequence[str] = ()) -> list[Lines]:
    """List the lines of a question.

    Parameters
    ----------
    variable : Variable
        The question.
    summaries : sequence of {"mean", "median", "sd"}
        Lines beneath the shares. Numbers without categories have a mean at least.

    Returns
    -------
    list of Lines
        Shares first.

    Raises
    ------
    EstimationError
        A multiple response question has no mean.

    Examples
    --------
    >>> import numpy as np
    >>> cost = Variable("cost", "", (), (), None, None, np.ones(2), np.ones(2, bool))
    >>> [lines.kind for lines in lines_of(cost, ["median"])]
    ['mean', 'median']
    """
    found: list[Lines] = []
    categories = variable.position is not None or variable.chosen is not None
    if categories:
        found.append(Lines(variable, variable.rows, "share"))
    kinds = [*summaries] if categories else ["mean", *summaries]
    if not kinds:
        return found
    if variable.chosen is not None:
        raise EstimationError(
            f"{variable.name!r} is multiple response and has no {some(kinds)}. "
            "Leave the summary out."
        )
    numbers = variable if variable.value is not None else scored(variable)
    numbers = replace(numbers, codes=(), rows=(), position=None)
    found += [
        Lines(numbers, (Row(kind, _LABELS[kind], ()),), kind)
        for kind in get_args(Summary)
        if kind in kinds
    ]
    return found

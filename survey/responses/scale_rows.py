"""Rows and scores of an ordered scale: top and bottom boxes, and a number per code.

"Don't know" and other answers apart are no points of the scale, and never in a box.
"""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from survey.errors import QuestionError, some
from survey.questionnaire.model import Net
from survey.responses.nets import with_nets
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
Box = Literal["top1", "top2", "top3", "bottom1", "bottom2", "bottom3"]

_ON_SCALE = ("category", "net")
_LABELS: Mapping[str, str] = {
    "top1": "Top box",
    "top2": "Top 2 boxes",
    "top3": "Top 3 boxes",
    "bottom1": "Bottom box",
    "bottom2": "Bottom 2 boxes",
    "bottom3": "Bottom 3 boxes",
}


def scale_rows(
    variable: Variable,
    boxes: Sequence[Box] = ("top2", "bottom2"),
    scores: Floats | None = None,
    *,
    labels: Mapping[str, str] | None = None,
) -> Variable:
    """Add the highest and the lowest points of a scale as nets.

    Parameters
    ----------
    variable : Variable
        Single response on an ordered scale.
    boxes : sequence of {"top1", "top2", "top3", "bottom1", "bottom2", "bottom3"}
        Nets wanted, in the order of the rows.
    scores : float array (K,), optional
        Number of every code, NaN outside the scale; `scale_scores` when omitted. The
        top of the scale is where the numbers are highest: give them negated for a
        scale that runs from agreement to disagreement.
    labels : mapping of box to str, optional
        Labels; English ones when omitted.

    Returns
    -------
    Variable
        The same answers with the nets above the other rows.

    Raises
    ------
    QuestionError
        A box is not known or holds the whole scale, two codes have one score, or the
        variable has no single codes.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> rows = tuple(Row(code, code, (code,)) for code in "12345")
    >>> trust = Variable("trust", "Trust", tuple("12345"), rows,
    ...                  np.array([0, 4]), None, None, np.ones(2, dtype=bool))
    >>> [(row.code, row.codes) for row in scale_rows(trust).rows[:2]]
    [('top2', ('5', '4')), ('bottom2', ('1', '2'))]
    """
    unknown = [box for box in boxes if box not in get_args(Box)]
    if unknown:
        raise QuestionError(
            f"box {some(unknown)} of {variable.name!r} is not known. "
            f"Use {some(get_args(Box))}."
        )
    rising = _rising(variable, _checked(variable, scores))
    names = {**_LABELS, **(labels or {})}
    nets = [
        Net(code=box, label={"": names[box]}, codes=_box(variable, rising, box))
        for box in boxes
    ]
    return with_nets(variable, nets)


def scale_scores(variable: Variable) -> Floats:
    """Give every code its number on the scale.

    Parameters
    ----------
    variable : Variable
        Single response on an ordered scale.

    Returns
    -------
    float array (K,)
        The codes themselves where all codes of the scale are numbers, otherwise 1, 2
        and so on in the order of the codes; NaN for "don't know" and other answers
        apart from the scale.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> rows = Row("low", "", ("low",)), Row("high", "", ("high",))
    >>> dont_know = Row("dk", "", ("dk",), "dont_know")
    >>> trust = Variable("trust", "Trust", ("low", "high", "dk"), (*rows, dont_know),
    ...                  np.array([0, 1]), None, None, np.ones(2, dtype=bool))
    >>> scale_scores(trust)
    array([ 1.,  2., nan])
    """
    on_scale = scale_points(variable)
    numbers = code_numbers(variable)
    if np.isfinite(numbers[on_scale]).all():
        return numbers
    return np.where(on_scale, np.cumsum(on_scale), np.nan)


def code_numbers(variable: Variable) -> Floats:
    """Read every code of a scale as a number.

    Parameters
    ----------
    variable : Variable
        Single response with K codes.

    Returns
    -------
    float array (K,)
        NaN for codes that are words, and for answers apart from the scale.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> rows = Row("1", "", ("1",)), Row("9", "", ("9",), "dont_know")
    >>> trust = Variable("trust", "Trust", ("1", "9"), rows,
    ...                  np.array([0, 1]), None, None, np.ones(2, dtype=bool))
    >>> code_numbers(trust)
    array([ 1., nan])
    """
    numbers = np.array([_number(code) for code in variable.codes], dtype=float)
    return np.where(scale_points(variable), numbers, np.nan)


def scale_points(variable: Variable) -> NDArray[np.bool_]:
    """Say which codes are points of the scale.

    Parameters
    ----------
    variable : Variable
        Single response with K codes.

    Returns
    -------
    bool array (K,)
        False for "don't know" and other answers apart.
    """
    apart = {row.codes[0] for row in variable.rows if row.role not in _ON_SCALE}
    return np.array([code not in apart for code in variable.codes], dtype=bool)


def scored(variable: Variable, scores: Floats | None = None) -> Variable:
    """Give every respondent the number of their answer, for means and medians.

    Parameters
    ----------
    variable : Variable
        Single response on an ordered scale.
    scores : float array (K,), optional
        Number of every code; `scale_scores` when omitted.

    Returns
    -------
    Variable
        The same rows and base with `value`, NaN for answers apart from the scale.

    Raises
    ------
    QuestionError
        The variable has no single codes, or another number of codes than of scores.

    Examples
    --------
    >>> from survey.responses.variable import Row
    >>> rows = Row("1", "", ("1",)), Row("2", "", ("2",))
    >>> trust = Variable("trust", "Trust", ("1", "2"), rows,
    ...                  np.array([1, -1, 0]), None, None, np.array([True] * 3))
    >>> scored(trust).value
    array([ 2., nan,  1.])
    """
    numbers = _checked(variable, scores)
    assert variable.position is not None, "checked"
    value = np.append(numbers, np.nan)[variable.position]
    return replace(variable, value=np.where(variable.base, value, np.nan))


def _checked(variable: Variable, scores: Floats | None) -> Floats:
    """Give one score per code of a single response question."""
    if variable.position is None:
        raise QuestionError(
            f"{variable.name!r} has no single codes and is no scale. Name a question "
            "with one answer."
        )
    if scores is None:
        return scale_scores(variable)
    if np.shape(scores) != (len(variable.codes),):
        raise QuestionError(
            f"{variable.name!r} has {len(variable.codes)} codes and {np.size(scores)} "
            "scores. Give one score for every code, NaN outside the scale."
        )
    return np.asarray(scores, dtype=float)


def _rising(variable: Variable, scores: Floats) -> list[str]:
    """List the codes of the scale from the lowest score to the highest."""
    order = [int(k) for k in np.argsort(scores) if np.isfinite(scores[k])]
    same = np.flatnonzero(np.diff(scores[order]) == 0)
    if same.size:
        pair = [variable.codes[k] for k in order[same[0] : same[0] + 2]]
        raise QuestionError(
            f"codes {some(pair)} of {variable.name!r} share the score "
            f"{scores[order[same[0]]]:g}, so that its top is not clear. Give every "
            "code of the scale a score of its own."
        )
    return [variable.codes[k] for k in order]


def _box(variable: Variable, rising: Sequence[str], box: str) -> tuple[str, ...]:
    """Give the codes of a box, the end of the scale first."""
    size = int(box[-1])
    if size >= len(rising):
        raise QuestionError(
            f"{box!r} would hold all {len(rising)} points of {variable.name!r}. Ask "
            "for a smaller box."
        )
    falling = rising[::-1] if box.startswith("top") else rising
    return tuple(falling[:size])


def _number(code: str) -> float:
    """Read a code as a number; underscores and words such as ``inf`` are none."""
    try:
        number = float(code)
    except ValueError:
        return np.nan
    return number if np.isfinite(number) and "_" not in code else np.nan

"""Rows for answers that are no choices: numbers in bands, open texts given or not."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from survey.errors import QuestionError, some
from survey.questionnaire.model import Question
from survey.responses.variable import Row, Variable

Closed = Literal["left", "right"]
Outside = Literal["error", "row"]

OUTSIDE_LABEL = "Outside the bands"
_FEWEST = 2
# A quotient of decimals this close to a whole number is that number.
_DIGIT = 1e-9


def as_table_variables(
    question: Question, made: Sequence[Variable], answer_words: tuple[str, str]
) -> tuple[Variable, ...]:
    """Let every variable have rows: numbers in bands, open texts by given or not.

    Parameters
    ----------
    question : Question
        What was asked.
    made : sequence of Variable
        As `variables` gives them for the question.
    answer_words : (str, str)
        Labels of "gave an answer" and "no answer".

    Returns
    -------
    tuple of Variable
        Choices unchanged; numbers keep their values beside the bands.
    """
    if question.kind == "text":
        return tuple(_given(variable, answer_words) for variable in made)
    if question.kind == "numeric":
        return tuple(bands(variable) for variable in made)
    return tuple(made)


def bands(variable: Variable, most: int = 8) -> Variable:
    """Put numbers into bands of equal width with round limits.

    Parameters
    ----------
    variable : Variable
        Numeric.
    most : int, default 8
        How many bands at the most.

    Returns
    -------
    Variable
        With a position per respondent, and the values kept for the mean.

    Examples
    --------
    >>> value = np.array([0.0, 12, 55, 100, np.nan])
    >>> share = Variable("s", "Share", (), (), None, None, value, ~np.isnan(value))
    >>> [row.label for row in bands(share).rows]
    ['0–19', '20–39', '40–59', '60–79', '80–100']
    """
    assert variable.value is not None
    value = np.where(variable.base, variable.value, np.nan)
    known = value[np.isfinite(value)]
    if not len(known):
        nobody = np.full(len(value), -1, dtype=np.intp)
        return replace(variable, position=nobody, value=value)
    whole = bool((known == np.floor(known)).all())
    ends_of = float(known.min()), float(known.max())
    ends = _band_limits(*ends_of, most, whole=whole)
    place = np.clip(np.searchsorted(ends, value, side="right") - 1, 0, len(ends) - 2)
    position = np.where(np.isfinite(value), place, -1).astype(np.intp)
    last = max(float(known.max()), ends[-2])
    labels = _band_labels(ends, last, whole=whole)
    codes = tuple(str(i + 1) for i in range(len(ends) - 1))
    rows = tuple(Row(c, text, (c,)) for c, text in zip(codes, labels, strict=True))
    return replace(variable, codes=codes, rows=rows, position=position, value=value)


def band(
    variable: Variable,
    edges: Sequence[float],
    labels: Sequence[str] | None = None,
    *,
    closed: Closed = "left",
    outside: Outside = "error",
    outside_label: str = OUTSIDE_LABEL,
) -> Variable:
    """Put numbers into bands with given limits.

    Parameters
    ----------
    variable : Variable
        Numeric.
    edges : sequence of float
        B + 1 limits of B bands, rising; ``-inf`` and ``inf`` leave an end open.
    labels : sequence of str, optional
        B labels; the limits when omitted, such as ``20–39``, ``<20`` or ``≥40``.
    closed : {"left", "right"}
        Which limit a band holds. The outermost limits are held in either case.
    outside : {"error", "row"}
        Whether a number in no band is an error, or counts in a last row of its own.
    outside_label : str
        Label of that row.

    Returns
    -------
    Variable
        With a position per respondent in the same base, and the values kept for the
        mean. The codes are ``1`` to ``B``, and ``outside``.

    Raises
    ------
    QuestionError
        The variable holds no numbers, the limits do not rise, there are more or fewer
        labels than bands, or numbers are in no band.

    Notes
    -----
    Nobody leaves the base: the shares of the bands would add up to 100 % without the
    respondents whom the limits forgot.

    Examples
    --------
    >>> value = np.array([0.0, 9, 10, 250, np.nan])
    >>> staff = Variable("n", "Staff", (), (), None, None, value, ~np.isnan(value))
    >>> banded = band(staff, [0, 10, 50, np.inf])
    >>> [row.label for row in banded.rows], banded.position.tolist()
    (['0–9', '10–49', '≥50'], [0, 0, 1, 2, -1])
    """
    limits = _checked_limits(variable, edges, labels, (closed, outside))
    assert variable.value is not None, "checked"
    value = np.where(variable.base, variable.value, np.nan)
    place = _places(value, limits, closed)
    if outside == "error":
        _check_all_inside(variable.name, value[place == limits.size - 1], limits)
    texts = labels or _limit_labels(value, limits, closed)
    rows = tuple(Row(str(i + 1), text, (str(i + 1),)) for i, text in enumerate(texts))
    if outside == "row":
        rows = (*rows, Row("outside", outside_label, ("outside",), "exclusive"))
    codes = tuple(row.code for row in rows)
    return replace(variable, codes=codes, rows=rows, position=place, value=value)


def _check_all_inside(
    name: str, lost: NDArray[np.float64], limits: NDArray[np.float64]
) -> None:
    """Refuse numbers that are in no band."""
    if not lost.size:
        return
    raise QuestionError(
        f"{lost.size} numbers of {name!r} are in no band, from {lost.min():.12g} to "
        f"{lost.max():.12g}. Widen the limits ({some(f'{e:.12g}' for e in limits)}), "
        'or count them in a row of their own with outside="row".'
    )


def _checked_limits(
    variable: Variable,
    edges: Sequence[float],
    labels: Sequence[str] | None,
    words: tuple[str, str],
) -> NDArray[np.float64]:
    """Give the limits as an array, or say why there are no such bands."""
    limits = np.asarray(edges, dtype=float)
    if variable.value is None:
        raise QuestionError(
            f"{variable.name!r} holds no numbers. Name a numeric question, or make "
            "nets of its codes."
        )
    if limits.ndim != 1 or limits.size < _FEWEST or not (np.diff(limits) > 0).all():
        raise QuestionError(
            f"limits {edges} of the bands of {variable.name!r} do not rise. Give two "
            "or more, each larger than the one before."
        )
    if labels and len(labels) != limits.size - 1:
        raise QuestionError(
            f"{variable.name!r} has {limits.size - 1} bands and {len(labels)} labels. "
            "Give one label for every band."
        )
    for word, known in zip(words, (get_args(Closed), get_args(Outside)), strict=True):
        if word not in known:
            raise QuestionError(f"{word!r} is not known. Use one of {some(known)}.")
    return limits


def _places(
    value: NDArray[np.float64], limits: NDArray[np.float64], closed: str
) -> NDArray[np.intp]:
    """Give the band of every number, B for a number in none, -1 for no number."""
    side: Literal["left", "right"] = "right" if closed == "left" else "left"
    number = limits.size - 1
    place = np.searchsorted(limits, value, side=side) - 1
    place = np.where(value == limits[-1], number - 1, place)
    place = np.where(value == limits[0], 0, place)
    place = np.where((value < limits[0]) | (value > limits[-1]), number, place)
    return np.asarray(np.where(np.isnan(value), -1, place), dtype=np.intp)


def _limit_labels(
    value: NDArray[np.float64], limits: NDArray[np.float64], closed: str
) -> list[str]:
    """Name bands by their limits: whole numbers as ``20–39``."""
    known = np.concatenate([value[np.isfinite(value)], limits[np.isfinite(limits)]])
    whole = bool((known == np.floor(known)).all())
    left, ends = closed == "left", list(pairwise(limits.tolist()))
    return [
        _label(
            low,
            high,
            low_in=left or low == limits[0],
            high_in=not left or high == limits[-1],
            whole=whole,
        )
        for low, high in ends
    ]


def _band_limits(low: float, high: float, most: int, *, whole: bool) -> list[float]:
    """Give the limits of bands; their width is 1, 2 or 5 times 10^k."""
    span = high - low + whole
    power = 10.0 ** np.floor(np.log10(max(span, 1e-9) / most))
    widths = [power * factor for factor in (1, 2, 5, 10, 20)]
    step = next(w for w in widths if span / w <= most)
    step = max(step, 1.0) if whole else step
    # Limits are the decimals that they are written as: three times 0.1 is 0.3.
    decimals = max(0, int(np.ceil(-np.log10(step) - _DIGIT)))
    start = np.rint(low / step)
    start -= np.round(start * step, decimals) > low
    number = int(np.ceil(max(high / step - start, 1.0) - _DIGIT))
    if whole and step == 1:
        number = int(high - start) + 1
    limits = np.round(np.arange(start, start + number + 1) * step, decimals)
    return [float(limit) + 0.0 for limit in limits]


def _band_labels(ends: Sequence[float], last: float, *, whole: bool) -> list[str]:
    """Name the bands: ``20–39`` for whole numbers, ``20–<40`` for others."""
    top = not whole or last >= ends[-1]
    return [
        _label(low, high, low_in=True, high_in=top and high == ends[-1], whole=whole)
        for low, high in pairwise(ends)
    ]


def _label(low: float, high: float, *, low_in: bool, high_in: bool, whole: bool) -> str:
    """Name one band by its limits, and say which of them it does not hold."""
    if whole and np.isfinite([low, high]).all() and high - low >= 1:
        first, top = low + (not low_in), high - (not high_in)
        return f"{first:.0f}" if top <= first else f"{first:.0f}–{top:.0f}"
    if not np.isfinite(high):
        return f"{'≥' if low_in else '>'}{low:.12g}"
    if not np.isfinite(low):
        return f"{'≤' if high_in else '<'}{high:.12g}"
    return f"{'' if low_in else '>'}{low:.12g}–{'' if high_in else '<'}{high:.12g}"


def _given(variable: Variable, words: tuple[str, str]) -> Variable:
    """Say of an open question who gave an answer."""
    assert variable.value is not None
    position = np.where(variable.value == 1, 0, 1)
    rows = (Row("1", words[0], ("1",)), Row("0", words[1], ("0",)))
    return replace(
        variable,
        codes=("1", "0"),
        rows=rows,
        position=np.where(variable.base, position, -1).astype(np.intp),
        value=None,
    )

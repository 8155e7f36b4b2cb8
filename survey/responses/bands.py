"""Rows for answers that are no choices: numbers in bands, open texts given or not."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np

from survey.questionnaire.model import Question
from survey.responses.values import shortest
from survey.responses.variable import Row, Variable


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
    low, step, number = _band_limits(*ends_of, most, whole=whole)
    with np.errstate(invalid="ignore"):
        place = np.clip(np.floor((value - low) / step), 0, number - 1)
    position = np.where(np.isfinite(value), place, -1).astype(np.intp)
    ends = [low + step * i for i in range(number + 1)]
    last = max(float(known.max()), ends[-1] - step)
    labels = _band_labels(ends, last, whole=whole)
    codes = tuple(str(i + 1) for i in range(number))
    rows = tuple(Row(c, text, (c,)) for c, text in zip(codes, labels, strict=True))
    return replace(variable, codes=codes, rows=rows, position=position, value=value)


def _band_limits(
    low: float, high: float, most: int, *, whole: bool
) -> tuple[float, float, int]:
    """Give start, width and number of bands; the width is 1, 2 or 5 times 10^k."""
    span = high - low + whole
    power = 10.0 ** np.floor(np.log10(max(span, 1e-9) / most))
    widths = [power * factor for factor in (1, 2, 5, 10, 20)]
    step = next(w for w in widths if span / w <= most)
    step = max(step, 1.0) if whole else step
    start = float(np.floor(low / step) * step)
    number = int(np.ceil(max(high - start, step) / step))
    if whole and step == 1:
        number = int(high - start) + 1
    return start, float(step), number


def _band_labels(ends: Sequence[float], last: float, *, whole: bool) -> list[str]:
    """Name the bands: ``20–39`` for whole numbers, ``20–<40`` for others."""
    labels = []
    for i in range(len(ends) - 1):
        low, high = ends[i], ends[i + 1]
        if whole and high - low >= 1:
            top = last if i == len(ends) - 2 and last >= high else high - 1
            same = top <= low
            labels.append(shortest(low) if same else f"{shortest(low)}–{shortest(top)}")
        else:
            mark = "" if i == len(ends) - 2 else "<"
            labels.append(f"{low:g}–{mark}{high:g}")
    return labels


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

"""CellTotals of respondents or of groups that stand for them, whichever there are.

Everything after the count is the same for both.
"""

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from survey.estimation.answers import Answers, prepare, rows_of
from survey.estimation.design import ResolvedDesign
from survey.estimation.layout import ColumnLayout
from survey.estimation.stored_sums import NumberSums, StoredSums, TermSums
from survey.estimation.sums import count_by, sum_by
from survey.estimation.totals import CellTotals, tally
from survey.responses.variable import Variable

Floats = NDArray[np.float64]
_NONE = np.zeros(0, dtype=np.intp)


def answers_of(
    variable: Variable, design: ResolvedDesign, *, numbers: bool = False
) -> Answers:
    """Prepare a variable to be counted.

    Parameters
    ----------
    variable : Variable
        Answers of the n respondents of the design; with stored data its T distinct
        answers.
    design : ResolvedDesign
        Design of respondents, or of groups.
    numbers : bool, default False
        Whether to take the numbers of a variable that has codes as well.

    Returns
    -------
    Answers
        For `count_answers`.

    Raises
    ------
    EstimationError
        The variable is about other respondents than the design.
    """
    if design.sums is None:
        return prepare(variable, design.used, numbers=numbers)
    return stored_answers(variable, design.sums, numbers=numbers)


def stored_answers(
    variable: Variable, sums: StoredSums, *, numbers: bool = False
) -> Answers:
    """Prepare a stored question to be counted.

    Parameters
    ----------
    variable : Variable
        Its T distinct answers.
    sums : StoredSums
        What was counted.
    numbers : bool, default False
        Whether to take the numbers of a variable that has codes as well.

    Returns
    -------
    Answers
        Answers over T terms.
    """
    if variable.name in sums.numbers and (numbers or variable.position is None):
        one = np.ones(1, dtype=bool)
        matrix = np.zeros((0, 0))
        return Answers(
            one,
            _NONE,
            _NONE,
            matrix,
            np.zeros(1),
            0.0,
            np.ones((1, 1)),
            source=variable.name,
        )
    if variable.chosen is not None:
        return _of_rows(variable)
    everyone = np.ones(variable.base.size, dtype=bool)
    found = prepare(variable, everyone, numbers=numbers)
    return replace(found, source=variable.name)


def _of_rows(variable: Variable) -> Answers:
    """Prepare a multiple response question whose terms are its base and its rows."""
    size = len(variable.rows) + 1
    base = np.arange(size) == 0
    rows = np.zeros((len(variable.codes), len(variable.rows)))
    return Answers(
        base,
        _NONE,
        np.arange(size),
        np.eye(size),
        np.zeros(0),
        0.0,
        rows,
        source=variable.name,
    )


def respondents_in(answers: Answers, design: ResolvedDesign) -> int:
    """Count the respondents in the base of a question, with a weight above 0.

    Parameters
    ----------
    answers : Answers
        From `answers_of`.
    design : ResolvedDesign
        The design.

    Returns
    -------
    int
        Respondents.
    """
    return int(base_counts(answers, design).sum())


def base_counts(answers: Answers, design: ResolvedDesign) -> Floats:
    """Count the respondents in the base of a question, group by group.

    Parameters
    ----------
    answers : Answers
        From `answers_of`.
    design : ResolvedDesign
        Design of n respondents or groups.

    Returns
    -------
    float array (n,)
        Respondents with a weight above 0; 0 and 1 where groups are respondents.
    """
    if design.sums is None:
        return answers.base.astype(np.float64)
    return stored_counts(answers, design.sums)


def stored_counts(answers: Answers, sums: StoredSums) -> Floats:
    """Count the respondents in the base of a stored question, by group (G,)."""
    if _is_number(answers, sums):
        return sums.numbers[answers.source].n
    return np.asarray(sums.terms[answers.source].n @ answers.base)


def _is_number(answers: Answers, sums: StoredSums) -> bool:
    """Say whether sums of the numbers themselves were counted."""
    return bool(answers.value.size) and answers.source in sums.numbers


def count_answers(answers: Answers, layout: ColumnLayout) -> CellTotals:
    """Count answers by design cell, row and column pattern.

    Parameters
    ----------
    answers : Answers
        From `answers_of`.
    layout : ColumnLayout
        Columns over the design.

    Returns
    -------
    CellTotals
        As from `tally`.
    """
    sums = layout.design.sums
    if sums is None:
        return tally(answers, layout)
    if _is_number(answers, sums):
        return _of_numbers(sums.numbers[answers.source], layout)
    terms = sums.terms[answers.source]
    if answers.value.size:
        return _of_numbers(_scored(answers, terms, layout), layout)
    counted = np.column_stack([answers.base, rows_of(answers)]).astype(np.float64)
    lumps = layout.lump_pattern.size
    return CellTotals(
        sum_by(layout.pair, terms.w @ counted, layout.cell.size),
        sum_by(layout.lump, terms.n @ counted, lumps),
        sum_by(layout.lump, terms.w2 @ counted, lumps),
    )


def _scored(answers: Answers, terms: TermSums, layout: ColumnLayout) -> NumberSums:
    """Give the numbers of answers, centred by pattern before they are added up."""
    pattern, patterns = layout.columns.pattern, len(layout.columns.membership)
    base = answers.base.astype(np.float64)
    mean = np.zeros(patterns)
    if layout.columns.single:
        whole = count_by(pattern, patterns, terms.w @ base)
        scores = count_by(pattern, patterns, terms.w @ answers.value)
        np.divide(scores, whole, out=mean, where=whole > 0)
    less = np.where(answers.base, answers.value - mean[:, None], 0.0)[pattern]
    wy, wyy, w2y, w2yy = (
        np.einsum("gt,gt->g", each, less**power)
        for each in (terms.w, terms.w2)
        for power in (1, 2)
    )
    centre = (answers.centre + mean)[pattern]
    n, w, w2 = (each @ base for each in (terms.n, terms.w, terms.w2))
    return NumberSums(n, w, w2, wy, wyy, w2y, w2yy, centre)


def _of_numbers(found: NumberSums, layout: ColumnLayout) -> CellTotals:
    """Add up the sums of numbers by pair and by lump."""
    lumps = layout.lump_pattern.size
    found, centre = _alike(found, layout)
    pairs = np.column_stack([found.w, found.wy])
    values = (found.n, found.w2, found.w2y, found.wyy, found.w2yy)
    sums = sum_by(layout.lump, np.column_stack(values), lumps)
    return CellTotals(
        sum_by(layout.pair, pairs, layout.cell.size),
        sums[:, [0, 0]],
        sums[:, 1:3],
        sums[:, 3:4],
        sums[:, 4:5],
        centre,
    )


def _alike(found: NumberSums, layout: ColumnLayout) -> tuple[NumberSums, Floats]:
    """Give the groups of a pattern one centre, where bands join several of them."""
    pattern, patterns = layout.columns.pattern, len(layout.columns.membership)
    centre = np.zeros(patterns)
    centre[pattern] = found.centre
    off = found.centre - centre[pattern]
    if not off.any():
        return found, centre
    whole = count_by(pattern, patterns, found.w)
    more = count_by(pattern, patterns, found.w * off)
    centre += np.divide(more, whole, out=np.zeros(patterns), where=whole > 0)
    off = found.centre - centre[pattern]
    moved = replace(
        found,
        wy=found.wy + off * found.w,
        wyy=found.wyy + off * (2 * found.wy + off * found.w),
        w2y=found.w2y + off * found.w2,
        w2yy=found.w2yy + off * (2 * found.w2y + off * found.w2),
    )
    return moved, centre


def stored_overlap(answers: Answers, layout: ColumnLayout) -> Floats | None:
    """Add up squared weights of respondents who are in two rows, by pattern.

    Parameters
    ----------
    answers : Answers
        From `answers_of`.
    layout : ColumnLayout
        Columns over a design of groups.

    Returns
    -------
    float array (patterns, 1 + R, 1 + R) or None
        As from `row_overlap`.
    """
    sums, cells = layout.design.sums, layout.design.cells
    terms = None if sums is None else sums.terms.get(answers.source)
    if terms is None or terms.pairs is None:
        return None
    scale = np.where(cells.unit == cells.unit_scale.size, cells.scale, 0.0)
    flat = terms.pairs.reshape(len(terms.n), -1) * scale[layout.design.cell][:, None]
    found = sum_by(layout.columns.pattern, flat, len(layout.columns.membership))
    return found.reshape(len(found), *terms.pairs.shape[1:])

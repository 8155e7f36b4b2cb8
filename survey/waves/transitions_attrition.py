"""Attrition: who of a wave answered again, and how they differed from the others."""

from collections.abc import Iterator, Sequence
from math import nan

import numpy as np
from numpy.typing import NDArray

from survey.estimation.design import ResolvedDesign
from survey.estimation.effects import variances
from survey.estimation.influence import domain_degrees
from survey.estimation.intervals import Precision, t_interval
from survey.estimation.measures import (
    combined_scores,
    constants,
    levels,
    measure_of,
)
from survey.responses.variable import Row, Variable
from survey.tabulation.layout import TableOptions
from survey.tabulation.tabulate import tabulate
from survey.wave.result import Cell, WaveResult, cells_of
from survey.waves.transitions_values import Attrition, AttritionRow

Bools = NDArray[np.bool_]
Floats = NDArray[np.float64]

AGAIN = "again"
GONE = "gone"


def attrition_of(
    wave: WaveResult,
    again: Bools,
    known: Bools,
    questions: Sequence[str],
    options: TableOptions,
) -> Attrition:
    """Compare those who answered again with those who did not.

    Parameters
    ----------
    wave : WaveResult
        The older wave.
    again : bool array (n,)
        Respondents whose unit is in the newer wave.
    known : bool array (n,)
        Respondents with an id.
    questions : sequence of str
        Questions with categories in which they are compared.
    options : TableOptions
        Minimum bases, confidence level.

    Returns
    -------
    Attrition
        Weighted shares in the design of the older wave.
    """
    design = wave.design
    inside = known & design.used
    rows = (Row(AGAIN, AGAIN, (AGAIN,)), Row(GONE, GONE, (GONE,)))
    place = np.where(inside, np.where(again, 0, 1), -1).astype(np.intp)
    answered = Variable(AGAIN, AGAIN, (AGAIN, GONE), rows, place, None, None, inside)
    stub = [v for name in questions for v in _variables(wave, name)]
    cells = {
        (cell.question, cell.code, cell.point): cell
        for cell in cells_of(tabulate([answered, *stub], [answered], design, options))
    }
    return Attrition(
        int(inside.sum()),
        int((inside & again).sum()),
        cells[AGAIN, AGAIN, "Total"],
        tuple(
            row
            for variable in stub
            for row in _rows(variable, place, design, cells, options.conf_level)
        ),
    )


def _variables(wave: WaveResult, name: str) -> tuple[Variable, ...]:
    """Give the variables of a question that has categories."""
    found = wave.question(name)
    return tuple(v for v in found.variables if v.rows) if found is not None else ()


def _rows(
    variable: Variable,
    place: NDArray[np.intp],
    design: ResolvedDesign,
    cells: dict[tuple[str, str, str], Cell],
    conf_level: float,
) -> Iterator[AttritionRow]:
    """Compare the answers to one question."""
    if not (variable.base & design.used).any():
        return
    numbers = _differences(variable, place, design, conf_level)
    for row, found in zip(variable.rows, numbers.T.tolist(), strict=True):
        again, gone = (cells[variable.name, row.code, p] for p in (AGAIN, GONE))
        hidden = again.hidden or gone.hidden
        told = [nan] * len(found) if hidden else found
        yield AttritionRow(variable.name, row.code, again, gone, *told)


def _differences(
    variable: Variable,
    place: NDArray[np.intp],
    design: ResolvedDesign,
    conf_level: float,
) -> Floats:
    """Give differences of shares with error and interval (4, R)."""
    measure = measure_of(variable, "proportion", design)
    inside = measure.base[:, None] & (place[:, None] == np.arange(2))
    constant = constants(measure.value, inside)
    level = levels(measure, inside, design.weight, constant)
    size = len(measure.rows)
    load = np.zeros((size, size, 2))
    load[np.arange(size), np.arange(size)] = 1.0, -1.0

    def estimate(weight: Floats) -> Floats:
        found = levels(measure, inside, weight, constant)
        return np.asarray(found[:, 0] - found[:, 1])

    scores = combined_scores(measure, inside, design, level, load)
    involved = np.repeat(inside.any(axis=1)[:, None], size, axis=1)
    error = np.sqrt(variances(design, scores, involved, estimate))
    many = np.full(size, np.inf)
    degrees = min(domain_degrees(design, column) for column in inside.T)
    precision = Precision(many, many, np.full(size, float(degrees)))
    found = level[:, 0] - level[:, 1]
    ends = t_interval(found, error, precision, conf_level)
    return np.array([found, error, ends.low, ends.high])

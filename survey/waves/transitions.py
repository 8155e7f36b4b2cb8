"""Transitions: who started, stayed and stopped between two waves of a panel.

Only respondents whose unit was in both waves are in these tables. Whoever did not
answer again is counted, and compared with those who did.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import StudyError
from survey.responses.variable import Row, Variable
from survey.study.model import Study
from survey.tabulation.layout import TableOptions
from survey.tabulation.small_bases import HIDDEN, base_note
from survey.tabulation.tabulate import tabulate
from survey.wave.options import total_options
from survey.wave.result import Cell, WaveResult, cells_of
from survey.waves.contract import Consequence, WaveContract
from survey.waves.decomposition_groups import Segments, segments_of
from survey.waves.stack_units import Ids, ids_of
from survey.waves.transitions_attrition import attrition_of
from survey.waves.transitions_values import (
    FLOWS,
    IN,
    OUT,
    Attrition,
    Transition,
    Transitions,
    Weights,
)

Ints = NDArray[np.intp]
Bools = NDArray[np.bool_]
Objects = NDArray[np.object_]
# By code, banner question and point, and whether it is a share of all.
Cells = dict[tuple[str, str, str, bool], Cell]

_AFTER: Final = "after"
_STAGE: Final = "before"
_SIDE: Final = "side_before"
_NET: Final = "side "


@dataclass(frozen=True, slots=True, eq=False)
class _Answers:
    """Answers of the respondents who are counted, in both waves, K where unknown.

    `categories` are the K codes with their labels; `side` says which of them count.
    """

    before: Ints
    after: Ints
    categories: tuple[tuple[str, str], ...]
    side: Bools

    @property
    def inside(self) -> Bools:
        """Respondents whose answers in both waves are known."""
        none = len(self.categories)
        return np.asarray((self.before != none) & (self.after != none))


def transitions(
    newer: WaveResult,
    older: WaveResult,
    *,
    contract: WaveContract,
    study: Study,
    question: str = "",
    codes: Sequence[str] = (),
    weights: Weights = "newer",
) -> Transitions:
    """Tabulate the answers of the newer wave by those of the older one.

    Parameters
    ----------
    newer, older : WaveResult
        Two waves.
    contract : WaveContract
        What can be compared.
    study : Study
        Minimum bases, intervals, ids of units; names the question on adoption.
    question : str, optional
        Question with one answer, in the newer wave; that on the stage of adoption.
    codes : sequence of str, optional
        Answers that count as in; those that count as using.
    weights : {"newer", "older"}, default "newer"
        Whose respondents are counted. The weights of the newer wave make the table one
        of today's population, as far as its units were there before.

    Returns
    -------
    Transitions
        Shares, 0 to 1, with design-based errors and intervals: those in both waves are
        a domain of the design. Nothing is estimated where the waves have no ids in
        common, or the contract does not let the answers be compared.

    Raises
    ------
    StudyError
        No question is named, and the study has none on adoption.
    EstimationError
        The question is not in the newer wave, or has several answers or numbers.

    Notes
    -----
    A respondent has the former answer of the unit, such as the organisation. Where
    several of a unit answered differently, nobody knows it, and the respondents are
    left out and counted. Columns of a small base are hidden, with those from which
    they would follow, as in any table.
    """
    plan = study.indicators.adoption
    if not question:
        if plan is None:
            raise StudyError(
                "Transitions need a question, and the study has no indicator "
                "'adoption'. Name the question, and the codes that count."
            )
        question, codes = plan.question, plan.using
    ids = ids_of(study, [older, newer])
    names = (question, newer.wave.id, older.wave.id)
    found = Transitions(*names, weights, ids.name)
    placed = segments_of(newer, older, contract, question)
    if isinstance(placed, Consequence):
        return replace(found, consequence=placed)
    if not ids.values:
        return found
    answers, mixed = _answers((newer, older), ids, placed, weights, codes)
    told = replace(
        found,
        respondents=int(answers.inside.sum()),
        mixed=mixed,
        attrition=_attrition((newer, older), ids, study, contract, question),
    )
    return _tabulated(told, newer if weights == "newer" else older, answers, study)


def _answers(
    waves: tuple[WaveResult, WaveResult],
    ids: Ids,
    placed: Segments,
    weights: Weights,
    codes: Sequence[str],
) -> tuple[_Answers, int]:
    """Give the answers of a wave beside those of its units in the other wave."""
    newer, older = waves
    none = len(placed.codes) - 1
    mine = np.where(newer.design.used, placed.newer, none)
    other = np.where(older.design.used, placed.older, none)
    of_older, of_newer = ids.values
    if weights == "newer":
        matched, mixed = known_again(of_newer, of_older, other, none)
        before, after, own = matched, mine, mine
    else:
        matched, mixed = known_again(of_older, of_newer, mine, none)
        before, after, own = other, matched, other
    labels = zip(placed.codes[:none], placed.labels[:none], strict=True)
    side = np.isin(placed.codes[:none], list(codes))
    left_out = int((mixed & (own != none)).sum())
    return _Answers(before, after, tuple(labels), side), left_out


def known_again(
    ids: Objects, others: Objects, answers: Ints, none: int
) -> tuple[Ints, Bools]:
    """Give the answer of every respondent's unit in the other wave.

    Parameters
    ----------
    ids : object array (n,)
        Units of the respondents; None where unknown.
    others : object array (m,)
        Units of the other wave.
    answers : int array (m,)
        Answers there; `none` where there is none.
    none : int
        What stands for no answer.

    Returns
    -------
    int array (n,), bool array (n,)
        The answer that all of the unit gave; who has none because they differ.

    Examples
    --------
    >>> ids = np.array(["a", "b", "c", None], dtype=object)
    >>> others = np.array(["a", "b", "b", None], dtype=object)
    >>> known_again(ids, others, np.array([0, 0, 1, 1]), 9)
    (array([0, 9, 9, 9]), array([False,  True, False, False]))
    """
    known = pd.Series(answers, index=others)[(answers != none) & pd.notna(others)]
    units = known.groupby(level=0).agg(["first", "nunique"])
    place = units.index.get_indexer(pd.Index(ids, dtype=object))
    there = (place >= 0) & pd.notna(ids)
    first = np.append(units["first"].to_numpy(dtype=np.intp), none)
    several = np.append(units["nunique"].to_numpy() > 1, False)
    mixed = there & several[place]
    return np.where(there & ~mixed, first[place], none), mixed


def _attrition(
    waves: tuple[WaveResult, WaveResult],
    ids: Ids,
    study: Study,
    contract: WaveContract,
    question: str,
) -> Attrition:
    """Compare those of the older wave who are in the newer one with the others."""
    newer, older = waves
    of_older, of_newer = ids.values
    present = {i for i in of_newer[newer.design.used].tolist() if i is not None}
    again = np.array([i in present for i in of_older.tolist()], dtype=bool)
    names = [contract.questions[question].earlier, *study.banner]
    known = np.asarray(pd.notna(of_older), dtype=bool)
    wanted = list(dict.fromkeys(names))
    return attrition_of(older, again, known, wanted, total_options(study))


def _tabulated(
    found: Transitions, wave: WaveResult, answers: _Answers, study: Study
) -> Transitions:
    """Tabulate the answers of the newer wave by those of the older one."""
    least = study.report.min_base
    if found.respondents < least:
        return replace(found, note=base_note(HIDDEN, least))
    options = replace(total_options(study), percent=("column", "total"))
    cells = _cells(wave, answers, options)
    codes = [code for code, _ in answers.categories]
    stages = tuple(
        Transition(codes[before], after, *_pair(cells, _STAGE, codes[before], after))
        for before in np.unique(answers.before[answers.inside]).tolist()
        for after in codes
    )
    flows = {
        name: Transition(*ends, *_pair(cells, _SIDE, ends[0], f"{_NET}{ends[1]}"))
        for name, ends in FLOWS.items()
        if answers.side.any()
    }
    return replace(found, stages=stages, flows=flows)


def _pair(cells: Cells, banner: str, before: str, after: str) -> tuple[Cell, Cell]:
    """Find a cell as a share of all, and of those who were there before."""
    key = after, banner, before
    return cells[*key, True], cells[*key, False]


def _cells(wave: WaveResult, answers: _Answers, options: TableOptions) -> Cells:
    """Tabulate all at once, so that no column tells what another one hides."""
    side, codes = answers.side, [code for code, _ in answers.categories]
    rows = [Row(code, label, (code,)) for code, label in answers.categories]
    ends = (IN, side), (OUT, ~side)
    nets = [Row(f"{_NET}{e}", e, tuple(np.array(codes)[s]), "net") for e, s in ends]
    after = _variable(_AFTER, codes, [*rows, *nets], answers.after, answers)
    # Points are looked up by label, and codes are all different.
    points = [replace(row, label=row.code) for row in rows]
    taken = set(np.unique(answers.before[answers.inside]).tolist())
    points = [point for place, point in enumerate(points) if place in taken]
    banner = [_variable(_STAGE, codes, points, answers.before, answers)]
    if side.any():
        of_side = np.append(np.where(side, 0, 1), 2)[answers.before]
        sides = [Row(end, end, (end,)) for end, _ in ends]
        banner.append(_variable(_SIDE, [IN, OUT], sides, of_side, answers))
    table = tabulate([after], banner, wave.design, options)
    return {
        (cell.code, cell.banner, cell.point, cell.statistic == "total_share"): cell
        for cell in cells_of(table)
    }


def _variable(
    name: str,
    codes: Sequence[str],
    rows: Sequence[Row],
    place: Ints,
    answers: _Answers,
) -> Variable:
    """Make a variable of those whose answers in both waves are known."""
    inside = answers.inside
    position = np.where(inside, place, -1).astype(np.intp)
    return Variable(name, name, tuple(codes), tuple(rows), position, None, None, inside)

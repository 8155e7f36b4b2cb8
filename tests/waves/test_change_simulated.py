"""Simulated waves with a known change: intervals, size and power of the tests."""

from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.responses.variable import Row, Variable
from survey.study.model import ReportPlan
from survey.wave.result import Cell
from survey.waves.change_parts import Compared, RowPair
from survey.waves.change_points import TOTAL
from survey.waves.change_spread import banners_of, spreads
from survey.waves.change_tables import CellPair
from survey.waves.change_tests import NUMBERS, change_numbers, side_by_side, with_spread
from survey.waves.contract import Consequence
from survey.waves.stack import stacked

RUNS = 500
PLAN = ReportPlan(changes={"adjust": "none"})
KINDS = ("cross_sections", "panel", "partial")
N, SHARED = 150, {"cross_sections": 0, "panel": 150, "partial": 60}
# A unit that is in both waves keeps its mind with this chance. It then has the same
# draw in both, so that the share of these units is as asked for.
SAME = 0.6


def three_sigma(share: float) -> float:
    return 3 * float(np.sqrt(share * (1 - share) / RUNS))


# Every run is a row of one question, so that one pass makes them all.
CODES = tuple(f"run {run}" for run in range(RUNS))


def _variable(answers: np.ndarray) -> Variable:
    rows = tuple(Row(code, code, (code,)) for code in CODES)
    return Variable("q", "", CODES, rows, None, answers, None, np.ones(N, dtype=bool))


def _draw(
    rng: np.random.Generator, kind: str, before: float, after: float
) -> tuple[np.ndarray, np.ndarray]:
    first = rng.random((N, RUNS))
    keeps = (np.arange(N) < SHARED[kind])[:, None] & (rng.random((N, RUNS)) < SAME)
    second = np.where(keeps, first, rng.random((N, RUNS)))
    return first < before, second < after


def _cells(answers: np.ndarray, weight: np.ndarray) -> list[Cell]:
    effective = float(weight.sum() ** 2 / (weight**2).sum())
    shares = np.average(answers, axis=0, weights=weight).tolist()
    texts: Any = ("q", "", "", "", "Total", "share")
    numbers: Any = (np.nan,) * 5
    bases = (float(N), float(weight.sum()), effective)
    return [Cell(*texts, share, *numbers, *bases, "", "") for share in shares]


@cache
def _runs(kind: str, before: float, after: float) -> pd.DataFrame:
    rng = np.random.default_rng(20250607)
    weights = pd.DataFrame({"w": 0.5 + rng.random(N)})
    design = resolve(SurveyDesign(weight="w"), weights)
    names = np.array([f"unit {i}" for i in range(N)], dtype=object)
    other = np.where(np.arange(N) < SHARED[kind], names, names + " of the newer wave")
    stack = stacked(design, design, ids=(names, other))
    answers = _draw(rng, kind, before, after)
    rows = tuple(RowPair(c, "share", Consequence("comparable"), c) for c in CODES)
    older, newer = map(_variable, answers)
    compared = [Compared("q", "q", "share", rows, newer, older)]
    (spread,) = spreads(compared, stack, banners_of(stack, [TOTAL], [], []))
    cells = [_cells(each, design.weight) for each in answers]
    pairs = [CellPair(one, two, 0, 0) for one, two in zip(*cells, strict=True)]
    table = with_spread(side_by_side(pairs), spread[:, :, 0])
    numbers = change_numbers(table, np.ones(RUNS, dtype=bool), PLAN)
    return pd.DataFrame(numbers.T, columns=list(NUMBERS))


@pytest.mark.parametrize("kind", KINDS)
def test_intervals_cover_the_known_change(kind: str) -> None:
    runs = _runs(kind, 0.40, 0.52)
    covered = ((runs["conf_low"] <= 0.12) & (runs["conf_high"] >= 0.12)).mean()
    assert covered == pytest.approx(0.95, abs=three_sigma(0.95))


@pytest.mark.parametrize("kind", KINDS)
def test_the_test_has_its_size(kind: str) -> None:
    runs = _runs(kind, 0.45, 0.45)
    assert (runs["p_value"] < 0.05).mean() == pytest.approx(0.05, abs=three_sigma(0.05))


@pytest.mark.parametrize("kind", KINDS)
def test_the_detectable_change_is_found_four_times_in_five(kind: str) -> None:
    # Units of a panel differ more where there is a change: look where it is.
    change = 0.15
    for _ in range(3):
        runs = _runs(kind, 0.5 - change / 2, 0.5 + change / 2)
        change = float(runs["detectable"].mean())
    runs = _runs(kind, 0.5 - change / 2, 0.5 + change / 2)
    assert (runs["p_value"] < 0.05).mean() == pytest.approx(0.8, abs=three_sigma(0.8))


def test_a_panel_sees_smaller_changes_than_cross_sections() -> None:
    seen = [float(_runs(kind, 0.45, 0.45)["detectable"].mean()) for kind in KINDS]
    assert seen[1] < seen[2] < seen[0]

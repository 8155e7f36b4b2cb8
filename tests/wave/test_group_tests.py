"""Differences between groups: the family, its error rate, and who takes part."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import resolve
from survey.questionnaire.model import Question
from survey.report.context import Context
from survey.responses.variable import Row, Variable
from survey.study.model import Study
from survey.tabulation.tabulate import tabulate
from survey.wave.group_tests import group_tests
from survey.wave.options import total_options
from survey.wave.result import GroupTest, QuestionResult, cells_of

WAVE = {"id": 1, "file": "f.csv", "questionnaire": "q.yaml"}
ADOPTION = {"question": "stage", "in_production": 3, "using": [2, 3]}
STAGES = ("1", "2", "3")


def study(**report: Any) -> Study:
    return Study(
        name="s",
        title="S",
        waves=[WAVE],
        banner=["size", "field"],
        indicators={"adoption": ADOPTION},
        report=report,
    )


def single(name: str, codes: tuple[str, ...], position: np.ndarray) -> Variable:
    rows = tuple(Row(code, f"{name} {code}", (code,)) for code in codes)
    base = np.ones(position.size, dtype=bool)
    return Variable(name, name, codes, rows, position, None, None, base)


def compared(
    stage: np.ndarray, groups: dict[str, np.ndarray], plan: Study
) -> tuple[GroupTest, ...]:
    asked = single("stage", STAGES, stage)
    nets = (
        Row("in_production", "In production", ("3",), "net"),
        Row("using", "Using", ("2", "3"), "net"),
    )
    stub = Variable(
        "stage", "Stage", STAGES, (*nets, *asked.rows), stage, None, None, asked.base
    )
    codes = {name: tuple(map(str, np.unique(of))) for name, of in groups.items()}
    banner = [single(name, codes[name], of) for name, of in groups.items()]
    design = resolve(None, pd.DataFrame(index=range(stage.size)))
    options = total_options(plan)
    table = tabulate([stub], banner, design, options)
    cells = {cell.key: cell for cell in cells_of(table)}
    question = Question(id="stage", kind="single", label="Stage")
    results = [QuestionResult(question, (stub,))]
    return group_tests(plan, results, banner, design, options, cells)


@pytest.mark.parametrize("adjust", ["none", "holm", "bh"])
def test_without_differences_a_finding_is_as_rare_as_the_level(adjust: str) -> None:
    plan, alpha, runs, n = study(adjust=adjust), 0.05, 200, 600
    draw = np.random.default_rng(20_250)
    found = 0
    for _ in range(runs):
        groups = {"size": draw.integers(0, 3, n), "field": draw.integers(0, 4, n)}
        tests = compared(draw.choice(3, n, p=[0.4, 0.2, 0.4]), groups, plan)
        # Two rates in seven groups.
        assert len(tests) == 14
        found += min(test.p_value for test in tests) <= alpha
    # At most three standard errors above the level.
    assert found / runs <= alpha + 3 * np.sqrt(alpha * (1 - alpha) / runs)


def test_a_clear_difference_is_found_on_the_right_side() -> None:
    draw = np.random.default_rng(7)
    size = np.repeat([0, 1], 400)
    # 320 of 400 small organisations are in production, 100 of 400 large ones.
    stage = np.concatenate([[2] * 320, [0] * 80, [2] * 100, [0] * 300])
    tests = compared(stage, {"size": size, "field": draw.integers(0, 2, 800)}, study())
    rates = {(t.code, t.banner, t.point): t for t in tests}
    small = rates["in_production", "size", "size 0"]
    assert (small.estimate, small.rest) == (pytest.approx(0.8), pytest.approx(0.25))
    assert small.difference == pytest.approx(0.55)
    assert small.p_value < 1e-6
    large = rates["in_production", "size", "size 1"]
    assert large.difference == pytest.approx(-0.55)
    assert rates["in_production", "field", "field 0"].p_value > 0.05


def test_p_values_are_those_of_one_family() -> None:
    draw = np.random.default_rng(3)
    groups = {"size": draw.integers(0, 3, 900), "field": draw.integers(0, 3, 900)}
    stage = np.where(draw.random(900) < 0.3 + 0.1 * groups["size"], 2, 0)
    raw, holm = (
        [t.p_value for t in compared(stage, groups, study(adjust=adjust))]
        for adjust in ("bonferroni", "holm")
    )
    # The smallest of m p-values is multiplied by m under both.
    assert min(raw) == pytest.approx(min(holm))
    assert all(h <= b + 1e-12 for h, b in zip(holm, raw, strict=True))


def test_small_and_hidden_groups_take_no_part() -> None:
    # 20 are hidden, 80 have a small base, 400 and 300 are told.
    size = np.repeat([0, 1, 2, 3], [20, 80, 400, 300])
    stage = np.tile([0, 2], 400)
    tests = compared(stage, {"size": size}, study())
    assert {t.point for t in tests} == {"size 2", "size 3"}
    # The rest of 710 of 800 respondents would be 90.
    size = np.repeat([0, 1], [710, 90])
    assert compared(stage, {"size": size}, study()) == ()


def test_the_question_itself_is_no_group(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    labels = ["None", "Pilot", "In production"]
    steps = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    stage = {"id": "stage", "kind": "single", "label": "Stage", "categories": steps}
    path = make_study(
        {"stage": [1, 2, 3] * 150},
        [stage],
        indicators={"adoption": ADOPTION},
        banner=["stage"],
    )
    assert context_of(path).wave.group_tests == ()

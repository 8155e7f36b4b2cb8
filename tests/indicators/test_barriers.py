from dataclasses import replace
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.indicators.barriers import (
    pair_differences,
    rank_intervals,
    ranked_codes,
)
from survey.responses.variable import Role, Row, Variable
from survey.tabulation.tabulate import tabulate
from survey.wave.indicators import _p_values
from survey.weighting.rake import rake

LEVEL = 0.05


def multiple(chosen: np.ndarray, roles: dict[int, Role] | None = None) -> Variable:
    codes = tuple("ABCDEF"[: chosen.shape[1]])
    known = roles or {}
    rows = tuple(Row(c, c, (c,), known.get(i, "category")) for i, c in enumerate(codes))
    base = np.ones(len(chosen), dtype=bool)
    return Variable("m", "M", codes, rows, None, chosen, None, base)


def intervals(variable: Variable) -> dict[str, tuple[int, int]]:
    """Rank with the engine, as the analysis of a wave does."""
    respondents = pd.DataFrame(index=range(len(variable.base)))
    design = resolve(None, respondents)
    found = pair_differences(variable, design)
    p_values = _p_values(found.estimate, found.std_error, design.degrees_of_freedom)
    ranks = rank_intervals(found.pairs, found.estimate, p_values, LEVEL)
    return {r.code: (r.low, r.high) for r in ranks}


def test_ranks_are_adjusted_by_holm_by_hand() -> None:
    # Sorted 0.01, 0.02, nothing: times 3, 2, 1. The test without a result counts, so
    # only the first is below 0.035.
    pairs = [("A", "B"), ("A", "C"), ("B", "C")]
    found = rank_intervals(pairs, np.ones(3), np.array([0.01, 0.02, np.nan]), 0.035)
    assert [(r.low, r.high) for r in found] == [(1, 2), (2, 3), (1, 3)]


def test_ranks_by_hand() -> None:
    # A beats C and D, B beats D: A 1 to 2, B 1 to 3, C 2 to 4, D 3 to 4.
    pairs = list(combinations("ABCD", 2))
    clear = {("A", "C"), ("A", "D"), ("B", "D")}
    p_values = np.array([0.0001 if pair in clear else 0.5 for pair in pairs])
    found = rank_intervals(pairs, np.ones(6), p_values, LEVEL)
    assert {r.code: (r.low, r.high) for r in found} == {
        "A": (1, 2),
        "B": (1, 3),
        "C": (2, 4),
        "D": (3, 4),
    }


def test_the_sign_of_a_difference_decides_who_is_above() -> None:
    found = rank_intervals([("A", "B")], np.array([-0.2]), np.array([0.001]), LEVEL)
    assert [(r.code, r.low, r.high) for r in found] == [("A", 2, 2), ("B", 1, 1)]


def test_a_clear_order_gives_one_rank_each() -> None:
    chosen = np.zeros((300, 3), dtype=bool)
    chosen[:250, 0] = True
    chosen[:150, 1] = True
    chosen[:30, 2] = True
    assert intervals(multiple(chosen)) == {"A": (1, 1), "B": (2, 2), "C": (3, 3)}


def test_answers_named_by_the_same_people_cannot_be_told_apart() -> None:
    chosen = np.zeros((100, 2), dtype=bool)
    chosen[:50] = True
    assert intervals(multiple(chosen)) == {"A": (1, 2), "B": (1, 2)}


def test_exclusive_answers_and_dont_know_have_no_rank() -> None:
    variable = multiple(np.eye(4, dtype=bool), {2: "exclusive", 3: "dont_know"})
    assert ranked_codes(variable) == ("A", "B")
    design = resolve(None, pd.DataFrame(index=range(4)))
    assert pair_differences(variable, design).pairs == (("A", "B"),)


def test_differences_leave_out_who_is_not_in_the_base() -> None:
    chosen = np.array([[1, 0], [1, 1], [1, 0], [0, 1], [0, 1]], dtype=bool)
    variable = replace(multiple(chosen), base=np.array([True, True, True, True, False]))
    design = resolve(None, pd.DataFrame(index=range(5)))
    found = pair_differences(variable, design)
    # Of 1, 0, 1, -1 the mean is 1 / 4, and the sum of squares about it 11 / 4. With
    # five respondents who are units the variance is 5 / 4 of it, over 4 squared.
    assert found.estimate == pytest.approx([0.25])
    assert found.std_error**2 == pytest.approx([11 / 4 * 5 / 4 / 16])


def designs(frame: pd.DataFrame) -> dict[str, SurveyDesign]:
    weighting = rake(frame, {"size": {"s": 0.6, "l": 0.4}}, base_weight="w")
    return {
        "equal": SurveyDesign(),
        "strata": SurveyDesign(weight="w", strata="h"),
        "clusters": SurveyDesign(weight="w", strata="h", psu="p"),
        "raked": SurveyDesign(weight=weighting, strata="h"),
        "replicates": SurveyDesign(weight="w", psu="p", method="jk1"),
    }


@pytest.mark.parametrize("name", ["equal", "strata", "clusters", "raked", "replicates"])
def test_differences_are_means_of_numbers(name: str) -> None:
    # The engine of the tables, given 1, 0 and -1 as numbers, must say the same.
    generator = np.random.default_rng(20261122)
    n = 240
    frame = pd.DataFrame(
        {
            "w": generator.uniform(0.5, 3, n),
            "h": np.arange(n) % 3,
            "p": np.arange(n) % 36,
            "size": generator.choice(["s", "l"], n),
        }
    )
    design = resolve(designs(frame)[name], frame)
    chosen = generator.random((n, 4)) < [0.6, 0.5, 0.5, 0.1]
    variable = replace(multiple(chosen), base=generator.random(n) < 0.9)
    found = pair_differences(variable, design)
    numbers = [
        Variable(
            f"{one}{two}",
            "",
            (),
            (),
            None,
            None,
            np.where(variable.base, chosen[:, one] * 1.0 - chosen[:, two], np.nan),
            variable.base,
        )
        for one, two in combinations(range(4), 2)
    ]
    cells = tabulate(numbers, [], design).cells
    assert found.pairs == tuple(combinations("ABCD", 2))
    assert found.estimate == pytest.approx(cells["estimate"].to_numpy(), rel=1e-10)
    assert found.std_error == pytest.approx(cells["std_error"].to_numpy(), rel=1e-10)


def test_a_margin_that_is_the_question_leaves_no_error() -> None:
    generator = np.random.default_rng(7)
    both = generator.permutation(np.repeat([True, False], [70, 130]))
    chosen = np.column_stack([both, ~both])
    frame = pd.DataFrame({"q": np.where(both, "y", "n")})
    weighting = rake(frame, {"q": {"y": 0.5, "n": 0.5}})
    design = resolve(SurveyDesign(weight=weighting), frame)
    assert pair_differences(multiple(chosen), design).std_error.tolist() == [0.0]


def test_true_ranks_lie_inside_in_a_simulation() -> None:
    generator = np.random.default_rng(20240601)
    shares = np.array([0.6, 0.5, 0.5, 0.3])
    # The two in the middle are equal, so either order of them is true.
    true = {"A": (1, 1), "B": (2, 3), "C": (2, 3), "D": (4, 4)}
    runs, held, widths = 200, 0, []
    for _ in range(runs):
        found = intervals(multiple(generator.random((150, 4)) < shares))
        held += all(
            low <= true[code][0] and true[code][1] <= high
            for code, (low, high) in found.items()
        )
        widths.append(sum(high - low for low, high in found.values()))
    # 95 % promised; two standard errors of 200 runs are 3 points.
    assert held / runs >= 0.92
    # A method that always says "1 to 4" would hold, too.
    assert np.mean(widths) < 6

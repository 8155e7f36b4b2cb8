"""Rows of results.csv on weights, by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from survey.analysis import analyze


def single(name: str, *labels: str) -> dict[str, Any]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    return {
        "id": name,
        "kind": "single",
        "label": name.title(),
        "categories": categories,
    }


QUESTIONS = [
    single("size", "Small", "Large"),
    single("area", "North", "South"),
    single("use", "Uses it", "Does not"),
    {"id": "staff", "kind": "numeric", "label": "Staff"},
]
# 150 small firms of which 90 use it, 50 large ones of which 10 do.
ANSWERS: dict[str, list[Any]] = {
    "size": [1] * 150 + [2] * 50,
    "area": [1, 2] * 75 + [1] * 40 + [2] * 10,
    "use": [1] * 90 + [2] * 60 + [1] * 10 + [2] * 40,
    "staff": [10] * 150 + [90] * 50,
}
TARGETS = {
    "population": "firms",
    "source": "a register",
    "as_of": 2024,
    "unit": "firms",
    "population_size": 4000,
    "margins": {
        "size": {1: 1, 2: 1},
        "area": {1: 1, 2: 1},
        "size x area": {1: {1: 0.3, 2: 0.2}, 2: {1: 0.3, 2: 0.2}},
    },
    "totals": {"staff": 200_000},
}
KEY = ["wave", "question", "code", "banner", "point", "statistic"]


@pytest.fixture
def results(make_study: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    def make(
        *plans: dict[str, Any],
        answers: dict[str, list[Any]] = ANSWERS,
        **keys: Any,
    ) -> pd.DataFrame:
        recipes = [{"targets": "targets.yaml", "margins": ["size"], **p} for p in plans]
        path = make_study(answers, QUESTIONS, weighting=recipes, **keys)
        text = yaml.safe_dump(TARGETS)
        (path.parent / "targets.yaml").write_text(text, encoding="utf-8")
        made = analyze(path).results
        assert not made.duplicated(KEY).any()
        assert set(made["banner"]) >= {""}
        return made

    return make


def diagnostics(made: pd.DataFrame, name: str) -> dict[str, float]:
    rows = made[(made["question"] == f"weights:{name}")]
    assert (rows["statistic"] == "weighting").all()
    assert (rows["banner"] == f"weights:{name}").all()
    return dict(zip(rows["code"], rows["estimate"], strict=True))


def test_key_figures(results: Callable[..., pd.DataFrame]) -> None:
    found = diagnostics(results({}), "weight")
    # 150 weights of 2 / 3 and 50 of 2: 200**2 / (150 * 4 / 9 + 200) = 150.
    assert found["passes"] == 1
    assert found["gap"] < 1e-10
    assert found["respondents"] == 200
    assert found["min"] == pytest.approx(2 / 3)
    assert found["max"] == pytest.approx(2)
    assert found["ratio"] == pytest.approx(3)
    assert found["deff"] == pytest.approx(4 / 3)
    assert found["efficiency"] == pytest.approx(0.75)
    assert found["effective_base"] == pytest.approx(150)
    assert (found["below_0.3"], found["above_3"]) == (0, 0)
    assert found["histogram_1"] == 0.75
    assert found["histogram_12"] == 0.25
    assert found["largest_1"] == pytest.approx(2)
    assert found["largest_2"] == pytest.approx(2 / 3)


def test_trimming(results: Callable[..., pd.DataFrame]) -> None:
    answers = {**ANSWERS, "w": [1] * 195 + [3] * 5}
    plan = {"base_weight": "w", "trim": {"upper": 2.5}}
    made = results(plan, answers=answers)
    found = diagnostics(made, "weight")
    assert (found["trimmed_high"], found["trimmed_low"]) == (5, 0)
    # Five weights of 5 become 2.5; the other large firms take the rest.
    assert found["trimmed_moved"] == pytest.approx(12.5 / 200)
    before = 200**2 / (150 * 4 / 9 + 45 * (5 / 3) ** 2 + 5 * 25)
    assert found["effective_base_before_trimming"] == pytest.approx(before)
    assert found["steps"] >= 1
    assert "passes" not in found


def test_margins_and_means(results: Callable[..., pd.DataFrame]) -> None:
    made = results({"totals": ["staff"], "name": "w"})
    rows = made[(made["banner"] == "weights:w") & (made["question"] == "size")]
    small = rows[rows["code"] == "1"].set_index("point")["estimate"]
    assert small["target"] == 0.5
    assert small["unweighted"] == 0.75
    assert small["weighted"] == pytest.approx(0.5)
    assert small["difference"] == pytest.approx(-0.25)
    assert small["base_effective"] == pytest.approx(150)
    assert set(rows["label"]) == {"Small", "Large"}
    staff = made[(made["banner"] == "weights:w") & (made["question"] == "staff")]
    # 200,000 over 4,000 firms; unweighted 0.75 * 10 + 0.25 * 90.
    means = staff.set_index("point")["estimate"]
    assert means.to_dict() == pytest.approx(
        {"target": 50, "unweighted": 30, "weighted": 50}
    )


def test_other_weights_and_variants(results: Callable[..., pd.DataFrame]) -> None:
    headline = {"shares": [{"question": "use", "code": 1}]}
    plans = (
        {"margins": ["size", "area"], "caps": [1.2, 3]},
        {"name": "areas", "margins": ["area"]},
    )
    made = results(*plans, indicators=headline)
    use = made[(made["question"] == "use") & (made["code"] == "1")]
    variants = use[use["banner"] == "sensitivity"].set_index("point")
    # Large firms are a quarter and should be half: a cap of 1.2 cannot be met.
    assert list(variants.index) == ["without size", "without area", "cap 3"]
    assert variants.loc["without area", "estimate"] == pytest.approx(0.4)
    others = made[made["banner"] == "weights"]
    assert set(others["point"]) == {"areas"}
    mine = others[(others["question"] == "use") & (others["code"] == "1")]
    # 45 small firms that use it are in each area, and 10 large ones in the north.
    wanted = 0.5 * 55 / 115 + 0.5 * 45 / 85
    assert mine["estimate"].tolist() == pytest.approx([wanted])
    assert set(others["question"]) == {"size", "area", "use", "staff"}


def test_existing_rows_do_not_change(results: Callable[..., pd.DataFrame]) -> None:
    one = results({"caps": []}, banner=["area"])
    two = results({"caps": [3]}, {"name": "b", "margins": ["area"]}, banner=["area"])
    old = ["", "unweighted", "area"]
    first, second = (
        made[made["banner"].isin(old)].reset_index(drop=True) for made in (one, two)
    )
    assert len(first) > 20
    pd.testing.assert_frame_equal(first, second)


def test_a_small_group_that_one_set_leaves_out_is_not_told(
    results: Callable[..., pd.DataFrame],
) -> None:
    answers = {**ANSWERS, "area": [None] * 10 + ANSWERS["area"][10:]}
    plans = ({}, {"name": "b", "margins": ["area"], "missing": "exclude"})
    made = results(*plans, answers=answers)
    others = made[(made["banner"] == "weights") & (made["question"] == "use")]
    # Ten respondents less than in all tables: counts would tell their answers.
    assert others["count"].isna().all()
    assert others["base_unweighted"].isna().all()
    assert others["estimate"].notna().all()
    area = made[(made["banner"] == "weights") & (made["question"] == "area")]
    assert (area["base_unweighted"] == 190).all()


def test_a_crossed_margin_does_not_tell_a_small_group(
    results: Callable[..., pd.DataFrame],
) -> None:
    made = results({"margins": [["size", "area"]]})
    rows = made[(made["banner"] == "weights:weight") & (made["question"] != "staff")]
    crossed = rows[rows["question"] == "size x area"]
    assert len(crossed) == 4 * 5
    known = crossed["point"].isin(["target", "weighted"])
    assert crossed.loc[known, "estimate"].notna().all()
    assert crossed.loc[~known, "estimate"].isna().all()
    assert set(crossed.loc[~known, "note"]) == {"hidden: base below 30"}
    largest = rows[rows["code"].str.startswith("largest_")]
    assert largest["estimate"].isna().all()
    assert "Large × South" in set(largest["label"])


def test_weights_of_the_export(make_study: Callable[..., Path]) -> None:
    answers = {**ANSWERS, "w": [1, 3] * 100}
    path = make_study(answers, QUESTIONS, design={"weight": "w"})
    found = diagnostics(analyze(path).results, "w")
    # Weights 0.5 and 1.5: 1 + 0.25.
    assert found["deff"] == pytest.approx(1.25)
    assert found["effective_base"] == pytest.approx(160)
    assert "passes" not in found


def test_without_weights_there_are_no_such_rows(
    make_study: Callable[..., Path],
) -> None:
    made = analyze(make_study(ANSWERS, QUESTIONS)).results
    assert set(made["banner"]) == {""}

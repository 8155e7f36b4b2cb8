"""Columns of a design: where they are found, and what is said when they are not."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey.analysis import analyze
from survey.errors import DesignError, StudyError

TWO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USE = {"id": "use", "kind": "single", "label": "Use", "categories": TWO}
N = 120
PLACE = np.arange(N)
ANSWERS: dict[str, list[Any]] = {
    "use": (PLACE % 3 // 2 + 1).tolist(),
    "area": (PLACE % 4).tolist(),
    "district": (PLACE % 12).tolist(),
    "w": (1 + PLACE % 5 / 2).tolist(),
    "w[1]": (1 + PLACE % 7).tolist(),
    "w[2]": (1 + PLACE % 3).tolist(),
}
# Before areas of 12 districts, and in the order of the frame.
FRAME = pd.DataFrame(ANSWERS)


def total_of(results: pd.DataFrame, banner: str = "") -> pd.Series:
    return results.query("banner == @banner and code == '1'").iloc[0]


@pytest.fixture
def results_of(make_study: Callable[..., Path]) -> Callable[..., pd.DataFrame]:
    def make(
        answers: dict[str, list[Any]] | None = None, **design: Any
    ) -> pd.DataFrame:
        path = make_study(answers or ANSWERS, [USE], exclude=[], design=design)
        return analyze(path).results

    return make


def test_columns_of_the_export_need_no_question(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    found = total_of(results_of(weight="w", strata="area", psu="district"))
    design = survey.SurveyDesign(weight="w", strata="area", psu="district")
    expected = survey.proportion(FRAME, "use", design=design).iloc[0]
    assert found["estimate"] == pytest.approx(expected["estimate"], rel=1e-12)
    assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-12)


def test_brackets_of_a_column_are_no_pattern(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    options = {"method": "bootstrap", "weight": "w"}
    found = total_of(results_of(replicate_weights="w[*", **options))
    names = ["w[1]", "w[2]"]
    design = survey.SurveyDesign(replicate_weights=names, **options)
    expected = survey.proportion(FRAME, "use", design=design).iloc[0]
    assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-12)


def test_a_weight_of_the_file_stands_beside_equal_weights(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    answers = {**ANSWERS, "w": [0.0] * 20 + [1.0] * 50 + [2.0] * 50}
    results = results_of(answers, weight="w")
    weighted, plain = (total_of(results, banner) for banner in ("", "unweighted"))
    chosen = np.array(answers["use"]) == 1
    weight = np.array(answers["w"])
    assert weighted["estimate"] == pytest.approx(weight[chosen].sum() / 150)
    # Whoever has no weight is in neither of the two.
    assert plain["estimate"] == pytest.approx(chosen[20:].mean())
    assert weighted["base_unweighted"] == plain["base_unweighted"] == 100


def test_a_record_without_a_psu_is_its_own(
    results_of: Callable[..., pd.DataFrame],
) -> None:
    psu = [None if i < 3 else f"p{i % 12}" for i in range(N)]
    found = total_of(results_of({**ANSWERS, "district": psu}, psu="district"))
    own = FRAME.assign(district=[p or f"own {i}" for i, p in enumerate(psu)])
    design = survey.SurveyDesign(psu="district")
    expected = survey.proportion(own, "use", design=design).iloc[0]
    assert found["std_error"] == pytest.approx(expected["std_error"], rel=1e-12)


@pytest.mark.parametrize(
    ("design", "kind", "says"),
    [
        ({"psu": "nowhere"}, StudyError, "There is no column 'nowhere'"),
        (
            {"replicate_weights": "rep*", "method": "jk1"},
            StudyError,
            r"No column of the export matches 'rep\*'",
        ),
        (
            {"fpc": "district", "psu": "district"},
            DesignError,
            r"wave '1' \(wave.csv\): fpc is missing, 0 or negative for 10 of 120",
        ),
        (
            {"replicate_weights": ["w[1]", "w[2]"], "method": "jkn", "weight": "w"},
            DesignError,
            r"wave '1' \(wave.csv\): .*rscales",
        ),
    ],
)
def test_a_column_that_is_not_there_or_does_not_fit(
    results_of: Callable[..., pd.DataFrame],
    design: dict[str, Any],
    kind: type[Exception],
    says: str,
) -> None:
    with pytest.raises(kind, match=says):
        results_of(**design)

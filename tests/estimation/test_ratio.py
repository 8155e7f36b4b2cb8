import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimationError, QuestionError
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean
from survey.estimation.ratio import NO_DENOMINATOR, ratio
from survey.responses.bind import bind

RANDOM = np.random.default_rng(11)
N = 200
FRAME = pd.DataFrame(
    {
        "spent": RANDOM.gamma(2, 3, N),
        "staff": RANDOM.integers(1, 50, N).astype(float),
        "size": RANDOM.choice(["small", "large"], N),
        "stratum": RANDOM.choice(["n", "s"], N),
        "psu": RANDOM.integers(0, 30, N),
        "w": RANDOM.uniform(0.2, 5, N),
    }
)
DESIGN = SurveyDesign(weight="w", strata="stratum", psu="psu")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]


@pytest.mark.parametrize("size", ["small", "large"])
def test_a_domain_mean_is_a_ratio(size: str) -> None:
    member = (FRAME["size"] == size).astype(float)
    frame = FRAME.assign(y=FRAME["spent"] * member, one=member)
    found = ratio(frame, "y", "one", design=DESIGN).loc[0]
    by = mean(FRAME, "spent", by="size", design=DESIGN).set_index("domain").loc[size]
    # Only degrees of freedom may differ: the base of the ratio is everybody.
    for column in ("estimate", "std_error"):
        assert found[column] == pytest.approx(by[column], rel=1e-12)


def test_a_ratio_to_one_is_the_mean_in_every_column() -> None:
    found = ratio(FRAME.assign(one=1.0), "spent", "one", by="size", design=DESIGN)
    by = mean(FRAME, "spent", by="size", design=DESIGN)
    shared = [c for c in by.columns if c not in ("question", "label", "note")]
    assert list(found.columns) == list(by.columns)
    numeric = by[shared].select_dtypes("number").columns
    np.testing.assert_allclose(found[numeric], by[numeric], rtol=1e-12)
    assert found["domain"].tolist() == by["domain"].tolist()


def test_a_question_to_itself_is_exactly_one() -> None:
    found = ratio(FRAME, "staff", "staff", design=DESIGN).loc[0]
    assert found["estimate"] == pytest.approx(1, rel=1e-15)
    assert found["std_error"] == pytest.approx(0, abs=1e-12)


def test_hand_calculation() -> None:
    # y - 2 x is -1, -1, 2 and x sums to 6: squares 6 / 36, times 3 / 2.
    frame = pd.DataFrame({"y": [1.0, 3.0, 8.0], "x": [1.0, 2.0, 3.0]})
    found = ratio(frame, "y", "x").loc[0]
    assert found["estimate"] == 2
    assert found["std_error"] == pytest.approx(0.5, rel=1e-12)
    assert found["question"] == "y / x"
    assert (found["code"], found["domain"], found["note"]) == ("", "Total", "")
    assert found["deff"] == pytest.approx(1, rel=1e-12)


def test_who_lacks_a_number_is_outside_the_base() -> None:
    frame = FRAME.copy()
    frame.loc[:9, "spent"] = np.nan
    frame.loc[5:19, "staff"] = np.nan
    found = ratio(frame, "spent", "staff", design=SurveyDesign(weight="w")).loc[0]
    kept = frame.loc[20:]
    assert found["base_unweighted"] == len(kept)
    assert found["base_weighted"] == pytest.approx(kept["w"].sum())
    expected = (kept["w"] * kept["spent"]).sum() / (kept["w"] * kept["staff"]).sum()
    assert found["estimate"] == pytest.approx(expected, rel=1e-12)


def test_nothing_to_divide_by_is_said() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "x": [0.0, 0, 1, 2], "by": list("aabb")})
    found = ratio(frame, "y", "x", by="by").set_index("domain")
    assert found.loc["a", NUMBERS].isna().all()
    assert found.loc["a", "note"] == NO_DENOMINATOR
    assert found.loc["b", NUMBERS].notna().all()
    assert found.loc["b", "note"] == ""


def test_numbers_that_cancel_are_nothing_to_divide_by() -> None:
    frame = pd.DataFrame({"y": [1.0, 2, 3], "x": [0.1, 0.2, -0.3]})
    assert ratio(frame, "y", "x").loc[0, "note"] == NO_DENOMINATOR


def test_an_empty_domain_says_so() -> None:
    by = pd.Categorical(["a"] * 4, categories=["a", "b"])
    frame = pd.DataFrame({"y": [1.0, 2, 3, 4], "x": [1.0, 1, 1, 2], "by": by})
    found = ratio(frame, "y", "x", by="by").set_index("domain").loc["b"]
    assert found["note"] == "no respondents"
    assert np.isnan(found["estimate"])
    assert found["base_unweighted"] == 0


def test_nobody_with_both_numbers() -> None:
    frame = pd.DataFrame({"y": [1.0, np.nan], "x": [np.nan, 2.0]})
    message = r"both 'y' \(1 have it\) and 'x' \(1 have it\)"
    with pytest.raises(EstimationError, match=message):
        ratio(frame, "y", "x")


def test_words_and_unknown_questions_are_refused() -> None:
    with pytest.raises(EstimationError, match="'size' has codes that are no numbers"):
        ratio(FRAME, "spent", "size")
    with pytest.raises(QuestionError, match="no column 'profit'"):
        ratio(FRAME, "profit", "staff")
    with pytest.raises(EstimationError, match="conf_level is 95"):
        ratio(FRAME, "spent", "staff", conf_level=95)


def test_multiple_response_has_no_ratio(questionnaire, raw_table) -> None:
    raw = raw_table({"m_a": ["Y", "N"], "m_b": ["N", "Y"], "cost": ["1", "2"]})
    multiple = {
        "id": "m",
        "kind": "multiple",
        "label": "M",
        "categories": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    }
    cost = {"id": "cost", "kind": "numeric", "label": "Cost"}
    responses = bind(raw, questionnaire(multiple, cost))
    with pytest.raises(EstimationError, match="'m' is multiple response"):
        ratio(responses, "cost", "m")


def test_a_grid_is_refused_and_its_item_is_not(questionnaire, raw_table) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "items": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}],
        "categories": [{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}],
    }
    raw = raw_table({"g_x": ["1", "2", "2"], "g_y": ["1", "1", "2"]})
    responses = bind(raw, questionnaire(grid))
    with pytest.raises(EstimationError, match="'g' is a grid of 2 items"):
        ratio(responses, "g", "g_y")
    found = ratio(responses, "g_x", "g_y")
    assert found.loc[0, "estimate"] == pytest.approx(5 / 4)

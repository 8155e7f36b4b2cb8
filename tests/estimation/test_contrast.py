from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from survey.errors import EstimationError, QuestionError
from survey.estimation.contrast import (
    EXTREME,
    EXTREMES,
    NO_VARIANCE,
    contrast,
    difference,
)
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.responses.bind import bind

RANDOM = np.random.default_rng(3)
N = 240
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N, p=[0.5, 0.3, 0.2]),
        "cost": RANDOM.gamma(2, 10, N),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s"], N),
        "psu": RANDOM.integers(0, 40, N),
        "w": RANDOM.uniform(0.2, 5, N),
    }
)
FRAME.loc[::17, "cost"] = np.nan
DESIGN = SurveyDesign(weight="w", psu="psu")
NUMBERS = [
    "estimate",
    "std_error",
    "conf_low",
    "conf_high",
    "deff",
    "base_unweighted",
    "base_weighted",
    "base_effective",
    "degrees_of_freedom",
]
ESTIMATORS: dict[Any, Any] = {"proportion": proportion, "mean": mean, "total": total}


@pytest.mark.parametrize(
    ("statistic", "name"),
    [("proportion", "uses"), ("mean", "cost"), ("total", "cost"), ("total", "uses")],
)
@pytest.mark.parametrize("method", [None, "jkn"])
def test_one_domain_is_its_estimate(statistic: Any, name: str, method: Any) -> None:
    design = replace(DESIGN, method=method)
    ours = contrast(
        FRAME, name, {"small": 1}, by="size", statistic=statistic, design=design
    )
    theirs = ESTIMATORS[statistic](FRAME, name, by="size", design=design)
    theirs = theirs[theirs["domain"] == "small"]
    assert ours["code"].tolist() == theirs["code"].tolist()
    # The interval of a contrast is that of t; shares alone have the logit one.
    columns = [c for c in NUMBERS if statistic != "proportion" or "conf" not in c]
    np.testing.assert_allclose(ours[columns], theirs[columns], rtol=1e-9)


def test_difference_of_exclusive_domains_by_hand() -> None:
    frame = FRAME.dropna(subset="cost")
    found = difference(frame, "cost", by="region", of=("n", "s"), statistic="mean").loc[
        0
    ]
    north, south = (frame.loc[frame["region"] == r, "cost"] for r in ("n", "s"))
    m, variance = len(frame), 0.0
    for answers in (north, south):
        # Squares about the domain's mean; n / (n - 1) is that of the whole sample.
        squares = ((answers - answers.mean()) ** 2).sum() / len(answers) ** 2
        variance += squares * m / (m - 1)
    expected = north.mean() - south.mean()
    t = expected / np.sqrt(variance)
    degrees = min(len(north), len(south)) - 1
    assert found["estimate"] == pytest.approx(expected, rel=1e-12)
    assert found["std_error"] == pytest.approx(np.sqrt(variance), rel=1e-12)
    assert found["degrees_of_freedom"] == degrees
    assert found["statistic"] == pytest.approx(t, rel=1e-12)
    p_value = 2 * stats.t.sf(abs(t), degrees)
    assert found["p_value"] == pytest.approx(p_value, rel=1e-10)
    half = stats.t.ppf(0.975, degrees) * np.sqrt(variance)
    assert found["conf_high"] == pytest.approx(expected + half, rel=1e-10)
    assert found["domain"] == "n - s"


def test_bases_are_the_smaller_ones() -> None:
    found = difference(FRAME, "uses", by="size", of=("small", "large"), design=DESIGN)
    by = proportion(FRAME, "uses", by="size", design=DESIGN)
    pair = by[by["domain"].isin(["small", "large"])]
    for column in NUMBERS[5:]:
        assert found[column].to_numpy() == pytest.approx(pair[column].min(), rel=1e-12)


def test_a_domain_and_itself_is_zero() -> None:
    found = difference(FRAME, "uses", by="size", of=("small", "small"), design=DESIGN)
    numbers = ["estimate", "std_error", "conf_low", "conf_high"]
    assert (found[numbers] == 0).all(axis=None)
    assert found[["statistic", "p_value"]].isna().all(axis=None)
    assert set(found["note"]) == {NO_VARIANCE}


def test_every_domain_against_the_first() -> None:
    found = difference(FRAME, "uses", by="size", design=DESIGN)
    assert found["domain"].unique().tolist() == ["medium - large", "small - large"]
    for one in ("medium", "small"):
        pair = difference(FRAME, "uses", by="size", of=(one, "large"), design=DESIGN)
        block = found[found["domain"] == f"{one} - large"].reset_index(drop=True)
        pd.testing.assert_frame_equal(block, pair, rtol=1e-12)


def test_turned_round_it_changes_its_sign() -> None:
    one = difference(FRAME, "uses", by="size", of=("small", "large"), design=DESIGN)
    two = difference(FRAME, "uses", by="size", of=("large", "small"), design=DESIGN)
    np.testing.assert_allclose(one["estimate"], -two["estimate"], rtol=1e-12)
    for column in ("std_error", "p_value", "deff"):
        np.testing.assert_allclose(one[column], two[column], rtol=1e-9)


def test_differences_of_a_partition_add_up() -> None:
    # The categories of a question add up to 1 in both domains.
    found = difference(FRAME, "uses", by="size", of=("small", "large"), design=DESIGN)
    assert found["estimate"].sum() == pytest.approx(0, abs=1e-12)
    whole = {("small", code): 1 for code in ("yes", "no", "later")}
    row = contrast(FRAME, "uses", whole, by="size", design=DESIGN).loc[0]
    assert row["estimate"] == pytest.approx(1, rel=1e-12)
    assert row["std_error"] == 0
    assert row["note"] == NO_VARIANCE


def test_pairs_are_one_row_with_words() -> None:
    pairs = {("small", "yes"): 1, ("large", "yes"): -0.5, ("large", "later"): 2}
    found = contrast(FRAME, "uses", pairs, by="size", design=DESIGN)
    assert found["domain"].tolist() == ["small: yes - 0.5 large: yes + 2 large: later"]
    by = proportion(FRAME, "uses", by="size", design=DESIGN)
    share = by.set_index(["domain", "code"])["estimate"]
    expected = sum(c * share[key] for key, c in pairs.items())
    assert found.loc[0, "estimate"] == pytest.approx(expected, rel=1e-12)
    plain = difference(FRAME, "uses", by="size", of=("small", "large"), design=DESIGN)
    pairs = {("small", "yes"): 1, ("large", "yes"): -1}
    paired = contrast(FRAME, "uses", pairs, by="size", design=DESIGN).loc[0]
    row = plain.set_index("code").loc["yes"]
    for column in (*NUMBERS, "statistic", "p_value"):
        assert paired[column] == pytest.approx(row[column], rel=1e-12)


def test_categories_of_everybody() -> None:
    found = contrast(FRAME, "uses", {"yes": 1, "no": -1}, design=DESIGN).loc[0]
    assert (found["code"], found["domain"]) == ("yes - no", "Total")
    scores = FRAME["uses"].map({"yes": 1.0, "no": -1.0, "later": 0.0})
    scored = mean(FRAME.assign(score=scores), "score", design=DESIGN).loc[0]
    for column in NUMBERS:
        assert found[column] == pytest.approx(scored[column], rel=1e-9)


def test_crossed_domains_have_keys_with_an_x() -> None:
    coefficients = {"small x n": 1, "small x s": -1}
    found = contrast(
        FRAME, "cost", coefficients, by=["size", "region"], statistic="mean"
    )
    assert found.loc[0, "domain"] == "small x n - small x s"
    by = mean(FRAME, "cost", by=["size", "region"]).set_index("domain")["estimate"]
    expected = by["small x n"] - by["small x s"]
    assert found.loc[0, "estimate"] == pytest.approx(expected, rel=1e-12)


MULTIPLE = {
    "id": "m",
    "kind": "multiple",
    "label": "M",
    "categories": [
        {"code": "1", "label": "Chat"},
        {"code": "2", "label": "Code"},
        {"code": "3", "label": "Code"},
    ],
}
COST = {"id": "cost", "kind": "numeric", "label": "Cost"}


@pytest.fixture
def overlapping(questionnaire, raw_table) -> Any:
    raw = raw_table(
        {
            "m_1": ["Y", "Y", "Y", "N", "N", "Y"],
            "m_2": ["Y", "N", "Y", "Y", "Y", "Y"],
            "m_3": ["N", "N", "N", "N", "Y", "N"],
            "cost": ["1", "2", "4", "8", "9", "3"],
        }
    )
    return bind(raw, questionnaire(MULTIPLE, COST))


def test_overlapping_domains_share_respondents(overlapping) -> None:
    found = difference(overlapping, "cost", by="m", of=("1", "2"), statistic="mean")
    # Means of (1, 2, 4, 3) and of (1, 4, 8, 9, 3); scores are differences.
    one = (np.array([1, 2, 4, 2.5, 2.5, 3]) - 2.5) / 4
    two = (np.array([1, 5, 4, 8, 9, 3]) - 5) / 5
    expected = np.sqrt(((one - two) ** 2).sum() * 6 / 5)
    assert found.loc[0, "estimate"] == pytest.approx(-2.5)
    assert found.loc[0, "std_error"] == pytest.approx(expected, rel=1e-12)
    assert found.loc[0, "domain"] == "Chat - Code"
    assert found.loc[0, "base_unweighted"] == 4


def test_categories_of_multiple_response_may_overlap(overlapping) -> None:
    found = contrast(overlapping, "m", {"Chat": 1, "2": -1}).loc[0]
    # Chosen less chosen by respondent: 0, 1, 0, -1, -1, 0.
    scores = np.array([0, 1, 0, -1, -1, 0])
    assert found["estimate"] == pytest.approx(-1 / 6, rel=1e-12)
    assert found["std_error"] == pytest.approx(scores.std(ddof=1) / np.sqrt(6))
    assert (found["code"], found["label"]) == ("1 - 2", "Chat - Code")


def test_a_label_of_two_domains_needs_a_code(overlapping) -> None:
    with pytest.raises(QuestionError, match="domain: 2 have the label 'Code'"):
        difference(overlapping, "cost", by="m", of=("1", "Code"), statistic="mean")


def test_unknown_domains_and_categories_list_the_known_ones(overlapping) -> None:
    known = r"there is no 'huge'. Give one of the codes 'large', 'medium', 'small'"
    with pytest.raises(QuestionError, match=known):
        difference(FRAME, "uses", by="size", of=("small", "huge"))
    known = "category: there is no 'never'. Give one of the codes 'later', 'no', 'yes'"
    with pytest.raises(QuestionError, match=known):
        contrast(FRAME, "uses", {("small", "never"): 1}, by="size")
    with pytest.raises(QuestionError, match=known):
        contrast(FRAME, "uses", {"never": 1})
    with pytest.raises(QuestionError, match=r"'1 \(Chat\)', '2 \(Code\)'"):
        contrast(overlapping, "cost", {"Talk": 1}, by="m", statistic="mean")
    with pytest.raises(QuestionError, match="no column 'branch'"):
        difference(FRAME, "uses", by="branch")


@pytest.mark.parametrize(
    ("coefficients", "options", "message"),
    [
        ({}, {}, "coefficients are empty"),
        ({"small": 1, "large": np.nan}, {}, r"1 of 2 coefficients .* \('large'\)"),
        ({"small": 1, ("large", "yes"): -1}, {}, "Give all keys as pairs"),
        ({"small": 1}, {"statistic": "median"}, "statistic 'median' is not known"),
        ({"small": 1}, {"conf_level": 0}, "conf_level is 0"),
        ({"small": 1}, {"statistic": "mean"}, "'uses' has codes that are no numbers"),
    ],
)
def test_bad_options(coefficients: Any, options: dict[str, Any], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        contrast(FRAME, "uses", coefficients, **{"by": "size", **options})


def test_one_number_is_nothing_to_combine() -> None:
    with pytest.raises(EstimationError, match="the mean of numbers is one number"):
        contrast(FRAME, "cost", {"": 1}, statistic="mean")


def test_one_domain_is_no_difference() -> None:
    frame = FRAME.assign(one="all")
    with pytest.raises(EstimationError, match="only the domain 'all'"):
        difference(frame, "uses", by="one")


def test_nobody_in_the_base() -> None:
    frame = FRAME.assign(empty=np.nan)
    with pytest.raises(EstimationError, match="'empty' has no respondent"):
        difference(frame, "empty", by="size", statistic="mean")


@pytest.mark.parametrize("statistic", ["mean", "total"])
def test_an_empty_domain_says_so(statistic: Any) -> None:
    size = pd.Categorical(["a", "b"] * 5, categories=["a", "b", "c"])
    frame = pd.DataFrame({"cost": np.arange(10.0), "size": size})
    found = difference(frame, "cost", by="size", statistic=statistic)
    found = found.set_index("domain")
    empty = found.loc["c - a"]
    assert empty["note"] == "no respondents"
    assert empty[["estimate", "std_error", "conf_low", "p_value"]].isna().all()
    assert empty["base_unweighted"] == 0
    assert found.loc["b - a", "note"] == ""


def test_one_respondent_has_no_test_and_says_so() -> None:
    frame = pd.DataFrame({"cost": np.arange(5.0), "size": list("aaaab")})
    found = difference(frame, "cost", by="size", statistic="mean").loc[0]
    assert found["note"] == "no interval: one respondent"
    assert found["estimate"] == pytest.approx(2.5)
    assert found[["conf_low", "p_value"]].isna().all()


def test_extreme_shares_are_pointed_out() -> None:
    frame = pd.DataFrame(
        {
            "q": ["yes"] * 6 + ["no"] * 6 + ["yes", "no"] * 3,
            "by": list("aaaaaabbbbbbcccccc"),
        }
    )
    found = difference(frame, "q", by="by").set_index(["domain", "code"])
    certain, partly = found.loc[("b - a", "yes")], found.loc[("c - a", "yes")]
    assert (certain["estimate"], certain["note"]) == (-1, EXTREMES)
    assert certain[["conf_low", "conf_high", "p_value"]].isna().all()
    assert partly["note"] == EXTREME
    assert partly["p_value"] < 1


def test_answers_that_are_all_the_same_have_no_test() -> None:
    frame = pd.DataFrame({"cost": [0.1] * 7 + [0.3] * 5, "by": list("aaaaaaabbbbb")})
    found = difference(frame, "cost", by="by", statistic="mean").loc[0]
    assert found["estimate"] == pytest.approx(0.2)
    assert found["std_error"] == 0
    assert np.isnan(found["p_value"])
    assert found["note"] == NO_VARIANCE


def test_every_item_of_a_grid(questionnaire, raw_table) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "items": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}],
        "categories": [{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}],
    }
    size = {
        "id": "size",
        "kind": "single",
        "label": "Size",
        "categories": [{"code": 1, "label": "Small"}, {"code": 2, "label": "Large"}],
    }
    raw = raw_table(
        {
            "g_x": ["1", "2", "2", "1", "2", "1"],
            "g_y": ["1", "1", "2", "2", "2", "1"],
            "size": ["1", "1", "1", "2", "2", "2"],
        }
    )
    data = bind(raw, questionnaire(grid, size))
    found = difference(data, "g", by="size", of=("Large", "1"), statistic="mean")
    assert found["question"].tolist() == ["g_x", "g_y"]
    assert found["domain"].tolist() == ["Large - Small"] * 2
    assert found["estimate"].to_numpy() == pytest.approx([-1 / 3, 1 / 3])


def test_the_frame_has_the_columns_of_proportion() -> None:
    found = difference(FRAME, "uses", by="size", design=DESIGN)
    expected = list(proportion(FRAME, "uses").columns)
    assert list(found.columns) == [*expected, "statistic", "p_value"]
    assert (found.dtypes[expected] == proportion(FRAME, "uses").dtypes).all()


def test_a_domain_that_replicates_lose_says_so() -> None:
    # Domain b is in the first PSU of both strata; one half has the other PSU of both.
    frame = pd.DataFrame(
        {
            "cost": np.arange(12.0),
            "s": [0, 0, 1, 1] * 3,
            "psu": [0, 1, 0, 1] * 3,
            "by": list("babaaaaaaaaa"),
        }
    )
    design = SurveyDesign(strata="s", psu="psu", method="brr")
    found = difference(frame, "cost", by="by", statistic="mean", design=design).loc[0]
    assert found["note"] == "nobody here in 1 replicates, which are left out"
    assert found[["estimate", "std_error", "p_value"]].notna().all()
    whole = difference(frame, "cost", by="by", statistic="total", design=design)
    assert whole.loc[0, "note"] == ""

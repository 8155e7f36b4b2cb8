from random import Random
from typing import Any, get_args

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import EstimationError
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import proportion
from survey.estimation.quantile import OPEN, quantile, quantile_estimates
from survey.estimation.quantile_rules import QuantileRule, weighted_quantiles
from survey.responses.bind import bind

RANDOM = np.random.default_rng(5)
N = 300
FRAME = pd.DataFrame(
    {
        "cost": RANDOM.gamma(2, 10, N),
        "size": RANDOM.choice(["small", "large"], N),
        "psu": RANDOM.integers(0, 40, N),
        "w": RANDOM.uniform(0.2, 5, N),
    }
)
DESIGN = SurveyDesign(weight="w", psu="psu")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]
RULES = get_args(QuantileRule)
# Rules of numpy for equal weights: those that interpolate between order statistics.
NUMPY = {
    "hf1": "inverted_cdf",
    "hf2": "averaged_inverted_cdf",
    "hf4": "interpolated_inverted_cdf",
    "hf5": "hazen",
    "hf6": "weibull",
    "hf7": "linear",
    "hf8": "median_unbiased",
    "hf9": "normal_unbiased",
}

samples = st.lists(
    st.tuples(st.integers(0, 9), st.floats(0.1, 5.0)), min_size=1, max_size=40
)


@pytest.mark.parametrize("rule", NUMPY)
@pytest.mark.parametrize("m", [1, 2, 7, 40])
def test_rules_with_equal_weights_are_those_of_numpy(rule: Any, m: int) -> None:
    value = np.random.default_rng(m).normal(size=m)
    wanted = np.array([0.05, 0.1, 0.25, 0.5, 0.77, 0.9, 0.99])
    ours = weighted_quantiles(value, np.ones(m), wanted, rule)
    np.testing.assert_allclose(ours, np.quantile(value, wanted, method=NUMPY[rule]))


@given(samples, st.lists(st.floats(0.001, 0.999), min_size=1, max_size=5))
@settings(deadline=None)
def test_the_default_is_the_smallest_number_that_reaches_the_share(
    sample: list[Any], wanted: list[float]
) -> None:
    value, weight = (np.array(part, dtype=float) for part in zip(*sample, strict=True))
    found = weighted_quantiles(value, weight, np.array(wanted))
    for p, q in zip(wanted, found, strict=True):
        assert weight[value <= q].sum() / weight.sum() >= p - 1e-9
        assert weight[value < q].sum() / weight.sum() <= p + 1e-9


@given(samples, st.sampled_from(RULES))
@settings(deadline=None)
def test_quantiles_rise_and_stay_inside(sample: list[Any], rule: Any) -> None:
    value, weight = (np.array(part, dtype=float) for part in zip(*sample, strict=True))
    wanted = np.linspace(0, 1, 21)
    found = weighted_quantiles(value, weight, wanted, rule)
    assert (np.diff(found) >= -1e-12).all()
    assert found.min() >= value.min()
    assert found.max() <= value.max()


@given(samples, st.floats(0.01, 100), st.sampled_from(RULES))
@settings(deadline=None)
def test_scale_of_weights_is_nothing(
    sample: list[Any], scale: float, rule: Any
) -> None:
    value, weight = (np.array(part, dtype=float) for part in zip(*sample, strict=True))
    wanted = np.array([0.1, 0.25, 0.5, 0.9])
    one = weighted_quantiles(value, weight, wanted, rule)
    two = weighted_quantiles(value, weight * scale, wanted, rule)
    np.testing.assert_allclose(one, two, rtol=1e-9, atol=1e-12)


def test_weights_of_tenths_meet_their_share() -> None:
    # Ten times 0.1 is less than 1 in binary, and half of it is five of them.
    value, weight = np.arange(1.0, 11.0), np.full(10, 0.1)
    wanted = np.array([0.1, 0.3, 0.5, 0.7])
    assert weighted_quantiles(value, weight, wanted).tolist() == [1, 3, 5, 7]
    middle = weighted_quantiles(value, weight, wanted, "school")
    assert middle.tolist() == [1.5, 3.5, 5.5, 7.5]


def test_a_weight_of_zero_and_no_numbers() -> None:
    value, weight = np.array([1.0, 2, 3, 99]), np.array([1.0, 1, 1, 0])
    assert weighted_quantiles(value, weight, np.array([1.0])).tolist() == [3]
    wanted = np.array([-0.1, 0.5, 1.1, np.nan])
    found = weighted_quantiles(value, weight, wanted)
    np.testing.assert_array_equal(found, [np.nan, 2, np.nan, np.nan])
    assert np.isnan(weighted_quantiles(value[:0], weight[:0], wanted)).all()


def test_the_interval_is_that_of_the_share_inverted() -> None:
    found = quantile(FRAME, "cost", 0.5, design=DESIGN).loc[0]
    below = np.where(FRAME["cost"] <= found["estimate"], "yes", "no")
    share = proportion(
        FRAME.assign(below=below), "below", design=DESIGN, interval="wald"
    )
    share = share.set_index("code").loc["yes"]
    value, weight = FRAME["cost"].to_numpy(), FRAME["w"].to_numpy()
    ends = share[["conf_low", "conf_high"]].to_numpy(dtype=float)
    expected = weighted_quantiles(value, weight, ends)
    assert [found["conf_low"], found["conf_high"]] == expected.tolist()
    assert found["deff"] == pytest.approx(share["deff"], rel=1e-9)
    for column in ("base_effective", "degrees_of_freedom", "base_unweighted"):
        assert found[column] == pytest.approx(share[column])


def test_a_domain_is_its_own_subset() -> None:
    by = quantile(FRAME, "cost", [0.25, 0.75], by="size", design=DESIGN)
    assert by["domain"].tolist() == ["large", "large", "small", "small"]
    assert by["code"].tolist() == ["0.25", "0.75"] * 2
    only = FRAME.assign(cost=FRAME["cost"].where(FRAME["size"] == "small"))
    alone = quantile(only, "cost", [0.25, 0.75], design=DESIGN)
    np.testing.assert_allclose(
        by.loc[2:, [*NUMBERS, "deff"]], alone[[*NUMBERS, "deff"]]
    )


@settings(deadline=None)
@given(st.randoms(use_true_random=False))
def test_order_of_respondents_is_nothing(random: Random) -> None:
    order = list(range(N))
    random.shuffle(order)
    one = quantile(FRAME, "cost", [0.1, 0.5], design=DESIGN)
    two = quantile(FRAME.iloc[order], "cost", [0.1, 0.5], design=DESIGN)
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], rtol=1e-9)


def test_columns_that_overlap_are_estimated_one_by_one() -> None:
    design = resolve(DESIGN, FRAME)
    value = FRAME["cost"].to_numpy()
    inside = np.column_stack(
        [np.ones(N, bool), FRAME["size"] == "small", FRAME["psu"] < 20]
    )
    wanted = np.array([0.3, 0.6])
    together = quantile_estimates(value, inside, design, wanted)
    for c in range(3):
        alone = quantile_estimates(value, inside[:, [c]], design, wanted)
        for part in ("estimate", "std_error", "deff"):
            one, all_of_them = (getattr(x.cells, part) for x in (alone, together))
            np.testing.assert_allclose(all_of_them[:, [c]], one, rtol=1e-12)


def test_an_interval_beyond_the_answers_is_open_and_says_so() -> None:
    frame = pd.DataFrame({"cost": np.arange(12.0)})
    found = quantile(frame, "cost", 0.1).loc[0]
    assert np.isnan(found["conf_low"])
    assert np.isfinite(found["conf_high"])
    assert np.isnan(found["std_error"])
    assert found["note"] == OPEN
    closed = quantile(frame, "cost", 0.1, interval="xlogit").loc[0]
    assert closed[NUMBERS].notna().all()
    assert closed["note"] == ""


def test_a_largest_answer_has_an_interval_with_a_length() -> None:
    frame = pd.DataFrame({"cost": np.arange(1.0, 41.0)})
    found = quantile(frame, "cost", 0.99).loc[0]
    # All of 40 lie up to it: Clopper-Pearson starts at 0.025 ** (1 / 40) = 0.912.
    assert found["estimate"] == found["conf_high"] == 40
    assert found["conf_low"] == np.ceil(40 * 0.025 ** (1 / 40))
    assert found["std_error"] > 0


def test_answers_that_are_all_the_same() -> None:
    frame = pd.DataFrame({"cost": [5.0] * 20, "by": ["a"] * 19 + ["b"]})
    found = quantile(frame, "cost").loc[0]
    assert found[NUMBERS].tolist() == [5, 0, 5, 5]
    one = quantile(frame, "cost", by="by").set_index("domain").loc["b"]
    assert one["estimate"] == 5
    assert one["note"] == "no interval: one respondent"


def test_an_empty_domain_says_so() -> None:
    by = pd.Categorical(["a"] * 4, categories=["a", "b"])
    frame = pd.DataFrame({"cost": [1.0, 2, 3, 4], "by": by})
    found = quantile(frame, "cost", by="by").set_index("domain").loc["b"]
    assert found["note"] == "no respondents"
    assert found[[*NUMBERS, "deff"]].isna().all()


@pytest.mark.parametrize("rule", RULES)
@pytest.mark.parametrize("interval", ["mean", "beta", "xlogit", "asin"])
def test_intervals_hold_the_estimate(rule: Any, interval: Any) -> None:
    found = quantile(
        FRAME, "cost", [0.2, 0.5, 0.8], design=DESIGN, rule=rule, interval=interval
    )
    assert (found["conf_low"] <= found["estimate"]).all()
    assert (found["estimate"] <= found["conf_high"]).all()


def test_codes_that_are_numbers_have_a_median(questionnaire, raw_table) -> None:
    raw = raw_table({"g_x": ["1", "2", "2", None], "g_y": ["1", "1", "2", "2"]})
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "items": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}],
        "categories": [{"code": 1, "label": "Low"}, {"code": 2, "label": "High"}],
    }
    found = quantile(bind(raw, questionnaire(grid)), "g")
    assert found["question"].tolist() == ["g_x", "g_y"]
    assert found["estimate"].tolist() == [2, 1]
    assert found["base_unweighted"].tolist() == [3, 4]


@pytest.mark.parametrize(
    ("given_here", "message"),
    [
        ({"probabilities": 50}, "1 of 1 probabilities are not between 0 and 1 .50.0."),
        ({"probabilities": [0.5, 1, np.nan]}, "2 of 3 probabilities"),
        ({"probabilities": []}, "0 of 0 probabilities"),
        ({"interval": "wald"}, "interval 'wald' is not known for quantiles"),
        ({"rule": "excel"}, "rule 'excel' is not known. Use one of 'math'"),
        ({"conf_level": 95}, "conf_level is 95"),
    ],
)
def test_bad_options(given_here: dict[str, Any], message: str) -> None:
    with pytest.raises(EstimationError, match=message):
        quantile(FRAME, "cost", **given_here)


def test_nobody_and_no_numbers() -> None:
    frame = pd.DataFrame({"cost": [np.nan, np.nan], "size": ["a", "b"]})
    with pytest.raises(EstimationError, match="'cost' has no respondent"):
        quantile(frame, "cost")
    with pytest.raises(EstimationError, match="'size' has codes that are no numbers"):
        quantile(frame, "size")

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import RakingError, SurveyError, WeightingError
from survey.weighting.calibrate import calibrate
from survey.weighting.diagnostics import effective_base, margin_table, total_table
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights
from survey.weighting.weighting import Weighting

RANDOM = np.random.default_rng(11)
N = 400
FIRMS = pd.DataFrame(
    {
        "size": RANDOM.choice(["s", "m", "l"], N, p=[0.5, 0.35, 0.15]),
        "region": RANDOM.choice(["n", "s", "w"], N),
        "staff": RANDOM.gamma(2, 20, N).round(),
        "uses": RANDOM.choice([0, 1], N),
        "w": RANDOM.lognormal(0, 0.7, N),
    },
    index=[f"f{k}" for k in range(N)],
)
MARGINS = {
    "size": {"s": 0.8, "m": 0.15, "l": 0.05},
    "region": {"n": 0.5, "s": 0.3, "w": 0.2},
}


@pytest.fixture(scope="module")
def raked() -> Weighting:
    return rake(FIRMS, MARGINS, base_weight="w")


def _check_margins(made: Weighting) -> None:
    assert margin_table(made)["difference"].abs().max() <= 1e-10
    assert made.weight.mean() == pytest.approx(1, abs=1e-12)


def test_cap_and_margins_hold_together(raked: Weighting) -> None:
    made = trim_weights(raked, upper=2.5, lower=0.05)
    _check_margins(made)
    assert made.weight.max() == pytest.approx(2.5, abs=1e-12)
    assert made.weight.min() >= 0.05 * (1 - 1e-12)
    assert made.margins == raked.margins
    pd.testing.assert_series_equal(made.start, raked.start)
    clipped = raked.weight.clip(0.05, 2.5)
    np.testing.assert_allclose(made.base_weight, clipped / clipped.mean(), rtol=1e-14)


def test_trimming_says_what_it_did(raked: Weighting) -> None:
    made = trim_weights(raked, upper=2.5, lower=0.05)
    found, weight = made.trimming, raked.weight
    assert found is not None
    assert (found.rule, found.lower, found.upper) == ("absolute", 0.05, 2.5)
    assert found.trimmed_high == (weight > 2.5).sum() > 0
    assert found.trimmed_low == (weight < 0.05).sum() > 0
    gained = (made.weight - weight).clip(lower=0).sum()
    assert found.moved == pytest.approx(gained / N)
    assert found.base_effective_before == effective_base(weight)
    assert found.base_effective_after == effective_base(made.weight)
    assert found.base_effective_after > found.base_effective_before
    (step,) = made.steps
    assert step == (
        "Trimming (absolute: lower 0.05, upper 2.5), limits 0.05 to 2.5: fitted to the "
        f"margins again with these limits; {found.trimmed_high} weights were above and "
        f"{found.trimmed_low} below; {found.moved:.1%} of the sum of the weights "
        f"moved; effective base {found.base_effective_before:.1f} before, "
        f"{found.base_effective_after:.1f} after."
    )


def test_totals_hold_as_well() -> None:
    made = calibrate(FIRMS, MARGINS, {"staff": 36.0 * N}, population=N, base_weight="w")
    cut = trim_weights(made, upper=2.5)
    _check_margins(cut)
    assert total_table(cut)["weighted"].tolist() == pytest.approx([36.0])
    assert cut.weight.max() <= 2.5
    assert cut.population == N
    assert cut.steps[:-1] == made.steps


@pytest.mark.parametrize(
    ("options", "cap"),
    [
        ({"rule": "median", "upper": 4}, lambda w: 4 * w.median()),
        ({"rule": "quantile", "upper": 0.95}, lambda w: w.quantile(0.95)),
        ({"rule": "absolute", "upper": 3}, lambda w: 3),
    ],
)
def test_rules_find_their_cap(options: Any, cap: Any, raked: Weighting) -> None:
    made = trim_weights(raked, **options)
    assert made.trimming is not None
    assert made.trimming.upper == pytest.approx(cap(raked.weight))
    assert made.weight.max() == pytest.approx(cap(raked.weight))
    _check_margins(made)


def test_potters_rules(raked: Weighting) -> None:
    beta = trim_weights(raked, rule="potter")
    error = trim_weights(raked, rule="potter", outcomes=FIRMS[["uses", "staff"]])
    assert beta.trimming is not None
    assert error.trimming is not None
    assert beta.trimming.upper == pytest.approx(beta.weight.max())
    assert error.trimming.upper in raked.weight.quantile(np.linspace(0.8, 1, 41)).values
    assert beta.steps[0].startswith("Trimming (potter: inverse beta), limits up to ")
    assert "(potter: smallest error of means)" in error.steps[0]
    shuffled = FIRMS.sample(frac=1, random_state=1)[["uses", "staff"]]
    again = trim_weights(raked, rule="potter", outcomes=shuffled)
    pd.testing.assert_series_equal(again.weight, error.weight)


def test_a_series_is_cut_in_its_own_units_and_keeps_its_sum() -> None:
    weight = pd.Series([10.0, 20.0, 30.0, 140.0, 0.0])
    made = trim_weights(weight, upper=80)
    # 60 are cut off, and three get 20 each.
    np.testing.assert_allclose(made.weight * 50, [30, 40, 50, 80, 0], rtol=1e-14)
    np.testing.assert_allclose(made.base_weight * 50, weight, rtol=1e-14)
    assert made.margins == ()
    assert made.trimming is not None
    assert made.trimming.upper == pytest.approx(80 / 50)
    assert made.trimming.moved == pytest.approx(60 / 200)
    assert made.again is not None
    np.testing.assert_array_equal(made.again(weight.to_numpy()), made.weight)


def test_without_a_fit_margins_are_given_up(raked: Weighting) -> None:
    made = trim_weights(raked, upper=2.5, refit=False)
    series = trim_weights(raked.weight, upper=2.5)
    np.testing.assert_allclose(made.weight, series.weight, rtol=1e-13)
    assert made.margins == ()
    assert made.weight.max() == pytest.approx(2.5)
    once = trim_weights(raked, upper=2.5, refit=False, strict=False)
    assert once.weight.max() > 2.5


@pytest.mark.parametrize("refit", ["fitted", "shared"])
def test_weights_inside_the_limits_stay_as_they_are(
    refit: str, raked: Weighting
) -> None:
    made = trim_weights(raked, upper=50, refit=refit == "fitted")
    pd.testing.assert_series_equal(made.weight, raked.weight)
    assert made.margins == raked.margins
    assert made.trimming is not None
    assert (made.trimming.trimmed_high, made.trimming.moved) == (0, 0)
    assert made.steps == (
        "Trimming (absolute: upper 50), limits up to 50: no weight was outside.",
    )


def test_trimming_twice_with_one_cap_changes_nothing(raked: Weighting) -> None:
    once = trim_weights(raked, upper=2.5)
    twice = trim_weights(once, upper=2.5)
    pd.testing.assert_series_equal(twice.weight, once.weight)
    assert len(twice.steps) == 2


def test_respondents_of_weight_0_stay_out() -> None:
    base = FIRMS["w"].where(FIRMS["region"] != "w", 0.0)
    margins = {"size": MARGINS["size"], "region": {"n": 0.6, "s": 0.4}}
    made = trim_weights(rake(FIRMS, margins, base_weight=base), upper=2.5)
    inside = FIRMS["region"] != "w"
    alone = rake(FIRMS[inside], margins, base_weight="w")
    cut = trim_weights(alone, upper=2.5)
    assert (made.weight[~inside] == 0).all()
    np.testing.assert_allclose(made.weight[inside], cut.weight, rtol=1e-9)


@pytest.mark.parametrize(
    "options",
    [
        {"upper": 2.5},
        {"upper": 2.5, "refit": False},
        {"rule": "median", "upper": 4, "lower": 0.1},
        {"rule": "quantile", "upper": 0.97},
        {"rule": "potter"},
        {"rule": "potter", "outcomes": FIRMS[["uses"]]},
    ],
)
def test_replicates_go_through_every_step(options: Any, raked: Weighting) -> None:
    made = trim_weights(raked, **options)
    assert made.again is not None
    start = FIRMS["w"].to_numpy()
    np.testing.assert_allclose(made.again(start), made.weight, rtol=1e-9)
    dropped = FIRMS["w"].where(np.arange(N) % 40 != 7, 0.0)
    by_hand = trim_weights(rake(FIRMS, MARGINS, base_weight=dropped), **options)
    np.testing.assert_allclose(
        made.again(dropped.to_numpy()), by_hand.weight, rtol=1e-9
    )
    assert not np.allclose(by_hand.weight, made.weight)


def test_cap_and_margins_that_cannot_both_hold(raked: Weighting) -> None:
    # One in seven is large, and four in five shall be.
    margins = {"size": {"s": 0.1, "m": 0.1, "l": 0.8}}
    made = rake(FIRMS, margins, base_weight="w")
    before = made.weight.copy()
    with pytest.raises(RakingError, match="margin 'size'"):
        trim_weights(made, upper=1.5)
    with pytest.raises(
        RakingError, match=r"rule 'median' limits the weights, .*\nwith"
    ):
        trim_weights(made, rule="median", upper=10)
    pd.testing.assert_series_equal(made.weight, before)


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({}, "rule 'absolute' needs upper, lower or both"),
        ({"rule": "tukey", "upper": 3}, "rule 'tukey' is not known. Choose one of"),
        ({"rule": "potter", "upper": 3}, "finds the cap itself"),
        ({"upper": 3, "outcomes": FIRMS[["uses"]]}, "does not look at outcomes"),
        ({"upper": -1}, "numbers from 0 on; -1 cannot"),
        ({"upper": np.nan}, "nan cannot be used"),
        ({"rule": "quantile", "upper": 1.5}, "numbers from 0 to 1; 1.5"),
        ({"upper": 3, "distance": "logit"}, "'logit' cannot keep a cap"),
        ({"lower": 3, "upper": 2}, "lower 3 is not below upper 2"),
        ({"upper": 0.9}, "the mean weight is 1 and outside the limits up to 0.9"),
        ({"rule": "potter", "outcomes": FIRMS[["size"]]}, "several values; 'size'"),
        ({"rule": "potter", "outcomes": FIRMS[["uses"]] * 0}, "several values; 'uses'"),
        ({"rule": "potter", "outcomes": FIRMS[[]]}, "there is none"),
        ({"rule": "potter", "outcomes": FIRMS[["uses"]].iloc[:9]}, "have 9 rows"),
    ],
)
def test_what_cannot_be_used(options: Any, words: str, raked: Weighting) -> None:
    with pytest.raises(SurveyError, match=words):
        trim_weights(raked, **options)


def test_weights_that_are_none(raked: Weighting) -> None:
    with pytest.raises(RakingError, match=r"for 1 of 3 respondents \(ids 2\)"):
        trim_weights(pd.Series([1.0, 2.0, np.nan]), upper=2)
    negative = raked.weight.copy()
    negative.iloc[0] = -0.1
    with pytest.raises(WeightingError, match="1 of 400 weights are negative"):
        trim_weights(replace(raked, weight=negative), upper=2)


def test_weights_of_a_file_may_be_texts_but_need_ids() -> None:
    texts = pd.Series(["1,5", "2", "9"])
    made = trim_weights(texts, upper=5)
    # The first two share the 4 that are cut off.
    np.testing.assert_allclose(made.weight * 12.5 / 3, [3.5, 4.0, 5.0], rtol=1e-12)
    with pytest.raises(WeightingError, match="weights are a ndarray"):
        trim_weights(np.ones(3), upper=5)  # type: ignore[arg-type]

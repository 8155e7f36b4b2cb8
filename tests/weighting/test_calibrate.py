from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError, RakingError
from survey.weighting.calibrate import calibrate, fit_within
from survey.weighting.misses import why_not
from survey.weighting.rake import rake
from survey.weighting.totals import population_size
from survey.weighting.weighting import Margin

FIRMS = pd.DataFrame(
    {
        "size": ["s"] * 6 + ["l"] * 4,
        "region": ["n", "s", "n", "s", "n", "n", "s", "s", "n", "s"],
        "staff": [1.0, 2, 3, 4, 5, 9, 20, 30, 40, 90],
        "w": [1.0, 2, 1, 2, 1, 2, 1, 2, 1, 2],
    },
    index=list("abcdefghij"),
)
MARGINS = {"size": {"s": 0.5, "l": 0.5}, "region": {"n": 0.4, "s": 0.6}}
DISTANCES = ("raking", "linear", "logit")


def _share(weight: pd.Series, mask: pd.Series) -> float:
    return weight[mask].sum() / weight.sum()


@pytest.mark.parametrize("distance", DISTANCES)
def test_margins_and_means_hold_within_limits(distance: Any) -> None:
    made = calibrate(
        FIRMS,
        MARGINS,
        {"staff": 2400},
        population=100,
        distance=distance,
        base_weight="w",
        limits=(0.3, 3.0),
    )
    assert _share(made.weight, FIRMS["size"] == "s") == pytest.approx(0.5, abs=1e-10)
    assert _share(made.weight, FIRMS["region"] == "n") == pytest.approx(0.4, abs=1e-10)
    assert (made.weight * FIRMS["staff"]).mean() == pytest.approx(24, abs=1e-8)
    assert made.weight.mean() == pytest.approx(1, abs=1e-14)
    assert (made.weight >= 0.3 * made.base_weight).all()
    assert (made.weight <= 3.0 * made.base_weight).all()
    assert made.gap <= 1e-10
    assert (made.population, made.totals[0].target) == (100, 24)


def test_linear_weights_by_hand() -> None:
    # One number, no margin: w = 1 + b (x - mean), with mean 5 wanted where x is 1 to 7:
    # mean 4, variance 4, so b = 1 / 4.
    frame = pd.DataFrame({"x": np.arange(1.0, 8.0)})
    made = calibrate(frame, totals={"x": 50}, population=10, distance="linear")
    np.testing.assert_allclose(made.weight, 1 + (frame["x"] - 4) / 4, rtol=1e-12)


def test_a_lower_limit_that_cuts_by_hand() -> None:
    # As above, but 1 stays at 0.3. The others get a + b x, of which the sum is 7 - 0.3
    # and the sum times x is 35 - 0.3: 6a + 27b = 6.7, 27a + 139b = 34.7.
    frame = pd.DataFrame({"x": np.arange(1.0, 8.0)})
    made = calibrate(
        frame,
        totals={"x": 50},
        population=10,
        distance="linear",
        limits=(0.3, np.inf),
    )
    b = (34.7 - 4.5 * 6.7) / (139 - 4.5 * 27)
    wanted = np.maximum(0.3, 6.7 / 6 + b * (frame["x"] - 4.5))
    assert (wanted == 0.3).sum() == 1
    np.testing.assert_allclose(made.weight, wanted, rtol=1e-12)


def test_raking_distance_is_raking() -> None:
    ours = calibrate(FIRMS, MARGINS, base_weight="w")
    theirs = rake(FIRMS, MARGINS, base_weight="w")
    np.testing.assert_allclose(ours.weight, theirs.weight, rtol=1e-9)
    # Replicates can rake to the margins, many at a time.
    assert ours.again is None


def test_limits_of_weights_hold_for_weights() -> None:
    made = calibrate(FIRMS, MARGINS, base_weight="w", weight_limits=(0.6, 1.4))
    assert made.weight.min() >= 0.6
    assert made.weight.max() <= 1.4
    free = calibrate(FIRMS, MARGINS, base_weight="w")
    assert free.weight.max() > 1.4
    assert _share(made.weight, FIRMS["region"] == "n") == pytest.approx(0.4, abs=1e-10)


def test_both_kinds_of_limits_hold() -> None:
    made = calibrate(
        FIRMS, MARGINS, base_weight="w", limits=(0.75, 1.8), weight_limits=(0.6, 1.5)
    )
    g = made.weight / made.base_weight
    assert g.min() >= 0.75
    assert g.max() <= 1.8
    assert made.weight.min() >= 0.6
    assert made.weight.max() <= 1.5


def test_respondents_with_base_weight_0_stay_out() -> None:
    frame = FIRMS.assign(w=[0.0, *[1.0] * 9], staff=[None, *FIRMS["staff"][1:]])
    frame.loc["a", "region"] = "nowhere"
    made = calibrate(
        frame, MARGINS, {"staff": 30}, population=1, base_weight="w", limits=(0.1, 5)
    )
    alone = calibrate(
        frame.iloc[1:], MARGINS, {"staff": 30}, population=1, limits=(0.1, 5)
    )
    assert made.weight["a"] == 0
    assert np.isfinite(made.totals[0].value).all()
    np.testing.assert_allclose(made.weight.iloc[1:], alone.weight, rtol=1e-12)


def test_the_recipe_is_made_again_from_other_weights() -> None:
    first = rake(FIRMS, {"size": MARGINS["size"]}, base_weight="w")
    made = calibrate(
        FIRMS,
        MARGINS,
        {"staff": 24},
        population=1,
        base_weight=first,
        limits=(0.3, 4),
    )
    assert made.again is not None
    start = FIRMS["w"].to_numpy()
    np.testing.assert_allclose(made.again(start), made.weight, rtol=1e-9)
    np.testing.assert_allclose(made.start, start)
    other = start.copy()
    other[0] = 0
    remade = made.again(other)
    assert remade[0] == 0
    assert remade @ FIRMS["staff"] / remade.sum() == pytest.approx(24, abs=1e-8)


def test_steps_say_what_was_done() -> None:
    first = calibrate(FIRMS, MARGINS, distance="logit", limits=(0.3, 3))
    second = calibrate(
        FIRMS, MARGINS, base_weight=first, limits=(0, 3), weight_limits=(0.1, np.inf)
    )
    done, then = second.steps
    assert done == (
        "calibrated with the logit distance, multiples of the base weight between 0.3 "
        "and 3"
    )
    assert then == (
        "calibrated with the raking distance, multiples of the base weight of at most "
        "3, weights of at least 0.1"
    )


def test_the_frame_is_not_changed() -> None:
    before = FIRMS.copy(deep=True)
    calibrate(FIRMS, MARGINS, {"staff": 24}, population=1, limits=(0.3, 4))
    pd.testing.assert_frame_equal(FIRMS, before)


def test_size_of_the_population() -> None:
    counts = {"size": {"s": 30, "l": 20}, "region": {"n": 0.5, "s": 0.5}}
    assert population_size(counts, None) == 50
    assert population_size(counts, 50) == 50
    assert population_size({"region": counts["region"]}, None) is None
    other = {**counts, "region": {"n": 30, "s": 30}}
    assert population_size(other, None) is None
    with pytest.raises(MarginError, match=r"several sizes \('size': 50; 'region': 60"):
        population_size(other, None, needed=True)
    with pytest.raises(MarginError, match="'population': 40"):
        population_size(counts, 40)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"margins": {}, "totals": None}, "nothing to calibrate to"),
        ({"population": None}, "totals need the size of the population"),
        ({"population": -5}, "population -5 is no number above 0"),
        ({"totals": {"none": 1}}, "column 'none' of totals is not among the columns"),
        ({"totals": {"staff": np.nan}}, "total 'staff' has the target nan"),
        ({"totals": {"staff": None}}, "total 'staff' has the target None"),
        ({"totals": {"staff": pd.NA}}, "total 'staff' has the target <NA>"),
        ({"population": "100"}, "population '100' is no number above 0"),
        (
            {"totals": {"size": 5}},
            r"'size' of totals is missing or no number for 10 of 10 .* \(ids 'a', 'b'",
        ),
    ],
)
def test_totals_that_do_not_fit(more: dict[str, Any], words: str) -> None:
    given = {"margins": MARGINS, "totals": {"staff": 2400}, "population": 100}
    with pytest.raises(MarginError, match=words):
        calibrate(FIRMS, **{**given, **more})


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"distance": "chi"}, "Choose one of 'raking', 'linear', 'logit'"),
        ({"distance": "logit"}, "needs limits.* 10 of 10 respondents have none"),
        ({"limits": (1.2, 3)}, r"limits \(1.2, 3\) cannot be kept: the multiples"),
        ({"weight_limits": (0.2, 0.9)}, "weight_limits .* the weights have mean 1"),
        ({"limits": 3}, "limits 3 are not two numbers"),
        ({"limits": (None, 3)}, "are not two numbers"),
        (
            {"distance": "logit", "weight_limits": (0.5, 1.3), "base_weight": "w"},
            "5 of 10 respondents have none",
        ),
        (
            {"limits": (0.95, 3), "weight_limits": (0.2, 1.2), "base_weight": "w"},
            "leave no weight for 5 of 10 respondents",
        ),
    ],
)
def test_limits_that_cannot_be_used(more: dict[str, Any], words: str) -> None:
    with pytest.raises(RakingError, match=words):
        calibrate(FIRMS, MARGINS, **more)


def test_negative_weights_are_refused() -> None:
    totals = {"staff": 3}
    with pytest.raises(
        RakingError, match=r"weights of 0 or less for 1 of 10 respondents \(ids 'j'"
    ):
        calibrate(FIRMS, {}, totals, population=1, distance="linear")
    made = calibrate(FIRMS, {}, totals, population=1)
    assert made.weight.min() > 0


def test_limits_that_are_too_narrow_are_named_with_those_that_do() -> None:
    # 'l' is 4 of 10 and shall be 8 of 10: everyone there needs 2.
    targets = {"size": {"s": 0.2, "l": 0.8}}
    with pytest.raises(RakingError) as caught:
        calibrate(FIRMS, targets, limits=(0.1, 1.7))
    message = str(caught.value)
    assert message.startswith(
        "with limits 0.1 to 1.7 the margins cannot all be met; the smallest upper "
        "limit that can is 2.\nmargin 'size' is still off target after "
    )
    # 's' is 6 of 10 and shall be 2 of 10: everyone there needs a third.
    with pytest.raises(
        RakingError, match=r"the largest lower limit that can is 0.3333"
    ):
        calibrate(FIRMS, targets, limits=(0.4, 3))
    with pytest.raises(RakingError, match="neither limit is wide enough; without"):
        calibrate(FIRMS, targets, limits=(0.4, 1.9))
    with pytest.raises(RakingError, match=r"with weight limits 0.1 to 1.7 the margins"):
        calibrate(FIRMS, targets, weight_limits=(0.1, 1.7))
    assert calibrate(FIRMS, targets, limits=(0.3333, 2)).weight.max() == 2


def test_contradictory_targets_are_named() -> None:
    frame = pd.DataFrame(
        {
            "age": ["young"] * 10 + ["mid"] * 5 + ["old"] * 10,
            "sex": ["m"] * 10 + ["f"] * 15,
        }
    )
    margins = {
        "age": {"young": 0.7, "mid": 0.1, "old": 0.2},
        "sex": {"m": 0.3, "f": 0.7},
    }
    with pytest.raises(RakingError) as caught:
        calibrate(frame, margins)
    message = str(caught.value)
    assert "is still off target after" in message
    assert "No respondent has age = 'young' with sex = 'f'" in message
    assert (
        "No weights of 0 or more meet these targets together: age = 'young' (70.0%), "
        "sex = 'f' (70.0%)."
    ) in message
    assert message.endswith("merge age 'young' (10 respondents) with 'mid'.")


def test_a_mean_beyond_every_answer_is_named() -> None:
    with pytest.raises(RakingError) as caught:
        calibrate(FIRMS, MARGINS, {"staff": 100}, population=1)
    message = str(caught.value)
    assert "total 'staff' is still off target" in message
    assert "mean: wanted 100, got " in message
    assert "meet these targets together: mean of 'staff' (100)." in message
    assert "Correct the total or its column, or drop it." in message
    with pytest.raises(RakingError) as caught:
        calibrate(FIRMS, totals={"staff": 100}, population=1)
    assert "drop one of the margins" not in str(caught.value)


def test_a_gap_of_rounding_asks_for_a_larger_tolerance() -> None:
    size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 1]))
    message = why_not((size,), [2e-16], np.ones(2), 9)
    assert message.endswith("which is rounding. Give a tolerance of 1e-12 or more.")
    assert "more passes" in why_not((size,), [2e-11], np.ones(2), 9)
    for fit in (rake, calibrate):
        assert fit(FIRMS, MARGINS, base_weight="w", tolerance=1e-12).gap <= 1e-12


def test_series_and_texts_of_targets_are_mappings_of_numbers() -> None:
    expected = calibrate(FIRMS, MARGINS, base_weight="w").weight
    series = {name: pd.Series(goals) for name, goals in MARGINS.items()}
    texts = {
        name: {code: str(goal) for code, goal in goals.items()}
        for name, goals in MARGINS.items()
    }
    for given in (series, texts):
        made = calibrate(FIRMS, given, base_weight="w")
        np.testing.assert_array_equal(made.weight, expected)


def test_too_few_steps_are_no_contradiction() -> None:
    with pytest.raises(
        RakingError,
        match=r"after 1 step:(.|\n)*contradiction was found: more steps may",
    ):
        calibrate(FIRMS, MARGINS, base_weight="w", max_steps=1)


def test_a_category_that_lost_everyone_is_named() -> None:
    size = Margin("size", ("s", "l"), np.array([0.5, 0.5]), np.array([0, 0, 1]))
    with pytest.raises(RakingError, match=r"l: wanted 50.0%, got 0.0% \(0 respondents"):
        fit_within(np.array([1.0, 1.0, 0.0]), (size,))

from collections.abc import Callable
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from survey.errors import EstimationError, QuestionError, SurveyError
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.weighting.rake import rake

METHODS = ["logit", "wilson", "beta", "arcsine", "xlogit", "wald"]
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "deff"]

respondents = st.lists(
    st.tuples(
        st.sampled_from(["a", "b", "c"]),
        st.sampled_from(["x", "y"]),
        st.integers(0, 3),
        st.floats(0.1, 5.0),
    ),
    min_size=8,
    max_size=60,
)


def _frame(rows: list[Any]) -> pd.DataFrame:
    frame = pd.DataFrame(rows, columns=["q", "by", "psu", "w"])
    # Two PSUs more, so that a variance is always defined.
    frame.loc[len(frame)] = ["a", "x", 4, 1.0]
    frame.loc[len(frame)] = ["b", "y", 5, 1.0]
    return frame


DESIGN = SurveyDesign(weight="w", psu="psu")


@settings(deadline=None)
@given(respondents, st.floats(0.01, 100))
@example([("a", "x", 0, w) for w in (1.0, 1.09765625, 0.5, 0.25, 0.125)], 0.01)
def test_scale_of_weights_is_nothing(rows: list[Any], scale: float) -> None:
    frame = _frame(rows)
    one = proportion(frame, "q", by="by", design=DESIGN)
    two = proportion(frame.assign(w=frame["w"] * scale), "q", by="by", design=DESIGN)
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], rtol=1e-6, atol=1e-9)


@settings(deadline=None)
@given(respondents, st.randoms(use_true_random=False))
def test_order_of_respondents_is_nothing(rows: list[Any], random: Random) -> None:
    frame = _frame(rows)
    order = list(range(len(frame)))
    random.shuffle(order)
    one = proportion(frame, "q", by="by", design=DESIGN)
    two = proportion(frame.iloc[order], "q", by="by", design=DESIGN)
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], rtol=1e-6, atol=1e-9)


@settings(deadline=None)
@given(respondents)
def test_shares_and_bases_of_a_partition_add_up(rows: list[Any]) -> None:
    frame = _frame(rows)
    whole = proportion(frame, "q", design=DESIGN)
    parts = proportion(frame, "q", by="by", design=DESIGN)
    assert parts.groupby("domain")["estimate"].sum().to_numpy() == pytest.approx(1)
    bases = parts.drop_duplicates("domain")[["base_unweighted", "base_weighted"]].sum()
    assert bases["base_unweighted"] == whole["base_unweighted"][0] == len(frame)
    assert bases["base_weighted"] == pytest.approx(whole["base_weighted"][0])


@settings(deadline=None)
@given(respondents)
@example([("a", "x", 0, 1.0)] * 6 + [("b", "x", 0, 1.0)] * 2)
def test_a_domain_is_a_mean_of_indicators(rows: list[Any]) -> None:
    frame = _frame(rows)
    frame["is_a"] = (frame["q"] == "a").astype(float)
    shares = proportion(frame, "q", by="by", design=DESIGN)
    shares = shares[shares["code"] == "a"]
    means = mean(frame, "is_a", by="by", design=DESIGN)
    np.testing.assert_allclose(shares["estimate"], means["estimate"], atol=1e-12)
    np.testing.assert_allclose(shares["std_error"], means["std_error"], atol=1e-9)


@settings(deadline=None)
@given(respondents)
def test_a_respondent_outside_the_base_changes_no_estimate(rows: list[Any]) -> None:
    frame = _frame(rows)
    more = pd.concat(
        [frame, pd.DataFrame({"q": [None], "by": ["x"], "psu": [0], "w": [3.0]})],
        ignore_index=True,
    )
    one = proportion(frame, "q", by="by", design=DESIGN)
    two = proportion(more, "q", by="by", design=DESIGN)
    if 0 in set(frame["psu"]):
        np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], rtol=1e-6, atol=1e-9)
    else:
        np.testing.assert_allclose(one["estimate"], two["estimate"], rtol=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_nobody_and_everybody_have_an_interval(method: str) -> None:
    codes = pd.Categorical(["yes"] * 20, categories=["no", "yes"])
    frame = pd.DataFrame({"q": codes, "w": np.linspace(1, 3, 20)})
    found = proportion(frame, "q", design=SurveyDesign(weight="w"), interval=method)
    no, yes = found.loc[0], found.loc[1]
    assert (no["estimate"], no["conf_low"]) == (0, 0)
    assert (yes["estimate"], yes["conf_high"]) == (1, 1)
    # Clopper-Pearson on n respondents: 1 - 0.025 ** (1 / n).
    expected = 1 - 0.025 ** (1 / no["base_effective"])
    assert no["conf_high"] == pytest.approx(expected, rel=1e-12)
    assert yes["conf_low"] == pytest.approx(1 - expected, rel=1e-12)


@pytest.mark.parametrize("method", METHODS)
def test_intervals_hold_the_estimate(method: str) -> None:
    frame = pd.DataFrame({"q": ["a"] * 3 + ["b"] * 40})
    found = proportion(frame, "q", interval=method)
    assert (found["conf_low"] < found["estimate"]).all()
    assert (found["estimate"] < found["conf_high"]).all()


def test_wilson_of_a_simple_random_sample() -> None:
    frame = pd.DataFrame({"q": ["a"] * 30 + ["b"] * 70})
    found = proportion(frame, "q", interval="wilson").loc[0]
    # The variance has n - 1 below, so the effective base is 99, not 100.
    z, n, p = 1.959963984540054, 99, 0.3
    centre = (p + z**2 / (2 * n)) / (1 + z**2 / n)
    half = z / (1 + z**2 / n) * np.sqrt(p * (1 - p) / n + z**2 / (4 * n**2))
    assert found["conf_low"] == pytest.approx(centre - half, rel=1e-12)
    assert found["conf_high"] == pytest.approx(centre + half, rel=1e-12)


def test_one_respondent_has_no_interval_and_says_so() -> None:
    frame = pd.DataFrame({"q": list("abab"), "by": ["x", "y", "y", "y"]})
    found = proportion(frame, "q", by="by").set_index(["domain", "code"])
    assert found.loc[("x", "a"), "note"] == "no interval: one respondent"
    assert np.isnan(found.loc[("x", "a"), "conf_low"])
    assert found.loc[("y", "a"), "note"] == ""


def test_an_empty_domain_says_so() -> None:
    by = pd.Categorical(["x"] * 4, categories=["x", "y"])
    found = proportion(pd.DataFrame({"q": list("abab"), "by": by}), "q", by="by")
    empty = found[found["domain"] == "y"]
    assert set(empty["note"]) == {"no respondents"}
    assert empty["estimate"].isna().all()


def test_weight_zero_is_outside_the_base_but_in_the_sample() -> None:
    frame = pd.DataFrame({"q": list("aabb"), "w": [1.0, 1.0, 1.0, 0.0]})
    found = proportion(frame, "q", design=SurveyDesign(weight="w"))
    assert found["base_unweighted"].tolist() == [3, 3]
    assert found["estimate"].tolist() == pytest.approx([2 / 3, 1 / 3])


def test_a_margin_of_the_raking_is_known_exactly() -> None:
    frame = pd.DataFrame({"q": list("aabbb"), "s": list("xyxyy")})
    weighting = rake(frame, {"q": {"a": 0.3, "b": 0.7}, "s": {"x": 0.5, "y": 0.5}})
    found = proportion(frame, "q", design=SurveyDesign(weight=weighting))
    assert found["std_error"].to_numpy() == pytest.approx(0, abs=1e-12)


def test_total_of_ones_with_equal_weights_has_no_variance() -> None:
    found = total(pd.DataFrame({"x": np.ones(50)}), "x").loc[0]
    assert (found["estimate"], found["std_error"]) == (50, 0)


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (lambda f: proportion(f, "z"), QuestionError, "'z'"),
        (lambda f: proportion(f, "q", interval="exact"), EstimationError, "'exact'"),
        (lambda f: proportion(f, "q", conf_level=95), EstimationError, "conf_level"),
        (lambda f: proportion(f, "none"), EstimationError, "no respondent"),
        (lambda f: mean(f, "q"), EstimationError, "no numbers"),
    ],
)
def test_what_cannot_be_estimated_is_explained(
    call: Callable[[pd.DataFrame], pd.DataFrame], error: type[SurveyError], words: str
) -> None:
    frame = pd.DataFrame({"q": list("abab"), "none": [None] * 4})
    with pytest.raises(error, match=words):
        call(frame)

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.errors import MarginError, RakingError
from survey.weighting.diagnostics import (
    deff_kish,
    effective_base,
    margin_table,
    weighting_efficiency,
)
from survey.weighting.rake import rake

FIRMS = pd.DataFrame(
    {
        "size": ["s"] * 6 + ["l"] * 4,
        "region": ["n", "s", "n", "s", "n", "n", "s", "s", "n", "s"],
    }
)
SIZE = {"s": 0.5, "l": 0.5}
REGION = {"n": 0.4, "s": 0.6}


def _share(weight: pd.Series, mask: pd.Series) -> float:
    return weight[mask].sum() / weight.sum()


def test_all_margins_hold_at_once() -> None:
    made = rake(FIRMS, {"size": SIZE, "region": REGION})
    assert made.weight.mean() == pytest.approx(1, abs=1e-14)
    assert _share(made.weight, FIRMS["size"] == "s") == pytest.approx(0.5, abs=1e-10)
    assert _share(made.weight, FIRMS["region"] == "n") == pytest.approx(0.4, abs=1e-10)
    assert made.gap <= 1e-10


def test_counts_and_shares_give_the_same_weights() -> None:
    counts = rake(FIRMS, {"size": {"s": 300, "l": 300}})
    shares = rake(FIRMS, {"size": SIZE})
    pd.testing.assert_series_equal(counts.weight, shares.weight)


def test_codes_match_as_text() -> None:
    frame = pd.DataFrame({"a": [1.0, 1.0, 2.0, 2.0], "b": ["1", "2", "2", "1"]})
    made = rake(frame, {"a": {"1": 0.5, 2: 0.5}, "b": {1: 0.5, 2.0: 0.5}})
    assert _share(made.weight, frame["a"] == 1) == pytest.approx(0.5, abs=1e-10)


def test_crossed_margin_is_post_stratification() -> None:
    targets = {("s", "n"): 0.1, ("s", "s"): 0.2, ("l", "n"): 0.3, ("l", "s"): 0.4}
    made = rake(FIRMS, {("size", "region"): targets})
    for (size, region), target in targets.items():
        cell = (FIRMS["size"] == size) & (FIRMS["region"] == region)
        wanted = target * len(FIRMS) / cell.sum()
        np.testing.assert_allclose(made.weight[cell], wanted, rtol=1e-12)


def test_contradictory_margins_name_margin_and_cells() -> None:
    frame = pd.DataFrame(
        {"age": ["young"] * 10 + ["old"] * 10, "sex": ["m"] * 10 + ["f"] * 10}
    )
    margins = {"age": {"young": 0.7, "old": 0.3}, "sex": {"m": 0.3, "f": 0.7}}
    with pytest.raises(RakingError) as caught:
        rake(frame, margins)
    message = str(caught.value)
    assert "margin 'age' is still off target" in message
    assert "young: wanted 70.0%, got 30.0% (10 respondents)" in message
    assert "age = 'young' with sex = 'f'" in message
    assert "Merge those codes or drop one of the margins." in message


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        ({"s": 0.5, "xl": 0.5}, "with a target but never answered: 'xl'"),
        ({"s": 1.0}, r"answered but without a target: 'l' \(4 respondents\)"),
        ({"s": 1.0, "l": 0.0}, "needs targets above 0; 'l' has none"),
        ({"s": 0.6, "l": 0.5}, "they sum to 1.1000"),
        ({"s": "many", "l": 0.5}, "no numbers"),
        ({"s": float("nan"), "l": 0.5}, "needs targets above 0"),
        ({}, "needs targets above 0"),
    ],
)
def test_targets_that_do_not_fit(targets: dict[str, Any], words: str) -> None:
    with pytest.raises(MarginError, match=words):
        rake(FIRMS, {"size": targets})


def test_missing_answers_are_counted() -> None:
    frame = pd.DataFrame({"size": ["s", None, "l"]}, index=["a", "b", "c"])
    with pytest.raises(MarginError, match=r"missing for 1 of 3 respondents .ids 'b'."):
        rake(frame, {"size": SIZE})


@pytest.mark.parametrize("bad", [-1.0, np.nan, np.inf])
def test_bad_base_weights_are_named(bad: float) -> None:
    base = pd.Series(1.0, index=FIRMS.index)
    base[3] = bad
    with pytest.raises(RakingError, match=r"for 1 of 10 respondents \(ids 3\)"):
        rake(FIRMS, {"size": SIZE}, base_weight=base)


def test_the_frame_is_not_changed() -> None:
    before = FIRMS.copy(deep=True)
    rake(FIRMS, {"size": SIZE})
    pd.testing.assert_frame_equal(FIRMS, before)


def test_diagnostics_of_known_weights() -> None:
    assert effective_base([1, 1, 2]) == pytest.approx(16 / 6)
    assert deff_kish([1, 1, 2]) == pytest.approx(18 / 16)
    assert weighting_efficiency([1, 1, 2]) == pytest.approx(1600 / 18)
    table = margin_table(rake(FIRMS, {"size": SIZE, "region": REGION}))
    assert table["base_unweighted"].tolist() == [6, 4, 5, 5]
    assert table["difference"].abs().max() <= 1e-10


@settings(deadline=None)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 1)), min_size=6, max_size=40),
    st.lists(st.floats(0.2, 5.0), min_size=40, max_size=40),
    st.floats(0.01, 1000),
)
def test_feasible_margins_hold_and_scale_of_base_weights_is_nothing(
    rows: list[Any], base: list[float], scale: float
) -> None:
    frame = pd.DataFrame(rows, columns=["a", "b"])
    # Targets taken from other weights on the same rows can always be met.
    other = pd.Series(base[: len(frame)])
    margins = {
        name: (other.groupby(frame[name]).sum() / other.sum()).to_dict()
        for name in ("a", "b")
    }
    margins = {
        n: t if len(t) > 1 else dict.fromkeys(t, 1.0) for n, t in margins.items()
    }
    start = pd.Series(base[::-1][: len(frame)])
    one = rake(frame, margins, base_weight=start, max_passes=20_000)
    two = rake(frame, margins, base_weight=start * scale, max_passes=20_000)
    np.testing.assert_allclose(one.weight, two.weight, rtol=1e-9)
    assert one.gap <= 1e-10


@pytest.mark.parametrize("codes", [("True", "False"), (True, False), ("1", "0")])
def test_truth_values_have_targets_by_any_of_their_names(codes) -> None:
    frame = pd.DataFrame({"uses": [True, False, True, True]})
    weight = rake(frame, {"uses": dict(zip(codes, (0.5, 0.5), strict=True))}).weight
    assert weight.tolist() == pytest.approx([2 / 3, 2, 2 / 3, 2 / 3])


def test_columns_of_one_name_are_refused() -> None:
    double = pd.concat([FIRMS, FIRMS[["size"]]], axis=1)
    with pytest.raises(MarginError, match="2 columns 'size'"):
        rake(double, {"size": SIZE})
    weighted = FIRMS.assign(w=1.0)
    double = pd.concat([weighted, weighted[["w"]]], axis=1)
    with pytest.raises(MarginError, match="2 columns 'w'"):
        rake(double, {"size": SIZE}, base_weight="w")


def test_base_weights_with_a_repeated_index_are_refused() -> None:
    base = pd.Series(1.0, index=[0] * 10)
    with pytest.raises(RakingError, match="index has duplicates"):
        rake(FIRMS, {"size": SIZE}, base_weight=base)


@pytest.mark.parametrize("dtype", ["int64", "float64", "Int64", "category", "str"])
def test_weights_do_not_depend_on_the_type_of_the_codes(dtype: str) -> None:
    rng = np.random.default_rng(4)
    frame = pd.DataFrame({"a": rng.integers(1, 4, 200), "b": rng.integers(5, 9, 200)})
    margins: Any = {
        "a": {1: 0.5, 2: 0.2, 3: 0.3},
        "b": dict(zip(range(5, 9), (0.1, 0.2, 0.3, 0.4), strict=True)),
    }
    plain = rake(frame, margins)
    other = rake(frame.astype(dtype), margins)
    pd.testing.assert_series_equal(plain.weight, other.weight)


def test_weights_follow_the_respondents_in_any_order() -> None:
    rng = np.random.default_rng(5)
    turned = FIRMS.iloc[rng.permutation(len(FIRMS))]
    made = rake(turned, {"size": SIZE, "region": REGION})
    plain = rake(FIRMS, {"size": SIZE, "region": REGION})
    assert made.weight.index.equals(turned.index)
    np.testing.assert_allclose(made.weight.sort_index(), plain.weight, rtol=1e-12)


def test_respondents_of_weight_0_stay_out_of_the_fit() -> None:
    base = pd.Series([0.0] + [1.0] * 9, index=FIRMS.index)
    made = rake(FIRMS, {"size": SIZE, "region": REGION}, base_weight=base)
    few = rake(FIRMS.iloc[1:], {"size": SIZE, "region": REGION})
    assert made.weight.iloc[0] == 0
    np.testing.assert_allclose(made.weight.iloc[1:], few.weight, rtol=1e-9)


def test_a_margin_of_one_category_changes_nothing() -> None:
    frame = FIRMS.assign(country="DE")
    alone = rake(frame, {"country": {"DE": 1.0}})
    assert alone.weight.tolist() == [1.0] * len(frame)
    both = rake(frame, {"country": {"DE": 1.0}, "size": SIZE})
    np.testing.assert_allclose(both.weight, rake(frame, {"size": SIZE}).weight)


def test_many_margins_hold_at_once() -> None:
    rng = np.random.default_rng(6)
    names = [f"q{k}" for k in range(25)]
    frame = pd.DataFrame(rng.integers(0, 3, (4000, 25)), columns=names)
    made = rake(frame, {name: {0: 0.3, 1: 0.3, 2: 0.4} for name in names})
    for name in names:
        shares = made.weight.groupby(frame[name]).sum() / len(frame)
        np.testing.assert_allclose(shares, [0.3, 0.3, 0.4], atol=1e-10)


def test_a_crossed_margin_beside_a_plain_one() -> None:
    frame = FIRMS.assign(year=[1, 2] * 5)
    crossed = {("s", 1): 0.2, ("s", 2): 0.3, ("l", 1): 0.3, ("l", 2): 0.2}
    made = rake(frame, {("size", "year"): crossed, "region": REGION})
    assert _share(made.weight, frame["region"] == "n") == pytest.approx(0.4, abs=1e-10)
    for (size, year), target in crossed.items():
        mask = (frame["size"] == size) & (frame["year"] == year)
        assert _share(made.weight, mask) == pytest.approx(target, abs=1e-10)


def test_limits_are_held_and_the_margins_as_well() -> None:
    rng = np.random.default_rng(7)
    frame = pd.DataFrame({"a": rng.integers(0, 3, 300), "b": rng.integers(0, 4, 300)})
    margins: Any = {
        "a": {0: 0.2, 1: 0.3, 2: 0.5},
        "b": dict(enumerate((0.15, 0.2, 0.25, 0.4))),
    }
    free = rake(frame, margins)
    assert free.weight.max() > 2
    for kept in (
        rake(frame, margins, limits=(0.4, 2.0)),
        rake(frame, margins, weight_limits=(0.4, 2.0)),
    ):
        assert kept.weight.between(0.4, 2.0).all()
        assert margin_table(kept)["difference"].abs().max() <= 1e-10

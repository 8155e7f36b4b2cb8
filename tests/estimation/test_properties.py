"""What no estimate may depend on, for any data."""

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion
from survey.tabulation.crosstab import crosstab

DESIGNS = {
    "weights": SurveyDesign(weight="w"),
    "clusters": SurveyDesign(weight="w", strata="s", psu="p"),
    "corrected": SurveyDesign(weight="w", strata="s", psu="p", fpc="f"),
    "adjusted": SurveyDesign(weight="w", strata="l", psu="p", lonely_psu="adjust"),
    "averaged": SurveyDesign(weight="w", strata="l", psu="p", lonely_psu="average"),
    "calibrated": SurveyDesign(weight="w", strata="s", psu="p", calibration=["s"]),
    "jackknife": SurveyDesign(weight="w", strata="s", psu="p", method="jkn"),
}
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "deff"]
CLOSE = {"rtol": 1e-8, "atol": 1e-10}
some_design = st.sampled_from(sorted(DESIGNS))


@st.composite
def respondents(draw: Any) -> pd.DataFrame:
    """Draw a sample of two strata with three PSUs each, and a stratum of one PSU."""
    n = draw(st.integers(12, 40))

    def column(values: Any) -> Any:
        return st.lists(values, min_size=n, max_size=n)

    place = np.arange(n)
    frame = pd.DataFrame(
        {
            "q": draw(column(st.sampled_from(["a", "b", "c", None]))),
            "by": draw(column(st.sampled_from(["x", "y"]))),
            "y": draw(column(st.integers(0, 9))),
            # Whole numbers, so that sums of weights are exact in any order.
            "w": draw(column(st.integers(1, 50))),
            "s": np.array(["n", "s"])[place % 2],
            "p": place // 2 % 3,
            "f": 12,
        },
        index=[f"r{i}" for i in place],
    ).astype({"q": object, "y": float, "w": float})
    # Tenths, which are no binary fractions: a sum of equal numbers rounds.
    frame["y"] = frame["y"] / 10
    lone = (frame["s"] == "n") & (frame["p"] == 0)
    frame["l"] = frame["s"].where(~lone, "lone")
    # Somebody answered, whatever was drawn.
    frame.loc[["r0", "r1"], "q"] = "a"
    return frame


def _shares(frame: pd.DataFrame, design: str) -> pd.DataFrame:
    found = proportion(frame, "q", by="by", design=DESIGNS[design])
    return found.set_index(["domain", "code"])


def _means(frame: pd.DataFrame, design: str) -> pd.DataFrame:
    found = mean(frame, "y", by="by", design=DESIGNS[design])
    return found.set_index("domain")


def _letters(frame: pd.DataFrame, design: str) -> pd.DataFrame:
    table = crosstab(frame, ["q"], ["by"], design=DESIGNS[design], min_base=2)
    return table.to_frame().set_index(["point", "code"])[["letters", "note"]]


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design, scale=st.sampled_from([0.01, 3, 1e4]))
def test_the_scale_of_weights_changes_nothing(
    frame: pd.DataFrame, design: str, scale: float
) -> None:
    scaled = frame.assign(w=frame["w"] * scale)
    one, two = _shares(frame, design), _shares(scaled, design)
    assert one["base_unweighted"].equals(two["base_unweighted"])
    for before, after in ((one, two), (_means(frame, design), _means(scaled, design))):
        np.testing.assert_allclose(before[NUMBERS], after[NUMBERS], **CLOSE)
    np.testing.assert_allclose(one["base_effective"], two["base_effective"], **CLOSE)
    pd.testing.assert_frame_equal(_letters(frame, design), _letters(scaled, design))


def test_numbers_that_are_all_the_same_have_the_effect_of_the_weights() -> None:
    # 0.1 eleven times over: the sum is not exactly eleven times 0.1.
    frame = pd.DataFrame({"y": [0.1] * 11 + [0.0] * 5, "by": ["x"] * 11 + ["y"] * 5})
    for scale in (1.0, 3.0, 0.01, 7.0):
        design = SurveyDesign(weight=pd.Series(scale, index=frame.index))
        found = mean(frame, "y", by="by", design=design)
        assert found["deff"].tolist() == pytest.approx([1.0, 1.0])


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design, seed=st.integers(0, 2**16))
def test_the_order_of_rows_changes_nothing(
    frame: pd.DataFrame, design: str, seed: int
) -> None:
    shuffled = frame.sample(frac=1, random_state=seed)
    one, two = _shares(frame, design), _shares(shuffled, design)
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], **CLOSE)
    pd.testing.assert_frame_equal(_letters(frame, design), _letters(shuffled, design))
    one, two = _means(frame, design), _means(shuffled, design)
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], **CLOSE)


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design)
def test_the_names_of_codes_change_nothing(frame: pd.DataFrame, design: str) -> None:
    codes = {"a": "zebra", "b": "b & <b>", "c": "0"}
    points, strata = {"x": "two", "y": "one"}, {"n": "7", "s": "$", "lone": ""}
    renamed = frame.assign(
        q=frame["q"].map(codes, na_action="ignore"),
        by=frame["by"].map(points),
        s=frame["s"].map(strata),
        l=frame["l"].map(strata),
        p=frame["p"].map({0: "c", 1: "a", 2: "b"}),
    )
    one = _shares(frame, design)
    there = [(points[domain], codes[code]) for domain, code in one.index]
    two = _shares(renamed, design).loc[there]
    np.testing.assert_allclose(one[NUMBERS], two[NUMBERS], **CLOSE)
    assert one["note"].tolist() == two["note"].tolist()


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design, weight=st.integers(1, 50))
def test_a_respondent_outside_the_base_changes_nothing(
    frame: pd.DataFrame, design: str, weight: int
) -> None:
    one = frame.iloc[[0]].assign(q=None, by="x", y=np.nan, w=float(weight))
    more = pd.concat([frame, one.rename(index={"r0": "late"})])
    before, after = _shares(frame, design), _shares(more, design)
    # A weight more changes what calibrated weights are known to meet, and without
    # PSUs the sample has one unit more; the estimate is the same all the same.
    kept = NUMBERS
    if design in ("weights", "calibrated"):
        kept = ["estimate", "base_unweighted", "base_weighted", "base_effective"]
    np.testing.assert_allclose(before[kept], after[kept], **CLOSE)


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design)
def test_shares_and_their_intervals_stay_in_0_to_1(
    frame: pd.DataFrame, design: str
) -> None:
    found = _shares(frame, design)
    for column in ("estimate", "conf_low", "conf_high"):
        assert found[column].dropna().between(0, 1).all()
    known = found[found["conf_low"].notna()]
    assert (known["conf_low"] <= known["estimate"] + 1e-12).all()
    assert (known["estimate"] <= known["conf_high"] + 1e-12).all()
    by_domain = found.groupby("domain")["estimate"].sum(min_count=1).dropna()
    np.testing.assert_allclose(by_domain, 1, rtol=1e-12)


@settings(max_examples=40, deadline=None)
@given(frame=respondents(), design=some_design)
def test_a_missing_number_has_a_note(frame: pd.DataFrame, design: str) -> None:
    found = _shares(frame, design)
    missing = found[NUMBERS].isna().any(axis=1)
    assert (found.loc[missing, "note"] != "").all()


@pytest.mark.parametrize("design", sorted(DESIGNS))
def test_every_design_gives_errors(design: str) -> None:
    # The properties would hold for a design that gives nothing.
    frame = pd.DataFrame(
        {
            "q": list("aabab" * 6),
            "by": list("xyyxyx" * 5),
            "w": np.arange(30.0) % 7 + 1,
            "s": list("ns" * 15),
            "p": np.arange(30) // 2 % 3,
            "f": 12,
        }
    )
    lone = (frame["s"] == "n") & (frame["p"] == 0)
    frame["l"] = frame["s"].where(~lone, "lone")
    assert (_shares(frame, design)["std_error"] > 0).all()

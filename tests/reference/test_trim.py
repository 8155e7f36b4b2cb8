"""Trimming and nonresponse weights equal those of R survey, also one after another."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights
from survey.weighting.weighting import Weighting

MARGINS = {
    "size": {"large": 0.1, "medium": 0.34, "small": 0.56},
    "region": {
        "east": 0.2,
        "far": 0.14,
        "north": 0.28,
        "south": 0.22,
        "west": 0.16,
    },
}
SAME = {"rtol": 1e-8, "atol": 1e-12}
CASES = [
    ("equal", "upper"),
    ("equal", "both"),
    ("calibrated", "upper"),
    ("calibrated", "lower"),
    ("calibrated", "both"),
    ("calibrated", "narrow"),
    ("wave", "upper"),
    ("wave", "lower"),
    ("wave", "both"),
    ("wave", "tight"),
]


@pytest.fixture(scope="session")
def theirs(reference: Callable[[str], Any]) -> Any:
    return reference("trim")


@pytest.fixture(scope="session")
def raked(wave: pd.DataFrame, theirs: Any) -> Weighting:
    made = rake(wave, MARGINS, base_weight="w", tolerance=1e-14)
    np.testing.assert_allclose(made.weight, theirs["raked"], **SAME)
    return made


@pytest.fixture(scope="session")
def sampled(wave: pd.DataFrame, theirs: Any) -> pd.DataFrame:
    found = theirs["nonresponse"]
    return wave.assign(staff=found["staff"], back=found["back"])


@pytest.mark.parametrize("rounds", ["strict", "once"])
@pytest.mark.parametrize(("name", "case"), CASES)
def test_trim_weights_of_r(name: str, case: str, rounds: str, theirs: Any) -> None:
    weight = pd.Series(theirs["weights"][name])
    limits = theirs["trimmed"][name][case]
    ends = {"lower": limits["lower"], "upper": limits["upper"]}
    made = trim_weights(weight, strict=rounds == "strict", **ends)
    np.testing.assert_allclose(made.weight * weight.mean(), limits[rounds], **SAME)


@pytest.mark.parametrize(
    ("name", "options"),
    [
        ("capped", {"upper": 3}),
        ("between", {"lower": 0.1, "upper": 3.5}),
        ("linear", {"lower": 0.1, "upper": 3.5, "distance": "linear"}),
        ("median", {"upper": 5, "rule": "median"}),
    ],
)
def test_limits_inside_the_fit(
    name: str, options: dict[str, Any], raked: Weighting, theirs: Any
) -> None:
    made = trim_weights(raked, tolerance=1e-13, **options)
    np.testing.assert_allclose(made.weight, theirs["refitted"][name], **SAME)


def test_class_adjustment_is_post_stratification(
    sampled: pd.DataFrame, theirs: Any
) -> None:
    made = adjust_nonresponse(sampled, "back", ["size", "region"], base_weight="w")
    wanted = theirs["nonresponse"]["stratified"]
    back = sampled["back"] == 1
    np.testing.assert_allclose(made.weight[back], wanted, **SAME)
    assert (made.weight[~back] == 0).all()


@pytest.mark.parametrize(("name", "classes"), [("inverse", None), ("fifths", 5)])
def test_propensity(
    name: str, classes: int | None, sampled: pd.DataFrame, theirs: Any
) -> None:
    made = adjust_nonresponse(
        sampled,
        "back",
        ["size", "region", "staff"],
        method="propensity",
        base_weight="w",
        classes=classes,
    )
    np.testing.assert_allclose(made.weight, theirs["nonresponse"][name], **SAME)


def test_nonresponse_then_raking_then_trimming(
    sampled: pd.DataFrame, theirs: Any
) -> None:
    found = theirs["nonresponse"]
    by = ["size", "region", "staff"]
    adjusted = adjust_nonresponse(
        sampled, "back", by, method="propensity", base_weight="w"
    )
    raked = rake(sampled, MARGINS, base_weight=adjusted, tolerance=1e-13)
    capped = trim_weights(raked, upper=3, tolerance=1e-13)
    back = sampled["back"] == 1
    np.testing.assert_allclose(raked.weight[back], found["raked"], **SAME)
    np.testing.assert_allclose(capped.weight[back], found["capped"], **SAME)
    assert (capped.weight[~back] == 0).all()

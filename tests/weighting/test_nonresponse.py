from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError, SurveyError, WeightingError
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights

SMALL = pd.DataFrame(
    {
        "size": ["s", "s", "s", "s", "l", "l"],
        "region": ["n", "n", "e", "e", "n", "e"],
        "back": [True, False, True, True, True, True],
        "w": [1.0, 3.0, 2.0, 2.0, 1.0, 3.0],
    },
    index=list("abcdef"),
)
RANDOM = np.random.default_rng(5)
N = 600
FIRMS = pd.DataFrame(
    {
        "size": RANDOM.choice(["s", "m", "l"], N, p=[0.5, 0.3, 0.2]),
        "region": RANDOM.choice(["n", "s", "w"], N),
        "staff": RANDOM.gamma(2, 20, N).round(),
        "w": RANDOM.lognormal(0, 0.4, N),
    },
    index=[f"f{k}" for k in range(N)],
)
FIRMS["psu"] = np.arange(N) % 24
FIRMS["back"] = RANDOM.random(N) < 0.3 + 0.3 * (FIRMS["size"] == "l")
FIRMS["cost"] = (RANDOM.gamma(2, 5, N) + FIRMS["staff"] / 9).where(FIRMS["back"])
MARGINS = {
    "size": {"s": 0.8, "m": 0.15, "l": 0.05},
    "region": {"n": 0.5, "s": 0.3, "w": 0.2},
}
METHODS = [
    {"by": ["size", "region"]},
    {"by": ["size", "staff"], "method": "propensity"},
    {"by": ["size", "staff"], "method": "propensity", "classes": None},
]


def test_respondents_take_over_the_weight_of_their_class() -> None:
    made = adjust_nonresponse(SMALL, "back", ["size", "region"], base_weight="w")
    # The small firms of the north weigh 4, of which 1 responded.
    wanted = np.array([4, 0, 2, 2, 1, 3]) * 5 / 12
    np.testing.assert_allclose(made.weight, wanted, rtol=1e-14)
    np.testing.assert_allclose(made.base_weight, SMALL["w"] / 2, rtol=1e-14)
    assert made.margins == ()
    (step,) = made.steps
    assert step == (
        "Nonresponse adjustment (size x region): 5 of 6 sampled units responded (75.0% "
        "weighted); 4 classes, weights times 1 to 4. Fewer than 20 respondents in "
        "'l x e' (1), 'l x n' (1), 's x e' (2), 's x n' (1). Weights times more than 3 "
        "in 's x n' (4)."
    )


def test_limits_of_what_is_noteworthy() -> None:
    made = adjust_nonresponse(SMALL, "back", "size", min_class=3, max_factor=5)
    assert made.steps[0].endswith(
        "2 classes, weights times 1 to 1.33. Fewer than 3 respondents in 'l' (2)."
    )


@pytest.mark.parametrize("options", METHODS)
def test_class_shares_of_all_sampled_hold(options: dict[str, Any]) -> None:
    made = adjust_nonresponse(FIRMS, "back", base_weight="w", **options)
    back = FIRMS["back"]
    assert (made.weight[~back] == 0).all()
    assert made.weight[back].mean() == pytest.approx(1, abs=1e-12)
    if "method" not in options:
        ours = made.weight.groupby(FIRMS["size"]).sum() / made.weight.sum()
        all_of_them = FIRMS["w"].groupby(FIRMS["size"]).sum() / FIRMS["w"].sum()
        np.testing.assert_allclose(ours, all_of_them, rtol=1e-12)


def test_propensity_classes_by_hand() -> None:
    # Without numbers the propensity is the response rate of the size, so that three
    # classes are the three sizes.
    sizes = pd.DataFrame({"size": np.repeat(["s", "m", "l"], 30)})
    back = pd.Series(np.arange(90) % 30 < np.repeat([6, 12, 18], 30))
    made = adjust_nonresponse(sizes, back, "size", method="propensity", classes=3)
    classes = adjust_nonresponse(sizes, back, "size")
    direct = adjust_nonresponse(sizes, back, "size", method="propensity", classes=None)
    np.testing.assert_allclose(made.weight, classes.weight, rtol=1e-12)
    np.testing.assert_allclose(direct.weight, classes.weight, rtol=1e-9)
    assert "3 classes, weights times 1.67 to 5" in made.steps[0]
    assert "(propensity, size)" in made.steps[0]
    assert direct.steps[0].endswith(
        "weights times 1.67 to 5. Weights of 6 respondents times more than 3."
    )


def test_ties_of_the_propensity_stay_in_one_class() -> None:
    sizes = pd.DataFrame({"size": ["s"] * 60 + ["l"] * 40})
    back = pd.Series(np.arange(100) % 4 < np.repeat([1, 3], [60, 40]))
    made = adjust_nonresponse(sizes, back, "size", method="propensity", classes=10)
    assert "; 2 classes, weights times 1.33 to 4." in made.steps[0]


@pytest.mark.parametrize(
    "responded",
    [
        pd.Series([1, 0, 1, 1, 1, 1], index=list("abcdef")),
        pd.Series([1, 1, 1, 1, 0, 1], index=list("fedcba"), dtype="Int64"),
        pd.Series([True, False, True, True, True, True], list("abcdef"), dtype=object),
        pd.Series([1.0, 0, 1, 1, 1, 1], index=list("abcdef")),
    ],
)
def test_who_responded_is_said_in_many_ways(responded: pd.Series) -> None:
    made = adjust_nonresponse(SMALL, responded, "size")
    wanted = adjust_nonresponse(SMALL, "back", "size")
    pd.testing.assert_series_equal(made.weight, wanted.weight)


def test_units_of_weight_0_stay_out() -> None:
    more = pd.concat([SMALL, SMALL.assign(size=["xl", None] * 3, back=[None] * 6, w=0)])
    more.index = pd.Index(list("abcdefghijkl"))
    made = adjust_nonresponse(
        more[more["size"].notna()], "back", "size", base_weight="w"
    )
    alone = adjust_nonresponse(SMALL, "back", "size", base_weight="w")
    np.testing.assert_allclose(made.weight[:6], alone.weight, rtol=1e-14)
    assert (made.weight[6:] == 0).all()


def test_a_class_without_respondents_names_what_is_near() -> None:
    frame = SMALL.assign(back=[False, False, True, True, True, False])
    with pytest.raises(MarginError) as caught:
        adjust_nonresponse(frame, "back", ["size", "region"])
    assert str(caught.value).splitlines() == [
        "2 of 4 classes have no respondent:",
        "  'l x e' (1 sampled); merge with 's x e' (2) or 'l x n' (1)",
        "  's x n' (2 sampled); merge with 's x e' (2) or 'l x n' (1)",
        "Merge them with other classes, or ask for fewer.",
    ]
    with pytest.raises(MarginError, match=r"'n' \(2 sampled\); merge with 'e' \(2\)"):
        adjust_nonresponse(
            frame.assign(back=frame["region"] == "e")[:4], "back", "region"
        )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        ({"by": "size", "method": "trees"}, "method 'trees' is not known"),
        ({"by": []}, "one or more different columns; it has none"),
        ({"by": ["size", "size"]}, "different columns"),
        ({"by": "size", "classes": 1}, "1 classes adjust nothing"),
        ({"by": "sector"}, "no column 'sector'"),
        ({"by": "size", "responded": "answer"}, "column 'answer' of responded"),
        ({"by": "size", "responded": "w"}, r"neither .* for 4 of 6 .* 'c', 'd', 'f'"),
        ({"by": "size", "responded": SMALL["w"] * 0}, "none of 6 sampled units"),
        (
            {"by": "size", "responded": SMALL["back"].iloc[:4]},
            r"for 2 of 6 sampled units \(ids 'e', 'f'\)",
        ),
        (
            {"by": "size", "responded": pd.Series(1, index=[0] * 6)},
            "index has duplicates",
        ),
    ],
)
def test_what_cannot_be_used(options: dict[str, Any], words: str) -> None:
    with pytest.raises(SurveyError, match=words):
        adjust_nonresponse(SMALL, **{"responded": "back", **options})


def test_many_classes_without_respondents_are_counted() -> None:
    many = pd.DataFrame({"unit": [f"u{k:02d}" for k in range(12)]})
    back = pd.Series(np.arange(12) < 2)
    with pytest.raises(MarginError) as caught:
        adjust_nonresponse(many, back, "unit")
    lines = str(caught.value).splitlines()
    assert lines[0] == "10 of 12 classes have no respondent:"
    assert lines[1] == "  'u02' (1 sampled); merge with 'u00' (1) or 'u01' (1)"
    assert len(lines) == 11
    assert lines[9] == "  and 2 more"


def test_a_replicate_in_which_nobody_responded() -> None:
    made = adjust_nonresponse(SMALL.assign(size="s"), "back", "size")
    assert made.again is not None
    with pytest.raises(MarginError, match=r"1 of 1 classes .*\n  's' .1 sampled.\n"):
        made.again(np.array([0.0, 1, 0, 0, 0, 0]))


def test_errors_are_those_of_weighting() -> None:
    with pytest.raises(WeightingError):
        adjust_nonresponse(SMALL, "back", "sector")


@pytest.mark.parametrize("options", METHODS)
def test_all_steps_are_made_again_in_a_replicate(options: dict[str, Any]) -> None:
    def recipe(base: pd.Series) -> tuple[Any, Any, Any]:
        adjusted = adjust_nonresponse(FIRMS, "back", base_weight=base, **options)
        raked = rake(FIRMS, MARGINS, base_weight=adjusted)
        return adjusted, raked, trim_weights(raked, rule="median", upper=4)

    whole = recipe(FIRMS["w"])
    for made in whole:
        np.testing.assert_allclose(
            made.again(FIRMS["w"].to_numpy()), made.weight, rtol=1e-9
        )
        np.testing.assert_allclose(made.start, FIRMS["w"])
    dropped = FIRMS["w"].where(np.arange(N) % 30 != 4, 0.0)
    for made, by_hand in zip(whole, recipe(dropped), strict=True):
        np.testing.assert_allclose(
            made.again(dropped.to_numpy()), by_hand.weight, rtol=1e-9
        )
    assert len(whole[2].steps) == len(whole[1].steps) + 1
    assert whole[2].steps[0] == whole[0].steps[0]


@pytest.mark.parametrize("options", METHODS)
def test_jackknife_makes_all_steps_again(options: dict[str, Any]) -> None:
    def recipe(base: pd.Series) -> Any:
        adjusted = adjust_nonresponse(FIRMS, "back", base_weight=base, **options)
        raked = rake(FIRMS, MARGINS, base_weight=adjusted)
        return trim_weights(raked, rule="median", upper=4)

    def average(weight: pd.Series) -> float:
        return (weight * FIRMS["cost"]).sum() / weight.sum()

    made = recipe(FIRMS["w"])
    without = [
        average(recipe(FIRMS["w"].where(FIRMS["psu"] != psu, 0.0)).weight)
        for psu in range(24)
    ]
    design = SurveyDesign(weight=made, psu="psu", method="jk1")
    found = mean(FIRMS, "cost", design=design).loc[0]
    assert found["estimate"] == pytest.approx(average(made.weight), rel=1e-12)
    by_hand = (23 / 24 * 24 * np.var(without)) ** 0.5
    assert found["std_error"] == pytest.approx(by_hand, rel=1e-8)


def test_the_frame_is_not_changed() -> None:
    before = FIRMS.copy(deep=True)
    adjust_nonresponse(FIRMS, "back", ["size", "staff"], method="propensity")
    pd.testing.assert_frame_equal(FIRMS, before)


def test_who_responded_needs_ids() -> None:
    with pytest.raises(WeightingError, match="responded is a ndarray"):
        adjust_nonresponse(SMALL, np.ones(len(SMALL)), "size")  # type: ignore[arg-type]

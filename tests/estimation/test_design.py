from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import DesignError, RakingError
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import proportion
from survey.weighting.rake import rake

FIRMS = pd.DataFrame(
    {
        "q": list("abab"),
        "w": [1.0, 2.0, 3.0, 4.0],
        "s": ["x", "x", "y", "y"],
        "p": [1, 2, 1, 2],
        "n": [10, 10, 20, 20],
    },
    index=["a", "b", "c", "d"],
)


def _with(**columns: Any) -> pd.DataFrame:
    return FIRMS.assign(**columns)


@pytest.mark.parametrize(
    ("data", "design", "words"),
    [
        (FIRMS, {"weight": "v"}, "weight column 'v' is not in the data"),
        (_with(w=[1, -1, 1, 1]), {"weight": "w"}, r"for 1 of 4 respondents .ids 'b'"),
        (_with(w=[1, np.nan, 1, 1]), {"weight": "w"}, "ids 'b'"),
        (_with(w=[np.inf, 1, 1, 1]), {"weight": "w"}, "ids 'a'"),
        (_with(w=[0, 0, 0, 0]), {"weight": "w"}, "weight is 0 for all 4"),
        (_with(w=list("1x11")), {"weight": "w"}, "weight is no number for 1"),
        (_with(w=[1, 1, 1, 1e200]), {"weight": "w"}, "1e.200 for 1 respondents"),
        (_with(s=["x", None, "y", "y"]), {"strata": "s"}, "strata is missing for 1"),
        (_with(p=[1, np.nan, 1, 2]), {"psu": "p"}, "psu is missing for 1 of 4"),
        (_with(n=[1, 1, 9, 9]), {"strata": "s", "fpc": "n"}, "'x' has 2 PSUs and"),
        (_with(n=[9, 8, 9, 9]), {"strata": "s", "fpc": "n"}, "differs inside 1 strata"),
        (_with(n=[9, 9, 0.5, 0.5]), {"strata": "s", "fpc": "n"}, "mixes population"),
        (_with(n=[9, 9, 0, 0]), {"strata": "s", "fpc": "n"}, "0 or negative for 2"),
        (_with(s=list("xyyy")), {"strata": "s"}, "stratum 'x' has one PSU"),
        (_with(p=[1, 1, 1, 1]), {"psu": "p"}, "the sample has one PSU"),
        (FIRMS, {"weight": [1.0, 2.0]}, "has shape"),
        (FIRMS, {"lonely_psu": "ignore"}, "is not known"),
        (FIRMS.iloc[:0], {}, "no respondents"),
        (FIRMS, {"strata": "v"}, "strata column 'v' is not in the data"),
        (FIRMS, {"psu": "v"}, "psu column 'v' is not in the data"),
        (FIRMS, {"fpc": "v"}, "fpc column 'v' is not in the data"),
        (_with(n=[np.nan, 9, 9, 9]), {"fpc": "n"}, "fpc is missing, 0 or negative"),
        (_with(n=list("9x99")), {"fpc": "n"}, "fpc is no number for 1 respondents"),
        (FIRMS, {"calibration": ["v"]}, "calibration column 'v' is not in the data"),
        (
            _with(q=["a", None, "b", "b"]),
            {"calibration": ["q"]},
            "calibration is missing for 1 of 4",
        ),
        (
            _with(w=[0, 1, 0, 1]),
            {"weight": "w", "calibration": ["q"]},
            "margin 'q': category 'a' has weight 0",
        ),
        (
            FIRMS,
            {"weight": rake(FIRMS, {"q": {"a": 1, "b": 2}}), "calibration": ["q"]},
            "calibration is not needed",
        ),
    ],
)
def test_a_wrong_design_is_explained(
    data: pd.DataFrame, design: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        resolve(SurveyDesign(**design), data)


def test_psu_ids_are_nested_in_strata() -> None:
    design = resolve(SurveyDesign(strata="s", psu="p"), FIRMS)
    assert design.strata.n_psu.tolist() == [2, 2]
    assert design.degrees_of_freedom == 2


def test_fractions_and_counts_are_the_same_correction() -> None:
    counts = resolve(SurveyDesign(strata="s", fpc="n"), FIRMS)
    fractions = resolve(SurveyDesign(strata="s", fpc=[0.2, 0.2, 0.1, 0.1]), FIRMS)
    np.testing.assert_allclose(counts.strata.scale, fractions.strata.scale, rtol=1e-12)


def test_a_single_psu_counted_in_full_is_not_lonely() -> None:
    data = FIRMS.assign(s=list("xyyy"), n=[1, 9, 9, 9])
    design = resolve(SurveyDesign(strata="s", fpc="n"), data)
    assert design.strata.scale[0] == 0


def test_respondents_who_are_their_own_psu_share_a_cell() -> None:
    data = pd.DataFrame({"p": [1, 1, 2, 3, 4]})
    design = resolve(SurveyDesign(psu="p"), data)
    assert design.cell.tolist() == [0, 0, 1, 1, 1]


def test_a_weighting_is_aligned_by_index() -> None:
    weighting = rake(FIRMS, {"q": {"a": 0.3, "b": 0.7}}, base_weight="w")
    straight = proportion(FIRMS, "s", design=SurveyDesign(weight=weighting))
    turned = proportion(FIRMS.iloc[::-1], "s", design=SurveyDesign(weight=weighting))
    columns = ["estimate", "std_error"]
    np.testing.assert_allclose(straight[columns], turned[columns], rtol=1e-12)


def test_a_weighting_of_other_respondents_is_refused() -> None:
    weighting = rake(FIRMS, {"q": {"a": 0.3, "b": 0.7}})
    with pytest.raises(DesignError, match="made on 4 respondents and the data have 3"):
        resolve(SurveyDesign(weight=weighting), FIRMS.iloc[:3])


@pytest.mark.parametrize(
    ("data", "design", "words"),
    [
        (FIRMS, {"psu": ["s", "v"]}, "psu column 'v' is not in the data"),
        (FIRMS, {"psu": ["v", "s"]}, "psu column 'v' is not in the data"),
        (FIRMS, {"psu": ["s", "p"], "fpc": "n"}, "fpc names 1 stages and psu 2"),
        (FIRMS, {"psu": ["s", "p"], "fpc": ["n"]}, "fpc names 1 stages and psu 2"),
        (FIRMS, {"psu": ["s", "p"], "fpc": ["n", "v"]}, "fpc column 'v' is not in"),
        (FIRMS, {"psu": "p", "strata": ["s", "q"]}, "strata name 2 stages and psu 1"),
        (
            _with(n=5, m=[5, 6, 7, 7]),
            {"psu": ["s", "p"], "fpc": ["n", "m"]},
            "fpc differs inside 1 strata .'x'",
        ),
        (
            _with(n=5, m=[1, 1, 7, 7]),
            {"psu": ["s", "p"], "fpc": ["n", "m"]},
            "'x' has 2 PSUs and fpc 1",
        ),
        (
            _with(n=5, m=[0.5, 0.5, 7, 7]),
            {"psu": ["s", "p"], "fpc": ["n", "m"]},
            "mixes population counts .7. and sampling fractions .0.5.",
        ),
        (
            _with(n=5, p=[1, 1, 1, 2]),
            {"psu": ["s", "p"], "fpc": ["n", "n"]},
            "stratum 'x' has one PSU",
        ),
        (
            _with(n=5, p=[1, 1, 1, 2]),
            {"psu": ["s", "p"], "fpc": ["n", "n"], "lonely_psu": "average"},
            "defined for the first stage alone",
        ),
        (
            _with(s=list("xyzz"), p=[1, 1, 1, 1]),
            {"strata": "s", "psu": "p", "lonely_psu": "average"},
            "nothing to average",
        ),
    ],
)
def test_wrong_stages_are_explained(
    data: pd.DataFrame, design: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        resolve(SurveyDesign(**design), data)


REPLICATED = FIRMS.assign(
    r1=[0.0, 4.0, 3.0, 4.0], r2=[2.0, 0.0, 3.0, 4.0], r3=[1.0, 2.0, 0.0, 8.0]
)
GIVEN: dict[str, Any] = {
    "weight": "w",
    "replicate_weights": ["r1", "r2", "r3"],
    "method": "jk1",
}


@pytest.mark.parametrize(
    ("columns", "design", "words"),
    [
        ({}, {"replicate_weights": ["r1", "r9"]}, "column 'r9' is not in the data"),
        ({"r1": [-1, 1, 1, 1]}, {}, r"for 1 of 4 respondents .ids 'a'"),
        ({"r1": [np.nan, 1, 1, 1]}, {}, r"for 1 of 4 respondents .ids 'a'"),
        ({"r1": list("1x11")}, {}, "replicate_weights is no number for 1"),
        ({"r2": 0}, {}, r"1 of 3 replicates have weight 0 for everyone .number 2."),
        (
            {"w": [0, 1, 1, 1], "r2": [1, 1, 1, 1]},
            {},
            r"1 respondents have weight 0 and replicate weights above 0 .ids 'a'",
        ),
        ({}, {"replicate_weights": np.ones((3, 4))}, "shape .3, 4., but the data"),
        ({}, {"replicate_weights": np.ones(4)}, "has shape .4,., but the data"),
        ({}, {"replicate_weights": ["r1"]}, "has 1 columns; give at least two"),
        ({}, {"replicate_weights": "r1"}, "has 1 columns; give at least two"),
        ({}, {"replicate_weights": []}, "has 0 columns; give at least two"),
        ({}, {"method": "jack"}, "method 'jack' is not known"),
        ({}, {"method": None}, "replicate weights need the method"),
        ({}, {"method": "jkn"}, "the 3 JKn replicates need rscales"),
        ({}, {"rscales": [1, 2]}, "rscales has 2 values for 3 replicates"),
        ({}, {"rscales": [1, 2, -1]}, "one value of 0 or more for each"),
        ({}, {"scale": 0}, "scale is 0; give a number above 0"),
        ({}, {"method": "fay"}, "Fay replicates need rho"),
        ({}, {"method": "fay", "rho": 1}, "rho is 1; Fay's coefficient"),
        ({}, {"strata": "s"}, "hold the design already, and 'strata' given as well"),
        ({}, {"psu": "p", "fpc": "n"}, "'psu', 'fpc' given as well"),
        (
            {},
            {"replicate_weights": None, "rscales": [1, 2, 3]},
            "describe replicate weights of the file, and there are none",
        ),
    ],
)
def test_wrong_replicate_weights_are_explained(
    columns: dict[str, Any], design: dict[str, Any], words: str
) -> None:
    with pytest.raises(DesignError, match=words):
        resolve(SurveyDesign(**{**GIVEN, **design}), REPLICATED.assign(**columns))


def test_replicate_weights_of_a_frame_are_aligned_by_index() -> None:
    turned = REPLICATED[["r1", "r2", "r3"]].iloc[::-1]
    by_name = resolve(SurveyDesign(**GIVEN), REPLICATED).replicates
    design = SurveyDesign(**{**GIVEN, "replicate_weights": turned})
    by_frame = resolve(design, REPLICATED).replicates
    assert by_name is not None
    assert by_frame is not None
    np.testing.assert_array_equal(by_name.factor, by_frame.factor)


def test_a_replicate_that_cannot_be_raked_names_the_category() -> None:
    data = FIRMS.assign(q=list("aaab"))
    weighting = rake(data, {"q": {"a": 0.5, "b": 0.5}})
    words = "1 of 4 replicates .* 'q': in replicate 4 nobody is in category 'b'"
    with pytest.raises(RakingError, match=words):
        resolve(SurveyDesign(weight=weighting, method="jk1"), data)


def test_a_replicate_that_does_not_reach_its_margins_is_refused() -> None:
    # Without the third respondent size and trade are the same, and the margins
    # contradict each other.
    data = pd.DataFrame({"size": list("sssll"), "trade": list("ppqqq")})
    margins = {"size": {"s": 0.5, "l": 0.5}, "trade": {"p": 0.3, "q": 0.7}}
    weighting = rake(data, margins)
    words = "1 of 5 replicates .* in replicate 3 category '[slpq]' does not reach"
    with pytest.raises(RakingError, match=words):
        resolve(SurveyDesign(weight=weighting, method="jk1"), data)

from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import DesignError
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

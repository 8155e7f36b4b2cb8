from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.errors import WeightingError
from survey.weighting.calibrate import calibrate
from survey.weighting.diagnostics import (
    deff_kish,
    effective_base,
    margin_table,
    total_table,
    weighting_efficiency,
)
from survey.weighting.rake import rake
from survey.weighting.weighting import Weighting

FIRMS = pd.DataFrame(
    {
        "size": ["s"] * 6 + ["l"] * 4,
        "region": ["n", "s", "n", "s", "n", "n", "s", "s", "n", "s"],
        "staff": [2.0, 4, 3, 5, 9, 1, 40, 70, 30, 90],
    }
)
SIZE = {"s": 0.5, "l": 0.5}
REGION = {"n": 0.4, "s": 0.6}


def test_weights_of_any_size_have_an_effective_base() -> None:
    assert effective_base([1e200, 3e200]) == pytest.approx(1.6)
    assert deff_kish([0.0, 2.0, 2.0]) == 1.0
    assert weighting_efficiency([0.0, 2.0, 2.0]) == 100.0


@pytest.mark.parametrize("bad", [[0.0, 0.0], [1.0, -1.0], [np.nan, 1.0], [np.inf, 1.0]])
def test_weights_without_an_effective_base(bad: list[float]) -> None:
    with pytest.raises(WeightingError, match="weights of 0 or more"):
        effective_base(bad)


def test_margin_table_by_hand() -> None:
    table = margin_table(rake(FIRMS, {"size": SIZE, ("size", "region"): CROSSED}))
    assert table["margin"].tolist() == ["size"] * 2 + ["size x region"] * 4
    assert table["unweighted"].tolist() == [0.6, 0.4, 0.4, 0.2, 0.1, 0.3]
    assert table["target"].tolist() == [0.5, 0.5, 0.3, 0.2, 0.1, 0.4]
    assert table["difference"].abs().max() <= 1e-10
    # In a crossed cell all weights are equal.
    assert table["base_effective"][2:].tolist() == pytest.approx([4, 2, 1, 3])
    # Four weights of 0.75 and two of 1: 5^2 / (4 * 0.75^2 + 2).
    assert table["base_effective"][0] == pytest.approx(25 / 4.25)


CROSSED = {("s", "n"): 0.3, ("s", "s"): 0.2, ("l", "n"): 0.1, ("l", "s"): 0.4}


def test_respondents_with_base_weight_0_do_not_count() -> None:
    more = pd.concat([FIRMS, FIRMS.iloc[[0, 9]]], ignore_index=True)
    base = pd.Series([1.0] * 10 + [0.0] * 2)
    margins = {"size": SIZE, "region": REGION}
    made = calibrate(more, margins, {"staff": 300}, population=10, base_weight=base)
    alone = calibrate(FIRMS, margins, {"staff": 300}, population=10)
    pd.testing.assert_frame_equal(margin_table(made), margin_table(alone))
    pd.testing.assert_frame_equal(total_table(made), total_table(alone))
    assert margin_table(made)["base_unweighted"].tolist() == [6, 4, 5, 5]


def test_total_table_by_hand() -> None:
    made = calibrate(
        FIRMS, {"size": SIZE}, {"staff": 320}, population=10, distance="linear"
    )
    (row,) = total_table(made).to_dict("records")
    assert row["name"] == "staff"
    assert row["target"] == 32
    assert row["unweighted"] == pytest.approx(25.4)
    assert row["weighted"] == pytest.approx(32)
    assert row["difference"] == pytest.approx(0, abs=1e-9)


def test_a_miss_is_shown() -> None:
    made = calibrate(FIRMS, {"size": SIZE}, {"staff": 320}, population=10)
    equal = replace(made, weight=pd.Series(1.0, index=FIRMS.index))
    assert total_table(equal)["difference"].tolist() == pytest.approx([25.4 - 32])
    assert margin_table(equal)["difference"].tolist() == pytest.approx([0.1, -0.1])


def test_weights_that_meet_nothing_have_empty_tables() -> None:
    weight = pd.Series([1.0, 1.0])
    made = Weighting(weight, weight, (), 0, 0.0)
    filled = rake(FIRMS, {"size": SIZE})
    assert margin_table(made).empty
    assert list(margin_table(made)) == list(margin_table(filled))
    assert total_table(made).empty
    assert list(total_table(made)) == list(total_table(filled))

import numpy as np
import pandas as pd
import pytest

from survey.errors import WeightingError
from survey.weighting.distribution import (
    QUANTILES,
    largest_weights,
    weight_histogram,
    weight_summary,
)
from survey.weighting.rake import rake
from survey.weighting.weighting import Weighting

FIRMS = pd.DataFrame(
    {
        "size": ["s"] * 6 + ["l"] * 4,
        "region": ["n", "s", "n", "s", "n", "n", "s", "s", "n", "s"],
    },
    index=[f"f{k}" for k in range(10)],
)
MARGINS = {"size": {"s": 0.5, "l": 0.5}, "region": {"n": 0.4, "s": 0.6}}


def _weighting(weight: list[float]) -> Weighting:
    series = pd.Series(weight)
    return Weighting(series, pd.Series(1.0, index=series.index), (), 0, 0.0)


def test_summary_by_hand() -> None:
    found = weight_summary(_weighting([0.05, 0.25, 0.7, 1.0, 1.0, 3.0, 0.0]))
    assert (found.respondents, found.total, found.mean) == (6, 6.0, 1.0)
    assert (found.smallest, found.largest, found.ratio) == (0.05, 3.0, 60.0)
    squares = 0.0025 + 0.0625 + 0.49 + 1 + 1 + 9
    assert found.base_effective == pytest.approx(36 / squares)
    assert found.deff == pytest.approx(squares / 6)
    assert found.cv == pytest.approx((squares / 6 - 1) ** 0.5)
    assert found.cv == pytest.approx(np.std([0.05, 0.25, 0.7, 1, 1, 3]))
    assert found.efficiency == pytest.approx(600 / squares)
    assert (found.below_tenth, found.below_three_tenths) == (1 / 6, 2 / 6)
    # A weight of exactly three times the mean is not above it.
    assert (found.above_three, found.above_five) == (0, 0)
    assert len(found.quantiles) == len(QUANTILES)
    assert found.quantiles[0] == 0.05
    assert found.quantiles[QUANTILES.index(50)] == pytest.approx(0.85)
    assert found.quantiles[-1] == 3.0


def test_equal_weights() -> None:
    found = weight_summary(_weighting([0.1] * 7))
    assert (found.cv, found.ratio, found.above_three) == (0, 1, 0)
    assert found.deff == pytest.approx(1)


@pytest.mark.parametrize("bad", [[0.0], [1.0, -0.5], [1.0, np.nan]])
def test_weights_that_cannot_be_summed_up(bad: list[float]) -> None:
    with pytest.raises(WeightingError, match="weights of 0 or more"):
        weight_summary(_weighting(bad))
    with pytest.raises(WeightingError, match="weights of 0 or more"):
        weight_histogram(bad)


def test_histogram_counts_everyone_once() -> None:
    random = np.random.default_rng(3)
    narrow, wide = random.uniform(0.5, 2, 500), random.lognormal(0, 1.5, 500)
    for weight, log in ((narrow, False), (wide, True)):
        found = weight_histogram(weight, bins=12)
        assert found.log is log
        assert found.counts.sum() == 500
        assert (found.edges.size, found.counts.size) == (13, 12)
        steps = np.diff(np.log(found.edges) if log else found.edges)
        np.testing.assert_allclose(steps, steps[0], rtol=1e-9)
        assert (found.edges[0], found.edges[-1]) == (weight.min(), weight.max())


def test_histogram_by_hand() -> None:
    found = weight_histogram([1.0, 2.0, 2.5, 5.0, 0.0], bins=2)
    assert (found.edges.tolist(), found.counts.tolist()) == ([1, 3, 5], [3, 1])
    assert weight_histogram([1.0, 1.0], bins=3).counts.sum() == 2
    with pytest.raises(
        WeightingError, match="a histogram needs a bin, and was given 0"
    ):
        weight_histogram([1.0], bins=0)


def test_largest_weights_are_different_weights() -> None:
    made = rake(FIRMS, MARGINS)
    table = largest_weights(made)
    # 4 x 0.75 + 2 = 5 small, 1 + 3 x 4/3 = 5 large; 4 x 0.75 + 1 = 4 in the north; and
    # the odds are those of the sample: 0.75 x 4/3 = 1 x 1.
    assert table["weight"].tolist() == pytest.approx([4 / 3, 1, 1, 0.75])
    assert table["respondent"].tolist() == ["f6", "f1", "f8", "f0"]
    assert table["count"].tolist() == [3, 2, 1, 4]
    assert table["size"].tolist() == ["l", "s", "l", "s"]
    assert table["region"].tolist() == ["s", "s", "n", "n"]
    np.testing.assert_allclose(table["factor"], table["weight"], rtol=1e-12)
    assert largest_weights(made, 2)["respondent"].tolist() == ["f6", "f1"]


def test_base_weights_of_the_largest() -> None:
    base = pd.Series([1.0] * 9 + [4.0], index=FIRMS.index)
    base["f0"] = 0.0
    made = rake(FIRMS, {"size": MARGINS["size"]}, base_weight=base)
    table = largest_weights(made)
    # Large firms weigh 7 before and 4.5 after; nine count, whose mean is 12 / 9.
    assert table["respondent"].tolist() == ["f9", "f1", "f6"]
    assert table["count"].tolist() == [1, 5, 3]
    assert table["weight"].tolist() == pytest.approx([4 * 4.5 / 7, 0.9, 4.5 / 7])
    assert table["base_weight"].tolist() == pytest.approx([3, 0.75, 0.75])
    assert table["factor"].tolist() == pytest.approx([6 / 7, 1.2, 6 / 7])


def test_equal_weights_of_two_cells_are_two_rows() -> None:
    made = rake(FIRMS, {"size": {"s": 0.6, "l": 0.4}})
    table = largest_weights(made)
    assert table["weight"].tolist() == pytest.approx([1, 1])
    assert sorted(zip(table["size"], table["count"], strict=True)) == [
        ("l", 4),
        ("s", 6),
    ]


def test_no_margins_and_no_rows() -> None:
    table = largest_weights(_weighting([2.0, 2.0, 0.5]))
    assert table["count"].tolist() == [2, 1]
    assert list(table)[-1] == "factor"
    with pytest.raises(WeightingError, match="0 largest weights are no list"):
        largest_weights(_weighting([1.0]), 0)

"""Base weights: any scale, any order, and what cannot be one."""

import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError, RakingError
from survey.weighting.base import (
    check_tolerance,
    find_base,
    mean_one,
    one_column,
    read_numbers,
)
from survey.weighting.calibrate import calibrate
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake
from survey.weighting.trim import trim_weights

HALF = {"size": {"s": 0.5, "l": 0.5}}


def test_base_weights_in_any_order_and_of_an_earlier_step() -> None:
    frame = pd.DataFrame({"size": ["s", "l", "s"]}, index=["a", "b", "c"])
    base = pd.Series([6.0, 2.0, 4.0], index=["c", "a", "b"])
    assert find_base(frame, base).weight.tolist() == [0.5, 1.0, 1.5]
    made = rake(frame, {"size": {"s": 0.5, "l": 0.5}}, base_weight=base)
    turned = find_base(frame.iloc[::-1], made)
    assert turned.made is made
    np.testing.assert_allclose(turned.weight, made.weight.to_numpy()[::-1])


def test_base_weights_that_cannot_be_used() -> None:
    frame = pd.DataFrame({"size": ["s", "l"]})
    with pytest.raises(RakingError, match="no respondents"):
        find_base(frame.head(0), None)
    with pytest.raises(RakingError, match="'w' is not among the columns"):
        find_base(frame, "w")
    with pytest.raises(RakingError, match="are 0 for all 2 respondents"):
        find_base(frame, pd.Series([0.0, 0.0]))
    with pytest.raises(RakingError, match="for 1 of 2 respondents"):
        find_base(frame, pd.Series([1.0], index=[0]))


def test_the_mean_is_that_of_those_who_count() -> None:
    assert mean_one(np.array([0.0, 2.0, 6.0])).tolist() == [0.0, 0.5, 1.5]


@pytest.mark.parametrize("weight", [1e308, 1e-300, 2.0**62])
def test_weights_of_any_size_have_mean_one(weight: float) -> None:
    frame = pd.DataFrame({"w": [weight] * 4})
    np.testing.assert_allclose(find_base(frame, "w").weight, 1.0, rtol=1e-15)


def test_texts_with_a_decimal_comma_are_numbers() -> None:
    texts = pd.Series(["0,5", "1.000,5", " 2 ", None, "x"], index=[1, 1, 2, 3, 4])
    found = read_numbers(texts)
    np.testing.assert_array_equal(found, [0.5, 1000.5, 2.0, np.nan, np.nan])
    frame = pd.DataFrame({"size": ["s", "l"], "w": ["0,5", "1,5"], "n": ["1,5", "4"]})
    assert find_base(frame, "w").weight.tolist() == [0.5, 1.5]
    made = calibrate(frame, totals={"n": 20}, population=8)
    np.testing.assert_allclose(made.weight, [1.2, 0.8], rtol=1e-9)


def test_what_is_no_series_is_refused_by_its_kind() -> None:
    frame = pd.DataFrame({"size": ["s", "l"]})
    with pytest.raises(RakingError, match="base_weight is a ndarray"):
        find_base(frame, np.ones(2))  # type: ignore[arg-type]


def test_the_start_keeps_the_scale_that_it_came_in() -> None:
    frame = pd.DataFrame({"size": ["s", "s", "l"], "back": 1, "w": [10.0, 20.0, 90.0]})
    first = adjust_nonresponse(frame, "back", "size", base_weight="w")
    second = rake(frame, HALF, base_weight=first)
    third = calibrate(frame, HALF, base_weight=second, limits=(0.1, 5))
    for made in (first, second, third, trim_weights(third, upper=3)):
        assert made.start.tolist() == [10.0, 20.0, 90.0]
    assert trim_weights(frame["w"], upper=80).start.tolist() == [10.0, 20.0, 90.0]


def test_a_step_follows_a_step_where_ids_occur_twice() -> None:
    frame = pd.DataFrame(
        {"size": ["s", "s", "l"], "back": 1, "w": [1.0, 2.0, 3.0]}, index=[7, 7, 8]
    )
    first = rake(frame, HALF, base_weight="w")
    for made in (
        rake(frame, HALF, base_weight=first),
        calibrate(frame, HALF, base_weight=first, limits=(0.1, 5)),
        adjust_nonresponse(frame, "back", "size", base_weight=first),
    ):
        assert made.start.tolist() == [1.0, 2.0, 3.0]
        assert made.again is not None
        again = made.again(np.array([1.0, 2.0, 3.0]))
        np.testing.assert_allclose(again, made.weight, rtol=1e-12)


@pytest.mark.parametrize("tolerance", [0.0, -1.0, float("nan")])
def test_a_gap_that_nothing_keeps_is_refused(tolerance: float) -> None:
    frame = pd.DataFrame({"size": ["s", "l"]})
    with pytest.raises(RakingError, match="is no number above 0"):
        check_tolerance(tolerance)
    for fit in (rake, calibrate):
        with pytest.raises(RakingError, match="is no number above 0"):
            fit(frame, HALF, tolerance=tolerance)


def test_a_column_that_is_there_twice() -> None:
    frame = pd.DataFrame([[1, 2]], columns=["w", "w"])
    with pytest.raises(MarginError, match="there are 2 columns 'w'"):
        one_column(frame, "w")

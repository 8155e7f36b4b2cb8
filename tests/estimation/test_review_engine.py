"""Odd data and call forms: one number, or one message that says what to do."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import DesignError, EstimationError, QuestionError
from survey.estimation.contrast import contrast, difference
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.estimation.quantile import quantile
from survey.estimation.ratio import ratio
from survey.estimation.regression import regression
from survey.weighting.weighting import Weighting

WEIGHTED = SurveyDesign(weight="w", strata="s", psu="p")


@pytest.fixture(scope="module")
def firms() -> pd.DataFrame:
    rng = np.random.default_rng(7)
    size = 240
    return pd.DataFrame(
        {
            "uses": rng.choice(["no", "some", "yes"], size),
            "region": rng.integers(1, 4, size),
            "cost": rng.normal(size=size),
            "staff": rng.integers(1, 9, size).astype(float),
            "w": np.exp(rng.normal(size=size)),
            "s": rng.integers(0, 4, size),
            "p": rng.integers(0, 5, size),
        }
    )


@pytest.mark.parametrize("kind", ["Int64", "Float64", "int8", "string", "category"])
def test_the_type_of_a_column_changes_nothing(firms: pd.DataFrame, kind: Any) -> None:
    typed = firms.assign(region=firms["region"].astype(kind), s=firms["s"].astype(kind))
    pd.testing.assert_frame_equal(
        proportion(typed, "uses", by="region", design=WEIGHTED),
        proportion(firms, "uses", by="region", design=WEIGHTED),
    )


def test_design_columns_are_matched_by_index(firms: pd.DataFrame) -> None:
    shuffled = firms.sample(frac=1, random_state=1)
    design = SurveyDesign(weight=firms["w"], strata=firms["s"], psu=firms["p"])
    pd.testing.assert_frame_equal(
        proportion(shuffled, "uses", by="region", design=design),
        proportion(firms, "uses", by="region", design=WEIGHTED),
    )


def test_a_repeated_index_is_no_obstacle(firms: pd.DataFrame) -> None:
    repeated = firms.set_index(np.zeros(len(firms), dtype=int))
    design = SurveyDesign(weight=repeated["w"], strata="s", psu="p")
    pd.testing.assert_frame_equal(
        mean(repeated, "cost", by="region", design=design),
        mean(firms, "cost", by="region", design=WEIGHTED),
    )


@pytest.mark.parametrize(
    "estimate",
    [
        lambda data: mean(data, "cost"),
        lambda data: total(data, "cost"),
        lambda data: quantile(data, "cost"),
        lambda data: ratio(data, "cost", "staff"),
        lambda data: regression(data, "cost ~ staff"),
    ],
)
def test_infinite_numbers_do_not_leave_the_base_unseen(
    firms: pd.DataFrame, estimate: Callable[[pd.DataFrame], Any]
) -> None:
    infinite = firms.assign(cost=firms["cost"].where(firms.index != 5, np.inf))
    with pytest.raises(QuestionError, match=r"infinite for 1 of 240 .*ids 5"):
        estimate(infinite)


@pytest.mark.parametrize(
    "estimate",
    [
        lambda data: proportion(data, "uses", by="region"),
        lambda data: mean(data, "cost", by=["region"]),
        lambda data: ratio(data, "cost", "staff", by="region"),
        lambda data: difference(data, "uses", by=["s", "region"]),
    ],
)
def test_domains_that_nobody_answered_are_no_total(
    firms: pd.DataFrame, estimate: Callable[[pd.DataFrame], Any]
) -> None:
    with pytest.raises(EstimationError, match=r"nobody has an answer to .*'region'"):
        estimate(firms.assign(region=np.nan))


def test_a_number_as_name_of_a_domain_is_a_name(firms: pd.DataFrame) -> None:
    numbered = firms.rename(columns={"region": 0})
    name: Any = 0
    found = proportion(numbered, "uses", by=name)
    assert found["domain"].unique().tolist() == ["1", "2", "3"]


def test_a_coefficient_is_named_once(firms: pd.DataFrame) -> None:
    twice: Any = {1: 1.0, "1": -1.0}
    with pytest.raises(EstimationError, match="name '1' twice"):
        contrast(firms, "uses", twice, by="region")


def test_coefficients_are_numbers(firms: pd.DataFrame) -> None:
    words: Any = {"1": "one", "2": -1.0}
    with pytest.raises(EstimationError, match=r"1 of 2 coefficients .*'1'"):
        contrast(firms, "uses", words, by="region")


@pytest.fixture(scope="module")
def lonely() -> pd.DataFrame:
    """Stratum 1 has numbers that are all 0, and stratum 3 has one PSU."""
    return pd.DataFrame(
        {
            "s": [1] * 4 + [2] * 4 + [3] * 2,
            "p": [1, 1, 2, 2, 1, 1, 2, 2, 1, 1],
            "g": ["a", "b"] * 5,
            "y": [0.0, 0, 0, 0, 3, 4, 6, 1, 2, 2],
        }
    )


def test_zeros_share_in_the_average_of_strata(lonely: pd.DataFrame) -> None:
    # Domain a: PSU totals 0 and 0, 3 and 6, and one PSU alone. Two strata give
    # 0 + 2 / 1 * (1.5^2 + 1.5^2) = 9, and three count for the two of them.
    design = SurveyDesign(strata="s", psu="p", lonely_psu="average")
    table = total(lonely, "y", by="g", design=design)
    one = contrast(lonely, "y", {"a": 1}, by="g", statistic="total", design=design)
    expected = pytest.approx(np.sqrt(9 * 3 / 2), rel=1e-12)
    assert table["std_error"].tolist()[0] == expected
    assert one["std_error"].tolist() == [expected]


@pytest.mark.parametrize("method", ["brr", "jk1", "bootstrap"])
def test_the_coefficient_of_fay_needs_the_method_of_fay(
    firms: pd.DataFrame, method: Any
) -> None:
    weights = np.random.default_rng(3).uniform(0, 2, (len(firms), 8))
    design = SurveyDesign(weight="w", replicate_weights=weights, method=method, rho=0.5)
    with pytest.raises(DesignError, match=r"rho is 0\.5"):
        proportion(firms, "uses", design=design)


def test_replicate_weights_of_any_form_are_the_same(firms: pd.DataFrame) -> None:
    weights = np.random.default_rng(3).integers(0, 2, (len(firms), 8))
    forms: list[Any] = [
        weights,
        weights.astype(bool),
        weights.astype(object),
        pd.DataFrame(weights, columns=["rep"] * 8),
        list(weights.T),
    ]
    errors = [
        proportion(
            firms,
            "uses",
            design=SurveyDesign(
                weight="w", replicate_weights=form, method="brr", combined=False
            ),
        )["std_error"].tolist()
        for form in forms
    ]
    assert errors[0][0] > 0
    assert all(each == errors[0] for each in errors[1:])


def test_a_seed_is_not_negative(firms: pd.DataFrame) -> None:
    design = SurveyDesign(weight="w", psu="p", method="bootstrap", seed=-1)
    with pytest.raises(DesignError, match="seed is -1"):
        proportion(firms, "uses", design=design)


@pytest.mark.parametrize("design", ["w", {"first": SurveyDesign()}])
def test_a_design_is_a_survey_design(firms: pd.DataFrame, design: Any) -> None:
    with pytest.raises(DesignError, match="Give one SurveyDesign"):
        proportion(firms, "uses", design=design)


def test_the_weights_of_a_weighting_are_checked(firms: pd.DataFrame) -> None:
    broken = firms["w"].where(firms.index != 3)
    weighting = Weighting(broken, firms["w"], (), 0, 0.0)
    with pytest.raises(DesignError, match="missing or infinite for 1 of 240"):
        proportion(firms, "uses", design=SurveyDesign(weight=weighting))


def test_where_with_a_repeated_index_is_refused(firms: pd.DataFrame) -> None:
    where = pd.Series(data=True, index=np.zeros(len(firms), dtype=int))
    with pytest.raises(EstimationError, match="index has duplicates"):
        regression(firms, "cost ~ staff", where=where)

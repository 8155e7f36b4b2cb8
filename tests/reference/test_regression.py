"""Regression, term tests and marginal effects equal those of R survey."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.regression import Regression, regression
from survey.weighting.rake import rake

EXPORTS = Path(__file__).parents[3] / "shared" / "exports" / "r_survey"
SAME = {"rtol": 1e-9, "atol": 1e-14}
SIZE = {"size": {"large": 250, "medium": 850, "small": 1400}}
NAMES = (
    *("equal", "weighted", "stratified", "clustered", "corrected"),
    *("calibrated", "domain"),
)
MODELS = {
    "linear": "cost ~ size + yes",
    "mixed": "cost ~ size * yes",
    "plain": "uses ~ region + cost",
    "crossed": "uses ~ size * cost",
    "curved": "uses ~ log(cost + 1) + I(cost ** 2)",
}
# Every refit takes R a while, so one model has to do for replicates.
FITS = [
    *((name, model) for name in NAMES for model in MODELS),
    ("jackknife", "crossed"),
]
LOGISTIC = ("plain", "crossed", "curved")


@pytest.fixture(scope="module")
def fitted(
    wave: pd.DataFrame, designs: dict[str, SurveyDesign]
) -> Callable[[str, str], Regression]:
    answered = wave["uses"].notna()
    data = wave.assign(yes=(wave["uses"] == "yes").astype(float).where(answered))
    clustered = designs["clustered"]
    weighting = rake(data, SIZE, base_weight="w", tolerance=1e-14)
    every = {
        **designs,
        "calibrated": replace(clustered, weight=weighting),
        "domain": clustered,
        "jackknife": replace(clustered, method="jkn"),
    }

    def run(name: str, model: str) -> Regression:
        return regression(
            data,
            MODELS[model],
            event="yes" if model in LOGISTIC else (),
            design=every[name],
            where=data["stratum"] != "w" if name == "domain" else None,
        )

    return run


@pytest.mark.parametrize(("name", "model"), FITS)
def test_coefficients(
    name: str,
    model: str,
    fitted: Callable[[str, str], Regression],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("regression")[name][model]
    ours = fitted(name, model)
    assert ours.degrees_of_freedom == theirs["degrees_of_freedom"]
    assert ours.used == theirs["used"]
    columns = ("estimate", "std_error", "statistic", "conf_low", "conf_high")
    for column in columns:
        found = ours.coefficients[column]
        np.testing.assert_allclose(found, theirs[column], err_msg=column, **SAME)
    found = ours.coefficients["p_value"]
    np.testing.assert_allclose(found, theirs["p_value"], rtol=1e-8)
    np.testing.assert_allclose(ours.covariance, theirs["covariance"], **SAME)


@pytest.mark.parametrize(("name", "model"), FITS)
def test_term_tests(
    name: str,
    model: str,
    fitted: Callable[[str, str], Regression],
    reference: Callable[[str], Any],
) -> None:
    theirs = pd.DataFrame(reference("regression")[name][model]["tests"])
    ours = fitted(name, model).tests
    for column in ("statistic", "ndf", "ddf", "p_value"):
        np.testing.assert_allclose(
            ours[column], theirs[column], rtol=1e-8, err_msg=column
        )


@pytest.mark.parametrize(("name", "model"), FITS)
def test_average_marginal_effects(
    name: str,
    model: str,
    fitted: Callable[[str, str], Regression],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("regression")[name][f"{model}_effects"]
    ours = fitted(name, model).effects
    np.testing.assert_allclose(ours[["estimate", "std_error"]], theirs, **SAME)


@pytest.mark.parametrize("model", LOGISTIC)
def test_odds_ratios_are_exponentials(
    model: str,
    fitted: Callable[[str, str], Regression],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("regression")["clustered"][model]
    ours = fitted("clustered", model).coefficients
    ends = {"odds_ratio": "estimate", "odds_low": "conf_low", "odds_high": "conf_high"}
    for ratio, end in ends.items():
        np.testing.assert_allclose(ours[ratio], np.exp(theirs[end]), rtol=1e-9)


STRAT = ("apistrat", SurveyDesign(weight="pw", strata="stype", fpc="fpc"))
CLUS = ("apiclus1", SurveyDesign(weight="pw", psu="dnum", fpc="fpc"))
NHANES = (
    "nhanes",
    SurveyDesign(weight="WTMEC2YR", strata="SDMVSTRA", psu="SDMVPSU"),
)


@pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="../shared/exports/r_survey is not here"
)
@pytest.mark.parametrize(
    ("key", "source", "formula"),
    [
        ("strat_linear", STRAT, "api00 ~ ell + meals + mobility"),
        ("strat_logistic", STRAT, "sch.wide ~ ell + meals + mobility"),
        ("strat_crossed", STRAT, "api00 ~ stype * ell"),
        ("clus_linear", CLUS, "api00 ~ stype + meals"),
        ("clus_logistic", CLUS, "sch.wide ~ ell + meals"),
        ("nhanes_logistic", NHANES, "HI_CHOL ~ C(race) + agecat + RIAGENDR"),
    ],
)
def test_api_and_nhanes(
    key: str,
    source: tuple[str, SurveyDesign],
    formula: str,
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("regression_api")[key]
    name, design = source
    ours = regression(pd.read_csv(EXPORTS / f"{name}.csv"), formula, design=design)
    assert ours.used == theirs["used"]
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(ours.coefficients[column], theirs[column], **SAME)
    found = ours.coefficients["p_value"]
    np.testing.assert_allclose(found, theirs["p_value"], rtol=1e-8)
    tests = pd.DataFrame(theirs["tests"])
    for column in ("statistic", "ndf", "ddf", "p_value"):
        np.testing.assert_allclose(ours.tests[column], tests[column], rtol=1e-8)

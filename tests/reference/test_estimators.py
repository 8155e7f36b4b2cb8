"""Ratios, quantiles, contrasts and the likelihood interval equal those of R survey."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.contrast import contrast, difference
from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import proportion
from survey.estimation.quantile import quantile
from survey.estimation.quantile_rules import QuantileRule, weighted_quantiles
from survey.estimation.ratio import ratio
from survey.responses.bind import bind

# R writes 15 digits; sums over 360 respondents lose two or three of them.
SAME = {"rtol": 1e-9, "atol": 1e-14}
# Intervals and tests, whose distributions are computed by other code.
CLOSE = {"rtol": 1e-8, "atol": 1e-12}
# R interpolates the likelihood interval between points of its profile.
PROFILED = {"rtol": 2e-5}
DESIGNS = ("equal", "weighted", "stratified", "clustered", "corrected")
PROBABILITIES = [0.1, 0.25, 0.5, 0.75, 0.9]
QUANTILE_COLUMNS = ["estimate", "conf_low", "conf_high", "std_error"]


@pytest.fixture(scope="module")
def numbers(wave: pd.DataFrame) -> pd.DataFrame:
    """Columns of estimators.R, from the same formula."""
    i = np.arange(1, len(wave) + 1)
    staff = 1.0 + (i * 5 + (i // 7) * 11 + (i * i) % 11) % 37
    missing = (i * 19 + (i // 7) * 2 + (i * i) % 11) % 23 == 0
    return wave.assign(
        staff=np.where(missing, np.nan, staff), amount=wave["cost"] + np.sqrt(i) / 10
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_ratios(
    name: str,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["ratio"]
    ours = ratio(numbers, "cost", "staff", design=designs[name]).loc[0]
    columns = ["estimate", "std_error", "deff"]
    for column in [*columns, "degrees_of_freedom"]:
        np.testing.assert_allclose(ours[column], theirs[column], **SAME)
    ends = [ours["conf_low"], ours["conf_high"]]
    np.testing.assert_allclose(ends, theirs["interval"], **CLOSE)
    by = ratio(numbers, "cost", "staff", by="region", design=designs[name])
    by = by.set_index("domain").loc[theirs["domain"]]
    np.testing.assert_allclose(by["estimate"], theirs["domain_estimate"], **SAME)
    np.testing.assert_allclose(by["std_error"], theirs["domain_error"], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("interval", ["mean", "beta", "xlogit", "asin"])
def test_quantiles(
    name: str,
    interval: Any,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["quantile"]["interval"][interval]
    ours = quantile(
        numbers, "amount", PROBABILITIES, design=designs[name], interval=interval
    )
    assert ours["code"].tolist() == [str(p) for p in PROBABILITIES]
    np.testing.assert_allclose(ours[QUANTILE_COLUMNS], theirs, **CLOSE)


@pytest.mark.parametrize("name", DESIGNS)
def test_quantiles_of_domains_and_ties(
    name: str,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["quantile"]
    ours = quantile(numbers, "amount", PROBABILITIES, by="size", design=designs[name])
    for domain, table in theirs["domain"].items():
        found = ours.loc[ours["domain"] == domain, QUANTILE_COLUMNS]
        np.testing.assert_allclose(found, table, **CLOSE)
    ties = quantile(numbers, "cost", PROBABILITIES, design=designs[name])
    np.testing.assert_allclose(ties[QUANTILE_COLUMNS], theirs["ties"], **CLOSE)


@pytest.mark.parametrize(
    "rule",
    ["math", "school", "shahvaish", *(f"hf{k}" for k in range(1, 10))],
)
def test_quantile_rules(
    rule: QuantileRule, numbers: pd.DataFrame, reference: Callable[[str], Any]
) -> None:
    theirs = reference("estimators")["rules"][rule]
    answered = numbers[numbers["cost"].notna()]
    weight = answered["w"].to_numpy()
    samples = {
        "amount": (answered["amount"].to_numpy(), weight),
        "ties": (answered["cost"].to_numpy(), weight),
        "met": (np.arange(1.0, 41.0), np.ones(40)),
        "odd": (np.arange(1.0, 31.0), np.ones(30)),
    }
    for sample, (value, of_sample) in samples.items():
        ours = weighted_quantiles(value, of_sample, np.array(PROBABILITIES), rule)
        np.testing.assert_allclose(ours, theirs[sample], **CLOSE)


def _check_test(row: pd.Series, theirs: dict[str, float]) -> None:
    np.testing.assert_allclose(row["estimate"], theirs["estimate"], rtol=1e-9)
    np.testing.assert_allclose(row["std_error"], theirs["std_error"], rtol=1e-9)
    if "p_value" in theirs:
        np.testing.assert_allclose(row["p_value"], theirs["p_value"], rtol=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("statistic", ["mean", "total"])
def test_differences_of_numbers(
    name: str,
    statistic: Any,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["contrast"]
    design, of = designs[name], ("small", "large")
    ours = difference(
        numbers, "cost", by="size", of=of, statistic=statistic, design=design
    )
    _check_test(ours.loc[0], theirs[statistic])
    if statistic == "mean":
        _check_test(ours.loc[0], theirs["regression"])


@pytest.mark.parametrize("name", DESIGNS)
def test_differences_of_shares(
    name: str,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["contrast"]
    of = ("medium", "large")
    ours = difference(numbers, "uses", by="size", of=of, design=designs[name])
    ours = ours.set_index("code")
    for code, found in theirs["share"].items():
        _check_test(ours.loc[code], found)
    codes = {"yes": 1.0, "planned": 0.5, "no": -1.0}
    across = contrast(numbers, "uses", codes, design=designs[name])
    _check_test(across.loc[0], theirs["codes"])


@pytest.mark.parametrize("name", DESIGNS)
def test_difference_of_overlapping_domains(
    name: str,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
    questionnaire: Callable[..., Any],
    raw_table: Callable[..., Any],
) -> None:
    theirs = reference("estimators")[name]["contrast"]["overlap"]
    given = designs[name]
    columns = {
        "cost": ["" if np.isnan(c) else str(c) for c in numbers["cost"]],
        "m_a": np.where(numbers["size"] != "large", "Y", "N"),
        "m_b": np.where(numbers["size"] != "small", "Y", "N"),
    }
    categories = [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}]
    multiple = {
        "id": "m",
        "kind": "multiple",
        "label": "M",
        "categories": categories,
    }
    cost = {"id": "cost", "kind": "numeric", "label": "Cost"}
    data = bind(raw_table(columns), questionnaire(multiple, cost))
    arrays = {
        part: numbers[column].to_numpy()
        for part in ("weight", "strata", "psu", "fpc")
        if (column := getattr(given, part)) is not None
    }
    design = SurveyDesign(**arrays)
    ours = difference(
        data, "cost", by="m", of=("a", "b"), statistic="mean", design=design
    )
    _check_test(ours.loc[0], theirs)


@pytest.mark.parametrize("name", ["equal", "weighted"])
def test_contrast_of_svyby(
    name: str,
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["contrast"]["domains"]
    coefficients = {"small": 0.5, "medium": 0.5, "large": -1}
    ours = contrast(
        numbers,
        "cost",
        coefficients,
        by="size",
        statistic="mean",
        design=designs[name],
    )
    _check_test(ours.loc[0], theirs)


@pytest.mark.parametrize("name", DESIGNS)
def test_likelihood_interval(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")[name]["likelihood"]
    ours = proportion(wave, "uses", design=designs[name], interval="likelihood")
    ends = ours[["conf_low", "conf_high"]]
    np.testing.assert_allclose(ends, theirs["solved"], **CLOSE)
    np.testing.assert_allclose(ends, theirs["profiled"], **PROFILED)


def test_a_jackknife(
    numbers: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimators")["jackknife"]
    design = replace(designs["clustered"], method="jkn")
    by = ratio(numbers, "cost", "staff", by="region", design=design)
    by = by.set_index("domain").loc[theirs["domain"]]
    np.testing.assert_allclose(by["estimate"], theirs["ratio"], **SAME)
    np.testing.assert_allclose(by["std_error"], theirs["ratio_error"], **SAME)
    quantiles = quantile(numbers, "amount", PROBABILITIES, design=design)
    found = quantiles[QUANTILE_COLUMNS]
    np.testing.assert_allclose(found, theirs["quantile"], **CLOSE)
    coefficients = {"small": 0.5, "medium": 0.5, "large": -1}
    combined = contrast(
        numbers, "cost", coefficients, by="size", statistic="mean", design=design
    )
    _check_test(combined.loc[0], theirs["contrast"])

"""Estimates equal those of R survey on the synthetic wave."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total

# R writes 15 digits; sums over 360 respondents lose two or three of them.
SAME = {"rtol": 1e-9, "atol": 1e-14}
DESIGNS = ("equal", "weighted", "stratified", "clustered", "corrected")


@pytest.mark.parametrize("name", DESIGNS)
def test_shares_errors_and_design_effects(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimates")[name]["share"]
    ours = proportion(wave, "uses", design=designs[name])
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], **SAME)
    np.testing.assert_allclose(ours["std_error"], theirs["std_error"], **SAME)
    np.testing.assert_allclose(ours["deff"], theirs["deff"], **SAME)
    assert set(ours["degrees_of_freedom"]) == {theirs["degrees_of_freedom"]}


@pytest.mark.parametrize("name", DESIGNS)
def test_crossed_domains(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimates")[name]["domains"]
    ours = proportion(wave, "uses", by=["region", "size"], design=designs[name])
    for column in ("estimate", "std_error"):
        table = ours.pivot_table(index="domain", columns="code", values=column)
        table = table.loc[theirs["domain"]]
        np.testing.assert_allclose(table, theirs[column], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_and_totals(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimates")[name]["numbers"]
    average = mean(wave, "cost", design=designs[name]).loc[0]
    whole = total(wave, "cost", design=designs[name]).loc[0]
    counts = total(wave, "uses", design=designs[name])
    columns = ["estimate", "std_error", "deff"]
    names = [f"mean{part}" for part in ("", "_error", "_deff")]
    np.testing.assert_allclose(
        average[columns].astype(float), [theirs[n] for n in names], **SAME
    )
    names = [f"total{part}" for part in ("", "_error", "_deff")]
    np.testing.assert_allclose(
        whole[columns].astype(float), [theirs[n] for n in names], **SAME
    )
    np.testing.assert_allclose(counts["estimate"], theirs["count"], **SAME)
    np.testing.assert_allclose(counts["std_error"], theirs["count_error"], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
def test_means_of_domains(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("estimates")[name]["numbers"]
    ours = mean(wave, "cost", by="region", design=designs[name]).set_index("domain")
    ours = ours.loc[theirs["domain"]]
    np.testing.assert_allclose(ours["estimate"], theirs["domain_mean"], **SAME)
    np.testing.assert_allclose(ours["std_error"], theirs["domain_error"], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("method", ["logit", "xlogit", "beta", "arcsine", "wald"])
def test_intervals(
    name: str,
    method: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = np.array(reference("estimates")[name]["intervals"][method])
    ours = proportion(wave, "uses", design=designs[name], interval=method)
    # R finds the logit interval by an iterative fit that stops at 1e-8.
    close = {"rtol": 1e-7} if method == "logit" else SAME
    np.testing.assert_allclose(ours[["conf_low", "conf_high"]], theirs, **close)


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_lonely_psu_rules(
    rule: str, wave: pd.DataFrame, reference: Callable[[str], Any]
) -> None:
    theirs = reference("lonely")[rule]
    design = SurveyDesign(weight="w", strata="lonely", psu="psu", lonely_psu="fail")
    design = replace(design, lonely_psu=rule)
    ours = proportion(wave, "uses", design=design)
    np.testing.assert_allclose(ours["std_error"], theirs["std_error"], **SAME)
    by = proportion(wave, "uses", by="region", design=design)
    table = by.pivot_table(index="domain", columns="code", values="std_error")
    table = table.loc[theirs["domain"]]
    np.testing.assert_allclose(table, theirs["domain_error"], **SAME)

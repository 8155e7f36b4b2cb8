"""Raked weights, and the standard errors after them, equal those of R survey."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion
from survey.tabulation.rao_scott import rao_scott
from survey.weighting.rake import rake

MARGINS = {
    "size": {"large": 250, "medium": 850, "small": 1400},
    "region": {"east": 500, "far": 350, "north": 700, "south": 550, "west": 400},
}
DESIGNS = ("equal", "weighted", "stratified", "clustered", "corrected")
SAME = {"rtol": 1e-9, "atol": 1e-14}


def _raked(wave: pd.DataFrame, design: SurveyDesign) -> SurveyDesign:
    weighting = rake(wave, MARGINS, base_weight=design.weight, tolerance=1e-14)
    return replace(design, weight=weighting)


@pytest.mark.parametrize("name", DESIGNS)
def test_weights_and_estimates(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("weighting")["calibrated"][name]
    design = _raked(wave, designs[name])
    np.testing.assert_allclose(design.weight.weight, theirs["weight"], **SAME)
    ours = proportion(wave, "uses", design=design)
    for column in ("estimate", "std_error", "deff"):
        np.testing.assert_allclose(ours[column], theirs[column], **SAME)
    average = mean(wave, "cost", design=design).loc[0]
    assert average["estimate"] == pytest.approx(theirs["mean"], rel=1e-9)
    assert average["std_error"] == pytest.approx(theirs["mean_error"], rel=1e-9)


@pytest.mark.parametrize("name", DESIGNS)
def test_domains(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("weighting")["calibrated"][name]
    ours = proportion(wave, "uses", by="stratum", design=_raked(wave, designs[name]))
    table = ours.pivot_table(index="domain", columns="code", values="std_error")
    table = table.loc[theirs["domain"]]
    np.testing.assert_allclose(table, theirs["domain_error"], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
def test_rao_scott(
    name: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("weighting")["calibrated"][name]
    ours = rao_scott(wave, "uses", "stratum", design=_raked(wave, designs[name]))
    for field in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-8)


def test_rake_of_r_with_equal_base_weights(
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("weighting")["raked"]["equal"]
    design = _raked(wave, designs["equal"])
    np.testing.assert_allclose(design.weight.weight, theirs["weight"], **SAME)
    ours = proportion(wave, "uses", design=design)
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], **SAME)
    # R's rake regresses on the margins in ten rounds, which end near the solution.
    np.testing.assert_allclose(ours["std_error"], theirs["std_error"], rtol=1e-9)

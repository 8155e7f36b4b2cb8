"""Errors after calibration to numbers, and of replicates made again, are those of R."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.estimation.quantile import quantile
from survey.estimation.ratio import ratio
from survey.estimation.regression import regression
from survey.tabulation.rao_scott import rao_scott
from survey.weighting.calibrate import calibrate
from survey.weighting.weighting import Weighting

MARGINS = {"size": {"large": 450, "medium": 900, "small": 1150}}
TOTALS = {"i": 470_000.0}
FITS: dict[str, dict[str, Any]] = {
    "linear": {"distance": "linear"},
    "raking": {"distance": "raking"},
    "logit": {"distance": "logit", "limits": (0.4, 2.5)},
    "bounded": {"distance": "raking", "limits": (0.75, 1.35)},
}
CASES = [(design, fit) for design in ("clustered", "weighted") for fit in FITS]
SAME = {"rtol": 1e-8, "atol": 1e-12}


@pytest.fixture(scope="module")
def numbered(wave: pd.DataFrame) -> pd.DataFrame:
    return wave.assign(i=np.arange(1.0, len(wave) + 1))


def _calibrated(numbered: pd.DataFrame, fit: str) -> Weighting:
    return calibrate(
        numbered, MARGINS, TOTALS, base_weight="w", tolerance=1e-13, **FITS[fit]
    )


@pytest.mark.parametrize(("design", "fit"), CASES)
def test_estimates(
    design: str,
    fit: str,
    numbered: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("calibrated_totals")[design][fit]
    weighting = _calibrated(numbered, fit)
    np.testing.assert_allclose(weighting.weight, theirs["weight"], **SAME)
    given = replace(designs[design], weight=weighting)
    ours = proportion(numbered, "uses", design=given)
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(ours[column], theirs[column], **SAME)
    by = proportion(numbered, "uses", by="stratum", design=given)
    table = by.pivot_table(index="domain", columns="code", values="std_error")
    table = table.loc[theirs["domain"]]
    np.testing.assert_allclose(table, theirs["domain_error"], **SAME)
    average = mean(numbered, "cost", design=given).loc[0]
    assert average["estimate"] == pytest.approx(theirs["mean"], rel=1e-9)
    assert average["std_error"] == pytest.approx(theirs["mean_error"], rel=1e-8)
    of_both = ratio(numbered, "cost", "i", design=given).loc[0]
    assert of_both["estimate"] == pytest.approx(theirs["ratio"], rel=1e-9)
    assert of_both["std_error"] == pytest.approx(theirs["ratio_error"], rel=1e-8)


def test_respondents_who_were_left_out(
    numbered: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("calibrated_totals")["kept"]
    out = (numbered["i"] % 5 == 0) | (
        (numbered["stratum"] == "n") & (numbered["psu"] == 1)
    )
    weighting = calibrate(
        numbered,
        MARGINS,
        TOTALS,
        base_weight=numbered["w"].mask(out, 0.0),
        distance="linear",
        tolerance=1e-13,
    )
    design = replace(designs["clustered"], weight=weighting)
    # Ours have mean 1, and theirs sum to the population.
    unit = 2500 / int((~out).sum())
    for name, found, scale in (
        ("mean", mean(numbered, "cost", design=design).loc[0], 1.0),
        ("total", total(numbered, "cost", design=design).loc[0], unit),
        ("median", quantile(numbered, "cost", design=design).loc[0], 1.0),
    ):
        ours = found[["estimate", "std_error"]].to_numpy(dtype=float) * scale
        wanted = [theirs[name], theirs[f"{name}_error"]]
        np.testing.assert_allclose(ours, wanted, rtol=1e-8)
        assert found["degrees_of_freedom"] == theirs["degrees"]
    order = pd.CategoricalDtype(["e", "n", "s", "w"])
    assert theirs["terms"] == ["(Intercept)", "stratumn", "stratums", "stratumw"]
    data = numbered.astype({"stratum": order})
    model = regression(data, "cost ~ stratum", design=design)
    table = model.coefficients
    np.testing.assert_allclose(table["estimate"], theirs["coefficient"], rtol=1e-8)
    wanted = theirs["coefficient_error"]
    np.testing.assert_allclose(table["std_error"], wanted, rtol=1e-8)
    assert model.degrees_of_freedom == theirs["residual_df"]


@pytest.mark.parametrize(("design", "fit"), CASES)
def test_rao_scott(
    design: str,
    fit: str,
    numbered: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("calibrated_totals")[design][fit]
    given = replace(designs[design], weight=_calibrated(numbered, fit))
    ours = rao_scott(numbered, "uses", "stratum", design=given)
    assert ours.statistic == pytest.approx(theirs["statistic"], rel=1e-7)
    assert ours.ddf == pytest.approx(theirs["ddf"], rel=1e-8)


@pytest.mark.parametrize("fit", FITS)
def test_a_known_total_has_no_error(
    fit: str, numbered: pd.DataFrame, designs: dict[str, SurveyDesign]
) -> None:
    given = replace(designs["clustered"], weight=_calibrated(numbered, fit))
    known = mean(numbered, "i", design=given).loc[0]
    assert known["estimate"] == pytest.approx(188, rel=1e-10)
    assert known["std_error"] == pytest.approx(0, abs=1e-8)


def test_replicates_are_calibrated_again(
    numbered: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("calibrated_totals")["replicated"]
    design = replace(
        designs["clustered"], weight=_calibrated(numbered, "raking"), method="jkn"
    )
    average = mean(numbered, "cost", design=design).loc[0]
    assert average["estimate"] == pytest.approx(theirs["mean"], rel=1e-9)
    assert average["std_error"] == pytest.approx(theirs["mean_error"], rel=1e-8)
    ours = proportion(numbered, "uses", design=design)
    np.testing.assert_allclose(ours["estimate"], theirs["estimate"], **SAME)
    np.testing.assert_allclose(ours["std_error"], theirs["std_error"], **SAME)

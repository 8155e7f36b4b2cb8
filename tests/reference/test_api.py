"""Estimates and tests equal those of R survey on the api and nhanes data."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.tabulation.rao_scott import rao_scott

EXPORTS = Path(__file__).parents[3] / "shared" / "exports" / "r_survey"

pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="../shared/exports/r_survey is not here"
)

STRAT = ("apistrat", SurveyDesign(weight="pw", strata="stype", fpc="fpc"))
CLUS = ("apiclus1", SurveyDesign(weight="pw", psu="dnum", fpc="fpc"))
NHANES = (
    "nhanes",
    SurveyDesign(weight="WTMEC2YR", strata="SDMVSTRA", psu="SDMVPSU"),
)


def _read(name: str) -> pd.DataFrame:
    return pd.read_csv(EXPORTS / f"{name}.csv")


@pytest.mark.parametrize(
    ("key", "source", "estimator", "question", "by"),
    [
        ("strat_api00", STRAT, mean, "api00", None),
        ("strat_enroll", STRAT, total, "enroll", None),
        ("strat_wide", STRAT, proportion, "sch.wide", None),
        ("clus_api00", CLUS, mean, "api00", None),
        ("clus_wide", CLUS, proportion, "sch.wide", None),
        ("nhanes_mean", NHANES, mean, "HI_CHOL", None),
        ("nhanes_race", NHANES, mean, "HI_CHOL", "race"),
    ],
)
def test_estimates(
    key: str,
    source: tuple[str, SurveyDesign],
    estimator: Callable[..., pd.DataFrame],
    question: str,
    by: str | None,
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("api")[key]
    ours = estimator(_read(source[0]), question, by=by, design=source[1])
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(ours[column], np.ravel(theirs[column]), rtol=1e-9)


@pytest.mark.parametrize(
    ("key", "source", "row", "column"),
    [
        ("strat_test", STRAT, "stype", "sch.wide"),
        ("clus_test", CLUS, "stype", "sch.wide"),
        ("nhanes_test", NHANES, "HI_CHOL", "race"),
    ],
)
def test_rao_scott(
    key: str,
    source: tuple[str, SurveyDesign],
    row: str,
    column: str,
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("api")[key]
    ours = rao_scott(_read(source[0]), row, column, design=source[1])
    for field in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-8)

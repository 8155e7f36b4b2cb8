"""Designs on real data equal R survey: stages, fpc, replicates, calibration."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import mean, proportion, total
from survey.tabulation.rao_scott import rao_scott
from survey.weighting.rake import rake

EXPORTS = Path(__file__).parents[3] / "shared" / "exports" / "r_survey"

pytestmark = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="../shared/exports/r_survey is not here"
)

STRAT = {"weight": "pw", "strata": "stype", "fpc": "fpc"}
CLUS1 = {"weight": "pw", "psu": "dnum", "fpc": "fpc"}
CLUS2 = {"weight": "pw", "psu": ["dnum", "snum"]}
NHANES = {"weight": "WTMEC2YR", "strata": "SDMVSTRA", "psu": "SDMVPSU"}
FPC = {"weight": "weight", "strata": "stratid", "psu": "psuid", "fpc": "Nh"}
TYPES = {"E": 4421.0, "H": 755.0, "M": 1018.0}
MARGINS = {"stype": TYPES, "sch.wide": {"No": 1072.0, "Yes": 5122.0}}
HALF = np.array(
    [
        [1, 1, 0, 0],
        [0, 0, 1, 1],
        [1, 0, 1, 0],
        [0, 1, 0, 1],
        [1, 0, 0, 1],
        [0, 1, 1, 0],
    ]
)
BRR = {"replicate_weights": 2.0 * HALF, "method": "brr", "combined": False}
JK1 = {**CLUS1, "method": "jk1"}
JKN = {**STRAT, "method": "jkn"}
YRBS = {"weight": "weight", "strata": "stratum", "psu": "psu"}
HOSPITAL = {"weight": "weighta", "strata": "oblevel", "fpc": "tothosp"}
MU284 = {"weight": "w", "psu": ["id1", "id2"], "fpc": ["n1", "n2"]}


class Case(NamedTuple):
    """A file, its design, what is asked, and the margins that weights are raked to."""

    file: str
    design: dict[str, Any]
    number: str
    share: str = ""
    domain: str = ""
    margins: dict[str, Any] = {}  # noqa: RUF012 - nobody writes to it


CASES = {
    "strat": Case("apistrat", STRAT, "api00", "sch.wide", "stype"),
    "strat_jkn": Case("apistrat", JKN, "api00", "sch.wide", "awards"),
    "clus1": Case("apiclus1", CLUS1, "api00", "sch.wide", "stype"),
    "clus1_jk1": Case("apiclus1", JK1, "api00", "sch.wide", "stype"),
    "clus1_raked": Case("apiclus1", CLUS1, "enroll", "awards", "stype", MARGINS),
    "clus1_jk1_raked": Case("apiclus1", JK1, "enroll", "awards", "yr.rnd", MARGINS),
    "clus1_stratified": Case(
        "apiclus1", CLUS1, "enroll", "awards", "stype", {"stype": TYPES}
    ),
    "clus2": Case(
        "apiclus2", {**CLUS2, "fpc": ["fpc1", "fpc2"]}, "api00", "sch.wide", "stype"
    ),
    "clus2_fractions": Case(
        "apiclus2", {**CLUS2, "fpc": ["f1", "f2"]}, "enroll", "awards", "stype"
    ),
    "nhanes": Case("nhanes", NHANES, "HI_CHOL", "agecat", "race"),
    "yrbs": Case("yrbs", YRBS, "qn8", "qn8"),
    "scd": Case("scd", BRR, "alive", domain="ESA"),
    "fpc": Case("fpc", FPC, "x"),
    "hospital": Case("hospital", HOSPITAL, "births", domain="oblevel"),
    "mu284": Case("mu284", MU284, "y1"),
}
ESTIMATORS = {"mean": mean, "total": total, "share": proportion, "count": total}
NUMBERS = [(name, part) for name in CASES for part in ("mean", "total")]
SHARES = [
    (name, part) for name in CASES if CASES[name].share for part in ("share", "count")
]
DOMAINS = [(name, part) for name, part in NUMBERS if CASES[name].domain]
TESTS = [name for name in CASES if CASES[name].share and CASES[name].domain]


def _read(case: Case) -> pd.DataFrame:
    data = pd.read_csv(EXPORTS / f"{case.file}.csv")
    if case.file == "mu284":
        # R takes the weight from the fpc: 5 of n1 areas, 3 of n2 units.
        return data.assign(w=data["n1"] / 5 * data["n2"] / 3)
    if case.file == "apiclus2":
        schools = data.groupby("dnum")["snum"].transform("size")
        return data.assign(f1=40 / 757, f2=schools / data["fpc2"])
    return data


def _design(case: Case, data: pd.DataFrame) -> SurveyDesign:
    if not case.margins:
        return SurveyDesign(**case.design)
    weighting = rake(data, case.margins, base_weight="pw", tolerance=1e-12)
    # R calibrates to the 6194 schools of the state.
    scaled = weighting.weight * 6194 / weighting.weight.sum()
    weighting = replace(weighting, weight=scaled)
    return SurveyDesign(**{**case.design, "weight": weighting})


@pytest.mark.parametrize(("name", "part"), NUMBERS + SHARES)
def test_estimates(name: str, part: str, reference: Callable[[str], Any]) -> None:
    theirs, case = reference("exports")[name][part], CASES[name]
    data = _read(case)
    question = case.number if part in ("mean", "total") else case.share
    if part in ("share", "count"):
        # As text the answers 1 and 2 are categories.
        text = data[question].astype("str").where(data[question].notna())
        data = data.assign(**{question: text})
    ours = ESTIMATORS[part](data, question, design=_design(case, data))
    for column in ("estimate", "std_error", "deff"):
        wanted = np.ravel(theirs[column])
        np.testing.assert_allclose(ours[column], wanted, rtol=1e-9, atol=1e-14)


@pytest.mark.parametrize(("name", "part"), DOMAINS)
def test_domains(name: str, part: str, reference: Callable[[str], Any]) -> None:
    theirs, case = reference("exports")[name][f"{part}_by"], CASES[name]
    data = _read(case)
    ours = ESTIMATORS[part](
        data, case.number, by=case.domain, design=_design(case, data)
    ).set_index("domain")
    for column in ("estimate", "std_error"):
        given = ours.loc[theirs["domain"], column]
        np.testing.assert_allclose(given, theirs[column], rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("name", CASES)
def test_degrees_of_freedom(name: str, reference: Callable[[str], Any]) -> None:
    data = _read(CASES[name])
    design = resolve(_design(CASES[name], data), data)
    assert design.degrees_of_freedom == reference("exports")[name]["degrees_of_freedom"]


@pytest.mark.parametrize("name", TESTS)
def test_rao_scott(name: str, reference: Callable[[str], Any]) -> None:
    theirs, case = reference("exports")[name]["test"], CASES[name]
    data = _read(case)
    ours = rao_scott(data, case.share, case.domain, design=_design(case, data))
    for field in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-8)

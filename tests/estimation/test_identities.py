"""Designs that must give the same numbers, because they are the same design."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import mean, proportion, total
from survey.estimation.influence import domain_degrees, influence_covariance
from survey.weighting.rake import rake

SAME = {"rtol": 1e-10, "atol": 1e-12}


def _schools() -> pd.DataFrame:
    """Three strata of four districts with three schools each; ten pupils a school."""
    i = np.arange(360)
    frame = pd.DataFrame(
        {
            "s": np.array(list("nsw"))[i % 3],
            "p": (i // 3) % 4,
            "u": (i // 12) % 3,
            "q": np.array(["a", "b", "c", None], dtype=object)[(i * i + i // 7) % 4],
            "r": np.array(list("xyz"))[(i * 5 + i // 11) % 3],
            "y": (i * 17 % 23).astype(float),
            "w": 0.5 + (i * 5 % 11),
        }
    )
    lone = (frame["s"] == "n") & (frame["p"] == 1)
    return frame.assign(
        apart=frame["s"].where(~lone, "lone"), big=20, small=9, all_drawn=3
    )


SCHOOLS = _schools()
NESTED = {"weight": "w", "strata": "s", "psu": ["p", "u"]}
CLUSTERS = {"weight": "w", "strata": "s", "psu": "p"}
DESIGNS: dict[str, dict[str, Any]] = {
    "alone": {"weight": "w", "strata": "s"},
    "clusters": CLUSTERS,
    "corrected": {**CLUSTERS, "fpc": "big"},
    "two_stages": {**NESTED, "fpc": ["big", "small"]},
    "adjusted": {**CLUSTERS, "strata": "apart", "lonely_psu": "adjust"},
    "averaged": {**CLUSTERS, "strata": "apart", "lonely_psu": "average"},
    "two_stages_averaged": {
        **NESTED,
        "strata": "apart",
        "fpc": ["big", "small"],
        "lonely_psu": "average",
    },
    "calibrated": {**CLUSTERS, "calibration": ["r"]},
    "calibrated_averaged": {
        **CLUSTERS,
        "strata": "apart",
        "lonely_psu": "average",
        "calibration": ["r"],
    },
}


def _same(one: pd.DataFrame, two: pd.DataFrame) -> None:
    for column in ("estimate", "std_error"):
        np.testing.assert_allclose(one[column], two[column], **SAME)


@pytest.mark.parametrize("by", [None, "r"])
@pytest.mark.parametrize("name", ["y", "q"])
@pytest.mark.parametrize("fpc", [{}, {"fpc": "big"}])
def test_the_jackknife_of_a_total_is_linearisation(
    fpc: dict[str, str], name: str, by: str | None
) -> None:
    lines = SurveyDesign(**CLUSTERS, **fpc)
    jackknife = SurveyDesign(**CLUSTERS, **fpc, method="jkn")
    one = total(SCHOOLS, name, by=by, design=lines)
    _same(one, total(SCHOOLS, name, by=by, design=jackknife))


@pytest.mark.parametrize("estimator", [mean, total])
def test_later_stages_without_fpc_change_nothing(estimator: Any) -> None:
    one = estimator(SCHOOLS, "y", by="q", design=SurveyDesign(**CLUSTERS))
    _same(one, estimator(SCHOOLS, "y", by="q", design=SurveyDesign(**NESTED)))


@pytest.mark.parametrize("estimator", [mean, total])
def test_a_last_stage_counted_in_full_changes_nothing(estimator: Any) -> None:
    first = SurveyDesign(**CLUSTERS, fpc="big")
    in_full = SurveyDesign(**NESTED, fpc=["big", "all_drawn"])
    one = estimator(SCHOOLS, "y", by="q", design=first)
    _same(one, estimator(SCHOOLS, "y", by="q", design=in_full))


@pytest.mark.parametrize("estimator", [mean, total])
def test_districts_counted_in_full_are_strata_of_their_schools(estimator: Any) -> None:
    data = SCHOOLS.assign(district=SCHOOLS["s"] + SCHOOLS["p"].astype(str), four=4)
    staged = SurveyDesign(**NESTED, fpc=["four", "small"])
    strata = SurveyDesign(weight="w", strata="district", psu="u", fpc="small")
    one = estimator(data, "y", by="q", design=staged)
    _same(one, estimator(data, "y", by="q", design=strata))


def test_counts_and_fractions_are_the_same_at_every_stage() -> None:
    counts = SurveyDesign(**NESTED, fpc=["big", "small"])
    data = SCHOOLS.assign(f=4 / 20, g=3 / 9)
    fractions = SurveyDesign(**NESTED, fpc=["f", "g"])
    one = proportion(data, "q", by="r", design=counts)
    _same(one, proportion(data, "q", by="r", design=fractions))


def test_one_joint_margin_is_a_margin_of_the_joint_column() -> None:
    cells = {(r, s): 1.0 + i for i, r in enumerate("xyz") for s in "nsw"}
    whole = sum(cells.values())
    joint = {cell: count / whole for cell, count in cells.items()}
    data = SCHOOLS.assign(rs=SCHOOLS["r"] + SCHOOLS["s"])
    single = {"".join(cell): share for cell, share in joint.items()}
    one = rake(data, {("r", "s"): joint}, base_weight="w")
    two = rake(data, {"rs": single}, base_weight="w")
    for name in ("q", "r"):
        designs = [
            SurveyDesign(weight=each, strata="s", psu="p") for each in (one, two)
        ]
        _same(*(proportion(data, name, design=design) for design in designs))


def test_a_margin_that_weights_meet_is_known() -> None:
    design = SurveyDesign(**CLUSTERS, calibration=["r"])
    assert proportion(SCHOOLS, "r", design=design)["std_error"].max() < 1e-15


@pytest.mark.parametrize("how", [{}, {"method": "jkn"}])
def test_given_weights_and_their_weighting_agree(how: dict[str, str]) -> None:
    margins = {"r": {"x": 0.2, "y": 0.5, "z": 0.3}}
    weighting = rake(SCHOOLS, margins)
    # From equal base weights one margin gives weights that differ by category only,
    # so the regression on the margin is the same with either weight.
    data = SCHOOLS.assign(v=weighting.weight)
    design = {"strata": "s", "psu": "p", **how}
    one = SurveyDesign(weight=weighting, **design)
    two = SurveyDesign(weight="v", calibration=["r"], **design)
    _same(mean(data, "y", by="s", design=one), mean(data, "y", by="s", design=two))


@pytest.mark.parametrize("name", DESIGNS)
def test_bases_of_a_partition_add_up(name: str) -> None:
    design = SurveyDesign(**DESIGNS[name])
    whole = total(SCHOOLS, "q", design=design)
    parts = total(SCHOOLS, "q", by="r", design=design)
    for column in ("base_unweighted", "base_weighted"):
        by_code = parts.groupby("code")[column].sum()
        np.testing.assert_allclose(by_code, whole[column], **SAME)
    counts = parts.groupby("code")["estimate"].sum()
    np.testing.assert_allclose(counts, whole["estimate"], **SAME)
    np.testing.assert_allclose(counts.sum(), whole["base_weighted"].iloc[0], **SAME)


@pytest.mark.parametrize("name", DESIGNS)
def test_scores_of_a_mean_have_the_errors_of_the_table(name: str) -> None:
    design = SurveyDesign(**DESIGNS[name])
    resolved = resolve(design, SCHOOLS)
    table = mean(SCHOOLS, "y", by="r", design=design).set_index("domain")
    inside = np.column_stack([SCHOOLS["r"] == r for r in table.index])
    weight, y = resolved.weight[:, None], SCHOOLS["y"].to_numpy()[:, None]
    centred = y - table["estimate"].to_numpy()
    scores = inside * weight * centred / (inside * weight).sum(axis=0)
    error = np.sqrt(np.diagonal(influence_covariance(resolved, scores)))
    np.testing.assert_allclose(error, table["std_error"], **SAME)
    degrees = [domain_degrees(resolved, column) for column in inside.T]
    assert degrees == table["degrees_of_freedom"].tolist()


@pytest.mark.parametrize("method", ["jkn", "bootstrap"])
def test_degrees_of_freedom_of_a_domain_with_replicates(method: Any) -> None:
    design = SurveyDesign(**CLUSTERS, method=method, replicates=30)
    resolved = resolve(design, SCHOOLS)
    table = mean(SCHOOLS, "y", by=["s", "p"], design=design)
    # One PSU is one line of the replicate weights, which leaves nothing.
    assert set(table["degrees_of_freedom"]) == {0}
    inside = (SCHOOLS["p"] < 2).to_numpy()
    # Six PSUs, two of each stratum: six lines that do not depend on each other.
    assert domain_degrees(resolved, inside) == 5
    assert domain_degrees(resolved, np.zeros(len(SCHOOLS), dtype=bool)) == 0
    assert resolved.degrees_of_freedom == 9

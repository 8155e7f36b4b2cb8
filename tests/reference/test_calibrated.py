"""Errors after raking, calibration and post-stratification equal R survey."""

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.weighting.rake import rake
from survey.weighting.weighting import Weighting

POPULATION = 2500
SIZE = {"large": 250, "medium": 850, "small": 1400}
REGION = {"east": 500, "far": 350, "north": 700, "south": 550, "west": 400}
DESIGNS: dict[str, dict[str, Any]] = {
    "weighted": {},
    "clustered": {"strata": "stratum", "psu": "psu"},
    "corrected": {"strata": "stratum", "psu": "psu", "fpc": "n_psu"},
}
CLUSTERED = DESIGNS["clustered"]


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


def _shares(counts: dict[Any, float]) -> dict[Any, float]:
    whole = sum(counts.values())
    return {code: count / whole for code, count in counts.items()}


def _of_size(weighting: Weighting, population: float) -> Weighting:
    """Scale weights to the population, so that totals are those of R."""
    scale = population / weighting.weight.sum()
    return replace(weighting, weight=weighting.weight * scale)


@pytest.fixture(scope="module")
def raked(wave: pd.DataFrame) -> Weighting:
    margins = {"size": _shares(SIZE), "region": _shares(REGION)}
    weighting = rake(wave, margins, base_weight="w", tolerance=1e-12)
    return _of_size(weighting, POPULATION)


@pytest.fixture(scope="module")
def stratified(wave: pd.DataFrame) -> Weighting:
    cells = [(size, region) for region in REGION for size in SIZE]
    counts = {cell: 110.0 + 10 * place for place, cell in enumerate(cells)}
    weighting = rake(wave, {("size", "region"): _shares(counts)}, base_weight="w")
    return _of_size(weighting, sum(counts.values()))


@pytest.mark.parametrize("name", DESIGNS)
def test_raked(
    name: str,
    wave: pd.DataFrame,
    raked: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = SurveyDesign(weight=raked, **DESIGNS[name])
    equals_r(reference("calibrated")["raked"][name], wave, design)


@pytest.mark.parametrize("name", DESIGNS)
def test_linear(
    name: str,
    wave: pd.DataFrame,
    raked: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    weight = pd.Series(reference("calibrated")["linear_weight"], index=wave.index)
    design = SurveyDesign(weight=replace(raked, weight=weight), **DESIGNS[name])
    equals_r(reference("calibrated")["linear"][name], wave, design)


@pytest.mark.parametrize("name", DESIGNS)
def test_one_joint_margin_is_post_stratification(
    name: str,
    wave: pd.DataFrame,
    stratified: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = SurveyDesign(weight=stratified, **DESIGNS[name])
    equals_r(reference("calibrated")["stratified"][name], wave, design)


@pytest.mark.parametrize("name", DESIGNS)
def test_weights_that_meet_margins_already(
    name: str,
    wave: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    margins = {"calibration": ["size", "region"]}
    design = SurveyDesign(weight="w", **margins, **DESIGNS[name])
    equals_r(reference("calibrated")["given"][name], wave, design)


def test_weights_that_meet_a_crossed_margin_already(
    wave: pd.DataFrame, reference: Callable[[str], Any], equals_r: Callable[..., None]
) -> None:
    design = SurveyDesign(weight="w", calibration=[("size", "region")], **CLUSTERED)
    equals_r(reference("calibrated")["given_crossed"], wave, design)


def test_raked_with_two_stages(
    wave: pd.DataFrame,
    raked: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    area = wave["psu"] % 5
    unit = _mix(np.arange(1, len(wave) + 1), 17, 6, 3)
    data = wave.assign(area=area, unit=unit, n_unit=16 + area)
    design = SurveyDesign(
        weight=raked, strata="stratum", psu=["area", "unit"], fpc=["n_psu", "n_unit"]
    )
    equals_r(reference("calibrated")["staged"], data, design)


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_raked_with_a_lonely_psu(
    rule: Any,
    wave: pd.DataFrame,
    raked: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = SurveyDesign(weight=raked, strata="lonely", psu="psu", lonely_psu=rule)
    equals_r(reference("calibrated")["lonely"][rule], wave, design)


@pytest.mark.parametrize("name", ["raked", "stratified"])
def test_replicates_meet_the_margins_again(
    name: str,
    wave: pd.DataFrame,
    request: pytest.FixtureRequest,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    weighting = request.getfixturevalue(name)
    design = SurveyDesign(weight=weighting, method="jkn", **CLUSTERED)
    equals_r(reference("calibrated")["replicated"][name], wave, design)


@pytest.mark.parametrize("combined", [True, False])
def test_replicates_of_the_file_are_raked(
    combined: bool,  # noqa: FBT001 - pytest gives parameters by name
    wave: pd.DataFrame,
    raked: Weighting,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    made = resolve(SurveyDesign(weight="w", method="jkn", **CLUSTERED), wave)
    assert made.replicates is not None
    weights = made.replicates.factor[made.cell]
    if combined:
        weights = weights * wave["w"].to_numpy()[:, None]
    design = SurveyDesign(
        weight=raked,
        replicate_weights=weights,
        combined=combined,
        method="jkn",
        rscales=made.replicates.rscales,
    )
    equals_r(reference("calibrated")["replicated"]["raked"], wave, design)


def test_replicates_of_weights_that_meet_margins_already(
    wave: pd.DataFrame, reference: Callable[[str], Any], equals_r: Callable[..., None]
) -> None:
    margins = {"calibration": ["size", "region"]}
    design = SurveyDesign(weight="w", method="jkn", **margins, **CLUSTERED)
    equals_r(reference("calibrated")["replicated"]["given"], wave, design)

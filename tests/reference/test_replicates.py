"""Designs with replicate weights, given or made here, equal R survey."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve

# How every stored set of replicates reaches us: the PSU it belongs to, and options.
GIVEN: dict[str, tuple[list[str], dict[str, Any]]] = {
    "jk1": (["psu"], {"method": "jk1"}),
    "jkn": (["stratum", "psu"], {"method": "jkn"}),
    "brr": (["pair", "side"], {"method": "brr"}),
    "fay": (["pair", "side"], {"method": "fay", "rho": 0.3}),
    "bootstrap": (["stratum", "psu"], {"method": "bootstrap"}),
    "sdr": (["psu"], {"method": "sdr"}),
    "own": (["stratum", "psu"], {"method": "bootstrap"}),
}
JKN = {"weight": "w", "strata": "stratum", "psu": "psu", "method": "jkn"}
LONELY = {**JKN, "strata": "lonely", "fpc": "n_psu"}
MADE: dict[str, dict[str, Any]] = {
    "jk1_corrected": {"weight": "w", "psu": "psu", "fpc": "population"},
    "jkn_corrected": {**JKN, "fpc": "n_psu"},
    "jkn_in_full": {**JKN, "strata": "lonely", "fpc": "in_full"},
}
MADE["jk1_corrected"]["method"] = "jk1"


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


@pytest.fixture(scope="module")
def paired(wave: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of replicates.R."""
    i = np.arange(1, len(wave) + 1)
    full = {"n": 40, "s": 60, "w": 35, "e": 12, "lone": 1}
    return wave.assign(
        pair=_mix(i, 5, 3, 7),
        side=_mix(i, 3, 7, 2),
        in_full=wave["lonely"].map(full),
        population=2500,
    )


def _factors(name: str, stored: dict[str, Any], data: pd.DataFrame) -> np.ndarray:
    """Give every respondent the factors of the PSU."""
    psu = data[GIVEN[name][0]].astype(str).agg(" ".join, axis=1)
    place = [str(each) for each in stored["psu"]]
    return np.array(stored["factor"], dtype=float)[[place.index(p) for p in psu]]


def _scales(name: str, stored: dict[str, Any]) -> dict[str, Any]:
    if name == "own":
        return {"scale": stored["scale"], "rscales": stored["rscales"]}
    return {"rscales": stored["rscales"]} if name == "jkn" else {}


def _given(
    name: str, reference: Callable[[str], Any], data: pd.DataFrame, **options: Any
) -> SurveyDesign:
    stored = reference("replicates")["given"][name]
    factor = _factors(name, stored, data)
    if options.get("combined", True):
        factor = factor * data["w"].to_numpy()[:, None]
    how = {**GIVEN[name][1], **_scales(name, stored), **options}
    return SurveyDesign(weight="w", replicate_weights=factor, **how)


@pytest.mark.parametrize("combined", [True, False])
@pytest.mark.parametrize("name", GIVEN)
def test_given(
    name: str,
    combined: bool,  # noqa: FBT001 - pytest gives parameters by name
    paired: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = _given(name, reference, paired, combined=combined)
    equals_r(reference("replicates")["measures"][name], paired, design)


@pytest.mark.parametrize("name", ["jkn", "bootstrap"])
def test_deviations_from_the_estimate(
    name: str,
    paired: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = _given(name, reference, paired, mse=True)
    equals_r(reference("replicates")["mse"][name], paired, design)


@pytest.mark.parametrize("name", ["jk1", "jkn", "brr", "fay", "bootstrap", "sdr"])
def test_usual_scales_are_those_of_r(
    name: str, paired: pd.DataFrame, reference: Callable[[str], Any]
) -> None:
    stored = reference("replicates")["given"][name]
    design = resolve(_given(name, reference, paired), paired)
    assert design.replicates is not None
    assert design.replicates.scale == pytest.approx(stored["scale"], rel=1e-12)


@pytest.mark.parametrize(
    ("name", "design"),
    [
        ("jk1", SurveyDesign(weight="w", psu="psu", method="jk1")),
        ("jkn", SurveyDesign(**JKN)),
    ],
)
def test_jackknife_made_here(
    name: str,
    design: SurveyDesign,
    paired: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    equals_r(reference("replicates")["measures"][name], paired, design)


@pytest.mark.parametrize("name", MADE)
def test_corrected_jackknife_made_here(
    name: str,
    paired: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = SurveyDesign(**MADE[name])
    equals_r(reference("replicates")["made"][name], paired, design)


@pytest.mark.parametrize("rule", ["remove", "certainty", "adjust", "average"])
def test_lonely_psu_in_the_jackknife(
    rule: Any,
    paired: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    design = SurveyDesign(**LONELY, lonely_psu=rule)
    equals_r(reference("replicates")["lonely"][rule], paired, design)

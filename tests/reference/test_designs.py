"""Designs of several stages, and every rule for lonely PSUs, equal R survey."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign

AREAS = {"weight": "w", "strata": "stratum", "psu": ["area", "unit"]}
APART = {**AREAS, "strata": "apart"}
COUNTS = {"fpc": ["n_psu", "n_unit"]}
INNER = {"strata": ["stratum", "half"], "psu": ["area", "psu"]}

DESIGNS: dict[str, dict[str, Any]] = {
    "counts": {**AREAS, **COUNTS},
    "fractions": {**AREAS, "fpc": ["f_area", "f_unit"]},
    "uncorrected": AREAS,
    "nested": {**AREAS, **COUNTS, "psu": ["area", "psu"]},
    "three": {
        **AREAS,
        "psu": ["area", "unit", "i"],
        "fpc": ["n_psu", "n_unit", "n_person"],
    },
    "in_full": {**AREAS, "fpc": ["n_psu", "in_full"]},
    "unstratified": {
        "weight": "w",
        "psu": ["area", "unit"],
        "fpc": ["population", "n_unit"],
    },
    "census": {**APART, "fpc": ["n_apart", "n_unit"]},
    "zero_weights": {"weight": "zero", "strata": "stratum", "psu": "psu"},
    "zero_weights_alone": {"weight": "zero", "strata": "stratum"},
}
RULES = ("remove", "certainty", "adjust")
for rule in (*RULES, "average"):
    lonely = {"lonely_psu": rule}
    DESIGNS[f"one_stage_{rule}"] = {**APART, "psu": "area", "fpc": "n_psu", **lonely}
    DESIGNS[f"first_{rule}"] = {**APART, **COUNTS, **lonely}
for rule in RULES:
    lonely = {"lonely_psu": rule, **COUNTS}
    DESIGNS[f"second_{rule}"] = {**AREAS, "psu": ["area", "single"], **lonely}
    DESIGNS[f"inner_{rule}"] = {**AREAS, **INNER, **lonely}


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


@pytest.fixture(scope="module")
def staged(wave: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of designs.R."""
    i = np.arange(1, len(wave) + 1)
    area, unit = wave["psu"] % 5, _mix(i, 17, 6, 3)
    lone = (wave["stratum"] == "w") & (area == 2)
    single = (wave["stratum"] == "n") & (area == 1)
    return wave.assign(
        i=i,
        area=area,
        unit=unit,
        half=i % 2,
        n_unit=16 + area,
        n_person=40 + unit,
        f_area=wave["stratum"].map({"n": 0.2, "s": 0.15, "w": 0.3, "e": 0.1}),
        f_unit=0.25 + 0.05 * area,
        single=np.where(single, 0, unit),
        in_full=np.where(area == 2, 3, 6),
        apart=wave["stratum"].where(~lone, "lone"),
        n_apart=wave["n_psu"].where(~lone, 1),
        zero=np.where(_mix(i, 5, 1, 13) < 3, 0.0, wave["w"]),
        population=2500,
    )


@pytest.mark.parametrize("name", DESIGNS)
def test_design(
    name: str,
    staged: pd.DataFrame,
    reference: Callable[[str], Any],
    equals_r: Callable[..., None],
) -> None:
    equals_r(reference("designs")[name], staged, SurveyDesign(**DESIGNS[name]))


def test_every_stored_design_is_compared(reference: Callable[[str], Any]) -> None:
    assert set(reference("designs")) == set(DESIGNS)

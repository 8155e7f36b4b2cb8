"""The synthetic wave of wave.R, from the same formula, and what R made of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign

FOLDER = Path(__file__).parent
N = 360


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


def _pick(texts: list[str | None], place: np.ndarray) -> np.ndarray:
    return np.array(texts, dtype=object)[place]


@pytest.fixture(scope="session")
def wave() -> pd.DataFrame:
    i = np.arange(1, N + 1)
    regions = ["north", "south", "west", "east", "far"]
    wave = pd.DataFrame(
        {
            "stratum": _pick(["n", "s", "w", "e"], _mix(i, 5, 3, 4)),
            "size": _pick(["small", "medium", "large"], _mix(i, 7, 2, 13) // 5),
            "region": _pick(regions, _mix(i, 3, 5, 17) % 5),
            "uses": _pick(["yes", "no", "planned", None], _mix(i, 11, 4, 19) // 6),
            "cost": _mix(i, 9, 7, 23).astype(float),
            "w": 0.2 + _mix(i, 13, 6, 29) ** 2 / 80,
            "psu": _mix(i, 3, 8, 9) + 3 * (_mix(i, 2, 1, 5) == 0),
        },
        index=pd.Index([f"r{k}" for k in i], name="respondent_id"),
    )
    wave.loc[(wave["region"] == "far") & (wave["uses"] == "planned"), "uses"] = "no"
    wave.loc[_mix(i, 17, 3, 31) == 0, "cost"] = np.nan
    wave["n_psu"] = wave["stratum"].map({"n": 40, "s": 60, "w": 35, "e": 80})
    lone = (wave["stratum"] == "w") & (wave["psu"] == 2)
    wave["lonely"] = wave["stratum"].where(~lone, "lone")
    return wave


@pytest.fixture(scope="session")
def reference() -> Callable[[str], Any]:
    def read(name: str) -> Any:
        return json.loads((FOLDER / f"{name}.json").read_text(encoding="utf-8"))

    return read


@pytest.fixture(scope="session")
def designs() -> dict[str, SurveyDesign]:
    return {
        "equal": SurveyDesign(),
        "weighted": SurveyDesign(weight="w"),
        "stratified": SurveyDesign(weight="w", strata="stratum"),
        "clustered": SurveyDesign(weight="w", strata="stratum", psu="psu"),
        "corrected": SurveyDesign(weight="w", strata="stratum", psu="psu", fpc="n_psu"),
    }

"""The synthetic wave of wave.R, from the same formula, and what R made of it."""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign
from survey.estimation.estimate import mean, proportion, total
from survey.tabulation.rao_scott import rao_scott

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


# Parts of what measures.R writes about every design.
PARTS = (
    "share",
    "mean",
    "total",
    "count",
    "share_by",
    "mean_by",
    "total_by",
    "count_by",
    "interval",
    "test",
)
_ESTIMATORS = {"share": proportion, "mean": mean, "total": total, "count": total}
_TESTED = ("statistic", "ndf", "ddf", "p_value")


def _question(statistic: str) -> str:
    return "uses" if statistic in ("share", "count") else "cost"


def _whole(statistic: str, data: pd.DataFrame, design: SurveyDesign) -> dict[str, Any]:
    return dict(_ESTIMATORS[statistic](data, _question(statistic), design=design))


def _by_region(
    statistic: str, data: pd.DataFrame, design: SurveyDesign, regions: list[str]
) -> dict[str, Any]:
    found = _ESTIMATORS[statistic](
        data, _question(statistic), by="region", design=design
    )
    lines = found.groupby("domain")
    first = lines["degrees_of_freedom"].first()
    return {
        "domain": regions,
        "degrees_of_freedom": first.loc[regions],
        **{
            name: np.array([lines.get_group(region)[name] for region in regions])
            for name in ("estimate", "std_error")
        },
    }


def _intervals(data: pd.DataFrame, design: SurveyDesign) -> dict[str, Any]:
    ends = ["conf_low", "conf_high"]
    shares = proportion(data, "uses", design=design, interval="xlogit")
    return {
        "share": shares[ends],
        "mean": mean(data, "cost", design=design).loc[0, ends].astype(float),
        "total": total(data, "cost", design=design).loc[0, ends].astype(float),
    }


def _part(
    part: str, data: pd.DataFrame, design: SurveyDesign, theirs: dict[str, Any]
) -> dict[str, Any]:
    if part == "test":
        found = rao_scott(data, "uses", "region", design=design)
        return {name: getattr(found, name) for name in _TESTED}
    if part == "interval":
        return _intervals(data, design)
    statistic = part.removesuffix("_by")
    if part == statistic:
        return _whole(part, data, design)
    return _by_region(statistic, data, design, theirs["domain"])


@pytest.fixture(params=PARTS)
def equals_r(
    request: pytest.FixtureRequest,
) -> Callable[[dict[str, Any], pd.DataFrame, SurveyDesign], None]:
    """Compare one part of what measures.R writes with our own numbers."""
    part = request.param
    close = 1e-8 if part in ("interval", "test") else 1e-9

    def compare(
        theirs: dict[str, Any], data: pd.DataFrame, design: SurveyDesign
    ) -> None:
        ours = _part(part, data, design, theirs[part])
        for name, values in theirs[part].items():
            if name == "domain":
                continue
            # R writes an estimate by domain as a column, also where it is alone.
            wanted = np.array(values, dtype=float)
            given = np.asarray(ours[name], dtype=float).reshape(wanted.shape or -1)
            np.testing.assert_allclose(
                given, wanted, rtol=close, atol=1e-14, err_msg=f"{part} {name}"
            )

    return compare

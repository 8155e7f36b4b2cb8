"""Raked and calibrated weights equal those of R survey, with and without limits."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.weighting.calibrate import calibrate
from survey.weighting.rake import rake

EXPORTS = Path(__file__).parents[3] / "shared" / "exports"

pytestmark = pytest.mark.skipif(
    not (EXPORTS / "r_survey").is_dir() or not (EXPORTS / "pew_pewmethods").is_dir(),
    reason="../shared/exports/r_survey or pew_pewmethods is not here",
)

CLOSE = 1e-8
EXACT = 1e-13

# Margins, totals, limits, limits of the weights, as in calibrate.R.
FITS = {
    "api": {
        "margins": (["stype", "sch.wide"], [], (0.6, 2.2), (0.3, 2.5)),
        "crossed": ([("stype", "sch.wide")], [], (0.4, 6.0), (0.3, 7.0)),
        "totals": (["stype"], ["api99", "enroll"], (0.4, 2.6), (0.2, 4.0)),
        "numbers": ([], ["api99"], (0.7, 1.4), (0.3, 2.1)),
    },
    "pew": {
        "margins": (["sex", "recage", "receduc"], [], (0.3, 3.0), (0.25, 3.0)),
        "crossed": ([("sex", "receduc"), "recage"], [], (0.3, 3.0), (0.25, 3.0)),
    },
}
METHODS = (
    "raking",
    "linear",
    "raking_limits",
    "linear_limits",
    "logit_limits",
    "raking_weight_limits",
    "linear_weight_limits",
)


def _api() -> tuple[pd.DataFrame, pd.DataFrame]:
    sample = pd.read_csv(EXPORTS / "r_survey" / "apiclus1.csv")
    schools = pd.read_csv(EXPORTS / "r_survey" / "apipop.csv")
    sample["unequal"] = 1 + np.arange(1, len(sample) + 1) % 7 / 4
    return sample, schools.dropna(subset="enroll").assign(weight=1.0)


def _pew() -> tuple[pd.DataFrame, pd.DataFrame]:
    sample = pd.read_csv(EXPORTS / "pew_pewmethods" / "dec13_excerpt.csv")
    answered = (sample["recage"] != "DK/Ref") & (sample["receduc"] != "DK/Ref")
    population = pd.read_csv(EXPORTS / "pew_pewmethods" / "acs_2017_excerpt.csv")
    return sample[answered], population


# Respondents, population and column of the base weights, by the name in calibrate.R.
SAMPLES = {
    "api_equal": (_api, "pw"),
    "api_unequal": (_api, "unequal"),
    "pew_equal": (_pew, None),
    "pew_weighted": (_pew, "weight"),
}


def _counts(population: pd.DataFrame, columns: list[Any]) -> dict[Any, Any]:
    return {
        name: population.groupby(name if isinstance(name, str) else list(name))[
            "weight"
        ]
        .sum()
        .to_dict()
        for name in columns
    }


def _same(ours: pd.Series, theirs: dict[str, Any]) -> None:
    values = ours.to_numpy()
    np.testing.assert_allclose(values[:40], theirs["weight"], rtol=CLOSE)
    for name, value in (
        ("sum", values.sum()),
        ("squares", (values**2).sum()),
        ("cubes", (values**3).sum()),
        ("smallest", values.min()),
        ("largest", values.max()),
    ):
        assert value == pytest.approx(theirs[name], rel=CLOSE), name


def _cases() -> list[Any]:
    return [
        (sample, fit, method)
        for sample in SAMPLES
        for fit in FITS[sample[:3]]
        for method in METHODS
    ]


@pytest.mark.parametrize(("sample", "fit", "method"), _cases())
def test_calibrated_weights(
    sample: str, fit: str, method: str, reference: Callable[[str], Any]
) -> None:
    make, base = SAMPLES[sample]
    respondents, population = make()
    margins, totals, limits, weight_limits = FITS[sample[:3]][fit]
    distance, _, kind = method.partition("_")
    made = calibrate(
        respondents,
        _counts(population, margins),
        {name: (population[name] * population["weight"]).sum() for name in totals},
        population=population["weight"].sum(),
        distance=distance,
        base_weight=base,
        limits=limits if kind == "limits" else None,
        weight_limits=weight_limits if kind == "weight_limits" else None,
        tolerance=EXACT,
    )
    _same(made.weight, reference("calibrate")[sample][fit][method])


@pytest.mark.parametrize("sample", SAMPLES)
def test_raked_weights(sample: str, reference: Callable[[str], Any]) -> None:
    make, base = SAMPLES[sample]
    respondents, population = make()
    theirs = reference("calibrate")[sample]
    fits = {"rake": FITS[sample[:3]]["margins"]}
    if sample.startswith("api"):
        fits["postStratify"] = FITS["api"]["crossed"]
    else:
        fits["rake_crossed"] = FITS["pew"]["crossed"]
    for name, (margins, *_) in fits.items():
        counts = _counts(population, margins)
        for method in (rake, calibrate):
            made = method(respondents, counts, base_weight=base, tolerance=EXACT)
            _same(made.weight, theirs[name])

"""Estimates equal those of svy, which was written apart from R survey."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import mean, proportion, total

svy = pytest.importorskip("svy", reason="svy is not installed (development extra)")

PLAIN: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "weighted": ({"weight": "w"}, {"wgt": "w"}),
    "stratified": (
        {"weight": "w", "strata": "stratum"},
        {"wgt": "w", "stratum": "stratum"},
    ),
    "clustered": (
        {"weight": "w", "strata": "stratum", "psu": "psu"},
        {"wgt": "w", "stratum": "stratum", "psu": "psu"},
    ),
    "corrected": (
        {"weight": "w", "strata": "stratum", "psu": "psu", "fpc": "n_psu"},
        {"wgt": "w", "stratum": "stratum", "psu": "psu", "pop_size": "n_psu"},
    ),
}
PAIRS = {"weight": "w", "strata": "pair", "psu": "side"}
REPLICATED: dict[str, dict[str, Any]] = {
    "jk1": {"weight": "w", "psu": "psu", "method": "jk1"},
    "jkn": {"weight": "w", "strata": "stratum", "psu": "psu", "method": "jkn"},
    "brr": {**PAIRS, "method": "brr"},
    "fay": {**PAIRS, "method": "fay", "rho": 0.3},
    "bootstrap": {**PAIRS, "method": "bootstrap", "replicates": 40},
}
SAME = {"rtol": 1e-9, "atol": 1e-12}


@pytest.fixture(scope="module")
def answered(wave: pd.DataFrame) -> pd.DataFrame:
    """Give the wave with a design of pairs and indicators of the answers."""
    i = np.arange(1, len(wave) + 1)
    return wave.assign(
        pair=(i * 5 + i // 7 * 3 + i * i % 11) % 7,
        side=(i * 3 + i // 7 * 7 + i * i % 11) % 2,
    )


def _sample(data: pd.DataFrame, design: dict[str, Any]) -> Any:
    import polars as pl

    blank = data.astype(object).where(data.notna(), None)
    columns = {name: blank[name].to_list() for name in blank}
    return svy.Sample(pl.DataFrame(columns), svy.Design(**design))


def _replicated(name: str, data: pd.DataFrame) -> Any:
    made = resolve(SurveyDesign(**REPLICATED[name]), data)
    assert made.replicates is not None
    weights = made.weight[:, None] * made.replicates.factor[made.cell]
    count = weights.shape[1]
    names = [f"rw{k + 1}" for k in range(count)]
    wide = pd.concat([data, pd.DataFrame(weights, data.index, names)], axis=1)
    given: dict[str, Any] = {"prefix": "rw", "n_reps": count}
    if name in ("jk1", "jkn"):
        coefficients = made.replicates.rscales * made.replicates.scale
        given |= {"rep_coefs": tuple(coefficients.tolist()), "kind": name}
        kind = svy.JackknifeWgts
    elif name == "bootstrap":
        # svy divides by the number of replicates, R survey by one less.
        given |= {"rep_coefs": (made.replicates.scale,) * count}
        kind = svy.BootstrapWgts
    else:
        given |= {"fay_coef": REPLICATED[name].get("rho", 0.0)}
        kind = svy.BrrWgts
    return _sample(wide, {"wgt": "w", "rep_wgts": kind(**given)})


def _compare(
    data: pd.DataFrame, sample: Any, method: str, design: SurveyDesign
) -> None:
    estimation = sample.estimation
    for estimator, name, question in (
        (proportion, "prop", "uses"),
        (mean, "mean", "cost"),
        (total, "total", "cost"),
    ):
        ours = estimator(data, question, by="region", design=design)
        ours = ours.set_index(["domain", "code"])
        theirs = getattr(estimation, name)(
            question, by="region", method=method, drop_nulls=True
        )
        assert len(theirs.estimates) == len(ours)
        for one in theirs.estimates:
            line = ours.loc[(one.by_level[0], one.y_level or "")]
            np.testing.assert_allclose(
                line[["estimate", "std_error"]].astype(float), [one.est, one.se], **SAME
            )


@pytest.mark.parametrize("name", PLAIN)
def test_linearised(name: str, answered: pd.DataFrame) -> None:
    ours, theirs = PLAIN[name]
    _compare(answered, _sample(answered, theirs), "taylor", SurveyDesign(**ours))


@pytest.mark.parametrize("name", REPLICATED)
def test_replicated(name: str, answered: pd.DataFrame) -> None:
    design = SurveyDesign(**REPLICATED[name])
    _compare(answered, _replicated(name, answered), "replication", design)

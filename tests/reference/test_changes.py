"""Differences between waves, and their errors, equal R survey on stacked waves."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import special

from survey.estimation.design import ResolvedDesign, SurveyDesign, resolve
from survey.responses.recode import variables
from survey.tabulation.lines import lines_of
from survey.waves.change_parts import MEAN, Compared, Kind, RowPair
from survey.waves.change_points import TOTAL, PointPair
from survey.waves.change_spread import banners_of, spreads
from survey.waves.contract import Consequence
from survey.waves.stack import stacked
from survey.weighting.rake import rake

N = 360
REGIONS = ("north", "south", "west", "east", "far")
SAMPLES = {
    "independent": (range(240), range(120, N), False),
    "panel": (range(N), range(N), True),
    "partial": (range(240), range(120, N), True),
}
DESIGNS: dict[str, dict[str, Any]] = {
    "weighted": {},
    "stratified": {"strata": "stratum"},
    "clustered": {"strata": "stratum", "psu": "psu"},
    "corrected": {"strata": "stratum", "psu": "psu", "fpc": "n_psu"},
    "raked": {"strata": "stratum"},
    "raked_clustered": {"strata": "stratum", "psu": "psu"},
}


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return np.asarray((i * a + (i // 7) * b + (i * i) % 11) % m)


def _later(wave: pd.DataFrame, rows: range) -> pd.DataFrame:
    i = np.array(rows) + 1
    found, other = wave.iloc[list(rows)].copy(), wave.iloc[(i * 7) % N]
    same = _mix(i, 5, 2, 7) > 2
    other = other.set_axis(found.index)
    found["uses"] = found["uses"].where(same, other["uses"])
    found["cost"] = (found["cost"] + 1).where(same, other["cost"])
    found["w"] = wave["w"].to_numpy()[(i * 11) % N]
    return found


def _waves(wave: pd.DataFrame, sample: str) -> list[pd.DataFrame]:
    first, second, _ = SAMPLES[sample]
    waves = [wave.iloc[list(first)].copy(), _later(wave, second)]
    v = 1 + _mix(np.arange(len(first) + len(second)) + 1, 7, 5, 13) / 10
    waves[0]["v"], waves[1]["v"] = v[: len(first)], v[len(first) :]
    return waves


def _design(name: str, data: pd.DataFrame) -> SurveyDesign:
    columns = DESIGNS[name]
    if not name.startswith("raked"):
        return SurveyDesign(weight="w", **columns)
    margins = {
        m: data.groupby(m)["v"].sum() / data["v"].sum() for m in ("size", "region")
    }
    targets: dict[str | tuple[str, ...], dict[object, float]] = {
        name: dict(shares) for name, shares in margins.items()
    }
    made = rake(data, targets, base_weight="w", tolerance=1e-13)
    return SurveyDesign(weight=made, **columns)


def _compared(waves: list[pd.DataFrame], name: str) -> Compared:
    kind: Kind = "mean" if name == "cost" else "share"
    lines = [
        lines_of(variables(wave, name)[0], (MEAN,) * (kind == MEAN)) for wave in waves
    ]
    older, newer = (each[-1].variable for each in lines)
    codes = [row.code for row in newer.rows] or [MEAN]
    rows = [RowPair(code, kind, Consequence("comparable"), code) for code in codes]
    return Compared(name, name, kind, tuple(rows), newer, older)


def _means(wave: pd.DataFrame, design: ResolvedDesign, region: str) -> np.ndarray:
    inside = np.ones(len(wave), bool) if region == "Total" else wave["region"] == region
    answered = np.asarray(inside) & wave["uses"].notna().to_numpy()
    paid = np.asarray(inside) & wave["cost"].notna().to_numpy()
    w, uses = design.weight, wave["uses"].to_numpy()[answered]
    shares = [
        np.average(uses == code, weights=w[answered])
        for code in ("no", "planned", "yes")
    ]
    return np.array([*shares, np.average(wave["cost"][paid], weights=w[paid])])


# R corrects by the units of both waves together, and the stack by the fewer of them.
CASES = [(s, d) for s in SAMPLES for d in DESIGNS if (s, d) != ("partial", "corrected")]


@pytest.mark.parametrize(("sample", "design"), CASES)
def test_differences(
    sample: str,
    design: str,
    wave: pd.DataFrame,
    reference: Callable[[str], Any],
) -> None:
    waves = _waves(wave, sample)
    designs = [resolve(_design(design, data), data) for data in waves]
    clustered = "psu" in DESIGNS[design]
    ids = [
        (
            data["stratum"] + data["psu"].astype(str)
            if clustered
            else data.index.to_series()
        ).to_numpy(dtype=object)
        for data in waves
    ]
    stack = stacked(*designs, ids=ids if SAMPLES[sample][2] else ())
    region = [variables(data, "region")[0] for data in waves]
    points = (TOTAL, *(PointPair("region", r, "region", r) for r in REGIONS))
    banners = banners_of(stack, points, region[1:], region[:1])
    compared = [_compared(waves, name) for name in ("uses", "cost")]
    found = np.concatenate(spreads(compared, stack, banners), axis=1)
    before, after, both, few, more = found
    theirs = reference("changes")[sample][design]
    for place, name in enumerate(("Total", *REGIONS)):
        wanted = theirs[name]
        variance = before[:, place] + after[:, place] - 2 * both[:, place]
        degrees = np.minimum(few, more)[:, place]
        np.testing.assert_allclose(
            np.sqrt(variance), wanted["std_error"], rtol=1e-9, err_msg=name
        )
        np.testing.assert_array_equal(degrees, wanted["degrees"], err_msg=name)
        shares = [_means(w, d, name) for w, d in zip(waves, designs, strict=True)]
        np.testing.assert_allclose(
            shares[1] - shares[0], wanted["difference"], rtol=1e-9, atol=1e-12
        )
        half = np.sqrt(variance) * special.stdtrit(degrees, 0.975)
        np.testing.assert_allclose(half, wanted["half"], rtol=1e-9)

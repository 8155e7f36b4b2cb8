"""What a study file says about the design gives the numbers of R survey.

The columns of the design are no questions: they stand in the export only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import analyze

USES = ["no", "planned", "yes"]
SIZES = ["large", "medium", "small"]
REGIONS = ["east", "far", "north", "south", "west"]
CLUSTERED = {"weight": "w", "strata": "stratum", "psu": "psu"}
CORRECTED = {**CLUSTERED, "fpc": "n_psu"}
APART = {**CORRECTED, "strata": "apart", "psu": "area"}
BOTH = ["size", "region"]
DESIGNS: dict[tuple[str, ...], dict[str, Any]] = {
    ("designs", "counts"): {
        **CLUSTERED,
        "psu": ["area", "unit"],
        "fpc": ["n_psu", "n_unit"],
    },
    ("designs", "unstratified"): {
        "weight": "w",
        "psu": ["area", "unit"],
        "fpc": ["population", "n_unit"],
    },
    ("designs", "one_stage_adjust"): {**APART, "lonely_psu": "adjust"},
    ("designs", "one_stage_average"): {**APART, "lonely_psu": "average"},
    ("designs", "one_stage_certainty"): {**APART, "lonely_psu": "certainty"},
    ("calibrated", "given", "clustered"): {**CLUSTERED, "calibration": BOTH},
    ("calibrated", "given", "corrected"): {**CORRECTED, "calibration": BOTH},
    ("calibrated", "given_crossed"): {**CLUSTERED, "calibration": [BOTH]},
    ("replicates", "made", "jk1_corrected"): {
        "weight": "w",
        "psu": "psu",
        "fpc": "population",
        "method": "jk1",
    },
    ("replicates", "made", "jkn_corrected"): {**CORRECTED, "method": "jkn"},
    ("calibrated", "replicated", "given"): {
        **CLUSTERED,
        "method": "jkn",
        "calibration": BOTH,
    },
}
GIVEN: dict[str, tuple[list[str], dict[str, Any]]] = {
    "jk1": (["psu"], {"method": "jk1"}),
    "jkn": (["stratum", "psu"], {"method": "jkn"}),
    "brr": (["pair", "side"], {"method": "brr"}),
    "fay": (["pair", "side"], {"method": "fay", "rho": 0.3}),
    "bootstrap": (["stratum", "psu"], {"method": "bootstrap"}),
    "sdr": (["psu"], {"method": "sdr"}),
    "own": (["stratum", "psu"], {"method": "bootstrap"}),
}


def _single(name: str, codes: list[str]) -> dict[str, Any]:
    categories = [{"code": code, "label": code.title()} for code in codes]
    return {"id": name, "kind": "single", "label": name, "categories": categories}


QUESTIONS = [
    _single("uses", USES),
    _single("size", SIZES),
    _single("region", REGIONS),
    {"id": "cost", "kind": "numeric", "label": "Cost"},
]


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


@pytest.fixture(scope="module")
def export(wave: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of designs.R and replicates.R."""
    i = np.arange(1, len(wave) + 1)
    lone = (wave["stratum"] == "w") & (wave["psu"] % 5 == 2)
    return wave.assign(
        area=wave["psu"] % 5,
        apart=wave["stratum"].where(~lone, "lone"),
        unit=_mix(i, 17, 6, 3),
        n_unit=16 + wave["psu"] % 5,
        pair=_mix(i, 5, 3, 7),
        side=_mix(i, 3, 7, 2),
        population=2500,
    )


def _results(
    make_study: Callable[..., Path],
    data: pd.DataFrame,
    design: dict[str, Any],
    **keys: Any,
) -> pd.DataFrame:
    columns = {name: data[name].tolist() for name in data.columns}
    options = {"exclude": [], "sample": "probability", "design": design, **keys}
    path = make_study(columns, QUESTIONS, **options)
    results = analyze(path).results
    return results[results["banner"].isin(["", "region"])]


def _same(results: pd.DataFrame, theirs: dict[str, Any]) -> None:
    whole = results[results["banner"] == ""].set_index(["question", "code"])
    shares, mean = whole.loc["uses"].loc[USES], whole.loc[("cost", "mean")]
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(shares[name], theirs["share"][name], rtol=1e-9)
        # R writes some single numbers as a matrix.
        expected = np.squeeze(theirs["mean"][name])
        assert mean[name] == pytest.approx(expected, rel=1e-9)
    by_region = results[(results["question"] == "uses") & (results["code"] == "yes")]
    by_region = by_region.set_index("point")["std_error"]
    domains = [name.title() for name in theirs["share_by"]["domain"]]
    expected = np.array(theirs["share_by"]["std_error"], dtype=float)
    assert expected.shape == (len(domains), len(USES))
    np.testing.assert_allclose(by_region.loc[domains], expected[:, 2], rtol=1e-9)


def _part(reference: Callable[[str], Any], path: tuple[str, ...]) -> Any:
    found = reference(path[0])
    for name in path[1:]:
        found = found[name]
    return found


@pytest.mark.parametrize("path", DESIGNS, ids=" ".join)
def test_designs(
    path: tuple[str, ...],
    make_study: Callable[..., Path],
    export: pd.DataFrame,
    reference: Callable[[str], Any],
) -> None:
    keys = {"banner": ["region"], "report": {"min_base": 1}}
    results = _results(make_study, export, DESIGNS[path], **keys)
    _same(results, _part(reference, path))


@pytest.mark.parametrize("combined", [True, False])
@pytest.mark.parametrize("name", GIVEN)
def test_replicate_weights_of_the_export(
    name: str,
    combined: bool,  # noqa: FBT001 - pytest gives parameters by name
    make_study: Callable[..., Path],
    export: pd.DataFrame,
    reference: Callable[[str], Any],
) -> None:
    stored = reference("replicates")["given"][name]
    columns, how = GIVEN[name]
    psu = export[columns].astype(str).agg(" ".join, axis=1)
    place = [str(each) for each in stored["psu"]]
    factor = np.array(stored["factor"], dtype=float)[[place.index(p) for p in psu]]
    weights = factor * (export["w"].to_numpy()[:, None] if combined else 1)
    names = [f"repwt{i}" for i in range(factor.shape[1])]
    data = export.assign(**dict(zip(names, weights.T, strict=True)))
    scales = {
        "own": {key: stored.get(key) for key in ("scale", "rscales")},
        "jkn": {"rscales": stored.get("rscales")},
    }
    design = {"weight": "w", "replicate_weights": "repwt*", **how}
    if not combined:
        design["combined"] = False
    keys = {"banner": ["region"], "report": {"min_base": 1}}
    results = _results(make_study, data, {**design, **scales.get(name, {})}, **keys)
    _same(results, reference("replicates")["measures"][name])


def test_the_unweighted_column_keeps_the_replicates(
    make_study: Callable[..., Path],
    export: pd.DataFrame,
    reference: Callable[[str], Any],
) -> None:
    stored = reference("replicates")["given"]["jkn"]
    psu = export[["stratum", "psu"]].astype(str).agg(" ".join, axis=1)
    factor = np.array(stored["factor"], dtype=float)
    factor = factor[[stored["psu"].index(p) for p in psu]]
    names = [f"repwt{i}" for i in range(factor.shape[1])]
    plain = export.assign(w=1.0, **dict(zip(names, factor.T, strict=True)))
    weighted = plain.assign(w=export["w"], **{n: plain[n] * export["w"] for n in names})
    design = {
        "weight": "w",
        "replicate_weights": names,
        "method": "jkn",
        "rscales": stored["rscales"],
    }
    found = []
    for data, banner in ((plain, ""), (weighted, "unweighted")):
        columns = {name: data[name].tolist() for name in data.columns}
        path = make_study(columns, QUESTIONS, exclude=[], design=design)
        results = analyze(path).results
        found.append(results[results["banner"] == banner])
    for name in ("estimate", "std_error"):
        np.testing.assert_allclose(found[0][name], found[1][name], rtol=1e-9)


def test_raking_here_equals_raking_in_r(
    make_study: Callable[..., Path],
    export: pd.DataFrame,
    reference: Callable[[str], Any],
) -> None:
    """The margins of calibrated.R as targets, with the weight as base weight."""
    population = {
        "size": {"large": 250, "medium": 850, "small": 1400},
        "region": {"east": 500, "far": 350, "north": 700, "south": 550, "west": 400},
    }
    targets = {
        "population": "firms",
        "source": "a register",
        "as_of": 2024,
        "unit": "firms",
        "margins": population,
    }
    path = make_study(
        {name: export[name].tolist() for name in export.columns},
        QUESTIONS,
        exclude=[],
        sample="probability",
        design={"strata": "stratum", "psu": "psu"},
        weighting={"targets": "t.yaml", "margins": BOTH, "base_weight": "w"},
        banner=["region"],
        report={"min_base": 1},
    )
    text = yaml.safe_dump(targets, sort_keys=False)
    (path.parent / "t.yaml").write_text(text, encoding="utf-8")
    results = analyze(path).results
    theirs = reference("calibrated")["raked"]["clustered"]
    whole = results[results["banner"] == ""].set_index(["question", "code"])
    for name in ("estimate", "std_error"):
        # Raking stops at 1e-10 of a margin.
        np.testing.assert_allclose(
            whole.loc["uses"].loc[USES][name], theirs["share"][name], rtol=1e-8
        )
        expected = np.squeeze(theirs["mean"][name])
        assert whole.loc[("cost", "mean")][name] == pytest.approx(expected, rel=1e-8)

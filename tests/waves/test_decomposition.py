"""Changes of a study of two waves taken apart: by hand, and what stays hidden."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import _analyse, _task
from survey.errors import EstimationError
from survey.study.model import Study
from survey.wave.result import WaveResult
from survey.waves.compare import contract_between
from survey.waves.decomposition import decompositions
from survey.waves.decomposition_values import Decomposition, decomposition_rows
from survey.weighting.rake import rake

YES = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USES = {"id": "uses", "kind": "single", "label": "Uses it", "categories": YES}
PAYS = {"id": "pays", "kind": "single", "label": "Pays for it", "categories": YES}
SIZES = [{"code": i + 1, "label": t} for i, t in enumerate(["Small", "Mid", "Large"])]
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
PLACES = [{"code": i + 1, "label": t} for i, t in enumerate(["North", "South"])]
REGION = {"id": "region", "kind": "single", "label": "Region", "categories": PLACES}
ALL = [SIZE, REGION, USES, PAYS]
TARGETS = {
    "2024": {"region": {"1": 0.5, "2": 0.5}},
    "2025": {"region": {"1": 0.3, "2": 0.7}},
}


def answers(seed: int, n: int, rise: float) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    size = random.choice([1, 2, 3], n, p=[0.5, 0.3, 0.2])
    region = random.choice([1, 2], n, p=[0.6, 0.4])
    uses = np.where(random.random(n) < 0.2 + rise + 0.1 * size + 0.1 * region, 1, 2)
    pays = np.where(random.random(n) < 0.4 + rise * size, 1, 2)
    return pd.DataFrame({"size": size, "region": region, "uses": uses, "pays": pays})


@pytest.fixture
def waves(
    tmp_path: Path,
) -> Callable[..., tuple[Study, WaveResult, WaveResult]]:
    """Write and analyse a study of the waves 2024 and 2025."""

    def make(
        data: Mapping[str, pd.DataFrame],
        asked: Mapping[str, list[dict[str, Any]]] | None = None,
        **keys: Any,
    ) -> tuple[Study, WaveResult, WaveResult]:
        entries = []
        for name, frame in data.items():
            frame.to_csv(tmp_path / f"{name}.csv", index=False)
            questions = (asked or {}).get(name, ALL)
            form = {"id": f"q{name}", "title": "Tiny", "questions": questions}
            (tmp_path / f"{name}.yaml").write_text(yaml.safe_dump(form))
            about = {"population": "firms", "source": "register", "unit": "firms"}
            about |= {"as_of": name, "margins": TARGETS[name]}
            (tmp_path / f"targets{name}.yaml").write_text(yaml.safe_dump(about))
            entry = {"id": name, "file": f"{name}.csv", "questionnaire": f"{name}.yaml"}
            if "weighting" in keys:
                entry["targets"] = f"targets{name}.yaml"
            entries.append(entry)
        study = {"name": "tiny", "title": "Tiny", "waves": entries, **keys}
        path = tmp_path / "tiny.study.yaml"
        path.write_text(yaml.safe_dump(study, sort_keys=False))
        task = _task(path, None, None, (), ())
        older, newer = (_analyse(task, place) for place in (0, 1))
        return task.study, newer, older

    return make


def taken_apart(
    study: Study, newer: WaveResult, older: WaveResult, row: tuple[str, str], by: str
) -> Decomposition:
    contract = contract_between(
        newer.responses.questionnaire,
        older.responses.questionnaire,
        names=(newer.wave.id, older.wave.id),
        study=study,
    )
    [found] = decompositions(
        newer, older, contract=contract, study=study, rows=[row], banner=[by]
    )
    return found


WEIGHTING = {"targets": "targets2025.yaml", "margins": ["region"]}
DATA = {"2024": answers(1, 300, 0.0), "2025": answers(2, 400, 0.1)}


def raked(frame: pd.DataFrame, wave: str) -> np.ndarray:
    codes = frame[["region"]].astype(str)
    return rake(codes, TARGETS[wave]).weight.to_numpy()


def mean(weight: np.ndarray, yes: np.ndarray, where: np.ndarray | None = None) -> float:
    kept = np.ones(len(yes), bool) if where is None else where
    return float((weight * yes * kept).sum() / (weight * kept).sum())


def test_all_parts_by_hand(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    study, newer, older = waves(DATA, weighting=WEIGHTING, banner=["size"])
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    before, after = (DATA[name] for name in ("2024", "2025"))
    w1, w2 = raked(before, "2024"), raked(after, "2025")
    w3 = raked(after, "2024")
    y1, y2 = ((f["uses"] == 1).to_numpy(float) for f in (before, after))
    parts = {part.name: part.estimate for part in found.parts}
    assert found.total.estimate == pytest.approx(mean(w2, y2) - mean(w1, y1))
    assert parts["targets"] == pytest.approx(mean(w2, y2) - mean(w3, y2))
    assert parts["base"] == 0
    within = composition = 0.0
    for code in (1, 2, 3):
        in1, in2 = (f["size"].to_numpy() == code for f in (before, after))
        s1, s2 = mean(w1, in1.astype(float)), mean(w3, in2.astype(float))
        r1, r2 = mean(w1, y1, in1), mean(w3, y2, in2)
        within += (s1 + s2) / 2 * (r2 - r1)
        composition += (r1 + r2) / 2 * (s2 - s1)
    assert parts["within"] == pytest.approx(within)
    assert parts["composition"] == pytest.approx(composition)
    assert abs(sum(parts.values()) - found.total.estimate) < 1e-12
    by_segment = sum(segment.within.estimate for segment in found.segments)
    assert by_segment == pytest.approx(parts["within"], abs=1e-12)
    # The tables show the two numbers whose difference this is.
    shown = newer.cells["uses", "1", "", "Total"].estimate
    assert found.after == pytest.approx(shown, abs=1e-12)


def test_errors_by_a_jackknife_in_which_all_weights_are_made_again(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    study, newer, older = waves(DATA, weighting=WEIGHTING, banner=["size"])
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    study, newer, older = waves(
        DATA, weighting=WEIGHTING, banner=["size"], design={"method": "jk1"}
    )
    again = taken_apart(study, newer, older, ("uses", "1"), "size")

    def targets(frame: pd.DataFrame) -> float:
        yes = (frame["uses"] == 1).to_numpy(float)
        return mean(raked(frame, "2025"), yes) - mean(raked(frame, "2024"), yes)

    after, n = DATA["2025"], 400
    each = np.array([targets(after.drop(index=i)) for i in range(0, n, 1)])
    error = np.sqrt((n - 1) / n * ((each - each.mean()) ** 2).sum())
    part = {p.name: p.std_error for p in again.parts}["targets"]
    # Raking in the engine and here stops at 1e-10 and 1e-6.
    assert part == pytest.approx(error, rel=1e-4)
    for linear, replicated in zip(
        (found.total, *found.parts), (again.total, *again.parts), strict=True
    ):
        assert linear.estimate == pytest.approx(replicated.estimate, abs=1e-12)
        # Both are right to the first order of 1/n.
        assert linear.std_error == pytest.approx(replicated.std_error, rel=0.02)


def test_what_is_fixed_by_the_weights_does_not_change(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    keys = {"weighting": WEIGHTING, "banner": ["region"]}
    study, newer, older = waves(DATA, **keys)
    found = taken_apart(study, newer, older, ("uses", "1"), "region")
    composition = next(p for p in found.parts if p.name == "composition")
    assert composition.estimate == pytest.approx(0, abs=1e-9)
    assert composition.std_error == 0


def test_a_routing_that_changed_is_the_part_of_the_base(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    routed = [*ALL[:3], {**PAYS, "asked_if": "uses == 1"}]
    after = DATA["2025"]
    asked_less = after.assign(pays=after["pays"].where(after["uses"] == 1))
    study, newer, older = waves(
        {"2024": DATA["2024"], "2025": asked_less.astype("Int64")},
        {"2025": routed},
        banner=["size"],
    )
    found = taken_apart(study, newer, older, ("pays", "1"), "size")
    before = DATA["2024"]
    users = before[before["uses"] == 1]
    on_common = (users["pays"] == 1).mean()
    published = (before["pays"] == 1).mean()
    parts = {part.name: part.estimate for part in found.parts}
    assert parts["base"] == pytest.approx(on_common - published)
    told = after[after["uses"] == 1]
    assert found.total.estimate == pytest.approx((told["pays"] == 1).mean() - published)
    assert sum(parts.values()) == pytest.approx(found.total.estimate, abs=1e-12)
    assert found.segments[0].base_before == int((users["size"] == 1).sum())


def test_small_segments_are_taken_together(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    few = DATA["2025"].drop(index=DATA["2025"].query("size == 3").index[20:])
    study, newer, older = waves({**DATA, "2025": few}, banner=["size"])
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    # Twenty large firms are joined by the next smallest.
    assert [segment.codes for segment in found.segments] == [("1",), ("2", "3")]
    assert min(segment.base_after for segment in found.segments) >= 30
    table = decomposition_rows([found])
    assert "3" not in table["segment"].tolist()


def test_nothing_is_told_on_a_base_that_is_too_small(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    study, newer, older = waves(
        {**DATA, "2025": DATA["2025"].head(25)}, banner=["size"]
    )
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    assert found.hidden
    assert found.note == "hidden: base below 30"
    assert np.isnan([found.before, found.after, found.total.estimate]).all()


def test_a_few_beyond_the_common_base_are_not_told(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    # All but ten of those asked before are users: the part of the base would tell ten.
    before = DATA["2024"].copy()
    before["uses"] = np.where(np.arange(300) < 290, 1, 2)
    after = DATA["2025"].assign(uses=1)
    routed = [*ALL[:3], {**PAYS, "asked_if": "uses == 1"}]
    study, newer, older = waves(
        {"2024": before, "2025": after}, {"2025": routed}, banner=["size"]
    )
    found = taken_apart(study, newer, older, ("pays", "1"), "size")
    assert found.note == "hidden: base below 30"


def test_what_is_not_comparable_is_not_taken_apart(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    other = {"id": "uses", "kind": "single", "label": "Favourite licence model"}
    other["categories"] = [
        {"code": 1, "label": "Copyleft"},
        {"code": 2, "label": "Permissive"},
    ]
    study, newer, older = waves(
        DATA, {"2025": [SIZE, REGION, other, PAYS]}, banner=["size"]
    )
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    assert found.hidden
    assert found.consequence.verdict == "not_comparable"
    [row] = decomposition_rows([found]).to_dict("records")
    assert row["note"].startswith("not comparable: ")


def test_segments_that_changed_are_no_segments(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    bands = [
        {"code": i + 1, "label": t} for i, t in enumerate(["1-9", "10-99", "100+"])
    ]
    changed = {**SIZE, "categories": bands}
    study, newer, older = waves(
        DATA, {"2025": [changed, REGION, USES, PAYS]}, banner=["size"]
    )
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    assert found.hidden
    assert found.consequence.verdict != "comparable"


def test_former_targets_that_cannot_be_met_are_told(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    study, newer, older = waves(DATA, weighting=WEIGHTING, banner=["size"])
    north = newer.responses.frame["region"] == "1"
    assert north.any()
    made = older.made[0]
    margins = {"region": {"1": 0.5, "2": 0.3, "3": 0.2}}
    targets = made.targets.model_copy(update={"margins": margins})
    older = replace(older, made=(replace(made, targets=targets),))
    found = taken_apart(study, newer, older, ("uses", "1"), "size")
    assert [part.name for part in found.parts] == ["within", "composition", "base"]
    assert found.problem is not None
    total = sum(part.estimate for part in found.parts)
    assert total == pytest.approx(found.total.estimate, abs=1e-12)


def test_an_unknown_row_or_segment_is_refused(
    waves: Callable[..., tuple[Study, WaveResult, WaveResult]],
) -> None:
    study, newer, older = waves(DATA, banner=["size"])
    with pytest.raises(EstimationError, match="no row 'nine' of 'uses'"):
        taken_apart(study, newer, older, ("uses", "nine"), "size")
    with pytest.raises(EstimationError, match="'sise' cannot be the segments"):
        taken_apart(study, newer, older, ("uses", "1"), "sise")

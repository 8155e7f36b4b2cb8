"""Weight drift: numbers by hand, cells of few respondents, and the rules."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest
import yaml

from survey.analysis import _analyse, _task
from survey.said import tell
from survey.waves.drift import (
    DriftRules,
    WeightDrift,
    age_of,
    drift_findings,
    weight_drift,
)

SIZES = [{"code": 1, "label": "Small"}, {"code": 2, "label": "Large"}]
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
BEFORE = WeightDrift("2024", "weight", 300, 240.0, 1.25, 80.0, 0.5, 2.0)
SHARES = (("size", "1", 0.5), ("size", "2", 0.5))


def waves(folder: Path, small: tuple[int, int], **keys: Any) -> tuple[WeightDrift, ...]:
    """Analyse two waves of 100 respondents with so many small firms."""
    entries = []
    for name, n in zip(("2024", "2025"), small, strict=True):
        frame = pd.DataFrame({"size": [1] * n + [2] * (100 - n)})
        frame["ended"] = f"{name}-06-30 12:00:00"
        frame.to_csv(folder / f"{name}.csv", index=False)
        entries.append(
            {"id": name, "file": f"{name}.csv", "questionnaire": "tiny.yaml"}
        )
    asked = {"id": "tiny", "title": "Tiny", "paradata": {"finished": "ended"}}
    text = yaml.safe_dump({**asked, "questions": [SIZE]})
    (folder / "tiny.yaml").write_text(text)
    about = {"population": "firms", "source": "register", "unit": "firms"}
    about |= {"as_of": "2021-12", "margins": {"size": {"1": 50, "2": 50}}}
    (folder / "t.yaml").write_text(yaml.safe_dump(about))
    study = {"name": "tiny", "title": "Tiny", "waves": entries, **keys}
    (folder / "tiny.study.yaml").write_text(yaml.safe_dump(study))
    task = _task(folder / "tiny.study.yaml", None, None, (), ())
    return weight_drift([_analyse(task, place) for place in (0, 1)], 30)


def test_numbers_by_hand(tmp_path: Path) -> None:
    weighting = {"targets": "t.yaml", "margins": ["size"]}
    _, found = waves(tmp_path, (60, 80), weighting=weighting)
    # 80 respondents count 5/8, and 20 count 5/2.
    effective = 100**2 / (80 * (5 / 8) ** 2 + 20 * (5 / 2) ** 2)
    assert found.base_effective == pytest.approx(effective)
    assert found.deff == pytest.approx(100 / effective)
    assert found.efficiency == pytest.approx(effective)
    assert (found.smallest, found.largest) == pytest.approx((5 / 8, 5 / 2))
    assert found.targets == SHARES
    assert (found.as_of, found.answered) == ("2021-12", "2025-06-30")


def test_cells_of_few_respondents_are_not_told(tmp_path: Path) -> None:
    weighting = {"targets": "t.yaml", "margins": ["size"]}
    before, after = waves(tmp_path, (60, 80), weighting=weighting)
    assert before.large[0].cell == (("size", "2"),)
    # Twenty large firms.
    assert after.large[0].cell == ()
    assert after.large[0].weight == pytest.approx(5 / 2)


def test_waves_without_weights_of_their_own(tmp_path: Path) -> None:
    found = waves(tmp_path, (60, 80))
    assert [(drift.name, drift.deff) for drift in found] == [("", 1.0), ("", 1.0)]
    assert drift_findings(found) == ()


def test_the_rules_find_what_became_worse(tmp_path: Path) -> None:
    weighting = {"targets": "t.yaml", "margins": ["size"]}
    drifts = waves(tmp_path, (60, 80), weighting=weighting)
    found = drift_findings(drifts)
    assert [(f.wave, f.check) for f in found] == [
        ("2025", "targets_old"),
        ("2025", "weights_efficiency"),
        ("2025", "weights_largest"),
    ]
    # 100 respondents: 60 count 5/6 and 40 count 5/4, which leaves 96 %.
    assert found[1].message == (
        "The efficiency of the weights fell from 96% in wave '2024' to 64%."
    )
    assert "3.5 years before the last answer" in found[0].message
    assert "vor der letzten Antwort" in tell(found[0].said, "de")


@pytest.mark.parametrize(
    ("change", "checks"),
    [
        ({"efficiency": 70.0}, []),
        ({"efficiency": 69.9}, ["weights_efficiency"]),
        ({"largest": 3.9}, []),
        ({"largest": 4.0}, ["weights_largest"]),
        ({"as_of": "2022", "answered": "2025-12-30"}, []),
        ({"as_of": "2022", "answered": "2026-03-01"}, ["targets_old"]),
    ],
)
def test_where_the_rules_begin(change: dict[str, Any], checks: list[str]) -> None:
    after = replace(BEFORE, wave="2025", **change)
    found = drift_findings([BEFORE, after], DriftRules())
    assert [finding.check for finding in found] == checks


def test_targets_that_changed_are_noted() -> None:
    before = replace(BEFORE, as_of="2023", targets=SHARES)
    other = (("size", "1", 0.4), ("size", "2", 0.6))
    after = replace(before, wave="2025", as_of="2024", targets=other)
    [found] = drift_findings([before, after])
    assert (found.severity, found.check) == ("note", "targets_changed")
    assert "they are of 2024, and were of 2023" in found.message
    assert drift_findings([before, replace(before, wave="2025")]) == ()


def test_weights_are_compared_with_those_of_the_same_name() -> None:
    other = replace(BEFORE, name="staff", efficiency=40.0, largest=9.0)
    assert drift_findings([BEFORE, other, replace(BEFORE, wave="2025")]) == ()


@pytest.mark.parametrize(
    ("as_of", "years"),
    [
        ("2024-12-31", 1.0),
        ("2024-12", 1.0),
        ("register of 2024", 1.0),
        ("2023 and 2024", None),
        ("2024-13", None),
        ("2024-02-31", None),
        ("", None),
        ("2026", -1.0),
    ],
)
def test_the_age_of_targets(as_of: str, years: float | None) -> None:
    assert age_of(as_of, "2025-12-31") == years
    assert age_of(as_of, "") is None

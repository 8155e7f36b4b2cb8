"""Changes of whole waves: what is compared, what is hidden, what each number is."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from math import isnan
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
import yaml

from survey.analysis import _analyse, _task
from survey.errors import StudyError
from survey.study.model import Study
from survey.wave.result import WaveResult
from survey.waves.change import wave_changes
from survey.waves.contract import (
    Consequence,
    QuestionContract,
    Statistic,
    WaveContract,
)
from survey.waves.stack_units import ids_of
from survey.waves.values import CellChange

SAME = Consequence("comparable")
SIZE = {
    "id": "size",
    "kind": "single",
    "label": "Size",
    "categories": [{"code": "s", "label": "Small"}, {"code": "l", "label": "Large"}],
}
STAGE = {
    "id": "stage",
    "kind": "single",
    "label": "Stage",
    "categories": [{"code": c, "label": f"Stage {c}"} for c in ("1", "2", "3")],
}
Waves = tuple[Study, WaveResult, WaveResult]
MakeWaves = Callable[..., Waves]
Consequences = dict[tuple[Statistic, str], Consequence]


def _answers(seed: int, ids: list[str], small: int) -> dict[str, list[str]]:
    rng = np.random.default_rng(seed)
    size = ["s"] * small + ["l"] * (len(ids) - small)
    stage = rng.choice(["1", "2", "3"], len(ids)).tolist()
    return {"size": size, "stage": stage, "firm": ids}


def _firms(first: int, last: int) -> list[str]:
    return [f"firm {i}" for i in range(first, last)]


@pytest.fixture
def make_waves(make_study: Callable[..., Path], tmp_path: Path) -> MakeWaves:
    def make(
        older: Mapping[str, list[str]], newer: Mapping[str, list[str]], **keys: Any
    ) -> Waves:
        paradata = {"paradata": {"organisation": "firm"}}
        keys = {"banner": ["size"], "report": {"small_base": 30}} | keys
        path = make_study(newer, [SIZE, STAGE], instrument=paradata, **keys)
        pd.DataFrame(older).to_csv(tmp_path / "older.csv", index=False)
        study = yaml.safe_load(path.read_text(encoding="utf-8"))
        study["waves"] = [
            {**study["waves"][0], "id": "0", "file": "older.csv"}
        ] + study["waves"]
        path.write_text(yaml.safe_dump(study), encoding="utf-8")
        task = _task(path, None, None, (), ())
        return task.study, _analyse(task, 0), _analyse(task, 1)

    return make


def _contract(**changed: QuestionContract) -> WaveContract:
    all_of: Consequences = {("share", ""): SAME, ("net", ""): SAME, ("mean", ""): SAME}
    questions = {
        name: QuestionContract(name, name, (), consequences=all_of)
        for name in ("size", "stage")
    }
    return WaveContract("1", "0", questions | changed)


def _by_cell(changes: tuple[CellChange, ...]) -> dict[tuple[str, str, str], CellChange]:
    return {(c.question, c.code, c.point): c for c in changes}


def _changes(
    waves: Waves, contract: WaveContract | None = None
) -> dict[tuple[str, str, str], CellChange]:
    study, older, newer = waves
    found = wave_changes(
        newer, older, contract or _contract(), study, against="previous"
    )
    return _by_cell(found)


def test_independent_samples_add_their_variances(make_waves: MakeWaves) -> None:
    waves = make_waves(
        _answers(1, _firms(0, 120), 60), _answers(2, _firms(200, 340), 70)
    )
    change = _changes(waves)["stage", "2", "Small"]
    before, after = (wave.cells["stage", "2", "size", "Small"] for wave in waves[1:])
    assert change.overlap == 0
    assert change.difference == after.estimate - before.estimate
    error = np.hypot(before.std_error, after.std_error)
    assert change.std_error == pytest.approx(error, rel=1e-12)
    assert (change.base_before, change.base_after) == (60, 70)


def test_the_same_answers_of_the_same_firms_did_not_change(
    make_waves: MakeWaves,
) -> None:
    answers = _answers(1, _firms(0, 120), 60)
    change = _changes(make_waves(answers, answers))["stage", "2", "Total"]
    assert change.overlap == 120
    assert change.difference == 0
    # Without any difference between the waves there is nothing to test.
    assert isnan(change.p_value)


def test_a_panel_by_hand(make_waves: MakeWaves) -> None:
    # One share of 100 firms: 20 go from 1 to 2 and 10 the other way, 70 stay.
    older = ["1"] * 20 + ["2"] * 10 + ["1"] * 35 + ["2"] * 35
    newer = ["2"] * 20 + ["1"] * 10 + ["1"] * 35 + ["2"] * 35
    firms, size = _firms(0, 100), ["s"] * 100
    waves = make_waves(
        {"size": size, "stage": older, "firm": firms},
        {"size": size, "stage": newer, "firm": firms},
    )
    change = _changes(waves)["stage", "2", "Total"]
    # Differences are 1, -1 and 0: their mean is 0.1, their variance (0.3 - 0.01).
    assert change.difference == pytest.approx(0.1, rel=1e-12)
    assert change.std_error == pytest.approx(np.sqrt(0.29 / 99), rel=1e-12)
    # t quantiles of 99 degrees of freedom: 1.98422 and 0.84526.
    assert change.conf_high == pytest.approx(0.1 + 1.98422 * change.std_error, rel=1e-5)
    factor = 1.98422 + 0.84526
    assert change.detectable == pytest.approx(factor * change.std_error, rel=1e-5)


def test_running_numbers_are_no_ids(make_waves: MakeWaves) -> None:
    numbers = [str(i) for i in range(1, 101)]
    waves = make_waves(_answers(1, numbers, 50), _answers(2, numbers, 50))
    assert _changes(waves)["stage", "1", "Total"].overlap == 0
    study = waves[0]
    plan = study.report.model_copy(
        update={
            "changes": study.report.changes.model_copy(update={"unit": "organisation"})
        }
    )
    named = study.model_copy(update={"report": plan})
    assert _changes((named, *waves[1:]))["stage", "1", "Total"].overlap == 100


def test_samples_that_the_study_calls_independent(make_waves: MakeWaves) -> None:
    answers = _answers(1, _firms(0, 100), 50)
    report = {"changes": {"unit": "none"}}
    waves = make_waves(answers, _answers(2, _firms(0, 100), 50), report=report)
    assert _changes(waves)["stage", "1", "Total"].overlap == 0


def test_a_column_of_ids_that_a_wave_lacks(make_waves: MakeWaves) -> None:
    answers = _answers(1, _firms(0, 100), 50)
    waves = make_waves(answers, answers, report={"changes": {"unit": "person"}})
    with pytest.raises(StudyError, match="wave '0' has no column 'person'"):
        ids_of(waves[0], waves[1:])


def test_a_cell_hidden_in_one_wave_has_no_change(make_waves: MakeWaves) -> None:
    waves = make_waves(
        _answers(1, _firms(0, 120), 20), _answers(2, _firms(200, 340), 70)
    )
    found = _changes(waves)
    hidden = found["stage", "2", "Small"]
    assert hidden.hidden
    assert all(
        isnan(getattr(hidden, name))
        for name in ("before", "after", "std_error", "p_value", "base_before")
    )
    # Total less Small would tell it: Large is hidden in the older wave as well.
    assert found["stage", "2", "Large"].hidden
    assert not found["stage", "2", "Total"].hidden


def test_what_is_not_comparable_says_why(make_waves: MakeWaves) -> None:
    waves = make_waves(
        _answers(1, _firms(0, 120), 60), _answers(2, _firms(200, 340), 70)
    )
    lost = Consequence("not_comparable", "scale_changed")
    stage = QuestionContract("stage", "stage", (), consequences={("share", ""): lost})
    change = _changes(waves, _contract(stage=stage))["stage", "1", "Total"]
    assert change.hidden
    assert change.consequence == lost


def test_a_banner_point_that_changed_is_not_compared(make_waves: MakeWaves) -> None:
    waves = make_waves(
        _answers(1, _firms(0, 120), 60), _answers(2, _firms(200, 340), 70)
    )
    lost = Consequence("not_comparable", "options_reworded")
    parts: Consequences = {("share", ""): SAME, ("share", "s"): lost}
    size = QuestionContract("size", "size", (), consequences=parts)
    found = _changes(waves, _contract(size=size))
    assert found["stage", "1", "Small"].consequence == lost
    assert found["stage", "1", "Small"].hidden
    assert not found["stage", "1", "Large"].hidden


@pytest.mark.parametrize("shared", [True, False])
def test_options_that_were_merged(make_waves: MakeWaves, *, shared: bool) -> None:
    # Stage 2 of the newer wave was 2 or 3 in the older one.
    start = 0 if shared else 500
    newer = _answers(2, _firms(start, start + 140), 70)
    newer["stage"] = ["2" if code == "3" else code for code in newer["stage"]]
    older = _answers(1, _firms(0, 120), 60)
    waves = make_waves(older, newer)
    codes = {"1": ("1",), "2": ("2", "3")}
    stage = replace(_contract().questions["stage"], codes=codes)
    found = _changes(waves, _contract(stage=stage))
    change = found["stage", "2", "Total"]
    wanted = sum(code != "1" for code in older["stage"]) / 120
    assert change.before == pytest.approx(wanted, rel=1e-12)
    assert change.after == pytest.approx(newer["stage"].count("2") / 140, rel=1e-12)
    assert change.overlap == (120 if shared else 0)
    # The two answers add up to everybody: one rises as the other falls.
    other = found["stage", "1", "Total"]
    assert other.difference == pytest.approx(-change.difference, rel=1e-12)
    assert other.std_error == pytest.approx(change.std_error, rel=1e-9)


def test_the_common_base(make_waves: MakeWaves) -> None:
    older, newer = _answers(1, _firms(0, 140), 70), _answers(2, _firms(200, 350), 75)
    waves = make_waves(older, newer)
    narrow: Consequences = {
        ("share", ""): Consequence("common_base", "routing_changed")
    }
    stage = QuestionContract(
        "stage", "stage", (), consequences=narrow, common_base="size in ('s')"
    )
    found = _changes(waves, _contract(stage=stage))
    change = found["stage", "1", "Total"]
    assert (change.base_before, change.base_after) == (70, 75)
    assert change.before == pytest.approx(older["stage"][:70].count("1") / 70)


def test_a_common_base_that_would_tell_of_a_few(make_waves: MakeWaves) -> None:
    # 12 are outside the common base: the two bases would tell their answers.
    older, newer = _answers(1, _firms(0, 140), 128), _answers(2, _firms(200, 350), 75)
    waves = make_waves(older, newer, banner=[])
    narrow: Consequences = {
        ("share", ""): Consequence("common_base", "routing_changed")
    }
    stage = QuestionContract(
        "stage", "stage", (), consequences=narrow, common_base="size in ('s')"
    )
    assert _changes(waves, _contract(stage=stage))["stage", "1", "Total"].hidden


def test_arrows_use_adjusted_tests_of_all_changes(make_waves: MakeWaves) -> None:
    older, newer = _answers(1, _firms(0, 200), 100), _answers(2, _firms(200, 400), 100)
    newer["stage"] = ["1"] * 120 + newer["stage"][120:]
    waves = make_waves(older, newer)
    found = _changes(waves)
    tested = [c for c in found.values() if not isnan(c.p_value)]
    # Benjamini and Hochberg: the largest p-value stays as it is.
    assert max(c.p_adjusted for c in tested) == max(c.p_value for c in tested)
    assert all(c.p_adjusted >= c.p_value for c in tested)
    assert found["stage", "1", "Total"].level == 2
    assert {c.level for c in tested if c.p_adjusted >= 0.10} == {0}

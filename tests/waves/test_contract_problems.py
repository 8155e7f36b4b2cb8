"""Waves whose files were mixed up are told apart, each mistake with its message."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from survey.importers.raw import RawTable, Source
from survey.importers.read import read
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses
from survey.study.load import load_study
from survey.study.model import Study
from survey.waves.problems import wave_findings

NAMES = "abcdef"
RECORDS = 30


def study(*ids: str) -> Study:
    each = {"file": "f.csv", "questionnaire": "q.yaml"}
    return Study(name="s", title="S", waves=[{"id": name, **each} for name in ids])


@pytest.fixture
def wave(raw_table: Callable[..., RawTable]) -> Callable[..., Responses]:
    def make(
        day: int, *, shift: int = 0, answered: str = NAMES, **keys: Any
    ) -> Responses:
        asked = [
            {
                "id": name,
                "kind": "single",
                "label": f"Question {name}",
                "categories": [{"code": c, "label": f"{name}{c}"} for c in range(5)],
            }
            for name in NAMES
        ]
        columns: dict[str, list[object]] = {
            name: [str((k * (i + 2) + shift * k // 3) % 5) for k in range(RECORDS)]
            for i, name in enumerate(NAMES)
            if name in answered
        }
        columns["started"] = [
            f"2024-05-{day:02d} 10:{k:02d}:00" for k in range(RECORDS)
        ]
        questionnaire = Questionnaire.model_validate(
            {
                "id": "test",
                "title": "Test",
                "questions": asked,
                "paradata": {"started": "started"},
                **keys,
            }
        )
        raw = raw_table(columns)
        source = Source(f"day{day}.csv", f"{day}{shift}{answered}", "plain")
        return bind(replace(raw, source=source), questionnaire)

    return make


def test_waves_in_order_have_no_findings(wave: Callable[..., Responses]) -> None:
    waves = [wave(1), wave(9, shift=1)]
    assert wave_findings(study("2023", "2024"), waves) == ()


def test_a_file_of_another_study(wave: Callable[..., Responses]) -> None:
    waves = [wave(1), wave(9, shift=1, answered="ab")]
    (found,) = wave_findings(study("2023", "2024"), waves)
    assert (found.check, found.wave, found.count) == (
        "wave_of_another_study",
        "2024",
        4,
    )
    assert found.message == (
        "Only 2 of 6 questions have any answer in day9.csv: it may be the file of "
        "another wave or study."
    )


def test_the_same_records_twice(wave: Callable[..., Responses]) -> None:
    (found,) = wave_findings(study("2023", "2024"), [wave(1), wave(9)])
    assert (found.check, found.wave, found.count) == ("wave_twice", "2024", RECORDS)
    assert found.message.startswith(
        "30 records of wave 2024 are also records of wave 2023, answer by answer"
    )


@pytest.mark.parametrize(("shift", "checks"), [(0, ["wave_twice"]), (1, [])])
def test_records_that_begin_alike(
    wave: Callable[..., Responses], shift: int, checks: list[str]
) -> None:
    alike = {f"alike_{number}": "1" for number in range(12)}
    waves = [wave(1), wave(9, shift=shift)]
    wide = [
        replace(
            each, frame=pd.DataFrame(alike, index=each.frame.index).join(each.frame)
        )
        for each in waves
    ]
    found = wave_findings(study("2023", "2024"), wide)
    assert [each.check for each in found] == checks


def test_the_same_file_twice(wave: Callable[..., Responses]) -> None:
    one = wave(1)
    found = wave_findings(study("2023", "2024"), [one, one])
    assert [each.check for each in found] == ["wave_twice"]


def test_waves_out_of_order(wave: Callable[..., Responses]) -> None:
    (found,) = wave_findings(study("2023", "2024"), [wave(9), wave(1, shift=1)])
    assert (found.check, found.wave) == ("waves_out_of_order", "2024")
    assert "wave 2024 began before 2024-05-01" in found.message
    assert "wave 2023 after 2024-05-09" in found.message


def test_a_questionnaire_without_its_translation(
    wave: Callable[..., Responses],
) -> None:
    waves = [wave(1), wave(9, shift=1, languages=["en", "de"])]
    (found,) = wave_findings(study("2023", "2024"), waves)
    assert (found.check, found.wave, found.count) == (
        "wave_without_translation",
        "2024",
        len(NAMES),
    )


def test_the_shipped_waves_are_where_they_belong(root: Path) -> None:
    loaded = load_study(root / "questionnaires" / "genai-adoption.study.yaml")
    waves = [
        bind(read(loaded.folder / wave.file), questionnaire)
        for wave, questionnaire in zip(
            loaded.study.waves, loaded.questionnaires, strict=True
        )
    ]
    assert wave_findings(loaded.study, waves) == ()
    turned = loaded.study.model_copy(update={"waves": loaded.study.waves[::-1]})
    found = wave_findings(turned, waves[::-1])
    assert [(f.check, f.wave) for f in found] == [
        ("waves_out_of_order", "2024"),
        ("waves_out_of_order", "2023"),
    ]

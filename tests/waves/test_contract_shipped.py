"""What differs between the three shipped waves is found, and nothing else."""

from pathlib import Path

import pytest

from survey.errors import StudyError
from survey.study.load import LoadedStudy, load_study
from survey.waves.compare import contract_between
from survey.waves.contract import WaveContract
from survey.waves.listing import contract_lines, contract_rows
from survey.waves.study_contracts import study_contracts


@pytest.fixture(scope="module")
def shipped(root: Path) -> LoadedStudy:
    return load_study(root / "questionnaires" / "genai-adoption.study.yaml")


def contract(shipped: LoadedStudy, newer: int, older: int) -> WaveContract:
    of = {
        int(wave.id): questionnaire
        for wave, questionnaire in zip(
            shipped.study.waves, shipped.questionnaires, strict=True
        )
    }
    names = str(newer), str(older)
    return contract_between(of[newer], of[older], names=names, study=shipped.study)


def changed(found: WaveContract) -> dict[str, list[str]]:
    kinds = {n: [c.kind for c in pact.changes] for n, pact in found.questions.items()}
    return {name: each for name, each in kinds.items() if each != ["same"]}


def test_2024_changed_a_routing_and_reused_an_id(shipped: LoadedStudy) -> None:
    found = contract(shipped, 2024, 2023)
    assert changed(found) == {
        "barriers": ["routing_changed"],
        "openness_importance": ["reused_id"],
    }
    barriers = found.questions["barriers"]
    assert barriers.common_base == barriers.earlier_base == "stage in (1, 2)"
    assert {c.verdict for c in barriers.consequences.values()} == {"common_base"}
    reused = found.questions["openness_importance"]
    assert reused.consequence("share", "1").verdict == "not_comparable"
    assert [(c.kind, c.question) for c in found.changes] == [
        ("dropped", "openness_importance")
    ]


def test_2025_reworded_a_scale_and_added_an_option(shipped: LoadedStudy) -> None:
    found = contract(shipped, 2025, 2024)
    assert changed(found) == {"models": ["options_added"], "control": ["scale_changed"]}
    assert found.questions["models"].changes[0].code == "deepseek"
    assert found.questions["models"].consequence("share", "gpt").verdict == "comparable"
    control = found.questions["control"]
    assert control.consequence("net", "agree").because == "scale_changed"
    assert {c.verdict for c in control.consequences.values()} == {"not_comparable"}
    assert found.changes == ()


def test_2025_against_2023_holds_all_four(shipped: LoadedStudy) -> None:
    found = contract(shipped, 2025, 2023)
    assert sorted(changed(found)) == [
        "barriers",
        "control",
        "models",
        "openness_importance",
    ]


def test_a_table_has_every_question(shipped: LoadedStudy) -> None:
    both = [contract(shipped, 2024, 2023), contract(shipped, 2025, 2024)]
    frame = contract_rows(both)
    asked = [q.id for q in shipped.questionnaires[-1].questions]
    for found in both:
        rows = frame[frame["wave"] == found.newer]
        assert set(asked) <= set(rows["question"])
    control = frame[(frame["question"] == "control") & (frame["wave"] == "2025")]
    assert control["share"].tolist() == ["not_comparable"]
    assert control["because"].tolist() == ["scale_changed"]
    assert frame.map(lambda cell: isinstance(cell, str)).all().all()


def test_the_lines_say_what_happened_and_count(shipped: LoadedStudy) -> None:
    lines = list(contract_lines(contract(shipped, 2025, 2024)))
    assert lines[0] == "2025 against 2024"
    assert any(
        line.startswith("    options added: models deepseek [- -> DeepSeek]")
        for line in lines
    )
    assert "    recodes: {models: {other: [other, deepseek]}}" in lines
    total = len(shipped.questionnaires[-1].questions)
    assert lines[-1] == f"  {total - 1} comparable, 1 not comparable"


def test_the_contracts_of_a_study(root: Path, shipped: LoadedStudy) -> None:
    path = root / "questionnaires" / "genai-adoption.study.yaml"
    found = study_contracts(path)
    assert [(c.newer, c.older) for c in found] == [("2024", "2023"), ("2025", "2024")]
    assert found[1].questions == contract(shipped, 2025, 2024).questions


def test_one_wave_has_nothing_to_be_compared_with(root: Path) -> None:
    with pytest.raises(StudyError, match="one wave has nothing to be compared with"):
        study_contracts(root / "questionnaires" / "ospo-2024.study.yaml")

"""What a study accepts is checked: nothing is taken together silently."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from survey.errors import StudyError
from survey.study.load import load_study
from survey.waves.compare import contract_between
from survey.waves.problems import acceptance_problems
from survey.yaml_file import read_yaml

OLDER = {1: "Law", 2: "Ethics", 3: "Cost", 9: "Other"}
NEWER = {4: "Law / ethics", 3: "Cost", 9: "Other"}


def write(folder: Path, accepted: str, newer: dict[int, str] | None = None) -> Path:
    for year, labels in (("2024", OLDER), ("2025", newer or NEWER)):
        entries = [{"code": c, "label": text} for c, text in labels.items()]
        question: dict[str, Any] = {"id": "q7", "kind": "single", "label": "Why not?"}
        asked = {"id": year, "title": "X", "questions": [question]}
        question["categories"] = entries
        (folder / f"{year}.yaml").write_text(yaml.safe_dump(asked), encoding="utf-8")
        (folder / f"{year}.csv").write_text("q7\n1\n", encoding="utf-8")
    path = folder / "s.study.yaml"
    path.write_text(
        "name: s\ntitle: S\nwaves:\n"
        "  - {id: 2024, file: 2024.csv, questionnaire: 2024.yaml}\n"
        "  - id: 2025\n    file: 2025.csv\n    questionnaire: 2025.yaml\n"
        f"    {accepted}\n",
        encoding="utf-8",
    )
    return path


def problems(path: Path) -> list[str]:
    loaded = load_study(path)
    source = read_yaml(path, StudyError)
    found = acceptance_problems(loaded.study, source, loaded.questionnaires)
    return [text.removeprefix(str(path)) for text in found]


def test_a_proposal_that_is_pasted_is_accepted(tmp_path: Path) -> None:
    loaded = load_study(write(tmp_path, ""))
    names = ("2025", "2024")
    newer, older = loaded.questionnaires[1], loaded.questionnaires[0]
    first = contract_between(newer, older, names=names, study=loaded.study)
    line = f"recodes: {{{first.questions['q7'].proposal}}}"
    path = write(tmp_path, line)
    assert problems(path) == []
    study = load_study(path).study
    found = contract_between(newer, older, names=names, study=study).questions["q7"]
    assert found.accepted
    assert found.rows["4"] == (("4",), ("1", "2"))
    assert found.consequence("share", "3").verdict == "comparable"


@pytest.mark.parametrize(
    ("accepted", "says"),
    [
        ("recodes: {q8: {4: [1, 2]}}", "there is no question 'q8' in 2025"),
        ("recodes: {q7: {4: [1, 7]}}", "'4' takes '7', which is no code of wave"),
        ("recodes: {q7: {4: {2024: [4]}}}", "'4' takes '4', which is no code of wave"),
        (
            "recodes: {q7: {3: [1]}}",
            "would silently take '3' of wave 2024 as well. Write 3: [3, 1]",
        ),
        (
            "recodes: {q7: {x: {2025: [4], 2024: [1, 3]}}}",
            "'3' of wave 2025 is the same answer as one of them",
        ),
        (
            "recodes: {q7: {x: [4, 1], y: [9, 1]}}",
            "'1' of wave 2024 stands in 'x', 'y'. Keep one.",
        ),
        ("comparable: {q9: tested}", "there is no question 'q9' in 2025"),
    ],
)
def test_a_recode_that_is_wrong_is_named_with_its_line(
    tmp_path: Path, accepted: str, says: str
) -> None:
    found = problems(write(tmp_path, accepted))
    assert found
    assert found[0].startswith(", line 8:")
    assert says in found[0]


def test_a_wrong_recode_stops_the_comparison(tmp_path: Path) -> None:
    loaded = load_study(write(tmp_path, "recodes: {q7: {3: [1]}}"))
    newer, older = loaded.questionnaires[1], loaded.questionnaires[0]
    with pytest.raises(StudyError, match="would silently take '3'"):
        contract_between(newer, older, names=("2025", "2024"), study=loaded.study)


def test_the_first_wave_has_nothing_to_accept(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    text = path.read_text(encoding="utf-8")
    path.write_text(
        text.replace("2024.yaml}", "2024.yaml, recodes: {q7: {4: [1, 2]}}}"),
        encoding="utf-8",
    )
    (found,) = problems(path)
    assert found.startswith(", line 4: wave '2024' has no earlier wave")
    assert found.endswith("Remove 'recodes'.")


def test_a_recode_of_an_earlier_wave_holds_for_later_ones(tmp_path: Path) -> None:
    path = write(tmp_path, "recodes: {q7: {4: [1, 2]}}")
    text = path.read_text(encoding="utf-8")
    text += "  - {id: 2026, file: 2025.csv, questionnaire: 2025.yaml}\n"
    path.write_text(text, encoding="utf-8")
    loaded = load_study(path)
    found = contract_between(
        loaded.questionnaires[2],
        loaded.questionnaires[0],
        names=("2026", "2024"),
        study=loaded.study,
    )
    assert found.questions["q7"].rows["4"] == (("4",), ("1", "2"))


def test_a_version_of_a_questionnaire_that_is_not_there(tmp_path: Path) -> None:
    path = write(tmp_path, "")
    newest = tmp_path / "2025.yaml"
    newest.write_text("extends: 2023.yaml\nid: x\n", encoding="utf-8")
    with pytest.raises(
        ValueError, match=r"2025\.yaml, line 1: no questionnaire .*2023"
    ):
        load_study(path)

from pathlib import Path

import pytest
import yaml

from survey.errors import StudyError
from survey.study import load_study


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "wave.csv").write_text("q\n1\n", encoding="utf-8")
    questionnaire = {
        "id": "q",
        "title": "Q",
        "questions": [
            {
                "id": "stage",
                "kind": "single",
                "label": "Stage",
                "categories": [{"code": 1, "label": "No"}, {"code": 2, "label": "Yes"}],
            }
        ],
    }
    (tmp_path / "q.yaml").write_text(yaml.safe_dump(questionnaire), encoding="utf-8")
    return tmp_path


def refused(folder: Path, text: str) -> str:
    path = folder / "s.study.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(StudyError) as caught:
        load_study(path)
    return str(caught.value).removeprefix(str(path))


HEAD = "name: s\ntitle: S\nwaves:\n  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("banner: [size]\n", 5, "there is no question 'size' in q. Questions: 'stage'"),
        ("bannner: [stage]\n", 5, "unknown key 'bannner'"),
        (
            "nets:\n  stage:\n    - {code: n, label: N, codes: [1, 5]}\n",
            7,
            "question 'stage' has no code '5'",
        ),
        (
            "indicators:\n  adoption: {question: stage, in_production: 7, using: 2}\n",
            6,
            "has no code '7'",
        ),
        ("exclude: [bots]\n", 5, "exclude[0] is 'bots'"),
        ("weighting: {targets: t.yaml, margins: [stage]}\n", 5, "no such target file"),
        ("report: {min_base: 0}\n", 5, "min_base"),
    ],
)
def test_a_mistake_is_named_with_its_line(
    folder: Path, more: str, line: int, says: str
) -> None:
    message = refused(folder, HEAD + more)
    assert message.startswith(f", line {line}:")
    assert says in message


def test_waves_that_stand_twice_or_have_no_file(folder: Path) -> None:
    again = HEAD + "  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"
    assert "wave '1' stands here twice" in refused(folder, again)
    assert "no such file" in refused(folder, HEAD.replace("wave.csv", "none.csv"))


def test_one_code_may_stand_without_brackets(folder: Path) -> None:
    path = folder / "s.study.yaml"
    text = (
        HEAD
        + "indicators:\n  adoption: {question: stage, in_production: 2, using: 2}\n"
    )
    path.write_text(text, encoding="utf-8")
    adoption = load_study(path).study.indicators.adoption
    assert adoption is not None
    assert adoption.in_production == ("2",)


def test_the_shipped_study_loads(root: Path) -> None:
    loaded = load_study(root / "questionnaires" / "genai-adoption.study.yaml")
    assert [wave.id for wave in loaded.study.waves] == ["2023", "2024", "2025"]
    assert [q.id for q in loaded.questionnaires] == [
        "genai-adoption-2023",
        "genai-adoption-2024",
        "genai-adoption-2025",
    ]


NET = "{code: n, label: N, codes: [1]}"


@pytest.mark.parametrize(
    ("more", "line", "says"),
    [
        ("bases: {stage: named}\n", 5, "only multiple response has the base 'named'"),
        ("banner: [stage, stage]\n", 5, "'stage' stands twice"),
        (
            "indicators:\n  barriers: [{question: stage}]\n",
            6,
            "question 'stage' is single, and here stands a question of kind multiple",
        ),
        ("indicators: {scales: [stage]}\n", 5, "of kind grid"),
        (
            f"nets: {{stage: [{NET}, {NET}]}}\n",
            5,
            "has the code of a category or of another net",
        ),
    ],
)
def test_a_question_is_put_to_a_use_that_it_allows(
    folder: Path, more: str, line: int, says: str
) -> None:
    message = refused(folder, HEAD + more)
    assert message.startswith(f", line {line}: ")
    assert says in message


def test_a_net_over_codes_outside_the_base_is_refused_with_its_line(
    folder: Path,
) -> None:
    text = (folder / "q.yaml").read_text(encoding="utf-8")
    text = text.replace("label: 'Yes'", "label: 'Yes'\n    dont_know: true")
    text = text.replace("kind: single", "kind: single\n  dont_know_in_base: false")
    (folder / "q.yaml").write_text(text, encoding="utf-8")
    more = "nets:\n  stage:\n    - {code: n, label: N, codes: [1, 2]}\n"
    message = refused(folder, HEAD + more)
    assert message.startswith(", line 6: ")
    assert "names code '2', which is not in its base" in message


def test_a_margin_that_a_wave_did_not_ask_is_named(folder: Path) -> None:
    (folder / "t.yaml").write_text("", encoding="utf-8")
    (folder / "old.yaml").write_text(
        "id: old\ntitle: Old\nquestions:\n  - {id: n, kind: numeric, label: N}\n",
        encoding="utf-8",
    )
    waves = (
        "  - {id: 0, file: wave.csv, questionnaire: old.yaml}\n"
        "  - {id: 1, file: wave.csv, questionnaire: q.yaml}\n"
    )
    text = f"name: s\ntitle: S\nwaves:\n{waves}"
    more = "weighting: {targets: t.yaml, margins: [stage]}\n"
    assert "wave '0' did not ask 'stage'" in refused(folder, text + more)

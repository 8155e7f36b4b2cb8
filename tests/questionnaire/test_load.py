import re
from pathlib import Path

import pytest

from survey.errors import QuestionnaireError
from survey.questionnaire.load import load_questionnaire

HEAD = "id: t\ntitle: Test\nquestions:\n"
ONE = """\
  - id: q1
    kind: single
    label: First
    categories:
      - {code: 1, label: Yes please}
      - {code: 2, label: No thanks}
"""
GRID = """\
  - id: g
    kind: grid
    label: Second
    categories: [{code: 1, label: Often}]
    items: [{code: a, label: Work}]
  - id: q3
    kind: text
    label: Why?
"""


def written(folder: Path, text: str, name: str = "q.yaml") -> Path:
    path = folder / name
    path.write_text(text, encoding="utf-8")
    return path


def refused(path: Path) -> str:
    with pytest.raises(QuestionnaireError) as caught:
        load_questionnaire(path)
    return str(caught.value)


def test_codes_become_texts_and_wording_may_go_without_language(tmp_path: Path) -> None:
    loaded = load_questionnaire(written(tmp_path, HEAD + ONE))
    assert [c.code for c in loaded.questions[0].categories] == ["1", "2"]
    assert loaded.questions[0].label == {"": "First"}


@pytest.mark.parametrize(
    ("body", "line", "says"),
    [
        (ONE.replace("code: 2", "code: 1"), 9, 'has code 1 twice ("Yes please", "No'),
        (ONE.replace("label: First", "lable: First"), 6, "unknown key 'lable'"),
        (ONE + "    asked_if: size == 2\n", 10, "unknown question 'size'"),
        (ONE + "    asked_if: q1 == 7\n", 10, "names code '7', which 'q1' does not"),
        (ONE + GRID + "    asked_if: g == 1\n", 18, "such as '[g/a] == 1'"),
        (ONE + GRID + "    asked_if: '[g/z] == 1'\n", 18, "item 'z' of 'g'"),
        (ONE + GRID + "    asked_if: '[q1/2] == 1'\n", 18, "It is no grid"),
        (ONE + GRID + "    asked_if: '[g/a] == 7'\n", 18, "names code '7'"),
        (ONE + GRID + "    asked_if: [g/a] == 7\n", 18, "'[' before them, in quotes"),
        (ONE + "    asked_if: __import__('os')\n", 10, "is not understood"),
        (ONE + "\n" + ONE, 11, "question id 'q1' stands in line 4 already"),
        (ONE.replace("    kind", "\tkind"), 5, "a tab"),
        (ONE.replace("kind: single", "kind: sinlge"), 5, "kind is 'sinlge'"),
        (ONE.replace("label: No thanks", "label: no"), 9, "Put the word in quotes"),
        (ONE.replace("label: First", "label:"), 6, "label is empty"),
        (ONE + "    kind: multiple\n", 10, "key 'kind' stands here twice"),
        ("  - {id: q2, kind: single, label: Second}\n", 4, "has no categories"),
    ],
)
def test_a_mistake_is_named_with_file_and_line(
    tmp_path: Path, body: str, line: int, says: str
) -> None:
    path = written(tmp_path, HEAD + body)
    message = refused(path)
    assert f"{path}, line {line}" in message
    assert says in message


def test_numbers_and_dates_may_stand_for_texts(tmp_path: Path) -> None:
    text = ONE.replace("Yes please", "2024-01-31").replace("No thanks", "{en: 3}")
    loaded = load_questionnaire(written(tmp_path, HEAD + text))
    labels = [category.label for category in loaded.questions[0].categories]
    assert labels == [{"": "2024-01-31"}, {"en": "3"}]


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    assert "no such file" in refused(tmp_path / "none.yaml")
    assert "a folder" in refused(tmp_path)
    assert "holds no keys" in refused(written(tmp_path, "- 1\n"))
    latin = tmp_path / "latin.yaml"
    latin.write_bytes("title: Größe".encode("latin-1"))
    assert "not UTF-8" in refused(latin)


def test_a_bomb_of_aliases_is_refused(tmp_path: Path) -> None:
    lines = ["a0: &a0 [x, x, x, x, x, x, x, x, x, x]"]
    lines += [f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]" for i in range(1, 9)]
    assert "too large" in refused(written(tmp_path, "\n".join(lines)))


def test_a_version_changes_keys_drops_and_adds_questions(tmp_path: Path) -> None:
    written(tmp_path, HEAD + ONE + ONE.replace("q1", "q2"), "base.yaml")
    path = written(
        tmp_path,
        "extends: base.yaml\nid: v\ndrop: [q2]\nquestions:\n"
        "  - {id: q1, label: Changed}\n"
        "  - {id: q3, kind: text, label: New}\n",
    )
    loaded = load_questionnaire(path)
    assert [q.id for q in loaded.questions] == ["q1", "q3"]
    assert loaded.questions[0].label == {"": "Changed"}
    assert len(loaded.questions[0].categories) == 2
    assert loaded.id == "v"


def test_mistakes_in_a_version_point_to_its_own_lines(tmp_path: Path) -> None:
    written(tmp_path, HEAD + ONE, "base.yaml")
    path = written(
        tmp_path,
        "extends: base.yaml\nquestions:\n  - id: q1\n    asked_if: nobody == 1\n",
    )
    assert f"{path}, line 4" in refused(path)


def test_versions_in_a_circle_and_unknown_drops(tmp_path: Path) -> None:
    path = written(tmp_path, "extends: q.yaml\n")
    assert "in a circle" in refused(path)
    written(tmp_path, HEAD + ONE, "base.yaml")
    path = written(tmp_path, "extends: base.yaml\ndrop: [q9]\n")
    assert re.search(r"line 2: 'q9' is no question", refused(path))


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ("id: c, kind: numeric, base: named", "only multiple response"),
        ("id: c, kind: numeric, categories: [{code: 1, label: x}]", "no categories"),
        ("id: q_1, kind: numeric", "would both be called 'q_1'"),
        ("id: c, kind: numeric, asked_if: q > 1", "by size"),
        ("id: c, kind: numeric, asked_if: n == 'x'", "compares the number 'n'"),
    ],
)
def test_what_a_kind_has_no_use_for_is_refused(
    tmp_path: Path, question: str, says: str
) -> None:
    text = (
        HEAD
        + "  - {id: n, kind: numeric, label: N}\n"
        + "  - {id: q, kind: multiple, label: Q, categories: [{code: 1, label: x}]}\n"
        + f"  - {{label: C, {question}}}\n"
    )
    message = refused(written(tmp_path, text))
    assert "line 6: " in message
    assert says in message


@pytest.mark.parametrize(
    "changes",
    ["questions: [a]", "questions: {a: 1}", "questions: [{id: [1]}]", "drop: {a: 1}"],
)
def test_a_version_without_a_list_of_questions(tmp_path: Path, changes: str) -> None:
    written(tmp_path, HEAD + ONE, "base.yaml")
    message = refused(written(tmp_path, f"extends: base.yaml\n{changes}\n"))
    assert "line 2: " in message

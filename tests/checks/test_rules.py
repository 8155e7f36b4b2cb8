from collections.abc import Callable
from pathlib import Path

import pytest

from survey.checks.check import flags
from survey.checks.disposition import dispositions
from survey.checks.rules import screened_out, trapped
from survey.errors import QuestionnaireError
from survey.questionnaire.load import load_questionnaire
from survey.responses.table import Responses

Make = Callable[..., Responses]
GRID_WITHOUT_3 = (
    "{id: g, kind: grid, label: G, categories: [{code: 1, label: A}], "
    "items: [{code: a, label: A, expected: 3}]}"
)
YES, NO = {"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}


def test_an_answer_can_screen_out(responses: Make) -> None:
    asked = {
        "id": "q",
        "kind": "single",
        "label": "Do you decide on software?",
        "categories": [YES, NO | {"screen_out": True}],
    }
    data = responses({"q": ["1", "2", None]}, asked)
    assert screened_out(data).tolist() == [False, True, False]
    assert dispositions(data).tolist() == ["complete", "screened_out", "empty"]


def test_an_answer_of_several_can_be_a_trap(responses: Make) -> None:
    made_up = {"code": "x", "label": "Made up", "column": "b", "trap": True}
    asked = {
        "id": "tools",
        "kind": "multiple",
        "label": "Tools",
        "categories": [{"code": "a", "label": "A", "column": "a"}, made_up],
    }
    data = responses({"a": ["1", "1", None], "b": [None, "1", None]}, asked)
    assert trapped(data).tolist() == [False, True, False]


def test_an_item_can_ask_for_a_code(responses: Make) -> None:
    items = [{"code": "a", "label": "A"}, {"code": "b", "label": "B", "expected": 2}]
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "categories": [YES, NO],
        "items": items,
    }
    data = responses({"g_a": ["1", "1", "2"], "g_b": ["2", "1", None]}, grid)
    assert trapped(data).tolist() == [False, True, False]


def test_a_trap_in_a_grid_counts_on_every_item(responses: Make) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "Do you know",
        "categories": [YES | {"trap": True}, NO],
        "items": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    }
    data = responses({"g_a": ["2", "2"], "g_b": ["2", "1"]}, grid)
    assert trapped(data).tolist() == [False, True]


def test_a_hidden_question_is_filled_by_programs(responses: Make) -> None:
    hidden = {"id": "hp", "kind": "text", "label": "Leave empty", "trap": True}
    data = responses({"hp": [None, "buy now"]}, hidden)
    assert flags(data)["trap"].tolist() == [False, True]


@pytest.mark.parametrize(
    ("question", "message"),
    [
        (
            "{id: n, kind: numeric, label: N, trap: true}",
            "line 3.*'n' is numeric, and only a text question can be hidden",
        ),
        (
            GRID_WITHOUT_3,
            "line 3.*item 'a' of question 'g' expects '3', which is none of its codes",
        ),
    ],
)
def test_a_rule_that_cannot_hold_is_refused(
    tmp_path: Path, question: str, message: str
) -> None:
    path = tmp_path / "a.yaml"
    path.write_text(f"id: a\ntitle: A\nquestions: [{question}]\n", encoding="utf-8")
    with pytest.raises(QuestionnaireError, match=message):
        load_questionnaire(path)

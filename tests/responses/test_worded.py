"""Questions without wording take that of their columns, and nothing else."""

from dataclasses import replace

import pytest

from survey.importers.raw import ColumnLabel, MultipleSet
from survey.responses.bind import bind
from survey.responses.worded import with_wording

ASKED = "Which barriers do you see?"
ANSWERS = {"q1_1": ["x", None], "q1_2": [None, "x"]}
BARRIERS = {
    "id": "barriers",
    "kind": "multiple",
    "label": "Barriers",
    "categories": [
        {"code": "law", "label": "Law", "column": "q1_1"},
        {"code": "cost", "label": "Cost", "column": "q1_2", "aliases": ["Expenses"]},
    ],
}
ITEMS = [
    {"code": "law", "label": "Law", "column": "q1_1"},
    {"code": "cost", "label": "Cost", "column": "q1_2"},
]


def options(text: str) -> dict[str, ColumnLabel]:
    return {
        name: ColumnLabel("Q1", text, option)
        for name, option in (("q1_1", "The law"), ("q1_2", "The cost"))
    }


def test_the_columns_of_options_give_the_question_and_not_the_options(
    raw_table, questionnaire
):
    raw = raw_table(ANSWERS, **options(f" {ASKED}\n<i>(all  that apply)</i>"))
    (found,) = with_wording(questionnaire(BARRIERS), raw).questions
    assert found.wording == {"": f"{ASKED} (all that apply)"}
    assert [c.label for c in found.categories] == [{"": "Law"}, {"": "Cost"}]


def test_a_wording_that_is_there_stays(raw_table, questionnaire):
    raw = raw_table(ANSWERS, **options(ASKED))
    asked = questionnaire({**BARRIERS, "wording": {"de": "Welche Hürden?"}})
    assert with_wording(asked, raw) is asked


def test_the_items_of_a_grid_share_the_beginning(raw_table, questionnaire):
    labels = {
        "q1_1": ColumnLabel("q1_1", "How much do these worry you? Law"),
        "q1_2": ColumnLabel("q1_2", "How much do these worry you? Cost"),
    }
    grid = {"id": "worry", "kind": "grid", "label": "Worries", "items": ITEMS}
    raw = raw_table(ANSWERS, **labels)
    (found,) = with_wording(questionnaire(grid), raw).questions
    assert found.wording == {"": "How much do these worry you?"}
    apart = raw_table(ANSWERS, q1_1=ColumnLabel("", "Law"), q1_2=ColumnLabel("", "Tax"))
    assert with_wording(questionnaire(grid), apart).questions[0].wording == {}


def test_a_set_of_the_file_has_the_text(raw_table, questionnaire):
    labels = {n: ColumnLabel(n, t) for n, t in (("q1_1", "Law"), ("q1_2", "Cost"))}
    stored = MultipleSet("barriers", ASKED, ("q1_1", "q1_2"), "x")
    raw = replace(raw_table(ANSWERS, **labels), sets=(stored,))
    (found,) = with_wording(questionnaire(BARRIERS), raw).questions
    assert found.wording == {"": ASKED}


@pytest.mark.parametrize(
    "header",
    ["", "q12", "Q12_1", "Q1[SQ001]", "org_size", "use", "Expenses", "yes", "1"],
)
def test_codes_and_answers_are_no_wording(raw_table, questionnaire, header):
    use = {
        "id": "use",
        "kind": "single",
        "label": "Use",
        "column": "q12",
        "categories": [
            {"code": 1, "label": "Yes", "aliases": ["Expenses"]},
            {"code": 2, "label": "No"},
        ],
    }
    raw = raw_table({"q12": ["1", "2"]}, q12=ColumnLabel("q12", header))
    assert with_wording(questionnaire(use), raw) == questionnaire(use)


def test_a_header_that_is_the_question_names_its_column(raw_table, questionnaire):
    raw = raw_table({ASKED: ["a"]}, **{ASKED: ColumnLabel("q1", ASKED)})
    asked = questionnaire(
        {"id": "why", "kind": "text", "label": "Why", "column": ASKED}
    )
    assert with_wording(asked, raw).questions[0].wording == {"": ASKED}


def test_a_question_that_the_export_lacks_stays_without(raw_table, questionnaire):
    asked = questionnaire({"id": "gone", "kind": "numeric", "label": "Gone"})
    raw = raw_table(ANSWERS, **options(ASKED))
    assert with_wording(asked, raw).questions[0].wording == {}


def test_answers_are_the_same_with_and_without(raw_table, questionnaire):
    raw = raw_table(ANSWERS, **options(ASKED))
    asked = questionnaire(BARRIERS)
    frame = bind(raw, asked).frame
    assert bind(raw, with_wording(asked, raw)).frame.equals(frame)
    assert frame.notna().all(axis=None)
    assert list(frame) == ["barriers_law", "barriers_cost"]

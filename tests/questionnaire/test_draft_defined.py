from dataclasses import replace

import pandas as pd
import pytest

from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.drafting.conditions import condition_text
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import Question
from survey.questionnaire.routing import parse_routing
from survey.responses.bind import bind

YES_NO = (Choice("1", {"en": "Yes", "de": "Ja"}), Choice("2", {"en": "No"}))
TASKS = (
    Choice("1", {"en": "Code"}, column="Q2_1"),
    Choice("2", {"en": "Text"}, column="Q2_2"),
    Choice("9", {"en": "Never"}, exclusive=True, column="Q2_9"),
)


def table(
    columns: dict[str, list[str | None]], *definitions: QuestionDefinition
) -> RawTable:
    return RawTable(
        pd.DataFrame(columns, dtype=str),
        {name: ColumnLabel(name, f"Header of {name}") for name in columns},
        {},
        (),
        Source("wave.csv", "", "plain"),
        {definition.question: definition for definition in definitions},
    )


def drafted(raw: RawTable, name: str) -> Question:
    found = draft_questionnaire(raw).question(name)
    assert found is not None
    return found


def test_kind_wording_and_categories_are_those_of_the_definition() -> None:
    asked = QuestionDefinition("Q1", "single", {"en": "Use AI?", "de": "KI?"}, YES_NO)
    draft = draft_questionnaire(table({"Q1": ["1", "1"]}, asked))
    (question,) = draft.questions

    assert question.wording == {"en": "Use AI?", "de": "KI?"}
    assert [(c.code, dict(c.label)) for c in question.categories] == [
        ("1", {"en": "Yes", "de": "Ja"}),
        ("2", {"en": "No"}),
    ]
    assert (draft.languages, draft.routing) == (("de", "en"), "stated")


def test_columns_of_answers_are_put_together() -> None:
    asked = QuestionDefinition("Q2", "multiple", {"en": "What?"}, TASKS, max_choices=2)
    raw = table({"Q2_1": ["1", None], "Q2_2": [None, "1"], "Q2_9": [None, None]}, asked)
    question = drafted(raw, "Q2")

    assert (question.kind, question.max_choices) == ("multiple", 2)
    assert [c.column for c in question.categories] == ["Q2_1", "Q2_2", "Q2_9"]
    assert [c.exclusive for c in question.categories] == [False, False, True]


def test_a_text_typed_beside_an_answer_stays_with_it() -> None:
    asked = QuestionDefinition("Q2", "multiple", {"en": "What?"}, TASKS)
    cells = {"Q2_1": ["1"], "Q2_2": [None], "Q2_9": [None], "Q2_2_TEXT": ["notes"]}
    question = drafted(table(cells, asked), "Q2")

    assert [c.specify for c in question.categories] == [None, "Q2_2_TEXT", None]


def test_items_are_a_grid() -> None:
    items = (Choice("a", {"en": "Cost"}, column="Q3_a"), Choice("b", {"en": "Law"}))
    asked = QuestionDefinition("Q3", "grid", {"en": "Good?"}, YES_NO, items)
    question = drafted(table({"Q3_a": ["1"], "Q3_b": ["2"]}, asked), "Q3")

    assert [(i.code, i.label, i.column) for i in question.items] == [
        ("a", {"en": "Cost"}, "Q3_a"),
        ("b", {"en": "Law"}, "Q3_b"),
    ]


def test_a_ranking_is_a_grid_of_ranks() -> None:
    asked = QuestionDefinition("Q2", "ranking", {"en": "Rank"}, TASKS)
    cells = {"Q2_1": ["1"], "Q2_2": ["3"], "Q2_9": ["2"]}
    question = drafted(table(cells, asked), "Q2")

    assert (question.kind, question.ordered) == ("grid", True)
    assert [i.label for i in question.items] == [t.label for t in TASKS]
    assert [c.label[""] for c in question.categories] == ["Rank 1", "Rank 2", "Rank 3"]


@pytest.mark.parametrize("told", [True, False])
def test_a_ranking_with_a_column_per_rank_is_a_grid_of_ranks(*, told: bool) -> None:
    choices = (Choice("A", {"": "Cost"}), Choice("B", {"": "Law"}))
    ranks = tuple(Choice(k, {"": k}, column=f"Q2[{k}]") for k in "12")
    asked = QuestionDefinition(
        "Q2", "ranking", {"": "Rank"}, choices, items=ranks if told else ()
    )
    raw = table({"Q2[1]": ["A", "B", "B"], "Q2[2]": ["B", "A", None]}, asked)
    labels = {n: ColumnLabel("Q2", "Rank", n[3], n[3]) for n in raw.frame.columns}
    raw = replace(raw, labels=labels)
    question = drafted(raw, "Q2")

    assert [i.code for i in question.items] == ["A", "B"]
    assert [c.code for c in question.categories] == ["1", "2"]
    assert all(i.columns == {"1": "Q2[1]", "2": "Q2[2]"} for i in question.items)
    held = bind(raw, draft_questionnaire(raw)).frame
    assert held["Q2_A"].tolist()[:2] == ["1", "2"]
    assert held["Q2_B"].tolist() == ["2", "1", "1"]
    assert held["Q2_A"].isna().tolist() == [False, False, True]


@pytest.mark.parametrize(
    "cells", [["a b c", "c a b", None, "b c a"], ["a;b;c", "c;a;b", None, "b;c;a"]]
)
def test_a_ranking_in_one_cell_is_a_grid_of_ranks(cells: list[str | None]) -> None:
    choices = tuple(Choice(c, {"": c.upper()}) for c in "cba")
    asked = QuestionDefinition("Q2", "ranking", {"": "What first?"}, choices)
    raw = table({"Q2": cells}, asked)
    question = drafted(raw, "Q2")
    responses = bind(raw, draft_questionnaire(raw))

    assert (question.kind, question.column) == ("grid", "Q2")
    assert [i.code for i in question.items] == ["c", "b", "a"]
    assert responses.frame["Q2_a"].dropna().tolist() == ["1", "2", "3"]
    assert responses.frame["Q2_c"].dropna().tolist() == ["3", "1", "2"]
    assert not [f for f in responses.findings if f.severity != "note"]


def test_several_numbers_of_one_question_are_questions_of_that_kind() -> None:
    items = (Choice("1", {"en": "Cost"}), Choice("2", {"en": "Time"}))
    asked = QuestionDefinition("Q4", "numeric", {"en": "Percent?"}, items=items)
    draft = draft_questionnaire(table({"Q4_1": ["1", "2"], "Q4_2": ["2", "1"]}, asked))

    assert [(q.id, q.kind, q.label) for q in draft.questions] == [
        ("Q4_1", "numeric", {"en": "Cost"}),
        ("Q4_2", "numeric", {"en": "Time"}),
    ]


def test_routing_is_taken_over_with_the_ids_of_the_draft() -> None:
    first = QuestionDefinition("1a", "single", {"en": "Use AI?"}, YES_NO)
    second = QuestionDefinition("why", "text", asked_if="Q_1a == 1")
    third = replace(second, question="how", asked_if="")
    raw = table({"1a": ["1", "2"], "why": ["x", None], "how": ["x", "y"]})
    told = {"Q_1a": replace(first, question="Q_1a"), "why": second, "how": third}
    labels = {**raw.labels, "1a": ColumnLabel("Q_1a", "Use?")}
    draft = draft_questionnaire(replace(raw, definitions=told, labels=labels))

    assert [q.asked_if for q in draft.questions] == [None, "Q_1a == 1", None]
    assert draft.routing == "stated"
    states = bind(raw, draft).states
    assert states["why"].tolist() == [2, 0]


@pytest.mark.parametrize("condition", ["gone == 1", "use == 7", "((", "why == 1"])
def test_routing_that_the_draft_cannot_follow_is_left_out(condition: str) -> None:
    use = QuestionDefinition("use", "single", {"en": "Use AI?"}, YES_NO)
    why = QuestionDefinition("why", "text", asked_if=condition, routing="in words")
    draft = draft_questionnaire(table({"use": ["1"], "why": ["x"]}, use, why))

    assert [q.asked_if for q in draft.questions] == [None, None]
    assert draft.routing == "unknown"


def test_columns_that_do_not_fit_a_definition_are_drafted_from_the_answers() -> None:
    asked = QuestionDefinition("Q1", "grid", {"en": "Use AI?"}, YES_NO)
    question = drafted(table({"Q1": ["Yes", "No"] * 5}, asked), "Q1")

    assert (question.kind, question.wording) == ("single", {"en": "Use AI?"})


@pytest.mark.parametrize(
    "text",
    [
        "a == 1",
        "a != '01' and (b in (1, 2) or not (c > 5))",
        "(a == 1 or b == 2) and c not in ('x', -9)",
    ],
)
def test_conditions_read_back(text: str) -> None:
    condition = parse_routing(text)

    assert parse_routing(condition_text(condition, {})) == condition


def test_routing_by_ids_with_dots_and_by_items_is_taken_over() -> None:
    items = tuple(Choice(k, {"": k}, column=f"Q2.1_{k}") for k in "12")
    use = QuestionDefinition("Q1.1", "single", {"en": "Use?"}, YES_NO)
    rate = QuestionDefinition("Q2.1", "grid", {"en": "Rate"}, YES_NO, items)
    why = QuestionDefinition(
        "Q3.1",
        "text",
        asked_if="[Q1.1] == 1 and not ([Q2.1/2] == 2)",
        routing="If use is yes",
    )
    cells = {"Q1.1": ["1", "2"], "Q2.1_1": ["1", "1"], "Q2.1_2": ["1", None]}
    draft = draft_questionnaire(table({**cells, "Q3.1": ["x", None]}, use, rate, why))

    assert draft.questions[2].asked_if == "[Q1.1] == 1 and not ([Q2.1/2] == 2)"
    assert draft.routing == "stated"


def test_neighbours_that_a_definition_tells_apart_make_no_grid() -> None:
    asked = [QuestionDefinition(k, "single", {"": k}, YES_NO) for k in "abcd"]
    raw = table({f"g_x.{k}": ["1", "2"] for k in "abcd"}, *asked)
    values = {"1": "Yes", "2": "No"}
    labels = {f"g_x.{k}": ColumnLabel(k, k, values=values) for k in "abcd"}

    draft = draft_questionnaire(replace(raw, labels=labels))
    assert [(q.id, q.kind) for q in draft.questions] == [(k, "single") for k in "abcd"]

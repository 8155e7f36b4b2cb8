from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.drafting.like import columns_of, match_questions
from survey.questionnaire.drafting.options import match_options
from survey.questionnaire.drafting.similar import is_reworded
from survey.questionnaire.drafting.version import Version, draft_version
from survey.questionnaire.model import Category, Question, Questionnaire


def single(name: str, wording: str, *answers: str, **more: Any) -> Question:
    categories = [
        {"code": str(code), "label": answer} for code, answer in enumerate(answers, 1)
    ]
    fields = {"id": name, "kind": "single", "column": name, "categories": categories}
    return Question.model_validate(
        fields | {"label": wording, "wording": wording} | more
    )


def text(name: str, wording: str, **more: Any) -> Question:
    fields = {"id": name, "kind": "text", "column": name, "label": wording}
    return Question.model_validate(fields | more)


def of(*questions: Question) -> Questionnaire:
    return Questionnaire(id="s", title={"": "S"}, questions=questions)


def version(
    old: Questionnaire,
    new: Questionnaire,
    values: dict[str, dict[str, str]] | None = None,
) -> Version:
    names = sorted({name for q in new.questions for name in columns_of(q)})
    labels = {
        name: ColumnLabel(name, values=(values or {}).get(name, {})) for name in names
    }
    raw = RawTable(
        pd.DataFrame({name: ["1"] for name in names}),
        labels,
        {},
        (),
        Source("new.csv", "", ""),
    )
    here = frozenset(names)
    return draft_version(old, new, raw, lambda q: columns_of(q) & here)


@pytest.mark.parametrize(
    ("one", "other", "same"),
    [
        ("Which barriers did you see in 2023?", "Which barriers did you see?", True),
        ("Barriers to AI adoption", "Barriers for AI adoption", True),
        ("Your organisation\u2019s role", "Your organization's role", True),
        ("How important is cost?", "How important is speed?", False),
        ("Are you satisfied?", "Are you not satisfied?", False),
        ("Under 10 employees", "Under 100 employees", False),
        ("Very important", "Somewhat important", False),
        ("Less than 10", "More than 10", False),
        ("Internal users", "International users", False),
        ("Data privacy of users in our markets", "Data privacy of users", False),
    ],
)
def test_reworded_or_another_text(one: str, other: str, same: object) -> None:
    assert is_reworded(one, other) is same
    assert is_reworded(other, one) is same


def test_a_number_as_id_is_no_evidence() -> None:
    old = of(text("q1", "Which tools do you use?"), text("q2", "Why do you use them?"))
    new = of(text("q1", "Why do you use them?"), text("q2", "What does it cost?"))
    matches = match_questions(old, new)

    assert [(m.old.id, m.new.id, m.how) for m in matches] == [
        ("q2", "q1", "same wording")
    ]


def test_an_export_without_wording_is_matched_by_its_names() -> None:
    old = of(single("size", "How large are you?", "Small", "Large", column=None))
    new = of(single("size", "size", "1", "2"))
    (match,) = match_questions(old, new)

    assert (match.how, match.reworded) == ("same id", False)
    assert any("by code alone" in line for line in version(old, new).remarks)


def test_two_candidates_are_none() -> None:
    old = of(text("a", "Any comments?"))
    new = of(text("q1", "Any comments?"), text("q2", "Any comments?"))

    assert match_questions(old, new) == ()


def test_the_same_wording_with_other_answers_is_a_new_question() -> None:
    old = of(single("agree", "How far do you agree?", "Agree", "Disagree"))
    new = of(single("agree", "How far do you agree?", "Yes", "No", "Perhaps"))
    found = version(old, new)

    assert (found.dropped, found.added) == (("agree",), ("agree_new",))
    assert any("agree_new has the wording of agree" in line for line in found.remarks)


def test_labels_decide_on_codes() -> None:
    old = [Category(code="1", label="Don\u2019t know"), Category(code="2", label="Law")]
    new = [Category(code="1", label=" LAW"), Category(code="2", label="Don't know")]

    assert match_options(old, new).codes == {"1": "2", "2": "1"}


def test_only_what_differs_is_written() -> None:
    old = of(single("size", "How large?", "Small", "Large"), text("why", "Why?"))
    found = version(old, old)

    assert (found.changes, found.dropped, found.added) == ({}, (), ())
    assert found.questionnaire.questions == old.questions


def test_a_new_option_gets_a_free_code_and_is_listed() -> None:
    old = of(single("use", "Which one?", "Red", "Green", column=None))
    new = of(single("q7", "Which one?", "Blue", "Green", "Red"))
    found = version(old, new)
    categories = found.changes["use"]["categories"]

    assert [(c.code, c.label[""]) for c in categories] == [
        ("1", "Red"),
        ("2", "Green"),
        ("3", "Blue"),
    ]
    assert found.changes["use"]["column"] == "q7"
    assert '  use: new categories: 3 "Blue"' in found.remarks


def test_values_that_mean_something_else_make_a_new_question() -> None:
    old = of(single("use", "Do you use AI?", "Yes", "No"))
    new = of(single("use", "Do you use AI?", "No", "Yes"))
    turned = version(old, new, {"use": {"1": "No", "2": "Yes"}})

    assert (turned.dropped, turned.added) == (("use",), ("use_new",))
    assert any("are codes of other answers" in line for line in turned.remarks)
    assert version(old, new).added == ()


def test_options_without_a_column_are_dropped_unless_routing_needs_them() -> None:
    def spread(*answers: str) -> Question:
        asked = single("use", "Which ones?", *answers, column=None, kind="multiple")
        columns = [
            c.model_copy(update={"column": f"use_{c.label['']}"})
            for c in asked.categories
        ]
        return asked.model_copy(update={"categories": tuple(columns)})

    old, new = spread("Red", "Green", "Blue"), spread("Red", "Green")
    free = version(of(old), of(new)).questionnaire.questions[0]
    needed = text("why", "Why?", asked_if="use == 3")
    kept = version(of(old, needed), of(new, needed)).questionnaire.questions[0]

    assert [c.code for c in free.categories] == ["1", "2"]
    assert [c.code for c in kept.categories] == ["1", "2", "3"]


def test_routing_by_a_dropped_question_is_released_and_said() -> None:
    use = single("use", "Do you use AI?", "Yes", "No")
    why = text("why", "Why do you?", asked_if="use == 1")
    found = version(of(use, why), of(why))

    assert found.changes["why"] == {"asked_if": None}
    assert found.notes["why"] == ("asked_if was: use == 1",)


def test_a_reworded_question_keeps_its_wording_and_is_marked() -> None:
    old = of(text("why", "Why did you choose open models in 2023?"))
    new = of(text("q3", "Why did you choose open models?"))
    found = version(old, new)

    assert found.questionnaire.questions[0].label == old.questions[0].label
    assert found.notes["why"] == (
        'wording in this file: "Why did you choose open models?"',
    )


def test_new_ids_are_like_no_answer_of_the_old_wave() -> None:
    grid = single("q1", "How good?", "Bad", "Good", kind="grid", column=None)
    items = [{"code": "new", "label": "Cost", "column": "c"}]
    grid = Question.model_validate(grid.model_dump() | {"items": items})
    found = version(of(grid), of(text("q1", "Anything else?")))

    assert found.added == ("q1_new2",)


def test_records_are_described_as_in_the_new_file() -> None:
    old = of(text("why", "Why?")).model_copy(update={"personal": ("gone", "why")})
    found = version(old, replace_personal(of(text("why", "Why?"))))

    assert found.records == {"personal": ("why", "mail")}


def replace_personal(questionnaire: Questionnaire) -> Questionnaire:
    return questionnaire.model_copy(update={"personal": ("mail",)})


def test_what_a_file_declares_missing_needs_no_category() -> None:
    old = of(single("size", "How large?", "Small", "Large"))
    new = of(single("size", "How large?", "Small", "Large", "Refused"))
    refused = new.questions[0].categories[2].model_copy(update={"missing": True})
    asked = new.questions[0]
    marked = asked.model_copy(update={"categories": (*asked.categories[:2], refused)})

    assert version(old, of(marked)).changes == {}
    assert replace(version(old, new)).changes != {}

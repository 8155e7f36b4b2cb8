from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    Source,
)
from survey.responses.bind import bind
from survey.responses.table import ANSWERED, ASKED, NOT_ASKED, Responses

YES_NO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
COLOURS = [
    {"code": "r", "label": "Red"},
    {"code": "b", "label": {"en": "Blue", "de": "Blau"}},
    {"code": "none", "label": "None", "exclusive": True},
]


def checks(responses: Responses) -> dict[str, int]:
    return {f.check: f.count for f in responses.findings}


def test_values_match_by_code_alias_and_label_in_any_shape(raw_table, questionnaire):
    raw = raw_table({"q": ["1", "1.0", "  don’t   KNOW ", "Nein", "weiss nicht"]})
    asked = questionnaire(
        {
            "id": "q",
            "kind": "single",
            "label": "Q",
            "categories": [
                {"code": 1, "label": "Yes"},
                {"code": 2, "label": {"en": "No", "de": "Nein"}},
                {"code": 9, "label": "Don't know", "aliases": ["weiss nicht"]},
            ],
        }
    )
    assert bind(raw, asked).frame["q"].tolist() == ["1", "1", "9", "2", "9"]


def test_unknown_values_are_counted_not_dropped_silently(raw_table, questionnaire):
    raw = raw_table({"q": ["1", "7", "7", None]})
    bound = bind(
        raw,
        questionnaire(
            {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO}
        ),
    )
    assert checks(bound) == {"unknown_code": 2}
    assert "'7 (2 x)'" in bound.findings[0].message
    assert bound.states["q"].tolist() == [ANSWERED, ASKED, ASKED, ASKED]


def test_routing_sets_states_and_counts_answers_of_those_not_asked(
    raw_table, questionnaire
):
    raw = raw_table(
        {"uses": ["1", "2", "2", None], "why": ["cost", None, "risk", None]}
    )
    bound = bind(
        raw,
        questionnaire(
            {"id": "uses", "kind": "single", "label": "U", "categories": YES_NO},
            {"id": "why", "kind": "text", "label": "W", "asked_if": "uses == 1"},
        ),
    )
    assert bound.states["why"].tolist() == [ANSWERED, NOT_ASKED, NOT_ASKED, NOT_ASKED]
    assert checks(bound) == {"routing_broken": 1}
    assert bound.findings[0].respondents == ("3",)
    assert bound.frame["why"].isna().tolist() == [False, True, True, True]


def test_a_comparison_with_an_unanswered_question_is_false(raw_table, questionnaire):
    raw = raw_table({"a": ["1", None], "b": ["x", "y"]})
    bound = bind(
        raw,
        questionnaire(
            {"id": "a", "kind": "single", "label": "A", "categories": YES_NO},
            {"id": "b", "kind": "text", "label": "B", "asked_if": "a != 2"},
        ),
    )
    assert bound.states["b"].tolist() == [ANSWERED, NOT_ASKED]


@pytest.mark.parametrize(
    "cells",
    [
        {"m_r": ["Red", None, None], "m_b": ["Blue", "Blue", None]},
        {"m_r": ["1", "0", "0"], "m_b": ["1", "1", "0"]},
        {"m_r": ["Y", "N", None], "m_b": ["Y", "Y", None]},
        {"m_r": ["Selected", "Not selected", None], "m_b": ["Selected"] * 2 + [None]},
        {"m_r": ["7", None, None], "m_b": ["0", "0", None]},
    ],
)
def test_option_columns_however_a_platform_marks_them(raw_table, questionnaire, cells):
    raw = raw_table({**cells, "m_none": [None, None, None]})
    bound = bind(
        raw,
        questionnaire(
            {"id": "m", "kind": "multiple", "label": "M", "categories": COLOURS}
        ),
    )
    assert bound.frame["m_r"].tolist() == [True, False, False]
    assert bound.frame["m_b"].tolist() == [True, True, False]


def test_joined_answers_in_one_cell(raw_table, questionnaire):
    raw = raw_table({"m": ["Red; Blau", "b", "green", None]})
    asked = questionnaire(
        {
            "id": "m",
            "kind": "multiple",
            "label": "M",
            "delimiter": ";",
            "categories": COLOURS,
        }
    )
    bound = bind(raw, asked)
    assert bound.frame["m_b"].tolist() == [True, True, False, False]
    assert checks(bound) == {"unknown_code": 1}


def test_exclusive_answers_and_caps_are_findings(raw_table, questionnaire):
    raw = raw_table(
        {"m_r": ["x", "x"], "m_b": ["x", None], "m_none": ["x", None]},
    )
    asked = questionnaire(
        {
            "id": "m",
            "kind": "multiple",
            "label": "M",
            "max_choices": 2,
            "categories": COLOURS,
        }
    )
    assert checks(bind(raw, asked)) == {"exclusive_combined": 1, "over_cap": 1}


def test_sets_of_mentions_and_of_dichotomies() -> None:
    frame = pd.DataFrame({"v1": [1.0, 2.0], "v2": [2.0, np.nan], "d1": [5.0, 0.0]})
    labels = {name: ColumnLabel(option_code=name) for name in frame}
    sets = (
        MultipleSet("m", "M", ("v1", "v2"), None),
        MultipleSet("d", "D", ("d1",), "5"),
    )
    raw = RawTable(frame, labels, {}, sets, Source("a.sav", "", "spss"))
    two = [{"code": 1, "label": "One"}, {"code": 2, "label": "Two"}]
    from survey.questionnaire.model import Questionnaire

    asked = Questionnaire.model_validate(
        {
            "id": "t",
            "title": "T",
            "questions": [
                {"id": "m", "kind": "multiple", "label": "M", "categories": two},
                {
                    "id": "d",
                    "kind": "multiple",
                    "label": "D",
                    "categories": [{"code": "d1", "label": "First"}],
                },
            ],
        }
    )
    bound = bind(raw, asked)
    assert bound.frame["m_2"].tolist() == [True, True]
    assert bound.frame["d_d1"].tolist() == [True, False]


def test_user_missing_values_are_not_unknown(questionnaire) -> None:
    frame = pd.DataFrame({"q": [1.0, 98.0, 99.0]})
    labels = {"q": ColumnLabel()}
    missing = {"q": (MissingRange(97.0, 99.0),)}
    raw = RawTable(frame, labels, missing, (), Source("a.sav", "", "spss"))
    asked = questionnaire(
        {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO}
    )
    bound = bind(raw, asked)
    assert checks(bound) == {"user_missing": 2}
    assert bound.states["q"].tolist() == [ANSWERED, ASKED, ASKED]


def test_a_text_typed_beside_a_category_chooses_it(raw_table, questionnaire):
    raw = raw_table({"q": ["Yes", None, "No"], "q_other": [None, "perhaps", None]})
    asked = questionnaire(
        {
            "id": "q",
            "kind": "single",
            "label": "Q",
            "column": "q",
            "categories": [
                *YES_NO,
                {"code": 3, "label": "Other", "specify": "q_other"},
            ],
        }
    )
    bound = bind(raw, asked)
    assert bound.frame["q"].tolist() == ["1", "3", "2"]
    assert bound.frame["q_3_text"].tolist()[1] == "perhaps"


def test_partial_records_were_not_asked_what_they_never_reached(
    raw_table, questionnaire
):
    raw = raw_table({"s": ["done", "left"], "a": ["1", "1"], "b": [None, None]})
    asked = questionnaire(
        {"id": "a", "kind": "single", "label": "A", "categories": YES_NO},
        {"id": "b", "kind": "single", "label": "B", "categories": YES_NO},
        paradata={"status": "s"},
        complete=["done"],
    )
    assert bind(raw, asked).states["b"].tolist() == [ASKED, NOT_ASKED]


def test_a_question_the_file_does_not_hold_is_an_error_finding(
    raw_table, questionnaire
):
    asked = questionnaire(
        {"id": "z", "kind": "single", "label": "Z", "categories": YES_NO}
    )
    found = bind(raw_table({"a": ["1"]}), asked).findings[0]
    assert (found.severity, found.check, found.question) == (
        "error",
        "question_not_in_file",
        "z",
    )


def test_ids_that_stand_twice_stay_apart(raw_table, questionnaire):
    raw = raw_table({"id": ["7", "7", None], "q": ["1", "2", "1"]})
    asked = questionnaire(
        {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO},
        paradata={"respondent": "id"},
    )
    assert bind(raw, asked).frame.index.tolist() == ["7", "7-2", "row 3"]


def test_the_export_is_not_changed(raw_table, questionnaire):
    raw = raw_table({"q": ["1", "8"]})
    before = raw.frame.copy()
    bind(
        raw,
        questionnaire(
            {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO}
        ),
    )
    pd.testing.assert_frame_equal(raw.frame, before)


TOOLS = {
    "id": "tools",
    "kind": "multiple",
    "label": "Tools",
    "categories": [
        {"code": "a", "label": "A", "column": "a"},
        {"code": "b", "label": "B", "column": "b"},
    ],
}


def test_user_missing_among_yes_and_no_is_no_choice(raw_table, questionnaire):
    raw = raw_table({"a": ["0", "1", "99"], "b": ["1", "0", "99"]})
    missing = {name: (MissingRange(99.0, 99.0),) for name in "ab"}
    bound = bind(replace(raw, missing=missing), questionnaire(TOOLS))
    assert bound.frame["tools_a"].tolist() == [False, True, False]
    assert bound.frame["tools_b"].tolist() == [True, False, False]
    assert bound.states["tools"].tolist() == [ANSWERED, ANSWERED, ASKED]
    assert checks(bound) == {}


def test_strange_values_among_yes_and_no_are_counted(raw_table, questionnaire):
    raw = raw_table({"a": ["0", "1", "99"], "b": ["1", "0", "99"]})
    bound = bind(raw, questionnaire(TOOLS))
    assert bound.frame["tools_a"].tolist() == [False, True, False]
    assert [(f.check, f.count) for f in bound.findings] == [("unknown_code", 1)] * 2


def test_value_labels_say_what_yes_and_no_are(raw_table, questionnaire):
    label = ColumnLabel(values={"1": "Yes", "2": "No"})
    raw = raw_table({"a": ["1", "2", "2"], "b": ["2", "1", "2"]}, a=label, b=label)
    bound = bind(raw, questionnaire(TOOLS))
    assert bound.frame["tools_a"].tolist() == [True, False, False]
    assert bound.frame["tools_b"].tolist() == [False, True, False]


def test_a_code_per_option_is_still_a_choice(raw_table, questionnaire):
    raw = raw_table({"a": ["1", None, "1"], "b": [None, "2", "2"]})
    bound = bind(raw, questionnaire(TOOLS))
    assert bound.frame["tools_a"].tolist() == [True, False, True]
    assert bound.frame["tools_b"].tolist() == [False, True, True]


@pytest.mark.parametrize(
    ("routing", "asked"),
    [
        ("staff == 3", [True, False, False]),
        ("staff in (3.0, 50)", [True, True, False]),
        ("staff != 3", [False, True, False]),
        ("staff >= 3", [True, True, False]),
    ],
)
def test_routing_compares_numbers_as_numbers(raw_table, questionnaire, routing, asked):
    raw = raw_table({"staff": ["3", "50", None], "q": ["1", "2", "1"]})
    follow = {"id": "q", "kind": "single", "label": "Q", "categories": YES_NO}
    bound = bind(
        raw,
        questionnaire(
            {"id": "staff", "kind": "numeric", "label": "Staff"},
            {**follow, "asked_if": routing},
        ),
    )
    assert (bound.states["q"] != NOT_ASKED).tolist() == asked


def test_routing_goes_by_items_and_by_ids_with_dots(raw_table, questionnaire):
    raw = raw_table(
        {"Q1.1": ["1", "2", "1", "1"], "g_a": ["1", "1", "2", None], "q": ["x"] * 4}
    )
    grid = {"kind": "grid", "label": "G", "categories": YES_NO}
    bound = bind(
        raw,
        questionnaire(
            {"id": "Q1.1", "kind": "single", "label": "Use", "categories": YES_NO},
            {"id": "g", **grid, "items": [{"code": "a", "label": "A"}]},
            {
                "id": "q",
                "kind": "text",
                "label": "Q",
                "asked_if": "[Q1.1] == 1 and [g/a] != 2",
            },
        ),
    )
    assert (bound.states["q"] != NOT_ASKED).tolist() == [True, False, False, False]

"""A Qualtrics definition with every type of question, and a real one."""

import json
from pathlib import Path
from typing import Any

import pytest

from survey.errors import DataFileError
from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.qsf import read_qsf
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
CLIMATE = EXPORTS / "qualtrics_climate"


def choices(*texts: str, **more: dict[str, Any]) -> dict[str, Any]:
    shown = {str(n): {"Display": text} for n, text in enumerate(texts, 1)}
    return {id_: {**choice, **more.get(f"c{id_}", {})} for id_, choice in shown.items()}


def question(number: int, type_: str, selector: str, **keys: Any) -> dict[str, Any]:
    return {
        "QuestionID": f"QID{number}",
        "DataExportTag": f"Q{number}",
        "QuestionText": f"Question {number}",
        "QuestionType": type_,
        "Selector": selector,
        "Language": [],
        **keys,
    }


def defined(
    *questions: dict[str, Any],
    blocks: Any = None,
    flow: Any = None,
) -> dict[str, QuestionDefinition]:
    elements: list[Any] = [{"Element": "SQ", "Payload": q} for q in questions]
    if blocks is not None:
        elements.append({"Element": "BL", "Payload": blocks})
    if flow is not None:
        elements.append({"Element": "FL", "Payload": {"Type": "Root", "Flow": flow}})
    survey = {"SurveyEntry": {"SurveyLanguage": "EN"}, "SurveyElements": elements}
    return read_qsf(Path("wave.qsf"), json.dumps(survey).encode())


def block(id_: str, *questions: int, **keys: Any) -> dict[str, Any]:
    inside = [{"Type": "Question", "QuestionID": f"QID{n}"} for n in questions]
    return {"ID": id_, "Type": "Standard", "BlockElements": inside, **keys}


def selected(number: int, choice: int, **keys: Any) -> dict[str, Any]:
    return {
        "LogicType": "Question",
        "LeftOperand": f"q://QID{number}/SelectableChoice/{choice}",
        "Operator": "Selected",
        "Description": f"<b>If</b> Q{number} choice {choice}",
        **keys,
    }


def logic(*expressions: dict[str, Any]) -> dict[str, Any]:
    numbered = {str(n): e for n, e in enumerate(expressions)}
    return {"0": {**numbered, "Type": "If"}, "Type": "BooleanExpression"}


YES_NO = question(1, "MC", "SAVR", Choices=choices("Yes", "No"))


def test_single_choice_with_codes_order_and_languages() -> None:
    found = defined(
        question(
            1,
            "MC",
            "DL",
            QuestionText="<p>How&nbsp;big is <b>your</b> firm?</p>",
            Choices=choices("Small", "Large"),
            ChoiceOrder=[2, "1"],
            RecodeValues={"1": "10", "2": "20"},
            Language={
                "DE": {
                    "QuestionText": "Wie gro\u00df?",
                    "Choices": {"1": {"Display": "Klein"}},
                }
            },
        )
    )["Q1"]

    assert found.kind == "single"
    assert found.wording == {"en": "How big is your firm?", "de": "Wie gro\u00df?"}
    assert [c.code for c in found.categories] == ["20", "10"]
    assert found.categories[1].label == {"en": "Small", "de": "Klein"}
    assert found.categories[1].column == ""


def test_multiple_choice_with_exclusive_answer_and_cap() -> None:
    found = defined(
        question(
            2,
            "MC",
            "MAVR",
            Choices=choices("Cost", "None", c2={"ExclusiveAnswer": True}),
            RecodeValues={"1": "1", "2": "99"},
            Validation={"Settings": {"Type": "MaxChoices", "MaxChoices": "3"}},
        )
    )["Q2"]

    assert found.kind == "multiple"
    assert found.max_choices == 3
    assert [c.column for c in found.categories] == ["Q2_1", "Q2_99"]
    assert [c.exclusive for c in found.categories] == [False, True]


def test_matrix_of_one_answer_is_a_grid() -> None:
    found = defined(
        question(
            3,
            "Matrix",
            "Likert",
            SubSelector="SingleAnswer",
            Choices=choices("Coding", "Legal"),
            Answers=choices("Never", "Daily"),
            RecodeValues={"1": "0", "2": "5"},
            ChoiceDataExportTags={"1": "use_coding", "2": "use_legal"},
        )
    )["Q3"]

    assert found.kind == "grid"
    assert [(i.code, i.column) for i in found.items] == [
        ("1", "use_coding"),
        ("2", "use_legal"),
    ]
    assert [c.code for c in found.categories] == ["0", "5"]


def test_matrix_of_several_answers_is_a_question_per_row() -> None:
    found = defined(
        question(
            3,
            "Matrix",
            "Likert",
            SubSelector="MultipleAnswer",
            Choices=choices("Coding", "Legal"),
            Answers=choices("Pilot", "Live"),
        )
    )

    assert list(found) == ["Q3_1", "Q3_2"]
    assert found["Q3_2"].kind == "multiple"
    assert found["Q3_2"].wording == {"en": "Question 3 - Legal"}
    assert [c.column for c in found["Q3_2"].categories] == ["Q3_2_1", "Q3_2_2"]


@pytest.mark.parametrize(
    ("selector", "kind"), [("TE", "text"), ("CS", "numeric"), ("Bipolar", "grid")]
)
def test_other_matrices(selector: str, kind: str) -> None:
    found = defined(
        question(
            3,
            "Matrix",
            selector,
            Choices=choices("Coding"),
            Answers=choices("Now", "Later"),
        )
    )["Q3"]

    assert found.kind == kind
    cells = ["Q3_1"] if kind == "grid" else ["Q3_1_1", "Q3_1_2"]
    assert [item.column for item in found.items] == cells


def test_side_by_side_is_a_question_per_column() -> None:
    columns = {
        "1": {
            "QuestionText": "Today",
            "Selector": "Likert",
            "SubSelector": "SingleAnswer",
            "Answers": choices("No", "Yes"),
        },
        "2": {"QuestionText": "Why", "Selector": "TE", "Answers": choices("Text")},
    }
    found = defined(
        question(
            8,
            "SBS",
            "SBSMatrix",
            Choices=choices("Coding", "Legal"),
            AdditionalQuestions=columns,
        )
    )

    assert list(found) == ["Q8#1", "Q8#2"]
    assert found["Q8#1"].kind == "grid"
    assert found["Q8#1"].wording == {"en": "Question 8 - Today"}
    assert [item.column for item in found["Q8#1"].items] == ["Q8#1_1", "Q8#1_2"]
    assert found["Q8#2"].items[1].column == "Q8#2_2_1"


def test_texts_numbers_ranks_and_sliders() -> None:
    number = {"Settings": {"Type": "ContentType", "ContentType": "ValidNumber"}}
    found = defined(
        question(4, "TE", "SL"),
        question(5, "TE", "SL", Validation=number),
        question(6, "TE", "FORM", Choices=choices("City", "Land")),
        question(7, "RO", "DND", Choices=choices("Cost", "Speed")),
        question(9, "Slider", "HSLIDER", Choices=choices("&nbsp;")),
        question(10, "CS", "VRTL", Choices=choices("Build", "Buy")),
        question(11, "FileUpload", "FileUpload"),
    )

    kinds = {id_: definition.kind for id_, definition in found.items()}
    assert kinds == {
        "Q4": "text",
        "Q5": "numeric",
        "Q6": "text",
        "Q7": "ranking",
        "Q9": "numeric",
        "Q10": "numeric",
        "Q11": "",
    }
    assert [item.column for item in found["Q6"].items] == ["Q6_1", "Q6_2"]
    assert [c.column for c in found["Q7"].categories] == ["Q7_1", "Q7_2"]
    assert found["Q9"].items[0].label == {}


def test_what_is_no_question_is_left_out() -> None:
    found = defined(
        YES_NO,
        question(2, "DB", "TB"),
        question(3, "Timing", "PageTimer"),
        question(4, "Meta", "Browser"),
        question(5, "TE", "SL"),
        question(6, "TE", "SL"),
        blocks={
            "0": block("BL_1", 1, 2, 3, 4),
            "1": block("BL_T", 5, Type="Trash"),
            "2": block("BL_2", 6),
        },
        flow=[{"Type": "Block", "ID": "BL_1"}],
    )

    assert list(found) == ["Q1"]


def test_a_tag_that_stands_twice_keeps_its_first_question() -> None:
    found = defined(YES_NO, question(2, "TE", "SL", DataExportTag="Q1"))

    assert [d.kind for d in found.values()] == ["single", "text"]
    assert list(found) == ["Q1", "QID2"]


def test_display_logic_joins_and_before_or() -> None:
    a, b = selected(1, 1), selected(1, 2, Conjuction="Or")
    c = selected(2, 2, Conjuction="And", Operator="NotSelected")
    found = defined(
        YES_NO,
        question(2, "MC", "MAVR", Choices=choices("Cost", "Law")),
        question(3, "TE", "SL", DisplayLogic=logic(a, b, c)),
    )["Q3"]

    assert found.asked_if == "Q1 == 1 or (Q1 == 2 and not (Q2 == 2))"
    assert "If Q1 choice 1" in found.routing


def test_logic_names_ids_with_dots_and_cells_of_a_matrix() -> None:
    scale = choices("Never", "Often")
    rows = choices("Chat", "Code")
    cell = selected(2, 1, LeftOperand="q://QID2/SelectableChoice/1/2")
    row = selected(3, 1, LeftOperand="q://QID3/SelectableChoice/2/1")
    found = defined(
        question(1, "MC", "SAVR", DataExportTag="Q1.1", Choices=choices("Yes", "No")),
        question(
            2,
            "Matrix",
            "Likert",
            SubSelector="SingleAnswer",
            Choices=rows,
            Answers=scale,
            RecodeValues={"1": "0", "2": "9"},
        ),
        question(
            3,
            "Matrix",
            "Likert",
            SubSelector="MultipleAnswer",
            Choices=rows,
            Answers=scale,
        ),
        question(4, "TE", "SL", DisplayLogic=logic(selected(1, 2))),
        question(5, "TE", "SL", DisplayLogic=logic(cell)),
        question(6, "TE", "SL", DisplayLogic=logic(row)),
        question(7, "TE", "SL", DisplayLogic=logic(selected(2, 1))),
    )

    assert found["Q4"].asked_if == "[Q1.1] == 2"
    assert found["Q5"].asked_if == "[Q2/1] == 9"
    assert found["Q6"].asked_if == "Q3_2 == 1"
    assert found["Q7"].asked_if == ""


def test_carried_choices_are_those_of_their_question() -> None:
    def carried(number: int, group: str = "Choice", part: str = "Choices") -> Any:
        locator = f"q://QID{number}/{group}Group/Selected{group}s"
        return {f"Dynamic{part}": {"Locator": locator, "Type": "Dynamic"}}

    german = {"DE": {"Choices": {"1": {"Display": "Plaudern"}}}}
    used = question(
        1,
        "MC",
        "MAVR",
        Choices=choices("Chat", "Code"),
        ChoiceOrder=["2", "1"],
        RecodeValues={"1": "10", "2": "20"},
        Language=german,
    )
    found = defined(
        used,
        question(2, "MC", "SAVR", Choices=[], ChoiceOrder=[], **carried(1)),
        question(3, "MC", "MAVR", Choices=choices("None"), **carried(2)),
        question(4, "RO", "DND", Choices=[], **carried(1)),
        question(
            5,
            "Matrix",
            "Likert",
            Choices=[],
            Answers=choices("No", "Yes"),
            **carried(1),
        ),
        question(6, "MC", "SAVR", Choices=[], **carried(6)),
        question(7, "MC", "SAVR", Choices=[], **carried(99)),
    )

    assert [(c.code, c.label) for c in found["Q2"].categories] == [
        ("20", {"en": "Code"}),
        ("10", {"en": "Chat", "de": "Plaudern"}),
    ]
    assert [(c.code, c.column) for c in found["Q3"].categories] == [
        ("20", "Q3_xx2"),
        ("10", "Q3_xx1"),
        ("1", "Q3_1"),
    ]
    assert [c.column for c in found["Q4"].categories] == ["Q4_x2", "Q4_x1"]
    assert [(i.code, i.column) for i in found["Q5"].items] == [
        ("x2", "Q5_x2"),
        ("x1", "Q5_x1"),
    ]
    assert found["Q6"].categories == found["Q7"].categories == ()


def test_logic_that_the_grammar_cannot_say_stays_in_words() -> None:
    embedded = {"LogicType": "EmbeddedField", "Description": "If group Is A"}
    found = defined(
        YES_NO,
        question(3, "TE", "SL", DisplayLogic=logic(selected(1, 1), embedded)),
        question(4, "TE", "SL", DataExportTag="Q3.1"),
    )["Q3"]

    assert found.asked_if == ""
    assert found.routing == "If Q1 choice 1 and If group Is A"


def test_numbers_are_compared_by_size() -> None:
    rules = {"Settings": {"ContentType": "ValidNumber"}}
    large = {
        "LogicType": "Question",
        "LeftOperand": "q://QID1/ChoiceTextEntryValue",
        "Operator": "GreaterThanOrEqual",
        "RightOperand": "250",
    }
    found = defined(
        question(1, "TE", "SL", Validation=rules),
        question(2, "TE", "SL", DisplayLogic=logic(large)),
    )["Q2"]

    assert found.asked_if == "Q1 >= 250"


def skip(choice: int, to: str) -> dict[str, Any]:
    return {
        "Locator": f"q://QID1/SelectableChoice/{choice}",
        "Condition": "Selected",
        "SkipToDestination": to,
        "Description": f"Choice {choice} Is Selected. Skip To: {to}.",
    }


@pytest.mark.parametrize(
    ("to", "asked"),
    [
        ("ENDOFSURVEY", {"Q2": True, "Q3": True, "Q4": True}),
        ("ENDOFBLOCK", {"Q2": True, "Q3": True, "Q4": False}),
        ("QID3", {"Q2": True, "Q3": False, "Q4": False}),
    ],
)
def test_skip_logic_leaves_out_what_it_jumps_over(
    to: str, asked: dict[str, bool]
) -> None:
    first = block("BL_1", 1, 2, 3)
    first["BlockElements"][0]["SkipLogic"] = [skip(2, to)]
    found = defined(
        YES_NO,
        *(question(n, "TE", "SL") for n in (2, 3, 4)),
        blocks=[first, block("BL_2", 4)],
        flow=[{"Type": "Block", "ID": "BL_1"}, {"Type": "Standard", "ID": "BL_2"}],
    )

    expected = {
        id_: "not (Q1 == 2)" if skipped else "" for id_, skipped in asked.items()
    }
    assert {id_: found[id_].asked_if for id_ in asked} == expected


def test_branches_ends_and_random_blocks() -> None:
    users = logic(selected(1, 1))
    flow = [
        {"Type": "Block", "ID": "BL_1"},
        {
            "Type": "Branch",
            "BranchLogic": users,
            "Flow": [{"Type": "Standard", "ID": "BL_2"}],
        },
        {
            "Type": "Branch",
            "BranchLogic": logic(selected(1, 2)),
            "Flow": [{"Type": "EndSurvey"}],
        },
        {
            "Type": "BlockRandomizer",
            "SubSet": "1",
            "Flow": [{"Type": "Standard", "ID": f"BL_{n}"} for n in (3, 4)],
        },
        {"Type": "Standard", "ID": "BL_5"},
    ]
    found = defined(
        YES_NO,
        *(question(n, "TE", "SL") for n in (2, 3, 4, 5)),
        blocks=[block(f"BL_{n}", n) for n in (1, 2, 3, 4, 5)],
        flow=flow,
    )

    assert found["Q2"].asked_if == "Q1 == 1"
    assert found["Q3"].asked_if == ""
    assert "drawn at random" in found["Q3"].routing
    assert found["Q5"].asked_if == "not (Q1 == 2)"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"not json", "is JSON, and this is not"),
        (b"[" * 100_000, "is JSON, and this is not"),
        (b'{"a": 1}', "no SurveyEntry"),
        (b'{"SurveyEntry": 1, "SurveyElements": 2}', "no SurveyEntry"),
        (b"\xff\xfe\x00", "is JSON, and this is not"),
    ],
)
def test_what_is_no_definition_is_refused(data: bytes, message: str) -> None:
    with pytest.raises(DataFileError, match=message):
        read_qsf(Path("wave.qsf"), data)


ODD = [None, 1, "x", True, [], {}, [[]], {"a": None}, [1, None], {"1": []}]


@pytest.mark.parametrize("odd", ODD, ids=repr)
def test_parts_of_the_wrong_type_are_left_out(odd: Any) -> None:
    whole = question(
        3,
        "Matrix",
        "Likert",
        SubSelector="MultipleAnswer",
        Choices=choices("A"),
        Answers=choices("B"),
        RecodeValues={"1": "1"},
        ChoiceOrder=[1],
        Validation={},
        DisplayLogic={},
        AdditionalQuestions={"1": {}},
        ChoiceDataExportTags={},
    )
    for type_ in ("MC", "Matrix", "SBS", "TE", "RO", "Slider", "DD"):
        for key in whole:
            payload = {**whole, "QuestionType": type_, key: odd}
            read = defined(
                payload, YES_NO, blocks=[block("BL_1", 3), odd], flow=[odd, odd]
            )
            assert isinstance(read, dict)


@pytest.mark.skipif(not CLIMATE.is_dir(), reason="the real exports are not here")
def test_exports_real_definition_tells_every_question_of_its_export() -> None:
    path = CLIMATE / "Climatologist.qsf"
    definitions = read_qsf(path, path.read_bytes())
    raw = read(CLIMATE / "qualtrics.csv", companions=[path])
    asked = [label.question for label in raw.labels.values() if label.question]

    assert len(definitions) == 15
    assert set(asked) - {"condition"} == set(definitions)
    assert raw.labels["Competence_1"].question == "Competence"
    assert definitions["Impressiveness"].categories[4].code == "5"
    assert definitions["Consent"].asked_if == ""


@pytest.mark.skipif(not CLIMATE.is_dir(), reason="the real exports are not here")
def test_exports_a_definition_of_another_survey_is_refused() -> None:
    with pytest.raises(DataFileError, match="1 of its 195 columns"):
        read(
            EXPORTS / "qualtrics_legitimacy" / "qualtrics.csv",
            companions=[CLIMATE / "Climatologist.qsf"],
        )

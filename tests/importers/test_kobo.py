from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pandas as pd
import pytest

from survey.errors import DataFileError
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.grid import Grid
from survey.importers.platforms.kobo import is_kobo, read_headers
from survey.importers.platforms.kobo_form import with_form
from survey.importers.raw import ColumnLabel, MultipleSet, RawTable
from survey.importers.read import read
from survey.importers.system import role_of
from survey.questionnaire.drafting.draft import draft_questionnaire

EXPORTS = Path(__file__).parents[2].parent / "shared/exports/kobo_kobocruncher"
needs_exports = pytest.mark.skipif(
    not EXPORTS.is_dir(), reason="the real exports (../shared/exports) are not here"
)


def grid(*rows: list[str]) -> Grid:
    return Grid(pd.DataFrame([[x or None for x in row] for row in rows]), "utf-8")


def table(folder: Path, *rows: str) -> RawTable:
    path = folder / "wave.csv"
    path.write_text("\n".join(rows) + "\n")
    return read(path)


def test_an_option_is_known_by_its_question_and_its_marks() -> None:
    found = read_headers(
        grid(
            ["g/why", "g/why/cost", "g/why/law", "g/size", "size", "_id", "_uuid"],
            ["cost", "1", "0", "2", "3", "7", "a"],
        )
    )

    assert [(x.question, x.option) for x in found.labels] == [
        ("why", ""),
        ("why", "cost"),
        ("why", "law"),
        ("g.size", ""),
        ("size", ""),
        ("", ""),
        ("", ""),
    ]


def test_options_without_a_joined_column_are_one_question() -> None:
    found = read_headers(
        grid(["why/a", "why/b", "g/age", "_id", "_uuid"], ["1", "0", "44", "7", "a"])
    )

    assert [x.question for x in found.labels] == ["why", "why", "age", "", ""]


def test_a_group_with_other_answers_is_no_question() -> None:
    found = read_headers(
        grid(["g/a", "g/b", "g/age", "_id", "_uuid"], ["1", "0", "44", "7", "x"])
    )

    assert [x.question for x in found.labels] == ["a", "b", "age", "", ""]


def test_labels_as_headers_are_wording_and_options() -> None:
    found = read_headers(
        grid(
            ["Firm/How many?", "Firm/Why and/or how?", "Why? Cost", "Why?", "Why?/Law"],
            ["3", "x", "y", "Law", "1"],
        )
    )

    assert [(x.question, x.wording, x.option) for x in found.labels] == [
        ("q1", "How many?", ""),
        ("q2", "Why and/or how?", ""),
        ("q3", "Why? Cost", ""),
        ("q4", "Why?", ""),
        ("q4", "Why?", "Law"),
    ]


def test_odk_central_separates_groups_by_a_hyphen() -> None:
    cells = grid(
        ["SubmissionDate", "firm-size", "KEY", "SubmitterName"],
        ["2024-05-01", "3", "uuid:1", "anna"],
    )

    assert is_kobo(cells)
    assert [x.question for x in read_headers(cells).labels] == ["", "size", "", ""]


def test_groups_that_kobo_named_itself_are_enough() -> None:
    assert is_kobo(grid(["group_pm0cj55/a", "group_pm0cj55/b"], ["1", "2"]))
    assert not is_kobo(grid(["group_size", "_id"], ["1", "2"]))


def test_sets_are_named_and_joined_codes_belong_to_no_question(tmp_path: Path) -> None:
    raw = table(
        tmp_path,
        "why,why/cost,why/law,why/other,_id,_uuid,_submission_time",
        "cost law,1,1,0,1,a,2024-05-01",
        "law,0,0,0,2,b,2024-05-01",
        ",,,,3,c,2024-05-01",
    )

    assert raw.source.layout == "kobo"
    assert raw.sets[0].columns == ("why/cost", "why/law", "why/other")
    assert raw.sets[0].counted_value == "1"
    assert raw.labels["why"].question == ""
    assert raw.frame["why"].tolist()[0] == "cost law"
    assert (
        "'why': 1 records whose joined codes and option columns differ;"
        " the option columns are taken"
    ) in raw.source.reasons


def test_true_and_false_count_as_they_are_spelled(tmp_path: Path) -> None:
    raw = table(tmp_path, "why/a,why/b,_id,_uuid", "TRUE,FALSE,1,a", "FALSE,TRUE,2,b")

    assert raw.sets[0].counted_value == "TRUE"


def test_a_repeated_group_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match=r"repeated group.*every repetition"):
        table(
            tmp_path,
            "age,_index,_parent_table_name,_parent_index,_submission__id,_id,_uuid",
            "4,1,main,1,9,1,x",
        )


@pytest.mark.parametrize(
    ("header", "role"),
    [
        ("_geolocation", "personal"),
        ("_home_latitude", "personal"),
        ("_home_precision", "personal"),
        ("_submitted_by", "personal"),
        ("deviceid", "personal"),
        ("_submission_time", "finished"),
        ("start", "started"),
        ("_uuid", "respondent"),
        ("_validation_status", "other"),
        ("formhub/uuid", "other"),
        ("precision", ""),
    ],
)
def test_what_the_platform_adds_is_known(header: str, role: str) -> None:
    assert role_of(header) == role


def test_a_form_names_rows_of_a_grid_and_options_by_label(tmp_path: Path) -> None:
    raw = table(
        tmp_path,
        "Trust/Vendors,Trust/Own models,Why?,Why?/Cost,Why?/Law,_id,_uuid",
        "Yes,No,Cost,1,0,1,a",
        "No,No,Law,0,1,2,b",
    )
    points = (Choice("y", {"en": "Yes"}), Choice("n", {"en": "No"}))
    rows = (
        Choice("vendor", {"en": "Vendors"}, column="vendor"),
        Choice("own", {"en": "Own models"}, column="own"),
    )
    reasons = (Choice("c", {"en": "Cost"}), Choice("l", {"en": "Law"}))
    told = with_form(
        raw,
        {
            "trust": QuestionDefinition("trust", "grid", {"en": "T"}, points, rows),
            "why": QuestionDefinition("why", "multiple", {"en": "Why?"}, reasons),
        },
    )

    assert told.labels["Trust/Own models"].question == "trust"
    assert told.labels["Trust/Own models"].option_code == "own"
    assert told.labels["Why?/Law"].option_code == "l"
    assert told.sets[0].name == "why"
    assert told.definitions["trust"].items[0].column == "Trust/Vendors"


@needs_exports
def test_a_real_export_with_its_form() -> None:
    raw = read(EXPORTS / "data.xlsx", companions=[EXPORTS / "sample_xlsform.xlsx"])

    assert raw.frame.shape == (5, 25)
    assert raw.labels["profile.country"].values["COL"] == "Colombia"
    assert raw.labels["profile.reason.other"].option == "Other"
    assert raw.sets[0].label == "Why did you left?"
    assert len(raw.sets[0].columns) == 9
    assert (
        "repeated groups have a sheet of their own and are not read: 'members'"
        in raw.source.reasons
    )


@needs_exports
def test_a_real_export_without_any_added_column() -> None:
    raw = read(EXPORTS / "data_likert.xlsx", companions=[EXPORTS / "form_likert.xlsx"])

    assert raw.frame.shape == (120, 18)
    label = raw.labels["group_ei8jz33.violence"]
    assert label.question == "violence"
    assert label.values == {
        "likely": "Probable",
        "neutral": "Neutral",
        "unlikely": "Improbable",
    }


def test_a_form_with_answers_that_nobody_saw_keeps_them(tmp_path: Path) -> None:
    raw = table(tmp_path, "why,why/a,why/b,_id,_uuid", "a,1,0,1,x", "b,0,1,2,y")
    codes = tuple(Choice(code, {}) for code in "abc")
    rows = (Choice("r", {"": "Row"}, column="r"),)
    told = with_form(
        raw,
        {
            "why": QuestionDefinition("why", "multiple", {"": "Why?"}, codes),
            "gone": QuestionDefinition("gone", "grid", {"": "Gone"}, codes, rows),
        },
    )

    assert [c.column for c in told.definitions["why"].categories] == [
        "why/a",
        "why/b",
        "",
    ]
    assert told.definitions["gone"].items[0].column == "r"


def test_options_of_a_draft_have_their_own_labels(
    raw_table: Callable[..., RawTable],
) -> None:
    columns = {"q/a": ["1", "0"], "q/b": ["0", "1"]}
    labels = {
        name: ColumnLabel("q", "Which of these?", text)
        for name, text in (("q/a", "Chat"), ("q/b", "Code"))
    }
    raw = raw_table(columns, **labels)
    stored = MultipleSet("q", "Which of these?", ("q/a", "q/b"), "1")
    (question,) = draft_questionnaire(replace(raw, sets=(stored,))).questions
    assert [c.label[""] for c in question.categories] == ["Chat", "Code"]

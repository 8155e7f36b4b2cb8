import pandas as pd
import pytest

from survey.importers.grid import Grid
from survey.importers.layout import Headed
from survey.importers.platforms.qualtrics import header_count, read_headers

SYSTEM = [
    ("StartDate", "Start Date", '{"ImportId":"startDate","timeZone":"UTC"}'),
    ("EndDate", "End Date", '{"ImportId":"endDate"}'),
    ("Finished", "Finished", '{"ImportId":"finished"}'),
]


def headed(*columns: tuple[str, str, str], legacy: bool = False) -> Headed:
    rows = [list(row) for row in zip(*SYSTEM, *columns, strict=True)]
    if legacy:
        rows = rows[:2]
    grid = Grid(pd.DataFrame([*rows, ["1"] * len(rows[0])]), "utf-8")
    assert header_count(grid) == (2 if legacy else 3)
    return read_headers(grid, header_count(grid))


def parts(found: Headed) -> list[tuple[str, str, str]]:
    return [(x.question, x.option, x.option_code) for x in found.labels[3:]]


def import_id(id_: str, choice: str = "") -> str:
    more = f',"choiceId":"{choice}"' if choice else ""
    return f'{{"ImportId":"{id_}"{more}}}'


def test_rows_of_a_matrix_are_one_question() -> None:
    found = headed(
        ("Q3_1", "Rate - it - Cost", import_id("QID5_4")),
        ("Q3_2", "Rate - it - Law - EU", import_id("QID5_5")),
    )

    assert parts(found) == [("Q3", "Cost", "1"), ("Q3", "Law - EU", "2")]
    assert found.labels[3].wording == "Rate - it"


def test_options_in_columns_of_their_own() -> None:
    text = "Why? - Selected Choice - {}"
    found = headed(
        ("Q4_1", text.format("Cost"), import_id("QID6", "1")),
        ("Q4_5", text.format("Other:"), import_id("QID6", "5")),
        ("Q4_5_TEXT", "Why? - Other: - Text", import_id("QID6_5_TEXT")),
    )

    assert parts(found) == [
        ("Q4", "Cost", "1"),
        ("Q4", "Other:", "5"),
        ("Q4", "Other:", "other"),
    ]
    assert {label.wording for label in found.labels[3:]} == {"Why?"}


def test_a_text_beside_a_single_choice() -> None:
    found = headed(
        ("Q1", "Size? - Selected Choice", import_id("QID1")),
        ("Q1_9_TEXT", "Size? - Other - Text", import_id("QID1_9_TEXT")),
        ("Q2", "Why?", import_id("QID2_TEXT")),
    )

    assert parts(found) == [("Q1", "", ""), ("Q1", "Other", "other"), ("Q2", "", "")]
    assert [label.wording for label in found.labels[3:]] == ["Size?", "Size?", "Why?"]


def test_loops_tables_and_matrices_of_several_answers() -> None:
    found = headed(
        ("1_Q5_1", "Rate - Cost", import_id("1_QID5_1")),
        ("1_Q5_2", "Rate - Law", import_id("1_QID5_2")),
        ("2_Q5_1", "Rate - Cost", import_id("2_QID5_1")),
        ("2_Q5_2", "Rate - Law", import_id("2_QID5_2")),
        ("Q8#1_1", "Table - Today - Cost", import_id("QID8#1_1")),
        ("Q8#1_2", "Table - Today - Law", import_id("QID8#1_2")),
        ("Q9_1_1", "Many - Cost - Now", import_id("QID9_1_1")),
        ("Q9_1_2", "Many - Cost - Later", import_id("QID9_1_2")),
    )

    questions = [label.question for label in found.labels[3:]]
    assert questions == ["1_Q5"] * 2 + ["2_Q5"] * 2 + ["Q8#1"] * 2 + ["Q9_1"] * 2
    assert found.labels[9].wording == "Many - Cost"


def test_what_the_platform_adds_is_no_question() -> None:
    found = headed(
        ("t_First Click", "Timing - First Click", import_id("QID7_FIRST_CLICK")),
        ("b_Operating System", "Browser - OS", import_id("QID8_OS")),
        ("Q1_DO_1", "Display Order", import_id("QID1_DO", "1")),
        ("Q1 - Topics", "Q1 - Topics", import_id("QID1_TEXT_a1Topics")),
        ("group", "group", import_id("group")),
        ("Q2_NPS_GROUP", "Recommend? - Group", import_id("QID2_NPS_GROUP")),
    )

    questions = [label.question for label in found.labels[3:]]
    assert questions == ["", "", "", "", "group", "Q2_NPS_GROUP"]


def test_columns_whose_texts_tell_no_options_stay_apart() -> None:
    found = headed(
        ("Honest_1", "How honest?", import_id("QID5_1")),
        ("Fair_1", "How fair?", import_id("QID6_1")),
        ("Both_1", "Same text", import_id("QID7_1")),
        ("Both_2", "Same text", import_id("QID7_2")),
    )

    assert [label.question for label in found.labels[3:]] == [
        "Honest_1",
        "Fair_1",
        "Both_1",
        "Both_2",
    ]


@pytest.mark.parametrize("between", [" - ", "-"])
def test_two_header_rows_are_grouped_by_names(between: str) -> None:
    found = headed(
        ("Q3_1", f"Why?{between}Cost", ""),
        ("Q3_2", f"Why?{between}Law", ""),
        ("Q3_TEXT", "Why? - Text", ""),
        ("wave_2", "Second wave", ""),
        ("Q4", "Size?", ""),
        ("Q4_TEXT", "Size? - Other - Text", ""),
        legacy=True,
    )

    assert parts(found)[:2] == [("Q3", "Cost", "1"), ("Q3", "Law", "2")]
    assert found.labels[3].wording == "Why?"
    assert parts(found)[3:] == [
        ("wave_2", "", ""),
        ("Q4", "", ""),
        ("Q4", "Other", "other"),
    ]

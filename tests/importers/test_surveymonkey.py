import pandas as pd
import pytest

from survey.importers.grid import Grid
from survey.importers.layout import Headed
from survey.importers.platforms.surveymonkey import header_count, read_headers


def headed(*rows: list[str]) -> tuple[int, Headed]:
    grid = Grid(pd.DataFrame([[x or None for x in row] for row in rows]), "utf-8")
    return header_count(grid), read_headers(grid, 0, "wave.csv")


def test_three_rows_ids_wording_options() -> None:
    count, found = headed(
        ["", "", "q7", "", "q9"],
        ["Respondent ID", "Collector ID", "Barriers?", "", "Why?"],
        ["", "", "Cost", "Privacy", "Open-Ended Response"],
        ["1", "5", "1", "2", "because"],
    )

    assert count == 3
    assert found.names == ("Respondent ID", "Collector ID", "q7_1", "q7_2", "q9")
    assert [label.question for label in found.labels] == ["", "", "q7", "q7", "q9"]
    assert found.labels[3].wording == "Barriers?"
    assert found.labels[4].option == ""


def test_two_rows_without_ids_are_numbered() -> None:
    count, found = headed(
        ["Respondent ID", "Collector ID", "Size?", "Barriers?", ""],
        ["", "", "Response", "Cost", "Privacy"],
        ["1", "5", "Small", "Cost", ""],
    )

    assert count == 2
    assert found.names[2:] == ("q1", "q2_1", "q2_2")


def test_system_headers_may_be_repeated_below() -> None:
    count, _ = headed(
        ["", "", "Q1"],
        ["Respondent ID", "Collector ID", "Size?"],
        ["Respondent ID", "Collector ID", "Size?"],
        ["1", "5", "2"],
    )

    assert count == 3


def test_ids_over_every_column_give_codes() -> None:
    _, found = headed(
        ["", "Q1_0", "Q1_1", "Q2_other"],
        ["Respondent ID", "Barriers?", "", "Why?"],
        ["", "Don't know", "Cost", "Other"],
        ["1", "0", "", ""],
    )

    assert found.names == ("Respondent ID", "Q1_0", "Q1_1", "Q2_other")
    assert [label.option_code for label in found.labels] == ["", "0", "1", "other"]
    assert found.labels[2].wording == "Barriers?"


def test_numbered_wording_over_every_column_is_one_question() -> None:
    _, found = headed(
        [
            "Respondent ID",
            "Q1 01\u2014Barriers?",
            "Q1 02\u2014Barriers?",
            "Q2 00\u2014Size?",
        ],
        ["Respondent ID", "Cost", "Privacy", "Multiple choice response"],
        ["1", "Cost", "", "Small"],
    )

    assert [label.question for label in found.labels] == ["", "Q1", "Q1", "Q2"]
    assert found.labels[1].wording == "Barriers?"


def test_options_below_sparse_questions_are_recognised_without_system_columns() -> None:
    count, found = headed(
        ["Region?", "", "Barriers?", ""],
        ["Asia", "Europe", "Cost", "Privacy"],
        ["Asia", "", "Cost", "Privacy"],
        ["", "Europe", "", "Privacy"],
    )

    assert count == 2
    assert found.names == ("q1_1", "q1_2", "q2_1", "q2_2")


@pytest.mark.parametrize(
    "rows",
    [
        [["size", "region"], ["1", "EU"]],
        [["Respondent ID", "Collector ID", "size"], ["1", "5", "2"]],
        [["Use?", "", "Size?"], ["Yes", "", "Small"], ["No", "never", "Large"]],
    ],
)
def test_one_header_row_is_not_taken_for_two(rows: list[list[str]]) -> None:
    grid = Grid(pd.DataFrame([[x or None for x in row] for row in rows]), "utf-8")

    assert header_count(grid) == 0

"""Layouts with one header row: known by their headers, read in their own way."""

from pathlib import Path

import openpyxl
import pandas as pd
import pytest

from survey.errors import DataFileError
from survey.importers.detect import LAYOUTS, detect
from survey.importers.grid import Grid
from survey.importers.raw import RawTable
from survey.importers.read import read


def grid(*rows: list[str]) -> Grid:
    cells = [[cell or None for cell in row] for row in rows]
    return Grid(pd.DataFrame(cells, dtype=str), "utf-8")


MICROSOFT = ["ID", "Start time", "Completion time", "Email", "Name"]


@pytest.mark.parametrize(
    ("rows", "layout", "confidence"),
    [
        (
            [["Timestamp", "Use?"], ["9/18/2025 18:00:16", "Yes"]],
            *("google_forms", "likely"),
        ),
        (
            [["Zeitstempel", "Use?"], ["18.09.2025 18:00:16", "Ja"]],
            "google_forms",
            "likely",
        ),
        ([["Timestamp", "Use?"], ["yesterday", "Yes"]], "plain", "guess"),
        ([["Use?", "Timestamp"], ["Yes", "9/18/2025 18:00:16"]], "plain", "guess"),
        ([[*MICROSOFT, "Use?"]], "microsoft_forms", "certain"),
        (
            [["ID", "Startzeit", "Fertigstellungszeit", "E-Mail", "Name", "KI?"]],
            "microsoft_forms",
            "certain",
        ),
        ([["ID", "Use?", "Email"]], "plain", "guess"),
        (
            [["Response ID", "Time Started", "Date Submitted", "Status", "Use?"]],
            "alchemer",
            "certain",
        ),
    ],
)
def test_layouts_are_told_by_their_headers(
    rows: list[list[str]], layout: str, confidence: str
) -> None:
    found = detect(grid(*rows))

    assert (found.layout, found.confidence) == (layout, confidence)
    assert layout in LAYOUTS


def test_confidence_stands_in_the_reasons(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("size\n1\n", encoding="utf-8")

    assert "plain (guess): one header row" in read(file).source.reasons
    chosen = read(file, layout="plain").source.reasons
    assert "plain (certain): as asked" in chosen


def test_an_unknown_layout_names_the_known_ones(tmp_path: Path) -> None:
    file = tmp_path / "a.csv"
    file.write_text("size\n1\n", encoding="utf-8")

    with pytest.raises(DataFileError, match=r"alchemer, .*plain"):
        read(file, layout="lime")


@pytest.fixture
def microsoft(tmp_path: Path) -> RawTable:
    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(
        [*MICROSOFT, "Total points", "Which\u00a0tools?", "Points - Which\u00a0tools?"]
    )
    sheet.append([1, "2025-01-02 10:00:00", "x", "a@example.org", "A", 3, "R;SPSS;", 1])
    sheet.append([2, "2025-01-02 11:00:00", "x", "anonymous", None, 2, "R;", 0])
    book.save(tmp_path / "forms.xlsx")
    return read(tmp_path / "forms.xlsx")


def test_columns_of_a_quiz_are_no_questions(microsoft: RawTable) -> None:
    asked = {
        n: label.question for n, label in microsoft.labels.items() if label.question
    }

    assert asked == {"Which tools?": "q7"}
    assert microsoft.source.layout == "microsoft_forms"


ALCHEMER = [
    *("Response ID", "Time Started", "Date Submitted", "Status", "Country", "City"),
    "Cost:Barriers: which?",
    "Law: and ethics:Barriers: which?",
    "Other - Write In:Barriers: which?",
    "Role\u00a0?",
    "Other - Write In:Role\u00a0?",
    "Note: why?",
    "Country",
]


@pytest.fixture
def alchemer(tmp_path: Path) -> RawTable:
    file = tmp_path / "a.csv"
    row = ["1", "2025-01-02 10:00:00", "2025-01-02 10:09:00", "Complete", "DE", "Bonn"]
    answers = ["Cost", "Law: and ethics", "time", "Boss", "my own", "because", "Chile"]
    lines = [ALCHEMER, row + answers]
    text = "\n".join(",".join(f'"{cell}"' for cell in line) for line in lines)
    file.write_text(text, encoding="utf-8")
    return read(file)


def test_alchemer_headers_are_option_and_question(alchemer: RawTable) -> None:
    labels = list(alchemer.labels.values())

    questions = ["q1", "q1", "q1", "q2", "q2", "q3", "q4"]
    typed = "Other - Write In"
    assert [label.question for label in labels[6:]] == questions
    options = ["Cost", "Law: and ethics", typed, "", typed, "", ""]
    assert [label.option for label in labels[6:]] == options
    codes = ["", "", "other", "", "other", "", ""]
    assert [label.option_code for label in labels[6:]] == codes
    assert {label.wording for label in labels[6:9]} == {"Barriers: which?"}


def test_places_that_alchemer_reads_from_the_ip_address_are_no_questions(
    alchemer: RawTable,
) -> None:
    assert [label.question for label in list(alchemer.labels.values())[:6]] == [""] * 6

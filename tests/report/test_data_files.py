"""Findings as a table of their own, as `survey check -o` writes it."""

import json
from pathlib import Path

import pandas as pd
import pytest

from survey.errors import OutputError
from survey.finding import Finding
from survey.report.data_files import check_list, write_list
from survey.said import said

FOUND = (
    Finding(
        "warning",
        "unknown_code",
        "q1",
        said("{count} answers of {name!r}.", count=1200, name="=q1"),
        1200,
        "kept",
        ("r1", "r2"),
    ),
)


def test_a_list_as_csv_and_json(tmp_path: Path) -> None:
    write_list(FOUND, tmp_path / "found.csv")
    write_list(FOUND, tmp_path / "found.json")
    row = pd.read_csv(tmp_path / "found.csv").iloc[0].to_dict()
    (same,) = json.loads((tmp_path / "found.json").read_text(encoding="utf-8"))

    assert row["message"] == same["message"] == "1,200 answers of '=q1'."
    assert row["count"] == same["count"] == 1200
    assert same["respondents"] == "r1 r2"
    assert {path.name for path in tmp_path.iterdir()} == {"found.csv", "found.json"}


def test_no_findings_are_an_empty_list(tmp_path: Path) -> None:
    write_list((), tmp_path / "found.json")
    assert json.loads((tmp_path / "found.json").read_text(encoding="utf-8")) == []


def test_a_file_that_cannot_be_is_refused(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"'\.csv', '\.json'"):
        check_list(tmp_path / "found.xlsx")
    with pytest.raises(OutputError, match="no folder"):
        check_list(tmp_path / "none" / "found.csv")
    (tmp_path / "folder.csv").mkdir()
    with pytest.raises(OutputError, match="cannot be written"):
        write_list(FOUND, tmp_path / "folder.csv")
    assert [path.name for path in tmp_path.iterdir()] == ["folder.csv"]

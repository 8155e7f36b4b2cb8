from pathlib import Path

import pytest

from survey.errors import DataFileError
from survey.importers.read import read


def written(tmp_path: Path, text: str | bytes, name: str = "wave.csv") -> Path:
    file = tmp_path / name
    file.write_bytes(text.encode() if isinstance(text, str) else text)
    return file


def test_plain_table_keeps_names_and_makes_them_unique(tmp_path: Path) -> None:
    raw = read(written(tmp_path, "size,,size\n1,2,3\n"))

    assert list(raw.frame.columns) == ["size", "column_2", "size_2"]
    assert list(raw.labels) == list(raw.frame.columns)


def test_empty_rows_are_left_out_and_counted(tmp_path: Path) -> None:
    raw = read(written(tmp_path, ",\n\nsize,region\n1,EU\n,\n,\n"))

    assert raw.frame["size"].tolist() == ["1"]
    assert "4 empty rows left out" in raw.source.reasons
    assert raw.source.empty_rows == 4


def test_source_names_file_hash_and_layout(tmp_path: Path) -> None:
    file = written(tmp_path, "size\n1\n")
    source = read(file).source

    assert (source.name, source.layout, len(source.sha256)) == ("wave.csv", "plain", 64)
    assert source.sha256 == read(file).source.sha256


def test_source_file_is_not_changed(tmp_path: Path) -> None:
    file = written(tmp_path, "size\n1\n")
    read(file)

    assert file.read_bytes() == b"size\n1\n"


def test_limesurvey_codes_are_taken_from_the_names(tmp_path: Path) -> None:
    head = "id,submitdate,lastpage,startlanguage,use[3],use[other]"
    raw = read(written(tmp_path, f"{head}\n1,2025-01-01,4,en,Y,own\n"))
    label = raw.labels["use[3]"]

    assert raw.source.layout == "limesurvey"
    assert (label.question, label.option_code) == ("use", "3")
    assert raw.labels["use[other]"].option_code == "other"
    assert raw.labels["submitdate"].question == ""


def test_qualtrics_cuts_wording_and_import_ids(tmp_path: Path) -> None:
    text = (
        "StartDate,EndDate,ResponseId,Q1\n"
        "Start Date,End Date,Response ID,Do you use AI?\n"
        '"{""ImportId"":""startDate""}","{""ImportId"":""endDate""}",'
        '"{""ImportId"":""_recordId""}","{""ImportId"":""QID1""}"\n'
        "2025-01-01,2025-01-01,R_1,Yes\n"
    )
    raw = read(written(tmp_path, text))

    assert raw.frame["Q1"].tolist() == ["Yes"]
    assert raw.labels["Q1"].wording == "Do you use AI?"


def test_google_forms_rows_of_a_grid_share_a_question(tmp_path: Path) -> None:
    raw = read(written(tmp_path, "How often? [code],How often? [law]\nNever,Often\n"))
    labels = list(raw.labels.values())

    assert labels[0].question == labels[1].question
    assert [label.option for label in labels] == ["code", "law"]


def test_layout_can_be_chosen(tmp_path: Path) -> None:
    text = "Do you use AI?,Size?\nResponse,Response\nYes,Small\n"
    raw = read(written(tmp_path, text), layout="plain")

    assert len(raw.frame) == 2


@pytest.mark.parametrize(
    ("text", "layout", "message"),
    [
        ("size\n1\n", "mars", "there is no layout 'mars'. Choose one of surveymonkey"),
        ("size\n1\n", "surveymonkey", "no header rows of SurveyMonkey"),
        ("size,region\n", None, "header row with 2 columns but no record"),
        (",,\n,,\n", None, "no cell of the file is filled"),
        ("Q1. Size,\nAnswered,9\nSkipped,0\n", None, "summary export.*All individual"),
    ],
)
def test_what_is_no_export_is_refused(
    tmp_path: Path, text: str, layout: str | None, message: str
) -> None:
    with pytest.raises(DataFileError, match=f"wave.csv: .*{message}"):
        read(written(tmp_path, text), layout=layout)

"""Files as people hand them over, small enough to be counted by hand."""

from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from survey.importers.binary.por_dictionary import _number, _Reader
from survey.importers.read import read

GERMAN = (
    "Nr;Größe;Grund\n1;10 bis 49;Weiß nicht\n2;250 und mehr;Café\n"
    "3;unter 10;Übersicht fehlt\n"
)


@pytest.mark.parametrize(
    "encoding", ["cp1252", "mac_roman", "cp850", "utf-16", "utf-8"]
)
def test_german_texts_come_through_in_every_encoding(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "wave.csv"
    file.write_bytes(GERMAN.encode(encoding))

    raw = read(file)

    assert raw.source.encoding == encoding
    assert raw.frame["Größe"].tolist() == ["10 bis 49", "250 und mehr", "unter 10"]
    assert raw.frame["Grund"].tolist() == ["Weiß nicht", "Café", "Übersicht fehlt"]


def test_english_quotes_of_windows_stay_cp1252(tmp_path: Path) -> None:
    file = tmp_path / "wave.csv"
    file.write_bytes("id,why\n1,We don’t “know” – yet…\n".encode("cp1252"))

    assert read(file).frame["why"].tolist() == ["We don’t “know” – yet…"]


def test_a_page_of_notes_before_the_answers_is_not_read(tmp_path: Path) -> None:
    file = tmp_path / "wave.xlsx"
    answers = {f"q{k}": ["Yes", "No", "Yes"] for k in range(1, 9)}
    with pd.ExcelWriter(file) as book:
        notes = pd.DataFrame({"About": ["Field: May", "Contact: the office"]})
        notes.to_excel(book, sheet_name="Read me", index=False)
        pd.DataFrame(answers).to_excel(book, sheet_name="Data", index=False)

    raw = read(file)

    assert raw.frame.shape == (3, 8)
    assert "sheets not read: 'Read me'" in raw.source.reasons


def test_a_narrow_first_sheet_is_read_before_one_as_narrow(tmp_path: Path) -> None:
    file = tmp_path / "wave.xlsx"
    with pd.ExcelWriter(file) as book:
        for title in ("Answers", "More"):
            sheet = pd.DataFrame({"id": [1, 2], "use": ["Yes", "No"]})
            sheet.to_excel(book, sheet_name=title, index=False)

    assert read(file).source.reasons[0] == "sheet 'Answers'"


@pytest.mark.parametrize("encoding", ["utf-8", "cp1252"])
def test_labels_of_an_old_stata_file_in_either_encoding(
    tmp_path: Path, encoding: str
) -> None:
    file = tmp_path / "wave.dta"
    frame = pd.DataFrame({"why": ["Kosten", "Recht"], "size": [1.0, 2.0]})
    pyreadstat.write_dta(frame, str(file), version=12, column_labels=["Wy", "S_____e"])
    # The C library writes UTF-8; the file has no place that names an encoding.
    label = "Größe".encode(encoding)
    file.write_bytes(file.read_bytes().replace(b"S_____e", label.ljust(7)))

    assert read(file).labels["size"].wording == "Größe"


def test_the_end_of_a_range_may_be_more_than_a_float_holds() -> None:
    # DBL_MAX to the base 30, rounded up, as PSPP writes HIGHEST.
    assert _number(_Reader("A9E17IR6IG+6J/")) == float("inf")
    assert _number(_Reader("-A9E17IR6IG+6J/")) == float("-inf")


def test_true_and_false_of_parquet_are_answers_and_no_numbers(tmp_path: Path) -> None:
    file = tmp_path / "wave.parquet"
    pd.DataFrame({"use": [True, False, True]}).to_parquet(file)

    raw = read(file)

    assert dict(raw.labels["use"].values) == {"1": "true", "0": "false"}
    assert raw.frame["use"].tolist() == [1.0, 0.0, 1.0]


def test_long_texts_that_the_parser_loses_are_named(tmp_path: Path) -> None:
    file = tmp_path / "wave.dta"
    frame = pd.DataFrame({"why": ["Kosten " * 400, "Recht"], "size": [1.0, 2.0]})
    frame.to_stata(file, version=118, convert_strl=["why"], write_index=False)
    assert len(read(file).source.reasons) == 1
    # Every cell names the place of its text: 2 bytes of column, 6 of record.
    data = file.read_bytes()
    start = data.index(b"<data>") + len(b"<data>")
    broken = bytearray(data)
    for record in range(2):
        place = start + record * (8 + 8)
        broken[place : place + 8] = b"\x07\x00\x09\x00\x00\x00\x00\x00"
    file.write_bytes(bytes(broken))

    assert "'why'" in read(file).source.reasons[-1]

"""Weighted files: whatever came in stays, in every format, and the weight is added."""

import shutil
import subprocess
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest
from openpyxl import Workbook

import survey
from survey.errors import OutputError
from survey.importers.binary.sav_dictionary import weighted_by
from survey.importers.raw import RawTable
from survey.weighted_files.sav_variable import add_weight
from survey.weighted_files.weight_file import weight_file
from survey.weighted_files.writing import check_name, check_output, write_weighted

ROOT = Path(__file__).parents[2]
EXPORTS = ROOT.parent / "shared" / "exports"
SAV_FILES = sorted(
    [*EXPORTS.glob("spss_*/**/*.sav"), *EXPORTS.glob("spss_*/**/*.zsav")]
)
# Each is nasty in its own way: line ends, encodings, header rows, blank rows.
TEXTS = [
    "cncf/2022 CNCF Survey - Raw Data.csv",
    "fivethirtyeight/StarWars.csv",
    "fivethirtyeight/poll-of-pollsters-5.tsv",
    "google_forms_r_community_2019",
    "qualtrics_legitimacy",
    "quantipy",
    "todo_ospo/2024/Raw_Data/2024 OSPO N222 Raw Data Text.csv",
]
NAME = "wt_genai"
# All that pyreadstat knows of a file, but for places on the way to it.
DICTIONARY = (
    "column_names_to_labels",
    "creation_time",
    "file_encoding",
    "file_label",
    "missing_ranges",
    "missing_user_values",
    "mr_sets",
    "notes",
    "original_variable_types",
    "variable_alignment",
    "variable_display_width",
    "variable_measure",
    "variable_storage_width",
    "variable_to_label",
    "variable_value_labels",
)


def weights(n: int) -> np.ndarray:
    """Give weights of which the first is 0."""
    return np.arange(n) / 7


def written(source: Path, output: Path, *, label: str = "Weight: size") -> RawTable:
    raw = survey.read(source)
    write_weighted(source, raw, weights(len(raw.frame)), output, name=NAME, label=label)
    return raw


def parsed(path: Path) -> tuple[pd.DataFrame, dict[str, object]]:
    """Read a .sav file with its dictionary, as survey.read does."""
    for encoding in (None, "cp1252"):
        try:
            frame, meta = pyreadstat.read_sav(
                str(path),
                user_missing=True,
                disable_datetime_conversion=True,
                encoding=encoding,
            )
        except pyreadstat.ReadstatError:
            continue
        return frame, {key: getattr(meta, key) for key in DICTIONARY}
    raise AssertionError(path)


def without(found: object) -> object:
    """Leave the weight out of a part of the dictionary."""
    if not isinstance(found, dict):
        return found
    return {key: value for key, value in found.items() if key != NAME}


def pspp(path: Path, syntax: str) -> str:
    """Let PSPP run a syntax on a file."""
    if shutil.which("pspp") is None:
        pytest.skip("PSPP is not installed")
    script = path.with_name("script.sps")
    script.write_text(f"GET FILE='{path.name}'.\n{syntax}\n", encoding="utf-8")
    done = subprocess.run(
        ["pspp", script.name, "-O", "format=csv"],
        cwd=path.parent,
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout
    return done.stdout


def pspp_csv(path: Path, output: Path) -> list[str]:
    """Let PSPP write the cases of a file, unrounded."""
    if shutil.which("pspp-convert") is None:
        pytest.skip("PSPP is not installed")
    subprocess.run(
        ["pspp-convert", str(path), str(output), "-O", "csv"],
        capture_output=True,
        check=True,
    )
    return output.read_text(encoding="utf-8").splitlines()


@pytest.mark.skipif(not SAV_FILES, reason="the real exports are not there")
@pytest.mark.parametrize("source", SAV_FILES, ids=lambda path: path.name)
def test_a_sav_file_of_the_exports_keeps_its_dictionary(
    source: Path, tmp_path: Path
) -> None:
    try:
        survey.read(source)
    except survey.SurveyError as problem:
        pytest.skip(f"survey does not read it: {problem}")
    output = tmp_path / "weighted.sav"
    written(source, output)
    before, known = parsed(source)
    after, found = parsed(output)
    assert list(after.columns) == [*before.columns, NAME]
    pd.testing.assert_frame_equal(after.iloc[:, :-1], before)
    assert after[NAME].tolist() == weights(len(before)).tolist()
    assert {key: without(value) for key, value in found.items()} == known
    assert found["column_names_to_labels"][NAME] == "Weight: size"
    assert weighted_by(output.read_bytes()) == NAME.upper()[:8]


@pytest.mark.skipif(not SAV_FILES, reason="the real exports are not there")
@pytest.mark.parametrize(
    "name", ["mval_bug.sav", "spss_long.sav", "sample.zsav", "simple_alltypes.sav"]
)
def test_pspp_reads_the_same_from_the_exports(name: str, tmp_path: Path) -> None:
    source = next(path for path in SAV_FILES if path.name == name)
    before, output = tmp_path / "before" / "a.sav", tmp_path / "after" / "a.sav"
    before.parent.mkdir()
    shutil.copy(source, before)
    written(source, output)
    syntax = "DISPLAY DICTIONARY.\nMRSETS /DISPLAY NAME=ALL."
    known, found = pspp(before, syntax), pspp(output, syntax)
    assert [line for line in known.splitlines() if line not in found] == []
    more = [line for line in found.splitlines() if line not in known]
    assert {line.split(",")[0] for line in more} == {NAME}
    assert f"WEIGHT is {NAME}" in pspp(output, "SHOW WEIGHT.")
    cases = zip(
        pspp_csv(before, tmp_path / "a.csv"),
        pspp_csv(output, tmp_path / "b.csv"),
        strict=True,
    )
    assert all(after.rpartition(",")[0] == line for line, after in cases)


def test_the_shipped_wave_keeps_its_sets(tmp_path: Path) -> None:
    output = tmp_path / "weighted.sav"
    before = written(ROOT / "data" / "wave-2024.sav", output)
    after = survey.read(output)
    assert len(before.sets) == 3
    assert after.sets == before.sets
    assert after.missing == before.missing
    assert {k: v for k, v in after.labels.items() if k != NAME} == before.labels
    assert after.labels[NAME].measure == "scale"


def test_a_label_is_cut_between_characters(tmp_path: Path) -> None:
    output = tmp_path / "weighted.sav"
    written(ROOT / "data" / "wave-2024.sav", output, label="x" + "ä" * 200)
    label = survey.read(output).labels[NAME].wording
    assert label == "x" + "ä" * 125


def test_a_second_weight_takes_the_place_of_the_first(tmp_path: Path) -> None:
    first, second = tmp_path / "first.sav", tmp_path / "second.sav"
    written(ROOT / "data" / "wave-2024.sav", first)
    raw = survey.read(first)
    weight = np.full(len(raw.frame), 2.0)
    said = write_weighted(first, raw, weight, second, name="wt_genai_2", label="")
    assert said == ("The file was weighted by WT_GENAI; now it is by wt_genai_2.",)
    frame, _ = parsed(second)
    assert frame.columns[-2:].tolist() == [NAME, "wt_genai_2"]
    assert weighted_by(second.read_bytes()) == "WEIGHT1"


@pytest.mark.parametrize("cut", [4, 200, 3000])
def test_a_damaged_sav_file_is_one_message(cut: int) -> None:
    data = (ROOT / "data" / "wave-2024.sav").read_bytes()[:cut]
    with pytest.raises(OutputError, match=r"no variable can be added .* \.parquet"):
        add_weight(data, np.ones(354), name="w", label="", encoding="utf-8")


def test_another_number_of_cases_is_refused() -> None:
    data = (ROOT / "data" / "wave-2024.sav").read_bytes()
    with pytest.raises(OutputError, match="for each of 353 cases"):
        add_weight(data, np.ones(353), name="w", label="", encoding="utf-8")


def test_a_text_stays_as_typed(tmp_path: Path) -> None:
    source, output = tmp_path / "firms.csv", tmp_path / "weighted.csv"
    text = (
        '\r\nid;why;"cost"\r\n007;"a ""b"";\r\nc";  1,50\r\n\r\n;;\r\n8;=1+1\r\n9;ä;-2'
    )
    source.write_bytes(text.encode())
    written(source, output)
    assert output.read_bytes().decode() == (
        "\r\n"
        'id;why;"cost";wt_genai\r\n'
        '007;"a ""b"";\r\nc";  1,50;0\r\n'
        "\r\n"
        ";;\r\n"
        f"8;=1+1;;{1 / 7!r}\r\n"
        f"9;ä;-2;{2 / 7!r}"
    )
    assert source.read_bytes().decode() == text


@pytest.mark.skipif(not SAV_FILES, reason="the real exports are not there")
@pytest.mark.parametrize("name", TEXTS)
def test_texts_of_the_exports_read_back_with_a_weight(
    name: str, tmp_path: Path
) -> None:
    place = EXPORTS / name
    source = place if place.is_file() else min(place.rglob("*.[ct]sv"))
    output = tmp_path / "weighted.csv"
    before = written(source, output)
    after = survey.read(output)
    pd.testing.assert_frame_equal(after.frame.iloc[:, :-1], before.frame)
    last = after.frame.iloc[:, -1].astype(float)
    assert last.tolist() == weights(len(last)).tolist()
    assert after.source.layout == before.source.layout
    # Line ends stay, and so does the mark that opens the file in a spreadsheet.
    data, kept = source.read_bytes(), output.read_bytes()
    if before.source.encoding.startswith("utf-8"):
        assert kept.startswith(b"\xef\xbb\xbf") == data.startswith(b"\xef\xbb\xbf")
        assert kept.count(b"\r") == data.count(b"\r")
        assert kept.count(b"\n") == data.count(b"\n")


def test_another_encoding_is_said(tmp_path: Path) -> None:
    source, output = tmp_path / "firms.csv", tmp_path / "weighted.csv"
    source.write_bytes("id,land\n1,Österreich\n2,Köln\n".encode("cp1252"))
    raw = survey.read(source)
    said = write_weighted(source, raw, np.ones(2), output, name="w", label="")
    assert said == ("Read as cp1252, written as UTF-8.",)
    assert output.read_text(encoding="utf-8").startswith("id,land,w\n1,Österreich,1\n")


@pytest.mark.parametrize("name", ["weight", "Gewicht", "wt"])
def test_a_weight_stands_beside_the_names_of_surveymonkey(
    name: str, tmp_path: Path
) -> None:
    source, output = ROOT / "data" / "wave-2023.csv", tmp_path / "weighted.csv"
    raw = survey.read(source)
    write_weighted(source, raw, np.ones(347), output, name=name, label="")
    after = survey.read(output)
    assert after.source.layout == "surveymonkey"
    assert tuple(after.frame.columns[:-1]) == tuple(raw.frame.columns)
    assert after.labels[after.frame.columns[-1]].wording == name


def test_rows_that_do_not_read_back_are_refused(tmp_path: Path) -> None:
    source, output = tmp_path / "firms.csv", tmp_path / "weighted.csv"
    # The last quote is never closed, and would swallow the weight.
    source.write_text('id,why\n1,a\n2,"b', encoding="utf-8")
    raw = survey.read(source)
    with pytest.raises(OutputError, match=r"firms\.csv: with a weight .* \.parquet"):
        write_weighted(source, raw, np.ones(2), output, name="w", label="")
    assert list(tmp_path.iterdir()) == [source]


def test_a_workbook_becomes_text(tmp_path: Path) -> None:
    source, output = tmp_path / "firms.xlsx", tmp_path / "weighted.csv"
    book = Workbook()
    for row in (["id", "why"], [1, 'a "b",\rc'], [], [2, None]):
        book.active.append(row)
    book.save(source)
    written(source, output)
    assert output.read_bytes().decode() == (
        f'id,why,wt_genai\n1,"a ""b"",\nc",0\n,,\n2,,{1 / 7!r}\n'
    )


def test_codes_of_an_spss_file_become_text(tmp_path: Path) -> None:
    output = tmp_path / "weighted.csv"
    before = written(ROOT / "data" / "wave-2024.sav", output)
    after = pd.read_csv(output)
    assert after["size"].tolist() == before.frame["size"].tolist()
    assert set(after["size"]) == {1, 2, 3, 4, 9}
    assert after["started"].tolist() == before.frame["started"].tolist()
    assert after[NAME].tolist() == weights(354).tolist()
    assert output.read_text(encoding="utf-8").splitlines()[1].endswith(",0")


@pytest.mark.parametrize("file", ["wave-2023.csv", "wave-2024.sav"])
def test_parquet_holds_the_records(file: str, tmp_path: Path) -> None:
    output = tmp_path / "weighted.parquet"
    before = written(ROOT / "data" / file, output)
    after = pd.read_parquet(output)
    assert list(after.columns) == [*before.frame.columns, NAME]
    assert after[NAME].tolist() == weights(len(after)).tolist()
    column = "q5" if file == "wave-2023.csv" else "stage"
    pd.testing.assert_series_equal(after[column], before.frame[column])


def test_texts_become_spss_variables(tmp_path: Path) -> None:
    source, output = tmp_path / "firms.csv", tmp_path / "weighted.sav"
    source.write_text(
        "id,Wie groß?,AND,staff,cost,long,blank,b-c,B C\n"
        "007,klein,1,12,-2.50,123456789012345678,,x,y\n"
        "008,groß,,,10.125,1,,,\n",
        encoding="utf-8",
    )
    written(source, output)
    frame, known = parsed(output)
    names = ["id", "Wie_gro", "AND_", "staff", "cost", "long", "blank", "b_c", "B_C_2"]
    assert list(frame.columns) == [*names, NAME]
    assert frame["id"].tolist() == ["007", "008"]
    assert frame["Wie_gro"].tolist() == ["klein", "groß"]
    assert frame["long"].tolist() == ["123456789012345678", "1"]
    assert frame["cost"].tolist() == [-2.5, 10.125]
    assert frame["staff"].isna().tolist() == [False, True]
    assert frame["blank"].tolist() == ["", ""]
    labels = known["column_names_to_labels"]
    assert (labels["Wie_gro"], labels[NAME]) == ("Wie groß?", "Weight: size")
    assert known["original_variable_types"]["cost"] == "F8.3"
    assert weighted_by(output.read_bytes()) == "WT_GENAI"


def test_wording_and_options_become_labels(tmp_path: Path) -> None:
    output = tmp_path / "weighted.sav"
    written(ROOT / "data" / "wave-2023.csv", output)
    after = survey.read(output)
    assert after.labels["q1"].wording.startswith("How many people does your")
    wordings = [label.wording for label in after.labels.values()]
    assert any(text.startswith("Anthropic Claude - Which fam") for text in wordings)


def test_the_same_input_gives_the_same_bytes(tmp_path: Path) -> None:
    outputs = [tmp_path / f"{k}.sav" for k in range(2)]
    for output in outputs:
        written(ROOT / "data" / "wave-2023.csv", output)
    first, second = (output.read_bytes() for output in outputs)
    assert first == second
    assert first[92:109] == b"01 Jan 7000:00:00"


@pytest.mark.parametrize(
    "name", ["1st", "_w", "w t", "=w", "größe", "all", "w.", "", "w" * 65, "w\n"]
)
def test_a_name_that_spss_does_not_take_is_refused(name: str) -> None:
    with pytest.raises(OutputError, match="is no name for a weight"):
        check_name(name, ["id"])


def test_a_name_that_is_taken_is_refused() -> None:
    with pytest.raises(OutputError, match=r"has a column 'WEIGHT' already.*--name"):
        check_name("weight", ["id", "WEIGHT"])
    check_name("w" * 64, ["id", "weight"])


def test_an_output_is_checked_before_anything_is_read(tmp_path: Path) -> None:
    source, there = tmp_path / "firms.csv", tmp_path / "there.csv"
    for path in (source, there):
        path.write_text("id\n1\n", encoding="utf-8")
    link = tmp_path / "link.csv"
    link.hardlink_to(source)
    cases = {
        tmp_path / "weighted.xlsx": "end in '.csv'",
        tmp_path / "weighted": "end in '.csv'",
        source: "is never written",
        link: "is never written",
        there: "use --force",
    }
    for path, message in cases.items():
        with pytest.raises(OutputError, match=message):
            check_output(path, [source], replace=False)
    with pytest.raises(OutputError, match="is never written"):
        check_output(source, [source], replace=True)
    folder = tmp_path / "folder.sav"
    folder.mkdir()
    with pytest.raises(OutputError, match="this is a folder"):
        check_output(folder, [source], replace=True)
    assert check_output(there, [source], replace=True) == there


def test_a_place_that_cannot_be_written_is_one_message(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(OutputError, match=r"cannot be written \(.*another place"):
        written(ROOT / "data" / "wave-2023.csv", tmp_path / "file" / "weighted.csv")


def test_a_comma_file_is_no_tsv(tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"separated by ',', which stays.*\.csv"):
        written(ROOT / "data" / "wave-2023.csv", tmp_path / "weighted.tsv")
    assert list(tmp_path.iterdir()) == []


def test_decimal_commas_stay_decimal_commas(tmp_path: Path) -> None:
    export = tmp_path / "wave.csv"
    export.write_text("id;size;score\n1;a;0,85\n2;b;1,5\n3;a;2,25\n", encoding="utf-8")
    targets = tmp_path / "targets.yaml"
    targets.write_text(
        "{population: x, source: y, as_of: 2024, unit: z,"
        " margins: {size: {a: 0.5, b: 0.5}}}",
        encoding="utf-8",
    )
    made = weight_file(export, targets, tmp_path / "out.csv")
    assert made.path.read_text(encoding="utf-8").splitlines() == [
        *["id;size;score;weight", "1;a;0,85;0,75", "2;b;1,5;1,5", "3;a;2,25;0,75"]
    ]

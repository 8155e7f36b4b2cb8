"""Any export in, a table with its labels out."""

from pathlib import Path

import pandas as pd
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook

from survey.cli import main
from survey.errors import OutputError
from survey.importers.read import read
from survey.weighted_files.convert import SUFFIXES, convert

TEXT = """id,email,size,why
1,a@example.org,1,=1+1
2,b@example.org,2,"a,b"
3,c@example.org,1,
"""


@pytest.fixture
def export(tmp_path: Path) -> Path:
    path = tmp_path / "wave.csv"
    path.write_text(TEXT, encoding="utf-8")
    return path


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_every_format_keeps_the_answers(
    suffix: str, export: Path, tmp_path: Path
) -> None:
    out = tmp_path / f"out{suffix}"
    done = convert(export, out)
    assert done.left_out == ("email",)
    if suffix == ".parquet":
        frame = pd.read_parquet(out)
    elif suffix == ".xlsx":
        rows = CalamineWorkbook.from_path(out).get_sheet_by_name("data").to_python()
        frame = pd.DataFrame(rows[1:], columns=rows[0])
    else:
        frame = read(out).frame
    assert list(frame.columns) == ["id", "size", "why"]
    assert [int(float(v)) for v in frame["size"]] == [1, 2, 1]
    texts = frame["why"].astype(object).where(frame["why"].notna(), "")
    assert texts.tolist() == ["=1+1", "a,b", ""]


def test_personal_columns_are_written_on_request_only(
    export: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out.csv"
    assert "example.org" not in convert(export, out).path.read_text(encoding="utf-8")
    done = convert(export, out, personal=True, replace_output=True)
    assert "a@example.org" in done.path.read_text(encoding="utf-8")


def test_a_sav_keeps_labels_missing_codes_sets_and_values(
    root: Path, tmp_path: Path
) -> None:
    source = root / "data" / "wave-2024.sav"
    convert(source, tmp_path / "again.sav", personal=True)
    before, after = read(source), read(tmp_path / "again.sav")
    pd.testing.assert_frame_equal(after.frame, before.frame)
    assert {n: dict(x.values) for n, x in after.labels.items()} == {
        n: dict(x.values) for n, x in before.labels.items()
    }
    assert dict(after.missing) == dict(before.missing)
    assert after.sets == before.sets


def test_labels_stand_in_a_second_sheet_or_in_the_cells(
    root: Path, tmp_path: Path
) -> None:
    source = root / "data" / "wave-2024.sav"
    convert(source, tmp_path / "out.xlsx")
    book = CalamineWorkbook.from_path(tmp_path / "out.xlsx")
    labels = book.get_sheet_by_name("labels").to_python()
    assert ["size", "", "", "", "1", "Under 10 employees", ""] in labels
    convert(source, tmp_path / "out.csv", labels=True)
    cells = pd.read_csv(tmp_path / "out.csv", dtype=str)
    assert "Under 10 employees" in set(cells["size"])


def test_the_same_input_gives_the_same_bytes(root: Path, tmp_path: Path) -> None:
    source = root / "data" / "wave-2024.sav"
    for suffix in SUFFIXES:
        one = convert(source, tmp_path / f"one{suffix}").path.read_bytes()
        two = convert(source, tmp_path / f"two{suffix}").path.read_bytes()
        assert one == two, suffix


def test_what_cannot_be_written_is_one_message(export: Path, tmp_path: Path) -> None:
    with pytest.raises(OutputError, match=r"end in .*'\.xlsx'"):
        convert(export, tmp_path / "out.docx")
    with pytest.raises(OutputError, match="is read and is never written"):
        convert(export, export, replace_output=True)
    with pytest.raises(OutputError, match="Leave --labels out"):
        convert(export, tmp_path / "out.sav", labels=True)


def test_the_command_says_what_it_left_out(export: Path, tmp_path: Path) -> None:
    out = tmp_path / "out.sav"
    done = CliRunner().invoke(main, ["convert", str(export), "-o", str(out)])
    assert done.exit_code == 0, done.output
    assert "identify people: email" in done.output
    assert "3 records, 3 columns" in done.output
    again = CliRunner().invoke(main, ["convert", str(export), "-o", str(out)])
    assert again.exit_code == 1
    assert "--force" in again.output


def test_addresses_inside_answers_are_hidden_and_counted(tmp_path: Path) -> None:
    told = (
        "id,size,why\n1,1,write to secret@example.org\n2,2,call 0151 23456789\n"
        "3,1,I sit at 198.51.100.7 or 2001:db8::7\n4,1,meet at 52.52001 13.40495\n"
        "5,2,since 2024-01-15 10:20:30\n6,2,costs\n"
    )
    source = tmp_path / "wave.csv"
    source.write_text(told, encoding="utf-8")
    done = convert(source, tmp_path / "out.csv")
    assert read(done.path).frame["why"].tolist() == [
        "write to (address)",
        "call (telephone)",
        "I sit at (address) or (address)",
        "meet at (place)",
        "since 2024-01-15 10:20:30",
        "costs",
    ]
    assert done.hidden == 4
    assert any(note.startswith("4 cells with an address") for note in done.notes)
    kept = convert(source, tmp_path / "kept.csv", personal=True)
    assert kept.path.read_text(encoding="utf-8") == told
    assert kept.hidden == 0


def test_labels_of_values_name_nobody(tmp_path: Path) -> None:
    frame = pd.DataFrame({"size": ["1", "2"], "who": ["a@example.org"] * 2})
    source = tmp_path / "wave.parquet"
    frame.assign(who=frame["who"].astype("category")).to_parquet(source)
    out = convert(source, tmp_path / "out.xlsx").path
    book = CalamineWorkbook.from_path(out)
    sheets = [book.get_sheet_by_name(name).to_python() for name in book.sheet_names]
    assert "example.org" not in str(sheets)

import datetime as dt
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import BinaryIO

import openpyxl
import pytest

from survey.errors import DataFileError
from survey.importers import workbook
from survey.importers.read import read


def saved(tmp_path: Path, *sheets: tuple[str, list[list[object]]]) -> Path:
    book = openpyxl.Workbook()
    book.remove(book.active)
    for title, rows in sheets:
        sheet = book.create_sheet(title)
        for row in rows:
            sheet.append(row)
    book.save(tmp_path / "wave.xlsx")
    return tmp_path / "wave.xlsx"


def test_cells_become_texts(tmp_path: Path) -> None:
    rows = [["size", "share", "day"], [3, 0.5, dt.datetime(2025, 1, 31)], [None, 1, ""]]  # noqa: DTZ001 - Excel knows no time zones
    frame = read(saved(tmp_path, ("Data", rows))).frame

    assert frame.iloc[0].tolist() == ["3", "0.5", "2025-01-31"]
    assert frame.iloc[1].isna().tolist() == [True, False, True]


def test_the_first_sheet_with_a_table_is_read_and_others_are_named(
    tmp_path: Path,
) -> None:
    file = saved(tmp_path, ("Cover", []), ("Data", [["a"], [1]]), ("Notes", [["x"]]))
    source = read(file).source

    assert source.reasons[:2] == ("sheet 'Data'", "sheets not read: 'Cover', 'Notes'")


def test_a_workbook_without_a_table_is_refused(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="no sheet of the workbook holds a table"):
        read(saved(tmp_path, ("Cover", [])))


def test_a_cell_far_away_does_not_end_the_run(tmp_path: Path) -> None:
    # All 17 thousand million cells before it would not fit into memory.
    book = openpyxl.Workbook()
    sheet = book.active
    sheet["A1"], sheet["A2"], sheet["XFD1048576"] = "use", "Yes", "lost"
    book.save(tmp_path / "wave.xlsx")

    with pytest.raises(DataFileError, match=r"wave\.xlsx: the workbook cannot be read"):
        read(tmp_path / "wave.xlsx")


def test_a_parser_that_panics_becomes_a_message(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    class PanicException(BaseException):
        """What a library in Rust raises, which is no Exception."""

    def panic(path: str, result: BinaryIO) -> None:
        raise PanicException(f"{path}: {result}")

    monkeypatch.setattr(workbook, "parse_answers", panic)
    with pytest.raises(DataFileError, match="the workbook cannot be read"):
        read(saved(tmp_path, ("Data", [["use"], ["Yes"]])))


def opendocument(path: Path, rows: list[list[tuple[str, str]]]) -> Path:
    """Write a workbook as LibreOffice does: type and text of every cell."""
    kinds = {
        "date": 'office:value-type="date" office:date-value',
        "float": 'office:value-type="float" office:value',
    }
    cells = "".join(
        "<table:table-row>"
        + "".join(
            f'<table:table-cell {kinds[kind]}="{text}"/>'
            if kind in kinds
            else '<table:table-cell office:value-type="string">'
            f"<text:p>{text}</text:p></table:table-cell>"
            for kind, text in row
        )
        + "</table:table-row>"
        for row in rows
    )
    content = (
        '<?xml version="1.0" encoding="UTF-8"?><office:document-content'
        ' xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0"'
        ' xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0"'
        ' xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"'
        ' office:version="1.3"><office:body><office:spreadsheet>'
        f'<table:table table:name="Data">{cells}</table:table>'
        "</office:spreadsheet></office:body></office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        '<?xml version="1.0"?><manifest:manifest xmlns:manifest='
        '"urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/>'
        "</manifest:manifest>"
    )
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr("META-INF/manifest.xml", manifest)
    return path


def test_workbooks_of_libreoffice_are_read(tmp_path: Path) -> None:
    head = [("string", text) for text in ("use", "day", "share")]
    row = [("string", "Yes"), ("date", "2024-05-01"), ("float", "0.5")]
    raw = read(opendocument(tmp_path / "wave.ods", [head, row, row]))

    assert raw.frame.iloc[0].tolist() == ["Yes", "2024-05-01", "0.5"]
    assert raw.source.reasons[0] == "sheet 'Data'"


@pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not here")
def test_old_workbooks_of_excel_are_read(tmp_path: Path) -> None:
    (tmp_path / "wave.csv").write_text("use,day,n\nYes,2024-05-01,3\nNo,,0.5\n")
    asked = ["--headless", "--convert-to", "xls", "--outdir", str(tmp_path)]
    profile = f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}"
    command = ["soffice", profile, *asked, str(tmp_path / "wave.csv")]
    subprocess.run(command, check=True, capture_output=True, timeout=120)
    raw = read(tmp_path / "wave.xls")

    assert raw.frame.iloc[0].tolist() == ["Yes", "2024-05-01", "3"]
    assert raw.frame["day"].isna().tolist() == [False, True]


def test_a_page_that_is_called_a_workbook_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wave.xls"
    path.write_text("<html><table><tr><td>use</td></tr></table></html>")

    with pytest.raises(DataFileError, match=r"says old Excel workbook.* a web page"):
        read(path)
    path.write_bytes(b"\xd0\xcf\x11\xe0" + bytes(2000))
    with pytest.raises(DataFileError, match="the workbook cannot be read"):
        read(path)

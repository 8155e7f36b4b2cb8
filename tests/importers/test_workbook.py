import datetime as dt
from pathlib import Path

import openpyxl
import pytest

from survey.errors import DataFileError
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

import struct
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey.errors import DataFileError
from survey.importers.raw import MissingRange
from survey.importers.read import read


@pytest.fixture
def export(tmp_path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "size": [1.0, 2.0, 9.0, np.nan] * 25,
            "why": ["Größe ", "", "Preis", "=1+1"] * 25,
            "age": [17.5, 98.0, 40.0, 41.0] * 25,
        }
    )
    file = tmp_path / "wave.sav"
    pyreadstat.write_sav(
        frame,
        str(file),
        column_labels=["Size of firm", "Why?", "Age"],
        variable_value_labels={"size": {1: "small", 2: "large", 9: "refused"}},
        missing_ranges={"size": [9], "age": [{"lo": 97, "hi": 99}]},
        variable_measure={"size": "ordinal"},
    )
    return file


def test_numbers_stay_numbers_and_texts_are_stripped(export: Path) -> None:
    frame = read(export).frame

    assert frame["size"].dtype == np.float64
    assert frame["size"].iloc[:3].tolist() == [1.0, 2.0, 9.0]
    assert frame["why"].iloc[0] == "Größe"
    assert frame["why"].isna().sum() == 25


def test_labels_codes_and_measure_come_through(export: Path) -> None:
    label = read(export).labels["size"]

    assert label.wording == "Size of firm"
    assert dict(label.values) == {"1": "small", "2": "large", "9": "refused"}
    assert label.measure == "ordinal"


def test_a_byte_without_a_letter_does_not_lose_the_file(tmp_path: Path) -> None:
    file = tmp_path / "wave.sav"
    pyreadstat.write_sav(pd.DataFrame({"why": ["Price?"] * 3}), str(file))
    # 0x81 is neither UTF-8 here nor a letter of cp1252.
    file.write_bytes(file.read_bytes().replace(b"Price?", b"Price\x81"))

    assert read(file).frame["why"].tolist() == ["Price\x81"] * 3


def test_user_missing_values_and_ranges_come_through(export: Path) -> None:
    missing = read(export).missing

    assert missing["size"] == (MissingRange(9.0, 9.0),)
    assert missing["age"] == (MissingRange(97.0, 99.0),)


def test_dates_are_iso_texts(tmp_path: Path) -> None:
    moments = pd.to_datetime(["2024-02-29 13:05:00", None])
    frame = pd.DataFrame({"day": moments.date, "moment": moments})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))
    found = read(tmp_path / "a.sav").frame

    assert found["day"].iloc[0] == "2024-02-29"
    assert found["moment"].iloc[0] == "2024-02-29 13:05:00"
    assert found.isna().sum().tolist() == [1, 1]


@pytest.mark.parametrize("share", range(1, 40))
def test_a_truncated_file_is_refused(export: Path, tmp_path: Path, share: int) -> None:
    data = export.read_bytes()
    cut = tmp_path / "cut.sav"
    cut.write_bytes(data[: len(data) * share // 40])

    with pytest.raises(DataFileError, match=r"cut\.sav: .*(cut off|damaged)"):
        read(cut)


def test_a_file_without_records_is_refused(tmp_path: Path) -> None:
    frame = pd.DataFrame({"size": pd.Series([], dtype=float)})
    pyreadstat.write_sav(frame, str(tmp_path / "a.sav"))

    with pytest.raises(DataFileError, match="1 variables and 0 records"):
        read(tmp_path / "a.sav")


def test_a_signalling_nan_is_no_answer_and_no_warning(tmp_path: Path) -> None:
    file = tmp_path / "wave.sav"
    days = pd.Series(pd.to_datetime(["2024-01-02", "2024-01-03"])).dt.date
    frame = pd.DataFrame({"day": days, "size": [1.5, 2.5]})
    pyreadstat.write_sav(frame, str(file))
    data = file.read_bytes()
    signalling = struct.pack("<Q", 0x7FF0_0000_0000_0001)
    file.write_bytes(data[:-32] + signalling * 2 + data[-16:])

    found = read(file).frame
    assert found["day"].isna().tolist() == [True, False]
    assert found["size"].isna().tolist() == [True, False]
    assert found["size"].iloc[1] == 2.5

from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from survey.errors import DataFileError
from survey.importers.binary.stata import _moments, _without_leaps
from survey.importers.raw import MissingRange, is_user_missing
from survey.importers.read import read

EXPORTS = Path(__file__).parents[2].parent / "shared" / "exports"
STATA = EXPORTS / "spss_haven" / "tests" / "testthat" / "stata"
FOREIGN = EXPORTS / "spss_foreign" / "tests"
needs_exports = pytest.mark.skipif(
    not EXPORTS.exists(), reason="../shared/exports is not here"
)


def days(text: str, start: str = "1960-01-01") -> float:
    return float((np.datetime64(text, "D") - np.datetime64(start, "D")).astype(int))


@pytest.fixture
def export(tmp_path: Path) -> Path:
    frame = pd.DataFrame(
        {
            "size": [1.0, 2.0, np.nan],
            "why": ["Größe ", "", "Preis"],
            "day": [days("2024-02-29"), np.nan, days("1955-01-01")],
        }
    )
    file = tmp_path / "wave.dta"
    pyreadstat.write_dta(
        frame,
        str(file),
        version=14,
        column_labels=["Size of firm", "Why?", "Day"],
        variable_value_labels={"size": {1: "small", 2: "large"}},
        variable_format={"day": "%td"},
    )
    return file


def test_values_labels_and_dates_come_through(export: Path) -> None:
    raw = read(export)

    assert raw.source.layout == "stata"
    assert raw.frame["size"].dtype == np.float64
    assert raw.frame["why"].iloc[0] == "Größe"
    assert raw.frame["why"].isna().tolist() == [False, True, False]
    assert raw.frame["day"].fillna("").tolist() == ["2024-02-29", "", "1955-01-01"]
    assert raw.labels["size"].wording == "Size of firm"
    assert dict(raw.labels["size"].values) == {"1": "small", "2": "large"}


@pytest.mark.parametrize("version", [8, 10, 12, 13, 14, 15])
def test_every_version_that_is_written_reads_the_same(
    tmp_path: Path, version: int
) -> None:
    frame = pd.DataFrame({"size": [1.0, 2.5, np.nan], "why": ["a", "b", ""]})
    pyreadstat.write_dta(frame, str(tmp_path / "a.dta"), version=version)
    found = read(tmp_path / "a.dta").frame

    assert found["size"].equals(frame["size"])
    assert found["why"].fillna("").tolist() == ["a", "b", ""]


def test_extended_missing_values_are_codes_declared_missing(tmp_path: Path) -> None:
    frame = pd.DataFrame({"age": [17.0, "a", None, "z", 40.5]})
    pyreadstat.write_dta(
        frame,
        str(tmp_path / "a.dta"),
        missing_user_values={"age": ["a", "z"]},
        variable_value_labels={"age": {"a": "refused"}},
    )
    raw = read(tmp_path / "a.dta")

    assert raw.frame["age"].fillna("").tolist() == ["17", ".a", "", ".z", "40.5"]
    assert raw.missing["age"] == (MissingRange(".a", ".a"), MissingRange(".z", ".z"))
    assert dict(raw.labels["age"].values) == {".a": "refused"}
    assert is_user_missing(".a", raw.missing["age"])
    assert not is_user_missing("17", raw.missing["age"])


# Stata counts weeks of seven days from each 1 January, and 52 of them in a year.
@pytest.mark.parametrize(
    ("spelling", "value", "expected"),
    [
        ("%td", 59.0, "1960-02-29"),
        ("%d", -1.0, "1959-12-31"),
        ("%-tdDD/NN/CCYY", 366.0, "1961-01-01"),
        ("%tc", 86_400_000.0 + 61_000.0, "1960-01-02 00:01:01"),
        ("%tw", 53.0, "1961-01-08"),
        ("%tm", 64 * 12 + 1.0, "2024-02-01"),
        ("%tq", -1.0, "1959-10-01"),
        ("%th", 1.0, "1960-07-01"),
        ("%td", 1e12, "1000000000000"),
        ("%tm", 1e12, "1000000000000"),
    ],
)
def test_dates_of_every_unit(spelling: str, value: float, expected: str) -> None:
    found = _moments(np.array([value, np.nan]), spelling)

    assert found.iloc[0] == expected
    assert found.isna().tolist() == [False, True]


@pytest.mark.parametrize("spelling", ["%ty", "%9.0g", "%tbnyse", "%-9s", ""])
def test_years_and_numbers_stay_numbers(spelling: str) -> None:
    assert _moments(np.array([2024.0]), spelling).tolist() == [2024.0]


def test_leap_seconds_are_taken_out() -> None:
    # The first leap second, 1972-06-30 23:59:60, and the seconds beside it.
    midnight = float(np.datetime64("1972-07-01T00:00:00", "s").astype(int))
    counted = np.array([midnight - 1, midnight, midnight + 1, midnight + 2, np.nan])
    expected = np.array([midnight - 1, midnight, midnight, midnight + 1])

    assert _without_leaps(counted)[:4].tolist() == expected.tolist()


@needs_exports
def test_moments_with_and_without_leap_seconds_are_the_same() -> None:
    frame = read(FOREIGN / "xxx12.dta").frame

    assert frame["x"].tolist() == frame["xc"].tolist()
    assert frame["xc"].tolist() == frame["xbigc"].tolist()
    assert frame["xdate"].tolist() == frame["x"].str[:10].tolist()


@needs_exports
@pytest.mark.parametrize("kind", ["double", "int"])
def test_tagged_values_of_haven(kind: str) -> None:
    raw = read(STATA / f"tagged-na-{kind}.dta")

    assert raw.frame["x"].tolist() == ["1", "2", "3", "4", "5", ".a", ".h", ".z"]
    assert [one.low for one in raw.missing["x"]] == [".a", ".h", ".z"]


@needs_exports
@pytest.mark.parametrize(
    ("name", "shape"),
    [
        ("pc5.dta", (659, 24)),
        ("sun6.dta", (659, 24)),
        ("stata7se.dta", (7, 2)),
        ("stata8mac.dta", (7, 2)),
        ("auto8.dta", (74, 13)),
        ("compressed.dta", (659, 24)),
    ],
)
def test_old_versions(name: str, shape: tuple[int, int]) -> None:
    assert read(FOREIGN / name).frame.shape == shape


@needs_exports
def test_a_file_without_records_is_refused() -> None:
    with pytest.raises(DataFileError, match="1 variables and 0 records"):
        read(FOREIGN / "OneVarTwoValLabels.dta")


@pytest.mark.parametrize("share", range(3, 20, 4))
def test_a_truncated_file_is_refused(export: Path, tmp_path: Path, share: int) -> None:
    data = export.read_bytes()
    cut = tmp_path / "cut.dta"
    cut.write_bytes(data[: len(data) * share // 20])

    with pytest.raises(DataFileError, match=r"cut\.dta: .*(cut off|damaged|content)"):
        read(cut)


def test_texts_of_old_versions_are_cp1252(tmp_path: Path) -> None:
    frame = pd.DataFrame({"why": ["Größe", "naïve"]})
    frame.to_stata(tmp_path / "a.dta", version=114, write_index=False)

    assert read(tmp_path / "a.dta").frame["why"].tolist() == ["Größe", "naïve"]

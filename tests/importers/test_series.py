import numpy as np
import pyarrow as pa
import pytest

from survey.importers.binary.series import moments, numerals, stripped, times

NOTHING = np.array([np.nan, np.nan])


def test_columns_without_any_value_stay_columns() -> None:
    assert moments(NOTHING, NOTHING, "date").isna().tolist() == [True, True]
    assert times(NOTHING).isna().tolist() == [True, True]
    assert stripped(pa.array(["", None])).isna().tolist() == [True, True]
    assert numerals(NOTHING).tolist() == [None, None]


@pytest.mark.parametrize(
    ("moment", "shape", "expected"),
    [
        ("0001-01-01T00:00:00", "date", "0001-01-01"),
        ("9999-12-31T23:59:59", "datetime", "9999-12-31 23:59:59"),
        ("1969-12-31T23:59:59", "datetime", "1969-12-31 23:59:59"),
    ],
)
def test_moments_of_four_digit_years(moment: str, shape: str, expected: str) -> None:
    seconds = np.array([np.datetime64(moment, "s").astype("int64")], dtype=float)

    assert moments(seconds, seconds, shape).tolist() == [expected]  # type: ignore[arg-type]


def test_other_moments_stay_numbers() -> None:
    values = np.array([-7.0, 2.5, np.nan])
    seconds = np.array([-1e12, 1e12, np.nan])

    assert moments(values, seconds, "date").fillna("").tolist() == ["-7", "2.5", ""]
    assert times(values).fillna("").tolist() == ["-7", "00:00:02.50", ""]


def test_fractions_of_a_second_are_dropped_downwards() -> None:
    seconds = np.array([-0.5, 0.9])

    found = moments(seconds, seconds, "datetime").tolist()
    assert found == ["1969-12-31 23:59:59", "1970-01-01 00:00:00"]

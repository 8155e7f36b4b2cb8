import pandas as pd
import pytest

from survey.importers.cells import serial_dates, without_na


def frame(**columns: list[str | None]) -> pd.DataFrame:
    return pd.DataFrame(columns, dtype=str)


# 44361 days after 1899-12-30 are 2021-06-14; 0.86819 of a day are 75,011.6 seconds,
# which is 20:50:12.
@pytest.mark.parametrize(
    ("cell", "date"),
    [
        ("44361.86819", "2021-06-14 20:50:12"),
        ("44361", "2021-06-14"),
        ("44361,5", "2021-06-14 12:00:00"),
        ("44361.999999", "2021-06-15"),
    ],
)
def test_serial_dates_of_the_platform_become_dates(cell: str, date: str) -> None:
    found, changed = serial_dates(frame(**{"Start Date": [cell, None]}))

    assert found["Start Date"].iloc[0] == date
    assert found["Start Date"].isna().tolist() == [False, True]
    assert changed == ("Start Date",)


@pytest.mark.parametrize(
    ("name", "values"),
    [
        ("Staff", ["44361", "45000"]),
        ("Start Date", ["44361", "2021-06-14"]),
        ("Start Date", ["20210614", "20210615"]),
        ("Start Date", ["12000", "13000"]),
    ],
)
def test_other_numbers_stay_numbers(name: str, values: list[str | None]) -> None:
    given = frame(**{name: values})
    found, changed = serial_dates(given)

    assert found is given
    assert changed == ()


def test_na_in_a_file_without_blank_cells_is_no_answer() -> None:
    given = frame(a=["1", "NA"], b=["NA", "Yes"], c=["No", "NA"], d=["x", "y"])
    found, count = without_na(given)

    assert count == 3
    assert found.isna().sum().tolist() == [1, 1, 1, 0]
    assert given["a"].tolist() == ["1", "NA"]


@pytest.mark.parametrize(
    "columns",
    [
        {"region": ["NA", "EU"], "size": ["1", "2"]},
        {"a": ["NA", None], "b": ["NA", None], "c": ["NA", "1"]},
        {
            **{name: ["NA", "EU"] for name in "abc"},
            **{name: ["x", "y"] for name in "defghij"},
        },
    ],
)
def test_na_stays_where_it_may_be_an_answer(columns: dict[str, list[str]]) -> None:
    given = frame(**columns)
    found, count = without_na(given)

    assert count == 0
    assert found is given

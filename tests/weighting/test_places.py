import numpy as np
import pandas as pd
import pytest

from survey.weighting.places import places_of

CODES = [3, 1, 3, 2]


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "uint8",
        "int64",
        "uint64",
        "float32",
        "float64",
        "Int64",
        "Float64",
        "category",
        "object",
        "str",
        "string",
    ],
)
def test_values_are_found_at_their_places(dtype: str) -> None:
    column = pd.Series(CODES).astype(dtype)
    place, values = places_of(column)
    assert [float(values[k]) for k in place] == CODES


@pytest.mark.parametrize("dtype", ["string[pyarrow]", "int64[pyarrow]"])
def test_columns_of_arrow(dtype: str) -> None:
    pytest.importorskip("pyarrow")
    place, values = places_of(pd.Series(CODES).astype(dtype))
    assert [int(values[k]) for k in place] == CODES


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_truth_values(dtype: str) -> None:
    place, values = places_of(pd.Series([True, False, True], dtype=dtype))
    assert [bool(values[k]) for k in place] == [True, False, True]


@pytest.mark.parametrize(
    "codes",
    [
        [-5, 7, -5],
        [2019, 2024, 2021],
        [10**12, 10**12 + 1, 10**12],
        [0, 10**9, 5],
        [2**53 + 1, 2**53 + 3],
        [0.5, 2.0, 0.5],
        [1.0, float("inf")],
    ],
)
def test_far_and_broken_numbers(codes: list[float]) -> None:
    place, values = places_of(pd.Series(codes))
    assert [values[k] for k in place] == codes
    assert len(values) <= 1000


def test_numbers_beyond_the_range_of_places() -> None:
    codes = [2**64 - 1, 2**64 - 2]
    place, values = places_of(pd.Series(codes, dtype="uint64"))
    assert [int(values[k]) for k in place] == codes


@pytest.mark.parametrize("dtype", ["float64", "Int64", "category", "object", "str"])
def test_blanks_are_below_0(dtype: str) -> None:
    column = pd.Series([1, np.nan, 2]).astype("Int64").astype(dtype)
    place, _ = places_of(column)
    assert (place < 0).tolist() == [False, True, False]


def test_unused_categories_are_nobodys() -> None:
    column = pd.Series(["b", "a", "b"], dtype=pd.CategoricalDtype(["c", "b", "a"]))
    place, values = places_of(column)
    assert place.tolist() == [1, 2, 1]
    assert values.tolist() == ["c", "b", "a"]

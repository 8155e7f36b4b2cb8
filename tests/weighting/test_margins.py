import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError
from survey.weighting.margins import code_text, place_margin
from survey.weighting.nonresponse import adjust_nonresponse
from survey.weighting.rake import rake

CODES = [1, 2, 1, 3, 2, 1]
SHARES = {1: 0.2, 2: 0.5, 3: 0.3}


@pytest.mark.parametrize(
    "dtype",
    [
        "int8",
        "uint16",
        "int64",
        "float64",
        "Int64",
        "Float64",
        "category",
        "str",
        "object",
        "string[pyarrow]",
        "int64[pyarrow]",
    ],
)
def test_codes_of_every_type_are_placed_alike(dtype: str) -> None:
    if "pyarrow" in dtype:
        pytest.importorskip("pyarrow")
    frame = pd.DataFrame({"size": pd.Series(CODES).astype(dtype)})
    margin = place_margin(frame, "size", SHARES)
    assert margin.codes == ("1", "2", "3")
    assert margin.position.tolist() == [0, 1, 0, 2, 1, 0]
    assert margin.position.dtype == np.intp


def test_one_and_its_text_are_one_category() -> None:
    frame = pd.DataFrame({"size": pd.Series([1, "1", 2.0, "2"], dtype=object)})
    margin = place_margin(frame, "size", {"1": 0.5, 2: 0.5})
    assert margin.position.tolist() == [0, 0, 1, 1]


@pytest.mark.parametrize("dtype", ["bool", "boolean", "object"])
def test_truth_values_are_placed_by_name(dtype: str) -> None:
    frame = pd.DataFrame({"uses": pd.Series([True, False, True], dtype=dtype)})
    assert place_margin(frame, "uses", {True: 1, False: 2}).position.tolist() == [
        0,
        1,
        0,
    ]


def test_categories_that_nobody_has_need_no_target() -> None:
    kind = pd.CategoricalDtype(["xl", "l", "s"])
    frame = pd.DataFrame({"size": pd.Series(["s", "l", "s"], dtype=kind)})
    assert place_margin(frame, "size", {"s": 3, "l": 4}).position.tolist() == [0, 1, 0]
    with pytest.raises(MarginError, match="never answered: 'xl'"):
        place_margin(frame, "size", {"s": 3, "l": 4, "xl": 1})


@pytest.mark.parametrize("dtype", ["int64", "str", "category"])
def test_crossed_margins_of_every_type(dtype: str) -> None:
    frame = pd.DataFrame({"a": [1, 1, 2, 2], "b": [5, 6, 6, 5]}).astype(dtype)
    targets = {(2, 6): 1, (1, 5): 2, (1, 6): 3, (2, 5): 4}
    margin = place_margin(frame, ("a", "b"), targets)
    assert margin.codes == ("2 x 6", "1 x 5", "1 x 6", "2 x 5")
    assert margin.position.tolist() == [1, 2, 0, 3]
    with pytest.raises(MarginError, match=r"without a target: '2 x 6' \(1 respond"):
        place_margin(frame, ("a", "b"), {(1, 5): 2, (1, 6): 3, (2, 5): 4})


def test_a_code_that_does_not_count_needs_no_target() -> None:
    frame = pd.DataFrame({"size": ["s", "l", "test"]})
    used = np.array([True, True, False])
    margin = place_margin(frame, "size", {"s": 1, "l": 2}, used)
    assert margin.position[:2].tolist() == [0, 1]
    with pytest.raises(MarginError, match=r"without a target: 'test' \(1 respondents"):
        place_margin(frame, "size", {"s": 1, "l": 2})
    with pytest.raises(MarginError, match="never answered: 'test'"):
        place_margin(frame, "size", {"s": 1, "l": 2, "test": 1}, used)


@pytest.mark.parametrize("dtype", ["float64", "Int64", "category", "object", "str"])
def test_blanks_of_every_type_are_counted(dtype: str) -> None:
    column = pd.Series([1, None, 2], index=["a", "b", "c"], dtype="Int64").astype(dtype)
    frame = pd.DataFrame({"size": column})
    with pytest.raises(MarginError, match=r"missing for 1 of 3 respondents .ids 'b'."):
        place_margin(frame, "size", {1: 0.5, 2: 0.5})


def test_columns_and_codes_that_are_not_there() -> None:
    frame = pd.DataFrame({"a": [1, 2], "b": [1, 2]})
    with pytest.raises(MarginError, match="'c' is not among the columns"):
        place_margin(frame, "c", {1: 0.5, 2: 0.5})
    with pytest.raises(MarginError, match="no tuple of 2 codes"):
        place_margin(frame, ("a", "b"), {1: 0.5, 2: 0.5})
    with pytest.raises(MarginError, match="two targets for '1'"):
        place_margin(frame, "a", {1: 0.5, "1": 0.2, 2: 0.3})


@pytest.mark.parametrize(
    ("value", "text"),
    [(1, "1"), (1.0, "1"), (np.float64(2.5), "2.5"), (np.True_, "1"), ("1.0", "1.0")],
)
def test_codes_as_text(value: object, text: str) -> None:
    assert code_text(value) == text


def test_who_does_not_count_may_be_blank() -> None:
    firms = pd.DataFrame(
        {"size": ["s", None, "l", "s"], "back": [True, False, True, True]}
    )
    base = adjust_nonresponse(firms.assign(all="x"), "back", "all")
    weighting = rake(firms, {"size": {"s": 1, "l": 2}}, base_weight=base)
    assert weighting.weight.round(9).tolist() == [0.5, 0, 2, 0.5]


def test_everybody_blank_counts_nobody() -> None:
    firms = pd.DataFrame({"size": pd.Series(["s", None, "l"]), "w": [1, 1, 1]})
    with pytest.raises(MarginError, match="missing for 1 of 3"):
        rake(firms, {"size": {"s": 1, "l": 2}}, base_weight="w")

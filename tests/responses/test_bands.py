import numpy as np
import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.errors import QuestionError
from survey.responses.bands import band, bands
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable
from survey.tabulation.crosstab import crosstab

INF = float("inf")


def _numbers(*values: float) -> Variable:
    value = np.array(values, dtype=float)
    return Variable("n", "N", (), (), None, None, value, ~np.isnan(value))


def _labels(made: Variable) -> list[str]:
    return [row.label for row in made.rows]


@pytest.mark.parametrize(
    ("values", "edges", "closed", "labels", "places"),
    [
        ([0, 9, 10, 49], [0, 10, 50], "left", ["0–9", "10–50"], [0, 0, 1, 1]),
        ([0, 10, 11, 50], [0, 10, 50], "right", ["0–10", "11–50"], [0, 0, 1, 1]),
        ([0, 10, 50], [0, 10, 50], "left", ["0–9", "10–50"], [0, 1, 1]),
        ([9, 10, 2e6], [-INF, 10, INF], "left", ["<10", "≥10"], [0, 1, 1]),
        ([10, 10.5], [-INF, 10, INF], "right", ["≤10", ">10"], [0, 1]),
        ([0.5, 1], [0, 1, 2], "left", ["0–<1", "1–2"], [0, 1]),
        ([0.5, 1.5], [0, 1, 2], "right", ["0–1", ">1–2"], [0, 1]),
        ([1, 2, 3], [1, 2, 3], "left", ["1", "2–3"], [0, 1, 1]),
        ([0.1], [0.1, 0.3], "left", ["0.1–0.3"], [0]),
        ([1e6], [0, 1_000_000, INF], "left", ["0–999999", "≥1000000"], [1]),
    ],
)
def test_limits_and_labels(
    values: list[float],
    edges: list[float],
    closed: str,
    labels: list[str],
    places: list[int],
) -> None:
    made = band(_numbers(*values), edges, closed=closed)
    assert _labels(made) == labels
    assert made.position is not None
    assert made.position.tolist() == places


def test_values_and_base_are_kept() -> None:
    numbers = _numbers(5, np.nan, 15)
    made = band(numbers, [0, 10, 20], ["few", "many"])
    assert made.position is not None
    assert made.position.tolist() == [0, -1, 1]
    np.testing.assert_array_equal(made.value, [5, np.nan, 15])
    assert made.base is numbers.base
    assert made.rows == (Row("1", "few", ("1",)), Row("2", "many", ("2",)))


def test_numbers_in_no_band_are_an_error_that_counts_them() -> None:
    with pytest.raises(QuestionError) as refused:
        band(_numbers(-1, 5, 99, 250), [0, 10])
    assert str(refused.value) == (
        "3 numbers of 'n' are in no band, from -1 to 250. Widen the limits ('0', '10'),"
        ' or count them in a row of their own with outside="row".'
    )


def test_numbers_in_no_band_in_a_row_of_their_own() -> None:
    made = band(_numbers(-1, 5, 99), [0, 10], outside="row")
    assert made.position is not None
    assert made.position.tolist() == [1, 0, 1]
    assert made.codes == ("1", "outside")
    assert made.rows[1] == Row(
        "outside", "Outside the bands", ("outside",), "exclusive"
    )
    named = band(_numbers(5), [0, 10], outside="row", outside_label="Anders")
    assert _labels(named) == ["0–10", "Anders"]


def test_a_number_outside_the_base_is_in_no_band_and_no_error() -> None:
    value = np.array([5.0, 99])
    numbers = Variable("n", "", (), (), None, None, value, np.array([True, False]))
    made = band(numbers, [0, 10])
    assert made.position is not None
    assert made.position.tolist() == [0, -1]


def test_a_column_of_numbers_is_put_in_bands() -> None:
    frame = pd.DataFrame({"staff": [3, 12, 40, 700, None] * 30})
    made = band(variables(frame, "staff")[0], [1, 10, 50, INF])
    cells = crosstab(frame, [made]).cells
    assert cells["estimate"].tolist() == pytest.approx([0.25, 0.5, 0.25])
    assert cells["base_unweighted"].tolist() == [120] * 3


@given(
    st.lists(st.floats(-1e6, 1e6), min_size=1, max_size=30),
    st.lists(st.integers(-50, 50), min_size=2, max_size=6, unique=True),
    st.sampled_from(["left", "right"]),
)
def test_every_number_is_where_its_limits_say(
    values: list[float], edges: list[int], closed: str
) -> None:
    limits = [float(edge) for edge in sorted(edges)]
    made = band(_numbers(*values), limits, closed=closed, outside="row")
    assert made.position is not None
    for value, place in zip(values, made.position.tolist(), strict=True):
        if place == len(limits) - 1:
            assert not limits[0] <= value <= limits[-1]
            continue
        low, high = limits[place], limits[place + 1]
        inside = low <= value < high if closed == "left" else low < value <= high
        outermost = limits[-1] if closed == "left" else limits[0]
        assert inside or value == outermost
        assert low <= value <= high


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"edges": [0]}, "do not rise. Give two or more"),
        ({"edges": [0, 10, 10]}, "limits [0, 10, 10] of the bands of 'n' do not rise"),
        ({"edges": [0, np.nan]}, "do not rise"),
        ({"edges": [0, 9], "labels": ["a", "b"]}, "has 1 bands and 2 labels"),
        ({"edges": [0, 9], "closed": "both"}, "'both' is not known"),
        ({"edges": [0, 9], "outside": "drop"}, "'drop' is not known"),
    ],
)
def test_bands_that_cannot_be_made(options: dict, says: str) -> None:
    with pytest.raises(QuestionError) as refused:
        band(_numbers(1), **options)
    assert says in str(refused.value)


def test_choices_hold_no_numbers() -> None:
    frame = pd.DataFrame({"q": ["a", "b"]})
    with pytest.raises(QuestionError, match="'q' holds no numbers"):
        band(variables(frame, "q")[0], [0, 1])


@pytest.mark.parametrize("value", [0.3, 0.6, 0.7])
def test_a_decimal_on_a_limit_is_in_the_band_that_starts_there(value: float) -> None:
    # 0.3 / 0.1 is less than 3 in binary.
    numbers = np.array([0.0, 0.25, value, 0.8])
    everyone = np.ones(4, dtype=bool)
    made = bands(Variable("s", "", (), (), None, None, numbers, everyone))
    assert made.position is not None
    label = made.rows[made.position[2]].label
    assert label.startswith(f"{value:g}–")


@pytest.mark.parametrize(
    ("low", "high", "first", "last"),
    [
        (0.3, 0.7, "0.3–<0.35", "0.65–0.7"),
        (-0.05, 0.3, "-0.05–<0", "0.25–0.3"),
        (-7.0, -1.0, "-7", "-1"),
        (1e6, 1e6 + 0.5, "1000000–<1000000.1", "1000000.4–1000000.5"),
    ],
)
def test_limits_are_round(low: float, high: float, first: str, last: str) -> None:
    numbers = np.array([low, high])
    made = bands(Variable("s", "", (), (), None, None, numbers, np.ones(2, bool)))
    assert [made.rows[0].label, made.rows[-1].label] == [first, last]
    assert made.position is not None
    assert made.position.tolist() == [0, len(made.rows) - 1]

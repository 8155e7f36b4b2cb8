import numpy as np
import pandas as pd
import pytest
from scipy import stats

from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimates import Estimates
from survey.estimation.layout import Columns, columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.tabulation.column_tests import Differences, compare_columns
from survey.tabulation.reference_tests import (
    compare_rest,
    compare_total,
    marks,
    with_complements,
)


@pytest.fixture
def wave() -> pd.DataFrame:
    random = np.random.default_rng(5)
    frame = pd.DataFrame(
        {
            "q": random.choice(["a", "b", "c"], 400, p=[0.5, 0.3, 0.2]),
            "b": random.choice(["k", "l"], 400, p=[0.3, 0.7]),
            "psu": random.integers(0, 40, 400),
            "w": random.uniform(0.4, 3, 400),
        }
    )
    frame.loc[(frame["b"] == "k") & (frame["q"] == "c"), "q"] = "a"
    return frame


def _estimates(frame: pd.DataFrame, columns: Columns) -> Estimates:
    design = resolve(SurveyDesign(weight="w", psu="psu"), frame)
    layout = lay_out(columns, design)
    answers = prepare(variables(frame, "q")[0], design.used)
    return estimate_table(tally(answers, layout), layout, "share")


def test_of_two_columns_the_rest_is_the_other_one(wave: pd.DataFrame) -> None:
    columns = columns_of(variables(wave, "b")[0])
    pairs = compare_columns(_estimates(wave, columns), np.array([True, True]))
    rest = compare_rest(
        _estimates(wave, with_complements(columns)), np.array([True, True])
    )
    assert pairs.p_value.shape == (3, 1)
    for column, sign in enumerate((1, -1)):
        np.testing.assert_allclose(
            rest.difference[:, column], sign * pairs.difference[:, 0], rtol=1e-12
        )
        np.testing.assert_allclose(
            rest.p_value[:, column], pairs.p_value[:, 0], rtol=1e-9
        )
    found = marks(rest, (0.05, 0.10)).tolist()
    turned = {"+": "-", "-": "+"}
    assert [[turned.get(c, c) for c in row[0]] for row in found] == [
        list(row[1]) for row in found
    ]
    assert any(row[0] for row in found)


def test_a_column_of_everyone_is_total_and_has_no_rest(wave: pd.DataFrame) -> None:
    wave["b"] = "k"
    columns = columns_of(variables(wave, "b")[0])
    tested = np.array([True])
    total = compare_total(_estimates(wave, columns), tested)
    rest = compare_rest(_estimates(wave, with_complements(columns)), tested)
    assert np.isnan(total.p_value).all()
    assert np.isnan(rest.p_value).all()


def test_a_share_of_nobody_against_total_by_hand() -> None:
    # 50 of 100 are in the column, and none of them said yes; 20 of the others did.
    frame = pd.DataFrame(
        {
            "q": ["no"] * 50 + ["yes"] * 20 + ["no"] * 30,
            "b": ["k"] * 50 + ["l"] * 50,
            "psu": range(100),
            "w": 1.0,
        }
    )
    columns = columns_of(variables(frame, "b")[0])
    tests = compare_total(_estimates(frame, columns), np.array([True, False]))
    # Variance of Total 0.2 x 0.8 / 99. The column moves the difference by its share
    # of the rest, one half, and has the binomial variance of Total's share.
    variance = 0.16 / 99 + 0.5**2 * 0.16 / 50
    df = _estimates(frame, columns).precision.degrees_of_freedom.reshape(-1)[:2].min()
    expected = 2 * stats.t.sf(0.2 / np.sqrt(variance), df)
    assert tests.difference[1, 0] == pytest.approx(-0.2)
    assert tests.p_value[1, 0] == pytest.approx(expected, rel=1e-10)
    assert np.isnan(tests.p_value[:, 1]).all()


def test_the_rest_of_overlapping_columns() -> None:
    columns = Columns(
        ("a", "b"),
        ("A", "B"),
        np.array([0, 1, 2]),
        np.array([[1.0, 1, 0], [1, 1, 1], [1, 0, 0]]),
    )
    found = with_complements(columns)
    assert found.codes == ("a", "b", "not a", "not b")
    assert found.membership[:, 3:].tolist() == [[0, 1], [0, 0], [1, 1]]


def test_marks_at_one_level_and_of_differences_worth_it() -> None:
    tests = Differences(
        np.array([[0.2, -0.03, 0.3, 0.0]]), np.array([[0.01, 0.01, np.nan, 0.01]])
    )
    assert marks(tests, (0.05,)).tolist() == [["++", "--", "", ""]]
    assert marks(tests, (0.05,), min_difference=0.05).tolist() == [["++", "", "", ""]]

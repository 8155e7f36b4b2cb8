from dataclasses import replace

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from survey.errors import EstimationError
from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimates import Estimates
from survey.estimation.layout import Columns, columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.tabulation.column_tests import (
    ColumnTests,
    check_tests,
    compare_columns,
    letter_of,
    letters,
)

LEVELS = (0.05, 0.10)


def estimates(
    frame: pd.DataFrame, question: str, columns: Columns | str = "b", weight: str = ""
) -> Estimates:
    design = resolve(SurveyDesign(weight=weight or None), frame)
    if isinstance(columns, str):
        columns = columns_of(variables(frame, columns)[0])
    layout = lay_out(columns, design)
    answers = prepare(variables(frame, question)[0], design.used)
    table = estimate_table(tally(answers, layout), layout, "share")
    base = table.precision
    # Bases of one question are arrays (C,), whatever the engine gives.
    return replace(
        table,
        base_weighted=table.base_weighted.reshape(-1),
        precision=replace(
            base,
            base=base.base.reshape(-1),
            base_effective=base.base_effective.reshape(-1),
            degrees_of_freedom=base.degrees_of_freedom.reshape(-1),
        ),
    )


@pytest.fixture
def wave() -> pd.DataFrame:
    random = np.random.default_rng(11)
    frame = pd.DataFrame(
        {
            "q": random.choice(["a", "b", "c"], 500, p=[0.5, 0.3, 0.2]),
            "b": random.choice(["k", "l", "m", "n"], 500),
            "w": random.uniform(0.4, 3, 500),
        }
    )
    frame.loc[frame["b"] == "k", "q"] = "a"
    return frame


def test_two_columns_by_hand() -> None:
    frame = pd.DataFrame(
        {
            "q": ["yes"] * 62 + ["no"] * 38 + ["yes"] * 25 + ["no"] * 25,
            "b": ["first"] * 100 + ["second"] * 50,
        }
    )
    table = estimates(frame, "q")
    tests = compare_columns(table, np.array([True, True]))
    # Linearised variances n / (n - 1) times p (1 - p) / n over the whole sample.
    variance = 150 / 149 * (0.62 * 0.38 / 100 + 0.25 / 50)
    df = table.precision.degrees_of_freedom[1:].min()
    assert tests.difference[1, 0] == pytest.approx(0.12)
    p_value = 2 * stats.t.sf(0.12 / np.sqrt(variance), df)
    assert tests.p_value[1, 0] == pytest.approx(p_value, rel=1e-10)


def test_rows_with_bases_of_their_own_are_tested_as_alone(wave: pd.DataFrame) -> None:
    other = wave.assign(q=wave["q"].where(np.arange(500) % 3 > 0))
    one, two = estimates(wave, "q", weight="w"), estimates(other, "q", weight="w")
    tested = np.array([[True, True, True, True], [True, True, False, True]])
    both = _stacked(one, two)
    together = compare_columns(both, np.repeat(tested, 3, axis=0), adjust="holm")
    assert together.p_value.shape == (6, 6)
    for table, some, rows in ((one, tested[0], [0, 1, 2]), (two, tested[1], [3, 4, 5])):
        alone = compare_columns(table, some, adjust="holm")
        pairs = [
            np.flatnonzero((together.first == i) & (together.second == j))[0]
            for i, j in zip(alone.first, alone.second, strict=True)
        ]
        np.testing.assert_array_equal(
            together.p_value[np.ix_(rows, pairs)], alone.p_value
        )
        others = np.setdiff1d(np.arange(6), pairs)
        assert np.isnan(together.p_value[np.ix_(rows, others)]).all()


def _stacked(one: Estimates, two: Estimates) -> Estimates:
    """Put two questions into one table, every row with its own bases."""

    def by_row(table: Estimates, name: str) -> np.ndarray:
        owner = table if name == "base_weighted" else table.precision
        return np.tile(getattr(owner, name), (len(table.estimate), 1))

    def both(name: str) -> np.ndarray:
        return np.concatenate([by_row(one, name), by_row(two, name)])

    precision = replace(
        one.precision,
        base=both("base"),
        base_effective=both("base_effective"),
        degrees_of_freedom=both("degrees_of_freedom"),
    )
    return replace(
        one,
        estimate=np.concatenate([one.estimate, two.estimate]),
        covariance=np.concatenate([one.covariance, two.covariance]),
        base_weighted=both("base_weighted"),
        precision=precision,
    )


def test_a_share_of_all_has_the_binomial_variance_of_the_pooled_share(
    wave: pd.DataFrame,
) -> None:
    table = estimates(wave, "q")
    tests = compare_columns(table, np.array([True, True, False, False]))
    n = table.base_weighted[1:3]
    share = table.estimate[0, 1:3]
    assert share[0] == 1
    pooled = (share * n).sum() / n.sum()
    variance = pooled * (1 - pooled) / n[0] + table.covariance[0, 2, 2]
    df = table.precision.degrees_of_freedom[1:3].min()
    expected = 2 * stats.t.sf((1 - share[1]) / np.sqrt(variance), df)
    assert tests.p_value[0, 0] == pytest.approx(expected, rel=1e-10)


def test_means_of_a_row_have_no_binomial_variance(wave: pd.DataFrame) -> None:
    table, everyone = estimates(wave, "q"), np.array([True] * 4)
    by_row = compare_columns(table, everyone, shares=np.array([False, True, True]))
    means = compare_columns(table, everyone, shares=False)
    shares = compare_columns(table, everyone)
    np.testing.assert_array_equal(by_row.p_value[0], means.p_value[0])
    np.testing.assert_array_equal(by_row.p_value[1:], shares.p_value[1:])
    assert (means.p_value[0] != shares.p_value[0]).any()


def test_columns_of_the_same_respondents_are_not_tested(wave: pd.DataFrame) -> None:
    columns = columns_of(variables(wave, "b")[0])
    member = np.column_stack([columns.membership[:, :2], columns.membership[:, 1]])
    twice = replace(columns, membership=member, codes=("k", "x"), labels=("k", "x"))
    table = estimates(wave, "q", twice, weight="w")
    tests = compare_columns(table, np.array([True, True]))
    assert np.isnan(tests.p_value).all()


def test_no_columns_and_one_column() -> None:
    frame = pd.DataFrame({"q": ["a", "b"] * 20, "b": ["k"] * 40})
    table = estimates(frame, "q")
    for tested in (np.array([True]), np.array([[True], [False]])):
        tests = compare_columns(table, tested, adjust="holm")
        assert tests.p_value.shape == (2, 0)
        assert letters(tests, 2, 1, LEVELS).tolist() == [[""], [""]]
    alone = compare_columns(table, np.zeros(0, dtype=bool))
    assert letters(alone, 2, 0, LEVELS).shape == (2, 0)


def test_unknown_columns_have_no_number(wave: pd.DataFrame) -> None:
    wave["b"] = pd.Categorical(wave["b"], categories=["k", "l", "m", "n", "nobody"])
    tests = compare_columns(estimates(wave, "q"), np.ones(5, dtype=bool))
    nobody = tests.second == 4
    assert np.isnan(tests.p_value[:, nobody]).all()
    assert np.isfinite(tests.p_value[:, ~nobody][0]).any()


def _letters_by_hand(
    tests: ColumnTests, rows: int, columns: int, least: float
) -> list[list[str]]:
    result = [["" for _ in range(columns)] for _ in range(rows)]
    for row in range(rows):
        for high in range(columns):
            found = []
            for low in range(columns):
                for pair, (i, j) in enumerate(
                    zip(tests.first, tests.second, strict=True)
                ):
                    difference = tests.difference[row, pair]
                    if (high, low) not in {(i, j), (j, i)}:
                        continue
                    above = difference if high == i else -difference
                    p_value = tests.p_value[row, pair]
                    if p_value < 0.1 and above > 0 and above >= least:
                        name = letter_of(low)
                        found.append(name if p_value < 0.05 else name.lower())
            result[row][high] = " ".join(found)
    return result


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000), st.integers(1, 3), st.integers(2, 28))
def test_letters_equal_those_written_cell_by_cell(
    seed: int, rows: int, columns: int
) -> None:
    random = np.random.default_rng(seed)
    first, second = np.triu_indices(columns, 1)
    difference = random.normal(size=(rows, first.size))
    p_value = random.uniform(0, 0.3, size=(rows, first.size))
    p_value[random.uniform(size=p_value.shape) < 0.2] = np.nan
    tests = ColumnTests(first, second, difference, p_value)
    ours = letters(tests, rows, columns, LEVELS, min_difference=0.3).tolist()
    assert ours == _letters_by_hand(tests, rows, columns, 0.3)


def test_a_difference_too_small_gets_no_letter() -> None:
    # 0.30 - 0.25 is 0.04999... in floating point, and 5 points all the same.
    pair = np.array([0]), np.array([1])
    difference = np.array([[0.30 - 0.25], [0.049], [-0.06]])
    tests = ColumnTests(*pair, difference, np.full((3, 1), 0.001))
    found = letters(tests, 3, 2, (0.05,), min_difference=0.05)
    assert found.tolist() == [["B", ""], ["", ""], ["", "A"]]
    by_row = letters(tests, 3, 2, (0.05,), min_difference=np.array([[1], [0], [1]]))
    assert by_row.tolist() == [["", ""], ["B", ""], ["", ""]]


@pytest.mark.parametrize(
    ("options", "says"),
    [
        ({"adjust": "tukey"}, "adjust 'tukey' is not known"),
        ({"family": "page"}, "family 'page' is not known"),
        ({"min_difference": -1.0}, "min_difference is -1.0"),
        ({"min_difference": np.nan}, "min_difference is nan"),
        ({"levels": ()}, "levels are ()"),
        ({"levels": (0.05, 1.0)}, "give one or two between 0 and 1"),
    ],
)
def test_options_that_cannot_be_used(options: dict, says: str) -> None:
    check_tests((0.05, 0.10), "holm", "table", 0.05)
    given_options = {"levels": (0.05,), "adjust": "none", **options}
    with pytest.raises(EstimationError) as refused:
        check_tests(**given_options)
    assert says in str(refused.value)

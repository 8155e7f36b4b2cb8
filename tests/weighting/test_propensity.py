import numpy as np
import pandas as pd
import pytest
from scipy.special import expit

from survey.errors import MarginError, RakingError
from survey.weighting.propensity import categories, fitted_propensity, regressors

RANDOM = np.random.default_rng(2)
N = 300
FIRMS = pd.DataFrame(
    {
        "size": RANDOM.choice(["s", "m", "l"], N),
        "member": RANDOM.choice([True, False], N),
        "age": RANDOM.gamma(3, 10, N),
    }
)
EVERYONE = np.full(N, fill_value=True)
WEIGHT = RANDOM.uniform(0.5, 2, N)
ANSWERED = RANDOM.random(N) < expit(FIRMS["age"].to_numpy() / 20 - 1.5)


def test_the_likelihood_is_at_its_top() -> None:
    made = regressors(FIRMS, ["size", "member", "age"], EVERYONE)
    fitted = fitted_propensity(made, ANSWERED, WEIGHT)
    assert made.names == ("intercept", "size = m", "size = s", "member = 1", "age")
    # The weighted residuals have nothing in common with any column.
    score = made.values.T @ (WEIGHT * (ANSWERED - fitted))
    np.testing.assert_allclose(score, 0, atol=1e-10 * N)


def test_numbers_of_any_size_give_the_same_fit() -> None:
    made = fitted_propensity(regressors(FIRMS, ["age"], EVERYONE), ANSWERED, WEIGHT)
    far = FIRMS.assign(age=FIRMS["age"] * 1e9 - 1e12)
    other = fitted_propensity(regressors(far, ["age"], EVERYONE), ANSWERED, WEIGHT)
    np.testing.assert_allclose(made, other, rtol=1e-9)


def test_columns_that_say_the_same_change_nothing() -> None:
    twice = FIRMS.assign(again=FIRMS["size"].str.upper(), years=FIRMS["age"] * 2)
    columns = ["size", "again", "age", "years"]
    one = fitted_propensity(
        regressors(FIRMS, ["size", "age"], EVERYONE), ANSWERED, WEIGHT
    )
    two = fitted_propensity(regressors(twice, columns, EVERYONE), ANSWERED, WEIGHT)
    np.testing.assert_allclose(one, two, rtol=1e-9)


def test_units_of_weight_0_do_not_count() -> None:
    weight = np.where(np.arange(N) < 250, WEIGHT, 0.0)
    spoilt = FIRMS.copy()
    spoilt.loc[250:, "age"] = np.nan
    used = weight > 0
    made = fitted_propensity(
        regressors(spoilt, ["size", "age"], used), ANSWERED, weight
    )
    alone = FIRMS[:250]
    part = regressors(alone, ["size", "age"], EVERYONE[:250])
    other = fitted_propensity(part, ANSWERED[:250], weight[:250])
    np.testing.assert_allclose(made[:250], other, rtol=1e-9)


def test_where_all_responded_the_propensity_is_1() -> None:
    made = regressors(FIRMS, ["size"], EVERYONE)
    assert (fitted_propensity(made, EVERYONE, WEIGHT) == 1).all()


@pytest.mark.parametrize(("who", "back"), [("nobody", False), ("everybody", True)])
def test_a_category_that_is_all_or_nothing_is_named(who: str, back: str) -> None:
    answered = np.where(FIRMS["size"] == "m", back, ANSWERED)
    made = regressors(FIRMS, ["member", "size"], EVERYONE)
    count = (FIRMS["size"] == "m").sum()
    words = rf"column 'size': {who} responded in 1 of 3 categories .*: 'm' \({count}\)"
    with pytest.raises(MarginError, match=words):
        fitted_propensity(made, answered, WEIGHT)


def test_a_number_that_predicts_perfectly_is_named() -> None:
    made = regressors(FIRMS, ["size", "age"], EVERYONE)
    answered = (FIRMS["age"] > FIRMS["age"].median()).to_numpy()
    with pytest.raises(RakingError, match="predicted perfectly, most of all by 'age'"):
        fitted_propensity(made, answered, WEIGHT)


def test_blanks_and_absent_columns_are_named() -> None:
    blank = FIRMS.copy()
    blank.loc[[3, 5], "age"] = [np.nan, np.inf]
    blank.loc[[7], "size"] = None
    with pytest.raises(MarginError, match=r"'age' .* 2 of 300 .* \(ids 3, 5\)"):
        regressors(blank, ["age"], EVERYONE)
    with pytest.raises(MarginError, match=r"'size' is missing for 1 of 300"):
        regressors(blank, ["size"], EVERYONE)
    with pytest.raises(MarginError, match="no column 'sector' among 'size'"):
        regressors(FIRMS, ["sector"], EVERYONE)


def test_codes_that_read_the_same_are_one_category() -> None:
    mixed = pd.DataFrame({"size": [1, "1", 2.0, "2"]}, dtype=object)
    made = categories(mixed, ["size"], np.full(4, fill_value=True))
    assert made.codes == ("1", "2")
    assert made.position.tolist() == [0, 0, 1, 1]

import numpy as np
import pandas as pd
import pytest

from survey.errors import EstimationError
from survey.estimation.domains import numbers_of
from survey.estimation.estimate import mean
from survey.estimation.model_questions import outcome_of
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable

# A scale of three points and "don't know", which has a number as its code.
ROWS = (*(Row(c, "", (c,)) for c in "123"), Row("9", "", ("9",), "dont_know"))
POSITION = np.array([0, 1, 2, 3, -1])
TRUST = Variable(
    "trust", "Trust", tuple("1239"), ROWS, POSITION, None, None, POSITION >= 0
)


def test_dont_know_has_no_number_and_is_outside_the_base() -> None:
    found = numbers_of(TRUST)
    np.testing.assert_array_equal(found.value, [1, 2, 3, np.nan, np.nan])
    assert found.base.tolist() == [True, True, True, False, False]


def test_words_have_no_numbers_and_the_message_says_which() -> None:
    levels = variables(pd.DataFrame({"level": ["1", "high", "2", "low"]}), "level")[0]
    with pytest.raises(EstimationError, match=r"no numbers \('high', 'low'\)\. Ask"):
        numbers_of(levels)
    with pytest.raises(EstimationError, match=r"\('high', 'low'\)\. Name an event"):
        numbers_of(levels, "Name an event.")


@pytest.mark.parametrize("code", ["inf", "nan", "1_000"])
def test_what_python_reads_as_a_number_may_be_a_word(code: str) -> None:
    frame = pd.DataFrame({"level": ["1", code]})
    with pytest.raises(EstimationError, match="codes that are no numbers"):
        mean(frame, "level")


def test_a_linear_outcome_without_a_number_is_counted() -> None:
    with pytest.raises(EstimationError, match="no number for 1 of 4 respondents"):
        outcome_of(TRUST, TRUST.base, "linear", ())
    on_scale = numbers_of(TRUST).base
    assert outcome_of(TRUST, on_scale, "linear", ()).value.tolist() == [1.0, 2.0, 3.0]

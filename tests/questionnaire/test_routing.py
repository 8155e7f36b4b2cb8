import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from survey.questionnaire.routing import Comparison, asked, parse_routing, questions_of


def evaluated(text: str, values: dict[str, list[str]]) -> list[bool]:
    def compare(comparison: Comparison) -> np.ndarray:
        hit = np.isin(values[comparison.question], comparison.codes)
        return hit if comparison.operator == "in" else ~hit

    return asked(parse_routing(text), compare).tolist()


def test_brackets_and_words() -> None:
    values = {"a": ["1", "2", "3"], "b": ["1", "1", "2"]}
    assert evaluated("a in (1, 2) and b == 1", values) == [True, True, False]
    assert evaluated("a == 1 or (b != 1 and a == 3)", values) == [True, False, True]
    assert evaluated("not (a == 1)", values) == [False, True, True]


def test_codes_may_be_texts_and_negative() -> None:
    assert questions_of(parse_routing("a in ('x', -9)"))[0].codes == ("x", "-9")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "a",
        "a ==",
        "a = 1",
        "f(a) == 1",
        "a == b",
        "a < b < c",
        "[a for a in b]",
        "lambda: 1",
        "a in range(3)",
        "a == 1; b == 2",
        "a == True",
        "1 == 1",
        "(" * 5000,
        "a == 1 or " * 1000,
    ],
)
def test_everything_else_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not understood"):
        parse_routing(text)


@given(st.text(max_size=60))
def test_no_text_does_more_than_parse_or_refuse(text: str) -> None:
    message = "is not understood"
    try:
        parse_routing(text)
    except ValueError as problem:
        message = str(problem)
    assert "is not understood" in message

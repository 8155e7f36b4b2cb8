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


@pytest.mark.parametrize(
    ("text", "question", "item", "codes"),
    [
        ("[Q3.1] == 2", "Q3.1", "", ("2",)),
        ("[Q3.1] in (1, 2)", "Q3.1", "", ("1", "2")),
        ("[1a] not in (1, 2)", "1a", "", ("1", "2")),
        ("[class] != 1", "class", "", ("1",)),
        ("[use-now]>=3", "use-now", "", ("3",)),
        ("[Q5/2] == 1", "Q5", "2", ("1",)),
        ("[ Q5 / SQ 001 ] == 'Y'", "Q5", "SQ 001", ("Y",)),
        ("use in [1, 2]", "use", "", ("1", "2")),
        # What stands in quotes is a code.
        ("use == '[Q5/2] == 1'", "use", "", ("[Q5/2] == 1",)),
    ],
)
def test_names_in_brackets(
    text: str, question: str, item: str, codes: tuple[str, ...]
) -> None:
    (found,) = questions_of(parse_routing(text))

    assert (found.question, found.item, found.codes) == (question, item, codes)


def test_names_in_brackets_stand_beside_others() -> None:
    routing = "(a == 1 or [Q5/2] in [1, 2]) and not [a.1] == 'x'"
    found = questions_of(parse_routing(routing))

    assert [(c.question, c.column) for c in found] == [
        ("a", "a"),
        ("Q5", "Q5_2"),
        ("a.1", "a.1"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "[a] == [b]",
        "[] == 1",
        "[a",
        "[a]] == 1",
        "a[0] == 1",
        "a.[b] == 1",
        "_bracketed_0 == 1 and [x.1] == 2",
        "[a](1) == 2",
    ],
)
def test_other_brackets_are_refused(text: str) -> None:
    with pytest.raises(ValueError, match="is not understood"):
        parse_routing(text)

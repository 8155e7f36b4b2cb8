from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.errors import QuestionError
from survey.questionnaire.model import Net
from survey.responses.nets import net_codes, possible_nets, with_nets
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable


def _net(code: str, *codes: str) -> Net:
    return Net(code=code, label={"en": code.upper(), "de": f"{code} (de)"}, codes=codes)


def _variable(*codes: str) -> Variable:
    rows = tuple(Row(code, code, (code,)) for code in codes)
    n = len(codes)
    return Variable(
        "q", "Q", codes, rows, np.arange(n), None, None, np.ones(n, dtype=bool)
    )


def _outline(variable: Variable, *nets: Net) -> list[tuple[str, int]]:
    made = with_nets(variable, nets, outline=True)
    return [(row.code, row.depth) for row in made.rows]


def test_nets_stand_above_the_categories_in_the_order_given() -> None:
    made = with_nets(_variable("1", "2"), [_net("b", "2"), _net("a", "1", "2")])
    assert [row.code for row in made.rows] == ["b", "a", "1", "2"]
    assert [row.role for row in made.rows] == ["net", "net", "category", "category"]
    assert {row.depth for row in made.rows} == {0}


def test_the_label_is_in_the_language_asked_for() -> None:
    made = with_nets(_variable("1"), [_net("a", "1")], language="de")
    assert made.rows[0].label == "a (de)"


def test_a_net_of_nets_holds_every_code_once() -> None:
    nets = [_net("all", "ab", "bc"), _net("ab", "a", "b"), _net("bc", "b", "c")]
    made = with_nets(_variable("a", "b", "c"), nets)
    assert made.rows[0].codes == ("a", "b", "c")


def test_a_net_may_name_a_net_that_the_variable_has() -> None:
    first = with_nets(_variable("1", "2", "3"), [_net("low", "1", "2")])
    made = with_nets(first, [_net("any", "low", "3")])
    assert made.rows[0].codes == ("1", "2", "3")
    assert [row.code for row in made.rows] == ["any", "low", "1", "2", "3"]


def test_an_outline_puts_categories_and_nets_beneath_their_net() -> None:
    nets = [_net("top", "mid", "5"), _net("mid", "3", "4"), _net("low", "1")]
    assert _outline(_variable("1", "2", "3", "4", "5"), *nets) == [
        ("top", 0),
        ("mid", 1),
        ("3", 2),
        ("4", 2),
        ("5", 1),
        ("low", 0),
        ("1", 1),
        ("2", 0),
    ]


def test_a_code_without_a_row_counts_in_its_net_only() -> None:
    variable = _variable("1", "2")
    hidden = replace(variable, rows=variable.rows[:1])
    made = with_nets(hidden, [_net("any", "1", "2")], outline=True)
    assert [(row.code, row.codes) for row in made.rows] == [
        ("any", ("1", "2")),
        ("1", ("1",)),
    ]


def test_the_answers_are_the_same() -> None:
    variable = _variable("1", "2")
    made = with_nets(variable, [_net("a", "1")])
    assert made.position is variable.position
    assert made.codes == variable.codes
    assert with_nets(variable, []) is variable


def test_a_plain_column_has_nets_as_well() -> None:
    frame = pd.DataFrame({"size": ["s", "m", "l", None]})
    made = variables(frame, "size", nets=[_net("big", "m", "l")], outline=True)[0]
    assert [(row.code, row.depth) for row in made.rows] == [
        ("big", 0),
        ("m", 1),
        ("l", 1),
        ("s", 0),
    ]
    with pytest.raises(QuestionError, match="names code 'xl', which is not in its"):
        variables(frame, "size", nets=[_net("big", "xl")])


@pytest.mark.parametrize(
    ("nets", "says"),
    [
        ([_net("a", "1"), _net("a", "2")], "Net 'a' of question 'q' has the code of"),
        ([_net("x2", "9")], "names code '9', which is not in its base"),
        ([_net("a", "1", "1")], "names code '1' twice"),
        ([_net("a", "a")], "name each other in a circle: a > a"),
        (
            [_net("a", "b"), _net("b", "c", "1"), _net("c", "b")],
            "in a circle: b > c > b",
        ),
    ],
)
@pytest.mark.parametrize("outline", [False, True])
def test_nets_that_cannot_be_made(nets: list[Net], says: str, outline: bool) -> None:  # noqa: FBT001 - a parameter of the test
    with pytest.raises(QuestionError) as refused:
        with_nets(_variable("1", "2"), nets, outline=outline)
    assert says in str(refused.value)


def test_a_net_cannot_have_the_code_of_a_category() -> None:
    with pytest.raises(QuestionError, match="has the code of a category"):
        with_nets(_variable("a", "b"), [_net("a", "b")])
    with pytest.raises(QuestionError, match="has the code of a category"):
        net_codes([_net("gone", "a")], {"a": ("a",)}, "q", taken=["gone"])


def test_a_row_stands_once_in_an_outline() -> None:
    nets = [_net("ab", "a", "b"), _net("bc", "b", "c")]
    with pytest.raises(
        QuestionError, match=r"'b' .* is named by 2 nets \('ab', 'bc'\)"
    ):
        with_nets(_variable("a", "b", "c"), nets, outline=True)
    made = with_nets(_variable("a", "b", "c"), nets)
    assert len(made.rows) == 5


def test_an_outline_is_made_at_once() -> None:
    first = with_nets(_variable("a", "b"), [_net("x", "a")], outline=True)
    with pytest.raises(QuestionError, match="an outline already"):
        with_nets(first, [_net("y", "b")], outline=True)


def test_nets_of_codes_that_are_not_there_are_left_out() -> None:
    nets = [
        _net("top", "mid", "1"),
        _net("mid", "low"),
        _net("low", "9"),
        _net("b", "1"),
    ]
    assert [net.code for net in possible_nets(nets, ["1", "2"])] == ["b"]
    assert possible_nets(nets, ["1", "9"]) == tuple(nets)

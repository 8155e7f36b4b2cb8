import numpy as np
import pandas as pd
import pytest

from survey.errors import QuestionError
from survey.questionnaire.model import Net
from survey.responses.bands import as_table_variables, bands
from survey.responses.bind import bind
from survey.responses.recode import variables
from survey.responses.variable import Variable

SCALE = [
    {"code": 1, "label": "Low"},
    {"code": 2, "label": "High"},
    {"code": 9, "label": "Don't know", "dont_know": True},
    {"code": 99, "label": "Refused", "missing": True},
]


def single(questionnaire, raw_table, **keys):
    raw = raw_table({"q": ["1", "2", "9", "99", None]})
    question = {"id": "q", "kind": "single", "label": "Q", "categories": SCALE, **keys}
    return bind(raw, questionnaire(question))


def test_three_bases_of_a_single_question(questionnaire, raw_table) -> None:
    responses = single(questionnaire, raw_table)
    answered = variables(responses, "q")[0]
    assert answered.base.tolist() == [True, True, True, False, False]
    asked = variables(responses, "q", base="asked")[0]
    assert asked.base.all()
    without = single(questionnaire, raw_table, dont_know_in_base=False)
    assert variables(without, "q")[0].base.tolist() == [True, True, False, False, False]
    assert variables(without, "q")[0].codes == ("1", "2")


def test_bases_of_multiple_response(questionnaire, raw_table) -> None:
    raw = raw_table({"m_a": ["Y", "N", "N", None], "m_none": ["N", "Y", "N", None]})
    question = {
        "id": "m",
        "kind": "multiple",
        "label": "M",
        "categories": [
            {"code": "a", "label": "A"},
            {"code": "none", "label": "None", "exclusive": True},
        ],
    }
    responses = bind(raw, questionnaire(question))
    bases = {
        rule: variables(responses, "m", base=rule)[0].base.tolist()
        for rule in ("asked", "answered", "named")
    }
    assert bases == {
        "asked": [True, True, True, True],
        "answered": [True, True, False, False],
        "named": [True, False, False, False],
    }


def test_nets_come_first_and_unknown_codes_are_refused(
    questionnaire, raw_table
) -> None:
    responses = single(questionnaire, raw_table)
    net = Net(code="any", label="Any", codes=("1", "2"))
    rows = variables(responses, "q", nets=[net])[0].rows
    assert [row.code for row in rows] == ["any", "1", "2", "9"]
    wrong = Net(code="any", label="Any", codes=("5",))
    with pytest.raises(QuestionError, match="names code '5'"):
        variables(responses, "q", nets=[wrong])


def test_unknown_questions_name_the_known_ones(questionnaire, raw_table) -> None:
    responses = single(questionnaire, raw_table)
    with pytest.raises(QuestionError, match=r"no question .z.\. Questions: .q."):
        variables(responses, "z")
    with pytest.raises(QuestionError, match=r"no column .z.\. Columns: .a."):
        variables(pd.DataFrame({"a": [1]}), "z")


def test_items_of_a_grid_are_found_by_their_own_id(questionnaire, raw_table) -> None:
    raw = raw_table({"g_a": ["1"], "g_b": ["2"]})
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "G",
        "categories": SCALE,
        "items": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    }
    responses = bind(raw, questionnaire(grid))
    assert [v.name for v in variables(responses, "g")] == ["g_a", "g_b"]
    assert [v.label for v in variables(responses, "g_b")] == ["B"]


def test_columns_of_a_plain_table(questionnaire) -> None:
    frame = pd.DataFrame(
        {"x": pd.Categorical(["b", None], categories=["a", "b"]), "n": [1.0, np.nan]}
    )
    assert variables(frame, "x")[0].codes == ("a", "b")
    assert variables(frame, "n")[0].codes == ("1",)
    assert variables(frame, "n")[0].base.tolist() == [True, False]


@pytest.mark.parametrize(
    ("values", "labels"),
    [
        ([1, 2, 3], ["1", "2", "3"]),
        (
            [0, 7, 39],
            ["0–4", "5–9", "10–14", "15–19", "20–24", "25–29", "30–34", "35–39"],
        ),
        ([5, 5], ["5"]),
        ([0.0, 0.9], ["0–<0.2", "0.2–<0.4", "0.4–<0.6", "0.6–<0.8", "0.8–1"]),
        ([-50, 1000], None),
        ([1e9, 3e12], None),
    ],
)
def test_bands_hold_every_number(values: list[float], labels: list[str] | None) -> None:
    value = np.array([*map(float, values), np.nan])
    variable = Variable("v", "V", (), (), None, None, value, ~np.isnan(value))
    made = bands(variable)
    assert made.position is not None
    assert (made.position[:-1] >= 0).all()
    assert made.position[-1] == -1
    assert len(made.rows) <= 9
    if labels is not None:
        assert [row.label for row in made.rows] == labels


def test_numbers_nobody_gave_and_open_texts(questionnaire, raw_table) -> None:
    raw = raw_table({"n": [None, None], "t": ["said", None]})
    asked = questionnaire(
        {"id": "n", "kind": "numeric", "label": "N"},
        {"id": "t", "kind": "text", "label": "T"},
    )
    responses = bind(raw, asked)
    number = as_table_variables(
        asked.questions[0], variables(responses, "n"), ("a", "b")
    )
    assert number[0].rows == ()
    text = as_table_variables(asked.questions[1], variables(responses, "t"), ("a", "b"))
    assert text[0].position is not None
    assert text[0].position.tolist() == [0, 1]


def test_one_code_in_two_types_is_one_row() -> None:
    found = variables(pd.DataFrame({"q": [1, "1", 2.0, None]}, dtype=object), "q")[0]
    assert found.codes == ("1", "2")
    assert found.position is not None
    assert found.position.tolist() == [0, 0, 1, -1]


def test_columns_that_cannot_be_tabulated() -> None:
    lists = pd.DataFrame({"q": [[1], [2]]})
    with pytest.raises(QuestionError, match="holds lists"):
        variables(lists, "q")
    twice = pd.DataFrame([[1, 2]], columns=["q", "q"])
    with pytest.raises(QuestionError, match="2 columns 'q'"):
        variables(twice, "q")

from collections.abc import Callable

import pytest

from survey.checks.open_answers import copied, formula_texts, gibberish, text_columns
from survey.responses.table import Responses

Make = Callable[..., Responses]
COMMENT = {
    "id": "t",
    "kind": "text",
    "label": "Comment",
    "wording": "What would have to change before you use open models in production?",
}
LONG = "Our legal department has to agree before anything goes to production."


@pytest.fixture
def texts(responses: Make) -> Callable[..., Responses]:
    def make(*texts: str | None) -> Responses:
        return responses({"t": list(texts)}, COMMENT)

    return make


def test_gibberish_flags_the_record(texts: Make) -> None:
    found = gibberish(texts("Costs", "asdfasdf", None, "asdfasdf"))
    assert found.tolist() == [False, True, False, True]


def test_the_same_long_text_is_a_copy_of_the_first(texts: Make) -> None:
    again = LONG.upper().replace(".", " !")
    found = copied(texts(LONG, "Costs", again, None, LONG))
    assert found.tolist() == [False, False, True, False, True]


def test_short_texts_may_be_the_same(texts: Make) -> None:
    assert not copied(texts(*["Costs and skills"] * 3)).any()


def test_a_script_without_blanks_has_long_texts_too(texts: Make) -> None:
    long = "在我们把开源模型用于生产之前法务部门必须同意这件事情"
    assert copied(texts(long, long)).tolist() == [False, True]


def test_the_wording_of_the_question_is_no_answer(texts: Make) -> None:
    given_back = "before you use open models in production"
    found = copied(texts(given_back, "in production", LONG))
    assert found.tolist() == [True, False, False]


def test_lists_of_names_are_no_copies(texts: Make) -> None:
    listed = "Llama, Mistral, Qwen, Gemma, DeepSeek, Phi, Falcon, Granite"
    assert not copied(texts(listed, listed, LONG)).any()


def test_options_that_a_platform_joined_are_no_copies(texts: Make) -> None:
    option = "Our legal department has to agree with it first"
    found = copied(texts(f"{option}, Costs", f"{option}, Costs", f"{option}, Skills"))
    assert not found.any()


def test_prepared_answers_are_no_copies(texts: Make) -> None:
    options = [LONG, "The models have to become better than they are at the moment."]
    assert not copied(texts(*options * 10)).any()


def test_formulas_are_counted(texts: Make) -> None:
    assert formula_texts(texts("=1+1", "-", "costs", None, "@me")) == {"t": 3}


def test_texts_beside_categories_are_read(responses: Make) -> None:
    other = {"code": 2, "label": "Other", "specify": "other"}
    asked = {
        "id": "q",
        "kind": "multiple",
        "label": "Q",
        "categories": [
            {"code": 1, "label": "A", "column": "a"},
            other | {"column": "b"},
        ],
    }
    data = responses(
        {"a": ["1", None], "b": [None, "1"], "other": [None, "xxxx"]}, asked
    )
    assert text_columns(data) == ["q_2_text"]
    assert gibberish(data).tolist() == [False, True]


def test_no_text_no_flag(texts: Make) -> None:
    empty = texts(None, None)
    assert not gibberish(empty).any()
    assert not copied(empty).any()

"""What is made of questions before they are counted, and what is refused."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.errors import DesignError, EstimationError, QuestionError, SurveyError
from survey.importers.raw import Source
from survey.questionnaire.model import Net, Questionnaire
from survey.responses.table import Responses
from survey.tabulation.crosstab import crosstab
from survey.tabulation.layout import Crosstab
from survey.tabulation.rao_scott import rao_scott

N = 480
RANDOM = np.random.default_rng(17)
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s"], N),
        "trust": pd.Categorical(RANDOM.integers(1, 6, N), ordered=True),
        "cost": RANDOM.normal(50, 10, N),
        "chat": RANDOM.integers(0, 2, N),
        "code": RANDOM.integers(0, 2, N),
    }
)
EVERY = ("column", "row", "total")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high"]
TOOLS = ("chat", "code")
QUESTIONS = [
    {"id": "tools", "kind": "multiple", "label": "Tools"},
    {"id": "region", "kind": "single", "label": "Region"},
]
for asked, codes in zip(QUESTIONS, (TOOLS, "ns"), strict=True):
    asked["categories"] = [{"code": code, "label": code} for code in codes]


@pytest.fixture(scope="module")
def responses() -> Responses:
    """Bind chat, code and region of the frame by hand."""
    frame = pd.DataFrame(
        {
            "tools_chat": FRAME["chat"] == 1,
            "tools_code": FRAME["code"] == 1,
            "region": pd.Categorical(FRAME["region"], categories=["n", "s"]),
        }
    )
    states = pd.DataFrame({"tools": 2, "region": 2}, index=frame.index, dtype="int8")
    questionnaire = Questionnaire(id="s", title="", questions=QUESTIONS)
    source = Source("wave.csv", "", "plain")
    return Responses(questionnaire, frame, states, frame[[]], source, ())


def test_several_answers_have_no_wald_test(responses: Responses) -> None:
    with pytest.raises(EstimationError, match="not defined for multiple response"):
        rao_scott(responses, "tools", "region", statistic="wald")
    # In a table the test of second order stands in its place.
    wald = crosstab(responses, "tools", "region", statistic="wald").tests
    pd.testing.assert_frame_equal(wald, crosstab(responses, "tools", "region").tests)


def test_a_set_is_the_question_of_a_questionnaire(responses: Responses) -> None:
    # Who chose nothing gave no answer to a question, and named nothing of a set.
    sets = {"tools": TOOLS}
    asked = crosstab(responses, "tools", "region", percent=EVERY)
    table = crosstab(FRAME, "tools", "region", sets=sets, base="named", percent=EVERY)
    pd.testing.assert_frame_equal(asked.tests, table.tests)
    pd.testing.assert_frame_equal(asked.cells[NUMBERS], table.cells[NUMBERS])
    whole = rao_scott(responses, "tools", "region")
    assert whole.p_value == pytest.approx(table.tests.loc[0, "p_value"], rel=1e-12)


def test_sets_are_for_plain_tables(responses: Responses) -> None:
    with pytest.raises(QuestionError, match="Leave sets out"):
        crosstab(responses, "tools", "region", sets={"tools": TOOLS})


def test_recodes_of_an_unknown_question_of_a_questionnaire(
    responses: Responses,
) -> None:
    with pytest.raises(QuestionError, match="no question 'colour'"):
        crosstab(responses, "tools", "region", bands={"colour": [0, 1]})


def _with(**options: Any) -> Callable[[], Crosstab]:
    given = {"stub": "uses", "banner": "size", **options}
    return lambda: crosstab(given.pop("data", FRAME), **given)


REFUSED: list[tuple[Callable[[], Crosstab], type[SurveyError], str]] = [
    (_with(percent="rows"), EstimationError, "percent 'rows' is not known"),
    (_with(against=["rests"]), EstimationError, "against 'rests' is not known"),
    (_with(family="tables"), EstimationError, "family 'tables' is not known"),
    (_with(statistic="G"), EstimationError, "statistic 'G' is not known"),
    (_with(min_difference=-0.1), EstimationError, "min_difference is -0.1"),
    (_with(conf_level=95), EstimationError, "conf_level is 95"),
    (_with(design={}), EstimationError, "names no weighting"),
    (_with(base="all"), QuestionError, "base 'all' is not known"),
    (_with(summaries={"cost": ["mean"]}), QuestionError, "not in the stub"),
    (_with(stub="trust", summaries=["mode"]), EstimationError, "summary 'mode'"),
    (_with(summaries={"uses": ["mean"]}), QuestionError, "'uses' is no scale"),
    (_with(boxes={"uses": ["top2"]}), QuestionError, "'uses' is no scale"),
    (_with(stub="trust", boxes=["top9"]), QuestionError, "box 'top9'"),
    (_with(stub="trust", boxes={"colour": ["top2"]}), QuestionError, "'colour'"),
    (
        _with(nets={"colour": [Net(code="a", label="A", codes=("b",))]}),
        QuestionError,
        "'colour'",
    ),
    (_with(bands={"colour": [0, 1]}), QuestionError, "'colour'"),
    (_with(stub="cost", bands={"cost": [0, 1]}), QuestionError, "in no band"),
    (_with(numbers=["uses"]), QuestionError, "holds none"),
    (_with(stub="x", sets={"x": ["cost"]}), QuestionError, "480 respondents"),
    (_with(stub="x", sets={"x": ["tea", "chat"]}), QuestionError, "'tea'"),
    (_with(stub="x", sets={"x": []}), QuestionError, "names no columns"),
    (
        _with(stub="x", sets={"x": ["chat"]}, summaries={"x": ["mean"]}),
        EstimationError,
        "multiple response and has no 'mean'",
    ),
    (
        _with(banner="cost", numbers=["cost"]),
        QuestionError,
        "'cost' holds numbers and cannot be a banner",
    ),
    (_with(data=FRAME[:0]), DesignError, "no respondents"),
]


@pytest.mark.parametrize(("made", "error", "words"), REFUSED, ids=lambda x: str(x)[:30])
def test_what_cannot_be_is_explained(
    made: Callable[[], Crosstab], error: type[SurveyError], words: str
) -> None:
    with pytest.raises(error, match=words):
        made()


def test_a_strange_value_is_shown_as_it_stands_in_the_data() -> None:
    data = FRAME.assign(chat=FRAME["chat"].where(FRAME.index != 3, 7))
    with pytest.raises(QuestionError, match="holds 7 for 1 respondents"):
        crosstab(data, "tools", sets={"tools": ["chat", "code"]})

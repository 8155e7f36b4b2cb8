import numpy as np
import pandas as pd
import pytest

from survey.errors import QuestionError
from survey.estimation.estimate import proportion
from survey.responses.recode import variables
from survey.responses.scale_rows import scale_rows, scale_scores, scored
from survey.responses.variable import Role, Row, Variable
from survey.tabulation.crosstab import crosstab


def _scale(*codes: str, **roles: Role) -> Variable:
    rows = tuple(
        Row(code, code, (code,), roles.get(code, "category")) for code in codes
    )
    position = np.array([*range(len(codes)), -1])
    return Variable("q", "Q", codes, rows, position, None, None, position >= 0)


def _boxes(variable: Variable, *boxes: str, **options: object) -> dict[str, set[str]]:
    made = scale_rows(variable, boxes, **options)
    return {row.code: set(row.codes) for row in made.rows[: len(boxes)]}


def test_top_and_bottom_of_a_scale() -> None:
    found = _boxes(_scale(*"12345"), "top2", "bottom2", "top1", "top3", "bottom3")
    assert found == {
        "top2": {"4", "5"},
        "bottom2": {"1", "2"},
        "top1": {"5"},
        "top3": {"3", "4", "5"},
        "bottom3": {"1", "2", "3"},
    }


def test_dont_know_is_in_no_box_wherever_it_stands() -> None:
    scale = _scale("never", "unsure", "often", "always", unsure="dont_know")
    assert _boxes(scale, "bottom2") == {"bottom2": {"never", "often"}}
    numbers = _scale("1", "2", "3", "9", **{"9": "dont_know"})
    assert _boxes(numbers, "top2") == {"top2": {"2", "3"}}


def test_numeric_codes_decide_the_top_and_scores_turn_it_round() -> None:
    falling = _scale("10", "9", "8")
    assert _boxes(falling, "top1") == {"top1": {"10"}}
    turned = _boxes(falling, "top1", scores=-scale_scores(falling))
    assert turned == {"top1": {"8"}}
    words = _scale("agree", "neither", "disagree")
    assert _boxes(words, "top1") == {"top1": {"disagree"}}
    assert _boxes(words, "top1", scores=np.array([1, 0, -1.0])) == {"top1": {"agree"}}


def test_rows_have_codes_labels_and_the_role_of_a_net() -> None:
    made = scale_rows(_scale(*"123"), ("top2",), labels={"top2": "Eher ja"})
    assert made.rows[0] == Row("top2", "Eher ja", ("3", "2"), "net")
    english = scale_rows(_scale(*"123"), ("top2", "bottom1"))
    assert [row.label for row in english.rows[:2]] == ["Top 2 boxes", "Bottom box"]
    assert [row.code for row in english.rows] == ["top2", "bottom1", "1", "2", "3"]


@pytest.mark.parametrize(
    ("codes", "roles", "scores"),
    [
        (["1", "2", "5"], {}, [1, 2, 5]),
        (["-2", "0", "1.5"], {}, [-2, 0, 1.5]),
        (["low", "2", "3"], {}, [1, 2, 3]),
        (["1", "2", "dk"], {"dk": "dont_know"}, [1, 2, np.nan]),
        (["a", "none", "b"], {"none": "exclusive"}, [1, np.nan, 2]),
        (["7", "8", "na"], {"na": "missing"}, [7, 8, np.nan]),
        (["inf", "1_0", "2"], {}, [1, 2, 3]),
    ],
)
def test_scores(codes: list[str], roles: dict[str, Role], scores: list[float]) -> None:
    np.testing.assert_array_equal(scale_scores(_scale(*codes, **roles)), scores)


def test_scores_of_respondents_keep_rows_and_base() -> None:
    scale = _scale("1", "2", "dk", dk="dont_know")
    made = scored(scale)
    assert made.value is not None
    np.testing.assert_array_equal(made.value, [1, 2, np.nan, np.nan])
    assert made.base is scale.base
    assert made.rows == scale.rows
    own = scored(scale, np.array([0, 100, np.nan])).value
    np.testing.assert_array_equal(own, [0, 100, np.nan, np.nan])


def test_a_score_outside_the_base_is_left_out() -> None:
    scale = _scale("1", "2")
    nobody = Variable(
        "q", "", scale.codes, scale.rows, scale.position, None, None, scale.base & False
    )
    value = scored(nobody).value
    assert value is not None
    assert np.isnan(value).all()


def test_a_box_is_the_share_of_its_codes() -> None:
    frame = pd.DataFrame({"q": [1, 2, 2, 3, 4, 5, 5, 5, None] * 20})
    made = scale_rows(variables(frame, "q")[0])
    cells = crosstab(frame, [made]).cells.set_index("code")
    alone = proportion(frame, "q").set_index("code")["estimate"]
    assert cells.loc["top2", "estimate"] == pytest.approx(alone["4"] + alone["5"])
    assert cells.loc["bottom2", "estimate"] == pytest.approx(alone["1"] + alone["2"])
    assert cells.loc["top2", "statistic"] == "net"


@pytest.mark.parametrize(
    ("variable", "options", "says"),
    [
        (_scale(*"123"), {"boxes": ["top4"]}, "box 'top4' of 'q' is not known"),
        (_scale(*"12"), {}, "'top2' would hold all 2 points of 'q'"),
        (_scale("1", "01", "2"), {}, "codes '1', '01' of 'q' share the score 1"),
        (
            _scale(*"123"),
            {"scores": np.array([1.0, 2])},
            "'q' has 3 codes and 2 scores",
        ),
    ],
)
def test_what_cannot_be_done(variable: Variable, options: dict, says: str) -> None:
    with pytest.raises(QuestionError) as refused:
        scale_rows(variable, **options)
    assert says in str(refused.value)


def test_several_answers_are_no_scale() -> None:
    chosen = np.ones((2, 2), dtype=bool)
    many = Variable("q", "", ("1", "2"), (), None, chosen, None, chosen[:, 0])
    for make in (scale_rows, scored):
        with pytest.raises(QuestionError, match="has no single codes and is no scale"):
            make(many)

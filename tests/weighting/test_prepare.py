import numpy as np
import pandas as pd
import pytest

from survey.errors import MarginError
from survey.responses.variable import Row, Variable
from survey.weighting.prepare import OWN_CLASS, weighting_input
from survey.weighting.rake import rake
from survey.weighting.targets import Targets

TARGETS = Targets(
    population="firms",
    source="register",
    as_of="2024",
    unit="firms",
    margins={"size": {"1": 300.0, "2": 100.0}},
)
INDEX = pd.Index([f"r{i}" for i in range(10)], name="respondent_id")


def size(position: list[int]) -> Variable:
    rows = (
        Row("1", "Small", ("1",)),
        Row("2", "Large", ("2",)),
        Row("9", "Don't know", ("9",), "dont_know"),
    )
    at = np.array(position, dtype=np.intp)
    return Variable("size", "Size", ("1", "2", "9"), rows, at, None, None, at >= 0)


def test_counts_become_shares() -> None:
    given = weighting_input([size([0] * 5 + [1] * 5)], TARGETS, INDEX, missing="error")
    assert given.margins == {"size": {"1": 0.75, "2": 0.25}}
    assert given.codes["size"].tolist() == ["1"] * 5 + ["2"] * 5
    assert given.findings == ()


def test_no_answer_and_dont_know_keep_their_share_of_the_sample() -> None:
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    given = weighting_input([margin], TARGETS, INDEX, missing="own_class")
    assert given.margins["size"] == pytest.approx(
        {"1": 0.75 * 0.8, "2": 0.25 * 0.8, OWN_CLASS: 0.2}
    )
    assert given.codes["size"].tolist()[-2:] == [OWN_CLASS] * 2
    assert [(f.check, f.count) for f in given.findings] == [("margin_missing", 2)]
    weight = rake(given.codes, given.margins).weight
    # 0.6 of 10 over 4 small firms, 0.2 of 10 over 4 large ones; the others stay at 1.
    assert weight.to_numpy() == pytest.approx([1.5] * 4 + [0.5] * 4 + [1.0] * 2)


def test_respondents_without_a_category_may_stop_the_run() -> None:
    margin = size([0] * 4 + [1] * 4 + [2, -1])
    with pytest.raises(MarginError, match="2 of 10 respondents have no target"):
        weighting_input([margin], TARGETS, INDEX, missing="error")


def test_a_margin_without_targets_and_one_with_several_answers() -> None:
    other = Variable(
        *("region", "R", ("1",), (), np.zeros(10, dtype=np.intp), None, None),
        np.ones(10, dtype=bool),
    )
    with pytest.raises(MarginError, match=r"'region' has no targets.*'size'"):
        weighting_input([other], TARGETS, INDEX, missing="own_class")
    several = Variable(
        *("size", "S", ("1",), (), None, np.ones((10, 1), dtype=bool), None),
        np.ones(10, dtype=bool),
    )
    with pytest.raises(MarginError, match="several answers"):
        weighting_input([several], TARGETS, INDEX, missing="own_class")


def test_the_share_of_the_sample_is_weighted_with_base_weights() -> None:
    # One without an answer, with weight 4 of 4 + 9: a share of 4 / 13.
    margin = size([0] * 5 + [1] * 4 + [-1])
    base = pd.Series([1.0] * 9 + [4.0], index=INDEX)
    given = weighting_input(
        [margin], TARGETS, INDEX, missing="own_class", base_weight=base
    )
    assert given.margins["size"][OWN_CLASS] == pytest.approx(4 / 13)
    assert given.margins["size"]["1"] == pytest.approx(0.75 * 9 / 13)

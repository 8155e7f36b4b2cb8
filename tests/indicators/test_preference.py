from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from survey.errors import QuestionError
from survey.estimation.design import SurveyDesign, resolve
from survey.indicators.preference import (
    OPEN,
    PROPRIETARY,
    net_preference,
    preference_nets,
    side_code,
)
from survey.responses.variable import Row, Variable
from survey.tabulation.tabulate import tabulate

CODES = ("1", "2", "3", "9")


def answers(position: list[int]) -> Variable:
    at = np.array(position, dtype=np.intp)
    rows = tuple(Row(code, code, (code,)) for code in CODES)
    return Variable("pref", "P", CODES, rows, at, None, None, at >= 0)


def test_everyone_in_the_base_counts() -> None:
    # Open, open, proprietary, neither, don't know, and nobody: (2 - 1) / 5.
    scored = net_preference(answers([0, 0, 1, 2, 3, -1]), ["1"], ["2"])
    assert scored.name == "pref:net_preference"
    assert scored.value is not None
    assert np.nanmean(scored.value) == pytest.approx(0.2)
    assert np.isnan(scored.value).tolist() == [False] * 5 + [True]


def test_several_codes_stand_for_a_side() -> None:
    scored = net_preference(answers([0, 1, 2, 3]), ["1", "2"], ["3"])
    assert scored.value is not None
    assert scored.value.tolist() == [1.0, 1.0, -1.0, 0.0]
    nets = preference_nets(["1", "2"], ["3"], ("Open", "Proprietary"))
    assert [(net.code, net.codes) for net in nets] == [(OPEN, ("1", "2"))]
    assert side_code(["1", "2"], OPEN) == OPEN
    assert side_code(["3"], PROPRIETARY) == "3"


def test_asked_and_silent_is_neither_side() -> None:
    asked = replace(answers([0, 1, -1, -1]), base=np.ones(4, dtype=bool))
    scored = net_preference(asked, ["1"], ["2"])
    assert scored.value is not None
    assert scored.value.tolist() == [1.0, -1.0, 0.0, 0.0]


def test_several_answers_have_no_net() -> None:
    chosen = np.ones((2, 4), dtype=bool)
    several = replace(answers([0, 1]), position=None, chosen=chosen)
    with pytest.raises(QuestionError, match="allows several answers"):
        net_preference(several, ["1"], ["2"])


def test_error_of_the_net_by_hand() -> None:
    # Shares 0.5 and 0.3: the variance of the score is 0.8 - 0.2 ** 2 = 0.76, and
    # the standard error of its mean over 100 people is sqrt(0.76 / 99).
    variable = answers([0] * 50 + [1] * 30 + [2] * 20)
    scored = net_preference(variable, ["1"], ["2"])
    design = resolve(None, pd.DataFrame(index=range(100)))
    cell = tabulate([scored], [], design).cells.iloc[0]
    assert cell["estimate"] == pytest.approx(0.2, abs=1e-12)
    assert cell["std_error"] == pytest.approx((0.76 / 99) ** 0.5, rel=1e-9)


def test_weights_enter_the_net_as_they_enter_the_shares() -> None:
    generator = np.random.default_rng(7)
    variable = answers(generator.integers(0, 4, 200).tolist())
    weight = pd.Series(generator.uniform(0.2, 3, 200))
    data = pd.DataFrame(index=range(200))
    design = resolve(SurveyDesign(weight=weight), data)
    both = [variable, net_preference(variable, ["1"], ["2"])]
    cells = tabulate(both, [], design).cells
    found = cells.set_index(["question", "code"])["estimate"]
    gap = found["pref", "1"] - found["pref", "2"]
    assert found["pref:net_preference", "mean"] == pytest.approx(gap, abs=1e-12)

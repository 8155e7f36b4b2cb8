"""Banner questions that are estimated at once give what each gives alone."""

from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import columns_of, lay_out, total_column
from survey.estimation.table import Statistic, estimate_tables, question_of
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.responses.variable import Row, Variable
from survey.waves import change_layouts
from survey.waves.change_layouts import together, totals_together
from survey.weighting.rake import rake

DESIGNS: dict[str, dict[str, Any]] = {
    "alone": {},
    "stratified": {"strata": "region"},
    "clustered": {"strata": "region", "psu": "unit"},
}
N = 240


def _frame() -> pd.DataFrame:
    i = np.arange(N)
    return pd.DataFrame(
        {
            "uses": (i * 7 + i // 5) % 3 + 1,
            "cost": (i * 13 + i // 7) % 17 / 3,
            "size": i * 5 // 3 % 4 + 1,
            "region": i % 6,
            # Units of five, and some respondents who are units of their own.
            "unit": np.where(i < N // 2, i % 24, i + 100),
        }
    )


def _design(name: str, frame: pd.DataFrame, *, raked: bool) -> SurveyDesign:
    if not raked:
        return SurveyDesign(**DESIGNS[name])
    shares: dict[object, float] = {1: 0.4, 2: 0.3, 3: 0.2, 4: 0.1}
    return SurveyDesign(weight=rake(frame, {"size": shares}), **DESIGNS[name])


def _tools() -> Variable:
    rows = (Row("a", "", ("a",)), Row("b", "", ("b",)))
    i = np.arange(N)
    chosen = np.column_stack([i % 2 == 0, i % 3 == 0])
    return Variable("t", "", ("a", "b"), rows, None, chosen, None, np.ones(N, bool))


@pytest.mark.parametrize("raked", [False, True])
@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(
    ("question", "statistic"), [("uses", "share"), ("cost", "mean")]
)
def test_together_is_each_alone(
    name: str, question: str, statistic: Statistic, *, raked: bool
) -> None:
    frame = _frame()
    design = resolve(_design(name, frame, raked=raked), frame)
    banner = [variables(frame, each)[0] for each in ("size", "region")]
    columns = [total_column(N), *map(columns_of, banner), columns_of(_tools())]
    layouts = [lay_out(each, design) for each in columns]
    answers = prepare(variables(frame, question)[0], design.used)
    totals = [tally(answers, layout) for layout in layouts]
    groups = together(layouts)
    assert sorted(group.places for group in groups) == [(0, 1, 2), (3,)]
    for group in groups:
        joined = question_of(totals_together(group, totals), group.layout)
        (both,) = estimate_tables([joined], group.layout, statistic)
        for place, start in zip(group.places, group.starts, strict=True):
            alone = question_of(totals[place], layouts[place])
            (own,) = estimate_tables([alone], layouts[place], statistic)
            mine = slice(start, start + own.estimate.shape[1])
            np.testing.assert_allclose(both.estimate[:, mine], own.estimate, rtol=1e-12)
            np.testing.assert_allclose(
                both.covariance[:, mine, mine], own.covariance, rtol=1e-10, atol=1e-16
            )
            np.testing.assert_array_equal(
                both.precision.degrees_of_freedom[mine],
                own.precision.degrees_of_freedom,
            )


def test_many_columns_are_taken_in_several_groups(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    frame = _frame()
    design = resolve(None, frame)
    banner = [variables(frame, each)[0] for each in ("size", "region", "uses")]
    layouts = [lay_out(columns_of(each), design) for each in banner]
    # Slots are the categories and nobody: 5, 7 and 4.
    monkeypatch.setattr(change_layouts, "_MOST_SLOTS", 11)
    assert [group.places for group in together(layouts)] == [(0,), (1, 2)]

"""A column against the rest, and against Total, equals R survey."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest
from scipy import stats

from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.tabulation.reference_tests import (
    compare_rest,
    compare_total,
    with_complements,
)

DESIGNS = ("equal", "weighted", "stratified", "clustered", "corrected")
COLUMNS = (("region", "north"), ("region", "east"), ("size", "small"))


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(("question", "code"), COLUMNS)
@pytest.mark.parametrize("statistic", ["share", "mean"])
@pytest.mark.parametrize("reference_column", ["rest", "total"])
def test_a_column_against_its_reference(
    name: str,
    question: str,
    code: str,
    statistic: Any,
    reference_column: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    shares = statistic == "share"
    variable = variables(wave, "uses" if shares else "cost")[0]
    design, banner = resolve(designs[name], wave), variables(wave, question)[0]
    columns = columns_of(banner)
    if reference_column == "rest":
        columns = with_complements(columns)
    layout = lay_out(columns, design)
    answers = prepare(variable, design.used, numbers=not shares)
    table = estimate_table(tally(answers, layout), layout, statistic)
    compare = compare_rest if reference_column == "rest" else compare_total
    tests = compare(table, np.ones(len(banner.codes), dtype=bool), shares=shares)
    row = variable.codes.index("yes") if shares else 0
    at = row, banner.codes.index(code)
    kind = "yes" if shares else "cost"
    theirs = reference("rest")[name][code][f"{kind}_{reference_column}"]
    assert tests.difference[at] == pytest.approx(theirs["difference"], rel=1e-9)
    # The p-value says which standard error was used: t on the smaller df of the two.
    other = at[1] + 1 + len(banner.codes) if reference_column == "rest" else 0
    df = table.precision.degrees_of_freedom
    df = df if df.ndim == 1 else df[0]
    smaller = min(df[at[1] + 1], df[other])
    quotient = abs(theirs["difference"]) / theirs["std_error"]
    expected = 2 * stats.t.sf(quotient, smaller)
    assert tests.p_value[at] == pytest.approx(expected, rel=1e-9)

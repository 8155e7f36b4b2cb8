"""Tests of association and of columns equal those of R survey."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.answers import prepare
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.layout import columns_of, lay_out
from survey.estimation.table import estimate_table
from survey.estimation.totals import tally
from survey.responses.recode import variables
from survey.tabulation.rao_scott import rao_scott

DESIGNS = ("equal", "weighted", "stratified", "clustered", "corrected")


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize("pair", ["uses_region", "uses_size", "size_region"])
def test_rao_scott(
    name: str,
    pair: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("tests")[name][pair]
    ours = rao_scott(wave, *pair.split("_"), design=designs[name])
    for field in ("statistic", "ndf", "ddf", "p_value"):
        assert getattr(ours, field) == pytest.approx(theirs[field], rel=1e-8)


@pytest.mark.parametrize("name", DESIGNS)
@pytest.mark.parametrize(
    ("pair", "code", "one", "two"),
    [
        ("yes_north_south", "yes", "north", "south"),
        ("planned_west_east", "planned", "west", "east"),
    ],
)
def test_difference_of_columns(
    name: str,
    pair: str,
    code: str,
    one: str,
    two: str,
    wave: pd.DataFrame,
    designs: dict[str, SurveyDesign],
    reference: Callable[[str], Any],
) -> None:
    theirs = reference("tests")[name][pair]
    design = resolve(designs[name], wave)
    uses, region = variables(wave, "uses")[0], variables(wave, "region")[0]
    layout = lay_out(columns_of(region), design)
    table = estimate_table(tally(prepare(uses, design.used), layout), layout, "share")
    row = uses.codes.index(code)
    i, j = (region.codes.index(point) + 1 for point in (one, two))
    v = table.covariance[row]
    difference = table.estimate[row, i] - table.estimate[row, j]
    error = np.sqrt(v[i, i] + v[j, j] - 2 * v[i, j])
    assert difference == pytest.approx(theirs["difference"], rel=1e-9)
    assert error == pytest.approx(theirs["std_error"], rel=1e-9)

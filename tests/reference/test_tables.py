"""Whole tables, and tests of association, equal what R survey gives cell by cell."""

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
from survey.responses.scale_rows import scale_rows
from survey.responses.sets import multiple_response
from survey.responses.variable import Row, Variable
from survey.tabulation.column_tests import compare_columns
from survey.tabulation.crosstab import crosstab
from survey.tabulation.rao_scott import rao_scott
from survey.tabulation.reference_tests import (
    compare_rest,
    compare_total,
    with_complements,
)
from survey.weighting.rake import rake

# Sums over 360 respondents lose two or three of the 15 digits that R writes.
SAME = {"rtol": 1e-9, "atol": 1e-13}
# Intervals and tests, whose distributions are computed by other code.
CLOSE = {"rtol": 1e-8, "atol": 1e-12}
DESIGNS = (
    "equal",
    "weighted",
    "stratified",
    "clustered",
    "corrected",
    "raked",
    "jackknife",
    "staged",
)
STATISTICS = ("F", "chisq", "wald", "adjusted_wald")
TOOLS = ["chat", "code", "search", "nobody"]
SETS = {"tools": TOOLS}
SCALE = ("1", "2", "3", "4", "5", "dk")
CLUSTERED: dict[str, Any] = {"strata": "stratum", "psu": "psu"}
SIZE = {"large": 0.1, "medium": 0.34, "small": 0.56}
REGION = {"east": 0.2, "far": 0.14, "north": 0.28, "south": 0.22, "west": 0.16}


def _mix(i: np.ndarray, a: int, b: int, m: int) -> np.ndarray:
    return (i * a + (i // 7) * b + (i * i) % 11) % m


@pytest.fixture(scope="module")
def data(wave: pd.DataFrame) -> pd.DataFrame:
    """Add the columns of tables_wave.R."""
    i = np.arange(1, len(wave) + 1)
    asked = _mix(i, 13, 7, 12) > 0
    chosen = {
        "chat": _mix(i, 7, 5, 10) < 4,
        "code": _mix(i, 3, 2, 9) < 3,
        "search": _mix(i, 11, 3, 8) < 5,
        "nobody": np.zeros(len(i), dtype=bool),
    }
    tools = {name: np.where(asked, held, np.nan) for name, held in chosen.items()}
    scale = np.array([*SCALE, None], dtype=object)
    return wave.assign(
        **tools,
        area=wave["psu"] % 5,
        unit=_mix(i, 17, 6, 3),
        n_unit=16 + wave["psu"] % 5,
        trust=scale[_mix(i, 5, 9, 27) // 4],
    )


@pytest.fixture(scope="module")
def table_designs(
    data: pd.DataFrame, designs: dict[str, SurveyDesign]
) -> dict[str, SurveyDesign]:
    raked = rake(
        data, {"size": SIZE, "region": REGION}, base_weight="w", tolerance=1e-12
    )
    return {
        **designs,
        "raked": SurveyDesign(weight=raked, **CLUSTERED),
        "jackknife": SurveyDesign(weight="w", method="jkn", **CLUSTERED),
        "staged": SurveyDesign(
            weight="w",
            strata="stratum",
            psu=["area", "unit"],
            fpc=["n_psu", "n_unit"],
        ),
    }


@pytest.fixture(params=DESIGNS)
def name(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def design(name: str, table_designs: dict[str, SurveyDesign]) -> SurveyDesign:
    return table_designs[name]


@pytest.fixture
def theirs(name: str, reference: Callable[[str], Any]) -> dict[str, Any]:
    return dict(reference("tables")[name])


@pytest.fixture
def tests(name: str, reference: Callable[[str], Any]) -> dict[str, Any]:
    return dict(reference("association")[name])


@pytest.fixture(scope="module")
def trust(data: pd.DataFrame) -> Variable:
    """A scale of five points with "don't know" beside it."""
    given = data["trust"].notna().to_numpy()
    place = [
        SCALE.index(each) if held else -1
        for each, held in zip(data["trust"], given, strict=True)
    ]
    rows = [Row(code, code, (code,)) for code in SCALE[:-1]]
    rows.append(Row("dk", "Don't know", ("dk",), "dont_know"))
    position = np.array(place, dtype=np.intp)
    return Variable("trust", "Trust", SCALE, tuple(rows), position, None, None, given)


def _same_test(ours: Any, theirs: dict[str, float]) -> None:
    for field, value in theirs.items():
        np.testing.assert_allclose(ours[field], value, **CLOSE, err_msg=field)


def _fields(result: Any) -> dict[str, float]:
    return {field: getattr(result, field) for field in result.__dataclass_fields__}


@pytest.mark.parametrize("statistic", STATISTICS)
@pytest.mark.parametrize("pair", ["uses_size", "size_region", "uses_region"])
def test_association_of_single_response(
    statistic: Any,
    pair: str,
    data: pd.DataFrame,
    design: SurveyDesign,
    tests: dict[str, Any],
) -> None:
    row, column = pair.split("_")
    ours = rao_scott(data, row, column, design=design, statistic=statistic)
    _same_test(_fields(ours), tests[pair][statistic])
    table = crosstab(data, row, column, design=design, statistic=statistic)
    _same_test(table.tests.loc[0], tests[pair][statistic])


@pytest.mark.parametrize("statistic", ["F", "chisq"])
@pytest.mark.parametrize("column", ["region", "uses"])
def test_association_of_several_answers(
    statistic: Any,
    column: str,
    data: pd.DataFrame,
    design: SurveyDesign,
    tests: dict[str, Any],
) -> None:
    table = crosstab(
        data, "tools", column, sets=SETS, design=design, statistic=statistic
    )
    ours = table.tests.set_index("code")
    wanted = tests[f"tools_{column}"]
    # Nobody chose the last tool, and there is nothing to test.
    tested = ours[ours["note"] == ""]
    assert list(tested.index) == ["", *wanted["items"]]
    left = ours[ours["note"] != ""]
    assert left["note"].str.startswith("not tested: the item does not vary").all()
    assert len(left) == 1
    for tool, each in wanted["items"].items():
        _same_test(ours.loc[tool], each[statistic])
    _same_test(ours.loc[""], wanted["whole"][statistic])


@pytest.mark.parametrize("statistic", ["F", "chisq"])
@pytest.mark.parametrize("column", ["region", "uses"])
def test_a_set_of_one_tool_is_tested_like_a_single_response(
    statistic: Any,
    column: str,
    data: pd.DataFrame,
    design: SurveyDesign,
    tests: dict[str, Any],
) -> None:
    table = crosstab(
        data, "one", column, sets={"one": ["code"]}, design=design, statistic=statistic
    )
    wanted = tests[f"tools_{column}"]
    for line in (0, 1):
        _same_test(table.tests.loc[line], wanted["one"][statistic])
        _same_test(table.tests.loc[line], wanted["items"]["code"][statistic])


PERCENTS = {
    "uses_region": ("row", "total"),
    "region_uses": ("row",),
    "tools_region": ("column", "row", "total"),
    "uses_tools": ("column", "row", "total"),
}


def _cells(table: Any, statistic: str, banner: str) -> pd.DataFrame:
    cells = table.cells
    return cells[(cells["statistic"] == statistic) & (cells["banner"] == banner)]


@pytest.mark.parametrize(
    ("pair", "percent"),
    [(pair, percent) for pair, kinds in PERCENTS.items() for percent in kinds],
)
def test_percentages(
    pair: str,
    percent: str,
    data: pd.DataFrame,
    design: SurveyDesign,
    theirs: dict[str, Any],
) -> None:
    row, column = pair.split("_")
    table = crosstab(
        data,
        row,
        column,
        sets=SETS,
        design=design,
        percent=percent,
        interval="xlogit",
        min_base=0,
    )
    statistic = "share" if percent == "column" else f"{percent}_share"
    cells = _cells(table, statistic, column)
    wanted = np.array(theirs[pair][percent], dtype=float)
    height, width = wanted.shape[:2]
    numbers = cells[["estimate", "std_error", "conf_low", "conf_high"]].to_numpy()
    ours = numbers.reshape(height, -1, 4)[:, :width]
    np.testing.assert_allclose(ours[:, :, 0], wanted[:, :, 0], **SAME)
    np.testing.assert_allclose(ours[:, :, 1], wanted[:, :, 1], **SAME)
    # At 0 % and 100 % R has no interval, and we have one.
    ends, wanted_ends = ours[:, :, 2:], wanted[:, :, 2:4]
    given = np.isfinite(wanted_ends)
    assert np.isfinite(ends[np.isfinite(wanted[:, :, 0])]).all()
    np.testing.assert_allclose(ends[given], wanted_ends[given], **CLOSE)


def test_scale_with_boxes(
    data: pd.DataFrame, trust: Variable, design: SurveyDesign, theirs: dict[str, Any]
) -> None:
    table = crosstab(
        data, [scale_rows(trust)], "size", design=design, interval="xlogit", min_base=0
    )
    cells = table.cells[table.cells["banner"] == "size"]
    assert cells["statistic"].tolist() == ["net"] * 6 + ["share"] * 18
    wanted = np.array(theirs["trust_size"], dtype=float)
    columns = ["estimate", "std_error", "conf_low", "conf_high"]
    ours = cells[columns].to_numpy().reshape(wanted.shape[0], wanted.shape[1], 4)
    np.testing.assert_allclose(ours[:, :, :2], wanted[:, :, :2], **SAME)
    np.testing.assert_allclose(ours[:, :, 2:], wanted[:, :, 2:4], **CLOSE)


@pytest.mark.parametrize("summary", ["mean", "median", "sd"])
@pytest.mark.parametrize("question", ["cost", "trust"])
def test_summaries(
    question: str,
    summary: str,
    data: pd.DataFrame,
    trust: Variable,
    design: SurveyDesign,
    theirs: dict[str, Any],
) -> None:
    stub = [trust] if question == "trust" else ["cost"]
    table = crosstab(
        data,
        stub,
        "region",
        numbers=["cost"],
        summaries={question: [summary]},
        design=design,
        min_base=0,
    )
    cells = table.cells[table.cells["statistic"] == summary]
    wanted = np.array(theirs[question][summary], dtype=float)
    columns = ["estimate", "std_error", "conf_low", "conf_high"][: wanted.shape[1]]
    np.testing.assert_allclose(cells[columns], wanted, **CLOSE)


@pytest.mark.parametrize("question", ["uses", "cost"])
def test_differences_of_columns_that_overlap(
    question: str, data: pd.DataFrame, design: SurveyDesign, theirs: dict[str, Any]
) -> None:
    shares = question == "uses"
    resolved = resolve(design, data)
    # The last tool has no column here: there is nobody to compare.
    columns = columns_of(multiple_response(data, "tools", TOOLS[:-1]))
    layout = lay_out(with_complements(columns), resolved)
    answers = prepare(variables(data, question)[0], resolved.used, numbers=not shares)
    totals = tally(answers, layout)
    table = estimate_table(totals, layout, "share" if shares else "mean")
    everyone = np.ones(3, dtype=bool)
    found = {
        "rest": compare_rest(table, everyone, shares=shares),
        "total": compare_total(table, everyone, shares=shares),
        "pairs": compare_columns(
            table, np.array([True] * 3 + [False] * 3), shares=shares
        ),
    }
    for kind, tests in found.items():
        wanted = np.array(theirs[f"{question}_between"][kind], dtype=float)
        np.testing.assert_allclose(tests.difference[-1], wanted[:, 0], **SAME)
        np.testing.assert_allclose(tests.p_value[-1], wanted[:, 2], **CLOSE)


def test_letters_of_a_banner_whose_columns_overlap(
    data: pd.DataFrame, design: SurveyDesign, theirs: dict[str, Any]
) -> None:
    table = crosstab(
        data, "uses", "tools", sets=SETS, design=design, levels=(0.4, 0.95), min_base=0
    )
    cells = _cells(table, "share", "tools")
    ours = cells.loc[cells["code"] == "yes", "letters"].tolist()
    letters: list[list[str]] = [[], [], [], []]
    for (one, two), (difference, _, p_value) in zip(
        [(0, 1), (0, 2), (1, 2)], theirs["uses_between"]["pairs"], strict=True
    ):
        high, low = (one, two) if difference > 0 else (two, one)
        if p_value < 0.95:
            letter = "ABC"[low]
            letters[high].append(letter if p_value < 0.4 else letter.lower())
    assert ours == [" ".join(each) for each in letters]
    assert any(ours)

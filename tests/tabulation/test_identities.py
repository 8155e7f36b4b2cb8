"""Identities of whole tables, and the digits that are left of them."""

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survey.estimation.answers import prepare
from survey.estimation.cell_covariance import cell_covariance
from survey.estimation.design import SurveyDesign, resolve
from survey.estimation.estimate import mean, proportion
from survey.estimation.joint import join, tally_jointly
from survey.estimation.layout import columns_of, lay_out, pattern_totals
from survey.estimation.quantile import quantile
from survey.estimation.totals import tally
from survey.questionnaire.model import Net
from survey.responses.recode import variables
from survey.responses.sets import multiple_response
from survey.responses.variable import Variable
from survey.tabulation.crosstab import crosstab
from survey.tabulation.rao_scott import rao_scott
from survey.weighting.rake import rake

N = 900
RANDOM = np.random.default_rng(23)
FRAME = pd.DataFrame(
    {
        "uses": RANDOM.choice(["yes", "no", "later"], N, p=[0.6, 0.3, 0.1]),
        "size": RANDOM.choice(["small", "medium", "large"], N),
        "region": RANDOM.choice(["n", "s", "w"], N),
        "cost": RANDOM.normal(50, 10, N),
        "chat": RANDOM.integers(0, 2, N),
        "code": RANDOM.choice([0, 1], N, p=[0.7, 0.3]),
        "w": RANDOM.uniform(0.5, 3, N),
        "stratum": RANDOM.integers(0, 4, N),
        "psu": RANDOM.integers(0, 25, N),
    }
)
SETS = {"tools": ["chat", "code"]}
CLUSTERED: dict[str, Any] = {"strata": "stratum", "psu": "psu"}
RAKED = rake(
    FRAME,
    {
        "size": {"small": 0.5, "medium": 0.3, "large": 0.2},
        "region": {"n": 0.4, "s": 0.4, "w": 0.2},
    },
    base_weight="w",
)
DESIGNS = {
    "equal": SurveyDesign(),
    "weighted": SurveyDesign(weight="w"),
    "stratified": SurveyDesign(weight="w", strata="stratum"),
    "clustered": SurveyDesign(weight="w", **CLUSTERED),
    "raked": SurveyDesign(weight=RAKED),
    "raked and clustered": SurveyDesign(weight=RAKED, **CLUSTERED),
    "jackknife": SurveyDesign(weight="w", method="jkn", **CLUSTERED),
}
EVERY = ("column", "row", "total")
NUMBERS = ["estimate", "std_error", "conf_low", "conf_high", "deff"]
BASES = ["base_unweighted", "base_weighted", "base_effective"]


@pytest.fixture(params=DESIGNS)
def design(request: pytest.FixtureRequest) -> SurveyDesign:
    return DESIGNS[request.param]


def _wide(cells: pd.DataFrame, value: str, statistic: str = "share") -> np.ndarray:
    one = cells[cells["statistic"] == statistic]
    return one[value].to_numpy().reshape(len(one["code"].unique()), -1)


@pytest.mark.parametrize("row", ["uses", "tools"])
@pytest.mark.parametrize("column", ["region", "tools"])
def test_three_percentages_are_of_the_same_cells(
    row: str, column: str, design: SurveyDesign
) -> None:
    cells = crosstab(
        FRAME, row, column, sets=SETS, design=design, percent=EVERY, min_base=0
    ).cells
    sums = [
        _wide(cells, "estimate", name) * _wide(cells, "base_weighted", name)
        for name in ("share", "row_share", "total_share")
    ]
    np.testing.assert_allclose(sums[1], sums[0], rtol=1e-12)
    np.testing.assert_allclose(sums[2], sums[0], rtol=1e-12)
    for statistic in ("row_share", "total_share"):
        counts = _wide(cells, "count", statistic)
        assert (counts == _wide(cells, "count")).all()


def test_row_percentages_are_column_percentages_turned_round(
    design: SurveyDesign,
) -> None:
    options: dict[str, Any] = {"sets": SETS, "design": design, "min_base": 0}
    for row, column in [("uses", "region"), ("tools", "region"), ("region", "tools")]:
        rows = crosstab(FRAME, row, column, percent="row", **options).cells
        turned = crosstab(FRAME, column, row, **options).cells
        for value in (*NUMBERS, *BASES, "count"):
            ours = _wide(rows, value, "row_share")[:, 1:]
            np.testing.assert_allclose(
                ours, _wide(turned, value)[:, 1:].T, rtol=1e-10, atol=1e-14
            )


def test_total_percentages_are_shares_of_a_crossed_question(
    design: SurveyDesign,
) -> None:
    crossed = FRAME.assign(both=FRAME["uses"] + " " + FRAME["region"])
    alone = proportion(crossed, "both", design=design)
    cells = crosstab(FRAME, "uses", "region", design=design, percent="total").cells
    ours = cells[(cells["statistic"] == "total_share") & (cells["banner"] != "")]
    columns = [*NUMBERS, *BASES]
    np.testing.assert_allclose(ours[columns], alone[columns], rtol=1e-10)


@pytest.mark.parametrize(
    "interval", ["logit", "wilson", "beta", "arcsine", "likelihood", "wald"]
)
def test_cells_are_those_of_proportion(interval: Any, design: SurveyDesign) -> None:
    options: dict[str, Any] = {"design": design, "interval": interval}
    cells = crosstab(FRAME, "uses", ["size", "region"], min_base=0, **options).cells
    columns = [*NUMBERS, *BASES]
    alone = proportion(FRAME, "uses", **options)
    total = cells[cells["banner"] == ""]
    np.testing.assert_allclose(total[columns], alone[columns], rtol=1e-10)
    for banner in ("size", "region"):
        by = proportion(FRAME, "uses", by=banner, **options)
        ours = cells[cells["banner"] == banner].sort_values(["point", "code"])
        theirs = by.sort_values(["domain", "code"])
        np.testing.assert_allclose(ours[columns], theirs[columns], rtol=1e-10)


def test_summaries_are_those_of_mean_and_quantile(design: SurveyDesign) -> None:
    cells = crosstab(
        FRAME,
        "cost",
        "region",
        numbers=["cost"],
        summaries=["median"],
        design=design,
    ).cells
    columns = [*NUMBERS, *BASES]
    for statistic, function in (("mean", mean), ("median", quantile)):
        ours = cells[cells["statistic"] == statistic]
        alone = function(FRAME, "cost", design=design)
        by = function(FRAME, "cost", by="region", design=design)
        theirs = pd.concat([alone, by])
        np.testing.assert_allclose(ours[columns], theirs[columns], rtol=1e-10)


def test_a_cell_does_not_depend_on_its_neighbours(design: SurveyDesign) -> None:
    stub, banner = ["uses", "tools", "size", "cost"], ["size", "tools", "region"]
    options: dict[str, Any] = {
        "sets": SETS,
        "numbers": ["cost"],
        "design": design,
        "percent": EVERY,
    }
    key = ["question", "code", "statistic", "banner", "point"]
    numbers = [*NUMBERS, *BASES, "count"]
    whole = crosstab(FRAME, stub, banner, **options)
    other = crosstab(FRAME, stub[::-1], banner[::-1], **options)
    first, second = (t.cells.set_index(key).sort_index() for t in (whole, other))
    np.testing.assert_allclose(
        first[numbers].astype(float), second[numbers].astype(float), rtol=1e-9
    )
    assert (first["letters"] == second["letters"]).all()
    assert (first["note"] == second["note"]).all()
    alone = crosstab(FRAME, "uses", "region", **options).cells.set_index(key)
    np.testing.assert_allclose(
        first.loc[alone.index, numbers].astype(float),
        alone[numbers].astype(float),
        rtol=1e-9,
    )


def _stub() -> list[Variable]:
    net = Net(code="ever", label="Ever", codes=("yes", "later"))
    return [
        variables(FRAME, "uses", nets=[net])[0],
        multiple_response(FRAME, "tools", SETS["tools"]),
        replace(variables(FRAME, "cost")[0], codes=(), rows=(), position=None),
    ]


def _banner() -> list[Variable]:
    tools = multiple_response(FRAME, "tools", SETS["tools"])
    return [variables(FRAME, "size")[0], variables(FRAME, "region")[0], tools]


@pytest.mark.parametrize("name", ["equal", "weighted", "stratified", "raked", "all"])
def test_counting_jointly_gives_the_same_totals(
    name: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    data, design = FRAME, DESIGNS.get(name, SurveyDesign(weight="w", psu="psu"))
    monkeypatch.setattr("survey.estimation.joint._FEW", 1.0)
    resolved = resolve(design, data)
    layouts = [lay_out(columns_of(each), resolved) for each in _banner()]
    joint = join(layouts)
    assert joint is not None
    for variable in _stub():
        answers = prepare(variable, resolved.used)
        together = tally_jointly(answers, layouts, joint, {})
        for layout, ours in zip(layouts, together, strict=True):
            alone = tally(answers, layout)
            for field in ("w", "n", "w2"):
                np.testing.assert_allclose(
                    getattr(ours, field), getattr(alone, field), rtol=1e-12, atol=1e-12
                )


@pytest.mark.parametrize("name", ["clustered", "raked and clustered"])
@pytest.mark.parametrize("banner", range(3))
def test_many_small_units_have_the_covariance_of_few(
    name: str, banner: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    resolved = resolve(DESIGNS[name], FRAME)
    layout = lay_out(columns_of(_banner()[banner]), resolved)
    for variable in _stub():
        totals = tally(prepare(variable, resolved.used), layout)
        sums = pattern_totals(layout, totals.w)
        found = []
        for many in (0, 10**9):
            monkeypatch.setattr("survey.estimation.unit_products._MANY_UNITS", many)
            found.append(cell_covariance(totals, layout, sums).matrix)
        scale = np.abs(found[1]).max()
        np.testing.assert_allclose(found[0], found[1], rtol=1e-10, atol=1e-13 * scale)


# Exact to 18 digits, where this machine has them.
Long = np.longdouble


def _cluster_error(
    value: np.ndarray, inside: np.ndarray, weight: np.ndarray, units: int
) -> float:
    """Give the standard error of a mean over units of equal size, in longdouble."""
    w = np.where(inside, weight, 0.0).astype(Long)
    y = np.where(inside, value, 0.0).astype(Long)
    whole = w.sum()
    residual = (w * (y - (w * y).sum() / whole)).reshape(units, -1)
    z = np.where(inside.reshape(units, -1), residual, Long(0)).sum(axis=1)
    spread = ((z - z.mean()) ** 2).sum() * units / (units - 1)
    return float(np.sqrt(spread) / whole)


UNITS, SIZE = 20, 50_000
LARGE = SurveyDesign(weight="w", psu="psu")


@pytest.fixture(scope="module")
def large() -> pd.DataFrame:
    """Twenty units of 50,000: half in the row, and up to three more."""
    place = np.tile(np.arange(SIZE), UNITS)
    unit = np.repeat(np.arange(UNITS), SIZE)
    row = place % 2 == 0
    row |= (place % 2 == 1) & (place < 2 * (unit % 4))
    column, weight = place % 5 < 2, 1 / (1 + place % 7)
    return pd.DataFrame(
        {"q": row.astype(int), "b": column.astype(int), "w": weight, "psu": unit}
    )


def test_twenty_large_units_keep_their_digits(large: pd.DataFrame) -> None:
    row, column = large["q"].to_numpy() == 1, large["b"].to_numpy() == 1
    weight = large["w"].to_numpy()
    cells = crosstab(large, "q", "b", design=LARGE, percent=EVERY).cells.set_index(
        ["statistic", "code", "point"]
    )["std_error"]
    everyone = np.ones(row.size, dtype=bool)
    wanted = {
        ("share", "1", "Total"): (row, everyone),
        ("share", "1", "1"): (row, column),
        ("share", "0", "0"): (~row, ~column),
        ("row_share", "1", "1"): (column, row),
        ("total_share", "1", "1"): (row & column, everyone),
    }
    for key, (chosen, inside) in wanted.items():
        error = _cluster_error(chosen, inside, weight, UNITS)
        assert error < 1e-4
        assert cells[key] == pytest.approx(error, rel=1e-9), key


def test_association_over_large_units_keeps_its_digits(large: pd.DataFrame) -> None:
    row, column = large["q"].to_numpy() == 1, large["b"].to_numpy() == 1
    weight = large["w"].to_numpy().astype(Long)
    cells = [r & c for r in (row, ~row) for c in (column, ~column)]
    share = np.array([weight[cell].sum() for cell in cells]) / weight.sum()
    expected = np.outer(share[:2] + share[2:], share[::2] + share[1::2]).T.ravel()
    pearson = ((share - expected) ** 2 / expected).sum()
    # The only contrast of a table of two by two, and its variance of either kind.
    residual = sum(
        sign * np.where(cell, weight, Long(0)) / p
        for sign, cell, p in zip((1, -1, -1, 1), cells, share, strict=True)
    )
    z = residual.reshape(UNITS, SIZE).sum(axis=1) / weight.sum()
    variance = ((z - z.mean()) ** 2).sum() * UNITS / (UNITS - 1)
    wanted = pearson * (1 / share).sum() / variance
    found = rao_scott(large, "q", "b", design=LARGE)
    assert found.statistic == pytest.approx(float(wanted), rel=1e-9)


# Columns that overlap are centred together, and single squares lose twice the digits.
@pytest.mark.parametrize(
    ("banner", "psu", "apart"),
    [
        ("domain", None, 1e6),
        ("domain", "psu", 1e6),
        ("several", None, 1e3),
        ("several", "psu", 1e6),
    ],
)
def test_means_far_apart_keep_the_digits_of_their_errors(
    banner: str, psu: str | None, apart: float
) -> None:
    random = np.random.default_rng(5)
    units, size = 60, 40
    n = units * size
    domain = random.integers(0, 3, n)
    value = apart * domain + random.normal(size=n)
    weight = random.uniform(0.5, 2, n)
    data = pd.DataFrame({"value": value, "w": weight, "domain": domain})
    data["psu"] = np.repeat(np.arange(units), size)
    for code in range(3):
        data[f"d{code}"] = (domain == code).astype(int)
    cells = crosstab(
        data,
        "value",
        banner,
        sets={"several": ["d0", "d1", "d2"]},
        numbers=["value"],
        design=SurveyDesign(weight="w", psu=psu),
    ).cells
    for code, found in enumerate(cells["std_error"].iloc[1:]):
        number = n if psu is None else units
        error = _cluster_error(value, domain == code, weight, number)
        assert error < 0.1
        assert found == pytest.approx(error, rel=1e-9)

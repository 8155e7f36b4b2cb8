"""Tables of stored data are those of the same data in memory, cell by cell."""

from collections.abc import Callable
from typing import Any

import numpy as np
import pandas as pd
import pytest

import survey
from survey.errors import EstimationError, QuestionError
from survey.estimation import stored_answers, stored_query, stored_values
from survey.estimation.design import SurveyDesign
from survey.importers.stored import StoredData
from survey.questionnaire.model import Net
from survey.responses.recode import variables
from survey.tabulation.layout import Crosstab

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pl = pytest.importorskip("polars", reason="Polars is not installed")

DESIGNS = {
    "nobody": None,
    "weights": SurveyDesign(weight="w"),
    "strata": SurveyDesign(weight="w", strata="s"),
    "clusters": SurveyDesign(weight="w", strata="s", psu="p"),
    "margins": SurveyDesign(weight="w", strata="s", calibration=["c"]),
    "jackknife": SurveyDesign(weight="w", strata="s", psu="p", method="jkn"),
}
SETS = {"tools": ["chat", "code", "images"]}
OPTIONS: dict[str, Any] = {
    "sets": SETS,
    "nets": {
        "q": [Net(code="high", label="High", codes=["4", "5"])],
        "tools": [Net(code="any", label="Any", codes=["chat", "code"])],
    },
    "numbers": ["y"],
    "boxes": {"q": ["top2"]},
    "summaries": {"q": ["mean"]},
    "bands": {"age": [18, 30, 60]},
    "against": ("rest", "total"),
}
STUB = ["q", "tools", "age", "y", "b"]
BANNER = ["b", "c", "tools", "age", "rare"]


def draw(n: int = 1200, seed: int = 3) -> pd.DataFrame:
    """Draw answers with a category so rare that it is hidden."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, 4, n)
    frame = pd.DataFrame(
        {
            "q": rng.integers(1, 6, n).astype(float),
            "b": rng.choice(["x", "y", "z"], n).astype(object),
            "c": rng.integers(0, 2, n),
            "age": rng.integers(18, 60, n),
            "rare": rng.choice(["few", "one", "two"], n, p=[0.01, 0.5, 0.49]),
            "y": rng.normal(5, 2, n),
            "s": stratum,
            "p": stratum * 100 + rng.integers(0, 8, n),
            "w": rng.lognormal(0, 1, n),
        }
    )
    for share, name in enumerate(SETS["tools"]):
        frame[name] = (rng.random(n) < 0.3 + 0.2 * share).astype(float)
    frame.loc[rng.random(n) < 0.1, SETS["tools"]] = np.nan
    for name in ("q", "b", "y"):
        frame.loc[rng.random(n) < 0.1, name] = None
    frame.loc[rng.random(n) < 0.1, "w"] = 0.0
    # Differences that letters mark.
    frame.loc[(frame["b"] == "x") & (frame["q"] == 1), "q"] = 5
    return frame


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def engine(request: pytest.FixtureRequest) -> Callable[[pd.DataFrame], StoredData]:
    def give(frame: pd.DataFrame) -> StoredData:
        if request.param == "duckdb":
            return survey.open(frame)
        return survey.open(pl.from_pandas(frame).lazy())

    return give


def agree(one: pd.DataFrame, other: pd.DataFrame) -> None:
    assert list(one.columns) == list(other.columns)
    for name in one:
        expected, found = one[name], other[name]
        if expected.dtype.kind == "f":
            np.testing.assert_allclose(
                found, expected, rtol=1e-10, atol=1e-12, err_msg=str(name)
            )
        else:
            assert found.tolist() == expected.tolist(), name


def same(one: Crosstab, other: Crosstab) -> None:
    for part in ("cells", "bases", "tests"):
        agree(getattr(one, part), getattr(other, part))
    assert one.titles == other.titles
    assert one.columns == other.columns


@pytest.mark.parametrize("design", DESIGNS)
def test_a_table_is_that_of_memory(
    engine: Callable[[pd.DataFrame], StoredData], design: str
) -> None:
    frame = draw()
    options = {"design": DESIGNS[design], **OPTIONS}
    one = survey.crosstab(frame, STUB, BANNER, **options)
    assert one.cells["letters"].ne("").any()
    assert one.cells["note"].str.startswith("hidden").any()
    same(one, survey.crosstab(engine(frame), STUB, BANNER, **options))


def test_a_table_without_a_banner(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw(40)
    for floor in (30, 50):
        options = {**OPTIONS, "min_base": floor}
        one = survey.crosstab(frame, STUB, **options)
        same(one, survey.crosstab(engine(frame), STUB, **options))


def test_several_weightings_stand_side_by_side(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw()
    designs = {"plain": SurveyDesign(), "weighted": SurveyDesign(weight="w")}
    one = survey.crosstab(frame, "q", "b", design=designs)
    same(one, survey.crosstab(engine(frame), "q", "b", design=designs))


def test_a_question_that_nobody_answered(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw(60).assign(empty=np.nan)
    one = survey.crosstab(frame, ["empty", "q"], "b")
    same(one, survey.crosstab(engine(frame), ["empty", "q"], "b"))


@pytest.fixture
def queries(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """List the queries that are run."""
    ran: list[str] = []
    for module in (stored_answers, stored_query, stored_values):
        real = module.collected

        def counted(query: Any, name: str, engine: str, real: Any = real) -> Any:
            ran.append(engine)
            return real(query, name, engine)

        monkeypatch.setattr(module, "collected", counted)
    return ran


def test_a_query_for_the_codes_and_one_for_each_banner_question(
    engine: Callable[[pd.DataFrame], StoredData], queries: list[str]
) -> None:
    data = engine(draw())
    survey.crosstab(data, ["q", "age", "rare"], ["b", "c"], design=DESIGNS["clusters"])
    assert len(queries) == 1 + 2


def test_what_is_hidden_takes_one_query_more(
    engine: Callable[[pd.DataFrame], StoredData], queries: list[str]
) -> None:
    survey.crosstab(engine(draw()), ["q"], ["b", "rare"])
    assert len(queries) == 1 + 2 + 1


@pytest.mark.parametrize(
    ("options", "match"),
    [
        ({"percent": ["column", "row"]}, "percent 'row' is not available"),
        ({"summaries": {"q": ["median"]}}, "summary 'median' needs respondents"),
        ({"summaries": {"q": ["sd", "mean"]}}, "summary 'sd' needs respondents"),
    ],
)
def test_what_needs_respondents_says_so(
    engine: Callable[[pd.DataFrame], StoredData],
    options: dict[str, Any],
    match: str,
) -> None:
    with pytest.raises(EstimationError, match=match):
        survey.crosstab(engine(draw(60)), "q", "b", **options)


def test_questions_that_cannot_be_are_refused(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw(60)
    data = engine(frame)
    with pytest.raises(QuestionError, match="There is no column 'qq'"):
        survey.crosstab(data, "qq", "b")
    with pytest.raises(QuestionError, match="'y' holds numbers and cannot be a banner"):
        survey.crosstab(data, "q", "y", numbers=["y"])
    with pytest.raises(QuestionError, match="given by name"):
        survey.crosstab(data, variables(frame, "q"), "b")
    with pytest.raises(QuestionError, match="Give 1 for chosen"):
        survey.crosstab(data, "set", sets={"set": ["q"]})
    with pytest.raises(EstimationError, match="names no weighting"):
        survey.crosstab(data, "q", "b", design={})

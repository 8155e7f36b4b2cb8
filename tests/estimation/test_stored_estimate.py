"""Estimates of stored data are those of the same data in memory, on every engine."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import survey
from survey.errors import DesignError, EstimationError, QuestionError, SurveyError
from survey.estimation import stored_answers, stored_query, stored_values
from survey.estimation.design import SurveyDesign
from survey.importers.stored import StoredData

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pl = pytest.importorskip("polars", reason="Polars is not installed")

# Estimates of the engine and of memory differ by the order of sums.
CLOSE = {"rtol": 1e-10, "atol": 1e-12}
DESIGNS = {
    "nobody": None,
    "weights": SurveyDesign(weight="w"),
    "strata": SurveyDesign(weight="w", strata="s"),
    "corrected": SurveyDesign(weight="w", strata="s", fpc="many"),
    "clusters": SurveyDesign(weight="w", strata="s", psu="p"),
    "lonely": SurveyDesign(weight="w", strata="l", psu="p", lonely_psu="adjust"),
    "averaged": SurveyDesign(weight="w", strata="l", psu="p", lonely_psu="average"),
    "stages": SurveyDesign(
        weight="w",
        strata="s",
        psu=["p", "household"],
        fpc=["few", "many"],
        lonely_psu="certainty",
    ),
    "margins": SurveyDesign(weight="w", strata="s", calibration=["c", "s"]),
    "units and margins": SurveyDesign(weight="w", psu="p", calibration=[("c", "s")]),
    "jackknife": SurveyDesign(weight="w", strata="s", psu="p", method="jkn"),
    "bootstrap": SurveyDesign(
        weight="w", strata="s", psu="p", method="bootstrap", replicates=20
    ),
}
TASKS: list[tuple[Callable[..., pd.DataFrame], tuple[str, ...]]] = [
    (survey.proportion, ("q",)),
    (survey.mean, ("q",)),
    (survey.mean, ("y",)),
    (survey.total, ("y",)),
    (survey.total, ("b",)),
    (survey.ratio, ("y", "x")),
]
BY: list[Any] = [None, "b", ["b", "c"]]


def draw(n: int = 600, seed: int = 1) -> pd.DataFrame:
    """Draw answers with blanks, weights of 0, units of one and of many respondents."""
    rng = np.random.default_rng(seed)
    stratum = rng.integers(0, 4, n)
    frame = pd.DataFrame(
        {
            "q": rng.integers(1, 6, n).astype(float),
            "b": rng.choice(["x", "y", "z"], n).astype(object),
            "c": rng.integers(0, 2, n),
            "s": stratum,
            "p": stratum * 100 + rng.integers(0, 6, n),
            "w": rng.lognormal(0, 1, n),
            "y": rng.normal(5, 2, n),
            "x": rng.uniform(1, 2, n),
            "few": 40.0,
            "many": 100_000.0,
        }
    )
    frame["household"] = frame["p"] * 100 + rng.integers(0, 60, n)
    # A unit of one respondent, and a stratum of one unit.
    frame.loc[0, "p"] = frame.loc[0, "s"] * 100 + 99
    frame["l"] = np.where(frame["p"] == 1, 9, frame["s"])
    for name in ("q", "b", "y"):
        frame.loc[rng.random(n) < 0.1, name] = None
    frame.loc[rng.random(n) < 0.1, "w"] = 0.0
    return frame


@pytest.fixture(scope="module", params=["duckdb", "polars"])
def engine(request: pytest.FixtureRequest) -> Callable[[pd.DataFrame], StoredData]:
    def give(frame: pd.DataFrame) -> StoredData:
        if request.param == "duckdb":
            return survey.open(frame)
        return survey.open(pl.from_pandas(frame).lazy())

    return give


def agree(one: pd.DataFrame, other: pd.DataFrame, **close: float) -> None:
    assert list(one.columns) == list(other.columns)
    for name in one:
        if one[name].dtype.kind == "f":
            found, expected = other[name].to_numpy(), one[name].to_numpy()
            np.testing.assert_allclose(
                found, expected, **(close or CLOSE), err_msg=str(name)
            )
        else:
            assert other[name].tolist() == one[name].tolist(), name


@pytest.mark.parametrize("design", DESIGNS)
def test_estimates_are_those_of_memory(
    engine: Callable[[pd.DataFrame], StoredData], design: str
) -> None:
    frame = draw()
    data = engine(frame)
    for function, names in TASKS:
        if function is survey.ratio and design in ("jackknife", "bootstrap"):
            continue
        for by in BY:
            options = {"by": by, "design": DESIGNS[design]}
            agree(function(frame, *names, **options), function(data, *names, **options))


@pytest.mark.parametrize("design", ["weights", "clusters", "margins", "averaged"])
def test_numbers_of_a_million_keep_their_digits(
    engine: Callable[[pd.DataFrame], StoredData], design: str
) -> None:
    frame = draw()
    # The hand calculation: the same numbers without the million have the same errors.
    near = frame.assign(y=frame["y"].round(1))
    frame["y"] = near["y"] + 1e6
    data = engine(frame)
    for by in BY:
        options = {"by": by, "design": DESIGNS[design]}
        found = survey.mean(data, "y", **options)
        agree(survey.mean(frame, "y", **options), found)
        plain = survey.mean(near, "y", **options)
        np.testing.assert_allclose(found["estimate"] - 1e6, plain["estimate"], 1e-9)
        np.testing.assert_allclose(found["std_error"], plain["std_error"], 1e-9)


def test_numbers_that_are_all_the_same_do_not_vary(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw().assign(y=0.1)
    options = {"by": "b", "design": DESIGNS["weights"]}
    found = survey.mean(engine(frame), "y", **options)
    agree(survey.mean(frame, "y", **options), found)
    assert found["std_error"].max() < np.finfo(float).eps


def test_the_association_is_that_of_memory(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw()
    data = engine(frame)
    for design in DESIGNS.values():
        one = survey.rao_scott(frame, "q", "b", design=design)
        other = survey.rao_scott(data, "q", "b", design=design)
        for name in ("statistic", "ndf", "ddf", "p_value"):
            expected = getattr(one, name)
            assert getattr(other, name) == pytest.approx(expected, rel=1e-10)


column = st.lists
some_answers = st.sampled_from(["a", "b", None])
some_weights = st.sampled_from([0.0, 1e-6, 0.3, 1.0, 7.0, 1e6])


@st.composite
def respondents(draw_from: Any) -> pd.DataFrame:
    """Draw small data with weights of all scales, lonely units and empty categories."""
    n = draw_from(st.integers(6, 30))

    def several(values: Any) -> Any:
        return draw_from(st.lists(values, min_size=n, max_size=n))

    place = np.arange(n)
    frame = pd.DataFrame(
        {
            "q": several(some_answers),
            "b": several(st.sampled_from(["x", "y", None])),
            "y": several(st.sampled_from([None, 0.0, 1.5, -3.0, 1e3])),
            "w": several(some_weights),
            "s": several(st.integers(0, 2)),
            "p": place // 2,
        }
    ).astype({"q": object, "b": object, "y": float})
    frame["p"] += 100 * frame["s"]
    frame.loc[0, ["q", "b", "y", "w"]] = ["a", "x", 1.5, 1.0]
    return frame


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(frame=respondents(), design=st.sampled_from(["w", "s", "p", "m"]))
def test_any_data_give_what_memory_gives(frame: pd.DataFrame, design: str) -> None:
    made = {
        "w": SurveyDesign(weight="w"),
        "s": SurveyDesign(weight="w", strata="s", lonely_psu="adjust"),
        "p": SurveyDesign(weight="w", strata="s", psu="p", lonely_psu="certainty"),
        "m": SurveyDesign(weight="w", calibration=["s"]),
    }[design]
    for data in (survey.open(frame), survey.open(pl.from_pandas(frame).lazy())):
        for function, name in ((survey.proportion, "q"), (survey.mean, "y")):
            one = _outcome(function, frame, name, made)
            other = _outcome(function, data, name, made)
            if isinstance(one, str) or isinstance(other, str):
                assert one == other
            else:
                # Errors of 0 and of a last digit are told apart by the same rule.
                agree(one, other, rtol=1e-9, atol=1e-9)


def _outcome(
    function: Callable[..., pd.DataFrame], data: Any, name: str, design: SurveyDesign
) -> pd.DataFrame | str:
    try:
        return function(data, name, by="b", design=design)
    except SurveyError as problem:
        return type(problem).__name__


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


@pytest.mark.parametrize(
    ("task", "expected"), [(TASKS[0], 2), (TASKS[1], 2), (TASKS[3], 2), (TASKS[5], 2)]
)
def test_an_estimate_takes_two_queries(
    engine: Callable[[pd.DataFrame], StoredData],
    queries: list[str],
    task: tuple[Callable[..., pd.DataFrame], tuple[str, ...]],
    expected: int,
) -> None:
    data = engine(draw(60))
    task[0](data, *task[1], by="b", design=DESIGNS["strata"])
    assert len(queries) == expected


def test_columns_of_all_kinds_are_codes() -> None:
    frame = draw(60)
    frame["yes"] = frame["c"] == 1
    frame["size"] = pd.Categorical(
        np.where(frame["c"] == 1, "small", "large"), ["small", "large", "none"]
    )
    polars = pl.from_pandas(frame).with_columns(
        pl.col("size").cast(pl.Enum(["small", "large", "none"]))
    )
    for data, names in (
        (survey.open(frame), ("yes", "c", "s")),
        (survey.open(polars.lazy()), ("yes", "size", "c", "s")),
    ):
        for name in names:
            agree(survey.proportion(frame, name), survey.proportion(data, name))
            agree(
                survey.proportion(frame, "q", by=name),
                survey.proportion(data, "q", by=name),
            )


def test_names_of_columns_are_data() -> None:
    names = {"q": 'k"; drop table x --', "b": "w2", "w": "one", "s": "K"}
    frame = draw(60).rename(columns=names).drop(columns="p")
    design = SurveyDesign(weight="one", strata="K")
    for data in (survey.open(frame), survey.open(pl.from_pandas(frame).lazy())):
        found = survey.proportion(data, names["q"], by="w2", design=design)
        agree(survey.proportion(frame, names["q"], by="w2", design=design), found)


@pytest.mark.parametrize(
    ("change", "design", "match"),
    [
        ({"w": -1.0}, SurveyDesign(weight="w"), "weight is negative.* 60 of 60"),
        ({"w": 0.0}, SurveyDesign(weight="w"), "weight is 0 for all 60"),
        ({"w": 1e200}, SurveyDesign(weight="w"), "too large or too small"),
        ({}, SurveyDesign(weight="b"), "holds String and no numbers"),
        ({}, SurveyDesign(weight="ww"), "'ww' is not in the data"),
        ({}, SurveyDesign(weight=np.ones(60)), "stored data take names"),
        ({}, SurveyDesign(strata="b"), r"'b' is missing for \d+ of 60"),
        ({}, SurveyDesign(replicate_weights=["w"], method="jk1"), "not available"),
        ({}, SurveyDesign(method="jk1"), "Name psu"),
        ({}, SurveyDesign(psu="p", strata="w"), "one PSU"),
    ],
)
def test_designs_that_cannot_be_are_refused(
    engine: Callable[[pd.DataFrame], StoredData],
    change: dict[str, float],
    design: SurveyDesign,
    match: str,
) -> None:
    data = engine(draw(60).assign(**change))
    with pytest.raises(DesignError, match=match):
        survey.proportion(data, "q", design=design)


def test_questions_that_cannot_be_are_refused(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw(60).assign(empty=np.nan, far=np.inf, id=1.0)
    data = engine(frame)
    with pytest.raises(QuestionError, match="There is no column 'qq'"):
        survey.proportion(data, "qq")
    with pytest.raises(QuestionError, match="There is no column 'bb'"):
        survey.proportion(data, "q", by="bb")
    with pytest.raises(EstimationError, match="'empty' has no respondent in its base"):
        survey.proportion(data, "empty")
    with pytest.raises(EstimationError, match="'empty' has no respondent in its base"):
        survey.mean(data, "empty")
    with pytest.raises(QuestionError, match="'far' is infinite for 60 respondents"):
        survey.mean(data, "far")
    with pytest.raises(EstimationError, match="'b' has codes that are no numbers"):
        survey.mean(data, "b")
    with pytest.raises(EstimationError, match="'b' holds String and no numbers"):
        survey.ratio(data, "y", "b")
    with pytest.raises(EstimationError, match="has both 'y' and 'empty'"):
        survey.ratio(data, "y", "empty")
    with pytest.raises(EstimationError, match="have no replicates"):
        survey.ratio(data, "y", "x", design=DESIGNS["jackknife"])


def test_a_column_of_ids_is_no_question(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = pd.DataFrame({"id": [f"r{i}" for i in range(1200)]})
    with pytest.raises(EstimationError, match="'id' have more than 1,000 different"):
        survey.proportion(engine(frame), "id")


def test_a_ratio_without_a_denominator_says_so(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    frame = draw(60).assign(x=0.0)
    agree(
        survey.ratio(frame, "y", "x", by="b"),
        survey.ratio(engine(frame), "y", "x", by="b"),
    )


def test_what_needs_respondents_says_so(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    data: Any = engine(draw(60))
    for ask in (
        lambda: survey.quantile(data, "y"),
        lambda: survey.regression(data, "y ~ x"),
    ):
        with pytest.raises(EstimationError, match="needs every respondent"):
            ask()


def test_data_without_respondents_are_refused(
    engine: Callable[[pd.DataFrame], StoredData],
) -> None:
    with pytest.raises(DesignError, match="no respondents"):
        survey.mean(engine(draw(60).iloc[:0].astype({"b": "str"})), "y")


@pytest.fixture(scope="module")
def spark() -> Iterator[Any]:
    sql = pytest.importorskip("pyspark.sql", reason="Spark is not installed")
    try:
        session = (
            sql.SparkSession.builder.master("local[2]")
            .config("spark.ui.enabled", "false")
            .config("spark.sql.shuffle.partitions", "3")
            .config("spark.driver.host", "127.0.0.1")
            .getOrCreate()
        )
    except Exception as problem:  # noqa: BLE001 - Java is missing in many ways
        pytest.skip(f"Spark does not start: {problem}")
    yield session
    gateway = session.sparkContext._gateway
    session.stop()
    # Java would live as long as this process, as a child that other tests meet.
    gateway.shutdown()
    gateway.proc.stdin.close()
    gateway.proc.wait(timeout=60)


@pytest.mark.filterwarnings("ignore")
def test_spark_gives_what_memory_gives(spark: Any, tmp_path: Path) -> None:
    frame = draw(300)
    for part in range(3):
        frame.iloc[part::3].to_parquet(tmp_path / f"part{part}.parquet")
    data = survey.open(spark.read.parquet(str(tmp_path)).repartition(4))
    assert data.frame.to_native().rdd.getNumPartitions() == 4
    for design in ("strata", "clusters"):
        for function, names in (TASKS[0], TASKS[2], TASKS[5]):
            options = {"by": "b", "design": DESIGNS[design]}
            agree(function(frame, *names, **options), function(data, *names, **options))
    one, other = (
        survey.crosstab(each, ["q", "c"], "b", design=DESIGNS["clusters"])
        for each in (frame, data)
    )
    agree(one.cells, other.cells)
    agree(one.tests, other.tests)

"""Raking of stored data gives the weights of raking in memory."""

import numpy as np
import pandas as pd
import pytest

import survey
from survey.errors import MarginError, RakingError
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.weighting.diagnostics import (
    deff_kish,
    effective_base,
    margin_table,
    weighting_efficiency,
)
from survey.weighting.rake import rake
from survey.weighting.stored import rake_stored, stored_margin_table, with_weight

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pl = pytest.importorskip("polars", reason="Polars is not installed")

ENGINES = ["duckdb", "polars"]
MARGINS = {
    "size": {"s": 50, "m": 30, "l": 20},
    "region": {"1": 0.4, "2": 0.35, "3": 0.25},
    ("new", "size"): {
        ("0", "s"): 0.3,
        ("0", "m"): 0.2,
        ("0", "l"): 0.1,
        ("1", "s"): 0.2,
        ("1", "m"): 0.1,
        ("1", "l"): 0.1,
    },
}


def people(n: int = 2000) -> pd.DataFrame:
    draw = np.random.default_rng(8)
    frame = pd.DataFrame(
        {
            "row": np.arange(n),
            "size": draw.choice(["s", "m", "l"], n, p=[0.2, 0.3, 0.5]),
            "region": draw.choice([1, 2, 3], n),
            "new": draw.random(n) < 0.3,
            "base": draw.lognormal(3.0, 1.5, n),
        }
    )
    frame.loc[draw.random(n) < 0.05, "base"] = 0.0
    return frame


def stored(frame: pd.DataFrame, engine: str) -> StoredData:
    return survey.open(frame if engine == "duckdb" else pl.from_pandas(frame).lazy())


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("base", [None, "base"])
def test_weights_and_diagnostics_are_those_in_memory(
    engine: str, base: str | None
) -> None:
    frame = people()
    memory = rake(frame, MARGINS, base_weight=base)
    data = stored(frame, engine)
    made = rake_stored(data, MARGINS, base_weight=base)
    given = collected(with_weight(data, made).frame.sort("row"), data.name)
    np.testing.assert_allclose(given["weight"], memory.weight, rtol=1e-10, atol=1e-10)
    assert made.base_effective == pytest.approx(
        effective_base(memory.weight), rel=1e-10
    )
    assert made.deff_kish == pytest.approx(deff_kish(memory.weight), rel=1e-10)
    assert made.weighting_efficiency == pytest.approx(
        weighting_efficiency(memory.weight), rel=1e-10
    )
    assert made.respondents == int((memory.weight > 0).sum())
    pd.testing.assert_frame_equal(
        stored_margin_table(made), margin_table(memory), rtol=1e-10, atol=1e-10
    )


@pytest.mark.parametrize("engine", ENGINES)
def test_weights_by_hand(engine: str) -> None:
    # Three of four are small and shall be half: 2/3 each, and 2 for the large one.
    data = stored(pd.DataFrame({"size": ["s", "s", "s", "l"]}), engine)
    made = rake_stored(data, {"size": {"s": 0.5, "l": 0.5}})
    given = collected(with_weight(data, made, "w").frame, data.name)
    assert sorted(given["w"]) == pytest.approx([2 / 3, 2 / 3, 2 / 3, 2])
    # 4 squared by 3 x 4/9 + 4 is 3.
    assert made.base_effective == pytest.approx(3)


def test_weights_far_apart_are_met() -> None:
    frame = people().assign(base=lambda f: f["base"] * 10.0 ** (f["row"] % 13 - 6))
    memory = rake(frame, MARGINS, base_weight="base")
    data = stored(frame, "duckdb")
    made = rake_stored(data, MARGINS, base_weight="base")
    given = collected(with_weight(data, made).frame.sort("row"), data.name)
    np.testing.assert_allclose(given["weight"], memory.weight, rtol=1e-9)


@pytest.mark.parametrize("engine", ENGINES)
def test_who_has_no_base_weight_needs_no_category(engine: str) -> None:
    frame = pd.DataFrame({"size": ["s", "l", None, "x"], "base": [1.0, 1.0, 0.0, 0.0]})
    data = stored(frame, engine)
    made = rake_stored(data, {"size": {"s": 0.75, "l": 0.25}}, base_weight="base")
    given = collected(with_weight(data, made).frame, data.name)
    assert sorted(given["weight"]) == pytest.approx([0, 0, 0.5, 1.5])


@pytest.mark.parametrize("engine", ENGINES)
def test_blanks_are_refused_and_counted(engine: str) -> None:
    data = stored(people().replace({"size": {"m": None}}), engine)
    count = int((people()["size"] == "m").sum())
    with pytest.raises(MarginError, match=f"'size' is missing for {count} of 2000"):
        rake_stored(data, {"size": {"s": 0.5, "l": 0.5}})


def test_a_category_without_a_target_is_refused_and_counted() -> None:
    count = int((people()["size"] == "m").sum())
    with pytest.raises(MarginError, match=rf"no target for 'm' \({count} respondents"):
        rake_stored(stored(people(), "duckdb"), {"size": {"s": 0.5, "l": 0.5}})


def test_a_target_that_nobody_answers_is_refused() -> None:
    targets = {"s": 0.4, "m": 0.2, "l": 0.2, "x": 0.2}
    with pytest.raises(MarginError, match="never answered: 'x'"):
        rake_stored(stored(people(), "duckdb"), {"size": targets})


@pytest.mark.parametrize("engine", ENGINES)
@pytest.mark.parametrize("wrong", [-1.0, np.nan, np.inf])
def test_base_weights_that_are_none_are_refused(engine: str, wrong: float) -> None:
    frame = people()
    frame.loc[[3, 7], "base"] = wrong
    with pytest.raises(RakingError, match=r"infinite for 2 of 2000 respondents"):
        rake_stored(stored(frame, engine), MARGINS, base_weight="base")


def test_base_weights_of_nobody_are_refused() -> None:
    data = stored(people().assign(base=0.0), "duckdb")
    with pytest.raises(RakingError, match="are 0 for all 2000 respondents"):
        rake_stored(data, MARGINS, base_weight="base")


def test_margins_without_respondents_are_refused() -> None:
    with pytest.raises(RakingError, match="no respondents to weight"):
        rake_stored(stored(people()[:0], "polars"), MARGINS)
    with pytest.raises(MarginError, match="no margin to rake to"):
        rake_stored(stored(people(), "polars"), {})


def test_columns_that_are_not_there_are_named() -> None:
    with pytest.raises(MarginError, match="no column 'age'"):
        rake_stored(stored(people(), "duckdb"), {"age": {"1": 1.0}})


def test_a_column_is_not_replaced() -> None:
    data = stored(people(), "duckdb")
    made = rake_stored(data, MARGINS)
    with pytest.raises(RakingError, match="has a column 'BASE' already"):
        with_weight(data, made, "BASE")


def test_margins_that_contradict_each_other_are_refused() -> None:
    frame = pd.DataFrame({"a": ["1", "1", "2"], "b": ["1", "1", "2"]})
    margins = {"a": {"1": 0.5, "2": 0.5}, "b": {"1": 0.7, "2": 0.3}}
    with pytest.raises(RakingError):
        rake_stored(stored(frame, "duckdb"), margins)

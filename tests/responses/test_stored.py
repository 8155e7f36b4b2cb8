"""Stored data give the codes, states, bases and findings that memory gives."""

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import narwhals as nw
import numpy as np
import pandas as pd
import pytest

import survey
from survey.errors import DataFileError, QuestionError
from survey.finding import Finding
from survey.importers.raw import (
    ColumnLabel,
    MissingRange,
    MultipleSet,
    RawTable,
    Source,
)
from survey.importers.stored import StoredData
from survey.importers.stored_queries import collected
from survey.questionnaire.model import BaseRule, Net, Questionnaire
from survey.responses.recode import variables
from survey.responses.stored import StoredResponses, stored_responses
from survey.responses.stored_variables import (
    StoredVariable,
    plain_columns,
    stored_variables,
)
from survey.responses.table import Responses
from survey.responses.variable import Variable

pytest.importorskip("duckdb", reason="DuckDB is not installed")
pl = pytest.importorskip("polars", reason="Polars is not installed")

ROOT = Path(__file__).parents[2]
ROW = "row number"
WAVES = {
    "2023": ("wave-2023.csv", "genai-adoption-2023.yaml"),
    "2024": ("wave-2024.sav", "genai-adoption-2024.yaml"),
    "2025": ("wave-2025.csv", "genai-adoption.yaml"),
}
ENGINES = ["duckdb", "polars"]
RULES: list[BaseRule] = ["asked", "answered", "named"]

Stored = Callable[[RawTable], StoredData]


@pytest.fixture(params=ENGINES)
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Stored:
    """Write the records of an export to Parquet, and open them with an engine."""

    def write(raw: RawTable) -> StoredData:
        path = tmp_path / "wave.parquet"
        numbered = raw.frame.assign(**{ROW: np.arange(len(raw.frame))})
        numbered.to_parquet(path)
        return survey.open(path if request.param == "duckdb" else pl.scan_parquet(path))

    return write


def in_order(stored: StoredResponses, **columns: nw.Expr) -> pd.DataFrame:
    query = stored.data.frame.select(ROW, **columns)
    return collected(query, "wave").sort_values(ROW, ignore_index=True)


def values(column: pd.Series) -> list[Any]:
    """Give a column in memory as the engine gives it."""
    if isinstance(column.dtype, pd.CategoricalDtype):
        return column.cat.codes.tolist()
    return column.astype(object).where(column.notna(), None).tolist()


def assert_same_answers(memory: Responses, stored: StoredResponses) -> None:
    names, states = stored.places.columns, stored.places.states
    assert set(names) == set(memory.frame)
    assert set(states) == set(memory.states)
    found = in_order(stored, **{n: nw.col(p) for n, p in names.items()})
    for name in memory.frame:
        assert values(found[name]) == values(memory.frame[name]), name
    found = in_order(stored, **{n: nw.col(p) for n, p in states.items()})
    for name in memory.states:
        assert found[name].tolist() == memory.states[name].tolist(), name


def told(findings: tuple[Finding, ...], name: str) -> list[tuple[object, ...]]:
    """Give findings without the name of the data; lists may be in any order."""
    words = [re.findall(r"\S+", f.message.replace(name, "FILE")) for f in findings]
    plain = [sorted(word.strip(",.") for word in each) for each in words]
    return sorted(
        (f.check, f.question, f.count, *said)
        for f, said in zip(findings, plain, strict=True)
    )


def assert_same_findings(memory: Responses, stored: StoredResponses) -> None:
    given = told(stored.findings, stored.data.name)
    assert given == told(memory.findings, memory.source.name)
    assert all(found.respondents == () for found in stored.findings)


@pytest.fixture(params=WAVES)
def wave(request: pytest.FixtureRequest) -> tuple[RawTable, Questionnaire]:
    data, questionnaire = WAVES[request.param]
    return (
        survey.read(ROOT / "data" / data),
        survey.load_questionnaire(ROOT / "questionnaires" / questionnaire),
    )


def test_the_shipped_waves_are_coded_as_in_memory(
    store: Stored, wave: tuple[RawTable, Questionnaire]
) -> None:
    raw, questionnaire = wave
    memory = survey.bind(raw, questionnaire)
    stored = stored_responses(store(raw), questionnaire, like=raw)
    assert_same_answers(memory, stored)
    assert_same_findings(memory, stored)


def test_bases_of_the_shipped_waves_are_those_in_memory(
    store: Stored, wave: tuple[RawTable, Questionnaire]
) -> None:
    raw, questionnaire = wave
    memory = survey.bind(raw, questionnaire)
    stored = stored_responses(store(raw), questionnaire, like=raw)
    assert_same_variables(memory, stored)


def assert_same_variables(memory: Responses, stored: StoredResponses) -> None:
    """Compare the variables of all questions under all rules, in one query."""
    asked_for: list[tuple[Variable, StoredVariable]] = []
    for question in stored.questionnaire.questions:
        for rule in RULES:
            expected = variables(memory, question.id, base=rule)
            given = stored_variables(stored, question.id, base=rule)
            asked_for += zip(expected, given, strict=True)
    columns: dict[str, nw.Expr] = {}
    for i, (_, given) in enumerate(asked_for):
        columns |= arrays(given, str(i))
    found = in_order(stored, **columns)
    for i, (expected, given) in enumerate(asked_for):
        assert_same_shape(expected, given.shape)
        assert_same_arrays(expected, found, str(i))


def arrays(given: StoredVariable, key: str) -> dict[str, nw.Expr]:
    columns = {f"{key} base": given.base}
    if given.position is not None:
        columns[f"{key} position"] = given.position
    if given.value is not None:
        columns[f"{key} value"] = given.value
    marks = given.chosen or ()
    return columns | {f"{key} c{i}": mark for i, mark in enumerate(marks)}


def assert_same_shape(expected: Variable, given: Variable) -> None:
    for field in ("name", "label", "codes", "rows", "base_text"):
        assert getattr(given, field) == getattr(expected, field)


def assert_same_arrays(expected: Variable, found: pd.DataFrame, key: str) -> None:
    assert found[f"{key} base"].tolist() == expected.base.tolist()
    if expected.position is not None:
        assert found[f"{key} position"].tolist() == expected.position.tolist()
    if expected.value is not None:
        value = found[f"{key} value"].to_numpy(dtype=float)
        np.testing.assert_array_equal(value, expected.value)
    if expected.chosen is not None:
        names = [f"{key} c{i}" for i in range(len(expected.codes))]
        marks = found[names].to_numpy(dtype=bool)
        np.testing.assert_array_equal(marks, expected.chosen)


def export(frame: pd.DataFrame, **known: Any) -> RawTable:
    """Make an export of a plain table."""
    labels = {name: ColumnLabel(name, name) for name in frame}
    labels |= known.pop("labels", {})
    source = Source("wave.csv", "", "")
    return RawTable(
        frame, labels, known.get("missing", {}), known.get("sets", ()), source
    )


def asked(*questions: dict[str, Any], **more: Any) -> Questionnaire:
    listed = [{"label": q["id"], **q} for q in questions]
    return Questionnaire(id="a", title="A", questions=listed, **more)


def choices(*codes: Any) -> list[dict[str, Any]]:
    return [c if isinstance(c, dict) else {"code": c, "label": f"L{c}"} for c in codes]


def check(
    store: Stored, raw: RawTable, questionnaire: Questionnaire
) -> StoredResponses:
    """Compare stored data with memory in everything; give what was stored."""
    memory = survey.bind(raw, questionnaire)
    stored = stored_responses(store(raw), questionnaire, like=raw)
    assert_same_answers(memory, stored)
    assert_same_findings(memory, stored)
    assert_same_variables(memory, stored)
    return stored


def text(*cells: object) -> pd.Series:
    return pd.Series(cells, dtype="str")


def test_values_match_by_code_alias_label_and_notation(store: Stored) -> None:
    cells = text("1", " 1.0 ", "l2", "two", " ", None, "9", "Nine", "7", "7")
    aliased = {"code": 2, "label": "L2", "aliases": ["two"]}
    question = {"id": "q", "kind": "single", "categories": choices(1, aliased)}
    stored = check(store, export(pd.DataFrame({"q": cells})), asked(question))
    assert [f.count for f in stored.findings] == [4]


def test_missing_and_dont_know_leave_the_bases_that_they_leave_in_memory(
    store: Stored,
) -> None:
    categories = choices(
        1,
        {"code": 8, "label": "Don't know", "dont_know": True},
        {"code": 9, "label": "Refused", "missing": True},
    )
    cells = text("1", "8", "9", None)
    question = {"id": "q", "kind": "single", "categories": categories}
    raw = export(pd.DataFrame({"q": cells}))
    check(store, raw, asked(question))
    check(store, raw, asked({**question, "dont_know_in_base": False}))


def test_numbers_of_a_binary_file_are_codes(store: Stored) -> None:
    frame = pd.DataFrame({"q": [1.0, 2.0, 99.0, np.nan, 3.5]})
    raw = export(frame, missing={"q": (MissingRange(98.0, 99.0),)})
    question = {"id": "q", "kind": "single", "categories": choices(1, 2)}
    check(store, raw, asked(question))


def test_user_missing_values_are_told_once(store: Stored) -> None:
    frame = pd.DataFrame({"q": [1.0, 99.0], "n": [99.0, 4.0], "t": text("99", "x")})
    ranges = (MissingRange(99.0, 99.0),)
    raw = export(frame, missing=dict.fromkeys(frame, ranges))
    check(
        store,
        raw,
        asked(
            {"id": "q", "kind": "single", "categories": choices(1)},
            {"id": "n", "kind": "numeric"},
            {"id": "t", "kind": "text"},
        ),
    )


@pytest.mark.parametrize(
    "cells",
    [
        ["1,250", "0.5", "12", "ca. 40", " 7 ", "", None],
        ["1.250", "0,5", "1.250,00", "x", "x"],
        ["1e3", ".5", "5.", "+4", "-2", "inf", "nan", "0x1"],
    ],
)
def test_numbers_are_read_as_in_memory(store: Stored, cells: list[str]) -> None:
    raw = export(pd.DataFrame({"n": text(*cells)}))
    check(store, raw, asked({"id": "n", "kind": "numeric"}))


def test_numbers_that_are_numbers_stay_as_they_are(store: Stored) -> None:
    raw = export(pd.DataFrame({"n": [0.1, 1e300, -3.0, np.nan, 1 / 3, 2**53 - 1.0]}))
    check(store, raw, asked({"id": "n", "kind": "numeric"}))


MANY = {
    "id": "m",
    "kind": "multiple",
    "max_choices": 2,
    "categories": choices(
        "a", "b", "c", {"code": "none", "label": "None", "exclusive": True}
    ),
}
MARKS = pd.DataFrame(
    {
        "m_a": text("Y", None, "Y", None, "Y", None),
        "m_b": text("Y", None, None, None, "Y", None),
        "m_c": text("Y", None, None, None, None, None),
        "m_none": text(None, "Y", "Y", None, None, None),
    }
)


def test_marks_in_option_columns_are_choices(store: Stored) -> None:
    stored = check(store, export(MARKS), asked(MANY))
    assert {f.check: f.count for f in stored.findings} == {
        "exclusive_combined": 1,
        "over_cap": 1,
    }


@pytest.mark.parametrize(
    "frame",
    [
        MARKS.replace("Y", "Yes").fillna("No"),
        MARKS.replace("Y", "1").fillna("0").drop(index=4).reset_index(drop=True),
        MARKS.replace("Y", "1").fillna("0").replace({"m_c": {"0": "99"}}),
        MARKS.replace("Y", "no"),
        MARKS.replace("Y", "no").iloc[[1, 3, 5]].reset_index(drop=True),
        MARKS.replace("Y", 1.0).astype(float),
    ],
    ids=["yes-no", "one-zero", "strange", "no-words", "single-no", "numbers"],
)
def test_yes_and_no_are_told_from_marks_as_in_memory(
    store: Stored, frame: pd.DataFrame
) -> None:
    check(store, export(frame), asked(MANY))


def test_a_counted_value_and_absent_categories(store: Stored) -> None:
    frame = MARKS.drop(columns="m_c").replace("Y", "x").fillna("-")
    check(store, export(frame), asked({**MANY, "counted_value": "X"}))


def test_mentions_of_a_multiple_response_set(store: Stored) -> None:
    frame = pd.DataFrame(
        {"m1": text("a", "b", None, "z"), "m2": text("b", None, None, "none")}
    )
    sets = (MultipleSet("$m", "M", ("m1", "m2"), None),)
    check(store, export(frame, sets=sets), asked(MANY))


def test_a_single_answer_spread_over_columns_takes_the_first(store: Stored) -> None:
    categories = [
        {"code": c, "label": c, "column": f"q[{c}]"} for c in ("no", "maybe", "yes")
    ]
    frame = pd.DataFrame(
        {
            "q[no]": text("Y", None, None, "Y"),
            "q[maybe]": text(None, "Y", None, "Y"),
            "q[yes]": text(None, None, None, "Y"),
        }
    )
    question = {"id": "q", "kind": "single", "categories": categories}
    stored = check(store, export(frame), asked(question))
    assert [(f.check, f.count) for f in stored.findings] == [("several_answers", 1)]


OTHER = {"code": "other", "label": "Other", "specify": "q typed"}


def test_a_typed_text_is_a_choice_where_nothing_else_is(store: Stored) -> None:
    frame = pd.DataFrame(
        {
            "q": text("1", None, "other", None),
            "q typed": text(None, "else", "more", " "),
        }
    )
    question = {"id": "q", "kind": "single", "categories": choices(1, OTHER)}
    check(store, export(frame), asked(question))
    several = {"id": "m", "kind": "multiple", "categories": choices("a", OTHER)}
    frame = frame.assign(m_a=text("Y", None, None, None), m_other=text(*[None] * 4))
    check(store, export(frame), asked(several))


def test_a_typed_column_that_only_marks_is_no_text(store: Stored) -> None:
    frame = pd.DataFrame({"q": text("1", None), "q typed": text("1", "other")})
    question = {"id": "q", "kind": "single", "categories": choices(1, OTHER)}
    check(store, export(frame), asked(question))


def test_words_typed_where_the_answers_stand_are_other(store: Stored) -> None:
    other = {"code": "other", "label": "Other", "specify": "q"}
    question = {
        "id": "q",
        "kind": "single",
        "column": "q",
        "categories": choices(1, other),
    }
    raw = export(pd.DataFrame({"q": text("1", "my own", None, "other", " ")}))
    check(store, raw, asked(question))


GRID = {
    "id": "g",
    "kind": "grid",
    "categories": choices(1, 2),
    "items": [{"code": "x", "label": "X"}, {"code": "y", "label": "Y"}],
    "specify": "g words",
}


def test_items_of_a_grid_and_the_text_beside_it(store: Stored) -> None:
    frame = pd.DataFrame(
        {"g_x": text("1", "2", "3"), "g.y": text(None, "L1", "2")}
    ).assign(**{"g words": text(None, "so", "  ")})
    check(store, export(frame), asked(GRID))


def test_questions_that_the_data_lack_are_told(store: Stored) -> None:
    raw = export(pd.DataFrame({"z": text("1", "2")}))
    kinds = [{"id": kind, "kind": kind} for kind in ("numeric", "text")]
    single = {"id": "q", "kind": "single", "categories": choices(1)}
    stored = check(store, raw, asked(single, MANY, *kinds))
    assert {f.check for f in stored.findings} == {"question_not_in_file"}


ROUTED = pd.DataFrame(
    {
        "q": text("1", "2", "3", None, "2"),
        "m_a": text("Y", None, None, "Y", None),
        "m_b": text(None, "Y", None, None, None),
        "n": text("5", "15", None, "25", "x"),
        "t": text("a", "b", None, "c", "d"),
    }
)
CHOICE = {"id": "q", "kind": "single", "categories": choices(1, 2, 3)}
TWO = {"id": "m", "kind": "multiple", "categories": choices("a", "b")}


@pytest.mark.parametrize(
    "routing",
    [
        "q == 1",
        "q != 1",
        "q in (1, 3)",
        "q >= 2",
        "not q < 2",
        "m == 'a'",
        "m != 'a'",
        "m in ('a', 'b') or q == 3",
        "n > 10",
        "n == 5",
        "n != 5 and q != 3",
        "t == 'a'",
        "t != 'a'",
    ],
)
def test_routing_asks_whom_it_asks_in_memory(store: Stored, routing: str) -> None:
    numeric = {"id": "n", "kind": "numeric"}
    texts = {"id": "t", "kind": "text"}
    last = {"id": "z", "kind": "single", "categories": choices(1), "asked_if": routing}
    raw = export(ROUTED.assign(z=text("1", "1", None, "1", None)))
    check(store, raw, asked(CHOICE, TWO, numeric, texts, last))


def test_answers_that_routing_removed_route_nobody(store: Stored) -> None:
    multiple = {**TWO, "asked_if": "q == 2", "max_choices": 1}
    numeric = {"id": "n", "kind": "numeric", "asked_if": "m in ('a', 'b')"}
    texts = {"id": "t", "kind": "text", "asked_if": "n >= 0 and m != 'a'"}
    stored = check(store, export(ROUTED), asked(CHOICE, multiple, numeric, texts))
    assert {f.check for f in stored.findings} >= {"routing_broken"}


def test_texts_are_not_compared_by_size(store: Stored) -> None:
    questions = ({"id": "t", "kind": "text"}, {**CHOICE, "asked_if": "t > 1"})
    with pytest.raises(QuestionError, match=r"texts of 't' by size"):
        stored_responses(store(export(ROUTED)), asked(*questions))


def test_a_draft_knows_only_who_answered(store: Stored) -> None:
    texts = {"id": "t", "kind": "text"}
    check(store, export(ROUTED), asked(CHOICE, TWO, texts, routing="unknown"))


STATUS = {"paradata": {"status": "state"}, "complete": ("done",)}


@pytest.mark.parametrize(
    ("more", "column"),
    [
        (STATUS, text("Done", "part", "done ", "part", None)),
        ({"paradata": {"finished": "submitdate"}}, text("x", None, "x", None, None)),
        ({"paradata": {"finished": "submitdate"}}, text(*"xxxxx")),
    ],
    ids=["status", "submitted", "all-submitted"],
)
def test_partial_records_end_at_their_last_answer(
    store: Stored, more: dict[str, Any], column: pd.Series
) -> None:
    name = next(iter(more["paradata"].values()))
    texts = {"id": "t", "kind": "text"}
    raw = export(ROUTED.assign(**{name: column}))
    check(store, raw, asked(CHOICE, TWO, texts, **more))


def test_nets_are_rows_of_the_same_codes(store: Stored) -> None:
    raw = export(ROUTED)
    questionnaire = asked(CHOICE)
    nets = [Net(code="low", label="Low", codes=["1", "2"])]
    memory = variables(survey.bind(raw, questionnaire), "q", nets=nets)
    stored = stored_responses(store(raw), questionnaire)
    given = stored_variables(stored, "q", nets=nets)
    assert given[0].shape.rows == memory[0].rows


@pytest.mark.parametrize(
    ("question", "why"),
    [
        ({**TWO, "column": "q"}, "stand together in one cell"),
        ({**GRID, "column": "q"}, "it is ranked"),
    ],
)
def test_answers_that_share_a_cell_are_refused(
    store: Stored, question: dict[str, Any], why: str
) -> None:
    with pytest.raises(QuestionError, match=why):
        stored_responses(store(export(ROUTED)), asked(question))


def test_a_column_of_ids_is_no_question(
    store: Stored, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("survey.responses.stored_columns._MOST_VALUES", 3)
    raw = export(pd.DataFrame({"q": text(*"abcd")}))
    with pytest.raises(DataFileError, match="'q' holds more than 3 different values"):
        stored_responses(store(raw), asked(CHOICE))


def test_too_many_numbers_with_commas_are_refused(store: Stored) -> None:
    raw = export(pd.DataFrame({"n": [f"{i},5" for i in range(300)]}, dtype="str"))
    with pytest.raises(QuestionError, match="300 different numbers with commas"):
        stored_responses(store(raw), asked({"id": "n", "kind": "numeric"}))


def test_types_of_an_engine_are_codes_too() -> None:
    frame = pl.DataFrame(
        {
            "q": pl.Series([1, 2, None], dtype=pl.Int8),
            "m_a": pl.Series([True, False, None]),
            "m_b": pl.Series([False, False, True]),
            "c": pl.Series(["1", "3", None], dtype=pl.Categorical),
        }
    )
    third = {"id": "c", "kind": "single", "categories": choices(1, 3)}
    questionnaire = asked(CHOICE, TWO, third)
    for data in (survey.open(frame), survey.open(frame.to_arrow())):
        plain = plain_columns(stored_responses(data, questionnaire))
        found = collected(plain.frame, plain.name).astype(object)
        assert found.where(found.notna(), None).to_dict("list") == {
            "q": [1, 2, None],
            "m_a": [True, None, False],
            "m_b": [False, None, True],
            "c": [1, 3, None],
        }


def test_plain_columns_hide_the_columns_that_they_replace(store: Stored) -> None:
    questionnaire = asked(
        {"id": "Q", "kind": "single", "categories": choices("b", "a")},
        {"id": "n", "kind": "numeric"},
    )
    frame = pd.DataFrame({"q": text("Lb", "La", "x"), "n": text("1,5", "", "3")})
    raw = export(frame.assign(weight=[1.0, 2.0, 3.0]))
    plain = plain_columns(stored_responses(store(raw), questionnaire))
    found = collected(plain.frame.sort(ROW), plain.name)
    assert sorted(found.columns) == ["Q", "n", ROW, "weight"]
    assert found["Q"].astype(object).where(found["Q"].notna(), None).tolist() == [
        "b",
        "a",
        None,
    ]
    assert found["n"].tolist()[::2] == [1.5, 3.0]
    assert found["n"].isna().tolist() == [False, True, False]
    assert found["weight"].tolist() == [1.0, 2.0, 3.0]


def test_queries_are_few_whatever_the_number_of_questions(
    monkeypatch: pytest.MonkeyPatch, store: Stored
) -> None:
    raw = survey.read(ROOT / "data" / "wave-2025.csv")
    questionnaire = survey.load_questionnaire(
        ROOT / "questionnaires" / "genai-adoption.yaml"
    )
    data, asked_for = store(raw), []

    def count(query: Any, name: str, engine: str = "") -> pd.DataFrame:
        asked_for.append(name)
        return collected(query, name, engine)

    for module in ("stored", "stored_probe", "stored_columns"):
        monkeypatch.setattr(f"survey.responses.{module}.collected", count)
    stored_responses(data, questionnaire, like=raw)
    assert len(asked_for) == len(("values", "marks", "misfits"))

from collections.abc import Callable

import pandas as pd
import pytest

from survey.errors import DataFileError
from survey.importers.companions import with_column_labels, with_definitions
from survey.importers.definition import Choice, QuestionDefinition
from survey.importers.raw import ColumnLabel, RawTable

YES_NO = (Choice("1", {"en": "Yes", "de": "Ja"}), Choice("2", {"en": "No"}))


def single(id_: str = "use") -> QuestionDefinition:
    return QuestionDefinition(id_, "single", {"en": "Do you use AI?"}, YES_NO)


def test_labels_are_filled_where_the_cells_are_codes(
    raw_table: Callable[..., RawTable],
) -> None:
    raw = raw_table({"use": ["1", "2", "9"]}, use=ColumnLabel("use", "Old text"))
    found = with_definitions(raw, {"use": single()})

    assert found.labels["use"].wording == "Do you use AI?"
    assert found.labels["use"].values == {"1": "Yes", "2": "No"}
    assert found.definitions["use"].kind == "single"
    assert raw.labels["use"].values == {}


def test_texts_keep_no_value_labels(raw_table: Callable[..., RawTable]) -> None:
    raw = raw_table({"use": ["Yes", "No"]}, use=ColumnLabel("use"))

    assert with_definitions(raw, {"use": single()}).labels["use"].values == {}


def test_numbers_of_a_binary_format_are_codes(
    raw_table: Callable[..., RawTable],
) -> None:
    raw = raw_table({"use": ["1"]}, use=ColumnLabel("use"))
    raw.frame["use"] = pd.Series([1.0])

    assert with_definitions(raw, {"use": single()}).labels["use"].values["1"] == "Yes"


def test_rows_and_options_are_found_by_column_text_or_code(
    raw_table: Callable[..., RawTable],
) -> None:
    items = (
        Choice("1", {"en": "Coding"}, column="Q3_1"),
        Choice("2", {"en": "Legal"}, column="Q3_2"),
    )
    grid = QuestionDefinition("Q3", "grid", {"en": "Rate"}, YES_NO, items)
    options = tuple(
        Choice(code, {"en": text}, column=f"why[{code}]")
        for code, text in {"a": "Cost", "b": "Law"}.items()
    )
    many = QuestionDefinition("why", "multiple", {"en": "Why?"}, options)
    raw = raw_table(
        {"Q3_1": ["1"], "x": ["2"], "why_a": ["1"], "z": ["1"], "id": ["7"]},
        Q3_1=ColumnLabel("Q3"),
        x=ColumnLabel("Q3", option="legal"),
        why_a=ColumnLabel("why_a"),
        z=ColumnLabel("why", option_code="b"),
        id=ColumnLabel(),
    )
    found = with_definitions(raw, {"Q3": grid, "why": many}).labels

    assert [found[c].option for c in ("Q3_1", "x", "why_a", "z")] == [
        "Coding",
        "Legal",
        "Cost",
        "Law",
    ]
    assert found["x"].values == {"1": "Yes", "2": "No"}
    assert found["why_a"].values == {}
    assert found["why_a"].question == "why"
    assert found["id"] == ColumnLabel()


def test_loops_texts_and_wording(raw_table: Callable[..., RawTable]) -> None:
    raw = raw_table(
        {"1_use": ["1"], "use_3_TEXT": ["x"], "q7": ["2"]},
        **{
            "1_use": ColumnLabel("1_use"),
            "use_3_TEXT": ColumnLabel("use", option="Other", option_code="other"),
            "q7": ColumnLabel("q7", "how  LARGE is it?"),
        },
    )
    size = QuestionDefinition("size", "single", {"en": "How large is it?"}, YES_NO)
    found = with_definitions(raw, {"use": single(), "size": size}).labels

    assert (found["1_use"].question, found["1_use"].values["2"]) == ("1_use", "No")
    assert found["use_3_TEXT"].option == "Other"
    assert found["use_3_TEXT"].values == {}
    assert found["q7"].question == "size"


def test_ranks_hold_the_codes_of_answers(raw_table: Callable[..., RawTable]) -> None:
    ranks = (Choice("1", {"": "Rank 1"}, column="top[1]"),)
    ranking = QuestionDefinition("top", "grid", {}, YES_NO, ranks)
    raw = raw_table(
        {"top[1]": ["2"]}, **{"top[1]": ColumnLabel("top", "top", "1", "1")}
    )
    label = with_definitions(raw, {"top": ranking}).labels["top[1]"]

    assert (label.option, label.values["2"]) == ("Rank 1", "No")


def test_another_survey_is_refused(raw_table: Callable[..., RawTable]) -> None:
    raw = raw_table({"size": ["1"]}, size=ColumnLabel("size"))

    with pytest.raises(DataFileError, match="0 of its 1 columns are found"):
        with_definitions(raw, {"use": single()})
    with pytest.raises(DataFileError, match="none of its 1 columns"):
        with_column_labels(raw, {"a": ColumnLabel(), "b": ColumnLabel()})

"""Columns of a plain table that are one question by their names and values."""

from collections.abc import Callable, Sequence

import pytest

from survey.importers.raw import ColumnLabel, RawTable
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import Question
from survey.responses.bind import bind

Table = Callable[..., RawTable]
LIKERT = ["Strongly disagree", "Disagree", "Neutral", "Agree", "Strongly agree"]
ITEMS = ("q4_1", "q4_2", "q4_3")


def plain(raw_table: Table, columns: dict[str, Sequence[str | None]]) -> RawTable:
    """A table whose header row holds short names only."""
    labels = {name: ColumnLabel(name, name) for name in columns}
    return raw_table({name: list(cells) for name, cells in columns.items()}, **labels)


def drafted(
    raw_table: Table, columns: dict[str, Sequence[str | None]]
) -> tuple[Question, ...]:
    return draft_questionnaire(plain(raw_table, columns)).questions


def ticks(chosen: str, not_chosen: str | None) -> dict[str, Sequence[str | None]]:
    """Twelve records; the options are ticked by 6, 4 and 3 of them."""
    return {
        name: [chosen if i % step == 0 else not_chosen for i in range(12)]
        for name, step in zip(ITEMS, (2, 3, 4), strict=True)
    }


@pytest.mark.parametrize(
    ("chosen", "not_chosen"),
    [
        ("1", "0"),
        ("Selected", "Not selected"),
        ("TRUE", "FALSE"),
        ("ausgewählt", "nicht ausgewählt"),
        ("Y", None),
        ("1", None),
    ],
)
def test_ticks_are_one_multiple_response_question(
    raw_table: Table, chosen: str, not_chosen: str | None
) -> None:
    raw = plain(raw_table, ticks(chosen, not_chosen))
    questionnaire = draft_questionnaire(raw)
    (asked,) = questionnaire.questions
    assert (asked.id, asked.kind) == ("q4", "multiple")
    assert [(c.code, c.column) for c in asked.categories] == [
        ("1", "q4_1"),
        ("2", "q4_2"),
        ("3", "q4_3"),
    ]
    assert asked.counted_value == (chosen if not_chosen else None)
    frame = bind(raw, questionnaire).frame
    assert [int(frame[name].sum()) for name in ITEMS] == [6, 4, 3]


def test_an_option_that_nobody_chose_stays_one(raw_table: Table) -> None:
    columns = ticks("1", "0") | {"q4_4": ["0"] * 12}
    (asked,) = drafted(raw_table, columns)
    assert [c.code for c in asked.categories] == ["1", "2", "3", "4"]


def test_one_tick_in_every_record_is_a_single_response_question(
    raw_table: Table,
) -> None:
    columns = {
        name: ["Y" if i % 3 == place else None for i in range(12)]
        for place, name in enumerate(ITEMS)
    }
    (asked,) = drafted(raw_table, columns)
    assert (asked.id, asked.kind, len(asked.categories)) == ("q4", "single", 3)


def test_a_text_beside_an_option_stands_at_it(raw_table: Table) -> None:
    typed = [f"own tool {i}" if i % 4 == 0 else None for i in range(12)]
    (asked,) = drafted(raw_table, ticks("1", "0") | {"q4_3_other": typed})
    assert [c.specify for c in asked.categories] == [None, None, "q4_3_other"]


def test_labels_that_are_different_questions_stay_apart(raw_table: Table) -> None:
    wordings = ("Do you train models?", "Is there a policy?", "Are you hiring?")
    labels = {
        name: ColumnLabel(name, text)
        for name, text in zip(ITEMS, wordings, strict=True)
    }
    columns = {name: list(cells) for name, cells in ticks("1", "0").items()}
    raw = raw_table(columns, **labels)
    assert [q.id for q in draft_questionnaire(raw).questions] == list(ITEMS)
    shared = {
        name: ColumnLabel(name, f"Which do you use? {text}")
        for name, text in zip(ITEMS, ("Code", "Text", "Images"), strict=True)
    }
    (asked,) = draft_questionnaire(raw_table(columns, **shared)).questions
    assert asked.label == {"": "Which do you use?"}
    assert [c.label[""] for c in asked.categories] == ["Code", "Text", "Images"]


def test_value_labels_that_say_selected_are_ticks(raw_table: Table) -> None:
    values = {"1": "Selected", "2": "Not selected"}
    columns = {name: list(cells) for name, cells in ticks("1", "2").items()}
    raw = raw_table(columns, **{n: ColumnLabel(n, n, values=values) for n in ITEMS})
    questionnaire = draft_questionnaire(raw)
    (asked,) = questionnaire.questions
    assert (asked.kind, asked.counted_value) == ("multiple", "1")
    frame = bind(raw, questionnaire).frame
    assert [int(frame[name].sum()) for name in ITEMS] == [6, 4, 3]


@pytest.mark.parametrize(
    "cells",
    [
        ["1", "2"] * 6,
        ["GPT", "Claude", "Llama"] * 4,
        ["0", "1", "1", "0"] * 3,
    ],
)
def test_what_may_be_a_question_of_its_own_stays_one(
    raw_table: Table, cells: list[str]
) -> None:
    # Two codes, names of tools in order of mention; 0 and 1 under names that do not
    # count up.
    names = ITEMS if cells[0] != "0" else ("q4_3", "q4_1", "q4_2")
    found = drafted(raw_table, dict.fromkeys(names, cells))
    assert [q.id for q in found] == list(names)


@pytest.mark.parametrize(
    ("cells", "kept"),
    [
        (["1", "2", "3", "4", "5", "3"] * 2, ["1", "2", "3", "4", "5"]),
        ([*LIKERT, "Agree", *LIKERT, "Neutral"], LIKERT),
        (["Yes", "No"] * 6, ["Yes", "No"]),
    ],
)
def test_one_scale_is_a_grid(
    raw_table: Table, cells: list[str], kept: list[str]
) -> None:
    names = [f"q5_{i}" for i in range(1, 7)]
    (asked,) = drafted(raw_table, dict.fromkeys(names, cells))
    assert (asked.id, asked.kind) == ("q5", "grid")
    assert [item.column for item in asked.items] == names
    assert [c.label[""] for c in asked.categories] == kept


def test_a_row_on_which_few_steps_were_used_belongs_to_its_grid(
    raw_table: Table,
) -> None:
    names = [f"q5_{i}" for i in range(1, 7)]
    columns = dict.fromkeys(names, ["1", "2", "3", "4", "5", "3"] * 2)
    (asked,) = drafted(raw_table, columns | {"q5_3": ["1", "2"] * 6})
    assert len(asked.items) == 6


@pytest.mark.parametrize(
    ("codes", "kind", "kept"),
    [
        (["01067", "10115", "80331"] * 8, "single", ["01067", "10115", "80331"]),
        ([f"{i:05d}" for i in range(9990, 10014)], "text", []),
        ([f"{i:03d}" if i < 3 else str(i) for i in range(1, 25)], "text", []),
        ([str(i) for i in range(1, 25)], "numeric", []),
        (["007", *(str(i) for i in range(1, 40))], "numeric", []),
    ],
)
def test_texts_of_digits_keep_their_zeros(
    raw_table: Table, codes: list[str], kind: str, kept: list[str]
) -> None:
    # 2 of 24 have a zero in front, then 1 of 40: that one was mistyped.
    (asked,) = drafted(raw_table, {"zip": codes})
    assert asked.kind == kind
    assert [c.code for c in asked.categories] == kept
    if kind == "text":
        raw = plain(raw_table, {"zip": codes})
        bound = bind(raw, draft_questionnaire(raw)).frame["zip"]
        assert bound.tolist() == codes

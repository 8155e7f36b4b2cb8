from collections.abc import Sequence

import pandas as pd

from survey.importers.raw import ColumnLabel, RawTable, Source
from survey.questionnaire.model import Questionnaire
from survey.responses.bind import bind
from survey.responses.table import Responses


def bound(
    cells: Sequence[str | None],
    categories: list[dict[str, object]],
    kind: str = "multiple",
    delimiter: str | None = ", ",
) -> Responses:
    raw = RawTable(
        pd.DataFrame({"why": list(cells)}, dtype=str),
        {"why": ColumnLabel("why")},
        {},
        (),
        Source("wave.csv", "", "plain"),
    )
    question = {
        "id": "q1",
        "kind": kind,
        "label": "Why",
        "column": "why",
        "delimiter": delimiter,
        "categories": categories,
    }
    asked = {"id": "a", "title": "A", "questions": [question]}
    return bind(raw, Questionnaire.model_validate(asked))


CATEGORIES: list[dict[str, object]] = [
    {"code": 1, "label": "Cost"},
    {"code": 2, "label": "Law, and ethics"},
]
OTHER: dict[str, object] = {"code": "other", "label": "Other", "specify": "why"}


def test_an_option_may_hold_the_delimiter() -> None:
    found = bound(["Cost, Law, and ethics", "Law, and ethics", None], CATEGORIES)

    assert found.frame["q1_1"].tolist() == [True, False, False]
    assert found.frame["q1_2"].tolist() == [True, True, False]
    assert found.findings == ()


def test_pieces_that_match_nothing_are_a_finding() -> None:
    found = bound(["Cost, my own, reason", "Cost"], CATEGORIES).findings

    assert [f.check for f in found] == ["unknown_code"]
    assert "'my own, reason (1 x)'" in found[0].message


def test_typed_words_belong_to_other() -> None:
    cells = ["Cost, my own, reason", "Cost", "mine", "Other", None]
    found = bound(cells, [*CATEGORIES, OTHER])

    assert found.frame["q1_other"].tolist() == [True, False, True, True, False]
    typed = found.frame["q1_other_text"]
    assert typed.dropna().tolist() == ["my own, reason", "mine"]
    assert typed.isna().tolist() == [False, True, False, True, True]
    assert found.findings == ()


def test_typed_words_of_a_single_question_belong_to_other() -> None:
    cells = ["Cost", "my own, reason", None]
    found = bound(cells, [*CATEGORIES, OTHER], "single", None)

    assert found.frame["q1"].astype(object).tolist()[:2] == ["1", "other"]
    assert found.frame["q1_other_text"].dropna().tolist() == ["my own, reason"]
    assert found.findings == ()


def test_cells_that_can_be_read_in_two_ways_are_reported() -> None:
    both = [{"code": 3, "label": "Law"}, {"code": 4, "label": "Cost, Law"}]
    found = bound(["Cost, Law", "Cost"], [*CATEGORIES, *both])

    assert found.frame["q1_4"].tolist() == [True, False]
    assert found.frame["q1_3"].tolist() == [False, False]
    assert [(f.check, f.count) for f in found.findings] == [("joined_ambiguous", 1)]
    assert found.findings[0].respondents == ("1",)


def test_records_keep_their_index() -> None:
    found = bound(["Cost;x", "x"], [*CATEGORIES[:1], OTHER], delimiter=";")

    assert found.frame["q1_other_text"].tolist() == ["x", "x"]
    assert found.frame["q1_1"].tolist() == [True, False]

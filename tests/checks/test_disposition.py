from collections.abc import Callable
from typing import Any

import numpy as np

from survey.checks.check import check, flags
from survey.checks.disposition import dispositions
from survey.responses.table import Responses

Make = Callable[..., Responses]
SCALE = [{"code": code, "label": str(code)} for code in (1, 2, 3)]


def ask(n: int) -> list[dict[str, Any]]:
    return [
        {"id": f"q{i}", "kind": "single", "label": f"Q{i}", "categories": SCALE}
        for i in range(n)
    ]


def first(*counts: int, of: int) -> dict[str, list[str | None]]:
    """Records that answered so many questions from the beginning."""
    return {f"q{i}": ["1" if i < n else None for n in counts] for i in range(of)}


def test_half_of_what_complete_records_answer_parts_break_offs(responses: Make) -> None:
    columns = first(10, 10, 5, 4, 0, 3, of=10)
    columns["status"] = ["done", "done", "open", "open", "open", "out"]
    data = responses(
        columns,
        *ask(10),
        paradata={"status": "status"},
        complete=["done"],
        screened_out=["out"],
    )
    assert dispositions(data).tolist() == [
        "complete",
        "complete",
        "partial",
        "break_off",
        "empty",
        "screened_out",
    ]
    flagged = flags(data)
    assert flagged["partial"].tolist() == [False, False, True, True, False, False]
    assert flagged["break_off"].tolist() == [False, False, False, True, False, False]
    told = next(f for f in check(data) if f.check == "dispositions")
    assert told.message == (
        "6 records by AAPOR disposition: 2 complete (1.1), 1 partial (1.2), 1 broken "
        "off early (2.12), 1 screened out (4.1), 1 without any answer. 50% of the 4 "
        "eligible ones are complete. The export does not say how many were invited, "
        "so there is no response rate, nor a participation rate for an opt-in sample."
    )


def test_without_a_status_the_last_answer_tells(responses: Make) -> None:
    data = responses(first(10, 6, 5, 1, 0, of=10), *ask(10))
    found = ["complete", "complete", "break_off", "break_off", "empty"]
    assert dispositions(data).tolist() == found
    told = next(f for f in check(data) if f.check == "dispositions")
    assert "Without a status in the export" in told.message


def test_who_was_asked_no_more_did_not_break_off(responses: Make) -> None:
    questions = ask(10)
    for question in questions[4:]:
        question["asked_if"] = "q0 != 1"
    columns = {f"q{i}": ["1", "2" if i < 4 else None] for i in range(4)}
    columns |= {f"q{i}": [None, None] for i in range(4, 10)}
    data = responses(columns, *questions)
    assert dispositions(data).tolist() == ["complete", "break_off"]


def test_without_a_routing_nobody_knows(responses: Make) -> None:
    data = responses(first(10, 2, of=10), *ask(10), routing="unknown")
    assert dispositions(data).tolist() == ["complete", "complete"]


def test_nothing_is_told_where_all_are_complete(responses: Make) -> None:
    data = responses(first(7, 7, of=7), *ask(7))
    assert "dispositions" not in {f.check for f in check(data)}


def test_few_questions_tell_nothing(responses: Make) -> None:
    data = responses(first(7, 1, of=7), *ask(7))
    assert dispositions(data).tolist() == ["complete", "complete"]


def test_repeated_records_are_told(responses: Make) -> None:
    columns: dict[str, list[Any]] = first(3, 3, of=3) | {"id": ["a", "a"]}
    data = responses(columns, *ask(3), paradata={"respondent": "id"})
    told = next(f for f in check(data) if f.check == "dispositions")
    assert "2 complete (1.1), 1 of them repeated." in told.message
    assert np.asarray(flags(data)["duplicate"]).tolist() == [False, True]

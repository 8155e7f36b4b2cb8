"""Routing is compared by whom it asks, and the base that both waves share is found."""

from typing import Any

import pytest

from survey.questionnaire.model import Questionnaire
from survey.questionnaire.routing import parse_routing
from survey.waves.compare import contract_between
from survey.waves.contract import WaveContract
from survey.waves.routes import write_routing

STAGES = [
    {"code": c, "label": text} for c, text in enumerate(("No", "Pilot", "Yes"), start=1)
]


def stage(
    name: str = "stage", codes: dict[str, str] | None = None, **more: Any
) -> dict[str, Any]:
    entries = [
        {**s, "code": (codes or {}).get(str(s["code"]), s["code"])} for s in STAGES
    ]
    words = "How far has the organisation come?"
    return {
        "id": name,
        "kind": "single",
        "label": "Stage",
        "wording": words,
        "categories": entries,
        **more,
    }


def why(asked_if: str | None, name: str = "why") -> dict[str, Any]:
    return {"id": name, "kind": "numeric", "label": "Cost", "asked_if": asked_if}


def uses() -> dict[str, Any]:
    entries = [{"code": "a", "label": "Texts"}, {"code": "b", "label": "Images"}]
    return {"id": "use", "kind": "multiple", "label": "Uses", "categories": entries}


def between(newer: list[dict[str, Any]], older: list[dict[str, Any]]) -> WaveContract:
    both = [
        Questionnaire(id=name, title="X", questions=asked)
        for name, asked in (("b", newer), ("a", older))
    ]
    return contract_between(both[0], both[1], names=("2", "1"))


@pytest.mark.parametrize(
    ("now", "before"),
    [
        ("stage in (2, 3)", "stage != 1"),
        ("stage == 2 or stage == 3", "stage in (3, 2)"),
        ("not (stage == 1) and stage in (1, 2, 3)", "stage >= 2"),
        ("stage == 1 and use == 'a'", "use == 'a' and stage == 1"),
        ("use in ('a', 'b')", "use == 'a' or use == 'b'"),
    ],
)
def test_two_ways_of_writing_the_same(now: str, before: str) -> None:
    found = between([stage(), uses(), why(now)], [stage(), uses(), why(before)])
    assert [c.kind for c in found.questions["why"].changes] == ["same"]


@pytest.mark.parametrize(
    ("now", "before", "common"),
    [
        ("stage in (1, 2)", "stage == 1", "stage == 1"),
        ("stage == 1", "stage in (1, 2)", "stage == 1"),
        (None, "stage == 1", "stage == 1"),
        ("stage == 1", None, "stage == 1"),
        ("stage in (1, 2)", "stage in (2, 3)", "stage in (1, 2) and stage in (2, 3)"),
        ("use == 'a'", "stage == 1", "use == 'a' and stage == 1"),
    ],
)
def test_the_common_base(now: str | None, before: str | None, common: str) -> None:
    found = between([stage(), uses(), why(now)], [stage(), uses(), why(before)])
    pact = found.questions["why"]
    assert [c.kind for c in pact.changes] == ["routing_changed"]
    assert (pact.common_base, pact.earlier_base) == (common, common)
    assert pact.consequence("mean").verdict == "common_base"


def test_nobody_is_asked_by_both() -> None:
    found = between([stage(), why("stage == 1")], [stage(), why("stage == 3")])
    assert found.questions["why"].consequence("mean").verdict == "not_comparable"
    assert found.questions["why"].common_base == ""


def test_other_ids_and_codes_are_renamed_in_both_directions() -> None:
    turned = {"1": "30", "2": "20", "3": "10"}
    older = [stage("q7", turned), why("q7 in (30, 20)")]
    same = between([stage(), why("stage in (1, 2)")], older)
    assert [c.kind for c in same.questions["why"].changes] == ["same"]
    found = between([stage(), why("stage == 1")], older).questions["why"]
    assert (found.common_base, found.earlier_base) == ("stage == 1", "q7 == 30")


def test_a_question_that_one_wave_did_not_ask_gives_no_common_base() -> None:
    found = between([stage(), why("stage == 1")], [stage(), uses(), why("use == 'a'")])
    pact = found.questions["why"]
    assert pact.consequence("mean").verdict == "not_comparable"
    assert pact.common_base == ""


def test_the_base_changes_with_the_question_that_routes() -> None:
    other = stage(wording="Which of these did you see?")
    other["categories"] = [{"code": c, "label": t} for c, t in enumerate("abc", 1)]
    found = between([stage(), why("stage == 1")], [other, why("stage == 1")])
    pact = found.questions["why"]
    assert [c.kind for c in pact.changes] == ["base_changed"]
    assert pact.consequence("mean").verdict == "not_comparable"


def test_a_base_that_changed_is_handed_on() -> None:
    newer = [stage(), why("stage in (1, 2)", "cost"), why("cost > 5", "more")]
    older = [stage(), why("stage == 1", "cost"), why("cost > 5", "more")]
    pact = between(newer, older).questions["more"]
    assert [c.kind for c in pact.changes] == ["base_changed"]
    assert pact.common_base == "stage == 1"
    assert pact.consequence("mean").verdict == "common_base"


@pytest.mark.parametrize(
    "text",
    [
        "stage in (1, 2)",
        "[Q3.1] != 9",
        "[trust/2] in (4, 'x y')",
        "not (stage == 1 and (use == 'a' or size < 10))",
        "a.b >= 3",
        "stage == '01'",
    ],
)
def test_what_is_written_is_read_as_the_same(text: str) -> None:
    condition = parse_routing(text)
    assert parse_routing(write_routing(condition)) == condition

from collections.abc import Callable, Sequence
from typing import Any

from survey.checks.file_findings import straight_grids
from survey.checks.straight import grid_lines, straightliners
from survey.responses.table import Responses

Make = Callable[..., Responses]
SCALE = [{"code": code, "label": str(code)} for code in (1, 2, 3, 4, 5)]
HONEST = ["1234", "2345", "3451", "4512", "5123", "1352", "2413", "5241", "4135"]


def grid(name: str, reverse: str = "") -> dict[str, Any]:
    items = [{"code": c, "label": c, "reverse": c in reverse} for c in "abcd"]
    return {
        "id": name,
        "kind": "grid",
        "label": name,
        "categories": SCALE,
        "items": items,
    }


def columns(name: str, records: Sequence[str]) -> dict[str, list[str | None]]:
    """One text of four codes per record; a blank is no answer."""
    return {
        f"{name}_{item}": [r[i] if r[i] != " " else None for r in records]
        for i, item in enumerate("abcd")
    }


def two(responses: Make, g: Sequence[str], h: Sequence[str]) -> list[bool]:
    data = responses(columns("g", g) | columns("h", h), grid("g"), grid("h"))
    return [bool(flag) for flag in straightliners(data)]


def test_one_code_down_two_grids_is_flagged(responses: Make) -> None:
    found = two(responses, [*HONEST, "2222", "3333"], [*HONEST, "2222", "3334"])
    assert found == [False] * 9 + [True, False]


def test_one_grid_alone_flags_nobody(responses: Make) -> None:
    assert not any(two(responses, [*HONEST, "2222"], [*HONEST, "    "]))


def test_three_items_are_too_few(responses: Make) -> None:
    assert not any(two(responses, [*HONEST, "222 "], [*HONEST, "222 "]))


def test_what_many_say_down_a_grid_is_an_opinion(responses: Make) -> None:
    # 5 of 14 strongly agree with everything in both grids.
    assert not any(two(responses, [*HONEST, *["5555"] * 5], [*HONEST, *["5555"] * 5]))


def test_what_chance_would_give_is_not_flagged(responses: Make) -> None:
    # Nine in ten say 1 to every item: 0.9 ** 8 = 0.43 of all draw such a line.
    near = ["1112", "1121", "1211", "2111"]
    assert not any(two(responses, [*near, "1111"], [*near[::-1], "1111"]))


def test_agreeing_with_the_contrary_is_enough(responses: Make) -> None:
    data = responses(
        columns("g", [*HONEST, "5555", "3333", "55  ", "1155"]), grid("g", "cd")
    )
    # The middle contradicts nothing, and two answered items are no line.
    assert straightliners(data).tolist() == [False] * 9 + [True, False, False, False]


def test_reverse_items_that_were_not_answered_prove_nothing(responses: Make) -> None:
    items = [*grid("g")["items"], {"code": "e", "label": "e", "reverse": True}]
    data = responses(
        columns("g", [*HONEST, "5555"]) | {"g_e": ["1"] * 9 + [None]},
        grid("g") | {"items": items},
    )
    assert not straightliners(data).any()


def test_lines_of_a_grid(responses: Make) -> None:
    lines = grid_lines(responses(columns("g", ["1111", "1112", "11  "]), grid("g")))
    assert [each.question for each in lines] == ["g"]
    assert lines[0].answered.tolist() == [True, True, False]
    assert lines[0].straight.tolist() == [True, False, False]


def test_a_grid_that_many_went_straight_through_is_noted(responses: Make) -> None:
    data = responses(columns("g", [*HONEST, *["2222"] * 10]), grid("g"))
    found = straight_grids(data)
    assert [(f.question, f.count, f.severity) for f in found] == [("g", 10, "note")]
    assert "10 of 19 records" in found[0].message
    few = responses(columns("g", [*HONEST, *["2222"] * 9]), grid("g"))
    assert straight_grids(few) == []

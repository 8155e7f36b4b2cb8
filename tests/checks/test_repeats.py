from collections.abc import Callable

import numpy as np

from survey.checks.check import check, flags
from survey.checks.repeats import duplicates
from survey.responses.table import Responses

Make = Callable[..., Responses]
SCALE = [{"code": code, "label": str(code)} for code in range(1, 6)]
TEN = [
    {"id": f"q{i}", "kind": "single", "label": f"Q{i}", "categories": SCALE}
    for i in range(10)
]


def answers(records: list[str]) -> dict[str, list[str]]:
    return {f"q{i}": [record[i] for record in records] for i in range(10)}


def spread(n: int) -> list[str]:
    drawn = np.random.default_rng(7).integers(1, 6, (n, 10))
    return ["".join(map(str, row)) for row in drawn]


def found(data: Responses) -> list[int]:
    everyone = np.ones(len(data.frame), dtype=bool)
    return np.flatnonzero(duplicates(data, everyone)).tolist()


def test_the_same_rare_answers_are_a_repetition(responses: Make) -> None:
    records = spread(200)
    assert found(responses(answers([*records, records[3]]), *TEN)) == [200]


def test_common_answers_have_honest_twins(responses: Make) -> None:
    # Once who says 5 goes on saying it, the chance of ten times 5 is about 20 of 220.
    records = [*spread(200), *["5" * 10] * 20]
    assert found(responses(answers(records), *TEN)) == []


def test_the_organisation_tells_twins_apart(responses: Make) -> None:
    records = spread(200)
    columns = answers([*records, records[3], records[4]])
    columns["org"] = [f"o{i}" for i in range(200)] + ["o3", "o9"]
    data = responses(columns, *TEN, paradata={"organisation": "org"})
    assert found(data) == [200]


def test_few_answers_prove_nothing(responses: Make) -> None:
    records = [record[:7] + "   " for record in spread(200)]
    columns = answers([*records, records[3]])
    blank = {k: [v if v != " " else None for v in c] for k, c in columns.items()}
    assert found(responses(blank, *TEN)) == []


def test_several_answers_of_one_question_are_one_answer(responses: Make) -> None:
    categories = [{"code": i, "label": str(i), "column": f"c{i}"} for i in range(20)]
    tools = {"id": "t", "kind": "multiple", "label": "T", "categories": categories}
    marks = {f"c{i}": ["1" if i % 2 else None] * 30 for i in range(20)}
    assert found(responses(marks, tools)) == []


def test_the_same_id_is_the_same_person(responses: Make) -> None:
    columns = answers(["1" * 10, "2" * 10, "3" * 10]) | {"id": ["a", "a", "b"]}
    data = responses(columns, *TEN, paradata={"respondent": "id"})
    assert flags(data)["duplicate"].tolist() == [False, True, False]


def test_ids_that_a_spreadsheet_rounded_name_nobody(responses: Make) -> None:
    columns = answers(spread(3)) | {"id": ["1.14083E+11", "1.14083E+11", "7"]}
    data = responses(columns, *TEN, paradata={"respondent": "id"})
    assert not flags(data)["duplicate"].any()
    told = [f for f in check(data) if f.check == "rounded_ids"]
    assert [(f.count, f.severity) for f in told] == [(2, "warning")]


def test_nobody_repeats_nobody(responses: Make) -> None:
    assert found(responses(answers([]), *TEN)) == []

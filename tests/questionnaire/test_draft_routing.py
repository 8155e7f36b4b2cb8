import numpy as np
import pytest
import yaml

from survey.questionnaire.drafting.routing import (
    Pattern,
    Rule,
    asked_if_line,
    infer_routing,
)
from survey.questionnaire.routing import parse_routing, questions_of


def single(name: str, answers: list[str | None], codes: str = "123") -> Pattern:
    given = np.array([answer or "" for answer in answers])
    chosen = np.column_stack([given == code for code in codes])
    return Pattern(name, given != "", tuple(codes), chosen)


def put_to(name: str, answers: list[str | None], codes: str) -> Pattern:
    return Pattern(name, np.array([a is not None and a in codes for a in answers]))


STAGE: list[str | None] = ["1", "2", "3"] * 20


def test_a_question_put_after_two_answers() -> None:
    rules = infer_routing([single("stage", STAGE), put_to("why", STAGE, "23")])

    assert rules == {"why": Rule("stage in (2, 3)", 40, 40, 0, 20)}


def test_a_few_missing_answers_do_no_harm() -> None:
    why = put_to("why", STAGE, "23")
    why.filled[[1, 4, 8]] = False
    (rule,) = infer_routing([single("stage", STAGE), why]).values()

    assert (rule.answered, rule.asked, rule.astray, rule.others) == (37, 40, 0, 20)


def test_respondents_who_broke_off_do_no_harm() -> None:
    stage, why = single("stage", STAGE), put_to("why", STAGE, "23")
    last = Pattern("last", np.ones(60, dtype=bool))
    why.filled[40:] = False
    last.filled[40:] = False
    (rule,) = infer_routing([stage, why, last]).values()

    # Of the first 40 records 27 have stage 2 or 3.
    assert rule == Rule("stage in (2, 3)", 26, 26, 0, 14)


@pytest.mark.parametrize(
    "astray",
    [
        pytest.param([0], id="one answer from the other side"),
        pytest.param([0, 3, 6, 9], id="several"),
    ],
)
def test_answers_from_the_other_side_speak_against_a_rule(astray: list[int]) -> None:
    why = put_to("why", STAGE, "23")
    why.filled[astray] = True

    assert infer_routing([single("stage", STAGE), why]) == {}


def test_too_few_on_one_side_are_no_proof() -> None:
    stage: list[str | None] = ["1"] * 9 + ["2"] * 50

    assert infer_routing([single("stage", stage), put_to("why", stage, "2")]) == {}


def test_random_gaps_are_never_explained() -> None:
    random = np.random.default_rng(7)
    patterns = [
        single(f"q{k}", list(random.choice(list("123"), 80))) for k in range(20)
    ]
    patterns += [Pattern(f"t{k}", random.random(80) < 0.5) for k in range(20)]

    assert infer_routing(patterns) == {}


def test_the_nearest_of_several_explanations_comes_first() -> None:
    rules = infer_routing(
        [single("far", STAGE), single("near", STAGE), put_to("why", STAGE, "1")]
    )

    assert (rules["why"].condition, rules["why"].also) == ("near == 1", ("far == 1",))


def test_a_better_explanation_wins_over_a_nearer_one() -> None:
    near = list(STAGE)
    near[1] = "1"
    rules = infer_routing(
        [single("far", STAGE), single("near", near), put_to("why", STAGE, "1")]
    )

    assert rules["why"].condition == "far == 1"


def test_answers_within_a_branch_are_explained_by_the_branch() -> None:
    first = put_to("where", STAGE, "23").filled
    where = single("where", [a if f else None for a, f in zip(STAGE, first)])  # noqa: B905 - same length
    rules = infer_routing([single("stage", STAGE), where, Pattern("how", first)])

    assert rules["how"].condition == "stage in (2, 3)"


def test_one_of_several_answers_opens_a_question() -> None:
    tasks = np.zeros((60, 3), dtype=bool)
    tasks[:30, 0] = True
    tasks[20:, 1] = True
    tasks[:2, 2] = True
    before = Pattern("tasks", tasks.any(axis=1), ("a", "b", "c"), tasks)
    rules = infer_routing([before, Pattern("why", tasks[:, 0].copy())])

    assert rules["why"].condition == "tasks == 'a'"


def test_a_line_becomes_a_key_when_it_is_no_comment() -> None:
    line = asked_if_line(Rule("q in ('a', 'b # c')", 10, 11, 0, 12, ("p == 1",)))

    assert yaml.safe_load(line) == {"asked_if": "q in ('a', 'b # c')"}
    assert line.endswith("# 10 of 11 answered, 0 of 12 others; so would p == 1")


@pytest.mark.parametrize("name", ["class", "in", "Q3.1"])
def test_ids_that_are_no_plain_names_stand_in_brackets(name: str) -> None:
    found = infer_routing([single(name, STAGE), put_to("why", STAGE, "1")])

    assert found["why"].condition == f"[{name}] == 1"
    line = asked_if_line(found["why"])
    assert yaml.safe_load(line) == {"asked_if": f"[{name}] == 1"}
    assert questions_of(parse_routing(found["why"].condition))[0].question == name


def test_nobody_is_no_error() -> None:
    assert infer_routing([]) == {}
    assert infer_routing([Pattern("why", np.zeros(0, dtype=bool))]) == {}

"""Which figure a question has, and what stands in it."""

from collections.abc import Callable
from pathlib import Path

import pytest

from survey.questionnaire.model import Question
from survey.report.chart_blocks import question_chart
from survey.report.context import Context
from survey.report.document import ChartBlock
from survey.report.scale_kind import are_ranks, chart_kind, direction, is_bipolar

AGREE = ["Strongly agree", "Agree", "Neutral", "Disagree", "Strongly disagree"]
AMOUNT = ["Not at all", "A little", "A lot"]
UNSURE = {"code": 9, "label": "Don't know", "dont_know": True}


def coded(labels: list[str]) -> list[dict[str, object]]:
    return [{"code": i + 1, "label": text} for i, text in enumerate(labels)]


def asked(labels: list[str], items: int = 0, *, ordered: bool = True) -> Question:
    rows = [{"code": f"i{n}", "label": f"Item {n}"} for n in range(items)]
    return Question.model_validate(
        {
            "id": "q",
            "kind": "grid" if items else "single",
            "label": "Q",
            "ordered": ordered,
            "categories": [*coded(labels), UNSURE],
            "items": rows,
        }
    )


@pytest.mark.parametrize(
    ("question", "kind"),
    [
        (asked(AGREE), "scale"),
        (asked(AGREE, ordered=False), "bars"),
        (asked(AMOUNT), "bars"),
        (asked(["Under 10", "10 to 49", "50 or more"]), "bars"),
        (asked(AMOUNT, 2), "scale"),
        (asked(AMOUNT, 6), "scale"),
        (asked(["Open", "Closed", "Both"], 4, ordered=False), "stacked"),
        (asked(["Open", "Closed", "Both"], 5, ordered=False), "heat"),
        (asked([str(n) for n in range(11)], 5), "heat"),
    ],
)
def test_the_kind_of_figure_follows_the_question(question: Question, kind: str) -> None:
    assert chart_kind(question) == kind


@pytest.mark.parametrize(
    ("labels", "found"),
    [
        (AGREE, "falling"),
        (AGREE[::-1], "rising"),
        (["Very unimportant", "Unimportant", "Important", "Very important"], "rising"),
        (["Decrease strongly", "Stay the same", "Increase strongly"], "rising"),
        (["Stimme voll und ganz zu", "Teils teils", "Stimme gar nicht zu"], "falling"),
        (["Trifft nicht zu", "Trifft eher zu", "Trifft voll zu"], "rising"),
        (["Stark steigen", "Gleich bleiben", "Stark sinken"], "falling"),
        (["Not important", "Somewhat important", "Very important"], ""),
        (["Less than a year", "1 to 5 years", "More than 5 years"], ""),
        (["Not a topic", "Planned", "In production"], ""),
    ],
)
def test_poles_are_told_by_words(labels: list[str], found: str) -> None:
    assert direction(asked(labels)) == found
    assert is_bipolar(asked(labels)) == bool(found)


def test_a_neutral_middle_makes_two_sides() -> None:
    assert is_bipolar(asked(["Cold", "Neither cold nor warm", "Warm"]))


@pytest.fixture
def chart(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., ChartBlock]:
    def make(
        columns: dict[str, list[int]], *questions: dict[str, object], **keys: object
    ) -> ChartBlock:
        context = context_of(make_study(columns, questions, **keys))
        return question_chart(context, context.wave.questions[0])

    return make


def test_a_scale_runs_from_its_weak_to_its_strong_end(
    chart: Callable[..., ChartBlock],
) -> None:
    control = {**asked(AGREE).model_dump(exclude_defaults=True), "label": "Control"}
    size = {"id": "size", "kind": "single", "label": "Size", "ordered": True}
    size["categories"] = coded(["Small", "Mid", "Large"])
    # 200 of 300 agree, of the 100 small ones 90; 10 mid-sized ones are hidden.
    columns = {
        "q": [1] * 90 + [5] * 10 + [3] * 10 + [2] * 110 + [4] * 70 + [9] * 10,
        "size": [1] * 100 + [2] * 10 + [3] * 190,
    }
    net = {"code": "agree", "label": "Agree", "codes": [1, 2]}
    made = chart(columns, control, size, nets={"q": [net]}, banner=["size"])
    assert made.kind == "scale"
    assert [s.label for s in made.series] == [*AGREE[::-1], "Don't know"]
    assert [s.role for s in made.series] == [
        *(f"scale:{step}/5" for step in range(1, 6)),
        "dont_know",
    ]
    total, *groups = made.rows
    assert (total.role, total.side_text) == ("total", "67%")
    assert [v.text for v in total.values] == ["3%", "23%", "3%", "37%", "30%", "3%"]
    assert [(row.label, row.group) for row in groups] == [
        ("Small", "Size"),
        ("Mid", "Size"),
        ("Large", "Size"),
    ]
    assert {value.flag for value in groups[1].values} == {"hidden"}
    assert groups[1].side_text == ""
    assert made.side_head == "Agree"
    # 61 to 72 %: two thirds are in it, and no other fraction.
    assert made.title == 'Control: about two thirds answer "Agree"'


def test_a_scale_without_groups_keeps_its_intervals(
    chart: Callable[..., ChartBlock],
) -> None:
    control = {**asked(AGREE).model_dump(exclude_defaults=True), "label": "Control"}
    made = chart({"q": [1, 2, 3, 4, 5] * 40}, control)
    assert made.kind == "bars"
    assert [row.label for row in made.rows] == [*AGREE, "Don't know"]
    low = made.rows[0].values[0].low
    assert low is not None
    assert 0 < low < 0.2


def test_the_steps_of_a_grid_and_its_majorities(
    chart: Callable[..., ChartBlock],
) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "Use",
        "ordered": True,
        "categories": coded(AMOUNT),
        "items": [{"code": c, "label": c.upper()} for c in "ab"],
    }
    columns = {"g_a": [1] * 100 + [3] * 100, "g_b": [2] * 50 + [3] * 150}
    made = chart(columns, grid, summaries={"g": ["top1"]})
    assert [row.label for row in made.rows] == ["B", "A"]
    assert [v.text for v in made.rows[0].values] == ["-", "25%", "75%"]
    # 75 % is above half beyond its interval, 50 % is not.
    assert made.title == 'Use: on 1 of 2 items more than half answer "A lot"'


def test_answers_without_an_order_are_sorted_by_size(
    chart: Callable[..., ChartBlock],
) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "Use",
        "categories": [*coded(["Few", "Many"]), UNSURE],
        "items": [{"code": c, "label": c} for c in "abcde"],
    }
    counts = {"a": 110, "b": 150, "c": 120, "d": 140, "e": 130}
    columns = {
        f"g_{c}": [2] * n + [1] * (190 - n) + [9] * 10 for c, n in counts.items()
    }
    made = chart(columns, grid)
    assert made.kind == "heat"
    assert [s.label for s in made.series] == ["Many", "Few", "Don't know"]
    assert [row.label for row in made.rows] == ["b", "d", "e", "c", "a"]
    assert made.title == "Use"


def test_a_ranking_begins_with_its_first_rank(
    chart: Callable[..., ChartBlock],
) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": "Goals",
        "ordered": True,
        "categories": coded(["Rank 1", "Rank 2", "Rank 3"]),
        "items": [{"code": c, "label": c.upper()} for c in "abc"],
    }
    orders = {"a": [1, 2, 2, 3], "b": [2, 1, 1, 2], "c": [3, 3, 3, 1]}
    columns = {f"g_{c}": ranks * 50 for c, ranks in orders.items()}
    made = chart(columns, grid)
    assert made.kind == "stacked"
    assert [s.label for s in made.series] == ["Rank 1", "Rank 2", "Rank 3"]
    assert [s.role for s in made.series] == ["scale:3/3", "scale:2/3", "scale:1/3"]
    # B is first for half; A and C for a quarter each, A is second more often.
    assert [row.label for row in made.rows] == ["B", "A", "C"]
    assert [v.text for v in made.rows[1].values] == ["25%", "50%", "25%"]


@pytest.mark.parametrize(
    ("labels", "ranks"),
    [
        (["Rang 1", "Rang 2"], True),
        (["1st choice", "2nd choice", "3rd choice"], True),
        (["1.", "2."], True),
        (["Rank 2", "Rank 1"], False),
        (["1 to 9", "10 or more"], False),
        (AMOUNT, False),
    ],
)
def test_ranks_are_told_by_words(labels: list[str], *, ranks: bool) -> None:
    assert are_ranks(asked(labels, 3)) == ranks


@pytest.mark.parametrize(
    ("label", "begins"),
    [
        ("Use", "Use: on"),
        ("What is used?", "What is used? \u2013 on"),
        ("So.", "So: on"),
    ],
)
def test_a_title_goes_on_after_any_label(
    chart: Callable[..., ChartBlock], label: str, begins: str
) -> None:
    grid = {
        "id": "g",
        "kind": "grid",
        "label": label,
        "ordered": True,
        "categories": coded(AMOUNT),
        "items": [{"code": c, "label": c.upper()} for c in "ab"],
    }
    columns = {"g_a": [1] * 100 + [3] * 100, "g_b": [2] * 50 + [3] * 150}
    made = chart(columns, grid, summaries={"g": ["top1"]})
    assert made.title.startswith(f"{begins} 1 of 2 items")

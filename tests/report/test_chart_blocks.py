from collections.abc import Callable
from pathlib import Path

import pytest

from survey.report.chart_blocks import groups, question_chart
from survey.report.context import Context
from survey.report.document import ChartBlock
from survey.report.group_findings import group_title

REASONS = [
    {"code": "a", "label": "Cost"},
    {"code": "b", "label": "Skills"},
    {"code": "none", "label": "None of these", "exclusive": True},
    {"code": "dk", "label": "Don't know", "exclusive": True, "dont_know": True},
]
SIZES = [{"code": 1, "label": "Small"}, {"code": 2, "label": "Large"}]
MULTIPLE = {"id": "m", "kind": "multiple", "label": "Reasons", "categories": REASONS}
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
# Of 100: 20 cost, 40 skills, 10 none, 50 don't know (of 120, 20 said nothing).
MARKS = {
    "m_a": [1] * 20 + [0] * 100,
    "m_b": [1] * 40 + [0] * 80,
    "m_none": [0] * 40 + [1] * 10 + [0] * 70,
    "m_dk": [0] * 50 + [1] * 50 + [0] * 20,
    "size": [1] * 100 + [2] * 20,
    "n": [5] * 60 + [7] * 40 + [None] * 20,
}


@pytest.fixture
def chart(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., ChartBlock]:
    def make(question: dict[str, object], **keys: object) -> ChartBlock:
        path = make_study(MARKS, [SIZE, question], **keys)
        context = context_of(path)
        result = context.wave.question(str(question["id"]))
        assert result is not None
        return question_chart(context, result)

    return make


def test_bars_are_sorted_and_say_their_base(chart: Callable[..., ChartBlock]) -> None:
    made = chart(MULTIPLE)
    assert [(row.label, row.values[0].text) for row in made.rows] == [
        ("Skills", "40%"),
        ("Cost", "20%"),
        ("None of these", "10%"),
        ("Don't know", "50%"),
    ]
    assert made.footer[0] == (
        "Base: everyone who answered, n = 100. Several answers were possible. "
        '"Don\'t know" is in the base.'
    )
    assert made.footer[1].startswith("Not weighted.")
    for row in made.rows:
        value = row.values[0]
        assert value.low is not None
        assert value.high is not None
        assert value.estimate is not None
        assert value.low < value.estimate < value.high


@pytest.mark.parametrize(
    ("keys", "base", "cost"),
    [
        ({"base": "asked"}, "everyone asked, n = 120", "17%"),
        ({"base": "named"}, "everyone who named at least one, n = 40", "50%"),
        ({"dont_know_in_base": False}, "everyone who answered, n = 50", "40%"),
        (
            {"dont_know_in_base": False, "base": "asked"},
            "everyone asked, n = 70",
            "29%",
        ),
    ],
)
def test_the_base_in_words_is_the_base_of_the_numbers(
    chart: Callable[..., ChartBlock], keys: dict[str, object], base: str, cost: str
) -> None:
    made = chart({**MULTIPLE, **keys})
    assert f"Base: {base}." in made.footer[0]
    texts = {row.label: row.values[0].text for row in made.rows}
    assert texts["Cost"] == cost
    assert ("Don't know" in texts) == keys.get("dont_know_in_base", True)


def test_the_study_may_change_the_base(chart: Callable[..., ChartBlock]) -> None:
    made = chart(MULTIPLE, bases={"m": "asked"})
    assert "everyone asked, n = 120" in made.footer[0]
    assert made.rows[1].values[0].estimate == pytest.approx(20 / 120)


def test_the_base_of_a_number_is_who_gave_one(
    chart: Callable[..., ChartBlock],
) -> None:
    made = chart({"id": "n", "kind": "numeric", "label": "N"})
    assert "everyone who answered, n = 100" in made.footer[0]


def test_small_groups_are_named_and_not_drawn(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    context = context_of(make_study(MARKS, [SIZE, MULTIPLE], banner=["size"]))
    result = context.wave.question("size")
    assert result is not None
    row = result.variables[0].rows[0]
    made = groups(context, result, row, "size", title="T")
    total, small, large = made.rows
    assert (total.role, total.values[0].text) == ("total", "83%")
    assert (large.values[0].estimate, large.values[0].flag) == (None, "hidden")
    assert large.values[0].text == "not shown: base below 30"
    # With one group hidden, the other would be Total less the first.
    assert small.values[0].text == "not shown: would reveal another"
    assert [r.side_text for r in made.rows] == ["", "n ≥ 30", "n < 30"]


def test_the_figure_is_told_in_words(chart: Callable[..., ChartBlock]) -> None:
    assert chart(MULTIPLE).alt.endswith(
        "Skills: 40%; Cost: 20%; None of these: 10%; Don't know: 50%."
    )


def test_groups_are_sorted_and_hidden_ones_stand_last(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    labels = ["Low", "Tiny", "High", "Small"]
    fields = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    field = {"id": "field", "kind": "single", "label": "IT field", "categories": fields}
    answers = {
        "field": [1] * 100 + [2] * 10 + [3] * 100 + [4] * 40,
        "size": [1] * 40 + [2] * 60 + [1] * 10 + [1] * 80 + [2] * 20 + [1] * 40,
    }
    context = context_of(make_study(answers, [SIZE, field], banner=["field"]))
    result = context.wave.question("size")
    assert result is not None
    row = result.variables[0].rows[0]
    rows = groups(context, result, row, "field", title="T").rows
    assert [r.label for r in rows] == ["Total", "High", "Low", "Tiny", "Small"]
    # No headline: nothing was tested, and nothing is claimed.
    assert group_title(context, "size", row, "field") == "Small, by IT field"


def test_ranks_stand_beside_several_answers(chart: Callable[..., ChartBlock]) -> None:
    made = chart(MULTIPLE)
    assert made.side_head == "Rank"
    assert [row.side_text for row in made.rows] == ["1", "2", "", ""]
    assert made.title == 'Reasons: "Skills" is named most often'


def test_a_tie_names_two_and_more_name_none(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    third = {"code": "none", "label": "Third"}
    asked = {**MULTIPLE, "categories": [*REASONS[:2], third]}
    # The first 100 of 200 name cost, the others skills; a third answer is of none or
    # of every other respondent.
    halves = {"m_a": [1] * 100 + [0] * 100, "m_b": [0] * 100 + [1] * 100}
    titles = []
    for last in ([0] * 200, [0, 1] * 100):
        context = context_of(make_study({**halves, "m_none": last}, [asked]))
        titles.append(question_chart(context, context.wave.questions[0]).title)
    assert titles == ['Reasons: "Cost" and "Skills" are named most often', "Reasons"]

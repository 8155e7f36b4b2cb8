"""The funnel counts who has reached a stage or is further."""

from collections.abc import Callable
from pathlib import Path

from survey.report.chart_blocks import bars
from survey.report.context import Context
from survey.report.stage_charts import funnel

LABELS = ["Not a topic", "Planned", "Pilot", "In production"]
STEPS = [{"code": i + 1, "label": text} for i, text in enumerate(LABELS)]
UNSURE = {"code": 9, "label": "Don't know", "dont_know": True}
STAGE = {
    "id": "stage",
    "kind": "single",
    "ordered": True,
    "label": "Stage",
    "categories": [*STEPS, UNSURE],
}
# Of 200: 40 no topic, 30 planned, 20 pilot, 100 in production, 10 unsure.
ANSWERS = {"stage": [1] * 40 + [2] * 30 + [3] * 20 + [4] * 100 + [9] * 10}
INDICATORS = {"adoption": {"question": "stage", "in_production": 4, "using": [3, 4]}}


def test_a_funnel_by_hand(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    context = context_of(make_study(ANSWERS, [STAGE], indicators=INDICATORS))
    result = context.wave.questions[0]
    [made] = funnel(context, result)
    assert made.kind == "funnel"
    # 150, 120 and 100 of 200; who does not know has reached none.
    assert [(row.label, row.values[0].text) for row in made.rows] == [
        ("Planned or further", "75%"),
        ("Using at all (pilot or production)", "60%"),
        ("In production", "50%"),
    ]
    for row in made.rows:
        value = row.values[0]
        assert value.low is not None
        assert value.estimate is not None
        assert value.low < value.estimate
        assert row.side_text.endswith("%")
    # 100 of 200, as in the table.
    assert (made.side_head, made.rows[2].side_text) == ("95% interval", "43–57%")
    assert "n = 200" in made.footer[0]
    # The net of a stage stands in the funnel and the table, not among the bars.
    labels = [row.label for row in bars(context, result, title="T").rows]
    assert "Planned or further" not in labels
    assert ("stage", "reached_2", "", "Total") in context.wave.cells


def test_stages_in_the_other_order_make_the_same_funnel(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    turned = {**STAGE, "categories": [*STEPS[::-1], UNSURE]}
    context = context_of(make_study(ANSWERS, [turned], indicators=INDICATORS))
    [made] = funnel(context, context.wave.questions[0])
    assert [row.values[0].text for row in made.rows] == ["75%", "60%", "50%"]


def test_without_an_order_there_is_no_funnel(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    mixed = {**STAGE, "categories": [STEPS[3], *STEPS[:3], UNSURE]}
    for question in (mixed, {**STAGE, "ordered": False}):
        context = context_of(make_study(ANSWERS, [question], indicators=INDICATORS))
        assert funnel(context, context.wave.questions[0]) == ()


def test_a_hidden_base_hides_the_funnel(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    few = {"stage": [1, 2, 3, 4] * 5}
    context = context_of(make_study(few, [STAGE], indicators=INDICATORS))
    [made] = funnel(context, context.wave.questions[0])
    assert {row.values[0].estimate for row in made.rows} == {None}

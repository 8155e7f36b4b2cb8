from collections.abc import Callable
from pathlib import Path

import pytest

from survey.report.context import Context
from survey.report.document import TableBlock
from survey.report.numbers import p_text
from survey.report.scale_charts import answers_across
from survey.report.table_blocks import items_table, question_table, toplines

TWO = [{"code": 1, "label": "Yes, it does"}, {"code": 2, "label": "It does not"}]
SIZES = [{"code": i + 1, "label": t} for i, t in enumerate(["Small", "Mid", "Large"])]
# Sizes 130, 60 and 10: the last is hidden, and the second protects it.
ANSWERS = {
    "size": [1] * 130 + [2] * 60 + [3] * 10,
    "use": ([1] * 65 + [2] * 65) + ([1] * 15 + [2] * 45) + [1] * 10,
    "n": [10] * 100 + [20] * 100,
    "g_a": [1] * 50 + [2] * 150,
    "g_b": [None] * 180 + [1] * 20,
}
QUESTIONS = [
    {"id": "size", "kind": "single", "label": "Size", "categories": SIZES},
    {"id": "use", "kind": "single", "label": "Use", "categories": TWO},
    {"id": "n", "kind": "numeric", "label": "Number"},
    {
        "id": "g",
        "kind": "grid",
        "label": "Grid",
        "categories": TWO,
        "items": [{"code": "a", "label": "A"}, {"code": "b", "label": "B"}],
    },
]


@pytest.fixture
def context(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Context:
    return context_of(make_study(ANSWERS, QUESTIONS, banner=["size"]))


def table_of(context: Context, question: str) -> TableBlock:
    result = context.wave.question(question)
    assert result is not None
    return question_table(context, result)


def test_columns_and_rows_by_hand(context: Context) -> None:
    table = table_of(context, "use")
    assert [c.label for c in table.columns] == [
        *("Total", "95% interval", "Small", "Mid", "Large"),
    ]
    assert [c.letter for c in table.columns] == ["", "", "A", "B", "C"]
    base, yes, no = table.rows
    assert [cell.text for cell in base.cells] == ["200", "", "130", "≥30", "<30"]
    assert [cell.value for cell in base.cells] == [200, None, 130, None, None]
    assert (yes.cells[0].text, yes.cells[0].value) == ("45%", pytest.approx(0.45))
    assert (no.cells[2].text, no.cells[2].value) == ("50%", pytest.approx(0.5))


def test_a_hidden_cell_has_no_text_and_no_value(context: Context) -> None:
    for row in table_of(context, "use").rows[1:]:
        hidden = row.cells[3:]
        assert [cell.flag for cell in hidden] == ["hidden", "hidden"]
        assert {(cell.text, cell.value, cell.letters) for cell in hidden} == {
            ("", None, "")
        }


def test_a_mean_stands_under_its_bands(context: Context) -> None:
    mean = table_of(context, "n").rows[-1]
    assert (mean.label, mean.role) == ("Mean", "statistic")
    assert mean.cells[0].value == pytest.approx(15)
    assert mean.cells[0].text == "15.0"
    assert mean.cells[3].value is None


def test_the_figure_of_a_hidden_item_names_no_base(context: Context) -> None:
    result = context.wave.question("g")
    assert result is not None
    assert (
        "n = <30 to 200 per row" in answers_across(context, result, "scale").footer[0]
    )


def test_toplines_have_means_and_no_banner(context: Context) -> None:
    table = toplines(context)
    assert len(table.columns) == 2
    assert all(len(row.cells) in {0, 2} for row in table.rows)
    mean = next(row for row in table.rows if row.label == "Mean")
    assert mean.cells[0].value == pytest.approx(15)


def test_items_of_a_grid_have_bases_of_their_own(context: Context) -> None:
    result = context.wave.question("g")
    assert result is not None
    first, second = items_table(context, result).rows
    assert [cell.text for cell in first.cells] == ["200", "25%", "75%"]
    assert [cell.text for cell in second.cells] == ["<30", "", ""]
    assert {cell.flag for cell in second.cells} == {"hidden"}
    assert {cell.value for cell in second.cells} == {None}


def test_notes_explain_marks_and_name_the_test(context: Context) -> None:
    notes = " ".join(table_of(context, "use").notes)
    assert "base below 30" in notes
    assert "base below 100" in notes
    assert "Association (Rao-Scott): Size: F(" in notes


@pytest.mark.parametrize(
    ("p_value", "text"), [(0.0004, "< 0.001"), (0.001, "= 0.001"), (0.25, "= 0.250")]
)
def test_p_values(p_value: float, text: str) -> None:
    assert p_text(p_value, "en") == text


def test_a_banner_question_is_not_crossed_with_itself(context: Context) -> None:
    table = table_of(context, "size")
    assert [c.label for c in table.columns] == ["Total", "95% interval"]
    assert {len(row.cells) for row in table.rows} == {2}
    assert not any("Letters" in note or "Rao" in note for note in table.notes)


def test_a_net_preference_stands_in_both_tables(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    plan = {"overall": "use", "dimensions": "g", "open": 1, "proprietary": 2}
    path = make_study(ANSWERS, QUESTIONS, indicators={"preference": plan})
    made = context_of(path)
    net = table_of(made, "use").rows[-1]
    # 90 of 200 say yes, 110 no.
    assert (net.label, net.cells[0].text) == (
        "Net (open minus proprietary), points",
        "−10",
    )
    assert net.cells[0].value == pytest.approx(-10)
    result = made.wave.question("g")
    assert result is not None
    first, second = items_table(made, result).rows
    assert first.cells[-1].text.startswith("−50 (−")
    assert second.cells[-1].flag == "hidden"

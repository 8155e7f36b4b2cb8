"""Headlines under other weights, by hand."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from survey.report.context import Context
from survey.report.document import ChartBlock, Note, TableBlock
from survey.report.sensitivity import sensitivity_pages

ContextOf = Callable[..., Context]


def single(name: str, *labels: str) -> dict[str, Any]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    return {
        "id": name,
        "kind": "single",
        "label": name.title(),
        "categories": categories,
    }


QUESTIONS = [
    single("size", "Small", "Large"),
    single("area", "North", "South"),
    single("use", "Uses it", "Does not"),
    single("side", "Open", "Closed", "Neither"),
]
# 80 small firms in the north, of which 48 use it; 20 of 40 small ones in the south;
# 8 of 40 large ones in the north, 16 of 40 in the south.
CELLS = [(1, 1, 80, 48), (1, 2, 40, 20), (2, 1, 40, 8), (2, 2, 40, 16)]
ANSWERS: dict[str, list[Any]] = {
    "size": [size for size, _, n, _ in CELLS for _ in range(n)],
    "area": [area for _, area, n, _ in CELLS for _ in range(n)],
    "use": [1 if k < used else 2 for *_, n, used in CELLS for k in range(n)],
    "side": [1, 1, 2, 3] * 50,
}
TARGETS = {
    "population": "firms",
    "source": "a register",
    "as_of": 2024,
    "unit": "firms",
    "margins": {"size": {1: 0.5, 2: 0.5}, "area": {1: 0.5, 2: 0.5}},
}
INDICATORS = {
    "shares": [{"question": "use", "code": 1}],
    "preference": {"overall": "side", "open": [1], "proprietary": [2], "neutral": [3]},
}


@pytest.fixture
def study(make_study: Callable[..., Path]) -> Callable[..., Path]:
    def make(*plans: dict[str, Any], **keys: Any) -> Path:
        shared = {"targets": "targets.yaml", "margins": ["size", "area"]}
        recipes = [{**shared, **plan} for plan in plans]
        keys = {"indicators": INDICATORS, **keys}
        path = make_study(ANSWERS, QUESTIONS, weighting=recipes, **keys)
        text = yaml.safe_dump(TARGETS)
        (path.parent / "targets.yaml").write_text(text, encoding="utf-8")
        return path

    return make


def table_of(context: Context) -> TableBlock:
    (page,) = sensitivity_pages(context)
    (table,) = [b for b in page.blocks if isinstance(b, TableBlock)]
    return table


def texts_of(table: TableBlock, label: str) -> list[str]:
    (row,) = [row for row in table.rows if row.label == label]
    return [cell.text for cell in row.cells]


def test_headlines_with_a_margin_left_out_and_with_a_cap(
    study: Callable[..., Path], context_of: ContextOf
) -> None:
    plans = ({"caps": [1.2, 2]}, {"name": "by size", "margins": ["size"]})
    table = table_of(context_of(study(*plans)))
    heads = [(column.group, column.label) for column in table.columns]
    assert heads == [
        *(("", "Weighted"), ("", "Unweighted"), ("", "Range")),
        *(("Without the margin", "size"), ("Without the margin", "area")),
        *(("Largest weight", "1.2"), ("Largest weight", "2")),
        ("Other weights", "by size"),
    ]
    # Raking gives small firms weight 0.5 * 200 / 120 at first. By size alone:
    # 0.5 * 68 / 120 + 0.5 * 24 / 80; by area: 0.5 * 56 / 120 + 0.5 * 36 / 80.
    by_size, by_area = 0.5 * 68 / 120 + 0.15, 0.5 * 56 / 120 + 0.225
    row = next(row for row in table.rows if row.label == "Uses it")
    assert row.cells[1].value == pytest.approx(92 / 200)
    assert row.cells[3].value == pytest.approx(by_area)
    assert row.cells[4].value == pytest.approx(by_size)
    assert row.cells[7].value == pytest.approx(by_size)
    # Odds of 2 between the areas among small firms, of 1 among large ones, are kept
    # with halves on both margins: p / (1/2 - p) squared is 2, so p = 0.2929.
    p = 0.5 * 2**0.5 / (1 + 2**0.5)
    share = p * 0.6 + (0.5 - p) * 0.5 + (0.5 - p) * 0.2 + p * 0.4
    assert row.cells[0].value == pytest.approx(share)
    # The largest weight is p * 200 / 40 = 1.46, so that a cap of 2 changes nothing.
    assert row.cells[6].value == pytest.approx(share)
    assert row.cells[5].text == "x"
    assert row.cells[2].text == "43–46%"
    assert texts_of(table, "Design effect of the weights")[5] == ""
    # 200 / sum of w**2 / n: weights 100 / 120 and 100 / 80.
    assert texts_of(table, "Effective base")[4] == "192"
    (note,) = [note for note in table.notes if note.startswith("x:")]
    assert note.startswith("x: No weight above 1.2 cannot be met. ")
    assert note.count("\n") == 0


def test_the_finding_names_the_widest_band(
    study: Callable[..., Path], context_of: ContextOf
) -> None:
    (page,) = sensitivity_pages(context_of(study({"caps": []})))
    note = page.blocks[0]
    assert isinstance(note, Note)
    # 0.5 * 68 / 120 + 0.5 * 24 / 80 without area, and without size
    # 0.5 * 56 / 120 + 0.5 * 36 / 80.
    assert note.text == (
        'Other weights move a headline by up to 2.5 points: "Uses it", 43.3% to 45.8%'
    )
    assert page.title == "Headlines under other weights"


def test_a_net_stands_in_points_and_not_in_the_figure(
    study: Callable[..., Path], context_of: ContextOf
) -> None:
    context = context_of(study({"caps": [2]}))
    row = texts_of(table_of(context), "Net preference (points)")
    assert row[0] == "+25"
    (page,) = sensitivity_pages(context)
    (chart,) = [b for b in page.blocks if isinstance(b, ChartBlock)]
    assert (chart.name, chart.kind) == ("sensitivity_band", "dots")
    groups = dict.fromkeys(row.group for row in chart.rows)
    assert list(groups) == ["Prefer open source", "Prefer proprietary", "Uses it"]
    mine = [row for row in chart.rows if row.group == "Uses it"]
    assert [row.label for row in mine] == [
        *("As in all tables", "Without size", "Without area", "No weight above 2")
    ]
    for row in mine:
        (value,) = row.values
        assert value.low < value.estimate < value.high
    assert chart.maximum == max(row.values[0].high for row in chart.rows)


def test_many_variants_make_several_figures(
    study: Callable[..., Path], context_of: ContextOf
) -> None:
    caps = [2 + k / 10 for k in range(14)]
    (page,) = sensitivity_pages(context_of(study({"caps": caps})))
    charts = [b for b in page.blocks if isinstance(b, ChartBlock)]
    names = ["sensitivity_band", "sensitivity_band_2"]
    assert [chart.name for chart in charts] == names
    # Three shares under the weights of all tables, without two margins, 14 caps.
    assert sum(len(chart.rows) for chart in charts) == 3 * 17
    assert len({chart.maximum for chart in charts}) == 1


def test_what_is_hidden_under_other_weights_stays_hidden(
    make_study: Callable[..., Path], context_of: ContextOf
) -> None:
    answers = {
        "size": [1] * 60 + [2] * 60,
        "area": [1, 2] * 15 + [None] * 90,
        "use": [1, 2] * 60,
    }
    plans = [
        {"targets": "targets.yaml", "margins": ["size"], "caps": []},
        {
            "name": "south",
            "targets": "south.yaml",
            "margins": ["area"],
            "missing": "exclude",
            "zero_targets": "exclude",
        },
    ]
    indicators = {"shares": [{"question": "use", "code": 1}]}
    path = make_study(answers, QUESTIONS, weighting=plans, indicators=indicators)
    south = {**TARGETS, "margins": {"area": {1: 0, 2: 1}}}
    for name, targets in (("targets", TARGETS), ("south", south)):
        text = yaml.safe_dump(targets)
        (path.parent / f"{name}.yaml").write_text(text, encoding="utf-8")
    table = table_of(context_of(path))
    (row,) = [row for row in table.rows if row.label == "Uses it"]
    # 15 respondents have a weight.
    assert row.cells[-1].flag == "hidden"
    assert row.cells[-1].value is None
    assert row.cells[2].text == "50%"


def test_german(study: Callable[..., Path], context_of: ContextOf) -> None:
    context = context_of(study({"caps": [1.2]}), language="de")
    (page,) = sensitivity_pages(context)
    assert page.title == "Kernzahlen unter anderen Gewichten"
    table = table_of(context)
    assert table.columns[-1].label == "1,2"
    assert any("Kein Gewicht über 1,2 ist nicht erfüllbar" in n for n in table.notes)


def test_without_headlines_or_weights_there_is_no_page(
    study: Callable[..., Path], context_of: ContextOf
) -> None:
    assert sensitivity_pages(context_of(study({}, indicators={}))) == ()
    assert sensitivity_pages(context_of(study())) == ()

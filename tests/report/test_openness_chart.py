"""The figure of openness shows every component of every model, the most open first."""

import pytest

from survey.openness.rate import rate_record, rules_of
from survey.openness.records import ModelRecord
from survey.openness.rulesets import ruleset
from survey.openness.values import OpennessRating
from survey.report import charts, style
from survey.report.document import ChartBlock
from survey.report.openness_chart import MOST_MODELS, openness_chart

NAMES = [c.name for c in ruleset("mot-2025-07").components]


def rated(name: str, **licences: str) -> OpennessRating:
    listed = {n: licences[n[:5]] for n in NAMES if n[:5] in licences}
    return rate_record(ModelRecord(name, "p", listed), rules_of("mot-2025-07"))


def open_one(name: str = "open") -> OpennessRating:
    listed = dict.fromkeys([n for n in NAMES if n != "Technical report"], "MIT")
    return rate_record(ModelRecord(name, "p", listed), rules_of("mot-2025-07"))


def shown(block: ChartBlock, row: int) -> dict[str, str]:
    """Role of the state on every field, by component."""
    values = block.rows[row].values
    roles = [block.legend[int(v.estimate or 0)].role for v in values]
    return dict(zip([s.label for s in block.series], roles, strict=True))


def test_a_field_per_component() -> None:
    closed = rated("closed", Resea="Custom", Datas="unlicensed")
    block = openness_chart([closed, open_one()])

    assert [row.label for row in block.rows] == ["open", "closed"]
    assert [s.label for s in block.series] == NAMES
    fields = shown(block, 1)
    assert fields["Research paper"] == "state:invalid"
    assert fields["Datasets"] == "state:unlicensed"
    assert fields["Model card"] == "state:absent"
    assert fields["Model metadata"] == "state:optional"
    assert all(s.role in style.STATES for s in block.legend)


def test_a_report_is_not_needed_beside_a_paper() -> None:
    fields = shown(openness_chart([open_one()]), 0)

    assert fields["Technical report"] == "state:optional"
    assert fields["Research paper"] == "state:open"


def test_datasets_count_where_no_licence_is_asked_for() -> None:
    listed = {"Datasets": "CC-BY-NC-4.0", "Training code": "CC-BY-4.0"}
    rating = rate_record(ModelRecord("m", "p", listed), rules_of("mof-paper"))
    block = openness_chart([rating])
    fields = shown(block, 0)

    assert "Datasets" in rating.lists["I"].included
    assert fields["Datasets"] == "state:open"
    assert fields["Training code"] == "state:invalid"
    assert block.legend[0].label == "open licence, or none asked for"


def test_marks_tell_states_apart_without_colour() -> None:
    block = openness_chart([rated("a", Resea="X", Datas="unlicensed", Infer="MIT")])
    marks = {(v.estimate, v.text) for v in block.rows[0].values}

    assert len(marks) == 5
    assert len({text for _, text in marks}) == 5


def test_more_than_40_models_are_cut_and_that_is_said() -> None:
    many = [rated(f"m{n:02}") for n in range(MOST_MODELS + 5)]
    block = openness_chart([*many, open_one("last")])

    assert len(block.rows) == MOST_MODELS
    assert block.rows[0].label == "last"
    assert "40 of 46 models" in block.subtitle
    assert block.alt.endswith("38 more models.")


@pytest.mark.parametrize("language", ["en", "de"])
def test_texts_and_drawing(language: str) -> None:
    rating = open_one("$x$ <b>")
    block = openness_chart([rating], language)
    image = charts.image(block, "svg", language=language)

    assert "$x$ <b>" in block.title
    assert rating.licence_list in block.footer[0]
    assert "16" in block.alt
    assert b"<b>" not in image
    assert image == charts.image(block, "svg", language=language)

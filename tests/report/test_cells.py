"""Texts without weights, and how a number was made."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.report.context import Context
from survey.report.document import TableBlock, TableRow
from survey.report.table_blocks import question_table

SIZES = [{"code": i + 1, "label": t} for i, t in enumerate(["Small", "Large"])]
STEPS = [{"code": i + 1, "label": t} for i, t in enumerate(["No", "Yes"])]
SIZE = {"id": "size", "kind": "single", "label": "Size", "categories": SIZES}
USES = {
    "id": "uses",
    "kind": "single",
    "ordered": True,
    "label": "Use",
    "categories": STEPS,
}
# Small: 100 of 120 say yes; large: 20 of 80. Weights make both sizes equally large.
ANSWERS = {
    "size": [1] * 120 + [2] * 80,
    "uses": [2] * 100 + [1] * 20 + [2] * 20 + [1] * 60,
    "w": [100 / 120] * 120 + [100 / 80] * 80,
}


@pytest.fixture
def table(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., TableBlock]:
    def made(**keys: Any) -> TableBlock:
        path = make_study(ANSWERS, [SIZE, USES], banner=["size"], **keys)
        context = context_of(path)
        result = context.wave.question("uses")
        assert result is not None
        return question_table(context, result)

    return made


def row_of(table: TableBlock, label: str) -> TableRow:
    (found,) = (row for row in table.rows if row.label == label)
    return found


def plain(row: TableRow) -> list[str]:
    return [cell.plain for cell in row.cells]


WEIGHTED = {"design": {"weight": "w"}, "summaries": {"uses": ["mean"]}}


def test_shares_and_bases_have_a_text_without_weights(
    table: Callable[..., TableBlock],
) -> None:
    made = table(**WEIGHTED)
    yes = row_of(made, "Yes")
    # Weighted (100/120 + 20/80) / 2 = 54%; without weights 120 of 200.
    assert yes.cells[0].text == "54%"
    assert plain(yes) == ["60%", "", "60%", "83%", "25%"]
    assert plain(row_of(made, "Base: respondents")) == ["200", "", "200", "120", "80"]
    assert plain(row_of(made, "Weighted base")) == [""] * 5


def test_means_have_one_where_it_is_known(table: Callable[..., TableBlock]) -> None:
    mean = row_of(table(**WEIGHTED), "Mean")
    # (80 * 1 + 120 * 2) / 200; columns are not known without weights.
    assert plain(mean) == ["1.60", "", "1.60", "", ""]


def test_a_hidden_cell_has_none(table: Callable[..., TableBlock]) -> None:
    made = table(**WEIGHTED, report={"min_base": 100})
    assert made.rows[0].cells[4].flag == "hidden"
    assert {row.cells[4].plain for row in made.rows} == {""}


def test_every_number_says_how_it_was_made(table: Callable[..., TableBlock]) -> None:
    made = table(**WEIGHTED)
    told = {row.cells[0].recipe for row in made.rows if row.role != "base"}
    base, weight = "everyone who answered, n = 200", "the column w of the export"
    assert told == {f"Use. Base: {base}. Weighted by {weight}. 95% interval: logit."}

"""The glossary explains what the report says, and nothing else."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.report.context import Context
from survey.report.document import (
    ChartBlock,
    Note,
    Page,
    TableBlock,
    TableColumn,
    TableRow,
)
from survey.report.glossary import glossary_page
from survey.report.pages import all_pages
from survey.report.wording import words

TWO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USE = {"id": "use", "kind": "single", "label": "Use", "categories": TWO}
ANSWERS: dict[str, list[Any]] = {"use": [1, 2] * 30}


@pytest.fixture
def context(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Context:
    return context_of(make_study(ANSWERS, [USE], exclude=[]))


def terms(context: Context, *blocks: Note | TableBlock | ChartBlock) -> list[str]:
    (block,) = glossary_page(context, [Page("p", "Page", blocks)]).blocks
    assert isinstance(block, TableBlock)
    return [row.label for row in block.rows]


def test_only_terms_that_are_used_are_explained(context: Context) -> None:
    assert terms(context, Note("Nothing of the trade.")) == []
    said = Note("Weighted by raking to size. Base: everyone who answered.")
    assert terms(context, said) == ["Base", "Raking", "Weight"]


def test_a_word_inside_another_is_no_term(context: Context) -> None:
    assert terms(context, Note("The database of the frank firms.")) == []


def test_a_net_is_told_by_its_rows(context: Context) -> None:
    columns = (TableColumn("Total"),)
    rows = (TableRow("Either", (), "net"), TableRow("One", ()))
    assert terms(context, TableBlock("t", "T", "", columns, rows)) == ["Net of answers"]
    assert terms(context, TableBlock("t", "T", "", columns, rows[1:])) == []


def test_labels_and_wordings_of_data_are_not_looked_at(context: Context) -> None:
    rows = (TableRow("Raking of leaves", ()),)
    chart = ChartBlock("c", "bars", "Trimming", "Interval?", (), (), (), "")

    assert terms(context, TableBlock("t", "Letters", "", (), rows), chart) == []


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_term_has_a_meaning_and_words_that_tell_it(language: str) -> None:
    fixed = words(language)
    names = [key[5:] for key in fixed if key.startswith("term_")]

    assert len({fixed[f"term_{name}"] for name in names}) == len(names)
    for name in names:
        assert fixed[f"means_{name}"].endswith(".")
        marks = fixed[f"marks_{name}"]
        assert marks == marks.casefold()
        assert (name == "net") == (not marks)


@pytest.mark.parametrize("language", ["en", "de"])
def test_a_report_explains_its_terms_in_order(
    make_study: Callable[..., Path],
    context_of: Callable[..., Context],
    language: str,
) -> None:
    path = make_study(ANSWERS, [USE], exclude=[])
    last = all_pages([context_of(path, language=language)])[-1]
    (block,) = last.blocks
    assert isinstance(block, TableBlock)
    found = [row.label for row in block.rows]

    assert found == sorted(found, key=str.casefold)
    fixed = words(language)
    for name in ("base", "interval", "opt_in", "design_effect", "small_base"):
        assert fixed[f"term_{name}"] in found
    for name in ("raking", "trimming", "rank", "replicates", "letters", "box"):
        assert fixed[f"term_{name}"] not in found

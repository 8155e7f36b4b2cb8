"""What a survey discloses: all items, and plainly what nobody stated."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.report.context import Context
from survey.report.disclosure import disclosure_page
from survey.report.document import TableBlock
from survey.report.wording import words
from survey.study.model import Disclosure

TWO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USE = {"id": "use", "kind": "single", "label": "Use", "categories": TWO}
ANSWERS: dict[str, list[Any]] = {"use": [1, 2, 1, 1] * 15, "w": [1, 1, 1, 3] * 15}

Told = Callable[..., dict[str, str]]


@pytest.fixture
def told(make_study: Callable[..., Path], context_of: Callable[..., Context]) -> Told:
    def tell(language: str = "en", **keys: Any) -> dict[str, str]:
        path = make_study(ANSWERS, [USE], exclude=[], **keys)
        page = disclosure_page([context_of(path, language=language)])
        (block,) = page.blocks
        assert isinstance(block, TableBlock)
        return {row.label: row.cells[0].text for row in block.rows}

    return tell


def test_what_the_study_does_not_say_is_listed(told: Told) -> None:
    fixed = words("en")
    missing = {label for label, text in told().items() if text == fixed["not_stated"]}

    assert missing == {fixed[f"disclosed_{name}"] for name in Disclosure.model_fields}


@pytest.mark.parametrize("name", list(Disclosure.model_fields))
def test_what_the_study_says_stands_there(told: Told, name: str) -> None:
    stated = {name: {"en": "so it was", "de": "so war es"}}

    assert told(disclosure=stated)[words("en")[f"disclosed_{name}"]] == "so it was"
    german = told("de", disclosure=stated)
    assert german[words("de")[f"disclosed_{name}"]] == "so war es"


def test_sizes_weights_and_dates_come_from_the_waves(told: Told) -> None:
    found = told(design={"weight": "w"}, disclosure={"dates": "May"})

    assert found["Sample size"] == "1: 60 records read, 60 used."
    assert found["Dates of data collection"] == "May"
    # Weights 1, 1, 1 and 3 have the mean 1.5: 4 x 12 / 36 = 1.33; 60 / 1.33 = 45.
    assert (
        "Design effect of the weights 1.33, effective base 45 of 60."
        in found["Weighting"]
    )


def test_no_margin_of_error_without_a_random_sample(told: Told) -> None:
    assert "no margin of error is claimed" in told()["Precision"]
    random = told(sample="probability")
    assert "margin of error" not in random["Precision"]
    assert random["Kind of sample"] == "Drawn at random, with known probabilities."


def test_cautions_of_the_study_are_limitations(told: Told) -> None:
    assert told(cautions=["All made up."])["Limitations"].endswith("All made up.")

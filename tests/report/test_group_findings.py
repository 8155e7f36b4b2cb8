"""Differences between groups are told only where they hold among all tests."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import pytest

from survey.report.context import Context
from survey.report.group_findings import (
    differences_that_hold,
    group_method,
    group_sentences,
    group_title,
)
from survey.report.pages import all_pages

LABELS = {"size": ["Small", "Large"], "field": ["<b>IT</b>", "Law"]}
ADOPTION = {"question": "use", "in_production": 1, "using": 1}


def single(name: str, labels: list[str]) -> dict[str, object]:
    categories = [{"code": i + 1, "label": text} for i, text in enumerate(labels)]
    return {
        "id": name,
        "kind": "single",
        "label": name.title(),
        "categories": categories,
    }


QUESTIONS = [
    *(single(name, labels) for name, labels in LABELS.items()),
    single("use", ["Uses it", "Does not"]),
]
# Of 200 small organisations 120 use it, of 200 large ones 40; fields do not matter.
ANSWERS = {
    "size": [1] * 200 + [2] * 200,
    "field": [1, 2] * 200,
    "use": [1] * 120 + [2] * 80 + [1] * 40 + [2] * 160,
}


@pytest.fixture
def context_with(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., Context]:
    def make(language: str = "en", **report: object) -> Context:
        path = make_study(
            ANSWERS,
            QUESTIONS,
            indicators={"adoption": ADOPTION},
            banner=["size", "field"],
            report=report,
        )
        return context_of(path, language=language)

    return make


def test_a_difference_is_told_once_of_two_groups(
    context_with: Callable[..., Context],
) -> None:
    made = group_sentences(context_with())
    # Two rates of four groups; both rates are the same answer here.
    ending = '60% in "Small", 20% in the rest (adjusted p < 0.001).'
    assert made == (
        f"In production, by size: {ending}",
        f"Using at all (pilot or production), by size: {ending}",
    )
    german = group_sentences(context_with("de"))
    assert "60\xa0% bei „Small“, 20\xa0% bei allen übrigen" in german[0]


def test_titles_say_which_group_is_higher_and_else_nothing(
    context_with: Callable[..., Context],
) -> None:
    context = context_with()
    result = context.wave.question("use")
    assert result is not None
    row = result.variables[0].rows[0]
    assert group_title(context, "use", row, "size") == (
        'In production, by size: higher in "Small" than in the rest'
    )
    assert group_title(context, "use", row, "field") == "In production, by field"


def test_a_group_that_lies_below_all_others_is_named(
    context_with: Callable[..., Context],
) -> None:
    context = context_with()
    below = tuple(t for t in context.wave.group_tests if t.difference <= 0)
    changed = replace(context, wave=replace(context.wave, group_tests=below))
    result = context.wave.question("use")
    assert result is not None
    title = group_title(changed, "use", result.variables[0].rows[0], "size")
    assert title == 'In production, by size: lower in "Large" than in the rest'


@pytest.mark.parametrize(
    ("estimate", "rest", "p_value", "holds"),
    [
        (0.60, 0.40, 0.050, "holds"),
        (0.60, 0.40, 0.051, ""),
        # Smaller than the study marks; and gone when it is rounded.
        (0.44, 0.40, 0.001, ""),
        (0.404, 0.396, 0.001, ""),
    ],
)
def test_what_holds(
    context_with: Callable[..., Context],
    estimate: float,
    rest: float,
    p_value: float,
    holds: str,
) -> None:
    context = context_with(min_difference=0.05 if rest == 0.40 else 0.0)
    first = replace(
        context.wave.group_tests[0], estimate=estimate, rest=rest, p_value=p_value
    )
    changed = replace(context, wave=replace(context.wave, group_tests=(first,)))
    assert (differences_that_hold(changed) == [first]) == bool(holds)


def test_the_methods_name_the_family(context_with: Callable[..., Context]) -> None:
    [text] = group_method(context_with(adjust="bh"))
    assert "These 8 tests are one family" in text
    assert "Benjamini and Hochberg" in text
    assert "at most 0.05" in text
    [text] = group_method(context_with())
    assert "Holm" in text
    pages = {page.name: page for page in all_pages([context_with()])}
    assert "one family" in repr(pages["methods"])


def test_without_groups_nothing_is_said(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    path = make_study(ANSWERS, QUESTIONS, indicators={"adoption": ADOPTION})
    context = context_of(path)
    assert group_sentences(context) == ()
    assert group_method(context) == ()

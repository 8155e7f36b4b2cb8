from collections.abc import Callable
from dataclasses import replace
from math import nan
from pathlib import Path

import pytest
import yaml

from survey.report.change_cells import change_cells, detectable_cell
from survey.report.change_reasons import because_text, reason_text
from survey.report.change_words import (
    arrow_text,
    in_points,
    interval_text,
    number_text,
    sign_of,
)
from survey.report.context import Context
from survey.report.wording import words
from survey.waves.contract import CHANGE_KINDS, Consequence
from survey.waves.values import CellChange

SHARE = CellChange(
    question="use",
    code="1",
    banner="",
    point="Total",
    statistic="share",
    newer="3",
    older="2",
    against="previous",
    before=0.40,
    after=0.6049,
    difference=0.2049,
    std_error=0.03,
    conf_low=0.146,
    conf_high=0.264,
    p_value=0.0001,
    p_adjusted=0.0213,
    detectable=0.084,
    level=2,
    base_before=400,
    base_after=400,
    overlap=0,
    consequence=Consequence("comparable"),
)
HIDDEN = replace(SHARE, difference=nan, conf_low=nan, conf_high=nan, level=0)
CHANGED = replace(HIDDEN, consequence=Consequence("not_comparable", "scale_changed"))


@pytest.fixture
def told(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[[str], Context]:
    use = {
        "id": "use",
        "kind": "single",
        "label": "Use",
        "categories": [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}],
    }

    def make(language: str) -> Context:
        path = make_study({"use": [1] * 60 + [2] * 40}, [use])
        study = yaml.safe_load(path.read_text(encoding="utf-8"))
        study["waves"] = [{**study["waves"][0], "id": i} for i in ("1", "2", "3")]
        path.write_text(yaml.safe_dump(study), encoding="utf-8")
        return context_of(path, language=language)

    return make


def texts(context: Context, change: CellChange) -> list[str]:
    return [cell.text for cell in change_cells(context, change, p_value=True)]


def test_a_change_in_cells(told: Callable[[str], Context]) -> None:
    found = texts(told("en"), SHARE)
    assert found == ["+20", "+15 to +26", "▲ higher", "0.021", "8"]
    german = texts(told("de"), SHARE)
    assert german == ["+20", "+15 bis +26", "▲ höher", "0,021", "8"]


def test_values_are_not_rounded(told: Callable[[str], Context]) -> None:
    cells = change_cells(told("en"), SHARE)
    assert cells[0].value == pytest.approx(20.49)
    assert cells[0].number_format == "points"
    assert cells[-1].value == pytest.approx(8.4)


def test_the_reason_stands_in_place_of_the_number(
    told: Callable[[str], Context],
) -> None:
    assert texts(told("en"), CHANGED) == [
        "not comparable: scale changed in 3",
        *("", "", "", ""),
    ]
    first = texts(told("de"), replace(CHANGED, older="1", against="first"))[0]
    assert first == "nicht vergleichbar: Skala zwischen 1 und 3 geändert"
    assert all(cell.value is None for cell in change_cells(told("en"), CHANGED))


def test_a_hidden_change_is_hidden(told: Callable[[str], Context]) -> None:
    cells = change_cells(told("en"), HIDDEN)
    assert cells[0].flag == "hidden"
    assert {cell.text for cell in cells} == {""}
    assert detectable_cell(told("en"), HIDDEN).value is None


@pytest.mark.parametrize(
    ("level", "difference", "text"),
    [
        (2, 0.1, "▲ higher"),
        (1, 0.1, "△ higher, weaker evidence"),
        (2, -0.1, "▼ lower"),
        (1, -0.1, "▽ lower, weaker evidence"),
        (0, 0.1, ""),
    ],
)
def test_arrows_have_words(
    told: Callable[[str], Context], level: int, difference: float, text: str
) -> None:
    change = replace(SHARE, level=level, difference=difference)
    assert arrow_text(told("en"), change) == text


def test_a_mean_has_no_points(told: Callable[[str], Context]) -> None:
    mean = replace(SHARE, statistic="mean", code="mean")
    assert not in_points(mean)
    assert number_text(told("de"), mean, -0.2049) == "−0,20"
    assert number_text(told("en"), mean, 0.001) == "0.00"
    assert interval_text(told("en"), mean) == "+0.15 to +0.26"
    assert in_points(replace(mean, question="pref:net_preference"))


def test_a_number_on_another_base_has_a_sign(told: Callable[[str], Context]) -> None:
    common = replace(SHARE, consequence=Consequence("common_base", "routing_changed"))
    assert sign_of(common) == "†"
    (first, *_) = change_cells(told("en"), common)
    # A text: a number format would lose the sign.
    assert (first.text, first.value) == ("+20 †", None)


def test_a_recode_that_nobody_accepts(told: Callable[[str], Context]) -> None:
    recode = Consequence("recode", "options_merged")
    text = reason_text(told("en"), recode, "3", "2")
    assert text == (
        "not comparable: options changed in 3, and the study accepts no recode"
    )


@pytest.mark.parametrize("language", ["en", "de"])
def test_every_kind_of_change_has_words(
    told: Callable[[str], Context], language: str
) -> None:
    context = told(language)
    kinds = [kind for kind in CHANGE_KINDS if kind != "same"]
    found = {
        because_text(context, Consequence("not_comparable", kind), "3", "2")
        for kind in kinds
    }
    assert len(found) == len(kinds)
    assert {f"kind_{kind}" for kind in kinds} <= set(words(language))

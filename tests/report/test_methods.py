"""How the numbers were made, in words, for every kind of design and test."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from survey.report.context import Context
from survey.report.document import Note, TableBlock
from survey.report.methods import methods
from survey.report.pages import question_page
from survey.report.weighting_pages import weighting_pages

TWO = [{"code": 1, "label": "Yes"}, {"code": 2, "label": "No"}]
USE = {"id": "use", "kind": "single", "label": "Use", "categories": TWO}
N = 120
ANSWERS: dict[str, list[Any]] = {
    "use": [1, 2, 1] * 40,
    "area": [i % 4 for i in range(N)],
    "district": [i % 24 for i in range(N)],
    "person": list(range(N)),
    "big": [1000] * N,
    "w": [1, 1, 2] * 40,
    "r1": [2, 0, 2] * 40,
    "r2": [0, 2, 2] * 40,
}


@pytest.fixture
def told(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> Callable[..., str]:
    def tell(language: str = "en", **keys: Any) -> str:
        path = make_study(ANSWERS, [USE], exclude=[], **keys)
        return "\n".join(methods(context_of(path, language=language)))

    return tell


@pytest.mark.parametrize(
    ("design", "english", "german"),
    [
        (
            {"strata": "area", "psu": "district", "fpc": "big"},
            "unit, with finite population correction; degrees of freedom",
            ", mit district als Primäreinheit, mit Endlichkeitskorrektur; Freih",
        ),
        (
            {"strata": "area", "psu": "district"},
            "(Taylor), stratified by area, with district as primary sampling unit;",
            "(Taylor), geschichtet nach area, mit district als Primäreinheit;",
        ),
        (
            {"psu": ["district", "person"], "fpc": ["big", "big"]},
            "sampled in 2 stages (district, person)",
            "in 2 Stufen gezogen (district, person)",
        ),
        (
            {"strata": "area", "lonely_psu": "adjust"},
            "one primary sampling unit is measured from the mean of all strata.",
            "wird am Mittel aller Schichten gemessen.",
        ),
        (
            {"psu": "district", "method": "jk1"},
            "24 replicates made here (jackknife, JK1), with district as primary",
            "24 hier gebildeten Replikaten (Jackknife, JK1), mit district als Prim",
        ),
        (
            {"psu": "district", "method": "jk1"},
            "with district as primary sampling unit, with 23 degrees of freedom.",
            "mit district als Primäreinheit, mit 23 Freiheitsgraden.",
        ),
        (
            {"method": "bootstrap", "replicates": 40, "seed": 3},
            "40 replicates made here (bootstrap after Rao and Wu, seed 3)",
            "40 hier gebildeten Replikaten (Bootstrap nach Rao und Wu, Startwert 3)",
        ),
        (
            {"weight": "w", "replicate_weights": "r?", "method": "fay", "rho": 0.3},
            "2 replicate weights of the export (balanced repeated replication by Fay",
            "2 Replikatgewichten des Exports (balancierte Halbstichproben nach Fay",
        ),
        (
            {"weight": "w", "calibration": ["use", ["use", "area"]]},
            "and account for use and use × area, to which the weights of the export",
            "und berücksichtigen Use und Use × area, worauf die Gewichte des Exports",
        ),
    ],
)
def test_designs(
    told: Callable[..., str], design: dict[str, Any], english: str, german: str
) -> None:
    assert english in told(design=design)
    assert german in told("de", design=design)


def test_tests_in_plain_words(told: Callable[..., str]) -> None:
    plan = {
        "adjust": "holm",
        "family": "question",
        "min_difference": 0.05,
        "against": ["rest", "total"],
        "statistic": "wald",
    }
    text = told(report=plan)
    assert "covariance, adjusted by Holm's method over all rows of a question" in text
    assert "Differences of shares below 5 points are not marked." in text
    assert "tested against all other respondents" in text
    assert "tested against Total, of which it is a part" in text
    assert "Wald's test of the residuals" in text
    plain = told()
    assert "not adjusted for the number of tests" in plain
    assert "points" not in plain
    assert "against" not in plain
    assert "second-order correction (F)" in plain


def test_numbers_of_a_scale_only_where_there_are_some(
    make_study: Callable[..., Path],
    context_of: Callable[..., Context],
    told: Callable[..., str],
) -> None:
    scale = {**USE, "ordered": True}
    path = make_study(ANSWERS, [scale], exclude=[], summaries={"use": "mean"})
    assert "take its codes as numbers" in "\n".join(methods(context_of(path)))
    assert "take its codes as numbers" not in told()


def test_weights_of_the_export_are_told(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    design = {"weight": "w", "calibration": "use"}
    context = context_of(make_study(ANSWERS, [USE], exclude=[], design=design))
    (page,) = weighting_pages([context])
    note, table = page.blocks
    assert isinstance(note, Note)
    assert isinstance(table, TableBlock)
    text = note.text
    # Weights 1, 1 and 2 have the mean 4 / 3: 3 x 6 / 16 = 1.125.
    assert "the column w of the export" in text
    assert "from 0.75 to 1.50; design effect 1.13, weighting efficiency 89%" in text
    assert "effective base 107 of 120" in text
    figures = {row.label: row.cells[0].text for row in table.rows}
    assert figures["Effective base"] == "107"
    assert figures["Weighting efficiency"] == "88.9%"
    result = context.wave.question("use")
    assert result is not None
    figure = question_page(context, result).blocks[0]
    foot = "Weighted by the column w of the export. The weights are made to meet"
    assert figure.footer[1].startswith(foot)
    assert "column w of the export" in methods(context)[2]


def test_a_study_without_weights_says_so(
    make_study: Callable[..., Path], context_of: Callable[..., Context]
) -> None:
    context = context_of(make_study(ANSWERS, [USE], exclude=[]))
    (page,) = weighting_pages([context])
    (note,) = page.blocks
    assert isinstance(note, Note)
    assert note.text.startswith("No weights were used")
    assert methods(context)[2].startswith("No weights were used")

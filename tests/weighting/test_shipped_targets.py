"""Shipped target sets: sums as published, and what they do to a real sample."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.questionnaire.model import in_language
from survey.responses.bind import bind
from survey.responses.recode import variables
from survey.responses.table import Responses
from survey.weighting.diagnostics import deff_kish, effective_base
from survey.weighting.mapping import BandMap
from survey.weighting.prepare import WeightingInput, frame_input, weighting_input
from survey.weighting.rake import rake
from survey.weighting.targets import Targets, load_targets

ROOT = Path(__file__).parents[2]
FOLDER = ROOT / "data" / "targets"
FILES = sorted(path.name for path in FOLDER.iterdir())
OSPO = ROOT.parent / "shared" / "exports" / "todo_ospo" / "2024" / "Raw_Data"
EU = "eu27-2023-enterprises-by-size.yaml"
STAFF = "eu27-2023-persons-employed-by-size-preliminary.yaml"

# Totals as the publishers state them: Eurostat sbs_sc_ovw 2023 and 2024; Eurostat's
# article on 2023 (80.1 + 24.5 + 58.4 million); US Census, SUSB 2022. The sums of the
# sections and of the British classes are added up by hand from the published cells.
TOTALS = {
    EU: 33_065_522,
    "eu27-2024-enterprises-by-size.yaml": 33_462_377,
    STAFF: 163_000_000,
    "us-2022-firms-by-size.yaml": 6_395_635,
    "uk-2025-businesses-by-size.yaml": 5_690_265,
    "eu27-2023-enterprises-10-249-by-nace.yaml": 1_794_942,
    "eu27-2023-enterprises-10-249-by-nace-and-size.csv": 1_794_942,
}
# Percentages as published or, of the sections, rounded to one decimal.
PERCENT = {
    "eu27-2023-persons-employed-by-size.yaml": [48, 15, 37],
    "eu27-2023-enterprises-by-sector.yaml": [63, 18, 12, 7],
    "eu27-2023-persons-employed-by-sector.yaml": [52, 18, 9, 21],
    "de-2022-legal-units-by-size.yaml": [87, 12.5, 0.5],
    "de-2022-employees-by-size.yaml": [56, 44],
    "de-2022-enterprises-ifm-by-size.yaml": [84.9, 11.7, 2.7, 0.7],
    "us-2019-employment-by-size.yaml": [4.3, 5.0, 6.4, 16.1, 14.2, 54.0],
    "eu27-2023-enterprises-10-249-by-nace.yaml": [
        *(0.2, 17.8, 0.3, 0.8, 12.9, 19.9, 6.2, 12.0),
        *(3.8, 1.1, 1.4, 7.6, 6.3, 1.7, 6.7, 1.5),
    ],
}


def only_margin(name: str) -> dict[str, float]:
    (margin,) = load_targets(FOLDER / name).margins.values()
    return margin


@pytest.mark.parametrize("name", FILES)
def test_every_file_says_whom_it_describes_and_who_says_so(name: str) -> None:
    targets = load_targets(FOLDER / name)
    assert targets.population
    assert targets.source
    assert targets.notes
    if name != "genai-population.yaml":
        assert targets.evidence is not None
        assert targets.evidence_note


@pytest.mark.parametrize(("name", "total"), TOTALS.items())
def test_counts_sum_to_the_published_total(name: str, total: int) -> None:
    # Eurostat rounds every band of 2023 by itself: one enterprise more.
    difference = 1 if name == EU else 0
    assert sum(only_margin(name).values()) == total + difference


@pytest.mark.parametrize(("name", "percent"), PERCENT.items())
def test_shares_are_the_published_ones(name: str, percent: list[float]) -> None:
    values = np.array(list(only_margin(name).values()))
    shares = 100 * values / values.sum()
    assert shares.round(1).tolist() == percent


def test_every_file_is_compared_with_what_is_published() -> None:
    assert {*TOTALS, *PERCENT, "genai-population.yaml"} == set(FILES)


def test_bands_of_one_source_agree_with_each_other() -> None:
    size, nace = (
        only_margin(EU),
        only_margin("eu27-2023-enterprises-10-249-by-nace.yaml"),
    )
    crossed = only_margin("eu27-2023-enterprises-10-249-by-nace-and-size.csv")
    by_section: dict[str, float] = {}
    for code, count in crossed.items():
        section = code.split(" x ")[0]
        by_section[section] = by_section.get(section, 0) + count
    assert by_section == nace
    assert sum(list(size.values())[1:]) == 1_874_887
    # Section S is missing from the table, so it holds a little less.
    medium = sum(size[code] for code in ("10-19", "20-49", "50-249"))
    assert medium == 1_820_631
    assert 0.98 < sum(nace.values()) / medium < 1


@pytest.mark.parametrize("name", [n for n in FILES if "by-size" in n or "-and-" in n])
def test_what_bands_of_size_do_not_fit_is_noted(name: str) -> None:
    notes = " ".join(in_language(n, "en") for n in load_targets(FOLDER / name).notes)
    assert "Size bands" in notes


def test_labels_name_every_section() -> None:
    name = "eu27-2023-enterprises-10-249-by-nace-and-size.csv"
    labels = load_targets(FOLDER / name).labels
    assert labels["nace"]["M"] == "Professional, scientific and technical services"
    assert len(labels["nace"]) == 16
    assert labels["size"]["10-19"] == "10 to 19 persons employed"


# The sizes of LF Research's OSPO survey 2024: 39, 25, 26 and 28 + 38 + 11 + 53 of 222,
# and 2 who do not know. Asked were 1-10, 11-49, 50-249, ... in codes 1 to 7.
SIZES = {"1": 39, "2": 25, "3": 26, "4": 28, "5": 38, "6": 11, "7": 53, "0": 2}
LARGE = {"targets": ["250+"], "codes": ["4", "5", "6", "7"]}
MEDIUM = {"targets": ["50-249"], "codes": ["3"]}
SMALL = {"targets": ["10-19", "20-49"], "codes": ["2"], "note": "asked: 11 to 49"}
MICRO = {"targets": ["0-9"], "codes": ["1"], "note": "asked: 1 to 10"}
SMALLEST = {"targets": ["0-49"], "codes": ["1", "2"]}
MAPS = {
    "all": {"bands": [MICRO, SMALL, MEDIUM, LARGE]},
    "from 10": {"bands": [SMALL, MEDIUM, LARGE], "unused": ["0-9"], "outside": ["1"]},
    "persons": {"bands": [SMALLEST, MEDIUM, LARGE]},
}
# Targets, respondents, weights by hand, deff, effective base. A weight is the share of
# the population over that of the sample: 94.33 / 17.73 = 5.32, and so on.
CASES = {
    "all": (EU, 220, [5.32, 0.42, 0.064, 0.003], 5.04, 44),
    "from 10": (EU, 181, [6.07, 0.92, 0.04], 5.21, 35),
    "persons": (STAFF, 220, [1.69, 1.27, 0.61], 1.24, 178),
}


def sizes() -> pd.DataFrame:
    codes = [code for code, count in SIZES.items() for _ in range(count)]
    return pd.DataFrame({"q4": codes})


def bands_of(case: str) -> dict[str, BandMap]:
    given = {"column": "q4", "missing_codes": ["0"], **MAPS[case]}
    return {"size": BandMap.model_validate(given)}


def targets_of(case: str) -> Targets:
    return load_targets(FOLDER / CASES[case][0])


def check(given: WeightingInput, case: str) -> None:
    _, count, by_hand, deff, effective = CASES[case]
    weight = rake(given.codes, given.margins, base_weight=given.start).weight
    used = weight > 0
    assert int(used.sum()) == count
    assert round(deff_kish(weight), 2) == deff
    assert round(effective_base(weight)) == effective
    by_size = weight[used].groupby(given.codes["q4"][used]).first()
    shown = [float(by_size[code]) for code in given.margins["q4"]]
    for value, expected in zip(shown, by_hand, strict=True):
        digits = len(str(expected).split(".")[1])
        assert round(value, digits) == expected


@pytest.mark.parametrize("case", CASES)
def test_what_weighting_does_to_a_sample_of_large_organisations(case: str) -> None:
    bands = bands_of(case)
    given = frame_input(sizes(), targets_of(case), mapping=bands, missing="exclude")
    check(given, case)


def test_what_does_not_fit_is_said_with_its_count() -> None:
    given = frame_input(
        *(sizes(), targets_of("from 10")),
        mapping=bands_of("from 10"),
        missing="exclude",
    )
    found = {f.check: (f.count, f.message) for f in given.findings}
    assert found["margin_outside"][0] == 39
    assert found["margin_missing"][0] == 2
    assert found["band_misfit"][0] == 25
    assert "asked: 11 to 49" in found["band_misfit"][1]
    assert "94.33%" in found["targets_unused"][1]
    assert given.population == pytest.approx(1_874_887)


@pytest.fixture(scope="module")
def export() -> Responses:
    raw = read(OSPO / "2024 OSPO N222 Raw Data Numeric.csv")
    return bind(raw, draft_questionnaire(raw))


@pytest.mark.skipif(
    not OSPO.is_dir(), reason="../shared/exports/todo_ospo is not there"
)
@pytest.mark.parametrize("case", CASES)
def test_the_same_from_the_real_exports(export: Responses, case: str) -> None:
    given = weighting_input(
        *(variables(export, "q4"), targets_of(case), export.frame.index),
        mapping=bands_of(case),
        missing="exclude",
    )
    check(given, case)

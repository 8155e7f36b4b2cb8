"""The default ruleset rates as the Model Openness Tool, column by column.

Expected ratings are those of the tool itself, made outside of this project.
"""

import csv
import json
from collections import Counter
from functools import cache
from io import StringIO
from pathlib import Path

import pytest

from survey.openness.model_file import read_model
from survey.openness.rate import rate_openness
from survey.openness.values import LEVELS, OpennessRating
from survey.report.numbers import rounded

SHARED = Path(__file__).parents[2].parent / "shared" / "mof"
pytestmark = pytest.mark.skipif(
    not SHARED.is_dir(), reason="records of the Model Openness Tool are not here"
)
STEPS = {
    "weights not listed": "closed",
    "restricted or unrecognised licence": "restricted",
    "weights listed, no licence": "unlicensed",
    "open weights, below Class III": "open_weights",
    "Class III": "III",
    "Class II": "II",
    "Class I": "I",
}


def table(name: str) -> list[dict[str, str]]:
    path = SHARED / name
    if not path.is_file():
        return []
    return list(csv.DictReader(StringIO(path.read_text(encoding="utf-8"), newline="")))


def cases() -> list[tuple[Path, dict[str, str]]]:
    tables = (("expected.csv", "models"), ("expected_edge.csv", "edge"))
    return [
        (SHARED / folder / row["file"], row)
        for name, folder in tables
        for row in table(name)
    ]


@cache
def every_rating(ruleset: str) -> tuple[OpennessRating, ...]:
    return rate_openness(SHARED / "models", ruleset=ruleset)


def badge(progress: float) -> str:
    number = rounded(progress)
    words = {0: "Not met", 100: "Qualified"}
    return words.get(int(number), f"In progress ({number}%)")


def listed(rating: OpennessRating) -> dict[str, str]:
    names = ("included", "missing", "invalid", "unlicensed", "optional")
    return {
        f"{name}_{level}": "; ".join(getattr(rating.lists[level], name))
        for level in LEVELS
        for name in names
    }


@pytest.mark.parametrize(("path", "row"), cases(), ids=lambda v: getattr(v, "stem", ""))
def test_every_column_is_that_of_the_tool(path: Path, row: dict[str, str]) -> None:
    (rating,) = rate_openness(path, tolerant=True)
    licences = {
        c.name: c.licence or "unlicensed"
        for c in rating.components
        if c.state != "absent"
    }
    found = {
        "file": path.name,
        "organisation": rating.producer,
        "name": rating.name,
        "class": str(rating.model_class),
        "label": rating.label,
        "total_progress": repr(rating.total),
        "open_but_not_type_appropriate": "; ".join(rating.not_type_appropriate),
        "distribution_licence": read_model(path, tolerant=True).licences.get(
            "distribution", ""
        ),
        **{f"progress_{level}": repr(rating.progress[level]) for level in LEVELS},
        **{f"badge_{level}": badge(rating.progress[level]) for level in LEVELS},
        **listed(rating),
    }
    expected = dict(row)

    assert json.loads(expected.pop("resolved_licences")) == licences
    assert found == expected


@pytest.mark.parametrize("row", table("tiers.csv"), ids=lambda row: row["file"])
def test_the_ladder_is_that_of_the_analyst(row: dict[str, str]) -> None:
    (rating,) = rate_openness(SHARED / "models" / row["file"])
    weights = next(c for c in rating.components if c.name == "Model parameters (Final)")
    required_open = sum(c.required and c.state == "open" for c in rating.components)
    listed_count = sum(c.state != "absent" for c in rating.components)

    assert rating.tier == STEPS[row["tier"]]
    assert weights.state == row["final_parameters_state"]
    assert weights.licence == row["final_parameters_licence"].replace("unlicensed", "")
    assert required_open == int(row["n_open_required"])
    assert listed_count == int(row["n_components"])


def test_all_records_give_the_published_classes() -> None:
    ratings = every_rating("mot-2025-07")

    assert Counter(r.model_class for r in ratings) == {1: 14, 2: 1, 3: 16, 0: 242}
    assert Counter(int(rounded(r.progress["III"])) for r in ratings) == {
        0: 155,
        17: 45,
        33: 30,
        50: 1,
        67: 3,
        83: 8,
        100: 31,
    }


def test_datasets_and_spellings_change_no_class() -> None:
    """What MOF.md, section 10, says of the sensitivity of the 31 classified models."""
    before = [r.model_class for r in every_rating("mot-2025-07")]
    spelled = rate_openness(SHARED / "models", normalise=True)

    assert [r.model_class for r in every_rating("mof-paper")] == before
    assert [r.model_class for r in spelled] == before


def test_a_paper_may_stand_for_a_report_in_16_of_the_31() -> None:
    classified = [r for r in every_rating("mot-2025-07") if r.model_class]
    with_report = [
        r for r in classified if "Technical report" in r.lists["III"].included
    ]

    assert (len(classified), len(with_report)) == (31, 15)


def test_no_classified_model_is_type_appropriate_throughout() -> None:
    classified = [r for r in every_rating("mot-2025-07") if r.model_class]

    assert all(r.not_type_appropriate for r in classified)


def test_the_stamp_names_rules_and_list() -> None:
    rating = every_rating("mof-strict")[0]

    assert rating.ruleset == "mof-strict"
    assert rating.licence_list.startswith("SPDX 3.29 (")
    assert rating.licence_list.endswith(", normalised")

from pathlib import Path
from typing import Any

import pytest
import yaml
from pydantic import ValidationError

from survey.errors import MarginError, StudyError
from survey.said import Wording
from survey.weighting.mapping import BandMap, apply_mapping
from survey.weighting.targets import load_targets

SIZES = {"0-9": 900.0, "10-19": 50.0, "20-49": 30.0, "50+": 20.0}
BANDS: list[dict[str, Any]] = [
    {"targets": ["10-19", "20-49"], "codes": [2], "note": "asked: 11 to 49"},
    {"targets": "50+", "codes": [3, 4], "label": "50 and more"},
]


def bands(**keys: Any) -> BandMap:
    return BandMap.model_validate({"bands": BANDS, "unused": ["0-9"], **keys})


def test_several_targets_and_several_answers_make_one_band() -> None:
    mapped = apply_mapping({"size": SIZES}, {"size": bands()})
    assert mapped.margins == {"size": {"10-19 + 20-49": 80.0, "50+": 20.0}}
    recode = mapped.recodes["size"]
    assert recode.categories == {"2": "10-19 + 20-49", "3": "50+", "4": "50+"}
    assert recode.notes == {"10-19 + 20-49": Wording((("", "asked: 11 to 49"),))}


def test_unused_targets_are_said_with_their_share() -> None:
    mapped = apply_mapping({"size": SIZES}, {"size": bands()})
    assert mapped.kept == {"size": 0.1}
    (found,) = mapped.findings
    assert (found.check, found.question, found.severity) == (
        "targets_unused",
        "size",
        "note",
    )
    assert "'0-9' hold 90.00%" in found.message


def test_labels_of_bands() -> None:
    labels = {"size": {"10-19": "10 to 19", "20-49": "20 to 49", "50+": "many"}}
    mapped = apply_mapping({"size": SIZES}, {"size": bands()}, labels)
    assert mapped.labels["size"]["10-19 + 20-49"] == "10 to 19 + 20 to 49"
    assert mapped.labels["size"]["50+"] == "50 and more"


def test_a_mapping_of_one_dimension_bands_a_crossed_margin() -> None:
    crossed = {
        f"{size} x {region}": count
        for region, counts in {"N": (500, 30, 5, 4), "S": (400, 20, 25, 16)}.items()
        for size, count in zip(SIZES, counts, strict=True)
    }
    margins = {"size x region": crossed, "region": {"N": 0.5, "S": 0.5}}
    mapped = apply_mapping(margins, {"size": bands()})
    assert mapped.margins["size x region"] == {
        "10-19 + 20-49 x N": 35.0,
        "50+ x N": 4.0,
        "10-19 + 20-49 x S": 45.0,
        "50+ x S": 16.0,
    }
    assert mapped.margins["region"] == margins["region"]
    assert mapped.kept == {"size x region": 0.1, "region": 1.0}


def test_without_bands_answers_are_compared_as_they_are() -> None:
    plain = BandMap(column="q4", missing_codes=("9",))
    mapped = apply_mapping({"size": SIZES}, {"size": plain})
    assert mapped.margins["size"] == SIZES
    assert mapped.recodes["size"].categories == {code: code for code in SIZES}


@pytest.mark.parametrize(
    ("mapping", "words"),
    [
        ({"sice": bands()}, "about margin 'sice', and the targets have 'size'"),
        ({"size": bands(unused=[])}, "forgets targets: '0-9'.*under 'unused'"),
        (
            {"size": bands(unused=["0-9", "1000+"])},
            r"targets that are not there: '1000\+'",
        ),
        (
            {"size": BandMap(unused=tuple(SIZES))},
            "no target above 0 once the unused ones",
        ),
    ],
)
def test_a_mapping_that_does_not_fit(mapping: dict[str, BandMap], words: str) -> None:
    with pytest.raises(MarginError, match=words):
        apply_mapping({"size": SIZES}, mapping)


@pytest.mark.parametrize(
    ("keys", "words"),
    [
        ({"bands": [*BANDS, {"targets": "0-9", "codes": 4}]}, "answer code '4' stands"),
        ({"bands": [*BANDS, {"targets": "50+", "codes": 5}]}, "target code '50\\+' s"),
        ({"unused": ["50+"]}, "target code '50\\+' stands"),
        ({"missing_codes": [2]}, "answer code '2' stands"),
        ({"outside": [2]}, "answer code '2' stands"),
        ({"missing_codes": [9], "outside": [9]}, "answer code '9' stands"),
        ({"bands": [{"targets": [], "codes": [1]}]}, "at least 1 item"),
        ({"colour": "red"}, "Extra inputs"),
    ],
)
def test_a_code_has_one_place(keys: dict[str, Any], words: str) -> None:
    with pytest.raises(ValidationError, match=words):
        bands(**keys)


def test_a_target_file_may_hold_the_mapping(tmp_path: Path) -> None:
    text: dict[str, Any] = {
        "population": "firms",
        "source": "register",
        "as_of": 2024,
        "unit": "firms",
        "margins": {"size": SIZES},
        "mapping": {"size": {"column": "q4", "bands": BANDS, "unused": ["0-9"]}},
    }
    path = tmp_path / "targets.yaml"
    path.write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    assert load_targets(path).mapping == {"size": bands(column="q4")}
    text["mapping"]["size"]["unused"] = []
    path.write_text(yaml.safe_dump(text, sort_keys=False), encoding="utf-8")
    with pytest.raises(StudyError, match=r"line 11: mapping.*forgets targets: '0-9'"):
        load_targets(path)

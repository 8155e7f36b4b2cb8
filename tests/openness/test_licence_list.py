"""The lists of the package are those that the tool and SPDX publish."""

import json
from pathlib import Path

import pytest

from survey.openness.licence_list import licence_list
from survey.openness.rulesets import ruleset

SHARED = Path(__file__).parents[2].parent / "shared" / "mof" / "models"
needs_shared = pytest.mark.skipif(
    not SHARED.is_dir(), reason="licence lists of the Model Openness Tool are not here"
)


def theirs(name: str) -> list[dict[str, object]]:
    data = json.loads((SHARED / name).read_text(encoding="utf-8"))
    return list(data["licenses"])


@needs_shared
def test_ids_and_flags_are_those_of_the_tool() -> None:
    ours, records = licence_list("3.24"), theirs("licenses.json")

    assert ours.ids == {r["licenseId"] for r in records} | {"OpenMDW-1.0"}
    assert ours.osi == {r["licenseId"] for r in records if r.get("isOsiApproved")}
    assert ours.fsf == {r["licenseId"] for r in records if r.get("isFsfLibre")}


@needs_shared
def test_the_date_is_that_of_the_list() -> None:
    data = json.loads((SHARED / "licenses.json").read_text(encoding="utf-8"))

    assert licence_list("3.24").as_of == data["releaseDate"]


@needs_shared
def test_the_table_of_types_is_that_of_the_tool() -> None:
    # A later record replaces an earlier one with its id.
    types = {r["licenseId"]: r["ContentType"] for r in theirs("mof-licenses.json")}
    tables = ruleset("mot-2025-07").suitable

    for kind, table in tables.items():
        assert table.ids == {i for i, kinds in types.items() if kind in kinds}
        assert not table.begins
        assert not table.all_but


def test_counts_are_those_of_the_tool() -> None:
    """MOF.md, section 4: 225 of 660 listed ids are open, and one that is not listed."""
    known = licence_list("3.24")
    by_bodies = known.osi | known.fsf

    assert len(known.ids) == 660
    assert (len(known.osi), len(known.fsf), len(by_bodies)) == (144, 127, 199)
    assert len(known.open_ids & known.ids) == 225
    assert len((known.open_ids - by_bodies) & known.ids) == 26
    assert known.open_ids - known.ids == {"ODC-PDDL-1.0"}
    # The list of open data licences has 31 ids, and OpenMDW-1.0 stands beside it.
    assert len(known.open_data) == 32


def test_the_newer_list_only_adds() -> None:
    old, new = licence_list("3.24"), licence_list("3.29")
    lost = {"BSD-2-clause-first-lines"}  # written BSD-2-Clause-first-lines since

    assert old.ids - new.ids == lost
    assert old.open_ids - new.open_ids == {"ODC-PDDL-1.0"}
    assert new.open_ids <= new.ids


@pytest.mark.parametrize("edition", ["3.24", "3.29"])
@pytest.mark.parametrize(
    "closed", ["CC-BY-NC-4.0", "CC-BY-ND-4.0", "C-UDA-1.0", "BUSL-1.1", "apache-2.0"]
)
def test_what_is_not_open(edition: str, closed: str) -> None:
    assert closed not in licence_list(edition).open_ids

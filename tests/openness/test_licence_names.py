"""Spellings are recognised where they are certain, and nothing else is."""

import pytest

from survey.openness.licence_list import licence_data, licence_list
from survey.openness.licence_names import (
    NEWEST,
    Family,
    _key,
    family,
    is_open,
    spdx_id,
)

KNOWN = sorted(licence_list(NEWEST).ids)


def test_every_id_stands_for_itself_in_any_case() -> None:
    for licence in KNOWN:
        assert spdx_id(licence) == licence
        assert spdx_id(licence.lower()) == licence
        assert spdx_id(f" {licence.upper()} ") == licence


def test_no_two_spellings_are_one() -> None:
    """A spelling that stands for two licences would be decided by their order."""
    names = licence_data("names")
    told: dict[str, set[str]] = {}
    for licence in KNOWN:
        told.setdefault(_key(licence), set()).add(licence)
    for licence, spellings in names["spellings"].items():
        for text in spellings:
            told.setdefault(_key(text), set()).add(licence)
    for licence, other in names["others"].items():
        for text in other["names"]:
            told.setdefault(_key(text), set()).add(licence)

    assert {key: ids for key, ids in told.items() if len(ids) > 1} == {}


def test_all_spellings_are_of_listed_ids() -> None:
    names = licence_data("names")

    assert set(names["spellings"]) <= set(KNOWN)
    assert not any(is_open(licence) for licence in names["others"])


@pytest.mark.parametrize(
    ("text", "licence"),
    [
        ("Apache 2.0", "Apache-2.0"),
        ("Apache License, Version 2.0", "Apache-2.0"),
        ("The MIT License", "MIT"),
        ("BSD-3", "BSD-3-Clause"),
        ("CC BY-SA 4.0", "CC-BY-SA-4.0"),
        ("GPLv3", "GPL-3.0"),
        ("odbl", "ODbL-1.0"),
        ("llama3.1", "LicenseRef-Llama-3.1"),
        ("Gemma Terms of Use", "LicenseRef-Gemma"),
        ("OpenRAIL", "LicenseRef-OpenRAIL"),
        # EUPL-1.0 is not open, so that a version decides.
        ("EUPL", "LicenseRef-EUPL"),
        ("EUPL 1.2", "EUPL-1.2"),
        ("unlicensed", ""),
        ("  ", ""),
    ],
)
def test_spellings(text: str, licence: str) -> None:
    assert spdx_id(text) == licence


@pytest.mark.parametrize(
    "text",
    [
        "commercial use restrictions; Apache 2.0",
        "Apache-2.0 with Commons Clause",
        "MIT (non-commercial)",
        "MIT许可",
        "MIT / Apache-2.0",
        "MIT?",
        "not MIT",
        "other",
        "unknown",
        "license",
        "Component not included",
        "x" * 100_000,
    ],
)
def test_what_is_not_certain_is_not_recognised(text: str) -> None:
    assert spdx_id(text) is None
    assert not is_open(spdx_id(text))


@pytest.mark.parametrize(
    ("licence", "expected"),
    [
        ("Apache-2.0", "apache"),
        ("MIT-0", "mit"),
        ("0BSD", "bsd"),
        ("ISC", "permissive"),
        ("AGPL-3.0", "gpl"),
        ("MPL-2.0", "copyleft"),
        ("CC0-1.0", "cc_open"),
        ("CC-BY-NC-SA-4.0", "cc_restricted"),
        ("LicenseRef-BigScience-BLOOM-RAIL-1.0", "rail"),
        ("LicenseRef-Qwen", "community"),
        ("BUSL-1.1", "other"),
        (None, "other"),
        ("", "none"),
    ],
)
def test_families(licence: str | None, expected: Family) -> None:
    assert family(licence) == expected


def test_every_open_licence_has_a_family() -> None:
    assert not [i for i in licence_list(NEWEST).open_ids if family(i) == "other"]


def test_no_restricted_licence_is_open() -> None:
    closed = ("cc_restricted", "rail", "community")

    assert not [i for i in KNOWN if family(i) in closed and is_open(i)]

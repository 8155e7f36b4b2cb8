"""Read the record of a release, a YAML file as the Model Openness Tool has it.

A name that is not one of the framework is an error, never a guess: the tool takes it
for the datasets. `tolerant` reads it as the tool does, and warns.
"""

import os
import re
from collections.abc import Iterator, Mapping
from hashlib import sha256
from pathlib import Path
from typing import Any, Final

from survey.errors import ModelFileError
from survey.openness.reading import (
    Reading,
    check_keys,
    joined,
    licence_of,
    nearest,
    path_of,
    shown,
    text_of,
)
from survey.openness.record_files import check_ordinary
from survey.openness.records import PARTS, Assertion, ModelRecord
from survey.openness.rulesets import ruleset
from survey.said import said
from survey.yaml_file import Key, read_yaml

# The tool takes the first component of its settings where a name fits none.
FALLBACK: Final = "Datasets"
_NAMES: Final = tuple(c.name for c in ruleset("mot-2025-07").components)
_RELEASE_KEYS: Final = (
    "name",
    "producer",
    "version",
    "date",
    "type",
    "architecture",
    "treatment",
    "origin",
    "contact",
    "repository",
    "huggingface",
    "license",
    "components",
)
_COMPONENT_KEYS: Final = (
    "name",
    "description",
    "license",
    "license_path",
    "component_path",
)
_PART_KEYS: Final = ("name", "path")
_ASSERTION_KEYS: Final = ("component", "reason", "inside")
_TOP_KEYS: Final = ("framework", "release", "assertions")
_HUB: Final = "huggingface.co/"
_HUB_ID: Final = re.compile(r"([\w.-]+/[\w.-]+)(?:[/?#\s]|$)")
_NO_MODELS: Final = ("collections/", "datasets/", "papers/", "spaces/")


def read_model(path: str | Path, *, tolerant: bool = False) -> ModelRecord:
    """Read the record of a release.

    Parameters
    ----------
    path : str or Path
        YAML file with the key ``release``.
    tolerant : bool, default False
        Whether unknown and repeated components are read as the Model Openness Tool
        reads them, with a warning: unknown ones as datasets, and the last one wins.

    Returns
    -------
    ModelRecord
        What the file says.

    Raises
    ------
    ModelFileError
        No such file, no YAML, no model; with file and line of what is wrong.
    """
    check_ordinary(Path(path))
    source = read_yaml(path, ModelFileError)
    reading = Reading(source, tolerant)
    check_keys(reading, (), source.data, _TOP_KEYS)
    release = source.data.get("release")
    if not isinstance(release, dict):
        place = source.place(("release",))
        raise ModelFileError(
            f"{place}: no record of a model: it needs the key 'release' with 'name', "
            "'producer', 'license' and 'components' under it."
        )
    record = _record(reading, release)
    if reading.problems:
        raise ModelFileError(joined(reading.problems))
    digest = sha256(Path(path).read_bytes()).hexdigest()
    return ModelRecord(
        name=record["name"],
        producer=record["producer"],
        huggingface=record["huggingface"],
        licences=record["licences"],
        components=record["components"],
        assertions=record["assertions"],
        file=os.fsencode(path).decode("utf-8", "backslashreplace"),
        sha256=digest,
        warnings=tuple(reading.warnings),
    )


def _record(reading: Reading, release: dict[str, Any]) -> dict[str, Any]:
    """Read all parts of a release, and write down what is wrong with them."""
    key: Key = ("release",)
    check_keys(reading, key, release, _RELEASE_KEYS)
    if "assertions" in release:
        reading.problem(
            (*key, "assertions"),
            "'assertions' stands inside 'release'. Move it to the left, beside it.",
        )
    for name in ("producer", "license", "components"):
        if name not in release and not reading.tolerant:
            reading.problem(key, f"key {name!r} is missing (release).")
    components = _components(reading, release.get("components", []))
    return {
        "name": text_of(reading, (*key, "name"), release, required=True),
        "producer": text_of(reading, (*key, "producer"), release),
        "huggingface": _hub_id(text_of(reading, (*key, "huggingface"), release)),
        "licences": _licences(reading, release.get("license")),
        "components": components,
        "assertions": _assertions(reading, components),
    }


def _licences(reading: Reading, value: Any) -> dict[str, str]:
    """Read the licences of the release."""
    key: Key = ("release", "license")
    if value is None:
        return {}
    if not isinstance(value, dict):
        reading.problem(
            key,
            f"release.license is {shown(value)}, not keys such as 'distribution' with "
            "'name' under them. Write 'license: {distribution: {name: MIT}}'.",
        )
        return {}
    check_keys(reading, key, value, PARTS, closed=True)
    return {
        part: _licence_of_part(reading, (*key, part), value[part])
        for part in PARTS
        if part in value
    }


def _licence_of_part(reading: Reading, key: Key, value: Any) -> str:
    """Read the licence that the release gives to a kind of component."""
    if value is None:
        return ""
    if not isinstance(value, dict):
        reading.problem(
            key, f"{path_of(key)} is {shown(value)}. Write the id under it as 'name:'."
        )
        return ""
    check_keys(reading, key, value, _PART_KEYS, closed=True)
    return licence_of(reading, (*key, "name"), value.get("name")) or ""


def _components(reading: Reading, value: Any) -> dict[str, str | None]:
    """Read the components that are listed."""
    key: Key = ("release", "components")
    if not isinstance(value, list):
        reading.problem(
            key, f"release.components is {shown(value)}, not a list ('- name: ...')."
        )
        return {}
    found: dict[str, str | None] = {}
    lines: dict[str, str] = {}
    for name, place, licence in _entries(reading, value):
        if name in found:
            _told_twice(reading, name, lines[name], place)
        found[name] = licence
        lines[name] = reading.line(place)
    return found


def _entries(
    reading: Reading, entries: list[Any]
) -> Iterator[tuple[str, Key, str | None]]:
    """Give name, place and licence of every entry that has a name."""
    for number, entry in enumerate(entries):
        key: Key = ("release", "components", number)
        if not isinstance(entry, dict):
            reading.problem(
                key, f"a component is {shown(entry)}. Write it as '- name: ...'."
            )
            continue
        check_keys(reading, key, entry, _COMPONENT_KEYS)
        _check_included(reading, key, entry)
        name = text_of(reading, (*key, "name"), entry, required=True)
        licence = licence_of(reading, (*key, "license"), entry.get("license"))
        known = _known(reading, (*key, "name"), name) if name else ""
        if known:
            yield known, (*key, "name"), licence


def _check_included(reading: Reading, key: Key, entry: Mapping[Any, Any]) -> None:
    """Refuse what says that a listed component is not there: it would count."""
    if "included" in entry and not entry["included"] and not reading.tolerant:
        reading.problem(
            (*key, "included"),
            "a component that is listed counts as released, whatever 'included' says. "
            "Remove it from the list.",
        )


def _known(reading: Reading, key: Key, name: str) -> str:
    """Give the name of a component of the framework; empty where it is none."""
    if name in _NAMES:
        return name
    if not reading.tolerant:
        reading.problem(key, f"unknown component {name!r}. {nearest(name, _NAMES)}")
        return ""
    reading.warnings.append(
        said(
            "Line {line}: unknown component {name!r}, read as {other!r}, as the Model "
            "Openness Tool does.",
            line=reading.line(key),
            name=name,
            other=FALLBACK,
        )
    )
    return FALLBACK


def _told_twice(reading: Reading, name: str, before: str, key: Key) -> None:
    """Say that a component is listed twice."""
    if not reading.tolerant:
        reading.problem(
            key,
            f"component {name!r} stands here again, after line {before}. Remove one "
            "of the two.",
        )
        return
    reading.warnings.append(
        said(
            "Line {line}: component {name!r} stands here again, after line {before}; "
            "this one counts.",
            line=reading.line(key),
            name=name,
            before=before,
        )
    )


def _assertions(
    reading: Reading, listed: Mapping[str, str | None]
) -> tuple[Assertion, ...]:
    """Read what the author states to be there."""
    value = reading.source.data.get("assertions")
    if value is None:
        return ()
    if not isinstance(value, list):
        reading.problem(
            ("assertions",), f"assertions is {shown(value)}, not a list of entries."
        )
        return ()
    found: dict[str, Assertion] = {}
    for number, entry in enumerate(value):
        assertion = _assertion(reading, number, entry, listed)
        if assertion and assertion.component in found:
            reading.problem(
                ("assertions", number),
                f"component {assertion.component!r} is asserted twice. Remove one.",
            )
        elif assertion:
            found[assertion.component] = assertion
    return tuple(found.values())


def _assertion(
    reading: Reading, number: int, entry: Any, listed: Mapping[str, str | None]
) -> Assertion | None:
    """Read one statement, which needs a reason."""
    key: Key = ("assertions", number)
    if not isinstance(entry, dict):
        reading.problem(key, "an entry needs the keys 'component' and 'reason'.")
        return None
    check_keys(reading, key, entry, _ASSERTION_KEYS)
    name = text_of(reading, (*key, "component"), entry, required=True)
    reason = text_of(reading, (*key, "reason"), entry, required=True)
    inside = text_of(reading, (*key, "inside"), entry)
    if name and name not in _NAMES:
        reading.problem(key, f"unknown component {name!r}. {nearest(name, _NAMES)}")
    elif name in listed:
        reading.problem(key, f"component {name!r} is listed, so nothing is to assert.")
    if inside and inside not in listed:
        reading.problem(key, f"{inside!r} is no component that this release lists.")
    return Assertion(name, reason, inside)


def _hub_id(address: str) -> str:
    """Give the id of a model at the hub from its address; empty where it has none."""
    rest = address.split(_HUB, 1)[-1].strip("/ ")
    found = _HUB_ID.match(rest)
    return found[1] if found and not rest.startswith(_NO_MODELS) else ""

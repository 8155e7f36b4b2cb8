"""Why published numbers moved: what differs between the records of two runs.

Files are told apart by their hashes. What shapes pages only is no reason.
"""

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import PurePosixPath
from typing import Any, Final

from survey.said import Said, said

Record = Mapping[str, Any]

_LOOKS: Final = {
    *("name", "title", "subtitle", "language", "source", "cautions"),
    *("disclosure", "waves"),
}
_LOOKS_OF_REPORT: Final = ("style", "template")
_OURS: Final = "genai-survey"
_OF_NUMBERS: Final = (_OURS, "numpy", "pandas", "scipy", "pyreadstat")


def reasons(former: Record, now: Record, wave: str) -> tuple[Said, ...]:
    """Say which inputs of a wave differ between two runs.

    Parameters
    ----------
    former, now : mapping
        What ``run.json`` records of the runs: ``inputs`` with hashes, ``study``,
        ``versions``.
    wave : str
        Id of the wave; empty for all waves together.

    Returns
    -------
    tuple of Said
        Files of the wave first, then the study, then versions; a sentence that no
        recorded input changed, where none did.

    Examples
    --------
    >>> of_run = {"study": {"waves": [{"id": "1", "file": "a.csv"}]}}
    >>> files = [[{"name": "a.csv", "sha256": digest}] for digest in ("0", "1")]
    >>> [str(why) for why in reasons(*({**of_run, "inputs": f} for f in files), "1")]
    ['data file a.csv changed']
    """
    former, now = _plain(former), _plain(now)
    found = [
        *_files(former, now, wave),
        *_others(former, now),
        *_study(former, now, wave),
        *_versions(former, now),
    ]
    return tuple(found) or (said("no recorded input changed"),)


def _plain(record: Record) -> Record:
    """Bring a record into the form in which it is read from a file."""
    plain: Record = json.loads(json.dumps(record, default=str))
    return plain


def _files(former: Record, now: Record, wave: str) -> Iterator[Said]:
    """Compare the files that have a part in a wave."""
    before, after = _parts(former, wave), _parts(now, wave)
    hashes = _hashes(former), _hashes(now)
    names = {part: _names(after[part], hashes) for part in after}
    templates = {
        "data": said("data file {name} changed", name=names["data"]),
        "questionnaire": said(
            "questionnaire {name} changed", name=names["questionnaire"]
        ),
        "targets": said("targets {name} changed", name=names["targets"]),
    }
    for part, sentence in templates.items():
        contents = [
            sorted(
                h for name in dict.fromkeys(parts[part]) for h in known.get(name, ())
            )
            for parts, known in zip((before, after), hashes, strict=True)
        ]
        if contents[0] != contents[1]:
            yield sentence


def _names(
    files: Sequence[str],
    hashes: tuple[Mapping[str, list[str]], Mapping[str, list[str]]],
) -> str:
    """Name the files of one part that changed, or all where none of them did."""
    before, after = hashes
    listed = list(dict.fromkeys(files))
    changed = [name for name in listed if before.get(name) != after.get(name)]
    return ", ".join(changed or listed)


def _parts(record: Record, wave: str) -> dict[str, list[str]]:
    """Name the files of a wave by the part that they have."""
    study = record.get("study", {})
    found: dict[str, list[str]] = {"data": [], "questionnaire": [], "targets": []}
    for entry in study.get("waves", ()):
        if wave and str(entry.get("id")) != wave:
            continue
        found["data"] += _bare([entry.get("file"), *entry.get("companions", ())])
        found["questionnaire"] += _bare([entry.get("questionnaire")])
        found["targets"] += _bare(_targets(study, entry))
    return found


def _targets(study: Record, entry: Record) -> list[Any]:
    """Name the target files of a wave."""
    own = entry.get("targets")
    if isinstance(own, str):
        return [own]
    named = own or {}
    plans = study.get("weighting", ())
    return [named.get(plan.get("name"), plan.get("targets")) for plan in plans]


def _bare(paths: Iterable[Any]) -> list[str]:
    """Give the names of files without their folders."""
    return [PurePosixPath(path).name for path in paths if path]


def _hashes(record: Record) -> dict[str, list[str]]:
    """Give the hashes of the inputs by name; two folders may have the same name."""
    found: dict[str, list[str]] = {}
    for entry in record.get("inputs", ()):
        found.setdefault(str(entry["name"]), []).append(str(entry["sha256"]))
    return found


def _others(former: Record, now: Record) -> Iterator[Said]:
    """Compare inputs that no wave names: questionnaires that others build on."""
    before, after = _hashes(former), _hashes(now)
    taken = {_first(former), _first(now), *_dressing(former), *_dressing(now)}
    for record in (former, now):
        taken |= {name for names in _parts(record, "").values() for name in names}
    for name in sorted({*before, *after} - taken):
        if sorted(before.get(name, ())) != sorted(after.get(name, ())):
            yield said("file {name} changed", name=name)


def _first(record: Record) -> str:
    """Name the study file, which stands first; its keys are compared one by one."""
    inputs = record.get("inputs", ())
    return str(inputs[0]["name"]) if inputs else ""


def _dressing(record: Record) -> list[str]:
    """Name the files that give a report its looks."""
    plan = record.get("study", {}).get("report", {})
    return _bare(plan.get(key) for key in _LOOKS_OF_REPORT)


def _study(former: Record, now: Record, wave: str) -> Iterator[Said]:
    """Name the keys of the study that differ."""
    before, after = (_keys(record, wave) for record in (former, now))
    names = [
        key
        for key in dict.fromkeys((*before, *after))
        if before.get(key) != after.get(key)
    ]
    if names:
        yield said("study: {names} changed", names=", ".join(names))


def _keys(record: Record, wave: str) -> dict[str, Any]:
    """Give what the study says of numbers, and of the wave beside its files."""
    study = record.get("study", {})
    found = {key: value for key, value in study.items() if key not in _LOOKS}
    plan = study.get("report", {})
    shown = {k: v for k, v in plan.items() if k not in _LOOKS_OF_REPORT}
    found = {key: value for key, value in found.items() if key != "report"}
    found |= {f"report.{key}": value for key, value in shown.items()}
    files = {"file", "companions", "questionnaire", "targets", "label", "fielded"}
    for entry in study.get("waves", ()):
        if wave and str(entry.get("id")) == wave:
            found |= {f"waves.{k}": v for k, v in entry.items() if k not in files}
    return found


def _versions(former: Record, now: Record) -> Iterator[Said]:
    """Compare the program and the libraries that it counts with."""
    before, after = former.get("versions", {}), now.get("versions", {})
    for name in _OF_NUMBERS:
        old, new = str(before.get(name, "")), str(after.get(name, ""))
        if old and new and old != new:
            yield said("{name} {old} to {new}", name=name, old=old, new=new)

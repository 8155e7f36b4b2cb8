"""Target tables: targets kept in CSV or in a workbook, with their source.

What is read has the form of a YAML target file, and every value keeps its line.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import fsum, isnan
from pathlib import Path
from typing import Any

import pandas as pd

from survey.errors import StudyError, some
from survey.importers.labels import comparable
from survey.responses.values import numbers
from survey.weighting.mapping import BETWEEN
from survey.weighting.target_cells import REQUIRED, WORKBOOK, Line, read_cells
from survey.yaml_file import Key, Place, YamlFile

TABLES = (".csv", ".tsv", WORKBOOK)

_TOTAL = "total "
_TARGET = "target"
_LABEL = "label"
_LONG = ("margin", "code", _TARGET)
_NUMERIC = ("population_size",)
# 547.973 may be 547,973 enterprises or 547.973 thousand of them.
_ONE_GROUP = re.compile(r"[1-9]\d{0,2}[.,]\d{3}")
_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3})+")
_POINT_GROUPS = re.compile(r"[1-9]\d{0,2}(?:\.\d{3}){2,}")
_WHOLES = (1.0, 100.0)
_SUM_GAP = 1e-6


@dataclass(frozen=True, slots=True)
class _Entry:
    """One target, and labels by margin or dimension and code."""

    place: Place
    margin: str
    code: str
    text: str
    labels: Mapping[tuple[str, str], str]


def read_target_table(path: str | Path) -> YamlFile:
    """Read targets from a table.

    Parameters
    ----------
    path : str or Path
        ``.csv``, ``.tsv`` or ``.xlsx``.

    Returns
    -------
    YamlFile
        The keys of a target file, and the line of every part.

    Raises
    ------
    StudyError
        The file cannot be read, lacks its source, or a row is incomplete.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = '''# population: firms in Europe
    ... # source: register
    ... # as_of: 2024
    ... # unit: enterprises
    ... margin;code;target
    ... size;1;62,5
    ... size;2;37,5
    ... '''
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder) / "targets.csv"
    ...     _ = path.write_text(text, encoding="utf-8")
    ...     read_target_table(path).data["margins"]
    {'size': {'1': 62.5, '2': 37.5}}
    """
    about, rows = read_cells(path)
    places: dict[Key, Place] = {}
    content = _about(about, places, str(path))
    if not rows:
        raise StudyError(
            f"{path}: there is no table. Write a header such as "
            f"'{', '.join(_LONG)}' and one row for each target."
        )
    entries = _entries(rows[0], rows[1:])
    margins, labels = _margins(entries, places), _labels(entries)
    if Path(path).suffix.casefold() != WORKBOOK:
        _check_marks(entries, margins)
    places["margins",] = rows[0].place
    places["labels",] = rows[0].place
    return YamlFile(
        str(path), {**content, "margins": margins, "labels": labels}, places
    )


def _about(rows: Sequence[Line], places: dict[Key, Place], file: str) -> dict[str, Any]:
    """Give what is said about the targets, under the keys of a target file."""
    content: dict[str, Any] = {}
    totals: dict[str, float] = {}
    for row in rows:
        name, value = row.cells
        key = comparable(name).replace(" ", "_")
        if not value:
            continue
        if comparable(name).startswith(_TOTAL):
            total = name[len(_TOTAL) :].strip()
            totals[total] = _number(value, name, row.place)
            places["totals", total] = row.place
        elif key == "notes":
            content.setdefault(key, []).append(value)
        elif key in content:
            raise StudyError(f"{row.place}: key {key!r} stands here twice. Keep one.")
        else:
            numeric = key in _NUMERIC
            content[key] = _number(value, key, row.place) if numeric else value
        places.setdefault((key,), row.place)
    _check_required(content, file)
    return content | ({"totals": totals} if totals else {})


def _check_required(content: Mapping[str, Any], file: str) -> None:
    """Refuse a table whose population or source nobody knows."""
    lacking = [key for key in REQUIRED if key not in content]
    if not lacking:
        return
    where = (
        f"Write lines such as '# {lacking[0]}: ...' above the table."
        if not file.casefold().endswith(WORKBOOK)
        else f"Write {lacking[0]!r} in the first column of sheet 'about', and its "
        "value beside it."
    )
    raise StudyError(f"{file}: it does not say {some(lacking)} of the targets. {where}")


def _number(text: str, name: str, place: Place) -> float:
    """Read one number."""
    found = float(numbers(pd.Series([text], dtype=object))[0])
    if isnan(found):
        raise StudyError(f"{place}: {name!r} is {text!r}, which is no number.")
    return found


def _entries(head: Line, body: Sequence[Line]) -> list[_Entry]:
    """Give the targets of a table."""
    header = [comparable(cell) for cell in head.cells]
    twice = [name for name in header if name and header.count(name) > 1]
    if _TARGET not in header or not body or twice:
        raise StudyError(
            f"{head.place}: the columns are {some(head.cells)}, with {len(body)} rows "
            f"below. Name them {', '.join(_LONG)}, or give one column for each "
            "dimension and 'target', each once, and write a row for each target."
        )
    long = set(_LONG) <= set(header)
    names = (
        [cell for cell in head.cells if comparable(cell) in _LONG]
        if long
        else [
            cell
            for cell in head.cells
            if not _is_label(cell) and comparable(cell) != _TARGET
        ]
    )
    return [
        _entry(row.place, names, _named(row, header, names), long=long) for row in body
    ]


def _named(row: Line, header: Sequence[str], names: Sequence[str]) -> dict[str, str]:
    """Give the cells of a row by column, and refuse a row that is incomplete."""
    if len(row.cells) != len(header):
        raise StudyError(
            f"{row.place}: {len(row.cells)} cells, and the header has {len(header)}. "
            "Give every row the same cells."
        )
    cells = dict(zip(header, row.cells, strict=True))
    wanted = dict.fromkeys([*map(comparable, names), _TARGET])
    empty = [name for name in wanted if not cells[name]]
    if empty:
        raise StudyError(f"{row.place}: {some(empty)} is empty. Fill it in.")
    return cells


def _is_label(name: str) -> bool:
    """Say whether a column holds labels."""
    return comparable(name).replace("_", " ").split(" ")[-1] == _LABEL


def _entry(
    place: Place, names: Sequence[str], cells: Mapping[str, str], *, long: bool
) -> _Entry:
    """Give the target of one row."""
    if long:
        margin, code = cells["margin"], cells["code"]
        given = {(margin, code): cells.get(_LABEL, "")}
    else:
        codes = [cells[comparable(name)] for name in names]
        margin, code = BETWEEN.join(names), BETWEEN.join(codes)
        given = {
            (name, each): cells.get(f"{comparable(name)}_{_LABEL}", "")
            for name, each in zip(names, codes, strict=True)
        } | {(margin, code): cells.get(_LABEL, "")}
    labels = {key: label for key, label in given.items() if label}
    return _Entry(place, margin, code, cells[_TARGET], labels)


def _goals(entries: Sequence[_Entry]) -> list[float]:
    """Read the targets as numbers."""
    texts = [entry.text for entry in entries]
    if any(map(_POINT_GROUPS.fullmatch, texts)):
        texts = [t.replace(".", "") if _GROUPS.fullmatch(t) else t for t in texts]
    found: list[float] = numbers(pd.Series(texts, dtype=object)).tolist()
    for entry, goal in zip(entries, found, strict=True):
        if isnan(goal):
            raise StudyError(
                f"{entry.place}: the target of margin {entry.margin!r}, code "
                f"{entry.code!r} is {entry.text!r}, which is no number. Write a share "
                "or a count, such as 0.25 or 31190636."
            )
    return found


def _margins(
    entries: Sequence[_Entry], places: dict[Key, Place]
) -> dict[str, dict[str, float]]:
    """Give targets by margin and code."""
    margins: dict[str, dict[str, float]] = {}
    for entry, goal in zip(entries, _goals(entries), strict=True):
        key = ("margins", entry.margin, entry.code)
        if key in places:
            raise StudyError(
                f"{entry.place}: margin {entry.margin!r} has a target for code "
                f"{entry.code!r} on line {places[key].line} already. Keep one of them."
            )
        margins.setdefault(entry.margin, {})[entry.code] = goal
        places[key] = entry.place
        places.setdefault(key[:2], entry.place)
    return margins


def _labels(entries: Sequence[_Entry]) -> dict[str, dict[str, str]]:
    """Give labels by margin or dimension, and code."""
    labels: dict[str, dict[str, str]] = {}
    for entry in entries:
        for (name, code), label in entry.labels.items():
            if labels.setdefault(name, {}).setdefault(code, label) != label:
                raise StudyError(
                    f"{entry.place}: code {code!r} of {name!r} is called {label!r} "
                    f"here and {labels[name][code]!r} above. Use one label."
                )
    return labels


def _check_marks(
    entries: Sequence[_Entry], margins: Mapping[str, Mapping[str, float]]
) -> None:
    """Refuse 547.973 where nothing tells whether the mark is a decimal one."""
    texts = [entry.text for entry in entries]
    for mark in ".,":
        marked = [text for text in texts if mark in text]
        if not all(map(_ONE_GROUP.fullmatch, marked)):
            continue
        for entry in entries:
            total = fsum(margins[entry.margin].values())
            adds_up = any(abs(total - whole) <= _SUM_GAP * whole for whole in _WHOLES)
            if mark in entry.text and not adds_up:
                raise StudyError(
                    f"{entry.place}: the target {entry.text!r} may be "
                    f"{entry.text.replace(mark, '')} or "
                    f"{entry.text.replace(mark, '.')}. Write counts without marks "
                    "between their digits."
                )

"""Two exports of the same respondents, one with codes and one with texts, as one.

The codes are the values and the texts become their labels. Records are paired by
their id, or by their order where the answers that both files hold are the same.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Final

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.labels import comparable
from survey.importers.raw import RawTable
from survey.importers.system import role_of

_CODES = re.compile(r"-?\d{1,9}(?:,-?\d{1,9})*")
_MOST_LABELS: Final = 500
_LEAST_SHARED: Final = 0.5
_LEAST_SAME: Final = 0.9


def join_pair(raw: RawTable, twin: RawTable, name: str) -> RawTable:
    """Join an export of codes and its twin of texts.

    Parameters
    ----------
    raw : RawTable
        The export.
    twin : RawTable
        The same responses in the other form; either of the two may hold the codes.
    name : str
        File name of the twin, for messages.

    Returns
    -------
    RawTable
        Codes with value labels. A column whose codes do not have one text each stays
        as it is, and ``source.reasons`` says so.

    Raises
    ------
    DataFileError
        The two files hold other columns or other records.

    Examples
    --------
    >>> from survey.importers.raw import ColumnLabel, Source
    >>> def made(*cells):
    ...     frame = pd.DataFrame({"id": ["7", "8"], "use": cells}, dtype=str)
    ...     labels = {"id": ColumnLabel(), "use": ColumnLabel("use")}
    ...     return RawTable(frame, labels, {}, (), Source("a.csv", "", "plain"))
    >>> dict(join_pair(made("1", "2"), made("Yes", "No"), "b.csv").labels["use"].values)
    {'1': 'Yes', '2': 'No'}
    """
    shared = [column for column in raw.frame.columns if column in twin.frame.columns]
    if len(shared) < _LEAST_SHARED * max(len(raw.labels), len(twin.labels)):
        raise DataFileError(
            f"{name}: only {len(shared)} of its {len(twin.labels)} columns are columns"
            f" of {raw.source.name}, so it is no twin of it. Name the same export with"
            " texts instead of codes, or leave it out."
        )
    twin = _in_order_of(raw, twin, shared, name)
    first = _share_of_codes(raw, twin, shared)
    second = _share_of_codes(twin, raw, shared)
    codes, texts = (raw, twin) if first >= second else (twin, raw)
    found = {column: _column(codes, texts, column) for column in shared}
    labels = {
        column: replace(label, values={**label.values, **found[column].values})
        if column in found
        else label
        for column, label in codes.labels.items()
    }
    told = _told(found, twin.source.name)
    source = replace(raw.source, reasons=(*raw.source.reasons, *told))
    return replace(codes, labels=labels, source=source)


def _in_order_of(
    raw: RawTable, twin: RawTable, shared: Sequence[str], name: str
) -> RawTable:
    """Put the records of the twin in the order of the export."""
    id_ = next((c for c in shared if _identifies(raw, c) and _identifies(twin, c)), "")
    if not id_:
        _check_same_order(raw, twin, shared, name)
        return twin
    ids, others = raw.frame[id_].tolist(), twin.frame[id_].tolist()
    alone = set(ids) ^ set(others)
    if alone:
        raise DataFileError(
            f"{name}: {len(alone)} records stand in only one of the two files"
            f" ('{id_}': {some(sorted(alone))}). Export both at the same time."
        )
    place = {value: row for row, value in enumerate(others)}
    frame = twin.frame.iloc[[place[value] for value in ids]]
    return replace(twin, frame=frame.set_axis(raw.frame.index, axis=0))


def _identifies(raw: RawTable, column: str) -> bool:
    """Tell whether a column holds a different id for every record."""
    cells = raw.frame[column]
    known = role_of(column) == "respondent"
    return known and bool(cells.notna().all()) and cells.is_unique


def _check_same_order(
    raw: RawTable, twin: RawTable, shared: Sequence[str], name: str
) -> None:
    """Refuse records that cannot be the same ones."""
    if len(raw.frame) != len(twin.frame):
        raise DataFileError(
            f"{name}: it holds {len(twin.frame)} records, {raw.source.name} holds"
            f" {len(raw.frame)}, and no column identifies them. Export both at the"
            " same time, with the ids of the respondents."
        )
    pairs = [
        (raw.frame[c].notna().to_numpy(), twin.frame[c].notna().to_numpy())
        for c in shared
    ]
    same = sum(float((a == b).mean()) for a, b in pairs) / len(pairs)
    if same < _LEAST_SAME:
        raise DataFileError(
            f"{name}: {1 - same:.0%} of its cells are filled where those of"
            f" {raw.source.name} are blank, or the other way round, so its records"
            " stand in another order. Export both with the ids of the respondents."
        )


def _share_of_codes(raw: RawTable, other: RawTable, shared: Sequence[str]) -> float:
    """Give the share of codes among the cells in which two exports differ."""
    codes = filled = 0
    for column in shared:
        mine, theirs = _text(raw, column), _text(other, column)
        counts = Counter(mine[mine.notna() & (mine != theirs).to_numpy()].tolist())
        filled += counts.total()
        codes += sum(n for text, n in counts.items() if _CODES.fullmatch(text))
    return codes / filled if filled else 0.0


def _text(raw: RawTable, column: str) -> pd.Series:
    """Give the cells of a column as texts without blanks around them."""
    cells = raw.frame[column].astype(object)
    return cells.map(lambda cell: str(cell).strip(), na_action="ignore")


@dataclass(frozen=True, slots=True)
class _Paired:
    """What two columns tell: labels of the codes, and cells that do not agree."""

    values: Mapping[str, str]
    apart: int = 0


def _column(codes: RawTable, texts: RawTable, column: str) -> _Paired:
    """Find the label of every code of a column."""
    mine, theirs = _text(codes, column), _text(texts, column)
    given = mine.notna().to_numpy() & theirs.notna().to_numpy()
    counts = Counter(zip(mine[given].tolist(), theirs[given].tolist(), strict=True))
    apart = int((mine.notna().to_numpy() != theirs.notna().to_numpy()).sum())
    if all(code == text for code, text in counts):
        return _Paired({}, apart)
    if not all(_CODES.fullmatch(code) for code, _ in counts):
        return _Paired({}, apart + counts.total())
    single = {code: text for code, text in counts if "," not in code}
    single |= _from_joined([pair for pair in counts if "," in pair[0]], single)
    if len(single) > _MOST_LABELS:
        return _Paired({}, apart + counts.total())
    wrong = sum(
        n for (code, text), n in counts.items() if not _fits(code, text, single)
    )
    return _Paired({}, apart + counts.total()) if wrong else _Paired(single, apart)


def _fits(code: str, text: str, labels: Mapping[str, str]) -> bool:
    """Tell whether a text is what the labels of its codes say."""
    known = [labels.get(part, "") for part in code.split(",")]
    return comparable(",".join(known)) == comparable(text)


def _from_joined(
    pairs: Sequence[tuple[str, str]], single: Mapping[str, str]
) -> dict[str, str]:
    """Find labels of codes that never stand alone: what is left beside known ones."""
    known = dict(single)
    while True:
        found: dict[str, str] = {}
        for code, text in pairs:
            parts = code.split(",")
            unknown = [part for part in parts if part not in known]
            if len(unknown) == 1:
                found |= _rest(parts, unknown[0], text, known)
        if not found:
            return known
        known |= found


def _rest(
    parts: Sequence[str], unknown: str, text: str, known: Mapping[str, str]
) -> dict[str, str]:
    """Give the label of the only unknown code of a cell."""
    place = parts.index(unknown)
    before = "".join(f"{known[part]}," for part in parts[:place])
    after = "".join(f",{known[part]}" for part in parts[place + 1 :])
    inner = len(text) - len(before) - len(after)
    if inner < 1 or not (text.startswith(before) and text.endswith(after)):
        return {}
    return {unknown: text[len(before) : len(before) + inner]}


def _told(found: Mapping[str, _Paired], name: str) -> list[str]:
    """Say what the twin told, and where the two do not agree."""
    labelled = sum(bool(pair.values) for pair in found.values())
    told = [f"codes and texts paired with {name}: labels for {labelled} columns"]
    apart = [column for column, pair in found.items() if pair.apart]
    if apart:
        cells = sum(found[column].apart for column in apart)
        told.append(
            f"{cells} cells do not pair and stay as they are, in columns {some(apart)}"
        )
    return told

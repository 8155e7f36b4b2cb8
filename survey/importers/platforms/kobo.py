"""KoboToolbox and ODK exports: ``group/question`` headers, ``question/option`` columns.

A question with several answers stands there twice: as joined codes, and as a column of
1 and 0 for every option. The options are the question; the joined column is kept and
belongs to none.
"""

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Final

from survey.errors import DataFileError, some
from survey.importers.grid import Grid, header_rows
from survey.importers.labels import unique_names
from survey.importers.layout import Headed
from survey.importers.raw import ColumnLabel, MultipleSet, RawTable

_MARKS: Final = {
    "_id",
    "_uuid",
    "_submission_time",
    "_validation_status",
    "_submitted_by",
    "_xform_id_string",
    "__version__",
    "meta/instanceID",
    "meta/instanceName",
    "formhub/uuid",
    "KEY",
    "SubmissionDate",
    "meta-instanceID",
}
_LEAST_MARKS: Final = 2
_REPEAT: Final = {"_parent_index", "_parent_table_name", "PARENT_KEY"}
_ADDED = re.compile(
    r"_.*|start|end|today|username|deviceid|subscriberid|simserial|phonenumber|audit"
    r"|meta[/-].+|formhub/.+|KEY|SubmissionDate|Submitter(?:ID|Name)|DeviceID"
    r"|Attachments(?:Present|Expected)|ReviewState|FormVersion|instance(?:ID|Name)"
)
_NAMED_BY_KOBO = re.compile(r"group_[a-z]{2}\d[a-z0-9]{4}[/.].+")
_PATH = re.compile(r"[\w-]+(?:[/.][\w.-]+)*")
_YES: Final = {"1", "true"}
_MARKED: Final = {"0", "1", "true", "false"}


def is_kobo(grid: Grid) -> bool:
    """Tell whether the first row holds what KoboToolbox or ODK add to every record.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.

    Returns
    -------
    bool
        Whether two of ``_id, _uuid, _submission_time ...`` are among the headers, or
        groups that KoboToolbox named itself.

    Examples
    --------
    >>> import pandas as pd
    >>> is_kobo(Grid(pd.DataFrame([["use", "_id", "_uuid"]]), "utf-8"))
    True
    """
    headers = (header_rows(grid.cells, 1) or [[]])[0]
    named = sum(bool(_NAMED_BY_KOBO.fullmatch(header)) for header in headers)
    return max(len(_MARKS & set(headers)), named) >= _LEAST_MARKS


def read_headers(grid: Grid, name: str = "the export") -> Headed:
    """Read questions and options from the headers.

    Parameters
    ----------
    grid : Grid
        Cells without empty rows.
    name : str, optional
        File name, for the message.

    Returns
    -------
    Headed
        Names as in the file; the id of a question is its last part, or all of them
        where two questions share it.

    Raises
    ------
    DataFileError
        The table is a repeated group, with several rows for a respondent.

    Examples
    --------
    >>> import pandas as pd
    >>> rows = [["firm/why", "firm/why/cost", "firm/why/law", "_id", "_uuid"],
    ...         ["cost", "1", "0", "7", "a1"]]
    >>> headed = read_headers(Grid(pd.DataFrame(rows), "utf-8"))
    >>> [(label.question, label.option_code) for label in headed.labels]
    [('why', ''), ('why', 'cost'), ('why', 'law'), ('', ''), ('', '')]
    """
    headers = header_rows(grid.cells, 1)[0]
    if _REPEAT & set(headers):
        raise DataFileError(
            f"{name}: this is a repeated group of a KoboToolbox or ODK form, with a row"
            " for every repetition and not for every respondent. Export the sheet of"
            " the form itself."
        )
    owners = _owners(grid, headers)
    asked = [h for h in headers if h not in owners and not _ADDED.fullmatch(h)]
    mark = _separator(headers, asked)
    groups = Counter(group for header in asked for group in _groups(header))
    last = Counter(_last(header, mark) for header in asked)
    labels = []
    for place, header in enumerate(headers, 1):
        owner = owners.get(header, header)
        option = header[len(owner) + 1 :]
        short = _last(owner, mark)
        if _ADDED.fullmatch(header):
            labels.append(ColumnLabel())
        elif _PATH.fullmatch(owner):
            id_ = short if last[short] <= 1 else owner.replace("/", ".")
            code = "" if option == "other" else option
            labels.append(ColumnLabel(id_, short, option, code))
        else:
            id_ = f"q{headers.index(owner) + 1 if owner in headers else place}"
            labels.append(ColumnLabel(id_, _text(owner, groups), option))
    return Headed(unique_names(headers), tuple(labels), 1)


def with_sets(raw: RawTable) -> RawTable:
    """Name the sets that option columns make, and set their joined columns aside.

    Parameters
    ----------
    raw : RawTable
        An export of this layout.

    Returns
    -------
    RawTable
        With its sets; reasons say which joined columns say the same, and which do not.

    Examples
    --------
    >>> import pandas as pd
    >>> from survey.importers.raw import Source
    >>> cells = {"why": ["a b"], "why/a": ["1"], "why/b": ["1"]}
    >>> frame = pd.DataFrame(cells, dtype=str)
    >>> labels = {n: ColumnLabel("why", "", n[4:], n[4:]) for n in frame}
    >>> made = with_sets(RawTable(frame, labels, {}, (), Source("a", "", "kobo")))
    >>> made.sets[0].columns, made.labels["why"].question
    (('why/a', 'why/b'), '')
    """
    members: dict[str, list[str]] = {}
    for name, label in raw.labels.items():
        if label.option and _is_marked(raw, name):
            members.setdefault(label.question, []).append(name)
    sets = tuple(
        MultipleSet(
            question, raw.labels[names[0]].wording, tuple(names), _chosen(raw, names)
        )
        for question, names in members.items()
        if len(names) > 1 and _may_be_set(raw, question)
    )
    of = {found.name: found for found in sets}
    joined = {
        name: of[label.question]
        for name, label in raw.labels.items()
        if label.question in of and not label.option
    }
    labels = {n: ColumnLabel() if n in joined else x for n, x in raw.labels.items()}
    source = replace(raw.source, reasons=(*raw.source.reasons, *_told(raw, joined)))
    return replace(raw, labels=labels, sets=sets, source=source)


def _owners(grid: Grid, headers: Sequence[str]) -> dict[str, str]:
    """Find the question of every option column."""
    present = set(headers)
    marked = [
        header
        for place, header in enumerate(headers)
        if not _ADDED.fullmatch(header)
        and _cells(grid.cells.iloc[1:, place].dropna().unique().tolist()) <= _MARKED
    ]
    parts = [(h, _prefix(h, mark)) for h in marked for mark in ("/", ".")]
    owned = {header: owner for header, owner in parts if owner in present}
    if owned:
        return owned
    alone = Counter(owner for _, owner in parts if owner)
    below = (f"{owner}{mark}" for owner in alone for mark in "/.")
    mixed = {
        start[:-1]
        for start in below
        if any(h.startswith(start) for h in present.difference(marked))
    }
    return {h: owner for h, owner in parts if owner not in mixed and alone[owner] > 1}


def _cells(values: Sequence[object]) -> set[str]:
    """Give the distinct cells of a column in small letters."""
    return {str(value).strip().lower() for value in values}


def _separator(headers: Sequence[str], asked: Sequence[str]) -> str:
    """Find what stands between group and question."""
    if any("/" in header for header in asked):
        return "/"
    if {"KEY", "SubmissionDate"} <= set(headers):
        return "-"
    return "." if all(_PATH.fullmatch(header) for header in asked) else "/"


def _groups(header: str) -> list[str]:
    """Give what may be the groups of a label, the innermost first."""
    parts = header.split("/")[:-1]
    return ["/".join(parts[: k + 1]) for k in reversed(range(len(parts)))]


def _text(header: str, groups: Mapping[str, int]) -> str:
    """Give a label without its groups; what no other label shares is none."""
    for group in _groups(header):
        if groups[group] > 1:
            return header[len(group) + 1 :].strip()
    return header


def _prefix(header: str, mark: str) -> str:
    """Give what stands before the last separator; empty where there is none."""
    return header.rpartition(mark)[0]


def _last(header: str, mark: str) -> str:
    """Give what stands after the last separator."""
    return header.rpartition(mark)[2].strip() or header


def _may_be_set(raw: RawTable, question: str) -> bool:
    """Tell whether no definition says that a question is something else."""
    told = raw.definitions.get(question)
    return told is None or told.kind == "multiple"


def _is_marked(raw: RawTable, name: str) -> bool:
    """Tell whether a column says of its option whether it was chosen."""
    return _cells(raw.frame[name].dropna().unique().tolist()) <= _MARKED


def _chosen(raw: RawTable, names: Sequence[str]) -> str:
    """Find the value that means chosen, as it is spelled."""
    values = {str(v) for name in names for v in raw.frame[name].dropna().unique()}
    return next((v for v in sorted(values) if v.strip().lower() in _YES), "1")


def _told(raw: RawTable, joined: Mapping[str, MultipleSet]) -> list[str]:
    """Say which columns of joined codes are set aside, and what is not read."""
    told = [
        f"repeated groups have a sheet of their own and are not read: {each}"
        for reason in raw.source.reasons
        for head, _, each in [reason.partition("sheets not read: ")]
        if not head and each
    ]
    if joined:
        told.append(f"joined beside their option columns: {some(joined)}")
    for name, found in joined.items():
        differ = _differing(raw, name, found)
        if differ:
            told.append(
                f"'{name}': {differ} records whose joined codes and option columns"
                " differ; the option columns are taken"
            )
    return [each for each in told if each not in raw.source.reasons]


def _differing(raw: RawTable, name: str, found: MultipleSet) -> int:
    """Count records whose joined codes are not as many as the chosen options.

    Labels that are joined by blanks cannot be told apart, so they are not compared.
    """
    given = raw.frame[name].fillna("").astype(str).str.split()
    known = {column[len(name) + 1 :] for column in found.columns}
    if not set().union(*given) <= known:
        return 0
    chosen = sum(
        (raw.frame[column] == found.counted_value).astype(int)
        for column in found.columns
    )
    return int((given.map(len) != chosen).sum())

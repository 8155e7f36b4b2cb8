"""Triple-S: an XML definition and the data beside it, fixed or CSV.

Either file may be named; the definition says how the data are read. What does not fit
it is kept as it stands, so that the checks find it.
"""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path, PureWindowsPath
from typing import Final

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.definition import Choice, Kind, QuestionDefinition
from survey.importers.definitions.condition import EVERYONE, compared
from survey.importers.labels import unique_names
from survey.importers.raw import MissingRange, MultipleSet, RawTable, Source
from survey.importers.signature import read_bytes
from survey.importers.triple_s.columns import (
    Columns,
    choices_of,
    missing_of,
    read_columns,
    width_of,
)
from survey.importers.triple_s.data import Fields, read_fields
from survey.importers.triple_s.definition import (
    Definition,
    Variable,
    read_definition,
)

_SUFFIXES: Final = (".asc", ".csv", ".dat", ".txt")
_HEAD: Final = 65_536
_MOST_CELLS: Final = 300_000_000
_KINDS: Final[Mapping[str, Kind]] = {
    "single": "single",
    "multiple": "multiple",
    "logical": "single",
    "quantity": "numeric",
    "character": "text",
}


def is_triple_s(data: bytes) -> bool:
    """Tell a Triple-S definition from other files.

    Parameters
    ----------
    data : bytes
        Content of a file.

    Returns
    -------
    bool
        Whether it is markup that begins with ``<sss``, comments aside.

    Examples
    --------
    >>> is_triple_s(b'<!-- wave --><sss version="2.0">'), is_triple_s(b"id,<sss")
    (True, False)
    """
    head = data[:_HEAD].replace(b"\0", b"").lstrip(b"\xef\xbb\xbf\xff\xfe \r\n\t")
    return head.startswith(b"<") and b"<sss" in head.lower()


def definition_beside(path: Path) -> tuple[Path, ...]:
    """Find the definition beside fixed data, which nobody can read without it.

    Parameters
    ----------
    path : Path
        The data.

    Returns
    -------
    tuple of Path
        At most one; none for data that are not named ``.asc``.

    Examples
    --------
    >>> definition_beside(Path("no-such-folder/wave.asc"))
    ()
    """
    if path.suffix.lower() != ".asc":
        return ()
    named = [path.with_suffix(suffix) for suffix in _cases(".sss")]
    return tuple(each for each in named if each.is_file())[:1]


def read_triple_s(
    path: Path, data: bytes, source: Source, companions: Sequence[Path] = ()
) -> RawTable:
    r"""Read a Triple-S survey.

    Parameters
    ----------
    path : Path
        Definition or data.
    data : bytes
        Its content.
    source : Source
        Name and hash of the file; the rest is filled in.
    companions : sequence of Path
        The other file. The data are found beside their definition when omitted.

    Returns
    -------
    RawTable
        Texts. A multiple is a set: a column of 1 and 0 for every code, or, where it
        is spread, a column for every mention.

    Raises
    ------
    DataFileError
        A file is missing or damaged, they do not belong together, or the definition
        is a hierarchy.

    Examples
    --------
    >>> import tempfile
    >>> path = Path(tempfile.mkdtemp()) / "wave.sss"
    >>> _ = path.with_name("wave.asc").write_text("012\n021\n")
    >>> xml = b'''<sss version="2.0"><survey><record ident="A">
    ... <variable ident="1" type="single"><name>use</name><label>Use?</label>
    ... <position start="3"/><values><value code="1">Yes</value>
    ... <value code="2">No</value></values></variable></record></survey></sss>'''
    >>> raw = read_triple_s(path, xml, Source("wave.sss", "", ""))
    >>> raw.frame["use"].tolist(), dict(raw.labels["use"].values)
    (['2', '1'], {'1': 'Yes', '2': 'No'})
    """
    contents = {path: data} | {other: read_bytes(other) for other in companions}
    definitions = [each for each, held in contents.items() if is_triple_s(held)]
    if not definitions:
        raise DataFileError(
            f"{path}: these are data of a Triple-S survey without their definition."
            " Name the .sss or .xml file that was exported with them."
        )
    chosen = definitions[0]
    definition = read_definition(contents[chosen], str(chosen))
    answers = [each for each in contents if each not in definitions]
    if not answers:
        answers = [_beside(chosen, definition)]
        contents[answers[0]] = read_bytes(answers[0])
    held = contents[answers[0]]
    fields = read_fields(held, definition, str(answers[0]))
    _check_size(definition, fields, str(answers[0]))
    said = (
        f"Triple-S {definition.version}, {'CSV' if definition.csv else 'fixed'} data",
        f"definition {chosen.name}",
        f"data {answers[0].name}, SHA-256 {hashlib.sha256(held).hexdigest()}",
    )
    source = replace(
        source,
        layout="triple_s",
        encoding=fields.encoding,
        reasons=(*said, *fields.reasons),
    )
    return _table(definition, fields, source)


def _beside(path: Path, definition: Definition) -> Path:
    """Find the data beside a definition; a folder that it names is not followed."""
    own = PureWindowsPath(definition.data).name
    first = ".csv" if definition.csv else ".asc"
    suffixes = dict.fromkeys((first, *_SUFFIXES))
    names = [own] if own else []
    names += [path.stem + each for suffix in suffixes for each in _cases(suffix)]
    for name in names:
        if (found := path.with_name(name)).is_file():
            return found
    looked = some([name for name in names if name == name.lower()] or names)
    raise DataFileError(
        f"{path}: this is the definition of a Triple-S survey, and its data are not"
        f" beside it (looked for {looked}). Put them there, or name them."
    )


def _cases(suffix: str) -> tuple[str, str]:
    """Give an extension in small and in capital letters."""
    return suffix, suffix.upper()


def _check_size(definition: Definition, fields: Fields, name: str) -> None:
    """Refuse tables that would not fit into memory."""
    wide = sum(width_of(variable) for variable in definition.variables)
    if wide * fields.records > _MOST_CELLS:
        raise DataFileError(
            f"{name}: {fields.records} records of {wide} columns are more than the"
            f" {_MOST_CELLS:,} cells that are read. Export fewer variables."
        )


def _table(definition: Definition, fields: Fields, source: Source) -> RawTable:
    """Make the columns of all variables."""
    made = [
        read_columns(variable, texts, csv=definition.csv)
        for variable, texts in zip(definition.variables, fields.texts, strict=True)
    ]
    free = iter(unique_names(name for columns in made for name in columns.names))
    named = [
        replace(columns, names=tuple(next(free) for _ in columns.names))
        for columns in made
    ]
    notes = [note for columns in named for note in columns.notes]
    weights = [v.name for v in definition.variables if v.use == "weight"]
    return RawTable(
        _frame(named, fields.records),
        {n: each for c in named for n, each in zip(c.names, c.labels, strict=True)},
        _missing(definition, named),
        _sets(definition, named),
        replace(source, reasons=(*source.reasons, *notes)),
        _definitions(definition, named),
        weights[0] if weights else "",
    )


def _frame(named: Sequence[Columns], records: int) -> pd.DataFrame:
    """Put the columns side by side."""
    index = pd.RangeIndex(records)
    return pd.DataFrame(
        {
            name: pd.Series(list(texts), index=index, dtype=str)
            for columns in named
            for name, texts in zip(columns.names, columns.texts, strict=True)
        },
        index=index,
    )


def _missing(
    definition: Definition, named: Sequence[Columns]
) -> dict[str, tuple[MissingRange, ...]]:
    """Take over values that are declared missing; a bit is never one of them."""
    return {
        name: found
        for variable, columns in zip(definition.variables, named, strict=True)
        for name in columns.names
        if columns.counted is None and (found := missing_of(variable))
    }


def _sets(definition: Definition, named: Sequence[Columns]) -> tuple[MultipleSet, ...]:
    """Name the sets that multiples make."""
    return tuple(
        MultipleSet(variable.name, _first(variable), columns.names, columns.counted)
        for variable, columns in zip(definition.variables, named, strict=True)
        if variable.kind == "multiple"
    )


def _first(variable: Variable) -> str:
    """Give the wording in the first language."""
    return next(iter(variable.wording.values()), "")


def _definitions(
    definition: Definition, named: Sequence[Columns]
) -> dict[str, QuestionDefinition]:
    """Say what is known of the questions; a serial number and a weight are none."""
    kinds = {variable.name: variable.kind for variable in definition.variables}
    return {
        variable.name: _definition(variable, columns, kinds)
        for variable, columns in zip(definition.variables, named, strict=True)
        if not variable.use
    }


def _definition(
    variable: Variable, columns: Columns, kinds: Mapping[str, str]
) -> QuestionDefinition:
    """Say what is known of one question."""
    choices = choices_of(variable)
    own = columns.names if columns.counted else ("",) * len(choices)
    several = variable.subfields if variable.subfields < len(choices) else 0
    logical = kinds.get(variable.asked_where) == "logical"
    asked = compared(variable.asked_where, "==", ["1"], "") if logical else EVERYONE
    return QuestionDefinition(
        question=variable.name,
        kind=_KINDS.get(variable.kind, ""),
        wording=variable.wording,
        categories=tuple(
            Choice(value.code, value.label, column=column)
            for value, column in zip(choices, own, strict=True)
        ),
        max_choices=several or None,
        asked_if=asked.said,
        routing=variable.asked_where,
    )

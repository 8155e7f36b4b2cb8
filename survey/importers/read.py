"""Read an export, whatever platform wrote it, with what belongs to it.

The answers come first; companions (text twin, definition) only say what they mean.
"""

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

import pandas as pd

from survey.errors import DataFileError, some
from survey.importers.binary.parquet import read_parquet
from survey.importers.binary.spss import read_por, read_spss
from survey.importers.binary.stata import read_stata
from survey.importers.cells import serial_dates, without_na
from survey.importers.companions import with_column_labels, with_definitions
from survey.importers.definition import QuestionDefinition
from survey.importers.definitions.limesurvey_r import read_r_syntax
from survey.importers.definitions.limesurvey_r_data import (
    has_no_header,
    refuse_without_header,
    with_header,
)
from survey.importers.definitions.lss import read_lss
from survey.importers.definitions.qsf import read_qsf
from survey.importers.definitions.xlsform import read_xlsform
from survey.importers.definitions.xlsform_sheets import is_xlsform
from survey.importers.detect import detect, read_headers, refuse_summary
from survey.importers.grid import Grid, records, without_empty_rows
from survey.importers.layout import with_empty_columns
from survey.importers.pairs import join_pair
from survey.importers.platforms import kobo, qualtrics
from survey.importers.platforms.kobo_form import with_form
from survey.importers.raw import RawTable, Source
from survey.importers.signature import kind_of, read_bytes, refuse_definition
from survey.importers.text import read_text
from survey.importers.triple_s.triple_s import definition_beside, read_triple_s
from survey.importers.workbook import read_workbook

_BINARY: dict[str, Callable[[Path, bytes, Source], RawTable]] = {
    "spss": read_spss,
    "por": read_por,
    "stata": read_stata,
    "parquet": read_parquet,
}
_DEFINED: dict[str, Callable[[Path, bytes], Mapping[str, QuestionDefinition]]] = {
    "qsf": read_qsf,
    "lss": read_lss,
    "lsg": read_lss,
    "lsq": read_lss,
}


@dataclass(frozen=True, slots=True)
class _File:
    """A file with its content and kind."""

    path: Path
    data: bytes
    kind: str
    # Where its cells stand, if not in the data as they are.
    cells: bytes = b""


def read(
    path: str | Path,
    *,
    layout: str | None = None,
    companions: Iterable[str | Path] = (),
) -> RawTable:
    r"""Read an export.

    Parameters
    ----------
    path : str or Path
        A file that holds answers; its name and its first bytes say how it is read.
    layout : str, optional
        One of `survey.importers.detect.LAYOUTS`; found out when omitted. Binary
        formats have one layout only and ignore it.
    companions : iterable of str or Path
        Other files of the same export: the text twin of a numeric export, or a
        definition of the survey.

    Returns
    -------
    RawTable
        Values as typed and labels; ``source.reasons`` says what was recognised, how
        sure that is, and what was left out.

    Raises
    ------
    DataFileError
        A file cannot be read, is not an export of respondents, or a companion
        belongs to another export.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "wave.csv").write_text("size,region\n1,EU\n2,\n")
    >>> raw = read(folder / "wave.csv")
    >>> raw.frame["region"].isna().tolist(), raw.source.layout
    ([False, True], 'plain')
    """
    file = _file(Path(path))
    named = tuple(map(Path, companions)) or definition_beside(file.path)
    others = tuple(map(_file, named))
    refuse_definition(file.path, file.kind)
    if "triple_s" in {file.kind, *(other.kind for other in others)}:
        paths = [other.path for other in others]
        return read_triple_s(file.path, file.data, _source(file), paths)
    raw = _answers(_headed(file, others), layout)
    for other in others:
        raw = _with(raw, other, layout)
    return raw


def _file(path: Path) -> _File:
    """Read a file and say what it is."""
    data = read_bytes(path)
    kind = kind_of(path, data)
    form = kind == "workbook" and is_xlsform(data)
    return _File(path, data, "xlsform" if form else kind)


def _headed(file: _File, others: Iterable[_File]) -> _File:
    """Give R data without a header row the names that their syntax tells."""
    if file.kind != "text":
        return file
    for other in others:
        if other.kind == "r_syntax" and has_no_header(other.data):
            name = str(file.path)
            return replace(file, cells=with_header(file.data, other.data, name))
    refuse_without_header(file.data, str(file.path))
    return file


def _source(file: _File) -> Source:
    """Say which file was read."""
    return Source(file.path.name, hashlib.sha256(file.data).hexdigest(), file.kind)


def _answers(file: _File, layout: str | None) -> RawTable:
    """Read the answers of one file."""
    source = _source(file)
    if file.kind in _BINARY:
        return _BINARY[file.kind](file.path, file.data, source)
    reader = read_workbook if file.kind == "workbook" else read_text
    grid = reader(file.cells or file.data, str(file.path))
    return _table(grid, source, str(file.path), layout)


def _with(raw: RawTable, other: _File, layout: str | None) -> RawTable:
    """Add what a companion says."""
    if other.kind in _DEFINED:
        return with_definitions(raw, _DEFINED[other.kind](other.path, other.data))
    if other.kind == "xlsform":
        return with_form(raw, read_xlsform(other.path, other.data))
    if other.kind == "r_syntax":
        return with_column_labels(raw, read_r_syntax(other.data))
    return join_pair(raw, _answers(other, layout), str(other.path))


def _table(grid: Grid, source: Source, name: str, layout: str | None) -> RawTable:
    """Take header rows and records of a grid apart."""
    grid = without_empty_rows(grid)
    if grid.cells.empty:
        raise DataFileError(f"{name}: no cell of the file is filled. Export it again.")
    filled = grid.cells.notna().any(axis=0).to_list()
    slim = replace(grid, cells=grid.cells.loc[:, filled])
    slim = replace(slim, cells=slim.cells.set_axis(range(sum(filled)), axis=1))
    refuse_summary(slim, name)
    found = detect(slim, layout)
    headed = with_empty_columns(read_headers(slim, found.layout, name), filled)
    frame, told = _cleaned(records(grid, headed.names, headed.rows, name))
    source = replace(
        source,
        layout=found.layout,
        encoding=grid.encoding,
        reasons=(*grid.reasons, found.sentence, *told),
        empty_rows=grid.empty_rows,
    )
    labels = dict(zip(headed.names, headed.labels, strict=True))
    missing = qualtrics.seen_only(frame) if found.layout == "qualtrics" else {}
    raw = RawTable(frame, labels, missing, (), source)
    return kobo.with_sets(raw) if found.layout == "kobo" else raw


def _cleaned(frame: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """Undo what a program wrote in its own way, and say so."""
    frame, missing = without_na(frame)
    frame, dates = serial_dates(frame)
    told = [f"NA means no answer: {missing} cells"] if missing else []
    if dates:
        told.append(f"dates stored as numbers: {some(dates)}")
    return frame, told

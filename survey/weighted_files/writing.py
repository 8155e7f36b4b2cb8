"""Weighted files: an export as it came, with its weight as one more column.

No cell, label or code that came in is changed. Where a text stays a text, or a .sav
file one, the file is read again and compared before it gets its name.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Final

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from survey.errors import DataFileError, OutputError, some
from survey.importers.binary.sav_dictionary import weighted_by
from survey.importers.raw import RawTable
from survey.importers.read import read
from survey.importers.signature import kind_of, read_bytes
from survey.importers.text import decode, find_delimiter
from survey.importers.workbook import read_workbook
from survey.weighted_files.rows import append_cells, code_rows, sheet_rows
from survey.weighted_files.sav_table import is_spss_name, with_numbers, write_sav
from survey.weighted_files.sav_variable import add_weight

Floats = NDArray[np.float64]

SUFFIXES: Final = (".csv", ".tsv", ".parquet", ".sav")
_SAME_FORM = {("spss", ".sav"), ("text", ".csv"), ("text", ".tsv")}


@dataclass(frozen=True, slots=True, eq=False)
class _Task:
    """What is to be written: export, weights, how they are called."""

    source: Path
    data: bytes
    raw: RawTable
    weight: Floats
    name: str
    label: str

    @property
    def kind(self) -> str:
        """How the export is read: text, workbook or spss."""
        return kind_of(self.source, self.data)


def check_output(
    output: str | Path,
    inputs: Iterable[Path],
    *,
    replace: bool,
    suffixes: Sequence[str] = SUFFIXES,
) -> Path:
    """Refuse a file that cannot be written, or must not.

    Parameters
    ----------
    output : str or Path
        File to write.
    inputs : iterable of Path
        Files that are read and must stay.
    replace : bool
        Whether a file that is there is replaced.
    suffixes : sequence of str
        What its name may end in.

    Returns
    -------
    Path
        The file to write.

    Raises
    ------
    OutputError
        Its suffix is unknown, it is one of the inputs, a folder, or there already.

    Examples
    --------
    >>> check_output("weighted.pdf", [], replace=False)
    Traceback (most recent call last):
    ...
    survey.errors.OutputError: weighted.pdf: files of this kind end in '.csv', ...
    """
    path = Path(output)
    if path.suffix.lower() not in suffixes:
        raise OutputError(
            f"{path}: files of this kind end in {some(suffixes)}. Name one of these."
        )
    if path.is_dir():
        raise OutputError(f"{path}: this is a folder. Name a file inside it.")
    same = [p for p in inputs if path.exists() and p.exists() and path.samefile(p)]
    if same:
        raise OutputError(
            f"{path}: this file is read and is never written. Name another output."
        )
    if path.exists() and not replace:
        raise OutputError(
            f"{path} is there already. Give another name with -o, or use --force to "
            "replace it."
        )
    return path


def check_name(name: str, columns: Iterable[str]) -> None:
    """Refuse a name of the weight that is taken, or that SPSS does not take.

    Parameters
    ----------
    name : str
        Name of the new column.
    columns : iterable of str
        Columns of the export; case does not count, as in SPSS.

    Raises
    ------
    OutputError
        The name cannot be used.

    Examples
    --------
    >>> check_name("weight", ["id", "Weight"])
    Traceback (most recent call last):
    ...
    survey.errors.OutputError: the file has a column 'Weight' already. ...
    """
    if not is_spss_name(name):
        raise OutputError(
            f"{name!r} is no name for a weight. Use a letter first, then letters "
            "without accents, digits, '_' and '.', at most 64 in all."
        )
    taken = [column for column in columns if column.casefold() == name.casefold()]
    if taken:
        raise OutputError(
            f"the file has a column {taken[0]!r} already. Give the weight another name "
            "with --name."
        )


def write_weighted(
    source: Path, raw: RawTable, weight: Floats, output: Path, *, name: str, label: str
) -> tuple[str, ...]:
    """Write an export with its weight as the last column.

    Parameters
    ----------
    source : Path
        The export; it is only read.
    raw : RawTable
        What was read from it, n records.
    weight : float array (n,)
        One weight per record.
    output : Path
        File to write; its suffix decides the format.
    name : str
        Name of the new column.
    label : str
        What the weight is, for formats with labels.

    Returns
    -------
    tuple of str
        What a reader of the file should know, in sentences.

    Raises
    ------
    OutputError
        The file cannot be written.

    Notes
    -----
    The file is written beside its place, read again and compared, then renamed.
    """
    task = _Task(source, read_bytes(source), raw, weight, name, label)
    suffix = output.suffix.lower()
    make = {".sav": _write_sav, ".parquet": _write_parquet}.get(suffix, _write_text)
    try:
        output.parent.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(dir=output.parent, prefix=".survey-") as folder:
            scratch = Path(folder) / f"weighted{suffix}"
            notes = make(task, scratch)
            if (task.kind, suffix) in _SAME_FORM:
                _compare(task, scratch)
            scratch.replace(output)
    except OSError as problem:
        raise OutputError(
            f"{output}: cannot be written ({problem.strerror}). Choose another place."
        ) from None
    return notes


def _compare(task: _Task, path: Path) -> None:
    """Refuse a file that does not read back as what came in and the weights."""
    try:
        again = read(path, layout=task.raw.source.layout).frame
    except DataFileError:
        again = pd.DataFrame()
    if not _is_same(again, task.raw.frame, task.weight):
        raise OutputError(
            f"{task.source}: with a weight in each row the file would not read back as "
            "it came. Name an output that ends in .parquet."
        )


def _is_same(again: pd.DataFrame, frame: pd.DataFrame, weight: Floats) -> bool:
    """Tell whether a frame holds all columns of another, and the weights behind."""
    if again.shape != (len(frame), frame.shape[1] + 1):
        return False
    texts = again.iloc[:, -1].astype(str).str.replace(",", ".", regex=False)
    last = pd.to_numeric(texts, errors="coerce").to_numpy(dtype=float)
    return again.iloc[:, :-1].equals(frame) and bool((last == weight).all())


def _write_text(task: _Task, path: Path) -> tuple[str, ...]:
    """Write a delimited text."""
    delimiter = "\t" if path.suffix == ".tsv" else ","
    layout = task.raw.source.layout
    given = (task.weight, task.name)
    if task.kind == "spss":
        path.write_bytes(code_rows(task.raw.frame, delimiter, *given).encode())
        return ()
    if task.kind == "workbook":
        cells = read_workbook(task.data, str(task.source)).cells
        path.write_bytes(sheet_rows(cells, delimiter, *given, layout).encode())
        return ()
    text, encoding = decode(task.data)
    between = find_delimiter(text)
    if path.suffix == ".tsv" and between != delimiter:
        raise OutputError(
            f"the cells of {task.source} are separated by {between!r}, which stays. "
            "Name an output that ends in .csv."
        )
    # What had a mark, or two bytes per letter, is opened by its mark.
    mark = "\ufeff" if encoding.startswith("utf") and encoding != "utf-8" else ""
    content = append_cells(text, between, *given, layout)
    path.write_bytes(f"{mark}{content}".encode())
    changed = not encoding.startswith("utf-8")
    return (f"Read as {encoding}, written as UTF-8.",) if changed else ()


def _write_parquet(task: _Task, path: Path) -> tuple[str, ...]:
    """Write a Parquet file."""
    frame = with_numbers(task.raw.frame)
    frame[task.name] = task.weight
    frame.to_parquet(path, engine="pyarrow", index=False)
    return ()


def _write_sav(task: _Task, path: Path) -> tuple[str, ...]:
    """Write an SPSS file whose weight is the new column."""
    data, encoding = task.data, task.raw.source.encoding or "utf-8"
    notes: tuple[str, ...] = ()
    if task.kind != "spss":
        notes = write_sav(task.raw, path, taken=(task.name,))
        data, encoding = path.read_bytes(), "utf-8"
    elif before := weighted_by(data):
        notes = (f"The file was weighted by {before}; now it is by {task.name}.",)
    path.write_bytes(
        add_weight(
            data, task.weight, name=task.name, label=task.label, encoding=encoding
        )
    )
    return notes

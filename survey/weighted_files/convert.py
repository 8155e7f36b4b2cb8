"""Conversion of a file: any export in, a table with its labels out.

What identifies a person is left out unless it is asked for, and counted: whole columns,
and addresses and telephone numbers inside other cells.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Final

import pandas as pd

from survey.errors import OutputError
from survey.importers.personal import without_personal
from survey.importers.raw import ColumnLabel, RawTable, is_user_missing
from survey.importers.read import read
from survey.questionnaire.drafting.draft import draft_questionnaire
from survey.responses.values import as_text
from survey.weighted_files.rows import table_rows
from survey.weighted_files.sav_table import write_sav
from survey.weighted_files.writing import check_output

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

SUFFIXES: Final = (".csv", ".tsv", ".parquet", ".sav", ".xlsx")
# What a sheet of a workbook holds.
_MOST_ROWS, _MOST_COLUMNS = 1_048_575, 16_384
_MOST_SIGNS = 32_767
# The same input gives the same bytes, so no clock is asked.
_CREATED = datetime(2000, 1, 1, tzinfo=UTC)
_NO_LABELS = "Labels are not in this file: .sav and .xlsx hold them."


@dataclass(frozen=True, slots=True)
class Converted:
    """A file that was converted.

    Attributes
    ----------
    path : Path
        The file that was written.
    records, columns : int
        What it holds.
    left_out : tuple of str
        Columns that identify a person.
    notes : tuple of str
        How the export was read, what was hidden, and what the format cannot hold.
    hidden : int
        Cells in which an address, a telephone number or coordinates were hidden.
    """

    path: Path
    records: int
    columns: int
    left_out: tuple[str, ...]
    notes: tuple[str, ...]
    hidden: int = 0


def convert(
    path: str | Path,
    output: str | Path,
    *,
    layout: str | None = None,
    companions: Iterable[str | Path] = (),
    labels: bool = False,
    personal: bool = False,
    replace_output: bool = False,
) -> Converted:
    r"""Write an export in another format.

    Parameters
    ----------
    path : str or Path
        The export, in any form that `read` knows.
    output : str or Path
        File to write: ``.csv``, ``.tsv``, ``.parquet``, ``.sav`` or ``.xlsx``. A
        workbook has the labels on a second sheet, a ``.sav`` file has them inside.
    layout : str, optional
        Layout of the export, where it is not to be detected.
    companions : iterable of str or Path
        Other files of the same export.
    labels : bool, default False
        Whether cells hold the labels of values in place of codes; not in ``.sav``.
    personal : bool, default False
        Whether columns that identify a person are written as well, and cells of
        others as they are.
    replace_output : bool, default False
        Whether an output that is there is replaced.

    Returns
    -------
    Converted
        What was written, and what was not.

    Raises
    ------
    DataFileError
        The export cannot be read.
    OutputError
        The output cannot be written.

    Examples
    --------
    >>> from tempfile import mkdtemp
    >>> folder = Path(mkdtemp())
    >>> _ = (folder / "firms.csv").write_text("id;size\n1;s\n2;l\n")
    >>> convert(folder / "firms.csv", folder / "firms.tsv").records
    2
    >>> (folder / "firms.tsv").read_text()
    'id\tsize\n1\ts\n2\tl\n'
    """
    source, others = Path(path), tuple(map(Path, companions))
    file = check_output(
        output, (source, *others), replace=replace_output, suffixes=SUFFIXES
    )
    raw = read(source, layout=layout, companions=others)
    left_out = () if personal else _personal(raw)
    kept = _without(raw, left_out)
    hidden = 0
    if not personal:
        kept, hidden = _with_cells_hidden(kept)
    if labels and file.suffix.lower() == ".sav":
        raise OutputError(
            f"{file}: a .sav file holds codes with their labels. Leave --labels out."
        )
    notes = _written(_labelled(kept) if labels else kept, file)
    return Converted(
        file,
        len(kept.frame),
        kept.frame.shape[1],
        left_out,
        (*raw.source.reasons, *_told(hidden), *notes),
        hidden,
    )


def _told(hidden: int) -> tuple[str, ...]:
    """Say in how many cells something was hidden."""
    if not hidden:
        return ()
    cells = "1 cell" if hidden == 1 else f"{hidden:,} cells"
    sentence = (
        f"{cells} with an address, a telephone number or coordinates: these are hidden "
        "as (address), (telephone) and (place). --personal keeps them."
    )
    return (sentence,)


def _personal(raw: RawTable) -> tuple[str, ...]:
    """Name the columns that identify a person."""
    return tuple(draft_questionnaire(raw).personal)


def _without(raw: RawTable, left_out: Iterable[str]) -> RawTable:
    """Leave columns out, and sets that would lack one."""
    gone = set(left_out)
    if not gone:
        return raw
    kept = [name for name in raw.frame.columns if name not in gone]
    return replace(
        raw,
        frame=raw.frame[kept],
        labels={name: raw.labels[name] for name in kept},
        missing={name: m for name, m in raw.missing.items() if name not in gone},
        sets=tuple(s for s in raw.sets if not gone.intersection(s.columns)),
        weight="" if raw.weight in gone else raw.weight,
    )


def _with_cells_hidden(raw: RawTable) -> tuple[RawTable, int]:
    """Hide what identifies people inside cells and labels; count the cells."""
    columns, hidden = {}, 0
    for name, column in raw.frame.items():
        columns[name] = _hidden(column)
        hidden += int((columns[name] != column)[column.notna()].sum())
    labels = {name: _label_hidden(label) for name, label in raw.labels.items()}
    frame = pd.DataFrame(columns, index=raw.frame.index)
    return replace(raw, frame=frame, labels=labels), hidden


def _label_hidden(label: ColumnLabel) -> ColumnLabel:
    """Hide what identifies people in values and their labels."""
    values = {
        without_personal(value): without_personal(text)
        for value, text in label.values.items()
    }
    return replace(label, values=values)


def _hidden(column: pd.Series) -> pd.Series:
    """Hide what identifies people inside the cells of a column of texts."""
    if pd.api.types.is_numeric_dtype(column.dtype):
        return column
    texts = column.dropna().unique()
    changed = {t: new for t in texts if (new := without_personal(t)) != t}
    return column.replace(changed) if changed else column


def _labelled(raw: RawTable) -> RawTable:
    """Put labels of values in the place of codes."""
    columns = {
        name: _with_labels(raw.frame[name], raw.labels[name].values)
        for name in raw.frame.columns
    }
    return replace(raw, frame=pd.DataFrame(columns, index=raw.frame.index))


def _with_labels(column: pd.Series, values: Mapping[str, str]) -> pd.Series:
    """Put the labels of one column in the place of its codes."""
    if not values:
        return column
    texts = as_text(column)
    return texts.map(values).fillna(texts)


def _written(raw: RawTable, file: Path) -> tuple[str, ...]:
    """Write beside the place, then rename."""
    writers: dict[str, Callable[[RawTable, Path], tuple[str, ...]]] = {
        ".csv": _write_text,
        ".tsv": _write_text,
        ".parquet": _write_parquet,
        ".sav": write_sav,
        ".xlsx": _write_workbook,
    }
    try:
        with TemporaryDirectory(dir=file.parent, prefix=".survey-") as folder:
            scratch = Path(folder, file.name)
            notes = writers[file.suffix.lower()](raw, scratch)
            scratch.replace(file)
    except OSError as problem:
        raise OutputError(
            f"{file}: cannot be written ({problem.strerror}). Check folder and disk."
        ) from None
    return notes


def _write_text(raw: RawTable, path: Path) -> tuple[str, ...]:
    """Write one header row and the values."""
    delimiter = "\t" if path.suffix.lower() == ".tsv" else ","
    path.write_bytes(table_rows(raw.frame, delimiter).encode())
    return (_NO_LABELS,) * _has_labels(raw)


def _has_labels(raw: RawTable) -> bool:
    """Say whether any column has labels of values."""
    return any(label.values for label in raw.labels.values())


def _write_parquet(raw: RawTable, path: Path) -> tuple[str, ...]:
    """Write the values as they are."""
    raw.frame.to_parquet(path, index=False)
    return (_NO_LABELS,) * _has_labels(raw)


def _write_workbook(raw: RawTable, path: Path) -> tuple[str, ...]:
    """Write a sheet of values and one of labels; a text is never a formula."""
    from xlsxwriter import Workbook

    rows, columns = raw.frame.shape
    if rows > _MOST_ROWS or columns > _MOST_COLUMNS:
        raise OutputError(
            f"{path.name}: {rows:,} records and {columns:,} columns are more than a "
            f"sheet holds ({_MOST_ROWS:,} and {_MOST_COLUMNS:,}). Write .parquet."
        )
    options = {"constant_memory": True, "strings_to_formulas": False}
    with Workbook(str(path), {**options, "strings_to_urls": False}) as book:
        book.set_properties({"created": _CREATED})
        _fill(book.add_worksheet("data"), _data_rows(raw.frame))
        _fill(book.add_worksheet("labels"), _label_rows(raw))
    return ()


def _fill(sheet: "Worksheet", rows: Iterable[Iterable[object]]) -> None:
    """Write the rows of a sheet; blanks are left out."""
    for i, row in enumerate(rows):
        for j, value in enumerate(row):
            if isinstance(value, float):
                if value == value:  # noqa: PLR0124 - NaN is a blank
                    sheet.write_number(i, j, value)
            elif isinstance(value, str):
                sheet.write_string(i, j, value[:_MOST_SIGNS])


def _data_rows(frame: pd.DataFrame) -> Iterator[Iterable[object]]:
    """Give the header and every record."""
    yield frame.columns
    yield from zip(*(frame[name].tolist() for name in frame.columns), strict=True)


def _label_rows(raw: RawTable) -> Iterator[Iterable[object]]:
    """Give a row for every column, and one for each of its values."""
    yield ("column", "question", "wording", "option", "value", "label", "missing")
    for name, label in raw.labels.items():
        yield (name, label.question, label.wording, label.option)
        ranges = raw.missing.get(name, ())
        for value, text in label.values.items():
            gone = "missing" if is_user_missing(value, ranges) else ""
            yield (name, "", "", "", value, text, gone)

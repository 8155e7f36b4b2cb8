"""Read an export, whatever platform wrote it."""

import hashlib
from dataclasses import replace
from pathlib import Path

from survey.errors import DataFileError
from survey.importers.detect import Detected, detect, read_headers, refuse_summary
from survey.importers.grid import Grid, records, without_empty_rows
from survey.importers.layout import with_empty_columns
from survey.importers.raw import RawTable, Source
from survey.importers.signature import kind_of, read_bytes
from survey.importers.spss import read_spss
from survey.importers.text import read_text
from survey.importers.workbook import read_workbook


def read(path: str | Path, *, layout: str | None = None) -> RawTable:
    r"""Read an export.

    Parameters
    ----------
    path : str or Path
        A ``.csv``, ``.tsv``, ``.txt``, ``.xlsx``, ``.sav`` or ``.zsav`` file.
    layout : str, optional
        ``surveymonkey``, ``limesurvey``, ``qualtrics`` or ``plain``; found out when
        omitted. SPSS files have one layout only and ignore it.

    Returns
    -------
    RawTable
        Values as typed and labels; ``source.reasons`` says what was recognised and
        what was left out.

    Raises
    ------
    DataFileError
        The file cannot be read, or is not an export of respondents.

    Examples
    --------
    >>> import tempfile
    >>> folder = Path(tempfile.mkdtemp())
    >>> _ = (folder / "wave.csv").write_text("size,region\n1,EU\n2,\n")
    >>> raw = read(folder / "wave.csv")
    >>> raw.frame["region"].isna().tolist(), raw.source.layout
    ([False, True], 'plain')
    """
    file = Path(path)
    data = read_bytes(file)
    kind = kind_of(file, data)
    source = Source(file.name, hashlib.sha256(data).hexdigest(), kind)
    if kind == "spss":
        return read_spss(file, data, source)
    reader = read_workbook if kind == "workbook" else read_text
    return _table(reader(data, str(file)), source, str(file), layout)


def _table(grid: Grid, source: Source, name: str, layout: str | None) -> RawTable:
    """Take header rows and records of a grid apart."""
    grid = without_empty_rows(grid)
    if grid.cells.empty:
        raise DataFileError(f"{name}: no cell of the file is filled. Export it again.")
    filled = grid.cells.notna().any(axis=0).to_list()
    slim = replace(grid, cells=grid.cells.loc[:, filled])
    slim = replace(slim, cells=slim.cells.set_axis(range(sum(filled)), axis=1))
    refuse_summary(slim, name)
    found = Detected(layout, "as asked") if layout else detect(slim)
    headed = with_empty_columns(read_headers(slim, found.layout, name), filled)
    source = replace(
        source,
        layout=found.layout,
        encoding=grid.encoding,
        reasons=(*grid.reasons, f"{found.layout}: {found.reason}"),
    )
    return RawTable(
        records(grid, headed.names, headed.rows, name),
        dict(zip(headed.names, headed.labels, strict=True)),
        {},
        (),
        source,
    )

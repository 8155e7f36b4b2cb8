"""One run writes one folder, whole or not at all.

Every file is written beside its place and renamed when all of them are there. Only
files that a former run wrote, and nobody changed since, are ever removed.
"""

import hashlib
import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Final

import pandas as pd

from survey.errors import OutputError, some
from survey.finding import Finding
from survey.report.charts import PictureKind, begin
from survey.report.document import ChartBlock, Report
from survey.report.pdf import pdf
from survey.report.xlsx import xlsx

FORMATS: Final = (
    "pdf",
    "png",
    "svg",
    "pdf-figures",
    "xlsx",
    "csv",
    "parquet",
    "json",
)
_IMAGES: Final[Mapping[str, PictureKind]] = {
    "pdf": "page",
    "png": "png",
    "svg": "svg",
    "pdf-figures": "pdf",
}
_RUN: Final = "run.json"
_WORKERS: Final = 2
_FORMULA_STARTS: Final = ("=", "+", "-", "@", "\t", "\r")

Progress = Callable[[str, int, int], None]


def write(
    report: Report,
    folder: str | Path,
    *,
    formats: Sequence[str] = FORMATS,
    progress: Progress | None = None,
) -> tuple[Path, ...]:
    """Write a report to a folder.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.
    folder : str or Path
        Where it goes; made if it is not there.
    formats : sequence of str
        ``pdf`` is ``report.pdf``, ``xlsx`` is ``tables.xlsx``; ``png``, ``svg`` and
        ``pdf-figures`` are the figures. ``results.csv``, ``results.parquet``,
        ``findings.csv`` and ``run.json`` are always written.
    progress : callable, optional
        Called after every file with its name, its number and how many there are.

    Returns
    -------
    tuple of Path
        The files, in the order in which they were made.

    Raises
    ------
    OutputError
        A format is unknown, or the folder cannot be written.

    Notes
    -----
    In the CSV files, a text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a
    carriage return gets an apostrophe in front, which keeps spreadsheets from
    running it. Numbers are left alone. The Parquet file has the texts as they are.
    """
    check_formats(formats)
    blocks = _figures(report)
    target = prepare_folder(folder)
    try:
        stale = _former(target)
        with TemporaryDirectory(prefix=".unfinished-", dir=target) as scratch:
            made = _make(report, blocks, formats, Path(scratch), progress)
            _move(made, Path(scratch), target)
        _remove(stale, made, target)
    except OSError as error:
        raise OutputError(_cannot(target, error)) from error
    return tuple(target / name for name in made)


def check_formats(formats: Sequence[str] | None) -> tuple[str, ...]:
    """Refuse a format that nobody knows.

    Parameters
    ----------
    formats : sequence of str or None
        Names of formats; None is all of them.

    Returns
    -------
    tuple of str
        The formats to write.

    Raises
    ------
    OutputError
        A format is unknown; the message lists the known ones.

    Examples
    --------
    >>> check_formats(["pdf", "png"])
    ('pdf', 'png')
    """
    if formats is None:
        return FORMATS
    unknown = [name for name in formats if name not in FORMATS]
    if unknown or isinstance(formats, str):
        raise OutputError(
            f"Unknown format {some(unknown or [formats])}: formats is a list of "
            f"{some(FORMATS, len(FORMATS))}."
        )
    return tuple(formats)


def prepare_folder(folder: str | Path) -> Path:
    """Make the folder of a report, before the work begins.

    Parameters
    ----------
    folder : str or Path
        Where the report goes.

    Returns
    -------
    Path
        The folder, which can be written.

    Raises
    ------
    OutputError
        It cannot be made or written.
    """
    target = Path(folder)
    try:
        target.mkdir(parents=True, exist_ok=True)
        with TemporaryDirectory(prefix=".unfinished-", dir=target):
            pass
    except OSError as error:
        raise OutputError(_cannot(target, error)) from error
    return target


def _figures(report: Report) -> tuple[ChartBlock, ...]:
    """Collect the figures, and refuse names that cannot be files."""
    found: dict[str, ChartBlock] = {}
    for page in report.pages:
        for block in page.blocks:
            if not isinstance(block, ChartBlock):
                continue
            if found.setdefault(block.name.lower(), block) != block:
                raise OutputError(
                    f"Two figures are called {block.name!r}: rename one of them."
                )
            if Path(block.name).name != block.name or block.name.startswith("."):
                raise OutputError(f"A figure cannot be called {block.name!r}.")
    return tuple(found.values())


def _make(
    report: Report,
    blocks: Sequence[ChartBlock],
    formats: Sequence[str],
    scratch: Path,
    progress: Progress | None,
) -> dict[str, str]:
    """Write all files to a scratch folder, and give their hashes."""
    kinds = [kind for name, kind in _IMAGES.items() if name in formats]
    papers = [name for name in ("pdf", "xlsx") if name in formats]
    pictures = len(blocks) * len([kind for kind in kinds if kind != "page"])
    total = pictures + len(papers) + 4
    (scratch / "figures").mkdir()
    hashes: dict[str, str] = {}
    for name, content in _contents(report, blocks, kinds, papers):
        hashes[name] = _put(scratch / name, content)
        if progress is not None:
            progress(name, len(hashes), total)
    hashes = dict(sorted(hashes.items()))
    hashes[_RUN] = _put(scratch / _RUN, _run(report, hashes))
    if progress is not None:
        progress(_RUN, total, total)
    return hashes


def _contents(
    report: Report,
    blocks: Sequence[ChartBlock],
    kinds: Sequence[PictureKind],
    papers: Sequence[str],
) -> Iterator[tuple[str, bytes]]:
    """Give name and contents of every file but the last."""
    yield "results.csv", _csv(report.results)
    yield "results.parquet", _parquet(report.results)
    yield "findings.csv", _csv(_listed(report.findings))
    pages: dict[str, bytes] = {}
    waiting: dict[tuple[str, PictureKind], Future[bytes]] = {}
    workers = ThreadPoolExecutor(_WORKERS)
    try:
        for block in blocks:
            waiting |= begin(workers, [block], kinds, language=report.language)
            pages |= _pages(waiting)
            yield from _ready(waiting)
        if "xlsx" in papers:
            yield "tables.xlsx", xlsx(report)
        if "pdf" in papers:
            yield "report.pdf", pdf(report, pages)
        for (name, kind), made in waiting.items():
            yield f"figures/{name}.{kind}", made.result()
    finally:
        # After a fault or Ctrl-C nobody wants to wait for the figures in the queue.
        workers.shutdown(cancel_futures=True)


def _pages(
    waiting: dict[tuple[str, PictureKind], Future[bytes]],
) -> Iterator[tuple[str, bytes]]:
    """Take out the pictures for the pages of the report; they are no files."""
    for name, kind in [key for key in waiting if key[1] == "page"]:
        yield name, waiting.pop((name, kind)).result()


def _ready(
    waiting: dict[tuple[str, PictureKind], Future[bytes]],
) -> Iterator[tuple[str, bytes]]:
    """Take out the files that are ready."""
    for name, kind in [key for key, made in waiting.items() if made.done()]:
        yield f"figures/{name}.{kind}", waiting.pop((name, kind)).result()


def _put(path: Path, content: bytes) -> str:
    """Write a file and give its hash."""
    path.write_bytes(content)
    return hashlib.sha256(content).hexdigest()


def _run(report: Report, hashes: Mapping[str, str]) -> bytes:
    """Write down what the run was, without times and places."""
    files = [{"name": name, "sha256": value} for name, value in hashes.items()]
    data: dict[str, Any] = {**report.provenance, "files": files}
    text = json.dumps(data, ensure_ascii=False, indent=2, default=str)
    return f"{text}\n".encode()


def _csv(frame: pd.DataFrame) -> bytes:
    """Write a table as CSV in which no text is a formula."""
    guarded = frame.copy()
    for name in frame.columns:
        if not pd.api.types.is_numeric_dtype(frame[name]):
            guarded[name] = frame[name].astype(object).map(_guard)
    text: str = guarded.to_csv(index=False, lineterminator="\n")
    return text.encode()


def _guard(value: object) -> object:
    """Put an apostrophe before a text that a spreadsheet would run."""
    if not isinstance(value, str):
        return value
    text = f"'{value}" if value.startswith(_FORMULA_STARTS) else value
    # The writer does not quote a lone carriage return, and readers end the row there.
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _parquet(frame: pd.DataFrame) -> bytes:
    """Write a table as Parquet."""
    stream = BytesIO()
    frame.reset_index(drop=True).to_parquet(stream, engine="pyarrow", index=False)
    return stream.getvalue()


def _listed(findings: Sequence[Finding]) -> pd.DataFrame:
    """Turn findings into a table."""
    heads = ("wave", "severity", "check", "question", "message", "count", "action")
    columns: dict[str, list[object]] = {
        head: [getattr(finding, head) for finding in findings] for head in heads
    }
    columns["respondents"] = [" ".join(finding.respondents) for finding in findings]
    return pd.DataFrame(columns)


def _move(made: Mapping[str, str], scratch: Path, target: Path) -> None:
    """Rename finished files into their places, the list of them last."""
    (target / "figures").mkdir(exist_ok=True)
    for name in made:
        (scratch / name).replace(target / name)


def _former(target: Path) -> dict[str, str]:
    """Read which files the former run wrote, with their hashes."""
    try:
        data = json.loads((target / _RUN).read_text(encoding="utf-8"))
        return {entry["name"]: entry["sha256"] for entry in data["files"]}
    except (FileNotFoundError, ValueError, KeyError, TypeError):
        return {}


def _remove(former: Mapping[str, str], made: Mapping[str, str], target: Path) -> None:
    """Remove what the former run wrote and this one did not, if it is unchanged."""
    home = target.resolve()
    for name, digest in former.items():
        path = target / name
        inside = path.resolve().is_relative_to(home) and path.is_file()
        if name in made or not inside or path.is_symlink():
            continue
        if hashlib.sha256(path.read_bytes()).hexdigest() == digest:
            path.unlink()
    figures = target / "figures"
    if figures.is_dir() and not any(figures.iterdir()):
        figures.rmdir()


def _cannot(target: Path, error: OSError) -> str:
    """Say why a folder cannot be written, and what to do."""
    if isinstance(error, (FileExistsError, NotADirectoryError)):
        return (
            f"{target} cannot be the output folder, because it, or a part of its path, "
            "is a file. Name another folder with -o, or move the file away."
        )
    reason = error.strerror or str(error)
    return (
        f"The report cannot be written to {target}: {reason}. Name a folder that you "
        "may write to with -o, or free some space."
    )

"""One run writes one folder: every file of a report, whole or not at all.

A file is made again only where what it is made from changed.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Final, cast

from survey.errors import OutputError, some
from survey.report.beside import Job, beside, here
from survey.report.charts import PictureKind, begin, image
from survey.report.data_files import csv, listed, parquet, run_file
from survey.report.document import ChartBlock, Report
from survey.report.folder import cannot_write, prepare_folder, workplace
from survey.report.made import (
    FIGURES,
    RUN,
    Made,
    Workplace,
    digest,
    former_files,
    unchanged,
)
from survey.report.numbers import rounded_percent
from survey.report.origin import figure_origin, report_origin
from survey.report.pdf import pdf
from survey.report.publishing import publish
from survey.report.slides.pptx import pptx
from survey.report.web.html import html
from survey.report.xlsx import xlsx
from survey.waves.restatement_log import RESTATEMENT, restatement_log

if TYPE_CHECKING:
    import pandas as pd

FORMATS: Final = (
    "pdf",
    "html",
    "pptx",
    "png",
    "svg",
    "pdf-figures",
    "xlsx",
    "csv",
    "parquet",
    "json",
)
_IMAGES: Final[Mapping[str, PictureKind]] = {
    "png": "png",
    "svg": "svg",
    "pdf-figures": "pdf",
}
_PAPERS: Final = {
    "xlsx": "tables.xlsx",
    "pptx": "slides.pptx",
    "html": "report.html",
    "pdf": "report.pdf",
}
_SLIDES: Final = _PAPERS["pptx"]
_WITH_PICTURES: Final = (_PAPERS["html"], _PAPERS["pdf"])
_WORKERS: Final = 2
_MANY: Final = 8

Progress = Callable[[str, int, int], None]
Aside = Callable[[Path], None]


@dataclass(frozen=True, slots=True)
class _Plan:
    """What a run makes, with the origin of each file, and what stands already."""

    report: Report
    blocks: tuple[ChartBlock, ...]
    kinds: tuple[PictureKind, ...]
    origins: Mapping[str, str]
    standing: Mapping[str, Made]
    former_slides: bytes | None
    restated: "pd.DataFrame | None"

    @property
    def total(self) -> int:
        """How many files there will be: tables, findings and the list are made too."""
        always = len(("csv", "parquet", "findings", "run"))
        return len(self.origins) + always + (self.restated is not None)

    def wanted(self, name: str) -> bool:
        """Say whether a file is to be made."""
        return name in self.origins and name not in self.standing


def write(
    report: Report,
    folder: str | Path,
    *,
    formats: Sequence[str] = FORMATS,
    progress: Progress | None = None,
    aside: Aside | None = None,
) -> tuple[Path, ...]:
    """Write a report to a folder.

    Parameters
    ----------
    report : Report
        Everything that a run has to say.
    folder : str or Path
        Where it goes; made if it is not there.
    formats : sequence of str
        ``pdf`` is ``report.pdf``, ``html`` is ``report.html``, ``pptx`` is
        ``slides.pptx``, ``xlsx`` is ``tables.xlsx``; ``png``, ``svg`` and
        ``pdf-figures`` are the figures. ``results.csv``, ``results.parquet``,
        ``findings.csv`` and ``run.json`` are always written.
    progress : callable, optional
        Called after every file with its name, its number and how many there are.
    aside : callable, optional
        Called with the new place of every file that a person had edited and that
        this run replaces.

    Returns
    -------
    tuple of Path
        The files of the run, those that needed no change included. Where cells of a
        former run in this folder moved, ``restatement.csv`` says which, and why.

    Raises
    ------
    OutputError
        A format is unknown, the folder cannot be written, or it has files of other
        origin under names that are needed. The folder is then as it was.

    Notes
    -----
    Only files that a former run wrote are replaced or removed. One that a person
    edited since is set aside (``tables.edited.xlsx``); edited slides keep their edits.

    In the CSV files, a text that begins with ``=``, ``+``, ``-``, ``@``, a tab or a
    carriage return gets an apostrophe in front, which keeps spreadsheets from
    running it. Numbers are left alone. The Parquet file has the texts as they are.
    """
    check_formats(formats)
    blocks = _figures(report)
    target = prepare_folder(folder)
    try:
        former = former_files(target)
        plan = _plan(report, blocks, formats, target, former)
        with workplace(target) as place:
            made = _make(plan, place, progress)
            for path in publish(place, made, former):
                if aside is not None:
                    aside(path)
    except OSError as error:
        raise OutputError(cannot_write(target, error)) from error
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


def _plan(
    report: Report,
    blocks: tuple[ChartBlock, ...],
    formats: Sequence[str],
    target: Path,
    former: Mapping[str, Made],
) -> _Plan:
    """Say what is to be made, and what stands already as it would be made."""
    kinds = tuple(kind for name, kind in _IMAGES.items() if name in formats)
    origins: dict[str, str] = {}
    for block in blocks if kinds else ():
        origin = figure_origin(block, report)
        origins |= {_file(block, kind): origin for kind in kinds}
    papers = [name for key, name in _PAPERS.items() if key in formats]
    if papers:
        origins |= dict.fromkeys(papers, report_origin(report))
    standing = {
        name: former[name]
        for name, origin in origins.items()
        if name in former
        and former[name].made_from == origin
        and unchanged(target, name, former[name])
    }
    slides = target / _SLIDES
    ours = _SLIDES in former and slides.is_file()
    return _Plan(
        report=report,
        blocks=blocks,
        kinds=kinds,
        origins=origins,
        standing=standing,
        former_slides=slides.read_bytes() if ours else None,
        restated=restatement_log(
            target, report.results, report.provenance, shown=rounded_percent
        )
        if former
        else None,
    )


def _file(block: ChartBlock, kind: PictureKind) -> str:
    """Name the file of a figure."""
    return f"{FIGURES}/{block.name}.{kind}"


def _make(plan: _Plan, place: Workplace, progress: Progress | None) -> dict[str, Made]:
    """Write all files to the scratch folder, and list them with those that stand."""
    made = dict(plan.standing)
    for name, content in _contents(plan):
        made[name] = _put(place.scratch / name, content, plan.origins.get(name, ""))
        if progress is not None:
            progress(name, len(made), plan.total)
    made = dict(sorted(made.items()))
    made[RUN] = _put(place.scratch / RUN, run_file(plan.report, made))
    if progress is not None:
        progress(RUN, plan.total, plan.total)
    return made


def _contents(plan: _Plan) -> Iterator[tuple[str, bytes]]:
    """Give name and contents of every file but the last."""
    report = plan.report
    # The drawings take most of the time, and tables and slides need none of them.
    jobs: dict[str, Job] = {"results.csv": (csv, (report.results,))}
    jobs |= {name: job for name, job in _without_figures(plan) if plan.wanted(name)}
    with beside(jobs) if _is_long(plan) else here(jobs) as result_of:
        yield "results.parquet", parquet(report.results)
        yield "findings.csv", csv(listed(report.findings, report.language))
        if plan.restated is not None:
            yield RESTATEMENT, csv(plan.restated)
        yield from _drawn(plan)
        for name in jobs:
            yield name, result_of(name)


def _without_figures(plan: _Plan) -> Iterator[tuple[str, Job]]:
    """Name the writers that need no drawings, with what they are given."""
    # The results are long, and no matter of these two.
    none = cast("pd.DataFrame", None)
    report = replace(plan.report, results=none, provenance={})
    yield "tables.xlsx", (xlsx, (report,))
    # Not a function of this module, which would make the other process load all of it.
    slides = partial(pptx, template=report.template or None, former=plan.former_slides)
    yield _SLIDES, (slides, (report,))


def _is_long(plan: _Plan) -> bool:
    """Say whether a second process is worth its start."""
    return len(plan.blocks) >= _MANY and any(plan.wanted(n) for n in _WITH_PICTURES)


def _drawn(plan: _Plan) -> Iterator[tuple[str, bytes]]:
    """Give the figures, and the reports that show them."""
    report = plan.report
    waiting: dict[str, Future[bytes]] = {}
    workers = ThreadPoolExecutor(_WORKERS)
    try:
        pages = _pages(plan)
        # It is set outside the interpreter lock, while the figures are drawn here.
        if plan.wanted("report.pdf"):
            waiting["report.pdf"] = workers.submit(pdf, report, pages)
        for block, kinds in _drawings(plan):
            begun = begin(
                workers, [block], kinds, language=report.language, look=report.look
            )
            waiting |= {_file(block, kind): made for (_, kind), made in begun.items()}
            yield from _ready(waiting)
        if plan.wanted("report.html"):
            yield "report.html", html(report, pages)
        for name, future in waiting.items():
            yield name, future.result()
    finally:
        # After a fault or Ctrl-C nobody wants to wait for the figures in the queue.
        workers.shutdown(cancel_futures=True)


def _drawings(plan: _Plan) -> Iterator[tuple[ChartBlock, list[PictureKind]]]:
    """List the figures to be drawn, with the files of each."""
    for block in plan.blocks:
        kinds = [kind for kind in plan.kinds if plan.wanted(_file(block, kind))]
        if kinds:
            yield block, kinds


def _pages(plan: _Plan) -> dict[str, bytes]:
    """Make the pictures for the pages of both reports; they are no files."""
    if not any(plan.wanted(name) for name in _WITH_PICTURES):
        return {}
    return {
        block.name: image(block, "page", look=plan.report.look) for block in plan.blocks
    }


def _ready(waiting: dict[str, Future[bytes]]) -> Iterator[tuple[str, bytes]]:
    """Take out the files that are ready."""
    for name in [name for name, made in waiting.items() if made.done()]:
        yield name, waiting.pop(name).result()


def _put(path: Path, content: bytes, origin: str = "") -> Made:
    """Write a file, and say what it is."""
    path.write_bytes(content)
    return Made(digest(content), origin)

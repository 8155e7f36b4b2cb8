"""What the command line prints: progress, what was read, what was found."""

import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

if TYPE_CHECKING:
    from survey.finding import Finding
    from survey.importers.raw import Source
    from survey.report.document import Report

Step = Callable[[str, int, int], None]


def progress() -> AbstractContextManager[Step | None]:
    """Give a progress bar where standard error is a terminal, nothing elsewhere.

    Returns
    -------
    context manager
        Of a function to be called with a step, how many are done and how many there
        are; of None where nobody looks.
    """
    if not sys.stderr.isatty():
        return nullcontext()
    return _Bar()


class _Bar:
    """A progress bar on standard error."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        # Without a thread of its own that draws, so that this process can be copied.
        self._progress = Progress(
            console=Console(stderr=True), transient=True, auto_refresh=False
        )
        self._task: Any = None

    def __enter__(self) -> Step:
        self._progress.start()
        self._task = self._progress.add_task("reading", total=None)
        return self._step

    def __exit__(self, *problem: object) -> None:
        self._progress.stop()

    def _step(self, text: str, done: int, total: int) -> None:
        """Show a step."""
        self._progress.update(
            self._task,
            description=text[:40],
            completed=done,
            total=total,
            refresh=True,
        )


def summary(report: "Report", folder: Path, aside: Sequence[Path] = ()) -> None:
    """Print what was read, what was found, headline numbers, and where it all is.

    Parameters
    ----------
    report : Report
        What the run has to say.
    folder : Path
        Where it was written.
    aside : sequence of Path
        Files that a person had edited, where they are now.
    """
    for wave in report.provenance["waves"]:
        click.echo(
            f"{wave['id']}: {wave['records_read']} records read, "
            f"{wave['records_used']} used ({wave['layout']})"
        )
    click.echo(counted(report.findings))
    for finding in report.findings:
        if finding.severity == "error":
            where = f"{finding.wave}: " if finding.wave else ""
            click.echo(f"Error in the data: {where}{finding.message}")
    for text in report.headlines:
        click.echo(f"- {text}")
    for path in aside:
        click.echo(f"Edited by hand, and kept beside the new one: {path}")
    pdf = folder / "report.pdf"
    click.echo(f"Report: {pdf if pdf.exists() else folder}")


def read_as(sources: "Sequence[Source]") -> None:
    """Print how each file was read.

    Parameters
    ----------
    sources : sequence of Source
        Where answers came from.
    """
    for source in sources:
        click.echo(f"{source.name} read as {'; '.join(source.reasons)}")


def counted(findings: "Sequence[Finding]") -> str:
    """Count findings by severity.

    Parameters
    ----------
    findings : sequence of Finding
        About the data.

    Returns
    -------
    str
        One line.

    Examples
    --------
    >>> counted([])
    'Findings on the data: 0 errors, 0 warnings, 0 notes'
    """
    names = ("error", "warning", "note")
    counts = [sum(f.severity == name for f in findings) for name in names]
    listed = ", ".join(
        f"{n} {name}{'' if n == 1 else 's'}"
        for n, name in zip(counts, names, strict=True)
    )
    return f"Findings on the data: {listed}"

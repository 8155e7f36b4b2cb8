"""The command line: each command calls one function of the library and prints.

Our own modules are imported inside the commands, so that ``--help`` is quick.
"""

import os
import sys
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, ParamSpec

import click

if TYPE_CHECKING:
    from survey.finding import Finding
    from survey.importers.raw import Source
    from survey.report.document import Report

# The matrices of a table are tiny: threads of the linear algebra only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

P = ParamSpec("P")
Step = Callable[[str, int, int], None]


# Kept here as words, so that --help needs none of our modules; a test compares them.
LAYOUTS = (
    "surveymonkey, qualtrics, limesurvey, alchemer, microsoft_forms, google_forms, "
    "kobo, decipher, plain"
)
_layout = click.option(
    "--layout", help=f"Layout of the export, where detection errs: {LAYOUTS}."
)
_with = click.option(
    "--with",
    "companions",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Another file of the same export: its twin with texts, or a definition of the"
    " survey such as a .qsf or .lss file (repeat for several).",
)


def _errors_in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can put right into one message and exit code 1."""

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from survey.errors import SurveyError

        try:
            command(*args, **kwargs)
        except SurveyError as problem:
            click.echo(f"Error: {problem}", err=True)
            sys.exit(1)

    return run


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="genai-survey", prog_name="survey")
def main() -> None:
    """From a survey export to published numbers.

    \b
    survey analyze questionnaires/genai-adoption.study.yaml
    survey analyze export.csv
    """  # noqa: D301 - click wants the character


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder to write to."
)
@click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    help="pdf, png, svg, xlsx ... (repeat for several; all when left out).",
)
@click.option("--wave", "waves", multiple=True, help="Analyse only this wave.")
@click.option(
    "--banner", multiple=True, help="Question across the tables (repeat for several)."
)
@click.option("--language", type=click.Choice(["en", "de"]), help="Of the report.")
@_layout
@_with
@_errors_in_one_line
def analyze(
    target: Path,
    output: Path | None,
    formats: tuple[str, ...],
    waves: tuple[str, ...],
    banner: tuple[str, ...],
    language: Literal["en", "de"] | None,
    layout: str | None,
    companions: tuple[Path, ...],
) -> None:
    """Analyse a study file, or a bare export, and write the report.

    Writes figures, report.pdf, tables.xlsx, results.csv and .parquet, findings.csv
    and run.json into reports/NAME/, or the folder given by -o.

    \b
    Example:
      survey analyze questionnaires/genai-adoption.study.yaml -o reports/genai
    """  # noqa: D301 - click wants the character
    from survey.analysis import analyze as run
    from survey.report.files import check_formats, prepare_folder, write

    wanted = check_formats(formats or None)
    if output is not None:
        prepare_folder(output)
    with _progress() as step:
        report = run(
            target,
            layout=layout,
            companions=companions,
            language=language,
            banner=banner,
            waves=waves,
            progress=step,
        )
        folder = output or Path("reports") / report.name
        write(report, folder, formats=wanted, progress=step)
    _summary(report, folder)


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@_layout
@_with
@_errors_in_one_line
def check(target: Path, layout: str | None, companions: tuple[Path, ...]) -> None:
    """List what is wrong with the data of a study or a bare export.

    Exits with 1 when something makes the numbers wrong.

    \b
    Example:
      survey check questionnaires/genai-adoption.study.yaml
    """  # noqa: D301 - click wants the character
    from survey.analysis import findings_of

    sources: list[Source] = []
    found = findings_of(
        target, layout=layout, companions=companions, heard=sources.append
    )
    for finding in found:
        places = (finding.wave, finding.question)
        where = "".join(f"{place}: " for place in places if place)
        click.echo(f"{finding.severity:8}{where}{finding.message} ({finding.action})")
    _read_as(sources)
    click.echo(_counted(found))
    sys.exit(1 if any(f.severity == "error" for f in found) else 0)


@main.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    type=click.Path(path_type=Path),
    help="File to write; questionnaires/NAME.yaml when left out.",
)
@click.option(
    "--like",
    type=click.Path(path_type=Path),
    help="Questionnaire of an earlier wave: keep its ids, codes and wording.",
)
@_layout
@_with
@click.option("--force", is_flag=True, help="Replace files that are there.")
@_errors_in_one_line
def new(export: Path, output: Path | None, *, force: bool, **choices: Any) -> None:
    """Draft a questionnaire and a study from an export, to be edited.

    \b
    Example:
      survey new wave-2026.csv -o questionnaires/mine.yaml
    """  # noqa: D301 - click wants the character
    from survey.drafts import draft_files

    sources: list[Source] = []
    written = draft_files(
        export, output, replace=force, heard=sources.append, **choices
    )
    for path in written:
        click.echo(f"wrote {path}")
    _read_as(sources)
    click.echo(f"Edit them, then: survey analyze {written[-1]}")


@main.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "-t",
    "--targets",
    required=True,
    type=click.Path(path_type=Path),
    help="Target file: YAML, CSV or XLSX.",
)
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write: .csv, .tsv, .parquet or .sav.",
)
@click.option(
    "--margin",
    "margins",
    multiple=True,
    help="Margin or total of the target file (repeat for several; all when left out).",
)
@click.option("--base-weight", help="Column with the weight before the fit.")
@click.option(
    "--missing",
    type=click.Choice(["own_class", "impute", "exclude", "error"]),
    default="error",
    show_default=True,
    help="What to do with records without an answer on a margin.",
)
@click.option(
    "--zero-targets",
    type=click.Choice(["error", "exclude"]),
    default="error",
    show_default=True,
    help="What to do with records whose category has a target of 0.",
)
@click.option(
    "--distance",
    type=click.Choice(["raking", "linear", "logit"]),
    default="raking",
    show_default=True,
    help="Distance from the base weight that is kept small.",
)
@click.option(
    "--limits",
    type=(float, float),
    metavar="LOW HIGH",
    help="Smallest and largest multiple of the base weight.",
)
@click.option(
    "--weight-limits",
    type=(float, float),
    metavar="LOW HIGH",
    help="Smallest and largest weight, where the mean is 1.",
)
@click.option(
    "--trim",
    metavar="RULE:UPPER",
    help="Cap: absolute:5, median:4, quantile:0.99, or potter.",
)
@click.option("--name", default="weight", show_default=True, help="Of the new column.")
@_layout
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_errors_in_one_line
def weight(export: Path, targets: Path, output: Path, **choices: Any) -> None:
    """Weight an export to a target file, and write it with its weight.

    Every record stays, in its order; records without a weight have weight 0. A .sav
    file keeps labels, missing codes and sets, and is declared as weighted.

    \b
    Example:
      survey weight wave.sav --targets population.yaml -o weighted.sav
    """  # noqa: D301 - click wants the character
    from survey.weighted_files.weight_file import summary, weight_file

    replace = choices.pop("force")
    done = weight_file(export, targets, output, replace=replace, **choices)
    for line in summary(done):
        click.echo(line)


@main.command()
@click.argument("export", type=click.Path(path_type=Path))
@click.option(
    "-o",
    "--output",
    required=True,
    type=click.Path(path_type=Path),
    help="File to write: .csv, .tsv, .parquet, .sav or .xlsx.",
)
@click.option("--labels", is_flag=True, help="Write labels of values, not codes.")
@click.option(
    "--personal", is_flag=True, help="Keep columns that identify a person as well."
)
@_layout
@_with
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@_errors_in_one_line
def convert(export: Path, output: Path, *, force: bool, **choices: Any) -> None:
    """Write an export in another format, with its labels where the format has them.

    Columns that identify a person are left out, and named.

    \b
    Example:
      survey convert wave.sav -o wave.xlsx
    """  # noqa: D301 - click wants the character
    from survey.weighted_files.convert import convert as run

    done = run(export, output, replace_output=force, **choices)
    for note in done.notes:
        click.echo(note)
    if done.left_out:
        click.echo(f"Left out, since they identify people: {', '.join(done.left_out)}")
    click.echo(f"{done.records} records, {done.columns} columns")
    click.echo(f"wrote {done.path}")


def _progress() -> AbstractContextManager[Step | None]:
    """Give a progress bar where standard error is a terminal, nothing elsewhere."""
    if not sys.stderr.isatty():
        return nullcontext()
    return _Bar()


class _Bar:
    """A progress bar on standard error."""

    def __init__(self) -> None:
        from rich.console import Console
        from rich.progress import Progress

        self._progress = Progress(console=Console(stderr=True), transient=True)
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
            self._task, description=text[:40], completed=done, total=total
        )


def _summary(report: "Report", folder: Path) -> None:
    """Print what was read, what was found, headline numbers, and where it all is."""
    for wave in report.provenance["waves"]:
        click.echo(
            f"{wave['id']}: {wave['records_read']} records read, "
            f"{wave['records_used']} used ({wave['layout']})"
        )
    click.echo(_counted(report.findings))
    for text in report.headlines:
        click.echo(f"- {text}")
    pdf = folder / "report.pdf"
    click.echo(f"Report: {pdf if pdf.exists() else folder}")


def _read_as(sources: "Sequence[Source]") -> None:
    """Print how each file was read."""
    for source in sources:
        click.echo(f"{source.name} read as {'; '.join(source.reasons)}")


def _counted(findings: "Sequence[Finding]") -> str:
    """Count findings by severity."""
    names = ("error", "warning", "note")
    counts = [sum(f.severity == name for f in findings) for name in names]
    listed = ", ".join(
        f"{n} {name}{'' if n == 1 else 's'}"
        for n, name in zip(counts, names, strict=True)
    )
    return f"Findings on the data: {listed}"

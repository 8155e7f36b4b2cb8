"""The command line: each command calls one function of the library and prints.

Our own modules are imported inside the commands, so that ``--help`` is quick.
"""

import os
import sys
from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any, ParamSpec

import click

from survey.terminal import counted, progress, read_as, summary

if TYPE_CHECKING:
    from survey.importers.raw import Source
    from survey.report.document import Report

# The matrices of a table are tiny: threads of the linear algebra only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

P = ParamSpec("P")


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
    help="pdf, html, pptx, xlsx, png ... (repeat for several; all when left out).",
)
@click.option("--wave", "waves", multiple=True, help="Analyse only this wave.")
@click.option(
    "--banner", multiple=True, help="Question across the tables (repeat for several)."
)
@click.option("--language", type=click.Choice(["en", "de"]), help="Of the report.")
@click.option(
    "--style",
    type=click.Path(path_type=Path),
    help="YAML file with colours, fonts and logo of the house.",
)
@click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="Presentation (.pptx, .potx) whose master the slides take.",
)
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    help="Folder of a former report: write nothing, and fail if a cell of it moved.",
)
@_layout
@_with
@_errors_in_one_line
def analyze(
    target: Path,
    output: Path | None,
    formats: tuple[str, ...],
    template: Path | None,
    verify: Path | None,
    **choices: Any,
) -> None:
    """Analyse a study file, or a bare export, and write the report.

    Writes report.pdf, report.html, slides.pptx, tables.xlsx, figures, results.csv and
    .parquet, findings.csv and run.json into reports/NAME/, or the folder given by -o.
    Files of a former run are replaced; slides keep what was edited by hand.

    \b
    Example:
      survey analyze questionnaires/genai-adoption.study.yaml -o reports/genai
    """  # noqa: D301 - click wants the character
    from survey.analysis import analyze as run
    from survey.report.files import check_formats, write
    from survey.report.folder import prepare_folder
    from survey.report.slides.template import read_template

    wanted = check_formats(formats or None)
    slides = read_template(template) if template else None
    if output is not None:
        prepare_folder(output)
    aside: list[Path] = []
    with progress() as step:
        report = run(target, progress=step, **choices)
        if verify is not None:
            _verified(report, verify)
            return
        folder = output or Path("reports") / report.name
        report = report if slides is None else replace(report, template=slides)
        write(report, folder, formats=wanted, progress=step, aside=aside.append)
    summary(report, folder, aside)


def _verified(report: "Report", folder: Path) -> None:
    """Say whether every cell of a former report came out again."""
    from survey.waves.verify import verdict, verify

    moved = verify(folder, report.results, report.provenance)
    if moved:
        click.echo(verdict(folder, moved, report.provenance))
        sys.exit(1)
    click.echo(f"Every cell of {folder} came out again.")


@main.command()
@click.argument("target", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File: .csv or .json."
)
@_layout
@_with
@_errors_in_one_line
def check(
    target: Path,
    output: Path | None,
    layout: str | None,
    companions: tuple[Path, ...],
) -> None:
    """List what is wrong with the data of a study or a bare export.

    Exits with 1 when something makes the numbers wrong. With -o the list is written
    to a table as well.

    \b
    Example:
      survey check questionnaires/genai-adoption.study.yaml
    """  # noqa: D301 - click wants the character
    from survey.analysis import findings_of
    from survey.report.data_files import check_list, write_list

    if output is not None:
        check_list(output)
    sources: list[Source] = []
    found = findings_of(
        target, layout=layout, companions=companions, heard=sources.append
    )
    for finding in found:
        places = (finding.wave, finding.question)
        where = "".join(f"{place}: " for place in places if place)
        click.echo(f"{finding.severity:8}{where}{finding.message} ({finding.action})")
    read_as(sources)
    click.echo(counted(found))
    if output is not None:
        write_list(found, output)
        click.echo(f"wrote {output}")
    sys.exit(1 if any(f.severity == "error" for f in found) else 0)


@main.command()
@click.argument("study", type=click.Path(path_type=Path))
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File: .csv or .json."
)
@_errors_in_one_line
def compare(study: Path, output: Path | None) -> None:
    """Say what changed between the waves of a study, and what can be compared.

    Reads the questionnaires, not the answers; 'survey analyze' tests the changes of
    what can be compared.

    \b
    Example:
      survey compare questionnaires/genai-adoption.study.yaml
    """  # noqa: D301 - click wants the character
    from survey.report.data_files import check_list, write_table
    from survey.waves.listing import contract_lines, contract_rows
    from survey.waves.study_contracts import study_contracts

    if output is not None:
        check_list(output)
    contracts = study_contracts(study)
    for contract in contracts:
        for line in contract_lines(contract):
            click.echo(line)
    if output is not None:
        write_table(contract_rows(contracts), output)
        click.echo(f"wrote {output}")


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
    read_as(sources)
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
    from survey.weighted_files.weight_file import summary as lines_of
    from survey.weighted_files.weight_file import weight_file

    replace = choices.pop("force")
    done = weight_file(export, targets, output, replace=replace, **choices)
    for line in lines_of(done):
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

"""The command line: each command calls one function of the library and prints.

Our own modules are imported inside the commands, so that ``--help`` is quick.
"""

import gc
import os
import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli_files import convert, weight
from survey.cli_landscape import landscape
from survey.cli_openness import openness
from survey.cli_options import (
    errors_in_one_line,
    folder_option,
    formats_option,
    layout_option,
    style_option,
    template_option,
    with_option,
)
from survey.terminal import counted, progress, read_as, summary

if TYPE_CHECKING:
    from survey.importers.raw import Source
    from survey.report.document import Report

# The matrices of a table are tiny: threads of the linear algebra only get in the way.
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
# A run makes many values that live to its end; looking through all of them for
# garbage again and again took a tenth of it.
gc.set_threshold(100_000, 20, 100)


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
@folder_option
@formats_option
@click.option("--wave", "waves", multiple=True, help="Analyse only this wave.")
@click.option(
    "--banner", multiple=True, help="Question across the tables (repeat for several)."
)
@click.option("--language", type=click.Choice(["en", "de"]), help="Of the report.")
@style_option
@template_option
@click.option(
    "--verify",
    type=click.Path(path_type=Path),
    help="Folder of a former report: write nothing, and fail if a cell of it moved.",
)
@layout_option
@with_option
@errors_in_one_line
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
@layout_option
@with_option
@errors_in_one_line
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
@errors_in_one_line
def compare(study: Path, output: Path | None) -> None:
    """Say what changed between the waves of a study, and what can be compared.

    Compares the questionnaires, not the answers, and takes wording that they lack from
    the exports; 'survey analyze' tests the changes of what can be compared.

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
@layout_option
@with_option
@click.option("--force", is_flag=True, help="Replace files that are there.")
@errors_in_one_line
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


main.add_command(weight)
main.add_command(convert)
main.add_command(landscape)
main.add_command(openness)

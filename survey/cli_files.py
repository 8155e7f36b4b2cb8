"""Commands that write an export again: with a weight, or in another format.

Our own modules are imported inside the commands, so that ``--help`` is quick.
"""

from pathlib import Path
from typing import Any

import click

from survey.cli_options import errors_in_one_line, layout_option, with_option


@click.command()
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
@layout_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@errors_in_one_line
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


@click.command()
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
@layout_option
@with_option
@click.option("--force", is_flag=True, help="Replace a file that is there.")
@errors_in_one_line
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

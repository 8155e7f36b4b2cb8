"""The command for listings of models: read them, or fetch one, and write the report."""

from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from survey.cli_options import (
    errors_in_one_line,
    folder_option,
    formats_option,
    style_option,
    template_option,
)
from survey.terminal import progress, summary

if TYPE_CHECKING:
    from survey.listing.hub import Sort


@click.command()
@click.argument("listings", nargs=-1, type=click.Path(path_type=Path))
@folder_option
@formats_option
@click.option(
    "--date",
    "dates",
    multiple=True,
    metavar="[NAME=]DATE",
    help="Day of the listing (2026-05-07); of several, of those whose files do not "
    "tell it, or with NAME of that file only.",
)
@click.option(
    "--selection",
    default="",
    help="How the models were chosen; of several listings, where no file says it.",
)
@click.option(
    "--language", type=click.Choice(["en", "de"]), default="en", help="Of the report."
)
@style_option
@template_option
@click.option(
    "--from-hub", is_flag=True, help="Fetch a listing from the Hugging Face hub first."
)
@click.option(
    "--top", type=click.IntRange(min=1), help="Models to fetch; 300 when left out."
)
@click.option(
    "--sort",
    type=click.Choice(["downloads", "likes", "trending_score"]),
    help="Ranking whose top is fetched; downloads when left out.",
)
@click.option(
    "--trending", is_flag=True, help="Fetch the top of the trending ranking as well."
)
@errors_in_one_line
def landscape(
    listings: tuple[Path, ...],
    output: Path | None,
    formats: tuple[str, ...],
    dates: tuple[str, ...],
    template: Path | None,
    **choices: Any,
) -> None:
    """Report licences, makers, tasks and downloads of listings of models.

    A listing is a table of models with their downloads: CSV, JSON, JSON lines or
    Parquet. Several listings of different days are compared. A listing fetched from
    the hub is saved in the current folder, so that it can be read again.

    \b
    Example:
      survey landscape data/models-listing.csv -o reports/landscape
      survey landscape --from-hub --top 300 --trending
    """  # noqa: D301 - click wants the character
    from survey.landscape_report import landscape as run
    from survey.report.files import check_formats, write
    from survey.report.folder import prepare_folder
    from survey.report.slides.template import read_template

    wanted = check_formats(formats or None)
    slides = read_template(template) if template else None
    days = _days(dates)
    if output is not None:
        prepare_folder(output)
    fetched = _fetched(**{name: choices.pop(name) for name in _OF_HUB})
    aside: list[Path] = []
    with progress() as step:
        report = run([*listings, *fetched], dates=days, progress=step, **choices)
        folder = output or Path("reports") / report.name
        report = report if slides is None else replace(report, template=slides)
        write(report, folder, formats=wanted, progress=step, aside=aside.append)
    summary(report, folder, aside)


_OF_HUB = ("from_hub", "top", "sort", "trending")


def _days(given: Sequence[str]) -> dict[str, str]:
    """Read days with and without the name of a file."""
    days: dict[str, str] = {}
    for text in given:
        name, _, day = text.rpartition("=")
        if name in days:
            what = f"of {name!r} " if name else ""
            raise click.UsageError(f"--date: the day {what}is given twice.")
        days[name] = day
    return days


def _fetched(
    *, from_hub: bool, top: int | None, sort: "Sort | None", trending: bool
) -> list[Path]:
    """Fetch a listing where that is wanted, and say where it is."""
    if not from_hub:
        if top is not None or sort is not None or trending:
            raise click.UsageError("--top, --sort and --trending need --from-hub.")
        return []
    from survey.listing.hub import from_hub as fetch

    path = fetch(top or 300, sort or "downloads", trending=trending)
    click.echo(f"wrote {path}")
    return [path]

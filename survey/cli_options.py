"""Options that several commands share, and how errors are told."""

import sys
from collections.abc import Callable
from functools import wraps
from pathlib import Path
from typing import ParamSpec

import click

P = ParamSpec("P")


# Kept here as words, so that --help needs no reader; a test compares them.
LAYOUTS = (
    "surveymonkey, qualtrics, limesurvey, alchemer, microsoft_forms, google_forms, "
    "kobo, decipher, plain"
)
layout_option = click.option(
    "--layout", help=f"Layout of the export, where detection errs: {LAYOUTS}."
)
with_option = click.option(
    "--with",
    "companions",
    multiple=True,
    type=click.Path(path_type=Path),
    help="Another file of the same export: its twin with texts, or a definition of the"
    " survey such as a .qsf or .lss file (repeat for several).",
)

folder_option = click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="Folder to write to."
)
formats_option = click.option(
    "-f",
    "--format",
    "formats",
    multiple=True,
    help="pdf, html, pptx, xlsx, png ... (repeat for several; all when left out).",
)
style_option = click.option(
    "--style",
    type=click.Path(path_type=Path),
    help="YAML file with colours, fonts and logo of the house.",
)
template_option = click.option(
    "--template",
    type=click.Path(path_type=Path),
    help="Presentation (.pptx, .potx) whose master the slides take.",
)


def errors_in_one_line(command: Callable[P, None]) -> Callable[P, None]:
    """Turn what a user can put right into one message and exit code 1.

    Parameters
    ----------
    command : callable
        A command.

    Returns
    -------
    callable
        The same, without tracebacks of errors that say what to do.
    """

    @wraps(command)
    def run(*args: P.args, **kwargs: P.kwargs) -> None:
        from survey.errors import SurveyError

        try:
            command(*args, **kwargs)
        except SurveyError as problem:
            click.echo(f"Error: {problem}", err=True)
            sys.exit(1)

    return run

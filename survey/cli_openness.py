"""The command for the openness of models: rate their records, and say what is missing.

Our own modules are imported inside the command, so that ``--help`` is quick.
"""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import click

from survey.cli_options import errors_in_one_line

if TYPE_CHECKING:
    from survey.openness.rulesets import Ruleset
    from survey.openness.values import Level, OpennessRating

# Kept here as words, so that --help needs no reader; a test compares them.
RULESETS: Final = ("mot-2025-07", "mof-strict", "mof-paper")
FORMATS: Final = ("text", "json", "csv")
_FIGURES: Final = (".png", ".svg", ".pdf")
_RECORDS: Final = (".yml", ".yaml")


@click.command()
@click.argument(
    "models",
    metavar="MODEL...",
    nargs=-1,
    required=True,
    type=click.Path(path_type=Path),
)
@click.option(
    "--ruleset",
    type=click.Choice(RULESETS),
    default=RULESETS[0],
    show_default=True,
    help="Rules: of the Model Openness Tool, with licences that suit the kind of work,"
    " or closer to the paper.",
)
@click.option(
    "-f",
    "--format",
    "layout",
    type=click.Choice(FORMATS),
    help="Of what is printed; as the ending of --output, else text.",
)
@click.option(
    "-o", "--output", type=click.Path(path_type=Path), help="File to write to."
)
@click.option(
    "--figure",
    type=click.Path(path_type=Path),
    help="Figure of components by models: .png, .svg or .pdf.",
)
@click.option(
    "--tolerant",
    is_flag=True,
    help="Read unknown and repeated components as the Model Openness Tool does.",
)
@click.option(
    "--normalise",
    is_flag=True,
    help="Understand other spellings of licences, such as 'Apache 2.0'.",
)
@click.option(
    "--language", type=click.Choice(["en", "de"]), default="en", show_default=True
)
@errors_in_one_line
def openness(models: tuple[Path, ...], **choices: Any) -> None:
    """Rate how open models are, by the Model Openness Framework.

    MODEL is a YAML file as the Model Openness Tool has it, or a folder of them, those
    inside it included. A file that is wrong is named, and the others are rated.

    \b
    Rulesets:
      mot-2025-07  any open licence, written as in SPDX: as the tool rates
      mof-strict   open licences that are made for code, data or documents
      mof-paper    datasets under any licence, code by what OSI has approved

    \b
    Example:
      survey openness models/ -f csv -o openness.csv --figure openness.png
    """  # noqa: D301 - click wants the character
    from survey.openness.rate import rules_of

    output, figure = choices["output"], choices["figure"]
    _check_places(output, figure)
    rules = rules_of(choices["ruleset"], normalise=choices["normalise"])
    ratings, failed = _rated(models, rules, tolerant=choices["tolerant"])
    layout = choices["layout"] or _layout_of(output)
    content = _written(ratings, layout, choices["language"])
    if output:
        _save(output, content)
    else:
        click.echo(content, nl=False)
    if figure and ratings:
        _draw(ratings, figure, choices["language"])
    if failed:
        sys.exit(1)


def _rated(
    models: Sequence[Path], rules: "Ruleset", *, tolerant: bool
) -> tuple[list["OpennessRating"], int]:
    """Rate all files that are right, and tell and count the others."""
    from survey.errors import ModelFileError
    from survey.openness.model_file import read_model
    from survey.openness.rate import rate_record
    from survey.openness.record_files import model_files

    ratings: list[OpennessRating] = []
    failed = 0
    for model in models:
        try:
            files = model_files(model)
        except ModelFileError as problem:
            files, failed = (), failed + 1
            click.echo(f"Error: {problem}", err=True)
        for file in files:
            try:
                record = read_model(file, tolerant=tolerant)
            except ModelFileError as problem:
                failed += 1
                click.echo(f"Error: {problem}", err=True)
            else:
                ratings.append(rate_record(record, rules))
    return ratings, failed


def _check_places(output: Path | None, figure: Path | None) -> None:
    """Refuse, before any work, what cannot be written or would overwrite a record."""
    from survey.errors import OutputError

    if output and output.suffix.lower() in _RECORDS:
        raise OutputError(
            f"{output}: would be a record of a model. Give a .txt, .json or .csv file."
        )
    if output and output.suffix.lower() in _FIGURES:
        raise OutputError(f"{output}: a figure. Give it as --figure {output}.")
    if figure and figure.suffix.lower() not in _FIGURES:
        known = ", ".join(_FIGURES)
        raise OutputError(f"{figure}: no figure can be written so. Use one of {known}.")


def _layout_of(output: Path | None) -> str:
    """Give the format that the ending of a file asks for."""
    ending = output.suffix.lower().lstrip(".") if output else ""
    return ending if ending in FORMATS else "text"


def _written(ratings: Sequence["OpennessRating"], layout: str, language: str) -> str:
    """Write ratings in a format."""
    from survey.openness.output import as_data, as_frame
    from survey.report.data_files import csv

    if layout == "json":
        data = [as_data(rating, language) for rating in ratings]
        return json.dumps(data, ensure_ascii=False, indent=2) + "\n"
    if layout == "csv":
        return csv(as_frame(ratings, language)).decode()
    texts = ("\n".join(_lines(rating, language)) for rating in ratings)
    return "".join(f"{text}\n" for text in "\n\n".join(texts).splitlines())


def _save(path: Path, content: str | bytes) -> None:
    """Write a file whole, or not at all."""
    from survey.errors import OutputError

    data = content.encode() if isinstance(content, str) else content
    aside = path.with_name(f".{path.name}.part")
    try:
        aside.write_bytes(data)
        aside.replace(path)
    except OSError as problem:
        with suppress(OSError):
            aside.unlink()
        raise OutputError(f"{path}: cannot be written ({problem.strerror}).") from None


def _draw(ratings: Sequence["OpennessRating"], path: Path, language: str) -> None:
    """Write the figure."""
    from survey.report.charts import image
    from survey.report.openness_chart import openness_chart

    kind: Any = path.suffix.lower().lstrip(".")
    block = openness_chart(ratings, language)
    _save(path, image(block, kind, language=language))


def _lines(rating: "OpennessRating", language: str) -> Iterator[str]:
    """Tell one rating, for a person."""
    from survey.openness.values import LEVELS
    from survey.report.wording import say
    from survey.said import tell

    maker = f" ({_plain(rating.producer)})" if rating.producer else ""
    yield f"{_plain(rating.name)}{maker}"
    yield f"  {say(language, f'openness_class_{rating.model_class}')}"
    step = say(language, f"openness_tier_{rating.tier}")
    yield f"  {say(language, 'openness_text_step')}: {step}"
    yield from (f"  {_level(rating, level, language)}" for level in LEVELS)
    yield from _lists(rating, language)
    fixes = [tell(fix.change, language) for fix in rating.fixes]
    notes = [tell(warning, language) for warning in rating.warnings]
    yield from _under(say(language, "openness_text_fixes"), fixes)
    yield from _under(say(language, "openness_text_assertions"), rating.assertions)
    yield from _under(say(language, "openness_text_warnings"), notes)
    stamp = {"ruleset": rating.ruleset, "list": rating.licence_list}
    yield f"  {say(language, 'openness_chart_footer', **stamp)}"


def _level(rating: "OpennessRating", level: "Level", language: str) -> str:
    """Tell how far a class is met."""
    from survey.openness.values import LEVELS
    from survey.report.numbers import percent
    from survey.report.wording import say

    found, size = rating.counts[level]
    lower = LEVELS[max(LEVELS.index(level) - 1, 0)]
    if lower != level and rating.progress[lower] < 100:  # noqa: PLR2004 - percent
        progress = say(language, "openness_text_gated", level=lower)
    elif found == size:
        progress = say(language, "openness_text_met")
    elif found == 0:
        progress = say(language, "openness_text_nothing")
    else:
        progress = percent(rating.progress[level] / 100, language)
    values = {"level": level, "progress": progress, "found": found, "size": size}
    return say(language, "openness_text_level", **values)


def _lists(rating: "OpennessRating", language: str) -> Iterator[str]:
    """Tell which components count, and which do not."""
    from survey.report.openness_chart import asks_for_more
    from survey.report.wording import say

    lists = rating.lists["I"]
    found = {
        "included": lists.included,
        "missing": lists.missing,
        "unlicensed": lists.unlicensed,
        "refused" if asks_for_more(rating) else "invalid": lists.invalid,
        "optional": lists.optional,
        "unsuitable": rating.not_type_appropriate,
    }
    licences = {c.name: c.licence for c in rating.components}
    for name, members in found.items():
        if members:
            shown = (_with_licence(m, licences[m]) for m in members)
            yield f"  {say(language, f'openness_text_{name}')}: {', '.join(shown)}"


def _with_licence(name: str, licence: str) -> str:
    """Name a component with its licence, where it has one."""
    return f"{name} [{_plain(licence)}]" if licence else name


def _under(head: str, entries: Sequence[str]) -> Iterator[str]:
    """List entries under a head."""
    if entries:
        yield f"  {head}"
        yield from (f"    - {_plain(entry)}" for entry in entries)


def _plain(text: str) -> str:
    """Write out signs of the data that would move the cursor of a terminal."""
    return "".join(c if c.isprintable() else repr(c)[1:-1] for c in text)

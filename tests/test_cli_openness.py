"""`survey openness`: what a newcomer reads, what programs read, and wrong files."""

import csv
import json
from io import StringIO
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from survey.cli import main
from survey.cli_openness import RULESETS
from survey.openness import rulesets

OPEN = """\
release:
  name: Open One
  producer: Maker
  license: {distribution: {name: Apache-2.0}}
  components:
  - name: Model parameters (Final)
  - name: Model card
  - {name: Data card, license: CC BY 4.0}
"""
WRONG = OPEN.replace("Model card", "Model-card")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "b.yml").write_text(OPEN)
    (tmp_path / "a.yml").write_text(WRONG)
    return tmp_path


def run(*arguments: object) -> Result:
    return CliRunner().invoke(main, ["openness", *map(str, arguments)])


def test_the_rulesets_of_the_help_are_those_that_exist() -> None:
    assert RULESETS == rulesets.RULESETS


def test_text_says_class_progress_and_what_would_help(folder: Path) -> None:
    result = run(folder / "b.yml")

    assert result.exit_code == 0
    assert result.stderr == ""
    lines = [line.strip() for line in result.stdout.splitlines()]
    assert lines[:6] == [
        "Open One (Maker)",
        "Unclassified",
        "On the ladder from closed to open: Open weights, below class III",
        "Class III: 33%, 2 of 6 components",
        "Class II: not met while class III is not met, 2 of 10 components",
        "Class I: not met while class II is not met, 2 of 14 components",
    ]
    assert "- Data card: write CC-BY-4.0 for 'CC BY 4.0'." in lines
    assert lines[-1] == (
        "Rated with ruleset mot-2025-07, licence list SPDX 3.24 (2024-05-21)."
    )


def test_a_wrong_file_is_told_and_the_others_are_rated(folder: Path) -> None:
    result = run(folder, "-f", "json")
    (model,) = json.loads(result.stdout)

    assert result.exit_code == 1
    assert result.stderr.startswith(f"Error: {folder / 'a.yml'}, line 7: ")
    assert "Did you mean 'Model card'?" in result.stderr
    assert model["name"] == "Open One"


def test_nothing_that_can_be_rated_is_an_empty_list(tmp_path: Path) -> None:
    result = run(tmp_path / "none.yml", tmp_path, "-f", "json")

    assert result.exit_code == 1
    assert json.loads(result.stdout) == []
    assert result.stderr.count("Error: ") == 2


def test_json_has_the_order_of_the_files(folder: Path) -> None:
    (folder / "c.yml").write_text(OPEN.replace("Open One", "Other"))
    result = run(folder / "c.yml", folder / "b.yml", "-f", "json")
    models = json.loads(result.stdout)

    assert [model["name"] for model in models] == ["Other", "Open One"]
    assert models[0]["class"] == 0
    # Two of six components count.
    assert models[0]["progress"] == {"III": 2 / 6 * 100, "II": 0.0, "I": 0.0}
    assert models[0]["counts"]["I"] == {"found": 2, "needed": 14}
    assert models[0]["ruleset"] == "mot-2025-07"
    assert models[0]["resolved_licences"]["Model card"] == "Apache-2.0"


def test_normalise_and_rulesets(folder: Path) -> None:
    spelled = json.loads(run(folder / "b.yml", "-f", "json", "--normalise").stdout)
    strict = json.loads(
        run(folder / "b.yml", "-f", "json", "--ruleset", "mof-strict").stdout
    )

    assert spelled[0]["counts"]["III"] == {"found": 3, "needed": 6}
    assert strict[0]["ruleset"] == "mof-strict"
    assert strict[0]["counts"]["III"] == {"found": 3, "needed": 6}


def test_tolerant_reads_what_is_wrong(folder: Path) -> None:
    result = run(folder / "a.yml", "--tolerant")

    assert result.exit_code == 0
    assert "unknown component 'Model-card', read as 'Datasets'" in result.stdout


def test_no_cell_of_a_csv_is_a_formula(folder: Path) -> None:
    hostile = OPEN.replace("Open One", "'=1+1'").replace("Maker", "'@x'")
    (folder / "b.yml").write_text(hostile.replace("CC BY 4.0", "'-2+3'"))
    result = run(folder / "b.yml", "-f", "csv")
    (row,) = csv.DictReader(StringIO(result.stdout))

    assert (row["name"], row["producer"]) == ("'=1+1", "'@x")
    assert row["Model card"] == "open"
    assert not [cell for cell in row.values() if cell.startswith(("=", "+", "-", "@"))]


def test_csv_of_nothing_has_a_head(tmp_path: Path) -> None:
    result = run(tmp_path / "none.yml", "-f", "csv")

    assert result.exit_code == 1
    assert result.stdout.startswith("file,name,producer,huggingface,class,")


def test_signs_of_a_name_move_no_cursor(folder: Path) -> None:
    (folder / "b.yml").write_text(OPEN.replace("Open One", '"a\\e[2J\\nb"'))
    result = run(folder / "b.yml")

    assert result.stdout.startswith("a\\x1b[2J\\nb (Maker)\n")


def test_german(folder: Path) -> None:
    result = run(folder / "b.yml", "--language", "de")

    assert "Klasse III: 33\u00a0%, 2 von 6 Bestandteilen" in result.stdout
    assert "- Data card: CC-BY-4.0 statt „CC BY 4.0“ schreiben." in result.stdout


def test_files_are_the_same_twice(folder: Path) -> None:
    made = []
    for name in ("one", "two"):
        out, figure = folder / f"{name}.json", folder / f"{name}.svg"
        result = run(folder / "b.yml", "-o", out, "--figure", figure)
        assert (result.exit_code, result.stdout) == (0, "")
        made.append((out.read_bytes(), figure.read_bytes()))

    assert made[0] == made[1]
    assert json.loads(made[0][0])[0]["name"] == "Open One"
    assert b"<svg" in made[0][1]
    assert not list(folder.glob(".*"))


@pytest.mark.parametrize(
    ("option", "name", "reason"),
    [
        ("--figure", "figure.gif", "Use one of .png, .svg, .pdf."),
        ("-o", "b.yml", "would be a record of a model"),
        ("-o", "none/out.json", "cannot be written"),
        ("-o", "b.yml/out.json", "cannot be written"),
        ("-o", "out.png", "Give it as --figure"),
        ("--figure", "none/out.png", "cannot be written"),
    ],
)
def test_places_that_cannot_be_written(
    folder: Path, option: str, name: str, reason: str
) -> None:
    before = (folder / "b.yml").read_bytes()
    result = run(folder / "b.yml", option, folder / name)

    assert result.exit_code == 1
    assert reason in result.stderr
    assert "Traceback" not in result.stderr
    assert (folder / "b.yml").read_bytes() == before

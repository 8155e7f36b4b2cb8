"""Companions of an export, from the command line to the tables."""

from pathlib import Path

import pandas as pd
import pytest
import yaml
from click.testing import CliRunner, Result

from survey.analysis import analyze
from survey.cli import main
from survey.cli_options import LAYOUTS as NAMED
from survey.errors import StudyError
from survey.importers.detect import LAYOUTS


def run(*words: object) -> Result:
    return CliRunner().invoke(main, [str(word) for word in words])


@pytest.fixture
def pair(tmp_path: Path) -> tuple[Path, Path]:
    codes = {"ResponseId": range(100), "use": [1, 2] * 50}
    texts = {"ResponseId": range(100), "use": ["Yes, often", "Never"] * 50}
    files = tmp_path / "codes.csv", tmp_path / "texts.csv"
    for file, columns in zip(files, (codes, texts), strict=True):
        pd.DataFrame(columns).to_csv(file, index=False)
    return files


def test_the_command_line_names_every_layout() -> None:
    assert set(NAMED.split(", ")) == set(LAYOUTS)
    assert "alchemer" in run("analyze", "--help").output


def test_analyze_takes_a_companion(pair: tuple[Path, Path]) -> None:
    codes, texts = pair
    found = analyze(codes, companions=[texts])
    labels = found.results.set_index("code")["label"]

    assert (labels["1"], labels["2"]) == ("Yes, often", "Never")
    names = [entry["name"] for entry in found.provenance["inputs"]]
    assert names == ["codes.csv", "texts.csv"]


def test_analyze_of_the_command_line_takes_a_companion(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    codes, texts = pair
    out = tmp_path / "out"
    done = run("analyze", codes, "--with", texts, "-f", "svg", "-o", out)

    assert done.exit_code == 0, done.output
    assert "Yes, often" in (out / "results.csv").read_text(encoding="utf-8")


def test_a_draft_keeps_the_companions_of_its_export(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    codes, texts = pair
    folder = tmp_path / "drafts"
    done = run("new", codes, "--with", texts, "-o", folder / "mine.yaml")

    assert done.exit_code == 0, done.output
    assert "codes and texts paired with texts.csv" in done.output
    study = folder / "mine.study.yaml"
    (wave,) = yaml.safe_load(study.read_text(encoding="utf-8"))["waves"]
    assert wave["companions"] == ["../texts.csv"]
    labels = analyze(study).results.set_index("code")["label"]
    assert labels["1"] == "Yes, often"


def test_check_says_how_a_file_was_read(pair: tuple[Path, Path]) -> None:
    codes, texts = pair
    output = run("check", codes, "--with", texts).output

    assert "codes.csv read as utf-8 text; delimiter comma; plain (guess)" in output


def test_a_companion_that_is_not_there(pair: tuple[Path, Path]) -> None:
    codes, _ = pair
    done = run("check", codes, "--with", codes.with_name("no.csv"))

    assert done.exit_code == 1
    assert "no.csv: there is no such file" in done.output


def test_companions_of_a_study_stand_in_the_study(
    pair: tuple[Path, Path], tmp_path: Path
) -> None:
    codes, texts = pair
    assert run("new", codes, "-o", tmp_path / "a.yaml").exit_code == 0
    study = tmp_path / "a.study.yaml"
    with pytest.raises(StudyError, match="names the companions of each wave itself"):
        analyze(study, companions=[texts])
    data = yaml.safe_load(study.read_text(encoding="utf-8"))
    data["waves"][0]["companions"] = ["no.csv"]
    study.write_text(yaml.safe_dump(data), encoding="utf-8")
    with pytest.raises(StudyError, match=r"line \d+: wave '1': no such file .*no\.csv"):
        analyze(study)

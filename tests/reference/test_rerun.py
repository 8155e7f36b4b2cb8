"""The stored reference numbers are what R gives today."""

import json
import shutil
import subprocess
from pathlib import Path

import pytest

HERE = Path(__file__).parent
EXPORTS = HERE.parents[2] / "shared" / "exports" / "r_survey"
SCRIPTS = (
    "association",
    "calibrated",
    "calibrated_totals",
    "changes",
    "designs",
    "estimates",
    "estimators",
    "regression",
    "replicates",
    "rest",
    "tables",
    "tests",
    "trim",
    "weighting",
)
ON_EXPORTS = ("api", "calibrate", "exports", "regression_api")
# R prints 15 digits, and other builds of its linear algebra may differ in the last.
RELATIVE = 1e-9


def r_is_here() -> bool:
    if shutil.which("Rscript") is None:
        return False
    asked = ["Rscript", "-e", "library(survey); library(jsonlite)"]
    return subprocess.run(asked, capture_output=True, check=False).returncode == 0


def differences(one: object, two: object, where: str = "") -> list[str]:
    if isinstance(one, dict) and isinstance(two, dict):
        if set(one) != set(two):
            return [f"{where}: other names"]
        return [
            d for key in one for d in differences(one[key], two[key], f"{where}/{key}")
        ]
    if isinstance(one, list) and isinstance(two, list):
        if len(one) != len(two):
            return [f"{where}: other length"]
        pairs = enumerate(zip(one, two, strict=True))
        return [d for i, (a, b) in pairs for d in differences(a, b, f"{where}[{i}]")]
    if isinstance(one, float) or isinstance(two, float):
        same = one == pytest.approx(two, rel=RELATIVE, abs=1e-12, nan_ok=True)
        return [] if same else [f"{where}: {one} and {two}"]
    return [] if one == two else [f"{where}: {one} and {two}"]


def rerun(script: str, folder: Path, *more: str) -> None:
    if not r_is_here():
        pytest.skip("R with survey and jsonlite is not installed")
    for path in HERE.glob("*.R"):
        shutil.copy(path, folder)
    command = ["Rscript", str(folder / f"{script}.R"), str(folder), *more]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    made = sorted(folder.glob("*.json"))
    assert made
    for path in made:
        stored = json.loads((HERE / path.name).read_text(encoding="utf-8"))
        assert differences(json.loads(path.read_text("utf-8")), stored) == []


@pytest.mark.parametrize("script", SCRIPTS)
def test_a_rerun_gives_the_stored_numbers(script: str, tmp_path: Path) -> None:
    rerun(script, tmp_path)


@pytest.mark.parametrize("script", ON_EXPORTS)
def test_a_rerun_on_exports_gives_the_stored_numbers(
    script: str, tmp_path: Path
) -> None:
    if not EXPORTS.is_dir():
        pytest.skip("no folder ../shared/exports/r_survey")
    rerun(script, tmp_path, str(EXPORTS))


def test_every_script_is_rerun() -> None:
    # The others are read by these, or need the answers of the shipped study.
    others = {"measures", "study", "tables_wave", "wave"}
    every = {path.stem for path in HERE.glob("*.R")} - others
    assert every == {*SCRIPTS, *ON_EXPORTS}
    listed = (HERE / "run.sh").read_text(encoding="utf-8").split()
    assert every <= {word.rstrip(";") for word in listed}
